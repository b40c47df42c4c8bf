"""What is raised stands beside its word, and a unit is none of two languages."""

import re
from typing import TYPE_CHECKING

import pytest

from qms_publish.text.markdown import to_html

if TYPE_CHECKING:
    from tests.print.conftest import Press, Told


@pytest.mark.parametrize(
    ("written", "paper"),
    [
        ("号）^[1]^，", "号）[1]，"),
        ("文^①^的", "文①的"),
        ("》^1)^和", "》1)和"),
        ("**重点**^（1）^的", "重点（1）的"),
        ("`甲`^[2]^的", "甲[2]的"),
        ("[甲乙](a.md)^[3]^的", "甲乙[3]的"),
    ],
)
def test_a_note_never_begins_a_line(press: "Press", told: "Told", written: str, paper: str) -> None:
    """（国务院令第 591 号）^[1]^ had its [1] on the next line."""
    texts = ["字" * count + written + "字" * 9 for count in range(32, 44)]
    assert [told(text) for text in texts] == [[]] * len(texts)

    read = press.read_back(texts)
    begins = {line.strip()[0] for line in press.lines()}

    assert read == ["字" * count + paper + "字" * 9 for count in range(32, 44)]
    assert not begins & set("[①1（23）》，])")


def test_what_is_raised_in_a_cell_stays_at_its_letter_where_both_are_short() -> None:
    html = to_html("|甲|乙|\n|---|---|\n|文^[1]^|GB/T 19001^[1]^|", assets=()).html

    assert re.findall(r'<span class="word">(.*?)</span>', html) == ["文<sup>[1]</sup>"]


def test_latin_letters_of_a_formula_need_nothing_to_stay_together() -> None:
    assert "word" not in to_html("H~2~O、SO~4~^2-^、x^a^", assets=()).html


def test_a_head_with_a_unit_is_a_name_and_its_unit(press: "Press") -> None:
    """The unit stood small on a second line, as a translation, or was parted at its stroke."""
    heads = ["电流 A", "速度 cm/min", "线能量 kJ/cm", "气体 L/min", "层温 ℃", "范围 Scope"]
    row = "|".join(heads)
    text = f"|{row}|\n{'|---' * len(heads)}|\n{'|1' * len(heads)}|"

    html = to_html(text, assets=()).html
    press.read_back([text])
    words = {word for line in press.lines() for word in line.split()}

    assert re.findall('class="en".*?>(.*?)<', html) == ["Scope"]
    assert {"cm/min", "kJ/cm", "L/min"} <= words


def test_heads_in_two_languages_are_alike_with_a_unit_behind_them() -> None:
    """Some had their unit small as if translated, others their English as large as the Chinese."""
    heads = [
        "硬度 Hardness HRC", "速度 Travel speed cm/min", "层温 Interpass ℃",
        "伸长率 Elongation A %", "冲击功 Impact energy J/cm²", "转速 n r/min", "速率 mm/a",
    ]  # fmt: skip
    html = to_html(f"|{'|'.join(heads)}|\n{'|---' * len(heads)}|\n", assets=()).html

    assert re.findall(r'lang="en">(.*?) <span class="unit(?: word)?">(.*?)<', html) == [
        ("Hardness", "HRC"), ("Travel speed", "cm/min"), ("Interpass", "℃"), ("Elongation A", "%"),
        ("Impact energy", "J/cm²"),
    ]  # fmt: skip
    assert html.count('class="en"') == 5


def test_a_chinese_word_behind_an_english_head_is_not_torn(press: "Press") -> None:
    heads = ["Unit 单位", "Nominal value 公称", "Tolerance 公差", "Weight kg/件"]
    wide = "|Description and remarks of all kinds that take much room here"
    text = f"|{'|'.join(heads)}{wide}|\n{'|---' * 5}|\n{'|1' * 4}|{'x ' * 300}|"

    press.read_back([text])
    words = {word for line in press.lines() for word in line.split()}

    assert {"单位", "公称", "公差", "kg/件"} <= words


def test_a_heading_with_a_method_in_brackets_is_in_two_languages() -> None:
    html = to_html("## D2 问题描述 Problem description (5W2H)", assets=()).html

    assert 'lang="en">Problem description (5W2H)</span>' in html


def test_a_narrow_column_has_no_unit_that_stands_out_of_it() -> None:
    cells = 24
    text = f"{'|气体 L/min' * cells}|\n{'|---' * cells}|\n{'|甲乙丙丁戊己庚辛壬' * cells}|"

    assert 'class="word"' not in to_html(text, assets=()).html
