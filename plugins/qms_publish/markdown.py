"""A document's body: Markdown in, checked HTML out.

The text is an author's and is trusted for nothing. It may not hold HTML (a comment would be text
that signers never see), it may name only pictures that the document lists, and links lead to
other documents or to https addresses. What a rule forbids is told with its line; all faults at
the first one, since a body is either printed whole or not at all.

Numbers of clauses are text and stay as they were written and signed: nothing is numbered here.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html import escape
from posixpath import normpath
from urllib.parse import quote, unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from qms.api import Place, refused

MAX_CHARACTERS = 2_000_000
MAX_HEADINGS = 1_000
MAX_PICTURES = 200
MAX_COLUMNS = 24
MAX_CELLS = 40_000
MAX_DEPTH = 16
MAX_CAPTION = 60
WIDE = 9
"""A table of so many columns is set on a landscape page of its own."""

_LATIN_TAIL = re.compile(
    r"^(?P<zh>.*[\u3007-\u9fff）)])[ \u3000]+(?P<en>[A-Za-z][^\u3007-\u9fff]*)$"
)
_CHINESE = re.compile(r"[\u2e80-\u9fff\uff00-\uffef“”‘’—…·]")
_CLAUSE = re.compile(r"^\d+(\.\d+)+[ \u3000]")
_CAPTION = re.compile(r"^(表|图|Table|Figure)\s*[A-Z]?[\d.\-]*\d(?![\d%])")
_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.\-]*:|//|\\\\)")
_BREAK = re.compile(r"^<br\s*/?>$", re.IGNORECASE)
_SHORT, _SHORT_LATIN = 6, 14


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading for the list of contents; `level` is 1 for the highest the body uses."""

    level: int
    id: str
    text: str
    text_en: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """The body as HTML, its headings, and the paths of the pictures it shows with their lines."""

    html: str
    headings: tuple[Heading, ...]
    pictures: tuple[tuple[str, int], ...]


def to_html(
    text: str, *, assets: Collection[str], title: str = "", path: str = "", first_line: int = 1
) -> Body:
    """`text` as HTML for the page.

    `assets` are the pictures' paths that may be shown; `title` is the document's: a first heading
    that only repeats it is left out. `path` and `first_line` say where the text stands.
    Raises HTML-FORBIDDEN, URL-FORBIDDEN, ASSET-UNLISTED, RENDER-LIMIT.
    """
    place = Place(path=path)
    if len(text) > MAX_CHARACTERS:
        raise _limit(place, "text", len(text), MAX_CHARACTERS)
    parser = MarkdownIt("js-default", {"html": True, "maxNesting": MAX_DEPTH * 2})
    setattr(parser, "validateLink", _judged_later)  # noqa: B010 - the documented way to set it
    tokens = parser.parse(text)
    reader = _Reader(path, first_line, frozenset(assets))
    reader.check(tokens)
    setter = _Setter(title)
    html = str(parser.renderer.render(setter.set(tokens), parser.options, {}))
    return Body(html, tuple(setter.headings), tuple(reader.pictures))


def _judged_later(_address: str) -> bool:
    """Let the parser take every link for one: a refused one would stay as text, unnoticed."""
    return True


class _Reader:
    """Looks at every token once; raises at the first that may not be printed."""

    def __init__(self, path: str, first_line: int, assets: frozenset[str]) -> None:
        self.path = path
        self.first_line = first_line
        self.assets = assets
        self.pictures: list[tuple[str, int]] = []
        self.counts = {"heading_open": 0, "cell": 0, "column": 0}

    def check(self, tokens: list[Token]) -> None:
        line = self.first_line
        for token in tokens:
            if token.map is not None:
                line = self.first_line + token.map[0]
            place = Place(path=self.path, line=line)
            self._block(token, place)
            for child in token.children or ():
                self._inline(child, place)

    def _block(self, token: Token, place: Place) -> None:
        if token.level > MAX_DEPTH:
            raise _limit(place, "nesting", token.level, MAX_DEPTH)
        if token.type == "html_block":
            raise refused("HTML-FORBIDDEN", place, found=token.content.strip()[:60])
        if token.type == "heading_open":
            self._count("heading_open", MAX_HEADINGS, place)
        elif token.type == "tr_open":
            self.counts["column"] = 0
        elif token.type in {"th_open", "td_open"}:
            self._count("cell", MAX_CELLS, place)
            self._count("column", MAX_COLUMNS, place)

    def _count(self, what: str, limit: int, place: Place) -> None:
        self.counts[what] += 1
        if self.counts[what] > limit:
            raise _limit(place, what.removesuffix("_open"), self.counts[what], limit)

    def _inline(self, token: Token, place: Place) -> None:
        if token.type == "html_inline" and not _BREAK.match(token.content):
            raise refused("HTML-FORBIDDEN", place, found=token.content[:60])
        if token.type == "link_open":
            _link(token, place)
        elif token.type == "link_close":
            token.tag = "a"
        elif token.type == "image":
            self._picture(token, place)

    def _picture(self, token: Token, place: Place) -> None:
        address = unquote(str(token.attrs.get("src", "")))
        if _SCHEME.match(address) or address.startswith("/"):
            raise refused("URL-FORBIDDEN", place, what=token.content, found=address[:80])
        path = asset_path(address)
        if path not in self.assets:
            raise refused("ASSET-UNLISTED", place, asset=path)
        if len(self.pictures) >= MAX_PICTURES:
            raise _limit(place, "pictures", len(self.pictures) + 1, MAX_PICTURES)
        self.pictures.append((path, place.line))
        token.attrs["src"] = asset_address(path)
        if not token.content.strip():
            name = path.rpartition("/")[2].rpartition(".")[0] or path
            token.content = name
            token.children = [Token("text", "", 0, content=name)]


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
    if _SCHEME.match(address.strip()) or "\x00" in address:
        raise refused("URL-FORBIDDEN", place, what="", found=address[:80])
    token.attrs = {"class": "reference"}


def _limit(place: Place, what: str, found: int, limit: int) -> Exception:
    return refused("RENDER-LIMIT", place, what=what, found=str(found), limit=str(limit))


class _Setter:
    """Turns the parser's tokens into the page's: captions, figures, clauses, wide tables."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.headings: list[Heading] = []
        self.out: list[Token] = []

    def set(self, tokens: list[Token]) -> list[Token]:
        """The tokens as they are printed, in order; fills `headings`."""
        for token in tokens:
            if token.children:
                _join_chinese_lines(token.children)
                token.children = _plain_links(token.children)
        blocks = list(_blocks(tokens))
        if blocks and self._repeats_title(blocks[0]):
            blocks = blocks[1:]
        top = min((int(b[0].tag[1]) for b in blocks if b[0].type == "heading_open"), default=1)
        landscape = _landscape(blocks)
        for at, block in enumerate(blocks):
            before = at > 0 and landscape[at - 1]
            if landscape[at] and not before:
                self.out.append(_html('<div class="wide">'))
            if before and not landscape[at]:
                self.out.append(_html("</div>"))
            after = blocks[at + 1][0].type if at + 1 < len(blocks) else ""
            self._block(block, top, after)
        if landscape and landscape[-1]:
            self.out.append(_html("</div>"))
        return self.out

    def _repeats_title(self, block: list[Token]) -> bool:
        return block[0].type == "heading_open" and block[1].content.strip() == self.title.strip()

    def _block(self, block: list[Token], top: int, after: str) -> None:
        kind = block[0].type
        if kind == "heading_open":
            self._heading(block, top)
        elif kind == "paragraph_open":
            self._paragraph(block, after)
        else:
            _nested(block)
            self.out.extend(block)

    def _heading(self, block: list[Token], top: int) -> None:
        opening, inline, closing = block
        level = int(opening.tag[1]) - top + 1
        opening.tag = closing.tag = f"h{min(level + 1, 6)}"
        name = f"s{len(self.headings) + 1}"
        opening.attrs = {"id": name}
        plain = _plain(inline)
        found = _LATIN_TAIL.match(plain)
        chinese, english = (found["zh"], found["en"]) if found else (plain, "")
        self.headings.append(Heading(level, name, chinese, english))
        _mark_english(inline)
        self.out.extend(block)

    def _paragraph(self, block: list[Token], after: str) -> None:
        opening, inline, _ = block
        children = inline.children or []
        if len(children) == 1 and children[0].type == "image":
            self._figure(children[0], inline)
            return
        text = _plain(inline)
        if _CAPTION.match(text) and len(text) <= MAX_CAPTION:
            table = after == "table_open"
            opening.attrs = {"class": "table-caption" if table else "figure-caption"}
        elif _CLAUSE.match(text):
            opening.attrs = {"class": "clause"}
        self.out.extend(block)

    def _figure(self, image: Token, inline: Token) -> None:
        caption = str(image.attrs.pop("title", "") or "")
        self.out.append(_html("<figure>"))
        inline.content = image.content
        self.out.append(inline)
        if caption:
            self.out.append(_html(f"<figcaption>{escape(caption)}</figcaption>"))
        self.out.append(_html("</figure>"))


def _blocks(tokens: list[Token]) -> Iterator[list[Token]]:
    """The top-level blocks, each from its opening token to its closing one."""
    block: list[Token] = []
    depth = 0
    for token in tokens:
        block.append(token)
        depth += token.nesting
        if depth == 0:
            yield block
            block = []


def _landscape(blocks: list[list[Token]]) -> list[bool]:
    """Which blocks stand on a landscape page: wide tables, with the heading and caption above."""
    answer = [_columns(block) >= WIDE for block in blocks]
    for at in range(len(blocks) - 1, 0, -1):
        above = blocks[at - 1]
        heading = above[0].type == "heading_open"
        caption = above[0].type == "paragraph_open" and _CAPTION.match(_plain(above[1]))
        if answer[at] and (heading or caption):
            answer[at - 1] = True
    return answer


def _columns(block: list[Token]) -> int:
    if block[0].type != "table_open":
        return 0
    ends = next(at for at, token in enumerate(block) if token.type == "tr_close")
    return sum(token.type == "th_open" for token in block[:ends])


def _nested(block: list[Token]) -> None:
    """Cells, and paragraphs inside lists and notes."""
    columns = _columns(block)
    if columns:
        block[0].attrs = {"class": "narrow" if columns < WIDE else "many"}
    column = 0
    for at, token in enumerate(block):
        if token.type == "tr_open":
            column = 0
        if token.type in {"th_open", "td_open"}:
            column += 1
            inline = block[at + 1]
            if _stays_whole(_plain(inline)):
                token.attrs["class"] = "whole"
            if token.type == "th_open" or column == 1:
                _mark_english(inline)


def _stays_whole(text: str) -> bool:
    longest = _SHORT_LATIN if text.isascii() and " " not in text else _SHORT
    return len(text) <= longest


def _plain(inline: Token) -> str:
    return "".join(
        " " if child.type in {"softbreak", "hardbreak"} else child.content
        for child in inline.children or ()
        if child.type != "html_inline"
    ).strip()


def _mark_english(inline: Token) -> None:
    """Set the English that follows the Chinese smaller, and say its language to a reader's aid."""
    if not inline.children or inline.children[-1].type != "text":
        return
    found = _LATIN_TAIL.match(inline.children[-1].content)
    if found is None:
        return
    english = f'<span class="en" lang="en">{escape(found["en"])}</span>'
    inline.children[-1:] = [
        Token("text", "", 0, content=found["zh"] + " "),
        Token("html_inline", "", 0, content=english),
    ]


def _join_chinese_lines(children: list[Token]) -> None:
    """A line break in the source between two Chinese characters is no space on the page."""
    for at, token in enumerate(children[1:-1], 1):
        ends, begins = children[at - 1].content[-1:], children[at + 1].content[:1]
        if token.type == "softbreak" and _CHINESE.match(ends) and _CHINESE.match(begins):
            children[at] = Token("text", "", 0)


def _plain_links(children: list[Token]) -> list[Token]:
    """Links hold text alone: the renderer makes a second, untagged link of each part in one."""
    answer: list[Token] = []
    inside = False
    for token in children:
        if token.type in {"link_open", "link_close"}:
            inside = token.nesting > 0
        elif inside and token.type == "code_inline":
            token.type, token.tag = "text", ""
        elif inside and token.nesting:
            continue
        answer.append(token)
    return answer


def _html(text: str) -> Token:
    return Token("html_block", "", 0, content=text)
