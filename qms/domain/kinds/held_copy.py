"""A numbered copy that is out, as whoever keeps account of copies tells of it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCopy:
    """A numbered copy that is out: of which text, who holds it, and what issued its paper.

    `content` is that of the released text: another one may claim the same revision. `statement` is
    the id of the event, `seen` the commit that its signer had seen: both are signed, and the same
    in every clone. `named` are the ids that it names, and those that earlier issues of the copy
    named: which filing of the text it is a copy of. `papers` are out under its number: more than
    one only by a mistake.
    """

    number: str
    revision: str
    content: str
    copy: str
    holder: str
    department: str
    issued: date | None
    statement: str
    seen: str
    named: tuple[str, ...]
    papers: int = 1
