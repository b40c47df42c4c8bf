"""Whoever pulls by plain git is told one command that sets right what came of it."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from qms.testing.mended import done, named, shared
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


LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh"])
BY_HAND = ["add -A", "commit -q --no-edit"]


@pytest.fixture
def torn(drafted: Office, tmp_path: Path) -> Office:
    """A clone whose `git pull` stopped on lines that both changed."""
    drafted.environment["XDG_STATE_HOME"] = str(tmp_path / "state")
    clone = drafted.clone(drafted.shared(tmp_path / "shared"), tmp_path / "other" / "docs")
    for office, word in ((drafted, "铣床"), (clone, "磨床")):
        office.edit(TEXT, "\n## ", f"\n{word}。\n\n## ")
        office.git("commit", "-q", "-a", "-m", word)
    drafted.push("main")
    assert pulled(clone)
    return clone


def is_taken(office: Office) -> bool:
    """The text is as others have it, mine lies beside, and all is shared."""
    taken, mine = office.text(TEXT), office.text(f"{NUMBER}.mine.md")
    assert ("铣床" in taken, "磨床" in taken, "磨床" in mine) == (True, False, True)
    assert not any("<<<<<<<" in one for one in (taken, mine))
    assert office.git("rev-parse", "HEAD") == office.git("rev-parse", "origin/main")
    return office.call("check", "--all").code == 0


@LANGUAGES
@pytest.mark.parametrize("command", ["fix", "sync"])
def test_a_pull_that_stopped_on_the_same_lines_ends_by_one_line(
    torn: Office, lang: str, command: str
) -> None:
    assert "not committed" not in torn.call(by="gong.yi").out

    answer = torn.call(command, by="gong.yi", lang=lang)

    assert answer.findings == ("MERGE-UNSETTLED",)  # and no second way besides
    (way,) = named(answer.out + answer.err, "MERGE-UNSETTLED")
    assert way == "qms sync --theirs"
    done(torn, way, by="gong.yi")
    assert is_taken(torn)
    assert f"{NUMBER}.mine.md" in torn.call(by="gong.yi", lang=lang).out  # until it is brought in
    (torn.folder / f"{NUMBER}.mine.md").unlink()
    assert ".mine" not in torn.call(by="gong.yi", lang=lang).out


@LANGUAGES
@pytest.mark.parametrize("is_later", [False, True])
def test_the_marks_of_a_merge_that_were_committed_end_by_one_line(
    torn: Office, lang: str, *, is_later: bool
) -> None:
    """Each of bare `qms`, `sync` and `fix` leads to what ends it."""
    for words in BY_HAND:
        torn.git(*words.split())
    if is_later:
        torn.write("note.txt", "x")
        torn.git("add", "note.txt")
        torn.git("commit", "-q", "-m", "Note")
    before = torn.git("rev-parse", "HEAD")

    (row,) = json.loads(torn.call("todo", "--json", by="gong.yi", lang=lang).out)["rows"]

    assert row["command"] == "qms fix"
    refused = torn.call("sync", lang=lang)
    assert refused.findings == ("MERGE-UNSETTLED",)
    (way,) = named(refused.out + refused.err, "MERGE-UNSETTLED")
    assert way == "qms sync --theirs"
    answer = torn.call("fix", by="gong.yi", lang=lang)
    (way,) = named(answer.out + answer.err, "MERGE-UNSETTLED")
    assert torn.git("rev-parse", "HEAD") == before
    done(torn, way, by="gong.yi")
    assert is_taken(torn)


@LANGUAGES
def test_no_command_is_named_that_shows_marks_and_mends_nothing(lx: Office, lang: str) -> None:
    shared(lx)
    lx.qms("new", "work-instruction", "--title", "车床", by="gong.yi")
    lx.edit(TEXT, "\n## ", "\n<<<<<<< HEAD\n铣床。\n=======\n磨床。\n>>>>>>> theirs\n\n## ")
    lx.git("add", "-A")
    lx.git("commit", "-q", "-m", "Draft")

    for words in (("check",), ("submit", NUMBER), ("fix",)):
        answer = lx.call(*words, by=None if words == ("check",) else "gong.yi", lang=lang)
        assert (answer.code, answer.findings) == (1, ("MARKS-LEFT",)), answer
        assert "git log" not in answer.out + answer.err


@LANGUAGES
def test_marks_that_a_stash_left_are_told_as_check_tells_them(drafted: Office, lang: str) -> None:
    drafted.edit(TEXT, "\n## ", "\n铣床。\n\n## ")
    drafted.git("stash")
    drafted.edit(TEXT, "\n## ", "\n磨床。\n\n## ")
    drafted.git("commit", "-q", "-a", "-m", "Text")
    with pytest.raises(subprocess.CalledProcessError):
        drafted.git("stash", "pop")

    ways = [named(one.out + one.err, "MERGE-CONFLICT")
            for one in (drafted.call("check", lang=lang),
                        drafted.call("fix", by="gong.yi", lang=lang))]  # fmt: skip

    assert ways[0] == ways[1]


@LANGUAGES
def test_marks_that_came_from_nowhere_are_named_with_their_line(drafted: Office, lang: str) -> None:
    marks = "<<<<<<< HEAD\n铣床。\n=======\n磨床。\n>>>>>>> theirs\n"
    drafted.edit(TEXT, "\n## ", f"\n{marks}\n## ")
    drafted.git("commit", "-q", "-a", "-m", "Text")

    answer = drafted.call("fix", by="gong.yi", lang=lang)

    assert (answer.code, answer.findings) == (1, ("MARKS-LEFT",))
    text = drafted.text(TEXT)
    assert answer.lines["MARKS-LEFT"] == f"{TEXT}:{text[: text.index('<<<')].count(chr(10)) + 1}"
    drafted.edit(TEXT, marks, "铣床。\n")
    assert drafted.call("fix", by="gong.yi").code == 0


def test_a_pull_that_stopped_where_signatures_met_ends_by_sync(
    submitted: Office, other: Office
) -> None:
    submitted.edit(TEXT, "summary: ", "summary: 二 ")
    submitted.qms("submit", NUMBER, by="gong.yi")
    submitted.push("main")
    other.qms("sign", NUMBER, by="fu.yi")
    mine = approval(other.text(TEXT))
    pulled(other)

    other.qms("sync")

    assert re.findall(r'"signature":"([^"]+)"', mine)[0] in other.text(TEXT)
    assert other.git("rev-parse", "HEAD") == other.git("rev-parse", "origin/main")
    assert other.call("check", "--all").code == 0
