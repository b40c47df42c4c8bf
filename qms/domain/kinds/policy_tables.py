"""``people.yaml`` and ``qms.yaml``: who there is, and which classes of document there are.

Their schema may grow with the tool; that of ``policy.yaml`` never does (`kinds.manifest`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from qms.domain.kinds.days import Zones
from qms.domain.kinds.manifest import ID, Manifest
from qms.domain.kinds.near import close_to
from qms.domain.kinds.policy import (
    FIDO,
    FILE,
    HEAD_OF,
    IN_CHARGE_OF,
    MEMBER_OF,
    NAMED_IN,
    PREPARER,
    SIGNER_OF,
    Department,
    DocumentClass,
    Holding,
    Key,
    Organisation,
    Person,
    Policy,
    Publisher,
    Role,
)
from qms.findings import Finding, Place, Refused, refused
from qms.formats.schema import (
    Field,
    Row,
    Type,
    anything,
    boolean,
    day,
    integer,
    list_of,
    mapping_of,
    one_of,
    record,
    text,
    union,
)
from qms.formats.sshsig import PublicKey
from qms.formats.typed import wrong
from qms.texts import Text

if TYPE_CHECKING:
    from qms.formats.strict_yaml import Value

MOST_OFFSETS: Final = 200
"""A list of offsets has at most so many rows: a century of summer times."""

_ROLE_PREFIXES: Final = (HEAD_OF, IN_CHARGE_OF, MEMBER_OF, NAMED_IN, SIGNER_OF, PREPARER)
_LANGUAGE_TAG: Final = re.compile(r"[a-z]{2,3}")


def _names(texts: Mapping[str, str]) -> Text:
    strange = next((tag for tag in texts if _LANGUAGE_TAG.fullmatch(tag) is None), None)
    if strange is not None or not texts:
        like = "{zh: 李四, en: Li Si}"
        raise Refused(wrong("FIELD-FORM", strange or "", found=strange or "{}", like=like))
    return Text.of_tags(texts)


NAMES: Final[Type[Text]] = mapping_of(text(max_length=200)).then(_names)
"""A printed name by languages, at least one; finds FIELD-FORM."""

_ID = Field("id", ID)
_NAME = Field("name", NAMES)
_TITLE = Field("title", NAMES, required=False)
_SINCE = Field("from", day(), required=False)
_UNTIL = Field("to", day(), required=False)

_KEY_TEXT = Field("key", text(max_length=4096, like="ssh-ed25519 AAAA…"))
_ASSURANCE = Field("assurance", one_of(FILE, FIDO), default=FILE)
_VOID = Field("void", boolean(), default=False)
_KEY = record(_KEY_TEXT, _ASSURANCE, _SINCE, _VOID)
_DEPARTMENT = Field("department", ID)
_KEYS = Field("keys", list_of(_KEY), default=())
_PERSON = record(_ID, _NAME, _DEPARTMENT, _TITLE, _KEYS)

_HEAD = Field("head", ID, required=False)
_IN_CHARGE = Field("in_charge", ID, required=False)
_KEEPER = Field("keeper", ID, required=False)
_DEPARTMENT_ROW = record(_ID, _NAME, _HEAD, _IN_CHARGE, _KEEPER)

_WHO = Field("person", ID)
_HOLDERS = Field("holders", list_of(record(_WHO, _SINCE, _UNTIL)))
_ROLE = record(_ID, _NAME, _HOLDERS)
_PERSONS = Field("persons", list_of(_PERSON, min=1))
_DEPARTMENTS = Field("departments", list_of(_DEPARTMENT_ROW, min=1))
_ROLES = Field("roles", list_of(_ROLE))
PEOPLE: Final = record(_PERSONS, _DEPARTMENTS, _ROLES)

_LANGUAGE = Field("language", one_of("zh", "en"), default="zh")
_OFFSET = Field("offset", text(like='"+08:00"'))
_INSTANT = Field("from", text(like='"2027-03-28T02:00:00+01:00"'))
_OFFSETS = list_of(record(_INSTANT, _OFFSET), min=1, max=MOST_OFFSETS)
_TIMEZONE = Field(
    "timezone",
    union(
        text(like='"+08:00"').then(Zones.fixed),
        _OFFSETS.then(lambda rows: Zones.listed([(row[_INSTANT], row[_OFFSET]) for row in rows])),
    ),
    default=Zones.fixed("+08:00"),
)
_ORGANISATION = Field("organisation", record(_NAME, _LANGUAGE, _TIMEZONE))
_TRUNK = Field("trunk", text(pattern=r"[A-Za-z0-9][A-Za-z0-9._/-]*", like="main"), default="main")
_LEVEL = Field("level", integer(1, 4))
_CUSTODIAN = Field("custodian", ID, required=False)
_REVIEW = Field("review_months", integer(1, 600), required=False)
_RETENTION = Field("retention_years", integer(1, 100), required=False)
_CLASS_FIELDS = (_ID, _NAME, _LEVEL, _CUSTODIAN, _REVIEW, _RETENTION, _ASSURANCE)
_CLASS = record(*_CLASS_FIELDS, extra=anything())
_CLASSES = Field("classes", list_of(_CLASS, min=1))
QMS: Final = record(_ORGANISATION, _TRUNK, _CLASSES)


def stated(manifest: Manifest, organisation: Organisation, trunk: str) -> Policy:
    """What policy.yaml alone gives of a policy."""
    return Policy(
        version=manifest.version,
        organisation=organisation,
        trunk=trunk,
        quorum=manifest.quorum,
        floors=manifest.floors,
        rulebook=manifest.rulebook,
        root_id=manifest.root_id,
        plugins=manifest.plugins,
    )


def policy_of(manifest: Manifest, people: Row, settings: Row) -> tuple[Policy, list[Finding]]:
    """The policy that three files give, and what is wrong with what they say together."""
    faults: list[Finding] = []
    organisation = settings[_ORGANISATION]
    home = organisation[_LANGUAGE]
    persons = tuple(_person(row, at, home, faults) for at, row in enumerate(people[_PERSONS]))
    departments = tuple(
        Department(
            id=row[_ID],
            name=replace(row[_NAME], home=home),
            head=row[_HEAD],
            in_charge=row[_IN_CHARGE],
            keeper=row[_KEEPER],
        )
        for row in people[_DEPARTMENTS]
    )
    roles = tuple(_role(row, home) for row in people[_ROLES])
    classes = tuple(_class(row, home) for row in settings[_CLASSES])
    named = Organisation(
        name=replace(organisation[_NAME], home=home),
        language=home,
        timezone=organisation[_TIMEZONE],
    )
    policy = replace(
        stated(manifest, named, settings[_TRUNK]),
        publishers=tuple(_publishers(manifest, faults)),
        persons={person.id: person for person in persons},
        departments={department.id: department for department in departments},
        roles={role.id: role for role in roles},
        classes={one.id: one for one in classes},
    )
    for name, field, ids in (
        ("people.yaml", "persons", [person.id for person in persons]),
        ("people.yaml", "departments", [department.id for department in departments]),
        ("people.yaml", "roles", [role.id for role in roles]),
        ("qms.yaml", "classes", [one.id for one in classes]),
    ):
        faults += _twice(name, field, ids)
    faults += _references(policy)
    return policy, faults


def _person(row: Row, index: int, home: str, faults: list[Finding]) -> Person:
    keys: list[Key] = []
    for at, key in enumerate(row[_KEYS]):
        try:
            public = PublicKey.parse(key[_KEY_TEXT])
            if key[_ASSURANCE] == FIDO and not public.is_hardware:
                raise refused("KEY-NO-DEVICE", key=public.fingerprint, person=row[_ID])
            keys.append(Key(public, key[_ASSURANCE], key[_VOID], key[_SINCE]))
        except Refused as error:
            where = f"persons.{index}.keys.{at}.key"
            faults.append(replace(error.finding, place=Place("people.yaml", where)))
    title = row[_TITLE]
    return Person(
        id=row[_ID],
        name=replace(row[_NAME], home=home),
        department=row[_DEPARTMENT],
        title=None if title is None else replace(title, home=home),
        keys=tuple(keys),
    )


def _role(row: Row, home: str) -> Role:
    holders = tuple(Holding(held[_WHO], held[_SINCE], held[_UNTIL]) for held in row[_HOLDERS])
    return Role(row[_ID], replace(row[_NAME], home=home), holders)


def _class(row: Row, home: str) -> DocumentClass:
    own = {field.name for field in _CLASS_FIELDS}
    settings = {
        name: cast("Value", value)  # what `anything()` took
        for name, value in row.items()
        if name not in own
    }
    return DocumentClass(
        id=row[_ID],
        name=replace(row[_NAME], home=home),
        level=row[_LEVEL],
        custodian=row[_CUSTODIAN],
        review_months=row[_REVIEW],
        retention_years=row[_RETENTION],
        assurance=row[_ASSURANCE],
        settings=settings,
    )


def _twice(name: str, field: str, ids: Iterable[str]) -> Iterable[Finding]:
    seen: set[str] = set()
    for index, one in enumerate(ids):
        if one in seen:
            yield Finding("ID-TWICE", Place(name, f"{field}.{index}.id"), {"id": one})
        if field == "roles" and one.startswith(_ROLE_PREFIXES):
            yield Finding("ID-RESERVED", Place(name, f"{field}.{index}.id"), {"id": one})
        seen.add(one)


def _references(policy: Policy) -> Iterable[Finding]:
    """Every person and department that is named must be there; one key has one owner."""
    yield from _persons_references(policy)
    for at, department in enumerate(policy.departments.values()):
        named_persons = {
            "head": department.head,
            "in_charge": department.in_charge,
            "keeper": department.keeper,
        }
        for field, person in named_persons.items():
            if person is not None and person not in policy.persons:
                yield _unknown(f"departments.{at}.{field}", person, policy.persons)
    for at, role in enumerate(policy.roles.values()):
        for number, held in enumerate(role.holders):
            if held.person not in policy.persons:
                place = f"roles.{at}.holders.{number}.person"
                yield _unknown(place, held.person, policy.persons)
    if policy.quorum.role not in policy.roles:
        found = _unknown("quorum.role", policy.quorum.role, policy.roles)
        yield replace(found, place=Place("policy.yaml", "quorum.role"))


def _persons_references(policy: Policy) -> Iterable[Finding]:
    owners: dict[str, str] = {}
    for at, person in enumerate(policy.persons.values()):
        if person.department not in policy.departments:
            yield _unknown(f"persons.{at}.department", person.department, policy.departments)
        for number, key in enumerate(person.keys):
            other = owners.setdefault(key.public.fingerprint, person.id)
            if other != person.id:
                yield Finding(
                    "KEY-TAKEN",
                    Place("people.yaml", f"persons.{at}.keys.{number}"),
                    {"key": key.public.fingerprint, "person": other},
                )
    for at, publisher in enumerate(policy.publishers):
        other = owners.setdefault(publisher.public.fingerprint, f"#{at}")
        if other != f"#{at}":
            held = other if other in policy.persons else policy.publishers[int(other[1:])].name
            yield Finding(
                "KEY-TAKEN",
                Place("policy.yaml", f"publishers.{at}.key"),
                {"key": publisher.public.fingerprint, "person": held},
            )


def _unknown(
    field: str,
    found: str,
    known: Mapping[str, Person] | Mapping[str, Department] | Mapping[str, Role],
) -> Finding:
    names = {one: row.name for one, row in known.items()}
    values = {"id": found, "close": close_to(names, found)}
    return Finding("ID-UNKNOWN", Place("people.yaml", field), values)


def _publishers(manifest: Manifest, faults: list[Finding]) -> Iterator[Publisher]:
    for at, (key, name) in enumerate(manifest.publishers):
        try:
            yield Publisher(PublicKey.parse(key), name)
        except Refused as error:
            place = Place("policy.yaml", f"publishers.{at}.key")
            faults.append(replace(error.finding, place=place))
