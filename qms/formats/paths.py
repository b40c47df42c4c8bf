"""Where things lie: the form of each kind's paths, both ways, and what a path says.

A form is written like ``copies/{class}/{number}/{revision}/{copy}.yaml``; the spelling of each
name is the codec's (`qms.formats.names`).
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from qms.findings import Finding, Place, Reason, Refused
from qms.formats import caps
from qms.formats.names import (
    ASSETS,
    bad_name,
    class_part,
    decode_part,
    encode_part,
    is_taken_out,
    look,
    number_path,
    part_revision,
    path_number,
    revision_part,
    shape,
    short_name,
)

GOVERNED: Final = (
    "documents", "released", "copies", "policy", "records", "external", "acks", "delegations",
    "enrolments", "plans",
)  # fmt: skip
"""Top folders in which every file must have a form; those of what is to come have none yet."""

POLICY_FILES: Final = ("policy.yaml", "people.yaml", "qms.yaml")
"""What the folder of one policy version holds, and nothing else."""

_REMEMBERED_PATHS: Final = 1 << 15
_BESIDE: Final = re.compile(r"(.+)~([0-9a-f]{16})(\.md|\.acts\.yaml)")
_DIGEST: Final = re.compile("sha256:([0-9a-f]{64})")
_VERSION: Final = re.compile("([0-9]{4}|[1-9][0-9]{4,8})(?:~([0-9a-f]{16}))?")
_SIXTEEN: Final = re.compile("[0-9a-f]{16}")
_YEAR: Final = re.compile("[1-9][0-9]{3}")
_NAME: Final = re.compile(r"\{([a-z]+)\}")


def _class(part: str) -> str:
    class_id = decode_part(part)
    class_part(class_id)
    return class_id


def _year(year: str) -> str:
    if _YEAR.fullmatch(year) is None:
        raise bad_name(year, year)
    return year


class Part(NamedTuple):
    """What may stand in a part of a path: how it is spelled, both ways.

    `fills` is the name in a statement's subject that it gives; empty where it gives none.
    """

    encode: Callable[[str], str]
    decode: Callable[[str], str]
    fills: str = ""


PARTS: Final[Mapping[str, Part]] = MappingProxyType(
    {
        "class": Part(class_part, _class, "class"),
        "number": Part(number_path, path_number, "number"),
        "revision": Part(revision_part, part_revision, "revision"),
        "edition": Part(revision_part, part_revision, "revision"),  # of what others publish
        "copy": Part(encode_part, decode_part, "copy"),
        "year": Part(_year, _year),
        "form": Part(encode_part, decode_part),
        "person": Part(encode_part, decode_part),
    }
)
"""What a path may be made of: the names are keys of the head that gives it."""


class PathPattern(NamedTuple):
    """Where files of one kind lie, both ways: names give a path, and a path gives names.

    Each name is one part of the path (`PARTS`), but ``number``, which may be several.
    """

    folder: str
    names: tuple[str, ...]
    ending: str

    @classmethod
    def of(cls, text: str) -> "PathPattern":
        """The form that is written like ``copies/{class}/{number}/{revision}/{copy}.yaml``.

        Raises `Refused` BAD-NAME for what is none: a name that no part has, two that are one of a
        subject's, or one that shares its part of the path with something else.
        """
        stem, dot, ending = text.rpartition("}.")
        parts = f"{stem}}}".split("/")
        found = [_NAME.fullmatch(part) for part in parts]
        first = next((at for at, match in enumerate(found) if match is not None), len(parts))
        names = tuple(match[1] for match in found[first:] if match is not None)
        folder = "/".join(parts[:first])
        if (
            not dot or not folder or "{" in folder or len(names) != len(parts) - first
            or len(set(names)) != len(names) or not set(names) <= set(PARTS)
            or {"revision", "edition"} <= set(names)
        ):  # fmt: skip
            raise bad_name(text, text)
        return cls("/".join(encode_part(part) for part in parts[:first]), names, f".{ending}")

    def __str__(self) -> str:
        return "/".join((self.folder, *(f"{{{name}}}" for name in self.names))) + self.ending

    def path(self, *values: str) -> str:
        """The path of these values, in the order of `names`; Refused BAD-NAME where there is none.

        Called with as many values as there are names.
        """
        parts = (PARTS[name].encode(one) for name, one in zip(self.names, values, strict=True))
        path = f"{self.folder}/{'/'.join(parts)}{self.ending}"
        if path.count("/") > caps.TREE_DEPTH:
            raise bad_name(path, f"> {caps.TREE_DEPTH} × /")
        return path

    def folders(self, known: Mapping[str, str]) -> tuple[str | None, ...]:
        """The folders below `folder` in which a file lies, as far as they are known; else None.

        `known` are parts of a statement's subject, as ``number``. Refused BAD-NAME for a value
        that no path has.
        """
        parts = [self._part(name, known) for name in self.names]
        if self.ending.startswith("/"):
            return tuple(parts)
        above = (parts[-1] or "").rpartition("/")[0]  # a number may be several parts
        return (*parts[:-1], *((above,) if above else ()))

    @staticmethod
    def _part(name: str, known: Mapping[str, str]) -> str | None:
        part = PARTS[name]
        return part.encode(known[part.fills]) if part.fills in known else None

    def read(self, path: str) -> Mapping[str, str]:
        """The values by name that `path` is made of; Refused BAD-NAME where it has another form."""
        is_inside = path.startswith(f"{self.folder}/") and path.endswith(self.ending)
        if not is_inside or path.count("/") > caps.TREE_DEPTH:
            raise bad_name(path, path)
        inside = path[len(self.folder) + 1 : -len(self.ending)].split("/")
        spare = len(inside) - len(self.names)
        if spare < 0 or (spare and "number" not in self.names):
            raise bad_name(path, path)
        values: dict[str, str] = {}
        at = 0
        for name in self.names:
            width = 1 + (spare if name == "number" else 0)
            values[name] = PARTS[name].decode("/".join(inside[at : at + width]))
            at += width
        return values


MARKDOWN: Final = ".md"
"""What names of files with a head, a tail and a body end in."""
DOCUMENT_FORM: Final = PathPattern.of("documents/{class}/{number}.md")
RELEASED_FORM: Final = PathPattern.of("released/{class}/{number}/{revision}.md")
ACTS_FORM: Final = PathPattern.of("released/{class}/{number}/{revision}.acts.yaml")
REJECTS_FORM: Final = PathPattern("released", ("class", "number"), "/rejects.yaml")
COPY_FORM: Final = PathPattern.of("copies/{class}/{number}/{revision}/{copy}.yaml")


def document_path(class_id: str, number: str) -> str:
    """The working text: ``documents/<class>/<number>.md``."""
    return DOCUMENT_FORM.path(class_id, number)


def released_path(class_id: str, number: str, revision: str, contested: str = "") -> str:
    """A released revision: ``released/<class>/<number>/A-1.md``.

    `contested` is the 16 hex digits that tell a second entry for the same place from the first:
    ``A-1~0123456789abcdef.md``.
    """
    return marked(RELEASED_FORM.path(class_id, number, revision), contested)


def acts_path(class_id: str, number: str, revision: str, content: str) -> str:
    """What happened to a released text: ``released/<class>/<number>/A-1~<16 hex>.acts.yaml``.

    The digits are the first of the text's digest: two texts that claim one revision, each with acts
    of its own, never get into one file, whoever merges.
    """
    path = ACTS_FORM.path(class_id, number, revision)
    beside = _beside(content.partition(":")[2][:16])
    return f"{path.removesuffix(ACTS_FORM.ending)}{beside}{ACTS_FORM.ending}"


def copy_path(class_id: str, number: str, revision: str, copy: str) -> str:
    """One copy: ``copies/<class>/<number>/A-1/003.yaml``."""
    return COPY_FORM.path(class_id, number, revision, copy)


def unmarked(path: str) -> tuple[str, str]:
    """A path without the 16 hex digits that tell a second entry for a place, and these digits."""
    if "~" not in path:
        return path, ""
    stem, dot, ending = path.rpartition(".")
    plain, _, digits = stem.rpartition("~")
    if not dot or _SIXTEEN.fullmatch(digits) is None:
        return path, ""
    return f"{plain}.{ending}", digits


def marked(path: str, contested: str) -> str:
    """The path of a second entry for the place `path`: ``A-1~0123456789abcdef.md``."""
    stem, _, ending = path.rpartition(".")
    return f"{stem}{_beside(contested)}.{ending}"


def policy_folder(version: int, contested: str = "") -> str:
    """The folder of a policy version: ``policy/0007``, ``policy/0007~0123456789abcdef``."""
    if not 1 <= version < 10**9:
        raise bad_name(str(version), str(version))
    return f"policy/{version:04}{_beside(contested)}"


def asset_path(digest: str) -> str:
    """A released revision's asset by its content: ``sha256:…`` lies at ``released/assets/…``."""
    match = _DIGEST.fullmatch(digest)
    if match is None:
        raise bad_name(digest, digest)
    return f"released/{ASSETS}/{match[1]}"


def _beside(contested: str) -> str:
    if not contested:
        return ""
    if _SIXTEEN.fullmatch(contested) is None:
        raise bad_name(contested, contested)
    return f"~{contested}"


class Governed(NamedTuple):
    """What a path says about the file that lies there; the parts it has no word for are empty.

    `kind` is the name of one: ``document``, ``released``, ``acts``, ``rejects``, ``copy``,
    ``policy``, ``asset``. It is None for a file in free ground, and for a stray one: that has
    `stray`, a finding STRAY. In ``records/`` and ``external/`` the core knows no form, so it calls
    all files stray: whoever brings these kinds asks for their forms first (`kinds.kind`).
    """

    path: str
    kind: str | None = None
    class_id: str = ""
    number: str = ""
    revision: str = ""
    copy: str = ""
    version: int = 0
    file: str = ""
    digest: str = ""
    contested: str = ""
    stray: Finding | None = None

    @property
    def about(self) -> str:
        """What findings about it are folded by, as far as the path tells; else the path itself."""
        if self.kind in (None, "asset"):
            return self.path
        if self.kind == "policy":
            return f"policy {self.version}"
        if self.kind == "document":
            return self.path
        kind = "document" if self.kind == "released" else self.kind
        return " ".join(one for one in (kind, self.number, self.revision, self.copy) if one)

    @classmethod
    def named(
        cls, kind: str, path: str, values: Mapping[str, str], contested: str = ""
    ) -> "Governed":
        """What the values that a `PathPattern` read from a path say."""
        given = {PARTS[name].fills: value for name, value in values.items()}
        return cls(
            path=path,
            kind=kind,
            class_id=given.get("class", ""),
            number=given.get("number", ""),
            revision=given.get("revision", ""),
            copy=given.get("copy", ""),
            contested=contested,
        )


_LOOKS: Final = frozenset(look(name) for name in (*GOVERNED, *POLICY_FILES))
_SHAPES: Final = frozenset(shape(name) for name in (*GOVERNED, *POLICY_FILES))
_SHORT: Final = frozenset(short_name(name) for name in (*GOVERNED, *POLICY_FILES))
_PLAIN_NAMES: Final = frozenset((*GOVERNED, *POLICY_FILES))
_NUMBERED: Final = re.compile(r"~[0-9](?=\.|\Z)")


def is_misleading(name: str) -> bool:
    """Whether a name at the root looks like one that is governed and is none, or is git's own."""
    if name in _PLAIN_NAMES:
        return False
    is_short = "~" in name and _NUMBERED.sub("~", name).casefold() in _SHORT
    return look(name) in _LOOKS or shape(name) in _SHAPES or is_short or is_taken_out(name)


@lru_cache(maxsize=_REMEMBERED_PATHS)
def parse_path(path: str) -> Governed:
    """What lies at the repo-relative `path`, judged by the path alone. Raises nothing."""
    top, _, rest = path.partition("/")
    if top not in GOVERNED:
        return _stray(path, top) if is_misleading(top) else Governed(path=path)
    try:
        return _parse(path, top, rest)
    except Refused as error:
        return _stray(path, error.finding.values.get("found", path))


def _stray(path: str, found: str) -> Governed:
    return Governed(
        path=path, stray=Finding("STRAY", Place(path=path), {"found": found}, reason=Reason.STRAY)
    )


def _parse(path: str, top: str, rest: str) -> Governed:
    folder, _, name = rest.rpartition("/")
    match top:
        case "documents":
            return Governed.named("document", path, DOCUMENT_FORM.read(path))
        case "released" if folder == ASSETS:
            digest = f"sha256:{name}"
            asset_path(digest)
            return Governed(path=path, kind="asset", digest=digest)
        case "released" if f"/{name}" == REJECTS_FORM.ending:
            return Governed.named("rejects", path, REJECTS_FORM.read(path))
        case "released":
            return _parse_released(path)
        case "copies":
            return Governed.named("copy", path, COPY_FORM.read(path))
        case "policy":
            return _parse_policy(path, folder, name)
        case _:
            raise bad_name(path, path)


def _parse_released(path: str) -> Governed:
    match = _BESIDE.fullmatch(path)
    plain, contested = (path, "") if match is None else (f"{match[1]}{match[3]}", match[2])
    if plain.endswith(ACTS_FORM.ending):
        if not contested:
            raise bad_name(path, path)
        return Governed.named("acts", path, ACTS_FORM.read(plain), contested)
    return Governed.named("released", path, RELEASED_FORM.read(plain), contested)


def _parse_policy(path: str, folder: str, name: str) -> Governed:
    match = _VERSION.fullmatch(folder)
    if match is None or name not in POLICY_FILES:
        raise bad_name(path, name)
    version, contested = int(match[1]), match[2] or ""
    policy_folder(version, contested)  # refuses version 0
    return Governed(path=path, kind="policy", version=version, file=name, contested=contested)
