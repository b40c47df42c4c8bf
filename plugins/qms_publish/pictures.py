"""Pictures a document may bring: PNG, JPEG and plain SVG, within limits, that fetch nothing.

A picture is material from an author whom nobody has to trust. An SVG may name files and addresses,
nest references until a renderer takes minutes, or hide a page in a ``foreignObject``; a PNG of a
few kilobytes may unfold to a gigabyte. All of that is refused here, before a renderer sees it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import category
from xml.etree import ElementTree as ET

from qms.api import Place, Refused, refused
from qms_publish.coverage import missing_letters
from qms_publish.fonts import SANS_FAMILIES, SERIF_FAMILIES
from qms_publish.limits import over_limit
from qms_publish.rasters import MAX_PIXELS, TooManyPixelsError, decoded
from qms_publish.svg_size import MOST, TooMuch, check_size

MAX_BYTES = 16_000_000
MAX_SVG_BYTES = 2_000_000
MAX_SVG_ELEMENTS = 20_000
MAX_SVG_DEPTH = 32
MAX_SVG_NUMBER = 1e5
TEXT_WIDTH = 165.0
"""Width of the text on a portrait page, in millimetres."""

_SVG = "http://www.w3.org/2000/svg"
_XML = "http://www.w3.org/XML/1998/namespace"
_XLINK = "http://www.w3.org/1999/xlink"
_FETCHING = frozenset({"image", "feImage", "script"})
_DRAWN = frozenset(
    name
    for line in (
        "svg g defs symbol use path rect circle ellipse line polyline polygon text tspan title",
        "desc metadata style linearGradient radialGradient stop clipPath marker pattern",
    )
    for name in line.split()
)
"""What the page draws as every reader of SVG does; all else is shown by some and not by others."""
_WRITTEN = frozenset({"text", "tspan"})
_CHOOSING = frozenset({"systemlanguage", "requiredfeatures", "requiredextensions", "media"})
"""Attributes by which readers choose what to show."""
_UNDRAWN = re.compile(
    r"(?:^|[\s;{])(?:mask|filter|mix-blend-mode|baseline-shift|text-decoration|writing-mode"
    r"|text-transform|font-variant|unicode-bidi)\s*+:\s*+(?!none|normal|baseline|lr)|calc\(",
    re.IGNORECASE,
)
_UNDRAWN_NAMES = frozenset(
    (
        "mask", "filter", "baseline-shift", "text-decoration", "writing-mode", "text-transform",
        "font-variant", "unicode-bidi",
    )
)  # fmt: skip
_AS_USUAL = frozenset({"none", "normal", "baseline", "lr", "lr-tb"})
_NO_NUMBERS = re.compile(r"#[0-9a-fA-F]{3,8}\b|url\([^)]*\)|font-family\s*:[^;]*", re.IGNORECASE)
_NAMES = frozenset({"id", "class", "version", "href", "lang", "role"})
"""Attributes that hold no numbers, whatever their digits."""
_ID = re.compile(r"[^\s()\"'#%]{1,200}")
"""Names that are found by a reference as they stand; of others a renderer makes others."""
_COMMENT = re.compile(r"/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)")
_BLANKS = re.compile(r"\s+")
_DOCTYPE = re.compile(rb"<!DOCTYPE\s+svg[^\[<>]*>")
_FONT = re.compile(
    r"(?<![-\w])font\s*:\s*(?P<look>(?:(?:normal|bold|bolder|lighter|italic|oblique|[1-9]00)\s+)*)"
    r"(?P<size>[\d.]+(?:px|pt|em|mm|cm)?)(?:\s*/\s*[\d.]+[\w%]*)?\s+(?P<family>[^;}]+)",
    re.IGNORECASE,
)
_ANY_FONT = re.compile(r"(?<![-\w])font\s*:", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_URL = re.compile(r"url\(\s*[\"']?\s*([^)\"']*)", re.IGNORECASE)
_GEOMETRY = re.compile(r"(?:^|[;{\s])(?:d|points)\s{0,9}:", re.IGNORECASE)
"""What draws stands in attributes, where it is measured."""
_FAMILY = re.compile(r"font-family\s*:\s*[^;}]*", re.IGNORECASE)

ET.register_namespace("", _SVG)
ET.register_namespace("xlink", _XLINK)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that has been looked at, as the renderer is given it."""

    data: bytes
    mime: str


def checked(path: str, data: bytes, place: Place) -> Picture:
    """`data` as a picture a page may show.

    `path` is its name in the document, for messages; `place` is where the document shows it.
    Raises RENDER-LIMIT (too big to set), URL-FORBIDDEN (an SVG that would fetch something),
    PICTURE-FORM (not a picture, or of a kind that can't be printed faithfully).
    """
    if len(data) > MAX_BYTES:
        raise Refused(over_limit(place, path, len(data), MAX_BYTES))
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _raster(path, data, "PNG", place)
    if data.startswith(b"\xff\xd8\xff"):
        return _raster(path, data, "JPEG", place)
    if b"<svg" in data[:4000]:
        return _Svg(path, place).picture(data)
    raise refused("PICTURE-FORM", place, what=path, found="PNG, JPEG, SVG?")


def _raster(path: str, data: bytes, form: str, place: Place) -> Picture:
    try:
        plain, form = decoded(data, form)
    except TooManyPixelsError as error:
        raise Refused(over_limit(place, path, str(error.args[0]), MAX_PIXELS)) from error
    except ValueError as error:
        raise refused("PICTURE-FORM", place, what=path, found=form) from error
    return Picture(plain, f"image/{form.lower()}")


class _Svg:
    """One SVG on its way to the page: what it may not hold, and our fonts put into it."""

    def __init__(self, path: str, place: Place) -> None:
        self.path = path
        self.place = place

    def picture(self, data: bytes) -> Picture:
        """The SVG, written anew, with our fonts and a size in millimetres."""
        if len(data) > MAX_SVG_BYTES:
            self._limit(len(data), MAX_SVG_BYTES)
        if b"\0" in data:
            self._form("UTF-16")
        data = _DOCTYPE.sub(b"", data, count=1)
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"<?xml-stylesheet" in data:
            self._form("DOCTYPE, ENTITY, xml-stylesheet")
        try:
            root = ET.fromstring(data)  # noqa: S314 - no DTD, in ASCII's bytes, so no entities
        except (ET.ParseError, ValueError, LookupError) as error:
            raise refused("PICTURE-FORM", self.place, what=self.path, found="XML") from error
        if root.tag != f"{{{_SVG}}}svg":
            self._form(str(root.tag))
        for count, (element, depth) in enumerate(_walk(root), 1):
            if count > MAX_SVG_ELEMENTS or depth > MAX_SVG_DEPTH:
                self._limit(max(count, depth), MAX_SVG_ELEMENTS)
            _drop_foreign(element)
            self._element(element)
        self._unfolded(root)
        _size_in_mm(root)
        root.set("font-family", root.get("font-family", SANS_FAMILIES))
        return Picture(ET.tostring(root, encoding="utf-8", xml_declaration=True), "image/svg+xml")

    def _element(self, element: ET.Element) -> None:
        name = element.tag.rpartition("}")[2]
        if name in _FETCHING:
            self._url(name)
        if name not in _DRAWN:
            self._form(name)
        for text in (element.text or "", *(child.tail or "" for child in element)):
            hidden = next((one for one in text if category(one) == "Cf"), None)
            if hidden is not None:  # it may turn the order of letters round, or nobody sees it
                self._form(f"U+{ord(hidden):04X}")
            for fault in missing_letters(text, self.place) if name in _WRITTEN else ():
                raise Refused(fault)
        if name == "style":
            element.text = self._css(element.text or "")
        for key, value in tuple(element.attrib.items()):
            if _is_foreign(key):
                del element.attrib[key]
                continue
            element.set(key, self._attribute(key.rpartition("}")[2].lower(), value))

    def _attribute(self, name: str, value: str) -> str:
        """The attribute's value as it may stay."""
        if name.startswith("on") or (name in _CHOOSING and value != "all"):
            self._form(name)
        if name in _UNDRAWN_NAMES and value.strip() not in _AS_USUAL:
            self._form(name)
        if name in {"href", "src"} and not value.strip().startswith("#"):
            self._url(value)
        if name == "id" and not _ID.fullmatch(value):
            self._form(f"id={value[:40]}")
        if name in _NAMES:
            return value
        numbers = _NUMBER.findall(_NO_NUMBERS.sub(" ", value)) if name != "font-family" else ()
        if any(abs(float(one)) > MAX_SVG_NUMBER for one in numbers):
            self._limit(f"{name}={value[:40]}", int(MAX_SVG_NUMBER))
        if name == "font-family":
            return _own_family(value)
        return self._css(value) if name == "style" else self._no_addresses(value)

    def _css(self, text: str) -> str:
        # A comment may stand anywhere, as may blanks: what is looked for below is as it is drawn.
        text = _BLANKS.sub(" ", _COMMENT.sub(" ", text))
        if "@" in text or "var(" in text or "\\" in text:
            self._form("@, var(), \\")
        if found := _UNDRAWN.search(text):
            self._form(found[0].strip(" ;{"))
        if _GEOMETRY.search(text):
            self._form("d:, points:")
        self._no_addresses(text)
        text = _FONT.sub(_longhand, text)
        if _ANY_FONT.search(text):
            self._form("font:")
        return _FAMILY.sub(lambda found: "font-family:" + _own_family(found[0]), text)

    def _no_addresses(self, text: str) -> str:
        for target in _URL.findall(text):
            if not target.strip().startswith("#"):
                self._url(target)
        return text

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
        raise refused("URL-FORBIDDEN", self.place, what=self.path, found=found[:80])


def _longhand(font: re.Match[str]) -> str:
    """``font: bold 8px SimSun`` in the words that the renderer knows."""
    words = font["look"].lower().split()
    style = next((one for one in words if one in {"italic", "oblique"}), "normal")
    weight = next((one for one in words if one not in {"italic", "oblique", "normal"}), "normal")
    size, family = font["size"], font["family"]
    return f"font-style:{style};font-weight:{weight};font-size:{size};font-family:{family}"


def _is_foreign(key: str) -> bool:
    """Whether an attribute is a drawing program's own, or only for those who can't see."""
    own = key.startswith("{") and key.partition("}")[0][1:] not in {_SVG, _XLINK, _XML}
    return own or key.startswith(("aria-", "data-")) or key == "content"


def _drop_foreign(element: ET.Element) -> None:
    """Take out what drawing programs leave for themselves: elements outside SVG's namespace."""
    kept: list[ET.Element] = []
    texts = [[element.text or ""]]
    for child in element:
        if child.tag.startswith(f"{{{_SVG}}}"):
            kept.append(child)
            texts.append([])
        texts[-1].append(child.tail or "")
    if len(kept) < len(element):
        element[:] = kept
        element.text, *tails = map("".join, texts)
        for child, tail in zip(kept, tails, strict=True):
            child.tail = tail


def _walk(root: ET.Element) -> Iterator[tuple[ET.Element, int]]:
    stack = [(root, 1)]
    while stack:
        element, depth = stack.pop()
        yield element, depth
        stack.extend((child, depth + 1) for child in reversed(element))


def _own_family(value: str) -> str:
    serif = "serif" in value.lower() and "sans" not in value.lower()
    return SERIF_FAMILIES if serif or "宋" in value else SANS_FAMILIES


def _size_in_mm(root: ET.Element) -> None:
    """A drawing with nothing but a viewBox is printed at one millimetre a unit, if it fits."""
    box = _NUMBER.findall(root.get("viewBox", ""))
    if root.get("width") or root.get("height") or len(box) != len("xywh"):
        return
    width, height = float(box[2]), float(box[3])
    if width > 0 and height > 0:
        scale = min(1.0, TEXT_WIDTH / width)
        root.set("width", f"{width * scale:.2f}mm")
        root.set("height", f"{height * scale:.2f}mm")
