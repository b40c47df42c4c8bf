"""docs/laws.md: seven laws, each with tests that hold it, and no test named that isn't there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
PAGE = (ROOT / "docs" / "laws.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| **")
]
NAMED = re.compile(r"`(?:tests/)?([a-z_/]+\.py|[a-z_]+(?:/[a-z_]+)*)`")


def named(text: str) -> list[str]:
    return NAMED.findall(text)


def test_each_law_stands_once_and_says_what_holds_it_and_what_does_not() -> None:
    assert [law[2] for law, *_ in ROWS] == list("1234567")
    assert all(named(held) and missing for _, held, missing in ROWS)


@pytest.mark.parametrize("name", sorted({name for _, held, _ in ROWS for name in named(held)}))
def test_a_test_that_holds_a_law_exists(name: str) -> None:
    place = TESTS / name

    assert place.is_file() or any(place.rglob("test_*.py"))


def test_a_test_named_elsewhere_on_the_page_exists() -> None:
    files = [name for name in named(PAGE) if name.endswith(".py")]

    assert [name for name in files if not (TESTS / name).is_file()] == []


def test_what_holds_a_law_is_all_that_its_cell_names() -> None:
    """Else a slip of the pen would be no name, and asked about by nobody."""
    for _, held, _ in ROWS:
        assert held == ", ".join(f"`{name}`" for name in named(held))
