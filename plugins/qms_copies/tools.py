"""What the copies plugin adds to commands and printing (group qms.tools); imports nothing heavy."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from qms.api import (
    Command,
    EffectiveOf,
    NoEffectOf,
    Person,
    Policy,
    Register,
    Task,
    Text,
    Tree,
    hookimpl,
)

if TYPE_CHECKING:  # loaded for printing, not for every check
    from qms.api import HeldCopy


@hookimpl
def commands() -> Iterable[Command]:
    """Commands on controlled copies."""
    module = "qms_copies.commands"
    yield Command(
        "issue", f"{module}:issue", Text("发放受控文件并登记分发号", "Issue controlled copies")
    )
    yield Command("receive", f"{module}:receive", Text("签收受控文件", "Sign for a copy received"))
    yield Command(
        "recall", f"{module}:recall", Text("通知回收受控文件", "Start a recall of copies")
    )
    yield Command(
        "return", f"{module}:return_copy", Text("登记已收回的文件", "Record a copy as back")
    )
    yield Command(
        "replace", f"{module}:replace", Text("遗失补发，原分发号作废", "Replace a lost copy")
    )
    yield Command("copies", f"{module}:copies", Text("发放回收记录", "Who has which copies"))


@hookimpl
def tasks(  # noqa: PLR0913, PLR0917 - as the hook
    register: Register,
    policy: Policy,
    tree: Tree,
    person: Person,
    today: date,
    no_effect: NoEffectOf,
    effective: EffectiveOf,
) -> Iterator[Task]:
    """Copies to be received, and those to be taken back: overdue, or of what has no effect."""
    from qms_copies.ledger import Ledger  # noqa: PLC0415 - as below
    from qms_copies.waiting import waiting  # noqa: PLC0415 - only `todo` needs it

    return waiting(Ledger(register, no_effect), effective, policy, tree, person, today)


@hookimpl
def held_copies(
    register: Register, policy: Policy, number: str, no_effect: NoEffectOf
) -> "Iterator[HeldCopy]":
    """Every copy of a number that is out, with its holder as printed."""
    from qms.api import HeldCopy  # noqa: PLC0415 - only printing and lists need it
    from qms_copies.ledger import Ledger, cited_policy  # noqa: PLC0415 - as above

    for copy in Ledger(register, no_effect).copies_of(number):
        holder = copy.life.holder
        if not copy.life.is_out or holder is None:
            continue
        issue = copy.life.out[-1]
        base = issue.base
        named = cited_policy(register, issue) or policy  # what stands on the paper since
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
