"""A document as it stands in a file: its head, its body, and the slots that were signed.

Working text, a text in review and a released revision are the same kind of file; what it *is*
follows from where it lies and from its slots, never from the word after ``status:``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from qms.domain.chain import REJECT
from qms.findings import Finding, Place, Refused
from qms.formats import cut, slots
from qms.formats.digests import is_digest
from qms.formats.head import read_head
from qms.formats.slots import Slot, Subject
from qms.formats.strict_yaml import Quoted, Value

DRAFT: Final = "draft"
IN_REVIEW: Final = "in-review"
APPROVED: Final = "approved"
PUBLISHED: Final = "published"
STATUS_WORDS: Final = (DRAFT, IN_REVIEW, APPROVED, PUBLISHED)

REQUIRED: Final = ("number", "title", "class", "revision", "controlled", "owner", "prepared_by")
OPTIONAL: Final = frozenset(
    {
        "title_en",
        "change",
        "summary",
        "clauses",
        "related",
        "assets",
        "co_sign",
        "second_code",
        "standard",
        "language",
        "keywords",
    }
)
LISTS: Final = ("clauses", "related", "co_sign", "keywords")


@dataclass(frozen=True, slots=True, order=True)
class Asset:
    """A picture or file that a document shows: where it lies and the digest of its content."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
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
        return max((s.signed.round for s in self.slots if s.signed is not None), default=0)

    def signed(self) -> tuple[Slot, ...]:
        """The signed slots of the last round."""
        last = self.round
        return tuple(s for s in self.slots if s.signed is not None and s.signed.round == last)

    @property
    def has_reject(self) -> bool:
        """Whether any round of it was rejected."""
        return any(slot.act == REJECT for slot in self.slots)

    def rejected(self) -> Slot | None:
        """The reject that ends the last round, if one does."""
        return next((s for s in self.signed() if s.act == REJECT), None)


def parse_document(data: bytes) -> Document:
    """The document in the bytes of a Markdown file.

    Raises `Refused` with the first thing that is wrong with its form (CUT, TAIL, YAML-…,
    FIELD-…), its place holding field or line.
    """
    parts = cut.cut_markdown(data)
    head = read_head(parts)
    _check_keys(head)
    tail = slots.parse_tail(parts.tail, parts.tail_line)
    if tail.log or tail.status not in STATUS_WORDS:
        raise Refused(Finding("TAIL", Place(line=parts.tail_line), {"found": tail.status}))
    return Document(
        number=_text(head, "number"),
        title=_text(head, "title"),
        class_id=_text(head, "class"),
        revision=_text(head, "revision"),
        controlled=_boolean(head, "controlled"),
        owner=_text(head, "owner"),
        prepared_by=_text(head, "prepared_by"),
        assets=_assets(head),
        related=_texts(head, "related"),
        clauses=_texts(head, "clauses"),
        co_sign=_texts(head, "co_sign"),
        title_en=_optional(head, "title_en"),
        change=_optional(head, "change"),
        summary=_optional(head, "summary"),
        second_code=_optional(head, "second_code"),
        standard=_optional(head, "standard"),
        content=parts.content,
        body=(parts.body or b"").decode("utf-8"),
        status=tail.status,
        slots=tail.slots,
        head=head,
    )


def _fault(code: str, key: str, **values: str) -> Refused:
    return Refused(Finding(code, Place(field=key), {"key": key} | values))


def _check_keys(head: Mapping[str, Value]) -> None:
    for key in REQUIRED:
        if key not in head:
            raise _fault("FIELD-MISSING", key)
    for key in head:
        if key not in REQUIRED and key not in OPTIONAL:
            raise _fault("FIELD-UNKNOWN", key)


def _text(head: Mapping[str, Value], key: str) -> str:
    value = head[key]
    if not isinstance(value, str) or not value.strip():
        raise _fault("FIELD-FORM", key, found=str(value), wanted="text")
    return str(value)


def _optional(head: Mapping[str, Value], key: str) -> str | None:
    return _text(head, key) if key in head else None


def _boolean(head: Mapping[str, Value], key: str) -> bool:
    value = head[key]
    if value not in ("true", "false") or isinstance(value, Quoted):
        raise _fault("YAML-TYPE", key, found=str(value), wanted="true/false")
    return value == "true"


def _texts(head: Mapping[str, Value], key: str) -> tuple[str, ...]:
    value = head.get(key, ())
    if not isinstance(value, tuple) or not all(isinstance(item, str) for item in value):
        raise _fault("FIELD-FORM", key, found=str(value), wanted="list")
    return tuple(str(item) for item in value)


def _assets(head: Mapping[str, Value]) -> tuple[Asset, ...]:
    value = head.get("assets", ())
    if not isinstance(value, tuple):
        raise _fault("FIELD-FORM", "assets", found=str(value), wanted="list")
    found = tuple(_asset(item, f"assets.{at}") for at, item in enumerate(value))
    paths = [asset.path for asset in found]
    if paths != sorted(set(paths)):
        raise _fault("ASSET-ORDER", "assets")
    return found


def _asset(item: Value, field_name: str) -> Asset:
    if not isinstance(item, dict) or set(item) != {"path", "sha256"}:
        raise _fault("FIELD-FORM", field_name, found=str(item), wanted="{path, sha256}")
    path, digest = item["path"], item["sha256"]
    if not isinstance(path, str) or not path.startswith("assets/") or ".." in path.split("/"):
        raise _fault("FIELD-FORM", field_name, found=str(path), wanted="assets/…")
    if not isinstance(digest, str) or not is_digest(digest):
        raise _fault("FIELD-FORM", field_name, found=str(digest), wanted="sha256:…")
    return Asset(str(path), str(digest))
