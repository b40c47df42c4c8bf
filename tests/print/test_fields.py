"""Issue 9: docs/print.md says for each field that is signed where it is printed, or why not."""

import re
from dataclasses import fields
from pathlib import Path

from qms.domain.kinds.document import HEAD
from qms.formats.slots import Statement

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
