"""A text of a plugin's own kind that is signed as a whole, as a document is: head, body, slots.

What such texts say is the plugin's affair; that they are signed, filed and kept is the core's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from qms.domain.kinds.chain import RoundActs
from qms.domain.kinds.document import (
    APPROVED,
    ASSETS,
    DRAFT,
    IN_REVIEW,
    Asset,
    Document,
    check_order,
)
from qms.domain.kinds.log import Titled
from qms.domain.kinds.named_head import NamedHead, tail_of
from qms.formats import cut
from qms.formats.merge_markers import naming_conflicts
from qms.formats.schema import RecordType, Row
from qms.formats.slots import Slot, Statement, statements_in
from qms.formats.strict_yaml import Value

_WORDS = (DRAFT, IN_REVIEW, APPROVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledText(Titled):
    """A text of a kind of its own; `content` is the digest of what is signed: head and body.

    What its kind's path has no name for is empty; `facts` are all keys of its head, with types;
    `assets` are its pictures, where texts of its kind have some. `rounds` are the acts that begin
    and end its rounds; without them it has one.
    """

    kind: str
    number: str
    class_id: str = ""
    revision: str = ""
    copy: str = ""
    content: str
    body: str = field(repr=False)
    status: str
    slots: tuple[Slot, ...]
    head: Mapping[str, Value] = field(repr=False, compare=False)
    facts: Row = field(repr=False, compare=False)
    assets: tuple[Asset, ...] = ()
    rounds: RoundActs | None = None

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What is signed, in any round."""
        return statements_in(self.slots)

    @property
    def round(self) -> int:
        """The last round that somebody signed in; 0 before the first."""
        return max((one.round for one in self.statements), default=0)

    def signed(self) -> tuple[Statement, ...]:
        """What was signed in the last round."""
        last = self.round
        return tuple(one for one in self.statements if one.round == last)

    def rejected(self) -> Statement | None:
        """The reject that ends the last round, if one does."""
        act = None if self.rounds is None else self.rounds.reject
        return next((one for one in self.signed() if one.act == act), None)


SignedText: TypeAlias = Document | FiledText
"""What a chain signs as a whole: a revision of a document, or a text of a plugin's kind."""


@naming_conflicts
def parse_filed(
    data: bytes,
    kind: str,
    head: RecordType,
    *,
    is_markdown: bool,
    rounds: RoundActs | None = None,
) -> FiledText:
    """The text of a kind in the bytes of its file; raises `Refused` for anything else."""
    parts = cut.cut_markdown(data) if is_markdown else cut.cut_yaml(data)
    found = NamedHead.of(head, parts)
    assets = found.row[ASSETS] if ASSETS in head.fields else ()
    check_order(assets)
    tail = tail_of(parts, _WORDS)
    return FiledText(
        kind=kind,
        number=found.number,
        class_id=found.class_id,
        revision=found.revision,
        copy=found.copy,
        content=parts.content,
        body=parts.text,
        status=tail.status,
        slots=tail.slots,
        head=found.values,
        facts=found.row,
        assets=assets,
        rounds=rounds,
    )
