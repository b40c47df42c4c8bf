"""DC-04: three firms with nine persons each: what the policy doesn't say can't end does end.

Whoever is asked signs, in whatever order: nobody who is asked is refused, and no text is left.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from qms.testing.office import Office

KEEPERS = {
    "lx-small": ("gao.feng", "guan.ning"),
    "food-small": ("zong.jing", "ban.gong"),
    "jd-small": ("zong.jing", "ban.gong"),
}
ENDLESS = {
    "lx-small": {("department-document", "inspection")},
    "food-small": {("department-document", "quality")},
    "jd-small": {("work-instruction", "laboratory")},
}
"""What `policy sign`, or the command it names, must say of each: a department of one, a head who
is also who approves."""
TOO_FEW = {("CHAIN-SHORT",), ("CHAIN-SHORT-LATER",), ("CHAIN-VACANT",), ("PREPARED-BY",)}


@pytest.mark.parametrize("firm", KEEPERS)
def test_what_the_policy_does_not_call_endless_ends(
    founded: Callable[[str], Office], firm: str, tmp_path: Path
) -> None:
    office = founded(firm).copy(tmp_path)
    said = _policy_signed(office, firm)
    random = Random(firm)  # noqa: S311 - an order to repeat
    classes = re.findall(r"^  - id: (\S+)$", office.text("qms.yaml"), re.MULTILINE)
    people = office.text("people.yaml")
    departments = dict(re.findall(r"\{id: (\S+), name: \{zh: \S+, en: (\w+)\}, head", people))
    staff = re.findall(r"- \{id: ([a-z.]+),.*department: (\w+),", people)

    endless = set[tuple[str, str]]()
    for class_id in classes:
        for owner in departments:
            others = [one for one in departments if one != owner]
            members = [one for one, where in staff if where == owner]
            strangers = [one for one, _ in staff if one not in members]
            number = _submitted(office, class_id, owner, [*members, *strangers], others[-1])
            if number is None:
                endless.add((class_id, owner))
            else:
                _signed_by_whoever_is_asked(office, number, random)

    unchanged = re.search(r"as under the one in force \((\d+) lines?: qms (policy chains)\)", said)
    assert unchanged is not None
    lines = [
        row["chain"] for row in json.loads(office.qms(*unchanged[2].split(), "--json"))["rows"]
    ]
    told = {(class_id, owner) for class_id in classes for owner, name in departments.items()
            if any(line.startswith(f"{class_id}/{name}: steps ") for line in lines)}  # fmt: skip
    assert endless == told == ENDLESS[firm]
    assert len(lines) == int(unchanged[1])
    assert set(office.call("check", "--all").findings) <= {"CHAIN-SHORT", "CHAIN-SHORT-LATER"}
    office.qms("verify")


def _policy_signed(office: Office, firm: str) -> str:
    """What the first keeper reads before signing a version that changes next to nothing."""
    office.edit("people.yaml", "persons:\n", "# 2026\npersons:\n")
    first, second = KEEPERS[firm]
    said = office.qms("policy", "sign", by=first)
    office.qms("policy", "sign", by=second)
    return said


def _submitted(
    office: Office, class_id: str, owner: str, persons: list[str], listed: str
) -> str | None:
    """The number of a department's text that one of the persons got going round; or None."""
    out = office.qms("new", class_id, "--title", "文件", "--owner", owner, by=persons[0])
    path = re.search(r"documents/\S+\.md", out)
    assert path is not None
    text = office.text(path[0]).replace("status:", f"co_sign: [{listed}]\nstatus:", 1)
    number = re.search(r"^number: \"?([^\s\"]+)", text, re.MULTILINE)
    assert number is not None
    for person in persons:
        named = re.sub(r"^prepared_by: .*$", f"prepared_by: {person}", text, flags=re.MULTILINE)
        office.write(path[0], named)
        answer = office.call("submit", number[1], by=person)
        if not answer.code:
            return number[1]
        assert answer.findings in TOO_FEW, answer
    (office.folder / path[0]).unlink()
    return None


def _signed_by_whoever_is_asked(office: Office, number: str, random: Random) -> None:
    """One of those whom `show` names signs, until it names nobody."""
    while (shown := json.loads(office.qms("show", number, "--json"))["revisions"][0])["waiting"]:
        step = shown["waiting"][0]
        asked = random.choice(step["persons"])
        assert number in office.qms("todo", by=asked)
        verb = "release" if step["act"] == "publish" else "sign"
        office.qms(verb, number, by=asked)
    assert shown["status"] == "in-force"
