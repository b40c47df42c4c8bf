"""What people type on lines of its own stands on paper as they mean it, or is refused (DC-18)."""

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from qms_publish.text.markdown import to_html

if TYPE_CHECKING:
    from tests.print.conftest import Press, Told


ENUMERATED = [
    item
    for line in (
        "1.甲|1．甲|2. 甲|12.甲|1、甲|1)甲|1）甲|（1）甲|(1)甲|（一）甲|(a)甲|①甲|⑴甲",
        "⒈甲|㈠甲|Ⅰ甲|Ⅱ.甲|ⅱ甲|一、甲|十二、甲|一．甲|一.甲|a.甲|a) x|a、甲|A．甲",
        "第1条 甲|第一条 甲|第十二章 甲|第3步：甲|步骤1 甲|注1：甲|注：甲|例2：甲",
        "NOTE 1: x|Step 2 x|1.1甲|1.2.3 甲|1.2.3甲|□合格|□ 合格|■合格|○合格|●合格",
        "◆合格|★合格|▲合格|※合格|√ 合格|·合格|—合格|——合格|-5 V|+5 V|-甲|±5 V",
        "*甲|**1.** 甲|**第1条** 甲|2 范围|2　范围|12 记录|附件2：甲|附件2 甲|图2 甲|表2　甲",
        "附录A2：甲|[2] 甲|【2】甲|〔2〕甲|§ 2 甲|II. 甲|II. Scope|WARNING: x|Date: x",
        "Prepared by: ____|备注：甲|**备注**：甲|说明：甲|甲：张三|检验员（签字）：____",
        "Table 2 Limits|　　甲|　　一、甲|　　（见附录）",
        "公差 Tolerance: ±1|单位/Department：甲|名称（Name）：甲|检验日期 Date of test: ____",
    )
    for item in line.split("|")
]
LONG = "为使现场使用的文件均为有效版本，编制人应"
"""40 columns: an editor may have broken the line there."""


@pytest.mark.parametrize("item", ENUMERATED)
@pytest.mark.parametrize(
    "around",
    [
        "前文，\n{0}\n{0}\n",
        "- 前文\n  {0}\n  {0}\n",
        "> 前文\n> {0}\n> {0}\n",
        f"{LONG}遵守\n{{0}}{LONG}遵守\n{{0}}",
    ],
)
def test_an_enumeration_on_lines_of_its_own_keeps_them(
    told: "Told", item: str, around: str
) -> None:
    text = around.format(item)
    assert told(text) == []

    html = to_html(text, assets=()).html
    assert html.count("<br>") + html.count(' line">') + html.count('"line">') == 2


@pytest.mark.parametrize(
    "label", ["目的 Purpose", "Purpose 目的", "Scope of use / 适用范围", "适用范围/Scope of use"]
)
def test_a_label_in_two_languages_alone_on_its_line_keeps_it(told: "Told", label: str) -> None:
    text = f"{LONG}遵守\n{label}\n{LONG}遵守"
    assert told(text) == []

    assert to_html(text, assets=()).html.count('class="line"') == 2


@pytest.mark.parametrize("end", ["。", "！", "？", "；", "：", "。”", "；）"])
def test_a_long_line_that_ends_a_sentence_is_a_line_on_paper(told: "Told", end: str) -> None:
    text = f"{LONG}遵守本程序{end}\n下文{LONG}**必须{end}**\n末文"
    assert told(text) == []

    assert to_html(text, assets=()).html.count('class="line"') == 2


def test_lines_that_begin_with_wide_blanks_are_indented_alike() -> None:
    html = to_html(f"　　{LONG}遵守\n　　甲\n　　　　乙", assets=()).html

    assert re.findall(r"<p.*?>(.*?)</p>", html) == [f"{LONG}遵守", "甲", "　　乙"]


@pytest.mark.parametrize(
    "text",
    [
        f"{LONG}\n特制定",
        f"{LONG}\n目的 Purpose 处",
        f"{LONG}\n按 ISO 标准",
        f"{'valid ' * 7}\nof Purpose",
        f"{LONG}为每批\n5 个螺钉",
        f"{LONG}等待\n10 分钟后",
        f"{LONG}包括以\n下：",
        f"{LONG}见\n附件2 的要求",
        f"{LONG}于\n上午10:30前",
        f"{LONG}按照\n表2 的要求",
        f"{'valid ' * 7}as shown in\nTable 2 and, as it is said there already, in\n[2] of it",
        f"{'valid ' * 7}, see\n§ 4.3",
        f"The wrenches {'valid ' * 7}\nonce a year; {'valid ' * 6}\ncalled record: see there",
        f"{'valid ' * 7}\nonly",
        f"{LONG}\n5 mm 的件",
        f"{LONG}见\n表1",
        f"{LONG}\n（见附录）",
        f"**{LONG}**\n一是",
        f"{LONG}\n{LONG}\n下文",
    ],
)
def test_a_long_line_is_set_on(told: "Told", text: str) -> None:
    assert told(text) == []

    html = to_html(text, assets=()).html
    assert (html.count("<br>"), html.count("<p")) == (0, 1)


SHORT = [
    "张三\n李四\n王五",
    "甲：张三\n乙：李四",
    "代表：____\n日期：____",
    "M8\nM10",
    "【1】甲\n【2】乙",
    "Q1：甲\nA1：乙",
    "**术语**：定义\n**术语**：定义",
    "表1 甲\n图1 乙",
    f"{LONG[1:]}\n{LONG}",
    f"**{LONG[1:]}**\n`{LONG}`",
    f"[{LONG[1:]}](https://a.example/{'x' * 40})\n{LONG}",
    "单位 mm\nvalid\nonly",
]


@pytest.mark.parametrize(
    "text",
    ["10\n20\n30", *(a.format(one) for a in ("{}", "- {}", "1. {}", "> {}") for one in SHORT)],
)
def test_a_line_after_a_short_one_is_a_line_on_paper(
    press: "Press", told: "Told", text: str
) -> None:
    assert told(text) == []
    press.read_back([text])
    lines = [re.sub(r"^(•|1\.)(\s+|$)", "", line.strip()) for line in press.lines()]

    written = [re.sub(r"^(-|1\.|>) |[*`\[]|\]\(.*", "", line) for line in text.split("\n")]
    assert [line for line in lines if line] == written


def test_the_lines_of_a_caption_are_captions_of_their_own() -> None:
    html = to_html("表1 职责\n单位：mm\n\n|a|\n|---|\n", assets=()).html

    assert '<p class="table-caption line">表1 职责</p>' in html
    assert '<p class="leads">单位：mm</p>' in html


def test_beside_a_picture_the_break_stays_in_its_paragraph() -> None:
    html = to_html("![图](assets/a.png)\n说明\n", assets={"assets/a.png"}).html

    assert html.count("<p>") == 1
    assert "<br>" in html


def test_lines_of_an_enumeration_stand_below_each_other_on_paper(press: "Press") -> None:
    press.read_back(["要求：\n1.甲\n2.乙\n□合格\n第1条 丙"])

    assert [line.strip() for line in press.lines()] == [
        "要求：", "1.甲", "2.乙", "□合格", "第1条 丙",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "____________",
        "_______________________      _______________________",
        "签名：\n\n____ ____ ____\n",
        "- ____ ____",
        "> 甲\n>\n> _____ __",
        "____________\n签名",
        "___",
        "_ _ _",
    ],
)
def test_blanks_to_fill_in_on_a_line_of_their_own_are_as_long_as_typed(
    press: "Press", told: "Told", text: str
) -> None:
    """A line across the page is drawn grey, and two to sign at would be one."""
    assert told(text) == []
    assert press.read_back([text]) == ["".join(re.sub(r"(?m)^[->]", "", text).split())]


@pytest.mark.parametrize("row", ["| | |", "|\u3000| |"])
def test_a_row_to_fill_in_is_high_enough_to_write_in(press: "Press", row: str) -> None:
    table = "|甲|乙|\n|---|---|\n|1|2|\n"
    press.read_back([f"{table}\n下文", f"{table}{row}\n{row}\n\n下文"])
    read = subprocess.run(
        ["/usr/bin/pdftotext", "-bbox", press.folder / "pages.pdf", "-"],
        capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    one, other = (float(y) for y in re.findall(r'yMin="([\d.]+)"[^>]*>下文<', read))

    assert other - one >= 2 * 8 * 72 / 25.4


def test_small_roman_items_are_items() -> None:
    """The first was indented, and those typed alike below it were not."""
    for text in (
        "4.1 甲\n   i. 乙\n   ii. 丙\n   iv. 丁",
        "（1）甲\n\n   i. 乙\n   ii. 丙\n   iv. 丁",
    ):
        html = to_html(text, assets=()).html
        assert html.count("margin-left: 1.5em") == 3, html
    assert "margin" not in to_html("   i. 乙\n   ii. 丙", assets=()).html


def test_a_sentence_in_chinese_begins_a_line_below_one_in_latin_letters() -> None:
    """Pairs of lines in two languages were joined and parted in turn."""
    english = "This procedure lays down what is asked of those who work with gauges."
    chinese = "本程序规定了使用量具人员的各项要求，由质量部归口管理，各部门遵照执行。"
    html = to_html("\n".join([english, chinese] * 2), assets=()).html

    assert html.count("<p") == 4


def test_equal_headings_are_alike_whichever_comes_first() -> None:
    """A preface above chapters was as large as an annex, and 1 目的 as 1.1."""
    html = to_html("## 前言\n\n## 1 目的\n\n### 1.1 细目\n\n# 附录 A\n\n## A.1 甲", assets=()).html

    found = re.findall(r'<(h\d) id="\w+"(?: class="look(\d)")?>(.*?)<', html)
    assert [(tag, look or tag[1], words) for tag, look, words in found] == [
        ("h2", "3", "前言"), ("h2", "3", "1 目的"), ("h3", "4", "1.1 细目"),
        ("h2", "2", "附录 A"), ("h3", "3", "A.1 甲"),
    ]  # fmt: skip
