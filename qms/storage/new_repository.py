"""A folder that becomes a git repository, or stays as it was where what follows fails."""

import os
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from qms.findings import Finding, Place, QmsError, Reason
from qms.storage.gitprogram import git_path, refuse_old_git


@contextmanager
def begun(folder: Path, branch: str) -> Generator[None, None, None]:
    """A span in which `folder` is a new repository; it is none again where the span ends badly.

    Raises `QmsError` GIT-FAILED, and NO-REPO where a ``.git`` lies there that is none: that is not
    ours to touch.
    """
    if os.path.lexists(folder / ".git"):
        raise QmsError(
            Finding("NO-REPO", Place(), {"folder": str(folder)}, "", Reason.NO_REPOSITORY)
        )
    try:
        _init(folder, branch)
        yield
    except BaseException:
        shutil.rmtree(folder / ".git", ignore_errors=True)
        raise


def _init(folder: Path, branch: str) -> None:
    """The user's own git settings hold, as if they had called ``git init`` themselves."""
    arguments = ("init", "-q", "-b", branch, str(folder))
    done = subprocess.run(  # noqa: S603 - absolute path, no shell
        [git_path(), *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={name: v for name, v in os.environ.items() if not name.startswith("GIT_")},
        check=False,
    )
    if done.returncode != 0:
        refuse_old_git()
        said = done.stderr.decode("utf-8", "replace").strip()
        values = {"command": " ".join(arguments), "said": said}
        raise QmsError(Finding("GIT-FAILED", Place(), values))
