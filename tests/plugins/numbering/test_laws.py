"""What holds for every pattern, number and revision, whatever a company writes."""

from collections.abc import Callable
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st

from qms.api import Finding, Refused
from qms_numbering.display import Display
from qms_numbering.pattern import NumberPattern
from qms_numbering.spelling import charset_fault, mended, twin_key
from qms_numbering.versions import Scheme, Version, scheme

PATTERNS = [
    NumberPattern.parse(text)
    for text in (
        "LX-SH-{year}",
        "LX-CX-{year}-{seq:02}",
        "JD/QMB{clauses}-{seq:02 across clauses}",
        "XX/QPR-{seq of procedure}-{seq:02}",
        "{number of form}-{year}-{seq:03}",
        "**/CX-{seq}",
        "TS{yy}-{mmdd}-{seq:02 across all}",
        "TP-AR-{letter}{seq:04 across letter}",
        "{code}-{clause of procedure}_{mm}",
        "{name}-{seq:05}",
        "技{name}",
    )
]
PIECES = st.sampled_from(
    [
        *("LX", "-", "/", ".", "7", "o", "技", "{year}", "{yy}", "{mm}", "{mmdd}", "{clause}"),
        *("{clauses}", "{letter}", "{code}", "{name}", "{seq of procedure}", "{number of form}"),
        *("{seq}", "{seq:03}", "{seq:02 across all}", "{seq across year}", "{", "}", "—", "{x y}"),
    ]
)
patterns = st.sampled_from(PATTERNS) | st.lists(PIECES, max_size=7).map("".join).map(
    lambda text: NumberPattern.parse(text) if readable(text) else PATTERNS[0]
)
schemes = st.builds(
    Scheme,
    name=st.sampled_from(["letter-count", "decimal"]),
    cap=st.none() | st.integers(0, 12),
) | st.just(scheme("v-number"))


T = TypeVar("T")


def attempt(make: Callable[[], T]) -> T | Finding:
    """What `make` gives, or why it was refused."""
    try:
        return make()
    except Refused as refusal:
        return refusal.finding


def readable(text: str) -> bool:
    return isinstance(attempt(lambda: NumberPattern.parse(text)), NumberPattern)


def count_texts(width: int) -> st.SearchStrategy[str]:
    return st.integers(1, 9_999_999).map(lambda count: f"{count:0{width}}")


clause_texts = st.lists(st.integers(1, 99).map(str), min_size=1, max_size=3).map(".".join)
word_texts = st.text(alphabet="AbOzI019技か*_#", min_size=1, max_size=4)
name_texts = st.lists(word_texts, min_size=1, max_size=3).map("-".join) | st.lists(
    word_texts, min_size=1, max_size=3
).map(".".join)
TEXTS: dict[str, st.SearchStrategy[str]] = {
    "year": st.integers(1000, 2999).map(str),
    "yy": st.integers(0, 99).map(lambda year: f"{year:02}"),
    "mm": st.integers(1, 12).map(lambda month: f"{month:02}"),
    "mmdd": st.dates().map(lambda day: f"{day.month:02}{day.day:02}"),
    "clause": clause_texts,
    "clauses": st.lists(clause_texts, min_size=1, max_size=3).map("/".join),
    "letter": st.sampled_from("AILOZ"),
    "code": st.text(alphabet="AILOZ", min_size=1, max_size=8),
    "name": name_texts,
    "number": st.lists(name_texts, min_size=1, max_size=3).map("/".join),
    "seq": count_texts(2),
}


def numbers_of(pattern: NumberPattern) -> st.SearchStrategy[str]:
    """Numbers of a pattern, made without its regular expression."""
    parts = (
        st.just(part)
        if isinstance(part, str)
        else count_texts(part.width)
        if part.counts
        else TEXTS[part.kind]
        for part in pattern.parts
    )
    return st.tuples(*parts).map("".join)


@st.composite
def numbered(draw: st.DrawFn) -> tuple[NumberPattern, str]:
    """A pattern and one of its numbers."""
    pattern = draw(patterns)
    return pattern, draw(numbers_of(pattern))


def printed(draw: st.DrawFn, number: str) -> str:
    wide = {c: chr(ord(c) + 0xFEE0) for c in map(chr, range(0x21, 0x7F))}
    spellings = {"-": ["-", "--", "—", " – ", "－", "‑"]}
    return "".join(
        draw(st.sampled_from(spellings.get(c, [c, wide.get(c, c), f"{c} "]))) for c in number
    )


@given(st.text() | st.lists(PIECES).map("".join))
def test_any_text_is_a_pattern_or_refused(text: str) -> None:
    pattern = attempt(lambda: NumberPattern.parse(text))

    if isinstance(pattern, Finding):
        assert pattern.code == "NUMBER-PATTERN"
    else:
        assert pattern.match(pattern.like) is not None
        assert str(pattern) == text


@given(numbered())
def test_a_number_and_its_fields_say_the_same(made: tuple[NumberPattern, str]) -> None:
    pattern, number = made

    fields = pattern.match(number)

    assert fields is not None
    assert pattern.format(fields) == number
    assert charset_fault(number) is None


@given(numbered())
def test_a_canonical_number_is_canonical(made: tuple[NumberPattern, str]) -> None:
    pattern, number = made

    assert pattern.canonical(number) == number


@given(numbered(), st.data())
def test_each_print_of_a_number_is_that_number(
    made: tuple[NumberPattern, str], data: st.DataObject
) -> None:
    pattern, number = made

    typed = data.draw(st.composite(lambda draw: printed(draw, number))())

    assert pattern.canonical(typed) == number
    assert twin_key(typed) == twin_key(number)


@given(st.sampled_from(PATTERNS), st.text())
def test_what_canonical_gives_is_a_twin_of_what_was_typed(
    pattern: NumberPattern, typed: str
) -> None:
    number = attempt(lambda: pattern.canonical(typed))

    if isinstance(number, Finding):
        assert number.code in {"NUMBER-CHARSET", "NUMBER-FORM", "NUMBER-TWIN"}
    else:
        assert pattern.match(number) is not None
        assert twin_key(number) == twin_key(typed)
        assert pattern.canonical(number) == number


@given(st.text())
def test_mending_and_folding_twice_change_nothing(text: str) -> None:
    assert twin_key(twin_key(text)) == twin_key(text)
    plain = attempt(lambda: mended(text))
    if isinstance(plain, Finding):
        return
    assert mended(plain) == plain
    assert charset_fault(plain) is None
    assert twin_key(plain) == twin_key(text)


@given(st.sampled_from(PATTERNS), st.data())
def test_the_next_number_is_free_and_nobodys_twin(
    pattern: NumberPattern, data: st.DataObject
) -> None:
    number = numbers_of(pattern)
    taken = data.draw(st.lists(number, max_size=8))
    given_fields = pattern.match(data.draw(number)) or {}

    free = attempt(lambda: pattern.next_free(taken, given_fields))

    if isinstance(free, Finding):
        assert free.code == "NUMBER-FULL"
        return
    fields = pattern.match(free)
    assert fields is not None
    assert {**fields, "seq": 0} == {**given_fields, "seq": 0}
    assert free not in taken
    assert twin_key(free) not in {twin_key(one) for one in taken}


@given(numbered(), st.sampled_from(["-", "--", "—", "–", "－"]))
def test_a_display_form_is_understood_when_typed_in(
    made: tuple[NumberPattern, str], dash: str
) -> None:
    pattern, number = made
    display = Display.parse({"text": "{number}", "dash": dash})

    shown = display.show(number, "A/0", scheme("letter-count"))

    assert pattern.canonical(shown) == number


@given(schemes, st.integers(1, 26), st.integers(0, 999))
def test_a_revision_is_its_value_and_what_follows_is_newer(
    way: Scheme, version: int, count: int
) -> None:
    value = Version(version, 0 if way.name == "v-number" else count)
    revision = way.spell(value)

    following = way.successors(revision)

    assert way.parse(revision) == value
    assert all(way.parse(revision) < way.parse(new) for new in following)


@given(schemes, st.text(max_size=8) | st.from_regex(r"[A-Z]?[0-9]*[/.]?[0-9]*", fullmatch=True))
def test_any_text_is_a_revision_or_refused(way: Scheme, text: str) -> None:
    value = attempt(lambda: way.parse(text))

    if isinstance(value, Finding):
        assert value.code in {"NUMBER-CHARSET", "REVISION-FORM"}
    else:
        assert way.spell(value) == text
