"""`qms preview`: an author sees her page before anybody else sees her text (DC-18)."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from qms.formats.print_manifest import BEGINS
from qms.testing.office import Office
from qms.testing.published import pages, publish

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"
PDF = f"work-instruction/{NUMBER}_A-0_preview.pdf"


def made(office: Office, folder: str = "preview") -> list[str]:
    """What lies in the folder of previews."""
    top = office.folder / folder
    return sorted(str(one.relative_to(top)) for one in top.rglob("*") if one.is_file())


def draft(office: Office) -> None:
    """A draft that nobody has committed."""
    office.qms("new", "work-instruction", "--title", "车床", by="gong.yi")
    office.edit(TEXT, "## 4 工作程序\n\n无\n", "## 4 工作程序\n\n上电前检查绝缘。\n")


def test_a_draft_is_seen_on_paper_before_it_is_committed(lx: Office) -> None:
    draft(lx)
    before = lx.status

    told = lx.qms("preview", NUMBER)

    text = pages(lx.folder / "preview" / PDF)
    assert f"preview/{PDF}" in told
    assert made(lx) == [PDF], "no manifest, no signature"
    assert "上电前检查绝缘。" in text[-1]
    assert all("草稿DRAFT" in one and "预览PREVIEW" in one for one in text)
    assert all("未经批准，不得作为工作依据" in one for one in text)
    assert "尚未签署" in text[1]
    lx.write(".gitignore", "/preview/\n")
    assert lx.status.replace("?? .gitignore", "").strip() == before.strip()


def test_it_is_printed_as_it_lies_there_and_not_as_it_is_committed(drafted: Office) -> None:
    drafted.qms("preview")
    drafted.edit(TEXT, "无\n", "两种水平各测三次。\n")

    drafted.qms("preview", NUMBER)

    assert "两种水平各测三次。" in pages(drafted.folder / "preview" / PDF)[-1]


def test_the_row_that_a_first_revision_will_get_is_shown(lx: Office) -> None:
    """DC-07: summary and change stand in the amendment record; nobody has signed them yet."""
    draft(lx)
    lx.edit(TEXT, "summary: 首次发布", "summary: 首次编写，替代口头约定")
    lx.git("add", "-A")
    lx.git("commit", "-q", "-m", "Draft")
    lx.qms("preview", NUMBER)
    assert publish(lx, "--drafts", "--unsigned").code == 0

    previewed = pages(lx.folder / "preview" / PDF)[1]
    published = pages(lx.folder / "published" / PDF.replace("preview", "draft"))[1]

    for text in (previewed, published):
        record = text.partition("修改记录")[2]
        assert "首次编写，替代口头约定" in record
        assert "尚未签署" in record
    assert "预览" not in published


def test_the_row_of_a_next_revision_stands_below_those_that_were_signed(released: Office) -> None:
    released.qms("revise", NUMBER, "--summary", "增加防护罩", by="gong.yi")

    released.qms("preview", NUMBER)

    file = released.folder / "preview" / PDF.replace("A-0", "A-1")
    record = pages(file)[1].partition("修改记录")[2]
    assert record.index("A/0") < record.index("A/1") < record.index("增加防护罩")
    assert record.count("尚未签署") == 1


def test_a_text_in_review_shows_who_has_signed_and_nobody_else(submitted: Office) -> None:
    submitted.qms("preview", NUMBER)

    cover, record, *_ = pages(submitted.folder / "preview" / PDF)

    assert "送审稿INREVIEW" in cover
    assert "编制龚怡" in record
    assert "尚未发布" in record.partition("修改记录")[2]
    assert record.count("SHA256:") == 1


def test_a_name_written_in_by_hand_is_not_printed(submitted: Office) -> None:
    """A slot that doesn't hold: `check` says so, and there is no page."""
    submitted.edit(TEXT, "龚怡", "王伟")

    checked = submitted.call("check", TEXT)
    answer = submitted.call("preview", NUMBER)

    assert checked.code == answer.code == 1
    assert set(checked.findings) <= set(answer.findings)
    assert made(submitted) == []


@pytest.mark.parametrize("options", [(), (NUMBER,)])
def test_what_check_finds_keeps_the_page_back(lx: Office, options: tuple[str, ...]) -> None:
    """The same findings in the same lines; another text is printed all the same."""
    draft(lx)
    lx.qms("preview", NUMBER)
    lx.edit(TEXT, "上电前检查绝缘。\n", "一🔴二\n\n<b>粗</b>\n")
    lx.qms("new", "work-instruction", "--title", "铣床", by="gong.yi")

    checked = json.loads(lx.call("check", TEXT, "--json").out)["findings"]
    answer = lx.call("preview", *options)
    told = json.loads(lx.call("preview", *options, "--json").out)

    assert answer.code == 1
    assert told["findings"] == checked
    assert len(checked) == 2
    for one in checked:
        assert f"{one['path']}:{one['line']}: error {one['code']}:" in answer.out
    assert f"older preview, left there: {lx.folder}/preview/{PDF}" in answer.out
    assert made(lx) == sorted([PDF, *([] if options else [PDF.replace("-01_", "-02_")])])


def test_it_takes_any_branch_and_no_trunk(drafted: Office, tmp_path: Path) -> None:
    drafted.git("switch", "-q", "-c", "mine")
    drafted.git("commit", "-q", "--allow-empty", "-m", "Mine")
    assert publish(drafted, "--drafts").findings == ("NOT-ON-TRUNK",)
    drafted.qms("preview", NUMBER)

    clone = tmp_path / "clone"
    drafted.git(
        "clone", "-q", "--single-branch", "-b", "mine", f"file://{drafted.folder}", str(clone)
    )
    alone = Office(clone, drafted.keys, drafted.now)
    assert alone.call("publish", "--drafts").findings == ("TRUNK-UNKNOWN",)

    alone.qms("preview", NUMBER)

    assert made(alone) == [PDF]


def test_the_mend_of_publish_names_it(drafted: Office) -> None:
    drafted.edit(TEXT, "无\n", "新\n")
    assert f"qms preview {NUMBER}" in publish(drafted, "--drafts", "--unsigned").out
    drafted.git("switch", "-q", "-c", "mine")
    drafted.git("commit", "-q", "--allow-empty", "-m", "Mine")
    assert "qms preview" in publish(drafted, "--drafts").err
    drafted.qms("preview", NUMBER)


def test_a_number_without_a_working_text_is_told(released: Office) -> None:
    answer = released.call("preview", NUMBER)
    assert (answer.code, answer.findings) == (1, ("PREVIEW-NONE",))
    assert "No draft" in released.qms("preview")

    released.qms("revise", NUMBER, "--summary", "增加防护罩", by="gong.yi")

    released.qms("preview", NUMBER)


def test_nothing_else_in_the_folder_is_touched(drafted: Office, tmp_path: Path) -> None:
    out = tmp_path / "desk"
    (out / "work-instruction").mkdir(parents=True)
    others = {
        "manifest.json": b'{"name": "Portal"}', "notes.txt": b"mine",
        f"work-instruction/{NUMBER}_A-0_draft.pdf": b"%PDF mine",
        f"work-instruction/{NUMBER}_B-0_preview.pdf": b"%PDF mine too",
    }  # fmt: skip
    for name, data in others.items():
        (out / name).write_bytes(data)

    drafted.qms("preview", "--out", str(out))

    lying = {str(one.relative_to(out)): one.read_bytes() for one in out.rglob("*") if one.is_file()}
    assert lying.pop(PDF).startswith(b"%PDF")
    assert lying == others


@pytest.mark.parametrize("folder", ["published", "documents", ".git/x", "paper"])
def test_never_where_publish_prints_nor_among_signed_files(drafted: Office, folder: str) -> None:
    drafted.write("paper/manifest.json", BEGINS)
    answer = drafted.call("preview", "--out", folder)
    assert (answer.code, answer.findings) == (3, ("OUT-FOLDER",))
    assert not list(drafted.folder.rglob("*.pdf"))


def test_where_git_does_not_ignore_it_this_is_said(drafted: Office) -> None:
    """The template ignores it; a repo that is older is told the line to add."""
    assert "git does not ignore preview/: add the line /preview/" in drafted.qms("preview")
    drafted.write(".gitignore", "/preview/\n")
    assert "does not ignore" not in drafted.qms("preview")
    drafted.qms("check")


def test_an_older_page_is_named_whatever_it_holds(lx: Office) -> None:
    """Row 263 (P): it was hashed to know whether it is there."""
    draft(lx)
    lx.edit(TEXT, "上电前检查绝缘。", "<b>x</b>")
    lx.write(f"preview/{PDF}", "")
    os.truncate(lx.folder / "preview" / PDF, 4 << 40)

    answer = lx.call("preview", NUMBER)

    assert answer.code == 1
    assert PDF in answer.out + answer.err


def test_a_dry_run_writes_nothing(drafted: Office) -> None:
    told = drafted.qms("preview", "--dry-run")
    assert f"preview/{PDF}" in told
    assert made(drafted) == []


def test_a_bare_repository_has_nothing_to_show(drafted: Office, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "clone", "-q", "--bare", drafted.folder, bare], check=True)
    answer = Office(bare, drafted.keys, drafted.now).call("preview")
    assert (answer.code, answer.findings) == (3, ("NO-WORK-TREE",))
