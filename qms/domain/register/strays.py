"""Files that have no place in a governed folder, by what they are and where they belong."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Final

from qms.domain.kinds.document import parse_document
from qms.domain.kinds.kind import WORKING_KIND
from qms.domain.kinds.own_place import is_unsigned, moved
from qms.findings import Finding, Place, QmsError, Reason, ShellText, shell_word
from qms.formats import caps
from qms.formats.paths import GOVERNED, is_misleading
from qms.formats.tree import FILE, Tree

_OFFICE: Final = {
    "Word": ("doc", "docx", "dot", "dotx", "odt", "rtf", "wps"),
    "Excel": ("xls", "xlsx", "ods", "et", "csv"),
    "PowerPoint": ("ppt", "pptx", "odp", "dps"),
    "PDF": ("pdf",),
}
"""What people write elsewhere, by the ends of its names."""
_TAKEN_OUT: Final = re.compile(r"[\\:\x00-\x1f]")
"""Signs in a name that mean a folder, a drive or a stream to Windows."""

_KINDS: Final = {ending: kind for kind, endings in _OFFICE.items() for ending in endings}


def told_stray(tree: Tree, path: str, stray: Finding) -> Finding:
    """What is told of a stray file: a draft has a place by its head, a file of Word has none."""
    top = path.partition("/")[0]
    if top not in GOVERNED and is_misleading(top):
        rename = ShellText(f"mv -n -- {shell_word(top)} {shell_word(_other_name(tree, top))}")
        values = {"name": top, "rename": rename}
        return Finding("STRAY-NAME", Place(path), values, path, Reason.STRAY)
    found = replace(stray, about=path).at(path=path)
    if not path.startswith("documents/"):
        return found
    name = path.rpartition("/")[2]
    kind = _KINDS.get(name.rpartition(".")[2].lower())
    if kind is not None:
        away = ShellText(f"mkdir -p assets && mv -n {shell_word(path)} assets/")
        return Finding("STRAY-OFFICE", Place(path), {"kind": kind, "away": away}, path)
    place = _own_place(tree, path)
    return found if place is None else replace(place, about=path)


def _other_name(tree: Tree, name: str) -> str:
    """A name at the root that nothing has and that is taken for nothing else."""

    def tried() -> Iterator[str]:
        plain = _TAKEN_OUT.sub("-", name)
        yield plain
        yield f"other-{plain}"
        yield from (f"other-{at}-{plain}" for at in count(2))

    return next(one for one in tried() if not is_misleading(one) and tree.entry(one) is None)


def _own_place(tree: Tree, path: str) -> Finding | None:
    """DRAFT-PLACE for a text that nobody signed and whose head says where it belongs."""
    entry = tree.entry(path)
    if entry is None or entry.mode != FILE:
        return None
    try:
        data = tree.read(path)
        if data is None or len(data) > caps.BLOB:
            return None
        document = parse_document(data)
        WORKING_KIND.place(document)
    except QmsError:  # told as what it is: no text that anybody could read
        return None
    return moved(tree, path, WORKING_KIND, document) if is_unsigned(document) else None
