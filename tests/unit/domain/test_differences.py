import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.domain.library.differences import Mark, Paragraph, body_differences, paragraphs, words


def spelled(paragraph: Paragraph) -> str:
    forms = {Mark.SAME: "{}", Mark.REMOVED: "[-{}-]", Mark.ADDED: "{{+{}+}}"}
    return "".join(forms[piece.mark].format(piece.text) for piece in paragraph.pieces)


def changed(old: str, new: str) -> list[str]:
    return [spelled(one) for one in body_differences(old, new) if one.is_changed]


def test_chinese_is_compared_character_by_character() -> None:
    assert changed("记录保存三年。\n", "记录保存五年。\n") == ["记录保存[-三-]{+五+}年。"]


def test_english_is_compared_word_by_word() -> None:
    assert changed("kept for three years\n", "kept for five years\n") == [
        "kept for [-three-]{+five+} years"
    ]


def test_a_number_is_one_word() -> None:
    assert changed("见 LX-CX-2019-01 的规定。", "见 LX-CX-2019-02 的规定。") == [
        "见 [-LX-CX-2019-01-]{+LX-CX-2019-02+} 的规定。"
    ]


def test_paragraphs_are_aligned_before_they_are_compared() -> None:
    old = "# 一\n\n目的是甲。\n\n职责是乙。\n"
    new = "# 一\n\n目的是甲。\n\n全新的一段文字\n\n职责是丙。\n"

    assert changed(old, new) == ["{+全新的一段文字+}", "职责是[-乙-]{+丙+}。"]


def test_a_row_of_a_table_counts_as_a_paragraph() -> None:
    old = "| a | 1 |\n|---|---|\n| b | 2 |\n| c | 3 |\n"
    new = "| a | 1 |\n|---|---|\n| b | 9 |\n| c | 3 |\n"

    assert changed(old, new) == ["| b | [-2-]{+9+} |"]


def test_equal_texts_have_no_changes() -> None:
    assert changed("甲\n\n乙\n", "甲\n\n乙\n") == []


def test_long_texts_of_few_characters_are_compared_exactly() -> None:
    old = "是" * 300

    assert changed(old, old + "否") == ["是" * 300 + "{+否+}"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("甲乙丙" * 30_000, "乙丙甲丁" * 20_000),
        ("- 甲乙\n" * 30_000, "- 甲丙\n- 丁\n" * 20_000),
        (
            "".join(f"- {at}\n" for at in range(30_000)),
            "".join(f"* {at}\n" for at in range(30_000)),
        ),
    ],
    ids=["one line", "many alike", "many"],
)
def test_what_would_take_hours_is_told_as_a_whole(old: str, new: str) -> None:
    """Row 258 (LS): Law 3, a text that somebody sent is compared in bounded time."""
    found = body_differences(old, new)

    assert "".join(p.text for one in found for p in one.pieces if p.mark is not Mark.ADDED) == (
        "".join(paragraphs(old))
    )
    assert "".join(p.text for one in found for p in one.pieces if p.mark is not Mark.REMOVED) == (
        "".join(paragraphs(new))
    )


@given(st.text(alphabet="文件控制ab 1\n|", max_size=60), st.text(alphabet="文件b 1\n", max_size=60))
def test_no_text_is_lost(old: str, new: str) -> None:
    found = body_differences(old, new)

    before = ["".join(p.text for p in one.pieces if p.mark is not Mark.ADDED) for one in found]
    after = ["".join(p.text for p in one.pieces if p.mark is not Mark.REMOVED) for one in found]
    assert [text for text in before if text] == list(paragraphs(old))
    assert [text for text in after if text] == list(paragraphs(new))


@given(st.text(max_size=30), st.text(max_size=30))
def test_words_give_both_texts_back(old: str, new: str) -> None:
    pieces = list(words(old, new))

    assert "".join(p.text for p in pieces if p.mark is not Mark.ADDED) == old
    assert "".join(p.text for p in pieces if p.mark is not Mark.REMOVED) == new
