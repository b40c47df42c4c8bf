"""What plugins answer hooks with: plain named values, one for each kind of answer."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from qms.formats.schema import Type
from qms.texts import Text

if TYPE_CHECKING:  # what only commands and printing need, no check loads
    from collections.abc import Callable

    from qms.domain.library.library import Library
    from qms.formats.canonical_json import Json


class ClassSetting(NamedTuple):
    """A key of a class in qms.yaml that a plugin owns, and the type that checks it."""

    name: str
    type: Type[object]
    required: bool = False


class Command(NamedTuple):
    """A command that a plugin adds to `qms`. `target` is imported only when it is called."""

    name: str
    target: str
    help: Text


class Task(NamedTuple):
    """Something that waits for a person: about which revision, what to do, by which command.

    `since` is when it began to wait, with a zone; people are shown how long that is ago. `edit` is
    what is to be edited before the command does it: a line of a file, and how.
    """

    number: str
    revision: str
    title: str
    what: Text
    since: datetime
    command: str
    edit: str = ""


class Probe(NamedTuple):
    """One thing that was looked at on this machine. `needed`: without it nothing works.

    `found` says what there is, or what is missing and how one gets it.
    """

    key: str
    name: Text
    found: str
    fine: bool
    needed: bool = True


class NamedFact(NamedTuple):
    """A question about a subject that other plugins may ask: `library.fact(name, subject)`.

    `answer` gets the library and the subject, such as a number, and gives a JSON value; it must
    look at nothing else.
    """

    name: str
    help: Text
    answer: "Callable[[Library, str], Json]"
