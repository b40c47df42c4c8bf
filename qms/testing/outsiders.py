"""A third party's plugin beside ours: installed, admitted by the policy, and run."""

import json
import os
import re
import sys
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from textwrap import indent
from typing import Final

from qms.testing.office import Answer, Office

SIGNERS: Final = ("gao.feng", "guan.ning")
"""Who sign the policies of LX, the company of these tests."""
_BEFORE: Final = "quorum:"
"""What stands behind the rows of plugins in policy.yaml."""
_TURNED: Final = "ACME_LATER"


def install(
    folder: Path, distribution: str, version: str, points: Mapping[str, str], **modules: str
) -> Path:
    """What a wheel with these modules leaves where it is installed. `points`: group to entry."""
    info = folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    metadata = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    rows = "".join(f"[{group}]\n{entry}\n" for group, entry in points.items())
    (info / "entry_points.txt").write_text(rows, encoding="utf-8")
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    own = (f"{info.name}/{name}" for name in ("METADATA", "entry_points.txt", "RECORD"))
    listed = "".join(f"{path},,\n" for path in (*(f"{name}.py" for name in modules), *own))
    (info / "RECORD").write_text(listed, encoding="utf-8")
    return folder


def row(office: Office, folder: Path, name: str) -> str:
    """The row that `qms plugins` gives for a plugin which is installed in `folder`."""
    answer = runner(office, folder)("plugins", "--json")
    told = json.loads(answer.out)["plugins"]
    found = next(one["admit"] for one in told if one["name"] == name and one["admit"])
    return f"{found}\n"


def list_row(office: Office, text: str) -> None:
    """Add a row to the plugins of policy.yaml."""
    office.edit("policy.yaml", _BEFORE, f"{text}{_BEFORE}")


def admit(office: Office, folder: Path, name: str, *signers: str) -> None:
    """List a plugin that is installed in `folder` in policy.yaml, and let `signers` sign."""
    list_row(office, row(office, folder, name))
    _sign(runner(office, folder), signers)


def admitted(office: Office, folder: Path, name: str) -> Callable[..., Answer]:
    """As `runner`, of a plugin that the policy of LX admits."""
    admit(office, folder, name, *SIGNERS)
    return runner(office, folder)


def replaced(office: Office, qms: Callable[..., Answer], old: str, new: str) -> None:
    """The next policy of LX with another row in place of one."""
    office.edit("policy.yaml", old, new)
    _sign(qms, SIGNERS)


def _sign(qms: Callable[..., Answer], signers: Iterable[str]) -> None:
    for signer in signers:
        answer = qms("policy", "sign", by=signer)
        if answer.code:
            raise AssertionError(f"{answer.out}{answer.err}")


def later(text: str) -> str:
    """A module that has `text` only where a machine was turned (`turned`), and nothing before.

    What a plugin answers may hang on its machine; and what is faulty from the start is agreed to by
    nobody.
    """
    return f'import os\n\nif "{_TURNED}" in os.environ:\n{indent(text, "    ")}'


def turned(office: Office, folder: Path, name: str) -> Callable[..., Answer]:
    """As `admitted`, of a plugin whose modules become what they are only afterwards (`later`)."""
    qms = admitted(office, folder, name)
    office.environment[_TURNED] = "1"
    return qms


def states(answer: Answer) -> dict[str, str]:
    """What `qms plugins --json` tells of each half of each plugin that is not ours."""
    return {
        f"{one['distribution']} {one['version']} {one['group']}": one["state"]
        for one in json.loads(answer.out)["plugins"]
        if one["distribution"] != "qms-git"
    }


def runner(office: Office, folder: Path) -> Callable[..., Answer]:
    """Calls of `qms` where `folder` is on Python's path.

    What their modules write to stderr as they are imported (`MARK` and what follows it, the one
    thing that they may do then) becomes a file of that name beside the office.
    """
    beside = office.folder.parent
    kept = os.environ.get("PYTHONPATH")
    path = str(folder) if kept is None else f"{folder}{os.pathsep}{kept}"

    def run(*arguments: str, by: str | None = None) -> Answer:
        yes = ("--yes",) if arguments == ("policy", "sign") else ()
        answer = office.finish(*arguments, *yes, by=by, PYTHONPATH=path, MARK="imported")
        for name in re.findall(r"^imported\S*$", answer.err, re.MULTILINE):
            (beside / name).touch()
        return answer

    return run


@contextmanager
def forgotten() -> Generator[None]:
    """In the end Python knows no module called ``acme_…`` any more, nor what finds it."""
    before = list(sys.meta_path)
    yield
    sys.meta_path[:] = before
    for name in [name for name in sys.modules if name.startswith("acme_")]:
        del sys.modules[name]
