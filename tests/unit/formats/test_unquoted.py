"""A text that lacks its quotes is shown in them, and is read back as it was meant."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qms.findings import Refused
from qms.formats.strict_yaml import load


def shown(value: str, before: str = "summary: ") -> str:
    with pytest.raises(Refused) as caught:
        load(f"a: 1\n{before}{value}\nb: 2\n".encode())
    found = caught.value.finding
    assert (found.code, found.place.line) == ("YAML-QUOTES", 1 + before.count("\n") + 1)
    return str(found.values["like"])


@pytest.mark.parametrize(
    "text",
    [
        "更改: 第2条", "第2条:", "*重要* 修改", ">5 mm 改为 ≥5 mm", "> 5 mm", "@张三", "%10",
        "& 修改", "[删除]第3条", '"甲"改为"乙"', "'甲'改为\"乙\"", "- 第一", "-", "!注意",
        "`qms` 改", "|甲|", "{甲}乙", "? 甲", ", 甲", "] 甲", "第2条: 见 #3", '"甲": 乙',
    ],
)  # fmt: skip
def test_each_is_read_back_as_it_was_meant(text: str) -> None:
    assert load(f"{shown(text)}\n".encode()) == {"summary": text}


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (r'"C:\data\new"', r"C:\data\new"),
        (r'"C:\temp"', r"C:\temp"),
        (r'"D:\_a \"b\" \\c"', r'D:\_a "b" \c'),
        ('"甲', "甲"),
        ("'甲", "甲"),
    ],
)
def test_in_quotes_a_backslash_is_one_and_the_second_quote_is_not_missed(
    written: str, text: str
) -> None:
    assert load(f"{shown(written)}\n".encode()) == {"summary": text}


def test_an_item_of_a_list_is_shown_as_one() -> None:
    assert shown("*甲* 乙", "keywords:\n  - ") == '- "*甲* 乙"'


@pytest.mark.parametrize("text", ["[甲", "[甲, *乙]", "{甲", "{a: @b}"])
def test_a_list_that_is_wrong_is_no_text(text: str) -> None:
    with pytest.raises(Refused) as caught:
        load(f"summary: {text}\n".encode())
    assert caught.value.finding.code != "YAML-QUOTES"


@given(st.text(alphabet="ab: #-[]{}|>&*!%@`?,甲", min_size=1, max_size=30))
@example("- a")
@example("a: b")
def test_whatever_is_shown_is_the_text(text: str) -> None:
    try:
        load(f"summary: {text}\n".encode())
    except Refused as error:
        if error.finding.code == "YAML-QUOTES":
            like = str(error.finding.values["like"])
            assert load(f"{like}\n".encode()) == {"summary": text.strip(" ")}
