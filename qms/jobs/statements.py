"""What is to be signed, on its way to a slot: first the facts, then who, when and under what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from qms.domain.policy import Person
from qms.formats.canonical_json import Json
from qms.formats.slots import Base, Signed, Statement, Subject
from qms.formats.sshsig import PublicKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
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
class Laid:
    """A statement with person, key and time; what it is signed under is still open."""

    statement: Statement
    person: Person
    name: str
    key: PublicKey
    at: datetime

    def signed_by(self, *, repo: str, policy: str | None, seen: str | None) -> Statement:
        """The slot, whole but for the signature."""
        one = self.statement
        return Slot(
            act=one.act,
            step=one.step,
            role=one.role,
            person=self.person.id,
            at=self.at.isoformat(timespec="seconds"),
            signed=Signed(
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
            ),
        )
