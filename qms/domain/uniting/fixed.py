"""Uniting what is filed for good: every entry of either side lies somewhere, as it was signed.

An entry of mine whose place the trunk has given to another one lies beside it, under the first
digits of its own id (format.md §10). What is recorded on neither side is left as the trunk has it.
"""

from collections.abc import Iterable

from qms.domain.kinds.recorded import Filed, PolicyEntry, Released
from qms.domain.uniting.sides import Pair, United, left_out
from qms.formats.digests import sha256
from qms.formats.paths import POLICY_FILES, asset_path
from qms.formats.tree import FILE, PathChange, TreeEntry


def unite_filed(pair: Pair, change: PathChange, known: Iterable[Released | Filed],
                there: Iterable[Released | Filed], united: United) -> None:  # fmt: skip
    """What lies in the place of a filed text in which both differ.

    `known` are the entries of its number that are recorded on my side, `there` on theirs.
    """
    mine = change.after
    if mine is None:
        return
    entry = next((one for one in known if one.blob == mine.id), None)
    if entry is None or mine.mode != FILE:
        left_out(pair.mine, change.path, mine, united)
        return
    if any(one.id == entry.id for one in there):
        return
    place, beside = entry.places
    taken = united.files.get(place, pair.theirs.tree.entry(place))
    united.files[place if taken is None else beside] = mine


def unite_picture(pair: Pair, change: PathChange, united: United) -> None:
    """A picture that was filed with a text: under the digest of its bytes, whoever has it."""
    mine, theirs = change.after, change.before
    if mine is None:
        return
    for tree, entry in ((pair.theirs.tree, theirs), (pair.mine.tree, mine)):
        if entry is None or entry.mode != FILE:
            continue
        if asset_path(sha256(tree.blob(entry.id))) == change.path:
            if entry != theirs:
                united.files[change.path] = entry
            return
    left_out(pair.mine, change.path, mine, united)


def unite_policies(pair: Pair, changes: Iterable[PathChange], united: United) -> None:
    """The versions of the policy that either side has filed: each whole, in a folder of its own."""
    folders = sorted({one.path.rpartition("/")[0] for one in changes if one.after is not None})
    there = {one.id for one in pair.theirs.register.policy_filings()}
    mine = pair.mine.register.policy_filings()
    for folder in folders:
        entry = next((one for one in mine if _lies_in(pair, one, folder)), None)
        if entry is None:
            for name in POLICY_FILES:
                path = f"{folder}/{name}"
                mine_there = pair.mine.tree.entry(path)
                if mine_there not in {None, pair.theirs.tree.entry(path)}:
                    left_out(pair.mine, path, mine_there, united)
        elif entry.id not in there:
            place, beside = entry.folders
            taken = pair.theirs.tree.entry(place) is not None or any(
                path.startswith(f"{place}/") for path in united.files
            )
            for name, blob in zip(POLICY_FILES, entry.blobs, strict=True):
                united.files[f"{beside if taken else place}/{name}"] = TreeEntry(FILE, blob)


def _lies_in(pair: Pair, entry: PolicyEntry, folder: str) -> bool:
    """Whether the files of a version lie in a folder of my side."""
    found = (pair.mine.tree.entry(f"{folder}/{name}") for name in POLICY_FILES)
    ids = tuple(one.id if one is not None else "" for one in found)
    return folder in entry.folders and ids == entry.blobs
