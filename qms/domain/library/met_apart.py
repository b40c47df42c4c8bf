"""What several people did about one text, apart from each other: each of them is told.

Nothing may have to be done, such as where a text was filed twice; but who did it should know.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, cast

from qms.domain.kinds.log import REJECTS
from qms.domain.library.library import Library
from qms.findings import Reason

if TYPE_CHECKING:
    from qms.formats.canonical_json import Json


class Met(NamedTuple):
    """A revision that `persons` each acted on, and the code of the finding that tells how."""

    number: str
    revision: str
    code: str
    persons: tuple[str, ...]


def met_apart(library: Library, person: str) -> Iterator[Met]:
    """Where what `person` did met what somebody else had done, and no ruling decided it.

    Nothing of a revision once people work by a later one: it is history then.
    """
    for number, told in library.told("met", _met):
        for one in cast("list[list[str]]", told):
            revision, code, *persons = one
            if person in persons and not _is_past(library, number, revision):
                yield Met(number, revision, code, tuple(persons))


def _is_past(library: Library, number: str, revision: str) -> bool:
    names = [stage.revision.name for stage in library.effects.line(number).stages]
    now = library.in_force(number)
    if now is None or revision not in names or now.document.revision not in names:
        return False
    return names.index(revision) < names.index(now.document.revision)


def _met(library: Library, number: str) -> "Json":
    register = library.register
    filings = {
        one.path: register.filings(number, entry.document.content)
        for entry in register.released(number)
        for one in register.filings(number, entry.document.content)
    }
    if all(len(ones) == 1 for ones in filings.values()) and not register.lists(REJECTS, number):
        return []
    found: dict[tuple[str, str], set[str]] = {}
    for finding in library.effects.findings(number):
        filed = filings.get(finding.place.path, ())
        if finding.reason is not Reason.MET or not filed:
            continue
        persons = found.setdefault((filed[0].document.revision, finding.code), set())
        persons.update(one.filing.person for one in filed)
        if "person" in finding.values:
            persons.add(finding.values["person"])
    return [[*which, *sorted(persons)] for which, persons in sorted(found.items())]
