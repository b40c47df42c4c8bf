"""A document's body: Markdown in, checked HTML out.

The text is an author's and is trusted for nothing. It may not hold HTML (a comment would be text
that signers never see), it may name only pictures that the document lists, and links lead to
other documents or to https addresses. What may not be printed is told with its
line. A body is printed whole or not at all.

Numbers of clauses are text and stay as they were written and signed: nothing is numbered here.
"""

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from posixpath import normpath
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from qms.api import Finding, Glyphs, Place, Reason, Refused, refused, unprintable
from qms_publish.lettering.alike import misread_letters
from qms_publish.lettering.coverage import NO_GLYPHS, missing_letters
from qms_publish.over_limit import over_limit
from qms_publish.text.accounting import losses
from qms_publish.text.blanks import keep_blanks
from qms_publish.text.code_room import mark_code
from qms_publish.text.headings import Heading
from qms_publish.text.hyphens import keep_words
from qms_publish.text.indents import mark_lists, mark_paragraphs
from qms_publish.text.latin import set_marks
from qms_publish.text.lines import lines_kept
from qms_publish.text.misread import misreadings
from qms_publish.text.printed_lines import SetLine, printed_lines
from qms_publish.text.setting import Setter
from qms_publish.text.sign_advice import advice
from qms_publish.text.tokens import BREAKS, Definitions, Token, html_of, tokens_of
from qms_publish.text.unbroken import MAX_UNBROKEN, longest_in

if TYPE_CHECKING:
    from qms_publish.text.unprinted import Unprinted

MAX_CHARACTERS = 300_000
"""Some 250 full pages; the parser takes seconds for the worst text of that length."""
MAX_HEADINGS = 1_000
MAX_PICTURES = 200
MAX_OPENED = 5_000
"""So often a picture may begin, in code too: the parser takes 10 s and more for 149,000."""
MAX_COLUMNS = 34
"""A sheet for the days of a month has 31, and what is looked at."""
MAX_CELLS = 40_000
MAX_DEPTH = 10
"""So many lists and quotations may stand in each other."""
_PARSED = 32
"""Levels of the parser: a list is two, and a table at the deepest place five more."""
MAX_MARKS = 10_000
MAX_MARKS_OF_BLOCK = 2_000
"""So much bold text, code, links and line breaks may stand in a text, and in one paragraph."""
Judge = Callable[[Token, Place], None]

_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.\-]*:|//|\\\\)")
_ADDRESS = re.compile(r"(?:[A-Za-z0-9._/-]+\.md)?(?:#[\w.-]+)?", re.ASCII)
_HOLDING = frozenset({"ul", "ol", "blockquote"})
_MARKS = frozenset({"code_inline", "hardbreak", "html_inline"})
_OTHER_KINDS = (
    ".tif", ".tiff", ".bmp", ".webp", ".gif", ".heic", ".avif", ".emf", ".wmf", ".pdf", ".eps",
    ".vsd", ".vsdx", ".dwg", ".dxf", ".drawio",
)  # fmt: skip
_FOUND = 200
"""So much of what a line has between < and > is named."""
_BREAK = re.compile(r"^<br\s*/?>$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Body:
    """The body as HTML, its headings, and the paths of the pictures it shows with their lines."""

    html: str
    headings: tuple[Heading, ...]
    pictures: tuple[tuple[str, int], ...]


def to_html(  # noqa: PLR0913 - a text, where it stands, and what it may show
    text: str,
    *,
    assets: Container[str],
    titles: Sequence[str] = (),
    language: str = "zh",
    path: str = "",
    first_line: int = 1,
    glyphs: Glyphs = NO_GLYPHS,
) -> Body:
    """`text` as HTML for the page.

    `assets` are the pictures' paths that may be shown; `titles` are the document's: a first
    heading that only repeats one is left out; `language` is its own. `path` and `first_line` say
    where the text stands, `glyphs` are the letters that the company draws itself.
    Raises LETTER-MISSING, HTML-FORBIDDEN, URL-FORBIDDEN, ASSET-UNLISTED, RENDER-LIMIT.
    """
    tokens, reader = _read(text, assets, path, first_line, glyphs)
    for fault in reader.faults:
        raise Refused(fault)
    lines = text.split("\n")
    mark_paragraphs(tokens, lines)
    setter = Setter(titles)
    printed = setter.set(tokens)
    keep_words(printed)
    for token in printed:
        if token.children:
            marked = set_marks(token.children, english=language == "en")
            token.children = keep_blanks(marked)
    html = html_of(printed)
    return Body(html, tuple(setter.headings), tuple(reader.pictures))


def faults_of(
    text: str,
    *,
    assets: Container[str],
    path: str,
    first_line: int,
    glyphs: Glyphs = NO_GLYPHS,
) -> tuple[tuple[Finding, ...], tuple[tuple[str, int], ...]]:
    """All that keeps `text` from being printed, and its pictures with their lines, as `to_html`."""
    _, reader = _read(text, assets, path, first_line, glyphs)
    return tuple(dict.fromkeys(reader.faults)), tuple(reader.pictures)


def pictures_in(text: str) -> tuple[str, ...]:
    """The paths of the pictures that `text` shows, wherever they lie; addresses elsewhere are none.

    A text that is too long to be printed shows none.
    """
    if len(text) > MAX_CHARACTERS or text.count("![") > MAX_OPENED:
        return ()
    tokens = tokens_of(text, depth=_PARSED)
    parts = (part for token in tokens for part in token.children or () if part.type == "image")
    return tuple(path for part in parts if (path := _path_of(part)) is not None)


def _read(
    text: str, assets: Container[str], path: str, first_line: int, glyphs: Glyphs
) -> tuple[list[Token], "_TokenReader"]:
    reader = _TokenReader(path, first_line, assets)
    if len(text) > MAX_CHARACTERS:
        reader.faults.append(over_limit(Place(path=path), "text", len(text), MAX_CHARACTERS))
        return [], reader
    opened = text.count("![")
    if opened > MAX_OPENED:
        reader.faults.append(over_limit(Place(path=path), "pictures", opened, MAX_OPENED))
        return [], reader
    lost: list[Unprinted] = []
    lines: list[SetLine] = []

    def look(tokens: Sequence[Token], definitions: Definitions) -> None:
        lost.extend(losses(text, tokens, definitions))
        lost.extend(misreadings(text.split("\n"), tokens))
        lines.extend(printed_lines(tokens))

    tokens = tokens_of(text, depth=_PARSED, look=look)
    mark_lists(tokens, text.split("\n"))
    lost.extend(mark_code(tokens))
    reader.faults += _unprinted(lines, path, first_line, glyphs)
    reader.check(tokens)
    for loss in lost:
        place = Place(path=path, line=first_line + loss.line if first_line else 0)
        reader.faults.append(_told(loss, place))
    return tokens, reader


def _told(loss: "Unprinted", place: Place) -> Finding:
    """What is told of a loss; a hyphen in quotes: alone it says that nothing is there."""
    values = {"found": "“-”" if loss.found == "-" else loss.found[:60]}
    if loss.taken:
        values["write"], values["write_zh"] = advice(loss.taken)
    if loss.most:
        values["most"] = str(loss.most)
    return Finding(loss.code, place, values)


def _unprinted(
    lines: Sequence[SetLine], path: str, first_line: int, glyphs: Glyphs
) -> Iterator[Finding]:
    """What is told of each letter that would be printed and can't be, where it first stands.

    LETTER-ALIKE for those that would be read as others.
    """
    for line, text in lines:
        yield from misread_letters(text, Place(path, line=first_line + line if first_line else 0))
    told: set[str] = set()
    if not unprintable("".join(text for _, text in lines), glyphs):
        return
    for line, text in lines:
        place = Place(path=path, line=first_line + line if first_line else 0)
        for fault in missing_letters(text, place, glyphs):
            if fault.values["found"] not in told:
                told.add(fault.values["found"])
                yield replace(fault, place=place)


class _TokenReader:
    """Looks at every token once; keeps what may not be printed, up to the first limit."""

    def __init__(self, path: str, first_line: int, assets: Container[str]) -> None:
        self.path = path
        self.first_line = first_line
        self.assets = assets
        self.faults: list[Finding] = []
        self.told: dict[Place, int] = {}
        self.pictures: list[tuple[str, int]] = []
        self.depth = 0
        self.counts = {"heading_open": 0, "cell": 0, "marks": 0}

    def check(self, tokens: list[Token]) -> None:
        line = self.first_line
        _count_cells(tokens)
        for token in tokens:
            if token.map is not None:
                line = self.first_line + token.map[0]
            for judge, part, at in self._parts(token, line):
                try:
                    judge(part, Place(path=self.path, line=at))
                except _ForbiddenHtml as refusal:
                    self._keep_html(refusal.finding)
                except Refused as refusal:
                    self.faults.append(refusal.finding)
                    if refusal.finding.reason is Reason.OVER_CAP:
                        return

    def _keep_html(self, fault: Finding) -> None:
        """Keep a fault: HTML of one line is told at once, an element's end with its beginning."""
        if fault.place not in self.told:
            self.told[fault.place] = len(self.faults)
            self.faults.append(fault)
            return
        first = self.told[fault.place]
        kept, more = self.faults[first], fault.values["found"]
        found = f"{kept.values['found']} {more}"
        if not more.startswith("</") and len(found) <= _FOUND:
            self.faults[first] = replace(kept, values={"found": found})

    def _parts(self, token: Token, line: int) -> Iterator[tuple[Judge, Token, int]]:
        """The token and what is in it, with the line of each."""
        yield self._block, token, line
        for child in token.children or ():
            yield self._inline, child, line
            line += child.type in BREAKS

    def _block(self, token: Token, place: Place) -> None:
        self.depth += token.nesting if token.tag in _HOLDING else 0
        if self.depth > MAX_DEPTH:
            raise _limit(place, "nesting", self.depth, MAX_DEPTH)
        if token.type == "html_block":
            raise _html(place, token.content.strip())
        marks = sum(one.nesting == 1 or one.type in _MARKS for one in token.children or ())
        whole = marks + lines_kept(token.children or [])
        if whole > MAX_MARKS_OF_BLOCK:
            raise _limit(place, "marks", whole, MAX_MARKS_OF_BLOCK)
        self._count("marks", MAX_MARKS, place, marks)
        run = longest_in(token)
        if run > MAX_UNBROKEN:
            raise _limit(place, "unbroken text", run, MAX_UNBROKEN)
        if token.type == "heading_open":
            self._count("heading_open", MAX_HEADINGS, place)
        elif token.type == "tr_open":
            columns = token.meta.get("cells", 0)
            if columns > MAX_COLUMNS:
                raise _limit(place, "column", columns, MAX_COLUMNS)
        elif token.type in {"th_open", "td_open"}:
            self._count("cell", MAX_CELLS, place)

    def _count(self, what: str, limit: int, place: Place, more: int = 1) -> None:
        self.counts[what] += more
        if self.counts[what] > limit:
            raise _limit(place, what.removesuffix("_open"), self.counts[what], limit)

    def _inline(self, token: Token, place: Place) -> None:
        if token.type == "html_inline" and not _BREAK.match(token.content):
            raise _html(place, token.content)
        # A note's: it is told as such, and what it leads to is none of an address.
        is_note = str(token.meta.get("label", "")).startswith("^")
        if token.type == "link_open" and not is_note:
            _link(token, place)
        elif token.type == "link_close":
            token.tag = "a"
        elif token.type == "image":
            self._picture(token, place)

    def _picture(self, token: Token, place: Place) -> None:
        path = _path_of(token)
        if path is None:
            address = unquote(str(token.attrs.get("src", "")))
            raise refused("URL-FORBIDDEN", place, what=token.content, found=address[:80])
        if path not in self.assets:
            if path.lower().endswith(_OTHER_KINDS):  # to look for it would be for nothing
                raise refused("PICTURE-KIND", place, what=path)
            raise refused("ASSET-UNLISTED", place, asset=path)
        if len(self.pictures) >= MAX_PICTURES:
            raise _limit(place, "pictures", len(self.pictures) + 1, MAX_PICTURES)
        self.pictures.append((path, place.line))
        token.attrs["src"] = asset_address(path)
        if not token.content.strip():
            name = path.rpartition("/")[2].rpartition(".")[0] or path
            token.content = name
            token.children = [Token("text", "", 0, content=name)]


def _count_cells(tokens: Sequence[Token]) -> None:
    """Say of each row of a table how many cells it has."""
    row: Token | None = None
    for token in tokens:
        if token.type == "tr_open":
            row = token
            row.meta["cells"] = 0
        elif row is not None and token.type in {"th_open", "td_open"}:
            row.meta["cells"] += 1


def _path_of(picture: Token) -> str | None:
    """The path that a picture's address means; None for one that leads elsewhere."""
    address = unquote(str(picture.attrs.get("src", "")))
    elsewhere = _SCHEME.match(address) or address.startswith("/") or not _is_straight(address)
    return None if elsewhere else asset_path(address)


def _is_straight(address: str) -> bool:
    """Whether a path leads to the root and from there down: no folder that it doesn't go through.

    Words could stand in such a name, which everybody would sign and nobody see.
    """
    while address.startswith(("../", "./")):
        address = address.partition("/")[2]
    return address == normpath(address)


def asset_path(address: str) -> str:
    """The listed path a picture's address in the text means: leading ``../`` lead to the root."""
    path = normpath(address)
    while path.startswith("../"):
        path = path[3:]
    return path


def asset_address(path: str) -> str:
    """The address under which the renderer asks for a listed picture."""
    return "asset:/" + quote(path)


def _link(token: Token, place: Place) -> None:
    """Keep https links; one to another document or place is printed as its text alone."""
    address = unquote(str(token.attrs.get("href", "")))
    if address.lower().startswith("https://"):
        token.attrs = {"href": str(token.attrs["href"])}
        return
    # The address isn't printed: words in it would be signed and never seen.
    if _SCHEME.match(address.strip()) or not (address and _ADDRESS.fullmatch(address)):
        raise refused("URL-FORBIDDEN", place, what="", found=address[:80])
    token.attrs = {"class": "reference"}


class _ForbiddenHtml(Refused):
    """HTML in a text: several pieces of one line are one fault."""


def _html(place: Place, found: str) -> _ForbiddenHtml:
    return _ForbiddenHtml(Finding("HTML-FORBIDDEN", place, {"found": found[:60]}))


def _limit(place: Place, what: str, found: int, limit: int) -> Refused:
    return Refused(over_limit(place, what, found, limit))
