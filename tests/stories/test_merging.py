"""US-24: a merge in progress is honest work: nobody who signed meanwhile is accused by it."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from qms.testing.office import Office

OTHER = "documents/work-instruction/LX-WI-02.md"


@pytest.fixture
def colleagues(submitted: Office, tmp_path: Path) -> tuple[Office, Office]:
    """Two clones of one shared repo: LX-WI-01 goes round in one, the other begins LX-WI-02."""
    server = tmp_path / "server.git"
    submitted.git("init", "-q", "--bare", "-b", "main", str(server))
    submitted.git("remote", "add", "origin", str(server))
    submitted.git("push", "-q", "-u", "origin", "main")
    submitted.git("clone", "-q", str(server), str(tmp_path / "other" / "docs"))
    other = Office(tmp_path / "other" / "docs", submitted.keys, submitted.now)
    for name, value in (
        ("user.name", "Somebody"), ("user.email", "somebody@qms.invalid"),
        ("qms.allowUnencryptedKey", "true"), ("qms.rehearsal", "true"),
    ):  # fmt: skip
        other.git("config", name, value)
    submitted.qms("sign", "LX-WI-01", by="fu.yi")
    submitted.git("push", "-q", "origin", "main")
    submitted.qms("release", "LX-WI-01", by="wen.kong")
    submitted.git("push", "-q", "origin", "main")
    other.now = submitted.now
    other.qms("new", "work-instruction", "--title", "铣床", by="gong.yi")
    other.git("add", "-A")
    other.git("commit", "-q", "-m", "Another draft")
    other.git("fetch", "-q", "origin")
    return submitted, other


@pytest.mark.parametrize("options", [[], ["--all"], ["--index"], ["--index", "--all"]])
def test_a_merge_that_is_not_committed_yet_accuses_nobody(
    colleagues: tuple[Office, Office], options: list[str]
) -> None:
    """Also one whose editor was left open, or which waits for a conflict to be settled."""
    _, other = colleagues
    other.git("merge", "-q", "--no-commit", "--no-ff", "origin/main")

    told = other.call("check", *options)

    assert (told.code, told.findings) == (0, ()), told
    other.git("commit", "-q", "--no-edit")
    assert other.call("verify").code == 0


def test_the_templates_hook_lets_a_clean_pull_through(colleagues: tuple[Office, Office]) -> None:
    """git runs it before it has written down what is merged in."""
    _, other = colleagues
    hooks = other.folder / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    python = shlex.quote(sys.executable)
    for name in ("pre-merge-commit", "pre-commit"):
        (hooks / name).write_text(
            f'#!/bin/sh\nexec {python} -P -c "from qms.cli import main; main()" check --index\n'
        )
        (hooks / name).chmod(0o755)

    done = subprocess.run(
        ["git", "pull", "-q", "--no-rebase", "--no-edit", "origin", "main"], cwd=other.folder,
        capture_output=True, check=False, encoding="utf-8",
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    assert other.git("rev-parse", "HEAD^2") == other.git("rev-parse", "origin/main")


def test_what_is_broken_is_told_in_a_merge_too(colleagues: tuple[Office, Office]) -> None:
    _, other = colleagues
    other.git("merge", "-q", "--no-commit", "--no-ff", "origin/main")
    released = "released/work-instruction/LX-WI-01/A-0.md"
    other.edit(released, "车床", "机床")

    told = other.call("check")

    assert (told.code, set(told.findings)) == (1, {"DOC-CHANGED"})


LISTED = "copies/work-instruction/LX-WI-01/A-0/001.yaml"


@pytest.fixture
def stopped(released: Office, tmp_path: Path) -> Office:
    """A clone in which `git pull` stopped: copy 001 was issued on both sides, and one revised."""
    other = released.clone(released.shared(tmp_path / "shared"), tmp_path / "other" / "docs")
    other.later(hours=1)
    released.qms("issue", "LX-WI-01", "--to", "technical", by="wen.kong")
    released.push("main")
    released.qms("revise", "LX-WI-01", "--summary", "改", by="gong.yi")
    released.edit("documents/work-instruction/LX-WI-01.md", "\n## ", "\n改。\n\n## ")
    released.qms("submit", "LX-WI-01", by="gong.yi")
    released.push("main")
    other.qms("issue", "LX-WI-01", "--to", "inspection", by="wen.kong")
    pulled = subprocess.run(
        ["git", "pull", "-q", "--no-rebase", "--no-edit", "origin", "main"], cwd=other.folder,
        capture_output=True, check=False,
    )  # fmt: skip
    assert pulled.returncode == 1
    assert (other.folder / ".git" / "MERGE_HEAD").exists()
    return other


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "command", [("list",), ("show", "LX-WI-01"), ("history", "LX-WI-01"), ("todo",), ()]
)
def test_what_a_stopped_pull_brings_is_no_signature_of_nowhere(
    stopped: Office, command: tuple[str, ...], lang: str
) -> None:
    """SEEN-MISSING: lists went by HEAD, and by files of a side that HEAD doesn't know."""
    answer = stopped.call(*command, by="wen.kong", lang=lang)

    assert answer.code == 0, answer
    assert "SEEN-" not in answer.out + answer.err
    assert "MERGE-WAITS" in answer.err
    assert "qms fix" in answer.err
    if command == ("show", "LX-WI-01"):
        assert "A/1" not in answer.out


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_both_sides_of_a_list_stay_after_a_stopped_pull(stopped: Office, lang: str) -> None:
    """LIST-CONFLICT: it was said to keep one of the two, and both are signed."""
    told = stopped.call("check", lang=lang)
    assert (told.code, told.findings) == (1, ("LIST-CONFLICT",)), told
    assert re.findall(r"`(git|qms) ", told.out) == ["qms"]
    assert stopped.call("check", "--index", lang=lang).findings == ("INDEX-UNMERGED",)

    stopped.qms("fix", by="wen.kong")

    assert stopped.text(LISTED).count('"act":"issue"') == 2
    assert stopped.call("check", "--all").findings == ("COPY-TWICE",)
    assert "MERGE-WAITS" not in stopped.call("list").err
    assert "A/1" in stopped.qms("list")
