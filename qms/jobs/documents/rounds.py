"""A document goes round: submit, sign, reject, release (DC-04, DC-38).

Each function decides from the policy what may be done, lays the slots, has them signed, and hands
the files to the session, which judges and writes them. Nothing here is a rule.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from qms.domain.kinds.act import core_act
from qms.domain.kinds.chain import PREPARE, PUBLISH, REJECT, Chain, ChainStep
from qms.domain.kinds.days import on
from qms.domain.kinds.distinct_persons import Persons
from qms.domain.kinds.document import PUBLISHED, Document
from qms.domain.kinds.empty_body import is_empty
from qms.domain.kinds.unknown_names import unknown_names
from qms.domain.register import next_slots as laying
from qms.domain.register.endless import endless, too_few
from qms.domain.register.rejects import rejected_rounds
from qms.domain.verdict.working import picture_fault, working_faults
from qms.findings import Finding, Place, Refused, refused
from qms.formats import caps, cut, slots
from qms.formats.paths import asset_path, released_path
from qms.formats.slots import Base, Slot, Statement
from qms.installed import TOOLS
from qms.jobs.documents.drafts import Working, refuse_contested, working
from qms.jobs.documents.in_vain import refuse_legacy, refuse_lost, refuse_untimely
from qms.jobs.documents.picture_list import with_pictures
from qms.jobs.documents.rejecting import list_of_rejects, with_reject
from qms.jobs.judging.own_glyphs import own_glyphs
from qms.jobs.judging.printable import AsRead, faults_of
from qms.jobs.sessions.given_words import needed_reason
from qms.jobs.sessions.intents import Intent
from qms.jobs.sessions.refusals import refusal
from qms.jobs.sessions.work_session import WorkSession
from qms.plugins import Hooks
from qms.session import Written


def submit(session: WorkSession, number: str) -> Written:
    """Sign `prepare` and lay the chain's slots: the text goes round (DC-04)."""
    tools = Hooks(session.policy.plugins, (TOOLS,))
    found = with_pictures(session, tools, number)
    document = found.document
    _refuse_published(session, found)
    for fault in unknown_names(document, session.policy):
        raise Refused(fault.at(path=found.path))
    me = session.me
    if document.prepared_by != me.id:
        raise Refused(
            Finding(
                "PREPARED-BY",
                Place(found.path, "prepared_by"),
                {"person": me.id, "named": document.prepared_by},
            )
        )
    rule = session.library.persons(document)
    chain = rule.chain
    refuse_legacy(session, found)
    refuse_untimely(session, found)
    standing = session.effects.standing
    binding = [
        one for one in standing.rejections(document)
        if standing.verdict(number, one.slot.id) is not False
    ]  # fmt: skip
    lacking = rejected_rounds(session.register, document, binding)
    if not lacking:
        _refuse_submitted(session, document)
    _refuse_endless(rule, found)
    _refuse_empty(found)
    _refuse_unprintable(session, tools, found)
    kept = slots.in_order((*laying.kept_by_submit(document), *lacking))
    rounds = [slot.round for slot in kept]
    intent = _intent(session, document, chain.steps[0], kept, max(rounds, default=0) + 1)
    pictures_of: dict[str, bytes | None] = {}
    for asset in document.assets:
        data = session.work_tree.read(asset.path)
        if data is not None and session.tree.read(asset.path) != data:
            pictures_of[asset.path] = data

    def lay(signed: Sequence[Statement]) -> dict[str, bytes | None]:
        listed: list[Slot] = [*kept, *signed, *laying.notices(rule, signed)]
        laid = slots.in_order(listed)
        return {found.path: _with_slots(found.data, chain, laid), **pictures_of}

    signed = session.sign(_each_behind_some(intent, kept), lay)
    return session.write(lay(signed), f"Submit {number} {document.revision} for approval")


def _refuse_published(session: WorkSession, found: Working) -> None:
    """Refuse what says published: as there is nothing new in it, or as an edit of what is signed.

    Raises NOTHING-TO-SUBMIT, or DOC-CHANGED, REVISION-RAISED, which name the way on.
    """
    document = found.document
    if document.status != PUBLISHED:
        return
    faults = tuple(
        working_faults(session.effects, session.work_tree, found.path, session.library.at)
    )
    if faults:
        raise refusal(session, faults[0])
    raise refused("NOTHING-TO-SUBMIT", number=document.number, revision=document.revision)


def _each_behind_some(intent: Intent, kept: Sequence[Statement]) -> list[Intent]:
    """The `prepare` of a round, as often as it takes to come after all that the text holds.

    The last act must reach every signature. With one `prepare` for so many as a statement may name,
    whoever signs next has few to name; else a hundred made-up rejections would be no text's end.
    """
    left = [one for one in laying.heads(kept) if one not in intent.after]
    parts = [left[at : at + caps.AFTER] for at in range(0, len(left), caps.AFTER)]
    return [intent, *(replace(intent, after=tuple(part)) for part in parts)]


def _refuse_submitted(session: WorkSession, document: Document) -> None:
    """Refuse to begin a round anew over the same text: all signatures given would be void."""
    if document.rejected() is not None:
        return
    policy = session.policy_entry.content
    for slot in document.signed():
        if slot.act != PREPARE:
            continue
        if (slot.content, slot.policy) == (document.content, policy):
            raise refused("SUBMITTED", number=document.number, revision=document.revision)


def _refuse_unprintable(session: WorkSession, tools: Hooks, found: Working) -> None:
    """Refuse what could be signed and filed, and then never be printed."""
    glyphs = own_glyphs(session.work_tree, session.policy_entry.listed)
    asked = AsRead.of(found.document)
    for fault in faults_of(tools, session.work_tree, found.path, found.data, asked, glyphs):
        raise refusal(session, fault)


def _refuse_empty(found: Working) -> None:
    """Refuse to send round what holds no word. Raises BODY-EMPTY."""
    document = found.document
    if is_empty(document.body):
        values = {"number": document.number, "revision": document.revision}
        raise Refused(Finding("BODY-EMPTY", Place(found.path), values, document.about))


def _refuse_endless(rule: Persons, found: Working) -> None:
    """Refuse to send round what could never be released: nobody signs in vain.

    Raises CHAIN-VACANT, CO-SIGN-NOBODY, CHAIN-STUCK.
    """
    document = found.document
    for fault in endless(rule, replace(document, slots=())):
        raise Refused(fault.at(path=found.path))


def _intent(  # noqa: PLR0913, PLR0917 - the facts of one statement
    session: WorkSession,
    document: Document,
    step: ChainStep,
    kept: Sequence[Statement],
    round_number: int,
    act: str | None = None,
) -> Intent:
    seat = step.seat(session.me.id)
    base, filed = _base(session, document)
    name = act or step.act
    return Intent(
        act=name,
        step=str(step.number),
        role=None if seat is None else seat.role,
        subject=document.subject,
        content=document.content,
        base=base,
        round=round_number,
        after=laying.named_after(kept, _last_round(kept, round_number)) or filed,
        meaning=core_act(name).meaning,
        not_before=kept,
    )


def _last_round(kept: Sequence[Statement], number: int) -> tuple[str, ...]:
    """The heads of a round, or where it begins those of the one before: what must be behind.

    The steps before, or that no round was left out.
    """
    signed = [(slot, slot.round) for slot in kept]
    last = max((at for _, at in signed if at <= number), default=0)
    return laying.heads(slot for slot, at in signed if at == last)


def _base(session: WorkSession, document: Document) -> tuple[Base | None, tuple[str, ...]]:
    """What a text follows, and the last act of that: as its round says, else the newest revision.

    Raises `Refused` CONTESTED, REVISION-FORK where nothing decides which that is.
    """
    for slot in document.signed():
        if document.rejected() is None:
            return slot.base, ()
    refuse_contested(session, document.number)
    newest = session.effects.newest(document.number)
    if newest is None:
        return None, ()
    return Base(newest.document.revision, newest.document.content), (newest.filing.id,)


def _with_slots(data: bytes, chain: Chain, laid: Sequence[Slot]) -> bytes:
    status = laying.echo(chain, laid)
    return cut.with_tail(data, slots.render_tail(slots.Tail(status, tuple(laid))))


def _names(session: WorkSession) -> Callable[[str], str]:
    return lambda person: session.policy.printed_name(person, session.language)


def _my_task(
    session: WorkSession, found: Working, rule: Persons, *, rejecting: bool = False
) -> laying.OpenStep:
    """What I may do now; refused with who is waited for.

    The text must be as it is committed, and the pictures that it lists: what I see is what I sign.
    """
    document, chain = found.document, rule.chain
    committed = session.tree.entry(found.path)
    if committed is None or session.tree.blob(committed.id) != found.data:
        raise Refused(Finding("WORKTREE-DIFFERS", Place(found.path)))
    for asset in document.assets:
        if session.work_tree.entry(asset.path) != session.tree.entry(asset.path):
            raise Refused(Finding("WORKTREE-DIFFERS", Place(asset.path)))
    refuse_untimely(session, found)
    goes_round = document.round > 0 and document.rejected() is None
    mine = laying.seat_of(chain, document, session.me.id) if goes_round else None
    if mine is not None and not rejecting:
        refuse_lost(session, found)
        for stuck in too_few(rule, document):
            raise Refused(stuck.at(path=found.path))
        mine = laying.task(rule, document, session.me.id)
    if mine is None:
        raise laying.why_not(rule, document, session.me.id, _names(session), rejecting=rejecting)
    return mine


def refuse_not_mine(session: WorkSession, number: str, *, is_last: bool) -> None:
    """Refuse to sign, or to publish, what is not mine now: before anything is said of the text.

    Raises what `sign` and `release` do for that.
    """
    found = working(session, number)
    rule = session.library.persons(found.document)
    mine, chain = _my_task(session, found, rule), rule.chain
    document = found.document
    key = {"number": document.number, "revision": document.revision}
    if is_last and mine.step is not chain.last:
        raise refused("SIGN-FIRST", step=str(mine.step.number), act=mine.step.act, **key)
    if not is_last and mine.step is chain.last and mine.step.act == PUBLISH:
        raise refused("USE-RELEASE", **key)


def sign(session: WorkSession, number: str) -> Written:
    """Sign the open step of a document that is in review."""
    refuse_not_mine(session, number, is_last=False)
    found = working(session, number)
    document = found.document
    rule = session.library.persons(document)
    mine, chain = _my_task(session, found, rule), rule.chain
    refuse_legacy(session, found)
    intent = _intent(session, document, mine.step, document.statements, document.round)
    if mine.step is chain.last:
        _say_in_force(session, document)
        return _file(session, found, chain, intent)
    kept = document.statements

    def lay(signed: Sequence[Statement]) -> dict[str, bytes | None]:
        current = [*document.signed(), *signed]
        listed: list[Slot] = [*kept, *signed, *laying.notices(rule, current)]
        laid = slots.in_order(listed)
        return {found.path: _with_slots(found.data, chain, laid)}

    signed = session.sign([intent], lay)
    message = f"{mine.step.act.capitalize()} {number} {document.revision}"
    return session.write(lay(signed), message)


def _say_in_force(session: WorkSession, document: Document) -> None:
    """Tell what this signature does, before it is given: the chain ends with it, and has no day."""
    number, revision = document.key
    session.say(
        f"这是最后一步：签署后 {number} {revision} 即发布，并自签署之日起实施"
        "（该类别没有发布步骤，不能另定实施日期）。",
        f"This is the last step: once signed {number} {revision} is released, and in force from "
        "today on (its class has no publish step, which could name a later day).",
    )


def reject(session: WorkSession, number: str, reason: str) -> Written:
    """Reject a document in review, with a reason: it ends the round."""
    needed_reason(reason, REJECT, session.me.id)
    found = working(session, number)
    document = found.document
    rule = session.library.persons(document)
    mine, chain = _my_task(session, found, rule, rejecting=True), rule.chain
    intent = _intent(session, document, mine.step, document.statements, document.round, act=REJECT)
    path = list_of_rejects(document)
    before = session.tree.read(path)

    def lay(signed: Sequence[Statement]) -> dict[str, bytes | None]:
        (one,) = signed
        laid = laying.with_signed(document.slots, one)
        return {
            found.path: _with_slots(found.data, chain, laid),
            path: with_reject(before, document, one),
        }

    signed = session.sign([replace(intent, reason=reason)], lay)
    return session.write(lay(signed), f"Reject {number} {document.revision}")


def release(session: WorkSession, number: str, effective: date | timedelta) -> Written:
    """Publish (发布): sign the last step, fix the days, file the revision (DC-05, DC-38).

    `effective` is the day, or so many days from that of the signature.
    """
    refuse_not_mine(session, number, is_last=True)
    found = working(session, number)
    document = found.document
    rule = session.library.persons(document)
    mine, chain = _my_task(session, found, rule), rule.chain
    refuse_legacy(session, found)
    intent = _intent(session, document, mine.step, document.statements, document.round)
    at = session.time_of(intent)
    intent, signed_on = replace(intent, at=at), session.policy.day(at)
    days = {"published": str(signed_on), "effective": str(on(signed_on, effective))}
    if mine.step.act != PUBLISH:
        if on(signed_on, effective) != signed_on:
            raise refused("EFFECTIVE-AT-APPROVAL", number=number, revision=document.revision,
                          **{"class": document.class_id, "act": mine.step.act})  # fmt: skip
        _say_in_force(session, document)
    if on(signed_on, effective) < signed_on:
        raise refused(
            "EFFECTIVE-BEFORE-APPROVAL",
            number=number, revision=document.revision, **days, signed=str(signed_on),
        )  # fmt: skip
    day, effects = on(signed_on, effective), session.effects
    latest = effects.latest(number)
    if latest is not None and day < effects.earliest(latest):
        raise Refused(effects.earlier(latest, document, day))
    if mine.step.act == PUBLISH:
        intent = replace(intent, data=days)
    return _file(session, found, chain, intent)


def _file(session: WorkSession, found: Working, chain: Chain, intent: Intent) -> Written:
    document = found.document
    kept = document.statements
    files: dict[str, bytes | None] = {}
    for asset in document.assets:
        content = session.tree.read(asset.path)
        fault = picture_fault(document, asset, content)
        if fault is not None:
            raise refusal(session, fault)
        files[asset_path(asset.sha256)] = content

    def lay(signed: Sequence[Statement]) -> dict[str, bytes | None]:
        data = _with_slots(found.data, chain, slots.in_order((*kept, *signed)))
        return {found.path: data, _free_place(session, document, signed[0]): data, **files}

    signed = session.sign([intent], lay)
    return session.write(lay(signed), f"Release {document.number} {document.revision}")


def _free_place(session: WorkSession, document: Document, filing: Statement) -> str:
    """Where a revision is filed: at its place, or beside the entry that has it (format.md §10)."""
    key = document.class_id, document.number, document.revision
    place = released_path(*key)
    if session.tree.entry(place) is None:
        return place
    return released_path(*key, filing.id.partition(":")[2][:16])
