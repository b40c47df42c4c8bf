"""Reading the three files of a policy into one value, all their faults at once.

``policy.yaml`` is the manifest: it names the other files with their digests, and bears the
signatures. ``people.yaml`` says who there is; ``qms.yaml`` which classes of document there are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from qms.domain.days import Zones
from qms.domain.policy import (
    FIDO,
    FILE,
    Department,
    DocumentClass,
    Floors,
    Holding,
    Key,
    Names,
    Organisation,
    Person,
    PluginPin,
    Policy,
    Quorum,
    Role,
)
from qms.findings import Finding, Place, QmsError, Refused, refused
from qms.formats import caps, cut, slots, strict_yaml
from qms.formats.digests import sha256
from qms.formats.head import read_head
from qms.formats.schema import (
    EN,
    ZH,
    Field,
    Record,
    anything,
    boolean,
    day,
    integer,
    list_of,
    named,
    one_of,
    read,
    record,
    text,
    union,
)
from qms.formats.slots import Slot
from qms.formats.sshsig import PublicKey

if TYPE_CHECKING:
    from qms.formats.strict_yaml import Value

MOST_OFFSETS: Final = 200
"""A list of offsets has at most so many rows: a century of summer times."""

POLICY_FILES: Final = ("policy.yaml", "people.yaml", "qms.yaml")

ID: Final = text(pattern=r"[a-z][a-z0-9.-]{0,63}", like="li.si")
_ROLE_PREFIXES: Final = ("head-of-", "in-charge-of-", "member-of-", "preparer")

_ID = Field("id", ID)
_NAME = Field("name", named().then(lambda row: Names(row[ZH], row[EN])))
_TITLE = Field("title", named().then(lambda row: Names(row[ZH], row[EN])), required=False)
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

_ROOT_ID = Field("id", text(pattern=r"[0-9a-f]{32}", like="32 hex digits"), required=False)
_VERSION = Field("version", integer(1, 9999))
_RULEBOOK = Field("rulebook", integer(1, 9999))
_PIN = record(Field("name", text()), Field("distribution", text()), Field("version", text())).then(
    lambda row: PluginPin(row.text("name"), row.text("distribution"), row.text("version"))
)
_PLUGINS = Field("plugins", list_of(_PIN))
_QUORUM = Field(
    "quorum",
    record(Field("role", ID), Field("need", integer(1, 99))).then(
        lambda row: Quorum(row.text("role"), row.integer("need"))
    ),
)
_FLOORS = Field(
    "floors",
    record(
        Field("min_signers", integer(1, 99)), Field("self_approval", boolean()), _ASSURANCE
    ).then(
        lambda row: Floors(
            row.integer("min_signers"), row.boolean("self_approval"), row[_ASSURANCE]
        )
    ),
)
_FILES = Field(
    "files",
    list_of(record(Field("path", text()), Field("sha256", text(pattern=r"sha256:[0-9a-f]{64}")))),
)
MANIFEST: Final = record(_ROOT_ID, _VERSION, _RULEBOOK, _PLUGINS, _QUORUM, _FLOORS, _FILES)


class PolicyFile(NamedTuple):
    """A policy with the digest that statements name, and its slots.

    `listed` are the digests that the manifest gives for files beside it, by path.
    """

    policy: Policy
    content: str
    status: str
    slots: tuple[Slot, ...]
    listed: Mapping[str, str]


def parse_policy(contents: Mapping[str, bytes]) -> PolicyFile:
    """The policy in the bytes of its three files.

    Raises `Refused` with the first of what is wrong: its place holds the file's name and field;
    POLICY-DIGEST where a file is not the one that the manifest lists.
    """
    found, faults = read_policy_files(contents)
    if found is None:
        raise Refused(faults[0])
    for name in POLICY_FILES[1:]:
        if found.listed.get(name) != sha256(contents[name]):
            values = {"name": name, "version": str(found.policy.version)}
            raise Refused(Finding("POLICY-DIGEST", Place(name), values))
    return found


def read_policy_files(
    contents: Mapping[str, bytes],
) -> tuple[PolicyFile | None, tuple[Finding, ...]]:
    """The policy, or everything that is wrong with the form of its files.

    Digests are not compared here: a policy that is being worked on has none yet.
    """
    people, faults = _table(contents["people.yaml"], "people.yaml")
    settings, more = _table(contents["qms.yaml"], "qms.yaml")
    faults += more
    try:
        parts = cut.cut_yaml(contents["policy.yaml"])
        head = read_head(parts)
        tail = slots.parse_tail(parts.tail, parts.tail_line)
    except Refused as error:
        return None, (*faults, error.finding.at(path="policy.yaml"))
    manifest = read(MANIFEST, head)
    faults += [finding.at(path="policy.yaml") for finding in manifest.findings]
    if faults or people is None or settings is None or manifest.findings:
        return None, tuple(faults)
    policy, faults = _policy(manifest.value, people, settings)
    if faults:
        return None, tuple(faults)
    listed = {row.text("path"): row.text("sha256") for row in manifest.value[_FILES]}
    return (
        PolicyFile(
            policy=policy,
            content=parts.content,
            status=tail.status,
            slots=tail.slots,
            listed=listed,
        ),
        (),
    )


def open_version(policy_yaml: bytes) -> int | None:
    """The version that the root's policy.yaml is, where it can be read at all."""
    try:
        head = read_head(cut.cut_yaml(policy_yaml))
    except QmsError:
        return None
    version = head.get("version")
    return int(version) if isinstance(version, str) and version.isdecimal() else None


def base_of_open(policy_yaml: bytes) -> str | None:
    """The content of the version that the root's policy.yaml was signed to follow, if it was."""
    try:
        parts = cut.cut_yaml(policy_yaml)
        signed = slots.parse_tail(parts.tail, parts.tail_line).slots
    except QmsError:
        return None
    bases = (slot.signed.base for slot in signed if slot.signed is not None)
    return next((base.content for base in bases if base is not None), None)


def _table(data: bytes, name: str) -> tuple[Record | None, list[Finding]]:
    wanted = PEOPLE if name == "people.yaml" else QMS
    try:
        cut.check_bytes(data)
        found = read(wanted, strict_yaml.load(data, caps.POLICY_FILE, name))
    except Refused as error:
        return None, [error.finding.at(path=name)]
    faults = [finding.at(path=name) for finding in found.findings]
    return (None if faults else found.value), faults


def _policy(manifest: Record, people: Record, settings: Record) -> tuple[Policy, list[Finding]]:
    faults: list[Finding] = []
    persons = tuple(_person(row, at, faults) for at, row in enumerate(people[_PERSONS]))
    departments = tuple(
        Department(
            id=row[_ID],
            name=row[_NAME],
            head=row[_HEAD],
            in_charge=row[_IN_CHARGE],
            keeper=row[_KEEPER],
        )
        for row in people[_DEPARTMENTS]
    )
    roles = tuple(_role(row) for row in people[_ROLES])
    classes = tuple(_class(row) for row in settings[_CLASSES])
    organisation = settings[_ORGANISATION]
    policy = Policy(
        version=manifest[_VERSION],
        organisation=Organisation(
            name=organisation[_NAME],
            language=organisation[_LANGUAGE],
            timezone=organisation[_TIMEZONE],
        ),
        trunk=settings[_TRUNK],
        quorum=manifest[_QUORUM],
        floors=manifest[_FLOORS],
        rulebook=manifest[_RULEBOOK],
        root_id=manifest[_ROOT_ID],
        plugins=manifest[_PLUGINS],
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


def _person(row: Record, index: int, faults: list[Finding]) -> Person:
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
    return Person(
        id=row[_ID],
        name=row[_NAME],
        department=row[_DEPARTMENT],
        title=row[_TITLE],
        keys=tuple(keys),
    )


def _role(row: Record) -> Role:
    holders = tuple(Holding(held[_WHO], held[_SINCE], held[_UNTIL]) for held in row[_HOLDERS])
    return Role(row[_ID], row[_NAME], holders)


def _class(row: Record) -> DocumentClass:
    own = {field.name for field in _CLASS_FIELDS}
    settings = {
        name: cast("Value", value)  # what `anything()` took
        for name, value in row.items()
        if name not in own
    }
    return DocumentClass(
        id=row[_ID],
        name=row[_NAME],
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
                yield _unknown(f"departments.{at}.{field}", person)
    for at, role in enumerate(policy.roles.values()):
        for number, held in enumerate(role.holders):
            if held.person not in policy.persons:
                yield _unknown(f"roles.{at}.holders.{number}.person", held.person)
    if policy.quorum.role not in policy.roles:
        yield Finding("ID-UNKNOWN", Place("policy.yaml", "quorum.role"), {"id": policy.quorum.role})


def _persons_references(policy: Policy) -> Iterable[Finding]:
    owners: dict[str, str] = {}
    for at, person in enumerate(policy.persons.values()):
        if person.department not in policy.departments:
            yield _unknown(f"persons.{at}.department", person.department)
        for number, key in enumerate(person.keys):
            other = owners.setdefault(key.public.fingerprint, person.id)
            if other != person.id:
                yield Finding(
                    "KEY-TAKEN",
                    Place("people.yaml", f"persons.{at}.keys.{number}"),
                    {"key": key.public.fingerprint, "person": other},
                )


def _unknown(field: str, found: str) -> Finding:
    return Finding("ID-UNKNOWN", Place("people.yaml", field), {"id": found})
