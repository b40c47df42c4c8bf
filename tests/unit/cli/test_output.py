import io
import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qms.cli.output import Output, columns, one_line, visible, width
from qms.formats.characters import first_forbidden


def printer(**options: bool) -> tuple[Output, io.StringIO]:
    out = io.StringIO()
    return Output(out, io.StringIO(), **options), out


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("文件控制程序", "文件控制程序"),
        ("red\x1b[31m", "red\\x1b[31m"),
        ("bell\x07 tab\t cr\r", "bell\\x07 tab\\x09 cr\\x0d"),
        ("a\u202eb\u2066c", "a\\u202eb\\u2066c"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("half\udc80", "half\\udc80"),
        ("filler\u3164 form\ufe0f", "filler\\u3164 form\\ufe0f"),
        ("note\U0001d173", "note\\U0001d173"),
    ],
)
def test_what_a_terminal_would_obey_or_hide_is_spelled_out(text: str, shown: str) -> None:
    """Row 86 (LSRVP): all of them print here."""
    assert visible(text) == shown


def test_line_ends_stay_in_texts_and_are_spelled_out_in_lines() -> None:
    assert visible("a\nb") == "a\nb"
    assert one_line("a\nb") == "a\\nb"


@given(st.text())
def test_no_control_character_reaches_a_line(text: str) -> None:
    """Row 86 (LSRVP)"""
    shown = one_line(text)

    assert not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in shown)
    shown.encode()


def test_a_chinese_character_takes_two_columns() -> None:
    assert width("文件 A/1") == 8
    assert width("，") == 2
    assert width("e\u0301") == 1


def test_columns_of_a_table_are_aligned_with_chinese_in_them() -> None:
    lines = columns(("编号", "Title"), [("LX-01", "文件"), ("二", "x")])

    assert lines == [
        "编号   Title",
        "-----  -----",
        "LX-01  文件",
        "二     x",
    ]


def test_a_cell_with_a_line_end_stays_one_row() -> None:
    assert columns(("a",), [("x\ny",)])[2:] == ["x\\ny"]


def test_lines_for_people_are_silent_under_json() -> None:
    output, out = printer(as_json=True)

    output.line("hello")
    output.raw("hello")

    assert out.getvalue() == ""


def test_what_was_said_is_the_answer_where_there_is_no_other() -> None:
    output, out = printer(as_json=True)

    output.line("hello\x1b")
    output.line()
    output.line("文件")
    output.end()

    assert json.loads(out.getvalue()) == {"said": ["hello\x1b", "文件"]}
    assert "\x1b" not in out.getvalue()


def test_there_is_one_answer_in_json() -> None:
    output, out = printer(as_json=True)

    output.line("hello")
    output.table([("number", "编号")], [])
    output.end()

    assert json.loads(out.getvalue()) == {"rows": []}


def test_a_table_is_rows_of_objects_under_json() -> None:
    output, out = printer(as_json=True)

    output.table([("number", "编号"), ("title", "名称")], [("LX-01", "文件")])

    assert json.loads(out.getvalue()) == {"rows": [{"number": "LX-01", "title": "文件"}]}


HIDDEN = (
    "a\x07\x7f\x85\x9b31m\u202e\u2066\u200f\u2028\u3164\ufe0f\ufeff\U0001d173\U000e0041\udc80\n"
)


@given(
    st.text(st.characters(codec=None)).filter(lambda text: not re.search("[\ud800-\udbff]", text))
)
@example(HIDDEN)
def test_json_says_all_of_a_text_and_shows_what_is_hidden(text: str) -> None:
    output, out = printer(as_json=True)

    output.json({text: [text, {"a": text}]})

    shown = out.getvalue()
    assert json.loads(shown) == {text: [text, {"a": text}]}
    assert first_forbidden(shown.replace("\n", " ")) is None


def test_what_is_seen_is_not_escaped_in_json() -> None:
    output, out = printer(as_json=True)

    output.json({"a": "审核 \u202e"})

    assert out.getvalue() == '{\n  "a": "审核 \\u202e"\n}\n'


def test_there_are_no_colours_unless_asked_for() -> None:
    plain, plain_out = printer()
    coloured, coloured_out = printer(colour=True)

    plain.line("fine", "green")
    coloured.line("fine", "green")

    assert plain_out.getvalue() == "fine\n"
    assert coloured_out.getvalue() == "\x1b[32mfine\x1b[0m\n"


def test_text_from_files_cannot_bring_its_own_colours() -> None:
    """Row 86 (LSRVP)"""
    output, out = printer(colour=True)

    output.line("a\x1b[32mb", "red")

    assert out.getvalue() == "\x1b[31ma\\x1b[32mb\x1b[0m\n"


def test_a_table_keeps_to_the_terminal_by_going_on_over_lines() -> None:
    lines = columns(
        ("编号", "名称"), [("LX-CX-2019-01", "文件控制程序与外来文件管理办法")], most=30
    )

    assert all(width(line) <= 30 for line in lines)
    assert lines[0].split() == ["编号", "名称"]
    assert "".join(line[13:].strip() for line in lines[2:]) == "文件控制程序与外来文件管理办法"
