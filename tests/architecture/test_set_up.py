"""`./dev` installs exactly its locks, by an old pip too, whatever was published since.

The function that installs is cut out of `dev` and run as it stands there, against a folder of tiny
wheels made here: nothing of the options is spelt a second time, and no network is needed.
"""

import hashlib
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from qms.storage import programs

ROOT = Path(__file__).parents[2]
DEV = (ROOT / "dev").read_text(encoding="utf-8")
OLD_PIP = Path(sys.prefix) / "old-pip"


def function(name: str) -> str:
    """The function of that name, as `dev` has it."""
    found = re.search(rf"^{name}\(\) (?:\{{ [^\n]*|\{{\n.*?^\}})\n", DEV, re.DOTALL | re.MULTILINE)
    assert found is not None, name
    return found[0]


INSTALL = "".join(function(name) for name in ("say", "die", "install", "told"))


def wheel(folder: Path, name: str, version: str, *metadata: str) -> Path:
    """A package of one empty module."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    head = ("Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *metadata)
    tags = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", "")
        archive.writestr(f"{info}/METADATA", "\n".join((*head, "")))
        archive.writestr(f"{info}/WHEEL", tags)
        archive.writestr(f"{info}/RECORD", f"{name}.py,,\n{info}/METADATA,,\n{info}/RECORD,,\n")
    return path


def pin(wheel: Path) -> str:
    name, version, *_ = wheel.name.split("-")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f"{name}=={version} \\\n    --hash=sha256:{digest}\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A lock, and an index that got newer releases since: of what is named with an extra, too.

    `reporter` asks for `counter[toml]`, as pytest-cov does for `coverage[toml]` and weasyprint for
    `fonttools[woff]`.
    """
    index = tmp_path / "index"
    index.mkdir()
    extra = ("Provides-Extra: toml", "Requires-Dist: parser; extra == 'toml'")
    locked = (
        wheel(index, "reporter", "1.0", "Requires-Dist: counter[toml]>=1"),
        wheel(index, "counter", "1.0", *extra),
        wheel(index, "parser", "1.0"),
    )
    (tmp_path / "requirements.lock").write_text("".join(map(pin, locked)), encoding="utf-8")
    wheel(index, "reporter", "2.0", "Requires-Dist: counter[toml]>=1")
    wheel(index, "counter", "2.0", *extra)
    wheel(index, "parser", "2.0")
    return tmp_path


def install(checkout: Path, functions: str) -> subprocess.CompletedProcess[str]:
    """Run them as `./dev` does, in a new virtual environment, with the old pip."""
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", ".venv"], cwd=checkout, check=True
    )
    return subprocess.run(
        ["bash", "-c", f"set -euo pipefail\n{functions}\ninstall requirements.lock"],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(checkout),
            "PYTHONPATH": str(OLD_PIP),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(checkout / "index"),
            "root": str(checkout),
            "venv": str(checkout / ".venv"),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def installed(checkout: Path) -> list[str]:
    return sorted(
        path.stem for path in checkout.glob(".venv/lib/python*/site-packages/*.dist-info")
    )


def test_the_old_pip_is_one_that_resolves_a_lock_again() -> None:
    """pip 23.3 is the first that takes an extra's version from the lock."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--version"],
        env=os.environ | {"PYTHONPATH": str(OLD_PIP)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout.split()[1] == ("23.0.1" if sys.version_info < (3, 12) else "23.2.1")


def test_an_old_pip_installs_the_lock_though_newer_releases_exist(checkout: Path) -> None:
    done = install(checkout, INSTALL)

    assert (done.returncode, done.stdout) == (0, "")
    assert "dev:   3 packages of requirements.lock are here" in done.stderr
    assert installed(checkout) == ["counter-1.0", "parser-1.0", "reporter-1.0"]


def test_without_no_deps_the_old_pip_fails_on_that_very_lock(checkout: Path) -> None:
    """So the index above is the trap that it is meant to be."""
    asking_anew = INSTALL.replace("--no-deps ", "")
    assert asking_anew != INSTALL

    done = install(checkout, asking_anew)

    assert done.returncode == 3
    assert "counter[toml]" in done.stderr
    assert "dev: error: the Python packages of requirements.lock could not be installed" in (
        done.stderr
    )
    assert installed(checkout) == []


def test_a_package_that_was_changed_since_is_not_installed(checkout: Path) -> None:
    wheel(checkout / "index", "parser", "1.0", "Summary: another one of the same version")

    done = install(checkout, INSTALL)

    assert done.returncode == 3
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in done.stderr
    assert installed(checkout) == []


def test_nothing_is_installed_but_by_that_function_and_from_the_checkout() -> None:
    """A second call of pip would need a second look."""
    calls = re.findall(r"-m pip install(?:\\\n|[^|\n])*", DEV)

    assert len(calls) == 2
    assert all("--no-deps" in call for call in calls)
    assert '-e "$root"' in calls[1]
    assert "--no-build-isolation" in calls[1]


def array(name: str) -> set[str]:
    """The words of an array of `dev`."""
    found = re.search(rf"^readonly {name}=\(([^)]*)\)", DEV, re.MULTILINE)
    assert found is not None, name
    return set(found[1].split())


def test_doctor_dev_and_readme_name_the_same_packages_for_printing() -> None:
    """fontconfig's programs are for `dev` alone, to find out whether the fonts are there."""
    told = {package for _, _, package in programs.PRINTING} | {programs.FONTS_PACKAGE}

    assert array("print_packages") == told | {"fontconfig"}
    for name in ("README.md", "README.zh.md"):
        line = re.search(r"`apt-get install ([^`]*)`", (ROOT / name).read_text("utf-8"))
        assert line is not None
        assert set(line[1].split()) == told


def test_no_command_but_those_that_print_asks_for_what_printing_needs() -> None:
    """`./dev qms` sets up the stage `run`; the packages of printing come with two others."""
    assert array("tool_packages") == {"openssh-client"}
    assert not array("tool_packages") & (array("print_packages") | array("test_packages"))
    assert re.findall(r"^    (\w+)\)\n        ready (\w+)", DEV, re.MULTILINE) == [
        ("qms", "run"),
        ("demo", "print"),
        ("wheel", "run"),
        ("bench", "print"),
        ("test", "test"),
        ("archive", "test"),
        ("lint", "lint"),
        ("lock", "lint"),
        ("setup", "test"),
    ]
