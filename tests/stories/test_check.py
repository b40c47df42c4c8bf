"""What `qms check` looks at: the work tree, or what is staged; what changed, or every file."""

import json
import os
import re
import zlib
from pathlib import Path

import pytest

from qms.formats.tree import FILE
from qms.testing.office import Office
from qms.testing.planted import NOWHERE, committed, planted, stored

TEXT = "documents/work-instruction/LX-WI-01.md"
OTHER = "documents/work-instruction/LX-WI-02.md"


@pytest.fixture
def drafted(lx: Office) -> Office:
    """LX with two drafts on the shared trunk."""
    for title in ("车床", "铣床"):
        lx.qms("new", "work-instruction", "--title", title, by="gong.yi")
    lx.git("add", "-A")
    lx.git("commit", "-q", "-m", "Draft")
    return lx


def checked(office: Office, *options: str) -> tuple[int, list[tuple[str, str]]]:
    """How many files were looked at, and what was found where."""
    told = json.loads(office.call("check", "--json", *options).out)
    return told["files"], [(one["code"], one["path"]) for one in told["findings"]]


def test_all_and_index_together_look_at_every_file_as_it_is_staged(drafted: Office) -> None:
    drafted.edit(TEXT, "owner: technical\n", "ownr: technical\n")
    drafted.git("add", TEXT)
    drafted.edit(TEXT, "ownr: technical\n", "owner: technical\n")
    changed = [("FIELD-MISSING", TEXT), ("FIELD-UNKNOWN", TEXT)]

    assert checked(drafted, "--index") == (1, changed)
    files, found = checked(drafted, "--index", "--all")
    assert found == changed
    assert (files, []) == checked(drafted, "--all")
    assert files > 1


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("<font>红</font>", "HTML-FORBIDDEN"),
        ("<!-- 待定 -->", "HTML-FORBIDDEN"),
        ("[那里](javascript:x)", "URL-FORBIDDEN"),
        ("![图](https://example.org/a.png)", "URL-FORBIDDEN"),
        ("![图](../../pictures/a.svg)", "ASSET-UNLISTED"),
        ("🔴 合格", "LETTER-MISSING"),
        (f"|{'列|' * 35}\n|{'-|' * 35}", "RENDER-LIMIT"),
    ],
)
def test_what_could_not_be_printed_is_told_with_its_line_before_it_is_sent(
    drafted: Office, line: str, code: str
) -> None:
    """DC-18; row 82 (L: HTML-FORBIDDEN, URL-FORBIDDEN), row 83 (L: URL-FORBIDDEN), row 84 (L:
    RENDER-LIMIT)
    """
    drafted.write(TEXT, f"{drafted.text(TEXT)}\n正文。\n\n{line}\n")
    lines = drafted.text(TEXT).splitlines()
    place = lines.index(line.splitlines()[0]) + 1

    answer = drafted.call("check")

    assert (answer.code, answer.findings) == (1, (code,)), answer
    assert answer.lines == {code: f"{TEXT}:{place}"}


def test_all_that_could_not_be_printed_is_told_at_once(drafted: Office) -> None:
    drafted.edit(TEXT, "title: 车床", "title: 车床🔴")
    drafted.write(TEXT, f"{drafted.text(TEXT)}\n<b>\n\n甲\n[x](file:///x)\n\n🔴 <i>\n")

    answer = drafted.call("check")

    assert sorted(answer.findings) == [
        "HTML-FORBIDDEN", "HTML-FORBIDDEN", "LETTER-MISSING", "LETTER-MISSING", "URL-FORBIDDEN",
    ]  # fmt: skip


@pytest.mark.parametrize("field", ["title", "title_en", "summary", "clauses.1"])
def test_each_printed_field_of_a_head_has_letters_that_can_be_printed(
    drafted: Office, field: str
) -> None:
    """DC-18: ☑, Đ and ₂ can."""
    name, _, at = field.partition(".")
    head = drafted.text(TEXT)
    lines = [line for line in head.splitlines() if not line.startswith(f"{name}:")]

    def written(text: str) -> None:
        value = f"\n  - {text}" if at else f" {text}"
        drafted.write(TEXT, "\n".join([lines[0], f"{name}:{value}", *lines[1:], ""]))

    written("Đorđe ☑ CO₂ ⌀50 10⁻⁶")
    assert "LETTER-MISSING" not in drafted.call("check").findings
    written("Đorđe 🔴")
    assert "LETTER-MISSING" in drafted.call("check").findings


def test_a_picture_that_is_listed_when_the_text_is_sent_is_no_fault_before(
    drafted: Office,
) -> None:
    drafted.write(
        "assets/a.svg", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"></svg>'
    )
    drafted.write(TEXT, f"{drafted.text(TEXT)}\n![图](../../assets/a.svg)\n")

    assert drafted.call("check").findings == ()


def test_a_gate_asks_what_check_asks(drafted: Office) -> None:
    """What could not be printed too: whoever signs it would learn that from nobody."""
    drafted.write(TEXT, f"{drafted.text(TEXT)}\n<b>\n")
    here = drafted.call("check").findings
    drafted.git("commit", "-qam", "Text")

    assert drafted.call("check", "--step", "HEAD~1", "HEAD").findings == here == ("HTML-FORBIDDEN",)


def test_what_was_not_looked_at_is_not_called_right(drafted: Office) -> None:
    """Committed on the trunk itself, a fault differs from nothing: `verify` tells it."""
    drafted.edit(TEXT, "status: draft", "status: approved")
    drafted.git("commit", "-qam", "By hand")
    head = drafted.git("rev-parse", "HEAD")[:10]
    assert drafted.call("verify").code == 1

    answer = drafted.call("check")

    assert answer.code == 0
    assert "wrong" not in answer.out
    assert f"no governed file differs from {head}" in answer.out
    assert "qms check --all" in answer.out
    assert "qms verify" in answer.out
    assert drafted.call("check", "--all").code == 1
    assert f"受控文件与 {head} 相比没有不同" in drafted.call("check", lang="zh").out


def test_what_was_looked_at_is_said(drafted: Office) -> None:
    drafted.write(TEXT, f"{drafted.text(TEXT)}再一行。\n")
    head = drafted.git("rev-parse", "HEAD")[:10]

    told = drafted.call("check").out

    assert f"nothing is wrong in 1 file that differs from {head}" in told
    assert json.loads(drafted.call("check", "--json").out)["since"].startswith(head)
    drafted.git("commit", "-qam", "Text")
    assert (
        f"nothing is wrong in 1 file that differs from {head}"
        in drafted.call("check", "--step", "HEAD~1", "HEAD").out
    )
    assert "differ" not in drafted.call("check", "--all").out


def test_what_git_ignores_is_no_fault_in_the_work_tree(drafted: Office) -> None:
    """Case 22: litter of the system and of editors; a text stays one whatever ignores it."""
    for name in (".DS_Store", "work-instruction/Thumbs.db", "work-instruction/.LX-WI-01.md.swp"):
        drafted.write(f"documents/{name}", b"\0litter")
    drafted.write(".gitignore", ".DS_Store\nThumbs.db\n*.swp\nLX-WI-0*.md\n")
    drafted.write("documents/work-instruction/LX-WI-09.md", "no head\n")

    answer = drafted.call("check")

    assert answer.code == 1
    assert set(answer.lines.values()) == {"documents/work-instruction/LX-WI-09.md:1"}


@pytest.mark.parametrize("named", [True, False], ids=["core.excludesFile", "where git looks"])
def test_what_the_users_own_git_ignores_is_no_fault_either(
    drafted: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, named: bool
) -> None:
    """`git status` shows none of it; a clone's setting and a rule that takes it in don't count."""
    home = tmp_path / "home"
    file = home / ".gitignore" if named else home / ".config/git/ignore"
    file.parent.mkdir(parents=True)
    file.write_text("*.bak\n*.orig\nLX-WI-0*.md\n", encoding="ascii")
    (tmp_path / "settings").write_text("[core]\n\texcludesFile = ~/.gitignore\n" if named else "")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "settings"))
    drafted.write(".gitignore", "!*.orig\n")
    (tmp_path / "theirs").write_text("*.tmp\n", encoding="ascii")
    drafted.git("config", "core.excludesFile", str(tmp_path / "theirs"))
    for name in ("a.bak", "b.orig", "c.tmp", "LX-WI-09.md"):
        drafted.write(f"documents/work-instruction/{name}", "no head\n")

    found = {path for _, path in checked(drafted)[1]}

    assert found == {
        f"documents/work-instruction/{one}" for one in ("b.orig", "c.tmp", "LX-WI-09.md")
    }


def test_of_the_files_that_are_named_all_is_told_and_of_others_that_there_is_something(
    drafted: Office,
) -> None:
    """Whether they differ from the trunk or not; who names none of what is wrong is told so."""
    drafted.edit(TEXT, "owner: technical\n", "ownr: technical\n")
    wrong = [("FIELD-MISSING", TEXT), ("FIELD-UNKNOWN", TEXT)]

    assert checked(drafted, TEXT) == (1, wrong)
    assert checked(drafted, "documents") == (2, wrong)
    assert checked(drafted, "./documents/../" + TEXT, "--index") == (1, [])
    told = drafted.call("check", OTHER)
    assert told.code == 0
    assert "findings in 1 other file are not shown: qms check" in told.out
    assert "nothing is wrong in 1 file" in told.out


def test_what_concerns_every_file_is_told_of_each(drafted: Office) -> None:
    """Gates fail closed: without a policy nothing was judged, whichever file was named."""
    drafted.git("rm", "-rq", "policy")

    told = drafted.call("check", OTHER)

    assert told.code == 1
    assert "nothing is wrong" not in told.out


def test_a_file_that_no_rule_looks_at_is_not_called_fine(drafted: Office) -> None:
    drafted.write("README.md", "Words.\n")

    told = drafted.call("check", "README.md")

    assert told.out.splitlines() == [
        "README.md: no rule looks at this file",
        "no file was looked at",
    ]


def test_what_git_sees_no_file_in_is_not_called_fine(drafted: Office) -> None:
    """What git ignores, a pipe, a folder with nothing in it: nobody looked at anything."""
    folder = drafted.folder / "documents" / "work-instruction"
    drafted.write(".gitignore", ".DS_Store\n")
    (folder / ".DS_Store").write_bytes(b"x")
    os.mkfifo(folder / "LX-WI-08.md")
    (folder / "LX-WI-09.md").mkdir()

    for name in (".DS_Store", "LX-WI-08.md", "LX-WI-09.md"):
        path = f"documents/work-instruction/{name}"
        told = drafted.call("check", path)
        assert told.code == 0
        looked = [f"{path}: no rule looks at this file", "no file was looked at"]
        assert told.out.splitlines() == looked
    drafted.git("rm", "-q", "--cached", OTHER)
    assert "nothing is wrong in 1 file" in drafted.call("check", OTHER).out


def test_a_folder_that_no_rule_looks_at_is_not_called_fine(drafted: Office) -> None:
    drafted.write("assets/flow.svg", "<svg/>")

    assert drafted.call("check", "assets").out.splitlines() == ["no file was looked at"]


@pytest.mark.parametrize("file", ["nowhere.md", "/etc/passwd", "..", ".git/config"])
def test_what_is_no_file_of_the_repo_is_a_usage_error(drafted: Office, file: str) -> None:
    told = drafted.call("check", file)

    assert told.code == 2
    assert f"there is no {file} in this repo" in told.err


def test_a_step_over_several_pushes_knows_what_was_published_on_the_way(drafted: Office) -> None:
    """Each of these commits came to the trunk by itself, and who signed next had seen it there."""
    before = drafted.git("rev-parse", "HEAD")
    drafted.qms("submit", "LX-WI-01", by="gong.yi")
    drafted.qms("sign", "LX-WI-01", by="fu.yi")
    drafted.qms("release", "LX-WI-01", by="wen.kong")
    assert len(set(re.findall('"seen":"[^"]*"', drafted.text(TEXT)))) == 3

    assert drafted.call("check", "--step", before, "HEAD").findings == ()


@pytest.mark.parametrize("digits", [40, 64])
def test_a_step_from_nothing_is_a_new_branch_and_all_of_it_is_looked_at(
    drafted: Office, digits: int
) -> None:
    """As a forge tells it: the commit before is all zeros."""
    none = "0" * digits
    assert drafted.call("check", "--step", none, "HEAD").code == 0
    drafted.edit(TEXT, "owner: technical\n", "ownr: technical\n")
    drafted.git("commit", "-q", "-a", "-m", "Change")
    drafted.git("commit", "-q", "--allow-empty", "-m", "Nothing")

    answer = drafted.call("check", "--step", none, "HEAD")

    assert (answer.code, set(answer.findings)) == (1, {"FIELD-MISSING", "FIELD-UNKNOWN"})


@pytest.mark.parametrize("option", [["--all"], ["--step", "HEAD", "HEAD"]])
def test_files_are_named_beside_nothing_else(drafted: Office, option: list[str]) -> None:
    assert drafted.call("check", TEXT, *option).code == 2


TOKEN = "ghp_" + "a1B2c3D4e" * 4


def test_a_secret_in_a_text_is_told_before_it_is_shared(drafted: Office) -> None:
    """Row 94 (LS)"""
    drafted.write(TEXT, f"{drafted.text(TEXT)}\n登录令牌：{TOKEN}\n")
    line = len(drafted.text(TEXT).splitlines())

    told = drafted.call("check")
    assert (told.code, told.lines["SECRET"]) == (1, f"{TEXT}:{line}")
    assert TOKEN not in told.out
    assert drafted.call("submit", "LX-WI-01", by="gong.yi").findings == ("SECRET",)


def test_nobody_signs_a_secret(drafted: Office) -> None:
    """Row 94 (S): what is signed stays for ever."""
    drafted.qms("submit", "LX-WI-01", by="gong.yi")
    before = drafted.text(TEXT)

    told = drafted.call("reject", "LX-WI-01", "--reason", f"见 {TOKEN}", by="fu.yi")

    assert (told.code, told.findings, drafted.text(TEXT)) == (1, ("SECRET",), before)


@pytest.mark.parametrize(
    ("is_there", "code"), [(False, "CONTENT-MISSING"), (True, "OBJECT-CORRUPT")]
)
def test_a_text_on_the_way_that_nobody_can_read_is_not_taken_for_harmless(
    drafted: Office, code: str, *, is_there: bool
) -> None:
    """The last commit has it no more; what it held, a secret perhaps, nobody can tell."""
    old = drafted.git("rev-parse", "HEAD")
    text = stored(drafted.folder, "blob", b"text") if is_there else NOWHERE
    if is_there:
        (drafted.folder / ".git" / "objects" / text[:2] / text[2:]).write_bytes(
            zlib.compress(b"blob 4\0TEXT")
        )
    path = "documents/work-instruction/LX-WI-99.md"
    on_the_way = planted(drafted.folder, old, path, FILE, text)
    new = committed(drafted.folder, f"{old}^{{tree}}", on_the_way)

    answer = drafted.call("check", "--step", old, new)

    assert (answer.code, answer.findings) == (3, (code,)), answer
    assert text in answer.err
