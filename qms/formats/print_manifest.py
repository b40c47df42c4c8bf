"""The manifest of printed files: which file is which copy of which revision, in signed bytes.

One line of canonical JSON, with all that a reader must compare inside it: the repo, the policy by
which the key is judged, the commit whose register was printed, and the key, so that neither
another company's manifest nor one that lost its signature is taken for this one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from qms.findings import Place, Reason, Refused, refused
from qms.formats import canonical_json, digests, sshsig
from qms.formats.canonical_json import MAX_INTEGER, Json
from qms.formats.print_names import is_name_of, twin_key

NAMESPACE: Final = "qms-manifest-v1"
MOST_BYTES: Final = 64 << 20
MOST_FILES: Final = 100_000
BEGINS: Final = b'{"commit":'
"""How each manifest begins, whatever will stand in it."""

_KEYS: Final = frozenset(
    ("commit", "files", "key", "made", "plugins", "policy", "repo", "tool", "v")
)
_ROW_KEYS: Final = frozenset(
    ("class", "content", "copy", "file", "digest", "mark", "number", "pages", "revision",
     "statement")
)  # fmt: skip
_PLUGIN_KEYS: Final = frozenset(("digest", "name"))
_PLACE: Final = Place("manifest.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedFile:
    """One file of the output folder. `copy` is None but for a numbered copy.

    `statement` is the signed statement that it rests on: of a copy the event that issued its
    paper, of a released revision the one that filed it; None for a text that nobody released.
    """

    file: str
    digest: str
    class_id: str
    number: str
    revision: str
    content: str
    mark: str
    copy: str | None
    statement: str | None
    pages: int

    def json(self) -> dict[str, Json]:
        """As it stands in the manifest."""
        return {
            "class": self.class_id,
            "content": self.content,
            "copy": self.copy,
            "digest": self.digest,
            "file": self.file,
            "mark": self.mark,
            "number": self.number,
            "pages": self.pages,
            "revision": self.revision,
            "statement": self.statement,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintManifest:
    """All that one publishing run left in its folder; `key` is None where nobody signs it.

    `plugins` are those that print, as name and digest of their sources.
    """

    repo: str
    policy: str
    commit: str
    tool: str
    plugins: tuple[tuple[str, str], ...]
    made: str
    key: str | None
    files: tuple[PrintedFile, ...]

    def message(self) -> bytes:
        """The bytes that are signed, and that the file holds. Raises Refused MANIFEST-FORM."""
        rows = sorted(self.files, key=lambda row: row.file.encode())
        plugins: list[Json] = [
            {"digest": digest, "name": name} for name, digest in sorted(self.plugins)
        ]
        value: dict[str, Json] = {
            "commit": self.commit,
            "files": [row.json() for row in rows],
            "key": self.key,
            "made": self.made,
            "plugins": plugins,
            "policy": self.policy,
            "repo": self.repo,
            "tool": self.tool,
            "v": 1,
        }
        data = canonical_json.encode(value) + b"\n"
        parse_manifest(data)
        return data


class Proof(NamedTuple):
    """Whose signature lies beside a manifest, verified, and what it proves besides."""

    key: sshsig.PublicKey
    assurance: sshsig.Assurance


def proof(data: bytes, armoured: str | None) -> Proof:
    """Who signed these bytes as a manifest; what they say is not looked at.

    `armoured` is the text of ``manifest.json.sig``, None where there is none. Raises Refused
    MANIFEST-UNSIGNED, NOT-CANONICAL, NAMESPACE, SIGNATURE, and KEY-… for a key that may sign
    nothing.
    """
    if armoured is None:
        raise refused("MANIFEST-UNSIGNED", _PLACE)
    signature = sshsig.from_armour(armoured)
    key = sshsig.signing_key(signature)
    return Proof(key, sshsig.verify(data, signature, NAMESPACE, key))


def proved_manifest(data: bytes, proved: Proof) -> PrintManifest:
    """A manifest that names the key which signed it. Whether that one may is another question.

    Parsed only now, so that what nobody signed costs nothing. Raises Refused: what
    `parse_manifest` raises, MANIFEST-UNSIGNED, SIGNATURE.
    """
    manifest = parse_manifest(data)
    if manifest.key is None:
        raise refused("MANIFEST-UNSIGNED", _PLACE)
    if proved.key.fingerprint != manifest.key:
        raise refused(
            "SIGNATURE", _PLACE, Reason.NOT_SIGNED_BY, part="key", key=proved.key.fingerprint
        )
    return manifest


def parse_manifest(data: bytes) -> PrintManifest:
    """The manifest that `data` is, byte for byte.

    Raises Refused NOT-CANONICAL, DIGEST-FORM, GIT-ID-FORM, TIME-FORM and MANIFEST-FORM, which
    names what is wrong: a key too many, rows out of order or twice, two names that some file
    systems take for one, a name that isn't the one its row gives.
    """
    if len(data) > MOST_BYTES or not data.endswith(b"\n"):
        raise _fault("end", str(len(data)))
    value = _object(canonical_json.decode(data[:-1]), _KEYS, "manifest")
    if value["v"] != 1:
        raise _fault("v", str(value["v"]))
    rows = _rows(value["files"])
    key = value["key"]
    if key is not None and not (isinstance(key, str) and digests.is_fingerprint(key)):
        raise _fault("key", str(key))
    made = _text(value, "made")
    digests.parse_time(made)
    return PrintManifest(
        repo=_digest(value, "repo"),
        policy=_digest(value, "policy"),
        commit=_git_id(value),
        tool=_text(value, "tool"),
        plugins=_plugins(value["plugins"]),
        made=made,
        key=key,
        files=rows,
    )


def _rows(value: Json) -> tuple[PrintedFile, ...]:
    items = _list(value, "files")
    if len(items) > MOST_FILES:
        raise _fault("files", str(len(items)))
    rows = tuple(_row(item) for item in items)
    seen: set[tuple[str, ...]] = set()
    before = b""
    for row in rows:
        name = row.file.encode()
        if name <= before or twin_key(row.file) in seen:
            raise _fault("files", row.file)
        seen.add(twin_key(row.file))
        before = name
    return rows


def _row(item: Json) -> PrintedFile:
    value = _object(item, _ROW_KEYS, "files")
    copy, statement, pages = value["copy"], value["statement"], value["pages"]
    if copy is not None and (not isinstance(copy, str) or statement is None):
        raise _fault("copy", str(copy))
    if type(pages) is not int or not 0 < pages <= MAX_INTEGER:
        raise _fault("pages", str(pages))
    row = PrintedFile(
        file=_text(value, "file"),
        digest=_digest(value, "digest"),
        class_id=_text(value, "class"),
        number=_text(value, "number"),
        revision=_text(value, "revision"),
        content=_digest(value, "content"),
        mark=_text(value, "mark"),
        copy=copy,
        statement=None if statement is None else _digest(value, "statement"),
        pages=pages,
    )
    if not is_name_of(row.file, row.class_id, row.number, row.revision, row.mark, row.copy):
        raise _fault("file", row.file)
    return row


def _plugins(value: Json) -> tuple[tuple[str, str], ...]:
    rows = [_object(item, _PLUGIN_KEYS, "plugins") for item in _list(value, "plugins")]
    found = tuple((_text(row, "name"), _digest(row, "digest")) for row in rows)
    names = [name for name, _ in found]
    if names != sorted(set(names)):
        raise _fault("plugins", ", ".join(names))
    return found


def _object(value: Json, keys: frozenset[str], name: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise _fault(name, type(value).__name__)
    if value.keys() != keys:
        raise _fault(name, ", ".join(sorted(value.keys() ^ keys)))
    return value


def _list(value: Json, name: str) -> Sequence[Json]:
    if not isinstance(value, list):
        raise _fault(name, type(value).__name__)
    return value


def _text(value: dict[str, Json], name: str) -> str:
    text = value[name]
    if not isinstance(text, str) or not text:
        raise _fault(name, str(text))
    return text


def _digest(value: dict[str, Json], name: str) -> str:
    text = value[name]
    if not isinstance(text, str) or not digests.is_digest(text):
        raise refused("DIGEST-FORM", Place(field=name), found=str(text)[:60])
    return text


def _git_id(value: dict[str, Json]) -> str:
    text = value["commit"]
    if not isinstance(text, str) or not digests.is_git_id(text):
        raise refused("GIT-ID-FORM", Place(field="commit"), found=str(text)[:60])
    return text


def _fault(part: str, found: str) -> Refused:
    return refused("MANIFEST-FORM", part=part, found=found[:80])
