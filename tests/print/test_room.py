"""Blanks that make room, columns of code and lines that were asked for, as they were typed."""

import re
import subprocess
from itertools import groupby
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from qms_publish.text.markdown import faults_of, to_html

if TYPE_CHECKING:
    from tests.print.conftest import Press, Told


def places(press: "Press", axis: str = "x") -> dict[str, tuple[float, float]]:
    """Where each word of the page that was printed last begins and ends, in points."""
    read = subprocess.run(
        ["/usr/bin/pdftotext", "-bbox", press.folder / "pages.pdf", "-"],
        capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    found = re.findall(rf'{axis}Min="([\d.]+)".*?{axis}Max="([\d.]+)".*?>([^<]*)<', read)
    return {word: (float(left), float(right)) for left, right, word in found}


def plain(press: "Press") -> str:
    """What most readers take from the page that was printed last."""
    command = ["/usr/bin/pdftotext", str(press.folder / "pages.pdf"), "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize(
    ("text", "before", "behind"),
    [
        ("姓名：          日期", "姓名：", "日期"),
        ("**姓名：          日期**", "姓名：", "日期"),
        ("- 姓名：          日期", "姓名：", "日期"),
        ("|姓名：          日期|\n|---|\n", "姓名：", "日期"),
        ("the supplier’s          “part”", "supplier’s", "“part”"),
        ("**姓名：**          日期", "姓名：", "日期"),
        ("**姓名：**          **日期**", "姓名：", "日期"),
        ("`姓名：`          日期", "姓名：", "日期"),
        ("|**姓名：**          日期|\n|---|\n", "姓名：", "日期"),
    ],
)
def test_room_to_write_in_stays_as_wide_as_typed(
    press: "Press", text: str, before: str, behind: str
) -> None:
    """Ten blanks are five Chinese letters wide, as in an editor."""
    press.read_back([text])
    found = places(press)

    assert 4.5 * 9.5 < found[behind][0] - found[before][1] < 5.7 * 10.5


def test_blanks_within_a_line_alone_are_kept() -> None:
    html = to_html(
        "甲  乙   丙  \n[丁  戊](a.md)  \n**己**  \n  庚\n\n|  **辛**  |\n|---|\n", assets=()
    ).html

    assert re.findall(r'<span class="(\w+)">( +)<', html) == [("blanks", "  "), ("room", "   ")]


def test_columns_of_code_meet(press: "Press") -> None:
    """DC-18: a Chinese letter is as wide as two of Latin text, for all letters on paper."""
    text = "```\n甲乙  X1\nab-d  X2\nł.iw  X3\n☐ 丙  X4\n```\n"
    assert press.read_back([text]) == ["甲乙X1ab-dX2ł.iwX3☐丙X4"]

    begins = [places(press)[word][0] for word in ("X1", "X2")]

    assert max(begins) - min(begins) < 0.2


@pytest.mark.parametrize(
    ("top", "row", "at"),
    [
        ("┌──────┐", "│ 申请 │", 3.5),
        ("┌───┐", "│ 申请 │", 4.0),
        ("╔════╗", "║ ab ║", 2.5),
        ("├──┤ a", "│ab │", 1.75),
    ],
)
def test_the_strokes_of_a_frame_meet_as_they_were_drawn(
    press: "Press", top: str, row: str, at: float
) -> None:
    """DC-18: an editor shows its signs as wide as a Chinese letter, or half as wide."""
    text = f"```\n{top}\n{row}\nAB\n```\n"

    assert press.read_back([text]) == [f"{top}{row}AB".replace(" ", "")]
    found = places(press)
    begin, end = found["AB"]
    last = next(left for word, (left, _) in found.items() if word == row[-1])
    assert (last - begin) / (end - begin) == pytest.approx(at, abs=0.3)


@pytest.mark.parametrize(
    ("lines", "cells"),
    [
        (["├── XY", "│   └── AB"], 4),
        (["→  XY", "甲 AB"], 0),
        (["a ↔ XY", "é ° AB"], 0),
        (["“x” XY", "a·b AB"], 0),
        (["“x” XY", "abc AB"], 0),
        (["“零” XY", "ab零cd AB"], 0),
        (["┌────┐ XY", "│甲→ │ AB", "└────┘"], 0),
        (["┌────┐ XY", "│±×≥÷│ AB", "└────┘"], 0),
        (["┌────┐ XY", "│±×│ AB", "└────┘"], 0),
        (["┌──┐ XY", "│±×│ AB", "└──┘"], 0),
        (["| 12 | XY", "| ± | AB"], 0),
        (["| 1 | XY", "| ± | AB"], 0),
    ],
)
def test_signs_of_code_take_the_cells_of_a_terminal(
    press: "Press", lines: list[str], cells: int
) -> None:
    """DC-18: trees, arrows, letters with accents; signs as wide as the frame around them says."""
    text = "```\n{}\nMMMM\n```\n".format("\n".join(lines))

    assert press.read_back([text]) == ["".join([*lines, "MMMM"]).replace(" ", "")]
    found = places(press)
    cell = (found["MMMM"][1] - found["MMMM"][0]) / 4
    assert (found["AB"][0] - found["XY"][0]) / cell == pytest.approx(cells, abs=0.1)


@pytest.mark.parametrize("sign", "①±≥★")
def test_signs_of_a_frame_stand_beside_each_other(press: "Press", sign: str) -> None:
    """DC-18: in a frame that gives each one cell they lay on each other, 25℃±2℃."""
    press.read_back([f"```\n┌───┐\n│{sign * 3}│\n└───┘\n```\n"])
    left, right = next(x for word, x in places(press).items() if sign in word)
    top, bottom = next(y for word, y in places(press, "y").items() if sign in word)

    name = str(press.folder / "sign")
    box = (round(one * 600 / 72) for one in (left, top, right - left, bottom - top))
    command = "/usr/bin/pdftoppm -singlefile -gray -r 600 -x {} -y {} -W {} -H {}".format(*box)
    subprocess.run([*command.split(), press.folder / "pages.pdf", name], check=True)
    with Image.open(f"{name}.pgm") as page:
        cuts = (page.crop((x, 0, x + 1, page.height)) for x in range(page.width))
        dark = [sum(cut.histogram()[:150]) > 0 for cut in cuts]
    assert [is_dark for is_dark, _ in groupby(dark)].count(True) == 3


def frame(wide: int) -> str:
    """A frame of so many columns, in code."""
    words = "甲" * (wide // 2 - 1) + "x" * (wide % 2)
    return f"```\n┌{'─' * (wide - 2)}┐\n│{words}│\n└{'─' * (wide - 2)}┘\n```"


@pytest.mark.parametrize("wide", [99, 100, 111, 112, 127, 128, 149])
def test_columns_that_are_wider_than_the_page_are_set_smaller(
    press: "Press", told: "Told", wide: int
) -> None:
    """DC-18: the end of each line of a frame stood at the beginning of the next one."""
    text = f"前\n\n{frame(wide)}"
    assert told(text) == []
    press.read_back([text])

    found = places(press)
    edges = [right for word, (_, right) in found.items() if word.endswith(("┐", "┘", "│"))]
    left = min(left for left, _ in found.values())
    assert min(edges) > left + 150 * 72 / 25.4 * wide / 150
    assert max(edges) - min(edges) < 5
    assert press.margins() == []


@pytest.mark.parametrize(
    ("around", "wide"), [("{}", 149), ("- {}", 141), ("> {}", 142), ("1. 甲\n\n   > {}", 135)]
)
def test_columns_that_have_no_room_on_a_page_are_refused(
    press: "Press", told: "Told", around: str, wide: int
) -> None:
    """DC-18: said with the line and with how many columns fit where it stands."""
    before = around.rpartition("\n")[2].replace("-", " ").removesuffix("{}")
    texts = [around.format(f"\n{before}".join(frame(one).split("\n"))) for one in (wide, wide + 1)]
    assert told(texts[0]) == []
    press.read_back([texts[0]])
    assert press.margins() == []

    [found] = faults_of(texts[1], assets=(), path="a.md", first_line=1)[0]
    assert (found.code, found.values["most"]) == ("CODE-WIDE", str(wide))
    assert found.place.line == around.count("\n") + 2


@pytest.mark.parametrize(
    "line",
    ["run " * 50, "a | b " * 40, "2026-01-01  INFO  " + "x " * 100, "/a/b-c" * 40, "甲" * 200],
)
def test_long_lines_of_code_without_columns_go_on_below(
    press: "Press", told: "Told", line: str
) -> None:
    text = f"```\n{line.strip()}\n```"
    assert told(text) == []
    assert press.read_back([text]) == [line.replace(" ", "")]
    assert press.margins() == []


def test_the_sides_of_a_frame_are_drawn_through(press: "Press") -> None:
    """They were dashes, with a gap at each line; what is no frame keeps its room."""

    def height(text: str) -> float:
        press.read_back([f"```\n{text}\n```\n"])
        found = places(press, "y")
        return found["AB"][0] - found["XY"][0]

    assert height("┌──┐ XY\n└──┘ AB") == pytest.approx(9)
    assert height("├── XY\n└── AB") == pytest.approx(13.5)


STEP = 10.5
"""Points that two ordinary blanks or one wide one set a line in."""


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("一、甲\n　　1. 乙\n　　2. 丙\n二、丁", {"1.": 2, "2.": 2, "二、丁": 0}),
        ("　　一、甲\n　　1. 乙\n　　　　a) 丙", {"1.": 0, "a)": 2}),
        ("一、甲\n　　（一）乙\n　　　　1. 丙\n　　②丁", {"②丁": 2, "1.": 4}),
        ("一、甲\n　　①乙\n\n　　②丙\n二、丁", {"①乙": 2, "②丙": 2, "二、丁": 0}),
        ("一、甲\n\n　　①乙\n\n二、丁", {"①乙": 2, "二、丁": 0}),
        ("一、甲\n\n正文\n\n　　①乙", {"①乙": 0}),
        ("1. 一、甲\n   二、乙\n     ①丙\n\n   三、丁\n\n     ②戊", {"①丙": 1, "②戊": 1}),
    ],
)
def test_items_stand_below_each_other_as_they_are_typed(
    press: "Press", text: str, steps: dict[str, int]
) -> None:
    """DC-18: with wide blanks, on lines of one paragraph, in paragraphs of their own, in lists."""
    press.read_back([text])

    found = places(press)
    begin = found["一、甲"][0]
    assert {word: round((found[word][0] - begin) / STEP) for word in steps} == steps


@pytest.mark.parametrize("end", ["\\\n", "  \n", "\n", "<br>", "<br>\n"])
def test_lines_that_are_asked_for_are_indented_as_others(end: str) -> None:
    html = to_html(f"甲{end}乙", assets=()).html

    assert html.replace("<p>\n", "<p>") == '<p class="line">甲</p>\n<p>乙</p>\n'


def test_standards_below_each_other_are_lines_and_a_day_is_no_clause() -> None:
    long = "GB/T 2828.1—2012《计数抽样检验程序 第1部分：按接收质量限检索的逐批检验》"
    html = to_html(f"{long}\nGB/T 1804－2000\nISO 2768\n\n2026.11.30 发布", assets=()).html

    assert html.count("<p") == 4
    assert "clause" not in html
    one = to_html(f"{long[:-1]}的抽样方案应当符合\nGB/T 1804 的要求", assets=()).html
    assert one.count("<p") == 1


def test_a_tab_between_words_is_room_too() -> None:
    """It was one narrow blank: a line of fields ran together."""
    html = to_html("姓名：甲\t日期：乙 \t\t 部门：丙\n\n（1）\t甲\t乙", assets=()).html

    assert re.findall(r"([^<>]*)<span class=\"room\">( +)</span>", html) == [
        ("姓名：甲", "    "), ("日期：乙", "    "), ("（1） 甲", "    "),
    ]  # fmt: skip


def test_signs_in_cells_of_their_own_are_so_many_in_a_text() -> None:
    """Each costs the renderer two milliseconds, so code that is all signs is set as it is."""
    block = "```\n{}\n```\n\n".format("é a " * 3000)

    assert to_html(block * 4, assets=()).html.count('class="cell"') == 3 * 3000


WORDS = ["LX-CX-2019-01", "re-inspection", "GB/T-2828.1-2012", "A-1234567890-1234567890-12345678"]
DEEP = "".join(f"{'  ' * at}- 项\n" for at in range(8)) + "  " * 8 + "- {}"
AROUND = [
    "{}", "1. {}", "> {}", "**{}**", DEEP, "`{}`", "`run --all {}`", "[{}](https://a.bc/)",
    "[见 {} 文件](https://a.bc/)", "**见 [{}](a.md)**", "the supplier’s “{}”", "**{}** 与 ~~{}~~",
]  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("around", AROUND)
def test_no_line_ends_within_a_word_with_hyphens(press: "Press", word: str, around: str) -> None:
    """DC-18: most readers drop a hyphen there, and LX-CX-2019-01 was LXCX-2019-01."""
    part = around.rpartition("- ")[2].removeprefix("1. ").removeprefix("> ")
    begin = around.removesuffix(part)
    press.read_back(
        [begin + "".join(f"编号{'甲' * at} {part.format(word, word)} 用" for at in range(20))]
    )

    assert plain(press).count(word) == 20 * part.count("{}")
    assert press.margins() == []


@pytest.mark.parametrize("value", ["15 K", "≤0.8 MPa", "**15** ℃", "12.5 N·m"])
def test_no_line_ends_between_a_number_and_its_unit(press: "Press", value: str) -> None:
    press.read_back(["".join(f"温升{'甲' * at} {value}，用" for at in range(40))])

    letters = value.replace("*", "")
    assert plain(press).count(letters) == 40
    assert press.margins() == []


@pytest.mark.parametrize(
    "word",
    [
        "**AB**-CD-EFG",
        "**型号 AB-CD**-EFG",
        "AB-~~CD~~-EFG",
        "`AB`-CD-EFG",
        "[AB](a.md)-CD-EFG",
        "A~2~-B-EFG",
    ],
)
def test_no_line_ends_within_a_word_that_is_partly_bold_or_code(
    press: "Press", told: "Told", word: str
) -> None:
    """DC-18: a page ended a line within AB-CD-EFG where some of it was bold."""
    text = "".join(f"编号{'甲' * at} {word} 用" for at in range(45))
    assert told(text) == []
    press.read_back([text])

    letters = re.sub(r"[*~`\[\]]|[(]a.md[)]|型号 ", "", word)
    assert plain(press).replace(" ", "").count(letters) == 45
    assert press.margins() == []
