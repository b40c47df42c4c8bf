"""What a version of the policy changes against the one it follows: shown before it is signed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from qms.domain.kinds.policy import Policy
from qms.domain.kinds.policy_files import PolicyFile
from qms.domain.library.alignment import Alignment
from qms.domain.register.register import PolicyEntry
from qms.findings import Finding, Place, QmsError, Refused
from qms.formats import cut
from qms.formats.digests import sha256
from qms.formats.head import read_head
from qms.formats.head_edit import drop_key
from qms.formats.paths import POLICY_FILES
from qms.jobs.policies.policy_words import changes_in_words, founding_in_words
from qms.jobs.policies.said_lines import say_lines
from qms.jobs.sessions.work_session import WorkSession

SHOWN_LINES: Final = 60
"""So many lines of what differs are shown; where there are more, the files are to be read."""

SHOWN_WORDS: Final = 200
"""So many changes are said in words: a company of some hundred people founds with one line."""

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


def say_changes(  # noqa: PLR0913 - the two versions, and what is done with the newer one
    session: WorkSession,
    before: PolicyEntry,
    found: PolicyFile,
    manifest: bytes,
    contents: Mapping[str, bytes],
    *,
    proposing: bool = False,
) -> None:
    """Show what is agreed to, or proposed, in words and line by line: what you see is signed."""
    version = before.version + 1
    new = {**contents, "policy.yaml": manifest}
    old = _filed(session, before)
    old |= _bound(session, before)
    names = tuple(dict.fromkeys((*POLICY_FILES, *old, *new)))
    lines = [line for name in names for line in _lines(name, old.get(name), new.get(name))]
    zh, en = ("提出", "Proposing") if proposing else ("签署", "Signing")
    session.say(
        f"{zh}策略第 {version} 版，与第 {before.version} 版相比：",
        f"{en} policy {version}; against version {before.version}:",
    )
    words = [*changes_in_words(before.policy, found.policy)]
    words += _files_in_words(before, found)
    _say(session, words or [("没有改变人员、角色、类别", "no person, role or class changes")])
    if lines:
        session.say("逐行：", "Line by line:")
    for line in lines[:SHOWN_LINES]:
        session.say(f"  {line}", f"  {line}")
    more = len(lines) - SHOWN_LINES
    if more > 0:
        read = ", ".join(name for name in names if old.get(name) != new.get(name))
        session.say(f"  …另有 {more} 行：请查看 {read}", f"  … {more} lines more: read {read}")


def say_founding(session: WorkSession, policy: Policy) -> None:
    """Show what a first version holds."""
    session.say("签署策略第 1 版：", "Signing policy 1:")
    _say(session, [*founding_in_words(policy)])


def _say(session: WorkSession, words: Sequence[tuple[str, str]]) -> None:
    say_lines(session, [(f"* {zh}", f"* {en}") for zh, en in words], SHOWN_WORDS)


def _files_in_words(before: PolicyEntry, found: PolicyFile) -> Iterator[tuple[str, str]]:
    """Which other files the version binds anew, otherwise, or no longer."""
    old, new = before.listed, found.listed
    for name in dict.fromkeys((*new, *old)):
        if name in POLICY_FILES or old.get(name) == new.get(name):
            continue
        if name not in old:
            yield f"列入 {name}", f"lists {name}"
        elif name not in new:
            yield f"不再列入 {name}", f"no longer lists {name}"
        else:
            yield f"{name} 内容改变", f"{name} is another one"


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
        if old == new or name == "policy.yaml":
            return
        before, after = ([sha256(data or b"")] for data in (old, new))  # line ends, and no more
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
    """The lines that people agree to: of policy.yaml the head, whose tail are the signatures.

    Neither its number, which is said, nor the digests: the files that they are of are shown. Of a
    logo, which has no lines, its digest.
    """
    if b"\0" in data:
        return (sha256(data),)
    if name == "policy.yaml":
        data = cut.cut_yaml(data).head
        for key in _OF_EACH_VERSION:
            data = drop_key(data, key)
    return data.decode(errors="replace").splitlines()
