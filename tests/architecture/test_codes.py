"""Each code that the source raises stands in a code table, in both languages, and none is dead."""

import ast
import re
import shlex
import string
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from qms.codes import CodeTable
from qms.findings import Finding, Place, shell_word

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
OF_THE_PLACE = frozenset({"path", "field", "commit", "line", "restore", "other", "published"})
TEXTS = ("en", "zh", "mend_en", "mend_zh")


@dataclass(frozen=True, slots=True)
class Raised:
    """A code where the source makes a finding of it; `values` is None where it can't be read."""

    code: str
    values: frozenset[str] | None
    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.code}"


def table_of(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


TABLES = {
    path: table_of(path)
    for path in (
        *sorted((ROOT / "qms" / "data" / "codes").glob("*.toml")),
        *sorted((ROOT / "plugins").glob("*/data/codes.toml")),
    )
}
ROWS = [
    pytest.param(row, id=f"{path.relative_to(ROOT)}:{code}")
    for path, table in TABLES.items()
    for code, row in table.items()
]
CODES = {code: row for table in TABLES.values() for code, row in table.items()}
SOURCES = {
    path: ast.parse(path.read_bytes())
    for folder in ("qms", "plugins")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if not path.is_relative_to(ROOT / "qms" / "testing")
}


def raised_in(path: Path, tree: ast.Module) -> Iterator[Raised]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or called(node) not in {"Finding", "refused"}:
            continue
        first = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "code")]
        for part in first:
            for code in literals(part):
                yield Raised(code, values_of(node), path, node.lineno)


def called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def literals(node: ast.expr) -> Iterator[str]:
    """The codes an argument can be: a literal, or a choice of literals."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from literals(body)
            yield from literals(orelse)
        case _:
            return


def values_of(node: ast.Call) -> frozenset[str] | None:
    if called(node) == "refused":
        names = [word.arg for word in node.keywords]
        return None if None in names else frozenset(filter(None, names))
    given = [*node.args[2:3], *(word.value for word in node.keywords if word.arg == "values")]
    match given:
        case []:
            return frozenset()
        case [ast.Dict(keys=keys)]:
            words = [str(key.value) for key in keys if isinstance(key, ast.Constant)]
            return frozenset(words) if len(words) == len(keys) else None
        case _:
            return None


RAISED = [found for path, tree in SOURCES.items() for found in raised_in(path, tree)]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def in_own_or_core_table(found: Raised) -> bool:
    tables = [
        table
        for path, table in TABLES.items()
        if path.is_relative_to(ROOT / "qms") or found.path.is_relative_to(path.parents[1])
    ]
    return any(found.code in table for table in tables)


def test_every_raised_code_stands_in_a_table() -> None:
    missing = [str(found) for found in RAISED if not in_own_or_core_table(found)]

    assert not missing, "\n".join(missing)


def test_every_code_of_a_table_is_used() -> None:
    words = {
        node.value
        for tree in SOURCES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

    assert sorted(CODES.keys() - words) == []


def test_no_code_stands_twice() -> None:
    codes = [code for table in TABLES.values() for code in table]

    twice = {code for code in codes if codes.count(code) > 1}

    assert not twice


def test_codes_are_spelt_alike() -> None:
    strange = [code for code in CODES if CODE.fullmatch(code) is None]

    assert not strange


@pytest.mark.parametrize("row", ROWS)
def test_a_code_says_what_is_wrong_and_how_to_mend_it_in_both_languages(
    row: dict[str, str],
) -> None:
    missing = [text for text in TEXTS if not row.get(text, "").strip()]

    assert not missing
    assert set(row) <= {"level", "put_back", *TEXTS}
    assert row.get("level", "error") in {"error", "warning"}


@pytest.mark.parametrize("row", ROWS)
def test_the_chinese_text_of_a_code_is_chinese(row: dict[str, str]) -> None:
    assert re.search(r"[\u4e00-\u9fff]", row["zh"])
    assert re.search(r"[\u4e00-\u9fff]", row["mend_zh"])


@pytest.mark.parametrize("row", ROWS)
def test_the_placeholders_of_a_code_are_plain_names(row: dict[str, str]) -> None:
    strange = [
        name
        for text in TEXTS
        for name in placeholders(row[text])
        if re.fullmatch(r"[a-z][a-z0-9_]*", name) is None
    ]

    assert not strange


def test_a_finding_brings_the_values_its_sentence_names() -> None:
    lacking = [
        f"{found} lacks {sorted(needed)}"
        for found in RAISED
        if found.values is not None
        and found.code in CODES
        and (
            needed := {name for text in TEXTS for name in placeholders(CODES[found.code][text])}
            - found.values
            - OF_THE_PLACE
        )
    ]

    assert not lacking, "\n".join(lacking)


HOSTILE = "x;touch${IFS}y $(z)"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("code", sorted(CODES))
def test_no_value_leaves_its_word_in_a_command(code: str, language: str) -> None:
    """Mends are pasted, and anybody can push a branch of any name."""
    mend = CODES[code][f"mend_{language}"]
    names = {name for _, name, _, _ in string.Formatter().parse(mend) if name}
    table = CodeTable(path for path in TABLES if path.is_relative_to(ROOT / "plugins"))
    place = Place(path=HOSTILE, line=1, field=HOSTILE, commit="0" * 40)
    values = dict.fromkeys(names - OF_THE_PLACE, HOSTILE)

    said = table.mend(Finding(code, place, values), language)

    marked = table.mend(Finding(code, place, dict.fromkeys(values, "VALUE")), language)
    for command in marked.split("`")[1::2]:
        if "VALUE" in command:
            quoted = command.replace("VALUE", shell_word(HOSTILE))
            assert f"`{quoted}`" in said
            assert any(HOSTILE in word for word in shlex.split(quoted))


OWN_COMMAND = {"DRAFT-PLACE", "ROLLBACK"}
"""Whoever finds these brings the command with it."""


def test_where_a_mend_restores_a_file_it_is_looked_for() -> None:
    """Else it could only say how to look at what became of the file."""
    restoring = {
        code
        for code, row in CODES.items()
        if any("{restore}" in row[text] for text in ("mend_en", "mend_zh"))
    }
    looked_for = {code for code, row in CODES.items() if row.get("put_back")}

    assert restoring - looked_for == OWN_COMMAND
