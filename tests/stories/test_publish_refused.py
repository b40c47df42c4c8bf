"""Issue 8, 3: what is not published is told, all of it, and why.

P: at `qms publish`.
"""

import json
from importlib import import_module
from pathlib import Path

import pytest

from qms.formats.print_manifest import parse_manifest
from qms.testing.office import Office
from qms.testing.published import out, publish, second_draft

NUMBER = "LX-WI-01"
FOLDER = "work-instruction"
COPY = f"{FOLDER}/{NUMBER}_A-0_controlled-001.pdf"
UNCONTROLLED = f"{FOLDER}/{NUMBER}_A-0_uncontrolled.pdf"
COMPANY = Path(__file__).parent / "companies" / "lx"
FILED = f"released/{FOLDER}/{NUMBER}/A-0.md"


def test_from_an_older_commit_nothing_is_published(issued: Office) -> None:
    """Row 78 (P): a later state is known; what this commit says may be superseded."""
    issued.git("checkout", "-q", "--detach", "HEAD~1")
    for options in ((), ("--dry-run",), ("--unsigned",)):
        answer = issued.call("publish", *options, by="wen.kong")
        assert (answer.code, answer.findings) == (0, ()), answer
        assert "A newer trunk is known" in answer.out
        assert "nothing published" in answer.out
        assert not out(issued).exists()
    told = json.loads(issued.qms("publish", "--json"))
    assert (told["verdict"], told["newer"]) == ("newer", issued.git("rev-parse", "main"))


def test_beside_the_trunk_nothing_is_published(issued: Office) -> None:
    issued.git("switch", "-q", "-c", "mine")
    issued.git("commit", "-q", "--allow-empty", "-m", "Mine")
    for options in ((), ("--at",)):
        answer = issued.call("publish", *options, by="wen.kong")
        assert (answer.code, answer.findings) == (1, ("NOT-ON-TRUNK",))


def test_where_another_beginning_was_merged_in_the_root_is_named(
    issued: Office, tmp_path: Path
) -> None:
    """Row 236 (P: ROOT-SEVERAL, ROOT, ROOT-FORM): nothing takes it out of the history again."""
    true = json.loads(issued.qms("verify", "--json"))["root"]
    files = {one.name: one.read_bytes() for one in COMPANY.iterdir()}
    other = Office.found(tmp_path / "other", files, ("gao.feng", "guan.ning"))
    theirs = json.loads(other.qms("verify", "--json"))["root"]
    issued.git("fetch", "-q", str(other.folder), "HEAD")
    merge = ("merge", "-q", "-s", "ours", "--allow-unrelated-histories", "-m", "Theirs")
    issued.git(*merge, "FETCH_HEAD")
    issued.qms("verify", "--root", true)

    refused = issued.call("--lang", "en", "publish", by="wen.kong")
    others = [issued.call("publish", "--root", one, by="wen.kong") for one in (theirs, true[:12])]
    no_paper = not out(issued).exists()

    assert (refused.code, refused.findings, no_paper) == (1, ("ROOT-SEVERAL",), True), refused
    assert "`qms publish --root COMMIT`" in refused.out
    assert [one.code != 0 for one in others] == [True, True], others
    assert ("ROOT" in others[0].findings, others[1].findings) == (True, ("ROOT-FORM",)), others
    issued.qms("publish", "--dry-run", "--root", true, by="wen.kong")
    issued.qms("publish", "--root", true, by="wen.kong")
    assert (out(issued) / COPY).exists()


def test_what_does_not_verify_is_not_published(issued: Office) -> None:
    """Row 78 (P): with A/0 altered, what was before it would be printed as the one in force."""
    issued.edit(FILED, "车床", "磨床")
    issued.git("commit", "-q", "-a", "-m", "Small correction")

    answer = issued.call("publish", by="wen.kong")

    assert answer.code == 1
    assert "DOC-CHANGED" in answer.findings
    assert "nothing published" in answer.out
    assert not out(issued).exists()


def test_nothing_is_printed_by_a_clock_that_was_set(released: Office) -> None:
    """Unsigned or not: it would say what is in force on a day that has not come."""
    released.git("config", "--unset", "qms.rehearsal")
    released.later(days=900)
    for options in ((), ("--unsigned",)):
        answer = publish(released, *options)
        assert (answer.code, answer.findings) == (1, ("CLOCK-SET",))
        assert not out(released).exists()


def test_a_dry_run_tells_what_a_run_would(released: Office) -> None:
    """Row 78 (P): of a history that doesn't hold it lists nothing as to be printed."""
    second_draft(released)
    released.edit("documents/work-instruction/LX-WI-02.md", "无\n", "一🔴二\n")
    released.git("commit", "-q", "-a", "-m", "A letter")
    answer = released.call("publish", "--drafts", "--dry-run")
    assert (answer.code, answer.findings) == (1, ("LETTER-MISSING",))
    assert answer.out.count(".pdf") == 1
    told = json.loads(released.call("publish", "--drafts", "--dry-run", "--json").out)
    assert (told["verdict"], told["files"]) == ("planned", [f"published/{UNCONTROLLED}"])
    released.edit(f"released/work-instruction/{NUMBER}/A-0.md", "车床", "磨床")
    released.git("commit", "-q", "-a", "-m", "Small correction")
    answer = released.call("publish", "--dry-run")
    assert answer.code == 1
    assert "DOC-CHANGED" in answer.findings
    assert ".pdf" not in answer.out


def test_all_that_could_not_be_printed_is_told_where_check_tells_it(issued: Office) -> None:
    for title, added in (("铣床", "<b>粗</b>\n\n一🔴二\n"), ("钻床", "![图](x.png)\n\n☑ 是\n")):
        issued.qms("new", FOLDER, "--title", title, by="gong.yi")
        number = f"LX-WI-{2 if title == '铣床' else 3:02}"
        issued.edit(f"documents/{FOLDER}/{number}.md", "无\n", added)
    issued.git("add", "-A")
    issued.git("commit", "-q", "-m", "Drafts")

    checked = json.loads(issued.call("check", "--all", "--json").out)["findings"]
    answer = issued.call("publish", "--drafts", by="wen.kong")
    told = json.loads(issued.call("publish", "--drafts", "--json", by="wen.kong").out)

    def places(findings: list[dict[str, object]]) -> list[tuple[object, object, object]]:
        return sorted((one["code"], one["path"], one["line"]) for one in findings)

    assert answer.code == 1
    assert places(told["findings"]) == places(checked)
    assert len(checked) >= 3
    for one in checked:
        assert f"{one['path']}:{one['line']}: error {one['code']}:" in answer.out
    assert "2 could not be printed" in answer.out
    assert (out(issued) / COPY).exists(), "nobody else's PDF is kept back"


@pytest.mark.parametrize("hook", ["printable", "stamp"])
def test_a_plugin_that_breaks_down_over_one_text_costs_that_one(issued: Office, hook: str) -> None:
    """As `render` does: a KeyError over somebody's text keeps nobody else's paper back."""
    issued.qms("new", FOLDER, "--title", "铣床", by="gong.yi")
    issued.git("add", "-A", "documents")
    issued.git("commit", "-q", "-m", "Draft")
    plugin = (
        "qms_publish.text.unbroken.longest"
        if hook == "printable"
        else "qms_watermark.stamp.stamped"
    )
    module, _, name = plugin.rpartition(".")
    true = getattr(import_module(module), name)

    def broken(*given: object, **more: object) -> object:
        if "铣床" in given or getattr(given[-1], "number", "") == "LX-WI-02":
            raise KeyError("x")
        return true(*given, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plugin, broken)
        answer = issued.call("publish", "--drafts", by="wen.kong")

    assert (answer.code, answer.findings) == (1, ("PLUGIN-FAILED",))
    assert f"{FOLDER}/LX-WI-02.md" in answer.out
    rows = parse_manifest((out(issued) / "manifest.json").read_bytes()).files
    assert [row.file for row in rows] == [COPY, UNCONTROLLED]


def test_what_is_not_committed_is_named_where_drafts_are_printed(released: Office) -> None:
    """Issue 9: whoever looks at the page must not take it for what they have just written."""
    second_draft(released)
    text = "documents/work-instruction/LX-WI-02.md"
    assert "not committed" not in released.qms("publish", "--drafts", "--unsigned")
    released.edit(text, "无\n", "新\n")
    released.write(text.replace("02", "03"), released.text(text).replace("WI-02", "WI-03"))

    answer = publish(released, "--drafts", "--unsigned")

    told = [line.split(": ")[1] for line in answer.out.splitlines() if "not committed" in line]
    assert [one.partition(" ")[0] for one in told] == [text, text.replace("02", "03")]
    assert "not committed" not in publish(released, "--unsigned").out
