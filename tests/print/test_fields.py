"""Issue 9: docs/print.md says for each field that is signed where it is printed, or why not."""

import re
from dataclasses import fields
from pathlib import Path

from qms.domain.document import HEAD
from qms.formats.slots import Slot
from qms.formats.statements import Signed

PAGE = Path(__file__).parents[2] / "docs" / "print.md"
SPELLED = {"for_": "for", "signature": "sig"}
"""Fields that are spelled otherwise in a file than in Python."""


def test_the_table_has_every_field_of_a_head_and_of_its_signatures() -> None:
    table = PAGE.read_text("utf-8").partition("## Fields")[2]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    told = set(re.findall(r"`(\w+)`", "".join(row.split(" | ")[0] for row in rows)))

    properties = HEAD.json_schema()["properties"]
    assert isinstance(properties, dict)
    slot = {one.name for one in fields(Slot) if not one.name.startswith("_")} - {"signed"}
    signed = {SPELLED.get(one.name, one.name) for one in fields(Signed)}

    assert {*properties, *slot, *signed, "status"} - told == set()
