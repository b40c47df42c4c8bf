# ruff: noqa: INP001 - a module beside the script that imports it, no package
"""Which tests prove which rows of the list of known attacks, as the tests themselves say it.

An attack is a function with ``@attack("63", CODE, path)``. Any other test says so in its docstring,
with the gates it looks at: ``Row 52 (V)``, ``Rows 57 and 58 (LRV)``. Where it names more codes than
those of the row, it says which: ``Row 84 (L: RENDER-LIMIT)``.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

EVERYWHERE = "LRV"
GATES = "LSRVP"
ROWS = re.compile(r"\b[Rr]ows? (\d+(?:(?:, | and )\d+)*)(?:\s\(([A-Z]+)(?::\s([^)]+))?\))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One attack or test: what it proves, by which codes, at which gates, in which file."""

    row: str
    name: str
    codes: tuple[str, ...]
    gates: str
    path: str

    @property
    def words(self) -> str:
        """Its name, as one says it."""
        return self.name.removeprefix("test_").replace("_", " ")

    @property
    def order(self) -> tuple[int, str, str]:
        """Rows as one counts; behind them those of a list of their own, such as X21."""
        place = int(self.row) if self.row.isdecimal() else sys.maxsize
        return place, self.row, self.path


def proofs(root: Path, codes: Iterable[str]) -> Iterator[Proof]:
    """Every proof below `root`; `codes` are those that a test can name.

    Raises ValueError where a test names a row and no gate.
    """
    known = frozenset(codes)
    for path in sorted(root.rglob("test_*.py")):
        place = path.relative_to(root.parent).as_posix()
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.FunctionDef):
                yield from _attacks(node, place)
                yield from _told(node, known, place)


def _attacks(node: ast.FunctionDef, place: str) -> Iterator[Proof]:
    for decorator in node.decorator_list:
        match decorator:
            case ast.Call(
                func=ast.Name(id="attack"),
                args=[ast.Constant(value=str(row)), ast.Constant(value=str(code)), *_],
            ):
                given = {one.arg: one.value for one in decorator.keywords}
                where = ast.literal_eval(given["gates"]) if "gates" in given else EVERYWHERE
                where += "S" if "signing" in given else ""
                yield Proof(row=row, name=node.name, codes=(code,), gates=where, path=place)
            case _:
                pass


def _told(node: ast.FunctionDef, known: frozenset[str], place: str) -> Iterator[Proof]:
    for match in ROWS.finditer(ast.get_docstring(node) or ""):
        gates = match[2] or ""
        if not gates or set(gates) - set(GATES):
            raise ValueError(f"{place}: {node.name}: at which gates? such as: {match[0]} (LRV)")
        words = {one.value for one in ast.walk(node) if isinstance(one, ast.Constant)}
        named = known.intersection(one for one in words if isinstance(one, str))
        said = named if match[3] is None else set(re.split(r",\s", match[3]))
        if said - named:
            raise ValueError(f"{place}: {node.name} names no {', '.join(sorted(said - named))}")
        codes = tuple(sorted(said))
        for row in re.findall(r"\d+", match[1]):
            yield Proof(row=row, name=node.name, codes=codes, gates=gates, path=place)


def table(found: Iterable[Proof]) -> str:
    """The rows of docs/attacks.md that a test proves: what proves alike stands on one line."""
    alike: dict[tuple[tuple[int, str, str], str, tuple[str, ...]], list[Proof]] = defaultdict(list)
    for proof in found:
        alike[proof.order, _in_order(proof.gates), proof.codes].append(proof)
    lines = [
        "| Row | Attack, or what is proved of it | Code | At | Test |\n|---|---|---|---|---|\n"
    ]
    before = ""
    for ((_, row, path), gates, codes), ones in sorted(alike.items()):
        number = f'<a id="row-{row}"></a>{row}' if row != before else ""
        said = "; ".join(one.words for one in ones)
        links = ", ".join(f"[`{code}`](codes.md#{code})" for code in codes)
        file = path.rpartition("/")[2]
        lines.append(f"| {number} | {said} | {links} | {gates} | [{file}](../{path}) |\n")
        before = row
    return "".join(lines)


def _in_order(gates: str) -> str:
    return " ".join(gate for gate in GATES if gate in gates)
