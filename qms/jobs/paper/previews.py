"""`qms preview`: a page as its author will see it, before anybody else sees the text (DC-18).

Working texts as they lie in the work tree, committed or not, on any branch, with or without a
trunk. It proves nothing and lists nothing: no manifest, no signature, and never in the folder that
`qms publish` keeps. What `check` finds in a text keeps its page back, since a page that could not
be printed later shows nothing that is worth a look.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Final, NamedTuple

from qms.codes import CodeTable
from qms.domain.kinds.document import PUBLISHED, Document
from qms.domain.kinds.working_texts import working_texts
from qms.findings import Finding, Level, QmsError, Refused
from qms.formats.print_manifest import BEGINS, MOST_BYTES
from qms.formats.print_names import print_name
from qms.installed import TOOLS
from qms.jobs.judging.checking import check
from qms.jobs.paper.planned import Print
from qms.jobs.paper.printed import MANIFEST
from qms.jobs.paper.prints import PREVIEW, plan_previews
from qms.jobs.paper.rendering import fault_of_document, render_all
from qms.jobs.paper.sheets import sheets_of
from qms.jobs.sessions.work_session import WorkSession
from qms.plugins import Hooks
from qms.storage.excludes import unignored
from qms.storage.out_folder import OutFolder, out_fault

FOLDER: Final = "preview"
"""Where previews go: at the top of the work tree; the template's `.gitignore` has it."""


class Previews(NamedTuple):
    """What was laid out (or would be), and all that is wrong with these texts.

    `older` are names of files of an earlier call that lie there still, of texts that could not be
    printed now. `open` are paths in the work tree of files that git does not ignore.
    """

    prints: tuple[Print, ...] = ()
    findings: tuple[Finding, ...] = ()
    older: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


def planned(session: WorkSession, numbers: frozenset[str], out: OutFolder) -> Previews:
    """What would be laid into the folder `out`: all working texts, or those of these `numbers`.

    Writes nothing. Raises `QmsError` NO-WORK-TREE, OUT-FOLDER, what `check` raises of a clone, and
    what the plugins that print lack.
    """
    return _planned(session, numbers, out, _printers(session))


def _printers(session: WorkSession) -> Hooks:
    tools = Hooks(session.policy.plugins, (TOOLS,))
    if tools.findings:
        raise QmsError(tools.findings[0])
    return tools


def _planned(
    session: WorkSession, numbers: frozenset[str], out: OutFolder, tools: Hooks
) -> Previews:
    _refuse_publishers(out)
    texts = dict(_working(session, numbers))
    texts |= {
        one.path: None for one in sheets_of(session, tools)
        if one.goes_round and (not numbers or one.sheet.number in numbers)
    }  # fmt: skip
    faults = list(_without_text(session, numbers, texts))
    prints: tuple[Print, ...] = ()
    if texts:
        trunk = _trunk(session)
        report = check(
            session.repository, session.hooks, trunk, named=tuple(texts), now=session.now
        )
        codes = CodeTable((*session.hooks.code_files(), *tools.code_files()))
        errors = (one for one in report.findings if codes.level(one) is Level.ERROR)
        fit = texts.keys() - {one.place.path for one in errors}
        plan = plan_previews(session, report.tree, tools, fit)
        prints = plan.prints
        faults += (*report.findings, *plan.faults)
    kept = {one.path for one in prints}
    names = (_name(one) for path, one in texts.items() if path not in kept)
    older = tuple(name for name in names if name is not None and out.is_file(name))
    return Previews(prints, tuple(faults), older, _open(session, out, prints))


def preview(session: WorkSession, numbers: frozenset[str], out: OutFolder) -> Previews:
    """Lay the pages of working texts into the folder `out`; see `planned`.

    A text that can't be printed keeps no other one back. Nothing else in the folder is touched.
    """
    tools = _printers(session)
    found = _planned(session, numbers, out, tools)
    if not found.prints:
        return found
    faults: list[Finding] = []
    made: list[Print] = []
    with out.begun():
        out.check_places(one.name for one in found.prints)
        for one, data in _stamped(session, tools, found.prints, faults):
            out.stage(len(made), data)
            made.append(one)
        for place, one in enumerate(made):
            out.lay_out(place, one.name)
    prints = tuple(one for one in found.prints if one in made)
    return found._replace(prints=prints, findings=(*found.findings, *dict.fromkeys(faults)))


def _stamped(
    session: WorkSession, tools: Hooks, prints: tuple[Print, ...], faults: list[Finding]
) -> Iterator[tuple[Print, bytes]]:
    by_name = {one.name: one for one in prints}
    requests = {name: one.request for name, one in by_name.items()}
    for name, base in render_all(session.policy, requests):
        one = by_name[name]
        if isinstance(base, Finding):
            faults.append(base)
            continue
        try:
            yield one, tools.stamp(replace(one.mark, base=base)).data
        except QmsError as error:
            faults.append(fault_of_document(error, one.path))


def _working(
    session: WorkSession, numbers: frozenset[str]
) -> Iterator[tuple[str, Document | None]]:
    """The working texts that are meant, by path; None for one whose head nobody can read."""
    for one in working_texts(session.work_tree):
        document = one.read()
        if isinstance(document, Finding):
            if not numbers or one.number in numbers:
                yield one.path, None
        elif document.status != PUBLISHED and (not numbers or document.number in numbers):
            yield one.path, document


def _without_text(
    session: WorkSession, numbers: frozenset[str], texts: Mapping[str, Document | None]
) -> Iterator[Finding]:
    there = {session.hooks.kinds.at(path).number for path in texts}
    there |= {one.number for one in texts.values() if one is not None}
    for number in sorted(numbers - there):
        yield Finding("PREVIEW-NONE", values={"number": number})


def _trunk(session: WorkSession) -> str | None:
    """What the trunk is called, if this clone has one; without it a text is new against HEAD."""
    name = session.trunk
    try:
        session.repository.trunk(name)
    except Refused:  # nothing is shared yet: all is new, as for `check`
        return name
    except QmsError:
        return None
    return name


def _name(document: Document | None) -> str | None:
    if document is None:
        return None
    with suppress(Refused):
        return print_name(document.class_id, document.number, document.revision, PREVIEW, None)
    return None


def _refuse_publishers(out: OutFolder) -> None:
    """Raises `QmsError` OUT-FOLDER where `qms publish` prints: a preview is listed nowhere."""
    if (out.read(MANIFEST, MOST_BYTES) or b"").startswith(BEGINS):
        raise out_fault(out.place, "`qms publish` prints there")


def _open(session: WorkSession, out: OutFolder, prints: tuple[Print, ...]) -> tuple[str, ...]:
    root = session.repository.root
    place = None if root is None else root.resolve()
    if place is None or not out.place.is_relative_to(place):
        return ()
    folder = out.place.relative_to(place).as_posix()
    return unignored(session.repository.aside, [f"{folder}/{one.name}" for one in prints])
