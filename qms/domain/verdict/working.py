"""Working text: free, but honest. It decides nothing; it must not say more than is signed.

What says published is the newest released bytes; what says in review or approved has the slots
for it, over this very content.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date

from qms.domain.kinds.distinct_persons import Persons
from qms.domain.kinds.document import (
    APPROVED,
    DRAFT,
    IN_REVIEW,
    PUBLISHED,
    Asset,
    Document,
    head_faults,
)
from qms.domain.kinds.filed import SignedText
from qms.domain.kinds.hidden import hidden_lines
from qms.domain.kinds.kind import WORKING_KIND
from qms.domain.kinds.own_place import lies_at
from qms.domain.kinds.reading import read_document
from qms.domain.library.earned import earned_status, ended_faults, is_over, says_released
from qms.domain.library.effect import Effects
from qms.domain.library.open_chain import open_chain
from qms.domain.register.beginning import working_fault
from qms.domain.register.endless import too_few
from qms.domain.register.gone_classes import gone_class
from qms.domain.register.losses import text_difference
from qms.domain.register.register import Register
from qms.domain.register.revisions import (
    persons_fault,
    round_fault,
    seats_fault,
    signatures_fault,
)
from qms.domain.register.statement_holds import Judge
from qms.domain.verdict.added_keys import added_key_faults, wanted_head
from qms.domain.verdict.misplaced_text import misplaced_text
from qms.domain.verdict.quotes import curly_quotes
from qms.findings import Finding, Place, QmsError, Reason, Refused
from qms.formats.digests import sha256
from qms.formats.leaks import leak_in
from qms.formats.names import number_path
from qms.formats.paths import document_path, parse_path
from qms.formats.schema import RecordType
from qms.formats.slips import slip
from qms.formats.slots import Notice
from qms.formats.tree import FILE, Tree, TreeEntry


def working_faults(  # noqa: PLR0913, PLR0917 - what is looked at, and beside what
    effects: Effects,
    tree: Tree,
    path: str,
    at: Sequence[str],
    today: date | None = None,
    before: Tree | None = None,
) -> Iterator[Finding]:
    """What is dishonest about the working text at `path`; no day is ahead without a `today`.

    `before` is the tree that it may be gone from.
    """
    entry = tree.entry(path)
    if entry is None:
        yield from _absent(path, effects, tree, before)
        return
    if entry.mode != FILE:
        return  # named where the modes of all files are looked at
    document = _as_released(path, entry, effects) or read_document(tree, path, entry)
    if isinstance(document, Finding):
        newest = _newest_at(path, effects)
        cause = _cause(tree, entry, document)
        wanted = wanted_head(effects, path)
        every = _every_fault(document, tree, entry, wanted) if cause is document else ()
        document = cause
        if newest is None and len(every) > 1:
            yield from (fault.at(path=path) for fault in every)
        else:
            yield replace(document, about=newest or document.about)
        return
    told = (*added_key_faults(effects, document, path),) or (
        *_misplaced(effects, tree, path, document),
    )
    if told:
        yield from told
        return
    if says_released(effects.judge, document, effects.register, effects.policy):
        found: Iterable[Finding] = _published(effects, tree, document, entry.id)
    else:
        found = (
            *_unfinished(effects, document, at, today),
            *_leaks(tree.blob(entry.id)),
            *curly_quotes(document),
        )
    try:
        hidden = tuple(_hidden(document, tree, entry))
        faults = (*found, *_assets(tree, document), *hidden[:1])
        for fault in faults:
            yield replace(fault.at(path=path), about=document.about)
        if len(faults) == 1:  # each line is for somebody to mend; beside another cause one tells it
            yield from (fault.at(path=path) for fault in hidden[1:])
    except Refused as refused:
        yield replace(refused.finding.at(path=path), about=document.about)


def _misplaced(effects: Effects, tree: Tree, path: str, document: Document) -> Iterator[Finding]:
    """What is told of a text that lies elsewhere than its head says."""
    if not lies_at(path, WORKING_KIND, document):
        policy = None if effects.policy is None else effects.policy.policy
        yield misplaced_text(effects.judge.answers, policy, tree, path, document)


def _cause(tree: Tree, entry: TreeEntry, found: Finding) -> Finding:
    """The slip behind what a reader refused, as far as the file can be read at all."""
    try:
        return slip(found, tree.blob(entry.id))
    except QmsError:
        return found


def _has_moved(tree: Tree, number: str) -> bool:
    """Whether the working text lies under another class: the next revision changes it."""
    return _lies_anywhere(tree, number)


def _lies_anywhere(tree: Tree, number: str) -> bool:
    """Whether there is a working text of a number, in whatever class."""
    try:
        inside = number_path(number)
    except Refused:
        return False
    return any(
        tree.entry(f"documents/{name}/{inside}.md") is not None
        for name, entry in tree.folder("documents").items()
        if entry.is_folder
    )


def _as_released(path: str, entry: TreeEntry, effects: Effects) -> Document | None:
    """The released revision whose very bytes stand here: it need not be read again."""
    entries = effects.register.released(parse_path(path).number)
    return next((one.document for one in entries if one.blob == entry.id), None)


def _absent(path: str, effects: Effects, tree: Tree, before: Tree | None) -> Iterator[Finding]:
    number = parse_path(path).number
    lost = _in_review(before, path)
    if lost is not None and not _has_moved(tree, number):
        signers = ", ".join(dict.fromkeys(slot.name for slot in lost.signed()))
        values = {"number": number, "revision": lost.revision, "signers": signers}
        yield Finding("REVIEW-GONE", Place(path), values, lost.about)
        return
    newest = effects.newest(number)
    if newest is not None:
        document = newest.document
        if document_path(document.class_id, document.number) == path and not _has_moved(
            tree, document.number
        ):
            values = {"number": document.number, "revision": document.revision}
            yield Finding("DOC-MISSING", Place(path), values, document.about)


def _in_review(before: Tree | None, path: str) -> Document | None:
    """The text that went round at `path`, signed by somebody, before it was taken away."""
    entry = None if before is None else before.entry(path)
    if before is None or entry is None or entry.mode != FILE:
        return None
    found = read_document(before, path, entry)
    if isinstance(found, Finding) or found.status not in (IN_REVIEW, APPROVED):
        return None
    return found if found.signed() and found.rejected() is None else None


def _newest_at(path: str, effects: Effects) -> str | None:
    newest = effects.newest(parse_path(path).number)
    return None if newest is None else newest.document.about


def raised_from(register: Register, document: Document) -> str | None:
    """The released revision whose signatures a text bears that names another; None elsewhere."""
    mine = [slot.id for slot in document.statements]
    for one in register.released(document.number) if mine else ():
        theirs = [slot.id for slot in one.document.statements]
        if one.document.revision != document.revision and theirs == mine:
            return one.document.revision
    return None


def _published(effects: Effects, tree: Tree, document: Document, blob: str) -> tuple[Finding, ...]:
    """What says published is the newest released text: the bytes of any of its filings.

    Where the line is contested, any text that could be the newest.
    """
    values = {"number": document.number, "revision": document.revision}
    line = effects.line(document.number)
    named = effects.register.named(document.number, document.revision)
    if not named:
        base = raised_from(effects.register, document)
        if base is not None:
            told = Finding("REVISION-RAISED", Place(field="revision"), values | {"base": base})
            return (told,)
        steps = ", ".join(slot.step for slot in document.slots if isinstance(slot, Notice)) or "-"
        return (Finding("DOC-UNAPPROVED", values=values | {"steps": steps}),)
    newest = [line.newest] if line.newest is not None else []
    newest += [stage.revision for stage in line.stages[-1:]]  # what lies behind has no effect
    newest += [one for fork in line.forks if fork.stands is None for one in fork.branches]
    filings = [one for revision in newest for one in revision.filings]
    if any(one.blob == blob for one in filings):
        return ()
    of_text = [one for one in named if one.document.content == document.content] or list(named)
    faults = [text_difference(effects.judge, one.document, document) for one in of_text]
    if None not in faults:
        return (faults[0],) if faults[0] is not None else ()
    if line.newest is not None and all(one.document.content != document.content for one in filings):
        entry = effects.newest(document.number) or line.newest.filings[0]
        facts = {"newest": f"{line.newest.name} {entry.beside}", "place": entry.place_in(tree)}
        return (Finding("DOC-OLD", values=values | facts),)
    return ()


def _unfinished(
    effects: Effects, document: Document, at: Sequence[str], today: date | None
) -> Iterator[Finding]:
    judge, register = effects.judge, effects.register
    values = {"number": document.number, "revision": document.revision}
    never = _never_released(effects, document, today)
    if never is not None:
        yield never
        return
    if document.status == DRAFT and not document.signed():
        yield from _endless(effects, document)
        return
    if is_over(document):
        yield from _ended(judge, document, register)
        return
    if document.status == DRAFT:
        yield Finding("STATUS-STALE", Place(field="status"), values | {"found": document.status})
        return
    policy = effects.policy
    fault = signatures_fault(judge, document, register, at, Reason.SIGNED_ANOTHER) or next(
        (untimely for _, untimely in effects.times.faults(document)), None
    )
    if fault is None and policy is not None:
        try:
            fault = seats_fault(judge, document, document.signed(), register) or persons_fault(
                judge.answers.chain(policy.policy, document),
                document.signed(),
                policy.policy,
                whole=False,
            )
        except Refused as refused:
            fault = gone_class(register, policy.policy, refused).finding
    if fault is not None:
        yield fault
        return
    claimed = tuple(_claim(effects, document))
    yield from claimed or _endless(effects, document)


def _endless(effects: Effects, document: Document) -> Iterator[Finding]:
    """That the persons who are left don't suffice; of its round alone, whatever the next may be."""
    policy = effects.policy
    if policy is None:
        return
    with suppress(Refused):  # a class without a chain is told where its chain is
        chain = open_chain(effects, document, policy.policy)
        yield from too_few(Persons.under(policy.policy, chain), document)


def _never_released(effects: Effects, document: Document, today: date | None) -> Finding | None:
    """What keeps a text from ever being released as it stands, whoever signs it from now on."""
    judge, register = effects.judge, effects.register
    values = {"number": document.number, "revision": document.revision}
    if register.named(document.number, document.revision):
        return Finding("REVISION-REUSE", values=values)
    for rejection in () if _is_blank(document) else effects.standing.rejections(document):
        slot = rejection.slot
        if effects.standing.verdict(document.number, slot.id) is not False:
            told = {"step": slot.step, "person": slot.person, "at": slot.at or "-"}
            return Finding("ROUND", values=values | told)
    if document.rejected() is not None:
        return None  # its round is over, and whoever opens the next one is told
    newest = effects.policy
    policy = None if newest is None else newest.policy
    return working_fault(judge, document, register, policy, today)


def _is_blank(document: Document) -> bool:
    """Whether a text is a draft without a slot about this revision, as `revise` makes it.

    It claims nothing, and the rounds that were rejected lie in their list: a submit goes on behind
    them. What keeps one of its rounds is to keep all.
    """
    return document.status == DRAFT and all(
        slot.subject != document.subject for slot in document.statements
    )


def _ended(judge: Judge, document: Document, register: Register) -> Iterator[Finding]:
    """What is dishonest about a round that a reject ended; the text may have changed since."""
    for _, broken in ended_faults(judge, document, register):
        yield broken
        return
    of_this_text = [slot for slot in document.signed() if slot.content == document.content]
    fault = seats_fault(judge, document, of_this_text, register) or round_fault(document)
    if fault is not None:
        yield fault


def _claim(effects: Effects, document: Document) -> Iterator[Finding]:
    """A file that says more than its slots give; or less, which is only a warning."""
    judge, register = effects.judge, effects.register
    values = {"number": document.number, "revision": document.revision}
    policy = judge.newest_cited(document.signed(), register) or effects.policy
    if policy is None:
        return
    earned = earned_status(judge, document, register)
    rank = (DRAFT, IN_REVIEW, APPROVED, PUBLISHED)
    if rank.index(document.status) > rank.index(earned):
        steps = ", ".join(slot.step for slot in document.slots if isinstance(slot, Notice)) or "-"
        yield Finding("DOC-UNAPPROVED", Place(field="status"), values | {"steps": steps})
    elif document.status != earned:
        yield Finding("STATUS-STALE", Place(field="status"), values | {"found": document.status})


def _assets(tree: Tree, document: Document) -> Iterator[Finding]:
    """Pictures of a text in review or approved; those of a published one lie in released/."""
    if document.status not in (IN_REVIEW, APPROVED):
        return
    for asset in document.assets:
        try:
            data = tree.read(asset.path)
        except Refused as refused:
            yield refused.finding.at(path=asset.path)
            continue
        fault = picture_fault(document, asset, data)
        if fault is not None:
            yield fault


def picture_fault(document: SignedText, asset: Asset, data: bytes | None) -> Finding | None:
    """What is wrong with the content of a picture that a text in review shows, or None."""
    place = Place(asset.path)
    if data is None:
        return Finding("ASSET-MISSING", place, {"asset": asset.path})
    if sha256(data) == asset.sha256:
        return None
    values = {"asset": asset.path, "sha256": asset.sha256, "number": document.number}
    values |= {"revision": document.revision or "-", "round": str(document.round)}
    return Finding("ASSET-EDITED", place, values)


def _every_fault(
    first: Finding, tree: Tree, entry: TreeEntry, wanted: RecordType
) -> tuple[Finding, ...]:
    """All that is wrong of the kind that is told first, where such things come by the dozen."""
    if first.reason in (Reason.WRONG_FIELD, Reason.WRONG_TYPE, Reason.REMARK):
        return head_faults(tree.blob(entry.id), wanted)
    if first.reason is Reason.HIDDEN:
        return tuple(hidden_lines(tree.blob(entry.id).decode(), 1))
    return ()


def _hidden(document: Document, tree: Tree, entry: TreeEntry) -> Iterator[Finding]:
    """A character in the body that shows another text than the one that is signed, or none."""
    if any(hidden_lines(document.body, 1)):  # the file is opened for its lines' numbers alone
        above = tree.blob(entry.id).count(b"\n") - document.body.count("\n")
        yield from hidden_lines(document.body, above + 1)


def _leaks(data: bytes) -> Iterator[Finding]:
    """A secret in a text that nobody released yet: later nobody could take it out again."""
    leak = leak_in(data.decode("utf-8", "replace"))
    if leak is not None:
        yield Finding("SECRET", Place(line=leak.line), {"what": leak.what})
