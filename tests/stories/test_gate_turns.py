"""Two pushes at one moment: each is judged by what the other left, never beside it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from qms.findings import QmsError
from qms.storage import machine
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


def test_a_push_of_endless_names_keeps_its_turn(server: Path) -> None:
    """Row 226 (R: PUSH-BUSY): what takes more than is read of a note was taken for no push."""
    repository = Repository.find(server, named=True)
    turn = take_turn(repository)
    with held_by(sys.executable, "-c", "import time; time.sleep(60)") as other:
        turn = replace(turn, push=machine.Process.of(other.pid))
        moves = {f"refs/heads/{at}/{'x' * 900}": ("0" * 40, "1" * 40) for at in range(300)}
        turn.judged(moves)

        with pytest.raises(QmsError) as refused:
            take_turn(repository, wait=0.2)

    assert refused.value.finding.code == "PUSH-BUSY"
    take_turn(repository, wait=0.2)


def test_a_push_that_is_gone_is_not_asked_for_its_branches(server: Path) -> None:
    """Row 160 (R): the machine fell silent while git wrote one, and left an empty file."""
    repository = Repository.find(server, named=True)
    turn = take_turn(repository)
    with held_by(sys.executable, "-c", "pass") as other:
        turn = replace(turn, push=machine.Process.of(other.pid))
    turn.judged({"refs/heads/broken": ("0" * 40, "1" * 40)})
    (server / "refs" / "heads" / "broken").touch()

    take_turn(repository, wait=0.2)


@contextmanager
def held_by(*program: str) -> Generator["subprocess.Popen[str]"]:
    """A process that is gone at the end."""
    process = subprocess.Popen(program, text=True)
    try:
        yield process
        if "pass" in program:
            process.wait()
    finally:
        process.kill()
        process.wait()


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


HELD = 160
"""So many branches that git refuses say more than a pipe holds."""


@contextmanager
def unread(server: Path, lines: list[str]) -> Generator["subprocess.Popen[bytes]", None, None]:
    """A push of commits that are there, by somebody who reads nothing of what it says."""
    with subprocess.Popen(
        ["git", "receive-pack", str(server)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as push:
        assert push.stdin is not None
        assert push.stdout is not None
        while (size := int(push.stdout.read(4), 16)) > 0:
            push.stdout.read(size - 4)
        for at, line in enumerate(lines):
            text = line + ("" if at else "\0report-status side-band-64k")
            push.stdin.write(f"{len(text) + 4:04x}{text}".encode())
        push.stdin.write(b"0000" + EMPTY_PACK)
        push.stdin.flush()
        try:
            yield push
        finally:
            push.kill()


# Signature, version 2, no objects; and the checksum of that.
EMPTY_PACK = b"PACK\0\0\0\2\0\0\0\0" + bytes.fromhex("029d08823bd8a8eab510ad6ac75c823cfd3ed31e")


@contextmanager
def held(office: Office, server: Path) -> Generator["subprocess.Popen[bytes]", None, None]:
    """Such a push, judged: git refuses all but its last branch, and waits till that is read."""
    assert office.push("HEAD:refs/heads/work") == (0, "")
    commit = office.git("rev-parse", "HEAD")
    names = [f"refs/heads/work/{'x' * 200}{one}" for one in range(HELD)] + ["refs/heads/zz"]
    with unread(server, [f"{'0' * 40} {commit} {name}" for name in names]) as push:
        while "xxx" not in (server / NAME).read_text():
            time.sleep(0.05)
        yield push


def test_a_push_that_git_refuses_in_part_is_ended(drafted: Office, server: Path) -> None:
    """Row 200 (R): it may not end by itself, and what is left of it would be judged by nothing."""
    with held(drafted, server) as push:
        time.sleep(1)
        is_held = push.poll() is None

        take_turn(Repository.find(server, named=True), wait=4)

        assert push.stdout is not None
        assert (is_held, push.wait(10), b"x" in push.stdout.read()) == (True, -15, True)
    branches = drafted.git("--git-dir", str(server), "for-each-ref", "--format=%(refname:short)")
    assert branches.split() == ["main", "work"]


@pytest.mark.parametrize("there", [False, True])
def test_a_push_whose_branch_is_elsewhere_may_still_move_it(
    drafted: Office, server: Path, *, there: bool
) -> None:
    """Row 235 (R: PUSH-BUSY): where it found the branch, that can be again before git asks."""
    old, new = drafted.git("rev-parse", "HEAD~1"), drafted.git("rev-parse", "HEAD")
    repository = Repository.find(server, named=True)
    if there:
        drafted.git("--git-dir", str(server), "update-ref", "refs/heads/work", tip(drafted, server))
    turn = take_turn(repository)
    with held_by(sys.executable, "-c", "import time; time.sleep(60)") as other:
        turn = replace(turn, push=machine.Process.of(other.pid))
        turn.judged({"refs/heads/work": (old, "0" * 40 if there else new)})

        with pytest.raises(QmsError) as refused:
            take_turn(repository, wait=0.2)

        change = ("-d", "refs/heads/work") if there else ("refs/heads/work", new)
        drafted.git("--git-dir", str(server), "update-ref", *change)
        take_turn(repository, wait=0.2)

    assert refused.value.finding.code == "PUSH-BUSY"


def test_a_tag_that_is_still_to_come_is_waited_for(drafted: Office, server: Path) -> None:
    """Row 235 (R): it may be called like the trunk that the next push names."""
    assert drafted.push("HEAD:refs/tags/v") == (0, "")
    commit = drafted.git("rev-parse", "HEAD")
    names = [f"refs/tags/v/{'x' * 200}{one}" for one in range(HELD)] + ["refs/tags/release"]
    (server / NAME).unlink()
    with unread(server, [f"{'0' * 40} {commit} {name}" for name in names]) as push:
        while not (server / NAME).exists() or "{" not in (server / NAME).read_text():
            time.sleep(0.05)
        take_turn(Repository.find(server, named=True), wait=4)

        assert push.wait(10) == -15
    assert "refs/tags/release" not in drafted.git("--git-dir", str(server), "for-each-ref")


@pytest.mark.parametrize("move", [5, [1, 2], ["0" * 40, None], ["0" * 40, "1" * 40, ""]])
@pytest.mark.usefixtures("drafted")
def test_of_moves_that_nobody_can_read_the_end_of_the_process_tells(
    server: Path, move: object
) -> None:
    """Row 160 (R): a note of another version ended each push with a fault in qms."""
    with held_by(sys.executable, "-c", "import time; time.sleep(60)") as other:
        note = [*machine.Process.of(other.pid), {"refs/heads/x": move}]
        (server / NAME).write_text(json.dumps(note))

        with pytest.raises(QmsError) as refused:
            take_turn(Repository.find(server, named=True), wait=0.2)

    assert refused.value.finding.code == "PUSH-BUSY"
    take_turn(Repository.find(server, named=True), wait=0.2)


@pytest.mark.usefixtures("drafted")
def test_what_somebody_else_wrote_down_ends_no_process(server: Path) -> None:
    """Row 200 (R: PUSH-BUSY): a note is no way to have a program of the server's ended."""
    with subprocess.Popen(["sleep", "60"]) as other:
        note = [*machine.Process.of(other.pid), {"refs/heads/x": ["0" * 40, "1" * 40]}]
        (server / NAME).write_text(json.dumps(note))

        with pytest.raises(QmsError) as refused:
            take_turn(Repository.find(server, named=True), wait=1)

        is_there = other.poll() is None
        other.kill()
    assert (is_there, refused.value.finding.code) == (True, "PUSH-BUSY")


def test_what_is_said_to_who_reads_nothing_holds_nobody_up(drafted: Office, server: Path) -> None:
    """Row 201 (R): a push that is refused waits with its findings, and nobody for it."""
    for at in range(400):
        drafted.write(f"documents/{'x' * 100}{at}.md", "")
    drafted.git("add", "-A")
    drafted.git("commit", "-qm", "Strays")
    drafted.git("push", "-q", str(server), "HEAD:refs/tags/brought")  # a tag is not judged
    line = f"{tip(drafted, server)} {drafted.git('rev-parse', 'HEAD')} refs/heads/main"
    (server / NAME).unlink()
    with unread(server, [line]) as push:
        while not (server / NAME).exists():
            time.sleep(0.05)
        take_turn(Repository.find(server, named=True), wait=30)
        time.sleep(1)
        is_held = push.poll() is None
    assert is_held
