"""A small company for tests: six persons, two departments, two classes of documents.

A value that a test changes by methods; each gives another company, from which the next policy
version is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from qms.testing.keys import key

SHORT_CHAIN: Final = """\
      - {act: prepare, who: [{member_of: owner}]}
      - {act: approve, who: [{role: quality-manager}]}
      - {act: publish, who: [{role: document-controller}]}
"""
"""Two persons after the one who prepares: approve, publish."""

PARALLEL_CHAIN: Final = """\
      - {act: prepare, who: [{member_of: owner}]}
      - {act: review, need: all, who: [{head_of: technical}, {head_of: quality}]}
      - {act: approve, who: [{role: general-manager}]}
      - {act: publish, who: [{role: document-controller}]}
"""
"""Two heads of department review at the same time, on two branches if they like."""


@dataclass(frozen=True, slots=True)
class Employee:
    """A person; `keys` are labels of `qms.testing.keys`.

    Void ones are marked with a ``!``; behind the label may stand ``fido``, the assurance, and
    ``from 2026-12-01``.
    """

    id: str
    name: str
    department: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What the policy's files say. `roles` are the holders by role id."""

    persons: tuple[Employee, ...]
    heads: Mapping[str, str]
    roles: Mapping[str, tuple[str, ...]]
    chains: Mapping[str, str]
    quorum: int = 2
    min_signers: int = 2
    timezone: str = '"+08:00"'
    """As qms.yaml has it: an offset, or a list of them."""

    def person(self, person_id: str) -> Employee:
        """The person with this id."""
        return next(one for one in self.persons if one.id == person_id)

    def signing_label(self, person_id: str) -> str:
        """The label of the key a person signs with: the newest that is not void."""
        held = self.person(person_id).keys
        return [label for label in held if not label.startswith("!")][-1].partition(" ")[0]

    # changes

    def with_keys(self, person_id: str, *labels: str) -> "Company":
        """The person holds these keys and no others."""
        return self._with(replace(self.person(person_id), keys=labels))

    def with_new_key(self, person_id: str) -> "Company":
        """The person's keys are void from now on; a fresh one takes their place."""
        held = self.person(person_id).keys
        voided = (label if label.startswith("!") else f"!{label}" for label in held)
        return self.with_keys(person_id, *voided, f"{person_id}/{len(held) + 1}")

    def with_person(self, person_id: str, name: str, department: str) -> "Company":
        """Somebody new, with a key."""
        added = Employee(person_id, name, department, (person_id,))
        return replace(self, persons=(*self.persons, added))

    def with_role(self, role: str, *holders: str) -> "Company":
        """These persons hold the role, and nobody else. A holder may be ``id from to``."""
        return replace(self, roles={**self.roles, role: holders})

    def with_head(self, department: str, person_id: str) -> "Company":
        """Another head of a department."""
        return replace(self, heads={**self.heads, department: person_id})

    def with_chain(self, class_id: str, chain: str) -> "Company":
        """Another chain for a class, in the spelling of qms.yaml."""
        return replace(self, chains={**self.chains, class_id: chain})

    def _with(self, changed: Employee) -> "Company":
        persons = (changed if one.id == changed.id else one for one in self.persons)
        return replace(self, persons=tuple(persons))

    # files

    def people_yaml(self) -> bytes:
        """people.yaml."""
        lines = ["persons:"]
        for one in self.persons:
            keys = ", ".join(map(_key, one.keys))
            lines.append(
                f"  - {{id: {one.id}, name: {{zh: {one.name}, en: {one.id}}}, "
                f"department: {one.department}, keys: [{keys}]}}"
            )
        lines.append("departments:")
        lines += [
            f"  - {{id: {department}, name: {{zh: 部门, en: {department}}}, head: {head}}}"
            for department, head in self.heads.items()
        ]
        lines.append("roles:")
        lines += [
            f"  - {{id: {role}, name: {{zh: 职务, en: {role}}}, "
            f"holders: [{', '.join(map(_holder, holders))}]}}"
            for role, holders in self.roles.items()
        ]
        return ("\n".join(lines) + "\n").encode()

    def qms_yaml(self) -> bytes:
        """qms.yaml."""
        text = (
            "organisation:\n  name: {zh: 凌霄精密, en: Lingxiao}\n  language: zh\n"
            f"  timezone: {self.timezone}\ntrunk: main\nclasses:\n"
        )
        for class_id, chain in self.chains.items():
            number, level = _NUMBERS.get(class_id, (f"{class_id.upper()}-{{seq:02}}", 3))
            text += (
                f"  - id: {class_id}\n    name: {{zh: 文件, en: {class_id}}}\n"
                f'    level: {level}\n    number: "{number}"\n    version: letter-count\n'
                f"    copies: sequence\n    chain:\n{chain}"
            )
        return text.encode()


_NUMBERS: Final = {"procedure": ("LX-CX-{year}-{seq:02}", 2), "instruction": ("LX-WI-{seq:02}", 3)}


def _key(label: str) -> str:
    held, _, since = label.removeprefix("!").partition(" from ")
    name, _, assurance = held.partition(" ")
    more = ", void: true" if label.startswith("!") else ""
    more += f", from: {since}" if since else ""
    return f'{{key: "{key(name).public_text}", assurance: {assurance or "file"}{more}}}'


def _holder(text: str) -> str:
    person, *days = text.split(" ")
    spans = zip(("from", "to"), days, strict=False)
    return f"{{{', '.join([f'person: {person}', *(f'{name}: {day}' for name, day in spans)])}}}"


SMALL: Final = Company(
    persons=(
        Employee("li.si", "李四", "quality", ("li.si",)),
        Employee("wang.wu", "王五", "quality", ("wang.wu",)),
        Employee("zhao.liu", "赵六", "technical", ("zhao.liu",)),
        Employee("qian.qi", "钱七", "technical", ("qian.qi",)),
        Employee("sun.ba", "孙八", "technical", ("sun.ba",)),
        Employee("zhou.jiu", "周九", "quality", ("zhou.jiu",)),
    ),
    heads={"quality": "li.si", "technical": "qian.qi"},
    roles={
        "general-manager": ("zhao.liu",),
        "quality-manager": ("li.si",),
        "document-controller": ("wang.wu",),
        "policy-keeper": ("zhao.liu", "li.si", "wang.wu"),
    },
    chains={"instruction": SHORT_CHAIN, "procedure": PARALLEL_CHAIN},
)
"""The company that `DocsRepo.make` takes where a test doesn't bring its own."""
