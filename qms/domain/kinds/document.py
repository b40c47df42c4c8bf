"""A document as it stands in a file: its head, its body, and the slots that were signed.

Working text, a text in review and a released revision are the same kind of file; what it *is*
follows from where it lies and from its slots, never from the word after ``status:``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final

from qms.domain.kinds.chain import REJECT
from qms.domain.kinds.legacy_paper import LEGACY, Legacy
from qms.domain.kinds.named_head import tail_of
from qms.findings import Finding, Place, Refused
from qms.formats import cut
from qms.formats.comments import comments_behind
from qms.formats.head import parse_head, read_head, refuse_unbounded
from qms.formats.merge_markers import naming_conflicts
from qms.formats.portable import Portable
from qms.formats.schema import (
    Field,
    RecordType,
    Row,
    anything,
    boolean,
    list_of,
    one_of,
    read,
    record,
    text,
)
from qms.formats.slots import Slot, Statement, Subject, statements_in
from qms.formats.strict_yaml import Value, line_of

DRAFT: Final = "draft"
IN_REVIEW: Final = "in-review"
APPROVED: Final = "approved"
PUBLISHED: Final = "published"
STATUSES: Final = (DRAFT, IN_REVIEW, APPROVED, PUBLISHED)


@dataclass(frozen=True, slots=True, order=True)
class Asset(Portable):
    """A picture or file that a document shows: where it lies and the digest of its content."""

    path: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Document:
    """One document file. `content` is the digest of what is signed: head and body."""

    number: str
    title: str
    class_id: str
    revision: str
    controlled: bool
    owner: str
    prepared_by: str
    assets: tuple[Asset, ...] = ()
    related: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    co_sign: tuple[str, ...] = ()
    title_en: str | None = None
    change: str | None = None
    summary: str | None = None
    second_code: str | None = None
    standard: str | None = None
    legacy: Legacy | None = None
    content: str
    body: str = field(repr=False)
    status: str
    slots: tuple[Slot, ...]
    head: Mapping[str, Value] = field(repr=False, compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """Number and revision."""
        return self.number, self.revision

    @property
    def about(self) -> str:
        """What findings about it are folded by."""
        return f"document {self.number} {self.revision}"

    @property
    def subject(self) -> Subject:
        """What a slot of this file must name."""
        return Subject(
            kind="document",
            number=self.number,
            class_=self.class_id,
            revision=self.revision,
        )

    @property
    def round(self) -> int:
        """The last round that somebody signed in; 0 before the first."""
        return max((one.round for one in self.statements), default=0)

    @property
    def extra(self) -> Mapping[str, Value]:
        """What its head has beside the core's keys, as it is written: keys of plugins, or nobody's.

        Which of them may stand there is judged by a policy (`HeadField`), never by who parses it.
        """
        return beside_core(self.head)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """What was signed, in any round."""
        return statements_in(self.slots)

    def signed(self) -> tuple[Statement, ...]:
        """What was signed in the last round."""
        return self._last_round

    @cached_property
    def _last_round(self) -> tuple[Statement, ...]:
        last = self.round
        return tuple(one for one in self.statements if one.round == last)

    def rejected(self) -> Statement | None:
        """The reject that ends the last round, if one does."""
        return next((s for s in self.signed() if s.act == REJECT), None)


_NUMBER = Field("number", text(max_length=200, like="LX-CX-2019-01"))
_TITLE = Field("title", text(max_length=200))
_TITLE_EN = Field("title_en", text(max_length=200), required=False)
_CLASS = Field("class", text(max_length=64, like="procedure"))
_REVISION = Field("revision", text(max_length=64, like="A/0"))
_CONTROLLED = Field("controlled", boolean())
_OWNER = Field("owner", text(max_length=64, like="quality"))
_PREPARED_BY = Field("prepared_by", text(max_length=64, like="zhang.san"))
_CHANGE = Field("change", text(max_length=200), required=False)
_SUMMARY = Field("summary", text(max_length=2000, lines=True), required=False)
_CLAUSES = Field("clauses", list_of(text(max_length=200)), default=())
_RELATED = Field("related", list_of(text(max_length=200)), default=())
_CO_SIGN = Field("co_sign", list_of(text(max_length=64)), default=())
_SECOND_CODE = Field("second_code", text(max_length=200), required=False)
_STANDARD = Field("standard", text(max_length=200), required=False)
_LANGUAGE = Field("language", one_of("zh", "en"), required=False)
_KEYWORDS = Field("keywords", list_of(text(max_length=64)), default=())
_IN_ASSETS: Final = re.compile(r"assets(?:/(?!\.{1,2}(?:/|$))[^/\\]+)+")
_ASSET_PATH = Field("path", text(pattern=_IN_ASSETS.pattern, like="assets/flow.svg"))
_SHA256 = Field("sha256", text(pattern=r"sha256:[0-9a-f]{64}", like="sha256:…"))
_LEGACY = Field("legacy", LEGACY, required=False)
ASSETS: Final = Field(
    "assets",
    list_of(record(_ASSET_PATH, _SHA256).then(lambda row: Asset(row[_ASSET_PATH], row[_SHA256]))),
    default=(),
)
"""The pictures that a text shows."""
HEAD: Final = record(
    _NUMBER,
    _TITLE,
    _TITLE_EN,
    _CLASS,
    _REVISION,
    _CONTROLLED,
    _OWNER,
    _PREPARED_BY,
    _CHANGE,
    _SUMMARY,
    _CLAUSES,
    _RELATED,
    _CO_SIGN,
    _SECOND_CODE,
    _STANDARD,
    _LANGUAGE,
    _KEYWORDS,
    _LEGACY,
    ASSETS,
)
"""The keys of a document's head; prints itself as JSON Schema for editors."""


HEAD_KEYS: Final = tuple(one.name for one in HEAD.fields)
"""What the core's keys of a document's head are called."""
_OF_CORE: Final = frozenset(HEAD_KEYS)
_OPEN_HEAD: Final = record(*HEAD.fields, extra=anything())
"""The same beside whatever else: whose the other keys are, only a policy tells."""


def beside_core(head: Mapping[str, Value]) -> Mapping[str, Value]:
    """The keys of a head that aren't the core's."""
    if _OF_CORE.issuperset(head):
        return {}
    return {key: value for key, value in head.items() if key not in _OF_CORE}


@naming_conflicts
def parse_document(data: bytes) -> Document:
    """The document in the bytes of a Markdown file, whatever else its head has (`extra`).

    Raises `Refused` with the first thing that is wrong with its form (CUT, TAIL, YAML-…,
    FIELD-…, MERGE-CONFLICT), its place holding field or line; `head_faults` tells all that is
    wrong in the head.
    """
    parts = cut.cut_markdown(data)
    head, row = _head(parts.head, parts.head_line)
    check_order(row[ASSETS])
    tail = tail_of(parts, STATUSES)
    return Document(
        number=row[_NUMBER],
        title=row[_TITLE],
        class_id=row[_CLASS],
        revision=row[_REVISION],
        controlled=row[_CONTROLLED],
        owner=row[_OWNER],
        prepared_by=row[_PREPARED_BY],
        assets=row[ASSETS],
        related=row[_RELATED],
        clauses=row[_CLAUSES],
        co_sign=row[_CO_SIGN],
        title_en=row[_TITLE_EN],
        change=row[_CHANGE],
        summary=row[_SUMMARY],
        second_code=row[_SECOND_CODE],
        standard=row[_STANDARD],
        legacy=row[_LEGACY],
        content=parts.content,
        body=parts.text,
        status=tail.status,
        slots=tail.slots,
        head=head,
    )


def check_order(assets: Sequence[Asset]) -> None:
    """Raises `Refused` ASSET-ORDER where a head lists pictures in any but their order."""
    paths = [asset.path for asset in assets]
    if paths != sorted(set(paths)):
        raise Refused(Finding("ASSET-ORDER", Place(field=ASSETS.name)))


def listed_pictures(data: bytes) -> tuple[str, ...]:
    """The paths under `assets`, in whatever order and with or without digests; none if unread."""
    try:
        rows = read_head(cut.cut_markdown(data)).get(ASSETS.name)
    except Refused:
        return ()
    paths = [row.get(_ASSET_PATH.name) for row in rows or () if isinstance(row, Mapping)]
    return tuple(path for path in paths if isinstance(path, str) and _IN_ASSETS.fullmatch(path))


@lru_cache(maxsize=1024)  # a text in review, approved and released is one head three times
def _head(data: bytes, first_line: int) -> tuple[Mapping[str, Value], Row]:
    """The mapping in a document's head, and its typed fields."""
    head = parse_head(data, first_line, is_document=True)
    refuse_unbounded(beside_core(head))
    return head, read(_OPEN_HEAD, head).value


def head_faults(data: bytes, wanted: RecordType = HEAD) -> tuple[Finding, ...]:
    """All fields of the head that are not as `wanted`, and values that comments cut.

    Nothing where it can't be read at all, or keys of plugins hold more than they may.
    """
    try:
        parts = cut.cut_markdown(data)
        cuts = tuple(comments_behind(parts.head, parts.head_line))
        head = parse_head(parts.head, parts.head_line, is_document=False)
        refuse_unbounded(beside_core(head))
        typed = read(wanted, head).findings
    except Refused:
        return ()
    lines = {fault.place.line - parts.head_line + 1 for fault in cuts}  # what is left there is none
    return (*cuts, *(one for one in typed if line_of(parts.head, one.place.field) not in lines))
