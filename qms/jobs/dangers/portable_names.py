"""Names in free ground that Windows can't hold: who works there can check nothing out any more.

In governed folders no path has such a form (STRAY). Elsewhere anybody keeps what they like, and a
name that is none on the machine of a colleague is most often a slip: so it is a warning.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from qms.findings import Finding, Place, QmsError, ShellText, shell_word
from qms.formats.names import is_reserved
from qms.formats.paths import GOVERNED, is_misleading
from qms.formats.tree import Tree

_FORBIDDEN: Final = re.compile(r'[<>:"|?*\\\x00-\x1f]')
_MOST_TOLD: Final = 20


def unportable(tree: Tree, before: Tree) -> Iterator[Finding]:
    """NAME-UNPORTABLE for each name that is new against `before`; for a folder once."""
    found: dict[str, None] = {}
    for path in _new_paths(tree, before):
        parts = path.split("/")
        for place, name in enumerate(parts):
            where = "/".join(parts[: place + 1])
            if _is_unportable(name) and where not in found and before.entry(where) is None:
                found[where] = None
                yield _finding(tree, where)
            if len(found) >= _MOST_TOLD:
                return


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
