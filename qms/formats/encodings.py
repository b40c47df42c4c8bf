"""Which encoding a text that isn't UTF-8 was probably saved in, by what it would read as."""

import re
from typing import Final

_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
WIDE: Final = "UTF-16"
CHINESE: Final = "GB18030"
WESTERN: Final = "WINDOWS-1252"
_CODECS: Final = {
    WIDE: "utf-16", "UTF-16LE": "utf-16-le", "UTF-16BE": "utf-16-be",
    CHINESE: "gb18030", WESTERN: "cp1252",
}  # fmt: skip
_WITHOUT_MARK: Final = ("UTF-16LE", "UTF-16BE")
_ENOUGH: Final = 1 << 16
"""Bytes from which one tells what signs a text has."""
_LATIN: Final = range(0xA0, 0x250)
_is_common: Final = re.compile(rb"[\xa1-\xa9\xb0-\xd7][\xa1-\xfe]").fullmatch
"""The 3,755 letters that most Chinese is written in, its punctuation and full-width letters."""


def likely_encoding(data: bytes) -> str:
    """The name, as iconv knows it, of the encoding in which `data` makes most sense.

    Any bytes are Chinese to GB 18030, as M\u00fcller is: so it is taken for that only where at
    least half of what isn't ASCII are letters and signs that people write every day. NUL is half of
    each Western sign in UTF-16, and slips into any text: it tells nothing by itself.
    """
    if data.startswith(_MARKS):
        return WIDE
    if b"\0" in data:
        narrow = _narrow(data.replace(b"\0", b""))
        wide = max(_WITHOUT_MARK, key=lambda one: _familiar(data, one))
        return wide if _familiar(data, wide) > _familiar(data, narrow) else narrow
    return _narrow(data)


def is_wide(data: bytes) -> bool:
    """Whether what UTF-8 can be is a text in UTF-16 all the same: Western letters, each with NUL.

    It begins so, as no governed file may; and read in that way no NUL is left in it.
    """
    if data[:2].count(0) != 1 or len(data) % 2:
        return False
    try:
        text = data.decode("utf-16-be" if not data[0] else "utf-16-le")
    except UnicodeDecodeError:
        return False
    return "\0" not in text


def _familiar(data: bytes, encoding: str) -> float:
    """How much of a text, read in an encoding, are letters and signs that people write."""
    text = data[:_ENOUGH].decode(_CODECS[encoding], "replace")
    known = sum(
        one in "\n\r\t" or (one.isascii() and one.isprintable()) or ord(one) in _LATIN
        or (not one.isascii() and _is_common(one.encode(CHINESE, "replace")) is not None)
        for one in text
    )  # fmt: skip
    return known / max(len(text), 1)


def _narrow(data: bytes) -> str:
    try:
        signs = [one for one in data.decode(CHINESE) if not one.isascii()]
    except UnicodeDecodeError:
        return WESTERN if _is_western(data) else CHINESE
    common = sum(_is_common(one.encode(CHINESE)) is not None for one in signs)
    return CHINESE if 2 * common >= len(signs) or not _is_western(data) else WESTERN


def as_utf8(data: bytes) -> bytes:
    """The same text in UTF-8, its lines as they are, from the encoding that it is likely in.

    What is UTF-8 stays as it is, also where a NUL slipped in: each pair of its letters is a sign
    to UTF-16, mostly a Chinese one. Raises UnicodeError where it isn't in the likely one either.
    """
    return data if is_utf8(data) else data.decode(_CODECS[likely_encoding(data)]).encode()


def is_utf8(data: bytes) -> bool:
    """Whether a text is in UTF-8, as every governed one must be."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return not is_wide(data)


def _is_western(data: bytes) -> bool:
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return True
