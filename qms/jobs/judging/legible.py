"""What a policy brings that is printed: names of persons, departments, roles, classes, the company.

Judged before it is signed: later nobody could mend it but by the next version, and meanwhile each
page that somebody of that name signs would show an empty box (DC-18).
"""

from collections.abc import Iterator
from typing import Final

from qms.domain.kinds.policy import Policy
from qms.findings import Finding
from qms.formats.glyph_files import Glyphs
from qms.formats.strict_yaml import Value
from qms.plugins import Hooks
from qms.texts import Text

_PEOPLE: Final = "people.yaml"
_QMS: Final = "qms.yaml"


def illegible(policy: Policy, printers: Hooks, glyphs: Glyphs) -> Iterator[Finding]:
    """What of the names in a policy `printers` could not print.

    `glyphs` are the letters that the company draws itself.
    """
    for path, fields in (
        (_PEOPLE, dict(_people(policy))),
        (_QMS, dict(_organisation(policy))),
    ):
        yield from printers.printable_fields(fields, path, glyphs)


def _people(policy: Policy) -> Iterator[tuple[str, str]]:
    """The fields of people.yaml: its rows keep their order where they are read."""
    for at, person in enumerate(policy.persons.values()):
        yield from _named(f"persons.{at}.name", person.name)
        if person.title is not None:
            yield from _named(f"persons.{at}.title", person.title)
    for at, department in enumerate(policy.departments.values()):
        yield from _named(f"departments.{at}.name", department.name)
    for at, role in enumerate(policy.roles.values()):
        yield from _named(f"roles.{at}.name", role.name)


def _organisation(policy: Policy) -> Iterator[tuple[str, str]]:
    yield from _named("organisation.name", policy.organisation.name)
    for at, one in enumerate(policy.classes.values()):
        yield from _named(f"classes.{at}.name", one.name)
        for key, value in one.settings.items():  # how numbers and revisions are spelled, and more
            yield from _texts(f"classes.{at}.{key}", value)


def _texts(field: str, value: Value) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(f"{field}.{key}", inner)
    else:
        for at, inner in enumerate(value):
            yield from _texts(f"{field}.{at}", inner)


def _named(field: str, names: Text) -> Iterator[tuple[str, str]]:
    return ((f"{field}.{tag}", text) for tag, text in names.by_tag.items())
