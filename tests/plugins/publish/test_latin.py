"""Quotes, dots and § of Latin text are as wide as in Latin text, and read as what they are."""

import re
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import pytest

from qms.api import Amended
from qms_publish.base_pdf import render_base
from qms_publish.lettering.narrow import narrow
from qms_publish.sheet import Sheet
from qms_publish.text.markdown import to_html

CREATED = datetime(2026, 10, 29, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "in_chinese", "in_english"),
    [
        ("the supplier’s “part” isn’t used", "’“”’", "’“”’"),
        ("“Word” habits", "“”", "“”"),
        ("称为“零件”的", "", ""),
        ("称为“ABC”的", "", "“”"),
        ("“Q”标识", "", "“”"),
        ("the word “检验” means", "", "“”"),
        ("他说‘你好’。", "", ""),
        ("5 N·m，张·李", "·", "·"),
        ("· 第一", "", ""),
        ("见 § 3", "", "§"),
        ("see § 3", "§", "§"),
        ("5 mm† and ‡ both", "†‡", "†‡"),
        ("数据† 见‡注", "", ""),
        ("† 注", "", ""),
        ("¶ 2 of it", "¶", "¶"),
        ("‘A’ and the operators’ ‘B’", "‘’’‘’", "‘’’‘’"),
        ("“", "", "“"),
        ("plain", "", ""),
    ],
)
def test_what_is_narrow_is_told_by_what_stands_beside_it(
    text: str, in_chinese: str, in_english: str
) -> None:
    found = {
        language: "".join(text[at] for at in sorted(narrow(text, english=language == "en")))
        for language in ("zh", "en")
    }
    assert found == {"zh": in_chinese, "en": in_english}


def test_parts_of_a_line_are_looked_at_together() -> None:
    """Bold, code and links stand between a mark and the letters beside it."""
    html = to_html(
        "**supplier**’s `x’s` [the buyer’s](https://example.org/a) “**零件**”\n", assets=()
    ).html
    mark = '<span class="latin">’</span>'
    assert f"<strong>supplier</strong>{mark}s <code>x{mark}s</code>" in html
    assert '<a href="https://example.org/a" class="latin">the buyer’s</a>' in html
    assert "“<strong>零件</strong>”" in html


def test_what_is_latin_between_two_marks_is_one_part_of_its_line() -> None:
    """Each part costs the renderer 5 ms."""
    html = to_html("甲the buyer’s “part” § 2 isn’t乙“丙”\n", assets=()).html
    latin = '<span class="latin">’s “part” </span><span class="sign">§</span>'
    assert html == f'<p>甲the buyer{latin}<span class="latin"> 2 isn’</span>t乙“丙”</p>\n'


def test_signs_without_a_narrow_form_are_set_closer() -> None:
    html = to_html("value^†^ of 5 mm‡\n", assets=(), language="en").html
    sign = '<span class="sign">{}</span>'.format
    word = f'<span class="word">value<sup>{sign("†")}</sup></span>'
    assert html == f'<p>{word} of <span class="word">5 mm</span>{sign("‡")}</p>\n'


def test_so_many_marks_that_each_would_cost_time_stay_as_they_are() -> None:
    assert "<span" not in to_html("a’b " * 3_000 + "\n", assets=()).html


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_paper_they_are_narrow_and_read_as_they_were_written(
    procedure: Sheet, language: Literal["zh", "en"], tmp_path: Path
) -> None:
    """DC-18: in head, cover, contents, table, text and record."""
    words = "Supplier’s“part”N·m"
    row = Amended(
        revision="A/0", day=date(2026, 10, 29), summary=words, prepared_by="", approved_by=""
    )
    sheet = replace(
        procedure, language=language, title=words, title_en=words, amendments=(row,),
        standards=(words,),
        body=f"## 1 {words}\n\n{words}\n\n| {words} |\n|---|\n| {words} |\n",
    )  # fmt: skip
    path = tmp_path / "base.pdf"
    path.write_bytes(render_base(sheet, created=CREATED))

    command = ["/usr/bin/pdftotext", "-bbox", str(path), "-"]
    page = subprocess.run(command, capture_output=True, check=True).stdout.decode()

    box = rf'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">{words}<'
    found = [[float(one) for one in match] for match in re.findall(box, page)]
    assert len(found) >= 9
    for left, top, right, bottom in found:
        # As many letters of half a width; four of a whole one would be wider by one and a half.
        assert (right - left) / (bottom - top) < 7.8, (left, top, right, bottom)


def test_a_caption_of_a_picture_is_set_as_text_is() -> None:
    html = to_html(
        '![图](a.svg "25 N·m")\n\n- 甲\n\n  ![图](a.svg "5 N·m")\n', assets=["a.svg"]
    ).html

    assert re.findall(r"<figcaption>(.*?)</figcaption>", html) == [
        '25 N<span class="latin">·</span>m',
        '5 N<span class="latin">·</span>m',
    ]
