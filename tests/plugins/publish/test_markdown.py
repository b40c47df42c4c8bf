"""The body: Markdown in, checked HTML out."""

import re
import time
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.api import Refused
from qms.codes import CodeTable
from qms_publish.text.headings import Heading
from qms_publish.text.markdown import asset_path, faults_of, to_html


def html(text: str, *, title: str = "") -> str:
    """The HTML of a body that may show one picture."""
    return to_html(text, assets={"assets/flow.svg"}, titles=(title, "Flow")).html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "正文 <b>粗</b>",
        "<!-- 审核时看不见的字 -->",
        "| a |\n|---|\n| <img src=x> |",
        "<?php ?>",
    ],
)
def test_html_is_refused_wherever_it_stands(text: str) -> None:
    """Row 82 (P)"""
    with pytest.raises(Refused) as caught:
        html(text)

    assert caught.value.finding.code == "HTML-FORBIDDEN"


def test_a_line_break_in_a_cell_is_the_one_exception() -> None:
    assert "一<br/>二" in html("| 甲 |\n|---|\n| 一<br/>二 |")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "http://example.org",
        "//example.org/x",
        "mailto:a@example.org",
        "%6aavascript:alert(1)",
    ],
)
def test_links_lead_to_documents_or_https_only(address: str) -> None:
    """Row 82 (P: URL-FORBIDDEN), row 83 (P)"""
    for text in (f"[x]({address})", f"![x]({address})", f"[x][y]\n\n[y]: {address}"):
        with pytest.raises(Refused) as caught:
            html(text)
        assert caught.value.finding.code in {"URL-FORBIDDEN", "ASSET-UNLISTED"}


def test_an_https_link_stays_and_one_to_a_document_is_its_text() -> None:
    assert '<a href="https://example.org/">x</a>' in html("[x](https://example.org/)")
    assert '<a class="reference">记录</a>' in html("[记录](../procedure/LX-02.md)")


def test_a_link_holds_text_alone() -> None:
    """A renderer makes a second link, unknown to a reader's aid, of each part in one."""
    text = html("[**粗** `code`](https://example.org/)")

    assert '<a href="https://example.org/">粗 code</a>' in text


@pytest.mark.parametrize(
    "address", ["assets/flow.svg", "../../assets/flow.svg", "./assets/flow.svg"]
)
def test_a_listed_picture_is_found_from_wherever_the_text_lies(address: str) -> None:
    assert 'src="asset:/assets/flow.svg"' in html(f"![流程]({address})")


def test_a_picture_outside_the_list_is_refused_by_name() -> None:
    with pytest.raises(Refused) as caught:
        html("![x](../../qms.yaml)")

    assert caught.value.finding.code == "ASSET-UNLISTED"
    assert caught.value.finding.values["asset"] == "qms.yaml"


def test_numbers_of_clauses_stay_as_they_were_signed() -> None:
    text = html("## 5.2 审核 Review\n\n5.2.3 审核人应当签字。\n\n7. 第七\n8. 第八\n")

    assert '<h2 id="s1">5.2 审核 <span class="en" lang="en">Review</span></h2>' in text
    assert '<p class="clause leads">5.2.3 审核人应当签字。</p>' in text
    assert "'7. '" in text
    assert "'8. '" in text


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("3. 甲\n4. 乙\n", ("3. ", "4. ")),
        ("1) 甲\n2) 乙\n", ("1) ", "2) ")),
        ("1. 甲\n5. 乙\n9. 丙\n", ("1. ", "5. ", "9. ")),
        ("1. 甲\n2. 乙\n2. 丙\n", ("1. ", "2. ", "2. ")),
        ("3. 甲\n2. 乙\n1. 丙\n", ("3. ", "2. ", "1. ")),
        ("2. 甲\n   1) 子\n   2) 子\n3. 乙\n", ("2. ", "1) ", "2) ", "3. ")),
    ],
)
def test_numbers_of_lists_are_printed_as_they_were_written(
    written: str, printed: tuple[str, ...]
) -> None:
    found = tuple(re.findall(r"list-style-type: '([^']+)'", html(written)))

    assert found == printed


def test_a_character_without_a_picture_is_named_with_its_line() -> None:
    with pytest.raises(Refused) as caught:
        to_html("正文\n\n□ 是 🔴 否\n", assets=(), path="a.md", first_line=10)

    finding = caught.value.finding
    assert (finding.code, finding.place.line) == ("LETTER-MISSING", 12)
    assert finding.values == {"found": "🔴", "number": "U+1F534"}


def test_spaces_and_marks_that_have_no_picture_are_no_fault() -> None:
    assert html("甲\u3000乙\u00a0丙\ufe0f √ ≥ μ ① ㎡ □\n")


@pytest.mark.parametrize(
    "text",
    ["\u3000>\n\u3000>\n甲\n", "\u3000>\n甲", "\u3000\n    >\n甲", "> \u3000\n> \u3000\n> 甲\n"],
)
def test_lines_of_blanks_and_signs_of_quotations_end_no_check(text: str) -> None:
    """DC-18: they were looked for below the end of the text, or told as lost."""
    assert faults_of(text, assets=(), path="a.md", first_line=1)[0] == ()


def test_no_step_of_headings_is_left_out() -> None:
    """PDF/UA: a reader's aid takes a leap for a missing chapter."""
    text = html("## 1\n\n##### 1.1\n\n## 2\n\n### 2.1\n")

    assert re.findall(r"<h(\d)", text) == ["2", "3", "2", "3"]


def test_headings_are_listed_with_level_and_language() -> None:
    body = to_html("# 文件\n\n## 1 目的 Purpose\n\n### 1.1 细则\n", assets=(), titles=("文件",))

    assert body.headings == (
        Heading(1, "s1", "1 目的", "Purpose"),
        Heading(2, "s2", "1.1 细则", ""),
    )


@pytest.mark.parametrize(
    "value",
    [
        "M8×1.25-6H", "Q235", "A/0", "S3000", "CO₂", "N·m", "OPEN", "mm", "kg/m³", "rpm", "a^2^",
        "Nr. 5", "pH>7", "x, y", "A-B", "m/s", "(mm)",
    ],
)  # fmt: skip
def test_a_value_behind_chinese_words_is_no_translation(value: str) -> None:
    text = html(f"## 3 螺栓 {value}\n\n| 扭矩 {value} | 乙 |\n|---|---|\n| 材料 {value} | 1 |\n")

    assert 'class="en"' not in text


@pytest.mark.parametrize(
    "words",
    [
        "Purpose", "Review and approval", "Release, issue", "R & D team",
        "Co-signed/approved (by hand)",
        "Supplier’s part", "Appendix A Notes", "Prüfung",
    ],
)  # fmt: skip
def test_words_behind_chinese_ones_are_their_translation(words: str) -> None:
    body = to_html(f"## 3 螺栓 {words}\n\n| 扭矩 {words} |\n|---|\n", assets=())

    assert body.html.count('class="en"') == 2
    assert body.headings == (Heading(1, "s1", "3 螺栓", words),)


def test_a_line_break_between_chinese_characters_is_no_space() -> None:
    chinese, english = "为使现场使用的文件均为有效版本，特制定本程", "valid " * 7 + "documents"
    assert f"<p>{chinese}序</p>" in html(f"{chinese}\n序")
    assert f"<p>{english}\nonly</p>" in html(f"{english}\nonly")


def test_the_line_above_a_table_is_its_caption() -> None:
    assert '<p class="table-caption">表1 职责</p>' in html("表1 职责\n\n| a | b |\n|---|---|\n")
    assert '<p class="table-caption">' not in html("表1 职责\n\n正文")


@pytest.mark.parametrize(
    "text",
    [
        "表1给出了各项要求，检验员须逐项检验",
        "表 1 为各项要求一览。",
        "图1 为流程图，说明如下：",
        "表1列出：",
        "Table 1 shows the limits which apply to all parts.",
        f"Table 1 {'limits ' * 12}",
    ],
)
def test_a_sentence_about_a_table_is_no_caption(text: str) -> None:
    assert "caption" not in html(f"{text}\n\n| a | b |\n|---|---|\n")


@pytest.mark.parametrize(
    "text",
    [
        "表1 职责分工 Responsibilities",
        "图1：流程（dot.svg）±0.01",
        "Table 3. Classification of documents and retention periods, 2026",
    ],
)
def test_the_name_of_a_table_or_picture_is_its_caption(text: str) -> None:
    assert "caption" in html(f"{text}\n\n| a | b |\n|---|---|\n")


def test_a_wide_table_takes_its_heading_and_caption_along() -> None:
    columns = 12
    table = f"|{'a|' * columns}\n|{'-|' * columns}\n"

    text = html(f"正文\n\n## 附录\n\n表A.1 记录\n\n{table}\n\n其后\n")

    assert text.index('<div class="wide">') < text.index("附录")
    assert text.index("</table>") < text.index("</div>") < text.index("其后")
    assert text.count('<div class="wide">') == 1


@pytest.mark.parametrize(
    "text",
    [
        "x" * 2_000_001,
        "# a\n\n" * 1_001,
        "| a " * 35 + "|\n" + "|---" * 35 + "|\n",
        "| a |\n|---|\n" + "| b |\n" * 40_001,
        "> " * 40 + "tief",
        "![x](assets/flow.svg)\n\n" * 201,
        "**字**字" * 2_001,
        "`a` " * 2_001,
        "字<br>" * 2_001,
        "a\\\n" * 2_001 + "a",
        "甲\n" * 2_002,
        ("**字**字" * 1_900 + "\n\n") * 6,
    ],
    ids=[
        "text",
        "headings",
        "columns",
        "cells",
        "nesting",
        "pictures",
        "bold",
        "code",
        "breaks",
        "ends",
        "lines",
        "paragraphs",
    ],
)
def test_what_would_take_too_long_to_set_is_refused(text: str) -> None:
    """Row 84 (P)"""
    with pytest.raises(Refused) as caught:
        html(text)

    assert caught.value.finding.code == "RENDER-LIMIT"


def test_a_sheet_for_the_days_of_a_month_is_set() -> None:
    head = "".join(f"{at} |" for at in ("项目", "方法", "责任人", *range(1, 32)))

    assert html(f"| {head}\n|{'---|' * 34}\n").count("<th") == 34 + 1  # and <thead>


def test_a_limit_is_told_in_each_language() -> None:
    table = CodeTable([Path(str(files("qms_publish"))) / "data" / "codes.toml"])
    (found,), _ = faults_of(f"|{'列|' * 35}\n|{'-|' * 35}", assets=(), path="a.md", first_line=1)

    assert table.sentence(found, "zh") == "超出排版限制：表格列数 为 35，上限为 34"
    assert "columns of a table: 35" in table.sentence(found, "en")


@given(st.text(alphabet=st.sampled_from("<>[]()!`*#|-:\n /.a文\\&\"'=\x00"), max_size=80))
def test_any_text_is_html_or_a_refusal_and_never_carries_markup_through(text: str) -> None:
    try:
        answer = html(text)
    except Refused:
        return

    assert "<script" not in answer
    assert "javascript:" not in answer


@given(st.text(max_size=40))
def test_a_picture_path_never_climbs(address: str) -> None:
    assert not asset_path(address).startswith("../")


@pytest.mark.parametrize(
    "text",
    [
        "中\\*" * 30_000, "![](a)" * 45_000, "a\n" * 60_000, "- 1. a\n" * 15_000,
        "-" * 300_000, "-- " * 99_999 + "-",
        "- 5" + " " * 299_000 + "x",
        "_a " * 25_000 + "a_ " * 25_000,
        "![a][b]\n\n" * 1000 + '[b]: a.png "' + ("t" * 60 + "\n") * 4000 + '"',
        "".join(map(chr, range(0x20000, 0x20000 + 100_000))),
    ],
)  # fmt: skip
def test_a_text_of_many_small_things_takes_seconds(text: str) -> None:
    """Row 223 (LP): `check` took three minutes where all was looked at again for each of them."""
    begin = time.process_time()

    if not faults_of(text, assets=(), path="a.md", first_line=1)[0]:
        html(text)

    assert time.process_time() - begin < 12


@pytest.mark.parametrize(
    ("title", "heading"), [("A & B <C>", r"A & B \<C>"), ("长*宽*高", r"长\*宽\*高")]
)
def test_a_heading_that_repeats_a_title_with_escaped_signs_is_the_title(
    title: str, heading: str
) -> None:
    body = to_html(f"# {heading}\n\n## 1 目的\n", assets=(), titles=(title,))

    assert [one.text for one in body.headings] == ["1 目的"]


def test_a_row_with_a_picture_is_never_torn() -> None:
    """Half of the photograph of a tool stood on one page, half on the next."""
    text = f"| 图 |\n|---|\n| ![甲](assets/flow.svg) |\n| {'乙' * 3000} |\n"

    html = to_html(text, assets={"assets/flow.svg"}).html

    rows = [row.partition(">")[0] for row in html.split("<tr")[1:]]
    assert ["solid" in row for row in rows] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("1 总则\n1.1 甲\n（1）乙\n1.1.1 丙", ["line", "line", "line", ""]),
        ("1.1 甲\n（1）乙\n1.1.1 丙", ["clause line", "clause line", "clause"]),
    ],
)
def test_all_lines_of_a_paragraph_are_indented_alike(text: str, classes: list[str]) -> None:
    """1.1 stood at the margin between 1 and （1）, which were indented."""
    html = to_html(text, assets=()).html

    found = re.findall(r"<p(?: class=\"([a-z ]*)\")?>", html)
    assert [" ".join(sorted(one.split())) for one in found] == classes


@pytest.mark.parametrize("heading", ["文件控制程序", "Control of documents"])
def test_a_heading_that_repeats_a_title_is_printed_as_the_title_alone(heading: str) -> None:
    """In an English document the English title was printed twice."""
    titles = ("文件控制程序", "Control of documents")
    text = f"# {heading}\n\n## 1 Scope\n\nAll.\n"

    body = to_html(text, assets=(), titles=titles)

    assert heading not in body.html
    assert len(body.headings) == 1
