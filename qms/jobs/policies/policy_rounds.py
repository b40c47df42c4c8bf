"""The policy's own life: `init` makes version 1, `qms policy sign` every later one."""

import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from qms.domain.kinds.manifest_text import opened_manifest
from qms.domain.kinds.pins import PluginPin
from qms.domain.kinds.policy import FIDO, RULEBOOK, Key, Policy
from qms.domain.kinds.policy import FILE as FILE_KEY
from qms.domain.kinds.policy_files import (
    PolicyFile,
    open_file,
    read_policy_files,
)
from qms.domain.register.next_slots import named_after
from qms.domain.register.policies import AGREE, FILE, continuity_fault, policy_subject
from qms.domain.register.register import PolicyEntry, Register
from qms.domain.register.stale import DIGITS
from qms.findings import Finding, Place, Refused, refused
from qms.formats import cut, slots
from qms.formats.bound import bound_files
from qms.formats.digests import sha256
from qms.formats.paths import POLICY_FILES, policy_folder
from qms.formats.slots import Base, Notice, Statement, statements_in
from qms.formats.tree import Tree
from qms.jobs.judging.look_files import look_to_bind
from qms.jobs.judging.root_files import policy_faults
from qms.jobs.policies.policy_chains import say_endless
from qms.jobs.policies.policy_changes import refuse_same, say_changes, say_founding
from qms.jobs.policies.policy_days import say_out_of_force
from qms.jobs.policies.policy_ground import (
    agreements,
    refuse_unpublished,
    say_dropped,
    say_unsigned,
)
from qms.jobs.policies.policy_kinds import refuse_lost_kinds, refuse_unfit_plugins
from qms.jobs.policies.policy_losses import say_losses
from qms.jobs.policies.policy_sides import policy_to_follow
from qms.jobs.sessions.intents import Intent
from qms.jobs.sessions.refusals import refusal
from qms.jobs.sessions.work_session import WorkSession
from qms.session import Written

SIGNED_BYTES = ("people.yaml", "qms.yaml")

_FLOORS: Final = {
    "min_signers": "2", "self_approval": "false", "assurance": FILE_KEY, "paper": "false",
    "delegation_days": "0", "emergency_days": "0", "temporary_days": "0", "legacy": "open",
}  # fmt: skip
"""What a new system begins with. Key files are enough and what was before may be brought in, else
nobody without security keys, or with documents, could begin; all else is at its strictest."""


@dataclass(frozen=True, slots=True)
class PolicySigned:
    """What signing a policy left: who is still to sign; filed when nobody is."""

    written: Written
    version: int
    missing: int
    waiting: tuple[str, ...]
    trunk: str = ""
    """The branch that is the trunk from now on, where that was another one."""


class EditedPolicy(NamedTuple):
    """The next version as somebody edited it: its files, and what they say.

    `root` is policy.yaml as it lies there, `manifest` what it becomes as that version.
    """

    root: bytes
    manifest: bytes
    contents: dict[str, bytes]
    found: PolicyFile


def edited_policy(
    session: WorkSession, before: PolicyEntry | None, fresh: bytes | None = None
) -> EditedPolicy:
    """The version that follows `before`, from what lies in the work tree, judged by itself.

    Raises `Refused` ROOT-FILE-MISSING, or with what keeps it from being signed.
    """
    contents = contents_to_sign(session)
    root = session.repository.work_tree().read("policy.yaml") or fresh
    if root is None:
        raise refusal(session, Finding("ROOT-FILE-MISSING", Place("policy.yaml")))
    manifest = opened_on(root, before, contents)
    found, faults = read_policy_files({**contents, "policy.yaml": manifest})
    if found is None:
        raise Refused(faults[0])
    fault = next(faults_before_signing(session, found.policy, before), None)
    if fault is not None:
        raise Refused(fault)
    return EditedPolicy(root, manifest, contents, found)


def first_manifest(plugins: tuple[PluginPin, ...], role: str, need: int) -> bytes:
    """The head and empty tail of policy version 1, digests still to be filled in."""
    pins = "".join(f"  - {{name: {pin.name}}}\n" for pin in plugins)
    floors = "".join(f"  {name}: {value}\n" for name, value in _FLOORS.items())
    return (
        f'id: "{secrets.token_hex(16)}"\nversion: 1\nrulebook: {RULEBOOK}\n'
        f"plugins:\n{pins}quorum: {{role: {role}, need: {need}}}\n"
        f"floors:\n{floors}files: []\n"
        "status: draft\napprovals: []\n"
    ).encode()


def sign_policy(
    session: WorkSession,
    fresh: bytes | None = None,
    agree: Callable[[], None] = lambda: None,
    core_commands: Collection[str] = (),
) -> PolicySigned:
    """Agree to the open policy version, opening it where none is; file it when all have agreed.

    What is signed are the root's people.yaml and qms.yaml as they lie in the work tree; `fresh` is
    the manifest of a repo that has none. `agree` is called once it was told what is signed, and
    raises where it isn't meant; from then on the plugins that it lists anew may run, and none may
    bring one of `core_commands`. Raises `Refused` with what is wrong in them, POLICY-NOT-YOURS or
    FOUNDING-NOT-YOURS for somebody whom the quorum doesn't name.
    """
    before = policy_to_follow(session)
    edited = edited_policy(session, before, fresh)
    found, manifest, contents = edited.found, edited.manifest, edited.contents
    governing = found.policy if before is None else before.policy
    person, _ = session.owner_of_key(governing)
    quorum = governing.quorum
    holders = governing.holders(quorum.role, governing.day(session.now))
    if person.id not in holders:
        able = keepers(session, governing)
        names = ", ".join(governing.printed_name(one, session.language) for one in able)
        values = {"person": governing.printed_name(person.id, session.language),
                  "role": governing.role_name(quorum.role, session.language),
                  "holders": names or "-", "need": str(quorum.need),
                  "policy": str(governing.version)}  # fmt: skip
        # Nothing can be proposed or shared before there is a policy.
        code = "POLICY-NOT-YOURS" if before is not None else "FOUNDING-NOT-YOURS"
        raise Refused(Finding(code, Place("policy.yaml"), values))
    # Whoever begins without a spare holder is locked out by the first lost key.
    if len(holders) < quorum.need + (1 if before is None else 0):
        raise refused("QUORUM-SPARE", need=str(quorum.need), found=str(len(holders)))
    laid = _agreed_before(session, edited, before)
    already = any(slot.person == person.id for slot in laid)
    agreed = {person.id, *(slot.person for slot in laid if slot.act == AGREE)}
    missing = max(quorum.need - len(agreed), 0)
    waiting = tuple(p for p in keepers(session, governing) if p not in agreed)
    if already and missing:
        values = {"person": person.id, "version": str(found.policy.version)}
        raise refused(
            "AGREED-ALREADY",
            **values,
            waiting=", ".join(found.policy.printed_name(one, session.language) for one in waiting),
        )
    agree()
    refuse_unfit_plugins(session, before, found.policy, core_commands)
    refuse_lost_kinds(session, before, found.policy)
    if not already:
        laid.append(_signed(session, found, before, AGREE, "1", laid, manifest))
    if not missing:
        laid.append(_signed(session, found, before, FILE, "2", laid, manifest))
    asked = [Notice(AGREE, "1", quorum.role, one) for one in waiting if missing]
    status = "in-review" if missing else "signed"
    data = cut.with_tail(
        manifest, slots.render_tail(slots.Tail(status, slots.in_order((*laid, *asked))))
    )
    return _write(
        session,
        found,
        data,
        contents,
        PolicySigned(
            Written("", ()),
            found.policy.version,
            missing,
            tuple(found.policy.printed_name(one, session.language) for one in waiting),
            found.policy.trunk if governing.trunk != found.policy.trunk else "",
        ),
    )


def keepers(session: WorkSession, governing: Policy) -> tuple[str, ...]:
    """Who may sign the version after this one, and has a key to do it, or may get one."""
    holders = governing.holders(governing.quorum.role, governing.day(session.now))
    return tuple(one for one in holders if governing.may_sign(one))


def _agreed_before(
    session: WorkSession, edited: EditedPolicy, before: PolicyEntry | None
) -> list[Statement]:
    """Whose agreements count for what is to be signed, once it is shown and may be signed at all.

    Raises `Refused` POLICY-SAME, POLICY-UNPUBLISHED.
    """
    found = edited.found
    given = agreements(session, edited.root, found, before)
    if before is not None:
        if not given.held and not given.dropped:
            refuse_same(session, before, edited.manifest, edited.contents)
        refuse_unpublished(session)
        say_changes(session, before, found, edited.manifest, edited.contents)
        say_unsigned(session, before)
        say_out_of_force(session, before, found.policy)
        say_losses(session, before, found.policy)
    else:
        say_founding(session, found.policy)
    say_endless(session, found.policy, None if before is None else before.policy)
    say_dropped(session, found, given)
    return given.held


def faults_before_signing(
    session: WorkSession, policy: Policy, before: PolicyEntry | None
) -> Iterator[Finding]:
    """What keeps a policy from being signed: nobody could mend it but by the next one.

    A plugin that it is the first to admit must be here, that nobody admits what is not there.
    """
    register = Register() if before is None else session.register
    kept = () if before is None else before.policy.plugins
    yield from session.hooks.missing(pin for pin in policy.plugins if pin not in kept)
    fault = None if before is None else continuity_fault(policy, before, register)
    if fault is not None:
        yield fault.at(path="policy.yaml")
    yield from policy_faults(policy, session.hooks, register, session.repository.work_tree())
    able = [
        one
        for one in policy.holders(policy.quorum.role, policy.day(session.now))
        if any(_proves(held, policy) for held in policy.persons[one].keys)
    ]
    if len(able) < policy.quorum.need:
        values = {"need": str(policy.quorum.need), "found": str(len(able))}
        yield Finding("QUORUM-LOCKED", Place("policy.yaml", "quorum"), values)


def _proves(held: Key, policy: Policy) -> bool:
    """Whether a key does for the next version, which nobody could sign with a lesser one."""
    return not held.void and (held.public.is_hardware or policy.assurance(None) != FIDO)


def _write(
    session: WorkSession,
    found: PolicyFile,
    data: bytes,
    contents: Mapping[str, bytes],
    signed: PolicySigned,
) -> PolicySigned:
    files = files_at_root(session, data, contents)
    version = found.policy.version
    message = f"Agree to policy {version}"
    if not signed.missing:
        folder = _free_folder(session, version, data)
        files |= {f"{folder}/{name}": contents.get(name, data) for name in POLICY_FILES}
        message = f"File policy {version}"
    return replace(signed, written=session.write(files, message))


def files_at_root(
    session: WorkSession, manifest: bytes, contents: Mapping[str, bytes]
) -> dict[str, bytes | None]:
    """What a version with this manifest lays at the root, and what it takes away: all it binds."""
    head = session.repository.head_tree()
    bound = (*contents, *_to_bind(head, manifest))
    files = {one: contents.get(one) for one in bound if one in contents or head.entry(one)}
    return {"policy.yaml": manifest, **files}


def _free_folder(session: WorkSession, version: int, signed: bytes) -> str:
    """Where a version is filed: beside one of its number whose time has not come."""
    folder = policy_folder(version)
    if all(one.folder != folder for one in session.register.policy_filings()):
        return folder
    parts = cut.cut_yaml(signed)
    tail = slots.parse_tail(parts.tail, parts.tail_line)
    filing = next(one for one in statements_in(tail.slots) if one.act == FILE)
    return policy_folder(version, filing.id.partition(":")[2][:DIGITS])


def contents_to_sign(session: WorkSession) -> dict[str, bytes]:
    """The files that a version binds, as they lie there. Raises `Refused` ROOT-FILE-MISSING."""
    tree = (
        session.work_tree
        if session.repository.head() is not None
        else (session.repository.work_tree())
    )
    manifest = session.repository.work_tree().read("policy.yaml") or b""
    found = {name: tree.read(name) for name in _to_bind(tree, manifest)}
    for name in SIGNED_BYTES:
        if found[name] is None:
            raise refusal(session, Finding("ROOT-FILE-MISSING", Place(name)))
    return {name: data for name, data in found.items() if data is not None}


def _to_bind(tree: Tree, manifest: bytes) -> Iterator[str]:
    """The files of a tree that a version binds: its own, what machines go by, what it lists."""
    yield from SIGNED_BYTES
    yield from bound_files(tree)
    yield from look_to_bind(tree)
    opened = open_file(manifest)
    if opened is not None:
        yield from (name for name in opened.listed if name not in POLICY_FILES)


def opened_on(manifest: bytes, before: PolicyEntry | None, contents: Mapping[str, bytes]) -> bytes:
    """policy.yaml of the version to be signed on `before`: the open one, or a new one."""
    listed = {name: sha256(data) for name, data in contents.items()}
    return opened_manifest(manifest, None if before is None else before.version, listed)


def _filings(session: WorkSession, before: PolicyEntry | None) -> tuple[str, ...]:
    """The last acts of the version before, and of all that were filed on the same base."""
    if before is None:
        return ()
    twins = session.register.policies_on(before.base)
    return named_after((), (before.filing.id,), (one.filing.id for one in twins))


def _signed(  # noqa: PLR0913, PLR0917 - the facts of one statement
    session: WorkSession,
    found: PolicyFile,
    before: PolicyEntry | None,
    act: str,
    step: str,
    laid: list[Statement],
    manifest: bytes,
) -> Statement:
    governing = found.policy if before is None else before.policy
    intent = Intent(
        act=act,
        step=step,
        role=governing.quorum.role,
        subject=policy_subject(found.policy.version),
        content=found.content,
        base=None if before is None else Base(str(before.version), before.content),
        round=1,
        after=named_after(laid) or _filings(session, before),
        meaning="agreed" if act == AGREE else "filed",
        not_before=laid,
    )

    def lay(signed: Sequence[Statement]) -> dict[str, bytes | None]:
        tail = slots.Tail("signed", slots.in_order((*laid, *signed)))
        return {"policy.yaml": cut.with_tail(manifest, slots.render_tail(tail))}

    if before is not None:
        return session.sign([intent], lay, under=before)[0]
    person, _ = session.owner_of_key(found.policy)
    language = found.policy.organisation.language
    slot = session.lay_root(intent, person, language, found.content)
    return session.signed([slot], lay)[0]
