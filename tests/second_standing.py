"""A second opinion on which revision and which policy stand, by docs/trust.md and docs/format.md.

It imports nothing of qms and was written from the rules, not from that code. Where these leave a
choice it takes what both programs were agreed on: a rejected release is no rival; two settlements
that disagree let none stand; a rejection by who had seen the release is the later. It judges
histories in the words of tests/vectors/standing (README.md there), where labels stand for digests::

    second_standing.py FILE…     of TOML or JSON: one line a case, its name and the verdict as JSON
"""

import json
import sys
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

Step = dict[str, Any]  # of TOML: an untyped table
PERSONS = {
    "li.si", "wang.wu", "zhao.liu", "qian.qi", "sun.ba", "zhou.jiu", "wu.shi", "zheng.yi",
}  # fmt: skip
APPROVERS, PUBLISHERS = {"li.si", "zhao.liu"}, {"wang.wu", "zhou.jiu"}
SEATED = APPROVERS | PUBLISHERS
TEAM = ["sun.ba", "li.si", "wang.wu"]


@dataclass
class Statement:
    """Whoever signed, under which policy, having seen which node, brought by which node."""

    person: str
    policy: str | None
    seen: str | None
    node: str
    seated: bool = True
    """Whether they had the role that they claim: asked by later versions that had not seen it."""


@dataclass
class Entry:
    """A filing, a policy version, a rejection or a ruling, with its statements."""

    id: str
    node: str
    said: list[Statement]
    step: Step
    base: str | None = None


class Graph:
    """All that a case tells: nodes and what stands before each, entries by kind."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self.before: dict[str, set[str]] = {"root": {"root"}}
        self.policies: dict[str, Entry] = {}
        self.releases: dict[str, Entry] = {}
        self.rejects: list[Entry] = []
        self.rulings: list[Entry] = []
        self.works: list[Entry] = []
        self.rounds: dict[str, list[Statement]] = {}
        self.tips = {"main": "root"}
        self.governs = {"root": "p1"}
        first = {"by": ["li.si", "zhao.liu"], "is": "policy"}
        self.policies["p1"] = Entry("p1", "root", [], first)
        a0 = {"revision": "A/0", "text": "a0", "is": "release", "id": "a0", "day": 0}
        said = [Statement(one, "p1", "root", "root") for one in TEAM]
        self.releases["a0"] = Entry("a0", "root", said, a0)
        for step in steps:
            self.take(step)
        self.keep(self.before[self.tips["main"]])

    def keep(self, recorded: set[str]) -> None:
        """What the tip of main records, and nothing that lies on other branches."""
        for name in ("policies", "releases"):
            found = getattr(self, name)
            setattr(self, name, {key: one for key, one in found.items() if one.node in recorded})
        for name in ("rejects", "rulings", "works"):
            setattr(self, name, [one for one in getattr(self, name) if one.node in recorded])

    def take(self, step: Step) -> None:
        kind, branch = step["is"], step.get("on", "main")
        tip = self.tips[branch]
        if kind == "branch":
            self.tips[step["id"]] = tip
            self.before.setdefault(step["id"], set(self.before[tip]))
            return
        node = step["id"]
        other = self.tips[step["from"]] if kind == "merge" else tip
        self.before[node] = self.before[tip] | self.before[other] | {node}
        self.tips[branch] = node
        self.governs[node] = node if kind == "policy" else self.governs[tip]
        if kind == "merge":
            return
        by = step.get("by", TEAM if kind == "release" else ["li.si", "wang.wu"])
        if kind == "reject":
            said = [step.get("preparer", TEAM[0])] * step.get("prepare", True) + by
            self.rounds[node] = [
                Statement(one, self.cited(step, tip), step.get("seen", tip), node,
                          one not in by or one in SEATED)
                for one in said
            ]  # fmt: skip
            if not step.get("prepare", True):
                return  # of a text that nobody submitted: it doesn't hold
            by = [step.get("preparer", TEAM[0]), *(one for one in by if one in SEATED)]
        seen = step.get("seen", tip)
        seens = seen if isinstance(seen, list) else [seen] * len(by)
        cited = self.cited(step, tip)
        said = [Statement(*one) for one in zip(by, [cited] * len(by), seens, [node] * len(by),
                                               strict=True)]  # fmt: skip
        made = Entry(node, node, said, step, step.get("base"))
        if kind == "policy":
            made.base = cited
            self.policies[node] = made
        elif kind == "release":
            self.releases[node] = made
            for reject in step.get("after", ()):
                self.works.append(Entry(node, node, self.rounds[reject], step))
        elif kind == "work" or (len(by) == 1 and kind == "reject"):
            self.works.append(made)  # a preparer's signature alone rejects nothing
        else:
            {"reject": self.rejects}.get(kind, self.rulings).append(made)

    def cited(self, step: Step, tip: str) -> str:
        """The version that the signers of a step name."""
        if step["is"] == "policy" and "base" in step:
            return str(step["base"])
        return str(step.get("policy", self.governs[tip]))

    def saw(self, statement: Statement, nodes: Iterable[str]) -> bool:
        """Whether one of the nodes that brought something is what the signer had, or before it."""
        return statement.seen is not None and any(
            node in self.before[statement.seen] for node in nodes
        )

    def everything(self) -> list[Statement]:
        """All that anybody signed and that is recorded."""
        kinds = (self.policies.values(), self.releases.values(), self.rejects, self.rulings)
        return [one for kind in (*kinds, self.works) for entry in kind for one in entry.said]


@dataclass
class Branch:
    """One of several that follow the same: what brought it, and its first entry's statements."""

    id: str
    nodes: set[str]
    said: list[list[Statement]]
    cited: set[str] = field(default_factory=set)
    void: list[Statement] = field(default_factory=list)

    def signers(self) -> set[str]:
        return {one.person for filing in [*self.said, self.void] for one in filing}


Judge = Callable[[Branch, Branch], bool]
Hears = Callable[[Statement], bool]


class Verdict:
    """What stands in a graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.all = graph.everything()
        self.line, self.open = self.policy_line()

    # comparisons: whether `a` drops `b` out

    def later(self, a: Branch, b: Branch) -> bool:
        """Rule 4b, 2: `b` had seen `a`, which had not seen it."""
        had = [any(self.graph.saw(one, a.nodes) for one in filing) for filing in b.said]
        back = [any(self.graph.saw(one, b.nodes) for one in filing) for filing in a.said]
        return all(had) and not all(back)

    def told_by_policy(self, a: Branch, b: Branch) -> bool:
        """3: the first standing policy that had seen one without the other."""
        for policy in self.line[1:]:
            filer = self.graph.policies[policy].said[0]
            one, other = self.graph.saw(filer, a.nodes), self.graph.saw(filer, b.nodes)
            if one != other:
                return one
        return False

    def told_by_persons(self, a: Branch, b: Branch, hears: Hears | None = None) -> bool:
        """4: at least two persons, and more than speak for the other."""
        hears = hears or self.hears
        mine, theirs = self.speakers(a, b, hears), self.speakers(b, a, hears)
        both = mine & theirs
        ours = len(mine - both - a.signers())
        others = len(theirs - both - b.signers())
        return ours >= 2 and ours > others

    def hears(self, said: Statement) -> bool:
        """Whether a statement counts: what a later policy voids, or gave way, says nothing."""
        if said.node in self.graph.policies:
            return said.node in self.line
        return said.person in self.enrolled(self.line) and self.holds(said)

    def speakers(self, a: Branch, b: Branch, hears: Hears) -> set[str]:
        found = set()
        for one in self.all:
            if not hears(one):
                continue
            if one.policy in a.cited | b.cited:
                if one.policy in a.cited:
                    found.add(one.person)
            elif self.graph.saw(one, a.nodes) and not self.graph.saw(one, b.nodes):
                found.add(one.person)
        return found

    # policies

    def ancestry(self, policy: str) -> list[str]:
        found = [policy]
        while (base := self.graph.policies[found[0]].base) is not None:
            found.insert(0, base)
        return found

    def enrolled(self, line: Iterable[str]) -> set[str]:
        added = {p for one in line for p in self.graph.policies[one].step.get("adds", ())}
        return PERSONS | added

    def policy_line(self) -> tuple[list[str], set[str]]:
        """The versions that stand, and those between which nothing tells."""
        line = ["p1"]
        while True:
            children = [p for p in self.graph.policies.values() if p.base == line[-1]]
            if not children:
                return line, set()
            left = {one.id: self.policy_branch(one) for one in children}
            joint = {side for side in left if len(left) > 1 and self.is_joint(side, set(left))}
            if len(joint) == 1:
                line.append(joint.pop())
                continue
            hears = partial(self.fits, policy=line[-1])
            left = self.without(left, self.later)
            left = self.backed(left, partial(self.told_by_persons, hears=hears))
            if len(left) != 1:
                sides = {one.id for one in children}
                return line, {p for p in self.graph.policies if set(self.ancestry(p)) & sides}
            line.append(next(iter(left)))

    def is_joint(self, side: str, sides: set[str]) -> bool:
        """Whether a version below a side names all others, by a quorum that each could have."""
        return any(
            side in self.ancestry(one.id)[:-1]
            and sides - {side, one.base} <= set(one.step.get("ends", ()))
            and (one.base == side or side in one.step.get("ends", ()))
            and all(self.fits(said, other) for said in one.said for other in sides)
            for one in self.graph.policies.values()
        )

    def policy_branch(self, one: Entry) -> Branch:
        below = {p for p in self.graph.policies if one.id in self.ancestry(p)}
        return Branch(one.id, {one.node}, [one.said], below)

    @staticmethod
    def without(left: dict[str, Branch], drops: Judge) -> dict[str, Branch]:
        return {
            key: b for key, b in left.items()
            if not any(a is not b and drops(a, b) for a in left.values())
        }  # fmt: skip

    @staticmethod
    def backed(left: dict[str, Branch], beats: Judge) -> dict[str, Branch]:
        """4: the one that more people spoke for than for each other one."""
        return {
            key: a for key, a in left.items()
            if all(a is b or beats(a, b) for b in left.values())
        }  # fmt: skip

    # revisions

    def key(self, person: str, policy: str) -> int:
        """Which of a person's keys a version knows: how often its line took one away."""
        line = self.ancestry(policy)
        return sum(person in self.graph.policies[one].step.get("voids", ()) for one in line)

    def fits(self, said: Statement, policy: str) -> bool:
        return said.person in self.enrolled(self.ancestry(policy)) and self.key(
            said.person, said.policy or "p1"
        ) == self.key(said.person, policy)

    def holds(self, said: Statement) -> bool:
        """Under the version it names, and each later one up to the first that had seen it."""
        known = self.ancestry(said.policy or "p1")
        for line in (self.line, *map(self.ancestry, self.open)):
            for policy in line:
                if policy in known:
                    continue
                if self.graph.saw(self.graph.policies[policy].said[0], [said.node]):
                    break
                if not (said.seated and self.fits(said, policy)):
                    return False
        return True

    def complete(self, ruling: Entry) -> bool:
        """Both steps of the chain that follow prepare, by persons whose keys still hold."""
        good = {one.person for one in ruling.said if self.holds(one)}
        return bool(good & APPROVERS) and bool(good & PUBLISHERS)


class Number(Verdict):
    """What stands of one number: its entries are texts, each filed once or several times."""

    def __init__(self, graph: Graph, number: str) -> None:
        super().__init__(graph)
        mine = [e for e in graph.releases.values() if e.step.get("number", "N") == number]
        self.number = number
        self.name = {e.id: self.same(e, mine) for e in mine}
        self.filings: dict[str, list[Entry]] = {}
        for entry in mine:
            self.filings.setdefault(self.name[entry.id], []).append(entry)
        self.base = {
            key: None if all(e.base is None for e in found) else self.name[str(found[0].base)]
            for key, found in self.filings.items()
        }
        self.rulings = [one for one in graph.rulings if self.complete(one)]
        self.displaced: set[str] = set()
        self.contested: set[str] = set()
        self.run: list[str] = []
        self.descend()

    @staticmethod
    def same(entry: Entry, mine: list[Entry]) -> str:
        """The first filing of the same text."""

        def text(one: Entry) -> tuple[str, ...]:
            preparer = one.said[0].person
            return one.step["revision"], one.step.get("text", one.id), preparer

        return next(one.id for one in mine if text(one) == text(entry))

    def last_word(self, entry: str) -> list[Entry]:
        """The rulings about an entry that no other one about it comes after."""
        about = [one for one in self.rulings if entry in self.named(one)]
        behind = {old for one in about for old in self.closure(one) - {one.id}}
        return [one for one in about if one.id not in behind]

    @staticmethod
    def named(ruling: Entry) -> dict[str, bool]:
        """What a ruling is about: whether it lets it stand."""
        step = ruling.step
        if "of" in step:
            return {step["of"]: step["is"] == "ratify"}
        stands = [step["stands"]] if "stands" in step else []
        return dict.fromkeys(step["over"], False) | dict.fromkeys(stands, True)

    def ruled(self, entry: str) -> bool | None:
        """None where no ruling is about it; where two don't agree it doesn't stand."""
        last = [self.named(one)[entry] for one in self.last_word(entry)]
        return all(last) if last else None

    def closure(self, ruling: Entry) -> set[str]:
        found = {ruling.id}
        for one in self.graph.rulings:
            if one.id in ruling.step.get("after", ()):
                found |= self.closure(one)
        return found

    # what an entry is worth by itself

    def is_alive(self, entry: Entry) -> bool:
        """Neither void, nor ruled out, nor rejected: what has no effect is no rival."""
        ruled = self.ruled(entry.id)
        if ruled is not None:
            return ruled
        return all(map(self.holds, entry.said)) and not self.is_rejected(entry)

    def brought(self, entry: Entry) -> tuple[str, list[Statement]]:
        """Node and statements that count: those of the ruling where it was needed."""
        if not all(map(self.holds, entry.said)):
            for one in self.rulings:
                if self.named(one).get(entry.id):
                    return one.node, entry.said + one.said
        return entry.node, entry.said

    def alive(self, name: str) -> list[Entry]:
        return [one for one in self.filings[name] if self.is_alive(one)]

    def is_rejected(self, entry: Entry) -> bool:
        """Trust 2.7: whether a rejection that binds and that it lacks takes its effect.

        It does unless the release was first: as between two releases, by 2 to 4.
        """
        for reject in self.graph.rejects:
            step = reject.step
            about = (step.get("number", "N"), step["revision"]) == (
                self.number, entry.step["revision"])  # fmt: skip
            if (
                not about
                or not all(map(self.holds, reject.said))  # nor what it is about
                or reject.id in entry.step.get("after", ())
            ):
                continue
            if self.ruled(reject.id) is False:
                continue
            both = {entry.id: self.contender([entry])}
            both[reject.id] = Branch(reject.id, {reject.node}, [reject.said[-1:]])
            first = list(self.first(both))
            yes = any(one.person == reject.said[-1].person for one in entry.said)
            if first == [reject.id] if yes else first != [entry.id]:
                return True
        return False

    def first(self, left: dict[str, Branch]) -> dict[str, Branch]:
        """Those that stand by 2 to 4; one if that is decided."""
        for drops in (self.later, self.told_by_policy):
            left = self.without(left, drops)
        return self.backed(left, self.told_by_persons)

    def contender(self, entries: list[Entry]) -> Branch:
        brought = [self.brought(one) for one in entries]
        return Branch("", {node for node, _ in brought}, [said for _, said in brought])

    # which branch stands

    def descend(self) -> None:
        at = None
        while True:
            children = [key for key, base in self.base.items() if base == at]
            left = {key: self.contender(self.front(key)) for key in children
                    if self.front(key)}  # fmt: skip
            for key, one in left.items():
                one.void = [slot for filing in self.filings[key] for slot in filing.said]
            chosen = {key: one for key, one in left.items() if self.is_chosen(key)}
            first = chosen if len(chosen) == 1 else self.first(left)
            if len(first) != 1:
                self.contested |= set(left)
                return
            self.displaced |= set(left) - set(first)
            at = next(iter(first))
            self.run.append(at)

    def front(self, key: str) -> list[Entry]:
        """The live filings of a branch's first text; without any those next to it."""
        below = [child for child, base in self.base.items() if base == key]
        return self.alive(key) or [one for child in below for one in self.front(child)]

    def is_chosen(self, key: str) -> bool:
        """Whether a settlement lets this branch stand, whatever builds on the others."""
        settled = [one for one in self.rulings if one.step["is"] == "settle"]
        return any(
            self.ruled(filing.id) is True and any(self.named(one).get(filing.id) for one in settled)
            for filing in self.filings[key]
        )

    def effective(self, name: str) -> tuple[str, int] | None:
        """The filing whose days count, and its day."""
        filed = {one.id: self.contender([one]) for one in self.alive(name)}
        first = self.first(filed)
        left = first if len(first) == 1 else filed
        days = {key: self.graph.releases[key].step.get("day", 0) for key in left}
        return min(days.items(), key=lambda one: one[1]) if days else None

    def verdict(self, asof: int) -> dict[str, object]:
        worth = {key: self.effective(key) for key in self.run}
        line = [key for key in self.run if worth[key] is not None]
        due = [key for key in line if (worth[key] or ("", 0))[1] <= asof]
        return {
            "stands": due[-1] if due else None,
            "line": line,
            "displaced": sorted(self.displaced),
            "contested": sorted(self.contested),
        }


def judge(case: Step) -> dict[str, object]:
    """The verdict on a case: the policy, and each number."""
    graph = Graph(case["steps"])
    numbers = {e.step.get("number", "N") for e in graph.releases.values()}
    asof = case.get("asof", 900)
    return {
        "policy": Verdict(graph).line[-1],
        "numbers": {one: Number(graph, one).verdict(asof) for one in sorted(numbers)},
    }


def main(paths: list[str]) -> None:
    """Print each case's verdict."""
    for path in paths:
        text = Path(path).read_text(encoding="utf-8")
        told = json.loads(text) if path.endswith(".json") else tomllib.loads(text)
        for case in told["case"]:
            sys.stdout.write(f"{case['name']}\t{json.dumps(judge(case), sort_keys=True)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
