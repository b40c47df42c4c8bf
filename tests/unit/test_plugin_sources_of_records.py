"""What no record lists never runs, and a record that is none ends no command."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from qms.plugin_sources import run_from, sources
from qms.testing.outsiders import forgotten


def distribution(folder: Path, record: str, **files: str) -> str:
    """A distribution with these modules and this record; gives its ``.dist-info``."""
    info = folder / "acme_shared-1.0.dist-info"
    info.mkdir()
    (info / "RECORD").write_text(record, encoding="utf-8")
    for name, text in files.items():
        path = folder / f"{name.replace('__in__', '/')}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return str(info)


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    with forgotten():
        yield


@pytest.mark.parametrize("row", [",,", f'"{"a" * 140_000}",,'])
def test_a_record_that_is_none_gives_no_digest_and_no_traceback(tmp_path: Path, row: str) -> None:
    found = sources(distribution(tmp_path, f"acme_shared/rules.py,,\n{row}\n"))

    assert found is None


def test_an_init_that_no_record_lists_does_not_run_before_the_module_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package without an own `__init__`: another's ran first, in the process that judges."""
    modules = {
        "acme_shared__in____init__": "raise SystemExit\n",
        "acme_shared__in__rules": "WHO = 'honest'\n",
        "acme_shared__in__other": "OTHER = True\n",
    }
    info = distribution(tmp_path, "acme_shared/rules.py,,\n", **modules)
    monkeypatch.syspath_prepend(str(tmp_path))
    found = sources(info)
    assert found is not None

    run_from(found)

    assert import_module("acme_shared.rules").WHO == "honest"
    assert import_module("acme_shared.other").OTHER, "of another distribution, in the same package"
