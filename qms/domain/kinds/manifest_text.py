"""policy.yaml while it is being written: its version, and the digests of the files it binds."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from qms.domain.kinds.policy_files import open_version
from qms.findings import Refused
from qms.formats import cut, strict_yaml
from qms.formats.digests import sha256
from qms.formats.head_edit import set_key

_PLAIN: Final = frozenset(
    ("people.yaml", "qms.yaml", ".gitattributes", ".github/workflows/qms.yml", ".gitlab-ci.yml")
)
"""Names that stand without quotes: people have agreed to heads in which they do."""
_UNSIGNED: Final = b"status: draft\napprovals: []\n"


def with_digests(manifest: bytes, contents: Mapping[str, bytes]) -> bytes:
    """The manifest with the digests of the files that it binds."""
    return binding(manifest, {name: sha256(data) for name, data in contents.items()})


def binding(manifest: bytes, listed: Mapping[str, str]) -> bytes:
    """The manifest with these files and digests in its list."""
    parts = cut.cut_yaml(manifest)
    rows = ", ".join(
        f'{{path: {_spelled(name)}, sha256: "{listed[name]}"}}' for name in sorted(listed)
    )
    return cut.join(replace(parts, head=set_key(parts.head, "files", f"[{rows}]")))


def opened_manifest(manifest: bytes, before: int | None, listed: Mapping[str, str]) -> bytes:
    """policy.yaml of the version that follows `before`: the open one, or a new one.

    `listed` are the digests of the files that it is to bind. Where these are others than those
    that were signed, it is signed by nobody.
    """
    if before is not None and open_version(manifest) == before:
        parts = cut.cut_yaml(manifest)
        head = set_key(parts.head, "version", str(before + 1))
        if head.startswith(b"id:"):
            head = head.partition(b"\n")[2]
        manifest = head + _UNSIGNED
    bound = binding(manifest, listed)
    if bound != manifest and cut.cut_yaml(bound).content != cut.cut_yaml(manifest).content:
        return cut.cut_yaml(bound).head + _UNSIGNED
    return manifest


def _spelled(name: str) -> str:
    if name in _PLAIN:
        return name
    try:
        return strict_yaml.scalar(name)
    except Refused as refused:
        raise Refused(refused.finding.at(path=name)) from None
