"""What a mark says: kinds of stamp with their words and look, and the facts of one copy.

The kinds differ in words, frame *and* line, not in colour alone: a grey print of a red stamp
equals its photocopy, so nobody can take one for the other (DC-08).
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from qms.api import Glyphs


class Kind(StrEnum):
    """The stamps that a page may bear in its bottom band."""

    CONTROLLED = "controlled"
    UNCONTROLLED = "uncontrolled"
    DRAFT = "draft"
    IN_REVIEW = "in-review"
    OBSOLETE = "obsolete"
    OBSOLETE_KEPT = "obsolete-kept"
    TRIAL = "trial"
    TEMPORARY = "temporary"
    EXTERNAL = "external"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One stamp with the facts of one copy; what is empty is not printed.

    `number` and `revision` are printed as they stand here. `copy_number` (``003``), `holder` and
    `department` belong to a copy that is on a list. `effective` gives the page the time mark
    自…起实施: whoever hands it over decides whether it belongs there. A copy is `issued` on a day,
    another print is `printed_on` one. `code_text` is what the QR says, in letters below it too;
    empty is no QR. `as_of` names an older state that it shows, on each page; `preview` says there
    that an author printed it for herself. `glyphs` are the letters that the company draws itself.
    `wet_chop` leaves an empty frame for the company's own stamp on paper.
    """

    kind: Kind
    number: str
    revision: str
    copy_number: str = ""
    holder: str = ""
    department: str = ""
    printed_on: date | None = None
    issued: date | None = None
    as_of: str = ""
    preview: bool = False
    effective: date | None = None
    obsolete_from: date | None = None
    replaced_by: str = ""
    code_text: str = ""
    glyphs: Glyphs = field(default_factory=dict[str, str])
    wet_chop: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a kind is drawn. `note` is its sentence, `across` the words laid over the page.

    `dashed` frames have square corners. `box` is the cover's box that is ticked, 1 or 2.
    """

    zh: str
    en: str
    colour: str
    dashed: bool = False
    note: tuple[str, str] = ("", "")
    across: str = ""
    time_mark: tuple[str, str] = ("", "")
    listed: bool = False
    box: int = 0


_NOT_APPROVED = ("未经批准，不得作为工作依据", "Not approved. Do not work to it.")
_REFERENCE = ("仅供参考，以受控版为准", "For reference only; the controlled copy prevails.")
_NOT_FOR_USE = ("不得使用", "Not for use.")

LOOKS: dict[Kind, Look] = {
    Kind.CONTROLLED: Look(zh="受控", en="CONTROLLED", colour="#c00418", listed=True, box=1),
    Kind.UNCONTROLLED: Look(
        zh="非受控", en="UNCONTROLLED", colour="#24476b", dashed=True, note=_REFERENCE, box=2
    ),
    Kind.DRAFT: Look(
        zh="草稿", en="DRAFT", colour="#444444", dashed=True, note=_NOT_APPROVED,
        across="草稿 DRAFT",
    ),
    Kind.IN_REVIEW: Look(
        zh="送审稿", en="IN REVIEW", colour="#444444", dashed=True, note=_NOT_APPROVED,
        across="送审稿 IN REVIEW",
    ),
    Kind.OBSOLETE: Look(
        zh="作废", en="OBSOLETE", colour="#111111", note=_NOT_FOR_USE, across="作废 OBSOLETE"
    ),
    Kind.OBSOLETE_KEPT: Look(
        zh="作废保留", en="OBSOLETE, KEPT", colour="#111111", across="作废 OBSOLETE", listed=True,
        time_mark=("作废保留", "OBSOLETE, KEPT FOR REFERENCE"),
    ),
    Kind.TRIAL: Look(
        zh="试行", en="TRIAL", colour="#c00418", listed=True, box=1,
        time_mark=("试行", "TRIAL"),
    ),
    Kind.TEMPORARY: Look(zh="临时", en="TEMPORARY", colour="#c00418", listed=True, box=1),
    Kind.EXTERNAL: Look(zh="外来", en="EXTERNAL", colour="#c00418", listed=True, box=1),
}  # fmt: skip
