"""A slot as a value: who must sign or has signed, and the message a signature is made over.

A slot stands in the tail of a governed file (or, as one line, in a growing list). Its message is
canonical JSON of everything the slot says but the signature, and its statement id is the digest
of that message: another spelling of a signature is the same statement, and many statements can be
laid out first and signed in one call.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from qms.findings import Finding, Place, Refused, refused
from qms.formats import canonical_json, caps
from qms.formats.canonical_json import Json
from qms.formats.digests import sha256
from qms.formats.facts import fact_fault
from qms.formats.portable import Portable

EVENT_STEP: Final = "event"
"""The step of an event in a growing list, where no chain gives it one."""

DATA_KEYS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        act: frozenset(keys.split())
        for act, keys in {
            "prepare": "",
            "review": "",
            "co-sign": "",
            "approve": "",
            "reject": "",
            "publish": "effective published",
            "withdraw": "",
            "obsolete": "effective replaced_by",
            "issue": "content department holder place quantity",
            "receive": "by",
            "recall": "due",
            "return": "state",
            "replace": "by",
            "settle": "annulled stands",
            "ratify": "entry",
            "annul": "entry",
            "incident": "from lost to",
            "policy-agree": "",
            "policy-file": "",
        }.items()
    }
)
"""What `data` of each core act holds: exactly these keys, all present."""

REASON_ACTS: Final = frozenset(
    {"reject", "withdraw", "obsolete", "destroy", "incident", "settle", "ratify", "annul"}
)
"""Acts that nobody may sign without a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject(Portable):
    """What a statement is about, in the head's own strings; None where there is none."""

    kind: str
    number: str | None = None
    class_: str | None = None
    revision: str | None = None
    copy: str | None = None

    def json(self) -> dict[str, Json]:
        """As it stands in a message."""
        return {
            "class": self.class_,
            "copy": self.copy,
            "kind": self.kind,
            "number": self.number,
            "revision": self.revision,
        }


@dataclass(frozen=True, slots=True)
class Base(Portable):
    """The revision that a statement builds on, and the digest of its content."""

    revision: str
    content: str

    def json(self) -> dict[str, Json]:
        """As it stands in a message."""
        return {"content": self.content, "revision": self.revision}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed(Portable):
    """What a signer stated. `signature` is None between laying a statement out and signing it."""

    repo: str
    subject: Subject
    content: str
    base: Base | None = None
    round: int = 1
    name: str
    key: str
    for_: str | None = None
    meaning: str
    reason: str | None = None
    policy: str | None
    seen: str | None
    after: tuple[str, ...] = ()
    data: Mapping[str, Json] = field(default_factory=dict[str, Json])
    signature: str | None = None

    def __hash__(self) -> int:
        return hash((self.repo, self.content, self.key, self.after, self.signature))

    def json(self) -> dict[str, Json]:
        """The fields as they stand in a message; the signature is not among them."""
        return {
            "after": self.after,
            "base": None if self.base is None else self.base.json(),
            "content": self.content,
            "data": self.data,
            "for": self.for_,
            "key": self.key,
            "meaning": self.meaning,
            "name": self.name,
            "policy": self.policy,
            "reason": self.reason,
            "repo": self.repo,
            "round": self.round,
            "seen": self.seen,
            "subject": self.subject.json(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot(Portable):
    """One place for a signature: an act at a step of a chain, in a role, by a person.

    `signed` and `at` are None until the person signs: such a slot is a notice, not a rule.
    """

    act: str
    step: str
    role: str | None
    person: str
    at: str | None = None
    signed: Signed | None = None
    _id: str = field(default="", init=False, repr=False, compare=False)
    _is_checked: bool = field(default=False, init=False, repr=False, compare=False)

    @classmethod
    def unsigned(cls, act: str, step: str, role: str | None, person: str) -> "Slot":
        """A slot that waits for `person`."""
        return cls(act=act, step=step, role=role, person=person)

    @property
    def namespace(self) -> str:
        """The SSHSIG namespace of its act: a signature for one act is none for another."""
        return f"qms-{self.act}-v1"

    @property
    def id(self) -> str:
        """The statement id: the digest of the message. Raises as `message` does."""
        if not self._id:
            self.message()
        return self._id

    @property
    def is_identified(self) -> bool:
        """Whether `id` is known already, so that nothing is to be gained by `message` first."""
        return bool(self._id)

    def message(self) -> bytes:
        """The exact bytes that are signed: canonical JSON and one LF.

        A function of the slot alone. Raises Refused SLOT-FORM for a slot that states nothing yet,
        NOT-CANONICAL for values that canonical JSON can't say.
        """
        if self.signed is None or self.at is None:
            raise refused("SLOT-FORM", Place(field="signed"), part="signed", found="null")
        values = self.signed.json() | self.lines()
        values["v"] = 1
        if not self._is_checked:
            canonical_json.check(values)
            self.mark_checked()
        message = (canonical_json.spelled(values) + "\n").encode()
        if not self._id:
            object.__setattr__(self, "_id", sha256(message))
        return message

    def mark_checked(self) -> "Slot":
        """Says that the values came out of canonical JSON, so `message` needn't look again."""
        object.__setattr__(self, "_is_checked", True)
        return self

    def lines(self) -> dict[str, Json]:
        """The fields that are lines of their own in a tail."""
        return {
            "act": self.act,
            "at": self.at,
            "person": self.person,
            "role": self.role,
            "step": self.step,
        }

    def wrong_fact(self) -> Finding | None:
        """The first of its act's facts that is not what it must be, from the slot alone."""
        if self.signed is None:
            return None
        base = self.signed.base
        content = None if base is None else base.content
        return fact_fault(self.act, self.signed.data, content, self.signed.subject.copy)

    def with_signature(self, signature: str) -> "Slot":
        """The same statement, signed; `signature` is one line of base64."""
        if self.signed is None:
            raise refused("SLOT-FORM", Place(field="signed"), part="signed", found="null")
        return replace(self, signed=replace(self.signed, signature=signature))


def check_data(
    act: str, data: Mapping[str, Json], known: Mapping[str, frozenset[str]] = DATA_KEYS
) -> None:
    """Raises Refused DATA-KEYS where `data` lacks a key of its act or has one too many.

    `known` is `DATA_KEYS`, joined with what plugins bring; an act that isn't in it is let pass
    (it is kept, and judged by nobody).
    """
    keys = known.get(act)
    found = frozenset(data)
    if keys is not None and found != keys:
        wrong = sorted(found ^ keys)
        raise refused("DATA-KEYS", Place(field="data"), act=act, found=", ".join(wrong))


def check_texts(meaning: str, reason: str | None, data: Mapping[str, Json]) -> None:
    """Raises Refused LIMIT for a text that is longer than a statement may hold."""
    for name, value in (("meaning", meaning), ("reason", reason), *_texts("data", data)):
        if value is not None and len(value) > caps.TEXT:
            raise caps.over("text", len(value), caps.TEXT, Place(field=f"signed.{name}"))


def _texts(name: str, value: Json) -> Iterator[tuple[str, str]]:
    """All texts in a value, with where they stand."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _texts(f"{name}.{key}", one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(name, one)


def check_statement(slot: Slot, known: Mapping[str, frozenset[str]] = DATA_KEYS) -> None:
    """Raises Refused where a signed slot lacks what its act demands.

    LIMIT for a text, DATA-KEYS for keys of its facts, the code of a fact (`facts.fact_fault`) for
    a value, REASON-MISSING.
    """
    if slot.signed is None:
        return
    check_texts(slot.signed.meaning, slot.signed.reason, slot.signed.data)
    check_data(slot.act, slot.signed.data, known)
    wrong = slot.wrong_fact()
    if wrong is not None:
        raise Refused(wrong)
    if slot.act in REASON_ACTS and not slot.signed.reason:
        raise refused("REASON-MISSING", Place(field="reason"), act=slot.act)
