"""A third party's plugin beside ours: installed, admitted by the policy, and run."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from qms.testing.office import Answer, Office

PIN: Final = "  - {{name: {name}, distribution: {distribution}, version: {version}}}\nquorum:"
"""The row of policy.yaml that admits a plugin, before its quorum."""


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
    return folder


def admit(office: Office, name: str, distribution: str, version: str, *signers: str) -> None:
    """List a plugin in policy.yaml, and let `signers` sign; nothing of it is there yet."""
    pin = PIN.format(name=name, distribution=distribution, version=f'"{version}"')
    office.edit("policy.yaml", "quorum:", pin)
    for signer in signers:
        office.qms("policy", "sign", by=signer)


def runner(office: Office, folder: Path) -> Callable[..., Answer]:
    """Calls of `qms` where `folder` is on Python's path."""
    mark = str(office.folder.parent / "imported")
    kept = os.environ.get("PYTHONPATH")
    path = str(folder) if kept is None else f"{folder}{os.pathsep}{kept}"

    def run(*arguments: str, by: str | None = None) -> Answer:
        return office.finish(*arguments, by=by, PYTHONPATH=path, MARK=mark)

    return run
