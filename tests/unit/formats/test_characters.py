"""No text that is signed holds what can't be seen, or what shows it in another order."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.formats.characters import FORBIDDEN, first_forbidden, is_unseen

IGNORABLE = [
    0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810),
    *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x3164,
    *range(0xFE00, 0xFE10), 0xFEFF, 0xFFA0, *range(0xFFF0, 0xFFF9),
    *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE1000),
]  # fmt: skip
"""Default_Ignorable_Code_Point, as Unicode 16 has it in DerivedCoreProperties.txt."""
OTHERS = [
    *range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0xFDD0, 0xFDF0),
    *range(0xFFF9, 0xFFFC), *range(0xD800, 0xE000),
    *(plane * 0x10000 + end for plane in range(17) for end in (0xFFFE, 0xFFFF)),
]  # fmt: skip
ALL = range(sys.maxunicode + 1)


def test_what_unicode_lets_a_font_leave_out_is_forbidden_and_nothing_else_is_added() -> None:
    assert len(IGNORABLE) == 4174
    assert [code for code in ALL if FORBIDDEN.match(chr(code))] == sorted({*IGNORABLE, *OTHERS})


def test_the_quick_search_finds_the_same() -> None:
    for code in ALL:
        found = first_forbidden(f"a\U00020000{chr(code)}b")
        assert (found is not None) == (FORBIDDEN.match(chr(code)) is not None), hex(code)
        assert found is None or found.span() == (2, 3)


@given(st.text(st.characters(codec=None)))
def test_the_first_one_is_found_wherever_it_stands(text: str) -> None:
    found = first_forbidden(text)
    slow = FORBIDDEN.search(text)

    assert (found and found.span()) == (slow and slow.span())


def test_what_is_not_seen_is_told_from_controls() -> None:
    unseen = {code for code in ALL if is_unseen(chr(code))}

    assert unseen == {*IGNORABLE, 0xFFF9, 0xFFFA, 0xFFFB}


@pytest.mark.parametrize(
    "text",
    [
        "质量手册 第〇章", "Ünïcode é e\u0301", "ｆｕｌｌ　ｗｉｄｔｈ", "品\U00020bb7質",
        "ひらがな・カタカナ", "한국어 문서", "Порядок", "الجودة", "①②③ ☑ ±0.5 ℃ µm ㎡ — “…”",
        "a\u00a0b",
    ],
)  # fmt: skip
def test_what_is_seen_may_be_signed(text: str) -> None:
    assert first_forbidden(text) is None
