"""Which encoding a text that isn't UTF-8 was probably saved in, by what it would read as."""

import re
from typing import Final

_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
CHINESE: Final = "GB18030"
WESTERN: Final = "WINDOWS-1252"
_is_common: Final = re.compile(rb"[\xa1-\xa9\xb0-\xd7][\xa1-\xfe]").fullmatch
"""The 3,755 letters that most Chinese is written in, its punctuation and full-width letters."""


def likely_encoding(data: bytes) -> str:
    """The name, as iconv knows it, of the encoding in which `data` makes most sense.

    Any bytes are Chinese to GB 18030, as M\u00fcller is: so it is taken for that only where at
    least half of what isn't ASCII are letters and signs that people write every day.
    """
    if data.startswith(_MARKS) or b"\0" in data:
        return "UTF-16"
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
    try:
        data.decode()
    except UnicodeDecodeError:
        return _decoded(data).encode()
    return data


def _decoded(data: bytes) -> str:
    encoding = likely_encoding(data)
    if encoding == "UTF-16" and not data.startswith(_MARKS):  # which half of a sign comes first
        return data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le")
    return data.decode(_CODECS[encoding])


_CODECS: Final = {"UTF-16": "utf-16", CHINESE: "gb18030", WESTERN: "cp1252"}


def _is_western(data: bytes) -> bool:
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return True
