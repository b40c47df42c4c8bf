"""The quick look at a text that spares most texts the parser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.letters import unprintable
from qms_publish.text.markdown import faults_of
from qms_publish.text.plain import is_plain

PIECES = st.sampled_from([
    "\n", "\n\n", "> ", ">", "- ", "  ", "    ", "1. ", "10) ", "|", "|---", "# ", "---\n", "===\n",
    "字", "a ", "<", "<b>", "[", "[x](y:z)", "![x](/y)", "&lt;", "\\", "`", "```\n", "~~~\n",
    "* ", "**", "http://a.b", "\t", "##x", "#　", "|\u2014|", "1. a\n1. b\n", "[a]: b\n", "&amp;",
    "5", "5 mm", "1.     a\n", "\t\n", "-\n", "+", ">\n", "=", "\u3000",
    "# 3", " #\n", "---", "- ", "a = 5\n", "＝",
    ">=", "+ ", "|a|b|\n", "|-|-|\n", "|1|2|\n", "[ ] ", "[x] ", "+---+\n",
])  # fmt: skip


@given(st.lists(PIECES, max_size=80).map("".join))
def test_in_a_plain_text_the_parser_finds_no_fault(text: str) -> None:
    if is_plain(text):
        faults, pictures = faults_of(text, assets=(), path="a.md", first_line=1)
        assert faults == ()
        assert pictures == ()


@pytest.mark.parametrize(
    "text",
    [
        "<b>",
        "![x](y.png)",
        "[x](javascript:y)",
        "> " * 17 + "x",
        "- " * 11 + "x",
        "|" + "x|" * 35 + "\n|" + "-|" * 35 + "\n",
        "# x\n" * 1001,
        "**字**字" * 2001,
        "`字` " * 2001,
        "~~字~~字" * 2001,
        "a" * 2001,
        ">\u30005 mm",
        "> \u3000=",
        "- \u30005 V",
        "-\n  5 V",
        "> -\n>   5 V",
        "+ # 5",
        "\u3000甲\n> 乙",
        "\u3000甲\n- 乙",
        "1. \u3000\n甲",
    ],
)
def test_what_has_a_fault_is_never_called_plain(text: str) -> None:
    assert faults_of(text, assets=(), path="a.md", first_line=1)[0]
    assert not is_plain(text)


def test_a_chapter_of_ordinary_text_is_plain() -> None:
    assert is_plain("## 1 目的\n\n5.1.1 编制文件。\n\n- 甲\n  - 乙\n\n不大于 5 mm\n")


def test_no_character_without_a_picture_is_called_plain() -> None:
    assert not [char for char in map(chr, range(0x10000)) if is_plain(char) and unprintable(char)]
