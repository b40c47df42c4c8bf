"""A process beside verifies what is claimed; whatever becomes of it, nobody is told more."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from qms.formats.sshsig import Claim
from qms.storage.verifying import VerifyingProcess, answer
from qms.testing import key

SPACE = "qms-approve-v1"


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Iterator[VerifyingProcess]:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    made = VerifyingProcess()
    yield made
    made.end()


def claim(text: str, signer: str = "li.si", space: str = SPACE, named: str = "li.si") -> Claim:
    message = f'{{"text":"{text}"}}\n'.encode()
    signature = key(signer).sign(message, SPACE)
    return Claim(message, signature, space, key(named).public.fingerprint)


TRUE = claim("批准")
FALSE = (
    TRUE._replace(message=b'{"text":"other"}\n'),
    claim("批准", space="qms-publish-v1"),
    claim("批准", signer="wang.wu"),
    TRUE._replace(signature="no base64"),
    TRUE._replace(signature=""),
)


def test_only_what_is_true_holds(process: VerifyingProcess) -> None:
    """DC-03"""
    process.ask((TRUE, *FALSE, TRUE))

    assert process.verdicts() == [True, *(False for _ in FALSE), True]


def test_it_is_asked_many_times(process: VerifyingProcess) -> None:
    for count in (1, 300, 2):
        process.ask([claim(str(number)) for number in range(count)])

        assert process.verdicts() == [True] * count
        assert process.is_running


def test_nothing_asked_is_nothing_told(process: VerifyingProcess) -> None:
    assert process.verdicts() == []
    assert not process.is_running


def test_where_it_was_killed_nothing_holds(process: VerifyingProcess) -> None:
    process.ask([TRUE])
    process.verdicts()
    child = process._child  # noqa: SLF001 - what a stranger could do to it
    assert child is not None
    os.kill(child.pid, signal.SIGKILL)
    child.wait()

    for _ in range(2):
        process.ask([TRUE] * 3)
        assert process.verdicts() == [False] * 3
    assert not process.is_running


def test_where_it_cannot_start_nothing_holds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    for program in ("", str(tmp_path / "nothing")):
        monkeypatch.setattr(sys, "executable", program)
        process = VerifyingProcess()

        process.ask([TRUE])

        assert process.verdicts() == [False]


def test_a_program_that_says_something_else_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\necho 1111; cat >/dev/null\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    process = VerifyingProcess()

    process.ask([TRUE])

    assert process.verdicts() == [False]
    assert not process.is_running


def test_the_folder_one_is_in_is_no_place_to_import_from(
    process: VerifyingProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A clone may hold anything, a folder `qms` and modules of Python's names too."""
    for name in ("subprocess.py", "cryptography.py", "qms.py"):
        (tmp_path / name).write_text("open('ran', 'w')\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    process.ask([TRUE])

    assert process.verdicts() == [True]
    assert not (tmp_path / "ran").exists()


def test_it_ends_with_the_process_that_started_it() -> None:
    program = (
        "import os, time; os.cpu_count = lambda: 2\n"
        "from qms.storage.verifying import VerifyingProcess\n"
        "from qms.formats.sshsig import Claim\n"
        "process = VerifyingProcess(); process.ask([Claim(b'\\n', '', '', '')])\n"
        "process.verdicts(); print(process._child.pid, flush=True); time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())

    parent.kill()
    parent.communicate()

    until = time.monotonic() + 10
    while is_alive(child) and time.monotonic() < until:
        time.sleep(0.02)
    assert not is_alive(child)


def is_alive(pid: int) -> bool:
    """Whether a process still runs; one that ended may wait for somebody to ask how."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_the_other_side_answers_each_batch_by_one_line() -> None:
    asked = b"".join(
        b"%d\n" % len(batch)
        + b"".join(c.message + f"{c.signature}\n{c.namespace}\n{c.key}\n".encode() for c in batch)
        for batch in ((TRUE, FALSE[0]), (TRUE,))
    )
    answers = BytesIO()

    answer(BytesIO(asked), answers)

    assert answers.getvalue() == b"10\n1\n"
