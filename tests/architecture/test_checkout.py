"""The checkout is fit for the public: no address of a machine or an index, scripts that parse."""

import os
import re
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing.merging import ATTRIBUTES

ROOT = Path(__file__).parents[2]
# Put together here, so that this file does not hold what it looks for.
BANNED = re.compile(
    "|".join(
        (
            r"(^|[^A-Za-z0-9_.~-])/(" + "wo" + "rk|fa" + "rm)[/.]",
            "index" + "-url",
            "pypi" + r"\.org",
            "python" + r"hosted\.org",
        )
    ).encode(),
    re.MULTILINE,
)


def test_lists_are_merged_alike_in_the_template_and_in_tests() -> None:
    """The policy binds the template's file: what is to come must stand there already."""
    text = (ROOT / "docs_repo_template" / ".gitattributes").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]

    assert lines == ATTRIBUTES.decode().splitlines()
    assert not any(line.startswith("records") for line in lines)


Tracked = Callable[[str], list[str]]


def test_no_tracked_file_names_a_machine_or_an_index(tracked: Tracked) -> None:
    found = [
        f"{name}: {match[0].decode()}"
        for name in tracked(".")
        if (match := BANNED.search((ROOT / name).read_bytes())) is not None
    ]

    assert found == []


def test_nothing_generated_is_tracked(tracked: Tracked) -> None:
    generated = re.compile(r"^(demo|dist|build|\.venv)/|__pycache__/|\.pyc$|\.egg-info/")

    assert [name for name in tracked(".") if generated.search(name)] == []


def test_tests_are_no_packages() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []


@pytest.mark.parametrize("name", ["dev", ".ci/run", ".ci/newcomer"])
def test_a_script_parses_and_may_be_run(name: str) -> None:
    done = subprocess.run(
        ["bash", "-n", str(ROOT / name)], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert os.access(ROOT / name, os.X_OK)


def test_both_readmes_install_alike() -> None:
    """.ci/newcomer does what README.md says; the Chinese one says the same."""
    english, chinese = (
        re.findall(
            r"(?m)^(?:uv |pipx |python3 |~/|mkdir ).*",
            (ROOT / name).read_text("utf-8").partition(f"\n## {head}\n")[2].partition("\n## ")[0],
        )
        for name, head in (("README.md", "Install"), ("README.zh.md", "安装"))
    )

    assert len(english) == 9
    assert [line.replace("地址", "ADDRESS").replace("标签", "TAG") for line in chinese] == english


def test_every_lint_exception_has_its_reason() -> None:
    """A code in an ignore list of ruff is followed by a comment on its line."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lint = text[text.index("[tool.ruff.lint]") : text.index("[tool.ruff.lint.mccabe]")]
    project = tomllib.loads(text)["tool"]["ruff"]["lint"]
    ignored = [
        *project["ignore"],
        *(c for row in project["per-file-ignores"].values() for c in row),
    ]

    lines = [line for line in lint.splitlines() if re.match(r'\s+"[A-Z]+[0-9]*",', line)]

    assert len(lines) == len(ignored)
    assert [line for line in lines if "#" not in line] == []
