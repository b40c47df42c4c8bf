"""The next policy version while it lies open: who proposes it, and who is still to sign it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from qms.domain.kinds.policy_files import PolicyFile, open_version, read_policy_files
from qms.domain.register.policies import AGREE
from qms.domain.register.register import PolicyEntry
from qms.findings import Finding, Place, Reason, Refused, refused
from qms.formats.paths import POLICY_FILES
from qms.jobs.policies.policy_chains import say_endless
from qms.jobs.policies.policy_changes import refuse_same, say_changes
from qms.jobs.policies.policy_ground import agreements, say_dropped
from qms.jobs.policies.policy_losses import say_losses
from qms.jobs.policies.policy_rounds import (
    contents_to_sign,
    edited_policy,
    files_at_root,
    keepers,
    opened_on,
)
from qms.jobs.policies.policy_sides import policy_to_follow
from qms.jobs.sessions.refusals import refusal
from qms.jobs.sessions.work_session import WorkSession
from qms.session import Written

_UNSIGNED: Final = (Reason.NOT_AS_LISTED, Reason.UNLISTED)


class OpenPolicy(NamedTuple):
    """A version that lies there and is not filed: who has signed, who may, how many must.

    `files` are those that it changes, `is_shared` tells whether the shared trunk has it so. `since`
    is the last signature; None where there is none.
    """

    version: int
    agreed: tuple[str, ...]
    waiting: tuple[str, ...]
    missing: int
    files: tuple[str, ...]
    is_shared: bool
    since: datetime | None


def open_policy(session: WorkSession) -> OpenPolicy | None:
    """The policy version that waits for signatures; None where policy.yaml is no next one.

    Where its files have changed since, no signature counts, and it waits for all of them again.
    """
    before = policy_to_follow(session)
    root = session.work_tree.read("policy.yaml")
    if before is None or root is None or open_version(root) != before.version + 1:
        return None
    contents = contents_to_sign(session)
    found, _ = read_policy_files({**contents, "policy.yaml": opened_on(root, before, contents)})
    if found is None:
        return None
    given = agreements(session, root, found, before)
    signed = tuple(slot for slot in given.held if slot.act == AGREE)
    agreed = tuple(slot.person for slot in signed)
    return OpenPolicy(
        found.policy.version,
        agreed,
        tuple(one for one in keepers(session, before.policy) if one not in agreed),
        max(before.policy.quorum.need - len(agreed), 0),
        tuple(_changed(before, found)),
        _is_shared(session, root),
        max((slot.time for slot in signed), default=None),
    )


def _changed(before: PolicyEntry, found: PolicyFile) -> Iterator[str]:
    """The files that a version changes: policy.yaml only where nothing else tells it."""
    old, new = dict(before.listed), dict(found.listed)
    names = [name for name in {**new, **old} if old.get(name) != new.get(name)]
    yield from sorted(names) or ("policy.yaml",)


def _is_shared(session: WorkSession, root: bytes) -> bool:
    try:
        seen = session.seen().partition(":")[2]
    except Refused:
        return False
    trunk = session.checker.history.tree(seen)
    return trunk is not None and trunk.read("policy.yaml") == root


class Proposed(NamedTuple):
    """A version that was laid open for the keepers to sign, and who they are."""

    written: Written
    version: int
    need: int
    waiting: tuple[str, ...]


def propose_policy(session: WorkSession) -> Proposed:
    """Lay what was edited of what a policy binds open as the next version, signed by nobody.

    Until the keepers have signed it, it changes nothing: the version in force judges. Raises
    `Refused` with what is wrong in it, POLICY-SAME, POLICY-PROPOSED-ALREADY, POLICY-KEEPERS-ONLY.
    """
    before = policy_to_follow(session)
    if before is None:
        raise refusal(session, Finding("ROOT-FILE-MISSING", Place("policy.yaml")))
    root, manifest, contents, found = edited_policy(session, before)
    refuse_same(session, before, manifest, contents)
    files = files_at_root(session, manifest, contents)
    if all(session.tree.read(name) == data for name, data in files.items()):
        raise refused("POLICY-PROPOSED-ALREADY", version=str(found.policy.version))
    _refuse_what_runs(session, before, files)
    say_changes(session, before, found, manifest, contents, proposing=True)
    say_losses(session, before, found.policy)
    say_endless(session, found.policy, before.policy)
    say_dropped(session, found, agreements(session, root, found, before))
    version = found.policy.version
    return Proposed(
        session.write(files, f"Propose policy {version}"),
        version,
        before.policy.quorum.need,
        tuple(before.policy.printed_name(one, session.language)
              for one in keepers(session, before.policy)),
    )  # fmt: skip


def _refuse_what_runs(
    session: WorkSession, before: PolicyEntry, files: Mapping[str, bytes | None]
) -> None:
    """Refuse what the gate takes from nobody but a keeper. Raises POLICY-KEEPERS-ONLY."""
    try:
        session.unrefused(files)
    except Refused as error:
        finding = error.finding
        if finding.reason not in _UNSIGNED or finding.place.path in POLICY_FILES:
            raise
        policy, language = before.policy, session.language
        names = ", ".join(policy.printed_name(one, language) for one in keepers(session, policy))
        values = {"name": finding.place.path, "holders": names or "-"}
        raise refused("POLICY-KEEPERS-ONLY", finding.place, **values) from error
