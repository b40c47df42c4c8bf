"""Kinds that a version of the policy takes the plugin from, though files of them are recorded.

What was validly recorded may never go, and only its kind keeps it. So the kinds count that the new
version's releases bring, and where files of them lie, not the names of plugins; and where it can't
be told what they bring, it isn't said that all is well.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from qms.domain.kinds.kind import beside
from qms.domain.kinds.pins import PluginPin
from qms.domain.kinds.policy import Policy
from qms.domain.register.gone_kinds import is_held, is_plugins, signed_files, signed_in
from qms.domain.register.register import PolicyEntry, Register
from qms.findings import Finding, Place, Reason
from qms.formats.slots import Statement
from qms.formats.tree import Tree
from qms.plugins import Hooks


def kinds_lost(
    before: Policy, policy: Policy, hooks: Hooks, tree: Tree, register: Register | None = None
) -> Iterator[Finding]:
    """KIND-IN-USE for each kind with signed files in `tree` that nobody keeps under `policy`.

    `before` is the version that it follows. With a `register`, which `hooks` have judged, each of
    the files must be recorded in it; and a release that the policy lists and that isn't loaded is
    PLUGIN-MISSING or what else it is. Without one that is left to whoever signs.
    """
    if all(pin in policy.plugins for pin in _judging(before)):
        return  # it takes nothing from anybody
    absent = hooks.other_releases(policy)
    lost: dict[str, str] = {}
    for path, signed in signed_files(tree):
        is_kept = _is_kept(hooks, policy, path)
        if is_kept and register is not None:
            is_kept = _is_recorded(register, hooks, tree, path, signed)
        if not is_kept:
            lost.setdefault(signed[0].subject.kind, _folder(hooks, path))
    if lost and absent:
        yield from () if register is None else hooks.missing(absent) or hooks.findings
        return
    for kind, folder in lost.items():
        yield _in_use(before, policy, kind, folder, _keepers(before))


def signed_without_kinds(
    policy: PolicyEntry, hooks: Hooks, register: Register, tree: Tree, paths: Iterable[str]
) -> Iterator[Finding]:
    """KIND-IN-USE for signed files among `paths` that come when nobody keeps them any more.

    It is what `filed_without_kinds` tells where both come the other way round. `policy` is the one
    in force; a release of its that isn't here is told elsewhere.
    """
    base = _before_dropped(policy, register)
    if base is None or hooks.other_releases(policy.policy):
        return
    told: set[str] = set()
    for path in sorted(filter(is_plugins, paths)):
        signed = signed_in(tree, path)
        kind = signed[0].subject.kind if signed else ""
        if signed and kind not in told and not _is_kept(hooks, policy.policy, path):
            told.add(kind)
            keepers, folder = _keepers(policy.policy), _folder(hooks, path)
            yield _in_use(base.policy, policy.policy, kind, folder, keepers)


def _before_dropped(policy: PolicyEntry, register: Register) -> PolicyEntry | None:
    """The newest version of which a policy doesn't list each release; None where there is none."""
    base = register.policy(policy.base) if policy.base else None
    while base is not None and all(pin in policy.policy.plugins for pin in _judging(base.policy)):
        base = register.policy(base.base) if base.base else None
    return base


def _in_use(before: Policy, policy: Policy, kind: str, folder: str, keepers: str) -> Finding:
    names = ", ".join(pin.name for pin in _judging(before) if pin not in policy.plugins)
    values = {"name": names, "kind": kind, "folder": folder, "keepers": keepers}
    place = Place("policy.yaml", "plugins")
    return Finding("KIND-IN-USE", place, values, reason=Reason.UNKEPT)


def _is_kept(hooks: Hooks, policy: Policy, path: str) -> bool:
    """Whether a release that a policy lists, and that is loaded, brings the kind of a path."""
    kind = hooks.kinds.of(path)
    listed = {pin.name for pin in _judging(policy)}
    admitted = listed - {pin.name for pin in hooks.other_releases(policy)}
    return kind is not None and any(
        kind.name == one.name
        for name, kinds in hooks.brought.items()
        if name in admitted
        for brought in kinds
        for one in (brought, *beside(brought))
    )


def _folder(hooks: Hooks, path: str) -> str:
    kind = hooks.kinds.of(path)
    return "/".join(path.split("/")[:2]) if kind is None else kind.form.folder


def filed_without_kinds(
    hooks: Hooks, register: Register, before: Register, tree: Tree
) -> Iterator[Finding]:
    """KIND-IN-USE of versions that were filed since `before`: whoever signed them could not tell.

    Where a release of theirs isn't here, PLUGIN-MISSING is told beside and refuses.
    """
    known = {one.content for one in before.policies()}
    for entry in register.policies():
        if entry.content in known or register.policies_on(entry.content):
            continue
        base = register.policy(entry.base) if entry.base else None
        while base is not None and base.content not in known:
            base = register.policy(base.base) if base.base else None
        if base is not None and not hooks.other_releases(entry.policy):
            for one in kinds_lost(base.policy, entry.policy, hooks, tree, register):
                yield replace(one, values={**one.values, "keepers": _keepers(entry.policy)})


def _keepers(policy: Policy) -> str:
    """Who sign the version after a policy: only they can list the plugin again."""
    role = policy.quorum.role
    return ", ".join(filter(policy.may_sign, policy.holders(role, None))) or "-"


def _judging(policy: Policy) -> tuple[PluginPin, ...]:
    return tuple(pin for pin in policy.plugins if pin.digest is not None and not pin.void)


def _is_recorded(
    register: Register, hooks: Hooks, tree: Tree, path: str, signed: tuple[Statement, ...]
) -> bool:
    entry = tree.entry(path)
    return entry is None or is_held(register, hooks.kinds, path, entry.id, signed)
