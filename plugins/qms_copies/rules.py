"""What the copies plugin answers to the core (group qms.rules): its acts, settings and rules.

What events of copies say against each other never keeps one out of the register; it is judged here,
over what is in it. A finding about papers that are out twice, or out of a revision that was already
superseded, ends when they are back: a log only grows, so a mend must be something one can do.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

from qms.api import ACTS as ACTS_KIND
from qms.api import (
    COPY,
    RELEASED,
    Act,
    Change,
    ClassSetting,
    Finding,
    Policy,
    Reason,
    Refused,
    Register,
    Released,
    Rule,
    ShellText,
    State,
    Statement,
    Step,
    hookimpl,
    shell_word,
    twin_of,
)
from qms_copies.acts import ACTS
from qms_copies.allocation import next_number
from qms_copies.holders import Holder, belongs
from qms_copies.ledger import (
    Copy,
    Ledger,
    RevisionLine,
    cited_policy,
    losses,
    unreplaced,
    void_values,
)
from qms_copies.life import CopyState, Misstep, Moment, fact, holder_of, in_use_first
from qms_copies.schemes import SETTINGS, copy_scheme, issuers, missing_before, ordinal
from qms_copies.settings_read import unread_settings
from qms_copies.told import at_event, changed_copies, digits_of, placed, values_of


@hookimpl
def codes() -> Path:
    """This plugin's code table."""
    return Path(__file__).parent / "data" / "codes.toml"


@hookimpl
def settings() -> Iterable[ClassSetting]:
    """The keys of a class that this plugin reads."""
    return SETTINGS


@hookimpl
def acts() -> Iterable[Act]:
    """The acts in a copy's life."""
    return ACTS


@hookimpl
def rules(policy: Policy) -> Iterable[Rule]:
    """Rules on copies: their lives, their numbers, and what is still out."""
    del policy
    yield Rule(
        name="copies-lives",
        codes=(
            "COPY-TWICE",
            "COPY-USED",
            "RECALL-UNKNOWN",
            "RECALL-ISSUER",
            "WRONG-HOLDER",
            "COPY-NUMBER",
            "ISSUED-UNCONTROLLED",
            "ISSUED-SUPERSEDED",
            "ISSUED-VOID",
        ),
        judge=lives,
    )
    codes = ("COPY-GAP", "COPY-TWICE", "COPY-VOID", "REPLACED-BY")
    yield Rule(name="copies-numbers", codes=codes, judge=numbers)
    named = ("ID-TWICE", "ID-UNKNOWN", "SETTING-UNREAD")
    yield Rule(name="copies-settings", codes=named, judge=unread_settings)
    yield Rule(name="copies-out", codes=("COPY-OUT", "COPY-RECALLED"), judge=still_out)


def lives(step: Step) -> Iterator[Finding]:
    """DC-09, DC-10: each copy that changed, event by event."""
    for change in step.of(COPY):
        log = change.log
        entry = step.register.revision(log.number, log.revision) if log is not None else None
        if log is None or entry is None:
            continue
        events = step.register.events(log.number, log.revision, change.path)
        if events:
            copy = Ledger.of(step.after).copy(change.path, events)
            for finding in _life_faults(step, copy, entry):
                yield placed(finding, copy, change)


def _life_faults(step: Step, copy: Copy, entry: Released) -> Iterator[Finding]:
    """What is wrong with its events; one that has no effect can do nothing wrong any more."""
    for moment in copy.moments:
        if not moment.counts:
            continue
        fault = _event_fault(step, copy, entry, moment)
        if fault is not None:
            yield at_event(fault, copy, moment.slot)
    for older, paper in pairwise(copy.life.held):
        facts = {
            "papers": str(copy.life.papers),
            "holder": str(holder_of(older.issue)),
            "second": str(holder_of(paper.issue)),
            "whose": str(holder_of(in_use_first((older, paper))[-1].issue)),
        }
        twice = Finding("COPY-TWICE", values=values_of(copy) | facts, reason=Reason.MET)
        yield at_event(twice, copy, paper.issue)


def _event_fault(step: Step, copy: Copy, entry: Released, moment: Moment) -> Finding | None:
    """The first thing that is wrong with one event."""
    event = moment.slot
    policy = cited_policy(step.register, event)
    if policy is None:
        return None
    if moment.misstep is Misstep.USED:
        copies = Ledger.of(step.after).copies_of(copy.log.number)
        free = _free(step, copies, copy, holder_of(event))
        return Finding("COPY-USED", values=values_of(copy) | {"next": free})
    if event.act == "issue":
        return _issue_fault(step, copy, entry, event, policy)
    if moment.misstep is not None:
        values = values_of(copy) | {"act": event.act, "person": event.person}
        return Finding(moment.misstep, values=values | {"state": moment.known.state.value})
    if event.act == "receive":
        return _receive_fault(copy, entry, moment, policy)
    return _issuer_fault(copy, entry, moment, policy)


def _issue_fault(
    step: Step, copy: Copy, entry: Released, event: Statement, policy: Policy
) -> Finding | None:
    holder = holder_of(event)
    values = values_of(copy) | {"holder": str(holder), "person": event.person}
    wanted = copy_scheme(policy, entry.document.class_id).wanted(copy.log.copy, holder)
    if wanted is not None:
        return Finding("COPY-NUMBER", values=values | {"wanted": wanted})
    if not entry.document.controlled:
        return Finding("ISSUED-UNCONTROLLED", values=values)
    if not copy.life.is_out:
        return None
    if _is_known_void(step.after, copy, event):
        return Finding("ISSUED-VOID", values=values)
    later = _superseded(step.after, copy, event)
    if later is None:
        return None
    facts = {"newer": later.document.revision, "since": str(later.effective)}
    return Finding(
        "ISSUED-SUPERSEDED", values=values | facts | {"day": str(step.register.day(event))}
    )


def _is_known_void(state: State, copy: Copy, issue: Statement) -> bool:
    """Whether a text without effect was issued by somebody who had seen that it has none.

    Whoever couldn't know did nothing wrong: their paper is only to be taken back.
    """
    number, content = copy.log.number, copy.content
    return not _line(state, number).has_effect(content) and state.seen_without_effect(
        issue, number, content
    )


def _superseded(state: State, copy: Copy, issue: Statement) -> Released | None:
    """The revision that had taken the place of this one when the copy was issued."""
    issued, day = issue.time, state.register.day(issue)
    if day is None:
        return None
    line = _line(state, copy.log.number)
    # What was published later on the same day was not there yet.
    there = [one for one in line.effective if one.filing.time <= issued]
    return line._replace(effective=there).superseded_by(copy.log.revision, day)


def _line(state: State, number: str) -> RevisionLine:
    return RevisionLine(state.register.released(number), state.effective(number))


def _receive_fault(copy: Copy, entry: Released, moment: Moment, policy: Policy) -> Finding | None:
    """DC-09: the paper was taken by its holder, or by somebody of the holding department."""
    event, holder = moment.slot, moment.known.holder
    if holder is None:
        return None
    taken_by = fact(event, "by") or event.person
    as_issuer = event.role in issuers(policy, entry.document.class_id)
    wrong = taken_by in policy.persons and not belongs(policy, taken_by, holder)
    if not as_issuer and not belongs(policy, event.person, holder):
        wrong, taken_by = True, event.person
    if not wrong:
        return None
    return Finding("WRONG-HOLDER", values=values_of(copy) | {"by": taken_by, "holder": str(holder)})


def _issuer_fault(copy: Copy, entry: Released, moment: Moment, policy: Policy) -> Finding | None:
    """DC-25: only the unit that issued recalls, as long as it issues copies of the class."""
    event, issuer = moment.slot, moment.known.issuer
    if issuer in (None, event.role) or issuer not in issuers(policy, entry.document.class_id):
        return None
    values = values_of(copy) | {"act": event.act, "role": event.role or "-"}
    return Finding("RECALL-ISSUER", values=values | {"issuer": issuer or "-"})


def numbers(step: Step) -> Iterator[Finding]:
    """DC-11, DC-27: no gap in counted numbers, none with two holders, and none that is void.

    And a number that takes a lost one's place is its holder's.
    """
    for number, changed in changed_copies(step, COPY).items():
        copies = Ledger.of(step.after).copies_of(number)
        for finding, copy in (
            *_gaps(step.register, copies), *_shared(copies), *_unreplaced(step, copies),
        ):  # fmt: skip
            if copy.path in changed:
                yield placed(finding, copy, changed[copy.path])
        for copy, lost in _void(copies):
            told = copy if copy.path in changed else lost
            if told.path in changed:
                yield placed(_void_fault(step, copies, copy, lost), told, changed[told.path])


def _unreplaced(step: Step, copies: Sequence[Copy]) -> Iterator[tuple[Finding, Copy]]:
    """Losses in whose place the holder never got another copy: nobody is to be left without."""
    for copy, loss in unreplaced(copies):
        facts = {"by": fact(loss.slot, "by") or "-", "again": _again(step, copy)}
        facts["holder"] = str(loss.known.holder or "-")
        yield (
            at_event(Finding("REPLACED-BY", values=values_of(copy) | facts), copy, loss.slot),
            copy,
        )


def _again(step: Step, copy: Copy) -> ShellText:
    """What says of a copy that it is lost, once the loss in its list is annulled.

    Nothing is issued in the place of a text without effect while nothing is in force: there its
    issue is annulled too.
    """
    number, line = copy.log.number, _line(step.after, copy.log.number)
    issue = next((one for one in reversed(copy.issues()) if one.id not in copy.void), None)
    is_over = not line.has_effect(copy.content) and line.in_force(step.today or date.max) is None
    if is_over and issue is not None:
        return ShellText(f"qms annul {shell_word(number)} {digits_of(issue)}")
    words = map(shell_word, (number, copy.log.copy, "--revision", copy.log.revision, "--all"))
    return ShellText(f"qms replace {' '.join(words)}")


def _void(copies: Sequence[Copy]) -> Iterator[tuple[Copy, Copy]]:
    """Copies that are out under a void number, each with the one that was lost.

    Which of the two came first plays no part: no branch knows, and claimed times prove nothing. A
    number is void for all revisions, and for spellings of it that only look otherwise.
    """
    lost = losses(copies)
    for copy in copies:
        if copy.life.is_out and twin_of(copy.log.copy) in lost:
            yield copy, lost[twin_of(copy.log.copy)]


def _void_fault(step: Step, copies: Sequence[Copy], copy: Copy, lost: Copy) -> Finding:
    free = _free(step, copies, copy, copy.life.holder or Holder(None, None))
    return Finding("COPY-VOID", values=void_values(lost, copy.log.copy, copy.log.revision, free))


def _free(step: Step, copies: Sequence[Copy], copy: Copy, holder: Holder) -> str:
    """The number that `holder` would get in place of a copy's; ``-`` where none can be told."""
    try:
        scheme = copy_scheme(step.policy, copy.log.class_id)
        return next_number(scheme, copies, copy.log.revision, holder)
    except Refused:
        return "-"


def _gaps(register: Register, copies: Iterable[Copy]) -> Iterator[tuple[Finding, Copy]]:
    """Over all revisions: a holder's number lives on, so one revision alone may well have gaps.

    A number that was issued without effect is used all the same, and leaves none behind it.
    """
    counted: dict[int, Copy] = {}
    for copy in copies:
        place = ordinal(copy.log.copy)
        if place and place not in counted and _is_counted(register, copy):
            counted[place] = copy
    places = sorted(counted)
    for below, place in zip([0, *places], places, strict=False):
        copy, missing = counted[place], missing_before(place, (below,))
        if missing is not None and any(issue.id not in copy.void for issue in copy.issues()):
            values = values_of(copy) | {"missing": missing}
            yield Finding("COPY-GAP", values=values, reason=Reason.MET), copy


def _is_counted(register: Register, copy: Copy) -> bool:
    for issue in copy.issues():
        policy = cited_policy(register, issue)
        if policy is not None and copy_scheme(policy, copy.log.class_id).counts:
            return True
    return False


def _shared(copies: Iterable[Copy]) -> Iterator[tuple[Finding, Copy]]:
    """A number that is out at two holders; one holder may well have two revisions for a while."""
    first: dict[str, Copy] = {}
    for copy in copies:
        holder = copy.life.holder
        if not copy.life.is_out or holder is None:
            continue
        other = first.setdefault(copy.log.copy, copy)
        theirs = other.life.holder
        if other is not copy and theirs is not None and not theirs.is_like(holder):
            facts = {"papers": "2", "holder": f"{theirs} ({other.log.revision})"}
            values = values_of(copy) | facts | {"second": str(holder), "whose": str(holder)}
            yield Finding("COPY-TWICE", values=values, reason=Reason.MET), copy


def still_out(step: Step) -> Iterator[Finding]:
    """DC-10: copies of a revision that is over today and that somebody still has.

    Superseded, or without effect: annulled, displaced, rejected or void.
    Silent about a copy that the step itself does something about: its recall, for one.
    """
    if step.today is None:
        return
    released = {*changed_copies(step, RELEASED), *changed_copies(step, ACTS_KIND)}
    changed = changed_copies(step, COPY)
    for number in sorted({*released, *changed}):
        for copy, newer in _overdue(step.after, number, step.today):
            change = changed.get(number, {}).get(copy.path)
            if (number not in released) if change is None else _is_act_upon(change):
                continue
            values = values_of(copy) | {
                "holder": _holder_name(copy, step.policy),
                "newer": "-" if newer is None else newer.document.revision,
                "since": "-" if newer is None else str(newer.effective),
            }
            life = copy.life
            if life.state is CopyState.RECALLED:
                days = {"recalled": str(life.since or "-"), "due": str(life.due or "-")}
                yield placed(Finding("COPY-RECALLED", values=values | days), copy, change)
            else:
                yield placed(Finding("COPY-OUT", values=values), copy, change)


def _is_act_upon(change: Change) -> bool:
    return change.before is not None and change.before != change.after


def _overdue(state: State, number: str, today: date) -> Iterator[tuple[Copy, Released | None]]:
    """Copies out of what is over, each with what is to be worked by instead, if anything is.

    Where the issue itself is told as a fault, that is enough.
    """
    line = _line(state, number)
    for copy in Ledger.of(state).copies_of(number):
        log = copy.log
        if not copy.life.is_out or not line.is_over(log.revision, copy.content, today):
            continue
        counting = [issue for issue in copy.issues() if issue.id not in copy.void]
        if not any(
            _superseded(state, copy, one) or _is_known_void(state, copy, one) for one in counting
        ):
            yield copy, line.superseded_by(log.revision, today) or line.in_force(today)


def _holder_name(copy: Copy, policy: Policy) -> str:
    """Who has a copy, as the policy prints them."""
    holder, language = copy.life.holder, policy.organisation.language
    if holder is None:
        return "-"
    return holder.printed(policy, language)
