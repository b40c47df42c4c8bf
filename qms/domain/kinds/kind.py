"""Kinds: what may lie where, how it is read, and the law it is under.

A **kind** says of the files of one form how their paths are spelled, what their bytes mean, and
what may become of them: working text is *free*, a released revision is *fixed*, a list *grows*.
The core's own kinds are here. A plugin brings more (`qms.domain.kinds.brought`), which get all that
copies and released revisions have: each is judged once and for ever, none may go, and rules see
what changed.
Policy versions and filed pictures are no items: three files, and bytes, with codecs of their own.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache, partial
from typing import Any, Final, TypeAlias

from qms.domain.kinds.chain import Chain, ClassChain, RoundActs
from qms.domain.kinds.document import Document
from qms.domain.kinds.filed import FiledText
from qms.domain.kinds.log import (
    ACTS,
    ACTS_HEAD,
    CONTENT,
    COPY_HEAD,
    REJECTS,
    REJECTS_HEAD,
    Log,
    log_head,
    parse_log,
)
from qms.domain.kinds.policy import Policy
from qms.domain.kinds.reading import (
    known_document,
    known_log,
    parsed_copy,
    parsed_document,
    read,
)
from qms.domain.kinds.recorded import POLICY, RELEASED
from qms.findings import Finding, Refused, refused
from qms.formats import tree as trees
from qms.formats.paths import (
    ACTS_FORM,
    COPY_FORM,
    DOCUMENT_FORM,
    MARKDOWN,
    PARTS,
    REJECTS_FORM,
    RELEASED_FORM,
    Governed,
    PathPattern,
    acts_path,
    parse_path,
    unmarked,
)
from qms.formats.schema import RecordType
from qms.formats.slots import Statement
from qms.formats.tree import Tree

Value: TypeAlias = Document | FiledText | Log

Holds: TypeAlias = Callable[[Log, Statement, Any, Policy], Finding | None]
"""What else keeps an event of a list from holding, under the policy that it was signed under.

The third argument is the `Register`, which is in the next room.
"""

ChainOf: TypeAlias = Callable[[FiledText, Policy, tuple[date | None, ...]], Chain] | ClassChain
"""Who must sign a text of a kind, in which order, under a policy; `Refused` where nobody may.

The days are those of its signatures, in their order, where the policy's roles have terms. Or the
class of the text tells.
"""


class Law(StrEnum):
    """What may become of a file that was validly recorded."""

    FREE = "free"
    """Anything: it decides nothing."""
    FIXED = "fixed"
    """Nothing: it is added once, and never changes or goes."""
    GROWS = "grows"
    """Events may be added behind those that it has; all of them stay, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of file. `parse` gives the value in its bytes, or raises `Refused`.

    `holds` is asked of each event of a list, after the signature, its policy and its place in
    history were judged. It is pure, and takes from the register only what can't change any more.
    `chain` tells of a text that is filed as a whole who must sign it, and is pure too: the chains
    of documents are their classes'. `head` are the keys of a list's head, in the order in which
    they are written. `at` gives the path of a value where more than the names of `form` tells it.
    `own_numbers`: whether its files give their numbers, which nothing else may have then.

    What else a kind may have is said here and nowhere by its name: whether its statements come in
    rounds (`has_rounds`), each of which a rejection may end; pictures that its head lists, filed
    with it (`has_pictures`); a text below its head (`has_body`); a chain that signs it
    (`has_chain`). `rounds` are the acts that begin and end those of a plugin's texts; `of` is the
    kind that it comes with (`beside`), as the place of that one's working texts or rejections.
    """

    name: str
    law: Law
    form: PathPattern
    parse: Callable[[bytes], Value]
    holds: Holds | None = None
    head: RecordType | None = None
    chain: ChainOf | None = None
    at: Callable[[Value], str] | None = None
    own_numbers: bool = False
    has_rounds: bool = False
    has_pictures: bool = False
    rounds: RoundActs | None = None
    of: str = ""

    @property
    def has_body(self) -> bool:
        """Whether a text stands below the head."""
        return self.form.ending == MARKDOWN

    @property
    def has_chain(self) -> bool:
        """Whether a chain signs it as a whole, the last of it filing it."""
        return self.law is Law.FIXED or self.is_working

    @property
    def is_working(self) -> bool:
        """Whether it is a text that still goes round: what is signed of it, its filing counts."""
        return self.law is Law.FREE and self.has_rounds

    @property
    def gives_numbers(self) -> bool:
        """Whether its numbers are nothing else's."""
        return self.own_numbers and not self.is_of_revision

    @property
    def is_of_revision(self) -> bool:
        """Whether its files belong to a released revision, which their statements build on."""
        return "revision" in self.form.names

    def read(self, tree: Tree, path: str, entry: trees.TreeEntry) -> Value | Finding:
        """What lies at `path`, or what is wrong with its form."""
        known = partial(known_log, kind=self.name) if self.law is Law.GROWS else known_document
        return read(tree, path, entry, self.parse, known)

    def read_log(self, tree: Tree, path: str, entry: trees.TreeEntry) -> Log | Finding:
        """The list at `path`; TypeError where the kind is none."""
        found = self.read(tree, path, entry)
        if isinstance(found, Document | FiledText):
            raise TypeError(f"{self.name} is no list")
        return found

    def going(self, value: Value) -> str:
        """Where a text of a plugin's kind lies while it goes round; empty where it doesn't."""
        if self.rounds is None or self.law is not Law.FIXED:
            return ""
        try:
            return _open_form(self.form).path(*(_named(value, name) for name in self.form.names))
        except Refused:
            return ""  # no path has such a name: it lies nowhere

    def place(self, value: Value) -> str:
        """The path that the head of a file gives. Raises `Refused` BAD-NAME."""
        if self.at is not None:
            return self.at(value)
        if isinstance(value, Document):
            names = (value.class_id, value.number, value.revision)
            return self.form.path(*names[: len(self.form.names)])
        return self.form.path(*(_named(value, name) for name in self.form.names))


def _open_form(form: PathPattern) -> PathPattern:
    """Where what is filed by a form lies before: in a folder beside."""
    return form._replace(folder=f"{form.folder}-open")


def _named(value: Value, name: str) -> str:
    """What the head of a file has under a name that its path has too."""
    if isinstance(value, Document):
        raise TypeError("a document's path is told by its class, number and revision")
    match PARTS[name].fills:
        case "number":
            return value.number
        case "class":
            return value.class_id
        case "revision":
            return value.revision
        case "copy":
            return value.copy
        case _:
            facts = value.facts if isinstance(value, FiledText) else value.head
            return "" if facts is None else facts.text(name)


def _beside_its_text(value: Value) -> str:
    """Where acts lie: beside the text that they are about, which another may contest."""
    if isinstance(value, Log) and value.head is not None:
        return acts_path(value.class_id, value.number, value.revision, value.head[CONTENT])
    raise TypeError("no list of acts")


WORKING: Final = "document"
COPY: Final = "copy"

WORKING_KIND: Final = Kind(
    name=WORKING,
    law=Law.FREE,
    form=DOCUMENT_FORM,
    parse=parsed_document,
    has_rounds=True,
    has_pictures=True,
)
RELEASED_KIND: Final = Kind(
    name=RELEASED,
    law=Law.FIXED,
    form=RELEASED_FORM,
    parse=parsed_document,
    has_rounds=True,
    has_pictures=True,
)
COPY_KIND: Final = Kind(name=COPY, law=Law.GROWS, form=COPY_FORM, parse=parsed_copy, head=COPY_HEAD)
ACTS_KIND: Final = Kind(
    name=ACTS,
    law=Law.GROWS,
    form=ACTS_FORM,
    parse=lru_cache(maxsize=1024)(partial(parse_log, kind=ACTS, head=ACTS_HEAD)),
    head=ACTS_HEAD,
    at=_beside_its_text,
)
REJECTS_KIND: Final = Kind(
    name=REJECTS,
    law=Law.GROWS,
    form=REJECTS_FORM,
    parse=lru_cache(maxsize=1024)(partial(parse_log, kind=REJECTS, head=REJECTS_HEAD)),
    head=REJECTS_HEAD,
    has_rounds=True,
)
CORE_KINDS: Final = (WORKING_KIND, RELEASED_KIND, COPY_KIND, ACTS_KIND, REJECTS_KIND)

FREE_FOR_PLUGINS: Final = ("records", "external")
"""The governed folders in which only plugins have kinds."""


def beside(kind: Kind) -> tuple[Kind, ...]:
    """The kinds that come with one whose texts go round in rounds of its own.

    Its working texts, in the folder beside its own that ends in ``-open``, and the lists of their
    rejections, in the one that ends in ``-rejected``: a list for each text, under the same names.
    """
    if kind.rounds is None:
        return ()
    folder, names = kind.form.folder, kind.form.names
    head = log_head(names)
    name = f"{kind.name}-rejections"
    parse = partial(parse_log, kind=name, head=head, about_kind=kind.name)
    return (
        replace(
            kind, name=f"{kind.name}-text", law=Law.FREE, of=kind.name,
            form=_open_form(kind.form),
        ),
        Kind(
            name=name, law=Law.GROWS, form=PathPattern(f"{folder}-rejected", names, ".yaml"),
            parse=lru_cache(maxsize=1024)(parse), head=head, has_rounds=True,
            rounds=kind.rounds, of=kind.name,
        ),
    )  # fmt: skip


class Kinds:
    """All kinds that are known: the core's and those of the loaded plugins.

    Raises `Refused` KIND-TWICE for two of one name, or where one's folder lies in another's: no
    path may have two forms. KIND-FORM for one that is fixed, but of which nobody tells who files
    it: its law could not be kept.
    """

    def __init__(self, brought: Iterable[Kind] = ()) -> None:
        self._brought = tuple(one for kind in brought for one in (kind, *beside(kind)))
        self._by_name: dict[str, Kind] = {}
        for kind in (*CORE_KINDS, *self._brought):
            if kind.name in self._by_name or kind.name in (POLICY, "asset"):
                raise _twice(kind, self._by_name.get(kind.name, kind))
            self._by_name[kind.name] = kind
        for kind in self._brought:
            if kind.has_chain and kind.chain is None:
                like = "filed(…, chain=…)"
                raise refused("KIND-FORM", kind=kind.name, form=str(kind.form), like=like)
            for other in self._brought:
                if kind is not other and f"{kind.form.folder}/".startswith(f"{other.form.folder}/"):
                    raise _twice(kind, other)

    def is_kept(self, path: str) -> bool:
        """Whether a law keeps what lies at a path: it is recorded, or a picture that was filed."""
        kind = self.of(path)
        return self.at(path).kind is not None and (kind is None or kind.law is not Law.FREE)

    @cached_property
    def lists(self) -> Mapping[str, Kind]:
        """The kinds that grow, by name."""
        return self._under(Law.GROWS)

    @cached_property
    def texts(self) -> Mapping[str, Kind]:
        """The kinds of texts that are filed as a whole, by name."""
        return self._under(Law.FIXED)

    def _under(self, law: Law) -> Mapping[str, Kind]:
        return {name: kind for name, kind in self._by_name.items() if kind.law is law}

    @cached_property
    def recorded(self) -> tuple[str, ...]:
        """The names of all kinds that are recorded, each behind those by which it is judged."""
        return POLICY, *self.texts, *self.lists

    @cached_property
    def brought_texts(self) -> tuple[str, ...]:
        """The names of plugins' kinds of texts that are filed as a whole."""
        return tuple(kind.name for kind in self._brought if kind.law is Law.FIXED)

    @property
    def brought(self) -> tuple[Kind, ...]:
        """Those of plugins."""
        return self._brought

    def get(self, name: str | None) -> Kind | None:
        """The kind of this name, or None."""
        return self._by_name.get(name or "")

    def of(self, path: str) -> Kind | None:
        """The kind of what lies at the repo-relative `path`, judged by the path alone, or None.

        Of policies and of filed pictures there is none: they are no items.
        """
        return self._by_name.get(self.at(path).kind or "")

    def at(self, path: str) -> Governed:
        """What lies at the repo-relative `path`, judged by the path alone. Raises nothing."""
        governed = parse_path(path)
        if governed.stray is None:
            return governed
        for kind in self._brought:
            if path.startswith(f"{kind.form.folder}/"):
                is_filed = kind.law is Law.FIXED
                plain, contested = unmarked(path) if is_filed else (path, "")
                with suppress(Refused):
                    return Governed.named(kind.name, path, kind.form.read(plain), contested)
        return governed


def _twice(kind: Kind, other: Kind) -> Refused:
    values = {"kind": kind.name, "form": str(kind.form), "other": str(other.form)}
    return Refused(Finding("KIND-TWICE", values=values))
