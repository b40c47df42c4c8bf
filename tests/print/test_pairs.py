"""Marks in pairs: the words that an author means are bold or struck out, or the line is refused."""

from typing import TYPE_CHECKING

import pytest

from qms_publish.text.markdown import to_html

if TYPE_CHECKING:
    from tests.print.conftest import Press, Told


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("限值：~~旧。~~New，~~旧。~~New", "限值：<s>旧。</s>New，<s>旧。</s>New"),
        (
            "**压力：**0.5MPa；**温度：**高",
            "<strong>压力：</strong>0.5MPa；<strong>温度：</strong>高",
        ),
        (
            "- **电压:**220 V；**电流:**大",
            "<strong>电压:</strong>220 V；<strong>电流:</strong>大",
        ),
        ("**甲（A）**B项，**乙**项", "<strong>甲（A）</strong>B项，<strong>乙</strong>项"),
        ("**压力：**5 MPa", "<strong>压力：</strong>5 MPa"),
        (
            "***甲：***A，***乙***",
            "<em><strong>甲：</strong></em>A，<em><strong>乙</strong></em>",
        ),
        ("甲~~“旧”~~New", "甲<s>“旧”</s>New"),
        ("**甲 *乙* 丙**", "<strong>甲 <em>乙</em> 丙</strong>"),
        ("***甲** 乙*", "<em><strong>甲</strong> 乙</em>"),
        ("600*400*25，见 *甲*，5 * 3", "600*400*25，见 <em>甲</em>，5 * 3"),
        ("a_b，*甲*，日期：____", "a_b，<em>甲</em>，日期：____"),
        (r"**甲：**A \*\* **乙**", "<strong>甲：</strong>A ** <strong>乙</strong>"),
    ],
)
def test_marks_begin_and_end_something_in_turn(told: "Told", text: str, html: str) -> None:
    assert told(text) == []
    assert html in to_html(text, assets=()).html.replace('<span class="word">', "").replace(
        "</span>", ""
    )


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("**甲 **乙** 丙**", "STARS-LEFT", 1),
        ("**甲**乙**丙，**丁**", "STARS-LEFT", 1),
        ("甲\n**甲：**A，**乙", "STARS-LEFT", 2),
        ("**甲**A，**乙**项", "STARS-LEFT", 1),
        ("*甲 **乙* 丙**", "STARS-BETWEEN", 1),
        ("*注：*内容，*（斜）*", "STARS-BETWEEN", 1),
        ("甲\n乙*，见 *丙*", "STARS-BETWEEN", 2),
        ("__甲：__A，__乙__", "STARS-BETWEEN", 1),
        ("**压力(MPa)**5，**温度(℃)**60", "STARS-BETWEEN", 1),
        ("（a+b）**2+（c+d）**2", "STARS-BETWEEN", 1),
        ("~~100%~~95%，~~90%~~85%", "TILDES-LEFT", 1),
        ("甲\n~~10 mm(旧)~~12 mm", "TILDES-LEFT", 2),
        ("数量~~(5)~~6", "TILDES-LEFT", 1),
        ("5%~~10%，15%~~20%", "TILDES-LEFT", 1),
        ("~~甲~~乙~~丙", "TILDES-LEFT", 1),
        ("20~max~", "TILDES-LEFT", 1),
        ("甲\nV~☆~", "TILDES-LEFT", 2),
        ("C~abcdefghijklm~", "TILDES-LEFT", 1),
        ("|甲|\n|---|\n|x~1~~x~2~|", "TILDES-LEFT", 3),
        ("Φ25~+0.021~", "TILDES-LEFT", 1),
    ],
)
def test_pairs_that_would_mark_other_words_are_refused(
    told: "Told", text: str, code: str, line: int
) -> None:
    assert (code, line) in told(text)
    assert {one for one, _ in told(text)} == {code}


@pytest.mark.parametrize(
    "text",
    ["谢谢~~", "~~/~~/~~", "10~20~30，A~C、D~F", "约 5~~6", "周一~周三~周五", "A~B~C", "a~~~b~~~c"],
)
def test_tildes_that_are_letters_are_printed(press: "Press", told: "Told", text: str) -> None:
    assert told(text) == []
    assert press.read_back([text]) == ["".join(text.split())]


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("差异显著（*p* < 0.05，*n* = 30）", "差异显著（p<0.05，n=30）"),
        ("*t* ≥ 2.1 and *p* ≤ 0.01.", "t≥2.1andp≤0.01."),
    ],
)
def test_the_sign_of_a_quantity_that_is_compared_is_emphasised(
    press: "Press", told: "Told", text: str, paper: str
) -> None:
    assert told(text) == []
    assert press.read_back([text]) == [paper]


@pytest.mark.parametrize(
    "text",
    [
        "a*p* < 5",
        "5*p* < 3",
        "2*a *p* < 3",
        "带 *A 和 B* = 5",
        "*p*5 < 3",
        "3 *p* 4",
        "*5* < 6",
        "*p *q* < 3",
    ],
)
def test_stars_of_a_product_are_not(told: "Told", text: str) -> None:
    found = told(text)
    assert not found or found == [("STARS-BETWEEN", 1)]
    if not found:
        assert "<em>" not in to_html(text, assets=()).html
