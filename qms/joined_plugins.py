"""The kinds and acts that the loaded plugins bring, joined: none of two, and no folder either.

A plugin that only judges what was signed under an older policy gives way to those that are listed
now: where it can't be asked beside them, it counts as one that isn't here.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Self, cast

from qms.domain.kinds.act import CORE_ACTS, Act
from qms.domain.kinds.kind import Kind, Kinds
from qms.domain.kinds.pins import Admitted, PluginPin
from qms.findings import Finding, QmsError, Refused
from qms.installed import RULES, Found
from qms.loaded_plugins import LoadedPlugins
from qms.plugin_guards import checked, named, pure_kind, pure_may, pure_tell


class JoinedPlugins(LoadedPlugins):
    """The loaded plugins, and what all of them bring together."""

    @classmethod
    def of(
        cls,
        admitted: Admitted | None,
        groups: Sequence[str] = (RULES,),
        found: Sequence[Found] | None = None,
    ) -> Self:
        """The plugins that a line of policies admits; with None those that came with the tool."""
        if admitted is None:
            return cls(None, groups, found)
        every = cls(admitted.newest, groups, found, admitted.older)
        if not admitted.older or every.clash is None:
            return every
        kept: tuple[PluginPin, ...] = ()
        for pin in reversed(admitted.older):
            if cls(admitted.newest, groups, every.found, (*kept, pin)).clash is None:
                kept = (*kept, pin)
        return cls(admitted.newest, groups, every.found, kept)

    @property
    def clash(self) -> Finding | None:
        """What keeps these plugins from being asked for kinds and acts beside each other, if any.

        KIND-TWICE, KIND-FORM, ACT-TWICE, ACT-RESERVED, PLUGIN-FAILED, RULE-IMPURE ….
        """
        try:
            self.act("")
            self.kinds.get("")
        except QmsError as error:
            return error.finding
        return None

    @cached_property
    def _acts(self) -> dict[str, Act]:
        known: dict[str, Act] = {}
        for act in (*CORE_ACTS, *self._all("acts", Act)):
            if act.foreign is not None:
                values = {"act": act.name, "kind": act.kind, "reserved": act.foreign}
                raise QmsError(Finding("ACT-RESERVED", values=values))
            if act.name in known:
                raise QmsError(Finding("ACT-TWICE", values={"act": act.name}))
            known[act.name] = act._replace(
                may=act.may and pure_may(act), tell=act.tell and pure_tell(act)
            )
        return known

    @property
    def kinds(self) -> Kinds:
        """All kinds that are known. Raises `QmsError` KIND-TWICE, KIND-FORM."""
        return self._kinds

    @cached_property
    def _kinds(self) -> Kinds:
        try:
            return Kinds(kind for kinds in self.brought.values() for kind in kinds)
        except Refused as refused:
            raise QmsError(refused.finding) from None

    @cached_property
    def brought(self) -> Mapping[str, tuple[Kind, ...]]:
        """The kinds that each plugin brings, by its name."""
        found: dict[str, tuple[Kind, ...]] = {}
        for name, answer in self._asked("kinds", {}):
            with named(name, "kinds"):
                items = list(cast("Iterable[object]", answer))
            found[name] = tuple(pure_kind(checked(name, "kinds", Kind, item)) for item in items)
        return found

    def act(self, name: str) -> Act | None:
        """The act of this name, or None."""
        return self._acts.get(name)

    def act_kinds(self) -> Mapping[str, str]:
        """Of which kind each act is, by the act's name."""
        return {name: act.kind for name, act in self._acts.items()}
