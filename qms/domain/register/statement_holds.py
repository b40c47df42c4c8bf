"""Whether a signed statement holds: each difference with its own code, the first one named.

The order is fixed, so that one fault gives one code: form, signature, repo, subject, content,
base, policy, signer, role, seen. What it takes besides the slot is only what the slot itself
names (policy, base, seen): a register that has grown never makes a statement fail.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, NamedTuple

from qms.domain.kinds.act import Act
from qms.domain.kinds.answers import Answers, History
from qms.domain.kinds.policy import FIDO, PREPARER, Key, Person, Policy
from qms.domain.register.cited_policy import newest_cited
from qms.domain.register.register import PolicyEntry, Register
from qms.findings import Finding, Place, Reason, Refused
from qms.formats import sshsig
from qms.formats.slots import Base, Statement, Subject

_MISMATCH: Final = {
    Reason.NOT_AS_SIGNED: "DOC-CHANGED",
    Reason.SIGNED_ANOTHER: "APPROVAL-MISMATCH",
    Reason.NOT_AS_LISTED: "POLICY-DIGEST",
    Reason.OTHER_LIST: "LOG-REWRITTEN",
}


class Expected(NamedTuple):
    """What a statement must name, taken from the file it stands in.

    `mismatch` is why another content is wrong: NOT_AS_SIGNED where the file is released or says
    published, SIGNED_ANOTHER where it is in review, NOT_AS_LISTED for a policy, OTHER_LIST
    for a list.
    """

    subject: Subject
    content: str
    about: str
    mismatch: Reason = Reason.NOT_AS_SIGNED
    root: Policy | None = None
    """Policy version 1, which is signed under itself, before anything else was there."""


@dataclass(slots=True, eq=False)
class Judge:
    """Judges statements; remembers only which signatures verified, which never changes."""

    answers: Answers
    history: History
    published: str | None = None
    """The commit that the shared trunk is known to hold; None where nobody asks (`verify`)."""
    _shared: dict[str, str | None] = field(default_factory=dict[str, "str | None"])
    """What the trunk was known to hold when a statement was met first."""
    _verified: dict[tuple[str, str], Finding | None] = field(
        default_factory=dict[tuple[str, str], Finding | None]
    )

    _told: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    @property
    def verified(self) -> int:
        """How many signatures were judged so far, each of them verified."""
        return len(self._verified)

    def form(self, slot: Statement, kind: str) -> Finding | None:
        """The first fault in form and signature, or None: needs nothing but the statement."""
        fault = self._form(slot, kind)
        if fault is not None:
            return fault
        message = None if slot.is_identified else slot.message()  # gives the id too
        key = (slot.id, slot.signature)
        if key not in self._verified:
            self._verified[key] = None if key in self._told else _signature(
                slot, message or slot.message()
            )  # fmt: skip
        return self._verified[key]

    def _form(self, slot: Statement, kind: str) -> Finding | None:
        act = self.answers.act(slot.act)
        if act is None:
            return Finding("UNJUDGED", values=_who(slot), reason=Reason.UNJUDGED)
        if act.kind != kind or not _data_closed(act, slot):
            wrong = ", ".join(sorted(set(slot.data) ^ act.data)) or "-"
            return Finding("DATA-KEYS", values=_who(slot) | {"found": wrong})
        wrong_fact = slot.wrong_fact()
        if wrong_fact is not None:
            return Finding(wrong_fact.code, values=_who(slot) | dict(wrong_fact.values))
        if act.needs_reason and not (slot.reason or "").strip():
            return Finding("REASON-MISSING", values=_who(slot))
        if slot.for_ is not None:
            return Finding("DELEGATION", values=_who(slot) | {"for": slot.for_})
        return None

    def told(self, slot: Statement) -> None:
        """Take over from somebody who verified the signature of a statement that it holds."""
        self._told.add((slot.id, slot.signature))

    def slot(
        self,
        slot: Statement,
        expected: Expected,
        register: Register,
        at: Sequence[str],
    ) -> Finding | None:
        """The first thing that keeps a statement from holding, or None.

        `at` are the commits that hold it: `seen` must be one of them or an ancestor of one.
        """
        fault = self.form(slot, expected.subject.kind)
        if fault is not None:
            return fault
        fault = _names(slot, expected, register)
        if fault is not None:
            return fault
        if expected.root is not None:
            return _fault_under_own(self, slot, expected.root)
        return self._policy_fault(slot, register) or self._seen_fault(slot, at)

    def ended_round(self, slot: Statement, kind: str, register: Register) -> Finding | None:
        """Of an ended round only form, signature, repo, and whose key it was are judged."""
        fault = self.form(slot, kind)
        if fault is not None:
            return fault
        if slot.repo != register.repo_id:
            return Finding("WRONG-REPO", values=_who(slot))
        entry = register.policy(slot.policy) if slot.policy is not None else None
        if entry is None:
            return _unrecorded(slot)
        owner = entry.policy.key_owner(slot.key)
        if owner is None or owner[0].id != slot.person:
            found = "nobody" if owner is None else owner[0].id
            version = str(entry.version)
            return Finding("SIGNER", values=_who(slot) | {"policy": version, "owner": found})
        return None

    def in_round(
        self, slot: Statement, register: Register, at: Sequence[str], kind: str = "document"
    ) -> Finding | None:
        """As `slot`, for a statement of a round whose text is not at hand.

        Content and base are not compared then: what it says of them is what was signed.
        """
        fault = self.form(slot, kind)
        if fault is not None:
            return fault
        if slot.repo != register.repo_id:
            return Finding("WRONG-REPO", values=_who(slot))
        return self._policy_fault(slot, register) or self._seen_fault(slot, at)

    def rejection(self, slot: Statement, register: Register) -> Finding | None:
        """The first thing that keeps a reject in a working text from ending its round, or None.

        Whoever rejects does so in a role that they hold: a preparer's or nobody's reject is none.
        """
        fault = self.ended_round(slot, "document", register)
        if fault is not None:
            return fault
        if slot.role is None or slot.role == PREPARER:
            return Finding("ROLE", values=_who(slot) | {"policy": "-", "end": "-"})
        return self._policy_fault(slot, register)

    def _policy_fault(self, slot: Statement, register: Register) -> Finding | None:
        entry = register.policy(slot.policy) if slot.policy is not None else None
        if entry is None:
            return _unrecorded(slot)
        return _fault_under_own(self, slot, entry.policy)

    def under(self, slot: Statement, policy: Policy, day: date | None) -> Finding | None:
        """Whether signer, role and assurance hold under `policy`: also asked of later ones.

        `day` is the statement's one day, by the policy that it names and never by `policy`: a
        role that began that day was held, however far west a later version moves the company.
        """
        owner = policy.key_owner(slot.key)
        version = str(policy.version)
        if owner is None:
            machine = policy.publisher(slot.key)
            whose = "nobody" if machine is None else machine.name
            values = _who(slot) | {"policy": version, "owner": whose}
            return Finding("SIGNER", values=values, reason=Reason.NOT_THEIRS)
        if day is None:
            return _unrecorded(slot)
        found = _wrong_owner(*owner, slot.person, day)
        if found is not None:
            values = _who(slot) | {"policy": version, "owner": found}
            return Finding("SIGNER", values=values, reason=Reason.NOT_THEIRS)
        about = slot.subject.class_
        return _role_fault(slot, policy, day) or assurance_fault(slot, policy, about)

    def _seen_fault(self, slot: Statement, at: Sequence[str]) -> Finding | None:
        if slot.seen is None:
            values = _who(slot) | {"seen": "null"}
            return Finding("SEEN-MISSING", values=values, reason=Reason.UNSEEN)
        commit = slot.seen.partition(":")[2]
        known = self.history.is_ancestor(commit, at) if at else None
        if known is False:
            values = _who(slot) | {"seen": commit[:12]}
            if self.history.tree(commit) is None:
                return Finding("HISTORY-REWRITTEN", values=values, reason=Reason.REWRITTEN)
            return Finding("SEEN-MISSING", values=values, reason=Reason.UNSEEN)
        shared = self._shared.setdefault(slot.id, self.published)
        if known and shared is not None and not self.history.is_ancestor(commit, (shared,)):
            return Finding("SEEN-UNPUBLISHED", values=_who(slot) | {"seen": commit[:12]})
        return None

    @staticmethod
    def cited(slot: Statement, register: Register) -> PolicyEntry | None:
        """The policy that a statement was signed under; None where it is not recorded."""
        return None if slot.policy is None else register.policy(slot.policy)

    def newest_cited(self, slots: Sequence[Statement], register: Register) -> PolicyEntry | None:
        """The newest policy that any of these statements was signed under."""
        return newest_cited(slots, register)


def assurance_fault(slot: Statement, policy: Policy, class_id: str | None) -> Finding | None:
    """A signature that proves no touch and PIN where key, class or floors ask for them."""
    owner = policy.key_owner(slot.key)
    if owner is None:
        return None
    if FIDO not in (policy.assurance(class_id), owner[1].assurance):
        return None
    found = sshsig.assurance(slot.signature)
    if found.present and found.verified:
        return None
    proved = [found.kind, *("touch",) * found.present, *("PIN",) * found.verified]
    values = {"policy": str(policy.version), "found": " ".join(proved)}
    return Finding("ASSURANCE", values=_who(slot) | values)


def _fault_under_own(judge: Judge, slot: Statement, policy: Policy) -> Finding | None:
    """Whether a statement holds under the policy that it names, which also tells its day."""
    day = policy.day(slot.time)
    return judge.under(slot, policy, day) or _name_fault(slot, policy)


def _signature(slot: Statement, message: bytes) -> Finding | None:
    try:
        key = sshsig.signing_key(slot.signature)
        if key.fingerprint != slot.key:
            return Finding(
                "SIGNATURE",
                Place(),
                _who(slot) | {"found": key.fingerprint},
                "",
                Reason.NOT_SIGNED_BY,
            )
        sshsig.verify(message, slot.signature, slot.namespace, key)
    except Refused as refused:
        found = refused.finding
        return replace(found, place=Place(), values=_who(slot) | dict(found.values))
    return None


def _wrong_owner(person: Person, key: Key, signer: str, day: date) -> str | None:
    """Whose the key is instead of `signer`'s on `day`, or None."""
    if key.void:
        return "void"
    if person.id == signer and key.since is not None and day < key.since:
        return f"{signer} (≥ {key.since})"
    return None if person.id == signer else person.id


def _role_fault(slot: Statement, policy: Policy, day: date) -> Finding | None:
    if slot.role is None or slot.role == PREPARER or slot.person in policy.holders(slot.role, day):
        return None
    end = policy.role_end(slot.role, slot.person, day)
    values = _who(slot) | {"policy": str(policy.version), "end": _day(end)}
    return Finding("ROLE", values=values, reason=Reason.NOT_THEIRS)


def _name_fault(slot: Statement, policy: Policy) -> Finding | None:
    """A signer who is printed under another name than the policy gives them."""
    person = policy.persons.get(slot.person)
    if person is not None and slot.name in person.name.by_tag.values():
        return None
    values = _who(slot) | {"policy": str(policy.version), "name": slot.name}
    return Finding("SIGNER-NAME", values=values)


def _data_closed(act: Act, slot: Statement) -> bool:
    return frozenset(slot.data) == act.data


def _unrecorded(slot: Statement) -> Finding:
    values = _who(slot) | {"policy": slot.policy or "null"}
    return Finding("POLICY-UNRECORDED", values=values, reason=Reason.NO_POLICY)


def _names(slot: Statement, expected: Expected, register: Register) -> Finding | None:
    """Repo, subject, content and base, in that order."""
    if slot.repo != (register.repo_id if expected.root is None else expected.content):
        return Finding("WRONG-REPO", values=_who(slot))
    if slot.subject != expected.subject:
        return Finding(
            "MOVED-ENTRY",
            values=_who(slot)
            | {"signed": _subject(slot.subject), "found": _subject(expected.subject)},
        )
    if slot.content != expected.content:
        number = expected.subject.number or "-"
        values = _who(slot) | {"number": number}
        return Finding(_MISMATCH[expected.mismatch], values=values, reason=expected.mismatch)
    return _base_fault(slot, slot.base, expected, register)


def _base_fault(
    slot: Statement, base: Base | None, expected: Expected, register: Register
) -> Finding | None:
    if base is None:
        return None
    if not _base_known(base, expected.subject, register):
        values = _who(slot) | {"base": base.revision}
        return Finding("BASE", values=values, reason=Reason.NO_BASE)
    return None


def _base_known(base: Base, subject: Subject, register: Register) -> bool:
    if subject.kind == "policy":
        entry = register.policy(base.content)
        return entry is not None and str(entry.version) == base.revision
    return any(
        entry.document.revision == base.revision
        for entry in register.filings(subject.number or "", base.content)
    )


def _who(slot: Statement) -> dict[str, str]:
    return {
        "act": slot.act,
        "step": slot.step,
        "person": slot.person,
        "role": slot.role or "-",
        "at": slot.at or "-",
    }


def _subject(subject: Subject) -> str:
    parts = (subject.kind, subject.number, subject.class_, subject.revision, subject.copy)
    return " ".join(part for part in parts if part)


def _day(day: date | None) -> str:
    return "-" if day is None else day.isoformat()
