"""US-05: what comes from an older system is begun by a plugin, through the core.

An importer of somebody else, from `qms.api` alone: each row of a table becomes a draft.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing.office import Answer, Office
from qms.testing.outsiders import admitted, install

IMPORTER = """\
import csv
from pathlib import Path

import click

from qms.api import Command, NewDraft, Text, hookimpl


@hookimpl
def commands():
    yield Command("import", "acme_import:import_", Text("导入清单", "Import a table"))


@click.command()
@click.argument("table", type=click.Path(path_type=Path))
@click.pass_obj
def import_(session, table):
    with table.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            head = {k: v for k, v in row.items() if k == "summary" and v}
            if row.get("related"):
                head["related"] = tuple(row["related"].split(";"))
            if row.get("key"):
                head[row["key"]] = "x"
            made = session.draft(NewDraft(
                class_id=row["class"], title=row["title"], number=row["number"] or None,
                body=row["body"], head=head,
            ))
            session.say(f"{made.number} {made.path}", f"{made.number} {made.path}")
"""


@pytest.fixture
def qms(lx: Office, tmp_path: Path) -> Callable[..., Answer]:
    folder = install(tmp_path / "there", "acme-import", "1.0",
                     {"qms.tools": "import = acme_import"}, acme_import=IMPORTER)  # fmt: skip
    return admitted(lx, folder, "import")


@pytest.fixture
def imported(qms: Callable[..., Answer], tmp_path: Path) -> Callable[..., Answer]:
    """Imports rows by the plugin, as Gong Yi."""

    def run(*rows: str, more: tuple[str, ...] = ()) -> Answer:
        table = tmp_path / "old.csv"
        header = "class,title,number,body,summary,related,key"
        table.write_bytes("\r\n".join((header, *rows, "")).encode("utf-8-sig"))
        return qms("import", str(table), *more, by="gong.yi")

    return run


def test_each_row_is_a_draft_with_its_number_path_and_head(
    lx: Office, qms: Callable[..., Answer], imported: Callable[..., Answer]
) -> None:
    answer = imported(
        '作业指导书,铣床,,"# 铣床\r\n\r\n上电前检查。",自旧系统导入,LX-WI-07;LX-WI-08,',
        "work-instruction,磨床：平面,ＬＸ－ＷＩ－07,,,,",
        "work-instruction,钻床,,,,,",
    )

    assert answer.code == 0, answer
    numbers = [line.split(" ")[0] for line in answer.out.splitlines()]
    assert numbers == ["LX-WI-01", "LX-WI-07", "LX-WI-08"]
    first = lx.text("documents/work-instruction/LX-WI-01.md")
    assert first.startswith("---\nnumber: LX-WI-01\ntitle: 铣床\nclass: work-instruction\n")
    for line in (
        "revision: A/0", "prepared_by: gong.yi", "owner: technical", "summary: 自旧系统导入",
        "related: [LX-WI-07, LX-WI-08]", "status: draft",
    ):  # fmt: skip
        assert f"\n{line}\n" in first
    assert first.endswith("---\n# 铣床\n\n上电前检查。\n")
    assert qms("check").code == 0
    for number in numbers:
        assert qms("submit", number, by="gong.yi").code == 0


def test_nothing_is_written_over_nor_beside_what_has_the_number(
    lx: Office, qms: Callable[..., Answer], imported: Callable[..., Answer]
) -> None:
    qms("new", "work-instruction", "--title", "车床", by="gong.yi")
    path = "documents/work-instruction/LX-WI-01.md"
    before = lx.text(path)

    answer = imported("work-instruction,另一份,LX-WI-01,,,,")

    assert (answer.code, answer.findings) == (1, ("NUMBER-TAKEN",)), answer
    assert lx.text(path) == before
    moved = "documents/regulation/LX-WI-01.md"
    lx.write(moved, before.replace("class: work-instruction", "class: regulation"))
    (lx.folder / path).unlink()
    assert imported("work-instruction,另一份,LX-WI-01,,,,").findings == ("NUMBER-TAKEN",)
    assert not (lx.folder / path).exists()


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("work-instruction,铣床,,,,,number", "DRAFT-KEY"),
        ("work-instruction,铣床,,,,,approvals", "DRAFT-KEY"),
        ("work-instruction,铣床,,,,,colour", "FIELD-UNKNOWN"),
        ("work-instruction,铣床,XX-1,,,,", "NUMBER-FORM"),
        ("drawings,铣床,,,,,", "CLASS-UNKNOWN"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_written(
    lx: Office, imported: Callable[..., Answer], row: str, code: str
) -> None:
    answer = imported(row)

    assert (answer.code, answer.findings) == (1, (code,)), answer
    assert "documents" not in lx.status


def test_a_dry_run_writes_nothing(lx: Office, imported: Callable[..., Answer]) -> None:
    answer = imported("work-instruction,铣床,,,,,", more=("--dry-run",))

    assert (answer.code, lx.status) == (0, ""), answer
