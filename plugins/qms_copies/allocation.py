"""The number of the next copy: by the class's scheme, never one that was lost (DC-11, DC-27)."""

from collections.abc import Iterable, Sequence

from qms_copies.holders import Holder
from qms_copies.ledger import Copy, losses, used_up
from qms_copies.schemes import CopyScheme


def next_number(
    scheme: CopyScheme,
    copies: Sequence[Copy],
    revision: str,
    holder: Holder,
    given: Sequence[str] = (),
) -> str:
    """The number under which `holder` gets a paper of a revision.

    `given` were given in this call. Never one that was lost, or issued without effect, in whatever
    revision, nor one that is out of this revision or with somebody else. Raises `Refused`
    COPY-CODE.
    """
    taken = [*given, *losses(copies), *used_up(copies)]
    taken += [
        copy.log.copy
        for copy in copies
        if copy.life.is_out and (copy.log.revision == revision or copy.life.holder != holder)
    ]
    used = [*given, *(copy.log.copy for copy in copies)]
    return scheme.allocate(holder, _numbers_of(holder, copies), taken, used)


def _numbers_of(holder: Holder, copies: Iterable[Copy]) -> set[str]:
    """Copy numbers that were last with `holder`, over all revisions."""
    last: dict[str, Copy] = {copy.log.copy: copy for copy in copies}
    return {number for number, copy in last.items() if copy.life.holder == holder}
