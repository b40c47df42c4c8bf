"""Copy-number schemes, and who issues: the keys of a class that this plugin owns (DC-25, DC-27).

In qms.yaml, at a class::

    copies: sequence                # 001, 002 … for each document; a number stays with its holder
    issuer: document-controller     # a role, or a list of them; this is the default

or, where each holder has one code over all documents::

    copies: holder
    holder_codes: [{holder: quality, code: A02}, {holder: li.si, code: B01}]

A holder's second paper of a document is ``A02-2``: so is the one that comes for a lost ``A02``.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from qms.api import (
    ClassSetting,
    DocumentClass,
    Field,
    Policy,
    Type,
    list_of,
    one_of,
    read,
    recognised,
    record,
    refused,
    text,
    twin_of,
    union,
)
from qms_copies.holders import Holder

SEQUENCE: Final = "sequence"
BY_HOLDER: Final = "holder"
DEFAULT_ISSUER: Final = "document-controller"

_ID: Final = text(pattern=r"[a-z][a-z0-9.-]*", like="document-controller")
_COPY: Final = text(pattern=r"[A-Za-z0-9][A-Za-z0-9-]{0,15}", like="A02")
_HOLDER: Final = Field("holder", _ID)
_CODE: Final = Field("code", _COPY)
_CODES: Final = list_of(record(_HOLDER, _CODE))
_ISSUERS: Final[Type[object]] = union(_ID, list_of(_ID, min=1))
_NUMBER: Final = re.compile(r"0[0-9]{2}|[1-9][0-9]{2,8}")
_PLACE: Final = re.compile(r"[1-9][0-9]{0,8}")
_FURTHER: Final = re.compile(r"(.+)-([2-9]|[1-9][0-9]{1,2})")

SETTINGS: Final = (
    ClassSetting("copies", one_of(SEQUENCE, BY_HOLDER)),
    ClassSetting("holder_codes", _CODES),
    ClassSetting("issuer", _ISSUERS),
)


@dataclass(frozen=True, slots=True)
class CopyScheme:
    """How the copies of a class are numbered: counted per document, or by a holder's code."""

    name: str = SEQUENCE
    codes: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def counts(self) -> bool:
        """Whether numbers run without a gap."""
        return self.name == SEQUENCE

    def wanted(self, copy: str, holder: Holder) -> str | None:
        """What a copy number for `holder` should be like, where `copy` is not like it."""
        if self.counts:
            return None if ordinal(copy) else "001, 002, 003 …"
        code = self.code(holder)
        if code is None:
            return "-"
        return None if copy == code or self._is_further(copy, code) else f"{code}, {code}-2 …"

    def _is_further(self, copy: str, code: str) -> bool:
        """Whether a number is the second or a later one of a code, and nobody's own code."""
        found = _FURTHER.fullmatch(copy)
        return found is not None and found[1] == code and copy not in self.codes.values()

    def code(self, holder: Holder) -> str | None:
        """The code of a holder: the person's, else the department's."""
        return self.codes.get(holder.name or "") or self.codes.get(holder.department or "")

    def typed(self, text: str) -> str:
        """The copy number that somebody types: ``1`` is ``001`` where numbers are counted."""
        if not self.counts:
            known = recognised(text, self.codes.values())
            found = _FURTHER.fullmatch(unicodedata.normalize("NFKC", text.strip()))
            if found is None or known in self.codes.values():
                return known
            return f"{recognised(found[1], self.codes.values())}-{found[2]}"
        place = twin_of(text)
        return spelled(int(place)) if _PLACE.fullmatch(place) else text

    def allocate(
        self, holder: Holder, kept: Iterable[str], taken: Iterable[str], used: Iterable[str]
    ) -> str:
        """The number of the next copy for `holder`.

        `kept` are numbers the holder has from earlier revisions: they stay with the holder.
        `taken` are those that can't be given now, because they are void or out; `used` are all
        numbers that were ever given: the lowest that never was is next, so that a number far off,
        which leaves a gap, is nobody's end. Raises `Refused` COPY-CODE where the class numbers by
        holder and this one has no code.
        """
        never = set(map(twin_of, taken))
        if not self.counts:
            return self._further(holder, never)
        for number in sorted(kept, key=ordinal):
            if ordinal(number) and twin_of(number) not in never:
                return number
        places = set(map(ordinal, used))
        return spelled(next(place for place in count(1) if place not in places))

    def _further(self, holder: Holder, never: AbstractSet[str]) -> str:
        code = self.code(holder)
        if code is None:
            raise refused("COPY-CODE", holder=str(holder))
        further = (f"{code}-{place}" for place in count(2))
        codes = set(map(twin_of, self.codes.values()))
        free = (one for one in further if twin_of(one) not in never | codes)
        return next(free) if twin_of(code) in never else code


def ordinal(copy: str) -> int:
    """The place of a counted number: 3 for ``003``; 0 for what is no such number."""
    return int(copy) if _NUMBER.fullmatch(copy) else 0


def spelled(place: int) -> str:
    """A counted number: ``003``."""
    return f"{place:03}"


def missing_before(place: int, given: Iterable[int]) -> str | None:
    """The numbers just below `place` that were never given, as ``002`` or ``002–004``, or None."""
    below = max((other for other in given if other < place), default=0)
    if below == place - 1:
        return None
    first, last = spelled(below + 1), spelled(place - 1)
    return first if first == last else f"{first}–{last}"


def copy_scheme(policy: Policy, class_id: str) -> CopyScheme:
    """The scheme of a class; counted where the class says nothing."""
    found = policy.classes.get(class_id)
    if found is None or found.settings.get("copies") != BY_HOLDER:
        return CopyScheme()
    return CopyScheme(BY_HOLDER, dict(code_rows(found)))


def code_rows(found: DocumentClass) -> tuple[tuple[str, str], ...]:
    """The holders of a class and their codes, as they are listed; none that can't be read."""
    rows = read(_CODES, found.settings.get("holder_codes", ()), "holder_codes")
    return () if rows.findings else tuple((row[_HOLDER], row[_CODE]) for row in rows.value)


def issuers(policy: Policy, class_id: str) -> tuple[str, ...]:
    """The roles that issue and recall copies of a class (发放单位)."""
    found = policy.classes.get(class_id)
    value = found.settings.get("issuer") if found is not None else None
    if isinstance(value, str):
        return (str(value),)
    if isinstance(value, tuple):
        return tuple(str(one) for one in value)
    return (DEFAULT_ISSUER,)
