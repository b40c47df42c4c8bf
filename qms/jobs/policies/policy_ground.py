"""What a version of the policy is signed upon: what its signers had seen, and who agreed before.

A version judges whatever its filing signer had not seen by its own keys and roles. So what was
recorded in this clone alone must be shared before anybody signs: a signature's `seen` can't be
mended afterwards.
"""

from typing import NamedTuple

from qms.domain.kinds.kind import FREE_FOR_PLUGINS
from qms.domain.kinds.limits import governed_changes
from qms.domain.kinds.policy_files import (
    OpenFile,
    PolicyFile,
    open_file,
    open_version,
)
from qms.domain.register.policies import AGREE, had_seen, policy_subject, valid_agreements
from qms.domain.register.register import PolicyEntry
from qms.findings import Finding, Place, QmsError, Refused
from qms.formats import cut, slots
from qms.formats.paths import POLICY_FILES
from qms.formats.slots import Base, Statement, statements_in
from qms.jobs.judging.repository_history import judgement_of
from qms.jobs.sessions.work_session import WorkSession

_RECORDED = ("policy", "released", "copies", *FREE_FOR_PLUGINS)
"""The folders of the register: what lies there and wasn't seen, a new version judges."""


def refuse_unpublished(session: WorkSession) -> None:
    """Refuse to sign while the register holds what a signature of mine would not have seen.

    Raises `Refused` POLICY-UNPUBLISHED, with the first such file and their number.
    """
    seen = session.seen()
    older = session.checker.history.tree(seen.partition(":")[2])
    if older is None:
        return
    unseen = [
        change.path
        for folder in _RECORDED
        for change in governed_changes(session.tree, older, folder)
        if change.after is not None
    ]
    if unseen:
        path = next((one for one in unseen if one.startswith("policy/")), unseen[0])
        values = {"what": path, "count": str(len(unseen)), "branch": session.trunk}
        raise Refused(Finding("POLICY-UNPUBLISHED", Place(path), values))


class Agreements(NamedTuple):
    """Who has agreed to the open version: those that go on, and those that no longer can.

    Each of `dropped` has the reason in both languages.
    """

    held: list[Statement]
    dropped: tuple[tuple[Statement, str, str], ...] = ()


def agreements(
    session: WorkSession, manifest: bytes, found: PolicyFile, before: PolicyEntry | None
) -> Agreements:
    """The signatures in the root's policy.yaml that still hold for the version in `found`."""
    try:
        parts = cut.cut_yaml(manifest)
        laid = statements_in(slots.parse_tail(parts.tail, parts.tail_line).slots)
    except QmsError:
        return Agreements([])
    if open_version(manifest) != found.policy.version:
        filings = () if before is None else session.register.policy_versions(before.version)
        ids = {slot.id for one in filings for slot in one.slots}
        laid = tuple(slot for slot in laid if slot.id not in ids)
    held = _held(session, laid, found, before)
    reasons = [(slot, _lost(session, slot, found, before) or _forged(slot, held)) for slot in laid]
    return Agreements(
        [slot for slot, reason in reasons if reason is None],
        tuple((slot, *reason) for slot, reason in reasons if reason is not None),
    )


def _held(
    session: WorkSession, laid: tuple[Statement, ...], found: PolicyFile, before: PolicyEntry | None
) -> frozenset[str]:
    """Ids of what holds as an agreement; before version 1, whose keys are its own, of all."""
    if before is None:
        return frozenset(slot.id for slot in laid)
    opened = OpenFile(found.policy.version, found.content, laid, found.listed)
    judge = judgement_of(session.hooks, session.checker.history).judge
    valid = valid_agreements(judge, opened, before, session.register, ())
    return frozenset(slot.id for slot in valid)


def _forged(slot: Statement, held: frozenset[str]) -> tuple[str, str] | None:
    """Anybody can lay a slot: one that doesn't hold would keep the version from being filed."""
    if slot.act != AGREE or slot.id in held:
        return None
    return "签名不成立", "the signature does not hold"


def _lost(
    session: WorkSession, signed: Statement, found: PolicyFile, before: PolicyEntry | None
) -> tuple[str, str] | None:
    """Why a signature can't count in this version, in both languages, or None."""
    if before is not None and signed.subject == policy_subject(before.version):
        return "该版已由他人签署生效", "that version was filed without it"
    if (signed.subject, signed.content) != (policy_subject(found.policy.version), found.content):
        return "其签署后文件已有改动", "the files have changed since"
    if before is None:
        return None
    base = Base(str(before.version), before.content)
    if signed.base != base or signed.policy != before.content:
        return "所依据的前一版不同", "it was given on another version before"
    judge = judgement_of(session.hooks, session.checker.history).judge
    unseen = (
        f"其签署时第 {before.version} 版尚未推送到主干",
        f"version {before.version} was not on the shared trunk when it was given",
    )
    return None if had_seen(judge, signed.seen, before, session.register) else unseen


def say_unsigned(session: WorkSession, before: PolicyEntry) -> None:
    """Tell which of the root's files differ in HEAD already by nobody's signature.

    Whoever enters one thing of their own signs all that lies there.
    """
    tree = session.repository.head_tree()
    opened = open_file(tree.read("policy.yaml") or b"")
    if opened is None or opened.version != before.version + 1:
        return
    judge = judgement_of(session.hooks, session.checker.history).judge
    if valid_agreements(judge, opened, before, session.register, ()):
        return
    found = ((name, tree.entry(name)) for name in POLICY_FILES)
    filed: dict[str, str] = dict(zip(POLICY_FILES, before.blobs, strict=True))
    other = [name for name, entry in found if entry is None or entry.id != filed[name]]
    names, version = ", ".join(other), str(opened.version)
    session.say(
        f"注意：已提交的 {names} 早已是第 {version} 版的内容，而无人签署：这是一份提案"
        "（您的或他人的），将与您此处的修改一并签署。若非您所愿，请勿推送。",
        f"Note: {names} as committed say version {version} already, signed by nobody: a proposal, "
        "yours or somebody else's, which you sign with all you changed. Not meant? Don't push.",
    )


def say_dropped(session: WorkSession, found: PolicyFile, agreed: Agreements) -> None:
    """Tell whose agreement no longer counts, and why: they must sign once more."""
    for slot, zh, en in agreed.dropped:
        if slot.act != AGREE:
            continue
        name = found.policy.printed_name(slot.person, session.language)
        version = slot.subject.revision
        session.say(
            f"{name} 对策略第 {version} 版的同意不再有效：{zh}；须重新签署。",
            f"{name}'s agreement to policy {version} no longer counts: {en}. They must sign again.",
        )
