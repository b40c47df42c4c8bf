"""Whoever pulls by plain git is told one command that sets right what came of it."""

import re
import subprocess
from pathlib import Path

import pytest

from qms.testing.mended import named
from qms.testing.office import Office

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"


def pulled(office: Office) -> int:
    done = subprocess.run(
        ["git", "pull", "-q", "--no-rebase", "--no-edit", "origin", "main"], cwd=office.folder,
        capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode


def approval(text: str) -> str:
    """The slot of the approval, signed or not."""
    return text[text.rindex('  - act: "approve"') : text.index('  - act: "publish"')]


@pytest.fixture
def other(submitted: Office, tmp_path: Path) -> Office:
    """A colleague's clone; the text goes round."""
    submitted.environment["XDG_STATE_HOME"] = str(tmp_path / "state")
    clone = submitted.clone(submitted.shared(tmp_path / "shared"), tmp_path / "other" / "docs")
    clone.later(hours=1)
    return clone


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("command", [(), ("todo",)])
def test_signatures_that_a_merge_mixed_are_set_right_by_one_command(
    submitted: Office, other: Office, lang: str, command: tuple[str, ...]
) -> None:
    """One signs the first round, another sends the same text round anew: git merges both, badly."""
    submitted.edit(TEXT, "summary: ", "summary: 二 ")
    submitted.qms("submit", NUMBER, by="gong.yi")
    submitted.push("main")
    other.qms("sign", NUMBER, by="fu.yi")
    mine = other.text(TEXT)
    stopped = pulled(other)
    theirs = submitted.text(TEXT)
    other.write(TEXT, theirs.replace(approval(theirs), approval(mine)))
    other.git("commit", "-q", "-a", "--no-edit", *(() if stopped else ("--amend",)))

    told = other.call(*command, by="fu.yi", lang=lang)

    assert told.code == 1, told
    assert "MERGE-MIXED" in told.out + told.err
    said = re.sub(r"^note: .*\n", "", told.out + told.err)
    assert named(said, "MERGE-MIXED") == ["qms fix"]
    assert "`git " not in said
    other.qms("fix", by="fu.yi")
    assert other.call("check").code == 0
    assert "MERGE-MIXED" not in other.call(by="fu.yi").err


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_pull_that_stopped_on_the_same_lines_ends_by_one_line(
    drafted: Office, tmp_path: Path, lang: str
) -> None:
    drafted.environment["XDG_STATE_HOME"] = str(tmp_path / "state")
    clone = drafted.clone(drafted.shared(tmp_path / "shared"), tmp_path / "other" / "docs")
    for office, word in ((drafted, "铣床"), (clone, "磨床")):
        office.edit(TEXT, "\n## ", f"\n{word}。\n\n## ")
        office.git("commit", "-q", "-a", "-m", word)
    drafted.push("main")
    assert pulled(clone)
    assert "not committed" not in clone.call(by="gong.yi").out

    answer = clone.call("fix", by="gong.yi", lang=lang)

    assert named(answer.out + answer.err, "MERGE-UNSETTLED") == [
        "git merge --abort && qms sync --theirs"
    ]
    clone.git("merge", "--abort")
    assert clone.call("sync", "--theirs").code == 0
    assert "磨床" in clone.text(f"{NUMBER}.mine.md")
