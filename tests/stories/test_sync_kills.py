"""`qms sync` killed before each change that it makes: the same command goes on from there."""

import shutil
from itertools import count
from pathlib import Path

import pytest

from qms.testing.bad_input import scratch
from qms.testing.killed import Killed
from qms.testing.office import Office

TEXT = "documents/work-instruction/LX-WI-01.md"


@pytest.mark.long
def test_a_sync_that_is_killed_goes_on(
    submitted: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both sides have something: what came in, what is united, and what goes out."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    server = submitted.shared(tmp_path)
    other = submitted.copy(tmp_path / "other")
    other.qms("sign", "LX-WI-01", by="fu.yi")
    other.write("notes.md", "theirs\n")
    other.git("add", "-A")
    other.git("commit", "-q", "-m", "Notes")
    assert other.push("main")[0] == 0
    submitted.now = other.now
    submitted.qms("new", "work-instruction", "--title", "铣床", by="ji.shu")
    submitted.git("add", "-A")
    submitted.git("commit", "-q", "-m", "Draft")
    submitted.qms("submit", "LX-WI-02", by="ji.shu")
    command = Killed(("sync",), "ji.shu")
    for at in count(1):
        copy = submitted.copy(tmp_path / str(at))
        place = Path(shutil.copytree(server, tmp_path / str(at) / "server.git", symlinks=True))
        copy.git("remote", "set-url", "origin", str(place))
        was_killed = command.killed(copy, at)

        copy.qms("sync", by="ji.shu")

        assert copy.status == "", at
        assert copy.text("notes.md") == "theirs\n"
        assert copy.text(TEXT).count("signature") == 2, at
        assert copy.git("rev-parse", "HEAD") == copy.git("rev-parse", "origin/main"), at
        told = copy.call("check", "--all")
        assert (told.code, told.findings) == (0, ()), (at, told)
        assert not scratch(copy), at
        copy.git("fsck", "--strict")
        shutil.rmtree(tmp_path / str(at))
        if not was_killed:
            assert at > 20
            return
