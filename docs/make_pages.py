# ruff: noqa: INP001 - a script beside the pages it makes, no package
"""Writes what of the documentation follows from the source: codes, hooks, attacks with their tests.

``python docs/make_pages.py`` writes, ``--check`` only tells whether anything would change (1).
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import attacks_table

DOCS = Path(__file__).parent
ROOT = DOCS.parent
TABLES = {
    "Documents, signatures, policy and history": "qms/data/codes/domain.toml",
    "The bytes that people sign": "qms/data/codes/formats.toml",
    "YAML and its fields": "qms/data/codes/yaml.toml",
    "Paths": "qms/data/codes/paths.toml",
    "Git, keys and files": "qms/data/codes/storage.toml",
    "Command line": "qms/data/codes/cli.toml",
}
INTRODUCTION = """# Codes

Made by `python docs/make_pages.py` from the code tables; don't edit it by hand.

A code is stable: it is never reused for anything else, and scripts may rely on it. A finding has a
code, a place (path, line, field, commit) and values that fill the braces below. Errors make `check`
and `verify` end with 1, warnings don't. A code of an exception that says the repo or the machine is
broken ends the command with 3. Which code answers which attack: [trust.md](trust.md).
"""


def table_files() -> dict[str, Path]:
    """Each code table by its heading: the core's, then the plugins'."""
    found = {heading: ROOT / path for heading, path in TABLES.items()}
    for path in sorted((ROOT / "qms" / "data" / "codes").glob("*.toml")):
        if path not in found.values():
            found[f"Core: {path.stem}"] = path
    for path in sorted((ROOT / "plugins").glob("*/data/codes.toml")):
        found[f"Plugin {path.parents[1].name.removeprefix('qms_')}"] = path
    return found


def codes_page() -> str:
    """docs/codes.md."""
    parts = [INTRODUCTION]
    for heading, path in table_files().items():
        rows = tomllib.loads(path.read_text(encoding="utf-8"))
        parts.append(f"\n## {heading}\n\n| Code | What is wrong | What to do |\n|---|---|---|\n")
        parts += [_row(code, rows[code]) for code in sorted(rows)]
    return "".join(parts)


def _row(code: str, row: dict[str, str]) -> str:
    level = "" if row.get("level", "error") == "error" else f"<br>{row['level']}"
    said, mend = (f"{_cell(row[en])}<br>{_cell(row[zh])}" for en, zh in (("en", "zh"), _MEND))
    return f'| <a id="{code}"></a>`{code}`{level} | {said} | {mend} |\n'


_MEND = ("mend_en", "mend_zh")


_MARKS = re.compile(r"[\\|<>*_\[\]]")
"""Signs that would be none of the text."""


def _cell(text: str) -> str:
    """The text as one table cell; what stands between its own backticks stays code."""
    plain = " ".join(text.split())
    parts = plain.split("`")
    if len(parts) % 2 == 0:
        return _MARKS.sub(r"\\\g<0>", plain)
    outside = (_MARKS.sub(r"\\\g<0>", part) for part in parts[::2])
    inside = (part.replace("|", "\\|") for part in [*parts[1::2], ""])
    return "`".join(
        piece for pair in zip(outside, inside, strict=True) for piece in pair
    ).removesuffix("`")


def hooks() -> Iterator[tuple[str, str, bool, str, str]]:
    """Group, signature, whether one answers, first sentence and example of each hook."""
    source = (ROOT / "qms" / "hookspecs.py").read_text(encoding="utf-8")
    groups = {"RuleHooks": "qms.rules", "ToolHooks": "qms.tools"}
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and node.name in groups:
            for hook in node.body:
                if isinstance(hook, ast.FunctionDef):
                    text = ast.get_docstring(hook) or ""
                    example = re.search(r"Example: `([^`]+)`", text)
                    yield (
                        groups[node.name],
                        f"{hook.name}({', '.join(a.arg for a in hook.args.args[1:])})",
                        any("firstresult" in ast.unparse(one) for one in hook.decorator_list),
                        text.partition("\n")[0],
                        example[1] if example else "",
                    )


def hooks_table() -> str:
    """The table of hooks in docs/plugins.md."""
    rows = ["| Group | Hook | Answers | What it gives | Example |\n|---|---|---|---|---|\n"]
    for group, signature, one, sentence, example in hooks():
        many = "one" if one else "all joined"
        rows.append(
            f"| `{group}` | `{signature}` | {many} | {sentence} | [{example}](../{example}) |\n"
        )
    return "".join(rows)


def attacks() -> str:
    """The table of attacks in docs/attacks.md."""
    codes = {
        code
        for path in table_files().values()
        for code in tomllib.loads(path.read_text(encoding="utf-8"))
    }
    return attacks_table.table(attacks_table.proofs(ROOT / "tests", codes))


def page_with(name: str, what: str, table: str) -> str:
    """A page that is written by hand, with the table between its marks made anew."""
    text = (DOCS / name).read_text(encoding="utf-8")
    marks = rf"(<!-- {what} -->\n).*(<!-- end of {what} -->)"
    return re.sub(marks, lambda m: f"{m[1]}{table}{m[2]}", text, flags=re.DOTALL)


def main(arguments: list[str]) -> int:
    """Write the pages, or tell which is not current."""
    code = 0
    pages = {
        "codes.md": codes_page(),
        "plugins.md": page_with("plugins.md", "hooks", hooks_table()),
        "attacks.md": page_with("attacks.md", "attacks", attacks()),
    }
    for name, text in pages.items():
        path = DOCS / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        if arguments == ["--check"]:
            sys.stderr.write(f"docs/{name} is not current: run python docs/make_pages.py\n")
            code = 1
        else:
            path.write_text(text, encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
