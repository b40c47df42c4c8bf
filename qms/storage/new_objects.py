"""Writing objects of git: contents, the trees of a commit, and the commit; no ref moves by it."""

import os
import shutil
import tempfile
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path

from qms.findings import Finding, Place, QmsError
from qms.storage import disk
from qms.storage.gitprogram import DURABLE
from qms.storage.objects import ObjectType
from qms.storage.repository import Repository
from qms.storage.scratch import scratch_name
from qms.storage.trees import OverlayTree


def write_objects(repository: Repository, kind: ObjectType, contents: list[bytes]) -> list[str]:
    """Write many objects in one call; gives their ids."""
    if not contents:
        return []
    arguments = (*DURABLE, "hash-object", "-w", "-t", kind, "--no-filters", "--stdin-paths")
    with scratch_folder(repository) as scratch, disk.writing(repository.git_dir):
        for number, data in enumerate(contents):
            (scratch / str(number)).write_bytes(data)
        # As it is called from where git runs: a folder above may have a line break in its name.
        near = os.path.relpath(scratch, repository.root or repository.git_dir)
        paths = "".join(f"{near}/{number}\n" for number in range(len(contents)))
        answer = repository.git.run(*arguments, stdin=os.fsencode(paths))
    ids = answer.decode("ascii").split()
    expected = [repository.objects.id_of(kind, data) for data in contents]
    if ids != expected:
        values = {"command": "hash-object", "said": " ".join(ids)}
        raise QmsError(Finding("GIT-FAILED", Place(), values))
    return ids


def write_commit(
    repository: Repository,
    tree: OverlayTree,
    parents: Iterable[str],
    message: str,
    author: Mapping[str, str],
) -> str:
    """Write the trees that were put together, and a commit of them; gives its id."""
    write_objects(repository, "tree", list(tree.new_trees()))
    named = (part for parent in parents for part in ("-p", parent))
    answer = repository.git.run(
        *(*DURABLE, "-c", "i18n.commitEncoding=UTF-8"),
        *("commit-tree", "--no-gpg-sign", tree.id, *named),
        stdin=message.rstrip("\n").encode("utf-8", "replace") + b"\n",
        environment=repository.git.environment(**author),
    )
    return answer.decode("ascii").strip()


@contextmanager
def scratch_folder(repository: Repository) -> Generator[Path, None, None]:
    """A span with a folder of this process's own in git's folder; it is gone at the end."""
    with disk.writing(repository.git_dir):
        name = tempfile.mkdtemp(prefix=scratch_name(), dir=repository.git_dir)
    try:
        yield Path(name)
    finally:
        shutil.rmtree(name, ignore_errors=True)
