"""Pictures a document may bring: PNG, JPEG and plain SVG, within limits, that fetch nothing.

A picture is material from an author whom nobody has to trust. An SVG may name files and addresses,
nest references until a renderer takes minutes, or hide a page in a ``foreignObject``; a PNG of a
few kilobytes may unfold to a gigabyte. All of that is refused here, before a renderer sees it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from unicodedata import category
from xml.etree import ElementTree as ET

from qms.api import Finding, Glyphs, Place, Refused, refused
from qms_publish.lettering.alike import misread_letters
from qms_publish.lettering.coverage import NO_GLYPHS, missing_letters
from qms_publish.over_limit import over_limit
from qms_publish.pictures.rasters import MAX_PIXELS, TooManyPixelsError, decoded, said_pixels
from qms_publish.svg.drawn import redrawn
from qms_publish.svg.lengths import Unlike
from qms_publish.svg.nesting import (
    DRAWN,
    SVG,
    drop_unseen,
    misplaced,
    named_twice,
    refers_twice,
    tag,
)
from qms_publish.svg.seen import Unseen
from qms_publish.svg.sign_fonts import OfOneFont, own_families
from qms_publish.svg.size import MOST, TooMuch, check_size
from qms_publish.svg.values import (
    declarations,
    is_plain_attribute,
    is_plain_property,
    rules,
)

MAX_BYTES = 16_000_000
MAX_TOGETHER = 400_000_000
"""Pixels of all pictures of a document: thirty of a camera as they are, 200 that fill a page."""
MAX_SVG_TOGETHER = 20_000_000
"""Bytes of all its drawings."""
MAX_SVG_BYTES = 2_000_000
MAX_SVG_ELEMENTS = 20_000
MAX_SVG_DEPTH = 32
MAX_SVG_NUMBER = 1e5

_XML = "http://www.w3.org/XML/1998/namespace"
_XLINK = "http://www.w3.org/1999/xlink"
_HREF = f"{{{_XLINK}}}href"
_FETCHING = frozenset({"image", "feImage", "script"})
_OF_XML = frozenset({"space", "lang"})
_WRITTEN = frozenset({"text", "tspan"})
_NO_NUMBERS = re.compile(r"#[0-9a-fA-F]{3,8}\b|url\([^()]*\)|font-family\s*:[^;]*", re.IGNORECASE)
_NAMES = frozenset({"id", "class", "version", "href", "lang", "role", "font-family", "p-id", "t"})
"""Attributes that hold no numbers, whatever their digits."""
_ID = re.compile(r"[^\s()\"'#%]{1,200}")
"""Names that are found by a reference as they stand; of others a renderer makes others."""
_COMMENT = re.compile(r"(?:(?<=[{};])|\A)(?:\s*+/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z))++")
"""Comments between rules and between declarations. Within one they part nothing, as a blank does:
what has one there is none of the forms that are drawn.
"""
_BLANKS = re.compile(r"\s+", re.ASCII)
_ENCODING = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*[\"']([^\"'>]*)")
_UTF8 = frozenset({b"utf-8", b"utf8"})
_OF_ASCII = frozenset(
    (b"us-ascii", b"ascii", b"iso-8859-1", b"latin1", b"windows-1252", b"gb2312", b"gbk",
     b"gb18030")
)  # fmt: skip
"""Some browsers heed what a drawing says of its letters, some don't: these are one in ASCII."""
_DOCTYPE = re.compile(rb"<!DOCTYPE\s+svg[^\[<>]*>")
_FONT = re.compile(
    r"(?<![-\w])font\s*:\s*(?P<look>(?:(?:normal|bold|bolder|lighter|italic|oblique|[1-9]00)\s+)*)"
    r"(?P<size>[\d.]+(?:px|pt|em|mm|cm)?)(?:\s*/\s*[\d.]++[\w%]*)?\s+(?P<family>[^;}]+)",
    re.IGNORECASE | re.ASCII,
)
_ANY_FONT = re.compile(r"(?<![-\w])font\s*:", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_URL = re.compile(r"url\(\s*[\"']?\s*([^)\"']*)", re.IGNORECASE)
_FAMILY = re.compile(r"font-family\s*:\s*[^;}]*", re.IGNORECASE | re.ASCII)

ET.register_namespace("", SVG)
ET.register_namespace("xlink", _XLINK)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that has been looked at, as the renderer is given it."""

    data: bytes
    mime: str


def checked_pictures(
    shown: Iterable[tuple[str, int]],
    assets: Mapping[str, bytes],
    path: str,
    glyphs: Glyphs = NO_GLYPHS,
) -> Iterator[tuple[str, Picture | Finding]]:
    """The pictures that the text at `path` shows, or what is wrong with each, by their paths.

    Each is looked at once. `shown` are their paths and lines, `assets` their contents. RENDER-LIMIT
    for the first that makes them too much together; neither it nor any behind it is opened.
    """
    pixels = drawn = 0
    found: dict[str, Picture | Finding] = {}
    for name, line in shown:
        place = Place(path=path, line=line)
        one = found.get(name)
        if one is None:
            said = said_pixels(assets[name])
            pixels, drawn = pixels + said, drawn + (0 if said else len(assets[name]))
            if pixels > MAX_TOGETHER or drawn > MAX_SVG_TOGETHER:
                yield name, _too_much(place, pixels, drawn)
                return
            one = found[name] = _picture_or_fault(name, assets[name], place, glyphs)
        yield name, replace(one, place=place) if isinstance(one, Finding) else one


def _too_much(place: Place, pixels: int, drawn: int) -> Finding:
    if pixels > MAX_TOGETHER:
        return over_limit(place, "pixels", pixels, MAX_TOGETHER)
    return over_limit(place, "drawings", drawn, MAX_SVG_TOGETHER)


def _picture_or_fault(name: str, data: bytes, place: Place, glyphs: Glyphs) -> Picture | Finding:
    try:
        return checked(name, data, place, glyphs)
    except Refused as refusal:
        return refusal.finding


def checked(path: str, data: bytes, place: Place, glyphs: Glyphs = NO_GLYPHS) -> Picture:
    """`data` as a picture a page may show.

    `path` is its name in the document, for messages; `place` is where the document shows it,
    `glyphs` are the letters that the company draws itself.
    Raises RENDER-LIMIT (too big to set), PICTURE-ADDRESS (an SVG that would fetch something),
    PICTURE-FORM (not a picture, or of a kind that can't be printed faithfully).
    """
    if len(data) > MAX_BYTES:
        raise Refused(over_limit(place, path, len(data), MAX_BYTES))
    is_svg = path.lower().endswith(".svg")  # a browser goes by the name, and shows nothing else
    if data.startswith(b"\x89PNG\r\n\x1a\n") and not is_svg:
        return _raster(path, data, "PNG", place)
    if data.startswith(b"\xff\xd8\xff") and not is_svg:
        return _raster(path, data, "JPEG", place)
    if b"<svg" in data[:4000] and is_svg:
        return _Svg(path, place, glyphs).picture(data)
    raise refused("PICTURE-KIND", place, what=path)


def _raster(path: str, data: bytes, form: str, place: Place) -> Picture:
    try:
        plain, form = decoded(data, form)
    except TooManyPixelsError as error:
        raise Refused(over_limit(place, path, str(error.args[0]), MAX_PIXELS)) from error
    except ValueError as error:
        raise refused("PICTURE-FORM", place, what=path, found=str(error)) from error
    return Picture(plain, f"image/{form.lower()}")


class _Svg:
    """One SVG on its way to the page: what it may not hold, and our fonts put into it."""

    def __init__(self, path: str, place: Place, glyphs: Glyphs) -> None:
        self.path = path
        self.place = place
        self.glyphs = glyphs
        self.targets: set[str] = set()

    def picture(self, data: bytes) -> Picture:
        """The SVG, written anew, with our fonts and a size in millimetres."""
        if len(data) > MAX_SVG_BYTES:
            self._limit(len(data), MAX_SVG_BYTES)
        if b"\0" in data:
            self._form("UTF-16")
        data = _DOCTYPE.sub(b"", data, count=1)
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"<?xml-stylesheet" in data:
            self._form("DOCTYPE, ENTITY, xml-stylesheet")
        root = self._parsed(data)
        if root.tag != f"{{{SVG}}}svg":
            self._form(str(root.tag))
        for count, (element, depth) in enumerate(_walk(root), 1):
            if count > MAX_SVG_ELEMENTS or depth > MAX_SVG_DEPTH:
                self._limit(max(count, depth), MAX_SVG_ELEMENTS)
            self._element(element)
        self._as_a_whole(root)
        new = self._redrawn(root)
        return Picture(ET.tostring(new, encoding="utf-8", xml_declaration=True), "image/svg+xml")

    def _redrawn(self, root: ET.Element) -> ET.Element:
        """What the page is given to draw, or why it would show something else."""
        try:
            self._unfolded(root)
            return redrawn(root)
        except OfOneFont as error:
            where = f"{self.path} “{error.letters}” ({error.found})"
            raise refused(error.code, self.place, number=where) from error
        except Unseen as error:
            raise refused(error.code, self.place, what=self.path, **error.values) from error
        except Unlike as error:
            raise refused("PICTURE-FORM", self.place, what=self.path, found=error.found) from error
        except (ArithmeticError, RecursionError) as error:  # of numbers that nobody means
            found = type(error).__name__
            raise refused("PICTURE-FORM", self.place, what=self.path, found=found) from error

    def _parsed(self, data: bytes) -> ET.Element:
        said = _ENCODING.match(data)
        name = said[1].lower() if said else b"utf-8"
        if name not in _UTF8 and (name not in _OF_ASCII or not data.isascii()):
            self._form(f"encoding={name.decode('ascii', 'replace')}, UTF-8?")
        try:
            parser = ET.XMLParser(encoding="utf-8")  # noqa: S314 - no DTD, in UTF-8: no entities
            return ET.fromstring(data, parser)  # noqa: S314 - as above
        except (ET.ParseError, ValueError, LookupError) as error:
            raise refused("PICTURE-FORM", self.place, what=self.path, found="XML") from error

    def _element(self, element: ET.Element) -> None:
        name = tag(element)
        self._place(element, name)
        if name in _WRITTEN:
            self._letters(element)
        if name == "style":
            element.text = self._sheet(element.text or "")
        for key, value in tuple(element.attrib.items()):
            if _is_foreign(key):
                del element.attrib[key]
                continue
            if key.startswith(f"{{{_XML}}}") and key.rpartition("}")[2] not in _OF_XML:
                self._form(f"xml:{key.rpartition('}')[2]}")
            element.set(key, self._attribute(key.rpartition("}")[2].lower(), value))

    def _place(self, element: ET.Element, name: str) -> None:
        """Refuse what has no place in a drawing, or not this one; take out what is none of it."""
        if name in _FETCHING:
            self._url(name)
        if name not in DRAWN:
            self._form(name)
        if refers_twice(element):
            self._form("href, xlink:href")
        if name == "style" and (len(element) or "title" in element.attrib):
            self._form("style > …, style title")  # a style that may be chosen, or not
        if odd := drop_unseen(element) or misplaced(element):
            self._form(odd)

    def _letters(self, element: ET.Element) -> None:
        for text in (element.text or "", *(child.tail or "" for child in element)):
            hidden = next((one for one in text if category(one) == "Cf"), None)
            if hidden is not None:  # it may turn the order of letters round, or nobody sees it
                self._form(f"U+{ord(hidden):04X}")
            for fault in missing_letters(text, self.place, self.glyphs):
                raise Refused(fault)
            for fault in misread_letters(text, self.place):
                raise Refused(fault)

    def _attribute(self, name: str, value: str) -> str:
        """The attribute's value as it may stay."""
        if name == "href":
            if not value.strip().startswith("#"):
                self._url(value)
            self.targets.add(value.strip()[1:])
        if name == "id" and not _ID.fullmatch(value):
            self._form(f"id={value[:40]}")
        numbers = () if name in _NAMES else _NUMBER.findall(_NO_NUMBERS.sub(" ", value))
        if any(abs(float(one)) > MAX_SVG_NUMBER for one in numbers):
            self._limit(f"{name}={value[:40]}", int(MAX_SVG_NUMBER))
        if name == "style":
            value = self._css(value)
            self._declared(value)
            return value
        self._no_addresses(value)
        if not is_plain_attribute(name, value):
            self._form(f"{name}={value[:40]}")
        return own_families(value) if name == "font-family" else value

    def _sheet(self, text: str) -> str:
        text = self._css(text)
        for selectors, inside in rules(text):
            if not selectors:
                self._form(inside.strip()[:40])
            self._declared(inside)
        return text

    def _declared(self, text: str) -> None:
        """Refuse a style whose declarations aren't plain, or two of one name."""
        said = list(declarations(text))
        for name, value in said:
            if not is_plain_property(name, value):
                self._form(f"{name}: {value[:40]}")
        names = [name for name, _ in said]
        if len(set(names)) < len(names):
            self._form(next(name for name in names if names.count(name) > 1))

    def _css(self, text: str) -> str:
        # Comments and blanks may hide what is looked for below.
        text = _BLANKS.sub(" ", _COMMENT.sub(" ", text))
        if "@" in text or "var(" in text or "\\" in text:
            self._form("@, var(), \\")
        self._no_addresses(text)
        text = _FONT.sub(_longhand, text)
        if _ANY_FONT.search(text):
            self._form("font:")
        return _FAMILY.sub(
            lambda found: "font-family:" + own_families(found[0].partition(":")[2]), text
        )

    def _as_a_whole(self, root: ET.Element) -> None:
        for name in named_twice(root, self.targets):
            self._form(f"id={name[:40]}")

    def _no_addresses(self, text: str) -> None:
        for target in _URL.findall(text):
            if not target.strip().startswith("#"):
                self._url(target)
            self.targets.add(target.strip()[1:])

    def _unfolded(self, root: ET.Element) -> None:
        """Refuse a drawing that grows past the limit when its references are followed."""
        try:
            check_size(root)
        except TooMuch as error:
            self._limit(error.found, MOST)

    def _limit(self, found: int | str, limit: int) -> None:
        raise Refused(over_limit(self.place, self.path, found, limit))

    def _form(self, found: str) -> None:
        raise refused("PICTURE-FORM", self.place, what=self.path, found=found)

    def _url(self, found: str) -> None:
        raise refused("PICTURE-ADDRESS", self.place, what=self.path, found=found[:80])


def _longhand(font: re.Match[str]) -> str:
    """``font: bold 8px SimSun`` in the words that the renderer knows."""
    words = font["look"].lower().split()
    style = next((one for one in words if one in {"italic", "oblique"}), "normal")
    weight = next((one for one in words if one not in {"italic", "oblique", "normal"}), "normal")
    size, family = font["size"], font["family"]
    return f"font-style:{style};font-weight:{weight};font-size:{size};font-family:{family}"


def _is_foreign(key: str) -> bool:
    """Whether an attribute is a drawing program's own, or only for those who can't see."""
    own = key.startswith("{") and key != _HREF and not key.startswith(f"{{{_XML}}}")
    return own or key.startswith(("aria-", "data-")) or key == "content"


def _walk(root: ET.Element) -> Iterator[tuple[ET.Element, int]]:
    stack = [(root, 1)]
    while stack:
        element, depth = stack.pop()
        yield element, depth
        stack.extend((child, depth + 1) for child in reversed(element))
