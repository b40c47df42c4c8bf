"""Loads the plugins that a policy admits, and asks them: the only place that touches pluggy.

Before a plugin's code runs, the policy must admit it (`qms.installed`). Entry points are read one
by one: pluggy's own loader takes the first of two plugins of one name and skips the other in
silence, so that a foreign package could replace one of ours.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from typing import TypeVar, cast

import pluggy

from qms.domain.kinds.pins import PluginPin
from qms.domain.kinds.policy import Policy
from qms.findings import Finding, QmsError, Reason
from qms.hookspecs import RuleHooks, ToolHooks
from qms.installed import RULES, TOOLS, Found, PluginState, gone_from, installed, missing
from qms.plugin_guards import checked, guard, named
from qms.purity import importing

T = TypeVar("T")


class LoadedPlugins:
    """The plugins that are loaded, and how each is asked.

    `pins` are the policy's; `older` those of the policies before it, whose rule halves still judge
    what was signed under them; `groups` which halves to load. A plugin that is not admitted is not
    imported; one that is named twice or broken is an error in `findings`.
    """

    def __init__(
        self,
        pins: Sequence[PluginPin] | None,
        groups: Sequence[str] = (RULES,),
        found: Sequence[Found] | None = None,
        older: Sequence[PluginPin] = (),
    ) -> None:
        self._manager = pluggy.PluginManager("qms")
        self._manager.add_hookspecs(RuleHooks)
        self._manager.add_hookspecs(ToolHooks)
        self.pins, self._older = pins, older
        self.is_showing = False
        """Whether the answers are for a command that shows what is in force, or signs on it."""
        self.found = installed() if found is None else found
        self.states: tuple[PluginState, ...] = tuple(
            self._load(one) for one in self.found if one.group in groups
        )
        # What only prints is missed where somebody prints: nothing is judged by it.
        wanted = (pin for pin in pins or () if pin.is_judging or TOOLS in groups)
        self._missing = self.missing(wanted)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Admitted plugins that could not be loaded or are not installed: nothing is judged.

        One that only an older policy lists, and that can't be loaded, is as one that isn't here.
        """
        broken = [
            state.finding
            for state in self.states
            if state.finding is not None and not state.waits and not self._is_older(state.plugin)
        ]
        return (*broken, *self._missing)

    @property
    def absent(self) -> tuple[Finding, ...]:
        """PLUGIN-MISSING for each plugin that the policy demands and nobody has."""
        return self._missing

    @property
    def loaded(self) -> frozenset[str]:
        """The names of the plugins that are loaded."""
        return frozenset(one.name for one in self.plugins)

    @property
    def plugins(self) -> tuple[Found, ...]:
        """The plugins that are loaded."""
        return tuple(state.plugin for state in self.states if state.finding is None)

    def gone(self, policy: Policy) -> tuple[PluginPin, ...]:
        """The foreign plugins that judge under a policy, and are not loaded.

        One that is installed and has no rule half judges nothing, by whatever it was admitted.
        """
        return tuple(pin for pin in gone_from(policy, self.loaded) if not self._only_prints(pin))

    def other_releases(self, policy: Policy) -> tuple[PluginPin, ...]:
        """The foreign plugins that judge under a policy and aren't loaded as it lists them."""
        here = [one for one in self.plugins if one.group == RULES]
        return tuple(
            pin for pin in gone_from(policy, ())
            if not self._only_prints(pin) and not any(one.answers(pin) for one in here)
        )  # fmt: skip

    def _only_prints(self, pin: PluginPin) -> bool:
        here = [one for one in self.found if one.is_named(pin)]
        return any(one.answers(pin) for one in here) and all(one.group == TOOLS for one in here)

    def has_other_release(self, policy: Policy) -> bool:
        """Whether another release of a plugin is loaded than a policy lists for what judges."""
        if self.pins is None:
            return False
        judging = (pin for pin in policy.plugins if pin.digest is not None and not pin.void)
        here = [one for one in self.plugins if one.group == RULES]
        return any(one.name == pin.name and not one.answers(pin) for pin in judging for one in here)

    def _is_older(self, one: Found) -> bool:
        return not one.is_admitted(self.pins) and any(map(one.answers, self._older))

    def missing(self, pins: Iterable[PluginPin]) -> tuple[Finding, ...]:
        """PLUGIN-MISSING for each of `pins` that nothing installed here is."""
        return tuple(missing(pins, self.found))

    def _load(self, one: Found) -> PluginState:
        pins = self.pins
        if pins is not None and one.group == RULES:
            pins = (*pins, *self._older)
        refusal = one.refusal(pins, self.found)
        if refusal is not None:
            return PluginState(one, refusal)
        try:
            # Ours are held to the same in the tests; so their bytecode may be kept, for speed.
            is_guarded = one.group == RULES and not one.is_bundled
            with importing(one.name) if is_guarded else nullcontext():
                module = one.imported(pins)
            self._manager.register(module, name=f"{one.group}:{one.name}")
            self._manager.check_pending()
        except KeyboardInterrupt:
            raise
        except QmsError as error:
            reason = " ".join(error.finding.values.values())
            return PluginState(one, _broken(one, reason))
        except BaseException as error:  # noqa: BLE001 - it may fail in any way; it is named
            reason = f"{type(error).__name__}: {error}"
            return PluginState(one, _broken(one, reason))
        return PluginState(one)

    def _names(self, policy: object) -> frozenset[str] | None:
        """The plugins that answer under a policy: those that it admits itself; None for all."""
        if self.pins is None or not isinstance(policy, Policy):
            return None
        return frozenset(pin.name for pin in policy.plugins if not pin.void)

    def _asked(
        self, hook: str, given: Mapping[str, object], names: frozenset[str] | None = None
    ) -> Iterator[tuple[str, object]]:
        """What each plugin answers to `hook`, with the plugin's name; those that pass are left out.

        Only those of `names`, and under a policy only those that it admits: an older plugin has
        no say in what is signed today. Raises what a plugin refuses, `QmsError` PLUGIN-FAILED for
        all else that goes wrong in it.
        """
        caller = cast("pluggy.HookCaller", getattr(self._manager.hook, hook))
        names = names if names is not None else self._names(given.get("policy"))
        # Not pluggy's own call: that tells neither whose an answer is nor whose an error.
        for implementation in reversed(caller.get_hookimpls()):
            name = implementation.plugin_name.partition(":")[2]
            if names is not None and name not in names:
                continue
            arguments = [given[argument] for argument in implementation.argnames]
            with guard(name, hook), named(name, hook):
                answer: object = implementation.function(*arguments)
            if answer is not None:
                yield name, answer

    def _all(
        self, hook: str, kind: type[T], names: frozenset[str] | None = None, /, **given: object
    ) -> tuple[T, ...]:
        """All that all plugins, or those of `names`, answer to a hook that asks for several."""
        return tuple(item for _, item in self._each(hook, kind, names, **given))

    def _each(
        self, hook: str, kind: type[T], names: frozenset[str] | None = None, /, **given: object
    ) -> Iterator[tuple[str, T]]:
        """The same, each with the name of the plugin that answers it."""
        for name, answer in self._asked(hook, given, names):
            with guard(name, hook), named(name, hook):  # a generator runs here
                items = list(cast("Iterable[object]", answer))
            for item in items:
                yield name, checked(name, hook, kind, item)

    def _one(self, hook: str, kind: type[T], **given: object) -> T | None:
        """The answer to a hook that asks for one. Raises `QmsError` ANSWER-TWICE."""
        answers = list(self._asked(hook, given))
        if len(answers) > 1:
            names = ", ".join(name for name, _ in answers)
            raise QmsError(Finding("ANSWER-TWICE", values={"hook": hook, "names": names}))
        return next((checked(name, hook, kind, answer) for name, answer in answers), None)


def _broken(plugin: Found, reason: str) -> Finding:
    values = plugin.facts | {"reason": reason}
    return Finding("PLUGIN-BROKEN", values=values, reason=Reason.NO_PLUGIN)
