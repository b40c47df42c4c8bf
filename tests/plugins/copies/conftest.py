"""A register with revisions and copies, made of plain values: nobody verifies anything here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast

import pytest

from qms.api import (
    Change,
    Department,
    Document,
    DocumentClass,
    Event,
    Log,
    NewEvent,
    NoEffect,
    Organisation,
    Person,
    Policy,
    PolicyEntry,
    Register,
    Released,
    Role,
    State,
    Statement,
    Step,
    Text,
    Tree,
    Value,
    copy_path,
    released_path,
)
from qms.domain.kinds.kind import Kinds
from qms.domain.kinds.policy import Floors, Holding, Quorum
from qms.formats.digests import sha256
from qms.formats.slots import Base, Subject
from qms_copies import distribution
from qms_copies.distribution import Order
from qms_copies.holders import Holder
from qms_copies.ledger import Ledger
from qms_copies.rules import rules

NUMBER = "LX-CX-2019-01"
CONTROLLER = "document-controller"
PRODUCTION = Holder("production", None)
QUALITY = Holder("quality", None)
Fact = str | int | None


def digest(text: str) -> str:
    return sha256(text.encode())


def policy(**settings: Value) -> Policy:
    departments = [
        Department(
            id="production",
            name=Text("生产部", "Production"),
            head="sun",
            keeper="qian",
        ),
        Department(id="quality", name=Text("品控部", "Quality"), head="li", in_charge="zhao"),
    ]
    homes = {"wang": "quality", "li": "quality", "sun": "production", "wu": "production",
             "qian": "quality", "zhao": "quality"}  # fmt: skip
    persons = [
        Person(id=one, name=Text(f"{one}氏", one.title()), department=home)
        for one, home in homes.items()
    ]
    roles = [
        Role(CONTROLLER, Text("文控员", "Controller"),
             (Holding("wang", date(2026, 1, 1), date(2027, 12, 31)),)),
        Role("workshop-office", Text("车间办", "Workshop office"), (Holding("wu"),)),
    ]  # fmt: skip
    names = Text("程序文件", "Procedure")
    return Policy(
        version=1,
        organisation=Organisation(name=Text("凌霄", "Lingxiao")),
        trunk="main",
        quorum=Quorum(CONTROLLER, 1),
        floors=Floors(),
        persons={one.id: one for one in persons},
        departments={one.id: one for one in departments},
        roles={one.id: one for one in roles},
        classes={
            "procedure": DocumentClass(id="procedure", name=names, level=2, settings=settings)
        },
    )


@dataclass
class Office:
    """A register with a policy, revisions and copies; signatures are not what rules look at."""

    policy: Policy = field(default_factory=policy)
    register: Register = field(default_factory=Register)
    logs: dict[str, Log] = field(default_factory=dict)
    void: dict[str, NoEffect] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.register.add(
            PolicyEntry(
                policy=self.policy, content=digest("policy"), slots=(), folder="p", blobs=()
            )
        )

    @property
    def ledger(self) -> Ledger:
        """The copies, of which every event has effect save those in `void`."""
        return Ledger(self.register, lambda event: self.void.get(event.id))

    def superseded(self, day: str = "2026-12-01") -> "Office":
        """A/1 in force from `day` on."""
        self.release("A/1", day, base="A/0")
        return self

    def release(
        self, revision: str, effective: str, base: str | None = None, *, controlled: bool = True
    ) -> Released:
        slot = self._slot(
            "publish",
            f"{effective}T08:00:00+08:00",
            {"effective": effective, "published": effective},
        )
        based = None if base is None else Base(base, digest(base))
        slot = replace(slot, step="2", base=based)
        document = Document(
            number=NUMBER,
            title="文件控制程序",
            class_id="procedure",
            revision=revision,
            controlled=controlled,
            owner="quality",
            prepared_by="li",
            content=digest(revision),
            body="",
            status="published",
            slots=(slot,),
            head={},
        )
        path = released_path("procedure", NUMBER, revision)
        day = self.register.day(slot) or date.max
        entry = Released(document=document, path=path, blob=revision, signed_on=day)
        self.register.add(entry)
        return entry

    def record(  # noqa: PLR0913 - the facts of an event
        self,
        act: str,
        copy: str,
        revision: str = "A/0",
        *,
        day: str = "2026-11-23",
        person: str = "wang",
        role: str | None = CONTROLLER,
        after: tuple[str, ...] | None = None,
        facts: Mapping[str, Fact] | None = None,
        **more: Fact,
    ) -> Statement:
        path = copy_path("procedure", NUMBER, revision, copy)
        log = self.logs.get(path) or Log(
            kind="copy", number=NUMBER, class_id="procedure", revision=revision, copy=copy,
            content=digest(path), events=(),
        )  # fmt: skip
        named = tuple(slot.id for slot in log.events[-1:]) if after is None else after
        defaults: dict[str, dict[str, Fact]] = {
            "issue": {"content": digest(revision), "department": "production", "holder": None,
                      "place": None, "quantity": 1},
            "receive": {"by": "wu"},
            "recall": {"due": "2026-12-31"},
            "return": {"state": "good"},
            "replace": {"by": "009"},
        }  # fmt: skip
        at = f"{day}T{8 + len(log.events):02}:00:00+08:00"
        slot = self._slot(act, at, {**defaults[act], **(facts or {}), **more}, person, role, named)
        log = replace(log, events=(*log.events, slot))
        self.logs[path] = log
        self.register.add(Event(log=log, slot=slot, path=path))
        return slot

    def _slot(  # noqa: PLR0913, PLR0917 - the fields of a slot
        self,
        act: str,
        at: str,
        data: Mapping[str, Fact],
        person: str = "wang",
        role: str | None = CONTROLLER,
        after: tuple[str, ...] = (),
    ) -> Statement:
        return Statement(
            act=act,
            step="event",
            role=role,
            person=person,
            at=at,
            repo=digest("policy"),
            subject=Subject(kind="copy", number=NUMBER),
            content=digest("head"),
            name=person,
            key="SHA256:x",
            meaning=act,
            policy=digest("policy"),
            seen=None,
            after=after,
            data=data,
            signature="AAAA",
        )

    def apply(self, events: tuple[NewEvent, ...]) -> None:
        for event in events:
            facts = {k: v for k, v in event.data.items() if v is None or isinstance(v, str | int)}
            self.record(event.act, event.copy, event.revision, role=event.role, facts=facts)

    def issue(self, *holders: Holder, revision: str = "A/0") -> list[str]:
        entry = self.register.revision(NUMBER, revision)
        assert entry is not None
        order = Order(holders=holders)
        events = distribution.issues(self.ledger, self.policy, entry, CONTROLLER, order)
        self.apply(events)
        return [event.copy for event in events]

    def findings(self, today: str | None = None, only: str = "") -> list[tuple[str, str]]:
        """Code and path under copies/, of all copies that changed: all of them, or one."""
        changes = [
            Change(kind="copy", path=path, before=None, after=log)
            for path, log in self.logs.items()
            if path.endswith(only)
        ]
        changes += [
            Change(kind="released", path=e.path, before=None, after=e.document)
            for e in self.register.released(NUMBER)
            if not only
        ]
        return self.judge(changes, today)

    def judge(self, changes: list[Change], today: str | None = None) -> list[tuple[str, str]]:
        """Code and path under copies/ of what the rules find in a step."""
        step = Step(
            changes=changes,
            after=State(
                tree=cast("Tree", None),  # no rule on copies looks at files
                kinds=Kinds(),
                register=self.register,
                policy=self.policy,
                effects_of_events=self.ledger.no_effect,
            ),
            today=date.fromisoformat(today) if today else None,
        )
        found = [f for rule in rules(self.policy) for f in rule.judge(step)]
        return [(f.code, "/".join(f.place.path.split("/")[-2:])) for f in found]


Offices = Callable[..., Office]


@pytest.fixture
def offices() -> Offices:
    """An office whose class has these settings, with nothing released yet."""
    return lambda **settings: Office(policy(**settings))


@pytest.fixture
def office() -> Office:
    """A/0 in force since the first of November 2026."""
    office = Office()
    office.release("A/0", "2026-11-01")
    return office
