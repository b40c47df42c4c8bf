"""Copies that wait for somebody: to be received, handed back, or chased (DC-10, DC-25).

Who has a recalled paper hands it back, and so does who has one without effect: of that nobody else
tells its holder. Who issues chases what is overdue.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple, cast

from qms.api import Library, Person, Policy, Task, Text, shell_word
from qms_copies.ledger import Copy, Ledger, RevisionLine
from qms_copies.life import CopyState
from qms_copies.schemes import issuers

if TYPE_CHECKING:
    from qms.api import Json


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


def waiting_for(library: Library, person: Person, now: datetime) -> Iterator[Task]:
    """What waits for `person`, by number, revision and copy."""
    policy = library.policy
    today = policy.day(now)
    for number, told in library.told("qms_copies.out", _out):
        for one in map(_Out._make, cast("list[list[object]]", told)):
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


def _out(library: Library, number: str) -> "Json":
    """The copies of a number that are out and may wait for somebody: most are received, in use.

    Not where one of their events is to be decided about first: the command would be refused.
    """
    ledger = Ledger(library.register, library.no_effect)
    copies = ledger.copies_of(number)
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
    if not (is_void or waits or is_second):
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
    if one.state == CopyState.ISSUED and _is_asked(policy, person, one):
        return f"qms receive {of} {name}", Text("签收", "receive")
    chased = _to_take_back(number, one, today) if _is_issuer(policy, person, one, today) else None
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
