"""Accounts for every letter of a text: it is printed, or it is a mark that docs/print.md lists.

The parser says what it made of a text and forgets the rest: what a row has beyond the columns of
its head, a definition that no link uses, words behind a fence. People sign those too. So each
line is put together again from what is printed and from the marks around it; what doesn't come
back was lost, and is told before anybody signs.
"""

import re
from collections.abc import Iterator, Sequence

from qms_publish.text.addresses import hidden_words, words_of_definition
from qms_publish.text.spans import solid, span_losses, text_line
from qms_publish.text.tokens import Definitions, Token, normal_label
from qms_publish.text.unprinted import Unprinted

LANGUAGES = frozenset(
    word
    for line in (
        "bash bat c c++ console cpp cs css csv diff go html ini java javascript js json latex log",
        "lua makefile markdown md mermaid matlab plain php powershell ps1 py python r rb ruby rust",
        "sh shell sql st svg text toml ts txt typescript vb xml yaml yml",
    )
    for word in line.split()
)
"""What may stand behind the opening of code: it names the code's language and isn't printed."""

_CONTAINERS = r"(?:[>]|[-+*]|[0-9]{1,9}[.)])*"
_ONLY_CONTAINERS = re.compile(_CONTAINERS)
_PATH_BEFORE_CELL = re.compile(r"(?:(?<![A-Za-z0-9])[A-Za-z]:|\\[^\s\0|\\]*+)\0")
"""A path whose last backslash is taken for the escape of the stroke behind it."""
_CODE = re.compile(r"`[^`]*+`")
_NO_HEADING = re.compile(r"#{2,6}[^\s#]|#{1,6}[^\S \t\n]")


def losses(text: str, tokens: Sequence[Token], definitions: Definitions) -> Iterator[Unprinted]:
    """All that `tokens`, the parser's, leave out of `text`, or would print otherwise.

    `definitions` are those of links, by their normal labels: the lines of each.
    """
    yield from _Account(text, definitions).of(tokens)


class _Account:
    def __init__(self, text: str, definitions: Definitions) -> None:
        self.lines = text.split("\n")
        self.definitions = definitions
        self.used: set[str] = set()
        self.defined: dict[str, str] = {}
        self.seen: set[int] = set()
        self.row: list[Token] | None = None
        self.items: list[list[Token]] = []

    def of(self, tokens: Sequence[Token]) -> Iterator[Unprinted]:
        opening = None
        for token in tokens:
            yield from self._list(token)
            if token.type == "tr_open":
                self.row = []
            elif token.type == "tr_close":
                yield from self._row(self.row or ())
                self.row = None
            elif token.type == "inline":
                yield from self._inline(opening, token)
                if self.row is not None:
                    self.row.append(token)
                elif opening is not None:
                    yield from self._leaf(opening, token)
            else:
                yield from self._block(token)
            opening = token
        yield from self._unused()
        yield from self._unseen()

    def _list(self, token: Token) -> Iterator[Unprinted]:
        if token.type == "ordered_list_open":
            self.items.append([])
        elif token.type == "list_item_open" and token.info:
            self.items[-1].append(token)
        elif token.type == "ordered_list_close":
            yield from _numbers(self.items.pop())

    # blocks

    def _row(self, cells: Sequence[Token]) -> Iterator[Unprinted]:
        line = next((cell.map[0] for cell in cells if cell.map), 0)
        self.seen.add(line)
        # What stands before a row's first cell are marks of lists and quotes; in one they are text.
        before, _, rest = self.lines[line].partition("|")
        marks = "" if _ONLY_CONTAINERS.fullmatch(solid(before)) else before
        whole = solid((marks + rest).replace("\\|", "\0").replace("|", "")).replace("\0", "|")
        printed = solid("".join(cell.content for cell in cells))
        if whole != printed:
            yield Unprinted("CELLS-LOST", line, self.lines[line].strip())
        path = _PATH_BEFORE_CELL.search(_CODE.sub("", self.lines[line]).replace("\\|", "\0"))
        if path is not None:
            yield Unprinted("BACKSLASH-LOST", line, path[0].replace("\0", "\\|"))

    def _leaf(self, opening: Token, inline: Token) -> Iterator[Unprinted]:
        """A paragraph or a heading: each line ends with its content, but for a heading's marks."""
        first, last = inline.map or (0, 0)
        self.seen.update(range(first, last))
        is_heading = opening.type == "heading_open"
        if is_heading and opening.map is not None:
            self.seen.update(range(*opening.map))
        contents = inline.content.split("\n")
        for line, content in enumerate(contents, text_line(self.lines, inline)):
            whole, printed = solid(self.lines[line]), solid(content)
            if is_heading and opening.markup.startswith("#"):
                whole = _without_hashes(whole, printed, len(opening.markup))
            if not _ends_as(whole, printed):
                yield Unprinted("TEXT-LOST", line, self.lines[line].strip())
            elif not is_heading:
                yield from _raw(line, content.strip())

    def _block(self, token: Token) -> Iterator[Unprinted]:
        """A line, code, HTML; of a table that opens the rule below its head."""
        if token.type == "table_open" and token.map is not None:
            self.seen.add(token.map[0] + 1)
        if token.type not in {"fence", "code_block", "hr", "html_block"}:
            return
        first, last = token.map or (0, 0)
        self.seen.update(range(first, last))
        if token.type == "code_block":
            yield Unprinted("CODE-INDENT", first, self.lines[first].strip())
        elif token.type == "fence":
            yield from self._code(token, first, last)

    def _code(self, fence: Token, first: int, last: int) -> Iterator[Unprinted]:
        """Code between lines of marks, all of these lines."""
        word, printed = fence.info.strip(), fence.content.split("\n")
        if word and word.lower() not in LANGUAGES:
            yield Unprinted("CODE-WORDS", first, word)
        # What isn't closed has no line of marks behind it, and may end without a line's end.
        if printed.pop() or last - first != len(printed) + 2:
            yield Unprinted("CODE-OPEN", first, self.lines[first].strip())
        for line, content in enumerate(printed, first + 1):
            if not solid(self.lines[line]).endswith(solid(content)):
                yield Unprinted("TEXT-LOST", line, self.lines[line].strip())

    def _unused(self) -> Iterator[Unprinted]:
        for label, (first, last) in self.definitions.items():
            self.seen.update(range(first, last))
            # A note's: the link that uses it shows ^1 and nothing of the note.
            if label not in self.used or label.startswith("^"):
                yield Unprinted("DEFINITION-UNUSED", first, self.lines[first].strip())
            elif words_of_definition(self.lines[first:last]):
                yield Unprinted("ADDRESS-WORDS", first, self.lines[first].strip())

    def _unseen(self) -> Iterator[Unprinted]:
        for line, text in enumerate(self.lines):
            if line not in self.seen and not _ONLY_CONTAINERS.fullmatch(solid(text)):
                yield Unprinted("TEXT-LOST", line, text.strip())

    def _inline(self, opening: Token | None, inline: Token) -> Iterator[Unprinted]:
        for token in inline.children or ():
            label = token.meta.get("label")
            if label is not None:
                self.used.add(normal_label(str(label)))
        is_paragraph = opening is not None and opening.type == "paragraph_open"
        yield from span_losses(inline, self._spelling, is_paragraph=is_paragraph)
        yield from hidden_words(inline.children or (), inline.map[0] if inline.map else 0)

    def _spelling(self, token: Token) -> str:
        """How the address of a picture was written, and its title: the lines that define them."""
        label = normal_label(str(token.meta.get("label", "")))
        if label not in self.definitions:
            return str(token.meta["source"])
        if label not in self.defined:
            first, last = self.definitions[label]
            self.defined[label] = "\n".join(self.lines[first:last])
        return self.defined[label]


def _numbers(items: Sequence[Token]) -> Iterator[Unprinted]:
    """A list of nothing but ones: most readers of Markdown count, and the page doesn't."""
    if len(items) > 1 and len({item.info for item in items}) == 1:
        line = items[1].map[0] if items[1].map else 0
        yield Unprinted("LIST-NUMBERS", line, f"{items[1].info}{items[1].markup}")


def _raw(line: int, content: str) -> Iterator[Unprinted]:
    """What somebody meant as a heading and the parser takes for text."""
    if _NO_HEADING.match(content):
        yield Unprinted("HEADING-BLANK", line, content)


def _without_hashes(whole: str, printed: str, level: int) -> str:
    """A heading's line without the hashes before and after its text."""
    marks = "#" * level
    at = whole.find(marks)
    head, tail = whole[:at], whole[at + level :]
    return head + (printed if tail.removeprefix(printed).strip("#") == "" else tail)


def _ends_as(whole: str, printed: str) -> bool:
    """Whether a line is what is printed of it, after nothing but marks of lists and quotes."""
    before = whole.removesuffix(printed) if printed else whole
    return whole.endswith(printed) and _ONLY_CONTAINERS.fullmatch(before) is not None
