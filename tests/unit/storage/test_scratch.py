import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qms.storage.machine import Process
from qms.storage.scratch import scratch_name, sweep

NAMED = """
import os, sys
from pathlib import Path
from qms.storage.scratch import scratch_name
folder = Path(sys.argv[1], scratch_name("x"))
folder.mkdir()
(folder / "index").touch()
os.link(folder / "index", Path(sys.argv[1], "index.lock"))
print("there", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def git_dir(tmp_path: Path) -> Path:
    """A folder with nothing in it."""
    folder = tmp_path / "git"
    folder.mkdir()
    return folder


def at_work(folder: Path) -> "subprocess.Popen[bytes]":
    """A process that has begun to write the index in a folder."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", NAMED, str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == b"there\n"
    return process


def test_what_belongs_to_a_process_at_work_stays(git_dir: Path) -> None:
    process = at_work(git_dir)
    try:
        sweep(git_dir)
        assert len(list(git_dir.iterdir())) == 2
    finally:
        process.kill()
        process.communicate()
    sweep(git_dir)
    assert not list(git_dir.iterdir())


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="nobody tells there")
def test_a_process_that_ended_is_dead_though_nobody_asked_about_it(git_dir: Path) -> None:
    """In a container without an init it stays in the table: the index was locked for ever."""
    process = at_work(git_dir)
    begun = Path(f"/proc/{process.pid}/stat")
    was = Process.this()._replace(
        pid=process.pid, started=begun.read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    )
    assert was.is_running
    os.kill(process.pid, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while ") Z " not in begun.read_text(encoding="utf-8") and time.monotonic() < deadline:
        time.sleep(0.01)
    try:
        assert not was.is_running
        sweep(git_dir)
        assert not list(git_dir.iterdir())
    finally:
        process.communicate()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="nobody tells there")
def test_a_process_that_got_the_number_of_a_dead_one_is_another(git_dir: Path) -> None:
    """As in a container that is started again, where the next command has the very same number."""
    this = Process.this()
    earlier = scratch_name("x").replace(f"-{this.started}-", f"-{int(this.started) - 1}-")
    (git_dir / earlier).touch()
    (git_dir / scratch_name("y")).touch()

    sweep(git_dir)

    assert [path.name for path in git_dir.iterdir()] == [scratch_name("y")]


def test_a_number_that_no_process_can_have_is_no_process(git_dir: Path) -> None:
    name = scratch_name("x").replace(f"-{os.getpid()}-", f"-{10**30}-")
    (git_dir / name).touch()

    sweep(git_dir)

    assert not list(git_dir.iterdir())
