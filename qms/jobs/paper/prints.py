"""What is printed for whom: the plan of a publishing run, from the register (DC-08, DC-38).

What stands on a numbered copy follows from the event that issued its paper, and so does its file:
whatever is committed or comes into force later, printed again it is the same paper.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from qms.domain.kinds.document import DRAFT, PUBLISHED, Document
from qms.domain.kinds.held_copy import HeldCopy
from qms.domain.kinds.look import PLAIN
from qms.domain.kinds.policy import Policy
from qms.domain.kinds.working_texts import working_texts
from qms.domain.library.earned import is_over
from qms.domain.register.register import Released
from qms.findings import Finding, Place, Refused, refused
from qms.formats.paths import asset_path, copy_path
from qms.formats.print_names import print_name, twin_key
from qms.formats.tree import Tree
from qms.jobs.judging.own_glyphs import own_glyphs
from qms.jobs.judging.printable import all_pictures, body_line, refuse_conflict
from qms.jobs.paper.amended import amendments, first_named
from qms.jobs.paper.looks import Looks
from qms.jobs.paper.particulars import particulars
from qms.jobs.paper.planned import Plan, Print, Wanted
from qms.jobs.paper.sheets import has_effect, sheet_prints, sheets_of, told_apart
from qms.jobs.sessions.copy_marks import controlled_mark
from qms.jobs.sessions.entry_spelling import policy_of, spelling
from qms.jobs.sessions.work_session import WorkSession
from qms.plugins import Hooks
from qms.printing import RenderRequest, StampRequest
from qms.texts import EN, LANGUAGES, ZH, Text

AS_OF = 20
"""Hex digits of the commit whose state a page shows, where it isn't the newest: 80 bits."""
PREVIEW = "preview"
"""The mark in the name of a file that shows a working text as it lies in the work tree."""


_Maker = Callable[[], Iterable[Print]]


def newer_trunk(session: WorkSession) -> str | None:
    """The newest commit of the trunk that this clone knows, where HEAD is an older one.

    Raises `Refused` NOT-ON-TRUNK where HEAD isn't one of the trunk.
    """
    trunk = session.repository.trunk(session.trunk)
    if trunk is None or session.repository.merge_base(session.head, trunk) != session.head:
        raise refused("NOT-ON-TRUNK", branch=session.trunk)
    return None if trunk == session.head else trunk


def plan(session: WorkSession, wanted: Wanted, tools: Hooks) -> Plan:
    """What is to be printed of HEAD's register; what refuses to be costs its number alone.

    `tools` are the plugins that print and that know which copies are out.
    """
    makers: list[_Maker] = [
        partial(_revisions, session, number, wanted)
        for number in sorted(session.register.numbers())
        if wanted.takes(number)
    ]
    tree = session.tree
    if wanted.drafts:
        makers += _drafts(session, tree, tools, lambda _, one: wanted.takes(one.number))
    makers += [
        partial(sheet_prints, session, tools, one, tree)
        for one in told_apart(
            one for one in sheets_of(session, tools)
            if wanted.takes(one.sheet.number) and (wanted.drafts or not one.goes_round)
            and has_effect(session, one)
        )
    ]  # fmt: skip
    planned = _planned(session, tree, makers)
    if wanted.at:
        as_of = session.head[:AS_OF]
        prints = (replace(one, mark=replace(one.mark, as_of=as_of)) for one in planned.prints)
        planned = replace(planned, prints=tuple(prints))
    return planned


def plan_previews(session: WorkSession, tree: Tree, tools: Hooks, paths: Container[str]) -> Plan:
    """The working texts at `paths` as they lie in `tree`, each page marked as a preview.

    Through the same function as drafts are published by: signed is what holds, nothing else.
    """
    makers: list[_Maker] = [*_drafts(session, tree, tools, lambda path, _: path in paths)]
    makers += [
        partial(sheet_prints, session, tools, one, tree)
        for one in sheets_of(session, tools)
        if one.goes_round and one.path in paths
    ]
    planned = _planned(session, tree, makers)
    prints = (
        replace(
            one, name=_name(one.request.document, PREVIEW), mark=replace(one.mark, preview=True)
        )
        for one in planned.prints
    )
    return replace(planned, prints=tuple(prints))


def _planned(session: WorkSession, tree: Tree, makers: Iterable[_Maker]) -> Plan:
    """What the makers give, with the letters of the company's own, and what they refuse."""
    prints: list[Print] = []
    faults: list[Finding] = []
    for make in makers:
        try:
            prints += tuple(make())
        except Refused as refusal:
            faults.append(refusal.finding)
    glyphs = own_glyphs(tree, session.policy_entry.listed)
    if glyphs:
        prints = [
            replace(
                one,
                request=replace(one.request, glyphs=glyphs),
                mark=replace(one.mark, glyphs=glyphs),
            )
            for one in prints
        ]
    prints = [*_with_looks(session, prints, faults)]
    return Plan(_without_twins(prints, faults), tuple(faults))


def _with_looks(
    session: WorkSession, prints: Iterable[Print], faults: list[Finding]
) -> Iterator[Print]:
    """Each with the look of the policy under which it is printed; LOOK-LOST costs it alone."""
    looks = Looks(session)
    for one in prints:
        under = session.register.policy(one.policy) or session.policy_entry
        try:
            look = looks.of(under)
        except Refused as refusal:
            faults.append(refusal.finding)
            continue
        yield replace(one, request=replace(one.request, look=look)) if look != PLAIN else one


def _without_twins(prints: Sequence[Print], faults: list[Finding]) -> tuple[Print, ...]:
    """Of two files that some file systems take for one the first alone, and OUT-TWIN."""
    kept: dict[tuple[str, ...], Print] = {}
    for one in prints:
        other = kept.setdefault(twin_key(one.name), one)
        if other is not one:
            values = {"file": one.name, "other": other.name}
            faults.append(Finding("OUT-TWIN", Place(one.path), values))
    return tuple(kept.values())


def _revisions(
    session: WorkSession,
    number: str,
    wanted: Wanted,
) -> Iterator[Print]:
    library = session.library
    held, current = library.held_copies(number), library.in_force(number)
    effective = library.effective(number)
    for entry in effective:
        coming = entry.effective > session.today
        request = _request(session, entry)
        if entry is current or coming:
            yield _uncontrolled(session, entry, request, coming=coming)
            if entry.document.controlled:
                for copy in (one for one in held if one.content == entry.document.content):
                    yield _controlled(session, *_as_issued(session, entry, request, copy), copy)
        elif wanted.obsolete and current is not None:
            yield _obsolete(session, entry, request, _after(entry, effective) or current)


def _after(entry: Released, entries: Sequence[Released]) -> Released | None:
    place = entries.index(entry)
    return entries[place + 1] if place + 1 < len(entries) else None


def _uncontrolled(
    session: WorkSession, entry: Released, request: RenderRequest, *, coming: bool
) -> Print:
    mark = StampRequest(
        base=b"",
        kind="uncontrolled",
        number=request.display_number,
        revision=entry.document.revision,
        printed_on=session.today,
        effective=entry.effective if coming else None,
    )
    return _released(session, entry, request, mark)


def _as_issued(
    session: WorkSession, entry: Released, request: RenderRequest, copy: HeldCopy
) -> tuple[Released, RenderRequest]:
    """The filing that a copy was issued of: its text may have been filed once more since."""
    filings = session.register.filings(entry.document.number, entry.document.content)
    named = first_named(filings, copy.named) or entry
    return (entry, request) if named is entry else (named, _request(session, named))


def _controlled(
    session: WorkSession, entry: Released, request: RenderRequest, copy: HeldCopy
) -> Print:
    """A numbered copy, as it was when it was issued: the mark of a later day stays on its paper."""
    document = entry.document
    mark = controlled_mark(entry, request.display_number, copy)
    path = copy_path(document.class_id, document.number, document.revision, copy.copy)
    made = _released(session, entry, request, mark)
    return replace(made, statement=copy.statement, path=path)


def _obsolete(
    session: WorkSession, entry: Released, request: RenderRequest, newer: Released
) -> Print:
    mark = StampRequest(
        base=b"",
        kind="obsolete",
        number=request.display_number,
        revision=entry.document.revision,
        printed_on=session.today,
        obsolete_from=newer.effective,
        replaced_by=newer.document.revision,
    )
    return _released(session, entry, replace(request, is_obsolete=True), mark)


def _released(
    session: WorkSession, entry: Released, request: RenderRequest, mark: StampRequest
) -> Print:
    return Print(
        name=_name(entry.document, mark.kind, mark.copy or None),
        request=request,
        mark=mark,
        statement=entry.filing.id,
        policy=policy_of(session, entry).content,
        path=entry.path,
    )


def _drafts(
    session: WorkSession, tree: Tree, tools: Hooks, takes: Callable[[str, Document], bool]
) -> Iterator[_Maker]:
    for one in working_texts(tree):
        document = one.read()
        if isinstance(document, Finding) or not takes(one.path, document):
            continue
        is_released = session.register.revision(*document.key) is not None
        if document.status != PUBLISHED and not is_released:
            yield partial(_draft, session, tree, tools, one.path, document)


def _draft(
    session: WorkSession, tree: Tree, tools: Hooks, path: str, document: Document
) -> tuple[Print, ...]:
    data = tree.read(path) or b""
    refuse_conflict(data, path)
    document = session.library.proved(path, document)
    if is_over(document):
        document = replace(document, slots=())  # nobody has signed what stands there now
    # Not the clock's: the same text is the same file, and isn't rendered again each time.
    signed = (session.policy_entry.filing, *document.statements)
    request = _render_request(
        session, document, session.policy, all_pictures(tree, tools, document),
        created=max(slot.time for slot in signed), path=path, entry=None,
    )  # fmt: skip
    request = replace(request, acts=_acts(session, document), line=body_line(data, document))
    mark = StampRequest(
        base=b"",
        kind="draft" if document.status == DRAFT else "in-review",
        number=request.display_number,
        revision=document.revision,
        printed_on=session.today,
    )
    made = Print(
        name=_name(document, mark.kind),
        request=request,
        mark=mark,
        statement=None,
        policy=session.policy_entry.content,
        path=path,
    )
    return (made,)


def _acts(session: WorkSession, document: Document) -> tuple[str, ...]:
    """What the chain of a document asks for, in order; nothing where no chain can be told."""
    try:
        steps = session.library.chain(document).steps
    except Refused:
        return ()
    return tuple(dict.fromkeys(step.act for step in steps))


def _name(document: Document, mark: str, copy: str | None = None) -> str:
    return print_name(document.class_id, document.number, document.revision, mark, copy)


def _request(session: WorkSession, entry: Released) -> RenderRequest:
    document = entry.document
    assets: dict[str, bytes] = {}
    for asset in document.assets:
        data = session.tree.read(asset_path(asset.sha256))
        if data is None:
            raise Refused(Finding("ASSET-MISSING", Place(entry.path), {"asset": asset.path}))
        assets[asset.path] = data
    request = _render_request(
        session, document, policy_of(session, entry).policy, assets,
        created=entry.filing.time, path=entry.path, entry=entry,
    )  # fmt: skip
    filed = session.tree.entry(entry.path)
    return request if filed is None else replace(
        request, line=body_line(session.tree.blob(filed.id), document)
    )  # fmt: skip


def _render_request(  # noqa: PLR0913 - the facts of one revision
    session: WorkSession,
    document: Document,
    policy: Policy,
    assets: Mapping[str, bytes],
    *,
    created: datetime,
    path: str,
    entry: Released | None,
) -> RenderRequest:
    numbering, scheme = spelling(session, policy, document.class_id)
    language = document.head.get("language")
    return RenderRequest(
        document=document,
        policy=policy,
        language=language if language in LANGUAGES else policy.organisation.language,
        display_number=numbering.display(document.number, document.revision),
        revision_text=Text(
            scheme.display(document.revision, ZH), scheme.display(document.revision, EN)
        ),
        amendments=amendments(session, document, entry),
        published=None if entry is None else entry.published,
        effective=None if entry is None else entry.effective,
        assets=assets,
        days=tuple(map(session.register.day, document.statements)),
        policies=tuple(
            None if under is None else under.policy
            for under in map(session.register.signed_under, document.statements)
        ),
        created=created,
        path=path,
        particulars=particulars(session.hooks, policy, document),
    )
