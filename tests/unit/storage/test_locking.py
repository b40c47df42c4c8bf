import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.findings import QmsError
from qms.storage import locking
from qms.storage.locking import NAME, locked
from qms.storage.repository import Repository

Git = Callable[..., str]

HOLDER = """
import sys, time
from pathlib import Path
from qms.storage.locking import locked
from qms.storage.repository import Repository
with Repository.find(Path(sys.argv[1])) as repository, locked(repository):
    print("held", flush=True)
    time.sleep(60)
"""


def refused(repository: Repository, wait: float = 0) -> str:
    """The code that taking the lock ends with."""
    with pytest.raises(QmsError) as caught, locked(repository, wait):
        pass
    return caught.value.finding.code


def holder(root: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", HOLDER, str(root)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_one_holds_it_at_a_time_and_it_goes_with_its_process(
    repository: Repository, root: Path
) -> None:
    with holder(root) as process:
        assert refused(repository, 0.1) == "LOCK-HELD"
        process.kill()
    with locked(repository, 5):
        pass


def test_a_linked_work_tree_has_the_same_lock(root: Path, tmp_path: Path, git: Git) -> None:
    git("commit", "-q", "--allow-empty", "-m", "x")
    git("worktree", "add", "-q", "-b", "side", str(tmp_path / "linked"))
    with Repository.find(tmp_path / "linked") as linked, holder(root) as process:
        assert refused(linked) == "LOCK-HELD"
        process.kill()


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_link(path: Path) -> None:
    (path.parent / "elsewhere").touch()
    path.symlink_to("elsewhere")


def a_dangling_link(path: Path) -> None:
    path.symlink_to(path.parent / "made")


def a_folder(path: Path) -> None:
    path.mkdir()


def a_strangers_file(path: Path) -> None:
    path.touch()
    os.chown(path, 4711, 4711)


@pytest.mark.parametrize("plant", [a_pipe, a_link, a_dangling_link, a_folder, a_strangers_file])
def test_what_is_no_lock_of_ours_is_told(
    repository: Repository, root: Path, plant: Callable[[Path], None]
) -> None:
    if plant is a_strangers_file and os.geteuid() != 0:
        pytest.skip("only root gives files away")
    plant(root / ".git" / NAME)
    assert refused(repository) == "LOCK-FILE"
    assert not (root / ".git" / "made").exists()


def test_a_folder_without_locks_is_refused_unless_it_is_said_that_one_writes(
    repository: Repository, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", none)
    assert refused(repository) == "LOCK-NONE"
    git("config", "qms.lock", "none")
    with Repository.find(repository.git_dir.parent) as anew, locked(anew):
        pass


WITHOUT = """
import importlib, pkgutil, sys
sys.modules["fcntl"] = None
import qms
for one in pkgutil.walk_packages(qms.__path__, "qms."):
    if not one.name.startswith("qms.testing"):
        importlib.import_module(one.name)
from qms.cli import run
sys.exit(run(sys.argv[1:]))
"""


def test_a_system_without_such_locks_reads_and_refuses_to_write(
    repository: Repository, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del root
    monkeypatch.setattr(locking, "fcntl", None)
    assert refused(repository) == "LOCK-PLATFORM"
    command = [sys.executable, "-P", "-c", WITHOUT, "--help"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
