"""The row of policy.yaml by which a docs repo of a test admits a plugin that is installed."""

from collections.abc import Iterable

from qms.domain.kinds.pins import PluginPin
from qms.installed import installed


def pin_of(name: str) -> PluginPin:
    """The row that `qms plugins` proposes for a plugin. AssertionError where it has no sources."""
    found = {one.distribution: one.digest for one in installed() if one.name == name}
    if len(found) != 1 or None in found.values():
        raise AssertionError(
            f"no installed sources of one plugin {name}: install its wheel (`pip wheel .`, "
            "`pip install dist/….whl`); an editable install has none that could be admitted"
        )
    ((distribution, digest),) = found.items()
    return PluginPin(name, distribution, digest)


def spelled(pins: Iterable[PluginPin]) -> str:
    """The rows as the value of ``plugins``."""
    return f"[{', '.join(map(_row, pins))}]"


def _row(pin: PluginPin) -> str:
    if pin.is_bundled:
        return f"{{name: {pin.name}}}"
    said = f", digest: {pin.digest!r}" if pin.digest else ""
    said += f", version: {str(pin.version)!r}" if pin.version else ""
    void = ", void: true" if pin.void else ""
    return f"{{name: {pin.name}, distribution: {pin.distribution}{said}{void}}}".replace("'", '"')
