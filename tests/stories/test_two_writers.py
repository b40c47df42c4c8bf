"""Several commands at once in one clone: each act is done or refused, and none undoes another."""

import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from qms.testing.bad_input import NUMBER, askpass, scratch
from qms.testing.office import Answer, Office

PASSPHRASE = "a passphrase"  # noqa: S105 - of a key made for this test
PAUSED = """
import os, subprocess, time
from pathlib import Path
from qms.cli import main
start = subprocess.Popen
class Paused(start):
    def __init__(self, command, *args, **more):
        place = Path(os.environ["PAUSED"])
        if place.name in command and not place.exists():
            place.touch()
            while not place.with_suffix(".go").exists():
                time.sleep(0.01)
        super().__init__(command, *args, **more)
subprocess.Popen = Paused
main()
"""
"""`qms` that waits before it calls git for a certain thing, until a file is there."""


def until(path: Path, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < deadline, path
        time.sleep(0.01)


def ended(process: "subprocess.Popen[str]") -> Answer:
    with process:
        out, err = process.communicate(timeout=60)
    return Answer(process.returncode, out, err)


def paused(office: Office, at: str, *arguments: str, by: str) -> "subprocess.Popen[str]":
    """A command that stands before its first call of git for `at`."""
    stands = office.folder.parent / at
    process = office.start(*arguments, by=by, program=PAUSED, PAUSED=str(stands))
    until(stands)
    return process


def go(office: Office, at: str) -> None:
    (office.folder.parent / f"{at}.go").touch()


def test_the_loser_of_two_writers_takes_nothing_back(submitted: Office) -> None:
    head = submitted.git("rev-parse", "HEAD")
    first = paused(submitted, "hash-object", "sign", NUMBER, by="fu.yi")
    second = paused(submitted, "update-ref", "reject", NUMBER, "--reason", "x", by="fu.yi")
    go(submitted, "hash-object")
    with suppress(subprocess.TimeoutExpired):
        first.wait(5)  # it may have to wait for the other one
    go(submitted, "update-ref")
    answers = [ended(first), ended(second)]

    won = [answer for answer in answers if answer.code == 0]
    lost = [answer for answer in answers if answer.code != 0]
    assert (len(won), len(lost)) == (1, 1), answers
    assert set(lost[0].findings) <= {"CHANGED-WHILE-SIGNING", "WORKTREE-DIFFERS"}, lost
    assert submitted.git("rev-list", "--count", f"{head}..HEAD") == "1"
    assert not submitted.status
    assert not scratch(submitted)
    submitted.qms("check")
    submitted.qms("verify")


@pytest.mark.parametrize("committed", [False, True])
def test_what_changes_while_the_passphrase_is_asked_for_is_not_signed(
    submitted: Office,
    committed: bool,  # noqa: FBT001 - a case
) -> None:
    """Row 75 (S): what was shown is what is signed, or nothing is."""
    text = f"documents/work-instruction/{NUMBER}.md"
    key = str(submitted.key("fu.yi", PASSPHRASE))
    change = f"cd '{submitted.folder}' && sed -i 's/# 车床/# 铣床/' {text}"
    if committed:
        change += " && git commit -q -a -m Attack"
    asking = askpass(submitted, f"({change}) >&2; echo '{PASSPHRASE}'")

    answer = submitted.finish("sign", NUMBER, "--key", key, SSH_ASKPASS=asking)

    assert (answer.code, answer.findings) == (1, ("CHANGED-WHILE-SIGNING",)), answer
    assert "# 铣床" in submitted.text(text)
    assert 'person: "fu.yi"\n    at: null' in submitted.text(text)
    assert bool(submitted.status) is not committed
    assert not scratch(submitted)
