"""One reports a copy lost while another signs for it: the account is right, and both are told."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from qms.testing.clones import all_is_well, sync
from qms.testing.office import Office

NUMBER = "LX-WI-01"
TOLD = {
    "en": "001: receive by Ji Shu, reported lost by Wen Kong who didn't know",
    "zh": "季舒签收 001，文孔 不知而报失：001 已作废，纸仍在的请销毁，由 002 代替",
}


def rows(office: Office, by: str, lang: str) -> str:
    """What bare `qms` prints for somebody."""
    return office.call(by=by, lang=lang).out


def met(
    issued: Office, team: Callable[..., tuple[Office, ...]], *, first: str, act: str = "receive"
) -> tuple[Office, Office]:
    """Wen Kong reports 001 lost, which Ji Shu has; then both have both signatures."""
    mine, other = team(issued, "other")
    late = mine if first == "receipt" else other
    late.now += timedelta(hours=1)
    mine.qms("replace", NUMBER, "001", "--reason", "现场遗失", by="wen.kong")
    if act == "receive":
        other.qms("receive", NUMBER, "001", by="ji.shu")
    else:
        other.qms("return", NUMBER, "001", by="wen.kong")
    now = max(mine.now, other.now)
    for office in (mine, other, mine):
        office.now = now
        assert sync(office).code == 0
    return mine, other


@pytest.mark.parametrize("first", ["receipt", "loss"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_both_are_told_until_the_new_number_is_signed_for(
    issued: Office, team: Callable[..., tuple[Office, ...]], first: str, lang: str
) -> None:
    mine, other = met(issued, team, first=first)

    for office in (mine, other):
        for person in ("wen.kong", "ji.shu"):
            assert TOLD[lang] in rows(office, person, lang)
        assert "001" not in rows(office, "fu.yi", lang)
        assert "1 lost, 1 out" in office.qms("copies", NUMBER)
    other.qms("receive", NUMBER, "002", by="ji.shu")
    for person in ("wen.kong", "ji.shu"):
        assert "001" not in rows(other, person, lang)
    sync(other)
    sync(mine)
    all_is_well(mine, other)


def test_both_are_told_of_one_that_came_back(
    issued: Office, team: Callable[..., tuple[Office, ...]]
) -> None:
    mine, _ = met(issued, team, first="loss", act="return")

    assert "001: return by Wen Kong, reported lost by Wen Kong" in rows(mine, "wen.kong", "en")


def test_nothing_is_told_of_a_loss_that_came_after_the_receipt(issued: Office) -> None:
    issued.qms("receive", NUMBER, "001", by="ji.shu")
    issued.qms("replace", NUMBER, "001", "--reason", "现场遗失", by="wen.kong")

    for person in ("wen.kong", "ji.shu"):
        assert "reported lost" not in rows(issued, person, "en")


def test_a_ruling_about_either_of_them_ends_it(
    issued: Office, team: Callable[..., tuple[Office, ...]]
) -> None:
    mine, _ = met(issued, team, first="loss")
    known = mine.call("annul", NUMBER, "zzzz", "--reason", "签错", by="fu.yi").err
    entry = re.search(r"([0-9a-f]{16}) copy 001 of A/0: receive", known)
    assert entry is not None
    mine.qms("annul", NUMBER, entry[1], "--reason", "签错", by="fu.yi")
    mine.qms("annul", NUMBER, entry[1], by="wen.kong")

    for person in ("wen.kong", "ji.shu"):
        assert "reported lost" not in rows(mine, person, "en")
