"""A governed file under construction, for test vectors: signed slot by slot, with any kind of key.

Nothing here knows a policy or a repository: what a file says of itself is all that vectors are
about. Times, names and the commit seen are fixed, so that the same calls give the same bytes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from qms.formats.canonical_json import Json
from qms.formats.cut import cut_markdown, cut_yaml, with_tail
from qms.formats.slots import (
    Base,
    Slot,
    Statement,
    Subject,
    Tail,
    Wording,
    in_order,
    render_tail,
    statements_in,
)

SEEN: Final = "sha1:" + "5ee0" * 10
"""The commit that all signers have seen."""

_NAMES: Final = {"zhang.san": "张三", "li.si": "李四", "wang.wu": "王五", "zhao.liu": "赵六"}
_MEANINGS: Final = {
    "prepare": "prepared",
    "review": "reviewed",
    "co-sign": "co-signed",
    "approve": "approved",
    "publish": "published",
    "reject": "rejected",
    "policy-agree": "agreed",
    "policy-file": "filed",
    "withdraw": "withdrawn",
    "obsolete": "made obsolete",
    "issue": "issued",
    "receive": "received",
    "replace": "replaced",
    "recall": "recalled",
    "return": "returned",
    "settle": "settled",
    "ratify": "ratified",
    "annul": "annulled",
    "incident": "answered",
}


class Keyring(Protocol):
    """Keys by name, and what they sign."""

    def fingerprint(self, name: str) -> str:
        """As ssh-keygen prints it."""
        ...

    def line(self, name: str) -> str:
        """The key as an allowed_signers file has it."""
        ...

    def sign(self, name: str, namespace: str, message: bytes) -> str:
        """The signature, as one line of base64."""
        ...


@dataclass
class SignedFile:
    """A file under construction: its head and body, and the slots that are laid one by one."""

    keys: Keyring
    path: str
    kind: str
    head: Mapping[str, str]
    body: str | None
    status: str
    repo: str = ""
    slots: tuple[Slot, ...] = ()

    @property
    def unsigned(self) -> bytes:
        """Without any slot: head, an empty tail and body."""
        tail = render_tail(Tail(self.status, (), self.status == "log"))
        head = "".join(f"{key}: {value}\n" for key, value in self.head.items()).encode()
        if self.body is None:
            return head + tail
        return b"---\n" + head + tail + b"---\n" + self.body.encode()

    @property
    def content(self) -> str:
        """What the signers of this file sign."""
        return (cut_yaml if self.body is None else cut_markdown)(self.unsigned).content

    @property
    def data(self) -> bytes:
        """The file with its slots."""
        slots = self.slots if self.status == "log" else in_order(self.slots)
        return with_tail(self.unsigned, render_tail(Tail(self.status, slots, self.status == "log")))

    def subject(self) -> Subject:
        """The head's strings."""
        if self.kind == "policy":
            return Subject(kind="policy", number="policy", revision=self.head["version"])
        head = {key: value.strip('"') for key, value in self.head.items()}
        return Subject(
            kind=self.kind,
            number=head["number"],
            class_=head["class"],
            revision=head["revision"],
            copy=head.get("copy"),
        )

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Those of its slots that are signed."""
        return statements_in(self.slots)

    def sign(  # noqa: PLR0913
        self, act: str, step: str, role: str | None, person: str, *, minute: int,
        after: Iterable[str] = (), data: Mapping[str, Json] | None = None,
        reason: str | None = None, number: int = 1, key: str = "ed25519",
        base: Base | None = None, policy: str | None = "", at: str = "",
    ) -> Statement:  # fmt: skip
        """Lays one signed slot and gives it; `at` is its time where that matters."""
        first = self.path == "policy/0001/policy.yaml"
        slot = Wording(
            act=act,
            step=step,
            role=role,
            person=person,
            at=at or f"2026-11-23T14:{minute:02}:00+08:00",
            repo=self.repo or self.content,
            subject=self.subject(),
            content=self.content,
            base=base,
            round=number,
            name=_NAMES[person],
            key=self.keys.fingerprint(key),
            meaning=_MEANINGS[act],
            reason=reason,
            policy=None if first else policy or self.repo,
            seen=None if first else SEEN,
            after=tuple(sorted(after)),
            data=data or {},
        )
        signed = slot.with_signature(self.keys.sign(key, slot.namespace, slot.message()))
        self.slots = (*self.slots, signed)
        return signed
