"""Nothing that was signed is lost by where it stands: beside a picture, in a table, in a list."""

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qms_publish.text.markdown import faults_of

if TYPE_CHECKING:
    from tests.print.conftest import Press

PICTURE = "![p](a.svg)"
TALL, WIDE, SQUARE = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
    f'<rect width="{width}" height="{height}" fill="#24476b"/></svg>'.encode()
    for width, height in ((100, 3000), (3000, 100), (100, 100))
)


def table(head: list[str], *rows: list[str], indent: str = "") -> str:
    """A table in Markdown."""
    lines = (head, ["---"] * len(head), *rows)
    return "".join(f"{indent}| {' | '.join(line)} |\n" for line in lines)


def lines_of(word: str, number: int) -> str:
    return "<br>".join(f"{word}{at}" for at in range(number))


COLUMNS = [f"栏{at}" for at in range(26)]
CELLS = [f"AB-{at}" for at in range(26)]


@pytest.mark.parametrize("picture", [TALL, WIDE, SQUARE])
@pytest.mark.parametrize(
    "text",
    [
        f"- 力矩不得超过 {PICTURE} 五牛米\n\n后文",
        f"- [ ] 力矩不得超过 {PICTURE} 五牛米\n\n后文",
        f"1. 力矩不得超过 {PICTURE} 五牛米\n\n后文",
        f"## 停机 {PICTURE} 后方可打开\n\n后文",
        f"停机 {PICTURE}{PICTURE}{PICTURE} 后方可打开\n\n后文",
        table(["甲", "乙"], [f"不得 {PICTURE} 打开", "丙丁"]) + "\n后文",
        table([f"甲 {PICTURE} 乙", "丙"], [f"不得 {PICTURE} 打开", "丁"]) + "\n后文",
        table([f"甲 {PICTURE * 4} 乙", "丙"], [f"{PICTURE} {PICTURE}", "丁"]) + "\n后文",
        table(COLUMNS[:9], [f"不得 {PICTURE} 打开", f"{PICTURE} {PICTURE}", *CELLS[:7]]),
        f"> - 甲\n>\n>   > 乙 {PICTURE} 丙\n\n后文",
    ],
)
def test_a_picture_shrinks_to_the_room_there_is(press: "Press", text: str, picture: bytes) -> None:
    """DC-18: one taller than the page took the words beside it with it."""
    signed = Counter("".join(text.replace(PICTURE, "").replace("[ ]", "").split()))
    signed -= Counter("|-#>1." * 99)

    (read,) = press.read_back([text], assets=["a.svg"], picture=picture)

    assert not signed - Counter(read)
    assert press.margins() == []


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        (table([lines_of("头", 46), "乙"], ["一", "二"]) + "\n后文", "头45一二后文"),
        (table(["甲", "乙"], ["一", lines_of("行", 44)]) + "\n后文", "甲乙一行0行1行2"),
        (table(["甲", "乙"], ["一", lines_of("行", 140)]) + "\n后文", "甲乙一行0行1行2"),
        (table(["甲", f"乙{PICTURE * 4}"], ["一", lines_of("行", 9)]), "甲乙一行0行1行2"),
        (
            "".join(f"前文{at}\n\n" for at in range(9))
            + table(["甲", "乙"], ["一", lines_of("行", 33)], ["二", lines_of("列", 50)]),
            "前文8甲乙一行0行1行2",
        ),
    ],
)
def test_the_head_of_a_table_stands_before_its_first_row(
    press: "Press", text: str, paper: str
) -> None:
    """DC-18: the renderer leaves out a head where it doesn't fit above what follows it."""
    (read,) = press.read_back([text], assets=["a.svg"], picture=SQUARE)

    assert paper in read
    for word, number in (("头", 46), ("行", 140), ("列", 50)):
        found = [f"{word}{at}" for at in range(number) if f"{word}{at}" in text]
        assert [one for one in found if one not in read] == []
    assert press.margins() == []


def test_an_ordinary_head_is_repeated_on_each_page(press: "Press") -> None:
    (read,) = press.read_back([table(["甲", "乙"], *([["一", "二"]] * 60))])

    assert read.count("甲乙") == 3


@pytest.mark.parametrize(
    "text",
    [
        "- 步骤\n\n" + table(COLUMNS, CELLS, indent="  ") + "\n后文",
        "1. 甲\n\n" + table(COLUMNS[:9], *[CELLS[:9]] * 40, indent="   ") + "\n   乙\n2. 丙\n\n后",
        "> 甲\n>\n" + table(COLUMNS, CELLS, indent="> ") + ">\n> 乙\n\n后文",
        "- 甲\n  - 乙\n\n" + table(COLUMNS, CELLS, indent="    ") + "\n    丙\n  - 丁\n- 戊",
        "> - 甲\n>   1. 乙\n>\n" + table(COLUMNS + COLUMNS[:8], indent=">      ") + ">\n> 尾",
        "- 甲\n\n" + table(COLUMNS, CELLS, indent="  ") + "\n" + table(COLUMNS, CELLS),
        "- " + table(COLUMNS, CELLS, indent="  ")[2:] + "\n  甲",
        "- 甲\n  - 乙\n    - 丙\n\n" + table(COLUMNS[:8], CELLS[:8], indent="      "),
    ],
)
def test_a_wide_table_in_a_list_or_note_turns_the_page_as_others_do(
    press: "Press", text: str
) -> None:
    """DC-18: it ran off the right edge."""
    (read,) = press.read_back([text])

    whole = read.replace("-", "")
    assert [one for one in "甲乙丙丁戊后尾步" if one in text and one not in whole] == []
    for cell in (*COLUMNS, *CELLS):
        assert (f"| {cell} |" in text) <= (cell.replace("-", "") in whole), cell
    assert press.margins() == []


WORDS = st.sampled_from(
    ["甲乙", "AB-1", "长" * 40, "word " * 30, "<br>行" * 12, "<br>", f" {PICTURE} ", "5 mm", ""]
)
CELL = st.lists(WORDS, max_size=4).map("".join)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A text of tables at the top, in lists and in notes."""
    parts: list[str] = []
    for at in range(draw(st.integers(1, 4))):
        columns = draw(st.integers(1, 12))
        row = st.lists(CELL, min_size=columns, max_size=columns)
        head = [f"头{at}", *draw(row)[1:]]
        rows = draw(st.lists(row, max_size=draw(st.sampled_from([1, 3, 30]))))
        first, indent = draw(st.sampled_from([("", ""), ("- 步\n\n", "  "), ("> 注\n>\n", "> ")]))
        parts.append(f"{first}{table(head, *rows, indent=indent)}\n\n段{at}\n\n")
    return "".join(parts)


def times(most: int) -> settings:
    return settings(max_examples=most, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.long
@times(2)
@given(some=st.lists(texts(), min_size=4, max_size=4))
def test_tables_of_all_sizes_are_printed_whole(press: "Press", some: list[str]) -> None:
    """DC-18"""
    are_printed_whole(press, some)


@pytest.mark.long
@times(5)
@given(some=st.lists(texts(), min_size=4, max_size=4))
def test_a_hundred_tables_are_printed_whole(press: "Press", some: list[str]) -> None:
    """DC-18: of all sizes, two or three minutes in all."""
    are_printed_whole(press, some)


def are_printed_whole(press: "Press", some: list[str]) -> None:
    """Each letter at least as often as it was signed, and none beside the page."""
    for text in some:
        assert not faults_of(text, assets={"a.svg"}, path="a.md", first_line=1)[0]

    read = press.read_back(some, assets=["a.svg"], picture=SQUARE)

    for text, found in zip(some, read, strict=True):
        plain = text.replace(PICTURE, "").replace("<br>", "")
        signed = Counter(letter for letter in "".join(plain.split()) if letter not in "|->")
        assert not signed - Counter(found)
    assert press.margins() == []
