"""What the copies plugin adds to commands and printing (group qms.tools); imports nothing heavy."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from qms.api import Command, NamedFact, Person, Task, Text, hookimpl

if TYPE_CHECKING:  # loaded for printing, not for every check
    from qms.api import HeldCopy, Json, Library, NamedList


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
    yield Command(
        "renumber",
        f"{module}:renumber",
        Text("一号两份时给其中一份换号", "Give a doubled copy its own number"),
    )
    yield Command("copies", f"{module}:copies", Text("发放回收记录", "Who has which copies"))


@hookimpl
def listings() -> "Iterator[NamedList]":
    """All paper that is out, by document, holder and place; and all that ever was."""
    from qms_copies.copy_lists import LISTS  # noqa: PLC0415 - only for lists

    yield from LISTS


@hookimpl
def facts() -> Iterator[NamedFact]:
    """What others may ask of the papers of a document."""

    def out(library: "Library", number: str) -> "Json":
        return len(list(held_copies(library, number)))

    yield NamedFact(
        "copies-out", Text("某编号在外的受控副本数", "how many papers of a number are out"), out
    )


@hookimpl
def waiting(library: "Library", person: Person, now: datetime) -> Iterator[Task]:
    """Copies to be received, to be handed back, and to be chased: recalled, or without effect."""
    from qms_copies.waiting import waiting_for  # noqa: PLC0415 - only `todo` needs it

    return waiting_for(library, person, now)


@hookimpl
def held_copies(library: "Library", number: str) -> "Iterator[HeldCopy]":
    """Every copy of a number that is out, with its holder as printed."""
    from qms_copies.held import held  # noqa: PLC0415 - only printing and lists need it
    from qms_copies.ledger import Ledger  # noqa: PLC0415 - as above

    return held(Ledger(library.register, library.no_effect), number, library.policy)
