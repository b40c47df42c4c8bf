"""What the rules say of files that a command is about to write."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from qms.domain.document import Document, parse_document
from qms.findings import Finding
from qms.formats.paths import parse_path
from qms.formats.tree import FILE, Entry
from qms.jobs.check import Checker
from qms.storage.trees import CommitTree, OverlayTree


def judged(
    checker: Checker,
    tree: CommitTree,
    tip: str | None,
    files: Mapping[str, bytes | None],
    now: datetime,
) -> tuple[Finding, ...]:
    """Findings on the tree of the commit `tip` with `files` in it, as far as they concern these."""
    ids = {
        path: None if data is None else checker.repository.objects.id_of("blob", data)
        for path, data in files.items()
    }
    blobs = {one: files[path] or b"" for path, one in ids.items() if one is not None}
    entries = {path: None if one is None else Entry(FILE, one) for path, one in ids.items()}
    parents = () if tip is None else (tip,)
    findings, _, _ = checker.step(OverlayTree(tree, entries, blobs), parents, tip, now=now)
    written = {entry.about for entry in _documents(files)}
    return tuple(
        f for f in findings if f.place.path in files or not f.place.path or f.about in written
    )


def _documents(files: Mapping[str, bytes | None]) -> Iterator[Document]:
    for path, data in files.items():
        if data is not None and parse_path(path).kind == "document":
            yield parse_document(data)
