"""An office of plain values whose copies are judged by the rules on copies."""

from collections.abc import Callable, Mapping
from datetime import date

import pytest

from qms.api import Department, NewEvent, Person, Role, Statement, Text, Value, copy_path
from qms.domain.kinds.policy import Holding
from qms.testing import Staff, StepBuilder
from qms_copies import distribution
from qms_copies.distribution import Order
from qms_copies.holders import Holder
from qms_copies.ledger import Ledger
from qms_copies.rules import rules

NUMBER = "LX-CX-2019-01"
CONTROLLER = "document-controller"
HOMES = {"wang": "quality", "li": "quality", "sun": "production", "wu": "production",
         "qian": "quality", "zhao": "quality"}  # fmt: skip
STAFF = Staff(
    departments=(
        Department(id="production", name=Text("生产部", "Production"), head="sun", keeper="qian"),
        Department(id="quality", name=Text("品控部", "Quality"), head="li", in_charge="zhao"),
    ),
    persons=tuple(Person(id=one, name=Text(f"{one}氏", one.title()), department=home)
                  for one, home in HOMES.items()),
    roles=(
        Role(CONTROLLER, Text("文控员", "Controller"),
             (Holding("wang", date(2026, 1, 1), date(2027, 12, 31)),)),
        Role("workshop-office", Text("车间办", "Workshop office"), (Holding("wu"),)),
    ),
)  # fmt: skip
FACTS: Mapping[str, Mapping[str, str | int | None]] = {
    "issue": {"department": "production", "holder": None, "place": None, "quantity": 1},
    "receive": {"by": "wu"},
    "recall": {"due": "2026-12-31"},
    "return": {"state": "good"},
    "replace": {"by": "009"},
}
Fact = str | int | None


class Office(StepBuilder):
    """One procedure and its copies: what each act says where a test leaves it open."""

    @property
    def ledger(self) -> Ledger:
        """The copies, of which every event has effect save those in `void`."""
        return Ledger(self.register, self.no_effect)

    def superseded(self, day: str = "2026-12-01") -> "Office":
        """A/1 in force from `day` on."""
        self.revision("A/1", day, base="A/0")
        return self

    def revision(self, name: str, day: str, base: str | None = None, **head: str) -> None:
        """A revision of the procedure, new in the step and in force from `day` on."""
        self.release("procedure", NUMBER, name, effective=day, after=base, known=False, **head)

    def event(  # noqa: PLR0913 - the facts of an event
        self, act: str, copy: str, revision: str = "A/0", *, day: str = "2026-11-23",
        person: str = "wang", role: str | None = CONTROLLER,
        after: tuple[str, ...] | None = None, facts: Mapping[str, Fact] | None = None, **more: Fact,
    ) -> Statement:  # fmt: skip
        """An event of a copy; the next one of it on a day is an hour later."""
        content = {"content": self.content(NUMBER, revision)} if act == "issue" else {}
        there = self.changes.get(copy_path("procedure", NUMBER, revision, copy))
        hour = 8 + (len(there.log.events) if there is not None and there.log is not None else 0)
        return self.record(
            act, "procedure", NUMBER, revision, copy, at=f"{day}T{hour:02}:00:00+08:00",
            person=person, role=role, after=after,
            data={**FACTS[act], **content, **(facts or {}), **more},
        )  # fmt: skip

    def apply(self, events: tuple[NewEvent, ...]) -> None:
        for event in events:
            facts = {k: v for k, v in event.data.items() if v is None or isinstance(v, str | int)}
            self.event(event.act, event.copy, event.revision, role=event.role, facts=facts)

    def issue(self, *holders: Holder, revision: str = "A/0") -> list[str]:
        entry = self.register.revision(NUMBER, revision)
        assert entry is not None
        order = Order(holders=holders)
        events = distribution.issues(self.ledger, self.policy, entry, CONTROLLER, order)
        self.apply(events)
        return [event.copy for event in events]

    def codes(self, today: str | None = None, only: str = "") -> list[tuple[str, str]]:
        """Code and path under copies/, of all that changed, or of what lies at `only`."""
        changes = [one for path, one in self.changes.items() if path.endswith(only)]
        found = self.told(today, changes)
        return [(one.code, "/".join(one.path.split("/")[-2:])) for one in found]


Offices = Callable[..., Office]


@pytest.fixture
def offices() -> Offices:
    """An office whose class has these settings, with nothing released yet."""

    def made(**settings: Value) -> Office:
        return Office(rules, {"procedure": settings}, STAFF)

    return made


@pytest.fixture
def office(offices: Offices) -> Office:
    """A/0 in force since the first of November 2026."""
    office = offices()
    office.revision("A/0", "2026-11-01")
    return office
