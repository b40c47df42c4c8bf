"""The laws `fixed` and `grows`: nothing that was validly recorded goes or changes.

Each function says whether one entry of the register is present in a tree, and if not, what
became of it, with the precise code. Present means: every signed slot stands there and verifies in
the bytes that stand there.
"""

from collections.abc import Sequence
from dataclasses import replace

from qms.domain.kinds.document import Document
from qms.domain.kinds.filed import FiledText
from qms.domain.kinds.kind import Value
from qms.domain.kinds.log import Log
from qms.domain.kinds.reading import read_policy
from qms.domain.kinds.recorded import (
    ALL_POLICIES,
    POLICY,
    Entry,
    Event,
    Filed,
    Key,
    PolicyEntry,
    Released,
    policy_place,
)
from qms.domain.register.policies import about_policy
from qms.domain.register.register import Register
from qms.domain.register.statement_holds import Judge
from qms.findings import Finding, Place, Reason, Refused
from qms.formats.digests import sha256
from qms.formats.paths import POLICY_FILES, unmarked
from qms.formats.slots import Notice, Slot, Statement
from qms.formats.tree import FILE, Tree


def loss_at(judge: Judge, register: Register, tree: Tree, path: str) -> Finding | None:
    """What became of the entries that the register holds at `path`; None where all are present."""
    kinds = judge.answers.kinds
    governed = kinds.at(path)
    name = governed.kind or ""
    if name == POLICY:
        return fixed_loss(judge, register, tree, ALL_POLICIES, policy_place(governed.version))
    if name in kinds.texts:
        return fixed_loss(judge, register, tree, (name, governed.number, ""), unmarked(path)[0])
    if name in kinds.lists:
        events = register.lists(name, governed.number, governed.revision).get(path, ())
        return grown_loss(judge, events, tree)
    return None


def fixed_loss(
    judge: Judge, register: Register, tree: Tree, key: Key, place: str
) -> Finding | None:
    """What became of what was filed as a whole at a place: nothing of it may change or go."""
    for entry in register.held(key, place):
        if isinstance(entry, PolicyEntry):
            newest = max((one.version for one in register.policies()), default=0)
            fault = policy_loss(judge, entry, tree, newest)
        elif isinstance(entry, Released | Filed):
            others = register.held(key, place)
            fault = text_loss(judge, entry, tree, others)
        else:
            raise TypeError(f"{entry!r} is not filed as a whole")
        if fault is not None:
            return fault
    return None


def text_loss(
    judge: Judge, entry: Released | Filed, tree: Tree, others: Sequence[Entry] = ()
) -> Finding | None:
    """What became of a text that was filed as a whole; None where it is present in `tree`.

    `others` are the entries that claim its place: where one of them lies there, that one is as it
    was signed, and nothing is wrong with it (TWIN-LOST).
    """
    texts = [one for one in others if isinstance(one, Released | Filed)]
    filed = {one.blob for one in texts if one is not entry}
    kind, signed = judge.answers.kinds.texts[entry.key[0]], entry.value
    is_displaced = False
    values = {"number": signed.number, "revision": signed.revision or "-"}
    faults: list[Finding] = []
    for path in entry.places:
        found = tree.entry(path)
        if found is None:
            continue
        if found.id == entry.blob and found.mode == FILE:
            return None
        if found.id in filed and found.mode == FILE:
            is_displaced = True
            continue
        value = kind.read(tree, path, found)
        changed = value if isinstance(value, Finding) else text_difference(judge, signed, value)
        if changed is None:
            return None
        faults.append(changed.at(path=path))
    missing = Finding("DOC-MISSING", Place(entry.path), values)
    if is_displaced:
        place = entry.places[-1]
        commit = entry.commit[:12] or "COMMIT"
        facts = {"place": entry.path, "from": commit, "entry": entry.beside}
        missing = Finding("TWIN-LOST", Place(place), values | facts, "", Reason.TWIN_LOST)
    return replace(faults[0] if faults else missing, about=signed.about)


def text_difference(judge: Judge, signed: Value, found: Value) -> Finding | None:
    """How `found` differs from the text that was signed, or None where it says the same.

    TypeError for lists.
    """
    if isinstance(signed, Log) or isinstance(found, Log):
        raise TypeError("a list is nothing that is signed as a whole")
    values = {"number": signed.number, "revision": signed.revision or "-"}
    if found.content != signed.content:
        keys = [
            key
            for key in {**signed.head, **found.head}
            if signed.head.get(key) != found.head.get(key)
        ]
        if found.body != signed.body:
            keys.append("body")
        place = Place(field=keys[0] if keys and keys[0] != "body" else "")
        named = values | {"keys": ", ".join(keys) or "spelling"}
        return Finding("DOC-CHANGED", place, named, "", Reason.NOT_AS_SIGNED)
    if not found.statements:
        steps = ", ".join(slot.step for slot in signed.slots)
        return Finding("DOC-UNAPPROVED", values=values | {"steps": steps})
    kept = {slot.id for slot in found.statements}
    fault = _broken(judge, found.slots, signed.subject.kind, "approvals")
    fault = fault or _foreign(signed, found)
    if fault is not None:
        return fault
    lost = {slot.id for slot in signed.statements} - kept
    if lost or len(found.slots) != len(signed.slots):
        return Finding("CHAIN-BROKEN", values=values | {"count": str(len(lost))})
    if found.status != signed.status:
        return Finding("STATUS", Place(field="status"), values | {"found": found.status})
    return None


def _foreign(signed: Document | FiledText, found: Document | FiledText) -> Finding | None:
    """A signature that was given to something else, or to another text of this one."""
    for index, slot in enumerate(found.slots):
        if isinstance(slot, Notice):
            continue
        place = Place(field=f"approvals.{index}")
        values = {"act": slot.act, "person": slot.person, "step": slot.step}
        values |= {"number": signed.number}
        if slot.subject != signed.subject:
            named = " ".join(v for v in (slot.subject.number, slot.subject.revision) if v)
            return Finding("MOVED-ENTRY", place, values | {"signed": named, "found": signed.about})
        if slot.round == found.round and slot.content != signed.content:
            return Finding("APPROVAL-MISMATCH", place, values, "", Reason.SIGNED_ANOTHER)
    return None


def _broken(judge: Judge, slots: tuple[Slot, ...], kind: str, name: str) -> Finding | None:
    for index, slot in enumerate(slots):
        if isinstance(slot, Notice):
            values = {"act": slot.act, "person": slot.person, "step": slot.step}
            return Finding("SLOT-UNSIGNED", Place(field=f"{name}.{index}"), values)
        fault = judge.form(slot, kind)
        if fault is not None:
            return fault.at(field=f"{name}.{index}")
    return None


def grown_loss(judge: Judge, events: tuple[Event, ...], tree: Tree) -> Finding | None:
    """What became of a list's recorded events: all stay, in their order; None where they do."""
    if not events:
        return None
    path, about = events[0].path, events[0].log.about
    found = tree.entry(path)
    if found is None:
        values = {"count": str(len(events))}
        fault = Finding("LOG-REMOVED", values=values, reason=Reason.LINES_LOST)
    else:
        kind = judge.answers.kinds.lists[events[0].log.kind]
        log = kind.read_log(tree, path, found)
        difference = log if isinstance(log, Finding) else _log_difference(judge, events, log)
        if difference is None:
            return None
        fault = difference
    return replace(fault.at(path=path), about=about)


def _log_difference(judge: Judge, events: tuple[Event, ...], log: Log) -> Finding | None:
    if log.content != events[0].log.content:
        return Finding("LOG-REWRITTEN", values={"count": "1"}, reason=Reason.LINES_LOST)
    recorded = [event.slot.id for event in events]
    standing = [slot.id for slot in log.events]
    kept = frozenset(standing)
    lost = [one for one in recorded if one not in kept]
    fault = _broken(judge, log.events, log.stated_kind, "events")
    if fault is not None and lost:
        return fault
    if lost:
        code = "LOG-REMOVED" if len(standing) < len(recorded) else "LOG-REWRITTEN"
        return Finding(code, values={"count": str(len(lost))}, reason=Reason.LINES_LOST)
    if not _is_in_order(log.events):
        return Finding("LOG-REWRITTEN", values={"count": "0"}, reason=Reason.LINES_LOST)
    return fault


def _is_in_order(events: tuple[Statement, ...]) -> bool:
    """Whether each event stands once, and behind those that it comes after.

    On one branch that is the order in which they were added. Of two branches that both appended,
    a merge may put either first, whichever way round its parents are.
    """
    places = {slot.id: place for place, slot in enumerate(events)}
    return len(places) == len(events) and all(
        places.get(named, -1) < place for place, slot in enumerate(events) for named in slot.after
    )


def policy_loss(judge: Judge, entry: PolicyEntry, tree: Tree, newest: int) -> Finding | None:
    """What became of a policy version in `tree`; None where its three files stand unchanged."""
    if any(_is_policy(tree, folder, entry) for folder in entry.folders):
        return None
    names = tree.folder(entry.folder)
    about = about_policy(entry.version)
    values = {"version": str(entry.version), "newest": str(newest)}
    if not names:
        place, values = Place(entry.folder), values | {"count": "1"}
        if entry.version == newest:
            return Finding("POLICY-ROLLBACK", place, values, about)
        return Finding("LOG-REMOVED", place, values, about, Reason.LINES_LOST)
    found = read_policy(tree, entry.folder, "")
    if isinstance(found, Finding):
        return replace(found, about=about)
    fault = None if found.blobs == entry.blobs else _policy_difference(judge, entry, found)
    if fault is None:
        return None
    return replace(fault.at(path=entry.path), about=about)


def _is_policy(tree: Tree, folder: str, entry: PolicyEntry) -> bool:
    """Whether the very files of a version lie in a folder."""
    names = tree.folder(folder)
    found = (names.get(name) for name in POLICY_FILES)
    return all(
        one is not None and one.id == blob and one.mode == FILE
        for one, blob in zip(found, entry.blobs, strict=True)
    )


def _policy_difference(judge: Judge, entry: PolicyEntry, found: PolicyEntry) -> Finding | None:
    values = {"version": str(entry.version), "name": "policy.yaml"}
    if found.content != entry.content or found.blobs[1:] != entry.blobs[1:]:
        if entry.version == 1:
            return Finding("ROOT", values=values)
        return Finding("POLICY-DIGEST", values=values, reason=Reason.NOT_AS_LISTED)
    if not found.slots:
        quorum = {"found": "0", "need": str(entry.policy.quorum.need)}
        return Finding("POLICY-UNAUTHORISED", values=values | quorum)
    fault = _broken(judge, found.slots, "policy", "approvals")
    lost = {slot.id for slot in entry.slots} ^ {slot.id for slot in found.slots}
    if fault is None and lost:
        named = {"number": "policy", "revision": str(entry.version), "count": str(len(lost))}
        fault = Finding("CHAIN-BROKEN", values=named)
    return fault


def asset_fault(tree: Tree, path: str) -> Finding | None:
    """A filed asset is its content: its name is the digest. None where that is so."""
    wanted = path.rpartition("/")[2]
    try:
        data = tree.read(path)
    except Refused as error:
        return error.finding.at(path=path)
    if data is None:
        return Finding("ASSET-MISSING", Place(path), {"asset": path})
    if sha256(data) != f"sha256:{wanted}":
        return Finding("ASSET-CHANGED", Place(path), {"asset": path})
    return None
