"""What is signed, and what waits to be: a wording, the statement that it becomes, a notice.

A slot in the tail of a governed file holds a statement or a notice; a growing list holds nothing
but statements, each as one line. The message of a statement is canonical JSON of everything that it
says but the signature, and its id is the digest of that message: many can be laid out first and
signed in one call.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Final, Self

from qms.findings import Finding, Place, Refused, refused
from qms.formats import canonical_json, caps
from qms.formats.canonical_json import Json
from qms.formats.digests import parse_time, sha256
from qms.formats.facts import fact_fault
from qms.formats.portable import Portable

_CHECKED: Final = "is_checked"
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


@dataclass(frozen=True, slots=True)
class Notice(Portable):
    """That a person is asked to sign an act at a step of a chain, in a role. Nobody signed it."""

    act: str
    step: str
    role: str | None
    person: str

    def lines(self) -> dict[str, Json]:
        """The fields that are lines of their own in a tail."""
        return {
            "act": self.act, "at": None, "person": self.person, "role": self.role,
            "step": self.step,
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What somebody states, whole but for the signature, which is made over its `message`.

    `at` is the time as it is written: one instant has a spelling for each zone, and each is another
    statement.
    """

    act: str
    step: str
    role: str | None
    person: str
    at: str
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

    def __hash__(self) -> int:
        return hash((self.repo, self.content, self.key, self.after, self.at, self.person))

    @property
    def namespace(self) -> str:
        """The SSHSIG namespace of its act: a signature for one act is none for another."""
        return f"qms-{self.act}-v1"

    @property
    def time(self) -> datetime:
        """The instant that `at` tells, as the signer says."""
        return parse_time(self.at)

    @cached_property
    def id(self) -> str:
        """The statement id: the digest of the message. Raises as `message` does."""
        return sha256(self.message())

    @property
    def is_identified(self) -> bool:
        """Whether `id` is known already, so that nothing is to be gained by `message` first."""
        return "id" in self.__dict__

    def message(self) -> bytes:
        """The exact bytes that are signed: canonical JSON and one LF.

        A function of the statement alone. Raises Refused NOT-CANONICAL for values that canonical
        JSON can't say.
        """
        values = self.json() | self.lines()
        values["v"] = 1
        if not self.__dict__.get(_CHECKED):
            canonical_json.check(values)
            self.mark_checked()
        message = (canonical_json.spelled(values) + "\n").encode()
        self.__dict__.setdefault("id", sha256(message))
        return message

    def mark_checked(self) -> Self:
        """Says that the values came out of canonical JSON, so `message` needn't look again."""
        self.__dict__[_CHECKED] = True
        return self

    def json(self) -> dict[str, Json]:
        """The fields as they stand in a message, but those that are lines of their own."""
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
        """The first of its act's facts that is not what it must be, from the statement alone."""
        content = None if self.base is None else self.base.content
        return fact_fault(self.act, self.data, content, self.subject.copy)

    def with_signature(self, signature: str) -> "Statement":
        """The statement, signed; `signature` is one line of base64."""
        values = {one.name: getattr(self, one.name) for one in fields(Wording)}
        return Statement(**values, signature=signature)


@dataclass(frozen=True, kw_only=True)
class Statement(Wording):
    """What somebody signed: an act at a step of a chain, or an event. Whether it is true is judged.

    Another spelling of a signature is the same statement, by its `id`.
    """

    signature: str

    def __hash__(self) -> int:
        return hash((self.repo, self.content, self.key, self.after, self.signature))


Slot = Statement | Notice
"""One place in the tail of a file: what was signed there, or who is asked to."""


def statements_in(slots: Iterable[Slot]) -> tuple[Statement, ...]:
    """Those of the slots that were signed, in their order."""
    return tuple(slot for slot in slots if isinstance(slot, Statement))


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


def check_statement(statement: Wording, known: Mapping[str, frozenset[str]] = DATA_KEYS) -> None:
    """Raises Refused where a statement lacks what its act demands.

    LIMIT for a text, DATA-KEYS for keys of its facts, the code of a fact (`facts.fact_fault`) for
    a value, REASON-MISSING.
    """
    check_texts(statement.meaning, statement.reason, statement.data)
    check_data(statement.act, statement.data, known)
    wrong = statement.wrong_fact()
    if wrong is not None:
        raise Refused(wrong)
    if statement.act in REASON_ACTS and not statement.reason:
        raise refused("REASON-MISSING", Place(field="reason"), act=statement.act)
