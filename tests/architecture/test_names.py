"""A name stands once: whoever reads it knows what is meant, wherever it is met."""

import ast
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = sorted((*(ROOT / "qms").rglob("*.py"), *(ROOT / "plugins").rglob("*.py")))
HALVES = {"rules", "tools"}
"""What a plugin calls the modules of its two halves, each in its own package."""


def twice(names: Counter[str]) -> list[str]:
    return sorted(name for name, count in names.items() if count > 1)


def test_no_two_classes_have_one_name() -> None:
    classes = Counter(
        node.name
        for path in SOURCES
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    )
    assert twice(classes) == []


def test_no_two_modules_have_one_name() -> None:
    modules = Counter(path.stem for path in SOURCES if path.stem not in {"__init__", *HALVES})
    assert twice(modules) == []
