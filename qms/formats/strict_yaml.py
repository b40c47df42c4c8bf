"""The YAML that governed files may use: mappings, lists and text, and nothing that can surprise.

A value is text, a tuple of values or a dict of values: `no`, `1.10` and `2026-01-01` stay what was
typed until a schema says what they are. Read from parser events, so that what is refused is refused
before anything is built: aliases, anchors, tags, merge keys, directives, document markers, explicit
keys, keys that stand twice, scalars that run over a line (but block ``|``), deep nesting, large
files, tabs, and every character that a signed string may not hold.

Many readings of one signed text are the danger here, not many spellings of one value.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final, NoReturn, Protocol, TypeAlias, cast

import yaml
from yaml import events, tokens

from qms.findings import Place, Reason, Refused, ShellText, refused
from qms.formats import caps
from qms.formats.characters import beside, first_forbidden, is_unseen
from qms.formats.encodings import likely_encoding
from qms.formats.unquoted import Unquoted, in_quotes, is_path, unquoted


class Quoted(str):
    """Text that stood in quotes or in a block, so that no schema may take it for a number."""

    __slots__ = ()


Value: TypeAlias = "str | tuple[Value, ...] | dict[str, Value]"
"""What a file says before a schema has typed it."""

Mapping: TypeAlias = dict[str, Value]
"""What every governed file is at its top."""

MAX_DEPTH: Final = 8
"""Levels of lists and mappings inside the outermost mapping."""

_KEY: Final = re.compile("[a-z][a-z0-9_]*")
_is_key: Final = _KEY.fullmatch
# `?` is an explicit key only where a token may begin; only then are tokens looked at.
_WIDE_COLON: Final = re.compile(r"^[ ]*(?:- +)?([a-z][a-z0-9_]*)：", re.MULTILINE)
_PERHAPS_EXPLICIT_KEY: Final = re.compile(r"(?:^|[\s,\[{:?-])\?", re.MULTILINE)
# Words that some YAML reader or other takes for a boolean or for null.
_WORDS: Final = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})
_PLAIN: Final = (  # compiled when something is written
    r"[A-Za-z\u4e00-\u9fff][A-Za-z0-9_./\u4e00-\u9fff-]*(?: [A-Za-z0-9_./\u4e00-\u9fff-]+)*"
)

_GetEvent: TypeAlias = "Callable[[], events.Event | None]"


class _Mark(Protocol):
    line: int
    column: int


class _Parser(Protocol):
    def get_event(self) -> events.Event | None: ...

    def get_token(self) -> tokens.Token | None: ...


def _chosen_parser() -> Callable[[str], _Parser]:
    """libyaml's; without it PyYAML's own, for the same language, 16 times slower."""
    try:
        from yaml._yaml import CParser  # noqa: PLC0415
    except ImportError:
        return cast("Callable[[str], _Parser]", yaml.SafeLoader)
    return CParser


_open: Final = _chosen_parser()


def load(data: bytes, limit: int = caps.HEAD, cap: str = "head") -> Mapping:
    """The mapping that `data` holds; `cap` is the name of `limit`.

    Raises Refused with the line it happened on: LIMIT (more than `limit` bytes), BYTES-UTF8,
    YAML-CONTROL and UNICODE (characters), YAML-SYNTAX, YAML-MAPPING (the top is none), YAML-KEY,
    YAML-DUPLICATE, YAML-LINES (a scalar runs over a line), YAML-DEEP (more than `MAX_DEPTH` lists
    and mappings in each other), YAML-FORBIDDEN (all else); YAML-COLON where a key ends in the colon
    of Chinese text, whatever a parser stumbles over then; YAML-QUOTES where all that a text lacks
    are quotes.
    """
    if len(data) > limit:
        raise caps.over(cap, len(data), limit)
    text = _text(data)
    try:
        if "?" in text and _PERHAPS_EXPLICIT_KEY.search(text) is not None:
            _refuse_explicit_keys(text)
        if "\\" in text:
            _refuse_paths(text)
        return _document(_open(text).get_event)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        told = _syntax(error, text)
        raise wide_colon(text) or _unquoted(told, text) or told from error
    except Refused as error:
        fault = wide_colon(text) or _unquoted(error, text)
        if fault is None:
            raise
        raise fault from error


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refused("BYTES-UTF8", Place(line=line), encoding=likely_encoding(data)) from error
    match = first_forbidden(text.replace("\n", " "))
    if match is not None:
        line = text.count("\n", 0, match.start())
        at = match.start() - text.rfind("\n", 0, match.start()) - 1
        raise _character(text.split("\n")[line], at, line + 1)
    return text


def _character(text: str, at: int, line: int) -> Refused:
    character = text[at]
    code = "UNICODE" if is_unseen(character) else "YAML-CONTROL"
    reason = Reason.HIDDEN if is_unseen(character) else Reason.CONTROL
    shown = f"U+{ord(character):04X}"
    return refused(code, Place(line=line), reason, found=shown, beside=beside(text, at))


def tokens_of(text: str) -> Iterator[tokens.Token]:
    """The signs and scalars of a text, as far as it is YAML; raises as the parser does."""
    parser = _open(text)
    while (token := parser.get_token()) is not None:
        yield token


def _refuse_explicit_keys(text: str) -> None:
    for token in tokens_of(text):
        if not isinstance(token, tokens.KeyToken):
            continue
        start, end = token.start_mark, token.end_mark
        if start.index != end.index:  # the key token of `key: value` has no width
            raise _forbidden("?", start)


def _refuse_paths(text: str) -> None:
    """YAML-QUOTES where a backslash in quotes would become another letter without a word."""
    lines = text.split("\n")
    for token in tokens_of(text):
        if not isinstance(token, tokens.ScalarToken) or token.style != '"':
            continue
        start: _Mark = token.start_mark
        end: _Mark = token.end_mark
        if start.line == end.line and is_path(lines[start.line][start.column : end.column]):
            like = unquoted(lines[start.line]) or Unquoted("…", "\\", r'title: "D:\\_…"')
            raise _quotes(like, start.line + 1)


def _quotes(found: Unquoted, line: int) -> Refused:
    values = {"key": found.key, "sign": found.sign, "like": ShellText(found.like)}
    return refused("YAML-QUOTES", Place(line=line), **values)


def _syntax(error: Exception, text: str) -> Refused:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        if error.context_mark is not None and (error.context or "").startswith("while scanning a"):
            mark = error.context_mark  # where the quote or the key began, not where it got lost
        problem = error.problem or error.context or ""
        if "nesting depth" in problem:  # the C parser's own limit, far above ours
            return _deep(mark)
        return refused("YAML-SYNTAX", Place(line=_line(mark)), Reason.NOT_YAML, problem=problem)
    position = getattr(error, "position", 0)
    line = text.count("\n", 0, position) + 1 if isinstance(position, int) else 0
    name = type(error).__name__
    return refused("YAML-SYNTAX", Place(line=line), Reason.NOT_YAML, problem=name)


def _unquoted(fault: Refused, text: str) -> Refused | None:
    """YAML-QUOTES where a text that `fault` is about lacks quotes, or has a backslash in them."""
    line = fault.finding.place.line
    reason = fault.finding.reason
    if not line or reason not in (Reason.NOT_YAML, Reason.CONTROL, Reason.NO_KEY):
        return None
    lines = text.split("\n")
    found = unquoted(lines[line - 1]) if line <= len(lines) else None
    if found is None or (reason is Reason.NO_KEY and found.sign != "{"):
        return None
    return _quotes(found, line)


def wide_colon(text: str) -> Refused | None:
    """YAML-COLON for the first line whose key ends in a full-width colon, or None."""
    match = _WIDE_COLON.search(text) if "：" in text else None
    if match is None:
        return None
    line = text.count("\n", 0, match.start(1)) + 1
    return refused("YAML-COLON", Place(line=line), key=match[1])


def _line(mark: _Mark | None) -> int:
    return 0 if mark is None else mark.line + 1


def _forbidden(found: str, mark: _Mark | None) -> Refused:
    return refused("YAML-FORBIDDEN", Place(line=_line(mark)), found=found)


def _deep(mark: _Mark | None) -> Refused:
    return refused("YAML-DEEP", Place(line=_line(mark)), most=str(MAX_DEPTH))


def _document(get: _GetEvent) -> Mapping:
    get()  # the start of the stream
    start = get()
    if not isinstance(start, events.DocumentStartEvent):
        raise refused("YAML-MAPPING", Place(line=1), Reason.NO_FIELDS)
    if start.explicit:
        raise _forbidden(
            "---" if start.version is None and not start.tags else "%", start.start_mark
        )
    top = get()
    if type(top) is not events.MappingStartEvent:
        _refuse_properties(top)
        place = Place(line=_line(top.start_mark if top else None))
        raise refused("YAML-MAPPING", place, Reason.NO_FIELDS)
    _refuse_properties(top)
    mapping = _mapping(get, 0)
    end = get()
    if isinstance(end, events.DocumentEndEvent) and end.explicit:
        raise _forbidden("...", end.start_mark)
    after = get()
    if not isinstance(after, events.StreamEndEvent):
        raise _forbidden("---", after.start_mark if after else None)
    return mapping


def _mapping(get: _GetEvent, depth: int) -> Mapping:
    mapping: Mapping = {}
    while type(event := get()) is not events.MappingEndEvent:
        if type(event) is not events.ScalarEvent or event.style:
            _refuse_key(event)
        key = event.value
        if event.anchor is not None or event.tag is not None or _is_key(key) is None:
            _refuse_key(event)
        if key in mapping:
            raise refused("YAML-DUPLICATE", Place(line=_line(event.start_mark)), key=key)
        event = get()
        mapping[key] = (
            _scalar(event) if type(event) is events.ScalarEvent else _collection(event, get, depth)
        )
    return mapping


def _sequence(get: _GetEvent, depth: int) -> tuple[Value, ...]:
    items: list[Value] = []
    while type(event := get()) is not events.SequenceEndEvent:
        items.append(
            _scalar(event) if type(event) is events.ScalarEvent else _collection(event, get, depth)
        )
    return tuple(items)


def _scalar(event: events.ScalarEvent) -> str:
    if event.anchor is not None or event.tag is not None:
        _refuse_properties(event)
    style = event.style
    if style == "|":
        return Quoted(event.value)
    start, end = event.start_mark, event.end_mark
    if style == ">":
        raise _forbidden(">", start)
    if start is None or end is None or start.line != end.line:
        raise refused("YAML-LINES", Place(line=_line(start)), Reason.OVER_LINES)
    if not style:
        return event.value
    value = event.value
    if style == '"':  # by an escape: the text itself is clean
        match = first_forbidden(value)
        if match is not None:
            raise _character(value, match.start(), _line(start))
    return Quoted(value)


def _collection(event: events.Event | None, get: _GetEvent, depth: int) -> Value:
    if not isinstance(event, events.CollectionStartEvent):
        raise _forbidden("*", event.start_mark if event else None)
    _refuse_properties(event)
    if depth == MAX_DEPTH:
        raise _deep(event.start_mark)
    if type(event) is events.MappingStartEvent:
        return _mapping(get, depth + 1)
    return _sequence(get, depth + 1)


def _refuse_properties(event: events.Event | None) -> None:
    mark = event.start_mark if event else None
    if isinstance(event, events.AliasEvent):
        raise _forbidden("*", mark)
    if getattr(event, "anchor", None) is not None:
        raise _forbidden("&", mark)
    if getattr(event, "tag", None) is not None:
        raise _forbidden("!", mark)


def _refuse_key(event: events.Event | None) -> NoReturn:
    _refuse_properties(event)
    found, mark = "", event.start_mark if event else None
    if isinstance(event, events.ScalarEvent):
        if event.value == "<<":
            raise _forbidden("<<", mark)
        found = event.value if not event.style else f"{event.style}{event.value}{event.style}"
    raise refused("YAML-KEY", Place(line=_line(mark)), Reason.NO_KEY, found=found[:60])


_DEEPEST: Final = 12
"""No field that a finding names lies deeper."""


def line_of(data: bytes, field: str) -> int:
    """The line, from 1, of the dotted `field` (``classes.2.number``: items are counted from 0).

    Where the field is missing, the line of what should hold it; 0 where that is unknown too. Never
    raises: `data` may be anything, and is read as far as it goes.
    """
    wanted, places = tuple(field.split(".")), _first_places(data)
    longest = min(len(wanted), _DEEPEST)
    found = (places.get(wanted[:count]) for count in range(longest, 0, -1))
    return next((line for line in found if line is not None), 0)


@lru_cache(maxsize=2)
def _first_places(data: bytes) -> dict[tuple[str, ...], int]:
    """Where each field first stands: a file may have thousands that are wrong."""
    found: dict[tuple[str, ...], int] = {}
    try:
        for path, at in _places(_open(data.decode("utf-8")).get_event):
            if len(path) <= _DEEPEST:
                found.setdefault(path, at)
    except (yaml.YAMLError, ValueError):
        pass
    return found


def _places(get: _GetEvent) -> Iterator[tuple[tuple[str, ...], int]]:
    """Each field of the first document and its line, in the order of the text."""
    path: list[str] = []
    counts: list[int | None] = []  # of each open list; None for an open mapping
    while (event := get()) is not None and not isinstance(event, events.DocumentEndEvent):
        if isinstance(event, events.CollectionEndEvent):
            counts.pop()
        elif not isinstance(event, events.NodeEvent):
            continue
        else:
            is_key = bool(counts) and counts[-1] is None and len(path) < len(counts)
            if counts and len(path) < len(counts):
                path.append(_name(event, counts))
                yield tuple(path), _line(event.start_mark)
            if is_key:
                if not isinstance(event, events.ScalarEvent):
                    return  # no field has such a name: nothing can be found behind it
                continue
            if isinstance(event, events.CollectionStartEvent):
                counts.append(None if isinstance(event, events.MappingStartEvent) else 0)
                continue
        if path:
            path.pop()


def _name(event: events.NodeEvent, counts: list[int | None]) -> str:
    count = counts[-1]
    if count is None:
        return event.value if isinstance(event, events.ScalarEvent) else ""
    counts[-1] = count + 1
    return str(count)


def scalar(text: str) -> str:
    """`text` on one line of YAML, plain only where no YAML reader takes it for anything else.

    `load` reads it back as the same text. Numbers and booleans of a schema are not for this
    function: in quotes they would no longer be ones. Raises Refused YAML-CONTROL or UNICODE for
    a character that a governed file can't hold, a line break included.
    """
    match = first_forbidden(text)
    if match is not None:
        raise _character(text, match.start(), 0)
    if re.fullmatch(_PLAIN, text) and text.lower() not in _WORDS:
        return text
    return in_quotes(text)
