"""The papers that are out, as whoever prints and lists them gets to know (DC-10)."""

from collections.abc import Iterator

from qms.api import HeldCopy, Policy
from qms_copies.ledger import Ledger, policy_issued_under


def held(ledger: Ledger, number: str, policy: Policy) -> Iterator[HeldCopy]:
    """Every copy of a number that is out, with its holder as printed.

    That is as the policy calls them under which it was issued: so it stands on the paper since.
    `policy` is the one in force.
    """
    register = ledger.register
    for copy in ledger.copies_of(number):
        holder = copy.life.holder
        if not copy.life.is_out or holder is None:
            continue
        issue = copy.life.out[-1]
        base = issue.base
        named = policy_issued_under(register, copy, policy)
        language = named.organisation.language
        yield HeldCopy(
            number=number,
            revision=copy.log.revision,
            content="" if base is None else base.content,
            copy=copy.log.copy,
            holder=holder.person_name(named, language),
            department=holder.department_name(named, language),
            issued=register.day(issue),
            papers=copy.life.papers,
            statement=issue.id,
            seen=(issue.seen or ""),
            named=copy.named,
        )
