"""`qms plugins`: what is installed, where it comes from, and what became of it."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import click

from qms.cli.context import Context, pass_context
from qms.cli.languages import both
from qms.formats.strict_yaml import scalar
from qms.installed import PluginState
from qms.texts import Text

_TITLES = (
    ("name", Text("名称", "Name")),
    ("group", Text("部分", "Half")),
    ("version", Text("版本", "Version")),
    ("distribution", Text("发行包", "Distribution")),
    ("module", Text("模块", "Module")),
    ("hooks", Text("接口", "Hooks")),
    ("state", Text("状态", "State")),
)
_MARK = "qms_impl"
_LOADED = Text("已加载", "loaded")
_STATES = {
    "PLUGIN-UNADMITTED": Text("策略未准许", "not admitted"),
    "PLUGIN-TWICE": Text("重复安装", "installed twice"),
    "PLUGIN-API": Text("需要另一版接口", "needs another API"),
    "PLUGIN-BROKEN": Text("无法加载", "broken"),
    "PLUGIN-MISSING": Text("未安装", "missing"),
}


@dataclass(frozen=True, slots=True)
class PluginRow:
    """One row, in words that don't depend on the language."""

    name: str
    group: str
    version: str
    distribution: str
    module: str
    origin: str
    hooks: tuple[str, ...]
    state: str
    digest: str | None = None
    needs_api: str = ""
    waits: bool = False
    """Whether nothing but the policy keeps it from being loaded."""

    @property
    def row(self) -> str | None:
        """The row of policy.yaml that admits exactly these sources."""
        if self.digest is None:
            return None
        return (
            f"  - {{name: {scalar(self.name)}, distribution: {scalar(self.distribution)}, "
            f'digest: "{self.digest}"}}'
        )


@click.command(help=both(
    "插件：版本、来源、实现的接口、是否为策略所准许。",
    "Plugins: version, origin, the hooks they answer, and whether the policy admits them.",
))  # fmt: skip
@pass_context
def plugins(context: Context) -> int:
    """Print every installed plugin, and those that the policy demands and nobody has."""
    hooks = context.tools
    lines = [_line(state) for state in hooks.states]
    lines += [
        PluginRow(f.values["name"], "-", "-", f.values["distribution"], "-", "-", (), f.code)
        for f in hooks.absent
    ]
    code = 1 if hooks.findings else 0
    if context.output.as_json:
        context.output.json({"plugins": [_json(line) for line in lines]})
        return code
    titles = [(key, title.of(context.language)) for key, title in _TITLES]
    context.output.table(titles, [_row(context, line) for line in lines])
    _say_rows(context, lines)
    return code


def _say_rows(context: Context, lines: Sequence[PluginRow]) -> None:
    """The rows that would admit what isn't admitted yet, to paste into policy.yaml."""
    waiting = (line.row for line in lines if line.waits)
    rows = [row for row in dict.fromkeys(waiting) if row is not None]
    if rows:
        text = Text(
            "准许请写入 policy.yaml 的 plugins：", "To admit, under `plugins` of policy.yaml:"
        )
        context.output.line(context.text(text))
    for row in rows:
        context.output.line(row)


def _line(state: PluginState) -> PluginRow:
    found = state.plugin
    loaded = state.finding is None
    return PluginRow(
        found.name,
        found.group,
        found.version,
        found.distribution,
        found.target,
        _origin(found.target) if loaded else "-",
        _hooks(found.target) if loaded else (),
        state.finding.code if state.finding is not None else "loaded",
        found.digest,
        found.needs_api,
        state.waits,
    )


def _hooks(module: str) -> tuple[str, ...]:
    """Names of the hooks a loaded module answers: what `hookimpl` marked in it."""
    marked = (name for name, value in vars(sys.modules[module]).items() if hasattr(value, _MARK))
    return tuple(sorted(marked))


def _origin(module: str) -> str:
    spec = find_spec(module)
    return spec.origin or "-" if spec is not None else "-"


def _row(context: Context, line: PluginRow) -> tuple[str, ...]:
    state = _STATES.get(line.state, _LOADED).of(context.language)
    hooks = ", ".join(line.hooks) or "-"
    return (line.name, line.group, line.version, line.distribution, line.module, hooks, state)


def _json(line: PluginRow) -> dict[str, object]:
    return {
        "name": line.name,
        "group": line.group,
        "version": line.version,
        "distribution": line.distribution,
        "module": line.module,
        "origin": line.origin,
        "hooks": list(line.hooks),
        "needs_api": line.needs_api or None,
        "state": line.state,
        "digest": line.digest,
        "admit": line.row,
    }
