"""What several people did about one text, apart from each other: each of them is told.

Nothing may have to be done, such as where a text was filed twice; but who did it should know.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple, cast

from qms.domain.kinds.log import REJECTS
from qms.domain.kinds.recorded import Filed
from qms.domain.library.library import Library
from qms.domain.register.filed_rejections import lacking_rejections
from qms.domain.register.holdings import every_text
from qms.findings import Finding, Reason

if TYPE_CHECKING:
    from qms.formats.canonical_json import Json


class Met(NamedTuple):
    """A text that `persons` each acted on, and the code of the finding that tells how.

    `revision` is empty where a text of a plugin's kind has none. On what is not of the core's own
    kind nobody rules: `is_ruled` is False.
    """

    number: str
    revision: str
    code: str
    persons: tuple[str, ...]
    is_ruled: bool = True


def met_apart(library: Library) -> Iterator[Met]:
    """Where what somebody did met what somebody else had done, and no ruling decided it.

    Nothing of a revision once people work by a later one: it is history then.
    """
    for number, told in library.told("met", _met):
        for one in cast("list[list[str]]", told):
            revision, code, *persons = one
            if not _is_past(library, number, revision):
                yield Met(number, revision, code, tuple(persons))
    yield from _texts_met(library)


def _texts_met(library: Library) -> Iterator[Met]:
    """The same of texts of plugins' kinds: filed for one place, or filed and rejected."""
    effects, by_number = library.effects, dict[str, list[Filed]]()
    for one in every_text(library.register, effects.judge.answers.kinds):
        by_number.setdefault(one.text.number, []).append(one)
    for number, texts in sorted(by_number.items()):
        by_place: dict[str, list[Filed]] = {}
        for one in texts:
            by_place.setdefault(one.place, []).append(one)
        asked = {
            place: filed
            for place, filed in by_place.items()
            if len(filed) > 1 or any(_is_rejected(library, one) for one in filed)
        }
        for finding in effects.findings(number) if asked else ():
            filed = asked.get(finding.place.path, [])
            if _is_met(finding) and filed and not _is_followed(library, filed[0], texts):
                persons = {one.filing.person for one in filed}
                persons |= {finding.values["person"]} if "person" in finding.values else set()
                revision = filed[0].text.revision
                yield Met(number, revision, finding.code, tuple(sorted(persons)), is_ruled=False)


def _is_rejected(library: Library, entry: Filed) -> bool:
    judge, register = library.effects.judge, library.register
    return next(lacking_rejections(judge, register, entry.text), None) is not None


def _is_followed(library: Library, entry: Filed, texts: Iterable[Filed]) -> bool:
    """Whether a later edition of a text has effect: what met before it is history then."""
    return any(
        one.text.kind == entry.text.kind
        and one.text.revision != entry.text.revision
        and one.filing.time > entry.filing.time
        and library.no_effect(one) is None
        for one in texts
    )


def _is_met(finding: Finding) -> bool:
    return finding.reason in {Reason.MET, Reason.APART}


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
        if not _is_met(finding) or not filed:
            continue
        persons = found.setdefault((filed[0].document.revision, finding.code), set())
        persons.update(one.filing.person for one in filed)
        if "person" in finding.values:
            persons.add(finding.values["person"])
    return [[*which, *sorted(persons)] for which, persons in sorted(found.items())]
