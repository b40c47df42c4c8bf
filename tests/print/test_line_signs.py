"""What would be taken for a mark, a row or code at a line's beginning is refused (DC-18)."""

from typing import TYPE_CHECKING

import pytest

from qms.api import unprintable
from qms_publish.text.markdown import faults_of

if TYPE_CHECKING:
    from tests.print.conftest import Press, Told


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (">5", 1),
        (">5 mm", 1),
        ("> 5 mm", 1),
        ("条件：\n>5 mm", 2),
        ("条件：\n\n> 0.5 MPa 时停机\n", 3),
        (">=5", 1),
        (">= 5", 1),
        ("> -20 ℃", 1),
        (">±0.1", 1),
        (">Φ20", 1),
        (">￥500", 1),
        ("> 甲\n>5 mm", 2),
        ("- >5 mm", 1),
        ("1. 甲\n\n   >5", 3),
        ("> > 5 mm", 1),
        ("- 5V", 1),
        ("电压：\n- 5 V", 2),
        ("+ 5 V\n- 5 V", 1),
        ("储存温度：\n\n- 20 ℃ 以下\n", 3),
        ("- 20 ℃\n- 18 ℃\n", 1),
        ("U = 3\n+ 5\n", 2),
        ("- ¥500", 1),
        ("1. 甲\n   - 5 mm\n", 2),
        ("- 0.05%；\n- 0.1%。\n", 1),
        ("- 2000 V", 1),
        ("- 1900V\n- 2000V\n", 1),
        (">R5 圆角", 1),
        ("要求：\n>M8 螺栓用扭矩扳手", 2),
        (">IT7 级", 1),
        ("> 甲\n>一半", 2),
        ("- 甲\n\n  >乙", 3),
        ("> >乙", 1),
        (">", 1),
        ("- X 轴\n+ Y 轴", 2),
        ("* 甲\n- 乙", 2),
        ("- 甲\n- 乙\n+ 丙\n+ 丁", 3),
        ("> - 甲\n> + 乙", 2),
        ("处置：\n\n-\n", 3),
        ("- 甲\n-\n- 乙", 2),
        ("> *", 1),
        ("* Price per metre\n\\*\\* Including packaging", 1),
        ("- 甲\n  * 乙\n- 丙", 2),
        ("甲\n\n#\n\n乙", 3),
        ("##", 1),
        ("# #", 1),
        ("- #", 1),
        ("> #", 1),
        ("文字\n#\n文字", 2),
        ("# \u3000", 1),
        ("甲\n\n>>>>>>> feature/x", 3),
        (">>> import os", 1),
        (">> 二级", 1),
        ("> 甲\n>> 乙", 2),
        ("> > 甲\n>> 乙", 2),
        ("- >> 甲", 1),
        (">> ```\n>> 甲\n>> ```", 1),
        ("- 5 dBm", 1),
        ("+ 5 kVA", 1),
        ("- 5 µF", 1),
        ("- 12 小时", 1),
        ("- 5 千帕", 1),
        ("- 5 ％", 1),
        ("- 40 至 85 °C", 1),
        ("- 40…85 °C", 1),
        (">½ 寸", 1),
        (">DN50", 1),
        (">HRC58", 1),
        (">≥50", 1),
    ],
)
def test_a_sign_that_would_be_taken_for_a_mark_is_refused(
    told: "Told", text: str, line: int
) -> None:
    """More than 5 and minus 5 become a quotation of 5 and an item 5: another value is read."""
    assert ("SIGN-LOST", line) in told(text)


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("＞5 mm", "＞5mm"),
        (r"\>5 mm", ">5mm"),
        ("条件：>5 mm", "条件：>5mm"),
        ("|甲|\n|---|\n|>5 mm|\n|- 5 V|\n", "甲>5mm-5V"),
        ("-5 V\n+5 V", "-5V+5V"),
        (r"\- 5 V", "-5V"),
        ("−5 V", "−5V"),
        ("* 5 V\n* 12 V\n", "5V12V"),
        ("- 3 份原件\n- 2 份副本\n", "3份原件2份副本"),
        ("- 5 mm 的螺钉\n- 8 mm 的螺钉\n", "5mm的螺钉8mm的螺钉"),
        ("- 5S\n- TPM\n", "5STPM"),
        ("- 2025\n- 2026\n", "20252026"),
        ("- 2025 年\n- 2026年度计划\n", "2025年2026年度计划"),
        ("> 注：不小于 5 mm", "注：不小于5mm"),
        ("> 5.2.1 审核人应当签字。", "5.2.1审核人应当签字。"),
        ("> 2026年起执行", "2026年起执行"),
        ("> 2026-11-20 起执行", "2026-11-20起执行"),
        ("> 1、甲\n> 2、乙", "1、甲2、乙"),
        ("> “5 目的”", "“5目的”"),
        ("> 长度为\n> 5 mm", "长度为5mm"),
        ("> 甲\n>\n> 乙\n> 丙", "甲乙丙"),
        ("- 甲\n  - 乙\n- 丙", "甲乙丙"),
        ("1. 甲\n   - 乙", "甲乙"),
        ("要求：\n- 甲\n- 乙", "要求：甲乙"),
        ("当温度\n\n> **上限**时停机", "当温度上限时停机"),
        ("支出：\n\n- 材料", "支出：材料"),
        ("* 甲\n* 乙\n\n正文\n\n- 丙", "甲乙正文丙"),
        ("- 甲\n- 乙\n* 丙\n* 丁", "甲乙丙丁"),
        ("1.\n2. 甲", "甲"),
        ("\\* Price\n\\*\\* Packaging", "*Price**Packaging"),
        ("> > 甲", "甲"),
        ("> ```\n>> 甲\n> ```", ">甲"),
        ("\\>>> import os", ">>>importos"),
        ("编号\n\\#\n", "编号#"),
        ("- 3 月计划", "3月计划"),
        ("- 5 天内完成", "5天内完成"),
        ("- 2026 年计划", "2026年计划"),
        ("> **M8** 螺栓", "M8螺栓"),
        ("- 5 个螺钉\n- 6 个垫圈", "5个螺钉6个垫圈"),
    ],
)
def test_signs_and_marks_that_nobody_mistakes_are_printed(
    press: "Press", told: "Told", text: str, paper: str
) -> None:
    assert told(text) == []
    assert press.read_back([text]) == [paper]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("|甲|乙|\n|1|2|", "TABLE-RULE", 1),
        ("前文\n| 甲 | 乙 |\n| 1 | 2 |", "TABLE-RULE", 2),
        ("甲 | 乙\n1 | 2", "TABLE-RULE", 1),
        ("甲|乙\n1|2", "TABLE-RULE", 1),
        ("- |甲|乙|\n  |1|2|", "TABLE-RULE", 1),
        ("+---+---+\n| 甲 | 乙 |\n+===+===+\n| 1 | 2 |\n+---+---+", "TABLE-RULE", 1),
        ("甲\t乙\n1\t2", "TABLE-RULE", 1),
        ("前文：\n甲\t乙\t丙\n1\t\t3", "TABLE-RULE", 2),
        ("- 甲 \t乙\n  1\t2", "TABLE-RULE", 1),
        ("① 甲\t5\n② 乙\t6", "TABLE-RULE", 1),
        ("------ ------\n甲     乙\n1      2", "TABLE-RULE", 1),
        ("甲     乙\n------ ------\n1      2", "TABLE-RULE", 2),
        ("> ---\t---\n> 甲 乙", "TABLE-RULE", 1),
        ("|甲|乙|\n|---|---|\n\n|1|2|", "TABLE-RULE", 4),
        ("|甲|\n|---|\n|1|\n\n|2|3|\n\n|4|5|", "TABLE-RULE", 5),
        ("甲\n\n|1|2|\n\n乙\n\n|3|4|", "TABLE-RULE", 3),
        ("> |甲|乙|\n> |---|---|\n>\n> | `1` | \\* |", "TABLE-RULE", 4),
        ("|甲|乙|\n|---|---|\n|1|2|\n下文", "TABLE-END", 4),
        ("|甲|乙|丙|\n|---|---|---|\n|1|2|3|\n其中 |x|≤5", "TABLE-END", 4),
        ("|甲|\n|---|\n下文", "TABLE-END", 3),
        ("- |甲|乙|\n  |---|---|\n  |1|2|\n  下文", "TABLE-END", 4),
        ("甲|乙\n---|---\n1|2\n下文", "TABLE-END", 4),
    ],
)
def test_rows_that_make_no_table_and_text_that_would_be_a_row_are_refused(
    told: "Told", text: str, code: str, line: int
) -> None:
    assert set(told(text)) == {(code, line)}


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("|甲|乙|\n|---|---|\n|1|2|\n\n下文", "甲乙12下文"),
        ("甲|乙\n---|---\n1|2", "甲乙12"),
        ("|甲|\n|---|\n|1|\n> 注", "甲1注"),
        ("|x|≤5", "|x|≤5"),
        ("|x|\n\n|y|\n\n|a|b|", "|x||y||a|b|"),
        ("|甲|\n|---|\n|1|\n\n|x|", "甲1|x|"),
        ("类型：甲|乙\n其后为甲|乙\n之一。", "类型：甲|乙其后为甲|乙之一。"),
        ("当 |x|≤5 时，\n且 |y|≤3 时", "当|x|≤5时，且|y|≤3时"),
        ("\\|甲\\|\n\\|乙\\|", "|甲||乙|"),
        ("姓名：甲\t日期：乙\n部门：丙", "姓名：甲日期：乙部门：丙"),
        ("（1）\t甲\n（2）\t乙\n1.1\t丙", "（1）甲（2）乙1.1丙"),
        ("甲\n\n---\n\n- - -\n\n乙", "甲乙"),
        ("`a|b`\n`c|d`", "a|bc|d"),
    ],
)
def test_upright_strokes_that_are_letters_are_printed(
    press: "Press", told: "Told", text: str, paper: str
) -> None:
    assert told(text) == []
    assert press.read_back([text]) == [paper]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("签名：\n--------", 1),
        ("甲\n\n日期:\n====", 3),
        ("签名：____\n--------", 1),
        ("500\n===", 1),
        ("1,500.00\n---", 1),
        ("2026-11-20\n---", 1),
        ("金额\n=", 1),
        ("金额\n--", 1),
        ("- 签名：\n  ----", 1),
        ("> 金额\n> ==", 1),
        ("甲方\n乙方\n----", 1),
        ("2 范围\n---", 1),
        ("甲\n\n张三\n-----", 3),
        ("小计 100\n======", 1),
        ("金额（万元）   审批人\n------", 1),
        ("Scope\n=====", 1),
    ],
)
def test_a_line_below_that_would_make_a_heading_is_refused(
    told: "Told", text: str, line: int
) -> None:
    assert told(text) == [("HEADING-LINE", line)]


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("## 2 范围\n---\n甲", "2范围甲"),
        ("=====\n甲", "=====甲"),
        ("签名：____\n\n----\n\n下文", "签名：____下文"),
        ("## 签名：\n\n正文", "签名：正文"),
        ("签名：——\n日期：——", "签名：——日期：——"),
        ("甲\n\n---\n\n* * *\n\n- - -\n\n乙", "甲乙"),
        ("____　　____", "________"),
    ],
)
def test_headings_and_lines_across_the_page_are_printed(
    press: "Press", told: "Told", text: str, paper: str
) -> None:
    assert told(text) == []
    assert press.read_back([text]) == [paper]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("甲\n\n~~~~~~~~\n\n乙\n", 3),
        ("```\n甲", 1),
        ("```", 1),
        ("```\n\n", 1),
        ("````text\n甲\n```", 1),
        ("~~~\n甲\n```", 1),
        ("> ```\n> 甲\n\n```\n乙\n```", 1),
        ("- 甲\n\n  ```\n  乙\n- 丙", 3),
    ],
)
def test_code_that_is_never_closed_is_refused(told: "Told", text: str, line: int) -> None:
    """The rest of the document would be one grey box."""
    assert told(text) == [("CODE-OPEN", line)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("┌──┐\n│甲│\n└──┘", 1),
        ("目录：\n├─ 甲\n└─ 乙", 2),
        ("- 甲\n  ├─ 乙\n  │  └─ 丙", 2),
        ("> 甲\n> ╔══╗\n> ║乙║\n> ╚══╝", 2),
        ("甲\n\n┌──┐\n\n│甲│\n\n└──┘", 5),
        ("A --> B\n|     |\nv     v\nC --> D", 2),
        ("甲    乙\n↓    ↓\n丙    丁", 2),
        ("+---+   +---+\n| 甲 |-->| 乙 |\n+---+   +---+", 1),
        ("检验 → 入库\n     ↓ 不合格\n     返工", 2),
        ("> 检验\n>     │\n>     乙", 2),
        ("- 检验 → 入库\n         ↓\n        返工", 2),
    ],
)
def test_a_frame_or_a_tree_outside_of_code_is_refused(told: "Told", text: str, line: int) -> None:
    """Its strokes met nowhere on paper, and long lines of it ran together."""
    assert told(text) == [("FRAME-LOOSE", line)]


def test_strokes_that_draw_nothing_are_letters(press: "Press", told: "Told") -> None:
    papers = {
        "甲\n└ 乙": "甲└乙",
        "────────": "────────",
        "甲│乙\n丙│丁": "甲│乙丙│丁",
        "`├─`\n`└─`": "├─└─",
        "- ┌ 甲\n- └ 乙": "┌甲└乙",
        "   甲\n   ↓\n   乙": "甲↓乙",
        "甲\n ↓\n乙": "甲↓乙",
        "10. 甲\n    ↓\n    乙": "甲↓乙",
        "日期：\n     /    /": "日期：//",
        "甲   乙 | 丙": "甲乙|丙",
    }
    assert [told(text) for text in papers] == [[]] * len(papers)

    assert press.read_back(list(papers)) == list(papers.values())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("    **注意**", 1),
        ("甲\n\n\t乙", 3),
        ("## 甲\n    乙", 2),
        ("> 甲\n>\n>      乙", 3),
        ("- 甲\n\n      乙", 3),
        ("1.     甲", 1),
        ("- \t  甲", 1),
    ],
)
def test_an_indent_that_would_make_code_is_refused(told: "Told", text: str, line: int) -> None:
    assert told(text) == [("CODE-INDENT", line)]


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("```\n```\n\n````sh\n```\na\n````\n\n> ~~~\n> b\n> ~~~~", "```ab"),
        ("- ```\n  甲\n\n      乙\n  ```", "甲乙"),
        ("甲\n    乙\n\t丙", "甲乙丙"),
        ("- 甲\n    - 乙\n\n        丙", "甲乙丙"),
        ("甲\n\n    \n\t\n乙", "甲乙"),
    ],
)
def test_code_between_lines_and_indents_within_a_text_are_printed(
    press: "Press", told: "Told", text: str, paper: str
) -> None:
    assert told(text) == []
    assert press.read_back([text]) == [paper]


TASKS = "- [ ] 已断电\n- [x] 已挂牌\n  1. [X] **验电**\n"


def test_boxes_of_a_task_list_are_printed_or_refused_with_what_to_write(
    press: "Press", told: "Told"
) -> None:
    """A box is the page's own sign; the fonts have to hold it."""
    lacking = unprintable("☐☑")
    if lacking:
        found = faults_of(TASKS, assets=(), path="a.md", first_line=1)[0]
        assert {(one.code, one.values["found"]) for one in found} == {
            ("LETTER-MISSING", box) for box in lacking
        }
        assert found[0].place.line == 1
    else:
        assert told(TASKS) == []
        assert press.read_back([TASKS], numbers=True) == ["☐已断电☑已挂牌1.☑验电"]


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("[ ] 合格 [x] 不合格", "[]合格[x]不合格"),
        ("|甲|\n|---|\n|[ ] 合格|\n", "甲[]合格"),
        (r"- \[ ] 甲", "[]甲"),
        ("- `[ ] 甲`", "[]甲"),
        ("- [ ]**甲**", "[]甲"),
        ("- [] 甲", "[]甲"),
    ],
)
def test_brackets_elsewhere_are_letters(
    press: "Press", told: "Told", text: str, paper: str
) -> None:
    assert told(text) == []
    assert press.read_back([text]) == [paper]
