"""Attributes and properties of a drawing, and the forms of values that all who show one read alike.

A browser passes over a value that it doesn't know, in whatever case it is written, and takes the
one before; a renderer takes it for another, or for none. Then a word is on the paper that nobody
saw who signed, or the other way round. So both lists are closed: what isn't in them is refused.
Digits and blanks are those of ASCII, as in all grammars of drawings: to Python ０ is a number too.
"""

import re
from collections.abc import Iterator
from typing import Final

from PIL.ImageColor import colormap

from qms_publish.svg.path_text import NUMBER, is_drawn, path_of, points_of

_SIZE: Final = NUMBER.replace("[-+]?", "", 1)
_UNIT: Final = "(?:px|pt|pc|mm|cm|in|em|%)"
_LENGTH: Final = rf"{NUMBER}{_UNIT}?"
_WITH_UNIT: Final = rf"(?:{NUMBER}{_UNIT}|[-+]?0+(?:\.0+)?)"
_GAP: Final = r"(?:\s*,\s*|\s+)"
_REFERENCE: Final = r"url\(\s*(?P<q>[\"']?)#[^\s()\"'#%]{1,200}(?P=q)\s*\)"
_WHOLE: Final = r"\s*\d+\s*"
_PART: Final = rf"\s*{NUMBER}%?\s*"
_SHARE: Final = r"\s*\d+(?:\.\d+)?%\s*"
_COLOUR: Final = re.compile(
    rf"#(?:[0-9a-fA-F]{{3,4}}|[0-9a-fA-F]{{6}}|[0-9a-fA-F]{{8}})|[a-zA-Z]+"
    rf"|rgba?\((?:{_WHOLE},{_WHOLE},{_WHOLE}|{_SHARE},{_SHARE},{_SHARE})(?:,{_PART})?\)"
    rf"|hsla?\({_PART},{_SHARE},{_SHARE}(?:,{_PART})?\)",
    re.ASCII,
)
_OPAQUE: Final = r"(?:#[0-9a-fA-F]{3}|#[0-9a-fA-F]{6}|rgb\([\d\s,]+\)|black|white)"
_LIGHT: Final = re.compile(rf"light-dark\(\s*{_OPAQUE}\s*,\s*{_OPAQUE}\s*\)", re.ASCII)
"""As draw.io writes colours that follow the viewer's: paper is light."""

_FREE: Final = ".*"
_OUTLINES: Final = {"path": path_of, "points": points_of}
_ANY_WORDS: Final = r"[-\w ]*"
_PAINT: Final = "paint"
_SINGLE_COLOUR: Final = "colour"
_FONT_SIZE: Final = rf"{_SIZE}{_UNIT}?"

_BOTH: Final = {
    name: form
    for names, form in (
        ("fill stroke", _PAINT),
        ("stop-color color flood-color lighting-color solid-color", _SINGLE_COLOUR),
        ("opacity fill-opacity stroke-opacity stop-opacity flood-opacity solid-opacity",
         rf"{NUMBER}%?"),
        ("display", "none|inline|block"),
        ("visibility", "visible|hidden"),
        ("overflow", "visible|hidden|auto|scroll"),
        ("fill-rule clip-rule", "nonzero|evenodd"),
        ("stroke-linecap", "butt|round|square"),
        ("stroke-linejoin", "miter|round|bevel"),
        ("stroke-miterlimit", NUMBER),
        ("stroke-width", rf"{_SIZE}{_UNIT}?"),
        ("stroke-dashoffset", _LENGTH),
        ("stroke-dasharray", rf"none|{_LENGTH}(?:{_GAP}{_LENGTH})*"),
        ("marker-start marker-mid marker-end clip-path", rf"none|{_REFERENCE}"),
        ("paint-order", r"normal|(?:markers )?fill(?: markers)?(?: stroke)?(?: markers)?"),
        ("vector-effect mask filter text-shadow", "none"),
        ("font-style", "normal|italic|oblique"),
        ("font-weight", r"normal|bold|bolder|lighter|[1-9]\d{0,2}"),
        (("font-stretch font-variant font-variant-ligatures font-variant-caps font-variant-numeric"
         " font-variant-east-asian font-variant-alternates font-variant-position font-kerning"
         " font-feature-settings font-variation-settings font-size-adjust"),
         "normal|none|auto|100%"),
        ("letter-spacing word-spacing", rf"normal|{_WITH_UNIT}"),
        ("text-anchor", "start|middle|end"),
        ("text-decoration text-decoration-line text-transform", "none"),
        ("text-decoration-style", "solid"),
        ("text-decoration-color", _PAINT),
        ("text-orientation", "mixed"),
        ("writing-mode", "lr|lr-tb|horizontal-tb"),
        ("direction", "ltr"),
        ("unicode-bidi isolation mix-blend-mode", "normal|auto"),
        ("baseline-shift", "baseline|0|0px"),
        ("dominant-baseline alignment-baseline",
         "auto|alphabetic|baseline|central|middle|hanging|text-before-edge|text-after-edge"),
        (("shape-rendering text-rendering image-rendering color-rendering pointer-events cursor"
         " color-scheme color-interpolation-filters text-align text-align-last"), _ANY_WORDS),
        ("color-interpolation", "auto|sRGB"),
        ("enable-background", r"[-\w. ]*"),
        ("clip", "auto"),
    )
    for name in names.split()
}  # fmt: skip
"""What may stand in an attribute and in a style, by its name."""

_STYLE: Final = _BOTH | {
    name: form
    for names, form in (
        ("font-family", _FREE),
        ("font-size", rf"{_SIZE}{_UNIT}|0"),
        ("width height", _WITH_UNIT),
        ("marker", rf"none|{_REFERENCE}"),
        ("line-height", rf"normal|{_LENGTH}"),
        ("text-indent inline-size", "auto|0|0px"),
        ("white-space", "normal|nowrap|pre"),
        ("shape-inside shape-subtract", rf"auto|none|{_REFERENCE}"),
        ("shape-padding shape-margin", _LENGTH),
        ("transform-origin", "(?:0|0px) (?:0|0px)"),
        ("background background-color",
         (r"none|transparent|white|#[fF]{3}|#[fF]{6}|rgb\(255, ?255, ?255\)"
         r"|light-dark\(#ffffff, ?#[0-9a-fA-F]{6}\)")),
    )
    for name in names.split()
}  # fmt: skip

_NUMBERS: Final = rf"\s*{NUMBER}(?:{_GAP}?{NUMBER})*\s*"
_UNITS: Final = "userSpaceOnUse|objectBoundingBox"
_ATTRIBUTES: Final = _BOTH | {
    name: form
    for names, form in (
        ("font-family", _FREE),
        ("font-size", _FONT_SIZE),
        ("x y dx dy", rf"\s*{_LENGTH}(?:{_GAP}{_LENGTH})*\s*"),
        (("x1 x2 y1 y2 cx cy r rx ry fx fy fr width height refx refy markerwidth markerheight"
         " offset textlength"), _LENGTH),
        ("letter-spacing word-spacing", rf"normal|{_LENGTH}"),
        ("rotate", _NUMBERS),
        ("d", "path"),
        ("points", "points"),
        ("viewbox", rf"(?:\s*{NUMBER}(?:{_GAP}?{NUMBER}){{3}}\s*)?"),
        ("preserveaspectratio", "(?:none|x(?:Min|Mid|Max)Y(?:Min|Mid|Max))(?: (?:meet|slice))?"),
        ("spreadmethod", "pad|reflect|repeat"),
        ("gradientunits patternunits patterncontentunits clippathunits", _UNITS),
        ("markerunits", "userSpaceOnUse|strokeWidth"),
        ("orient", rf"auto|auto-start-reverse|{NUMBER}"),
        ("lengthadjust", "spacing|spacingAndGlyphs"),
        ("type contentstyletype", "text/css"),
        ("media", "all"),
        ("space", "default|preserve"),
        (("class id lang role version baseprofile zoomandpan href title show actuate arcrole"
         " focusable tabindex contentscripttype t p-id style"), _FREE),
    )
    for name in names.split()
}  # fmt: skip
_TRANSFORMS: Final = frozenset({"transform", "gradienttransform", "patterntransform"})
_FUNCTION: Final = re.compile(
    r"\s*(matrix|translate|rotate|scale|skewX|skewY)\s*\(([^()]*)\)\s*,?", re.ASCII
)
_COUNTS: Final = {
    "matrix": (6,), "translate": (1, 2), "rotate": (1, 3), "scale": (1, 2), "skewX": (1,),
    "skewY": (1,),
}  # fmt: skip
_CSS_UNITS: Final = {"translate": "(?:px)", "rotate": "(?:deg)"}
_STEEPEST: Final = 85.0
"""Degrees by which a drawing may be skewed: at 90 nothing of it is left."""
_SMALLEST: Final = 1e-12
"""A drawing that is made smaller is none, and a renderer draws it as it was."""
_BETWEEN: Final = re.compile(r"\s*>\s*|\s+", re.ASCII)
_ONE: Final = re.compile(r"(?=.)(?:\*|[a-zA-Z][\w-]*)?(?:[.#][^\W\d][\w-]*)*")
_MOST_PARTS: Final = 16
"""A renderer goes down into itself for each part of a selector."""
_IMPORTANT: Final = re.compile(r"\s*!\s*important\Z", re.ASCII)
_BLANK: Final = " \t\r\n\f"
"""What is a blank there: a wide one, or one that no line ends in, is a letter."""


def is_plain_attribute(name: str, value: str) -> bool:
    """Whether an attribute, by its name in small letters, is drawn as all others show it."""
    if name in _TRANSFORMS:
        return _is_transform(value, in_style=False)
    if value == "inherit":  # as properties may be, and no places
        return name in _STYLE
    return name in _ATTRIBUTES and _is_form(_ATTRIBUTES[name], value)


def is_plain_property(name: str, value: str) -> bool:
    """Whether a declaration of a style is."""
    value = _IMPORTANT.sub("", value)
    if name == "transform":
        return _is_transform(value, in_style=True)
    return name in _STYLE and (value == "inherit" or _is_form(_STYLE[name], value))


def declarations(text: str) -> Iterator[tuple[str, str]]:
    """Name and value of each declaration of a style, in small letters and without blanks around.

    What isn't one is given with an empty name, as a program's own is left out.
    """
    for one in text.split(";"):
        name, colon, value = (part.strip(_BLANK) for part in one.partition(":"))
        if name.startswith("-inkscape-"):
            continue
        if colon:
            yield name.lower(), value
        elif name:
            yield "", name


def rules(sheet: str) -> Iterator[tuple[list[str], str]]:
    """Selectors and declarations of each rule of a sheet; no selectors for what is no plain one."""
    *every, rest = sheet.split("}")
    for rule in every:
        before, brace, inside = rule.partition("{")
        selectors = [one.strip(_BLANK) for one in before.split(",")]
        is_plain = brace and "{" not in inside and all(map(_is_selector, selectors))
        yield (selectors, inside) if is_plain else ([], rule)
    if rest.strip(_BLANK):
        yield [], rest


def _is_selector(text: str) -> bool:
    parts = _BETWEEN.split(text)
    return len(parts) <= _MOST_PARTS and all(map(_ONE.fullmatch, parts))


def _is_form(form: str, value: str) -> bool:
    if form in (_PAINT, _SINGLE_COLOUR):
        return _is_colour(value, is_paint=form == _PAINT)
    if form in _OUTLINES:
        return is_drawn(value, _OUTLINES[form])
    return re.fullmatch(form, value, re.DOTALL | re.ASCII) is not None


def _is_colour(value: str, *, is_paint: bool) -> bool:
    if is_paint and (
        value in {"none", "context-fill", "context-stroke"}
        or re.fullmatch(_REFERENCE, value, re.ASCII)
    ):
        return True
    if value in {"transparent", "currentColor"} or _LIGHT.fullmatch(value):
        return True
    if _COLOUR.fullmatch(value) is None:
        return False
    return not value.isalpha() or value.lower() in colormap


def _is_transform(value: str, *, in_style: bool) -> bool:
    """Whether these are functions of numbers that leave something to be seen."""
    if not value.strip(_BLANK) or (in_style and value == "none"):
        return True
    left, end = 1.0, 0
    while end < len(value):
        match = _FUNCTION.match(value, end)
        numbers = None if match is None else _arguments(match[1], match[2], in_style=in_style)
        if match is None or numbers is None or len(numbers) not in _COUNTS[match[1]]:
            return False
        left *= _area(match[1], numbers)
        end = match.end()
    return abs(left) >= _SMALLEST and not value.rstrip(_BLANK).endswith(",")


def _arguments(name: str, text: str, *, in_style: bool) -> list[float] | None:
    one, gap = NUMBER, rf"{_GAP}|(?=[-+])"
    if in_style:  # there a number without its unit is none, and a comma stands between two
        gap = r"\s*,\s*"
        unit = _CSS_UNITS.get(name, "")
        one = rf"(?:{NUMBER}{unit}|0)" if unit else NUMBER
        if name.startswith("skew"):
            return None
    if re.fullmatch(rf"\s*{one}(?:(?:{gap}){one})*\s*", text, re.ASCII) is None:
        return None
    return [float(found) for found in re.findall(NUMBER, text, re.ASCII)]


def _area(name: str, numbers: list[float]) -> float:
    """How much larger a function makes what is drawn; 0 for nothing that is left of it."""
    if name == "matrix":
        return numbers[0] * numbers[3] - numbers[1] * numbers[2]
    if name == "scale":
        return numbers[0] * numbers[-1]
    if name.startswith("skew"):
        return float(abs(numbers[0]) <= _STEEPEST)
    return 1.0
