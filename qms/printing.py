"""What the plugins that print get: a revision to render, a copy's mark to stamp.

The job `publish` plans from the register what is printed for whom; the bytes are made by whoever
answers `render` and `stamp`. All values are plain and can be sent to another process.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from qms.domain.kinds.document import Document
from qms.domain.kinds.look import PLAIN, PageLook
from qms.domain.kinds.policy import Policy
from qms.domain.library.filed_texts import TextAt
from qms.domain.library.library import Library
from qms.formats.glyph_files import Glyphs
from qms.texts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended:
    """One line of a document's amendment record, produced from what was signed (DC-07).

    Without a `day` it is that of a text which isn't released: what the revision will get, as its
    author has planned it, with the names of those who have signed so far.
    """

    revision: str
    day: date | None
    summary: str
    prepared_by: str
    approved_by: str
    change: str = ""


class PrintedLine(NamedTuple):
    """A line of what a key says, and the dotted `way` to the text that it begins.

    Without a way it goes on with the text above it, or is of a value that is a text as a whole. The
    way stands apart on paper: what somebody writes in a text never looks like a key.
    """

    way: str
    text: str


@dataclass(frozen=True, slots=True)
class PrintedField:
    """A key that a plugin added to the head of a document or text: its name, and all that it says.

    The `key` is what was signed, and is printed beside the `name`, which is what the release of the
    plugin calls it that prints; it is empty where none names it.
    """

    key: str
    name: Text
    lines: tuple[PrintedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderRequest:
    """One revision of a document, whole: rendered once, whatever copies there are.

    `policy` is the one under which the document is printed: that of the filing signature.
    `policies` are those under which each of the document's statements was signed, in their order:
    whoever signed as a head of sales isn't shown as what they became afterwards.
    `created` is the time that the PDF bears; it depends on the revision only. `acts` are those that
    its chain asks for, in order, where it is not in force yet. `days` are those of the document's
    statements, in their order: a day is never to be read from a time. `line` is the one of the file
    at `path` where the body begins, for findings. `glyphs` are the letters that the company draws
    itself, `look` what that policy binds of colours, words and logo. `is_obsolete` says that
    another revision is in force: then nobody gets the paper as a copy. `particulars` are what the
    head says beside the core's keys. Of a `NamedSheet`, for which
    a document stands that is none, `class_name` is what it is, `edition` its revision (None of a
    document, which has its own; empty where it has none: the document's is that of the file's name
    then), `filing` what tells a filed text from another of one place, and `act_words` what the acts
    are called that were signed.
    """

    document: Document
    policy: Policy
    language: str
    display_number: str
    revision_text: Text
    amendments: tuple[Amended, ...]
    published: date | None
    effective: date | None
    assets: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    acts: tuple[str, ...] = ()
    days: tuple[date | None, ...] = ()
    policies: tuple[Policy | None, ...] = ()
    created: datetime
    path: str
    line: int = 1
    glyphs: Glyphs = field(default_factory=dict[str, str])
    look: PageLook = PLAIN
    is_obsolete: bool = False
    class_name: Text | None = None
    edition: str | None = None
    filing: str = ""
    act_words: Mapping[str, Text] = field(default_factory=dict[str, Text])
    particulars: tuple[PrintedField, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSheet:
    """Something else than a document that can be printed: a filed text, a notice, a record's page.

    `number` is what people ask for it by, and unlike any other of its plugin's; `title` and `body`,
    which is Markdown as of a document, are what stands on it. `owner` is the department that it is
    of. A sheet about a text of a plugin's kind (`at`) bears its signatures and the facts of its
    head, under `fact_names` by their keys, and may show its pictures; it is previewed while the
    text goes round, and published once it is filed.
    """

    number: str
    title: Text
    body: str
    revision: str = ""
    owner: str = ""
    at: TextAt | None = None
    fact_names: Mapping[str, Text] = field(default_factory=dict[str, Text])


class NamedPrint(NamedTuple):
    """What a plugin can print beyond documents: `name` as an id, `title` as it is printed.

    `sheets` gives all that there are, each time that somebody prints; it must look at nothing but
    the library. A file in the output folder lies in the folder `name`.
    """

    name: str
    title: Text
    sheets: Callable[[Library], Iterable[NamedSheet]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StampRequest:
    """A mark for every page of a base PDF; of a list `number` is its name, and it has no revision.

    `kind` is ``controlled``, ``uncontrolled``, ``draft``, ``in-review`` or ``obsolete``. A
    numbered copy has the day on which its paper was `issued`, any other the day it is `printed_on`.
    `effective` is given only where that day had not come when the copy was issued, of others where
    it has not come. `code` is what the copy's code says. `as_of` names the commit whose state it
    is, where a newer one is known: such a print must not be taken for what is in force. `preview`
    is a working text as its author has it, printed before anybody else saw it. `wet_chop` leaves an
    empty frame for the company's own stamp on paper. `glyphs` as in a `RenderRequest`. With `cover`
    the first page has the fields that a copy's mark writes into; a list has none.
    """

    base: bytes
    kind: str
    number: str
    revision: str
    copy: str = ""
    holder: str = ""
    department: str = ""
    printed_on: date | None = None
    issued: date | None = None
    effective: date | None = None
    obsolete_from: date | None = None
    replaced_by: str = ""
    code: str = ""
    as_of: str = ""
    preview: bool = False
    wet_chop: bool = False
    cover: bool = True
    glyphs: Glyphs = field(default_factory=dict[str, str])


class Stamped(NamedTuple):
    """A marked PDF, and how many pages it has."""

    data: bytes
    pages: int
