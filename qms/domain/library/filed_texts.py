"""The texts of plugins' own kinds: those that are filed, and those that still go round."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from qms.domain.kinds.distinct_persons import Persons
from qms.domain.kinds.document import DRAFT
from qms.domain.kinds.filed import FiledText
from qms.domain.kinds.kind import Kind
from qms.domain.kinds.recorded import Filed
from qms.domain.library.library import Library
from qms.domain.library.open_round import Waiting
from qms.domain.library.status import Status
from qms.domain.register.filings import chain_for, ended_fault, statements_fault
from qms.domain.register.holdings import every_text
from qms.domain.register.next_slots import echo, waiting_for
from qms.findings import Reason, Refused, refused
from qms.formats.tree import FILE, Tree

Written: TypeAlias = Callable[[Kind, str, bytes], bytes]
"""What the bytes at a path are to be, before they are read."""


class TextAt(NamedTuple):
    """A text of a plugin's kind and where it lies; where it is filed it has an `entry`.

    `data` are the bytes of one that goes round.
    """

    kind: Kind
    path: str
    text: FiledText
    entry: Filed | None = None
    data: bytes = b""


def as_it_is(_kind: Kind, _path: str, data: bytes) -> bytes:
    """What lies at a path, unchanged."""
    return data


def texts_at(
    library: Library, number: str | None = None, written: Written = as_it_is
) -> Iterator[TextAt]:
    """All texts of plugins' kinds, or those of a number: what is filed first, then by path.

    What can't be read is left out and its path is failing. `written` may change the bytes of what
    goes round before they are read.
    """
    kinds = library.effects.judge.answers.kinds
    for entry in every_text(library.register, kinds, number):
        path = lies_at(entry, library.tree)
        yield TextAt(kinds.texts[entry.text.kind], path, entry.text, entry)
    for kind in kinds.brought:
        if not (kind.of and kind.is_working):
            continue
        for path, lying in library.texts.files(kind.form.folder):
            at = kinds.at(path)
            if at.kind != kind.name or number not in (None, at.number) or lying.mode != FILE:
                continue
            try:
                data = written(kind, path, library.texts.blob(lying.id))
                text = kind.parse(data)
            except Refused as refusal:
                library.failing.setdefault(path, refusal.finding.at(path=path))
                continue
            if isinstance(text, FiledText):
                yield TextAt(kinds.texts[kind.of], path, text, None, data)


def lies_at(entry: Filed, tree: Tree) -> str:
    """Where a filed text lies: at its place, or beside another that has the place."""
    lying = ((place, tree.entry(place)) for place in entry.places)
    return next((place for place, one in lying if one and one.id == entry.blob), entry.path)


def texts_of(library: Library, kind: str) -> Iterator[TextAt]:
    """The texts of a plugin's kind: those that are filed and have effect, and those that go round.

    Of what goes round without the signatures that don't hold.
    """
    for one in texts_at(library):
        if one.kind.name == kind and status_of(library, one) is not Status.VOID:
            yield proved(library, one)


def text_meant(library: Library, word: str, written: Written = as_it_is) -> TextAt | None:
    """The text of a plugin's kind that somebody means by its path, or by its number.

    By a number the one that goes round, where one does. None where the word means none of them;
    the numbers of documents are theirs. Raises `Refused` TEXT-UNCLEAR, which lists the paths, or
    what keeps the text from being read.
    """
    kinds = library.effects.judge.answers.kinds
    number = kinds.at(word).number or word
    found = [
        one for one in texts_at(library, number, written)
        if one.path == word or (one.text.number == word and one.kind.gives_numbers)
    ]  # fmt: skip
    going = [one for one in found if one.entry is None]
    meant = going or found
    if len(meant) > 1:
        raise refused("TEXT-UNCLEAR", found=word, known=", ".join(one.path for one in meant))
    for path, finding in library.failing.items() if not meant else ():
        kind = kinds.of(path)
        if kind is not None and kind.of and word in (path, kinds.at(path).number):
            raise Refused(finding)
    return meant[0] if meant else None


def proved(library: Library, one: TextAt) -> TextAt:
    """A text without what stands in it as signed where that doesn't hold; its path is failing then.

    What is filed was judged.
    """
    judge, register, text = library.effects.judge, library.register, one.text
    if one.entry is not None or not text.statements:
        return one
    fault = (
        ended_fault(judge, text, register)
        if text.status == DRAFT and text.rejected() is not None
        else statements_fault(judge, text, register, library.at, Reason.SIGNED_ANOTHER)
    )
    if fault is None:
        return one
    library.failing.setdefault(one.path, fault.at(path=one.path))
    return one._replace(text=replace(text, slots=()))


def status_of(library: Library, one: TextAt) -> Status:
    """How far a text has come; one that is filed is in force, unless something speaks against it.

    A draft where nobody can tell its chain: `check` says why.
    """
    if one.entry is not None:
        return Status.IN_FORCE if library.no_effect(one.entry) is None else Status.VOID
    text, rounds = proved(library, one).text, one.kind.rounds
    if rounds is None:
        return Status.DRAFT
    try:
        return Status(echo(rule_of(library, one).chain, text.slots, rounds.reject))
    except Refused:
        return Status.DRAFT


def waiting_of(library: Library, one: TextAt) -> Waiting:
    """The open steps of a text that goes round, with the persons that each waits for."""
    text = proved(library, one).text
    if one.entry is not None or not text.signed() or text.rejected() is not None:
        return ()
    try:
        return waiting_for(rule_of(library, one), text)
    except Refused:
        return ()


def rule_of(library: Library, one: TextAt) -> Persons:
    """Who may still sign what of a text, under the policy in force. Raises `Refused`."""
    return persons_of(library, one.text)


def persons_of(library: Library, text: FiledText) -> Persons:
    """The same of a text wherever it lies."""
    kind = library.effects.judge.answers.kinds.texts[text.kind]
    policy = library.effects.policy
    if policy is None:
        raise refused("NO-POLICY")
    chain = chain_for(library.effects.judge, kind, text, policy.policy, library.register)
    return Persons.under(policy.policy, chain, chain.steps[0].act)
