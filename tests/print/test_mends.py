"""Each mend of a text that could not be printed, followed to the letter: the fault is gone.

What is asked for stands in the mend itself, in both languages, so that it can't say one thing and
mean another.
"""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qms.codes import CodeTable
from qms_publish.text.markdown import faults_of

if TYPE_CHECKING:
    from tests.print.conftest import Press

TABLE = Path(str(files("qms_publish") / "data" / "codes.toml"))
CODES = tomllib.loads(TABLE.read_text(encoding="utf-8"))
PICTURES = ("assets/figure 1.png", "assets/图 1.png", "assets/a (1).png", "assets/a.png")


def told(text: str) -> set[str]:
    found = faults_of(text, assets=PICTURES, path="a.md", first_line=1)[0]
    return {one.code for one in found}


def mends(code: str, text: str, asked: str = "mend") -> list[str]:
    """What somebody is told to write, in both languages, by each finding of a code."""
    table = CodeTable([TABLE])
    found = faults_of(text, assets=PICTURES, path="a.md", first_line=1)[0]
    tell = table.mend if asked == "mend" else table.sentence
    return [tell(one, language) for one in found if one.code == code for language in ("en", "zh")]


@pytest.mark.parametrize(
    ("code", "wrong", "said", "mended", "paper"),
    [
        ("STARS-LEFT", "**A4 paper**5 sheets", "**A4 paper** 5 sheets", "{}", "A4paper5sheets"),
        ("STARS-LEFT", "** 重点 ** A 类", "**重点** A 类", "{}", "重点A类"),
        ("STARS-LEFT", "见 ** 处", r"\*\*", "见 {} 处", "见**处"),
        ("STARS-LEFT", "力矩 5 N**", r"5 N\*\*", "力矩 {}", "力矩5N**"),
        ("STARS-LEFT", "数值**\n\n** 停机后", r"\*\*", "数值{0}\n\n{0} 停机后", "数值****停机后"),
        ("STARS-LEFT", "日期 ****** 止", "____", "日期 {} 止", "日期____止"),
        (
            "TABLE-RULE", "|项目|数值|\n|重量|5 kg|",
            "| 项目 | 数值 |", "{}\n|---|---|\n| 重量 | 5 kg |", "项目数值重量5kg",
        ),
        ("FRAME-LOOSE", "┌─┐\n│甲│\n└─┘", "```", "{0}\n┌─┐\n│甲│\n└─┘\n{0}", "┌─┐│甲│└─┘"),
        ("FRAME-LOOSE", "甲/\n├─ 乙\n└─ 丙", "```", "{0}\n甲/\n├─ 乙\n└─ 丙\n{0}", "甲/├─乙└─丙"),
        ("TABLE-RULE", "|a|\n|——|", "|---|---|", "| Item | Value |\n{}\n", "ItemValue"),
        ("TABLE-RULE", "+--+--+\n|甲|乙|", "```", "{0}\n+--+--+\n|甲|乙|\n{0}", "+--+--+|甲|乙|"),
        ("TABLE-RULE", "|甲|\n|乙|", r"\|", "{0}甲{0}\n{0}乙{0}", "|甲||乙|"),
        ("HEADING-LINE", "范围\n=", "## 2 …", "{}", "2…"),
        ("HEADING-LINE", "签名：\n----", "____", "签名：{}", "签名：____"),
        ("HEADING-LINE", "签名：\n----", "", "签名：\n\n----", "签名："),
        ("BACKTICK-LOST", "30°15`，45°20`", "′", "30°15{0}，45°20{0}", "30°15′，45°20′"),
        ("BACKTICK-LOST", "a`s or b`s", "'", "a{0}s or b{0}s", "a'sorb's"),
        ("BACKTICK-LOST", "a`s or b`s", "’", "a{0}s or b{0}s", "a’sorb’s"),
        ("BACKTICK-LOST", "a`s or b`s", r"\`", "a{0}s or b{0}s", "a`sorb`s"),
        ("BACKTICK-LOST", "按 `甲' 或 `乙' 键", "“ ”", "按 “甲” 或 “乙” 键", "按“甲”或“乙”键"),
        ("BACKTICK-LOST", "the` OK `key", "`OK`", "the {} key", "theOKkey"),
        ("CARETS-LEFT", "见^注^", "10^-6^", "{} m", "10-6m"),
        ("CARETS-LEFT", "见^注^", "甲^1)^", "{}，", "甲1)，"),
        ("CARETS-LEFT", "x^y^z", "x^n^ y", "{}", "xny"),
        ("CARETS-LEFT", "x^y^z", "×", "x^y^ {} z", "xy×z"),
        ("CARETS-LEFT", "见^注^", r"\^", "见{0}注{0}", "见^注^"),
        ("CARETS-LEFT", "Table 3, footnote ^a^", "note^a^", "Table 3, foot{}", "Table3,footnotea"),
        ("CARETS-LEFT", "附录 ^a^，", "注^a^", "{}，", "注a，"),
        ("LETTER-RAISED", "甲ᵃ", "^a^", "甲{}", "甲a"),
        ("LETTER-RAISED", "xᵢ", "~i~", "x{}", "xi"),
        ("LETTER-RAISED", "eᵝ", "^β^", "e{}", "eβ"),
        ("LETTER-RAISED", "| 甲 |\n|---|\n| ᴷ |", "(K)", "{}", "(K)"),
        ("CODE-OPEN", "```\n甲", "```", "{0}\n甲\n{0}", "甲"),
        ("CODE-OPEN", "甲\n\n~~~~\n乙", "---", "甲\n\n{}\n乙", "甲乙"),
        ("CODE-OPEN", "~~~ 乙 ~~~", r"\~\~\~", "{0} 乙 {0}", "~~~乙~~~"),
        ("CODE-OPEN", "```\n乙", r"\`\`\`", "{}\n乙", "```乙"),
        ("CODE-WORDS", "~~~ 乙 ~~~", r"\~\~\~", "{0} 乙 {0}", "~~~乙~~~"),
        ("CARETS-LEFT", r"5 N^\*\*^", "^**^", "5 N{}", "5N**"),
        ("BACKSLASH-LOST", r"正则 \d+\.\d*", r"`\d+\.\d*`", "正则 {}", r"正则\d+\.\d*"),
        ("BACKSLASH-LOST", r"根目录 \data\_x", "`", r"根目录 {0}\data\_x{0}", r"根目录\data\_x"),
        ("CODE-INDENT", "甲\n\n    乙", "", "甲\n\n乙", "甲乙"),
        ("CODE-INDENT", "甲\n\n    乙", "```", "甲\n\n{0}\n    乙\n{0}", "甲乙"),
        ("STARS-BETWEEN", "图号：_A-01_。", r"\_", "图号：{0}A-01{0}。", "图号：_A-01_。"),
        ("STARS-BETWEEN", "图号：_A-01_。", "`_A-01_`", "图号：{}。", "图号：_A-01_。"),
        ("STARS-BETWEEN", "见 _NOTE_。", "*NOTE*", "见 {}。", "见NOTE。"),
        ("STARS-BETWEEN", "请按*OK*键", "**OK**", "请按{}键", "请按OK键"),
        ("STARS-BETWEEN", "单价*NOTE*（见）", "(*NOTE*)", "单价{}，", "单价(NOTE)，"),
        ("STARS-BETWEEN", "单价*重点*（见）", "（*重点*）", "单价{}，", "单价（重点），"),
        ("STARS-BETWEEN", "*必填 姓名*：", r"\*", "{0}必填 姓名{0}：", "*必填姓名*："),
        ("STARS-LEFT", "**kwargs 与 args*", r"\*", "{0}{0}kwargs 与 args{0}", "**kwargs与args*"),
        ("HTML-FORBIDDEN", "H<sub>2</sub>O", "H~2~O", "{}", "H2O"),
        ("HTML-FORBIDDEN", "m<sup>2</sup>", "m^2^", "{}", "m2"),
        ("BACKSLASH-LOST", r"密码 abc\!def", r"abc\\!", "密码 {}def", r"密码abc\!def"),
        ("BACKSLASH-LOST", r"1\+1", "1+1", "{}", "1+1"),
        ("SIGN-LOST", "收入\n- 支出", r"\-", "收入\n{} 支出", "收入-支出"),
        ("SIGN-LOST", "温度\n> 上限", r"\>", "温度\n{} 上限", "温度>上限"),
        ("SIGN-LOST", "收入\n- 支出", "", "收入\n\n- 支出", "收入支出"),
        (
            "SIGN-LOST", "总价 = 单价\n* 数量\n* 系数",
            r"\*", "总价 = 单价\n{0} 数量\n{0} 系数", "总价=单价*数量*系数",
        ),
        ("SIGN-LOST", "- 净重\n= 毛重", r"\-", "{} 净重\n= 毛重", "-净重=毛重"),
        ("SIGN-LOST", "1. R = U/I\n   - 甲", "", "1. R = U/I\n\n   - 甲", "R=U/I甲"),
        ("SIGN-LOST", "位于\n# 3 车间", r"\#", "位于\n{} 3 车间", "位于#3车间"),
        ("SIGN-LOST", "## 炉 1 #", r"\#", "## 炉 1 {}", "炉1#"),
        ("SIGN-LOST", "# 甲\n\n# 2 乙", "## 2 …", "# 甲\n\n{}", "甲2…"),
        ("SIGN-LOST", "- 甲\n- ---", "---", "- 甲\n\n{}", "甲"),
        ("SIGN-LOST", "- 甲\n- ---", r"\-", "- 甲\n- {}--", "甲---"),
        ("SIGN-LOST", "- > 甲", r"\>", "- {} 甲", ">甲"),
        ("SIGN-LOST", "- > 甲", "", "- 乙\n\n  > 甲", "乙甲"),
        (
            "PICTURE-BLANK", '![甲](../../assets/a.png "表"甲"")',
            '![…](../../assets/a.png "“A”面")', "{}", "“A”面",
        ),
        ("STARS-BETWEEN", "**压力(MPa)**5", "**(MPa)** 5", "{}", "(MPa)5"),
        ("STARS-BETWEEN", "**压力(MPa)**5", "**（MPa）** 5", "{}", "（MPa）5"),
        ("STARS-BETWEEN", "带*者，见 *重点*", r"\*", "带{}者，见 *重点*", "带*者，见重点"),
        ("TILDES-LEFT", "~~5%~~6%，~~7%~~8%", "~~5%~~ 6%", "{}", "5%6%"),
        ("TILDES-LEFT", "数量~~(5)~~6", "", "数量~~(5)~~ 6", "数量(5)6"),
        ("TILDES-LEFT", "20~max~", "ReL", "{}=5", "ReL=5"),
        ("TILDES-LEFT", "20~max~", "R~m~", "{}=5", "Rm=5"),
        ("TILDES-LEFT", "20~max~", "R~eH~", "{}=5", "ReH=5"),
        ("TILDES-LEFT", "x~1~~x~2~", "x~1~ x~2~", "{}", "x1x2"),
        ("TILDES-LEFT", "25~-0.02~", "25~-0.02~^+0.01^", "{}", "25-0.02+0.01"),
        ("TILDES-LEFT", "5%~~6%，7%~~8%", "5～10", "{}", "5～10"),
        ("TILDES-LEFT", "20~max~", r"\~", "20{0}max{0}", "20~max~"),
        ("STARS-BETWEEN", "长*宽*高", "×", "长{0}宽{0}高", "长×宽×高"),
        (
            "TABLE-RULE", "项目\t数值\n重量\t5 kg",
            "| 重量 | 5 kg |", "| 项目 | 数值 |\n|---|---|\n{}", "项目数值重量5kg",
        ),
        ("HTML-FORBIDDEN", "<b>甲</b>", "**文字**", "{}", "文字"),
        ("HTML-FORBIDDEN", "<p>甲", "<br>", "甲{}乙", "甲乙"),
        ("HTML-FORBIDDEN", "<div>\n甲\n</div>", "\\", "甲{}\n乙", "甲乙"),
        ("HTML-FORBIDDEN", "填写 <Name> 一栏", r"\<", "填写 {}Name> 一栏", "填写<Name>一栏"),
        ("HTML-FORBIDDEN", "填写 <Name> 一栏", "＜", "填写 {}Name＞ 一栏", "填写＜Name＞一栏"),
        ("HTML-FORBIDDEN", "<img src=x>", "![words](<../../assets/figure 1.png>)", "{}", ""),
        ("HTML-FORBIDDEN", "<img src=x>", "![说明](<../../assets/图 1.png>)", "{}", ""),
        (
            "URL-FORBIDDEN", "[记录](http://x.y)",
            "[记录控制程序](LX-CX-2019-02.md)", "{}", "记录控制程序",
        ),
        ("URL-FORBIDDEN", "<mailto:a@b.example>", "", "a@b.example", "a@b.example"),
        ("URL-FORBIDDEN", "<http://x.y/a_b>", "", "`http://x.y/a_b`", "http://x.y/a_b"),
        ("URL-FORBIDDEN", "<http://x.y/a>", "", "http://x.y/a", "http://x.y/a"),
        ("URL-FORBIDDEN", "[盘](D:/x)", "", "`D:\\x`", r"D:\x"),
        ("URL-FORBIDDEN", "![a](http://x.y/a.png)", "![说明](<../../assets/图 1.png>)", "{}", ""),
        ("URL-FORBIDDEN", "螺钉[M8](25)", r"\[M8](25)", "螺钉{}", "螺钉[M8](25)"),
        ("LETTER-MISSING", "😀", "√ × ✓ ✗", "{}", "√×✓✗"),
        ("LETTER-MISSING", "😀", "⌀", "{}5", "⌀5"),
        ("LETTER-MISSING", "😀", "☐ ☑ □ ■", "{}", "☐☑□■"),
        ("LETTER-MISSING", "😀", "● ○ ▲", "{}", "●○▲"),
        ("LETTER-MISSING", "😀", "→", "{}", "→"),
        ("LETTER-MISSING", "😀", "Φ", "{}5", "Φ5"),
        ("LETTER-ALIKE", "宽 5\u20240 mm", ".", "宽 5{}0 mm", "宽5.0mm"),
        ("LETTER-ALIKE", "宽 5\u20240 mm", "·", "宽 5{}0 mm", "宽5·0mm"),
        ("LETTER-ALIKE", "取 1\u200a0 件", "", "取 1{}0 件", "取10件"),
        ("LETTER-ALIKE", "ISO 2768\u2011mK", "-", "ISO 2768{}mK", "ISO2768-mK"),
        ("LETTER-ALIKE", "non\u2010conforming", "-", "non{}conforming", "non-conforming"),
        ("LETTER-ALIKE", "a \ufb01nal oﬃce", "fi", "a {}nal office", "afinaloffice"),
        ("LETTER-VARIANT", "葛\U000e0100某", "", "葛某", "葛某"),
        ("HEADING-BLANK", "##\u00a02 范围", "## 2 …", "{}", "2…"),
        ("HEADING-BLANK", "#\u20022 范围", "## 2 …", "{}", "2…"),
        ("HEADING-BLANK", "##\u20032 范围", "## 2 …", "{}", "2…"),
        ("URL-FORBIDDEN", "[见2](#2-范围)", "(#a-2)", "[见2]{}", "见2"),
        ("LETTER-ACCENT", "x\u0304 图", "x-bar", "{} 图", "x-bar图"),
        ("LETTER-ACCENT", "R\u0304 图", "平均值", "{} 图", "平均值图"),
        ("LETTER-SYMBOL", "\uf0a8 合格", "☐ ☑ □ ■", "{} 合格", "☐☑□■合格"),
        ("LETTER-SYMBOL", "\uf0fc", "✓ √ ✗ ×", "{}", "✓√✗×"),
        ("LETTER-SYMBOL", "\uf0e0", "● ◆ →", "{}", "●◆→"),
        ("SIGN-LOST", ">5", "＞5", "{} mm", "＞5mm"),
        ("SIGN-LOST", ">5", r"\>5", "{} mm", ">5mm"),
        ("SIGN-LOST", "- 5", "−5", "{} V", "−5V"),
        ("SIGN-LOST", "- 5", r"\-5", "{} V", "-5V"),
        ("SIGN-LOST", "+ 5", r"\+5", "{} V", "+5V"),
        ("SIGN-LOST", "- 5", "- 电压 5 V", "{}", "电压5V"),
        ("SIGN-LOST", "扣分：\n\n- 5 分 甲", "\\-5", "扣分：\n\n{} 分 甲", "扣分：-5分甲"),
        ("SIGN-LOST", "> 三年", r"\>", "{} 三年", ">三年"),
        ("SIGN-LOST", "> 三年", "**", "> {0}三{0}年", "三年"),
        ("SIGN-LOST", "期初 + 入库\n- 出库", r"\-", "期初 + 入库\n{} 出库", "期初+入库-出库"),
        ("SIGN-LOST", "- 5 V\n- 6 V", "*", "{0} 5 V\n{0} 6 V", "5V6V"),
        ("SIGN-LOST", "* 甲", r"\*", "{} 甲", "*甲"),
        ("SIGN-LOST", "* 甲", "-", "{} 甲", "甲"),
        ("SIGN-LOST", "-", r"\-", "处置：\n{}", "处置：-"),
        ("SIGN-LOST", ">甲", ">", "{} 甲", "甲"),
        ("SIGN-LOST", "编号\n#", r"\#", "编号\n{}", "编号#"),
        ("SIGN-LOST", ">>> a", r"\>>>", "{} a", ">>>a"),
        ("SIGN-LOST", ">>> a", "```", "{0}\n>>> a\n{0}", ">>>a"),
        ("SIGN-LOST", "- 甲\n+ 乙", "-", "{0} 甲\n{0} 乙", "甲乙"),
        ("SIGN-LOST", "- X\n+ Y", r"\+5", "\\-5\n{}", "-5+5"),
        ("SIGN-LOST", "> 5 目的", "> **5** …", "{}", "5…"),
        ("LIST-MARKS", "- - 阴性", r"- \- 阴性", "{}", "-阴性"),
        ("LIST-MARKS", "- + 阳性", r"- \+ positive", "{}", "+positive"),
        (
            "LIST-MARKS", "- - - 裁剪线 - - -",
            r"\- - - 裁剪线 - - -", "{}", "---裁剪线---",
        ),
        ("LIST-MARKS", "- - - cut", "---", "甲\n\n{}\n\ncut", "甲cut"),
        ("LIST-MARKS", "2026. 11. 30 生效", r"2026\. 11. 30", "{} 生效", "2026.11.30生效"),
        ("LIST-MARKS", "2026. 11. 30 生效", "2026-11-30", "{} 生效", "2026-11-30生效"),
        ("LIST-MARKS", "- 1. 甲", "- 1、…", "{}", "1、…"),
        ("LIST-MARKS", "- - 甲", "", "- 乙\n  - 甲", "乙甲"),
        ("TABLE-END", "|a|\n|---|\n|1|\n乙", "| … | … |", "|a|b|\n|---|---|\n{}\n\n乙", "ab……乙"),
        ("BACKSLASH-LOST", r"存于 D:\_data", r"`D:\_data`", "存于 {}", r"存于D:\_data"),
        ("BACKSLASH-LOST", r"存于 D:\_data", r"D:\\_data", "存于 {}。", r"存于D:\_data。"),
        ("BACKSLASH-LOST", r"\\server\x", r"`\\server\x`", "见 {}", r"见\\server\x"),
        ("BACKSLASH-LOST", r"密码 abc\!", r"abc\\!", "密码 {}", r"密码abc\!"),
        ("PICTURE-BLANK", "![甲](a (1).png)", "![…](<../../assets/a (1).png>)", "{}", ""),
        ("PICTURE-BLANK", "![甲][name]", "[name]: ../../assets/a.png", "![甲][name]\n\n{}", ""),
        ("PICTURE-BLANK", "![甲] (x.png)", "![…](<../../assets/a (1).png>)", "{}", ""),
        ("PICTURE-BLANK", "![甲]（x.png）", "![…](<../../assets/a (1).png>)", "{}", ""),
        ("PICTURE-BLANK", "![甲][1]", r"\!", "{}[甲][1]", "![甲][1]"),
    ],
)  # fmt: skip
def test_what_is_said_is_what_helps(  # noqa: PLR0913, PLR0917 - a row of the table
    press: "Press", code: str, wrong: str, said: str, mended: str, paper: str
) -> None:
    assert code in told(wrong)
    given = mends(code, wrong)
    assert any(said in mend for mend in given), given

    text = mended.format(said)

    assert told(text) == set()
    assert press.read_back([text], assets=PICTURES) == [paper]


@pytest.mark.parametrize(
    "path", [r"C:\temp\new", r"C:\*.*", r"D:\_a\_b", r"E:\x\_y", r"\\PC-01\HP", r"(E:\#1)"]
)
def test_a_path_with_each_backslash_written_twice_is_printed(press: "Press", path: str) -> None:
    doubled = path.replace("\\", "\\\\")

    assert told(f"存于 {doubled}") == set()
    assert press.read_back([f"存于 {doubled}"]) == [f"存于{path}"]


LONG = "为使现场使用的文件均为有效版本，" * 8


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{LONG}长*宽*高 mm。{LONG}", "长*宽*高"),
        (f"{LONG}**重点**A类。{LONG}", "**重点**A类"),
        (f"{LONG}_A-01_。{LONG}", "_A-01_"),
        (f"甲 `x` [乙](https://a.example/{'x' * 99})、\\*{LONG}长*宽*高 mm。", "长*宽*高"),
        (f"甲\n{LONG}\n![图](<../../assets/图 1.png>)**重点**{LONG}长*宽*高", "长*宽*高"),
    ],
)
def test_a_long_line_is_quoted_around_the_signs(text: str, said: str) -> None:
    found = faults_of(text, assets=PICTURES, path="a.md", first_line=1)[0]

    (fault,) = found
    assert said in fault.values["found"]
    assert len(fault.values["found"]) <= 60
    assert fault.values["found"].strip("…") in text


def test_signs_of_one_line_are_told_once() -> None:
    found = faults_of(f"长*宽*高{LONG}长*宽*高", assets=(), path="a.md", first_line=1)[0]

    assert [one.values["found"][:5] for one in found] == ["长*宽*高"]


def test_all_tags_of_a_line_are_told_at_once() -> None:
    text = "按 <Ctrl>+<C> 再按 <Enter>，**见** <b>乙</b> [丙](http://x.y) <i>丁</i>\n\n<Esc>"

    found = faults_of(text, assets=(), path="a.md", first_line=1)[0]

    assert [(one.code, one.values["found"]) for one in found] == [
        ("HTML-FORBIDDEN", "<Ctrl> <C> <Enter> <b> <i>"),
        ("URL-FORBIDDEN", "http://x.y"),
        ("HTML-FORBIDDEN", "<Esc>"),
    ]
    assert told(r"按 \<Ctrl>+\<C> 再按 ＜Enter＞") == set()


@pytest.mark.parametrize(
    ("written", "like"),
    [
        ("\u2a7d", "≤"),
        ("\u2a7e", "≥"),
        ("\u2705", "✓"),
        ("\u274c", "✗"),
        ("e\u0301", "é"),
        ("𝑥", "x"),
    ],
)
def test_a_sign_that_another_one_stands_for_is_told_with_it(
    press: "Press", written: str, like: str
) -> None:
    found = faults_of(f"压力 {written} 5", assets=(), path="a.md", first_line=1)[0]

    assert [(one.code, one.values["like"]) for one in found] == [("LETTER-OTHER", like)]
    assert "{like}" in CODES["LETTER-OTHER"]["mend_en"]
    assert "{like}" in CODES["LETTER-OTHER"]["mend_zh"]
    assert told(f"压力 {like} 5") == set()
    assert press.read_back([f"压力 {like} 5"]) == [f"压力{like}5"]


def test_an_accent_is_told_with_its_letter() -> None:
    found = faults_of("x\u0304 R\u0304\n\nx\u0304 X\u0305", assets=(), path="a.md", first_line=1)[0]

    assert [(one.values["found"], one.place.line) for one in found] == [
        ("x\u0304", 1), ("R\u0304", 1), ("X\u0305", 3)
    ]  # fmt: skip
    assert {one.values["number"] for one in found} == {
        "U+0078 U+0304", "U+0052 U+0304", "U+0058 U+0305"
    }  # fmt: skip


def test_a_note_of_word_is_told_alone_and_how_it_is_written(press: "Press") -> None:
    """The address of its link was refused first, with advice about links."""
    assert told("见[^1]。\n\n[^1]: 说明文字") == {"DEFINITION-UNUSED"}
    given = mends("DEFINITION-UNUSED", "见[^1]。\n\n[^1]: 说明文字")
    assert all("^1^" in mend and "注 1：" in mend for mend in given)

    assert press.read_back(["见^1^。\n\n注 1：说明文字"]) == ["见1。注1：说明文字"]


def test_a_table_that_is_too_wide_is_told_how_wide_it_is() -> None:
    """It was said to have one column more than may be, and pictures to be saved smaller."""
    wide = "\n".join("|" + cell * 40 for cell in ("a|", "---|", "b|"))

    (english, chinese), mended = (mends("RENDER-LIMIT", wide, part) for part in ("text", "mend"))

    assert "40" in english
    assert "40" in chinese
    assert not any("pixels" in mend or "图片" in mend for mend in mended)
    assert "图片" in "".join(mends("RENDER-LIMIT", "![甲](../../assets/a.png)\n\n" * 201))


def test_a_letter_that_is_cut_is_told_how_matplotlib_leaves_room() -> None:
    for language in ("en", "zh"):
        assert 'bbox_inches="tight"' in CODES["LETTER-CUT"][f"mend_{language}"]


def test_what_most_people_need_of_a_long_mend_stands_first() -> None:
    """That of stars filled twelve lines, and × stood nowhere near what a beginner needs."""
    for mend in mends("STARS-BETWEEN", "长*宽*高"):
        assert mend.index("×") < mend.index(r"\*") < mend.index("**OK**") < 160
        assert len(mend) < 480


def test_for_a_sign_one_clause_says_what_to_write() -> None:
    """A list of values was told twenty clauses, item by item."""
    given = mends("SIGN-LOST", "- 5 V\n- 6 V\n- 7 V\n\n甲\n\n* 乙")

    assert len(given) == 2 * 2
    assert all(mend.count(";") + mend.count("；") <= 2 for mend in given), given
    assert ["*" in mend and "−5" in mend for mend in given] == [True, True, False, False]


def test_a_hyphen_that_stands_alone_is_named() -> None:
    """In Chinese it was called 无."""
    assert all("“-”" in said for said in mends("SIGN-LOST", "处置：\n\n-\n", "text"))
