"""The library of a session: with whom it reads files ahead, and what it knows already."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from qms.domain.library.library import Library
from qms.domain.library.number_facts import Fresh, NumberFacts
from qms.findings import Refused
from qms.formats.names import number_path
from qms.formats.paths import parse_path
from qms.installed import TOOLS
from qms.jobs.judging.read_ahead import read_ahead, with_files_read
from qms.jobs.sessions.work_session import WorkSession
from qms.plugins import Hooks
from qms.storage.one_text import text_on_disk

_MANY: Final = 50
"""From so many numbers on it pays to read their files together: all names are looked at then."""


def library_of(session: WorkSession) -> Library:
    """What there is at HEAD today, with working texts as they lie in the work tree.

    While a merge waits to be ended half of what lies there is of a side that HEAD doesn't know:
    then the texts are those of HEAD too.
    """
    tools = Hooks(session.policy.plugins, (TOOLS,))

    def spelled(text: str) -> Iterator[str]:
        for class_id in session.policy.classes:
            with suppress(Refused):
                yield session.numbering(class_id).canonical(text)

    return Library(
        effects=session.effects,
        policy=session.policy,
        today=session.today,
        tree=session.tree,
        texts=session.tree if session.repository.merge_heads() else session.work_tree,
        at=session.tips,
        held=tools.held_copies,
        asked=tools.fact,
        spelled=spelled,
        failing=session.checker.failing,
        facts=_facts(session),
        reading=_Reading(session).in_turn,
    )


def look_at(session: WorkSession, text: str) -> bool:
    """Look at one number alone, if `text` is as one is written: whether that is enough."""
    for number in dict.fromkeys((text, parse_path(text).number)):
        try:
            inside = f"{number_path(number)}.md"
        except Refused:
            continue
        found = text_on_disk(session.repository, "documents", inside)
        if found is not None:
            session.work_tree = found
            return True
    return False


def _facts(session: WorkSession) -> NumberFacts:
    if not session.remembers:
        return Fresh()
    from qms.jobs.sessions.known_facts import KnownFacts  # noqa: PLC0415 - not for those that write

    return KnownFacts(session)


@dataclass(slots=True)
class _Reading:
    """Files of numbers, each of them read ahead once."""

    session: WorkSession
    _read: set[str] = field(default_factory=set[str])

    def in_turn(self, numbers: Sequence[str]) -> Iterator[str]:
        """Numbers that are asked for in turn, each once its files are at hand."""
        wanted = [one for one in numbers if one not in self._read]
        self._read.update(wanted)
        if len(wanted) < _MANY:
            yield from numbers
            return
        others, session = frozenset(wanted), self.session
        with read_ahead(session.repository) as ahead:
            read = with_files_read(ahead, session.checker.judge, session.tree, wanted)
            for number in numbers:
                if number in others:
                    next(read)
                yield number
