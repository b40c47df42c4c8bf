"""Copies that wait for somebody: to be received, handed back, or chased (DC-10, DC-25).

Who has a recalled paper hands it back, and so does who has one without effect: of that nobody else
tells its holder. Who issues calls back what is superseded, and chases what is overdue; nobody is
asked to sign for a paper that is superseded already.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from qms.api import Library, Person, Policy, Task, Text, shell_word
from qms_copies.acts import word_of
from qms_copies.holders import has_left
from qms_copies.ledger import Copy, Ledger, RevisionLine, disputed
from qms_copies.life import CopyState, fact
from qms_copies.schemes import issuers

if TYPE_CHECKING:
    from qms.api import Json


_NAMED: Final = 5
_DUE: Final = timedelta(days=14)
"""So long people have to hand back what is called back by a command as it is named."""


class _Out(NamedTuple):
    """A copy that may wait for somebody, whoever asks and on whatever day."""

    revision: str
    title: str
    copy: str
    is_void: bool
    """Whether its text has no effect."""
    state: str
    due: str | None
    class_id: str
    since: str
    """When it was recalled, else issued."""
    holder: str | None
    department: str | None
    issuer: str | None
    whose: str | None
    """Its holder, where another paper bears its number too: else None."""
    is_second: bool
    """Whether it is to get a number of its own: another paper had its number before."""
    over: str | None
    """From which day on people work by a later revision; None where there is none."""
    later: str | None
    """That revision."""
    released: str | None
    """When it was released."""

    def is_over(self, today: date) -> bool:
        """Whether people work by a later revision, and nobody has called it back yet."""
        waits = self.state in (CopyState.ISSUED, CopyState.RECEIVED) and not self.is_void
        return waits and self.over is not None and self.over <= today.isoformat()


def waiting_for(library: Library, person: Person, now: datetime) -> Iterator[Task]:
    """What waits for `person`, by number, revision and copy."""
    policy = library.policy
    today = policy.day(now)
    for number, told in library.told("qms_copies.waiting", _told):
        out, refuted = cast("tuple[list[list[object]], list[list[str]]]", told)
        yield from _disputed(number, map(_Disputed._make, refuted), policy, person)
        papers = [_Out._make(one) for one in out]
        yield from _to_recall(number, papers, policy, person, today)
        for one in papers:
            words = _to_do(number, one, policy, person, today)
            if words is not None:
                command, what = words
                yield Task(
                    number=number,
                    revision=one.revision,
                    title=one.title,
                    what=Text(f"{what.zh} {one.copy}", f"{what.en} {one.copy}"),
                    since=datetime.fromisoformat(one.since),
                    command=command,
                )


class _Disputed(NamedTuple):
    """A paper that one signed to be lost and another to be there, neither knowing of the other."""

    revision: str
    title: str
    copy: str
    by: str
    """The number that took its place, which nobody signed for yet."""
    act: str
    person: str
    """Who signed that it was there."""
    loser: str
    since: str


def _disputed(
    number: str, papers: Iterable[_Disputed], policy: Policy, person: Person
) -> Iterator[Task]:
    """What each of the two is told, until what took its place is received."""
    for one in papers:
        if person.id not in {one.person, one.loser}:
            continue
        found = {tag: policy.printed_name(one.person, tag) for tag in ("zh", "en")}
        lost = {tag: policy.printed_name(one.loser, tag) for tag in ("zh", "en")}
        act = {tag: word_of(one.act, tag) for tag in ("zh", "en")}
        yield Task(
            number=number,
            revision=one.revision,
            title=one.title,
            what=Text(
                f"{found['zh']}{act['zh']} {one.copy}，{lost['zh']} 不知而报失："
                f"{one.copy} 已作废，纸仍在的请销毁，由 {one.by} 代替",
                f"{one.copy}: {act['en']} by {found['en']}, reported lost by {lost['en']} who "
                f"didn't know: void, destroy its paper, {one.by} is in its place",
            ),
            since=datetime.fromisoformat(one.since),
            command=f"qms copies {shell_word(number)}",
        )


def _to_recall(
    number: str,
    papers: Sequence[_Out],
    policy: Policy,
    person: Person,
    today: date,
) -> Iterator[Task]:
    """One task for all papers that a later revision has taken the place of, for who issued them."""
    over = [
        one for one in papers
        if one.is_over(today) and not one.is_second and _is_issuer(policy, person, one, today)
    ]  # fmt: skip
    if not over:
        return
    first, day = over[0], min(one.over or "" for one in over)
    released = min(one.released or "" for one in over)
    why = Text(f"已被 {first.later} 代替", f"superseded by {first.later}")
    named = ", ".join(one.copy for one in over[:_NAMED]) + (" …" if len(over) > _NAMED else "")
    yield Task(
        number=number,
        revision=first.revision,
        title=first.title,
        what=Text(f"已被 {first.later} 代替，请收回 {named}",
                  f"superseded by {first.later}, call back {named}"),
        since=max(policy.begins(date.fromisoformat(day)), datetime.fromisoformat(released)),
        command=f"qms recall {shell_word(number)} --all --due {today + _DUE} "
                f"--reason {shell_word(why.of(policy.organisation.language))}",
    )  # fmt: skip


def _told(library: Library, number: str) -> "Json":
    """The copies of a number that may wait for somebody: most are received, in use.

    First those that are out, then those that are lost though somebody signed for them.
    """
    ledger = Ledger(library.register, library.no_effect)
    copies = ledger.copies_of(number)
    return [_out(library, ledger, number, copies), [*_refuted(library, copies)]]


def _refuted(library: Library, copies: Sequence[Copy]) -> "Iterator[Json]":
    for copy, loss, other in disputed(copies):
        entry = library.register.revision(copy.log.number, copy.log.revision)
        one = _Disputed(
            revision=copy.log.revision,
            title="" if entry is None else entry.document.title,
            copy=copy.log.copy,
            by=fact(loss.slot, "by") or "-",
            act=other.act,
            person=other.person,
            loser=loss.slot.person,
            since=max(loss.slot.time, other.time).isoformat(),
        )
        yield [*one]


def _out(library: Library, ledger: Ledger, number: str, copies: Sequence[Copy]) -> "list[Json]":
    """The copies of a number that are out and may wait for somebody.

    And those that one person has, who may leave, and those that a later revision has followed, be
    its day still ahead.

    Not where one of their events is to be decided about first: the command would be refused.
    """
    if not copies:
        return []
    line = RevisionLine(ledger.register.released(number), library.effective(number))
    found = (_as_told(library, paper, line) for copy in copies for paper in copy.each())
    return [list(one) for one in found if one is not None]


def _as_told(library: Library, copy: Copy, line: RevisionLine) -> _Out | None:
    life = copy.life
    if not life.is_out or life.holder is None or copy.undecided is not None:
        return None
    is_void = not line.has_effect(copy.content)
    is_second = copy.is_second
    waits = life.state in (CopyState.ISSUED, CopyState.RECALLED)
    later = min(line.successors(copy.log.revision), key=lambda entry: entry.effective, default=None)
    is_personal = life.holder.name is not None  # who may leave, and asks nobody then
    if not (is_void or waits or is_second or is_personal or later is not None):
        return None
    entry = library.register.revision(copy.log.number, copy.log.revision)
    return _Out(
        revision=copy.log.revision,
        title="" if entry is None else entry.document.title,
        copy=copy.log.copy,
        is_void=is_void,
        state=life.state.value,
        due=None if life.due is None else life.due.isoformat(),
        class_id=copy.log.class_id,
        since=_since(copy).isoformat(),
        holder=life.holder.name,
        department=life.holder.department,
        issuer=life.issuer,
        whose=str(life.holder) if copy.one_of else None,
        is_second=is_second,
        over=None if later is None else later.effective.isoformat(),
        later=None if later is None else later.document.revision,
        released=None if later is None else later.filing.time.isoformat(),
    )


def _since(copy: Copy) -> datetime:
    if copy.life.state is CopyState.RECALLED:
        recalls = (one.slot for one in copy.moments if one.counts and one.slot.act == "recall")
        return max(slot.time for slot in recalls)
    return copy.life.out[-1].time


def _to_do(
    number: str, one: _Out, policy: Policy, person: Person, today: date
) -> tuple[str, Text] | None:
    """The command, and what it does; None where nothing waits for `person`."""
    of, name = shell_word(number), _words(one)
    if one.is_void and _is_asked(policy, person, one):
        return f"qms copies {of}", Text("不生效，请交回", "has no effect, give back")
    is_new = one.state == CopyState.ISSUED and not one.is_over(today)
    if is_new and _is_asked(policy, person, one):
        return f"qms receive {of} {name}", Text("签收", "receive")
    chased = None
    if _is_issuer(policy, person, one, today):
        chased = _to_take_back(number, one, today) or _of_leaver(number, one, policy, today)
    if chased is None and one.state == CopyState.RECALLED and _is_asked(policy, person, one):
        by = one.due or "-"
        return f"qms copies {of}", Text(f"{by} 前交回", f"wanted by {by}, hand back")
    return chased


def _to_take_back(number: str, one: _Out, today: date) -> tuple[str, Text] | None:
    """As `_to_do`, for whoever issues copies of it."""
    is_recalled = one.state == CopyState.RECALLED
    if one.is_second and not is_recalled and not one.is_void:
        told = Text("一号两份，请换号，分发号", "bears a number that is out twice, exchange copy")
        return f"qms renumber {shell_word(number)} {_words(one)}", told
    back = f"qms return {shell_word(number)} {_words(one)}"
    if is_recalled and one.due is not None and one.due < today.isoformat():
        return back, Text(f"{one.due} 到期未收回", f"overdue since {one.due}, take back")
    if one.is_void and not is_recalled:
        return (
            f"{back} --revision {one.revision}",
            Text("不生效，请收回", "has no effect, take back"),
        )
    return None


def _of_leaver(number: str, one: _Out, policy: Policy, today: date) -> tuple[str, Text] | None:
    """As `_to_take_back`, of what somebody has who can sign no more: it goes to somebody else.

    What is to be called back anyhow is told as that.
    """
    if not has_left(policy, one.holder) or one.state == CopyState.RECALLED or one.is_over(today):
        return None
    command = f"qms return {shell_word(number)} {_words(one)} --revision {one.revision}"
    holder, heir = one.holder or "", one.department or "HOLDER"
    zh, en = (policy.printed_name(holder, tag) for tag in ("zh", "en"))
    again = f"qms issue {shell_word(number)} --to {shell_word(heir)}"
    return command, Text(
        f"{zh} 已离任，请收回，再改发（{again}），分发号",
        f"{en} has left: take back, then issue anew ({again}), copy",
    )


def _is_issuer(policy: Policy, person: Person, one: _Out, today: date) -> bool:
    """Whether a copy is chased by `person`: by the unit that issued it, as long as it may."""
    allowed = issuers(policy, one.class_id)
    roles = (one.issuer,) if one.issuer in allowed else allowed
    return any(person.id in policy.holders(role, today) for role in roles)


def _words(one: _Out) -> str:
    """The copy as a command names it: with its holder where two bear the number."""
    words = [one.copy] if one.whose is None else [one.copy, "--holder", one.whose]
    return " ".join(map(shell_word, words))


def _is_asked(policy: Policy, person: Person, one: _Out) -> bool:
    """Whether a copy was issued to `person`, or to the department without naming one of us."""
    if one.holder in policy.persons:
        return one.holder == person.id
    department = policy.departments.get(one.department or "")
    if department is None:
        return False
    if department.keeper is not None:
        return department.keeper == person.id
    return person.department == department.id or department.head == person.id
