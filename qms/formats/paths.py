"""Where things lie: the two-way codec between numbers, revisions, copies and paths.

One number has one path and one path one number: what would be a second spelling (``%41`` for
``A``) is refused. A `/` in a number becomes a folder; in a revision it becomes ``-``, and ``-``
becomes ``%2D``. ASCII letters, digits, ``.``, ``_``, ``-`` and CJK letters stand for themselves,
every other byte of the UTF-8 text is percent-encoded.

The letters are fixed ranges that no Unicode normal form changes, so that neither a file system
nor a later Unicode makes another name of them.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from qms.findings import Finding, Place, Refused, refused
from qms.formats.canonical_json import FORBIDDEN

GOVERNED: Final = ("documents", "released", "copies", "policy", "records", "external")
"""Top folders in which every file must have a form."""

POLICY_FILES: Final = ("policy.yaml", "people.yaml", "qms.yaml")
"""What the folder of one policy version holds, and nothing else."""

ASSETS: Final = "assets"
"""The folder beside the classes in ``released/``, hence no class id."""

MAX_PART: Final = 200
"""Bytes of one encoded part: leaves room for endings where names may have 255."""

# Walks meet the same few class ids and revisions, and the same paths, over and over.
_REMEMBERED: Final = 4096
_REMEMBERED_PATHS: Final = 1 << 15
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
_CONTESTED: Final = re.compile("(.+)~([0-9a-f]{16})")
_DIGEST: Final = re.compile("sha256:([0-9a-f]{64})")
_VERSION: Final = re.compile("([0-9]{4}|[1-9][0-9]{4,8})(?:~([0-9a-f]{16}))?")
_DASHES: Final = re.compile("[\u2010-\u2015\u2212\u2043\ufe58\u30fc]")


def _bad(name: str, found: str) -> Refused:
    """BAD-NAME: `found` is the piece of `name` that can't stand in a path."""
    return refused("BAD-NAME", Place(), name=name[:80], found=found[:80])


@lru_cache(maxsize=_REMEMBERED)
def encode_part(text: str) -> str:
    """One part of a path for `text`; a `/` in it is percent-encoded too.

    Raises Refused BAD-NAME for what no file system keeps or somebody would misread: empty text, a
    leading ``.`` or ``-``, a dot or a space at its end, a space at its beginning, characters that
    no signed string may hold, names that Windows reserves (``CON``, ``nul.txt``), too long a text.
    """
    character = FORBIDDEN.search(text)
    if character is not None:
        raise _bad(text, f"U+{ord(character[0]):04X}")
    if not text or text[0] in ".- " or text[-1] in ". ":
        raise _bad(text, text)
    if _RESERVED.fullmatch(text) is not None:
        raise _bad(text, text)
    part = _escaped(text)
    if len(part.encode()) > MAX_PART:
        raise _bad(text, f"> {MAX_PART}")
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
        raise _bad(part, part) from error
    if encode_part(text) != part:
        raise _bad(part, part)
    return text


def _unescape(match: re.Match[str]) -> str:
    return bytes.fromhex(match[0].replace("%", "")).decode()


@lru_cache(maxsize=_REMEMBERED_PATHS)
def number_path(number: str) -> str:
    """Folders and name of a document's number: ``CEE/QP-01`` lies in the folder ``CEE``.

    Raises Refused BAD-NAME where a part of it can't be a name, or is called like a file (``.md``).
    """
    parts = [encode_part(part) for part in number.split("/")]
    for part in parts:
        if _LIKE_A_FILE.fullmatch(part) is not None:
            raise _bad(number, part)
    return "/".join(parts)


@lru_cache(maxsize=_REMEMBERED)
def path_number(path: str) -> str:
    """The number that `number_path` makes `path` of; Refused BAD-NAME where none does."""
    number = "/".join(decode_part(part) for part in path.split("/"))
    if number_path(number) != path:
        raise _bad(path, path)
    return number


@lru_cache(maxsize=_REMEMBERED)
def revision_part(revision: str) -> str:
    """The name of a revision: ``A/1`` is ``A-1``, and ``A-1`` would be ``A%2D1``.

    Raises Refused BAD-NAME where it can't be a name, or a piece between slashes is empty.
    """
    pieces = revision.split("/")
    if "" in pieces:
        raise _bad(revision, revision)
    for piece in pieces:
        encode_part(piece)
    part = "-".join(_escaped(piece).replace("-", "%2D") for piece in pieces)
    _check_name(revision, part)
    return part


def _check_name(text: str, part: str) -> None:
    if len(part.encode()) > MAX_PART:
        raise _bad(text, f"> {MAX_PART}")
    if _RESERVED.fullmatch(part) is not None or _LIKE_A_FILE.fullmatch(part) is not None:
        raise _bad(text, part)


@lru_cache(maxsize=_REMEMBERED)
def part_revision(part: str) -> str:
    """The revision that `revision_part` makes `part` of; Refused BAD-NAME where none does."""
    try:
        revision = "/".join(_ESCAPED.sub(_unescape, piece) for piece in part.split("-"))
    except UnicodeDecodeError as error:
        raise _bad(part, part) from error
    if revision_part(revision) != part:
        raise _bad(part, part)
    return revision


def fold(path: str) -> str:
    """The key that twins share: paths that differ in case, width, dashes or normal form only.

    Percent-encoded text is looked at as what it stands for. This compares, it never names.
    """
    try:
        text = _ESCAPED_TEXT.sub(_unescape, path)
    except UnicodeDecodeError:
        text = path
    text = unicodedata.normalize("NFKC", text)
    return unicodedata.normalize("NFKC", _DASHES.sub("-", text).casefold())


@lru_cache(maxsize=_REMEMBERED)
def class_part(class_id: str) -> str:
    """The folder of a class; Refused BAD-NAME for what can't be one, ``assets`` among them."""
    part = encode_part(class_id)
    if fold(class_id) == ASSETS or _LIKE_A_FILE.fullmatch(part) is not None:
        raise _bad(class_id, class_id)
    return part


def document_path(class_id: str, number: str) -> str:
    """The working text: ``documents/<class>/<number>.md``."""
    return f"documents/{class_part(class_id)}/{number_path(number)}.md"


def released_path(class_id: str, number: str, revision: str, contested: str = "") -> str:
    """A released revision: ``released/<class>/<number>/A-1.md``.

    `contested` is the 16 hex digits that tell a second entry for the same place from the first:
    ``A-1~0123456789abcdef.md``.
    """
    folder = f"released/{class_part(class_id)}/{number_path(number)}"
    return f"{folder}/{revision_part(revision)}{_beside(contested)}.md"


def acts_path(class_id: str, number: str, revision: str) -> str:
    """What happened to a released revision: ``released/<class>/<number>/A-1.acts.yaml``."""
    folder = f"released/{class_part(class_id)}/{number_path(number)}"
    return f"{folder}/{revision_part(revision)}.acts.yaml"


def copy_path(class_id: str, number: str, revision: str, copy: str) -> str:
    """One copy: ``copies/<class>/<number>/A-1/003.yaml``."""
    folder = f"copies/{class_part(class_id)}/{number_path(number)}/{revision_part(revision)}"
    return f"{folder}/{encode_part(copy)}.yaml"


def policy_folder(version: int, contested: str = "") -> str:
    """The folder of a policy version: ``policy/0007``, ``policy/0007~0123456789abcdef``."""
    if not 1 <= version < 10**9:
        raise _bad(str(version), str(version))
    return f"policy/{version:04}{_beside(contested)}"


def asset_path(digest: str) -> str:
    """A released revision's asset by its content: ``sha256:…`` lies at ``released/assets/…``."""
    match = _DIGEST.fullmatch(digest)
    if match is None:
        raise _bad(digest, digest)
    return f"released/{ASSETS}/{match[1]}"


def _beside(contested: str) -> str:
    if not contested:
        return ""
    if re.fullmatch("[0-9a-f]{16}", contested) is None:
        raise _bad(contested, contested)
    return f"~{contested}"


KindName: TypeAlias = Literal["document", "released", "acts", "copy", "policy", "asset"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Governed:
    """What a path says about the file that lies there; the parts it has no word for are empty.

    `kind` is None for a file in free ground, and for a stray one: that has `stray`, a finding
    STRAY. In ``records/`` and ``external/`` the core knows no form, so it calls all files stray:
    whoever brings these kinds asks for their forms first.
    """

    path: str
    kind: KindName | None = None
    class_id: str = ""
    number: str = ""
    revision: str = ""
    copy: str = ""
    version: int = 0
    file: str = ""
    digest: str = ""
    contested: str = ""
    stray: Finding | None = None


_TWINS_OF_GOVERNED: Final = {fold(folder): folder for folder in GOVERNED}


@lru_cache(maxsize=_REMEMBERED_PATHS)
def parse_path(path: str) -> Governed:
    """What lies at the repo-relative `path`, judged by the path alone. Raises nothing."""
    top, _, rest = path.partition("/")
    if top not in GOVERNED:
        twin = _TWINS_OF_GOVERNED.get(fold(top))
        return Governed(path=path) if twin is None else _stray(path, top)
    try:
        return _parse(path, top, rest)
    except Refused as error:
        return _stray(path, error.finding.values.get("found", path))


def _stray(path: str, found: str) -> Governed:
    return Governed(path=path, stray=Finding("STRAY", Place(path=path), {"found": found}))


def _parse(path: str, top: str, rest: str) -> Governed:
    folder, _, name = rest.rpartition("/")
    if top == "documents":
        governed = _parse_document(path, rest)
    elif top == "released":
        is_asset = folder == ASSETS
        governed = _parse_asset(path, name) if is_asset else _parse_released(path, folder, name)
    elif top == "copies":
        governed = _parse_copy(path, folder, name)
    elif top == "policy":
        governed = _parse_policy(path, folder, name)
    else:
        raise _bad(path, path)
    return governed


def _ending(name: str, ending: str) -> str:
    if not name.endswith(ending):
        raise _bad(name, name)
    return name.removesuffix(ending)


def _class_and_number(text: str) -> tuple[str, str]:
    folder, _, number = text.partition("/")
    class_id = decode_part(folder)
    class_part(class_id)
    return class_id, path_number(number)


def _parse_document(path: str, rest: str) -> Governed:
    class_id, number = _class_and_number(_ending(rest, ".md"))
    return Governed(path=path, kind="document", class_id=class_id, number=number)


def _parse_asset(path: str, name: str) -> Governed:
    digest = f"sha256:{name}"
    asset_path(digest)
    return Governed(path=path, kind="asset", digest=digest)


def _parse_released(path: str, folder: str, name: str) -> Governed:
    class_id, number = _class_and_number(folder)
    if name.endswith(".acts.yaml"):
        revision = part_revision(_ending(name, ".acts.yaml"))
        return Governed(path=path, kind="acts", class_id=class_id, number=number, revision=revision)
    stem = _ending(name, ".md")
    match = _CONTESTED.fullmatch(stem)
    part, contested = (stem, "") if match is None else (match[1], match[2])
    return Governed(
        path=path,
        kind="released",
        class_id=class_id,
        number=number,
        revision=part_revision(part),
        contested=contested,
    )


def _parse_copy(path: str, folder: str, name: str) -> Governed:
    numbered, _, revision = folder.rpartition("/")
    class_id, number = _class_and_number(numbered)
    return Governed(
        path=path,
        kind="copy",
        class_id=class_id,
        number=number,
        revision=part_revision(revision),
        copy=decode_part(_ending(name, ".yaml")),
    )


def _parse_policy(path: str, folder: str, name: str) -> Governed:
    match = _VERSION.fullmatch(folder)
    if match is None or name not in POLICY_FILES:
        raise _bad(path, name)
    version, contested = int(match[1]), match[2] or ""
    policy_folder(version, contested)  # refuses version 0
    return Governed(path=path, kind="policy", version=version, file=name, contested=contested)
