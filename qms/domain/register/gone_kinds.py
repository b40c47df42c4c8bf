"""Signed files of plugins' kinds that nobody here can judge, since the plugin's release isn't here.

Whether they were recorded, only the release tells that the policy listed which they name. So they
are no stray files, and none may go, nor a picture that one lists: where one does, nobody can say
that all is well.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from qms.domain.kinds.document import APPROVED, ASSETS
from qms.domain.kinds.kind import FREE_FOR_PLUGINS, Kinds, Law
from qms.domain.kinds.recorded import Filed
from qms.domain.register.register import Register
from qms.domain.register.statement_holds import Judge
from qms.findings import Finding, Place, QmsError, Reason
from qms.formats import caps
from qms.formats.cut import Cut, cut_markdown, cut_yaml
from qms.formats.head import read_head
from qms.formats.paths import MARKDOWN, asset_path, unmarked
from qms.formats.schema import anything, read, record
from qms.formats.slots import Statement, parse_tail, statements_in
from qms.formats.tree import Tree

_LISTED: Final = record(ASSETS, extra=anything())


def is_plugins(path: str) -> bool:
    """Whether a path lies where only plugins have kinds."""
    return path.partition("/")[0] in FREE_FOR_PLUGINS


def signed_files(tree: Tree) -> Iterator[tuple[str, tuple[Statement, ...]]]:
    """The files of plugins' folders that somebody has signed, with what is signed in them."""
    for folder in FREE_FOR_PLUGINS:
        for path, _ in tree.files(folder):
            signed = signed_in(tree, path)
            if signed:
                yield path, signed


def gone_pictures(judge: Judge, register: Register, tree: Tree) -> Mapping[str, Finding]:
    """The pictures that lack of filed texts which nobody here can judge, each as `gone_kind`.

    By the path where each should lie.
    """
    found: dict[str, Finding] = {}
    for path, _ in signed_files(tree) if is_lacking(judge, register) else ():
        lacking = [one for one in _pictures_in(tree, path) if tree.entry(one) is None]
        fault = gone_kind(judge, register, tree, path) if lacking else None
        if fault is not None:
            for one in lacking:
                found[one] = replace(fault, place=Place(one), about=one)
    return found


def _pictures_in(tree: Tree, path: str) -> tuple[str, ...]:
    """Where the pictures of a filed text lie, whatever its kind: as its head lists them.

    Those of a text that goes round aren't filed yet.
    """
    try:
        parts = _parts(tree.read(path) or b"", path)
        if parse_tail(parts.tail, parts.tail_line).status != APPROVED:
            return ()
        listed = read(_LISTED, read_head(parts)).value[ASSETS]
    except QmsError:  # as below
        return ()
    return tuple(asset_path(one.sha256) for one in listed)


def _parts(data: bytes, path: str) -> Cut:
    return cut_markdown(data) if path.endswith(MARKDOWN) else cut_yaml(data)


def signed_in(tree: Tree, path: str) -> tuple[Statement, ...]:
    """What is signed in a file, whatever its kind; nothing where it can't be read as one."""
    try:
        data = tree.read(path)
        if data is None or len(data) > caps.BLOB:
            return ()
        parts = _parts(data, path)
        return statements_in(parse_tail(parts.tail, parts.tail_line).slots)
    except QmsError:  # no file of any kind
        return ()


def is_held(
    register: Register, kinds: Kinds, path: str, blob: str, signed: Iterable[Statement]
) -> bool:
    """Whether what is signed at a path is recorded, or lies there by a kind that keeps nothing."""
    kind, governed = kinds.of(path), kinds.at(path)
    if kind is None:
        return False
    if kind.law is Law.FIXED:
        place = unmarked(path)[0]
        held = register.held((kind.name, governed.number, ""), place)
        return any(isinstance(one, Filed) and one.blob == blob for one in held)
    if kind.law is Law.FREE:
        return True
    events = register.lists(kind.name, governed.number, governed.revision).get(path, ())
    known = {one.slot.id for one in events}
    return all(slot.id in known for slot in signed)


def is_lacking(judge: Judge, register: Register) -> bool:
    """Whether a plugin isn't here in a release that some version lists."""
    return any(judge.answers.lacking(one.policy) for one in register.policies())


def gone_kind(judge: Judge, register: Register, tree: Tree, path: str) -> Finding | None:
    """PLUGIN-GONE for a signed file that isn't recorded and cites a policy whose plugins lack here.

    None for what was judged, and for what such a plugin had no say in.
    """
    entry, answers = tree.entry(path), judge.answers
    if entry is None or not is_lacking(judge, register):
        return None
    signed = signed_in(tree, path)
    if is_held(register, answers.kinds, path, entry.id, signed):
        return None
    for slot in signed:
        cited = judge.cited(slot, register)
        lacking = () if cited is None else answers.lacking(cited.policy)
        if cited is not None and lacking:
            values = {"class": slot.subject.kind, "version": str(cited.version),
                      "names": ", ".join(lacking)}  # fmt: skip
            about = answers.kinds.at(path).about or path
            return Finding("PLUGIN-GONE", Place(path), values, about, Reason.NO_PLUGIN)
    return None
