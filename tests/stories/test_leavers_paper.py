"""Paper of somebody who has left: none is issued to them, and what they have goes to another."""

import json
import re
import shlex

import pytest

from qms.testing.mended import told, typed
from qms.testing.office import Office

NUMBER = "LX-WI-01"
LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh"])


def leaves(office: Office, person: str) -> None:
    """All keys of a person are void."""
    line = next(one for one in office.text("people.yaml").split("\n") if f"id: {person}," in one)
    office.edit("people.yaml", line, line.replace("keys: [{", "keys: [{void: true, "))
    for keeper in ("gao.feng", "guan.ning"):
        office.qms("policy", "sign", by=keeper)


def rows(office: Office, by: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(office.qms("todo", "--json", by=by))["rows"]
    return found


def holders(office: Office) -> list[tuple[str, str, str]]:
    """Copy, department and person of all papers that are out."""
    found = json.loads(office.qms("copies", NUMBER, "--out", "--json"))["rows"]
    return [(one["copy"], one["department"], one["holder"]) for one in found]


@LANGUAGES
def test_nothing_is_issued_to_who_has_left(released: Office, lang: str) -> None:
    leaves(released, "bian.zhi")
    command = ("issue", NUMBER, "--to", "bian.zhi")

    (way,) = told(released, "HOLDER-LEFT", lang, *command, by="wen.kong")

    assert way == f"qms issue {NUMBER} --to business"
    assert holders(released) == []
    assert typed(released, way, by="wen.kong").code == 0
    assert holders(released) == [("001", "Business", "")]


@pytest.mark.parametrize("is_received", [False, True])
def test_who_keeps_the_register_takes_the_paper_back_and_issues_it_anew(
    released: Office, *, is_received: bool
) -> None:
    released.qms("issue", NUMBER, "--to", "bian.zhi", by="wen.kong")
    if is_received:
        released.qms("receive", NUMBER, "001", by="bian.zhi")
        assert rows(released, "wen.kong") == []
    leaves(released, "bian.zhi")

    (row,) = rows(released, "wen.kong")

    again = re.search(r"\((qms issue .*)\)", row["act"])
    assert again is not None
    for command in (row["command"], again[1]):
        released.qms(*shlex.split(command)[1:], by="wen.kong")
    assert holders(released) == [("002", "Business", "")]
    assert [[one["act"] for one in rows(released, by)] for by in ("wen.kong", "ye.wu")] == [
        ["receive 002"], ["receive 002"],
    ]  # fmt: skip
    assert released.call("check", "--all").findings == ()


def test_what_replaces_a_paper_of_who_has_left_is_told_to_who_keeps_the_register(
    released: Office,
) -> None:
    """Who lost it gets the new one, as ever: so that waits to be given to somebody else."""
    released.qms("issue", NUMBER, "--to", "bian.zhi", by="wen.kong")
    leaves(released, "bian.zhi")

    said = released.qms("replace", NUMBER, "001", "--reason", "丢了", by="wen.kong")

    assert "Bian Zhi has left" in said
    (row,) = rows(released, "wen.kong")
    assert row["command"] == f"qms return {NUMBER} 002 --revision A/0"
    assert f"qms issue {NUMBER} --to business" in row["act"]
