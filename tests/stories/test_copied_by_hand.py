"""What the file manager or an editor left: nobody is told to commit what `check` refuses."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing.office import Office

NUMBER = "LX-WI-01"
FOLDER = "documents/work-instruction"
TEXT = f"{FOLDER}/{NUMBER}.md"


def copied(office: Office) -> None:
    office.write(f"{FOLDER}/{NUMBER} - 副本.md", office.text(TEXT))


def renamed(office: Office) -> None:
    (office.folder / TEXT).rename(office.folder / FOLDER / f"{NUMBER}备件.md")


def edited(office: Office) -> None:
    office.edit(TEXT, "无", "主轴转速不超过 800 r/min。")


def with_a_mark(office: Office) -> None:
    office.write(TEXT, b"\xef\xbb\xbf" + office.text(TEXT).encode())


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("words", [(), ("sync",)], ids=["bare", "sync"])
@pytest.mark.parametrize("leave", [copied, renamed, edited, with_a_mark])
def test_what_check_refuses_is_said_before_it_is_committed(
    submitted: Office,
    tmp_path: Path,
    leave: Callable[[Office], None],
    words: tuple[str, ...],
    lang: str,
) -> None:
    submitted.environment["XDG_STATE_HOME"] = str(tmp_path / "state")
    submitted.shared(tmp_path / "server")
    leave(submitted)
    codes = set(submitted.call("check").findings)
    assert codes

    answer = submitted.call(*words, by="gong.yi", lang=lang)

    assert codes <= {*answer.findings}, answer
    assert "git add -A" not in answer.out


@pytest.mark.parametrize("leave", [copied, renamed])
def test_a_published_text_that_was_copied_or_renamed(
    released: Office, tmp_path: Path, leave: Callable[[Office], None]
) -> None:
    released.environment["XDG_STATE_HOME"] = str(tmp_path / "state")
    released.shared(tmp_path / "server")
    leave(released)
    codes = set(released.call("check").findings)
    assert codes

    answer = released.call(by="gong.yi")

    assert codes <= {*answer.findings}, answer
    assert "git add -A" not in answer.out
