"""A policy version that somebody proposed while another one came into force under its number.

What it changes is not lost, and not in force either: it goes on as a proposal of the version that
follows, for the keepers to sign. Who had agreed to it agreed to something else than that.
"""

from qms.domain.kinds.look import is_look_file
from qms.domain.kinds.manifest_text import opened_manifest
from qms.domain.kinds.policy_files import open_file
from qms.domain.uniting.line_merge import merged_lines
from qms.findings import Refused
from qms.formats import cut
from qms.formats.digests import sha256
from qms.formats.head_edit import drop_key
from qms.formats.paths import POLICY_FILES
from qms.formats.slots import statements_in
from qms.formats.tree import Tree, TreeEntry

_MANIFEST, *_TABLES = POLICY_FILES


def who_proposed(tree: Tree) -> str:
    """Who has agreed to the version that lies open, by their ids; a dash for nobody."""
    found = open_file(tree.read(_MANIFEST) or b"")
    agreed = () if found is None else statements_in(found.slots)
    return ", ".join(dict.fromkeys(one.person for one in agreed)) or "-"


def proposed_next(
    filed: Tree, open_: Tree, base: Tree
) -> dict[str, TreeEntry | bytes | None] | None:
    """The root's files with what `open_` changes of `base`, on the version that is `filed`.

    With the look that it lists. None where both changed the same lines or the same look, where the
    open version isn't one that the filed overtook, or changes what machines go by: that lies
    nowhere unsigned.
    """
    heads = [tree.read(_MANIFEST) or b"" for tree in (base, filed, open_)]
    before, now, then = map(open_file, heads)
    if before is None or now is None or then is None or then.version > now.version:
        return None
    if _own_words(heads[2]) not in {_own_words(heads[0]), _own_words(heads[1])}:
        return None
    files: dict[str, TreeEntry | bytes | None] = {}
    tables: dict[str, str] = {}
    for name in _TABLES:
        merged = _merged(*(tree.read(name) or b"" for tree in (base, filed, open_)))
        if merged is None:
            return None
        files[name] = merged
        tables[name] = sha256(merged)
    listed = dict(now.listed)
    for path in {*before.listed, *then.listed} - {*POLICY_FILES}:
        was, digest = before.listed.get(path), then.listed.get(path)
        if digest in {was, now.listed.get(path)}:
            continue
        if now.listed.get(path) != was or not is_look_file(path):
            return None
        files[path] = open_.entry(path)
        if digest is None:
            del listed[path]
        else:
            listed[path] = digest
    listed |= tables
    try:
        return {_MANIFEST: opened_manifest(heads[1], now.version, listed), **files}
    except Refused:
        return None


def _own_words(manifest: bytes) -> bytes:
    """What of a manifest people write: neither its number nor the digests."""
    head = cut.cut_yaml(manifest).head
    for key in ("id", "version", "files"):
        head = drop_key(head, key)
    return head


def _merged(base: bytes, one: bytes, other: bytes) -> bytes | None:
    if one in {base, other}:
        return other
    if base == other:
        return one
    try:
        merged = merged_lines(base.decode(), one.decode(), other.decode())
    except UnicodeDecodeError:
        return None
    return merged.encode() if isinstance(merged, str) else None
