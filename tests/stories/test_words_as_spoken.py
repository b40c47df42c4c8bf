"""What is printed says names, times of the firm and whole sentences; a slip of the hand is met."""

from datetime import UTC
from pathlib import Path

import pytest

from qms.testing.office import Office

NUMBER = "LX-WI-01"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_command_that_is_mistyped_is_guessed(lx: Office, lang: str) -> None:
    answer = lx.call("sgin", NUMBER, lang=lang)

    assert answer.code == 2
    assert "sign" in answer.err.replace("sgin", "").replace("USAGE", "")


def test_a_key_that_would_be_refused_is_no_good_key(lx: Office) -> None:
    assert "✓ My key" in lx.call("doctor", by="gao.feng").out
    lx.git("config", "qms.allowUnencryptedKey", "false")

    told = lx.call("doctor", by="gao.feng").out

    assert "! My key: KEY-UNENCRYPTED" in told
    assert "✓ My key" not in told


def test_history_says_once_what_was_ruled(released: Office) -> None:
    for person in ("fu.yi", "wen.kong"):
        released.qms("annul", NUMBER, "A/0", "--reason", "错", by=person)

    zh, en = (released.call("history", NUMBER, lang=lang).out for lang in ("zh", "en"))

    assert "已裁定作废：" in zh
    assert "作废：作废" not in zh
    assert "ruled out: ruled out" not in en


@pytest.fixture
def rejected_apart(submitted: Office, tmp_path: Path) -> Office:
    """One person signed in one clone what they rejected in another, by a clock in UTC."""
    lx = submitted
    lx.environment["XDG_STATE_HOME"] = str(tmp_path / "state")
    other = lx.clone(lx.shared(tmp_path / "shared"), tmp_path / "other" / "docs")
    lx.qms("sign", NUMBER, by="fu.yi")
    lx.qms("release", NUMBER, by="wen.kong")
    lx.qms("sync", by="wen.kong")
    other.later(minutes=1)
    other.now = other.now.astimezone(UTC)
    other.qms("reject", NUMBER, "--reason", "错", by="fu.yi")
    other.call("sync", by="fu.yi")
    return other


@pytest.mark.parametrize(("lang", "name"), [("en", "Fu Yi"), ("zh", "傅毅")])
def test_findings_name_people_and_the_time_of_the_firm(
    rejected_apart: Office, lang: str, name: str
) -> None:
    told = rejected_apart.call("check", "--all", lang=lang).out

    assert "SIGNED-REJECT" in told
    assert "fu.yi" not in told
    assert told.count(name if lang == "en" else "请向 ") >= 1
    assert "+08:00" in told
    assert "+00:00" not in told
