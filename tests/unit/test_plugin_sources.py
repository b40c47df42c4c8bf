"""The digest of a plugin's sources: which bytes it covers, and that those are what runs."""

import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from qms.plugin_sources import run_from, sources
from qms.testing import DocsRepo
from qms.testing.outsiders import forgotten, install

SECOND = Path(__file__).parents[1] / "second_verifier.py"
BY_HAND = r"""
grep -v '\.pyc,' "$1"/RECORD | cut -d, -f1 | grep -v "^\.\./" |
    grep -v "^${1##*/}/[^e]" | LC_ALL=C sort | tr '\n' '\0' |
    (cd "$1"/.. && xargs -0 sha256sum) | sha256sum
"""


@pytest.fixture
def info(tmp_path: Path) -> Path:
    """An installed distribution with a package, data, a script, and what Python compiled."""
    points = {"qms.rules": "sheets = acme_sheets.rules"}
    folder = install(tmp_path / "there", "acme-sheets", "1.0", points, acme_alone="ALONE = 1\n")
    found = folder / "acme_sheets-1.0.dist-info"
    listed = {
        "acme_sheets/__init__.py": "",
        "acme_sheets/rules.py": "WHO = 'honest'\n",
        "acme_sheets/inner/deep.py": "DEEP = 2\n",
        "acme_sheets/codes.toml": "# codes\n",
        "acme_sheets/__pycache__/rules.cpython-311.pyc": "compiled",
        f"{found.name}/INSTALLER": "pip\n",
        f"{found.name}/direct_url.json": "{}",
        "../bin/sheets": "#!/usr/bin/python\n",
    }
    for name, text in listed.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with (found / "RECORD").open("a", encoding="utf-8") as record:
        record.writelines(f"{name},,\n" for name in listed)
    return found


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    with forgotten():
        yield


def run(*command: str) -> str:
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.split()[0]


def digest(info: Path) -> str | None:
    sources.cache_clear()
    found = sources(str(info))
    return None if found is None else found.digest


def test_the_digest_is_that_of_the_second_verifier_and_of_sha256sum(info: Path) -> None:
    found = digest(info)

    assert found == run(sys.executable, "-I", str(SECOND), "--digest", str(info))
    assert found == "sha256:" + run("bash", "-c", BY_HAND, "-", str(info))


@pytest.mark.parametrize(
    "name",
    [
        "acme_sheets/__pycache__/rules.cpython-311.pyc",
        "acme_sheets-1.0.dist-info/INSTALLER",
        "acme_sheets-1.0.dist-info/direct_url.json",
        "acme_sheets-1.0.dist-info/METADATA",
        "acme_sheets/not_listed.py",
    ],
)
def test_what_differs_by_machine_is_no_part_of_it(info: Path, name: str) -> None:
    before = digest(info)
    (info.parent / name).write_text("other\n", encoding="utf-8")

    assert digest(info) == before


@pytest.mark.parametrize(
    "name",
    [
        "acme_alone.py",
        "acme_sheets/rules.py",
        "acme_sheets/inner/deep.py",
        "acme_sheets/codes.toml",
        "acme_sheets-1.0.dist-info/entry_points.txt",
    ],
)
def test_code_data_and_entry_points_are_parts_of_it(info: Path, name: str) -> None:
    before = digest(info)
    with (info.parent / name).open("a", encoding="utf-8") as file:
        file.write("\n# more\n")

    assert digest(info) != before


@pytest.mark.parametrize("row", ["acme_sheets/gone.py,,\n", "acme_sheets/./rules.py,,\n"])
def test_a_record_of_what_is_not_there_gives_no_digest(info: Path, row: str) -> None:
    with (info / "RECORD").open("a", encoding="utf-8") as record:
        record.write(row)

    assert digest(info) is None


def test_no_record_gives_no_digest(info: Path) -> None:
    (info / "RECORD").unlink()

    assert digest(info) is None


def test_what_runs_are_the_bytes_that_were_hashed(
    info: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not what stands in the file a moment later, and nothing that lies beside it."""
    monkeypatch.syspath_prepend(str(info.parent))
    sources.cache_clear()
    found = sources(str(info))
    assert found is not None
    (info.parent / "acme_sheets" / "rules.py").write_text("WHO = 'forged'\n", encoding="utf-8")
    (info.parent / "acme_sheets" / "more.py").write_text("", encoding="utf-8")

    run_from(found)

    assert import_module("acme_sheets.rules").WHO == "honest"
    assert import_module("acme_sheets.inner.deep").DEEP == 2
    assert import_module("acme_sheets.rules").__file__ == str(
        info.parent / "acme_sheets" / "rules.py"
    )
    with pytest.raises(ModuleNotFoundError, match=r"acme_sheets\.more is no source"):
        import_module("acme_sheets.more")


def test_what_was_imported_before_is_imported_again(
    info: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(info.parent))
    rules = info.parent / "acme_sheets" / "rules.py"
    honest = rules.read_text(encoding="utf-8")
    rules.write_text("WHO = 'forged'\n", encoding="utf-8")
    assert import_module("acme_sheets.rules").WHO == "forged"
    rules.write_text(honest, encoding="utf-8")
    sources.cache_clear()
    found = sources(str(info))
    assert found is not None

    run_from(found)

    assert import_module("acme_sheets.rules").WHO == "honest"


def test_the_second_verifier_reads_the_policies_that_the_tool_writes(tmp_path: Path) -> None:
    repo = DocsRepo.make(tmp_path / "repo")
    repo.policy()
    repo.history.flush()

    done = subprocess.run(
        [sys.executable, "-I", str(SECOND), "--repo", str(repo.path), repo.tip],
        check=False, capture_output=True, text=True,
    )  # fmt: skip

    assert done.stdout == "policy/0001/policy.yaml\tok\npolicy/0002/policy.yaml\tok\n"
