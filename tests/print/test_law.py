"""The law of print: what pdftotext reads from the page is the text, without its marks."""

from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from qms_publish.text.accounting import LANGUAGES
from qms_publish.text.markdown import faults_of
from qms_publish.text.tokens import Token, tokens_of

if TYPE_CHECKING:
    from tests.print.conftest import Press

PIECES = [
    *"*_\\|[]:#<&~`-+.()!>=^\"'", "a^2^", "H~2~O", "^", "~4~^2-^", "^+0.2^~1,2~",
    "^14^C", "~eH~", "~(l)~", "^x×y^", "^a)^", "^①②^", "+ 8 ",
    "~总~", "^1)^", "^[1]^", "^*^", "~-0.1~^0^", "*甲*", "- [ ]\n",
    "\\-", "= 5\n", "____ ____\n", "~~~\n", "\t", "`x`", "**", "__", "~~", "\n", "\n", "\n\n",
    "- ", "1. ", "2) ",
    "10. ", "## ", "|---|", "|---|---|\n", "```", "    ", "  ", "中", "文字", "。", "，", "（",
    "）", "“", "”", "：", "、", "Ab", "x", "1", "23", " ", " ", "　", "＊", "｜", "［", "１", "http://a.b",
    "<br>", "A/0", "> ", "+ ", "5 mm", "- [ ] ", "[x] ", "|1|2|\n", "![", "①", "第1条", "□",
]  # fmt: skip
LONGEST = 25
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=LONGEST).map("".join)
SEEDS = st.integers(0, 2**64 - 1)
MARKS = set("^*~\\|[]()#>`-+=: \n\t\u3000")
"""All that marks are made of, but for addresses, numbers of lists, new lines in cells and names of
languages."""


def times(most: int) -> settings:
    return settings(max_examples=most, deadline=None, suppress_health_check=list(HealthCheck))


def printed(text: str) -> str:
    """The letters that the parser's tokens print, without blanks.

    But for what stands beside the flow: the numbers of lists, and boxes in the place of dots.
    """
    parts: list[str] = []

    def look(tokens: Sequence[Token], _: object) -> None:
        for item, _, token in zip([None, None, *tokens], [None, *tokens], tokens, strict=False):
            has_dot = item is not None and item.type == "list_item_open" and not item.info
            parts.append(_printed(token, {"task"} if has_dot else set()))

    tokens_of(text, depth=32, look=look)
    return "".join("".join(parts).split())


def _printed(token: Token, beside: set[str]) -> str:
    if token.type in {"fence", "code_block"}:
        return token.content
    kinds = {"text", "text_special", "code_inline", "task"} - beside
    return "".join(one.content for one in token.children or () if one.type in kinds)


def numbers(text: str) -> str:
    """The numbers of a text's lists, which the page has beside its flow."""
    items = (one for one in tokens_of(text, depth=32) if one.type == "list_item_open")
    return "".join(one.info + one.markup for one in items if one.info)


def is_accepted(text: str) -> bool:
    return not faults_of(text, assets=(), path="a.md", first_line=1)[0]


def accepted(seed: int, count: int) -> list[str]:
    """So many texts that are accepted.

    Hypothesis gives up on a list of them: of three texts two are refused, and of 25 lists it
    printed one or eight.
    """
    chance = Random(seed)  # noqa: S311 - texts, no secrets
    found: list[str] = []
    while len(found) < count:
        text = "".join(chance.choices(PIECES, k=chance.randint(1, LONGEST)))
        found += [text] if is_accepted(text) else []
    return found


def smallest(press: "Press", text: str) -> str:
    """A text that is printed otherwise, with nothing left that it takes for that."""
    at, size = 0, len(text) // 2
    while size:
        part = text[:at] + text[at + size :]
        if at >= len(text):
            at, size = 0, size // 2
        elif is_accepted(part) and press.read_back([part]) != [printed(part)]:
            text = part
        else:
            at += size
    return text


def check_printed(press: "Press", texts: list[str]) -> None:
    """Each text on its own page; of one that is printed otherwise the smallest part is told."""
    wrong = [
        text
        for text, read in zip(texts, press.read_back(texts), strict=True)
        if read != printed(text)
    ]
    assert not wrong, smallest(press, wrong[0])


@settings(times(3), phases=[Phase.generate])
@given(seed=SEEDS)
def test_what_is_accepted_is_printed_whole(press: "Press", seed: int) -> None:
    """DC-18: 120 texts, each on its own page."""
    check_printed(press, accepted(seed, 40))


@pytest.mark.long
@settings(times(25), phases=[Phase.generate])
@given(seed=SEEDS)
def test_what_is_accepted_is_printed_whole_in_thousands(press: "Press", seed: int) -> None:
    """DC-18: 2,500 texts."""
    check_printed(press, accepted(seed, 100))


@times(400)
@given(text=TEXTS.filter(is_accepted))
def test_what_is_not_printed_is_nothing_but_marks(text: str) -> None:
    """DC-18: of the letters of a text only those are missing that marks are made of."""
    missing = Counter("".join(text.split())) - Counter(printed(text) + numbers(text))
    words = set("".join(LANGUAGES)) if "```" in text or "~~~" in text else set()
    words |= set("<br>") if "<br>" in text else set()
    words |= set("x") if "[x] " in text else set()

    assert set(missing) <= MARKS | words, missing


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("外形 600*400*25 mm", "外形600*400*25mm"),
        ("**注意：**请", "注意：请"),
        ("**“不行。”**然后", "“不行。”然后"),
        ("A型*、B型*", "A型*、B型*"),
        ("姓名__日期__", "姓名__日期__"),
        ("（____）和（____）", "（____）和（____）"),
        ("1. 断电\n2. 挂牌\n2. 验电\n", "1.断电2.挂牌2.验电"),
        ("3. 预备\n2. 点火\n1. 起吊\n", "3.预备2.点火1.起吊"),
        ("~~作废。~~此处", "作废。此处"),
        ("日期：__/__/__", "日期：__/__/__"),
        ("~~/~~/~~", "~~/~~/~~"),
        ("*.txt、*.doc", "*.txt、*.doc"),
        ("*重点*，*two words*，**A-01**，**第 1 类**", "重点，twowords，A-01，第1类"),
        ("*关键特性；*重要特性", "*关键特性；*重要特性"),
        ("单价*（1+税率）*数量", "单价*（1+税率）*数量"),
        ("见 *强调*，**≥5**", "见强调，≥5"),
        (r"600\*400，D:\data，\*\*，\\n", r"600*400，D:\data，**，\n"),
        ("H~2~O、CO~2~、10^-6^ mol、a^2^+b^2^，Na^+^", "H2O、CO2、10-6mol、a2+b2，Na+"),
        ("|H~2~O|\n|---|\n|**10^-6^**|", "H2O10-6"),
        ("10~20~30，A~C、D~F，2^10，~~x~~", "10~20~30，A~C、D~F，2^10，x"),
        ("SO~4~^2-^、NH~4~^+^、a^+^~i~", "SO42-、NH4+、a+i"),
        ("Φ25^+0.021^~-0.013~，U~c,95~、x~1,2~", "Φ25+0.021-0.013，Uc,95、x1,2"),
        ("φ30^+0.02^/~-0.01~，φ30^0^/~-0.02~", "φ30+0.02/-0.01，φ300/-0.02"),
        ("φ30~-0.01~/^+0.02^", "φ30-0.01/+0.02"),
        ("a^2^/~3~，m/s~2~", "a2/~3~，m/s2"),
        ("____\\\n和/或\\\n\\_\\_/\\_\\_", "____和/或__/__"),
        ("山形 /\\\\\n下一行", "山形/\\下一行"),
        ("^14^C、（^60^Co），注^1^的", "14C、（60Co），注1的"),
        ("10^3,10^5、x^2+y^2、x^2y^2、m^2·s^-1", "10^3,10^5、x^2+y^2、x^2y^2、m^2·s^-1"),
        ("a~c,e~g、^_^、[^1]和[^2]、2^10，2^8 时", "a~c,e~g、^_^、[^1]和[^2]、2^10，2^8时"),
        (r"\^注\^、`^注^`", "^注^、^注^"),
        (r"H\~2\~O", "H~2~O"),
        (r"`D:\_data`", r"D:\_data"),
        ("按`OK`键，“`a`”，运行`echo 'a'`后", "按OK键，“a”，运行echo'a'后"),
        ("`` ` ``和 `` a` ``，**`b`**，[`c`](c.md)，`x", "`和a`，b，c，`x"),
        ("|甲|乙|\n|---|---|\n|`D:\\`|a\\|b|", "甲乙D:\\a|b"),
        ("[甲][a-1]、[乙]\n\n[a-1]: https://a.b/%E5%81%9C\n[乙]: <c.md>\n", "甲、乙"),
        ("<https://a.b/停机>", "https://a.b/停机"),
        ("甲\\\n乙", "甲乙"),
        ("　\n正文 *甲*\n　　\n", "正文甲"),
        ("> 　\n> 　\n> 正文\n> 甲\n", "正文甲"),
    ],
)
def test_signs_that_are_no_marks_are_printed(press: "Press", text: str, paper: str) -> None:
    """DC-18"""
    assert is_accepted(text)
    assert press.read_back([text], numbers=True) == [paper]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("甲\n\n[^1]: 注", "DEFINITION-UNUSED", 3),
        ("甲[^1]\n\n[^1]: https://a.b", "DEFINITION-UNUSED", 3),
        ("甲[^1]\n\n[^1]: 停机后", "DEFINITION-UNUSED", 3),
        ("[//]: # (甲)", "DEFINITION-UNUSED", 1),
        ("[a]: https://a.b\n[a]: https://c.d\n\n[a]", "DEFINITION-UNUSED", 2),
        ("|甲|乙|\n|---|---|\n|1|2|3|", "CELLS-LOST", 3),
        ("|甲|乙|\n|---|---|\n|阻抗||Z|≤5|", "CELLS-LOST", 3),
        ("```停机后 再开\n甲\n```", "CODE-WORDS", 1),
        ("甲\n&#x202E;乙", "ENTITY", 2),
        ("甲 &amp; 乙", "ENTITY", 1),
        ("**重点**A类", "STARS-LEFT", 1),
        ('[甲](https://a.b "乙")', "LINK-TITLE", 1),
        ("[甲](停机后再开)", "URL-FORBIDDEN", 1),
        ("螺钉[M8](25)", "URL-FORBIDDEN", 1),
        ("长*宽*高", "STARS-BETWEEN", 1),
        ("（长+宽）*2*高", "STARS-BETWEEN", 1),
        ("__init__.py", "STARS-BETWEEN", 1),
        ("(a+b)*c*(d+e)", "STARS-BETWEEN", 1),
        ("图号：_A-01_。", "STARS-BETWEEN", 1),
        ("甲\n代号：_x_，", "STARS-BETWEEN", 2),
        ("_A_1_", "STARS-BETWEEN", 1),
        ("__B__", "STARS-BETWEEN", 1),
        ("__init__", "STARS-BETWEEN", 1),
        ("|_A.1_|\n|---|", "STARS-BETWEEN", 1),
        ("F = (10)**2**(3) N", "STARS-BETWEEN", 1),
        ("|甲|乙|\n|---|---|\n|+|+|+|", "CELLS-LOST", 3),
        ("[甲](#停机后再开)", "URL-FORBIDDEN", 1),
        ("https://x.example/_a_/b", "STARS-BETWEEN", 1),
        ("甲\n\n[](https://a.b)", "TEXT-LOST", 3),
        ("甲\n\n##2 范围", "HEADING-BLANK", 3),
        ("##　3 职责", "HEADING-BLANK", 1),
        ("|甲|乙|\n|——|——|\n|1|2|", "TABLE-RULE", 2),
        ("1. 甲\n1. 乙\n", "LIST-NUMBERS", 2),
        ("甲\n\n![图](../../assets/g h.png)", "PICTURE-BLANK", 3),
        ("30°15`，45°20`", "BACKTICK-LOST", 1),
        ("The operator`s gauge and\nthe inspector`s gauge", "BACKTICK-LOST", 1),
        ("甲\nPress `OK' or `NG'", "BACKTICK-LOST", 2),
        ("按 `确定' 或 `取消' 键", "BACKTICK-LOST", 1),
        ("按`确定'或`取消'键", "BACKTICK-LOST", 1),
        ("按``确定''或``取消''键", "BACKTICK-LOST", 1),
        ("|甲|\n|---|\n|30°15`～45°20`|", "BACKTICK-LOST", 3),
        ("按` OK `键", "BACKTICK-LOST", 1),
        ("a`b`", "BACKTICK-LOST", 1),
        ("甲\n见^注^", "CARETS-LEFT", 2),
        ("|甲|\n|---|\n|甲 ^a^|", "CARETS-LEFT", 3),
        ("20^☆^", "CARETS-LEFT", 1),
        ("x^y^z", "CARETS-LEFT", 1),
        (r"存于 D:\_data", "BACKSLASH-LOST", 1),
        (r"存于 \\server\_x", "BACKSLASH-LOST", 1),
        (r"\\192.168.1.10\共享", "BACKSLASH-LOST", 1),
        (r"打印机：\\PC-01\HP", "BACKSLASH-LOST", 1),
        (r"D:\生产\_备份", "BACKSLASH-LOST", 1),
        (r"\@旧", "BACKSLASH-LOST", 1),
        (r"形如 \d+\.\d", "BACKSLASH-LOST", 1),
        ("存于 D:\\生产\\\n下一行", "BACKSLASH-LOST", 1),
        ("甲\n盘 D:\\\n下一行", "BACKSLASH-LOST", 2),
        ("山形 /\\\n下一行", "BACKSLASH-LOST", 1),
        ("甲：\n  / \\\n /___\\ ", "BACKSLASH-LOST", 2),
        ("槽形 \\___/ 焊", "BACKSLASH-LOST", 1),
        ("|甲|乙|\n|---|---|\n|D:\\|乙|", "BACKSLASH-LOST", 3),
        ("|甲|乙|\n|---|---|\n|甲 D:\\a\\|乙|", "BACKSLASH-LOST", 3),
        ("|甲|乙|\n|---|---|\n|D:\\\\|乙|", "BACKSLASH-LOST", 3),
        ("[甲][除非主任同意]\n\n[除非主任同意]: https://a.b", "ADDRESS-WORDS", 1),
        (
            "[甲][unless the chief agrees]\n\n[unless the chief agrees]: https://a.b",
            "ADDRESS-WORDS",
            1,
        ),
        (r"[甲][停\[a]" + "\n\n" + r"[停\[a]: https://a.b", "ADDRESS-WORDS", 1),
        ("甲\n乙[甲](https://a.b/除非主任同意)", "ADDRESS-WORDS", 2),
        ("[甲](https://a.b/停机]x)", "ADDRESS-WORDS", 1),
        ("[甲](<https://a.b/停 机>)", "ADDRESS-WORDS", 1),
        ("[甲]\n\n[甲]: https://a.b/除非主任同意", "ADDRESS-WORDS", 3),
        ("[甲]\n\n[甲]:\nhttps://a.b/#停机", "ADDRESS-WORDS", 3),
        ("![图][停机后]\n\n[停机后]: assets/a.png", "ADDRESS-WORDS", 1),
    ],
)
def test_what_would_be_lost_is_refused_with_its_line(text: str, code: str, line: int) -> None:
    """DC-18"""
    found = faults_of(text, assets=(), path="a.md", first_line=1)[0]

    assert (code, line) in [(one.code, one.place.line) for one in found], found


@pytest.mark.parametrize(
    "text",
    [
        "[标准](HTTPS://x.cn/本条不适用)",
        "[标准](https\\://x.cn/本条不适用)",
        "[标准](&#104;ttps://x.cn/本条不适用)",
        "[标准](%68ttps://x.cn/本条不适用)",
        "[标准](<https://x.cn/ not approved use annex B>)",
        "[标准][a]\n\n[a]: <https://x.cn/ 本条不适用>",
        "[GB\\]:1][]\n\n[GB\\]:1]: https://x.cn/本条不适用",
        "- [标准][a]\n\n  [a]: HTTPS://x.cn/本条不适用",
    ],
)
def test_an_address_that_holds_words_is_refused_however_it_is_spelled(text: str) -> None:
    """Row 251 (LP: ADDRESS-WORDS)"""
    found = faults_of(text, assets=(), path="a.md", first_line=1)[0]

    assert "ADDRESS-WORDS" in {one.code for one in found}
