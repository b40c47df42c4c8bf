r"""The only printer: lines, tables, JSON, and text from files made visible.

What a file, a name or a commit says may hold control characters that repaint a terminal, or
bidirectional ones that show another order than was signed: they are printed as ``\x1b``, and in
JSON as ``\u001b``. They are those that no signed text may hold (`qms.formats.characters`).
"""

import io
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TextIO

from qms.formats.characters import FORBIDDEN, first_forbidden

Row = Sequence[str]

_STYLES: Final = {"bold": "1", "red": "31", "green": "32", "yellow": "33", "dim": "2"}
_GAP: Final = "  "
_WHOLE: Final = re.compile(r"[!-+\-.0-~]+")
_NAME: Final = 6
"""Three Chinese characters, a name, stay on one line."""
_NARROW: Final = 8
"""No column of a table is made narrower than this."""
_MOST_HELD: Final = 4 * 1024 * 1024
"""Characters of what waits to be written: ten thousand findings."""


def visible(text: str) -> str:
    """`text` with what a terminal would obey, hide or reorder spelled out; line ends stay."""
    return _each_hidden(text, _spelled)


def one_line(text: str) -> str:
    """As `visible`, line ends too."""
    return visible(text).replace("\n", "\\n")


def _each_hidden(text: str, spelled: Callable[[int], str]) -> str:
    """`text` with what is hidden in it, line ends excepted, as `spelled` says it."""
    if first_forbidden(text.replace("\n", " ")) is None:
        return text
    return FORBIDDEN.sub(
        lambda found: found[0] if found[0] == "\n" else spelled(ord(found[0])), text
    )


def _spelled_in_json(code: int) -> str:
    units = chr(code).encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _spelled(code: int) -> str:
    if code <= 0xFF:  # noqa: PLR2004 - two hex digits
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - four


def width(text: str) -> int:
    """Columns that `text` takes on a terminal: two for a Chinese character."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


@lru_cache(maxsize=4096)
def _columns_of(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def columns(titles: Row, rows: Sequence[Row], most: int = 0) -> list[str]:
    """A table as lines, each column as wide as its widest cell; the last one is not padded.

    `most` is the width that it should keep to, 0 any: the widest columns are made narrower then,
    and their cells go on over several lines.
    """
    cells = [_on_one_line(row) for row in (titles, *rows)]
    sizes = [tuple(map(width, row)) for row in cells]
    widths = [max(column) for column in zip(*sizes, strict=True)]
    if most:
        least = [max(_least(row[at]) for row in cells) for at in range(len(titles))]
        widths = _fitted(widths, least, most - len(_GAP) * (len(widths) - 1))
    head, *lines = [_padded(*one, widths) for one in zip(cells, sizes, strict=True)]
    rule = _GAP.join("-" * wide for wide in widths)
    return [*head, rule, *(line for row in lines for line in row)]


def _on_one_line(row: Row) -> Row:
    """The cells of a row as `one_line`; most rows hide nothing, in none of their cells."""
    whole = "".join(row)
    is_plain = "\n" not in whole and first_forbidden(whole) is None
    return row if is_plain else [one_line(cell) for cell in row]


def _least(cell: str) -> int:
    """The width of the longest piece that should stay whole: a number, a day, a word."""
    whole = max((width(piece) for piece in _WHOLE.findall(cell)), default=0)
    return max(whole, min(width(cell), _NAME))


def _fitted(widths: Sequence[int], least: Sequence[int], most: int) -> list[int]:
    """Widths that together keep to `most`: first without breaking words, then as need be."""
    fitted = list(widths)
    for floors in (least, [_NARROW] * len(fitted)):
        while sum(fitted) > most:
            spare = [have - floor for have, floor in zip(fitted, floors, strict=True)]
            wide = [have if room > 0 else 0 for have, room in zip(fitted, spare, strict=True)]
            if not any(wide):
                break
            fitted[wide.index(max(wide))] -= 1
    return fitted


def _padded(row: Row, sizes: Sequence[int], widths: Sequence[int]) -> list[str]:
    if all(size <= wide for size, wide in zip(sizes, widths, strict=True)):
        cells = zip(row, sizes, widths, strict=True)
        return [_GAP.join([cell + " " * (wide - size) for cell, size, wide in cells]).rstrip()]
    wrapped = [_wrapped(cell, wide) for cell, wide in zip(row, widths, strict=True)]
    height = max(len(lines) for lines in wrapped)
    return [
        _GAP.join(
            line + " " * (wide - width(line))
            for lines, wide in zip(wrapped, widths, strict=True)
            for line in (lines[at] if at < len(lines) else "",)
        ).rstrip()
        for at in range(height)
    ]


def _wrapped(cell: str, wide: int) -> list[str]:
    """`cell` in lines no wider than `wide`; broken behind a blank, comma or slash where it can."""
    if width(cell) <= wide:
        return [cell]
    lines: list[str] = []
    line = ""
    for character in cell:
        if line and width(line + character) > wide:
            cut = max(line.rfind(mark) for mark in " ,/、，") + 1
            kept = cut if cut > len(line) // 2 else len(line)
            lines.append(line[:kept].rstrip())
            line = line[kept:].lstrip()
        line += character
    return [*lines, line]


class Unread(Exception):  # noqa: N818 - an outcome: whoever read our output has gone
    """Nobody reads our output any more (``qms list | head``)."""


class _Held(io.StringIO):
    """Lines that wait, each of them written whole; no more than anybody reads."""

    is_cut = False

    def write(self, text: str) -> int:
        """Take a line, unless it is one too many."""
        self.is_cut = self.is_cut or self.tell() > _MOST_HELD
        return len(text) if self.is_cut else super().write(text)


@dataclass(slots=True, eq=False)
class Output:
    """Where answers (stdout) and errors and progress (stderr) of one call go.

    Under `as_json` the answer is one JSON object: what the command tells machines, or else the
    lines that it had for people.
    """

    out: TextIO
    err: TextIO
    as_json: bool = False
    colour: bool = False
    wide: int = 0
    """Columns of the terminal; 0 where the answer goes elsewhere."""
    said: list[str] = field(default_factory=list[str], init=False)
    """The lines for people that nobody was shown, under JSON."""
    is_due: bool = field(default=False, init=False)
    """Whether the call has an answer, though perhaps nothing is to be said."""
    is_answered: bool = field(default=False, init=False)
    """Whether the JSON object of this call was printed."""
    stopped: set[str] = field(default_factory=set[str], init=False)
    """The errors that were said: what stopped a command is often what it came upon as well."""

    @classmethod
    def standard(cls, environment: Mapping[str, str]) -> "Output":
        """The process's own streams, as UTF-8 in any locale; colour for terminals only."""
        for stream in (sys.stdout, sys.stderr):
            reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(encoding="utf-8", errors="backslashreplace")
        plain = bool(environment.get("NO_COLOR")) or environment.get("TERM") == "dumb"
        terminal = sys.stdout.isatty()
        wide = os.get_terminal_size(sys.stdout.fileno()).columns if terminal else 0
        return cls(sys.stdout, sys.stderr, colour=terminal and not plain, wide=wide)

    def line(self, text: str = "", style: str = "") -> None:
        """A line for people; kept under JSON, where nothing else may be told (`end`)."""
        if not self.as_json:
            self._write(self.styled(visible(text), style))
        elif text:
            self.said.append(text)

    def error(self, text: str) -> None:
        """A line about what went wrong, beside the answer."""
        self.err.write(visible(text) + "\n")

    def help(self, text: str) -> None:
        """A help text, made by us, in any mode."""
        self._write(text)

    def styled(self, text: str, style: str) -> str:
        """`text` in a colour where there are colours."""
        if not style or not self.colour:
            return text
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m"

    def raw(self, text: str) -> None:
        """A line whose parts were made visible and coloured before; silent under JSON."""
        if not self.as_json:
            self._write(text)

    def table(
        self,
        titles: Sequence[tuple[str, str]],
        rows: Sequence[Row],
        more: Mapping[str, object] | None = None,
    ) -> None:
        """A table for people; under JSON its rows as objects. `titles`: key and printed title.

        `more` are facts beside the rows, under JSON alone.

        People get no headings over nothing, be it rows or the cells of a column: whoever prints
        says that there is nothing.
        """
        if self.as_json:
            keys = [key for key, _ in titles]
            self.json({"rows": [dict(zip(keys, row, strict=True)) for row in rows], **(more or {})})
            return
        if not rows:
            return
        filled = [at for at in range(len(titles)) if at == 0 or any(row[at] for row in rows)]
        cells = [[row[at] for at in filled] for row in rows]
        lines = columns([titles[at][1] for at in filled], cells, self.wide)
        heading = next(at for at, line in enumerate(lines) if not line.strip("- "))
        for at, text in enumerate(lines):
            self.raw(self.styled(text, "bold" if at < heading else ""))

    def json(self, answer: Mapping[str, object]) -> None:
        """The one JSON object of this call; what is hidden in its texts is escaped."""
        import json  # noqa: PLC0415 - `--help` needs none

        self.is_answered = True
        text = json.dumps(answer, ensure_ascii=False, indent=2)
        self._write(_each_hidden(text, _spelled_in_json))

    def end(self) -> None:
        """The call is done: where it told machines nothing, they get what people would be told."""
        if self.as_json and not self.is_answered and (self.said or self.is_due):
            self.json({"said": self.said})

    @contextmanager
    def held(self, cut: str) -> Generator[None, None, None]:
        """A span whose lines are written where it ends: whoever should read them may not.

        Of very many the first ones are, and then the line `cut`.
        """
        out, held = self.out, _Held()
        self.out = held
        try:
            yield
        finally:
            self.out = out
            self._write(held.getvalue() + (f"{cut}\n" if held.is_cut else ""), end="")

    def flush(self) -> None:
        """Write out what is still held. Raises `Unread` where nobody reads on."""
        try:
            self.out.flush()
            self.err.flush()
        except BrokenPipeError as error:
            raise Unread from error

    def _write(self, text: str, end: str = "\n") -> None:
        # click would take a BrokenPipeError for its own and end with "findings"
        try:
            self.out.write(text + end)
        except BrokenPipeError as error:
            raise Unread from error

    def abandon(self) -> None:
        """Nobody reads on: let nothing more be written, and nothing be said about it."""
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, self.out.fileno())
