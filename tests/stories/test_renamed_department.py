"""A department that was renamed is one department: its id stays.

Where people speak of now it has one name; what was signed keeps the name of its day.
"""

import json
import re

import pytest

from qms.testing.office import Office

NUMBER = "LX-WI-01"


@pytest.fixture
def renamed(released: Office) -> Office:
    """The technical department got a paper, became the engineering department, and got another.

    It owns a document from before, and one that was begun since.
    """
    released.qms("issue", NUMBER, "--to", "technical", by="wen.kong")
    released.edit("people.yaml", "zh: 技术部,", "zh: 工程部,")
    for keeper in ("gao.feng", "guan.ning"):
        released.qms("policy", "sign", by=keeper)
    released.qms("issue", NUMBER, "--to", "工程部", by="wen.kong")
    released.qms("new", "work-instruction", "--title", "铣床", by="gong.yi")
    return released


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("copies", NUMBER),
        ("copies",),
        ("lists", "controlled-documents"),
        ("lists", "paper-out"),
        ("lists", "copy-record"),
    ],
)
def test_a_table_of_today_calls_it_by_one_name(renamed: Office, words: tuple[str, ...]) -> None:
    shown = renamed.call(*words, lang="zh").out

    assert (shown.count("工程部"), shown.count("技术部")) == (2, 0), shown


@pytest.mark.parametrize("word", ["工程部", "技术部", "technical"])
def test_a_filter_finds_all_of_it_by_any_name_that_it_had(renamed: Office, word: str) -> None:
    for words, key in (
        (("lists", "paper-out", "--only", f"department={word}"), "rows"),
        (("lists", "controlled-documents", "--only", f"owner={word}"), "rows"),
        (("list", "--department", word), "documents"),
    ):
        found = json.loads(renamed.qms(*words, "--json"))[key]
        assert len(found) == 2, words


def test_a_name_that_another_has_now_means_that_one_alone(renamed: Office) -> None:
    renamed.edit("people.yaml", "zh: 质检部,", "zh: 技术部,")
    for keeper in ("gao.feng", "guan.ning"):
        renamed.qms("policy", "sign", by=keeper)

    found = json.loads(renamed.qms("lists", "paper-out", "--only", "department=技术部", "--json"))

    assert found["rows"] == []


def test_a_name_that_nothing_ever_had_is_refused_as_ever(renamed: Office) -> None:
    told = renamed.call("list", "--department", "采购部门")

    assert told.findings == ("DEPARTMENT-UNKNOWN",)


def test_a_day_before_is_told_in_the_words_of_that_day(renamed: Office) -> None:
    renamed.later(days=2)
    renamed.edit("people.yaml", "zh: 工程部,", "zh: 研发部,")
    for keeper in ("gao.feng", "guan.ning"):
        renamed.qms("policy", "sign", by=keeper)

    assert "工程部" in renamed.call("asof", "2026-11-20", lang="zh").out
    assert "研发部" in renamed.call("asof", "today", lang="zh").out


def test_what_was_signed_keeps_the_name_of_its_day(renamed: Office) -> None:
    shown = renamed.call("history", NUMBER, lang="zh").out

    assert re.search(r"龚怡.*技术部|技术部.*龚怡", shown), shown
