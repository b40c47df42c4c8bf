"""Which paths are told of what is so called at any depth, and how many letters of them."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.formats.tree import FILE, FOLDER
from qms.storage.repository import Repository
from qms.testing.planted import NOWHERE, committed, folder_of

Git = Callable[..., str]
MEANT = "meant"


def told(repository: Repository, tip: str) -> list[str]:
    return list(repository.tree(tip).named(lambda name: name == MEANT, ()))


def nested(root: Path, name: str, depth: int, *, everywhere: bool = False) -> str:
    """A commit of so many folders in each other, with what is meant in the innermost, or in all."""
    tree = folder_of(root, [(MEANT, FILE, NOWHERE)])
    for _ in range(depth - 1):
        own = [(MEANT, FILE, NOWHERE)] if everywhere else []
        tree = folder_of(root, [*own, (name, FOLDER, tree)])
    return committed(root, folder_of(root, [("top", FOLDER, tree)]))


def test_paths_are_told_whole(repository: Repository, root: Path) -> None:
    tip = nested(root, "x", 3, everywhere=True)

    assert sorted(told(repository, tip)) == ["top/meant", "top/x/meant", "top/x/x/meant"]


@pytest.mark.parametrize(("depth", "is_whole"), [(40, True), (41, False)])
def test_of_a_path_nobody_can_open_the_folder_at_the_root_is_told(
    repository: Repository, root: Path, depth: int, *, is_whole: bool
) -> None:
    """Forty folders of 99 letters stay below 4,000; one more doesn't."""
    whole = "/".join(("top", *("x" * 99,) * (depth - 1), MEANT))

    assert told(repository, nested(root, "x" * 99, depth)) == ([whole] if is_whole else ["top"])


@pytest.mark.parametrize(("width", "is_whole"), [(55, True), (60, False)])
def test_of_many_long_paths_the_folders_at_the_root_are_told(
    repository: Repository, root: Path, width: int, *, is_whole: bool
) -> None:
    """Each is short enough; together they have more letters than anybody reads."""
    tree = folder_of(root, [(MEANT, FILE, NOWHERE)])
    for _ in range(35):
        tree = folder_of(root, [("x" * 99, FOLDER, tree)])
    wide = folder_of(root, [(f"{at:03}", FOLDER, tree) for at in range(width)])
    tip = committed(root, folder_of(root, [("top", FOLDER, wide)]))

    paths = told(repository, tip)

    assert len(paths) == (width if is_whole else 1)
    assert is_whole or paths == ["top"]


def test_long_paths_are_not_even_made(repository: Repository, root: Path) -> None:
    """900 folders of 225 letters have 900 paths of up to 200,000 letters: 90 million."""
    tip = nested(root, "x" * 225, 900, everywhere=True)
    tracemalloc.start()

    paths = told(repository, tip)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert paths == ["top"]
    assert peak < 30_000_000
