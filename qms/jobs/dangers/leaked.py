"""Secrets that a step brings into history though its last commit has them no more (row 94)."""

from collections.abc import Callable, Iterator, Sequence

from qms.findings import Finding, Place, Refused
from qms.formats.leaks import leak_in
from qms.formats.tree import FILE, Tree
from qms.storage.commits import Commit

_TEXTS = "documents"


def leaks_between(
    commits: Sequence[Commit], tip: Tree, tree_of: Callable[[str], Tree]
) -> Iterator[Finding]:
    """SECRET for each working text of some commits that holds one, unless `tip` has that text.

    What `tip` has is told where its texts are judged. Who takes a secret out by one more commit
    hands it over all the same.
    """
    seen: set[str] = set()
    for commit in commits:
        older = tree_of(commit.parents[0]) if commit.parents else None
        tree = tree_of(commit.id)
        changed = tree.files(_TEXTS) if older is None else (
            (one.path, one.after) for one in tree.changes(older, _TEXTS) if one.after is not None
        )  # fmt: skip
        for path, entry in changed:
            if entry.mode != FILE or entry.id in seen or tip.entry(path) == entry:
                continue
            seen.add(entry.id)
            try:
                leak = leak_in(tree.blob(entry.id).decode("utf-8", "replace"))
            except Refused:
                continue  # over the cap: no text that anybody could work on
            if leak is not None:
                place = Place(path, line=leak.line, commit=commit.id)
                yield Finding("SECRET", place, {"what": leak.what})
