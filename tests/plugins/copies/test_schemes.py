"""DC-27: counted copy numbers, and one code for each holder over all documents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.api import Refused, recognised
from qms_copies.holders import Holder
from qms_copies.schemes import (
    BY_HOLDER,
    CopyScheme,
    missing_before,
    ordinal,
    spelled,
)

PRODUCTION = Holder("production", None)
LI_SI = Holder("quality", "li.si")
OUTSIDE = Holder(None, "北京齿轮有限公司")
COUNTED = CopyScheme()
CODED = CopyScheme(BY_HOLDER, {"production": "A03", "quality": "A02", "li.si": "B01"})


@given(st.integers(1, 100_000))
def test_a_counted_number_is_its_place(place: int) -> None:
    assert ordinal(spelled(place)) == place


@pytest.mark.parametrize("copy", ["0", "000", "1", "12", "0012", "A02", "００１", "-01", ""])
def test_other_spellings_are_no_counted_numbers(copy: str) -> None:
    assert ordinal(copy) == 0
    assert COUNTED.wanted(copy, PRODUCTION) == "001, 002, 003 …"


@pytest.mark.parametrize("typed", ["1", "01", "001", "0001", "１", " 1 "])
def test_a_counted_number_is_taken_however_it_is_typed(typed: str) -> None:
    assert COUNTED.typed(typed) == "001"
    assert recognised(typed, ("001", "002", "010")) == "001"


@pytest.mark.parametrize("typed", ["0", "000", "-1", "1/2", "A1", "", "9" * 5000])
def test_what_is_no_number_stays_as_it_was_typed(typed: str) -> None:
    assert COUNTED.typed(typed) == typed
    assert recognised(typed, ("001", "002")) == typed


def test_a_code_is_taken_however_it_is_typed() -> None:
    assert CODED.typed("a02") == CODED.typed("Ａ０２") == "A02"
    assert CODED.typed("A2") == "A2"
    assert recognised("1", ("01", "001")) == "1", "both might be meant"
    assert recognised("01", ("01", "001")) == "01"


def test_the_next_number_is_the_lowest_that_was_never_given() -> None:
    assert COUNTED.allocate(PRODUCTION, (), (), ()) == "001"
    assert COUNTED.allocate(PRODUCTION, (), (), ("001", "003", "A02")) == "002"
    assert COUNTED.allocate(PRODUCTION, (), (), ("001", "002", "003", "A02")) == "004"
    assert COUNTED.allocate(PRODUCTION, (), (), map(spelled, range(1, 1000))) == "1000"


def test_a_huge_number_is_nobodys_end() -> None:
    """One copy 999999999, issued by hand: there was no number after it."""
    used = ("001", "999999999")

    assert COUNTED.allocate(PRODUCTION, (), (), used) == "002"
    assert COUNTED.allocate(PRODUCTION, ("999999999",), ("999999999",), used) == "002"


def test_a_number_stays_with_its_holder() -> None:
    kept, used = ("1000", "999", "003"), ("001", "003", "999", "1000")

    assert COUNTED.allocate(PRODUCTION, kept, (), used) == "003"
    assert COUNTED.allocate(PRODUCTION, kept, ("3",), used) == "999"
    assert COUNTED.allocate(PRODUCTION, kept, kept, used) == "002"


def test_a_code_is_the_persons_before_the_departments() -> None:
    assert CODED.allocate(PRODUCTION, (), (), ()) == "A03"
    assert CODED.allocate(LI_SI, (), (), ()) == "B01"
    assert CODED.wanted("A03", PRODUCTION) is None
    assert CODED.wanted("A02", PRODUCTION) == "A03, A03-2 …"
    assert CODED.wanted("A02", OUTSIDE) == "-"


def test_a_holder_with_one_code_has_further_papers_under_it() -> None:
    assert CODED.allocate(PRODUCTION, (), ("A03",), ()) == "A03-2"
    assert CODED.allocate(PRODUCTION, (), ("a03", "Ａ０３-2"), ()) == "A03-3"
    assert CODED.wanted("A03-2", PRODUCTION) is None
    assert CODED.wanted("A02-2", PRODUCTION) == "A03, A03-2 …"
    assert CODED.typed("a03-2") == CODED.typed(" Ａ０３－２ ") == "A03-2"
    for strange in ("A03-1", "A03-0", "A03-02", "A03-1000", "A03-", "A03-2-2"):
        assert CODED.wanted(strange, PRODUCTION) is not None
        assert CODED.wanted(CODED.typed(strange), PRODUCTION) is not None


def test_anothers_code_is_no_further_paper() -> None:
    """Two holders whose codes look like one's first and second paper never share a number."""
    scheme = CopyScheme(BY_HOLDER, {"production": "A03", "quality": "A03-2"})

    assert scheme.allocate(PRODUCTION, (), ("A03",), ()) == "A03-3"
    assert scheme.wanted("A03-2", PRODUCTION) is not None
    assert scheme.wanted("A03-2", Holder("quality", None)) is None
    assert scheme.typed("a03-2") == "A03-2"


def test_a_holder_without_a_code_is_told() -> None:
    with pytest.raises(Refused) as refusal:
        CODED.allocate(OUTSIDE, (), (), ())

    assert refusal.value.finding.code == "COPY-CODE"


@pytest.mark.parametrize(
    ("place", "given_before", "missing"),
    [(1, (), None), (3, (1, 2), None), (3, (1,), "002"), (6, (2,), "003–005"), (2, (), "001")],
)
def test_numbers_that_were_never_given_are_named(
    place: int, given_before: tuple[int, ...], missing: str | None
) -> None:
    assert missing_before(place, given_before) == missing
