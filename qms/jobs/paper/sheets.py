"""Sheets that plugins name beyond documents (`prints`), as what is printed and marked (DC-08).

For a sheet stands a document that is none: whoever renders documents renders it. It is the plugin's
kind of print for a class, and bears the signatures of the text that it is about.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from qms.domain.kinds.document import DRAFT, PUBLISHED, Document
from qms.domain.library.filed_texts import TextAt, proved, status_of
from qms.domain.library.status import Status
from qms.domain.register.register import PolicyEntry
from qms.findings import Finding, Place, Refused
from qms.formats.digests import sha256
from qms.formats.paths import asset_path
from qms.formats.print_names import print_name
from qms.formats.tree import Tree
from qms.jobs.judging.printable import all_pictures, as_printed, body_line, facts_printed
from qms.jobs.paper.particulars import printed
from qms.jobs.paper.planned import Print
from qms.jobs.sessions.work_session import WorkSession
from qms.plugins import Hooks
from qms.printing import (
    NamedPrint,
    NamedSheet,
    PrintedField,
    RenderRequest,
    StampRequest,
)
from qms.texts import Text

_ONLY: Final = "1"
"""The revision of what has no other: a file's name says one."""


class SheetOf(NamedTuple):
    """A sheet, and what its plugin calls such sheets."""

    named: NamedPrint
    sheet: NamedSheet
    apart: str = ""
    """What tells it from another that was filed for the same place; both are kept."""

    @property
    def at(self) -> TextAt | None:
        """The text that it is about."""
        return self.sheet.at

    @property
    def goes_round(self) -> bool:
        """Whether the text that it is about isn't filed yet."""
        return self.at is not None and self.at.entry is None

    @property
    def revision(self) -> str:
        """Its edition, as its file is called; on its pages it has one only where its kind does."""
        return ".".join(part for part in (self.sheet.revision or _ONLY, self.apart) if part)

    @property
    def path(self) -> str:
        """Where the text lies that it is about; of another what findings name it by."""
        return f"{self.named.name}/{self.sheet.number}" if self.at is None else self.at.path


def sheets_of(session: WorkSession, tools: Hooks) -> Iterator[SheetOf]:
    """All sheets that there are. Raises `QmsError` PRINT-TWICE."""
    for named in tools.prints():
        yield from (SheetOf(named, sheet) for sheet in tools.sheets(named, session.library))


def told_apart(sheets: Iterable[SheetOf]) -> Iterator[SheetOf]:
    """Each sheet, those of two texts that one place was filed for under editions that differ.

    Both have effect, and nobody rules on them (TEXT-TWICE): neither takes the other's place.
    """
    found = tuple(sheets)
    names = Counter(map(_name, found))
    for one in found:
        entry = None if one.at is None else one.at.entry
        is_twin = entry is not None and names[_name(one)] > 1
        yield one._replace(apart=entry.beside) if entry is not None and is_twin else one


def _name(one: SheetOf) -> tuple[str, str, str, bool]:
    return one.named.name, one.sheet.number, one.sheet.revision, one.goes_round


def number_printed(session: WorkSession, tools: Hooks, text: str) -> str:
    """The number of what somebody wants printed: of a sheet, else of a document.

    Raises `Refused` NUMBER-UNKNOWN.
    """
    for one in sheets_of(session, tools):
        if text in (one.sheet.number, one.path):
            return one.sheet.number
    return session.library.number_meant(text)


def sheet_prints(session: WorkSession, tools: Hooks, one: SheetOf, tree: Tree) -> tuple[Print, ...]:
    """What is made of a sheet; `tree` holds the pictures of a text that goes round.

    Raises `Refused` ASSET-MISSING, BAD-NAME.
    """
    request = _request(session, tools, one, tree)
    document, mark = request.document, _mark(session, one, request)
    entry = None if one.at is None else one.at.entry
    made = Print(
        name=print_name(document.class_id, document.number, document.revision, mark.kind, None),
        request=request,
        mark=mark,
        statement=None if entry is None else entry.id,
        policy=_policy(session, one).content,
        path=one.path,
    )
    return (made,)


def _request(session: WorkSession, tools: Hooks, one: SheetOf, tree: Tree) -> RenderRequest:
    document = _document(session, one)
    statements = document.statements
    policy, entry = _policy(session, one).policy, None if one.at is None else one.at.entry
    signed = (session.policy_entry.filing, *statements)
    acts = (session.hooks.act(slot.act) for slot in document.slots)
    return RenderRequest(
        document=document,
        policy=policy,
        language=policy.organisation.language,
        display_number=document.number,
        revision_text=Text(one.sheet.revision, one.sheet.revision),
        amendments=(),
        published=None if entry is None else session.register.day(entry.filing),
        effective=None,
        assets=_pictures(tools, one, tree),
        acts=tuple(dict.fromkeys(slot.act for slot in document.slots)),
        days=tuple(map(session.register.day, statements)),
        policies=tuple(
            None if under is None else under.policy
            for under in map(session.register.signed_under, statements)
        ),
        created=max(slot.time for slot in signed),
        path=one.path,
        line=_line(one, tree),
        class_name=one.named.title,
        edition=one.sheet.revision,
        filing=one.apart,
        particulars=_facts(one),
        act_words={
            act.name: Text(act.called("zh"), act.meaning.capitalize())
            for act in acts
            if act is not None
        },
    )


def _facts(one: SheetOf) -> tuple[PrintedField, ...]:
    """What the head of the text says, that the sheet is about: it was signed, so it is printed."""
    if one.at is None:
        return ()
    return printed(facts_printed(one.at.text), one.sheet.fact_names)


def _mark(session: WorkSession, one: SheetOf, request: RenderRequest) -> StampRequest:
    """The mark of a sheet: uncontrolled, of a text that goes round what it is."""
    document = request.document
    going = "draft" if document.status == DRAFT else "in-review"
    return StampRequest(
        base=b"",
        kind=going if one.goes_round else "uncontrolled",
        number=document.number,
        revision=one.sheet.revision,
        printed_on=session.today,
    )


def has_effect(session: WorkSession, one: SheetOf) -> bool:
    """Whether it is about something that has no effect: that is never printed as if it had."""
    return one.at is None or status_of(session.library, one.at) is not Status.VOID


def _document(session: WorkSession, one: SheetOf) -> Document:
    sheet = one.sheet
    at = None if one.at is None else proved(session.library, one.at)
    slots = () if at is None or at.text.rejected() else at.text.slots
    language = _policy(session, one).policy.organisation.language
    return Document(
        number=sheet.number,
        title=sheet.title.of(language),
        title_en=sheet.title.of("en"),
        class_id=one.named.name,
        revision=one.revision,
        controlled=False,
        owner=sheet.owner,
        prepared_by="",
        content=sha256(sheet.body.encode()) if at is None else at.text.content,
        body=sheet.body,
        status=PUBLISHED if at is None or at.entry is not None else at.text.status,
        slots=slots,
        head={},
    )


def _policy(session: WorkSession, one: SheetOf) -> PolicyEntry:
    """The policy by which a sheet is printed: that of the filing, else the one in force."""
    entry = None if one.at is None else one.at.entry
    cited = None if entry is None else session.register.policy(entry.filing.policy or "")
    return session.policy_entry if cited is None else cited


def _line(one: SheetOf, tree: Tree) -> int:
    """The line of its file where the body begins of the text that is printed; 1 of what has none.

    A plugin may lay out other words than the text's: then lines are those of its sheet.
    """
    if one.at is None or one.sheet.body != one.at.text.body:
        return 1
    data = tree.read(one.at.path)
    return 1 if data is None else body_line(data, as_printed(one.at.text))


def _pictures(tools: Hooks, one: SheetOf, tree: Tree) -> dict[str, bytes]:
    """The pictures of the text that a sheet is about: of a filed one those that were filed.

    Of a draft those that it shows, too: they are listed when it is sent.
    """
    if one.at is None:
        return {}
    text, found = one.at.text, dict[str, bytes]()
    for asset in text.assets:
        data = tree.read(asset.path if one.goes_round else asset_path(asset.sha256))
        if data is None:
            raise Refused(Finding("ASSET-MISSING", Place(one.path), {"asset": asset.path}))
        found[asset.path] = data
    if one.goes_round and text.status == DRAFT:
        found |= all_pictures(tree, tools, as_printed(text))
    return found
