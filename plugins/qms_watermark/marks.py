"""What a mark says: kinds of stamp with their words and look.

The kinds differ in words, frame *and* line, not in colour alone: a grey print of a red stamp
equals its photocopy, so nobody can take one for the other (DC-08).
"""

from dataclasses import dataclass
from enum import StrEnum


class StampKind(StrEnum):
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
class StampLook:
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

LOOKS: dict[StampKind, StampLook] = {
    StampKind.CONTROLLED: StampLook(
        zh="受控", en="CONTROLLED", colour="#c00418", listed=True, box=1
    ),
    StampKind.UNCONTROLLED: StampLook(
        zh="非受控", en="UNCONTROLLED", colour="#24476b", dashed=True, note=_REFERENCE, box=2
    ),
    StampKind.DRAFT: StampLook(
        zh="草稿", en="DRAFT", colour="#444444", dashed=True, note=_NOT_APPROVED,
        across="草稿 DRAFT",
    ),
    StampKind.IN_REVIEW: StampLook(
        zh="送审稿", en="IN REVIEW", colour="#444444", dashed=True, note=_NOT_APPROVED,
        across="送审稿 IN REVIEW",
    ),
    StampKind.OBSOLETE: StampLook(
        zh="作废", en="OBSOLETE", colour="#111111", note=_NOT_FOR_USE, across="作废 OBSOLETE"
    ),
    StampKind.OBSOLETE_KEPT: StampLook(
        zh="作废保留", en="OBSOLETE, KEPT", colour="#111111", across="作废 OBSOLETE", listed=True,
        time_mark=("作废保留", "OBSOLETE, KEPT FOR REFERENCE"),
    ),
    StampKind.TRIAL: StampLook(
        zh="试行", en="TRIAL", colour="#c00418", listed=True, box=1,
        time_mark=("试行", "TRIAL"),
    ),
    StampKind.TEMPORARY: StampLook(zh="临时", en="TEMPORARY", colour="#c00418", listed=True, box=1),
    StampKind.EXTERNAL: StampLook(zh="外来", en="EXTERNAL", colour="#c00418", listed=True, box=1),
}  # fmt: skip
