"""Names in paths: the two-way codec between numbers, revisions, copies and parts of a path.

One number has one path and one path one number: what would be a second spelling (``%41`` for
``A``) is refused. A `/` in a number becomes a folder; in a revision it becomes ``-``, and ``-``
becomes ``%2D``. ASCII letters, digits, ``.``, ``_``, ``-`` and CJK letters stand for themselves,
every other byte of the UTF-8 text is percent-encoded.

The letters are fixed ranges that no Unicode normal form changes, so that neither a file system
nor a later Unicode makes another name of them.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from qms.findings import Place, Refused, refused
from qms.formats.characters import FORBIDDEN, first_forbidden

ASSETS: Final = "assets"
"""The folder beside the classes in ``released/``, hence no class id."""

MAX_PART: Final = 200
"""Bytes of one encoded part: leaves room for endings where names may have 255."""

# Walks meet the same few class ids and revisions, and the same paths, over and over.
_REMEMBERED: Final = 4096
# Kana, bopomofo and Hangul syllables, Han with its extensions and 々〆〇.
_LETTERS: Final = (
    r"\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff"
    r"\uac00-\ud7a3\U00020000-\U0002a6df\U0002a700-\U0002ebe0\U00030000-\U000323af"
)
_OTHER: Final = rf"[^A-Za-z0-9._\-{_LETTERS}]+"  # costly to compile, and most names are plain
_PLAIN: Final = re.compile(r"[A-Za-z0-9._\-]*")
_ESCAPED: Final = re.compile("(?:%[0-9A-F]{2})+")
# As above, but what would turn into a separator: `A-1` and `A%2D1` are two revisions, no twins.
_ESCAPED_TEXT: Final = re.compile("(?:%(?!2[DF])[0-9A-F]{2})+")
_RESERVED: Final = re.compile(
    r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\..*)?", re.IGNORECASE
)
# A folder that is called like a file can't lie beside that file.
_LIKE_A_FILE: Final = re.compile(r".*\.(?:md|yaml)", re.IGNORECASE)
_DASHES: Final = dict.fromkeys((*range(0x2010, 0x2016), 0x2212, 0x2043, 0xFE58, 0x30FC), "-")


def bad_name(name: str, found: str) -> Refused:
    """BAD-NAME: `found` is the piece of `name` that can't stand in a path."""
    return refused("BAD-NAME", Place(), name=name[:80], found=found[:80])


def is_like_a_file(part: str) -> bool:
    """Whether a part of a path is called like a file of ours, so that no folder may be."""
    return _LIKE_A_FILE.fullmatch(part) is not None


def is_reserved(name: str) -> bool:
    """Whether a name is a device's on Windows, with any ending."""
    return _RESERVED.fullmatch(name) is not None


@lru_cache(maxsize=_REMEMBERED)
def encode_part(text: str) -> str:
    """One part of a path for `text`; a `/` in it is percent-encoded too.

    Raises Refused BAD-NAME for what no file system keeps or somebody would misread: empty text, a
    leading ``.`` or ``-``, a dot or a space at its end, a space at its beginning, characters that
    no signed string may hold, names that Windows reserves (``CON``, ``nul.txt``), too long a text.
    """
    character = first_forbidden(text)
    if character is not None:
        raise bad_name(text, f"U+{ord(character[0]):04X}")
    if not text or text[0] in ".- " or text[-1] in ". ":
        raise bad_name(text, text)
    if _RESERVED.fullmatch(text) is not None:
        raise bad_name(text, text)
    part = _escaped(text)
    if len(part.encode()) > MAX_PART:
        raise bad_name(text, f"> {MAX_PART}")
    return part


def _escaped(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else re.sub(_OTHER, _escape, text)


def _escape(match: re.Match[str]) -> str:
    # No byte is safe here but those that the pattern left out already.
    return "".join(f"%{byte:02X}" for byte in match[0].encode())


@lru_cache(maxsize=_REMEMBERED)
def decode_part(part: str) -> str:
    """The text that `encode_part` makes `part` of; Refused BAD-NAME where none does."""
    try:
        text = _ESCAPED.sub(_unescape, part)
    except UnicodeDecodeError as error:
        raise bad_name(part, part) from error
    if encode_part(text) != part:
        raise bad_name(part, part)
    return text


def _unescape(match: re.Match[str]) -> str:
    return bytes.fromhex(match[0].replace("%", "")).decode()


@lru_cache(maxsize=1 << 15)
def number_path(number: str) -> str:
    """Folders and name of a document's number: ``CEE/QP-01`` lies in the folder ``CEE``.

    Raises Refused BAD-NAME where a part of it can't be a name, or is called like a file (``.md``).
    """
    parts = [encode_part(part) for part in number.split("/")]
    for part in parts:
        if _LIKE_A_FILE.fullmatch(part) is not None:
            raise bad_name(number, part)
    return "/".join(parts)


@lru_cache(maxsize=_REMEMBERED)
def path_number(path: str) -> str:
    """The number that `number_path` makes `path` of; Refused BAD-NAME where none does."""
    number = "/".join(decode_part(part) for part in path.split("/"))
    if number_path(number) != path:
        raise bad_name(path, path)
    return number


@lru_cache(maxsize=_REMEMBERED)
def revision_part(revision: str) -> str:
    """The name of a revision: ``A/1`` is ``A-1``, and ``A-1`` would be ``A%2D1``.

    Raises Refused BAD-NAME where it can't be a name, or a piece between slashes is empty.
    """
    pieces = revision.split("/")
    if "" in pieces:
        raise bad_name(revision, revision)
    for piece in pieces:
        encode_part(piece)
    part = "-".join(_escaped(piece).replace("-", "%2D") for piece in pieces)
    _check_name(revision, part)
    return part


def _check_name(text: str, part: str) -> None:
    if len(part.encode()) > MAX_PART:
        raise bad_name(text, f"> {MAX_PART}")
    if _RESERVED.fullmatch(part) is not None or _LIKE_A_FILE.fullmatch(part) is not None:
        raise bad_name(text, part)


@lru_cache(maxsize=_REMEMBERED)
def part_revision(part: str) -> str:
    """The revision that `revision_part` makes `part` of; Refused BAD-NAME where none does."""
    try:
        revision = "/".join(_ESCAPED.sub(_unescape, piece) for piece in part.split("-"))
    except UnicodeDecodeError as error:
        raise bad_name(part, part) from error
    if revision_part(revision) != part:
        raise bad_name(part, part)
    return revision


def fold(path: str) -> str:
    """The key that twins share: paths that differ in case, width, dashes or normal form only.

    Percent-encoded text is looked at as what it stands for. This compares, it never names.
    """
    if path.isascii() and "%" not in path:
        return path.lower()
    try:
        text = _ESCAPED_TEXT.sub(_unescape, path)
    except UnicodeDecodeError:
        text = path
    text = unicodedata.normalize("NFKC", text)
    return unicodedata.normalize("NFKC", text.translate(_DASHES).casefold())


# Letters of other scripts that look like these: what a person reads is a Latin word.
_ALIKE: Final = str.maketrans(
    "\u0430\u0251\u03b1\u0441\u03f2\u0501\u0435\u04bd\u04bb\u0456\u03b9\u04cf\u0578\u043e"
    "\u03bf\u0440\u03c1\u0455\u0475\u03bd\u0443\u03b3\u0445\u03c7\u0442\u03c4\u043c\u043a\u03ba\u0433",
    "aaaccdeehiilnooppsvvyyxxttmkkr",
)
_ONE_SHAPE: Final = str.maketrans("I1|0", "lllo")
_GIT_FOLDER: Final = re.compile(r"(?:\.git|git~[0-9]+)(?:[ .:].*)?", re.DOTALL)

_SHORTENED: Final = re.compile(
    r"(?P<head>[^~.]{1,6})~(?P<digits>[1-9][0-9]{0,5})(?:\.(?P<ending>.{1,3}))?", re.DOTALL
)

_GITS_OWN: Final = re.compile(r"(?:\.git|git~[0-9]+)[ .]*(?::.*)?", re.DOTALL)


def look(name: str) -> str:
    """What somebody reads where a name stands, for Latin words: look-alike letters are theirs."""
    seen = "".join(one for one in fold(name) if FORBIDDEN.match(one) is None)
    return fold(seen.translate(_ALIKE)).strip(" .")


def shape(name: str) -> str:
    """The same where letters and digits of one shape are one: I, l and 1, o and 0, m and rn."""
    return look(name.translate(_ONE_SHAPE)).replace("rn", "m")


def short_name(name: str) -> str:
    """How Windows calls a name of more than eight letters beside it: without the digit behind."""
    stem, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
    return f"{stem[:6]}~{dot}{ending[:3]}".casefold()


def is_short_of(name: str, long: str) -> bool:
    """Whether Windows may call a file of the name `long` by `name`, and so write into that file.

    Six letters and a number, fewer where the number is long; where many begin alike, two letters
    and four digits that follow from the whole name: any are taken for those here.
    """
    match = _SHORTENED.fullmatch(fold(name).rstrip(" .")) if "~" in name else None
    if match is None:
        return False
    stem, _, ending = fold(long).lstrip(".").rpartition(".")
    stem, ending = (stem, ending) if stem else (ending, "")
    head, room = match["head"], min(6, 7 - len(match["digits"]))
    begins_so = head == stem[:room] or (
        len(head) == room and head[:2] == stem[:2] and not head[2:].strip("0123456789abcdef")
    )
    return begins_so and (match["ending"] or "") == ending[:3]


def is_taken_out(name: str) -> bool:
    """Whether git takes such a name out of a commit on some system, or refuses to.

    Its own folder in another spelling, and what means a folder, a drive or a stream on Windows.
    """
    plain = "".join(one for one in fold(name) if FORBIDDEN.match(one) is None)
    if _GIT_FOLDER.fullmatch(plain) is not None:
        return True
    return any(one in "\\:" or one < " " for one in name)


def is_gits_own(name: str) -> bool:
    """Whether git lays out nothing of that name anywhere: its own folder, however it is spelt."""
    if name.isascii() and "git" not in name.lower():
        return False
    plain = "".join(one for one in fold(name) if FORBIDDEN.match(one) is None)
    return any(_GITS_OWN.fullmatch(one) is not None for one in plain.split("\\"))


@lru_cache(maxsize=_REMEMBERED)
def class_part(class_id: str) -> str:
    """The folder of a class; Refused BAD-NAME for what can't be one, ``assets`` among them."""
    part = encode_part(class_id)
    if fold(class_id) == ASSETS or _LIKE_A_FILE.fullmatch(part) is not None:
        raise bad_name(class_id, class_id)
    return part
