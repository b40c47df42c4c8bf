from dataclasses import replace

from qms.texts import Text


def test_a_text_is_told_by_its_tags_whatever_they_are() -> None:
    texts = {"ja": "品質", "zh": "品控部", "en": "Quality"}

    assert Text.of_tags(texts).by_tag == texts
    assert Text.of_tags(texts) == Text("品控部", "Quality", {"ja": "品質"})


def test_a_text_that_is_empty_in_a_language_says_nothing_in_it() -> None:
    assert Text("多少", "").of("en") == ""
    assert Text("多少").of("en") == "多少"
    assert Text().of("en") == ""


def test_where_it_is_printed_makes_no_other_text() -> None:
    text = Text("品控部", "Quality", {"ja": "品質"})

    assert replace(text, home="ja") == text
    assert hash(replace(text, home="ja")) == hash(text)
