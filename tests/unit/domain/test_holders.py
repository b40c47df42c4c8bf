"""Who holds a role without a day: those who hold it last, wherever `qms.api` takes a day."""

from datetime import date

import pytest

from qms.api import Department, Holding, Role, Text
from qms.testing.step_builder import Staff, plain_policy

FIRST, LAST, LATER = date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)
NAME = Text("专家", "Expert")


@pytest.mark.parametrize(
    ("holdings", "last"),
    [
        ((Holding("fu.yi", since=FIRST),), ("fu.yi",)),
        ((Holding("fu.yi", until=LAST), Holding("fu.er", since=LATER)), ("fu.er",)),
        ((Holding("fu.yi", until=FIRST), Holding("fu.er", until=LAST)), ("fu.er",)),
        ((), ()),
    ],
)
def test_without_a_day_those_hold_a_role_who_hold_it_last(
    holdings: tuple[Holding, ...], last: tuple[str, ...]
) -> None:
    policy = plain_policy({}, Staff(roles=(Role("expert", NAME, holdings),)))

    assert policy.holders("expert", None) == last


def test_the_roles_of_departments_need_no_day() -> None:
    policy = plain_policy({}, Staff(departments=(Department("quality", NAME, head="zhi.jian"),)))

    assert policy.holders("head-of-quality", None) == ("zhi.jian",)
    assert policy.holders("nobody-knows", None) == ()


def test_a_term_and_its_end_without_a_day() -> None:
    ended = Holding("fu.yi", since=FIRST, until=LAST)
    policy = plain_policy({}, Staff(roles=(Role("expert", NAME, (ended,)),)))

    assert (Holding("fu.yi", since=FIRST).on(None), ended.on(None)) == (True, False)
    assert policy.role_end("expert", "fu.yi", None) == LAST
