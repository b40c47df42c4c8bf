"""Uniting two branches, path by path: each file by what its kind's law asks.

Register folders are united whatever both come from: what is recorded on either side stays, so that
neither a rename nor a deletion takes a signature away. Of free files the changed one is taken; what
both changed is merged by lines, or is a conflict.
"""

from typing import Final

from qms.domain.kinds.kind import Kind, Law
from qms.domain.kinds.recorded import POLICY, RELEASED, Filed, Released
from qms.domain.uniting.fixed import unite_filed, unite_picture, unite_policies
from qms.domain.uniting.line_merge import Clash, merged_lines
from qms.domain.uniting.list_union import unite_list
from qms.domain.uniting.open_union import drop_filed, unite_open_text
from qms.domain.uniting.root_union import names_listed, unite_root_files
from qms.domain.uniting.sides import (
    GaveWay,
    Pair,
    Side,
    United,
    left_out,
    same_file,
    same_lines,
)
from qms.domain.uniting.text_union import unite_text
from qms.domain.uniting.turned import turned_to_conflicts
from qms.findings import Refused
from qms.formats.paths import POLICY_FILES, Governed
from qms.formats.tree import FILE, PathChange

_PICTURE: Final = "asset"


def united(pair: Pair) -> United:
    """What the trunk becomes with all that my side has, or what people must decide first."""
    found = United()
    policies: list[PathChange] = []
    roots: list[PathChange] = []
    bound: list[PathChange] = []
    listed = names_listed(pair)
    for change in pair.changes():
        at = pair.kinds.at(change.path)
        if at.kind == POLICY:
            policies.append(change)
        elif change.path in POLICY_FILES:
            roots.append(change)
        elif change.path in listed and at.kind is None and at.stray is None:
            bound.append(change)
        else:
            _unite(pair, at, change, found)
    unite_policies(pair, policies, found)
    settled = unite_root_files(pair, bound, found) if roots else False
    for change in () if settled else bound:
        _unite(pair, pair.kinds.at(change.path), change, found)
    turned_to_conflicts(pair, found)
    return found


def _unite(pair: Pair, at: Governed, change: PathChange, found: United) -> None:
    kind = pair.kinds.get(at.kind)
    if pair.is_unjudged(change.path):
        _keep(pair, change, found)
    elif kind is not None and kind.law is Law.GROWS:
        unite_list(pair, kind, change, found)
    elif kind is not None and kind.law is Law.FIXED:
        mine, theirs = (_filed(one, kind, at) for one in (pair.mine, pair.theirs))
        unite_filed(pair, change, mine, theirs, found)
    elif at.kind == _PICTURE:
        unite_picture(pair, change, found)
    else:
        _unite_free(pair, at, kind, change, found)


def _keep(pair: Pair, change: PathChange, found: United) -> None:
    """What is signed and nobody here can judge stays where it lies; what both changed is decided.

    So the policy that took its plugin away is seen beside it, where the two are judged together.
    """
    if pair.is_by_both(change):
        found.conflicts.append(same_file(pair.mine, change.path, change.after))
    elif not pair.is_theirs(change):
        found.files[change.path] = change.after


def _filed(side: Side, kind: Kind, at: Governed) -> tuple[Released | Filed, ...]:
    if kind.name == RELEASED:
        return side.register.released(at.number)
    return tuple(side.register.texts(kind.name, at.number))


def _unite_free(
    pair: Pair, at: Governed, kind: Kind | None, change: PathChange, found: United
) -> None:
    """What no law keeps: as the side has it that changed it."""
    if kind is not None and kind.of and drop_filed(pair, kind, change, found):
        return
    if at.stray is not None and change.after is not None:
        if not pair.is_theirs(change):
            left_out(pair.mine, change.path, change.after, found)
    elif not pair.is_by_both(change):
        if not pair.is_theirs(change):
            found.files[change.path] = change.after
    elif kind is not None and kind.of:
        unite_open_text(pair, kind, change, found)
    elif kind is not None and kind.is_working:
        unite_text(pair, change, found)
    else:
        _merge_file(pair, change, found)


def _merge_file(pair: Pair, change: PathChange, found: United) -> None:
    """A file that says nothing to us and that both sides changed."""
    path, base = change.path, pair.base.entry(change.path)
    mine, theirs = change.after, change.before
    if mine is None or theirs is None:
        if theirs is None:
            found.files[path] = mine  # what somebody went on with isn't gone
        return
    if base is None or {mine.mode, theirs.mode, base.mode} != {FILE}:
        found.conflicts.append(same_file(pair.mine, path, mine))
        return
    trees, entries = (pair.base, pair.mine.tree, pair.theirs.tree), (base, mine, theirs)
    try:
        contents = [tree.blob(one.id) for tree, one in zip(trees, entries, strict=True)]
        merged = merged_lines(*(one.decode() for one in contents))
    except (Refused, UnicodeDecodeError):  # too large to be read, or no text
        found.conflicts.append(same_file(pair.mine, path, mine))
        return
    if isinstance(merged, Clash):
        why = same_lines(path, merged.lines)
        found.conflicts.append(GaveWay(path, contents[1], why))
    else:
        found.files[path] = merged.encode()
