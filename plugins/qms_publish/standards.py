"""What a document is written to, as the cover has room for it: whole, or its beginning.

The cover's blocks stand at fixed heights. A list that is too long for its own, in the smallest
step too, is printed whole behind the signatures, and the cover says so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf

from qms_publish.lettering.widths import ems

_WIDTH = 165.0
_PT = 25.4 / 72
_TOGETHER = re.compile("[!-\u2e7f]+")
"""What may go to the next line as one; so may a bracket and a comma at each end of it."""
_AROUND = 3.0


@dataclass(frozen=True, slots=True)
class _StandardStep:
    """A step of size: its class, its points, and how many lines of it have room."""

    name: str
    points: float
    most: int

    def holds(self, text: str) -> bool:
        """Whether `text` has no more lines than that, however badly they break."""
        room = _WIDTH / (self.points * _PT)
        whole = ems(text)
        lost = max(map(ems, _TOGETHER.findall(text)), default=0.0) + _AROUND
        if whole <= room:
            lines = 1.0
        else:
            lines = ceil((whole - lost) / (room - lost)) if lost < room else inf
        return lines <= self.most


_STEPS = (_StandardStep("", 10.5, 3), _StandardStep("small", 9, 4), _StandardStep("tiny", 7.5, 5))


@dataclass(frozen=True, slots=True)
class WrittenTo:
    """What the cover says, in which step of size; `elsewhere` is the whole list if it is none."""

    cover: str
    size: str
    elsewhere: str = ""


def written_to(standards: Sequence[str], language: str) -> WrittenTo:
    """The standards and clauses on the cover, and inside where they have no room there."""
    chinese = language == "zh"
    joined = ("、" if chinese else ", ").join(standards)
    whole = f"依据 {joined} 编写" if chinese else f"Written to {joined}"
    step = next((one for one in _STEPS if one.holds(whole)), None)
    if not standards or step is not None:
        return WrittenTo(whole if standards else "", step.name if step is not None else "")
    # As many as fit; of a name none is cut.
    some = next(
        (text for number in range(len(standards) - 1, 0, -1)
         if _STEPS[0].holds(text := _first(standards, number, language))),
        _first(standards, 0, language),
    )  # fmt: skip
    return WrittenTo(some, _STEPS[0].name, joined)


def _first(standards: Sequence[str], number: int, language: str) -> str:
    """The cover's words with so many of the list, and where all of it stands."""
    total = len(standards)
    if language == "zh":
        names = f"依据 {'、'.join(standards[:number])} 等编写" if number else "编写依据"
        return f"{names}（共 {total} 项，列于“编写依据”）"
    names = f"Written to {', '.join(standards[:number])} and others" if number else "Written to"
    return f"{names} ({total} in all, listed under “Written to”)"
