"""Signed files of plugins' kinds that nobody here can judge: plugin or kind isn't here.

Whether they were recorded, only the release tells that the policy listed which they name; and one
may answer otherwise on another machine. So they are no stray files, and none may go, nor a picture
that one lists: where one does, nobody can say that all is well.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from qms.domain.kinds.document import APPROVED, ASSETS
from qms.domain.kinds.kind import CORE_KINDS, FREE_FOR_PLUGINS, Kinds, Law
from qms.domain.kinds.policy import Policy
from qms.domain.kinds.recorded import POLICY, Filed
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
    for path, _ in signed_files(tree) if has_plugins(register) else ():
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


def has_plugins(register: Register) -> bool:
    """Whether any version of the policy lists somebody else's plugin that judges."""
    return any(_judging(one.policy) for one in register.policies())


def gone_kind(judge: Judge, register: Register, tree: Tree, path: str) -> Finding | None:
    """What a signed file is that isn't recorded, and that only a plugin of its policy could judge.

    PLUGIN-GONE where one lacks here that the policy lists which it cites; KIND-GONE where none of
    those that are here takes it: so it is no stray file either. None for what was judged, for what
    is recorded elsewhere, and for what such a plugin had no say in.
    """
    entry, answers = tree.entry(path), judge.answers
    if entry is None or not has_plugins(register):
        return None
    signed = signed_in(tree, path)
    if not signed or is_held(register, answers.kinds, path, entry.id, signed):
        return None
    about = answers.kinds.at(path).about or path
    for slot in signed:
        cited = judge.cited(slot, register)
        lacking = () if cited is None else answers.lacking(cited.policy)
        if cited is not None and lacking:
            values = {"class": slot.subject.kind, "version": str(cited.version),
                      "names": ", ".join(lacking)}  # fmt: skip
            return Finding("PLUGIN-GONE", Place(path), values, about, Reason.NO_PLUGIN)
    if answers.kinds.of(path) is not None:
        return None
    for slot in signed:
        cited = judge.cited(slot, register)
        names = () if cited is None else _judging(cited.policy)
        if cited is not None and names and _is_nowhere(register, answers.kinds, slot):
            values = {"class": slot.subject.kind, "version": str(cited.version),
                      "names": ", ".join(names)}  # fmt: skip
            return Finding("KIND-GONE", Place(path), values, about, Reason.NO_PLUGIN)
    return None


def _judging(policy: Policy) -> tuple[str, ...]:
    """The plugins from elsewhere that a version lists for what they judge."""
    pins = (pin for pin in policy.plugins if pin.digest is not None and not pin.void)
    return tuple(pin.name for pin in pins)


def _is_nowhere(register: Register, kinds: Kinds, slot: Statement) -> bool:
    """Whether a statement is about what only a plugin has, and recorded at no place."""
    name, number = slot.subject.kind, slot.subject.number or ""
    kind = kinds.get(name)
    if name == POLICY or kind in CORE_KINDS:
        return False
    if kind is None or kind.law is Law.FREE:
        return True
    if kind.law is Law.GROWS:
        return slot.id not in register.by_id(name, number)
    texts = register.texts(name, number)
    return all(slot.id != own.id for one in texts for own in one.text.statements)
