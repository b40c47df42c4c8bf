"""Working texts where they lie: the one walk over ``documents/``, whoever looks for texts."""

from collections.abc import Iterator
from typing import NamedTuple

from qms.domain.kinds.document import Document
from qms.domain.kinds.reading import read_document
from qms.findings import Finding, Refused
from qms.formats.names import number_path
from qms.formats.paths import Governed, parse_path
from qms.formats.tree import FILE, Tree, TreeEntry


class Lying(NamedTuple):
    """What lies at a path below ``documents/``: most often a working text, as its path names it."""

    tree: Tree
    at: Governed
    entry: TreeEntry

    @property
    def path(self) -> str:
        """Where it lies."""
        return self.at.path

    @property
    def number(self) -> str:
        """The number that its path gives it; empty where no text may lie there."""
        return self.at.number

    @property
    def is_file(self) -> bool:
        """Whether it is a plain file, that a text can be read from."""
        return self.entry.mode == FILE

    def read(self) -> Document | Finding:
        """The text, or what is wrong with its form."""
        return read_document(self.tree, self.path, self.entry)


def working_texts(tree: Tree) -> Iterator[Lying]:
    """All that lies below ``documents/``, by path; nothing is read yet."""
    for path, entry in tree.files("documents"):
        yield Lying(tree, parse_path(path), entry)


def places_of(tree: Tree, number: str) -> list[str]:
    """Where the working text of a number may lie: one path in each class, as they are sorted."""
    try:
        inside = number_path(number)
    except Refused:
        return []  # nothing can be called so
    return [f"documents/{class_id}/{inside}.md" for class_id in sorted(tree.folder("documents"))]
