"""What the copies plugin adds to commands and printing (group qms.tools); imports nothing heavy."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from qms.api import Command, Person, Policy, Register, Task, Tree, hookimpl

if TYPE_CHECKING:  # loaded for printing, not for every check
    from qms.api import HeldCopy


@hookimpl
def commands() -> Iterable[Command]:
    """Commands on controlled copies."""
    module = "qms_copies.commands"
    yield Command("issue", f"{module}:issue", "发放受控文件并登记分发号", "Issue controlled copies")
    yield Command("receive", f"{module}:receive", "签收受控文件", "Sign for a copy received")
    yield Command("recall", f"{module}:recall", "通知回收受控文件", "Start a recall of copies")
    yield Command("return", f"{module}:return_copy", "登记已收回的文件", "Record a copy as back")
    yield Command("replace", f"{module}:replace", "遗失补发，原分发号作废", "Replace a lost copy")
    yield Command("copies", f"{module}:copies", "发放回收记录", "Who has which copies")


@hookimpl
def tasks(
    register: Register, policy: Policy, tree: Tree, person: Person, today: date
) -> Iterator[Task]:
    """Copies to be received, and those that are to be taken back and overdue."""
    from qms_copies.waiting import waiting  # noqa: PLC0415 - only `todo` needs it

    return waiting(register, policy, tree, person, today)


@hookimpl
def held_copies(register: Register, policy: Policy) -> "Iterator[HeldCopy]":
    """Every copy that is out, with its holder as printed."""
    from qms.api import HeldCopy  # noqa: PLC0415 - only printing needs it
    from qms_copies.ledger import cited_policy, copies_of  # noqa: PLC0415 - only printing needs it

    for number in sorted(register.numbers()):
        for copy in copies_of(register, number):
            holder = copy.life.holder
            if not copy.life.is_out or holder is None:
                continue
            issue = copy.life.out[-1]
            named = cited_policy(register, issue) or policy  # what stands on the paper since
            language = named.organisation.language
            yield HeldCopy(
                number=number,
                revision=copy.log.revision,
                copy=copy.log.copy,
                holder=holder.person_name(named, language),
                department=holder.department_name(named, language),
                issued=register.day(issue),
                statement=issue.id,
                seen=(issue.signed.seen if issue.signed is not None else None) or "",
            )
