"""Issue 8: somebody signs in a fork of the shared repository; it comes back by a merge."""

import json
import re
import shlex
from pathlib import Path

import pytest

from qms.testing.office import Office

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"


@pytest.fixture
def fork(drafted: Office, server: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "fork.git"
    drafted.git("clone", "-q", "--bare", str(server), str(folder))
    return folder


@pytest.fixture
def theirs(drafted: Office, server: Path, fork: Path, tmp_path: Path) -> Office:
    """A clone of the fork: `origin` is the fork, `upstream` what it came from."""
    office = drafted.copy(tmp_path / "theirs")
    office.git("remote", "set-url", "origin", str(fork))
    office.git("remote", "add", "upstream", str(server))
    office.git("fetch", "-q", "upstream")
    return office


def test_what_was_signed_in_a_fork_holds_where_it_is_merged(
    drafted: Office, fork: Path, theirs: Office
) -> None:
    """DC-04: with `qms.remote` at what is shared; both sides go on meanwhile."""
    theirs.git("config", "qms.remote", "upstream")
    for command, person in (("submit", "gong.yi"), ("sign", "fu.yi")):
        theirs.qms(command, NUMBER, by=person)
        assert theirs.push("main") == (0, "")
    drafted.qms("new", "work-instruction", "--title", "铣床", by="gong.yi")
    drafted.git("add", "-A")
    drafted.git("commit", "-q", "-m", "Draft beside it")
    assert drafted.push("main") == (0, "")

    drafted.git("pull", "-q", "--no-rebase", "--no-edit", str(fork), "main")
    drafted.qms("check")

    assert drafted.push("main") == (0, "")
    drafted.qms("release", NUMBER, by="wen.kong")
    assert drafted.push("main") == (0, "")
    (one,) = json.loads(drafted.qms("show", NUMBER, "--json"))["revisions"]
    assert one["status"] == "in-force"
    assert "verified" in drafted.qms("verify")
    theirs.git("pull", "-q", "--no-rebase", "upstream", "main")
    assert theirs.push("main") == (0, "")
    assert "verified" in theirs.qms("verify")


def test_who_signs_on_what_only_the_fork_has_is_told_and_signs_again(
    drafted: Office, fork: Path, theirs: Office
) -> None:
    """Issue 8: the fork's own trunk is not what everybody can see."""
    theirs.qms("submit", NUMBER, by="gong.yi")
    assert theirs.push("main") == (0, "")
    theirs.qms("sign", NUMBER, by="fu.yi")
    assert theirs.push("main") == (0, "")
    drafted.git("commit", "-q", "--allow-empty", "-m", "Something beside it")
    drafted.git("pull", "-q", "--no-rebase", "--no-edit", str(fork), "main")

    told = drafted.call("check")

    assert (told.code, told.findings) == (1, ("SEEN-UNPUBLISHED",)), told
    for one in re.findall(r"`(git (?:checkout|restore|commit)[^`]*)`", told.out)[:2]:
        drafted.git(*shlex.split(one)[1:])
    drafted.qms("sign", NUMBER, by="fu.yi")
    drafted.qms("check")
    assert drafted.push("main") == (0, "")
    drafted.qms("release", NUMBER, by="wen.kong")
    assert drafted.push("main") == (0, "")
    assert "verified" in drafted.qms("verify")
