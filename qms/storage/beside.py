"""What a file is called that is laid aside: at the root, where nobody misses it."""

import re
from itertools import chain, count
from os.path import lexists
from pathlib import Path, PurePosixPath
from typing import Final

_STEM: Final = 40
"""Letters of a name: each has four bytes at most, and a name 255."""

_NAME: Final = re.compile(r".+\.mine(?:-[1-9][0-9]*)?(?:\.[^.]*)?", re.DOTALL)


def laid_aside(root: Path) -> list[str]:
    """The names in `root` that `free_name` gives."""
    return sorted(one.name for one in root.iterdir() if _NAME.fullmatch(one.name))


def free_name(root: Path, path: str) -> str:
    """A name in `root` that nothing has, for what is laid aside of `path`; every disk takes it."""
    name = PurePosixPath(path)
    stem, suffix = name.stem[:_STEM], name.suffix[:_STEM]
    names = chain((f"{stem}.mine{suffix}",), (f"{stem}.mine-{at}{suffix}" for at in count(2)))
    return next(one for one in names if not lexists(root / one))
