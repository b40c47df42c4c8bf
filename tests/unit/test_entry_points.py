"""Plugins are found where Python itself would find them, without what that costs."""

from importlib import metadata
from pathlib import Path

import pytest

from qms.entry_points import EntryPoint, entry_points


def test_all_entry_points_are_those_that_python_finds() -> None:
    for group in ("console_scripts", "qms.rules", "qms.tools"):
        found = {(one.name, one.target) for one in entry_points([group])}

        assert found == {(one.name, one.value) for one in metadata.entry_points(group=group)}


def distribution(folder: Path, name: str, version: str, points: str) -> None:
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n\nX")
    (info / "entry_points.txt").write_text(points)


def test_a_plugin_bears_name_and_version_of_its_distribution(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distribution(tmp_path, "their-Plugin", "1.2", "[other]\na=b\n\n[qms.rules]\n# x\nc = d.e\n")
    monkeypatch.setattr("sys.path", [str(tmp_path)])

    assert entry_points(["qms.rules"]) == (
        EntryPoint(
            "c",
            "qms.rules",
            "d.e",
            "their-Plugin",
            "1.2",
            f"{tmp_path}/their_Plugin-1.2.dist-info",
        ),
    )


def test_of_two_versions_on_the_path_the_first_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in ("1", "2"):
        distribution(tmp_path / version, "theirs", version, "[qms.rules]\na = b\n")
    monkeypatch.setattr("sys.path", [str(tmp_path / "2"), str(tmp_path / "1")])

    assert [one.version for one in entry_points(["qms.rules"])] == ["2"]


def test_folders_that_are_not_there_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.path", [str(tmp_path / "none")])

    assert entry_points(["qms.rules"]) == ()
