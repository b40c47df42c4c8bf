"""A process beside does work when it can; whatever becomes of it, nobody is told anything wrong."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from qms.ahead.helper_process import MOST, HelperProcess

MODULE = "qms.ahead.read_files"


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with nothing in it."""
    root = tmp_path / "docs"
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return root


@pytest.fixture
def process(folder: Path) -> Iterator[HelperProcess]:
    made = HelperProcess(MODULE, str(folder / ".git"), str(folder))
    yield made
    made.end()


def test_what_it_leaves_lies_in_a_folder_that_somebody_else_removes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is killed where its answers are wanted no more, and removes nothing itself."""
    (mine := tmp_path / "mine").mkdir()
    (systems := tmp_path / "systems").mkdir()
    monkeypatch.setenv("TMPDIR", str(systems))
    process = HelperProcess(MODULE, str(folder / ".git"), str(folder), scratch=lambda: mine)
    process.start()
    process.ask(["1" * 40])
    assert process.answer() is not None
    process.end()

    assert list(systems.iterdir()) == []


def test_each_question_has_its_answer_in_the_order_asked(process: HelperProcess) -> None:
    process.start()
    for _ in range(3):
        for _ in range(MOST):
            process.ask(["0" * 40])
        assert [process.answer() for _ in range(MOST)] == [[]] * MOST

    assert process.is_running


def test_one_can_ask_whether_the_answer_is_there(process: HelperProcess) -> None:
    process.start()
    process.ask([])
    until = time.monotonic() + 20
    while not process.is_ready and time.monotonic() < until:
        time.sleep(0.01)

    assert process.is_ready
    assert process.answer() == []
    assert not process.is_ready


def test_one_that_was_not_started_has_no_answer(process: HelperProcess) -> None:
    process.ask([])

    assert process.answer() is None
    assert not process.is_running


def test_with_one_core_none_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    alone = HelperProcess(MODULE, "", "")

    alone.start()

    assert not alone.is_running


def test_one_that_was_killed_has_no_answer_and_stays_away(process: HelperProcess) -> None:
    process.start()
    process.ask([])
    assert process.answer() == []
    child = process._child  # noqa: SLF001 - what a stranger could do to it
    assert child is not None
    os.kill(child.pid, signal.SIGKILL)
    child.wait()

    process.ask([])
    assert process.answer() is None
    process.start()
    assert not process.is_running


@pytest.mark.parametrize("program", ["", "/nonexistent/python"])
def test_one_that_cannot_be_started_has_no_answer(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", program)
    process = HelperProcess(MODULE)

    process.start()
    process.ask([])

    assert process.answer() is None


@pytest.mark.parametrize("said", ["1111", "0", "", "7\\n\\n"])
def test_a_program_that_says_something_else_is_not_believed(
    said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\nprintf '{said}\\n'\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    process = HelperProcess(MODULE)
    process.start()

    process.ask([])

    assert process.answer() is None
    assert not process.is_running


def test_the_folder_one_is_in_is_no_place_to_import_from(
    process: HelperProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A clone may hold anything, a folder `qms` and modules of Python's names too."""
    for name in ("subprocess.py", "cryptography.py", "qms.py"):
        (tmp_path / name).write_text("open('ran', 'w')\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    process.start()
    process.ask([])

    assert process.answer() == []
    assert not (tmp_path / "ran").exists()


def test_it_ends_with_the_process_that_started_it(folder: Path) -> None:
    program = (
        "import os, time; os.cpu_count = lambda: 2\n"
        "from qms.ahead.helper_process import HelperProcess\n"
        f"process = HelperProcess({MODULE!r}, {str(folder / '.git')!r}, {str(folder)!r})\n"
        "process.start(); process.ask([]); process.answer()\n"
        "print(process._child.pid, flush=True); time.sleep(60)\n"
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
