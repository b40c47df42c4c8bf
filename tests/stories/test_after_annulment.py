"""A revision that was annulled is passed over in sight of all, and its text is not lost."""

import re

import pytest

from qms.testing.office import Office

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"
FIRST, SECOND = "转速不超过 800 r/min。", "转速不超过 900 r/min。"


@pytest.fixture
def annulled(released: Office) -> Office:
    """A/1 was released and annulled: A/0 is in force again."""
    lx = released
    lx.qms("revise", NUMBER, "--summary", "转速", by="gong.yi")
    lx.edit(TEXT, "无", FIRST)
    lx.qms("submit", NUMBER, by="gong.yi")
    lx.qms("sign", NUMBER, by="fu.yi")
    lx.qms("release", NUMBER, by="wen.kong")
    lx.qms("annul", NUMBER, "A/1", "--reason", "错", by="fu.yi")
    lx.qms("annul", NUMBER, "A/1", "--reason", "错", by="wen.kong")
    return lx


def test_the_preparer_is_told_while_it_is_the_newest(annulled: Office) -> None:
    told = annulled.qms(by="gong.yi")
    assert f"{NUMBER} A/1, which you prepared, was annulled; in effect is A/0" in told
    assert f"qms revise {NUMBER} --summary … (--from A/1 begins with its text" in told
    assert "annulled" not in annulled.qms(by="ji.shu")
    zh = annulled.call(by="gong.yi", lang="zh").out
    assert f"您编制的 {NUMBER} A/1 已裁定作废，有效的是 A/0" in zh

    for by, *words in (
        ("gong.yi", "revise", NUMBER, "--summary", "再改"),
        ("gong.yi", "submit", NUMBER),
        ("fu.yi", "reject", NUMBER, "--reason", "再看"),
        ("gong.yi", "submit", NUMBER),
        ("fu.yi", "sign", NUMBER),
        ("wen.kong", "release", NUMBER),
    ):
        annulled.qms(*words, by=by)
        assert "annulled" not in annulled.qms(by="gong.yi"), words


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_preparer_is_told_where_nothing_is_in_effect(released: Office, lang: str) -> None:
    for by, *reason in (("fu.yi", "--reason", "错"), ("wen.kong",)):
        released.qms("annul", NUMBER, "A/0", *reason, by=by)

    told = released.call(by="gong.yi", lang=lang).out

    nothing = "目前没有有效版本" if lang == "zh" else "none is in effect"
    assert f"{nothing}{'：' if lang == 'zh' else ': '}qms revise {NUMBER} --summary …" in told


def test_the_next_revision_says_from_which_text_it_begins(annulled: Office) -> None:
    said = annulled.qms("revise", NUMBER, "--summary", "再改", by="gong.yi")

    assert "the draft begins with the text of A/0" in said
    assert FIRST not in annulled.text(TEXT)
    restored = annulled.qms("restore", NUMBER, by="gong.yi")
    assert f"{NUMBER} A/1 as it was released (annulled or without effect: A/0" in restored
    said = annulled.qms("revise", NUMBER, "--summary", "再改", "--from", "A/1", by="gong.yi")
    assert "A/0" not in said
    assert FIRST in annulled.text(TEXT)
    assert "revision: A/2\n" in annulled.text(TEXT)


def test_differences_are_shown_against_what_has_effect(annulled: Office) -> None:
    annulled.qms("revise", NUMBER, "--summary", "再改", "--from", "A/1", by="gong.yi")
    annulled.edit(TEXT, FIRST, SECOND)
    annulled.qms("submit", NUMBER, by="gong.yi")

    shown = annulled.qms("diff", NUMBER)
    signing = annulled.qms("sign", NUMBER, by="fu.yi")
    releasing = annulled.qms("release", NUMBER, by="wen.kong")

    assert f"{NUMBER}  A/0 → A/2" in shown
    assert SECOND in shown
    assert "800" not in shown + signing + releasing
    assert "Against A/0:" in signing
    assert "Against A/0:" in releasing
    assert annulled.call("check", "--all").code == 0
    annulled.qms("verify")


def test_an_edit_is_not_given_up_for_another_source(released: Office) -> None:
    released.edit(TEXT, "无", FIRST)

    command = ("revise", NUMBER, "--summary", "转速", "--from", "A/0")
    assert released.call(*command, by="gong.yi").findings == ("EDIT-OR-SOURCE",)

    assert FIRST in released.text(TEXT)
    released.qms("restore", NUMBER, by="gong.yi")
    assert released.call(*command[:-1], "B/7", by="gong.yi").findings == ("REVISION-UNKNOWN",)
    released.qms(*command, by="gong.yi")


def test_who_wants_no_further_revision_is_told_for_two_weeks(annulled: Office) -> None:
    """It went on until somebody revised what nobody wanted."""
    told = annulled.qms(by="gong.yi")
    day = re.search(r"nothing need be done: this is said until (\S+)\)", told)
    assert day is not None
    assert "不再修订的不必处理" in annulled.call(by="gong.yi", lang="zh").out

    annulled.later(days=13)
    assert "annulled" in annulled.qms(by="gong.yi")
    annulled.later(days=1)
    assert str(annulled.now.date()) == day[1]
    assert "annulled" not in annulled.qms(by="gong.yi")
