"""What is to be signed, on its way to a statement: first the facts, then who, when, under what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from qms.domain.kinds.policy import Person
from qms.formats.canonical_json import Json
from qms.formats.slots import Base, Statement, Subject, Wording
from qms.formats.sshsig import PublicKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What is to be signed, before time, key, policy and place in history are filled in."""

    act: str
    step: str
    role: str | None
    subject: Subject
    content: str
    base: Base | None
    round: int
    after: tuple[str, ...]
    meaning: str
    reason: str | None = None
    data: Mapping[str, Json] = field(default_factory=dict[str, Json])
    not_before: Sequence[Statement] = ()
    """What it comes after in its file: its time is not before theirs."""
    at: datetime | None = None
    """Its time, where days in it were taken from that already."""


@dataclass(frozen=True, slots=True)
class Unsigned:
    """An intent with person, key and time; what it is signed under is still open."""

    intent: Intent
    person: Person
    name: str
    key: PublicKey
    at: datetime

    def worded(self, *, repo: str, policy: str | None, seen: str | None) -> Wording:
        """The statement, whole but for the signature."""
        one = self.intent
        return Wording(
            act=one.act,
            step=one.step,
            role=one.role,
            person=self.person.id,
            at=self.at.isoformat(timespec="seconds"),
            repo=repo,
            subject=one.subject,
            content=one.content,
            base=one.base,
            round=one.round,
            name=self.name,
            key=self.key.fingerprint,
            meaning=one.meaning,
            reason=one.reason,
            policy=policy,
            seen=seen,
            after=one.after,
            data=one.data,
        )
