"""docs/attacks.md: each of the 112 known attacks, with a test or with what will bring one."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "attacks.md").read_text(encoding="utf-8")
KNOWN = {str(row) for row in range(1, 113)}
WANTED = {
    "L": "1-2 4-5 26 33-35 45-46 60-62 65-70 74 82-85 94 96 100-101 103 106 108-109 111-112",
    "S": "15-17 19-20 22-24 36-38 60 65-66 69-70 73 75-77 88 95-96 100 104",
    "R": "1-7 15-17 19-20 22-27 33-41 45-47 49 61-62 77 90 95 97-103 106-112",
    "V": "1-34 36-42 44-47 49-58 61-63 65-67 69-74 77-81 88 90-93 95-104 106-112",
    "P": "78 81-85 105",
}
"""The rows that each gate has to answer; some are about none of them."""


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def rows_of(title: str) -> list[str]:
    """The rows that begin a line of its table; what goes on in the next line has none."""
    return re.findall(r'^\| (?:<a id="row-\w+"></a>)?(\w*\d) \|', section(title), re.MULTILINE)


def test_each_known_attack_has_a_test_or_a_reason_why_not() -> None:
    proved = [*rows_of("With a test"), *rows_of("Held without a code")]
    open_ = rows_of("Without a test yet")

    assert sorted(KNOWN - {*proved, *open_}, key=int) == []
    assert sorted(set(proved) & set(open_)) == []
    for rows in (proved, open_):
        assert len(rows) == len(set(rows))


def test_a_row_without_a_test_says_why() -> None:
    lines = [line for line in section("Without a test yet").splitlines() if line[2:3].isdecimal()]

    assert len(lines) == len(rows_of("Without a test yet"))
    assert all(len(line.strip("|").split("|")[2].strip()) > 20 for line in lines)


def wanted_at(gate: str) -> set[str]:
    spans = [span.partition("-") for span in WANTED[gate].split()]
    return {str(row) for a, _, b in spans for row in range(int(a), int(b or a) + 1)}


def proved_at(gate: str) -> set[str]:
    """The rows of the first table with a line that names the gate; a line may go on a row."""
    rows, row = set(), ""
    for line in section("With a test").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if match := re.search(r"\w*\d$", cells[0]):
            row = match[0]
        if len(cells) > 3 and gate in cells[3].split():
            rows.add(row)
    return rows


@pytest.mark.parametrize("gate", WANTED)
def test_a_row_is_proved_at_each_of_its_gates_or_the_page_says_what_is_missing(gate: str) -> None:
    lines = section("With a test for a part of it").splitlines()
    in_part = {match[1] for line in lines if (match := re.match(rf"\| (\d+) \| at {gate} ", line))}
    lacking = wanted_at(gate) - proved_at(gate) - set(rows_of("Without a test yet"))

    assert sorted(lacking, key=int) == sorted(in_part, key=int)
