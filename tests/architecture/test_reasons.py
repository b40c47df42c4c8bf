"""What is done about a finding hangs on its reason, never on its code: people look codes up."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from qms.findings import Reason

ROOT = Path(__file__).parents[2]
SOURCES = [
    pytest.param(path, id=str(path.relative_to(ROOT)))
    for folder in ("qms", "plugins")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if not path.is_relative_to(ROOT / "qms" / "testing")  # tests expect codes, as people see them
]
CODES = {
    code
    for pattern in ("qms/data/codes/*.toml", "plugins/*/data/codes.toml")
    for path in ROOT.glob(pattern)
    for code in tomllib.loads(path.read_text(encoding="utf-8"))
}
PRINTING = frozenset(
    {
        "plugins/qms_copies/copy_cells.py",
        "qms/codes.py",
    }
)
"""Modules that look the text for a code up."""
CHOOSING = frozenset({"plugins/qms_publish/text/spans.py"})
"""Modules that choose the code of a finding which isn't made yet."""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def is_code(node: ast.expr) -> bool:
    """Whether an expression is the code of something: ``finding.code``."""
    return isinstance(node, ast.Attribute) and node.attr == "code"


def constants(tree: ast.Module) -> set[str]:
    """The names that a module gives to codes, or to several of them."""
    given = [node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)]
    found = [(node.targets if isinstance(node, ast.Assign) else [node.target], node.value)
             for node in given if node.value is not None]  # fmt: skip
    return {
        target.id
        for targets, value in found
        for target in targets
        if isinstance(target, ast.Name) and names_code(value, set())
    }


def names_code(node: ast.expr, known: set[str]) -> bool:
    return any(
        (isinstance(one, ast.Constant) and one.value in CODES)
        or (isinstance(one, ast.Name) and one.id in known)
        for one in ast.walk(node)
    )


def by_code(tree: ast.Module) -> Iterator[str]:
    """The expressions that decide something by a code."""
    known = constants(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=left, comparators=others):
                sides = (left, *others)
                is_of_one = any(map(is_code, sides)) and not all(map(is_code, sides))
                if is_of_one or any(names_code(one, known) for one in sides):
                    yield ast.unparse(node)
            case ast.Call(func=ast.Attribute(value=value)) if is_code(value):
                yield ast.unparse(node)
            case ast.Match(subject=subject) if is_code(subject):
                yield ast.unparse(subject)
            case _:
                continue


def looked_up(tree: ast.Module) -> Iterator[str]:
    """The expressions that take something from a table by a code."""
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(slice=key) if is_code(key):
                yield ast.unparse(node)
            case ast.Call(func=ast.Attribute(attr="get"), args=[key, *_]) if is_code(key):
                yield ast.unparse(node)
            case _:
                continue


@pytest.mark.parametrize("path", SOURCES)
def test_nothing_is_decided_by_the_code_of_a_finding(path: Path) -> None:
    found = [] if name_of(path) in CHOOSING else list(by_code(ast.parse(path.read_bytes())))

    assert found == []


@pytest.mark.parametrize("path", SOURCES)
def test_only_what_prints_looks_up_by_a_code(path: Path) -> None:
    found = [] if name_of(path) in PRINTING else list(looked_up(ast.parse(path.read_bytes())))

    assert found == []


def test_no_module_is_let_off_that_needs_nothing() -> None:
    """A list of exceptions only shrinks."""
    printing = [one for one in PRINTING if not any(looked_up(ast.parse((ROOT / one).read_bytes())))]
    choosing = [one for one in CHOOSING if not any(by_code(ast.parse((ROOT / one).read_bytes())))]

    assert printing + choosing == []


@pytest.mark.parametrize(
    "source",
    [
        'finding.code == "CUT"',
        'finding.code not in {"CUT", "TAIL"}',
        'finding.code.startswith("FIELD-")',
        'KINDS = frozenset({"CUT"})\nx = one in KINDS',
        "match finding.code:\n    case _: pass",
        "finding.code in known",
    ],
)
def test_a_comparison_of_a_code_is_found(source: str) -> None:
    assert list(by_code(ast.parse(source)))


def test_two_findings_may_be_compared() -> None:
    assert list(by_code(ast.parse("told.code != finding.code"))) == []


def test_every_reason_decides_something() -> None:
    """One that nobody asks for says nothing that the code does not."""
    asked = {
        node.attr
        for folder in ("qms", "plugins")
        for path in (ROOT / folder).rglob("*.py")
        for one in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(one, ast.Compare | ast.Tuple | ast.Set | ast.Dict | ast.MatchValue)
        for node in ast.walk(one)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Reason"
    }

    assert sorted(one.name for one in Reason if one.name not in asked) == []
