"""Files of free ground that are larger than what is read whole: git writes them, piece by piece."""

import subprocess
from pathlib import Path

from qms.findings import Finding, QmsError
from qms.storage import disk
from qms.storage.gitprogram import git_path
from qms.storage.new_objects import scratch_folder
from qms.storage.repository import Repository
from qms.storage.workfolder import put


def large_file(repository: Repository, blob: str, part: Path) -> Path:
    """Write a blob to the new file `part`; gives that."""
    with part.open("xb") as file:
        done = subprocess.run(  # noqa: S603 - absolute path, no shell
            [git_path(), "cat-file", "blob", blob],
            env=repository.git.environment(),
            cwd=repository.root or repository.git_dir,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.PIPE,
            check=False,
        )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise QmsError(Finding("GIT-FAILED", values={"command": "cat-file", "said": said}))
    return part


def write_large(repository: Repository, blob: str, path: str) -> None:
    """Write a blob to `path` of the work tree, in one move. Raises as `workfolder.put`."""
    root = repository.root
    if root is None:
        raise QmsError(Finding("NO-WORK-TREE"))
    with scratch_folder(repository) as scratch, disk.writing(root):
        put(root, path, large_file(repository, blob, scratch / "large"))
