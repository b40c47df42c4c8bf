"""Laws on random lives in which honest and hostile people work at the same time.

Whatever is signed, forged, merged and in whichever order: what was recorded can be told from the
newest tree alone, and what has effect is the same for each order of parents and of recording.
"""

import random
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qms.domain.library.effect import Effects
from qms.domain.register.holdings import every_event
from qms.domain.register.register import Register
from qms.domain.register.source import TreeSource
from qms.domain.register.walk import Node, Walk
from qms.formats import cut, slots
from qms.jobs.judging.repository_history import RepositoryHistory, judgement_of
from qms.storage.repository import Repository
from qms.testing import DocsRepo
from qms.testing.keys import key
from qms.testing.laws import Entries, standing, walked
from qms.testing.refiling import refile_policy, refile_text
from qms.testing.uniting import united

if TYPE_CHECKING:
    from collections.abc import Callable

NUMBERS = ("LX-WI-01", "LX-WI-02", "LX-CX-2026-01")
PAPERS = ("LX-WI-05", "LX-WI-06")
BRANCHES = ("main", "insiders", "thief")
ZONES = ('"-12:00"', '"+08:00"', '"+14:00"')
PERSONS = ("li.si", "wang.wu", "zhao.liu", "qian.qi", "sun.ba", "zhou.jiu")


@dataclass
class Life:
    """People on three branches who don't wait for each other; some of them forge."""

    repo: DocsRepo
    chance: random.Random
    bringing: int = 0
    """How often somebody brings in what was before the system, or closes the door to it."""
    done: list[str] = field(default_factory=list)

    def step(self) -> None:
        """Somebody does something, or two branches meet."""
        repo = self.repo
        repo.checkout(self.chance.choice(BRANCHES))
        acts: tuple[tuple[int, Callable[[], None]], ...] = (
            (6, self.release),
            (2, self.copy),
            (1, self.garbage),
            (1, self.policy),
            (1, self.reject),
            (1, self.refile_policy),
            (1, self.refile_text),
            (3, self.meet),
            (4 * self.bringing, self.bring),
            (self.bringing, self.close),
        )
        act = self.chance.choices([one for _, one in acts], [weight for weight, _ in acts])[0]
        self.done.append(f"{repo.branch_name}: {act.__name__}")
        act()

    def release(self) -> None:
        """A revision from draft to publication, with a text and a time of its own."""
        repo, number = self.repo, self.chance.choice(NUMBERS)
        if self.chance.random() < 0.3:
            repo.now -= timedelta(hours=self.chance.randint(1, 3))
        body = f"# 目的\n\n{self.chance.randint(1, 3)}\n"
        given = {"revision": self.chance.choice(("A/1", "A/2", "B/0"))}
        more = given if repo.released(number) and self.chance.random() < 0.4 else {}
        repo.release(number, effective=repo.today + timedelta(days=2), body=body, **more)

    def copy(self) -> None:
        """Somebody gets a copy."""
        repo, number = self.repo, self.chance.choice(NUMBERS)
        if repo.released(number):
            repo.issue(number, f"{self.chance.randint(1, 3):03}", self.chance.choice(PERSONS))

    def garbage(self) -> None:
        """A line that does not hold gets into a list; later lines are taken off again."""
        repo = self.repo
        paths = repo.below("copies")
        if not paths:
            return
        path = self.chance.choice(paths)
        if self.chance.random() < 0.5:
            number = path.split("/")[2]
            revision = path.split("/")[3].replace("-", "/")
            repo.event("recall", number, path[-8:-5], "sun.ba", revision=revision,
                       data={"due": str(repo.today)})  # fmt: skip
            return
        tail = slots.parse_tail(cut.cut_yaml(repo.read(path)).tail)
        kept = tuple(slot for slot in tail.slots if slot.person != "sun.ba")
        if kept and len(kept) < len(tail.slots):
            repo.write(path, cut.with_tail(
                repo.read(path), slots.render_tail(slots.Tail("log", kept, log=True))
            ))  # fmt: skip
            repo.commit("Take garbage off")

    def policy(self) -> None:
        """A new version, by a quorum that voids somebody's key, adds somebody or moves."""
        name = f"new.{len(self.done)}"
        person, zone = self.chance.choice(PERSONS), self.chance.choice(ZONES)
        self.repo.policy(
            self.chance.choice((
                lambda company: replace(company, timezone=zone),
                lambda company: company.with_new_key(person),
                lambda company: company.with_person(name, "新人", "quality"),
            ))
        )  # fmt: skip

    def bring(self) -> None:
        """A number begins where its paper stands, or anew, or goes on: on several branches."""
        repo, number = self.repo, self.chance.choice(PAPERS)
        body = f"# 目的\n\n{self.chance.randint(1, 3)}\n"
        if repo.released(number) or self.chance.random() < 0.3:
            repo.release(number, effective=repo.today, body=body)
            return
        old = "{approved: 2019-03-01, effective: 2019-04-01, published: 2019-03-15, by: GM}"
        revision = self.chance.choice(("C/3", "A/0", "B/1"))
        repo.release(number, effective=repo.today, body=body, revision=revision, legacy=old)

    def close(self) -> None:
        """A version by which nothing of the time before comes in any more."""
        self.repo.policy(keys={"floors": "{min_signers: 2, assurance: file, legacy: closed}"})

    def reject(self) -> None:
        """A text that goes round is rejected."""
        repo, number = self.repo, self.chance.choice(NUMBERS)
        if repo.has(repo.working_path(number)) and repo.document(number).status == "published":
            repo.revise(number)
            repo.commit("Revise")
            repo.submit(number)
            repo.reject(number, repo.waiting(number)[0])

    def refile_policy(self) -> None:
        """A keeper files a version once more, with a time and a view of their own."""
        repo, chance = self.repo, self.chance
        version = max(int(path[7:11]) for path in repo.below("policy"))
        person = chance.choice(("zhao.liu", "wang.wu", "li.si"))
        by = repo.key_of(person) if chance.random() < 0.5 else key(person)
        seen = (
            None
            if chance.random() < 0.5
            else f"sha1:{repo.history.branches[chance.choice(BRANCHES)]}"
        )
        at = repo.now + timedelta(hours=chance.randint(-3, 3))
        refile_policy(repo, version, person, by, seen=seen, at=at, grind=False)

    def refile_text(self) -> None:
        """A publisher files a text once more."""
        repo = self.repo
        path = self.chance.choice([one for one in repo.below("released") if one.endswith(".md")])
        tip = repo.history.branches[self.chance.choice(BRANCHES)]
        refile_text(repo, repo.read(path), "wang.wu", f"sha1:{tip}")

    def meet(self) -> None:
        """Another branch's register comes into this one."""
        others = [one for one in BRANCHES if one != self.repo.branch_name]
        united(self.repo, self.chance.choice(others), swap=self.chance.random() < 0.5)


def live(repo: DocsRepo, seed: int, steps: int, bringing: int = 0) -> Life:
    """A life of so many steps; in the end all is in main."""
    repo.release("LX-WI-01", effective=repo.today)
    repo.release("LX-CX-2026-01", effective=repo.today)
    repo.issue("LX-CX-2026-01", "001")
    for branch in BRANCHES[1:]:
        repo.branch(branch, at="main")
    life = Life(repo, random.Random(seed), bringing)  # noqa: S311 - a life that can be lived again
    for _ in range(steps):
        life.step()
    repo.checkout("main")
    for branch in BRANCHES[1:-1]:
        united(repo, branch)
    return life


Verdict = tuple[object, ...]


def verdict(effects: Effects) -> Verdict:
    """All that has effect: the policy, and of each number what stands and when."""
    line = effects.policies
    known = effects.register.numbers()
    numbers = [one for one in sorted(known) if effects.register.released(one)]
    return (
        tuple(one.content for one in line.standing),
        tuple(sorted(one.content for one in line.rivals)),
        tuple(
            (number, tuple((e.filing.id, e.effective) for e in effects.effective(number)))
            for number in numbers
        ),
        tuple(
            (number, tuple(sorted((f.code, f.place.path) for f in effects.findings(number))))
            for number in numbers
        ),
    )


def verdicts(repo: DocsRepo, chance: random.Random) -> tuple[Verdict, Verdict, Verdict]:
    """What has effect by a walk, by the newest tree alone, and with R filled in another order."""
    repo.history.flush()
    with Repository.find(repo.path) as repository:
        history = RepositoryHistory(repository)
        judge = judgement_of(repo.hooks, history).judge
        walk = Walk(judge)
        commits = repository.commits(repo.tip)
        for commit in commits:
            walk.expect(dict.fromkeys(commit.parents))
        for commit in commits:
            history.meet(commit.id, commit.parents)
            walk.visit(Node(commit.id, commit.parents, repository.tree(commit.tree)))
        whole = walk.positions[repo.tip].register
        alone = Register((TreeSource(judge, repository.tree(repo.tip)),))
        shuffled = Register()
        policies = list(whole.policy_filings())
        released = list(whole.all_released())
        events = list(every_event(whole, judge.answers.kinds))
        for entries in (policies, released, events):
            chance.shuffle(entries)
        for policy in policies:
            shuffled.add(policy)
        for entry in released:
            shuffled.add(entry)
        for event in events:
            shuffled.add(event)
        found = tuple(verdict(Effects(judge, one)) for one in (whole, alone, shuffled))
    return found[0], found[1], found[2]


def ordered_alike(repo: DocsRepo, life: Life) -> Verdict:
    """What has effect where all is united; AssertionError where an order played a part."""
    found: list[tuple[Entries, Entries, Verdict]] = []
    before = repo.tip

    for swap in (False, True):
        repo.move("main", before)
        repo.checkout("main")
        united(repo, BRANCHES[-1], swap=swap)
        by_walk, by_tree, shuffled = verdicts(repo, life.chance)
        assert by_walk == by_tree == shuffled, life.done
        found.append((walked(repo), standing(repo), by_walk))

    for by_walk_entries, by_tree_entries, _ in found:
        assert by_walk_entries == by_tree_entries, life.done
    assert found[0] == found[1], life.done
    return found[0][2]


@pytest.mark.parametrize("seed", range(16))
def test_what_holds_and_has_effect_depends_on_no_order(seed: int, tmp_path: Path) -> None:
    repo = DocsRepo.make(tmp_path / "repo")

    ordered_alike(repo, live(repo, seed, 30))


@pytest.mark.parametrize("seed", range(8))
def test_which_beginning_stands_depends_on_no_order(seed: int, tmp_path: Path) -> None:
    """BX-08: numbers that begin on paper and anew, on branches, while the door is closed."""
    repo = DocsRepo.make(tmp_path / "repo")

    ordered_alike(repo, live(repo, seed, 24, bringing=3))
