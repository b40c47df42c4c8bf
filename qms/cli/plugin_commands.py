"""The commands that plugins add, as the help lists them: remembered between calls.

Looking through what is installed costs as much as all the rest of `--help`. So what qms's own
plugins offer is kept in the user's cache folder, under a key made of what may change it. It is
only ever printed: a command that is *run* is looked up anew, at the plugins that the policy
admits.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from qms.cli.catalogue import CommandRow
from qms.findings import QmsError
from qms.texts import EN, ZH, Text

if TYPE_CHECKING:
    from qms.cli.context import Context

_FORM: Final = 1


def listed(context: "Context") -> tuple[CommandRow, ...]:
    """What the help lists: qms's own plugins' commands; a repo's others where there are any."""
    rows, foreign = _known()
    if not foreign:
        return rows
    try:
        return tuple(_row(*command) for command in context.tools.commands())
    except (QmsError, OSError):
        return rows


def is_own(name: str) -> bool:
    """Whether a plugin of qms's own brings this command, admitted or not."""
    return any(row.name == name for row in _known()[0])


def _known() -> tuple[tuple[CommandRow, ...], bool]:
    """What qms's own plugins offer, and whether others are installed."""
    return _remembered() or _looked_up()


def _row(name: str, target: str, help_: Text) -> CommandRow:
    return CommandRow(name, target, help_, session=True)


def _looked_up() -> tuple[tuple[CommandRow, ...], bool]:
    from qms.installed import TOOLS, installed  # noqa: PLC0415 - only to fill the cache
    from qms.plugins import Hooks  # noqa: PLC0415 - as above

    found = installed()
    own = Hooks(None, (TOOLS,), found)
    rows = tuple(_row(*command) for command in own.commands())
    foreign = any(not one.is_bundled and one.group == TOOLS for one in found)
    if not own.findings:
        _remember(rows, foreign)
    return rows, foreign


def _key() -> list[object]:
    """What the answer depends on: Python, and when the folders of installed packages changed."""
    return [_FORM, list(sys.version_info[:3]), *_folders()]


def _folders() -> Iterator[tuple[str, int]]:
    for name in sys.path:
        try:
            with os.scandir(name or ".") as entries:
                if any(entry.name.endswith((".dist-info", ".egg-info")) for entry in entries):
                    yield name, os.stat(name).st_mtime_ns  # noqa: PTH116 - quick, for --help
        except OSError:
            continue


def _file() -> Path | None:
    folder = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(folder):  # noqa: PTH117 - quick, for --help
        home = os.environ.get("HOME") or os.environ.get("LOCALAPPDATA", "")
        if not os.path.isabs(home):  # noqa: PTH117 - as above; a clone may bring what else it names
            return None
        folder = f"{home}/.cache"
    return Path(folder) / "qms" / "plugin-commands.json"


def _remembered() -> tuple[tuple[CommandRow, ...], bool] | None:
    path = _file()
    if path is None:
        return None
    try:
        kept: Any = json.loads(path.read_bytes())
        if kept["key"] != json.loads(json.dumps(_key())) or not _unchanged(kept["files"]):
            return None
        return tuple(
            _row(name, target, Text(zh, en)) for name, target, zh, en in kept["rows"]
        ), bool(kept["foreign"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _unchanged(files: dict[str, int]) -> bool:
    return all(os.stat(name).st_mtime_ns == at for name, at in files.items())  # noqa: PTH116


def _remember(rows: tuple[CommandRow, ...], foreign: bool) -> None:  # noqa: FBT001 - a fact, no switch
    path = _file()
    if path is None:
        return
    from qms.storage.files import PRIVATE, write_file  # noqa: PLC0415 - only to fill the cache

    packages = {row.target.partition(":")[0].partition(".")[0] for row in rows}
    modules = [m for name, m in sys.modules.items() if name.partition(".")[0] in packages]
    files = {m.__file__: os.stat(m.__file__).st_mtime_ns for m in modules if m.__file__}  # noqa: PTH116
    kept = {
        "key": _key(),
        "files": files,
        "foreign": foreign,
        "rows": [[row.name, row.target, row.help.of(ZH), row.help.of(EN)] for row in rows],
    }
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_file(path, json.dumps(kept, ensure_ascii=False).encode(), mode=PRIVATE)
    except (OSError, QmsError):
        return
