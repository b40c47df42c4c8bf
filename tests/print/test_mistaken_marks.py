"""What could have been meant as letters is refused, and what is a mark is obeyed (DC-18).

Found by a print master with Word's habits: stars of notes and of fields that have to be filled in,
underscores of names, minus and more than at a line's beginning, backslashes of passwords.
"""

import re
from typing import TYPE_CHECKING

import pytest

from qms_publish.text.markdown import faults_of, to_html
from qms_publish.text.plain import is_plain

if TYPE_CHECKING:
    from tests.print.conftest import Press

PICTURES = ("assets/a.png",)


def told(text: str) -> list[tuple[str, int]]:
    """Code and line of all that keeps a text from being printed; also what the quick look says."""
    found = faults_of(text, assets=PICTURES, path="a.md", first_line=1)[0]
    assert not (found and is_plain(text))
    return [(one.code, one.place.line) for one in found]


@pytest.mark.parametrize(
    "text",
    [
        "文件 _old 和 new_", "后缀为 _a 的文件与前缀为 b_ 的文件", "变量 _x、y_", "第 _三_ 版",
        "签名：__王__", "_x、y__", "_重点_", "|_甲_|\n|---|",
    ],
)  # fmt: skip
def test_an_underscore_is_never_a_mark(text: str) -> None:
    assert told(text) == [("STARS-BETWEEN", 1)]


@pytest.mark.parametrize(
    "text",
    [
        "有 **A 与 B* 两类",
        "**kwargs 与 args*",
        "**注：(A)*",
        "第1类，**(见注)*",
        "***A** B",
        "*A**，*B",
    ],
)
def test_as_many_stars_end_something_as_began_it(text: str) -> None:
    assert ("STARS-LEFT", 1) in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "*1：见P*，M8", "标记：*和5*", "带 *A 和 B* 的", "5 *A*5*。", "*必填 姓名*：", "*甲，乙*",
        "*甲：乙*", "*步骤2*", "*2步骤*", "*A类*", "见 *A-01*，", "*see annex. Then stop*",
        "*甲\n乙*", "*斜*5", "数量5*单价*，", "请按*OK*键", "*甲 `x`*",
        "（*必填）姓名*：", '("*必填"姓名*)', "（1+税率）*数量*（1-折扣）", '"单价"*数量*"系数"',
        "“单价”*数量*，", "*数量*（1+税率）", '"*必填"和"选填*"', "'*必填'和'选填*'",
        "“*必填”和选填*", "（*关键）与（重要*）",
        "50%*单价*，", "/*注释*/", "文件 *备份*.txt",
        "日志.*备份*，", "*甲，all*", "*all, 甲*", "(*M8, then stop*)", "(*stop, then A*)",
        "*all；only*",
    ],
)  # fmt: skip
def test_single_stars_that_may_be_those_of_notes_are_refused(text: str) -> None:
    assert ("STARS-BETWEEN", 1) in told(text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*重点*", "<em>重点</em>"),
        ("*注意：* 请，*Reason:* it is", "<em>Reason:</em>"),
        ("见 *强调*，", "<em>强调</em>"),
        ("applies to *all incoming* materials", "<em>all incoming</em>"),
        ("see *Annex A*", "<em>Annex A</em>"),
        ("**甲 *乙* 丙**", "<em>乙</em>"),
        ("（*重点*），(*see*)", "（<em>重点</em>），(<em>see</em>)"),
        ("“*重点*”和《*重点*》", "“<em>重点</em>”和《<em>重点</em>》"),
        ("the \"*term*\", '*all*'", "<em>term</em>"),
        ("*Important*: wear *gloves*.", "<em>Important</em>: wear <em>gloves</em>."),
        ("see *all materials*. Then ——*重点*——", "<em>重点</em>——"),
        ("*See the annex, then stop.*", "<em>See the annex, then stop.</em>"),
        ("（*three, two, one*）", "（<em>three, two, one</em>）"),
        ("*三类（CMM）“甲”件*", "<em>三类（CMM）“甲”件</em>"),
        ("*the (suppliers’ and the firm’s) parts*", "parts</em>"),
        ("*the \"old\" parts* of '*all*'", "<em>all</em>"),
        ("***甲，** 乙*", "<em><strong>甲，</strong> 乙</em>"),
        ("*三坐标（CMM）测量*", "<em>三坐标（CMM）测量</em>"),
        ("请按**OK**键", "<strong>OK</strong>"),
    ],
)
def test_an_honest_phrase_is_emphasised(text: str, html: str) -> None:
    assert told(text) == []
    assert html in to_html(text, assets=()).html


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("收入 100\n- 支出 50\n= 50", 2),
        ("偏差 = 实际值\n- 理论值\n= 2 mm", 2),
        ("收入 100\n- 支出 50\n- 税 3\n= 47", 2),
        ("合计：\nA\n+ B\n+ C", 3),
        ("当温度\n> 上限时停机", 2),
        ("电阻值大于 10 Ω，\n> 允许值", 2),
        ("1. 收入\n- 支出", 2),
        ("> 甲\n- 乙", 2),
        ("> 甲\n> - 乙", 2),
        ("- 甲\n  + 乙", 2),
        ("- 甲\n  > 乙", 2),
        (">　上限时停机", 1),
        ("> 甲\n>　乙", 2),
        ("1. 有\n2. ---\n3. 无", 2),
        ("1. 一级\n2. ***\n3. 三级", 2),
        ("1. 甲\n2. - - -", 2),
        ("- 甲\n- ---\n- 乙", 2),
        ("- 甲\n- - -\n- 乙", 2),
        ("* 甲\n* ***", 2),
        ("> - 甲\n> - ---\n> - 乙", 2),
        ("- ---\n- 乙", 1),
        ("1. > 上限\n2. 完", 1),
        ("- > 上限\n- 甲", 1),
        ("1. 甲\n   1. > 上限", 2),
        (">\t上限", 1),
        ("> 甲\n>\t乙", 2),
        ("> 甲\n>\n>\t- 乙\n>\t- 丙", 3),
    ],
)
def test_a_sign_right_below_a_text_is_refused(text: str, line: int) -> None:
    assert ("SIGN-LOST", line) in told(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("净重 = 毛重\n- 皮重\n- 箱重", 2),
        ("利润＝收入\n- 成本\n- 税金", 2),
        ("净重\n= 毛重\n- 皮重\n- 箱重", 3),
        ("总价 = 单价\n* 数量\n* 系数", 2),
        ("- 净重\n= 毛重", 1),
        ("1. 净重 = 毛重\n   - 皮重", 2),
        ("- 净重 = 毛重\n  - 皮重\n  - 箱重", 2),
        ("收入\n- 支出\n- 税 = 45", 2),
        ("> 净重 = 毛重\n> - 皮重\n> - 箱重", 2),
    ],
)
def test_signs_of_a_sum_are_no_items(text: str, line: int) -> None:
    assert told(text) == [("SIGN-LOST", line)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("设备位于\n# 3 车间", 2),
        ("设备位于\n### 三车间", 2),
        ("| 甲 |\n|---|\n| 乙 |\n# 3", 4),
        ("1. # 3\n2. 甲", 1),
        ("1. 甲\n   # 3 炉", 2),
        ("1. 甲\n\n   ## 炉", 3),
        ("- ## 甲", 1),
        ("> # 5", 1),
        ("### 4.2 炉 1 #", 1),
        ("# 甲 ##", 1),
        ("# 程序\n\n# 3 炉", 3),
        ("# 程序\n\n# **3** 炉", 3),
    ],
)
def test_a_hash_that_makes_no_heading_of_the_text_is_refused(text: str, line: int) -> None:
    assert ("SIGN-LOST", line) in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "# 1 程序\n## 1 目的\n### 1.1 甲 ###\n\n甲\n\n# 附录 ##A",
        "\n# 程序\n\n## C# 语言\n\n## 2 乙 ##",
        "参数：\n- R = 5\n- T = 6",
        "F=ma\n式中：\n- F：力\n- m：质量",
        "F = m × a\n式中：\n- F：力",
        "见 https://a.example/?b=5 和 `x=5`\n- 甲\n- 乙",
        "净重 = 毛重\n\n- 皮重\n- 箱重",
        "1. R = U/I\n\n   - 电压\n   - 电流",
        "- 甲\n\n  > 乙",
        "甲\n\n- - -\n\n乙\n\n---\n\n* * *",
        "- 甲\n- 乙\n---\n丙",
    ],
)
def test_headings_lists_and_lines_that_are_meant_are_taken(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    "text",
    [
        r"密码abc\!def", r"密码 abc\#1", r"a\-b", r"1\+1", r"A\&B", r"5 \> 3", r"\(E=mc\)",
        r"a\{b\}", r"3\.5", r"C\# 语言", "甲\n乙a\\-b", '![图](assets/a.png "a\\-b")',
    ],
)  # fmt: skip
def test_a_backslash_that_escapes_nothing_is_refused(text: str) -> None:
    assert ("BACKSLASH-LOST", text.count("\n") + 1) in told(text)


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        (r"\- 甲", "-甲"), (r"\+5", "+5"), (r"\# 甲", "#甲"), (r"\>5", ">5"),
        ("甲\n\\- 乙", "甲-乙"),
        (r"1\. 甲", "1.甲"), (r"1\) 甲", "1)甲"), (r"\*\*\_\~\^\`\[\]\|\\", r"**_~^`[]|\\"[:-1]),
        (r"\<a\>", "<a>"), (r"\![x](a.md)", "!x"), (r"甲\[x\]\(y\)", "甲[x](y)"),
        (r"A\&amp;B", "A&amp;B"),
        (r"## 甲 \#", "甲#"), (r"\-\-\-", "---"), ("甲<br>\\- 乙", "甲-乙"), (r"- \- 甲", "-甲"),
    ],
)  # fmt: skip
def test_a_backslash_before_what_would_be_a_mark_is_one(
    press: "Press", text: str, paper: str
) -> None:
    assert told(text) == []
    assert press.read_back([text]) == [paper]


@pytest.mark.parametrize(
    "text",
    [
        "x^y^z",
        "2^3^4",
        "10^-6^5",
        "a^n^b",
        "x^1^^y^2^",
        "甲^a^b^",
        "20^☆^",
        "^®^ 甲",
        "见^注^",
        r"5 N^\*\*^",
        r"甲^\*^",
    ],
)
def test_carets_that_nobody_can_tell_are_refused(text: str) -> None:
    assert told(text) == [("CARETS-LEFT", 1)]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("《规程》^1)^", "》<sup>1)</sup>"),
        ("“甲”^2)^", "”<sup>2)</sup>"),
        ("句。^3)^", "。<sup>3)</sup>"),
        ("』^4)^", "』<sup>4)</sup>"),
        ("甲^[1]^乙", "<sup>[1]</sup>乙"),
        ("甲^①^", "<sup>①</sup>"),
        ("甲^（1）^", "<sup>（1）</sup>"),
        ("x^½^，x^1/2^", "x<sup>½</sup>，x<sup>1/2</sup>"),
        ("甲^1,2^乙^[1-3]^", "甲<sup>1,2</sup>乙<sup>[1-3]</sup>"),
        ("数据^*^，^2^ 注", "数据<sup>*</sup>，<sup>2</sup> 注"),
        ("5 N^**^，甲^***^", "N<sup>**</sup>，甲<sup>***</sup>"),
        ("^a^ 仅适用于甲", "<sup>a</sup> 仅适用于甲"),
        ("^a)^ note a，甲^注1)^", "<sup>a)</sup> note a，甲<sup>注1)</sup>"),
        ("甲^a^\n^注1)^乙\n^*^ 丙\n^**^ 丁", "<sup>注1)</sup>乙"),
        ("商标^®^ 20^℃^", "<sup>®</sup> 20<sup>℃</sup>"),
        ("e^-λt^+1，x^n^+1", "e<sup>-λt</sup>+1，x<sup>n</sup>+1"),
        ("10^-6^m，a^2^b", "10<sup>-6</sup>m，a<sup>2</sup>b"),
        ("R~eH~、R~p0.2~", "R<sub>eH</sub>、R<sub>p0.2</sub>"),
        ("K~IC~、U~AB~", "K<sub>IC</sub>、U<sub>AB</sub>"),
        ("lim~x→0~f，lim~n→∞~", "lim<sub>x→0</sub>f，lim<sub>n→∞</sub>"),
        ("∑~i=1~^n^、∫~0~^1^", "∑<sub>i=1</sub><sup>n</sup>、∫<sub>0</sub><sup>1</sup>"),
        ("V~总~、F~α~", "V<sub>总</sub>、F<sub>α</sub>"),
        ("T~1/2~、V~∞~", "T<sub>1/2</sub>、V<sub>∞</sub>"),
        ("t~90%~、D~50%~ = 12 µm", "t<sub>90%</sub>、D<sub>50%</sub>"),
        ("P~5%~，c~0.5‰~", "P<sub>5%</sub>，c<sub>0.5‰</sub>"),
        ("Φ25~+0.021~^-0.013^", "25<sub>+0.021</sub><sup>-0.013</sup>"),
        ("Φ25^+0.021^~0~", "25<sup>+0.021</sup><sub>0</sub>"),
        ("Φ5~0~^+0.1^", "5<sub>0</sub><sup>+0.1</sup>"),
    ],
)  # fmt: skip
def test_what_a_formula_or_a_note_raises_and_lowers_is_obeyed(
    press: "Press", text: str, html: str
) -> None:
    assert told(text) == []
    assert html in re.sub("</?span.*?>", "", to_html(text, assets=()).html)
    assert press.read_back([text]) == ["".join(one for one in text if one not in "^~ \n")]


@pytest.mark.parametrize(
    "text",
    [
        "2^n+1^-1",
        "x^2+y^2=z^2",
        "谢谢^_^，^_^",
        "A~B~C",
        "OK~，好~",
        "10mm~20mm~30mm",
        "(10)~(20)~(30)",
        "RH~50%~60%",
        "f~50Hz~60Hz",
        "A~C，D~F",
    ],
)
def test_what_is_neither_raised_nor_lowered_is_printed_as_it_stands(
    press: "Press", text: str
) -> None:
    assert told(text) == []
    assert press.read_back([text]) == [text]


@pytest.mark.parametrize(
    "text", ["A~C D~F", "f~50 Hz~60 Hz", "区 A~乙 丙~丁", "从 A~B 到 C~D", "OK~ 好~"]
)
def test_ranges_beside_each_other_are_printed(press: "Press", text: str) -> None:
    assert told(text) == []
    assert press.read_back([text]) == [text.replace(" ", "")]


def test_an_item_that_is_nothing_but_a_box_has_one(press: "Press") -> None:
    assert told("- [ ]\n- [x]\n\n1. [ ]") == []
    assert press.read_back(["- [ ]\n- [x]\n\n1. [ ]"], numbers=True) == ["☐☑1.☐"]


@pytest.mark.parametrize("words", ["图**粗**", "图 `x`", "图 H~2~O", "图[甲](a.md)"])
def test_the_words_of_a_picture_are_nothing_but_words(words: str) -> None:
    assert ("PICTURE-WORDS", 1) in told(f"![{words}](assets/a.png)")


def test_a_place_that_is_named_in_chinese_is_refused() -> None:
    assert told("[见2](#2-范围)") == [("URL-FORBIDDEN", 1)]


@pytest.mark.parametrize("end", [":", "：", "：**"])
def test_a_line_that_leads_to_a_list_may_have_one_of_a_single_item(end: str) -> None:
    """But a value may be meant with its sign."""
    above = ("**" if end.endswith("*") else "") + f"电源{end}"
    assert told(f"{above}\n- 交流电") == []

    assert told(f"{above}\n- 24 V") == [("SIGN-LOST", 2)]
    assert told(f"{above}\n* 交流电") == [("SIGN-LOST", 2)]


@pytest.mark.parametrize(
    "text",
    [
        "lim~x->0~ f", "λ~50 Hz~", "x~max and min~", "x~max and min~为 5", "t~90 %~，",
        "V~总 量~。", "t~0.000000000000%~",
    ],
)  # fmt: skip
def test_tildes_around_what_is_not_lowered_are_refused(text: str) -> None:
    assert told(text) == [("TILDES-LEFT", 1)]


def test_items_stand_as_far_in_as_they_are_typed() -> None:
    html = to_html("1. 甲\n  1) 子\n  2) 丑\n2. 乙\n", assets=()).html
    assert html.count('<ol class="below">') == 1
    assert html.index("甲") < html.index("below") < html.index("子") < html.index("乙")

    html = to_html("（1）甲\n  ①子\n    a) 丑\n  续行\n（2）乙", assets=()).html
    assert 'style="margin-left: 1em" class="line">①子' in html
    assert 'style="margin-left: 2em" class="line">a) 丑' in html
    assert html.count("margin-left") == 2


def test_a_line_of_code_ends_at_a_blank(press: "Press") -> None:
    """A renderer parts words behind each hyphen: --, and timeout on the next line."""
    lines = [f"{'qms ' * at}publish --timeout 30 --dry-run {'<a> ' * 20}" for at in range(24)]
    text = "\n".join(["```", *lines, "```"])
    assert told(text) == []

    press.read_back([text])
    words = {word for line in press.lines() for word in line.split()}

    assert words == {"qms", "publish", "--timeout", "30", "--dry-run", "<a>"}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("- 40 ℃ 储存\n- 20 ℃ 工作", [1]),
        ("- 10 ℃ 以下停机\n- 5 ℃ 报警", [1]),
        ("- 0.02（下差）\n- 0.01（上差）", [1]),
        ("- 0.02 mm 下偏差\n- 0.01 mm 上偏差", [1]),
        ("- 0.1 MPa（真空）\n- 无", [1]),
        ("- 0.05 MPa～0 MPa\n- 0.1 MPa～0.2 MPa", [1]),
        ("- 40 ℃～85 ℃ 储存\n- 常温工作", [1]),
        ("- 40 °C max\n- 5 °C min", [1]),
        ("- 15 V ±5 %\n- 甲", [1]),
        ("+ 12 V 输出\n+ 5 V 输出", [1]),
        ("- 甲\n- 5 ℃ 报警\n- 10 ℃ 停机\n- 乙\n- 3 dB 衰减", [2, 5]),
        ("- **40 ℃** 储存\n- **20 ℃** 工作", [1]),
        ("1. 甲\n   - 2.5 m 地下一层\n   - 3.6 m 地下二层", [2]),
        ("- 1.5以下\n- 2.5以上", [1]),
        ("- 5 V\n- 6 V\n- 7 V", [1]),
    ],
)
def test_of_several_items_each_may_be_minus_so_much(text: str, lines: list[int]) -> None:
    """DC-18: - 40 ℃ 储存 came out as • 40 ℃ 储存; adjacent ones are told once."""
    assert told(text) == [("SIGN-LOST", line) for line in lines]
    stars = re.sub(r"^([ ]*)[-+] ", r"\1* ", text, flags=re.MULTILINE)
    assert told(stars) == []


@pytest.mark.parametrize(
    "text",
    [
        "- 5 件\n- 10 件", "- 5 件\n- 10 件备件", "- 5 mm 的螺钉\n- 8 mm 的螺钉",
        "- 5.1 总则\n- 5.2 职责", "- 30 天（保修）\n- 60 天（质保）", "- 2 kg 样品\n- 3 kg 样品",
        "- 12 小时值班\n- 24 小时值班",
        "- 5 min 后\n- 10 min 后", "- 3 Monitors\n- 5 Keyboards", "- 4 m² 库房\n- 6 m² 库房",
    ],
)  # fmt: skip
def test_items_that_count_are_a_list(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("A. 甲", "B. 乙"), ("一、甲", "二、乙"), ("（1）甲", "（2）乙"), ("1、甲", "2、乙"),
        ("①甲", "②乙"), ("a) 甲", "b) 乙"), ("（一）甲", "（十二）乙"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "between", ["- 子\n- 丑", "  - 子\n  - 丑", "- 子\n  - 寅\n- 丑", "1. 子\n2. 丑"]
)
def test_a_list_below_a_labelled_item_ends_at_the_next_one(
    press: "Press", first: str, second: str, between: str
) -> None:
    """The next item was a line of the last sub-item, and sub-items stood left of their parent."""
    text = f"{first}\n{between}\n{second}\n{between}"
    assert told(text) == []

    html = to_html(text, assets=()).html

    assert re.findall(r"</?p|<[uo]l(?: class=\"below\")?>(?=\n<li[^>]*>子)", html) == (
        ["<p", "</p", f'<{"ol" if "1." in between else "ul"} class="below">'] * 2
    )
    press.read_back([text])
    columns = {line.strip()[-1]: line.index(line.strip()[0]) for line in press.lines()}
    assert columns["甲"] == columns["乙"] < columns["子"]


@pytest.mark.parametrize(
    "text",
    [
        "- 甲\n1、乙\n2、丙",
        "甲：\n- 子\nA. 丑",
        "5.1 范围\n- 子\n- 丑",
        "A. 甲\n- 子\n- 寅\n（1）丑",
    ],
)
def test_what_has_another_label_stays_a_line_of_its_item(text: str) -> None:
    html = to_html(text, assets=()).html
    assert html.count("</p>") <= 1
    assert html.rstrip().endswith("</ul>")
