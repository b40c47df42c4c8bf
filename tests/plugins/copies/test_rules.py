"""DC-09, DC-10, DC-11, DC-25, DC-27, BX-04: rules on copies, and what commands plan to write."""

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
    Names,
    NewEvent,
    Organisation,
    Person,
    Policy,
    PolicyEntry,
    Refused,
    Register,
    Released,
    Role,
    Slot,
    Step,
    Tree,
    Value,
    copy_path,
    released_path,
)
from qms.domain.policy import Floors, Holding, Quorum
from qms.formats.digests import sha256
from qms.formats.slots import Base, Signed, Subject
from qms_copies import distribution
from qms_copies.acts import ACTS
from qms_copies.distribution import Order, copies_to_recall, find_copy, receiving_role, replacement
from qms_copies.holders import Holder, belongs, find_holder
from qms_copies.ledger import copies_of
from qms_copies.rules import rules
from qms_copies.schemes import issuers
from qms_copies.tools import held_copies

NUMBER = "LX-CX-2019-01"
CONTROLLER = "document-controller"
PRODUCTION = Holder("production", None)
QUALITY = Holder("quality", None)
Fact = str | int | None


def digest(text: str) -> str:
    return sha256(text.encode())


def policy(**settings: Value) -> Policy:
    departments = [
        Department(id="production", name=Names("生产部", "Production"), head="sun", keeper="qian"),
        Department(id="quality", name=Names("品控部", "Quality"), head="li", in_charge="zhao"),
    ]
    homes = {"wang": "quality", "li": "quality", "sun": "production", "wu": "production",
             "qian": "quality", "zhao": "quality"}  # fmt: skip
    persons = [
        Person(id=one, name=Names(f"{one}氏", one.title()), department=home)
        for one, home in homes.items()
    ]
    roles = [
        Role(CONTROLLER, Names("文控员", "Controller"),
             (Holding("wang", date(2026, 1, 1), date(2027, 12, 31)),)),
        Role("workshop-office", Names("车间办", "Workshop office"), (Holding("wu"),)),
    ]  # fmt: skip
    names = Names("程序文件", "Procedure")
    return Policy(
        version=1,
        organisation=Organisation(name=Names("凌霄", "Lingxiao")),
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

    def __post_init__(self) -> None:
        self.register.add_policy(
            PolicyEntry(
                policy=self.policy, content=digest("policy"), slots=(), folder="p", blobs=()
            )
        )

    def release(
        self, revision: str, effective: str, base: str | None = None, *, controlled: bool = True
    ) -> Released:
        slot = self._slot(
            "publish",
            f"{effective}T08:00:00+08:00",
            {"effective": effective, "published": effective},
        )
        assert slot.signed is not None
        based = None if base is None else Base(base, digest(base))
        slot = replace(slot, step="2", signed=replace(slot.signed, base=based))
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
        entry = Released(document=document, path=path, blob=revision)
        self.register.add_released(entry)
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
    ) -> Slot:
        path = copy_path("procedure", NUMBER, revision, copy)
        log = self.logs.get(path) or Log(
            number=NUMBER, class_id="procedure", revision=revision, copy=copy,
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
        self.register.add_events((Event(log=log, slot=slot, path=path),))
        return slot

    def _slot(  # noqa: PLR0913, PLR0917 - the fields of a slot
        self,
        act: str,
        at: str,
        data: Mapping[str, Fact],
        person: str = "wang",
        role: str | None = CONTROLLER,
        after: tuple[str, ...] = (),
    ) -> Slot:
        signed = Signed(
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
        return Slot(act=act, step="event", role=role, person=person, at=at, signed=signed)

    def apply(self, events: tuple[NewEvent, ...]) -> None:
        for event in events:
            facts = {k: v for k, v in event.data.items() if v is None or isinstance(v, str | int)}
            self.record(event.act, event.copy, event.revision, role=event.role, facts=facts)

    def issue(self, *holders: Holder, revision: str = "A/0") -> list[str]:
        entry = self.register.revision(NUMBER, revision)
        assert entry is not None
        order = Order(holders=holders)
        events = distribution.issues(self.register, self.policy, entry, CONTROLLER, order)
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
            register=self.register,
            policy=self.policy,
            tree=cast("Tree", None),  # no rule on copies looks at files
            today=date.fromisoformat(today) if today else None,
        )
        found = [f for rule in rules(self.policy) for f in rule.judge(step)]
        return [(f.code, "/".join(f.place.path.split("/")[-2:])) for f in found]


@pytest.fixture
def office() -> Office:
    """A/0 in force since the first of November 2026."""
    office = Office()
    office.release("A/0", "2026-11-01")
    return office


def superseded(office: Office, day: str = "2026-12-01") -> Office:
    office.release("A/1", day, base="A/0")
    return office


def refused_code(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        call()
    return refusal.value.finding.code


def test_an_honest_life_is_silent(office: Office) -> None:
    office.issue(PRODUCTION, QUALITY)
    office.record("receive", "001", person="wu", role="member-of-production")
    office.record("recall", "001")
    office.record("return", "001", state="damaged")

    assert office.findings(today="2026-11-30") == []


def test_a_second_issue_of_a_copy_that_is_out_is_found_until_one_is_back(office: Office) -> None:
    office.record("issue", "001")
    office.record("issue", "001", department="quality")

    assert office.findings() == [("COPY-TWICE", "A-0/001.yaml")]

    office.record("return", "001")

    assert office.findings() == []


def test_two_issues_of_one_number_on_two_branches_are_found(office: Office) -> None:
    office.record("issue", "001")
    office.record("issue", "001", department="quality", after=())

    assert office.findings() == [("COPY-TWICE", "A-0/001.yaml")]


@pytest.mark.parametrize("act", ["receive", "recall", "return", "replace"])
def test_a_copy_that_was_never_issued_has_no_life(office: Office, act: str) -> None:
    office.record(act, "001")

    assert office.findings() == [("RECALL-UNKNOWN", "A-0/001.yaml")]


def test_a_copy_that_is_back_is_not_recalled(office: Office) -> None:
    office.record("issue", "001")
    office.record("return", "001")
    office.record("recall", "001")

    assert office.findings() == [("RECALL-UNKNOWN", "A-0/001.yaml")]


@pytest.mark.parametrize(
    ("person", "role", "by"),
    [
        ("li", "head-of-quality", "li"),
        ("li", None, "li"),
        ("wu", "member-of-production", "li"),
        ("wang", CONTROLLER, "li"),
    ],
)
def test_who_received_a_copy_must_be_its_holder(
    office: Office, person: str, role: str | None, by: str
) -> None:
    office.record("issue", "001")
    office.record("receive", "001", person=person, role=role, by=by)

    assert office.findings() == [("WRONG-HOLDER", "A-0/001.yaml")]


@pytest.mark.parametrize(
    ("person", "role", "by"),
    [
        ("sun", "head-of-production", "sun"),
        ("qian", None, "qian"),
        ("wu", "member-of-production", "夜班工人"),
        ("wang", CONTROLLER, "wu"),
        ("wang", CONTROLLER, "门卫"),
    ],
)
def test_a_department_receives_by_its_people_and_keeper(
    office: Office, person: str, role: str | None, by: str
) -> None:
    office.record("issue", "001")
    office.record("receive", "001", person=person, role=role, by=by)

    assert office.findings() == []


@pytest.mark.parametrize(
    ("act", "facts"),
    [
        ("issue", {"quantity": 0}),
        ("issue", {"quantity": "1"}),
        ("issue", {"content": digest("another text")}),
        ("issue", {"holder": 7}),
        ("receive", {"by": ""}),
        ("recall", {"due": "soon"}),
        ("return", {"state": "lost"}),
        ("replace", {"by": None}),
    ],
)
def test_a_fact_must_be_of_its_kind(office: Office, act: str, facts: dict[str, Fact]) -> None:
    if act != "issue":
        office.record("issue", "001")
    office.record(act, "001", facts=facts)

    assert office.findings() == [("COPY-FACTS", "A-0/001.yaml")]


@pytest.mark.parametrize("department", [None, "canteen"])
def test_a_copy_has_a_holder(office: Office, department: str | None) -> None:
    """BX-10"""
    office.record("issue", "001", department=department)

    assert office.findings() == [("COPY-HOLDER", "A-0/001.yaml")]


def test_somebody_outside_may_hold_a_copy(office: Office) -> None:
    office.record("issue", "001", department=None, holder="北京齿轮有限公司")

    assert office.findings() == []


def test_an_uncontrolled_document_has_no_controlled_copies() -> None:
    office = Office()
    office.release("A/0", "2026-11-01", controlled=False)
    office.record("issue", "001")

    assert office.findings() == [("ISSUED-UNCONTROLLED", "A-0/001.yaml")]


def test_only_the_unit_that_issued_recalls() -> None:
    """DC-25"""
    office = Office(policy(issuer=(CONTROLLER, "workshop-office")))
    office.release("A/0", "2026-11-01")
    office.record("issue", "001")
    office.record("recall", "001", person="wu", role="workshop-office")

    assert office.findings() == [("RECALL-ISSUER", "A-0/001.yaml")]


def test_whoever_issues_now_recalls_for_a_unit_that_is_gone() -> None:
    office = Office(policy(issuer="workshop-office"))
    office.release("A/0", "2026-11-01")
    office.record("issue", "001")
    office.record("recall", "001", person="wu", role="workshop-office")

    assert office.findings() == []


def test_a_superseded_revision_is_not_issued(office: Office) -> None:
    superseded(office).record("issue", "001", day="2026-12-01")

    assert office.findings() == [("ISSUED-SUPERSEDED", "A-0/001.yaml")]
    assert office.findings(today="2026-12-02") == [("ISSUED-SUPERSEDED", "A-0/001.yaml")]


def test_a_revision_is_issued_until_its_successor_is_in_force(office: Office) -> None:
    superseded(office).record("issue", "001", day="2026-11-30")

    assert office.findings() == []


def test_a_revision_is_issued_before_it_is_in_force(office: Office) -> None:
    """DC-38"""
    superseded(office).record("issue", "001", "A/1", day="2026-11-20")

    assert office.findings() == []


def test_an_issue_of_a_superseded_revision_is_mended_by_taking_it_back(office: Office) -> None:
    superseded(office).record("issue", "001", day="2026-12-05")
    office.record("return", "001", day="2026-12-06")

    assert office.findings() == []


def test_a_revision_on_another_line_supersedes_nothing(office: Office) -> None:
    office.release("A/1", "2026-11-10", base="A/0")
    office.release("B/0", "2026-11-10", base="A/0")
    office.record("issue", "001", "A/1")

    assert office.findings() == []


def test_copies_of_a_superseded_revision_are_out_from_the_day_of_the_next(office: Office) -> None:
    """DC-10"""
    office.issue(PRODUCTION, QUALITY)
    office.record("return", "002")
    superseded(office)

    assert office.findings(today="2026-11-30") == []
    assert office.findings(today="2026-12-01") == [("COPY-OUT", "A-0/001.yaml")]
    assert office.findings() == []


def test_a_copy_that_is_out_is_told_with_its_own_change_only(office: Office) -> None:
    office.issue(PRODUCTION, QUALITY)
    superseded(office)

    assert office.findings(today="2026-12-01", only="002.yaml") == [("COPY-OUT", "A-0/002.yaml")]


def test_a_step_that_recalls_a_copy_is_not_told_that_it_is_out(office: Office) -> None:
    office.issue(PRODUCTION)
    path, before = next(iter(office.logs.items()))
    superseded(office).record("recall", "001", day="2026-12-02")
    change = Change(kind="copy", path=path, before=before, after=office.logs[path])

    assert office.judge([change], "2026-12-02") == []


def test_counted_numbers_have_no_gap(office: Office) -> None:
    for copy in ("001", "004", "005"):
        office.record("issue", copy)

    assert office.findings() == [("COPY-GAP", "A-0/004.yaml")]
    assert office.findings(only="005.yaml") == []


def test_the_first_copy_is_number_one(office: Office) -> None:
    office.record("issue", "002")

    assert office.findings() == [("COPY-GAP", "A-0/002.yaml")]


def test_a_revision_may_have_only_some_of_a_documents_numbers(office: Office) -> None:
    office.issue(PRODUCTION, QUALITY)
    superseded(office).record("issue", "002", "A/1", department="quality")

    assert office.findings() == []


def test_a_number_is_not_given_to_another_while_it_is_out(office: Office) -> None:
    office.record("issue", "001")
    superseded(office).record("issue", "001", "A/1", department="quality")

    assert office.findings() == [("COPY-TWICE", "A-1/001.yaml")]

    office.record("return", "001", "A/0")

    assert office.findings() == []


@pytest.mark.parametrize("copy", ["1", "A02", "0001"])
def test_a_counted_number_has_three_digits(office: Office, copy: str) -> None:
    office.record("issue", copy)

    assert office.findings() == [("COPY-NUMBER", f"A-0/{copy}.yaml")]


def test_a_holders_code_is_its_number_over_all_documents() -> None:
    codes: Value = ({"holder": "production", "code": "A03"}, {"holder": "quality", "code": "A02"})
    office = Office(policy(copies="holder", holder_codes=codes))
    office.release("A/0", "2026-11-01")

    assert office.issue(PRODUCTION) == ["A03"]
    assert office.findings() == []

    office.record("issue", "A04", department="quality")

    assert office.findings() == [("COPY-NUMBER", "A-0/A04.yaml")]


def may(act: str, person: str, role: str | None, day: str = "2026-11-23") -> bool:
    office = Office()
    entry = office.release("A/0", "2026-11-01")
    slot = office.record(act, "001", day=day, person=person, role=role)
    found = next(one for one in ACTS if one.name == act)
    assert found.may is not None
    return found.may(office.policy, entry.document, slot)


@pytest.mark.parametrize("act", ["issue", "recall", "return", "replace"])
def test_only_the_issuing_role_hands_out_and_takes_back(act: str) -> None:
    assert may(act, "wang", CONTROLLER)
    assert not may(act, "wang", CONTROLLER, day="2028-01-01")
    assert not may(act, "li", CONTROLLER)
    assert not may(act, "li", "head-of-quality")
    assert not may(act, "wang", None)


def test_a_holder_signs_for_themselves_or_for_their_department() -> None:
    assert may("receive", "wu", None)
    assert may("receive", "wu", "member-of-production")
    assert may("receive", "wang", CONTROLLER)
    assert not may("receive", "li", "head-of-production")
    assert not may("receive", "nobody", None)
    assert not may("receive", "li", CONTROLLER)


def test_the_issuer_is_the_document_controller_unless_the_class_says_otherwise() -> None:
    assert issuers(policy(), "procedure") == (CONTROLLER,)
    assert issuers(policy(), "unknown") == (CONTROLLER,)
    assert issuers(policy(issuer=("a", "b")), "procedure") == ("a", "b")


def test_numbers_are_counted_on_and_stay_with_their_holders(office: Office) -> None:
    assert office.issue(PRODUCTION, QUALITY, PRODUCTION) == ["001", "002", "003"]
    superseded(office)

    assert office.issue(QUALITY, PRODUCTION, Holder(None, "客户"), revision="A/1") == [
        "002",
        "001",
        "004",
    ]
    assert office.findings() == []


def test_a_damaged_copy_goes_out_again_under_its_number(office: Office) -> None:
    office.issue(PRODUCTION)
    office.record("return", "001", state="damaged")

    assert office.issue(PRODUCTION) == ["001"]
    assert office.findings() == []


def test_a_lost_copy_is_replaced_under_a_new_number_and_its_own_is_void(office: Office) -> None:
    """DC-11"""
    office.issue(PRODUCTION, QUALITY)
    lost = find_copy(office.register, NUMBER, "001", None, "replace")

    office.apply(replacement(office.register, office.policy, lost, CONTROLLER, "水淹"))

    copies = {copy.log.copy: copy.life for copy in copies_of(office.register, NUMBER)}
    assert copies["001"].replaced_by == "003"
    assert copies["003"].holder == PRODUCTION
    assert office.findings() == []
    assert office.issue(PRODUCTION) == ["004"]


def test_the_copy_that_waits_for_an_act_is_meant(office: Office) -> None:
    office.issue(PRODUCTION)
    office.record("receive", "001", person="wu", role=None)
    superseded(office).record("issue", "001", "A/1")

    def meant(act: str) -> str:
        return find_copy(office.register, NUMBER, "001", None, act).log.revision

    assert meant("receive") == "A/1"
    assert refused_code(lambda: meant("return")) == "COPY-WHICH"
    office.record("recall", "001", "A/0")
    assert meant("return") == "A/0"
    assert find_copy(office.register, NUMBER, "001", "A/1", "return").log.revision == "A/1"


def test_a_copy_that_is_not_out_is_refused_with_those_that_are(office: Office) -> None:
    office.issue(PRODUCTION)

    with pytest.raises(Refused) as refusal:
        find_copy(office.register, NUMBER, "007", None, "return")

    assert refusal.value.finding.code == "COPY-NOT-OUT"
    assert refusal.value.finding.values["out"] == "001 (A/0)"


def test_a_recall_of_all_leaves_the_revision_in_force_alone(office: Office) -> None:
    office.issue(PRODUCTION, QUALITY)
    office.record("recall", "002")
    superseded(office).record("issue", "001", "A/1")

    def recalled(day: date, revision: str | None = None) -> list[str]:
        found = copies_to_recall(office.register, NUMBER, revision, day)
        return [f"{copy.log.revision} {copy.log.copy}" for copy in found]

    assert recalled(date(2026, 12, 1)) == ["A/0 001"]
    assert recalled(date(2026, 11, 30), "A/1") == ["A/1 001"]
    assert refused_code(lambda: recalled(date(2026, 11, 30))) == "RECALL-NOTHING"


def test_a_receiver_signs_on_the_holders_side_before_the_issuers() -> None:
    known = policy()

    def role(person: str, holder: Holder) -> str | None:
        day = date(2026, 11, 23)
        return receiving_role(known, "procedure", known.persons[person], holder, day)

    assert role("sun", PRODUCTION) == "head-of-production"
    assert role("wu", PRODUCTION) == "member-of-production"
    assert role("qian", PRODUCTION) is None
    assert role("wu", Holder("production", "wu")) is None
    assert role("wang", QUALITY) == "member-of-quality"
    assert role("wang", PRODUCTION) == CONTROLLER
    assert refused_code(lambda: role("li", PRODUCTION)) == "COPY-RIGHT"


@pytest.mark.parametrize(
    ("typed", "holder"),
    [
        ("production", PRODUCTION),
        ("品控部", QUALITY),
        ("wu", Holder("production", "wu")),
        ("wu氏", Holder("production", "wu")),
        ("生产部/夜班", Holder("production", "夜班")),
        ("production/Wu", Holder("production", "wu")),
        ("北京齿轮有限公司", Holder(None, "北京齿轮有限公司")),
        ("Beijing Gear Co.", Holder(None, "Beijing Gear Co.")),
    ],
)
def test_a_holder_is_a_department_a_person_or_somebody_outside(typed: str, holder: Holder) -> None:
    assert find_holder(policy(), typed) == holder


@pytest.mark.parametrize("typed", ["producton", "", "nobody"])
def test_an_id_that_nobody_has_is_no_holder(typed: str) -> None:
    assert refused_code(lambda: find_holder(policy(), typed)) == "HOLDER-UNKNOWN"


def test_who_is_in_charge_of_a_department_answers_for_it() -> None:
    assert belongs(policy(), "zhao", QUALITY)
    assert not belongs(policy(), "zhao", Holder(None, "客户"))


def test_printing_gets_every_copy_that_is_out(office: Office) -> None:
    office.issue(PRODUCTION, Holder("quality", "li"))
    office.record("return", "001")

    held = list(held_copies(office.register, office.policy))

    assert [(one.copy, one.department, one.holder) for one in held] == [("002", "品控部", "li氏")]
