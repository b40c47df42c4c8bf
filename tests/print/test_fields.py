"""Issue 9: docs/print.md says for each field that is signed where it is printed, or why not."""

import re
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

from qms.domain.kinds.document import HEAD
from qms.formats.slots import Statement
from qms.texts import Text
from qms_publish.cover import front
from qms_publish.sheet import Sheet, SignatureLine

PAGE = Path(__file__).parents[2] / "docs" / "print.md"
SPELLED = {"for_": "for", "signature": "sig"}
"""Fields that are spelled otherwise in a file than in Python."""


def test_the_table_has_every_field_of_a_head_and_of_its_signatures() -> None:
    table = PAGE.read_text("utf-8").partition("## Fields")[2]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    told = set(re.findall(r"`(\w+)`", "".join(row.split(" | ")[0] for row in rows)))

    properties = HEAD.json_schema()["properties"]
    assert isinstance(properties, dict)
    signed = {SPELLED.get(one.name, one.name) for one in fields(Statement)}

    assert {*properties, *signed, "status"} - told == set()


def cells(sheet: Sheet) -> list[str]:
    return [f"{cell.zh} {cell.en}" for row in front(sheet).facts for cell in row]


BARE = Sheet(
    number="JH-07",
    revision="",
    revision_text=Text("", ""),
    title="轴检验计划",
    company=Text("领航", "LX"),
    class_name=Text("检验计划", "Inspection plan"),
    owner="",
    controlled=False,
    status=Text(),
    body="",
    is_document=False,
)
CHECKED = SignatureLine(act="check", meaning=Text("校核", "Checked"), name="季舒", day="2026-11-20")


def test_the_second_table_has_every_cell_of_what_is_no_document() -> None:
    section = PAGE.read_text("utf-8").partition("### What is no document")[2]
    told = [line.split(" | ")[0].removeprefix("| ") for line in section.splitlines()]
    full = replace(
        BARE,
        revision="2",
        owner="技术部",
        status=Text("已发布", "Published"),
        published=date(2026, 11, 20),
        effective=date(2026, 12, 1),
        filing="ff5c897253f917be",
        signatures=(CHECKED,),
    )

    shown = [one for one in cells(full) if one != "校核 Checked"]
    assert set(shown) - {"签署日期 Signed"} <= set(told)
    assert "an act by its name, 签署日期 Signed" in told


def test_of_what_is_no_document_nothing_stands_that_it_lacks() -> None:
    assert cells(BARE) == ["文件编号 Number"]
    assert cells(replace(BARE, published=date(2026, 11, 20))) == [
        "文件编号 Number",
        "发布日期 Published",
    ]


def test_a_document_has_room_for_what_is_still_to_come() -> None:
    assert cells(replace(BARE, is_document=True))[-2:] == [
        "发布日期 Published",
        "实施日期 Effective",
    ]
