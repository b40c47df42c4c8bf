"""The one way to say that something is wrong: a finding, and the two errors that carry one.

Rules return findings. A command that can't go on raises `QmsError` (the repo or the environment
is broken, exit code 3) or `Refused` (a rule forbids it, nothing was written, exit code 1); both
hold exactly one value, so that they survive a process pool. Sentences and mends are not here:
they stand in the code table (`qms.codes`), in Chinese and English.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, NamedTuple
from unicodedata import category


class Level(StrEnum):
    """How grave a finding is. Only an error makes a command end with exit code 1."""

    ERROR = "error"
    WARNING = "warning"


class Reason(StrEnum):
    """What a finding comes from, where others go by it.

    What is done about a finding never hangs on its code, which is a name that people look up.
    """

    NO_POLICY = "names a policy version that is not recorded"
    NO_VERSION_BEFORE = "is a policy version that follows none that is recorded"
    NO_BASE = "builds on a revision that is not recorded"
    NOT_THEIRS = "signed by somebody whom the policy doesn't let"
    REWRITTEN = "had seen what is not in this clone"
    UNSEEN = "had seen what doesn't lead here"
    LATER_POLICY = "a later policy takes it for nothing"
    UNTIMELY = "its time has not come, or is before that of what it names"
    UNDECIDED = "nothing decided between it and another"
    LINES_LOST = "lines that were recorded are gone or replaced"
    ABSENT = "not in this clone"
    UNREADABLE = "not as git writes it"
    OVER_CAP = "over a cap"
    NEWER_TOOL = "takes a later tool to judge"
    NO_PLUGIN = "takes a plugin to judge that isn't here"
    UNKEPT = "of a kind that no plugin keeps which the policy lists"
    NO_ORDER = "of a class that orders no revisions"

    # How a file is written.
    UNDIVIDED = "not divided into head, status and body"
    NO_TAIL = "its status and signatures are not as they are written"
    NO_END = "its last line has no end"
    NOT_YAML = "no YAML from somewhere on"
    NO_KEY = "what stands in the place of a key is none"
    OVER_LINES = "a text goes on over several lines"
    NO_FIELDS = "no keys with values"
    CONTROL = "a character in it is none of a text"
    WRONG_TYPE = "a field holds nothing of its kind"
    WRONG_FIELD = "a field is missing, unknown, or holds what it can't"
    REMARK = "a remark stands where it would be part of a text"
    HIDDEN = "a character in it is not seen"
    NOT_CANONICAL = "not in its one spelling"
    CONFLICT = "a merge left both versions in it"
    STRAY = "nothing may lie there"
    WRONG_MODE = "no plain file"
    MISTYPED = "an object of another kind than its folder says"
    TOO_MUCH = "more than anybody looks at"

    # What it says against what was signed.
    NOT_SIGNED_BY = "not the signature of that key over these bytes"
    NOT_AS_SIGNED = "another text than the one that was signed"
    SIGNED_ANOTHER = "bears a signature that was given to another text"
    NOT_AS_LISTED = "not the file that a policy lists"
    OTHER_LIST = "signed for a list with another head"
    UNLISTED = "machines go by it, and no policy lists it"
    PUT_BACK = "an earlier state was put back"
    TWIN_LOST = "another filed text has its place"
    BEGUN_TWICE = "two people began one number"
    MET = "two people did, apart from each other, what each of them might"
    APART = "the same, and what each of them had seen says so"
    ON_TOP = "laid in where its signer could see what the signature says was not seen"

    # Why nobody can tell.
    SHALLOW = "of a clone that lacks a part of the history"
    UNJUDGED = "an act that nobody here knows"
    PLUGIN_FAILED = "a plugin broke down"
    NOT_ADMITTED = "a plugin that the policy doesn't admit"
    NO_REPOSITORY = "no repository is there"
    UNKNOWN_KEY = "a key of a type that this tool doesn't know"


UNTOLD: Final = frozenset(
    {Reason.ABSENT, Reason.SHALLOW, Reason.UNJUDGED, Reason.NEWER_TOOL, Reason.NO_PLUGIN}
)
"""Of a finding that has one of these nobody knows whether all is well: there is no verdict."""


class Place(NamedTuple):
    """Where it is: as much as is known, from a repo-relative POSIX path to a line.

    `field` is a dotted way into the file (``approvals.1.signed``); the printer looks up its line
    where `line` is not known. `commit` is the commit that first brought it.
    """

    path: str = ""
    field: str = ""
    commit: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: a stable code, a place, and the facts the sentence is made of.

    `about` names what it is about (``document LX-CX-2019-01 A/1``, ``policy 7``): findings about
    one thing that follow from one cause are folded by it (trust.md §2, last paragraph).
    `raised` tells that a rule gave up with it instead of returning it: what else the rule would
    have found nobody knows, so it is an error, whatever its code.
    """

    code: str
    place: Place = field(default_factory=Place)
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    about: str = ""
    reason: Reason | None = field(default=None, compare=False)
    raised: bool = field(default=False, compare=False)

    def at(self, **changes: str | int) -> "Finding":
        """The same finding with parts of its place filled in, where they are still empty."""
        missing = {key: value for key, value in changes.items() if not getattr(self.place, key)}
        return replace(self, place=self.place._replace(**missing))  # type: ignore[arg-type]

    def __hash__(self) -> int:
        return hash((self.code, self.place, tuple(sorted(self.values.items())), self.about))


class QmsError(Exception):
    """The repo or the environment is broken: exit code 3."""

    exit_code = 3

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding)
        self.finding = finding


class Refused(QmsError):
    """A rule, a format or a person's right forbids it; nothing was written: exit code 1."""

    exit_code = 1


_PLAIN: Final = re.compile(r"(?![~=])[\w@%+=:,./~^-]+")
"""A word with a tilde before it is a home to shells, with an equals sign a program to some."""
_UNSEEN: Final = "CMZ"
"""By which letter the kinds of characters begin that are no letter, sign or point to read."""
_READ: Final = frozenset(" \u3000")
_FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0")
"""Letters that nobody sees."""


class ShellText(str):
    """A value that a shell may be given as it stands: a whole command, or words of one.

    Any other value is put into quotes where a mend has it inside a command: it may be a name that
    somebody pushed so that whoever pastes the mend runs it.
    """

    __slots__ = ()


def shell_word(text: str) -> str:
    """A path as a command that a mend prints has it: in quotes where a shell would divide it.

    What would be printed as an escape, such as a line end or half a character, is one to the shell
    too: in ``$'…'``, as all shells of people have it.
    """
    if any(map(_is_unseen, text)):
        data = text.encode("utf-8", "surrogateescape")
        return f"$'{''.join(map(_byte_word, data))}'"
    return text if _PLAIN.fullmatch(text) else "'" + text.replace("'", "'\"'\"'") + "'"


def _is_unseen(char: str) -> bool:
    if char.isascii():
        return not char.isprintable()
    return char in _FILLERS or (category(char)[0] in _UNSEEN and char not in _READ)


def _byte_word(byte: int) -> str:
    char = chr(byte)
    return char if char.isascii() and char.isprintable() and char not in "'\\" else f"\\{byte:03o}"


def commit_word(commit: str) -> str:
    """A commit as a command that a mend prints has it: itself, whatever is called like it.

    Whole, since git takes a tag for an abbreviated id that is called like it, and anybody can push
    one. With ``~0``, since ``git checkout`` takes a local branch even for a whole one.
    """
    return f"{commit}~0"


def refused(
    code: str, place: Place | None = None, reason: Reason | None = None, /, **values: str
) -> Refused:
    """A `Refused` made from its code and values, and from its reason where others go by it.

    For ``raise refused("CUT", Place(line=3), found="…")``.
    """
    return Refused(Finding(code, place or Place(), values, reason=reason))
