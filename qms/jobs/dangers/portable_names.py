"""Names in free ground that Windows can't hold: who works there can check nothing out any more.

In governed folders no path has such a form (STRAY). Elsewhere anybody keeps what they like, and a
name that is none on the machine of a colleague is most often a slip: so it is a warning. So are two
names that are one to Windows and to macOS, and a path that is longer than Windows opens by itself.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from typing import Final

from qms.findings import Finding, Place, QmsError, ShellText, shell_word
from qms.formats.names import fold, is_reserved
from qms.formats.paths import GOVERNED, is_misleading
from qms.formats.tree import Tree

_FORBIDDEN: Final = re.compile(r'[<>:"|?*\\\x00-\x1f]')
_MOST_TOLD: Final = 20
_LONGEST: Final = 200
"""Of the 259 signs that Windows takes, so many are left below the folder of a clone."""


def unportable(tree: Tree, before: Tree) -> Iterator[Finding]:
    """NAME-UNPORTABLE, NAME-TWINS, PATH-LONG for what is new against `before`.

    For a folder once.
    """
    found: dict[str, None] = {}
    folders: dict[str, Counter[str]] = {}
    for path in _new_paths(tree, before):
        parts = path.split("/")
        for place, name in enumerate(parts):
            where = "/".join(parts[: place + 1])
            if where in found or before.entry(where) is not None:
                continue
            folder = "/".join(parts[:place])
            if folder not in folders:
                folders[folder] = Counter(map(fold, tree.folder(folder)))
            if _is_unportable(name):
                found[where] = None
                yield _finding(tree, where)
            elif folders[folder][fold(name)] > 1:
                found[where] = None
                yield _twins(tree, where)
        if len(path) > _LONGEST and path not in found:
            found[path] = None
            yield Finding("PATH-LONG", Place(path), {"length": str(len(path))}, path)
        if len(found) >= _MOST_TOLD:
            return


def _twins(tree: Tree, path: str) -> Finding:
    folder, slash, name = path.rpartition("/")
    names = tree.folder(folder)
    other = next(one for one in sorted(names) if fold(one) == fold(name) and one != name)
    stem, dot, ending = name.partition(".")
    kept = (f"{stem}-{at}{dot}{ending}" for at in count(2))
    known = {fold(one) for one in names}
    free = next(one for one in kept if fold(one) not in known)
    rename = ShellText(f"mv -n -- {shell_word(path)} {shell_word(f'{folder}{slash}{free}')}")
    return Finding("NAME-TWINS", Place(path), {"name": other, "rename": rename}, path)


def _new_paths(tree: Tree, before: Tree) -> Iterator[str]:
    here = tree.folder("")
    for top in sorted(tree.differing(before)):
        if top not in here or top in GOVERNED or is_misleading(top):
            continue
        if not here[top].is_folder:
            yield top
        with suppress(QmsError):  # a folder that isn't there: nobody asks for it in free ground
            yield from (one.path for one in tree.changes(before, top) if one.after is not None)


def _is_unportable(name: str) -> bool:
    return name != _portable(name)


def _portable(name: str) -> str:
    """The name, as near to it as Windows has one."""
    plain = _FORBIDDEN.sub("-", name).rstrip(" .") or "x"
    if is_reserved(plain):
        stem, dot, ending = plain.partition(".")
        return f"{stem}-x{dot}{ending}"
    return plain


def _finding(tree: Tree, path: str) -> Finding:
    folder, slash, name = path.rpartition("/")
    other = f"{folder}{slash}{_portable(name)}"
    while tree.entry(other) is not None:
        other = f"{other}-x"
    rename = ShellText(f"mv -n -- {shell_word(path)} {shell_word(other)}")
    values = {"name": name, "rename": rename}
    return Finding("NAME-UNPORTABLE", Place(path), values, path)
