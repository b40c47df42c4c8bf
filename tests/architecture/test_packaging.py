"""Plugins, entry points, the lists of pyproject and the wheel say the same."""

import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = {"qms.rules": "rules", "qms.tools": "tools"}
FOLDERS = frozenset(path.parent.name for path in (ROOT / "plugins").glob("*/__init__.py"))
# Each lock, and the groups of dependencies in it.
LOCKS = {
    "requirements.lock": ("build",),
    "requirements-test.lock": ("test",),
    "requirements-archive.lock": ("archive",),
    "requirements-ci.lock": ("test", "lint"),
    "requirements-pip.lock": ("pip",),
}
DECLARED: dict[str, dict[str, str]] = PROJECT["project"]["entry-points"]


def test_the_entry_points_are_the_folders_in_plugins() -> None:
    packages = {
        target.split(".")[0] for entries in DECLARED.values() for target in entries.values()
    }

    assert set(DECLARED) == set(GROUPS)
    assert packages == FOLDERS


@pytest.mark.parametrize("group", GROUPS)
def test_an_entry_point_has_the_name_of_its_folder(group: str) -> None:
    expected = {name: f"qms_{name}.{GROUPS[group]}" for name in DECLARED[group]}

    assert DECLARED[group] == expected


@pytest.mark.parametrize("group", GROUPS)
def test_a_plugin_with_rules_or_tools_has_the_entry_point(group: str) -> None:
    module = GROUPS[group]
    there = {
        f"{folder}.{module}"
        for folder in FOLDERS
        if (ROOT / "plugins" / folder / f"{module}.py").exists()
        or (ROOT / "plugins" / folder / module / "__init__.py").exists()
    }

    assert set(DECLARED[group].values()) == there


@pytest.mark.parametrize("group", GROUPS)
def test_the_installed_entry_points_are_those_of_the_project(group: str) -> None:
    """Else ./dev setup has to run again: entry points are read from what is installed."""
    installed = {
        entry.name: entry.value
        for entry in entry_points(group=group)
        if entry.dist is not None and entry.dist.name == PROJECT["project"]["name"]
    }

    assert installed == DECLARED[group]


def test_every_list_of_the_project_names_every_plugin() -> None:
    """Two tools find no package by where it lies; ruff and deptry do, and have no list."""
    tool = PROJECT["tool"]
    lists = {
        "coverage": tool["coverage"]["run"]["source_pkgs"],
        "importlinter": tool["importlinter"]["root_packages"],
    }

    assert {name: frozenset(names) for name, names in lists.items()} == dict.fromkeys(
        lists, FOLDERS | {"qms"}
    )


def test_every_contract_about_plugins_names_every_plugin() -> None:
    named = {
        contract["name"]: names
        for contract in PROJECT["tool"]["importlinter"]["contracts"]
        for key in ("source_modules", "layers")
        if (names := set(re.findall(r"\bqms_\w+\b(?!\.)", " ".join(contract.get(key, ())))))
    }

    assert len(named) == 2
    assert named == dict.fromkeys(named, FOLDERS)


def locked(lock: str) -> dict[str, str]:
    """Package and what is pinned of it: a version, or several with their markers."""
    pins: dict[str, str] = {}
    text = (ROOT / lock).read_text(encoding="utf-8")
    for name, rest in re.findall(r"(?m)^([a-z0-9-]+)(==[^\\\n]+)", text):
        pins[name] = pins.get(name, "") + rest
    return pins


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_and_hashes_every_package(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"(?m)^(?=[a-z0-9])", text)[1:]

    unpinned = [entry.splitlines()[0] for entry in entries if "==" not in entry.split()[0]]
    unhashed = [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry]

    assert entries
    assert unpinned == []
    assert unhashed == []


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_that_a_group_asks_for_stands_in_its_lock(lock: str) -> None:
    groups = PROJECT["dependency-groups"]
    wanted = [text for group in LOCKS[lock] for text in groups[group]]
    if lock == "requirements.lock":
        wanted += PROJECT["project"]["dependencies"]

    missing = {re.split(r"[<>=\[; ]", text)[0].lower() for text in wanted} - locked(lock).keys()

    assert not missing


def test_the_locks_agree_on_what_they_share() -> None:
    """They are installed over each other into one environment."""
    pins: dict[str, set[str]] = {}
    for lock in LOCKS:
        for name, rest in locked(lock).items():
            pins.setdefault(name, set()).add(rest.strip())

    assert {name: rest for name, rest in pins.items() if len(rest) > 1} == {}


def test_a_demo_needs_no_package_of_tests_or_linters() -> None:
    for_work = {
        re.split(r"[<>=\[; ]", text)[0].lower()
        for group in ("test", "lint")
        for text in PROJECT["dependency-groups"][group]
    }

    assert for_work
    assert not for_work & locked("requirements.lock").keys()


def test_every_group_has_a_lock_and_the_sdist_holds_them_all() -> None:
    assert {group for groups in LOCKS.values() for group in groups} == set(
        PROJECT["dependency-groups"]
    )
    assert {path.name for path in ROOT.glob("*.lock")} == set(LOCKS)
    assert set(LOCKS) <= set(PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["only-include"])


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("wheel"))


def build(folder: Path) -> Path:
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_holds_every_tracked_file_of_qms_and_its_plugins(
    wheel: Path, tracked: Callable[[str], list[str]]
) -> None:
    expected = {
        *tracked("qms"),
        *(name.removeprefix("plugins/") for name in tracked("plugins")),
    }

    assert expected <= set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_holds_every_tracked_file_of_the_template(
    wheel: Path, tracked: Callable[[str], list[str]]
) -> None:
    expected = {f"qms/data/{name}" for name in tracked("docs_repo_template")}

    assert expected
    assert expected <= set(zipfile.ZipFile(wheel).namelist())


def test_the_command_of_the_wheel_runs_isolated_and_can_be_run(wheel: Path) -> None:
    """What installers make of an entry point drops `-I`, so there is none."""
    with zipfile.ZipFile(wheel) as opened:
        (script,) = (one for one in opened.infolist() if ".data/scripts/" in one.filename)
        text = opened.read(script).decode()

    assert script.filename.endswith("/qms")
    assert (script.external_attr >> 16) & 0o111 == 0o111
    assert text.startswith("#!/bin/sh\n")
    assert "-I -m qms" in text
    assert "scripts" not in PROJECT["project"]


def test_two_builds_give_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    assert build(tmp_path).read_bytes() == wheel.read_bytes()
