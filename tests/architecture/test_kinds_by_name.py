"""What a kind of file has, rounds or a body or pictures or a chain, it says itself.

Whoever asks for the name of a kind shuts out those that plugins bring: each place that does so is
here, with why nothing of a plugin's could be meant.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from qms.domain.kinds.kind import CORE_KINDS, Kinds
from qms.domain.kinds.recorded import POLICY

ROOT = Path(__file__).parents[2]
PATHS = [
    pytest.param(path, id=path.relative_to(ROOT).as_posix())
    for path in sorted((ROOT / "qms").rglob("*.py"))
    if not path.is_relative_to(ROOT / "qms" / "testing")
]
TEXTS = {"document", "released", "WORKING", "RELEASED"}
BY_NAME = {
    "qms/cli/draft_commands.py": "names a text of ours that a killed command left",
    "qms/domain/register/register.py": "revisions of a number come in the order of their bases",
    "qms/domain/uniting/branches.py": "as the register",
    "qms/domain/verdict/rule.py": "a released revision is told by its path, a text by its words",
    "qms/domain/verdict/consequences.py": "only a released revision is built on",
    "qms/domain/verdict/state.py": "a released text is known from the register, wherever it lies",
    "qms/formats/paths.py": "says what findings are about, in words that are signed",
    "qms/jobs/documents/mends.py": "writes drafts of documents",
    "qms/jobs/documents/revising.py": "opens revisions of documents",
    "qms/jobs/judging/printable.py": "only documents are printed",
}


def asked_by_name(tree: ast.Module) -> Iterator[str]:
    """The comparisons of a kind with the name of a kind of text."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare):
            continue
        sides = (node.left, *node.comparators)
        is_of_kind = any(is_kind(one) for one in sides)
        if is_of_kind and any(names_text(one) for one in sides):
            yield ast.unparse(node)


def is_kind(node: ast.expr) -> bool:
    match node:
        case ast.Attribute(attr="kind") | ast.Name(id="kind"):
            return True
        case ast.Attribute(attr="name", value=ast.Name(id="kind")):
            return True
        case _:
            return False


def names_text(node: ast.expr) -> bool:
    return any(
        (isinstance(one, ast.Constant) and one.value in TEXTS)
        or (isinstance(one, ast.Name) and one.id in TEXTS)
        for one in ast.walk(node)
    )


@pytest.mark.parametrize("path", PATHS)
def test_a_kind_is_asked_for_what_it_has(path: Path) -> None:
    found = list(asked_by_name(ast.parse(path.read_bytes())))

    assert found == [] or path.relative_to(ROOT).as_posix() in BY_NAME


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_no_module_is_let_off_that_asks_for_no_name(name: str) -> None:
    assert list(asked_by_name(ast.parse((ROOT / name).read_bytes())))


def test_what_goes_round_is_found_by_its_path() -> None:
    kinds = Kinds()

    texts = {path for path in (
        "documents/procedure/LX-CX-01.md",
        "released/procedure/LX-CX-01/A-0.md",
        "released/procedure/LX-CX-01/rejects.yaml",
        "copies/procedure/LX-CX-01/A-0/001.yaml",
        "policy/0001/policy.yaml",
        "notes.md",
    ) if (kind := kinds.of(path)) is not None and kind.is_working}  # fmt: skip

    assert texts == {"documents/procedure/LX-CX-01.md"}


def test_a_law_keeps_all_but_what_is_still_written() -> None:
    kinds = Kinds()

    assert kinds.is_kept("released/procedure/LX-CX-01/A-0.md")
    assert kinds.is_kept("copies/procedure/LX-CX-01/A-0/001.yaml")
    assert kinds.is_kept("policy/0001/policy.yaml")
    assert kinds.is_kept(f"released/assets/{'0' * 64}")
    assert not kinds.is_kept("documents/procedure/LX-CX-01.md")
    assert not kinds.is_kept("notes.md")


def test_what_is_filed_has_a_chain() -> None:
    has = {kind.name: (kind.has_chain, kind.has_body, kind.has_pictures) for kind in CORE_KINDS}

    assert has == {
        "document": (True, True, True),
        "released": (True, True, True),
        "copy": (False, False, False),
        "acts": (False, False, False),
        "rejects": (False, False, False),
    }
    assert POLICY not in has
