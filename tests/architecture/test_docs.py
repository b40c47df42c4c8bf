"""What the documentation says is so: codes, hooks, commands, links and the plugin in ten lines."""

import io
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from qms.api import WORKING, Change, Finding
from qms.cli import run
from qms.domain.kinds.act import KIND_OF
from qms.domain.kinds.document import HEAD_KEYS, parse_document

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# What is typed: a line of a block, after a prompt or `./dev` or nothing; or what is in backticks.
TYPED = re.compile(r"^(?:.*\$ )?(?:\./dev )?qms (.*)$")
LINK = re.compile(r"(?<!\\)\]\(([^)#\s]*)(?:#([^)\s]+))?\)")
GLOBAL = {"--lang", "--version", "--key", "--debug", "--help"}
DOCUMENT = """---
number: LX-CX-2026-01
title: 文件控制程序
{english}class: procedure
revision: A/0
controlled: true
owner: quality
prepared_by: li.si
status: draft
approvals: []
---
正文。
"""


def names(pages: list[Path]) -> list[Any]:
    return [pytest.param(page, id=str(page.relative_to(ROOT))) for page in pages]


def typed_in(page: Path) -> list[str]:
    text = page.read_text(encoding="utf-8")
    lines = [line for match in FENCE.finditer(text) for line in match[2].splitlines()]
    lines += re.findall(r"`(qms [^`\n]+)`", FENCE.sub("", text))
    return [match[1] for line in lines if (match := TYPED.match(line))]


@cache
def help_of(command: tuple[str, ...]) -> str | None:
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()):
        code = run([*command, "--help"])
    return out.getvalue() if code == 0 else None


def command_in(line: str) -> tuple[str, ...]:
    """The command's words: without options that stand before it; two for a group of commands."""
    words = re.sub(r"^(-C \S+ |--lang \w+ )*", "", line.partition(" #")[0]).split()
    command = words[:2] if words[:1] in (["policy"], ["hook"]) else words[:1]
    return tuple(command)


def test_the_format_lists_the_kind_of_each_act() -> None:
    text = (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
    table = text.partition("| Kind | Acts |\n|---|---|\n")[2].partition("\n\n")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()]
    listed = {act: kind.strip("`") for kind, acts in rows for act in re.split("[,;] ", acts)}

    assert {act: kind or listed[act] for act, kind in KIND_OF.items()} == listed
    assert {act for act, kind in listed.items() if kind.startswith("none")} == {
        act for act, kind in KIND_OF.items() if not kind
    }


def test_the_format_lists_the_core_s_keys_of_a_head() -> None:
    """All others are a plugin's, and bounded."""
    text = (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
    listed = re.search(r"The core's keys of a document's head are (.*?)\. It", text, re.DOTALL)

    assert listed is not None
    assert sorted(re.findall("`([a-z_]+)`", listed[1])) == sorted(HEAD_KEYS)


def test_generated_pages_are_current() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "make_pages.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("page", names([p for p in PAGES if p.name != "codes.md"]))
def test_every_command_on_a_page_exists_with_its_options(page: Path) -> None:
    wrong = []
    for line in typed_in(page):
        command = command_in(line)
        if not command or command[0].startswith("-") or not command[0].isascii():
            continue
        if command[0].isupper():  # a placeholder such as COMMAND
            continue
        known = help_of(command)
        options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", line)) - GLOBAL
        if known is None or not all(option in known for option in options):
            wrong.append(line)

    assert wrong == []


def has_anchor(text: str, anchor: str) -> bool:
    """Whether a page has such a place: one that is named, or a heading as forges name them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}
    return anchor in slugs or f'id="{anchor}"' in text


@pytest.mark.parametrize("page", names(PAGES))
def test_every_link_leads_somewhere(page: Path) -> None:
    dead = []
    for path, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        if path.startswith("http"):
            continue
        target = page.parent / path if path else page
        if not target.exists():
            dead.append(path)
        elif anchor and not has_anchor(target.read_text(encoding="utf-8"), anchor):
            dead.append(f"{path}#{anchor}")

    assert dead == []


def plugin_of(page: Path) -> str:
    blocks = FENCE.finditer(page.read_text(encoding="utf-8"))
    return next(one[2] for one in blocks if one[1] == "python" and "qms.api" in one[2])


@pytest.mark.parametrize("page", names([ROOT / "README.md", ROOT / "docs" / "plugins.md"]))
def test_the_plugin_in_ten_lines_works(page: Path) -> None:
    plugin: dict[str, Any] = {}
    exec(compile(plugin_of(page), str(page), "exec"), plugin)  # noqa: S102 - our own page

    (rule,) = plugin["rules"](policy=None)

    assert findings_of(rule, english="title_en: Document control procedure\n") == []
    assert [one.code for one in findings_of(rule, english="")] == list(rule.codes)


def findings_of(rule: Any, english: str) -> list[Finding]:
    document = parse_document(DOCUMENT.format(english=english).encode())
    change = Change(kind=WORKING, path="documents/x.md", before=None, after=document)
    return list(rule.judge(OneChange(change)))


class OneChange:
    """As much of a step as the example looks at."""

    def __init__(self, change: Change) -> None:
        self.change = change

    def of(self, kind: str) -> list[Change]:
        return [self.change] if self.change.kind == kind else []

    def is_asked_always(self) -> bool:
        return True


def test_the_codes_that_surprise_are_those_of_the_tests() -> None:
    text = (ROOT / "docs" / "trust.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| .* \| `([A-Z-]+)` \| .* \| `([a-z_]+)` \|$", text, re.MULTILINE)
    tests = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "attacks").glob("*.py")
    )

    proved = {
        name: code
        for code, name in re.findall(
            r'@attack\(\s*"\d+", "([A-Z-]+)"(?:(?!@attack|\ndef ).)*\)[^\n]*\ndef (\w+)',
            tests,
            re.DOTALL,
        )
    }

    assert len(rows) >= 8
    assert [(code, name) for code, name in rows if proved.get(name) != code] == []
