"""A text of a plugin's own kind that still goes round: free, but honest, as documents' are.

It decides nothing; it must not say more than is signed, and leave out no round that was rejected.
Once filed it lies in its own place, and nothing lies here any more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from qms.domain.kinds.document import APPROVED, DRAFT, IN_REVIEW
from qms.domain.kinds.filed import FiledText
from qms.domain.kinds.hidden import hidden_lines
from qms.domain.kinds.kind import Kind, Kinds
from qms.domain.kinds.own_place import lies_at, moved
from qms.domain.kinds.recorded import Event
from qms.domain.library.effect import Effects
from qms.domain.library.rejected_texts import is_taken_back
from qms.domain.register.filed_rejections import lacking_rejections
from qms.domain.register.filings import (
    chain_for,
    chains_cited,
    ended_fault,
    seats_fault,
    statements_fault,
)
from qms.domain.register.next_slots import echo
from qms.domain.register.revisions import order_fault, persons_fault
from qms.domain.verdict.working import picture_fault
from qms.findings import Finding, Place, Reason, Refused
from qms.formats.leaks import leak_in
from qms.formats.slots import Notice
from qms.formats.tree import FILE, Tree


def open_faults(  # noqa: PLR0913, PLR0917 - what is looked at, and beside what
    effects: Effects, kind: Kind, tree: Tree, path: str, at: Sequence[str], before: Tree | None
) -> Iterator[Finding]:
    """What is dishonest about the text of a plugin's kind at `path`, where such texts go round.

    `before` is the tree that it may be gone from.
    """
    entry = tree.entry(path)
    if entry is None:
        yield from _gone(effects, kind, path, before)
        return
    if entry.mode != FILE:
        return  # named where the modes of all files are looked at
    text = kind.read(tree, path, entry)
    if isinstance(text, Finding):
        yield replace(text, about=text.about or path)
        return
    if not isinstance(text, FiledText):
        raise TypeError(f"{kind.name} has no texts")
    if not lies_at(path, kind, text):
        yield moved(tree, path, kind, text)
        return
    data = tree.blob(entry.id)
    found = [*_claims(effects, text, at), *_pictures(tree, text)]
    leak = leak_in(data.decode("utf-8", "replace"))
    if leak is not None:
        found.append(Finding("SECRET", Place(line=leak.line), {"what": leak.what}))
    above = data.count(b"\n") - text.body.count("\n")
    found += [*hidden_lines(text.body, above + 1)][:1]
    yield from (replace(one.at(path=path), about=text.about) for one in found)


def open_texts(kinds: Kinds, tree: Tree) -> Iterator[tuple[str, FiledText]]:
    """The texts of plugins' kinds with pictures that go round and can be read, by path."""
    for kind in kinds.brought:
        if not (kind.of and kind.is_working and kind.has_pictures):
            continue
        for path, entry in tree.files(kind.form.folder):
            text = kind.read(tree, path, entry) if kinds.at(path).kind == kind.name else None
            if isinstance(text, FiledText):
                yield path, text


def outdated_text(effects: Effects, kind: Kind, tree: Tree, path: str) -> Finding | None:
    """APPROVAL-OUTDATED: a later policy, which had not seen them, doesn't take some signatures."""
    entry = tree.entry(path)
    text = None if entry is None else kind.read(tree, path, entry)
    if not isinstance(text, FiledText) or text.status == DRAFT or text.rejected() is not None:
        return None
    lost = effects.lost_signers(text, path)
    if not lost:
        return None
    values = {"number": text.number, "revision": text.revision or "-", "lost": ", ".join(lost)}
    return Finding(
        "APPROVAL-OUTDATED", Place(path), values | {"persons": "-"}, text.about, Reason.MET
    )


def filed_as(effects: Effects, text: FiledText) -> bool:
    """Whether a text is filed for the place that this one goes round for."""
    kind = effects.judge.answers.kinds.texts[text.kind]
    return bool(effects.register.held((kind.name, text.number, ""), kind.place(text)))


def _gone(effects: Effects, kind: Kind, path: str, before: Tree | None) -> Iterator[Finding]:
    entry = None if before is None else before.entry(path)
    if before is None or entry is None or entry.mode != FILE:
        return
    text = kind.read(before, path, entry)
    if not isinstance(text, FiledText) or not text.signed() or text.rejected() is not None:
        return
    if not filed_as(effects, text):
        signers = ", ".join(dict.fromkeys(slot.name for slot in text.signed()))
        values = {"number": text.number, "revision": text.revision or "-", "signers": signers}
        yield Finding("REVIEW-GONE", Place(path), values, text.about)


def _claims(effects: Effects, text: FiledText, at: Sequence[str]) -> Iterator[Finding]:
    values = {"number": text.number, "revision": text.revision or "-"}
    if filed_as(effects, text):
        yield Finding("FILED-ALREADY", values=values | {"kind": text.kind})
        return
    event = next(left_out_rejections(effects, text), None)
    if event is not None and text.statements:
        left_out = event.slot
        told = {"step": left_out.step, "person": left_out.person, "at": left_out.at}
        yield Finding("ROUND", values=values | told)
        return
    try:
        fault = _round_fault(effects, text, at)
    except Refused as refused:
        fault = refused.finding
    if fault is not None:
        yield fault


def left_out_rejections(effects: Effects, text: FiledText) -> Iterator[Event]:
    """The rejections with effect that a text which goes round lacks."""
    kind = effects.judge.answers.kinds.texts[text.kind]
    for reject in lacking_rejections(effects.judge, effects.register, text):
        if not is_taken_back(effects.standing, reject, kind.going(text)):
            yield reject


def _round_fault(effects: Effects, text: FiledText, at: Sequence[str]) -> Finding | None:
    """What is wrong with the signatures of a text, or with the word that says how far it is."""
    judge, register = effects.judge, effects.register
    slots, is_over = text.signed(), text.rejected() is not None
    values = {"number": text.number, "revision": text.revision or "-"}
    steps = ", ".join(slot.step for slot in text.slots if isinstance(slot, Notice)) or "-"
    claims_more = Finding("DOC-UNAPPROVED", Place(field="status"), values | {"steps": steps})
    if not slots:
        return None if text.status == DRAFT else claims_more
    kind = judge.answers.kinds.texts[text.kind]
    if is_over and text.status == DRAFT:
        return ended_fault(judge, text, register)
    fault = statements_fault(judge, text, register, at, Reason.SIGNED_ANOTHER)
    untimely = () if fault is not None else effects.times.faults(text)
    fault = fault or next((one for _, one in untimely), None)
    newest = judge.newest_cited(slots, register)
    if fault is not None or newest is None or kind.rounds is None:
        return fault
    chain = chain_for(judge, kind, text, newest.policy, register)
    fault = (
        seats_fault(judge, text, chains_cited(judge, kind, text, register), register)
        or persons_fault(chain, slots, newest.policy, whole=False, prepare=chain.steps[0].act)
        or order_fault(chain, slots)
    )
    rank, earned = (DRAFT, IN_REVIEW, APPROVED), echo(chain, slots, kind.rounds.reject)
    if fault is None and rank.index(text.status) > rank.index(earned):
        fault = claims_more
    elif fault is None and text.status != earned:
        fault = Finding("STATUS-STALE", Place(field="status"), values | {"found": text.status})
    return fault


def _pictures(tree: Tree, text: FiledText) -> Iterator[Finding]:
    """What is wrong with the pictures of a text that goes round."""
    if text.status == DRAFT:
        return
    for asset in text.assets:
        try:
            data = tree.read(asset.path)
        except Refused as refused:
            yield refused.finding.at(path=asset.path)
            continue
        fault = picture_fault(text, asset, data)
        if fault is not None:
            yield fault
