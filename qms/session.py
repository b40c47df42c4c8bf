"""What a command gets to work with: one repo, its policy, who I am, and the one way to write.

A plugin's command gets the same as the core's own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, Protocol

from qms.domain.kinds.held_copy import HeldCopy
from qms.domain.kinds.kind import COPY
from qms.domain.kinds.legacy_paper import Legacy
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


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDraft:
    """A document to be begun: what somebody asks for, or what an importer or a form knows of it.

    `class_id` and `owner` are ids or names. Without a `number` it gets the next free one, for which
    `given` holds the parts that the pattern needs; without a `revision` the first, without an
    `owner` the department of who begins it, without a `body` the sections of a new document.
    `head` are further keys, as they are read: texts (of numbers and booleans too), tuples and
    dicts. `legacy` is what a paper says of a document that begins with another revision.
    """

    class_id: str
    title: str
    title_en: str | None = None
    number: str | None = None
    owner: str | None = None
    revision: str | None = None
    legacy: Legacy | None = None
    given: Mapping[str, str] = field(default_factory=dict[str, str])
    head: Mapping[str, Value] = field(default_factory=dict[str, Value])
    body: str = ""


class Drafted(NamedTuple):
    """A draft that was begun: its number and revision, and where it lies in the work tree."""

    number: str
    revision: str
    path: str


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

    def draft(self, asked: NewDraft) -> Drafted:
        """Begin a document as `qms new` does: a draft in the work tree, which nobody has signed.

        Who holds my key prepares it. Its number is taken, so that nobody here gets it again; its
        path and head are right; nothing is written over. Raises `Refused` NUMBER-TAKEN, DRAFT-KEY
        for a key of `head` that is told otherwise, CLASS-UNKNOWN, DEPARTMENT-UNKNOWN, and what is
        wrong with number or head. In a dry run nothing is written.
        """
        ...

    def refuse_unmarkable(self, copies: Iterable[HeldCopy]) -> None:
        """Refuse copies that are about to be issued and whose mark could not be drawn.

        Their `statement` and `seen` may be empty: nobody has signed yet. Raises `Refused` with
        what the plugins that stamp find, such as HOLDER-LONG.
        """
        ...

    def say(self, zh: str, en: str) -> None:
        """Print a line for people, in the language of the session.

        Under ``--json`` it is in the list ``said``, where the command prints no table.
        """
        ...

    def table(self, titles: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]]) -> None:
        """Print a table for people, or its rows as JSON objects under ``--json``.

        `titles` are pairs (key, printed title in the session's language).
        """
        ...
