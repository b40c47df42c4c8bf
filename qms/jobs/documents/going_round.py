"""A text of a plugin's own kind goes round: submit, sign, reject; who signs last files it.

As documents do (`rounds`), but for what only they have: a base, days, a class's owner. Each
function decides from the policy what may be done, lays the slots, has them signed, and hands the
files to the session, which judges and writes them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qms.domain.kinds.chain import ChainStep, RoundActs
from qms.domain.kinds.distinct_persons import Persons
from qms.domain.kinds.document import listed_pictures
from qms.domain.kinds.empty_body import is_empty
from qms.domain.kinds.filed import FiledText
from qms.domain.kinds.kind import Kind
from qms.domain.kinds.log import parse_log, render_head
from qms.domain.library import filed_texts as texts
from qms.domain.library.filed_texts import TextAt, rule_of
from qms.domain.register import next_slots as laying
from qms.domain.register.endless import endless, too_few
from qms.domain.register.filed_rejections import lacking_rounds, lists_of
from qms.domain.register.revisions import signed_by_step
from qms.domain.verdict.open_texts import left_out_rejections
from qms.domain.verdict.working import picture_fault
from qms.findings import Finding, Place, Refused, refused
from qms.formats import caps, cut, slots
from qms.formats.paths import asset_path
from qms.formats.slots import Slot, Statement
from qms.installed import TOOLS
from qms.jobs.documents.picture_list import with_list
from qms.jobs.documents.rejecting import reached
from qms.jobs.judging.own_glyphs import own_glyphs
from qms.jobs.judging.printable import (
    AsRead,
    as_printed,
    faults_of,
    pictures,
    shows_pictures,
)
from qms.jobs.sessions.given_words import needed_reason
from qms.jobs.sessions.intents import Intent
from qms.jobs.sessions.refusals import refusal
from qms.jobs.sessions.work_session import WorkSession
from qms.plugins import Hooks
from qms.session import Written

Files = dict[str, bytes | None]


@dataclass(frozen=True, slots=True)
class Going:
    """A text that goes round, as it lies in the work tree, with who may sign it."""

    kind: Kind
    rounds: RoundActs
    path: str
    data: bytes
    text: FiledText
    rule: Persons

    @property
    def values(self) -> Mapping[str, str]:
        """What findings about it name."""
        return {"number": self.text.number, "revision": self.text.revision or "-"}

    def with_slots(self, laid: Sequence[Slot]) -> bytes:
        """The file with these slots, and the word that they give it."""
        status = laying.echo(self.rule.chain, laid, self.rounds.reject)
        return cut.with_tail(self.data, slots.render_tail(slots.Tail(status, tuple(laid))))


def going(session: WorkSession, one: TextAt) -> Going:
    """A text that is meant, as it goes round. Raises `Refused` FILED-ALREADY, or what keeps it."""
    if one.entry is not None or one.kind.rounds is None:
        values = {"number": one.text.number, "revision": one.text.revision or "-"}
        raise refused("FILED-ALREADY", **values, kind=one.kind.name)
    rule = rule_of(session.library, one)
    return Going(one.kind, one.kind.rounds, one.path, one.data, one.text, rule)


def with_digests(session: WorkSession) -> texts.Written:
    """What lists its pictures anew, with the digests that they have now: nobody types one.

    Those that stand in its list, and those that it shows.
    """
    tools = Hooks(session.policy.plugins, (TOOLS,))

    def written(kind: Kind, path: str, data: bytes) -> bytes:
        if not shows_pictures(kind):
            return data
        listed = listed_pictures(data)
        data = with_list(session, path, data, listed) if listed else data
        text = kind.parse(data)
        if not isinstance(text, FiledText):
            raise TypeError(f"{kind.name} has no texts")
        found = pictures(tools, as_printed(text))
        shown = tuple(p for p in found if p in listed or session.work_tree.entry(p) is not None)
        return data if shown == tuple(sorted(listed)) else with_list(session, path, data, shown)

    return written


def submit(session: WorkSession, one: TextAt) -> Written:
    """Sign the chain's first act and lay the slots of the others: the text goes round."""
    found = going(session, one)
    text, rule, me = found.text, found.rule, session.me
    first = rule.chain.steps[0]
    if first.seat(me.id) is None:
        waiting = ", ".join(_name(session, one) for one in first.persons) or "-"
        raise refused("NOT-YOUR-TURN", **found.values, person=_name(session, me.id),
                      step=str(first.number), act=first.act, waiting=waiting,
                      command="submit")  # fmt: skip
    binding = tuple(left_out_rejections(session.effects, text))
    lacking = lacking_rounds(session.effects.judge, session.register, text, binding)
    if not lacking:
        _refuse_submitted(session, found)
    for endless_one in endless(rule, replace(text, slots=())):
        raise Refused(endless_one.at(path=found.path))
    if found.kind.has_body and is_empty(text.body):
        raise Refused(Finding("BODY-EMPTY", Place(found.path), found.values, text.about))
    _refuse_unprintable(session, found)
    kept = slots.in_order((*laying.kept_by_submit(text), *lacking))
    pictures_of: Files = {}
    for asset in text.assets:
        data = session.work_tree.read(asset.path)
        fault = picture_fault(text, asset, data)
        if fault is not None:
            raise refusal(session, fault)
        if session.tree.read(asset.path) != data:
            pictures_of[asset.path] = data
    number = max((slot.round for slot in kept), default=0) + 1

    def lay(signed: Sequence[Statement]) -> Files:
        listed: list[Slot] = [*kept, *signed, *laying.notices(rule, signed)]
        return {found.path: found.with_slots(slots.in_order(listed)), **pictures_of}

    intent = _intent(session, found, first, kept, number)
    signed = session.sign(_each_behind_some(intent, kept), lay)
    return session.write(lay(signed), _message("Submit", found))


def sign(session: WorkSession, one: TextAt) -> Written:
    """Sign the open step of a text; who signs the last one files it."""
    found = going(session, one)
    mine = _my_task(session, found)
    intent = _intent(session, found, mine, found.text.statements, found.text.round)
    kept = found.text.statements
    pictures_of: Files = {}
    for asset in found.text.assets:
        content = session.tree.read(asset.path)
        fault = picture_fault(found.text, asset, content)
        if fault is not None:
            raise refusal(session, fault)
        pictures_of[asset_path(asset.sha256)] = content

    def lay(signed: Sequence[Statement]) -> Files:
        current = (*found.text.signed(), *signed)
        notices = laying.notices(found.rule, current)
        data = found.with_slots(slots.in_order((*kept, *signed, *notices)))
        if found.rule.chain.missing(signed_by_step(current, found.rule.chain)):
            return {found.path: data}
        return {found.path: None, found.kind.place(found.text): data, **pictures_of}

    signed = session.sign([intent], lay)
    return session.write(lay(signed), _message(mine.act.capitalize(), found))


def reject(session: WorkSession, one: TextAt, reason: str) -> Written:
    """Reject a text that goes round, with a reason: it ends the round."""
    found = going(session, one)
    act = found.rounds.reject
    needed_reason(reason, act, session.me.id)
    mine = _my_task(session, found, rejecting=True)
    intent = _intent(session, found, mine, found.text.statements, found.text.round, act)
    lists = lists_of(session.effects.judge, found.text)
    if lists is None:
        raise TypeError(f"{found.kind.name} has no rounds")
    path = lists.place(found.text)
    before = session.tree.read(path)

    def lay(signed: Sequence[Statement]) -> Files:
        (last,) = signed
        data = found.with_slots(laying.with_signed(found.text.slots, last))
        return {found.path: data, path: _with_reject(lists, before, found.text, last)}

    signed = session.sign([replace(intent, reason=reason)], lay)
    return session.write(lay(signed), _message("Reject", found))


def refuse_not_mine(session: WorkSession, one: TextAt) -> None:
    """Refuse to sign what is not mine now: before anything is said of the text."""
    _my_task(session, going(session, one))


def _with_reject(lists: Kind, before: bytes | None, text: FiledText, reject_: Statement) -> bytes:
    """The list of a text's rejections with a new one and the statements that it reaches."""
    if lists.head is None:
        raise TypeError(f"{lists.name} is no list")
    keys = {name: text.head[name] for name in lists.form.names}
    data = before or render_head(lists.head, keys) + b"status: log\nevents: []\n"
    found = parse_log(data, lists.name, lists.head)
    known = {slot.id for slot in found.events}
    added = [slot for slot in reached(text, reject_) if slot.id not in known]
    tail = slots.Tail("log", (*found.events, *added), log=True)
    return cut.with_tail(data, slots.render_tail(tail))


def _my_task(session: WorkSession, found: Going, *, rejecting: bool = False) -> ChainStep:
    """What I may do now; refused with who is waited for.

    The text must be as it is committed, and its pictures: what I see is what I sign.
    """
    text, rule = found.text, found.rule
    for path in (found.path, *(asset.path for asset in text.assets)):
        if session.work_tree.entry(path) != session.tree.entry(path):
            raise Refused(Finding("WORKTREE-DIFFERS", Place(path)))
    for _, fault in session.effects.times.faults(text):
        raise refusal(session, fault.at(path=found.path))
    goes_round = text.round > 0 and text.rejected() is None
    mine = laying.seat_of(rule.chain, text, session.me.id) if goes_round else None
    if mine is not None and not rejecting:
        lost = session.effects.lost_signers(text, found.path)
        if lost:
            named = ", ".join(_name(session, one) for one in lost)
            values = {**found.values, "persons": named}
            raise Refused(Finding("ROUND-OUTDATED", Place(found.path), values, text.about))
        for stuck in too_few(rule, text):
            raise Refused(stuck.at(path=found.path))
        mine = laying.task(rule, text, session.me.id)
    if mine is None:
        raise laying.why_not(
            rule, text, session.me.id, lambda one: _name(session, one), rejecting=rejecting
        )
    return mine.step


def _refuse_unprintable(session: WorkSession, found: Going) -> None:
    """Refuse what all could sign, and nobody could print: head, body, what it shows."""
    tools = Hooks(session.policy.plugins, (TOOLS,))
    glyphs = own_glyphs(session.work_tree, session.policy_entry.listed)
    asked = AsRead.of(found.text)
    for fault in faults_of(tools, session.work_tree, found.path, found.data, asked, glyphs):
        raise refusal(session, fault)


def _refuse_submitted(session: WorkSession, found: Going) -> None:
    """Refuse to begin a round anew over the same text: all signatures given would be void."""
    text = found.text
    if text.rejected() is None:
        for slot in text.signed():
            same = (slot.content, slot.policy) == (text.content, session.policy_entry.content)
            if same and slot.act == found.rounds.begin:
                raise refused("SUBMITTED", **found.values)


def _intent(  # noqa: PLR0913, PLR0917 - the facts of one statement
    session: WorkSession,
    found: Going,
    step: ChainStep,
    kept: Sequence[Statement],
    number: int,
    act: str | None = None,
) -> Intent:
    seat, name = step.seat(session.me.id), act or step.act
    known = session.hooks.act(name)
    last = max((slot.round for slot in kept if slot.round <= number), default=0)
    needed = laying.heads(slot for slot in kept if slot.round == last)
    return Intent(
        act=name,
        step=str(step.number),
        role=None if seat is None else seat.role,
        subject=found.text.subject,
        content=found.text.content,
        base=None,
        round=number,
        after=laying.named_after(kept, needed),
        meaning=name if known is None else known.meaning,
        not_before=kept,
    )


def _each_behind_some(intent: Intent, kept: Sequence[Statement]) -> list[Intent]:
    """The act that begins a round, as often as it takes to come after all that the text holds."""
    left = [one for one in laying.heads(kept) if one not in intent.after]
    parts = [left[at : at + caps.AFTER] for at in range(0, len(left), caps.AFTER)]
    return [intent, *(replace(intent, after=tuple(part)) for part in parts)]


def _name(session: WorkSession, person: str) -> str:
    return session.policy.printed_name(person, session.language)


def _message(verb: str, found: Going) -> str:
    return " ".join(one for one in (verb, found.text.number, found.text.revision) if one)
