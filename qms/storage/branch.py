"""Moving a branch by compare-and-swap, in two steps: held first, moved when all else is there."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from qms.findings import Finding, Place, QmsError
from qms.storage import disk, refs
from qms.storage.gitprogram import DURABLE
from qms.storage.repository import Repository

if TYPE_CHECKING:
    import subprocess


class BranchMoved(Exception):  # noqa: N818 - an outcome: somebody else was quicker
    """The branch isn't where it should be moved from; nothing was changed."""


@contextmanager
def moving(  # noqa: PLR0913, PLR0917 - the facts of one move
    repository: Repository,
    ref: str,
    old: str | None,
    new: str,
    subject: str,
    author: Mapping[str, str],
) -> Generator[Callable[[], None], None, None]:
    """A span in which nobody else moves `ref` from `old`; gives what moves it to `new`.

    Where that isn't called the branch stays. git holds the branch, and lets go when we end, however
    that is. Raises `BranchMoved`, `QmsError` GIT-BUSY, GIT-FAILED, DISK-FULL, DISK-READ-ONLY.
    """
    process = repository.git.start(
        *(*DURABLE, "update-ref", "-m", f"qms: {subject}", "--stdin"),
        environment=repository.git.environment(**author),
        is_apart=True,
    )

    def move() -> None:
        if not _said(process, "commit"):
            raise _fault(repository, process)

    nothing = "0" * len(new)
    try:
        if not (
            _said(process, "start")
            and _said(process, f"update {ref} {new} {old or nothing}\nprepare")
        ):
            fault = _fault(repository, process)
            if refs.lookup(repository.git, ref) != old:
                raise BranchMoved
            raise fault
        yield move
    finally:
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                with suppress(OSError):  # git may have ended before it took all in
                    stream.close()
        process.wait()


def _said(process: "subprocess.Popen[bytes]", command: str) -> bool:
    """Whether git says that a step of its transaction is done."""
    if process.stdin is None or process.stdout is None:
        return False
    with suppress(BrokenPipeError):
        process.stdin.write(command.encode("utf-8", "surrogateescape") + b"\n")
        process.stdin.flush()
    return process.stdout.readline().rstrip().endswith(b": ok")


def _fault(repository: Repository, process: "subprocess.Popen[bytes]") -> QmsError:
    said = process.stderr.read() if process.stderr is not None else b""
    text = said.decode("utf-8", "replace").strip()
    fault = disk.fault_said(text, repository.git_dir, process.wait())
    if fault is not None:
        return QmsError(fault)
    if ".lock" in text and "exists" in text:
        return QmsError(Finding("GIT-BUSY", Place(), {"folder": str(repository.git_dir)}))
    return QmsError(Finding("GIT-FAILED", Place(), {"command": "update-ref", "said": text}))
