"""What an auditor looks at: the list, one document, who signed what, what was in force on a day.

Only reads; everything is derived from the register and from working texts, at one commit.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache, lru_cache

from qms.domain.kinds.chain import ChainStep
from qms.domain.kinds.document import APPROVED, IN_REVIEW, Document, parse_document
from qms.domain.kinds.limits import limit_fault
from qms.domain.kinds.log import ACTS, REJECTS
from qms.domain.kinds.reading import no_folder
from qms.domain.register.next_slots import waiting_for
from qms.domain.register.register import Event, Released
from qms.domain.verdict.working import earned_status
from qms.findings import Refused, refused
from qms.formats.paths import parse_path
from qms.formats.slots import Statement
from qms.formats.tree import EXECUTABLE, FILE
from qms.installed import TOOLS
from qms.jobs.proved import proved
from qms.jobs.repository_history import judgement_of
from qms.jobs.session import WorkSession
from qms.plugins import Hooks
from qms.storage.trees import CommitTree


class Status(StrEnum):
    """What a revision is, as people say it; only the first three ever stand in a file."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    APPROVED = "approved"
    PUBLISHED = "published"
    IN_FORCE = "in-force"
    SUPERSEDED = "superseded"
    VOID = "void"
    ANNULLED = "annulled"
    DISPLACED = "displaced"
    CONTESTED = "contested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One revision in the list of controlled documents."""

    document: Document
    status: Status
    released: Released | None
    copies_out: int = 0
    older_copies_out: int = 0
    """Copies of superseded revisions of the same number that are not back yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One revision with who must still sign it."""

    listed: Listed
    path: str
    waiting: tuple[tuple[ChainStep, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Somebody signed something: a step of a revision, or an event in a copy's life."""

    number: str
    revision: str
    copy: str | None
    slot: Statement
    commit: str = ""
    is_attested: bool = False
    """Whether the revision is legacy: what is signed is what a paper of before says."""
    has_effect: bool = True
    """Whether an event in a copy's life counts: no ruling, time or later policy ended it."""


Papers = Callable[[str], Mapping[str, int]]
"""How many papers of each revision of a number are out."""


def listed(session: WorkSession, wanted: Status | None = None) -> Iterator[Listed]:
    """The list of controlled documents: of each number the revision to work by, and open ones.

    What is contested is among them. With `wanted` all revisions that are this, also older ones.
    """
    papers = _papers_out(session)
    for number in sorted({**session.register.numbers(), **_working_paths(session)}):
        if wanted is None:
            yield from _of_number(session, number, papers)
        else:
            yield from (one for one in _every(session, number, papers) if one.status is wanted)


def _every(session: WorkSession, number: str, papers: Papers) -> Iterator[Listed]:
    for entry in session.register.released(number):
        yield _listed_revision(session, entry, papers)
    yield from _open(session, number)


def _open(session: WorkSession, number: str) -> Iterator[Listed]:
    text = working_text(session, number)
    if text is not None and session.register.revision(*text.key) is None:
        yield Listed(document=text, status=open_status(session, text), released=None)


def _papers_out(session: WorkSession) -> Papers:
    """What those plugins say that know of copies: the one answer to whether a copy is out."""
    tools = Hooks(session.policy.plugins, (TOOLS,))

    @cache
    def papers(number: str) -> Mapping[str, int]:
        found: Counter[str] = Counter()
        for one in tools.held_copies(session.register, session.policy, number, session.no_effect):
            found[one.revision] += one.papers
        return found

    return papers


def _of_number(session: WorkSession, number: str, papers: Papers) -> Iterator[Listed]:
    entries = session.register.released(number)
    in_force, effective = session.in_force(number), session.effective(number)
    coming = effective if in_force is None else effective[effective.index(in_force) + 1 :]
    now = [*coming] if in_force is None else [in_force, *coming]
    now += [one for one in entries if status(session, one) is Status.CONTESTED]
    for entry in now or entries[-1:]:
        yield _listed_revision(session, entry, papers)
    yield from _open(session, number)


def _listed_revision(session: WorkSession, entry: Released, papers: Papers) -> Listed:
    """A released revision as the list shows it."""
    found = status(session, entry)
    older = _before(session, entry) if found is Status.IN_FORCE else ()
    out = papers(entry.document.number)
    return Listed(
        document=entry.document,
        status=found,
        released=entry,
        copies_out=out.get(entry.document.revision, 0),
        older_copies_out=sum(out.get(one.document.revision, 0) for one in older),
    )


def _before(session: WorkSession, entry: Released) -> Iterator[Released]:
    """The revisions that an entry took the place of: those that it builds on, not its rivals.

    One for each string: papers of all texts that claim one lie in one list.
    """
    known = session.register.lineage(entry.document.number)
    return (filings[0] for filings in known.behind(entry))


def status(session: WorkSession, entry: Released, day: date | None = None) -> Status:
    """What a released revision is on `day` (default today)."""
    day = day or session.today
    number, effects = entry.document.number, session.effects
    content = entry.document.content
    line = effects.line(number)
    counts = next((one.filing for one in line.stages if entry in one.revision.filings), None)
    if counts is not None:
        if counts.effective > day:
            return Status.PUBLISHED
        in_force = session.in_force(number, day)
        return Status.IN_FORCE if in_force is counts else Status.SUPERSEDED
    ruled = effects.standing.verdict(number, entry.filing.id)
    if ruled is False:
        return Status.ANNULLED
    if ruled is None and effects.void(entry) is not None:
        return Status.VOID
    gave_way = (
        one
        for fork in line.forks
        if fork.stands is not None
        for branch in fork.branches
        if branch is not fork.stands
        for one in effects.register.lineage(number).branch(branch)
    )
    return Status.DISPLACED if any(one.content == content for one in gave_way) else Status.CONTESTED


def open_status(session: WorkSession, document: Document) -> Status:
    """What a working text has earned by its slots; its own status word decides nothing."""
    judge = judgement_of(session.hooks, session.checker.history).judge
    try:
        earned = earned_status(judge, document, session.register)
    except Refused:
        return Status.DRAFT
    words = {IN_REVIEW: Status.IN_REVIEW, APPROVED: Status.APPROVED}
    return words.get(earned, Status.DRAFT)


def _working_paths(session: WorkSession) -> Mapping[str, str]:
    tree = session.work_tree
    numbers, no_files = _in_documents(tree)
    for path in no_files:
        fault = limit_fault(tree, path) or no_folder(tree, path)
        if fault is not None:
            session.checker.failing[path] = fault
    return numbers


@lru_cache(maxsize=1)
def _in_documents(tree: CommitTree) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """The paths of working texts by number, and of what nobody can look into, as links."""
    found: dict[str, str] = {}
    no_files: list[str] = []
    if not tree.folder("documents"):
        no_files.append("documents")
    for path, entry in tree.files("documents"):
        number = parse_path(path).number
        if entry.mode not in (FILE, EXECUTABLE):
            no_files.append(path)
        if number and not entry.is_folder:
            found[number] = path
    return found, tuple(no_files)


def unreadable(session: WorkSession) -> tuple[str, ...]:
    """Working texts that no list can show, because they can't be read; `check` says why."""
    return tuple(
        path
        for number, path in sorted(_working_paths(session).items())
        if working_text(session, number) is None
    )


def working_text(session: WorkSession, number: str) -> Document | None:
    """The working text of a number as it lies in the work tree; None where it can't be read.

    Without what stands in it as signed and doesn't hold (`proved`).
    Then the session knows it as failing.
    """
    path = _working_paths(session).get(number)
    data = session.work_tree.read(path) if path is not None else None
    if data is None:
        return None
    try:
        return proved(session, path or "", parse_document(data))
    except Refused as error:
        session.checker.failing.setdefault(path or "", error.finding.at(path=path or ""))
        return None


def shown(session: WorkSession, number: str, revision: str | None = None) -> tuple[Shown, ...]:
    """One revision of a document; without `revision` the one in force and those to come.

    Raises `Refused` REVISION-UNKNOWN.
    """
    text = working_text(session, number)
    is_open = text is not None and session.register.revision(*text.key) is None
    papers = _papers_out(session)
    if revision is None:
        return tuple(_shown(session, one) for one in _of_number(session, number, papers))
    entry = session.revision(number, revision)
    if entry is not None:
        return (_shown(session, _listed_revision(session, entry, papers)),)
    if text is not None and is_open and text.revision == revision:
        open_one = Listed(document=text, status=open_status(session, text), released=None)
        return (_shown(session, open_one),)
    raise refused("REVISION-UNKNOWN", number=number, revision=revision,
                  known=", ".join(revisions(session, number)) or "-")  # fmt: skip


def _shown(session: WorkSession, one: Listed) -> Shown:
    document = one.document
    if one.released is not None:
        return Shown(listed=one, path=one.released.place_in(session.tree))
    path = _working_paths(session)[document.number]
    if one.status is Status.DRAFT:
        return Shown(listed=one, path=path)
    try:
        days = tuple(map(session.register.day, document.statements))
        chain = session.hooks.chain(session.policy, document, days)
    except Refused:
        return Shown(listed=one, path=path)
    return Shown(listed=one, path=path, waiting=waiting_for(chain, document))


def revisions(session: WorkSession, number: str) -> tuple[str, ...]:
    """All revisions of a number, oldest first, an open one last."""
    names = [entry.document.revision for entry in session.register.released(number)]
    text = working_text(session, number)
    if text is not None and text.revision not in names:
        names.append(text.revision)
    return tuple(names)


def text_of(session: WorkSession, number: str, revision: str) -> Document:
    """The text of a revision, released or open. Raises `Refused` REVISION-UNKNOWN."""
    entry = session.revision(number, revision)
    if entry is not None:
        return entry.document
    text = working_text(session, number)
    if text is not None and text.revision == revision:
        return text
    raise refused("REVISION-UNKNOWN", number=number, revision=revision,
                  known=", ".join(revisions(session, number)) or "-")  # fmt: skip


def history(session: WorkSession, number: str) -> tuple[Signed, ...]:
    """Everything signed about a number, in the order of time: all revisions, rounds and copies.

    Rulings and rejections too, whichever text lacks them. Of a revision not yet released what
    stands in its working text. Each signature once, in however many files it stands.
    """
    found: list[Signed] = []
    for entry in session.register.released(number):
        found += _slots(entry.document, entry.commit)
        for events in session.register.copies(*entry.document.key).values():
            found += [
                replace(_event(event), has_effect=session.no_effect(event) is None)
                for event in events
            ]
    found += [_event(event) for event in session.register.of_number(ACTS, number)]
    text = working_text(session, number)
    if text is not None and session.register.revision(*text.key) is None:
        found += _slots(text, "")
    for events in session.register.lists(REJECTS, number).values():
        found += [_event(event) for event in events]
    once = {one.slot.id: one for one in reversed(found)}.values()
    return tuple(
        sorted(once, key=lambda one: (_moment(one.slot)[0], one.copy or "", _moment(one.slot)))
    )


def _moment(slot: Statement) -> tuple[datetime, int]:
    return slot.time, int(slot.step) if slot.step.isdecimal() else 0


def _slots(document: Document, commit: str) -> Iterator[Signed]:
    for slot in document.statements:
        subject = slot.subject
        yield Signed(
            number=subject.number or document.number,
            revision=subject.revision or document.revision,
            copy=None,
            slot=slot,
            commit=commit,
            is_attested=document.legacy is not None,
        )


def _event(event: Event) -> Signed:
    log, named = event.log, event.slot.subject.revision
    return Signed(
        number=log.number,
        revision=log.revision or named or "",
        copy=log.copy or None,
        slot=event.slot,
        commit=event.commit,
    )


def as_of(session: WorkSession, day: date, number: str | None = None) -> tuple[Released, ...]:
    """What was in force on `day`: of all numbers, or of one."""
    numbers = sorted(session.register.numbers()) if number is None else [number]
    found = (session.in_force(one, day) for one in numbers)
    return tuple(entry for entry in found if entry is not None)


def attested_on(session: WorkSession, day: date, number: str | None = None) -> tuple[Released, ...]:
    """What papers say was in force on `day`, before it came into force here: nobody can prove it.

    Of a number that began as legacy, from the day its paper names to that of its own release.
    """
    numbers = sorted(session.register.numbers()) if number is None else [number]
    first = (session.effects.effective(one)[:1] for one in numbers)
    return tuple(
        entry
        for entries in first
        for entry in entries
        if (paper := entry.document.legacy) is not None and paper.effective <= day < entry.effective
    )
