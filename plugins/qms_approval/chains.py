"""From a class's configuration to a chain: roles resolved to the persons who hold them.

In qms.yaml, at a class::

    chain:
      - {act: prepare, who: [{member_of: owner}]}
      - {act: co-sign, need: all, who: [{head_of: owner}, {heads_of: listed}]}
      - {act: approve, need: any, who: [{in_charge_of: owner}]}
      - {act: publish, who: [{role: document-controller}]}

`need` is ``all``, ``any`` or a number of persons; ``owner`` is the document's owning department,
``listed`` are the departments that the document names under ``co_sign``. `when` limits a chain to
owners; two chains that match one document are a finding. Step 1 is always `prepare`, signed by the
person that the document names under ``prepared_by``.

A step whose persons the document names (``heads_of: listed``) must have some, unless it says
``optional: true``. Nobody signs two steps, but what the class allows: ``one_person: true`` lets one
person approve and publish; ``also_publish: [preparer, co-signer]`` lets whoever did only that
publish as well.

Other things than documents that people sign under a class have chains of their own, by the act that
ends them, whose steps name their acts (`qms_approval.act_chains`)::

    acts:
      pass_plan:
        - {act: draw-up, who: [{member_of: owner}]}
        - {act: pass-plan, who: [{role: expert}]}
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple, TypeAlias

from qms.api import (
    HEAD_OF,
    IN_CHARGE_OF,
    MEMBER_OF,
    PREPARER,
    Chain,
    ChainStep,
    Document,
    Field,
    Finding,
    Place,
    Policy,
    Refused,
    Row,
    Seat,
    Type,
    Value,
    boolean,
    integer,
    list_of,
    mapping_of,
    one_of,
    read,
    record,
    text,
    union,
)

ACTS: Final = ("prepare", "review", "co-sign", "approve", "publish")
FILE: Final = "qms.yaml"
OWNER: Final = "owner"
LISTED: Final = "listed"

_DEPARTMENT: Final = text(pattern=r"[a-z][a-z0-9.-]*", like="owner")
_SOURCES: Final = {
    "role": None,
    "head_of": HEAD_OF,
    "in_charge_of": IN_CHARGE_OF,
    "member_of": MEMBER_OF,
    "heads_of": HEAD_OF,
}
_SOURCE_FIELDS: Final = {name: Field(name, _DEPARTMENT, required=False) for name in _SOURCES}
_ACT: Final = Field("act", one_of(*ACTS))
_NEED: Final = Field("need", union(integer(1, 99), one_of("all", "any")), default="any")
_WHO: Final = Field("who", list_of(record(*_SOURCE_FIELDS.values()), min=1))
_OPTIONAL: Final = Field("optional", boolean(), default=False)
_STEP: Final = record(_ACT, _NEED, _WHO, _OPTIONAL)
_OWN_ACT: Final = Field(_ACT.name, text(pattern=r"[a-z]+(-[a-z]+)*", like="pass-plan"))
ACT_STEPS: Final = list_of(record(_OWN_ACT, _NEED, _WHO), min=1, max=99)
ACTS_SETTING: Final = mapping_of(ACT_STEPS)
STEPS: Final = list_of(_STEP, min=2, max=99)
_OWNERS: Final = Field("owners", list_of(_DEPARTMENT), default=())
_CHAIN: Final = Field("steps", STEPS)
CHAIN_SETTING: Final[Type[object]] = union(STEPS, list_of(record(_OWNERS, _CHAIN), min=1))
ONE_PERSON: Final = boolean()
_SIGNERS: Final = {
    "preparer": "prepare", "reviewer": "review", "co-signer": "co-sign", "approver": "approve",
}  # fmt: skip
ALSO_PUBLISH: Final = list_of(one_of(*_SIGNERS), min=1)
_READ_KEPT: Final = 256
_RESOLVED_KEPT: Final = 4096


class Chosen(NamedTuple):
    """One chain as it is written: for which owners (none: for all), and where its steps stand."""

    owners: tuple[str, ...]
    steps: tuple[Row, ...]
    field: str

    def named(self) -> Iterator[tuple[str, str, str]]:
        """Every role and department that a step names: the source, the name, where it stands."""
        for number, row in enumerate(self.steps):
            for at, source in enumerate(row[_WHO]):
                for name, field in _SOURCE_FIELDS.items():
                    value = source[field]
                    if value is not None and value not in (OWNER, LISTED):
                        yield name, value, f"{self.field}.{number}.who.{at}.{name}"

    @property
    def acts(self) -> tuple[str, ...]:
        """What its steps ask for, in order."""
        return tuple(row[_ACT] for row in self.steps)

    @property
    def need_last(self) -> object:
        """How many its last step asks for, as it is written."""
        return self.steps[-1][_NEED]

    @property
    def ends_in_one(self) -> bool:
        """Whether its last step may be one signature."""
        return self.need_last in ("any", "all", 1)

    @property
    def is_closed(self) -> bool:
        """Whether it begins with prepare and may end in a step of one signature."""
        return self.steps[0][_ACT] == "prepare" and self.ends_in_one


Days: TypeAlias = tuple[tuple[int, str, date], ...]
_Written: TypeAlias = tuple[tuple[Chosen, ...], tuple[Finding, ...]]
_READ: Final[dict[tuple[int, str], tuple[Policy, _Written]]] = {}
"""What `chains_of` gave: every document of a class asks for the same."""

_RESOLVED: Final[dict[tuple[int, object], tuple[Policy, Chain]]] = {}
"""What `resolve` gave, by all of a document that it looks at."""


def resolve(policy: Policy, document: Document, days: tuple[date | None, ...] = ()) -> Chain | None:
    """The chain that `document` must run through under `policy`; None for a class without one.

    `days` are those of its slots, in their order.

    Raises `Refused` CHAIN-TWICE where two chains match, CHAIN-END where it doesn't end in a step
    of one signature, CHAIN-NONE where none matches.
    """
    if "chain" not in _settings(policy, document):
        return None
    signed = _days(document, days) if policy.has_terms else ()
    asked = document.class_id, document.owner, document.prepared_by, document.co_sign, signed
    key = id(policy), asked
    known = _RESOLVED.get(key)
    if known is None or known[0] is not policy:
        if len(_RESOLVED) >= _RESOLVED_KEPT:
            _RESOLVED.clear()
        known = _RESOLVED[key] = policy, _resolved(policy, document, signed)
    return known[1]


def _days(document: Document, days: tuple[date | None, ...]) -> Days:
    """Who signed which step of this round on which day."""
    return tuple(
        (int(slot.step), slot.person, day)
        for slot, day in zip(document.statements, days, strict=False)
        if day is not None and slot.round == document.round
    )


def _settings(policy: Policy, document: Document) -> Mapping[str, Value]:
    found = policy.classes.get(document.class_id)
    return {} if found is None else found.settings


def _resolved(policy: Policy, document: Document, days: Days) -> Chain:
    chosen = _choose(policy, document)
    steps = tuple(
        step_of(policy, document, row, number, days)
        for number, row in enumerate(chosen.steps, start=1)
    )
    if steps[0].act != "prepare" or steps[-1].need != 1:
        raise Refused(chain_finding(policy, "CHAIN-END", document.class_id))
    settings = _settings(policy, document)
    return Chain(
        steps,
        one_person=settings.get("one_person") == "true",
        also_publish=_also_publish(settings),
    )


def _also_publish(settings: Mapping[str, Value]) -> frozenset[str]:
    if "also_publish" not in settings:
        return frozenset()
    found = read(ALSO_PUBLISH, settings["also_publish"])
    return frozenset() if found.findings else frozenset(_SIGNERS[one] for one in found.value)


def _choose(policy: Policy, document: Document) -> Chosen:
    written, faults = chains_of(policy, document.class_id)
    if faults:
        raise Refused(faults[0])
    matching = [one for one in written if not one.owners or document.owner in one.owners]
    if len(matching) != 1:
        code = "CHAIN-TWICE" if matching else "CHAIN-NONE"
        raise Refused(chain_finding(policy, code, document.class_id))
    return matching[0]


def chains_of(policy: Policy, class_id: str) -> _Written:
    """The chains as a class has them written, or what is wrong with their form."""
    key = id(policy), class_id
    known = _READ.get(key)
    if known is None or known[0] is not policy:
        if len(_READ) >= _READ_KEPT:
            _READ.clear()
        known = _READ[key] = policy, _read(policy, class_id)
    return known[1]


def _read(policy: Policy, class_id: str) -> _Written:
    value = policy.classes[class_id].settings["chain"]
    where = _where(policy, class_id)
    plain = read(STEPS, value, where)
    if not plain.findings:
        return (Chosen((), plain.value, where),), ()
    several = read(list_of(record(_OWNERS, _CHAIN), min=1), value, where)
    if several.findings:
        told = plain.findings if _looks_plain(value) else several.findings
        return (), tuple(finding.at(path=FILE) for finding in told)
    return tuple(
        Chosen(row[_OWNERS], row[_CHAIN], f"{where}.{number}.steps")
        for number, row in enumerate(several.value)
    ), ()


def _where(policy: Policy, class_id: str) -> str:
    return f"classes.{tuple(policy.classes).index(class_id)}.chain"


def _looks_plain(value: Value) -> bool:
    return (
        isinstance(value, tuple)
        and bool(value)
        and isinstance(value[0], dict)
        and ("act" in value[0])
    )


def step_of(policy: Policy, document: Document, row: Row, number: int, days: Days) -> ChainStep:
    """A step as it is written, with the persons who hold its roles."""
    roles = list(dict.fromkeys(_roles(row[_WHO], document)))
    seats: dict[str, Seat] = {}
    asked: set[str] = set()
    vacant: list[str] = []
    for role in roles:
        now, others = _holders(policy, role, number, days)
        if not now:
            vacant.append(role)
        for person in (*now, *others):
            seats.setdefault(person, Seat(person, role))
        asked.update(now)
    if row[_ACT] == "prepare":
        named = seats.get(document.prepared_by)
        vacant = [] if named is not None else roles
        seats = {} if named is None else {named.person: Seat(named.person, PREPARER)}
    need = row[_NEED]
    is_optional = _OPTIONAL.name in row and row[_OPTIONAL]
    unlisted = not roles and not is_optional
    if is_optional and not roles:
        wanted = 0
    elif need == "any":
        wanted, vacant = 1, [] if seats else vacant
    elif need == "all":
        wanted = len(asked)
    else:
        wanted, vacant = int(need), vacant if len(seats) < int(need) else []
    return ChainStep(
        number, row[_ACT], wanted, tuple(seats.values()), tuple(vacant), unlisted=unlisted
    )


def _holders(
    policy: Policy, role: str, number: int, days: Days
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who holds a role for a step, and who else may sign it.

    A step is resolved on the day when it was last signed; one that waits, on that of the latest
    signature. Who signed while holding the role has signed, and who holds it from a later day may
    sign then: whether a signer did hold it on the day of the signature is judged with each slot.
    """
    signed = [(person, day) for step, person, day in days if step == number]
    latest = max((day for _, day in signed or [row[1:] for row in days]), default=None)
    coming = policy.holders_from(role, latest)
    now = policy.holders(role, latest) if latest is not None else ()
    before = tuple(person for person, day in signed if person in policy.holders(role, day))
    return now or coming, (*before, *coming)


def _roles(sources: Iterable[Row], document: Document) -> Iterator[str]:
    for source in sources:
        for name, prefix in _SOURCES.items():
            value = source[_SOURCE_FIELDS[name]]
            if value is None:
                continue
            if prefix is None:
                yield value
            elif name == "heads_of" and value == LISTED:
                yield from (f"{HEAD_OF}{department}" for department in document.co_sign)
            else:
                yield f"{prefix}{document.owner if value == OWNER else value}"


def chain_finding(policy: Policy, code: str, class_id: str) -> Finding:
    """What is wrong with the chains of a class as a whole, at its place in qms.yaml."""
    return Finding(code, Place(FILE, _where(policy, class_id)), {"class": class_id})
