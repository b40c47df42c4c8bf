"""Cards of numbers: kept as plain values and read again they are the same, and answer the same."""

import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qms.domain.kinds.legacy_paper import Legacy
from qms.domain.library.cards import Card, CardRow, unpacked
from qms.domain.library.numbers import numbers_in_order
from qms.domain.library.status import Status

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
TEXTS = st.sampled_from(["", "A/0", "名称", "a\nb", "é\U0001f600"])
PAPERS = st.builds(
    Legacy, approved=DAYS, effective=DAYS, published=DAYS, by=TEXTS,
    evidence=st.lists(TEXTS).map(tuple),
)  # fmt: skip
ROWS = st.builds(
    CardRow, revision=TEXTS, title=TEXTS, title_en=st.none() | TEXTS, class_id=TEXTS, owner=TEXTS,
    controlled=st.booleans(), legacy=st.none() | PAPERS, lies_at=TEXTS, path=st.none() | TEXTS,
    commit=TEXTS, published=st.none() | DAYS, effective=st.none() | DAYS,
    lasting=st.none() | st.sampled_from(Status), counts=st.integers(0, 3),
    copies_out=st.integers(0, 9), policy=TEXTS,
)  # fmt: skip
CARDS = st.builds(
    Card, number=st.just("LX-WI-01"), released=st.lists(ROWS, max_size=3).map(tuple),
    effective=st.lists(st.integers(0, 2), max_size=3).map(tuple), open=st.none() | ROWS,
    unreadable=TEXTS,
)  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CARDS)
def test_a_card_that_is_kept_is_the_same_when_it_is_read(card: Card) -> None:
    assert unpacked(card.number, json.loads(json.dumps(card.packed()))) == card


def row(revision: str, effective: date, counts: int = 0) -> CardRow:
    return CardRow(revision, "名称", None, "wi", "quality", True, None, "", published=effective,  # noqa: FBT003
                   effective=effective, counts=counts)  # fmt: skip


MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
TWO = Card("LX-WI-01", (row("A/0", MAY), row("A/1", JUNE, 1)), (0, 1))


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 4, 30), [("A/0", "published"), ("A/1", "published")]),
        (MAY, [("A/0", "in-force"), ("A/1", "published")]),
        (JUNE, [("A/1", "in-force")]),
    ],
)
def test_the_day_says_what_a_revision_is(day: date, told: list[tuple[str, str]]) -> None:
    rows = [TWO.row(at) for at in TWO.on(day)]

    assert [(one.revision, TWO.status(one, day).value) for one in rows] == told


def test_what_others_took_the_place_of_is_superseded() -> None:
    assert [TWO.status(one, JUNE).value for one in TWO.released] == ["superseded", "in-force"]


@pytest.mark.parametrize(
    "numbers",
    [
        ["LX-WI-01", "LX-WI-99", "LX-WI-100", "LX-WI-101"],
        ["JD/QMA-2006", "JD/QMA-10000", "LX-CX-2019-01", "LX-CX-2019-02", "LX-CX-2020-01"],
        ["A", "A-1", "A-2B", "A-10", "B-1"],
        ["LX-01", "LX-1", "LX-2"],
    ],
)
def test_numbers_are_listed_as_people_count(numbers: list[str]) -> None:
    assert numbers_in_order(reversed(numbers)) == numbers
