"""Where one side has a file and the other a folder: no tree has room for both, so people decide."""

from collections.abc import Iterator

from qms.domain.uniting.sides import Pair, United, same_file


def turned_to_conflicts(pair: Pair, united: United) -> None:
    """Make a conflict of each file of mine in whose place the trunk's files would be lost.

    What git writes down is one of both; the other would go without anybody's having said so.
    """
    for path in [one for one, there in united.files.items() if there is not None]:
        if any(_stands(pair, united, above) for above in _above(path)) or _holds(
            pair, united, path
        ):
            del united.files[path]
            united.conflicts.append(same_file(pair.mine, path, pair.mine.tree.entry(path)))


def _above(path: str) -> Iterator[str]:
    parts = path.split("/")
    return ("/".join(parts[:end]) for end in range(1, len(parts)))


def _stands(pair: Pair, united: United, path: str) -> bool:
    """Whether a file of the trunk's lies at `path` in what becomes of both."""
    there = pair.theirs.tree.entry(path)
    return there is not None and not there.is_folder and united.files.get(path, there) is not None


def _holds(pair: Pair, united: United, folder: str) -> bool:
    """Whether a file of the trunk's lies below `folder` in what becomes of both."""
    there = pair.theirs.tree.entry(folder)
    if there is None or not there.is_folder:
        return False
    return any(
        united.files.get(path, entry) is not None for path, entry in pair.theirs.tree.files(folder)
    )
