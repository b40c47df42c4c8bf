"""Two pushes at one moment: each is judged by what the other left, never beside it."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image

from qms.findings import QmsError
from qms.storage.repository import Repository
from qms.storage.turns import NAME, take_turn
from qms.testing.office import Office

TEXT = "documents/work-instruction/LX-WI-01.md"
SIGNERS = ("gao.feng", "guan.ning")
# git calls it after the gate, before it moves a branch: here the push to main stays for a while.
SLOW = """#!/bin/sh
test "$1" != refs/heads/main && exit
touch {0}/judged
for _ in $(seq 200); do test -e {0}/go && exit; sleep 0.1; done
"""


@pytest.fixture
def slow(server: Path, tmp_path: Path) -> Path:
    """A folder where `judged` tells that a push to main was, and `go` lets it end."""
    hook = server / "hooks" / "update"
    hook.write_text(SLOW.format(tmp_path))
    hook.chmod(0o755)
    return tmp_path


def begin(office: Office, *refs: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        ["git", "push", "-q", "origin", *refs], cwd=office.folder,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
    )  # fmt: skip


def await_file(path: Path, process: "subprocess.Popen[str]") -> None:
    while not path.exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


def test_a_push_waits_for_one_that_was_judged_and_is_not_there_yet(
    drafted: Office, server: Path, slow: Path
) -> None:
    """Row 160 (R: FIELD-UNKNOWN): beside the policy that names a trunk comes what squats it."""
    drafted.edit("qms.yaml", "trunk: main\n", "trunk: release\n")
    for signer in SIGNERS:
        drafted.qms("policy", "sign", by=signer)
    policy = drafted.git("rev-parse", "HEAD")
    drafted.edit(TEXT, "owner: technical\n", "ownr: technical\n")
    drafted.git("commit", "-qam", "Break the head")

    with begin(drafted, f"{policy}:refs/heads/main") as honest:
        await_file(slow / "judged", honest)
        with begin(drafted, "HEAD:refs/heads/release") as squatter:
            time.sleep(1)
            waits = squatter.poll() is None
            (slow / "go").touch()
            said = squatter.communicate()[0]
        honest.communicate()

    assert waits
    assert (honest.returncode, squatter.returncode != 0, "FIELD-UNKNOWN" in said) == (0, True, True)
    branches = drafted.git("--git-dir", str(server), "for-each-ref", "--format=%(refname:short)")
    assert (branches, tip(drafted, server)) == ("main", policy), said


def tip(office: Office, server: Path) -> str:
    return office.git("--git-dir", str(server), "rev-parse", "main")


def test_a_push_that_was_killed_holds_nobody_up(drafted: Office, server: Path, slow: Path) -> None:
    """Row 160 (R): its turn ends with its process, and nothing is to be cleared away."""
    drafted.git("commit", "-q", "--allow-empty", "-m", "One more")
    with begin(drafted, "HEAD:refs/heads/main") as killed:
        await_file(slow / "judged", killed)
        pid = int((server / NAME).read_text().split(",")[2])
        os.kill(pid, 9)
        (slow / "go").touch()
        killed.communicate()

    assert drafted.push("HEAD:refs/heads/main") == (0, "")
    assert tip(drafted, server) == drafted.git("rev-parse", "HEAD")


def gates(server: Path) -> list[int]:
    """The processes of the gate of a server that are at work."""
    found: list[int] = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (place / "cmdline").read_bytes().split(b"\0")
            if b"receive" in words and (place / "cwd").readlink() == server:
                found.append(int(place.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="the system shows nobody's files")
def test_a_gate_ends_when_whoever_pushed_has_gone(
    drafted: Office, server: Path, slow: Path
) -> None:
    """Row 279 (R): git lets it go on, for minutes, while others wait."""
    drafted.git("commit", "-q", "--allow-empty", "-m", "One more")
    with begin(drafted, "HEAD:refs/heads/main") as first:
        await_file(slow / "judged", first)
        with begin(drafted, "HEAD:refs/heads/other") as gone:
            while not gates(server):
                assert gone.poll() is None, gone.communicate()
                time.sleep(0.02)
            gone.kill()
            while gates(server):
                assert first.poll() is None, "it waited for its turn to the end"
                time.sleep(0.1)
        (slow / "go").touch()
        first.communicate()

    assert first.returncode == 0
    branches = drafted.git("--git-dir", str(server), "for-each-ref", "--format=%(refname:short)")
    assert branches == "main"
    assert drafted.push("HEAD:refs/heads/other") == (0, "")


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="the system shows nobody's files")
def test_nothing_more_is_unpacked_for_nobody(drafted: Office, server: Path) -> None:
    """Row 279 (R): in the midst of judging too; nothing is taken then."""
    (drafted.folder / "assets").mkdir()
    for at in range(9):
        shade = Image.new("RGB", (7000, 5000 + at), (at, 0, 0))
        shade.save(drafted.folder / "assets" / f"{at}.png", compress_level=1)
        drafted.write(TEXT, f"{drafted.text(TEXT)}\n![图](../../assets/{at}.png)\n")
    drafted.git("add", "-A")
    drafted.git("commit", "-qm", "Pictures")
    before = tip(drafted, server)

    with begin(drafted, "HEAD:refs/heads/main") as gone:
        while not (at_work := gates(server)):
            time.sleep(0.02)
        time.sleep(1.5)
        gone.kill()
    while gates(server):
        time.sleep(0.1)

    assert (len(at_work), tip(drafted, server)) == (1, before)
    assert drafted.push("HEAD:refs/heads/main")[0] == 0


@pytest.mark.parametrize("there", ["", "[", '{"pid": 1}', "[1, 2, 3, 4]", "[" * 4000, "x" * 9000])
def test_what_nobody_can_read_is_no_push(server: Path, drafted: Office, there: str) -> None:
    """Row 160 (R): a broken file is put right by the next push."""
    (server / NAME).write_text(there)

    assert drafted.push("HEAD:refs/heads/main") == (0, "")


def test_a_folder_in_the_place_of_the_note_is_named(server: Path, drafted: Office) -> None:
    """Row 202 (R: FILE-IN-THE-WAY): nothing is taken then, and all is once it is moved away."""
    note = server / NAME
    note.unlink()
    (note / "inside").mkdir(parents=True)
    drafted.git("commit", "-q", "--allow-empty", "-m", "One more")

    code, said = drafted.push("HEAD:refs/heads/main")

    assert (code != 0, "FILE-IN-THE-WAY" in said, str(note) in said) == (True, True, True), said
    note.rename(server / "moved-away")
    assert drafted.push("HEAD:refs/heads/main") == (0, "")


@pytest.mark.usefixtures("drafted")
def test_a_push_that_never_ends_is_named(server: Path) -> None:
    """Row 160 (R: PUSH-BUSY): and not waited for without an end."""
    program = (
        "import sys, time\nfrom pathlib import Path\nfrom qms.storage.repository import Repository"
        "\nfrom qms.storage import machine, turns\nturns.os.getppid = turns.os.getpid\n"
        "turns.take_turn(Repository.find(Path(sys.argv[1]), named=True))\n"
        "print('mine', flush=True)\ntime.sleep(60)\n"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(server)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "mine\n"
        with pytest.raises(QmsError) as refused:
            take_turn(Repository.find(server, named=True), wait=0.2)
    finally:
        other.kill()
        other.communicate()

    assert refused.value.finding.code == "PUSH-BUSY"
    assert refused.value.finding.values["pid"] == str(other.pid)
    take_turn(Repository.find(server, named=True), wait=0.2)


STALLING = """#!/bin/sh
# as if its client had stopped reading: what the push says fills the pipe
touch {0}/stalls
for _ in $(seq 600); do test -e {0}/go && exit; sleep 0.1; done
"""


def test_a_push_that_is_through_holds_nobody_up_by_not_ending(
    drafted: Office, server: Path, tmp_path: Path
) -> None:
    """Row 160 (R): its branch is moved, and whoever pushed may hold its process for as long."""
    hook = server / "hooks" / "post-receive"
    hook.write_text(STALLING.format(tmp_path))
    hook.chmod(0o755)
    drafted.git("commit", "-q", "--allow-empty", "-m", "One more")
    with begin(drafted, "HEAD:refs/heads/work") as stalled:
        await_file(tmp_path / "stalls", stalled)
        hook.unlink()

        assert drafted.push("HEAD:refs/heads/main") == (0, "")

        assert stalled.poll() is None
        (tmp_path / "go").touch()
        stalled.communicate()
    assert tip(drafted, server) == drafted.git("rev-parse", "HEAD")


def test_a_push_that_was_refused_leaves_no_note(drafted: Office, server: Path) -> None:
    """Row 160 (R: FIELD-UNKNOWN): it moves nothing, so nobody has to wait for its end."""
    drafted.edit(TEXT, "owner: technical\n", "ownr: technical\n")
    drafted.git("commit", "-qam", "Break the head")

    code, said = drafted.push("HEAD:refs/heads/main")

    assert (code != 0, "FIELD-UNKNOWN" in said) == (True, True)
    assert not (server / NAME).exists()
