"""DC-02, DC-03 on the numbers of real companies; the corpora are text files beside this one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qms.api import Refused
from qms_numbering.display import Display
from qms_numbering.pattern import NumberPattern
from qms_numbering.spelling import twin_key
from qms_numbering.versions import Scheme, scheme


def corpus(name: str) -> list[list[str]]:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    lines = (line for line in text.split("\n") if line and not line.startswith("#"))
    return [[cell.strip(" ") for cell in line.split(" | ")] for line in lines]


def outcome(make: Callable[[], str]) -> str:
    try:
        return make()
    except Refused as refusal:
        return f"=> {refusal.finding.code}"


def scheme_of(text: str) -> Scheme:
    name, _, cap = text.partition(" ")
    return scheme({"scheme": name, "cap": cap} if cap else name)


@pytest.mark.parametrize(("pattern", "typed", "expected"), corpus("numbers.txt"))
def test_a_typed_number_is_mapped_or_refused(pattern: str, typed: str, expected: str) -> None:
    rule = NumberPattern.parse(pattern)

    assert outcome(lambda: rule.canonical(typed)) == expected


@pytest.mark.parametrize(
    ("pattern", "number"),
    [(pattern, number) for pattern, _, number in corpus("numbers.txt") if "=>" not in number],
)
def test_a_canonical_number_is_its_fields(pattern: str, number: str) -> None:
    rule = NumberPattern.parse(pattern)

    fields = rule.match(number)

    assert fields is not None
    assert rule.format(fields) == number


@pytest.mark.parametrize("pattern", sorted({row[0] for row in corpus("numbers.txt")}))
def test_a_pattern_has_an_example_of_itself(pattern: str) -> None:
    rule = NumberPattern.parse(pattern)

    assert str(rule) == pattern
    assert rule.match(rule.like) is not None


@pytest.mark.parametrize(("pattern", "at", "found"), corpus("patterns_refused.txt"))
def test_a_wrong_pattern_is_refused_with_its_place(pattern: str, at: str, found: str) -> None:
    with pytest.raises(Refused) as refusal:
        NumberPattern.parse(pattern)

    finding = refusal.value.finding
    assert finding.code == "NUMBER-PATTERN"
    assert (finding.values["at"], finding.values["found"]) == (at, found)
    assert finding.values["why_en"]
    assert finding.values["why_zh"]


@pytest.mark.parametrize(("alike", "one", "other"), corpus("twins.txt"))
def test_what_looks_alike_has_one_key(alike: str, one: str, other: str) -> None:
    assert (twin_key(one) == twin_key(other)) is (alike == "=")


@pytest.mark.parametrize(("name", "revision", "change", "version"), corpus("versions.txt"))
def test_a_revision_is_followed(name: str, revision: str, change: str, version: str) -> None:
    way = scheme_of(name)

    assert outcome(lambda: way.next_count(revision)) == change
    assert outcome(lambda: way.next_version(revision)) == version


@pytest.mark.parametrize(("form", "dash", "document", "printed"), corpus("displays.txt"))
def test_a_number_is_printed_as_the_company_does(
    form: str, dash: str, document: str, printed: str
) -> None:
    number, revision = document.split(" ")
    display = Display.parse({"text": form, "dash": dash})

    assert display.show(number, revision, scheme("letter-count")) == printed
