"""What people type as they would is taken, and what is refused says of what it is."""

import re
from datetime import timedelta

import pytest

from qms.testing.office import Office

NUMBER = "LX-WI-01"


@pytest.mark.parametrize(("typed", "days"), [("+7", 7), ("today", 0), ("2026-11-27", 7)])
def test_the_day_of_a_recall_is_typed_as_that_of_a_release(
    issued: Office, typed: str, days: int
) -> None:
    issued.qms("recall", NUMBER, "001", "--due", typed, "--reason", "改版", by="wen.kong")

    assert str(issued.now.date() + timedelta(days=days)) in issued.qms("copies", NUMBER)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_day_that_is_none_is_told_with_all_forms(issued: Office, lang: str) -> None:
    words = ("recall", NUMBER, "001", "--due", "7天后", "--reason", "改版")

    told = issued.call(*words, by="wen.kong", lang=lang)

    said = "no day like 2026-12-01, today or +7" if lang == "en" else "today 或 +7 的日期"
    assert (told.code, said in told.err) == (2, True), told


def test_a_revision_that_there_is_not_is_told_as_that(issued: Office) -> None:
    """`--revision A0` was told that nothing is out, though copies are."""
    for act in ("return", "receive"):
        told = issued.call(act, NUMBER, "001", "--revision", "A0", by="wen.kong")
        assert told.findings == ("REVISION-UNKNOWN",)
        assert "no revision A0; known: A/0" in told.err


@pytest.mark.parametrize("command", ["submit", "sign", "release"])
def test_every_signature_may_be_given_without_a_question(submitted: Office, command: str) -> None:
    """`policy sign` had `--yes`, and `sign` took it for `--key`."""
    if command == "submit":
        submitted.qms("reject", NUMBER, "--reason", "再改", by="fu.yi")
        submitted.qms("submit", NUMBER, "--yes", by="gong.yi")
        return
    submitted.qms("sign", NUMBER, *(("--yes",) if command == "sign" else ()), by="fu.yi")
    submitted.qms("release", NUMBER, "--yes", by="wen.kong")


@pytest.mark.parametrize(
    ("by", "code"), [("gong.yi", "REJECT-ELSE"), ("bian.zhi", "NOT-YOUR-TURN")]
)
def test_who_may_not_send_a_text_back_is_told_who_may(
    submitted: Office, by: str, code: str
) -> None:
    """Who had submitted by mistake was told that nothing is left to sign."""
    told = submitted.call("reject", NUMBER, "--reason", "误送审", by=by)

    assert told.findings == (code,)
    assert "Fu Yi" in told.err
    assert f"qms reject {NUMBER}" in told.err
    if code == "NOT-YOUR-TURN":
        return
    assert f"qms restore {NUMBER}" in told.err
    zh = submitted.call("reject", NUMBER, "--reason", "误送审", by=by, lang="zh").err
    assert "只有当前第 2 步（批准）的待签者可以退回：傅毅" in zh


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_restore_says_where_an_edit_is_that_was_committed(released: Office, lang: str) -> None:
    """The way out said that the edit is kept beside; it was in history, and nothing said so."""
    text = f"documents/work-instruction/{NUMBER}.md"
    released.edit(text, "\n## ", "\n改。\n\n## ")
    released.git("commit", "-q", "-a", "-m", "Edit")

    told = released.call("restore", NUMBER, by="gong.yi", lang=lang)

    shown = re.search(r"git show ([0-9a-f]+:\S+)", told.out)
    assert shown is not None, told
    assert "改。" in released.git("show", shown[1])
    assert "改。" not in released.text(text)
