"""Imports go only down the layers. Read from the source itself, lazy imports included."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# A module may import what stands below its own row. `qms/jobs/` is one layer here, whatever the
# rooms in it; a name not listed here is no layer yet and fails the test.
LAYERS = (
    ("qms.testing",),
    ("qms.__main__",),
    ("qms.cli",),
    ("qms.jobs",),
    ("qms.ahead",),
    ("qms.plugins", "qms.api", "qms.lists"),
    ("qms.joined_plugins",),
    ("qms.loaded_plugins",),
    ("qms.class_settings", "qms.joined_keys", "qms.plugin_guards"),
    ("qms.hookspecs", "qms.installed", "qms.session"),
    ("qms.hook_values", "qms.printing", "qms.font_faces", "qms.glyph_font"),
    ("qms.domain", "qms.storage"),
    ("qms.formats",),
    ("qms.listings",),
    (
        "qms.api_version",
        "qms.codes",
        "qms.entry_points",
        "qms.letters",
        "qms.plugin_sources",
        "qms.purity",
        "qms.resources",
        "qms.texts",
    ),
    ("qms.findings",),
    ("qms",),
)
# What is pure can't read a file, start a process or talk to a person.
IMPURE = frozenset(
    {"click", "git", "io", "os", "pathlib", "shutil", "socket", "subprocess", "tempfile", "time"}
)
# Slow to import: each is wrapped by one module, which is imported when it is needed.
WRAPPED = ("git", "jinja2", "markdown_it", "weasyprint")


@dataclass(frozen=True, slots=True)
class Import:
    """`importer` names `imported`, a module or something in one, on a line."""

    importer: str
    imported: str
    line: int

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.imported}"


def module_name(path: Path, base: Path) -> str:
    parts = path.relative_to(base).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path, base: Path) -> Iterator[Import]:
    importer = module_name(path, base)
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield Import(importer, name.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{importer}:{node.lineno}: imports are absolute"
            for name in node.names:
                yield Import(importer, f"{node.module}.{name.name}", node.lineno)


def all_imports(folder: str, base: str = ".") -> list[Import]:
    paths = sorted((ROOT / folder).rglob("*.py"))
    return [found for path in paths for found in imports_of(path, ROOT / base)]


CORE = all_imports("qms")
PLUGINS = all_imports("plugins", "plugins")
FOLDERS = frozenset(path.parent.name for path in (ROOT / "plugins").glob("*/__init__.py"))


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def layer(name: str) -> int:
    rows = [
        (len(package), row)
        for row, packages in enumerate(LAYERS)
        for package in packages
        if within(name, package)
    ]
    return max(rows)[1]


def listed(faults: list[Import]) -> str:
    return "\n".join(map(str, faults))


def own_layer(name: str) -> str:
    """``qms.domain`` of ``qms.domain.verdict.state``, ``qms.api`` of ``qms.api.Rule``."""
    return ".".join(name.split(".")[:2])


def test_imports_go_only_down() -> None:
    inside = [found for found in CORE if within(found.imported, "qms")]

    wrong = [
        found
        for found in inside
        if own_layer(found.importer) != own_layer(found.imported)
        and layer(found.importer) >= layer(found.imported)
    ]

    assert not wrong, listed(wrong)


def test_every_module_has_its_layer() -> None:
    known = {package for row in LAYERS for package in row}
    names = {own_layer(module_name(path, ROOT)) for path in (ROOT / "qms").rglob("*.py")}

    unknown = names - known

    assert not unknown


def test_the_core_imports_no_plugin() -> None:
    wrong = [found for found in CORE if found.imported.split(".")[0] in FOLDERS]

    assert not wrong, listed(wrong)


def test_a_plugin_imports_of_qms_only_its_api() -> None:
    wrong = [
        found
        for found in PLUGINS
        if within(found.imported, "qms") and not within(found.imported, "qms.api")
    ]

    assert not wrong, listed(wrong)


def test_plugins_do_not_know_each_other() -> None:
    wrong = [
        found
        for found in PLUGINS
        if found.imported.split(".")[0] in FOLDERS - {found.importer.split(".")[0]}
    ]

    assert not wrong, listed(wrong)


@pytest.mark.parametrize("package", ["qms.domain", "qms.formats", "qms.findings"])
def test_what_is_pure_does_no_io(package: str) -> None:
    wrong = [
        found
        for found in CORE
        if within(found.importer, package) and found.imported.split(".")[0] in IMPURE
    ]

    assert not wrong, listed(wrong)


def test_rules_of_plugins_do_no_io() -> None:
    """All that verify loads of a plugin is its rules and what they import of their own.

    A `Path` may be named there: a plugin says where its code table lies, qms reads it.
    """
    reached = reachable({f"{folder}.rules" for folder in FOLDERS}, PLUGINS)

    wrong = [
        found
        for found in PLUGINS
        if found.importer in reached and found.imported.split(".")[0] in IMPURE - {"pathlib"}
    ]

    assert not wrong, listed(wrong)


@pytest.mark.parametrize("library", WRAPPED)
def test_a_heavy_library_is_wrapped_by_one_module(library: str) -> None:
    importers = {found.importer for found in CORE + PLUGINS if within(found.imported, library)}

    assert len(importers) <= 1


def test_only_storage_and_what_reads_ahead_start_processes() -> None:
    """Testing builds repos with real git and real ssh-keygen, and may, too."""
    wrong = [
        found
        for found in CORE + PLUGINS
        if within(found.imported, "subprocess")
        and not within(found.importer, "qms.storage")
        and not within(found.importer, "qms.ahead.helper_process")
        and not within(found.importer, "qms.testing")
    ]

    assert not wrong, listed(wrong)


def test_verify_reaches_no_heavy_library() -> None:
    reached = reachable({"qms.jobs.judging.verification"}, CORE)

    wrong = [
        found
        for found in CORE
        if found.importer in reached and found.imported.split(".")[0] in WRAPPED
    ]

    assert not wrong, listed(wrong)


def reachable(start: set[str], imports: list[Import]) -> set[str]:
    """All modules that importing `start` can import in the end; a package counts by its name."""
    reached: set[str] = set()
    waiting = set(start)
    while waiting:
        name = waiting.pop()
        reached.add(name)
        for found in imports:
            if found.importer == name:
                module = found.imported
                parent = module.rpartition(".")[0]
                waiting |= {module, parent} - reached
    return reached
