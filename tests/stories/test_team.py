"""Issue 11: a team works at once, in any order; all ends released or rejected, nobody is stuck.

Each has a clone; commands and merges come by chance. Whatever `qms todo` names must be possible
once its reader has what others shared, and at the end nothing waits for anybody. The number of a
failing life is kept in `FAILED`.
"""

import json
import os
import random
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from qms.testing.office import Answer, Office

FAILED: tuple[int, ...] = ()
"""Lives that once got stuck."""
ACTS = int(os.environ.get("QMS_TEAM_ACTS", "60"))
PEOPLE = ("gong.yi", "ji.shu", "fu.yi", "fu.er", "zhi.jian", "wen.kong", "guan.ning", "gao.feng")
PREPARERS = ("gong.yi", "ji.shu")
CLASSES = ("work-instruction", "standard", "technical-document", "department-document")
ROUNDS = 12
"""Rounds of sharing and signing at the end: a chain has four steps, and may begin anew."""


def said(answer: Answer, log: list[str]) -> str:
    return "\n".join((*log[-30:], answer.out[-1500:], answer.err[-1500:]))


@dataclass
class Team:
    """People with their clones, and the chance that decides what comes next."""

    clones: dict[str, Office]
    chance: random.Random
    log: list[str] = field(default_factory=list)

    def call(self, person: str, *words: str) -> Answer:
        office = self.clones[person]
        latest = max(one.now for one in self.clones.values())
        office.now = latest
        answer = office.call(*words, by=person)
        self.log.append(f"{person}: qms {shlex.join(words)} -> {answer.code}")
        return answer

    def must(self, person: str, *words: str) -> Answer:
        answer = self.call(person, *words)
        assert answer.code == 0, said(answer, self.log)
        return answer

    def sync(self, person: str) -> Answer:
        """Share; where two changed the same lines the trunk's stay, where papers met one is new."""
        answer = self.call(person, "sync")
        if "SYNC-SAME-LINES" in answer.err:
            answer = self.call(person, "sync", "--theirs")
        for _ in range(len(self.clones)):
            twice = re.search(r"qms return (\S+) (\S+) --revision (\S+)`", answer.out)
            if answer.code == 0 or twice is None:
                break
            self.must("wen.kong" if person == "wen.kong" else person, "return", twice[1], twice[2],
                      "--revision", twice[3])  # fmt: skip
            answer = self.call(person, "sync")
        assert answer.code == 0, said(answer, self.log)
        return answer

    def todo(self, person: str) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = json.loads(self.must(person, "todo", "--json").out)["rows"]
        return rows

    def do(self, person: str, row: dict[str, str]) -> Answer:
        """What `todo` says waits, by the command that it names."""
        words = shlex.split(row["command"])[1:]
        if words[0] == "release":
            words += ["--effective", "today"]
        if words[0] == "sign" and self.chance.random() < 0.15:
            words = ["reject", words[1], "--reason", "再改"]
        return self.call(person, *words)

    # what people do

    def act(self) -> None:
        person = self.chance.choice(PEOPLE)
        self.chance.choice((self.sync, self.share, self.work, self.work, self.begin))(person)

    def share(self, person: str) -> None:
        self.sync(person)

    def begin(self, person: str) -> None:
        """A new text, the next revision of one, or papers of it."""
        if person == "wen.kong":
            self.paper(person)
        if person not in PREPARERS:
            return
        office = self.clones[person]
        listed = json.loads(self.must(person, "list", "--json").out)["documents"]
        in_force = [one["number"] for one in listed if one["status"] == "in-force"]
        busy = {one["number"] for one in listed if one["status"] not in {"in-force", "superseded"}}
        free = [one for one in in_force if one not in busy]
        if free and self.chance.random() < 0.6:
            self.call(person, "revise", self.chance.choice(free), "--summary", "修改")
        else:
            # A head who prepares a text of the department can't approve it as well.
            classes = CLASSES[:-1] if person == "ji.shu" else CLASSES
            self.call(person, "new", self.chance.choice(classes), "--title", f"文件{len(self.log)}")
        office.git("add", "-A")
        if office.status:
            office.git("commit", "-q", "-m", "Draft")

    def paper(self, person: str) -> None:
        listed = json.loads(self.must(person, "list", "--json").out)["documents"]
        numbers = [one["number"] for one in listed if one["status"] == "in-force"]
        if numbers:
            where = self.chance.choice(("technical", "inspection"))
            self.call(person, "issue", self.chance.choice(numbers), "--to", where)

    def work(self, person: str) -> None:
        """One thing that waits; of a draft of one's own perhaps another line first."""
        waiting = self.todo(person)
        if not waiting:
            return
        row = self.chance.choice(waiting)
        self.edit(person, row)
        answer = self.do(person, row)
        assert answer.code in {0, 1}, said(answer, self.log)

    def edit(self, person: str, row: dict[str, str]) -> None:
        if not row["command"].startswith("qms submit"):
            return
        office = self.clones[person]
        shown = json.loads(self.must(person, "show", row["number"], "--json").out)
        path = shown["revisions"][-1]["path"]
        text = office.text(path)
        office.write(path, text.rstrip("\n") + f"\n\n第 {len(self.log)} 条。\n")

    # the end

    def drain(self) -> None:
        """Everybody shares, and does what waits, until nothing does."""
        for _ in range(ROUNDS):
            for person in PEOPLE:
                self.sync(person)
            done = 0
            for person in PEOPLE:
                for row in self.todo(person):
                    if row["command"].startswith("qms copies"):
                        continue
                    words = shlex.split(row["command"])[1:]
                    if words[0] == "release":
                        words += ["--effective", "today"]
                    self.must(person, *words)
                    done += 1
                self.sync(person)
            if not done:
                return
        raise AssertionError(f"something still waits: {self.log[-40:]}")


@pytest.fixture
def team(lx: Office, tmp_path: Path) -> dict[str, Office]:
    server = lx.shared(tmp_path)
    clones: dict[str, Office] = {}
    for person in PEOPLE:
        folder = tmp_path / person / "docs"
        lx.git("clone", "-q", str(server), str(folder))
        office = Office(folder, lx.keys, lx.now, dict(lx.environment))
        office.environment["XDG_STATE_HOME"] = str(tmp_path / person / "state")
        for key, value in (
            ("user.name", person), ("user.email", f"{person}@qms.invalid"),
            ("qms.allowUnencryptedKey", "true"), ("qms.rehearsal", "true"),
        ):  # fmt: skip
            office.git("config", key, value)
        clones[person] = office
    return clones


@pytest.mark.long
@pytest.mark.parametrize(
    "life", [*map(int, os.environ.get("QMS_TEAM_LIVES", "1 2").split()), *FAILED]
)
def test_a_team_ends_with_nothing_waiting(team: dict[str, Office], life: int) -> None:
    people = Team(team, random.Random(life))  # noqa: S311 - a life is to be lived again
    for _ in range(ACTS):
        people.act()

    people.drain()

    office = team["wen.kong"]
    told = office.call("check", "--all")
    assert told.code == 0, said(told, people.log)
    assert office.call("verify").code == 0
    listed = json.loads(office.qms("list", "--json"))["documents"]
    assert listed
    assert {one["status"] for one in listed} <= {"in-force", "published"}, listed
