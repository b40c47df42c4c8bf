"""What of the texts that are still being written could not be printed (DC-18).

The printers judge it, not the rules: a text is no less valid for it, and `verify` and gates load
no printer. It is told by `check`, and refused when a text is sent round; after that it is signed,
and could never be mended.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Final

from qms.domain.document import PUBLISHED, Document
from qms.domain.entries import read_document
from qms.findings import Finding, Place, Refused
from qms.formats.merge_markers import conflict_in_text
from qms.formats.paths import parse_path
from qms.formats.tree import Tree
from qms.plugins import Hooks

_SHOWN: Final = re.compile(r"!\[(?:[^\]\n!]|!(?!\[))*+\]\((?:\.\./)*+(assets/[^)\s]+)\)")


def pictures(document: Document) -> tuple[str, ...]:
    """The pictures that a text lists, and those that it shows: they are listed when it is sent."""
    listed = (asset.path for asset in document.assets)
    return tuple(sorted({*listed, *_SHOWN.findall(document.body)}))


def unprintable(
    tree: Tree, paths: Iterable[str], printers: Callable[[], Hooks]
) -> Iterator[Finding]:
    """What could not be printed of the working texts among `paths`, those filed left out.

    `printers` loads the plugins that print; it is called once, and only if there is such a text.
    """
    hooks: Hooks | None = None
    for path in sorted(paths):
        entry = tree.entry(path)
        if entry is None or parse_path(path).kind != "document":
            continue
        document = read_document(tree, path, entry)
        if isinstance(document, Finding) or document.status == PUBLISHED:
            continue
        hooks = hooks or printers()
        yield from faults_of(hooks, tree, path, tree.blob(entry.id), document)


def contents(tree: Tree, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The pictures that are there; what is over the cap is told where texts are judged."""
    for path in paths:
        with suppress(Refused):
            content = tree.read(path)
            if content is not None:
                yield path, content


def faults_of(
    printers: Hooks, tree: Tree, path: str, data: bytes, document: Document
) -> tuple[Finding, ...]:
    """What of a document, whose file at `path` holds `data`, could not be printed.

    MERGE-CONFLICT where both versions of a merge would be. Nothing where a picture that it lists
    is not there, which others tell.
    """
    conflict = conflict_in_text(data)
    if conflict is not None:
        return (conflict.at(path=path),)
    if any(tree.entry(asset.path) is None for asset in document.assets):
        return ()
    assets = dict(contents(tree, pictures(document)))
    return printers.printable(document, assets, Place(path, line=body_line(data, document)))


def refuse_conflict(data: bytes, path: str) -> None:
    """Raise `Refused` MERGE-CONFLICT where a merge left both versions in a text: it is neither."""
    conflict = conflict_in_text(data)
    if conflict is not None:
        raise Refused(conflict.at(path=path))


def body_line(data: bytes, document: Document) -> int:
    """The line of its file, which holds `data`, where the body of a document begins."""
    return data.count(b"\n", 0, len(data) - len(document.body.encode())) + 1
