"""Random histories in the words of `qms.testing.worded`: honest and hostile people on branches.

Every step can be recorded, so that what is compared afterwards is what has effect of it.
"""

import random
from dataclasses import dataclass, field
from typing import Any, Final

from qms.testing.worded import KEEPERS

Step = dict[str, Any]
BRANCHES: Final = ("main", "b1", "b2")
_PREPARERS: Final = ("sun.ba", "qian.qi")
_APPROVERS: Final = ("li.si", "zhao.liu")
_PUBLISHERS: Final = ("wang.wu", "zhou.jiu")
_WORKERS: Final = (*_PREPARERS, *_APPROVERS, *_PUBLISHERS, "wu.shi", "zheng.yi")


def history(seed: int, length: int = 16) -> tuple[Step, ...]:
    """The history with this seed, about so many steps long; in the end all is in main."""
    life = _Life(random.Random(seed))  # noqa: S311 - a history that can be told again
    return life.steps_of(length)


@dataclass(slots=True)
class _Life:
    """What a random life has come to."""

    chance: random.Random
    steps: list[Step] = field(default_factory=list[Step])
    known: dict[str, list[Step]] = field(default_factory=dict[str, list[Step]])
    """What each branch holds, merges among it."""
    governs: dict[str, str] = field(default_factory=lambda: {"main": "p1"})

    def steps_of(self, length: int) -> tuple[Step, ...]:
        root: Step = {"is": "policy", "id": "p1"}
        self.known["main"] = [root, {"is": "release", "id": "a0", "revision": "A/0"}]
        branched = {self.chance.randrange(length // 3): one for one in BRANCHES[1:]}
        for at in range(length):
            if at in branched:
                self._branch(branched[at])
            self._step()
        for branch in list(self.known)[1:]:
            self._add({"is": "merge", "on": "main", "from": branch})
        return tuple(self.steps)

    def _branch(self, name: str) -> None:
        self.steps.append({"is": "branch", "id": name})
        self.known[name] = list(self.known["main"])
        self.governs[name] = self.governs["main"]

    def _add(self, step: Step) -> None:
        step["id"] = f"{step['is'][:2]}{len(self.steps)}"
        branch = step.setdefault("on", "main")
        if step["is"] == "merge":
            ids = {one["id"] for one in self.known[branch]}
            others = (one for one in self.known[step["from"]] if one["id"] not in ids)
            self.known[branch] += others
        self.known[branch].append(step)
        self.steps.append(step)

    def _some(self, kind: str, branch: str) -> list[Step]:
        return [one for one in self.known[branch] if one["is"] == kind]

    def _step(self) -> None:
        branch = self.chance.choice(list(self.known))
        acts = (
            (8, self._release), (6, self._work), (2, self._policy), (2, self._reject),
            (3, self._ruling), (2, self._merge),
        )  # fmt: skip
        act = self.chance.choices([one for _, one in acts], [weight for weight, _ in acts])[0]
        step = act(branch)
        if step is not None:
            self._add({"on": branch, **step})
            if step["is"] == "policy":
                self.governs[branch] = self.steps[-1]["id"]

    def _odd(self, share: float) -> bool:
        return self.chance.random() < share

    def _seen(self, branch: str) -> Step:
        """Now and then somebody says to have seen less than there is."""
        ids = [one["id"] for one in self.known[branch][2:]]
        return {"seen": self.chance.choice(["root", *ids])} if self._odd(0.3) else {}

    def _cited(self, branch: str) -> Step:
        known = [one["id"] for one in self._some("policy", branch)]
        return {"policy": self.chance.choice(known)} if self._odd(0.2) else {}

    def _release(self, branch: str) -> Step:
        number = self.chance.choice("NNNM")
        known = [
            one for one in self._some("release", branch) if one.get("number", "N") == number
        ]  # fmt: skip
        rejects = [one for one in self._some("reject", branch) if one["number"] == number]
        by = [self.chance.choice(one) for one in (_PREPARERS, _APPROVERS, _PUBLISHERS)]
        if known and (number == "N" or self._odd(0.8)):
            base = known[-1] if self._odd(0.5) else self.chance.choice(known)
            revision = _next(base["revision"], letter=self._odd(0.2))
            more = {"base": base["id"], "text": f"{base['id']} {self.chance.randint(1, 3)}"}
        else:
            revision, more = "A/0", {"text": str(self.chance.randint(1, 2))}
        named = [
            one["id"] for one in rejects
            if (one["revision"], one["base"]) == (revision, more.get("base")) and self._odd(0.5)
        ]  # fmt: skip
        return {
            "is": "release", "number": number, "revision": revision, **more, "by": by,
            **({"after": named[:1]} if named else {}), "day": self.chance.choice((0, 0, 10, 20)),
            **self._seen(branch), **self._cited(branch),
        }  # fmt: skip

    def _work(self, branch: str) -> Step:
        step = {"is": "work", **self._seen(branch), **self._cited(branch)}
        cited = step.get("policy", self.governs[branch])
        return {**step, "by": [self.chance.choice((*_WORKERS, *self._added(branch, cited)))]}

    def _added(self, branch: str, policy: str) -> list[str]:
        """Whom a version and those that it builds on enrol besides."""
        by_id = {one["id"]: one for one in self._some("policy", branch)}
        found: list[str] = []
        at: str | None = policy
        while at is not None:
            found += by_id[at].get("adds", ())
            at = by_id[at].get("base")
        return found

    def _policy(self, branch: str) -> Step | None:
        known = self._some("policy", branch)
        base = known[-1]["id"] if self._odd(0.7) else self.chance.choice(known)["id"]
        rivals = [one["id"] for one in known if one.get("base") == base]
        ends = [one["id"] for one in known
                if one.get("base") == next(o.get("base") for o in known if o["id"] == base)
                and one["id"] != base]  # fmt: skip
        if rivals and self._odd(0.5):
            return None
        by = [list(KEEPERS), ["zhao.liu", "li.si"], ["wang.wu", "zhao.liu"]]
        voided, added = [self.chance.choice(_WORKERS)], [f"new{len(self.steps)}"]
        changed = self.chance.choice(({}, {"voids": voided}, {"voids": voided}, {"adds": added}))
        return {
            "is": "policy", "base": base, "by": self.chance.choice(by), **changed,
            **({"seen": base if base != "p1" else "root"} if self._odd(0.2) else {}),
            **({"ends": ends} if ends and self._odd(0.5) else {}),
        }  # fmt: skip

    def _reject(self, branch: str) -> Step:
        base = self.chance.choice(self._some("release", branch))
        by = self.chance.choice((*_APPROVERS, *_PUBLISHERS, "wu.shi"))
        return {
            "is": "reject", "number": base.get("number", "N"), "base": base["id"], "by": [by],
            "revision": _next(base["revision"]), "prepare": self._odd(0.9),
            **self._seen(branch), **self._cited(branch),
        }  # fmt: skip

    def _ruling(self, branch: str) -> Step | None:
        act = self.chance.choice(("settle", "annul", "ratify"))
        one = self.chance.choice(self._some("release", branch))
        number = one.get("number", "N")
        rulings = [
            step for kind in ("settle", "annul", "ratify")
            for step in self._some(kind, branch) if step["number"] == number
        ]  # fmt: skip
        by = [self.chance.choice(_APPROVERS), self.chance.choice(_PUBLISHERS)]
        step = {
            "is": act, "number": number, "by": by[: 1 if self._odd(0.2) else 2],
            **self._seen(branch), "after": [ruling["id"] for ruling in rulings if self._odd(0.7)],
        }  # fmt: skip
        if act != "settle":
            return None if one["id"] == "a0" else {**step, "of": one["id"]}
        beside = [
            other["id"] for other in self._some("release", branch)
            if other is not one and other.get("base") == one.get("base")
            and other.get("number", "N") == number and self._odd(0.8)
        ]  # fmt: skip
        if not beside:
            return None
        none = self._odd(0.2)
        return {**step, "over": [*beside, *([one["id"]] if none else [])],
                **({} if none else {"stands": one["id"]})}  # fmt: skip

    def _merge(self, branch: str) -> Step | None:
        others = [one for one in self.known if one != branch]
        return {"is": "merge", "from": self.chance.choice(others)} if others else None


def _next(revision: str, *, letter: bool = False) -> str:
    major, _, count = revision.partition("/")
    return f"{chr(ord(major) + 1)}/0" if letter else f"{major}/{int(count) + 1}"
