"""What docs/plugins.md shows of a text that goes round works as it stands there."""

import json
import re
from pathlib import Path

import pytest

from qms.testing.office import Office
from qms.testing.outsiders import SIGNERS, admit, install, later, row, runner, turned

PAGE = Path(__file__).parents[3] / "docs" / "plugins.md"
AUTHOR, EXPERT = "gong.yi", "fu.yi"


def shown(language: str) -> list[str]:
    """The blocks of one language in the section."""
    section = PAGE.read_text(encoding="utf-8").partition("## A text that goes round\n")[2]
    section = section.partition("\n## ")[0]
    return re.findall(rf"^```{language}\n(.*?)^```", section, re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rules, tools = shown("python")
    return install(
        tmp_path / "acme", "acme-plans", "1.0",
        {"qms.rules": "plans = shown_rules", "qms.tools": "plans = shown_tools"},
        shown_rules=rules, shown_tools=tools,
    )  # fmt: skip


def test_the_text_of_the_page_is_filed_listed_and_printed(
    lx: Office, folder: Path, tmp_path: Path
) -> None:
    admit(lx, folder, "plans", *SIGNERS)
    qms = runner(lx, folder)
    (draft,) = shown("yaml")
    lx.write("records/plans-open/2026/JH-07.md", f"{draft}\n量取直径。\n")

    refused = qms("submit", "JH-07", by=EXPERT)
    assert (refused.code, "ask them to run `qms submit JH-07`" in refused.out + refused.err) == (
        1, True,
    )  # fmt: skip
    for command, person in (("submit", AUTHOR), ("sign", EXPERT)):
        (waits,) = json.loads(qms("todo", "--json", by=person).out)["rows"]
        assert (waits["title"], waits["command"]) == ("轴检验计划", f"qms {command} JH-07")
        answer = qms(command, "JH-07", by=person)
        assert answer.code == 0, answer

    rows = json.loads(qms("list", "--kind", "inspection-plan", "--json").out)["texts"]
    assert [(one["number"], one["status_word"]) for one in rows] == [("JH-07", "filed")]
    assert qms("verify").findings == ()
    out = tmp_path / "out"
    assert qms("publish", "JH-07", "--unsigned", "--out", str(out), by=AUTHOR).code == 0
    assert [one.name for one in out.rglob("*.pdf")] == ["JH-07_1_uncontrolled.pdf"]


def test_the_chain_of_the_page_takes_roles_that_somebody_holds_from_a_day(
    lx: Office, folder: Path
) -> None:
    """Of a draft, which nobody signed yet, too: so `check` and `submit` ask for it."""
    lx.edit("people.yaml", "{person: fu.yi}", "{person: fu.yi, from: 2026-01-01}")
    admit(lx, folder, "plans", *SIGNERS)
    qms = runner(lx, folder)
    (draft,) = shown("yaml")
    lx.write("records/plans-open/2026/JH-07.md", f"{draft}\n量取直径。\n")

    assert qms("check").findings == ()
    for command, person in (("submit", AUTHOR), ("sign", EXPERT)):
        answer = qms(command, "JH-07", by=person)
        assert answer.code == 0, answer
    assert qms("verify").findings == ()


def test_a_kind_of_which_only_rejections_lie_here_stays_admitted(lx: Office, folder: Path) -> None:
    """Attack: dropping the plugin drops the law that keeps what was rejected."""
    admit(lx, folder, "plans", *SIGNERS)
    qms = runner(lx, folder)
    (draft,) = shown("yaml")
    lx.write("records/plans-open/2026/JH-07.md", f"{draft}\n量取直径。\n")
    assert qms("submit", "JH-07", by=AUTHOR).code == 0
    assert qms("reject", "JH-07", "--reason", "太少", by=EXPERT).code == 0
    lx.git("rm", "-q", "records/plans-open/2026/JH-07.md")
    lx.git("commit", "-qm", "Think better of it")
    lx.edit("policy.yaml", row(lx, folder, "plans"), "")

    assert "KIND-IN-USE" in qms("policy", "sign", by=SIGNERS[0]).findings


def test_two_plugins_that_print_by_one_name_are_told(
    lx: Office, folder: Path, tmp_path: Path
) -> None:
    _, tools = shown("python")
    install(
        folder, "acme-others", "1.0", {"qms.tools": "others = other_tools"},
        other_tools=later(tools),
    )  # fmt: skip
    admit(lx, folder, "plans", *SIGNERS)
    turned(lx, folder, "others")

    answer = runner(lx, folder)("preview", "--out", str(tmp_path / "out"))

    assert "PRINT-TWICE" in answer.err
