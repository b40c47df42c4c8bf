"""Departments, persons and classes by name: an id stays, and what it is called may change.

Where people speak of now a thing has the one name that the policy in force gives it, whatever it
was called when something was signed; only what was signed keeps the name of its day. Whoever looks
for a thing may use any name that it ever had.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final

from qms.domain.kinds.policy import Department, DocumentClass, Person, Policy, id_called
from qms.domain.library.library import Library
from qms.texts import Text

DEPARTMENT: Final = "department"
PERSON: Final = "person"
CLASS: Final = "class"

_Rows = Callable[[Policy], Iterable[Department | DocumentClass | Person]]
_ROWS: Final[Mapping[str, _Rows]] = {
    DEPARTMENT: lambda policy: policy.departments.values(),
    PERSON: lambda policy: policy.persons.values(),
    CLASS: lambda policy: policy.classes.values(),
}


def name_of(policy: Policy, kind: str, found: str, then: Policy) -> Text:
    """What a thing is called by a policy; by that of `then` where this one has it no more."""
    names = (_names(one, kind).get(found) for one in (policy, then))
    return next((one for one in names if one is not None), Text(found, found))


def policy_on(library: Library, day: date) -> Policy:
    """The policy by which things were called on a day: in force then, else the first."""
    standing, day_of = library.effects.policies.standing, library.register.day
    found = [one for one in standing if (day_of(one.filing) or day) <= day] or standing[:1]
    return found[-1].policy if found else library.policy


def ids_called(library: Library, kind: str, word: str) -> tuple[str, ...]:
    """The ids of what somebody names, by an id or a name.

    One that the policy in force has is meant alone; else all that were ever called so.
    """
    now = id_called(_names(library.policy, kind), word)
    if now is not None:
        return (now,)
    earlier = (_names(one.policy, kind) for one in reversed(library.register.policies()))
    found = (id_called(names, word) for names in earlier)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _names(policy: Policy, kind: str) -> Mapping[str, Text]:
    return {row.id: row.name for row in _ROWS[kind](policy)}
