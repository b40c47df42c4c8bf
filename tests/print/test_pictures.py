"""Words for a picture are its alternative text in the PDF, never letters of the page."""

from typing import TYPE_CHECKING

import pytest

from qms_publish.text.markdown import faults_of, pictures_in, to_html

if TYPE_CHECKING:
    from tests.print.conftest import Press

PICTURE = "assets/a.svg"


def codes(text: str) -> list[str]:
    found = faults_of(text, assets={PICTURE}, path="a.md", first_line=1)[0]
    return [one.code for one in found]


@pytest.mark.parametrize(
    "words",
    ["流程☑", "a\\_b", "长\\*宽\\*高", "x" * 3000, "D:\\_data", "", "[1]", "甲\n乙"],
)
def test_words_for_a_picture_are_not_judged_as_letters_of_the_page(
    press: "Press", words: str
) -> None:
    text = f"前\n\n![{words}](../../{PICTURE})\n\n后"
    assert codes(text) == []
    assert press.read_back([text], assets=(PICTURE,)) == ["前后"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("甲<b>乙</b>", "PICTURE-WORDS"),
        ("**甲**`乙`", "PICTURE-WORDS"),
        ("长*宽*高", "PICTURE-WORDS"),
        ("<!-- 待定 -->", "PICTURE-WORDS"),
        ("见[乙](javascript:x)", "PICTURE-WORDS"),
        (f"![甲](../../{PICTURE})", "PICTURE-WORDS"),
        ("甲&#x202E;乙", "ENTITY"),
    ],
)
def test_words_for_a_picture_that_would_reach_nobody_are_refused(words: str, code: str) -> None:
    assert codes(f"![{words}](../../{PICTURE})") == [code]


def test_a_caption_is_spelled_as_it_is_printed() -> None:
    """Row 252 (LP: ENTITY): the words beside it were taken for its own."""
    assert codes(f'![5 mm](../../{PICTURE} "&#53; mm")') == ["ENTITY"]
    assert codes(f"![5 mm][a]\n\n[a]: ../../{PICTURE} '&#53; mm'") == ["ENTITY"]


def test_a_caption_is_printed_and_judged_as_letters() -> None:
    assert codes(f'![图](../../{PICTURE} "图1 \U00013000")') == ["LETTER-MISSING"]
    assert codes(f"![图][a]\n\n[a]: ../../{PICTURE} '图1 \U00013000'") == ["LETTER-MISSING"]


@pytest.mark.parametrize(
    ("caption", "code"),
    [
        ("图1 甲&amp;乙", "ENTITY"),
        ("&amp;", "ENTITY"),
        (r"盘 D:\_data", "BACKSLASH-LOST"),
        (r"形如 \d\.", "BACKSLASH-LOST"),
    ],
)
def test_a_caption_that_would_be_printed_otherwise_is_refused(caption: str, code: str) -> None:
    assert codes(f'![图](../../{PICTURE} "{caption}")') == [code]


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ('![图](../../assets/a.svg "图1 说明")', "图1说明"),
        ("![图][a]\n\n[a]: ../../assets/a.svg '图1 说明'", "图1说明"),
        ('1. 步骤\n\n   ![图](../../assets/a.svg "图1 说明")\n\n   其后\n', "步骤图1说明其后"),
        ('- ![图](../../assets/a.svg "图1 说明")\n- 乙\n', "图1说明乙"),
        ('> ![图](../../assets/a.svg "图1 说明")\n', "图1说明"),
        ('![图](../../assets/a.svg "图1 说\\"引\\"字")', '图1说"引"字'),
        ("![图](../../assets/a.svg '图1 600\\*400 \\'甲\\'')", "图1600*400'甲'"),
        ("![a\\_b](../../assets/a.svg (图1 \\(甲\\) C:\\x \\\\))", "图1(甲)C:\\x\\"),
        ('![图][a]\n\n[a]: ../../assets/a.svg "图1 \\"甲\\""', '图1"甲"'),
    ],
)
def test_a_caption_stands_on_paper_wherever_its_picture_stands_alone(
    press: "Press", text: str, paper: str
) -> None:
    assert codes(text) == []
    assert press.read_back([text], assets=(PICTURE,)) == [paper]


@pytest.mark.parametrize(
    "text",
    [
        '1. 步骤 ![图](../../assets/a.svg "图1 说明")\n',
        '|甲|\n|---|\n|![图](../../assets/a.svg "图1")|\n',
        '# ![图](../../assets/a.svg "图1")\n',
    ],
)
def test_a_caption_beside_other_words_is_refused(text: str) -> None:
    assert codes(text) == ["LINK-TITLE"]


def test_a_picture_in_a_heading_leaves_its_words_out_of_the_contents() -> None:
    body = to_html(f"## 1 ![☑](../../{PICTURE}) 目的", assets={PICTURE})

    assert [one.text for one in body.headings] == ["1  目的"]


def test_a_heading_that_is_a_picture_is_no_line_of_the_contents() -> None:
    body = to_html(f"## ![图](../../{PICTURE})\n\n## 1 目的", assets={PICTURE})

    assert [(one.id, one.text) for one in body.headings] == [("s2", "1 目的")]


@pytest.mark.parametrize(
    "before", ["`a\nb`", "[a\nb](https://example.org/)", "[a](https://example.org/ )", "**a\nb**"]
)
def test_what_goes_over_lines_hides_no_picture_that_is_none(before: str) -> None:
    assert codes(f"{before}\n![图](../../assets/a b.svg)") == ["PICTURE-BLANK"]


@pytest.mark.parametrize("words", ["", "甲 `乙` ", "**甲"])
def test_a_picture_is_no_link(words: str) -> None:
    """PDF/UA: a link needs text to be tagged; the address is on no paper anyway."""
    end = "**" if "**" in words else ""
    text = f"[{words}![图](../../{PICTURE})丙{end}](https://example.org/)"

    html = to_html(text, assets={PICTURE}).html

    assert html.count("<a ") == html.count("</a>") == 0
    assert "丙" in html
    assert html.count("<strong>") == html.count("</strong>") == bool(end)


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("../../assets/d(1).png", "assets/d(1).png"),
        ("../../assets/a%20b.png", "assets/a b.png"),
        ("<../../assets/a b.png>", "assets/a b.png"),
        ("../../assets/50%.png", "assets/50%.png"),
        ("../../assets/f.png '图1'", "assets/f.png"),
        ("./assets/f.png", "assets/f.png"),
        ("不适用于出口/../../assets/f.png", None),
        ("https://example.org/a.png", None),
        ("//example.org/a.png", None),
        ("/assets/a.png", None),
    ],
)
def test_an_address_means_one_path(address: str, path: str | None) -> None:
    found = pictures_in(f"![图]({address})")

    assert found == (() if path is None else (path,))
