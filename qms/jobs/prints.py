"""What is printed for whom: the plan of a publishing run, from the register (DC-08, DC-38)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from qms.domain.document import DRAFT, PUBLISHED, Document
from qms.domain.entries import read_document
from qms.domain.policy import Names, Policy
from qms.domain.register import Released
from qms.findings import Finding, Place, Refused, refused
from qms.formats.digests import parse_time
from qms.formats.names import encode_part, revision_part
from qms.formats.paths import asset_path
from qms.jobs.drafts import chain_for
from qms.jobs.session import WorkSession
from qms.plugins import Hooks
from qms.printing import Amended, HeldCopy, RenderRequest, StampRequest

CODE_COMMIT = 20
"""Hex digits of the commit in a copy's code: 80 bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """One PDF to be made: which revision, which mark, under which name."""

    name: str
    request: RenderRequest
    mark: StampRequest


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the library is wanted: some numbers (all where empty), drafts, obsolete ones."""

    numbers: frozenset[str] = frozenset()
    drafts: bool = False
    obsolete: bool = False

    def takes(self, number: str) -> bool:
        """Whether a number is among them."""
        return not self.numbers or number in self.numbers


def plan(session: WorkSession, wanted: Wanted, tools: Hooks) -> tuple[Print, ...]:
    """What is to be printed, in the order of numbers. Raises `Refused` NOT-ON-TRUNK.

    `tools` are the plugins that print and that know which copies are out.
    """
    _refuse_off_trunk(session)
    prints: list[Print] = []
    for number in sorted(session.register.numbers()):
        if wanted.takes(number):
            held = tools.held_copies(session.register, session.policy, number, session.no_effect)
            prints.extend(_revisions(session, number, held, wanted))
    if wanted.drafts:
        prints.extend(_drafts(session, wanted))
    return tuple(prints)


def _refuse_off_trunk(session: WorkSession) -> None:
    trunk = session.repository.trunk(session.policy.trunk)
    if trunk is None or session.repository.merge_base(session.head, trunk) != session.head:
        raise refused("NOT-ON-TRUNK", branch=session.policy.trunk)


def _revisions(
    session: WorkSession,
    number: str,
    held: Sequence[HeldCopy],
    wanted: Wanted,
) -> Iterator[Print]:
    current = session.in_force(number)
    effective = session.effects.effective(number)
    for entry in effective:
        coming = entry.effective > session.today
        request = _request(session, entry)
        if entry is current or coming:
            yield _print(session, entry, request, "uncontrolled", None, coming=coming)
            if entry.document.controlled:
                for copy in (one for one in held if one.revision == entry.document.revision):
                    yield _print(session, entry, request, "controlled", copy, coming=coming)
        elif wanted.obsolete and current is not None:
            yield _obsolete(session, entry, request, _after(entry, effective) or current)


def _after(entry: Released, entries: Sequence[Released]) -> Released | None:
    place = entries.index(entry)
    return entries[place + 1] if place + 1 < len(entries) else None


def _print(  # noqa: PLR0913 - the facts of one print
    session: WorkSession,
    entry: Released,
    request: RenderRequest,
    kind: str,
    copy: HeldCopy | None,
    *,
    coming: bool,
) -> Print:
    document = entry.document
    mark = StampRequest(
        base=b"",
        kind=kind,
        number=request.display_number,
        revision=document.revision,
        printed_on=session.today,
        effective=entry.effective if coming else None,
    )
    if copy is not None:
        code = f"{document.number} {document.revision} {copy.copy} {session.head[:CODE_COMMIT]}"
        mark = replace(
            mark, copy=copy.copy, holder=copy.holder, department=copy.department, code=code
        )
    part = f"{kind}-{encode_part(copy.copy)}" if copy is not None else kind
    return Print(name=_name(document, part), request=request, mark=mark)


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
    return Print(name=_name(entry.document, "obsolete"), request=request, mark=mark)


def _drafts(session: WorkSession, wanted: Wanted) -> Iterator[Print]:
    for path, entry in session.tree.files("documents"):
        document = read_document(session.tree, path, entry)
        if isinstance(document, Finding) or not wanted.takes(document.number):
            continue
        if document.status == PUBLISHED:
            continue
        assets = {a.path: session.tree.read(a.path) or b"" for a in document.assets}
        times = [parse_time(slot.at) for slot in document.slots if slot.at is not None]
        request = _render_request(
            session, document, session.policy, assets,
            created=max(times, default=session.now), path=path, entry=None,
        )  # fmt: skip
        request = replace(request, acts=_acts(session, document))
        kind = "draft" if document.status == DRAFT else "in-review"
        mark = StampRequest(
            base=b"",
            kind=kind,
            number=request.display_number,
            revision=document.revision,
            printed_on=session.today,
        )
        yield Print(name=_name(document, kind), request=request, mark=mark)


def _acts(session: WorkSession, document: Document) -> tuple[str, ...]:
    """What the chain of a document asks for, in order; nothing where no chain can be told."""
    try:
        steps = chain_for(session, document).steps
    except Refused:
        return ()
    return tuple(dict.fromkeys(step.act for step in steps))


def _name(document: Document, part: str) -> str:
    number = "/".join(encode_part(one) for one in document.number.split("/")).replace("/", "+")
    return f"{document.class_id}/{number}_{revision_part(document.revision)}_{part}.pdf"


def _request(session: WorkSession, entry: Released) -> RenderRequest:
    document = entry.document
    assets: dict[str, bytes] = {}
    for asset in document.assets:
        data = session.tree.read(asset_path(asset.sha256))
        if data is None:
            raise Refused(Finding("ASSET-MISSING", Place(entry.path), {"asset": asset.path}))
        assets[asset.path] = data
    cited = session.register.policy(_policy_of(entry) or "")
    policy = session.policy if cited is None else cited.policy
    return _render_request(
        session, document, policy, assets,
        created=parse_time(entry.filing.at or ""), path=entry.path, entry=entry,
    )  # fmt: skip


def _policy_of(entry: Released) -> str | None:
    return entry.filing.signed.policy if entry.filing.signed is not None else None


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
    scheme = session.version_scheme(document.class_id)
    language = document.head.get("language")
    return RenderRequest(
        document=document,
        policy=policy,
        language=language if language in ("zh", "en") else policy.organisation.language,
        display_number=session.numbering(document.class_id).display(
            document.number, document.revision
        ),
        revision_text=Names(
            {language: scheme.display(document.revision, language) for language in ("zh", "en")}
        ),
        amendments=amendments(session, document, entry),
        published=None if entry is None else entry.published,
        effective=None if entry is None else entry.effective,
        assets=assets,
        days=tuple(map(session.register.day, document.slots)),
        created=created,
        path=path,
    )


def amendments(
    session: WorkSession, document: Document, entry: Released | None
) -> tuple[Amended, ...]:
    """The amendment record up to a revision, from what was signed (DC-07).

    Of a released `entry` what it builds on and itself, never a text that gave way to it; of a
    draft what the next revision follows.
    """
    number = document.number
    last = entry or session.effects.newest(number)
    if last is None:
        return ()
    counted = {one.revision.content: one.filing for one in session.effects.line(number).stages}
    behind = session.register.lineage(number).behind(last)
    line = [last, *(counted.get(f[0].document.content) or f[0] for f in behind)]
    return tuple(
        Amended(
            revision=one.document.revision,
            day=one.published,
            summary=one.document.summary or "",
            prepared_by=_signers(one.document, ("prepare",)),
            approved_by=_signers(one.document, ("approve",)),
            change=one.document.change or "",
        )
        for one in reversed(line)
    )


def _signers(document: Document, acts: Iterable[str]) -> str:
    names = [s.signed.name for s in document.signed() if s.act in acts and s.signed is not None]
    return "、".join(names)
