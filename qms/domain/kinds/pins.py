"""Which plugins a policy admits: bundled ones by name, foreign ones by the bytes of their sources.

What judges decides every verdict, so a foreign rule half is named by a digest over its installed
sources: a version is only what a package says of itself. Tool halves print and list; they judge
nothing, and a range of versions is enough for them.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from qms.findings import Finding, Place, Refused
from qms.formats.schema import Field, Row, Type, boolean, record, text

if TYPE_CHECKING:
    from qms.domain.kinds.policy import Policy

BUNDLED: Final = frozenset(("approval", "copies", "numbering", "publish", "watermark"))
"""The plugins of rulebook 1, which come with the tool. Their names are nobody else's."""

_DOTTED: Final = re.compile(r"(0|[1-9]\d{0,8})(\.(0|[1-9]\d{0,8})){0,7}", re.ASCII)
_RANGE: Final = re.compile(r">=([\d.]+),<([\d.]+)", re.ASCII)


class Range(NamedTuple):
    """Versions from `least` on, below `below`: dotted integers, compared as tuples."""

    least: tuple[int, ...]
    below: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> "Range":
        """The range that ``>=1.2,<2`` spells. Raises `Refused` PIN-FORM."""
        match = _RANGE.fullmatch(text)
        bounds = [] if match is None else [_numbers(bound) for bound in match.groups()]
        if len(bounds) != 2 or bounds[0] is None or bounds[1] is None or bounds[0] >= bounds[1]:  # noqa: PLR2004 - two bounds
            raise _misformed("version", text)
        return cls(bounds[0], bounds[1])

    def holds(self, version: str) -> bool:
        """Whether a version is a plain one inside the range; ``1.2rc1`` never is."""
        found = _numbers(version)
        return found is not None and self.least <= found < self.below

    def __str__(self) -> str:
        return f">={_dotted(self.least)},<{_dotted(self.below)}"


class PluginPin(NamedTuple):
    """A row of ``plugins``: by name alone a bundled plugin, else one of a foreign distribution.

    `digest` admits both halves of exactly these bytes, `version` the tool half of many releases.
    A `void` row takes back what earlier versions admitted.
    """

    name: str
    distribution: str | None = None
    digest: str | None = None
    version: Range | None = None
    void: bool = False

    @property
    def is_bundled(self) -> bool:
        """Whether it names a plugin that comes with the tool."""
        return self.distribution is None

    @property
    def is_judging(self) -> bool:
        """Whether it may bring a rule half: a range of versions alone never does."""
        return self.is_bundled or self.digest is not None

    def takes_back(self, other: "PluginPin") -> bool:
        """Whether this void row is about an earlier one: of the same plugin, the same bytes."""
        same = (self.name, self.distribution) == (other.name, other.distribution)
        return self.void and same and self.digest in (None, other.digest)

    def __str__(self) -> str:
        if self.is_bundled:
            return self.name
        what = ", ".join(str(one) for one in (self.digest, self.version) if one is not None)
        return f"{self.name} ({self.distribution} {what})"


class Admitted(NamedTuple):
    """What a line of policies admits: what the newest one says, and what judges older entries."""

    newest: tuple[PluginPin, ...]
    older: tuple[PluginPin, ...] = ()


def admitted(line: Iterable["Policy"], rivals: Iterable["Policy"] = ()) -> Admitted:
    """What the versions of a policy, in order, admit together.

    `rivals` are the sides of a fork that nothing decided: they admit nothing, but what one of them
    takes back nobody runs.

    A plugin that a later version only no longer lists still judges what was signed under the older
    one, or an honest history would turn red with the day on which a chain's plugin was changed.
    """
    newest: tuple[PluginPin, ...] = ()
    older: list[PluginPin] = []
    for policy in line:
        rows = [pin for pin in policy.plugins if not pin.void]
        voids = [pin for pin in policy.plugins if pin.void]
        older += [pin for pin in newest if pin not in older]
        older = [pin for pin in older if not any(void.takes_back(pin) for void in voids)]
        newest = tuple(rows)
    taken = [pin for policy in rivals for pin in policy.plugins if pin.void]
    kept = [pin for pin in newest if not any(void.takes_back(pin) for void in taken)]
    older = [pin for pin in older if not any(void.takes_back(pin) for void in taken)]
    return Admitted(tuple(kept), tuple(pin for pin in older if pin not in kept))


_NAME: Final = Field("name", text(max_length=100))
_DISTRIBUTION: Final = Field("distribution", text(max_length=200), required=False)
_DIGEST: Final = Field(
    "digest", text(pattern=r"sha256:[0-9a-f]{64}", like='"sha256:…"'), required=False
)
_VERSION: Final = Field("version", text(like='">=1.2,<2"').then(Range.parse), required=False)
_VOID: Final = Field("void", boolean(), default=False)


def _pin(row: Row) -> PluginPin:
    pin = PluginPin(row[_NAME], row[_DISTRIBUTION], row[_DIGEST], row[_VERSION], row[_VOID])
    says = pin.digest is not None or pin.version is not None
    if pin.is_bundled and (says or pin.void):
        raise _misformed("distribution", "-")
    if not pin.is_bundled and not says and not pin.void:
        raise _misformed("digest", "-")
    return pin


PIN: Final[Type[PluginPin]] = record(_NAME, _DISTRIBUTION, _DIGEST, _VERSION, _VOID).then(_pin)
"""A row of ``plugins`` in policy.yaml; finds PIN-FORM."""


def _numbers(text: str) -> tuple[int, ...] | None:
    if _DOTTED.fullmatch(text) is None:
        return None
    return tuple(map(int, text.split(".")))


def _dotted(numbers: tuple[int, ...]) -> str:
    return ".".join(map(str, numbers))


def _misformed(part: str, found: str) -> Refused:
    return Refused(Finding("PIN-FORM", Place(), {"part": part, "found": found}))
