"""What a command gets to work with: one repo, its policy, who I am, and the one way to write.

A plugin's command gets the same as the core's own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from qms.domain.kinds.held_copy import HeldCopy
from qms.domain.kinds.kind import COPY
from qms.domain.kinds.numbering import Numbering, VersionScheme
from qms.domain.kinds.policy import Person, Policy
from qms.domain.library.library import Library
from qms.domain.register.register import Register
from qms.findings import Finding
from qms.formats.canonical_json import Json
from qms.formats.strict_yaml import Value
from qms.formats.tree import Tree


@dataclass(frozen=True, slots=True)
class Written:
    """What a writing command left: its commit (empty in a dry run), paths, warnings."""

    commit: str
    paths: tuple[str, ...]
    warnings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event to be signed and added to a list: the life of a copy, or a kind of a plugin's.

    Of a list by edition `revision` is the edition.

    A list of a revision has the revision's class; another is given `class_id` where its kind
    names one. `needs` are ids of events of the list that it must come after, whatever else is
    there: they are named first where there are more than one may name. `alone` are those that it
    comes after instead of all that is there: of several papers under one number it is about one.
    `head` are the further keys of a list that this event begins, as they are read: texts (of
    numbers and booleans too), tuples and dicts.
    """

    number: str
    revision: str = ""
    copy: str = ""
    act: str
    role: str | None
    data: Mapping[str, Json]
    reason: str | None = None
    kind: str = COPY
    class_id: str = ""
    needs: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    head: Mapping[str, Value] = field(default_factory=dict[str, Value])


class Session(Protocol):
    """One call of a command on one repo."""

    @property
    def now(self) -> datetime:
        """The time of this call, with its zone; the only clock there is."""
        ...

    @property
    def today(self) -> date:
        """The organisation's day of `now`, by the zone of the policy in force."""
        ...

    @property
    def language(self) -> str:
        """``zh`` or ``en``: as asked for, by locale, or the organisation's."""
        ...

    @property
    def policy(self) -> Policy:
        """The policy in force. Raises `Refused` NO-POLICY before the first is filed."""
        ...

    @property
    def register(self) -> Register:
        """What was validly recorded up to HEAD; fetched as it is asked for."""
        ...

    @property
    def tree(self) -> Tree:
        """The files at HEAD."""
        ...

    @property
    def me(self) -> Person:
        """Who holds my key in the policy. Raises `Refused` KEY-UNKNOWN."""
        ...

    @property
    def library(self) -> Library:
        """What there is today: texts, what is in force, who must sign, which copies are out."""
        ...

    def numbering(self, class_id: str) -> Numbering:
        """The numbering of a class."""
        ...

    def version_scheme(self, class_id: str) -> VersionScheme:
        """The version scheme of a class."""
        ...

    def record_events(self, events: Sequence[NewEvent], message: str) -> Written:
        """Sign events with my key, judge them, and write them in one commit of only their files.

        Refused before anything is written where a rule says no. `message` is the commit's
        subject.
        """
        ...

    def refuse_unmarkable(self, copies: Iterable[HeldCopy]) -> None:
        """Refuse copies that are about to be issued and whose mark could not be drawn.

        Their `statement` and `seen` may be empty: nobody has signed yet. Raises `Refused` with
        what the plugins that stamp find, such as HOLDER-LONG.
        """
        ...

    def say(self, zh: str, en: str) -> None:
        """Print a line for people, in the language of the session; silent under ``--json``."""
        ...

    def table(self, titles: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]]) -> None:
        """Print a table for people, or its rows as JSON objects under ``--json``.

        `titles` are pairs (key, printed title in the session's language).
        """
        ...
