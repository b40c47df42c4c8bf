"""What a version of the policy changes against the one it follows: shown before it is signed."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import unified_diff
from typing import Final

from qms.domain.policy_files import POLICY_FILES
from qms.domain.register import PolicyEntry
from qms.findings import Finding, Place, QmsError, Refused
from qms.formats import cut
from qms.formats.digests import sha256
from qms.formats.head import read_head
from qms.jobs.session import WorkSession

SHOWN_LINES: Final = 60
"""So many lines of what differs are shown; where there are more, the files are to be read."""

_OF_EACH_VERSION: Final = ("id", "version", "files")


def refuse_same(
    session: WorkSession,
    before: PolicyEntry,
    manifest: bytes,
    contents: Mapping[str, bytes],
) -> None:
    """Refuse to open a version that says what the one in force says. Raises POLICY-SAME.

    Where several were filed on one base there is a reason to sign the same once more: the next
    version says that its signers have seen them all.
    """
    if len(session.register.policies_on(before.base)) > 1 or session.effects.policies.rivals:
        return
    old = _filed(session, before)
    others = {name: sha256(data) for name, data in contents.items() if name not in old}
    same = all(contents.get(name) == old[name] for name in POLICY_FILES[1:])
    if same and others == dict(before.listed) and _said(manifest) == _said(old["policy.yaml"]):
        raise Refused(
            Finding("POLICY-SAME", Place("policy.yaml"), {"version": str(before.version)})
        )


def _said(manifest: bytes) -> dict[str, object] | None:
    """What the head of a policy.yaml says, without what differs in each version anyway."""
    try:
        head = read_head(cut.cut_yaml(manifest))
    except QmsError:
        return None  # told where its form is judged
    return {key: value for key, value in head.items() if key not in _OF_EACH_VERSION}


def say_changes(
    session: WorkSession, before: PolicyEntry, manifest: bytes, contents: Mapping[str, bytes]
) -> None:
    """Show what is agreed to: what you see is what you sign, as for a document."""
    version = before.version + 1
    new = {**contents, "policy.yaml": manifest}
    old = _filed(session, before)
    lines = [line for name in POLICY_FILES for line in _lines(name, old[name], new[name])]
    session.say(
        f"签署策略第 {version} 版，与第 {before.version} 版相比：",
        f"Signing policy {version}; against version {before.version}:",
    )
    for line in lines[:SHOWN_LINES]:
        session.say(f"  {line}", f"  {line}")
    more = len(lines) - SHOWN_LINES
    if more > 0:
        names = ", ".join(POLICY_FILES)
        session.say(f"  …另有 {more} 行：请查看 {names}", f"  … {more} lines more: read {names}")


def _filed(session: WorkSession, entry: PolicyEntry) -> dict[str, bytes]:
    blob = session.repository.objects.blob
    return dict(zip(POLICY_FILES, map(blob, entry.blobs), strict=True))


def _lines(name: str, old: bytes, new: bytes) -> Iterator[str]:
    before, after = (_text(name, data) for data in (old, new))
    yield from unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm="", n=1)


def _text(name: str, data: bytes) -> Sequence[str]:
    """The lines that people agree to: of policy.yaml the head, whose tail are the signatures."""
    if name == "policy.yaml":
        data = cut.cut_yaml(data).head
    return data.decode(errors="replace").splitlines()
