"""What one sees names people as they are called, and tells every time by the company's zone."""

import subprocess
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, timedelta

import pytest

from qms.testing.office import Office

NUMBER = "LX-WI-01"
Team = Callable[..., tuple[Office, ...]]


def test_a_time_is_told_by_the_zone_of_the_company_wherever_it_was_signed(
    submitted: Office,
) -> None:
    """`history` told it by the zone of the machine, a refusal by another, in another form."""
    submitted.now = submitted.now.astimezone(UTC)
    submitted.qms("sign", NUMBER, by="fu.yi")
    when = f"{submitted.now.astimezone(submitted.now.tzinfo) + timedelta(hours=8):%Y-%m-%d %H:%M}"

    for words in (("history", NUMBER), ("show", NUMBER), ("sign", NUMBER)):
        answer = submitted.call(*words, by="fu.yi")
        shown = answer.out + answer.err.partition("error")[2]
        if words[0] != "history":
            assert f"{when}:00 +08:00" in shown, shown
        assert "+00:00" not in shown
        assert f"{when[:10]}T" not in shown


@pytest.mark.parametrize(("lang", "name"), [("en", "Wen Kong"), ("zh", "文孔")])
def test_who_released_a_text_twice_is_named_in_the_words_of_the_reader(
    submitted: Office, team: Team, lang: str, name: str
) -> None:
    submitted.qms("sign", NUMBER, by="fu.yi")
    mine, other = team(submitted, "other")
    mine.qms("release", NUMBER, by="wen.kong")
    other.qms("release", NUMBER, "--effective", "+7", by="wen.kong")
    mine.qms("sync")
    other.qms("sync")

    told = other.call("check", "--all", lang=lang).out

    assert told.count(f" {name} (") == 3, told
    assert ("文孔" in told) is (lang == "zh")
    twice = "acted on it twice, in two places" if lang == "en" else "文孔 在两处先后办理过"
    assert twice in other.call(by="wen.kong", lang=lang).out


@pytest.mark.parametrize(("lang", "name"), [("en", "Gao Feng"), ("zh", "高峰")])
def test_who_signed_a_policy_is_named_where_two_are_written(
    lx: Office, team: Team, lang: str, name: str
) -> None:
    mine, other = team(lx, "other")
    for office, title, by in (
        (mine, "营销副总经理", "gao.feng"),
        (other, "销售副总经理", "guan.ning"),
    ):
        office.edit("people.yaml", "经营副总经理", title)
        office.qms("policy", "sign", by=by)
    mine.qms("sync")

    told = other.call("sync", lang=lang).err

    who = f"version 2 (signed by: {name})" if lang == "en" else f"第 2 版（已签：{name}）"
    assert who in told


def test_whom_to_ask_is_named(issued: Office) -> None:
    """COPY-RIGHT gave ids."""
    assert "Wen Kong" in issued.call("return", NUMBER, "001", by="gong.yi").err
    assert "文孔" in issued.call("return", NUMBER, "001", by="gong.yi", lang="zh").err


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_both_holders_of_a_number_that_is_out_twice_are_named(
    released: Office, team: Team, lang: str
) -> None:
    mine, other = team(released, "other")
    mine.qms("issue", NUMBER, "--to", "technical", by="wen.kong")
    other.later(hours=1)
    other.qms("issue", NUMBER, "--to", "zhi.jian", by="wen.kong")
    mine.git("push", "-q", "origin", "HEAD")
    with suppress(subprocess.CalledProcessError):  # both began one list: git stops there
        other.git("pull", "-q", "--no-rebase", "--no-edit")
    other.qms("fix")

    told = other.call("check", "--all", lang=lang)

    assert "COPY-TWICE" in told.findings
    sentence = told.out.partition("COPY-TWICE")[2].split("\n")[0]
    if lang == "zh":
        assert "质检部 支健" in sentence.replace("/", " ")
        assert "技术部" in sentence
    mend = told.out.partition("COPY-TWICE")[2].split("\n")[1]
    assert "--holder inspection/zhi.jian" in mend
