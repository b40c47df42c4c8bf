"""Who has a copy: a department, a person, or somebody outside the company."""

from collections.abc import Mapping
from typing import NamedTuple

from qms.api import Policy, Text, close_to, id_called, look, refused


class Holder(NamedTuple):
    """A copy's holder (持有部门、持有人): a department's id, a person's id or a name, or both."""

    department: str | None
    name: str | None

    def is_like(self, other: "Holder") -> bool:
        """Whether both are one department, or one person: a number may stay with them."""
        if self.department is not None and other.department is not None:
            return self.department == other.department
        return self.name is not None and self.name == other.name

    def department_name(self, policy: Policy, language: str) -> str:
        """The department as printed; empty for somebody outside."""
        found = policy.departments.get(self.department or "")
        return found.name.of(language) if found is not None else self.department or ""

    def person_name(self, policy: Policy, language: str) -> str:
        """The person as printed; empty where a department holds the copy."""
        found = policy.persons.get(self.name or "")
        return found.name.of(language) if found is not None else self.name or ""

    def printed(self, policy: Policy, language: str) -> str:
        """Department and person in one line, as on a cover."""
        parts = self.department_name(policy, language), self.person_name(policy, language)
        return " ".join(part for part in parts if part)

    def __str__(self) -> str:
        return "/".join(part for part in (self.department, self.name) if part) or "-"


def person_called(policy: Policy, text: str) -> str:
    """The id of a person who is named by id or name; any other name as it is."""
    for person in policy.persons.values():
        if text in (person.id, *person.name.by_tag.values()):
            return person.id
    return text


def has_left(policy: Policy, name: str | None) -> bool:
    """Whether a person of the policy can sign no more: nobody could sign for their papers."""
    return name in policy.persons and not policy.may_sign(name or "")


def refuse_left(policy: Policy, holder: Holder, number: str) -> None:
    """Refuse to issue to somebody who has left: the paper would wait for ever.

    Raises `Refused` HOLDER-LEFT, with the command that issues it to their department.
    """
    if has_left(policy, holder.name):
        department = holder.department or "HOLDER"
        raise refused("HOLDER-LEFT", number=number, person=holder.name or "", department=department)


def find_holder(policy: Policy, text: str) -> Holder:
    """The holder that somebody typed.

    The id or name of a department or of a person; ``production/张三`` for somebody of a department
    who has no id. Raises `Refused` HOLDER-UNKNOWN for whatever else, with those that come close:
    else a slip of the pen would be a customer, for ever.
    """
    text = text.strip()
    department, slash, name = (part.strip() for part in text.partition("/"))
    if slash and department and name:
        inside = id_called(_departments(policy), department)
        if inside is not None:
            return Holder(inside, id_called(_persons(policy), name) or name)
    found = id_called(_departments(policy), text)
    if found is not None:
        return Holder(found, None)
    person = id_called(_persons(policy), text)
    if person is not None:
        return Holder(policy.persons[person].department, person)
    known = {**_departments(policy), **_persons(policy)}
    raise refused("HOLDER-UNKNOWN", found=text, close=close_to(known, text))


def outside(policy: Policy, text: str) -> Holder:
    """Somebody outside the company, by full name; one of the company is meant by `--to`.

    What a paper reads as a name of the company is one, in whatever letters and blanks it was typed.
    Raises `Refused` HOLDER-INSIDE.
    """
    name = text.strip()
    known = {**_departments(policy), **_persons(policy)}
    words = (*known, *(one for names in known.values() for one in names.by_tag.values()))
    if _as_read(name) in map(_as_read, words):
        raise refused("HOLDER-INSIDE", found=name)
    return Holder(None, name)


def _as_read(name: str) -> str:
    return "".join(look(name).split())


def belongs(policy: Policy, person: str, holder: Holder) -> bool:
    """Whether `person` is the holder, or answers for the department that is.

    That are its members, its head, the keeper of its documents, and who is in charge of it.
    """
    if person == holder.name:
        return True
    department = policy.departments.get(holder.department or "")
    if department is None:
        return False
    member = policy.persons.get(person)
    if member is not None and member.department == department.id:
        return True
    return person in (department.head, department.keeper, department.in_charge)


def _departments(policy: Policy) -> Mapping[str, Text]:
    return {one.id: one.name for one in policy.departments.values()}


def _persons(policy: Policy) -> Mapping[str, Text]:
    return {one.id: one.name for one in policy.persons.values()}
