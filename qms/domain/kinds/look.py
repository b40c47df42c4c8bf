"""What a company's pages look like: `look.yaml`, as a policy binds it by its digest.

A closed list of what may be chosen: two colours, two lines of words, a logo. The mark of a copy is
none of it, nor is any word or colour by which people tell what a page is worth.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from qms.domain.kinds.policy_tables import NAMES
from qms.findings import Finding, Place, Reason, Refused, ShellText
from qms.formats import caps, cut, strict_yaml
from qms.formats.schema import Field, Row, read, record, text
from qms.texts import Text

LOOK_FILE: Final = "look.yaml"
FOLDER: Final = "look"
"""Where a logo lies."""
_LOGO_PATH: Final = rf"{FOLDER}/[a-z0-9][a-z0-9-]*\.(?:svg|png|jpg)"

_BLACK: Final = "#111111"
_BLUE: Final = "#24476b"
_CONTRAST: Final = 4.5
"""Of letters against the white page: what WCAG 2 (AA) asks of text."""
_MOST: Final = 60
"""So many letters of a line have room in it."""


def is_look_file(path: str) -> bool:
    """Whether only pages go by a file at this path, and only as a policy in force lists it."""
    return path == LOOK_FILE or re.fullmatch(_LOGO_PATH, path) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLook:
    """The colours of chapter heads and accents, a line on the cover, one at the foot, a logo.

    `logo` is its path; `picture` its content, once it was found as the policy binds it.
    """

    headings: str = _BLACK
    accent: str = _BLUE
    cover: Text = field(default_factory=Text)
    foot: Text = field(default_factory=Text)
    logo: str = ""
    picture: bytes = b""

    def words(self) -> Mapping[str, str]:
        """What is printed of it in letters, by its place in the file."""
        lines = (("cover", self.cover), ("foot", self.foot))
        return {
            f"wording.{name}.{tag}": said
            for name, line in lines
            for tag, said in line.by_tag.items()
        }


PLAIN: Final = PageLook()
"""How pages look where no policy binds another look."""

_COLOUR = text(pattern=r"#[0-9A-Fa-f]{6}", like='"#24476b"')
_HEADINGS = Field("headings", _COLOUR, default=_BLACK)
_ACCENT = Field("accent", _COLOUR, default=_BLUE)
_COLOURS = Field("colours", record(_HEADINGS, _ACCENT), required=False)
_COVER = Field("cover", NAMES, required=False)
_FOOT = Field("foot", NAMES, required=False)
_WORDING = Field("wording", record(_COVER, _FOOT), required=False)
_LOGO = Field(
    "logo", text(pattern=_LOGO_PATH, like="look/logo.svg"),
    required=False,
)  # fmt: skip
_SCHEMA = record(_COLOURS, _WORDING, _LOGO)
_UNQUOTED: Final = re.compile(
    r"^[^#\"'\n]*?\b(?P<name>headings|accent):[ \t]+(?P<colour>#[0-9A-Fa-f]{3,8})\b", re.MULTILINE
)
"""A colour that YAML takes for a remark: what else it says of that line helps nobody."""


def says_something(data: bytes) -> bool:
    """Whether there is more in it than comments: an earlier template brought one with no more."""
    lines = (line.strip() for line in data.removeprefix(b"\xef\xbb\xbf").splitlines())
    return any(line and not line.startswith(b"#") and line != b"---" for line in lines)


def read_look(data: bytes) -> tuple[PageLook | None, tuple[Finding, ...]]:
    """The look that a file gives, or all that is wrong with it."""
    if not says_something(data):
        return PLAIN, ()
    try:
        cut.check_bytes(data)
        _check_quotes(data.decode())
        found = read(_SCHEMA, strict_yaml.load(data, caps.POLICY_FILE, LOOK_FILE))
    except Refused as refused:
        return None, (refused.finding.at(path=LOOK_FILE),)
    faults = [one.at(path=LOOK_FILE) for one in found.findings]
    if faults:
        return None, tuple(faults)
    look = _look(found.value)
    faults += _faults(look)
    return (None if faults else look), tuple(faults)


def _check_quotes(said: str) -> None:
    """Refuse a colour without quotes, before YAML reads what is left of its line."""
    for found in _UNQUOTED.finditer(said):
        like = ShellText(f'{found["name"]}: "{found["colour"]}"')
        place = Place(line=said.count("\n", 0, found.start("colour")) + 1)
        values = {"found": found["colour"], "like": like}
        raise Refused(Finding("YAML-COMMENT", place, values, reason=Reason.REMARK))


def _look(row: Row) -> PageLook:
    colours, wording = row[_COLOURS], row[_WORDING]
    return PageLook(
        headings=_BLACK if colours is None else colours[_HEADINGS].lower(),
        accent=_BLUE if colours is None else colours[_ACCENT].lower(),
        cover=Text() if wording is None else wording[_COVER] or Text(),
        foot=Text() if wording is None else wording[_FOOT] or Text(),
        logo=row[_LOGO] or "",
    )


def _faults(look: PageLook) -> Iterator[Finding]:
    for name, colour in (("headings", look.headings), ("accent", look.accent)):
        ratio = contrast(colour)
        if ratio < _CONTRAST:
            values = {"colour": colour, "ratio": f"{ratio:.1f}", "least": str(_CONTRAST)}
            yield Finding("LOOK-COLOUR", Place(LOOK_FILE, f"colours.{name}"), values)
    words = look.words()
    if not any(words.values()):
        return
    from qms.domain.kinds.worth import worth_in  # noqa: PLC0415 - costly patterns

    for place, said in words.items():
        worth = worth_in(said)
        if worth:
            yield Finding("LOOK-WORDS", Place(LOOK_FILE, place), {"found": worth})
        taken = sum(_width(letter) for letter in said)
        if taken > _MOST:
            values = {"length": str(round(taken)), "most": str(_MOST)}
            yield Finding("LOOK-LENGTH", Place(LOOK_FILE, place), values)


def _width(letter: str) -> float:
    return 0.6 if letter.isascii() else 1.0


def contrast(colour: str) -> float:
    """The contrast of a colour (``#rrggbb``) against white, as WCAG 2 reckons it: 1 to 21."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)  # noqa: PLR2004 - sRGB
    weighed: Iterable[float] = map(float.__mul__, (0.2126, 0.7152, 0.0722), linear)
    return 1.05 / (sum(weighed) + 0.05)
