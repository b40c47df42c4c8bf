"""Whether a policy's plugins can be asked beside each other: told before it is signed, and after.

One question for the keepers who are about to agree to a version, for `check` on every machine
after them, and for whoever must get rid of a plugin that stops all commands.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace

from qms.domain.kinds.pins import Admitted, PluginPin
from qms.domain.kinds.policy import Policy
from qms.domain.library.effect import Effects
from qms.findings import Finding, Place, QmsError, Refused
from qms.installed import RULES, TOOLS, Found
from qms.jobs.judging.admission import StandingPolicies
from qms.jobs.judging.checker import Checker
from qms.jobs.judging.root_files import rule_findings
from qms.plugins import Hooks
from qms.storage.repository import Repository


def together_fault(
    hooks: Hooks, policy: Policy, core_commands: Collection[str] = ()
) -> Finding | None:
    """The first of what keeps the loaded plugins from being asked under a policy; None if nothing.

    A kind, act, key of heads, command, list, print or fact of two; a hook that fails. Of both
    halves what is loaded is asked. What came with the tool can be asked always.
    """
    if all(one.is_bundled for one in hooks.plugins):
        return None
    try:
        _ask(hooks, policy, core_commands)
    except QmsError as error:
        return error.finding
    return None


def _ask(hooks: Hooks, policy: Policy, core_commands: Collection[str]) -> None:
    from qms.lists.offered import with_core  # noqa: PLC0415 - most have the tool's plugins alone

    if hooks.clash is not None:
        raise QmsError(hooks.clash)
    hooks.code_files()
    hooks.setting_faults(policy)
    hooks.rules(policy)
    for class_id in policy.classes:
        hooks.head_fields(policy, class_id)
        for ask in (hooks.numbering, hooks.version_scheme):
            with suppress(Refused):  # that nobody answers is told where it is asked for
                ask(policy, class_id)
    taken = set(core_commands)
    for one in hooks.commands():
        if one.name in taken:
            raise QmsError(Finding("COMMAND-TWICE", values={"command": one.name}))
        taken.add(one.name)
    with_core(hooks.listings())
    hooks.prints()
    hooks.facts()


def listed_fault(
    policy: Policy,
    kept: Collection[PluginPin],
    found: Sequence[Found],
    core_commands: Collection[str] = (),
) -> Finding | None:
    """The first of what is wrong with plugins that a version lists and the one before doesn't.

    They run here, where a keeper has agreed to admit them. What was wrong before refuses nothing:
    whoever drops one of two broken plugins must be able to.
    """
    rows = tuple(pin for pin in policy.plugins if not pin.void)
    together = tuple(pin for pin in rows if pin in kept)
    known = together_fault(_both_halves(together, found), policy, core_commands)
    for pin in rows:
        if pin in kept:
            continue
        together = (*together, pin)
        hooks = _both_halves(together, found)
        broken = (one for one in hooks.findings if one.values.get("name") == pin.name)
        fault = next(broken, None) or together_fault(hooks, policy, core_commands)
        if fault is not None and fault != known:
            place = Place("policy.yaml", f"plugins.{policy.plugins.index(pin)}")
            return replace(fault, place=place)
    return None


def _both_halves(pins: tuple[PluginPin, ...], found: Sequence[Found]) -> Hooks:
    return Hooks.of(Admitted(pins), (RULES, TOOLS), found)


def stopping(hooks: Hooks, policies: StandingPolicies) -> Finding | None:
    """What keeps the plugins of the policies that stand from being asked: no command goes on so.

    Nothing where the tool can't read the policy: that is told instead.
    """
    fault = together_fault(hooks, policies.line[-1].policy) if policies.line else None
    broken = next(iter(hooks.findings), fault)
    return broken if broken is None or policies.unread(hooks) is None else None


def fitting(repository: Repository, policies: StandingPolicies, hooks: Hooks) -> Hooks:
    """The plugins of `hooks` without those that can't be asked, or whose rules fail.

    These count as not installed: so the version that drops one can be signed. Of two that can't
    stand beside each other the one stays that was listed first.
    """
    if policies.admitted is None or not policies.line:
        return hooks
    admitted, policy, found = policies.admitted, policies.line[-1].policy, hooks.found

    def is_fit(tried: Hooks) -> bool:
        return together_fault(tried, policy) is None and _rules_run(repository, tried, policy)

    if all(one.is_bundled for one in hooks.plugins) or is_fit(hooks):
        return hooks
    listed = dict.fromkeys(pin for one in policies.line for pin in one.policy.plugins)
    order = [pin for pin in listed if pin in admitted.newest]
    order += [pin for pin in listed if pin in admitted.older]
    left = [one for one in found if any(one.answers(pin) for pin in order) and not one.is_bundled]
    for pin in order:
        fewer = [one for one in left if not one.answers(pin)]
        if is_fit(Hooks.of(admitted, found=[one for one in found if one not in fewer])):
            left = fewer
    return Hooks.of(admitted, found=[one for one in found if one not in left])


def _rules_run(repository: Repository, hooks: Hooks, policy: Policy) -> bool:
    """Whether the rules of a policy come to an end where nothing changes."""
    head = repository.head()
    if head is None:
        return True
    repository.refuse_shallow()
    checker = Checker.of(repository, hooks)
    register = checker.register_at(head)
    try:
        # First, since what it looks up then can't be looked up while a rule runs.
        newest = Effects(checker.judge, register, None).policy
        by = policy if newest is None else newest.policy
        tuple(rule_findings(by, hooks, register, repository.head_tree()))
    except QmsError:
        return False
    return True
