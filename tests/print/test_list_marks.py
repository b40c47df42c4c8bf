"""Two list marks beside each other are refused: one may be a sign, or part of a date (DC-18)."""

from time import perf_counter
from typing import TYPE_CHECKING

import pytest

from qms_publish.text.markdown import faults_of

if TYPE_CHECKING:
    from tests.print.conftest import Press, Told


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("- - 阴性\n- + 阳性", [1, 2]),
        ("图例：\n\n- + 正极\n- - 负极", [3, 4]),
        ("- + + 双阳性", [1]),
        ("+ - 甲", [1]),
        ("甲\n\n- - - - 裁剪线 - - -", [3]),
        ("- - - cut here", [1]),
        ("1. - 甲\n2. - 乙", [1, 2]),
        ("1) - 甲", [1]),
        ("- 1. 甲", [1]),
        ("2026. 11. 30 生效", [1]),
        ("3. 12. 2026", [1]),
        ("1. 2. 3. 步", [1]),
        ("> - - 甲", [1]),
        ("- 甲\n  - - 乙", [2]),
        ("1. 甲\n\n   - + 乙", [3]),
        ("-\t- 甲", [1]),
        ("- - [ ] 甲", [1]),
    ],
)
def test_a_list_mark_behind_another_is_refused(told: "Told", text: str, lines: list[int]) -> None:
    """A legend's negative and positive had the same dots, and a date stood in three lists."""
    assert told(text) == [("LIST-MARKS", line) for line in lines]


@pytest.mark.parametrize(
    "text",
    [
        "- - 5 ℃", "1. - 5 V", "+ + 20 ℃", "* * * 裁切线", "1. > 5 mm 拒收", "压力\n> 8 bar 报警",
        "- - ---", "- -", "- - # 甲",
    ],
)  # fmt: skip
def test_of_one_line_one_sign_is_told(told: "Told", text: str) -> None:
    """Some were told twice, with two advices."""
    assert told(text) == [("SIGN-LOST", text.count("\n") + 1)]


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("- \\- 阴性\n- \\+ 阳性", "•-阴性•+阳性"),
        ("- -- 强阴性\n- ± 可疑", "•--强阴性•±可疑"),
        ("\\- - - cut here - - -", "---cuthere---"),
        ("2026\\. 11. 30 生效", "2026.11.30生效"),
        ("本程序自\n2026. 11. 30 生效", "本程序自2026.11.30生效"),
        ("1. 1.1 甲\n2. 2026 年", "1.1.1甲2.2026年"),
        ("- 1、甲\n- -v 详细", "•1、甲•-v详细"),
        ("1. 甲\n   - 乙\n   - 丙", "1.甲◦乙◦丙"),
    ],
)
def test_signs_dates_and_sub_items_are_printed(
    press: "Press", told: "Told", text: str, paper: str
) -> None:
    assert told(text) == []
    assert press.read_back([text], numbers=True) == [paper]


@pytest.mark.parametrize("mark", ["- ", "1. ", "+ "])
def test_thousands_of_marks_are_refused_at_once(told: "Told", mark: str) -> None:
    begun = perf_counter()

    codes = {code for code, _ in told((mark * 1000 + "甲\n") * 50)}

    assert "RENDER-LIMIT" in codes
    assert perf_counter() - begun < 5


@pytest.mark.parametrize(
    "text",
    [
        "- [ ] 跳动　- [ ] 温升　- [x] 扭矩",
        "- [ ] 跳动　[x] 温升",
        "|- [ ] 跳动|\n|---|",
        "甲 - [x] 乙",
    ],
)
def test_a_box_within_a_line_is_refused(told: "Told", text: str) -> None:
    """The first was a box, and the others were letters."""
    assert told(text) == [("BOXES-LEFT", 1)]


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("- [ ] 跳动　☐ 温升　☑ 扭矩", "跳动☐温升☑扭矩"),
        ("- [ ] 跳动\n- [x] 温升", "跳动温升"),
        ("- [ ] 跳动 \\[ ]", "跳动[]"),
        ("见 [x] 与 [ ]", "见[x]与[]"),
        ("- [ ] [甲](a.md)", "甲"),
    ],
)
def test_boxes_are_written_as_signs_within_a_line(
    press: "Press", told: "Told", text: str, paper: str
) -> None:
    assert told(text) == []
    assert press.read_back([text]) == [paper]


@pytest.mark.parametrize("number", ["1", "10"])
def test_how_far_in_a_sub_item_stands_is_said(told: "Told", number: str) -> None:
    """Two blanks, as many editors put them, were refused with no word of three."""
    assert told(f"{number}. 甲\n  - 子") == [("SIGN-LOST", 2)]
    [found] = faults_of(f"{number}. 甲\n  - 子", assets=(), path="a.md", first_line=1)[0]

    assert "three blanks" in found.values["write"]
    assert told(f"{number}. 甲\n{' ' * (len(number) + 2)}- 子") == []
