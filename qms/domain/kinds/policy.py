"""The policy: who there is, who holds which role, which classes of document there are.

A policy is three files that are signed together (``policy.yaml``, ``people.yaml``, ``qms.yaml``);
reading them is `kinds.policy_files`. Here are the values, and the questions that rules ask
them. What belongs to a plugin (a class's number pattern, its approval chain) stays in
`DocumentClass.settings`, unread: its owner reads it.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from qms.domain.kinds.days import Zones
from qms.domain.kinds.pins import PluginPin
from qms.findings import Finding, Place, Reason
from qms.formats.slots import Statement
from qms.formats.sshsig import PublicKey
from qms.formats.strict_yaml import Value
from qms.texts import Text

RULEBOOK: Final = 1
"""The newest rulebook that this tool knows: what a policy of a later one means, it can't tell."""

HEAD_OF: Final = "head-of-"
IN_CHARGE_OF: Final = "in-charge-of-"
MEMBER_OF: Final = "member-of-"
PREPARER: Final = "preparer"
NAMED_IN: Final = "named-in-"
SIGNER_OF: Final = "signer-of-"
"""How a role id never begins: such roles follow from departments and from what is written."""

FILE: Final = "file"
FIDO: Final = "fido"
"""Assurance: a key file, or a security key that somebody touched and gave the PIN to."""


OPEN: Final = "open"
CLOSED: Final = "closed"
"""Whether releases of the time before the system may still be brought in."""


def id_called(known: Mapping[str, Text], text: str) -> str | None:
    """The id that somebody typed, or the only one with this printed name, in any language."""
    if text in known:
        return text
    wanted = text.casefold()
    found = [
        one for one, names in known.items() if wanted in map(str.casefold, names.by_tag.values())
    ]
    return found[0] if len(found) == 1 else None


class Key(NamedTuple):
    """A public key that a person signs with, from a day on where one is named.

    How well it is kept: ``file``, or ``fido`` where each signature must prove touch and PIN.
    """

    public: PublicKey
    assurance: str = FILE
    void: bool = False
    since: date | None = None


class Person(NamedTuple):
    """Somebody who signs, prepares or holds."""

    id: str
    name: Text
    department: str
    title: Text | None = None
    keys: tuple[Key, ...] = ()


class Department(NamedTuple):
    """A department, its head and the vice-president in charge of it (分管领导)."""

    id: str
    name: Text
    head: str | None = None
    in_charge: str | None = None
    keeper: str | None = None


class Holding(NamedTuple):
    """A person who holds a role from a day to a day; both ends belong to it, None is open."""

    person: str
    since: date | None = None
    until: date | None = None

    def on(self, day: date | None) -> bool:
        """Whether the role is held on `day`; without a day, whether it is held for good."""
        if day is None:
            return self.until is None
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )

    @property
    def changes(self) -> Iterator[date]:
        """The first day on which it is held, and the first on which it is no longer."""
        if self.since is not None:
            yield self.since
        if self.until is not None:
            yield self.until + timedelta(days=1) if self.until < date.max else self.until


class Role(NamedTuple):
    """A role of the organisation, such as 管理者代表."""

    id: str
    name: Text
    holders: tuple[Holding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentClass:
    """A class of documents (程序文件, 制度 …): DC-01. `settings` belong to plugins.

    Where `assurance` is ``fido``, only security keys sign its documents and their copies.
    """

    id: str
    name: Text
    level: int
    custodian: str | None = None
    review_months: int | None = None
    retention_years: int | None = None
    assurance: str = FILE
    settings: Mapping[str, Value] = field(default_factory=dict[str, Value])


class Publisher(NamedTuple):
    """A machine's key: it signs manifests of what is printed, and nothing else."""

    public: PublicKey
    name: str


class Quorum(NamedTuple):
    """Who signs a policy: `need` holders of `role`."""

    role: str
    need: int


class Floors(NamedTuple):
    """What no later policy may lower: set by version 1, here at their strictest."""

    min_signers: int = 2
    self_approval: bool = False
    assurance: str = FIDO
    paper: bool = False
    delegation_days: int = 0
    emergency_days: int = 0
    temporary_days: int = 0
    legacy: str = CLOSED


class Organisation(NamedTuple):
    """The company whose documents these are."""

    name: Text
    language: str = "zh"
    timezone: Zones = Zones.fixed("+08:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of the policy, all three files of it.

    Where `unread` says why this tool can't read people.yaml or qms.yaml, only what policy.yaml
    says is known: such a version is in force all the same, and nothing can be judged by it.
    """

    version: int
    organisation: Organisation
    trunk: str
    quorum: Quorum
    floors: Floors
    rulebook: int = 1
    root_id: str | None = None
    plugins: tuple[PluginPin, ...] = ()
    publishers: tuple[Publisher, ...] = ()
    unread: str = ""
    persons: Mapping[str, Person] = field(default_factory=dict[str, Person])
    departments: Mapping[str, Department] = field(default_factory=dict[str, Department])
    roles: Mapping[str, Role] = field(default_factory=dict[str, Role])
    classes: Mapping[str, DocumentClass] = field(default_factory=dict[str, DocumentClass])
    _owners: dict[str, tuple[Person, Key]] = field(
        default_factory=dict[str, tuple[Person, Key]], init=False, repr=False, compare=False
    )
    _holders: dict[tuple[str, date], tuple[str, ...]] = field(
        default_factory=dict[tuple[str, date], tuple[str, ...]],
        init=False, repr=False, compare=False,
    )  # fmt: skip
    """Who held a role on a day, of what was asked so far."""
    _last: dict[str, tuple[str, ...]] = field(
        default_factory=dict[str, tuple[str, ...]], init=False, repr=False, compare=False
    )
    """Who holds a role last: asked for each chain that a policy may give."""
    _members: dict[str, list[str]] = field(
        default_factory=dict[str, list[str]], init=False, repr=False, compare=False
    )
    """Who is in each department: looked up once, however many departments are asked about."""
    _terms: list[tuple[date, ...]] = field(
        default_factory=list[tuple[date, ...]], init=False, repr=False, compare=False
    )

    def day(self, instant: datetime) -> date:
        """The day that `instant` is by this version's zone."""
        return self.organisation.timezone.day(instant)

    def begins(self, day: date) -> datetime:
        """The first instant of a day by this version's zone."""
        return self.organisation.timezone.begins(day)

    def holders(self, role: str, day: date | None) -> tuple[str, ...]:
        """Ids of the persons who hold `role` on `day`, sorted.

        Without a day, as before anybody signed, those who hold it last: for good, or else the
        longest (`holders_from`). `role` is a role id, or ``head-of-<department>``,
        ``in-charge-of-<department>``, ``member-of-<department>``. An unknown role has no holders.
        """
        if day is None:
            return self.holders_from(role, None)
        found = self._holders.get((role, day))
        if found is None:
            found = self._holders[role, day] = tuple(sorted(set(self._held(role, day))))
        return found

    def _held(self, role: str, day: date) -> Iterator[str]:
        for prefix in (HEAD_OF, IN_CHARGE_OF, MEMBER_OF):
            if role.startswith(prefix):
                yield from self._department_role(prefix, role.removeprefix(prefix))
                return
        known = self.roles.get(role)
        if known is not None:
            yield from (one.person for one in known.holders if one.on(day))

    def holders_from(self, role: str, day: date | None) -> tuple[str, ...]:
        """Who may hold `role` on some day from `day` on, sorted.

        Without a day those who hold it last: for good, or else the longest.
        """
        known = self.roles.get(role)
        if known is None:
            return self.holders(role, day or date.max)
        if day is not None:
            return _still(known, day)
        if role not in self._last:
            last = max((h.until or date.max for h in known.holders), default=date.max)
            self._last[role] = _still(known, last)
        return self._last[role]

    @property
    def has_terms(self) -> bool:
        """Whether somebody holds a role from or to a day, so that the day matters."""
        return bool(self._changes)

    @property
    def _changes(self) -> tuple[date, ...]:
        """The days on which somebody begins to hold a role, or holds it no longer."""
        if not self._terms:
            holdings = (held for role in self.roles.values() for held in role.holders)
            found = {day for held in holdings for day in held.changes}
            self._terms.append(tuple(sorted(found)))  # asked for each revision
        return self._terms[0]

    def term(self, day: date | None) -> int:
        """Which of the spans of days it is in that nobody's roles change in; -1 without a day."""
        return -1 if day is None else bisect_right(self._changes, day)

    def _department_role(self, prefix: str, department_id: str) -> Iterator[str]:
        department = self.departments.get(department_id)
        if department is None:
            return
        if prefix == HEAD_OF and department.head:
            yield department.head
        if prefix == IN_CHARGE_OF and department.in_charge:
            yield department.in_charge
        if prefix == MEMBER_OF:
            if not self._members:
                for one in self.persons.values():
                    self._members.setdefault(one.department, []).append(one.id)
            yield from self._members.get(department_id, ())

    def role_end(self, role: str, person: str, day: date | None) -> date | None:
        """The last day on which `person` held `role` before `day`, for the message of ROLE.

        Without a day the last one that any of their terms ends on.
        """
        known = self.roles.get(role)
        ends = [
            h.until
            for h in (known.holders if known else ())
            if h.person == person and h.until is not None and (day is None or h.until < day)
        ]
        return max(ends, default=None)

    def assurance(self, class_id: str | None) -> str:
        """How a statement about a class, or about none, must be signed: ``file`` or ``fido``."""
        known = self.classes.get(class_id or "")
        wanted = (self.floors.assurance, known.assurance if known is not None else FILE)
        return FIDO if FIDO in wanted else FILE

    def may_sign(self, person: str) -> bool:
        """Whether somebody can sign, now or with a key to come: not who has only void ones.

        That is a leaver. Whoever has no key yet may get one, and who has a file a device.
        """
        known = self.persons.get(person)
        return known is not None and (not known.keys or any(not one.void for one in known.keys))

    def printed_name(self, person: str, language: str) -> str:
        """The name of a person as printed; the id where nobody has it."""
        known = self.persons.get(person)
        return person if known is None else known.name.of(language)

    def role_name(self, role: str, language: str) -> str:
        """The role as printed: 品控部负责人, Management representative."""
        for prefix, zh, en in (
            (HEAD_OF, "{}负责人", "Head of {}"),
            (IN_CHARGE_OF, "{}分管领导", "In charge of {}"),
            (MEMBER_OF, "{}", "{}"),
        ):
            if role.startswith(prefix):
                department = self.departments.get(role.removeprefix(prefix))
                name = department.name.of(language) if department else role
                return (en if language == "en" else zh).format(name)
        if role == PREPARER:
            return "Preparer" if language == "en" else "编制人"
        known = self.roles.get(role)
        return known.name.of(language) if known else role

    def key_owner(self, fingerprint: str) -> tuple[Person, Key] | None:
        """Who holds the key with this fingerprint (``SHA256:…``), void ones too."""
        if not self._owners:
            for person in self.persons.values():
                for key in person.keys:
                    self._owners.setdefault(key.public.fingerprint, (person, key))
        return self._owners.get(fingerprint)

    def knows(self, slot: Statement) -> bool:
        """Whether a statement bears a key of its signer that is not void here."""
        owner = self.key_owner(slot.key)
        return owner is not None and owner[0].id == slot.person and not owner[1].void

    def publisher(self, fingerprint: str) -> Publisher | None:
        """The machine whose key this is: nobody's, whatever it signs besides manifests."""
        return next((p for p in self.publishers if p.public.fingerprint == fingerprint), None)


def _still(role: Role, day: date) -> tuple[str, ...]:
    return tuple(sorted({h.person for h in role.holders if (h.until or date.max) >= day}))


def tool_old(version: int, rulebook: int, reason: str) -> Finding:
    """TOOL-OLD: a policy that this tool can't judge by, and why."""
    values = {"version": str(version), "rulebook": str(rulebook), "reason": reason}
    place = Place("policy.yaml", "rulebook")
    return Finding("TOOL-OLD", place, values | {"known": str(RULEBOOK)}, reason=Reason.NEWER_TOOL)
