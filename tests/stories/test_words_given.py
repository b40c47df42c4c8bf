"""What somebody gives as a reason or as a summary says something: it is kept for ever."""

import pytest

from qms.testing.office import Office

NUMBER = "LX-WI-01"
NOTHING = pytest.mark.parametrize("words", ["…", "...", "……", "-", "——", "。", " … "])


def refused(office: Office, *command: str, words: str, by: str) -> None:
    """The command is refused with these words in both languages, and leaves nothing."""
    head = office.git("rev-parse", "HEAD")
    for lang, said in (("en", "says nothing"), ("zh", "没有写出内容")):
        told = office.call(*command, words, by=by, lang=lang)
        assert (told.code, told.findings) == (1, ("WORDS-MISSING",)), told
        assert f"{command[-1]} “{words.strip()}” {said}" in told.err
    assert (office.git("rev-parse", "HEAD"), office.status) == (head, "")


@NOTHING
def test_a_rejection_with_the_placeholder_of_its_command(submitted: Office, words: str) -> None:
    refused(submitted, "reject", NUMBER, "--reason", words=words, by="fu.yi")

    submitted.qms("reject", NUMBER, "--reason", "3", by="fu.yi")


@NOTHING
def test_a_title_with_the_placeholder_of_its_command(released: Office, words: str) -> None:
    refused(released, "new", "work-instruction", "--title", words=words, by="gong.yi")


@NOTHING
def test_a_ruling_with_the_placeholder_of_its_command(released: Office, words: str) -> None:
    refused(released, "annul", NUMBER, "A/0", "--reason", words=words, by="fu.yi")

    released.qms("annul", NUMBER, "A/0", "--reason", "误发", by="fu.yi")


@NOTHING
@pytest.mark.parametrize("act", ["recall", "replace"])
def test_an_act_on_a_copy_with_the_placeholder_of_its_command(
    issued: Office, act: str, words: str
) -> None:
    """What plugins sign asks the same."""
    due = ("--due", "2026-12-30") if act == "recall" else ()
    refused(issued, act, NUMBER, "001", *due, "--reason", words=words, by="wen.kong")


@NOTHING
def test_a_revision_with_the_placeholder_of_its_command(released: Office, words: str) -> None:
    refused(released, "revise", NUMBER, "--summary", words=words, by="gong.yi")
