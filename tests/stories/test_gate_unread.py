"""A push that somebody begins and does not read to its end: it is ended, and holds nobody up."""

import json
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from qms.findings import QmsError
from qms.storage import machine
from qms.storage.repository import Repository
from qms.storage.turns import NAME, take_turn
from qms.testing.office import Office


def tip(office: Office, server: Path) -> str:
    return office.git("--git-dir", str(server), "rev-parse", "main")


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
