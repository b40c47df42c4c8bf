"""DC-03: revisions of a scheme in their order, and what may follow what."""

import pytest

from qms.api import Refused
from qms_numbering.versions import Version, scheme


def test_a_new_document_begins_with_the_first_revision() -> None:
    first = [scheme(name).first for name in ("letter-count", "decimal", "v-number")]

    assert first == ["A/0", "1.0", "V1"]


def test_revisions_are_ordered_by_value_and_not_as_text() -> None:
    way = scheme("letter-count")

    assert sorted(["B/0", "A/10", "A/9"], key=way.parse) == ["A/9", "A/10", "B/0"]
    assert way.parse("B/3") == Version(2, 3)


def test_a_change_or_a_new_version_may_follow_and_nothing_else() -> None:
    assert scheme("letter-count").successors("A/1") == ("A/2", "B/0")


def test_at_the_cap_only_the_next_version_follows() -> None:
    way = scheme({"scheme": "letter-count", "cap": 9})

    assert way.successors("A/9") == ("B/0",)


def test_nothing_follows_the_last_revision() -> None:
    assert scheme("letter-count").successors("Z/999") == ()


def test_a_cap_is_read_from_digits_as_from_a_number() -> None:
    as_text = scheme({"scheme": "decimal", "cap": "9"})

    assert as_text == scheme({"scheme": "decimal", "cap": 9})


@pytest.mark.parametrize(
    "setting",
    [
        "",
        "letters",
        {},
        {"cap": 9},
        {"scheme": "letter-count", "cap": "-1"},
        {"scheme": "letter-count", "cap": "９"},
        {"scheme": "letter-count", "cap": True},
        {"scheme": "v-number", "cap": 9},
        {"scheme": "letter-count", "limit": 9},
    ],
)
def test_an_unknown_scheme_is_refused(setting: str | dict[str, object]) -> None:
    with pytest.raises(Refused) as refusal:
        scheme(setting)

    assert refusal.value.finding.code == "VERSION-SCHEME"


@pytest.mark.parametrize(
    ("name", "written", "like", "form"),
    [
        ("letter-count", "C3", "C/3", "A/0 to Z/999"),
        ("letter-count", "c.03", "C/3", "A/0 to Z/999"),
        ("letter-count", "V5.2", "A/0", "A/0 to Z/999"),
        ("decimal", "5", "5.0", "1.0 to 999.999"),
        ("decimal", "V5-2", "5.2", "1.0 to 999.999"),
        ("decimal", "C/3", "1.0", "1.0 to 999.999"),
        ("v-number", "5", "V5", "V1 to V999"),
        ("v-number", "v.5", "V5", "V1 to V999"),
        ("v-number", "0", "V1", "V1 to V999"),
    ],
)
def test_another_spelling_is_told_the_form_and_what_was_meant(
    name: str, written: str, like: str, form: str
) -> None:
    way = scheme(name)

    with pytest.raises(Refused) as refused:
        way.parse(written)

    told = refused.value.finding.values
    assert (told["scheme"], told["like"], told["first"]) == (name, like, way.first)
    assert form in told["form_en"]
    assert form.replace(" to ", " 至 ") in told["form_zh"]
    way.parse(like)
