"""DC-05: where a chain ends with `approve`, that signature releases: said before it is given."""

import pytest

from qms.testing.office import Office

NUMBER = "LX-BM-01"


@pytest.fixture
def approving(lx: Office) -> Office:
    """LX with a department's document that waits for its last signature."""
    lx.qms("new", "department-document", "--title", "班前检查", by="gong.yi")
    lx.qms("submit", NUMBER, by="gong.yi")
    return lx


def test_who_approves_last_is_told_that_it_comes_into_force(approving: Office) -> None:
    said = approving.qms("sign", NUMBER, by="ji.shu")

    before, _, after = said.partition("Committed")
    assert f"This is the last step: once signed {NUMBER} A/0 is released" in before
    assert f"{NUMBER} A/0 is published" in after


def test_a_later_day_takes_a_step_that_can_name_it(approving: Office) -> None:
    answer = approving.call("release", NUMBER, "--effective", "+7", by="ji.shu")
    assert (answer.code, answer.findings) == (1, ("EFFECTIVE-AT-APPROVAL",))
    assert "the chain of class department-document ends with approve" in answer.err

    said = approving.qms("release", NUMBER, by="ji.shu")
    assert "This is the last step" in said
    assert "in force" in approving.qms("list")


def test_what_was_released_by_approval_is_no_draft_any_more(approving: Office) -> None:
    approving.qms("sign", NUMBER, by="ji.shu")

    said = approving.qms("publish", "--drafts", "--unsigned", by="wen.kong")

    assert f"{NUMBER}_A-0_uncontrolled.pdf" in said
    assert "in-review" not in said


def test_a_text_that_says_nothing_is_not_signed_in_silence(approving: Office) -> None:
    said = approving.qms("sign", NUMBER, by="ji.shu")
    assert f"Note: {NUMBER} A/0 says nothing" in said

    approving.qms("new", "department-document", "--title", "点检", by="gong.yi")
    path = "documents/department-document/LX-BM-02.md"
    approving.edit(path, "## 1 目的\n\n无", "## 1 目的\n\n每班点检一次。")
    assert "says nothing" not in approving.qms("submit", "LX-BM-02", by="gong.yi")


@pytest.mark.parametrize("body", ["", "# 点检\n\n## 1 目的\n"])
def test_a_text_without_a_word_is_not_sent_round(lx: Office, body: str) -> None:
    lx.qms("new", "department-document", "--title", "点检", by="gong.yi")
    path = f"documents/department-document/{NUMBER}.md"
    head, _, _ = lx.text(path).partition("\n# ")
    lx.write(path, f"{head}\n{body}")

    for lang in ("en", "zh"):
        answer = lx.call("submit", NUMBER, by="gong.yi", lang=lang)
        assert (answer.code, answer.findings) == (1, ("BODY-EMPTY",))
    assert "“无”" in answer.err
