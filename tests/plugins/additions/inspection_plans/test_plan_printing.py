"""A plan on paper: while it goes round, and once it is filed; all that its head says is there."""

import json
import subprocess
from pathlib import Path

import pytest

from qms.testing.inspection_plans import (
    AUTHOR,
    FILED,
    HEAD,
    NUMBER,
    OPEN,
    slots_of,
)
from qms.testing.office import Office
from qms.testing.outsiders import runner


def words_of(pdf: Path) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True,
    )  # fmt: skip
    return done.stdout.decode()


def test_it_is_printed_while_it_goes_round(going: Office, folder: Path, tmp_path: Path) -> None:
    answer = runner(going, folder)("preview", NUMBER, "--out", str(tmp_path / "out"))
    assert answer.code == 0, answer
    (pdf,) = (tmp_path / "out").rglob("*.pdf")
    words = words_of(pdf)
    assert "每批五件" in words
    assert "编制计划" in words
    assert "通过计划" in words


def test_it_is_published_once_it_is_filed(filed: Office, folder: Path, tmp_path: Path) -> None:
    qms = runner(filed, folder)
    answer = qms("publish", "--unsigned", "--out", str(tmp_path / "out"), by=HEAD)
    assert answer.code == 0, answer
    names = {one.name for one in (tmp_path / "out" / "inspection-plans").iterdir()}
    assert names == {f"{NUMBER}_1_uncontrolled.pdf", "plans-due_1_uncontrolled.pdf"}
    words = words_of(tmp_path / "out" / "inspection-plans" / f"{NUMBER}_1_uncontrolled.pdf")
    for told in (
        "轴检验计划", "检验计划", "季舒", "傅毅", "校核计划", "抽样", "Sample", "2026-12-01",
        "author", "gong.yi",
    ):  # fmt: skip
        assert told in words
    cover = words.partition("\f")[0]
    assert ("发布日期" in cover, "文件状态" in cover) == (True, True)
    for absent in ("版本", "Revision", "实施日期", "Effective", "归档标识"):
        assert absent not in words  # such a plan has none of it
    assert f"{NUMBER} 1" not in " ".join(words.split())
    rows = json.loads((tmp_path / "out" / "manifest.json").read_text())["files"]
    row = next(one for one in rows if one["number"] == NUMBER)
    assert row["statement"] == slots_of(filed, FILED)[-1].id
    alone = qms("publish", "plans-due", "--unsigned", "--out", str(tmp_path / "b"), by=HEAD)
    assert alone.code == 0, alone
    (due,) = (tmp_path / "b").rglob("*.pdf")
    assert due.name == "plans-due_1_uncontrolled.pdf"
    words = words_of(due)
    assert "到期计划" in words
    for absent in ("版本", "归口部门", "文件状态", "已发布", "发布日期", "实施日期", "尚未签署"):
        assert absent not in words  # nobody signs a notice


@pytest.mark.parametrize(
    ("note", "code"),
    [("五\u0661件", "LETTER-MISSING"), ("**五**件", "FIELD-MARKS"), ("x" * 2001, "RENDER-LIMIT")],
)
def test_a_fact_that_no_page_could_hold_is_told_before_anybody_signs(
    draft: Office, folder: Path, note: str, code: str
) -> None:
    """Law 1: all that is signed is printed; once it is signed nobody could mend it."""
    qms = runner(draft, folder)
    draft.edit(OPEN, f"author: {AUTHOR}\n", f'author: {AUTHOR}\nnote: "{note}"\n')
    assert qms("check").lines == {code: f"{OPEN}:7"}
    before = draft.git("rev-parse", "HEAD")

    answer = qms("submit", NUMBER, by=AUTHOR)

    assert (answer.code, answer.findings) == (1, (code,)), answer
    assert draft.git("rev-parse", "HEAD") == before


def test_a_head_of_more_than_anybody_prints_is_told(draft: Office, folder: Path) -> None:
    """Law 3: whatever its plugin takes there, a line on paper for each is bounded."""
    many = ",".join("1" * 2001)
    draft.edit(OPEN, f"author: {AUTHOR}\n", f"author: {AUTHOR}\nnote: [{many}]\n")
    assert runner(draft, folder)("check").findings == ("LIMIT",)


PLATE = b'<svg xmlns="http://www.w3.org/2000/svg" width="30" height="30"/>\n'


@pytest.mark.parametrize("shown", ["assets/plate.svg", "../../../assets/plate.svg"])
def test_a_draft_is_laid_out_with_the_pictures_that_it_shows(
    draft: Office, folder: Path, tmp_path: Path, shown: str
) -> None:
    """They are listed when it is sent: its author looks at it before, as at a document."""
    qms = runner(draft, folder)
    draft.write("assets/plate.svg", PLATE)
    draft.edit(OPEN, "![轴](assets/shaft.svg)", f"![轴](assets/shaft.svg)\n\n![板]({shown})")
    assert qms("check").findings == ()
    answer = qms("preview", NUMBER, "--out", str(tmp_path / "out"))
    assert (answer.code, answer.findings) == (0, ()), answer
