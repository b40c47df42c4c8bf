"""How many branches and tags a shared repository takes, and how long their names may be.

Each of them is told to whoever clones, pulls or pushes, and lies as a file in each clone. Anybody
who may push makes them, by as many pushes as they like: so what counts is how many there would be.
"""

from collections import Counter
from collections.abc import Collection
from typing import Final

from qms.findings import refused
from qms.storage.repository import Repository

MOST: Final = 20_000
"""So many branches and tags a repository may have: each clone makes a file of each."""
LONGEST: Final = 255
"""Bytes of a new one's full name: forges take no longer ones, and a clone's folder comes before."""
_DEEPEST: Final = 4
_SHOWN: Final = 80


def refuse_long(names: Collection[str]) -> None:
    """Refuse new refs with names that not every clone can hold. Raises `Refused` REF-LONG."""
    for name in names:
        size = len(name.encode("utf-8", "surrogateescape"))
        if size > LONGEST:
            place = "/".join(name.split("/")[:2])
            values = {"ref": f"{name[:_SHOWN]}…", "found": str(size), "limit": str(LONGEST)}
            raise refused("REF-LONG", **values, place=place)


def refuse_many(repository: Repository, come: Collection[str]) -> None:
    """Refuse new refs where there would be too many after it. Raises `Refused` REFS-MANY.

    Whoever only takes some away, or moves those that are there, is never asked. What the same push
    takes away makes no room: git may refuse that, and take the new ones.
    """
    if not come:
        return
    count = len(come) + sum(one not in come for one in repository.names())
    if count > MOST:
        place = _fullest(repository, count)
        raise refused("REFS-MANY", found=str(count), limit=str(MOST), place=place)


def _fullest(repository: Repository, count: int) -> str:
    """The folder that most of them lie in: there somebody has made them."""
    place = "refs/"
    for _ in range(_DEEPEST):
        below = (one.removeprefix(place) for one in repository.names() if one.startswith(place))
        folders = Counter(one.partition("/")[0] for one in below if "/" in one)
        for name, inside in folders.most_common(1):
            if inside * 2 > count:
                place = f"{place}{name}/"
                break
        else:
            break
    return place
