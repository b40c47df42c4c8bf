"""Which copy somebody means: by its number, and where that is not enough by revision or holder.

Pure, as `distribution`.
"""

from collections.abc import Sequence
from datetime import date

from qms.api import Refused, Released, recognised, refused, shell_word
from qms_copies.holders import Holder
from qms_copies.ledger import Copy, Ledger, RevisionLine
from qms_copies.life import CopyState


def find_copy(  # noqa: PLR0913, PLR0917 - what people say of a copy
    ledger: Ledger,
    number: str,
    copy: str,
    revision: str | None,
    act: str,
    holder: Holder | None = None,
) -> Copy:
    """The one copy that somebody means: ``1`` is ``001``.

    A holder's number may be out of two revisions while they are exchanged: then what waits for
    this act is meant (issued ones wait for receipt, recalled ones for return), if that is one.
    Where two people issued one number at once, `holder` says whose paper it is. Raises `Refused`
    COPY-NOT-OUT, COPY-WHICH, COPY-DOUBLED, and as `settled`.
    """
    named = copies_out(ledger, number, copy, revision, act)
    if holder is not None:
        mine = [one for one in named for one in one.each() if _is_of(one, holder)]
        exact = [one for one in mine if one.life.holder == holder]
        named = exact or (mine if len({one.life.holder for one in mine}) == 1 else named)
    if len(named) > 1:
        waiting = [one for one in named if _waits(one, act)]
        named = waiting if len(waiting) == 1 else named
    if len({one.path for one in named}) > 1:
        revisions = [one.log.revision for one in named]
        values = {"copy": named[0].log.copy, "revisions": ", ".join(revisions)}
        raise refused("COPY-WHICH", number=number, **values, first=revisions[0])
    return _told_apart(settled(named[0]))


def _is_of(copy: Copy, holder: Holder) -> bool:
    """Whether a paper is somebody's: a person may have changed departments since."""
    theirs = copy.life.holder
    return theirs == holder or (
        theirs is not None and holder.name is not None and holder.name == theirs.name
    )


def _told_apart(found: Copy) -> Copy:
    """The copy where all its papers are with one holder; else which of them is meant is unsaid."""
    whole = found.whole
    holders = {one.life.holder for one in whole.each()}
    if len(holders) > 1 and not found.alone:
        raise is_doubled(whole)
    return found


def is_doubled(copy: Copy) -> Refused:
    """The refusal of what could be about either paper, with the commands that part them."""
    log = copy.log
    which = [one for one in copy.each() if one.alone]
    words = [shell_word(str(one.life.holder)) for one in which]
    parting = " ".join(map(shell_word, (log.number, log.copy, "--revision", log.revision)))
    return refused(
        "COPY-DOUBLED",
        number=log.number,
        revision=log.revision,
        copy=log.copy,
        holders=", ".join(str(one.life.holder) for one in copy.each()),
        ways=", ".join(f"`qms renumber {parting} --holder {one}`" for one in reversed(words)),
        named=", ".join(f"`--holder {one}`" for one in words),
    )


def settled(copy: Copy) -> Copy:
    """The copy, where something can be signed about it: else what is to be decided first.

    Raises `Refused` with why an event of it has no effect, such as STALE-POLICY.
    """
    if copy.undecided is not None:
        raise Refused(copy.undecided.fault)
    return copy


def copies_out(
    ledger: Ledger, number: str, copy: str, revision: str | None, act: str
) -> list[Copy]:
    """All copies of that number that are out, older revisions first.

    Raises `Refused` COPY-NOT-OUT, COPY-LOST, REVISION-UNKNOWN, or with why an event has no effect
    where that is why none is.
    """
    known = _copies(ledger, number, revision)
    out = [one for one in known if one.life.is_out]
    open_ones = [one for one in known if one.life.is_out or one.unsettled is not None]
    meant = recognised(copy, (one.log.copy for one in open_ones))
    named = [one for one in out if one.log.copy == meant]
    if not named:
        for one in open_ones:
            if one.log.copy == meant and one.unsettled is not None:
                raise Refused(one.unsettled.fault)
        _refuse_lost(known, number, copy)
        listed = ", ".join(f"{one.log.copy} ({one.log.revision})" for one in out)
        raise refused("COPY-NOT-OUT", number=number, copy=meant, act=act, out=listed or "-")
    return named


def _refuse_lost(known: Sequence[Copy], number: str, copy: str) -> None:
    """Refuse what somebody does about a paper that was lost: it turned up. Raises COPY-LOST."""
    lost = [one for one in known if one.life.loss is not None]
    meant = recognised(copy, (one.log.copy for one in lost))
    for one in lost:
        if one.log.copy == meant:
            day = "-" if one.life.lost_on is None else one.life.lost_on.isoformat()
            values = {"copy": meant, "day": day, "by": one.life.replaced_by or "-"}
            raise refused("COPY-LOST", number=number, **values)


def copies_to_recall(
    ledger: Ledger,
    number: str,
    revision: str | None,
    today: date,
    effective: Sequence[Released],
) -> tuple[Copy, ...]:
    """All copies that are out and not recalled yet: of a revision, or of all that are over.

    Without a revision the one in force is never meant. `effective` are the revisions that have
    effect. Raises `Refused` RECALL-NOTHING, and as `settled`.
    """
    line = RevisionLine(ledger.register.released(number), effective)
    found = tuple(
        copy
        for copy in _copies(ledger, number, revision)
        if copy.life.is_out
        and copy.life.state is not CopyState.RECALLED
        and (revision is not None or line.is_over(copy.log.revision, copy.content, today))
    )
    if not found:
        raise refused("RECALL-NOTHING", number=number)
    return tuple(map(settled, found))


def _copies(ledger: Ledger, number: str, revision: str | None) -> Sequence[Copy]:
    if revision is None:
        return ledger.copies_of(number)
    known = dict.fromkeys(one.document.revision for one in ledger.register.released(number))
    if revision not in known:
        raise refused("REVISION-UNKNOWN", number=number, revision=revision, known=", ".join(known))
    return ledger.copies_of_revision(number, revision)


def _waits(copy: Copy, act: str) -> bool:
    if act == "receive":
        return copy.life.state is CopyState.ISSUED
    is_recalled = copy.life.state is CopyState.RECALLED
    return is_recalled if act in ("return", "replace") else not is_recalled
