"""Modules stay small, are named after things and explain what they offer."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VAGUE = frozenset(
    {"base", "common", "core", "helper", "helpers", "manager", "misc", "util", "utils"}
)
PATHS = [
    pytest.param(path, id=str(path.relative_to(ROOT)))
    for folder in ("qms", "plugins")
    for path in sorted((ROOT / folder).rglob("*.py"))
]


@pytest.mark.parametrize("path", PATHS)
def test_a_module_has_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", PATHS)
def test_a_module_is_named_after_a_thing(path: Path) -> None:
    assert path.stem not in VAGUE
    assert path.parent.name not in VAGUE


@pytest.mark.parametrize("path", PATHS)
def test_every_public_name_has_a_docstring(path: Path) -> None:
    silent = list(undocumented(ast.parse(path.read_bytes()), ""))

    assert silent == []


def undocumented(
    node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef, name: str
) -> Iterator[str]:
    if ast.get_docstring(node) is None:
        yield name or "the module"
    if isinstance(node, ast.Module | ast.ClassDef):
        for part in node.body:
            if (
                isinstance(part, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
                and not part.name.startswith("_")
                and not takes_its_docstring_from_elsewhere(part)
            ):
                yield from undocumented(part, f"{name}.{part.name}".lstrip("."))


def takes_its_docstring_from_elsewhere(
    node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef,
) -> bool:
    """An overload, an override, a hook's implementation, or the setter of a property."""
    words = {ast.unparse(decorator).split("(")[0] for decorator in node.decorator_list}
    return any(
        word.split(".")[-1] in {"overload", "override", "hookimpl", "setter"} for word in words
    )


def test_every_hook_is_documented_for_those_who_write_plugins() -> None:
    """Which version of the API brought it, and an example to read."""
    tree = ast.parse((ROOT / "qms" / "hookspecs.py").read_bytes())
    hooks = {
        node.name: ast.get_docstring(node) or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any("hookspec" in ast.unparse(word) for word in node.decorator_list)
    }

    lacking = [
        name for name, text in hooks.items() if "New in API" not in text or "Example" not in text
    ]

    assert hooks
    assert lacking == []
