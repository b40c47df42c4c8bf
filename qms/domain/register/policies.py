"""Whether a policy version is valid: signed by those whom the version before it names."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from qms.domain.kinds.answers import Answers
from qms.domain.kinds.manifest import sunk
from qms.domain.kinds.policy import Policy, Publisher, tool_old
from qms.domain.kinds.policy_files import OpenFile
from qms.domain.register.behind import Behind
from qms.domain.register.register import PolicyEntry, Register
from qms.domain.register.statement_holds import Expected, Judge
from qms.domain.register.times import is_earlier
from qms.findings import Finding, Place, Reason
from qms.formats.slots import Base, Statement, Subject, statements_in

AGREE = "policy-agree"
FILE = "policy-file"


def about_policy(version: int) -> str:
    """What findings about a policy version are folded by."""
    return f"policy {version}"


def policy_subject(version: int) -> Subject:
    """What each signature of a policy version names."""
    return Subject(kind="policy", number="policy", revision=str(version))


def policy_fault(
    judge: Judge, entry: PolicyEntry, register: Register, at: Sequence[str]
) -> Finding | None:
    """The first thing that keeps a policy version from being valid, or None.

    A version that is not valid has no effect, and never judges the answer to itself.
    """
    fault = _fault(judge, entry, register, at)
    return None if fault is None else replace(fault, about=about_policy(entry.version))


def unreadable(answers: Answers, versions: Iterable[PolicyEntry]) -> Finding | None:
    """TOOL-OLD where one of the versions can't be read by this tool: nobody knows what it voids.

    One that stands counts all the same, so nothing may be signed, or shown as current; and what is
    said of anything after it, of the next version too, is worth nothing. Of one that gave way
    nothing is asked: else a quorum whose keys are void could stop everybody for ever.
    """
    for entry in versions:
        reason = answers.unread(entry.policy)
        if reason:
            found = tool_old(entry.version, entry.policy.rulebook, reason)
            place = Place(entry.path, commit=entry.commit)
            return replace(found, place=place, about=about_policy(entry.version))
    return None


def _fault(
    judge: Judge, entry: PolicyEntry, register: Register, at: Sequence[str]
) -> Finding | None:
    version = entry.version
    known = register.policies()
    found = _version_before(entry, register)
    if version == 1:
        if known and known[0].content != entry.content:
            return Finding("ROOT", values={"version": "1"})
        before = entry
    elif found is None:
        values = {"version": str(version)}
        return Finding("ROOT", values=values, reason=Reason.NO_VERSION_BEFORE)
    else:
        before = found
    return (
        _statements(judge, entry, before, register, at)
        or _quorum(judge, entry, before)
        or _order_fault(entry, before, register)
        or (None if entry is before else continuity_fault(entry.policy, before, register))
    )


def _version_before(entry: PolicyEntry, register: Register) -> PolicyEntry | None:
    """The version before, and of two with that number the one that the signatures name."""
    earlier = register.policy_versions(entry.version - 1)
    base = entry.slots[-1].base if entry.slots else None
    named = (one for one in earlier if base is not None and one.content == base.content)
    return next(named, earlier[0] if earlier else None)


def settles(
    judge: Judge, entry: PolicyEntry, twins: Sequence[PolicyEntry], register: Register
) -> bool:
    """Whether a version decides between several on one base: their quorums signed it together.

    It comes after a filing of each, and is valid under each.
    """
    named = {one for slot in entry.slots for one in slot.after}
    return all(
        any(one.id in named for one in register.filed(twin))
        and _quorum(judge, entry, twin) is None
        and all(judge.under(slot, twin.policy, register.day(slot)) is None for slot in entry.slots)
        for twin in twins
    )


def _statements(
    judge: Judge, entry: PolicyEntry, before: PolicyEntry, register: Register, at: Sequence[str]
) -> Finding | None:
    root = entry.policy if entry.version == 1 else None
    if root is not None and root.unread and not entry.is_open:
        # Whose keys these are only a later tool can tell; a root is trusted by its id anyway.
        return next(filter(None, (judge.form(slot, "policy") for slot in entry.slots)), None)
    expected = Expected(
        policy_subject(entry.version), entry.content, about_policy(entry.version),
        Reason.NOT_AS_LISTED, root,
    )  # fmt: skip
    if entry.is_open:
        return _unauthorised(entry, before)
    follows = before if root is None else None
    for index, slot in enumerate(entry.slots):
        fault = _statement_fault(judge, slot, expected, follows, register, at)
        if fault is not None and fault.reason is Reason.NOT_THEIRS and root is None:
            return _unauthorised(entry, before, slot.person).at(field=f"approvals.{index}")
        if fault is not None:
            return fault.at(field=f"approvals.{index}")
    return None


def _statement_fault(  # noqa: PLR0913, PLR0917 - what one signature is compared with
    judge: Judge,
    slot: Statement,
    expected: Expected,
    before: PolicyEntry | None,
    register: Register,
    at: Sequence[str],
) -> Finding | None:
    """The first thing that keeps one signature of a version from holding; None before version 1."""
    version = expected.subject.revision or ""
    fault = judge.slot(slot, expected, register, at)
    if fault is not None:
        return fault
    base = None if before is None else Base(str(before.version), before.content)
    if slot.base != base:
        last = version if before is None else str(before.version)
        older = slot.base is not None and slot.base.revision != last
        values = {"base": str(slot.base), "version": version}
        return Finding("POLICY-ROLLBACK" if older else "BASE", values=values)
    if before is None:
        return None
    if slot.policy != before.content:
        return Finding("POLICY-ROLLBACK", values={"version": version})
    if not had_seen(judge, slot.seen, before, register):
        return Finding("SEEN-MISSING", values={"seen": str(slot.seen)}, reason=Reason.UNSEEN)
    return None


def valid_agreements(
    judge: Judge,
    opened: OpenFile,
    before: PolicyEntry,
    register: Register,
    at: Sequence[str],
) -> tuple[Statement, ...]:
    """The signatures by which keepers of `before` agreed to this very open version after it."""
    if opened.version != before.version + 1:
        return ()
    expected = Expected(
        policy_subject(opened.version), opened.content, about_policy(opened.version),
        Reason.NOT_AS_LISTED,
    )  # fmt: skip
    return tuple(
        slot
        for slot in statements_in(opened.slots)
        if slot.act == AGREE
        and slot.role == before.policy.quorum.role
        and _statement_fault(judge, slot, expected, before, register, at) is None
    )


def had_seen(judge: Judge, seen: str | None, before: PolicyEntry, register: Register) -> bool:
    """Whether the tree that the signer had seen holds the version before, in any of its filings.

    Where this clone has no such commit that is a finding of its own, or can't be known.
    """
    tree = judge.history.tree((seen or "").partition(":")[2])
    if tree is None:
        return True
    filings = (
        one for one in register.policy_versions(before.version) if one.content == before.content
    )
    files = ((tree.entry(path), one.blobs[0]) for one in filings for path in one.places)
    return any(entry is not None and entry.id == blob for entry, blob in files)


def _agreed(entry: PolicyEntry, before: PolicyEntry) -> frozenset[str]:
    role = before.policy.quorum.role
    return frozenset(slot.person for slot in entry.slots if slot.act == AGREE and slot.role == role)


def _unauthorised(entry: PolicyEntry, before: PolicyEntry, but: str = "") -> Finding:
    """POLICY-UNAUTHORISED: how many have agreed, `but` not counted, and how many must."""
    found = str(len(_agreed(entry, before) - {but}))
    values = {"found": found, "need": str(before.policy.quorum.need)}
    return Finding("POLICY-UNAUTHORISED", values=values | {"version": str(entry.version)})


def _quorum(judge: Judge, entry: PolicyEntry, before: PolicyEntry) -> Finding | None:
    quorum = before.policy.quorum
    filed = [s for s in entry.slots if s.act == FILE]
    seats = {(AGREE, "1", quorum.role), (FILE, "2", quorum.role)}
    stranger = next((s for s in entry.slots if (s.act, s.step, s.role) not in seats), None)
    if stranger is not None or len(_agreed(entry, before)) < quorum.need or len(filed) != 1:
        return _unauthorised(entry, before, stranger.person if stranger is not None else "")
    behind = Behind(entry.slots)
    reached = behind.before(filed[0])
    missed = [s for s in entry.slots if s is not filed[0] and not behind.bit(s.id) & reached]
    if missed:
        return Finding("CHAIN-BROKEN", values={"count": str(len(missed))})
    return _sight_fault(judge, filed[0], entry)


def _sight_fault(judge: Judge, filing: Statement, entry: PolicyEntry) -> Finding | None:
    """SEEN-MISSING where who filed it had seen less than somebody who agreed.

    Agreements are public: else one keeper could file them again as if nobody had seen anything,
    and what rests on a key that the version voids would be void.
    """
    last = _commit(filing)
    for slot in entry.slots:
        seen = _commit(slot)
        if seen and last and judge.history.is_ancestor(seen, (last,)) is False:
            values = {"seen": seen[:12], "person": slot.person}
            return Finding("SEEN-MISSING", values=values, reason=Reason.UNSEEN)
    return None


def _commit(slot: Statement) -> str:
    seen = slot.seen
    return (seen or "").partition(":")[2]


def _order_fault(entry: PolicyEntry, before: PolicyEntry, register: Register) -> Finding | None:
    """A signature with a time before that of one it names: here, or a filing of the version before.

    Elsewhere that costs the effect (`register.times`); a version holds or fails as a whole, or
    two clones would go by different policies.
    """
    by_id = {slot.id: slot for slot in entry.slots}
    if entry is not before:
        by_id |= {one.id: one.filing for one in register.filed(before)}
    for slot in entry.slots:
        after = slot.after
        for other in (by_id[one] for one in after if one in by_id):
            if is_earlier(slot, other):
                values = {"at": slot.at or "-", "before": other.at or "-"}
                return Finding("TIME-ORDER", values=values | {"person": slot.person})
    return None


def continuity_fault(policy: Policy, before: PolicyEntry, register: Register) -> Finding | None:
    """What a policy may not say after `before`, or None; asked before anybody signs it too.

    Floors and rulebook never sink; a key, and an id, is one person's for ever.
    """
    old, version = before.policy, str(policy.version)
    for floor in sunk(policy.floors, old.floors):
        return Finding("FLOOR-LOWERED", values={"version": version, "floor": floor})
    if policy.rulebook < old.rulebook:
        values = {"version": version, "rulebook": str(policy.rulebook)}
        return Finding("RULEBOOK-LOWERED", values=values | {"before": str(old.rulebook)})
    line = (before, *_line(before, register))
    return next(filter(None, (_taken(policy, older.policy) for older in line)), None) or next(
        _strangers(policy, line), None
    )


def _line(entry: PolicyEntry, register: Register) -> Iterator[PolicyEntry]:
    """The versions that one builds on, newest first: twins on other branches are none of them.

    A thief's twin could else list a key first that an honest version gives to its owner.
    """
    while entry.version > 1:
        before = _version_before(entry, register)
        if before is None:
            return
        yield before
        entry = before


def _taken(policy: Policy, older: Policy) -> Finding | None:
    """KEY-TAKEN for a key that an older version gave to another person or machine."""
    for owner, key in _keys(policy):
        held = older.key_owner(key)
        machine = older.publisher(key)
        before = held[0].id if held is not None else None if machine is None else _machine(machine)
        if before not in (None, owner):
            return Finding("KEY-TAKEN", values={"key": key, "person": (before or "").lstrip("@")})
    return None


def _keys(policy: Policy) -> Iterator[tuple[str, str]]:
    """Owner and fingerprint of each key; machines are told from persons."""
    for person in policy.persons.values():
        yield from ((person.id, key.public.fingerprint) for key in person.keys)
    yield from ((_machine(one), one.public.fingerprint) for one in policy.publishers)


def _machine(publisher: Publisher) -> str:
    return f"@{publisher.name}"


def _strangers(policy: Policy, line: Sequence[PolicyEntry]) -> Iterator[Finding]:
    """ID-TAKEN for an id under which somebody else stood: neither a name nor a key is the same.

    Whoever changes both does it in two versions.
    """
    for person in policy.persons.values():
        older = next((one.policy.persons[person.id] for one in line
                      if person.id in one.policy.persons), None)  # fmt: skip
        if older is None:
            continue
        names = set(person.name.by_tag.values()) & set(older.name.by_tag.values())
        keys = {key.public.fingerprint for key in person.keys} & {
            key.public.fingerprint for key in older.keys
        }
        if not names and not keys:
            values = {"id": person.id, "name": older.name.of("")}
            yield Finding("ID-TAKEN", values=values)
