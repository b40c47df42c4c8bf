"""What a version of the policy changes against the one it follows: shown before it is signed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from qms.domain.library.alignment import Alignment
from qms.domain.register.register import PolicyEntry
from qms.findings import Finding, Place, QmsError, Refused
from qms.formats import cut
from qms.formats.digests import sha256
from qms.formats.head import read_head
from qms.formats.paths import POLICY_FILES
from qms.jobs.sessions.work_session import WorkSession

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
    old |= _bound(session, before)
    names = tuple(dict.fromkeys((*POLICY_FILES, *old, *new)))
    lines = [line for name in names for line in _lines(name, old.get(name), new.get(name))]
    session.say(
        f"签署策略第 {version} 版，与第 {before.version} 版相比：",
        f"Signing policy {version}; against version {before.version}:",
    )
    for line in lines[:SHOWN_LINES]:
        session.say(f"  {line}", f"  {line}")
    more = len(lines) - SHOWN_LINES
    if more > 0:
        read = ", ".join(name for name in names if old.get(name) != new.get(name))
        session.say(f"  …另有 {more} 行：请查看 {read}", f"  … {more} lines more: read {read}")


def _filed(session: WorkSession, entry: PolicyEntry) -> dict[str, bytes]:
    blob = session.repository.objects.blob
    return dict(zip(POLICY_FILES, map(blob, entry.blobs), strict=True))


def _bound(session: WorkSession, entry: PolicyEntry) -> dict[str, bytes]:
    """Other files that a version binds, as it bound them; HEAD may have newer ones already."""
    found: dict[str, bytes] = {}
    left = {name: digest for name, digest in entry.listed.items() if name not in POLICY_FILES}
    repository = session.repository
    for commit in reversed(repository.commits(session.head)):
        tree = repository.tree(commit.tree)
        for name, digest in tuple(left.items()):
            data = tree.read(name)
            if data is not None and sha256(data) == digest:
                found[name] = data
                del left[name]
        if not left:
            break
    return found


def _lines(name: str, old: bytes | None, new: bytes | None) -> Iterator[str]:
    before, after = (_text(name, data) for data in (old or b"", new or b""))
    there, come = (f"a/{name}" if old is not None else "-", f"b/{name}" if new is not None else "-")
    if before == after:
        return
    yield from (f"--- {there}", f"+++ {come}")
    above: Sequence[str] = ()
    for removed, added, same in Alignment().parts(before, after):
        if removed or added:
            yield from ("…",) * (len(above) > 1)
            yield from (f" {line}" for line in above[-1:])
            yield from (f"-{line}" for line in removed)
            yield from (f"+{line}" for line in added)
            yield from (f" {line}" for line in same[:1])
            above = same[1:]
        else:
            above = same


def _text(name: str, data: bytes) -> Sequence[str]:
    """The lines that people agree to: of policy.yaml the head, whose tail are the signatures."""
    if name == "policy.yaml":
        data = cut.cut_yaml(data).head
    return data.decode(errors="replace").splitlines()
