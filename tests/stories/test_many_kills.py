"""Commands killed before each change that they make, and eight that write at once."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path

import pytest

from qms.storage.own_state import state_folder
from qms.testing.bad_input import NUMBER, scratch
from qms.testing.killed import Killed
from qms.testing.office import Office

TEXT = f"documents/work-instruction/{NUMBER}.md"


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Notes of other tests are none of this one's."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def released(submitted: Office) -> Office:
    """LX with a released work instruction."""
    submitted.qms("sign", NUMBER, by="fu.yi")
    submitted.qms("release", NUMBER, by="wen.kong")
    return submitted


def every_kill(
    office: Office, folder: Path, command: Killed, sound: Callable[[Office], None]
) -> int:
    """Kill a command before each of its changes, each time in a copy; how many times that was.

    What is left of it is named, and changed by nobody but who writes.
    """
    for at in count(1):
        copy = office.copy(folder / str(at))
        if not command.killed(copy, at):
            return at - 1
        before = copy.status, copy.git("rev-parse", "HEAD")
        copy.call("list")
        copy.call("check")
        assert (copy.status, copy.git("rev-parse", "HEAD")) == before, at
        sound(copy)
        copy.qms("fix")
        assert not scratch(copy), at
        assert not list(state_folder("unfinished").iterdir()), at
        copy.git("fsck", "--strict")
    raise AssertionError


def done_once(command: Killed) -> Callable[[Office], None]:
    """After the kill the act is done or not at all; when it is called again, done once."""

    def sound(office: Office) -> None:
        answer = command.call(office)
        if "FINISHED-FIRST" not in answer.findings and answer.code:
            assert answer.findings[0] in {
                "SIGNED-ALREADY", "USE-RELEASE", "SUBMITTED", "AGREED-ALREADY", "POLICY-SAME",
            }, answer  # fmt: skip
        assert not office.status
        assert office.git("rev-list", "--count", "start..HEAD") == "1"
        assert "UNFINISHED" not in office.call("check").err
        office.qms("check")
        office.qms("verify")

    return sound


@pytest.mark.long
def test_sign_is_done_or_not_whenever_it_is_killed(submitted: Office, tmp_path: Path) -> None:
    submitted.git("tag", "start")
    command = Killed(("sign", NUMBER), "fu.yi")
    assert every_kill(submitted, tmp_path, command, done_once(command)) >= 60


@pytest.mark.long
def test_policy_sign_is_done_or_not_whenever_it_is_killed(lx: Office, tmp_path: Path) -> None:
    lx.write("people.yaml", lx.text("people.yaml") + "# a new version\n")
    lx.git("commit", "-q", "-a", "-m", "Edit")
    lx.git("tag", "start")
    command = Killed(("policy", "sign", "--yes"), "gao.feng")
    assert every_kill(lx, tmp_path, command, done_once(command)) >= 60


@pytest.mark.long
def test_new_leaves_a_whole_draft_or_none_whenever_it_is_killed(lx: Office, tmp_path: Path) -> None:
    command = Killed(("new", "work-instruction", "--title", "车床"), "gong.yi")

    def sound(office: Office) -> None:
        assert office.status in ("", f"?? {TEXT}")
        was_there = bool(office.status)
        assert command.call(office).code == 0
        second = f"\n?? {TEXT.replace('01', '02')}" if was_there else ""
        assert office.status == f"?? {TEXT}{second}"
        office.qms("check")

    assert every_kill(lx, tmp_path, command, sound) >= 10


@pytest.mark.long
def test_revise_leaves_a_whole_draft_or_none_whenever_it_is_killed(
    released: Office, tmp_path: Path
) -> None:
    command = Killed(("revise", NUMBER, "--summary", "改"), "gong.yi")

    def sound(office: Office) -> None:
        assert office.status in ("", f"M {TEXT}")
        was_there = bool(office.status)
        answer = command.call(office)
        assert answer.findings == (("REVISION-OPEN",) if was_there else ()), answer
        assert office.status == f"M {TEXT}"
        assert "status: draft" in office.text(TEXT)

    assert every_kill(released, tmp_path, command, sound) >= 10


@pytest.mark.long
def test_publish_goes_on_whenever_it_was_killed(released: Office, tmp_path: Path) -> None:
    out = tmp_path / "published"
    command = Killed(("publish", NUMBER, "--out", str(out)), "wen.kong")
    assert command.call(released).code == 0
    names = _published(out)
    kills = 0
    for at in count(1):
        shutil.rmtree(out, ignore_errors=True)
        if not command.killed(released, at):
            break
        kills += 1
        assert not released.status
        answer = command.call(released)
        assert answer.code == 0, answer
        assert _published(out) == names, at
        rows = {row["file"] for row in _manifest(out)["files"]}
        assert rows == {name for name in names if name.endswith(".pdf")}
    released.qms("fix")
    assert not scratch(released)
    assert kills >= 20
    released.qms("verify")


def _published(out: Path) -> list[str]:
    files = (one for one in out.rglob("*") if one.is_file() and not one.name.startswith("."))
    return sorted(one.relative_to(out).as_posix() for one in files)


def _manifest(out: Path) -> Mapping[str, list[dict[str, str]]]:
    found: Mapping[str, list[dict[str, str]]] = json.loads((out / "manifest.json").read_bytes())
    return found


WRITER = """
import json, os, sys
from pathlib import Path
from qms.testing.office import Office
folder, keys, mine, wanted, now = sys.argv[1:]
office = Office(Path(folder), Path(keys), environment={"QMS_NOW": now})
number, done, refused = f"LX-WI-{1 + int(mine) % 4:02}", 0, 0
EXPECTED = {"CHANGED-WHILE-SIGNING", "COPY-TWICE", "LOCK-HELD", "CHANGED-WHILE-READING"}
def act(*arguments, by):
    global done, refused
    while True:
        answer = office.call(*arguments, "--json", by=by)
        if answer.code == 0:
            done += 1
            return json.loads(answer.out)["rows"][0]["copy"]
        assert set(answer.findings) <= EXPECTED, answer
        refused += 1
assert office.call("new", "work-instruction", "--title", f"T{mine}", by="gong.yi").code == 0
while done < int(wanted):
    copy = act("issue", number, "--to", "technical", by="wen.kong")
    if done < int(wanted):
        act("receive", number, copy, by="ji.shu")
print(done, refused)
"""


def _writers(office: Office, script: Path, writers: int, acts: int) -> None:
    """Let so many write at once; AssertionError where one of them meets what it shouldn't."""
    now = office.now.isoformat()
    running = [
        subprocess.Popen(
            [sys.executable, "-P", str(script), str(office.folder), str(office.keys), str(one),
             str(acts), now],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for one in range(writers)
    ]  # fmt: skip
    for one in running:
        out, err = one.communicate()
        assert one.returncode == 0, out + err


@pytest.mark.long
def test_eight_writers_in_one_clone_lose_nothing(lx: Office, tmp_path: Path) -> None:
    for one in range(4):
        number = f"LX-WI-{one + 1:02}"
        lx.qms("new", "work-instruction", "--title", f"Text {one}", by="gong.yi")
        lx.qms("submit", number, by="gong.yi")
        lx.qms("sign", number, by="fu.yi")
        lx.qms("release", number, by="wen.kong")
    lx.git("tag", "start")
    lx.write("staged.txt", "mine\n")
    lx.git("add", "staged.txt")
    lx.write("edited.txt", "mine too\n")
    script = tmp_path / "writer.py"
    script.write_text(WRITER, encoding="utf-8")
    lx.later(days=1)

    _writers(lx, script, writers=8, acts=50)

    drafts = [f"?? documents/work-instruction/LX-WI-{one:02}.md" for one in range(5, 13)]
    assert lx.status.splitlines() == ["A  staged.txt", *drafts, "?? edited.txt"]
    assert lx.git("rev-list", "--count", "start..HEAD") == "400"
    assert lx.git("rev-list", "--count", "--first-parent", "start..HEAD") == "400"
    assert not scratch(lx)
    assert not list(state_folder("unfinished").iterdir())
    lx.git("fsck", "--strict")
    lx.later(days=1)
    told = json.loads(lx.qms("verify", "--json"))
    assert (told["verdict"], told["events"]) == ("fine", 400)
