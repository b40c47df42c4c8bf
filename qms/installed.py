"""The plugins that are installed, and which of them a policy admits. None of their code runs.

What came with the tool is known by where its module lies, never by the name of a distribution:
anybody may publish one of any name.
"""

import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from importlib import import_module
from importlib.machinery import PathFinder
from types import ModuleType
from typing import Final, NamedTuple

from qms import __version__
from qms.api_version import API, is_offered, offered
from qms.domain.kinds.pins import BUNDLED, PluginPin
from qms.domain.kinds.policy import Policy
from qms.entry_points import entry_points
from qms.findings import Finding, Reason

RULES: Final = "qms.rules"
TOOLS: Final = "qms.tools"
_HALVES: Final = {RULES: "rules", TOOLS: "tools"}


class Found(NamedTuple):
    """A plugin that is installed: its entry point, and where it comes from."""

    name: str
    group: str
    target: str
    distribution: str
    version: str
    info: str = ""
    needs_api: str = ""
    """The version of `qms.api` that its distribution says it needs; empty where it says none."""

    @property
    def is_reserved(self) -> bool:
        """Whether its name is that of a plugin which comes with the tool."""
        return self.name in BUNDLED

    @property
    def is_bundled(self) -> bool:
        """Whether it came with this very tool: by name, and by where its module lies."""
        package = f"qms_{self.name}"
        return (
            self.is_reserved
            and self.target == f"{package}.{_HALVES[self.group]}"
            and _is_beside_qms(package)
        )

    @property
    def digest(self) -> str | None:
        """The digest of its distribution's sources; None where they have none."""
        from qms.plugin_sources import sources  # noqa: PLC0415 - only for plugins from elsewhere

        found = sources(self.info) if self.info and not self.is_bundled else None
        return None if found is None else found.digest

    @property
    def facts(self) -> dict[str, str]:
        """What findings about it say."""
        names = ("name", "distribution", "version", "target")
        return {name: getattr(self, name) for name in names}

    def refusal(
        self, pins: Sequence[PluginPin] | None, everything: Sequence["Found"]
    ) -> Finding | None:
        """Why it isn't loaded: PLUGIN-TWICE, PLUGIN-UNADMITTED or PLUGIN-API; None where it may be.

        The name of an own plugin is twice there as soon as a stranger brings it.
        """
        twins = [o for o in everything if (o.name, o.group) == (self.name, self.group)]
        if not self.is_bundled and (self.is_reserved or len(twins) > 1):
            others = ", ".join(sorted(one.distribution for one in twins))
            return Finding(
                "PLUGIN-TWICE", values=self.facts | {"others": others}, reason=Reason.NO_PLUGIN
            )
        if not self.is_admitted(pins):
            return Finding("PLUGIN-UNADMITTED", values=self.facts, reason=Reason.NOT_ADMITTED)
        if not is_offered(self.needs_api):
            values = self.facts | {"needs": self.needs_api or "1", "offered": offered()}
            return Finding("PLUGIN-API", values=values, reason=Reason.NO_PLUGIN)
        return None

    def is_admitted(self, pins: Sequence[PluginPin] | None) -> bool:
        """Whether a policy admits it. With no policy at all, what came with the tool is admitted.

        Foreign rule halves by digest; tool halves by digest or by a range of versions.
        """
        if pins is None or self.is_bundled:
            return self.is_bundled and (pins is None or any(map(self.answers, pins)))
        return any(self._by_digest(pin) or self._by_version(pin) for pin in pins)

    def answers(self, pin: PluginPin) -> bool:
        """Whether this is what a row of the policy asks for; its digest, where it names one."""
        if pin.is_bundled:
            return self.is_bundled and not pin.void and pin.name == self.name
        return self._by_digest(pin) if pin.digest is not None else self._by_version(pin)

    def _by_digest(self, pin: PluginPin) -> bool:
        return self.is_named(pin) and pin.digest is not None and pin.digest == self.digest

    def _by_version(self, pin: PluginPin) -> bool:
        return (
            self.is_named(pin)
            and self.group == TOOLS
            and pin.version is not None
            and pin.version.holds(self.version)
        )

    def is_named(self, pin: PluginPin) -> bool:
        """Whether a row is about its plugin, be it of this release or of another."""
        same = pin.distribution is not None and _plain(pin.distribution) == _plain(
            self.distribution
        )
        return same and not pin.void and pin.name == self.name

    def imported(self, pins: Sequence[PluginPin] | None) -> ModuleType:
        """Its module. Where it was admitted by digest, from the sources that have that digest.

        Raises ModuleNotFoundError where these don't hold it.
        """
        if any(map(self._by_digest, pins or ())):
            from qms.plugin_sources import run_from, sources  # noqa: PLC0415 - as above

            found = sources(self.info)
            if found is None or not found.covers(self.target):
                message = f"{self.target} is no source that the RECORD of {self.distribution} lists"
                raise ModuleNotFoundError(message, name=self.target)
            run_from(found)
        return import_module(self.target)


class PluginState(NamedTuple):
    """What became of an installed plugin: loaded, or the finding that says why not."""

    plugin: Found
    finding: Finding | None = None

    @property
    def waits(self) -> bool:
        """Whether nothing but the policy keeps it from being loaded."""
        return self.finding is not None and self.finding.reason is Reason.NOT_ADMITTED


def installed() -> tuple[Found, ...]:
    """Every plugin that is installed, of both groups, sorted by name."""
    found: dict[tuple[str, ...], Found] = {}
    points = entry_points((RULES, TOOLS, API))
    needs = {(p.name, p.distribution): p.target for p in points if p.group == API}
    for point in points:
        if point.group == API:
            continue
        needed = needs.get((point.name, point.distribution), "")
        one = Found(*point[:5], info=point.info, needs_api=needed)
        # Two distributions that name one module of the tool's bring one plugin.
        key = (one.name, one.group, *(() if one.is_bundled else (one.target, one.distribution)))
        found.setdefault(key, one)
    return tuple(sorted(found.values(), key=lambda one: (one.name, one.group, one.distribution)))


def missing(pins: Iterable[PluginPin], found: Sequence[Found]) -> Iterator[Finding]:
    """PLUGIN-MISSING for each of `pins` that nothing in `found` is."""
    for pin in pins:
        if not pin.void and not any(one.answers(pin) for one in found):
            here = {f"{o.version} {o.digest or ''}".strip() for o in found if o.is_named(pin)}
            values = {"name": pin.name, "distribution": pin.distribution or "-", "pin": str(pin)}
            values["found"] = ", ".join(sorted(here)) or "-"
            yield Finding("PLUGIN-MISSING", values=values, reason=Reason.NO_PLUGIN)


def gone_from(policy: Policy, loaded: Collection[str]) -> tuple[PluginPin, ...]:
    """The foreign plugins that judge under a policy, and are not among those that are loaded."""
    judging = (pin for pin in policy.plugins if pin.digest is not None and not pin.void)
    return tuple(pin for pin in judging if pin.name not in loaded)


@cache
def _is_beside_qms(package: str) -> bool:
    """Whether Python finds a package where qms itself lies, or in the checkout of it."""
    there = sys.modules.get(package)
    spec = PathFinder.find_spec(package) if there is None else there.__spec__
    if spec is None or spec.origin is None:
        return False
    home = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))  # noqa: PTH120 - quick
    where = os.path.dirname(os.path.realpath(spec.origin))  # noqa: PTH120 - quick
    return where in (f"{home}/{package}", f"{home}/plugins/{package}")


def _plain(distribution: str) -> str:
    """The name of a distribution in one spelling, as installers compare it."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def state_of_code(
    found: Iterable[Found], groups: Collection[str], *, left_out: Collection[str]
) -> str:
    """The tool, these halves of the plugins, the times of their files, and their libraries.

    What was worked out by other code may be worked out otherwise. What pip installs or removes
    changes the folder that it lies in; a checkout is changed by `git pull` under one version.
    `left_out` are folders of the tool that say nothing of it.
    """
    lines = [__version__, sys.version, _state("qms", left_out)]
    lines += (f"{place} {_changed(place)}" for place in sys.path if os.path.isdir(place))  # noqa: PTH112 - quick
    for one in found:
        if one.group in groups:
            package = one.target.partition(".")[0]
            about = f"{one.name} {one.distribution} {one.version}"
            lines.append(f"{about} {package} {_state(package)}")
    return sha256("\n".join(lines).encode()).hexdigest()


def _state(package: str, left_out: Collection[str] = ()) -> str:
    """What changes with any file of a package: one that is newer than all others hides no other."""
    return sha256(repr(sorted(_times(package, left_out))).encode()).hexdigest()


def _times(package: str, left_out: Collection[str]) -> Iterator[int]:
    """When each of the files of an importable package was written last."""
    spec = PathFinder.find_spec(package)
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        for place, folders, names in os.walk(folder):
            folders[:] = [one for one in folders if one != "__pycache__" and one not in left_out]
            yield from (_changed(f"{place}/{name}") for name in ("", *names))


def _changed(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 - quick
    except OSError:
        return 0
