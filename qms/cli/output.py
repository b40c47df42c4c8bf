r"""The only printer: lines, tables, JSON, and text from files made visible.

What a file, a name or a commit says may hold control characters that repaint a terminal, or
bidirectional ones that show another order than was signed: they are printed as ``\x1b``.
"""

import os
import re
import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TextIO

Row = Sequence[str]

# Control characters, what is invisible or reorders, half surrogates; not the newline.
_HIDDEN: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_STYLES: Final = {"bold": "1", "red": "31", "green": "32", "yellow": "33", "dim": "2"}
_GAP: Final = "  "


def visible(text: str) -> str:
    """`text` with what a terminal would obey, hide or reorder spelled out; line ends stay."""
    return _HIDDEN.sub(_spelled, text)


def one_line(text: str) -> str:
    """As `visible`, line ends too."""
    return visible(text).replace("\n", "\\n")


def _spelled(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code <= 0xFF:  # noqa: PLR2004 - two hex digits
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - four


def width(text: str) -> int:
    """Columns that `text` takes on a terminal: two for a Chinese character."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def columns(titles: Row, rows: Sequence[Row]) -> list[str]:
    """A table as lines, each column as wide as its widest cell; the last one is not padded."""
    cells = [[one_line(cell) for cell in row] for row in (titles, *rows)]
    widths = [max(width(row[at]) for row in cells) for at in range(len(titles))]
    lines = [_padded(row, widths) for row in cells]
    rule = _GAP.join("-" * wide for wide in widths)
    return [lines[0], rule, *lines[1:]]


def _padded(row: Sequence[str], widths: Sequence[int]) -> str:
    parts = [cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)]
    return _GAP.join(parts).rstrip()


class Unread(Exception):  # noqa: N818 - an outcome: whoever read our output has gone
    """Nobody reads our output any more (``qms list | head``)."""


@dataclass(slots=True)
class Output:
    """Where answers (stdout) and errors and progress (stderr) of one call go.

    Under `as_json` lines for people are silent, and the answer is one JSON object.
    """

    out: TextIO
    err: TextIO
    as_json: bool = False
    colour: bool = False

    @classmethod
    def standard(cls, environment: Mapping[str, str]) -> "Output":
        """The process's own streams, as UTF-8 in any locale; colour for terminals only."""
        for stream in (sys.stdout, sys.stderr):
            reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(encoding="utf-8", errors="backslashreplace")
        plain = bool(environment.get("NO_COLOR")) or environment.get("TERM") == "dumb"
        return cls(sys.stdout, sys.stderr, colour=sys.stdout.isatty() and not plain)

    def line(self, text: str = "", style: str = "") -> None:
        """A line for people; silent under JSON."""
        if not self.as_json:
            self._write(self.styled(visible(text), style))

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

    def table(self, titles: Sequence[tuple[str, str]], rows: Sequence[Row]) -> None:
        """A table for people; under JSON its rows as objects. `titles`: key and printed title.

        People get no headings over nothing: whoever prints says that there is nothing.
        """
        if self.as_json:
            keys = [key for key, _ in titles]
            self.json({"rows": [dict(zip(keys, row, strict=True)) for row in rows]})
            return
        if not rows:
            return
        lines = columns([title for _, title in titles], rows)
        self.raw(self.styled(lines[0], "bold"))
        for text in lines[1:]:
            self.raw(text)

    def json(self, answer: Mapping[str, object]) -> None:
        """The one JSON object of this call."""
        import json  # noqa: PLC0415 - `--help` needs none

        self._write(json.dumps(answer, ensure_ascii=False, indent=2))

    def flush(self) -> None:
        """Write out what is still held. Raises `Unread` where nobody reads on."""
        try:
            self.out.flush()
            self.err.flush()
        except BrokenPipeError as error:
            raise Unread from error

    def _write(self, text: str) -> None:
        # click would take a BrokenPipeError for its own and end with "findings"
        try:
            self.out.write(text + "\n")
        except BrokenPipeError as error:
            raise Unread from error

    def abandon(self) -> None:
        """Nobody reads on: let nothing more be written, and nothing be said about it."""
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, self.out.fileno())
