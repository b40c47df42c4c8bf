"""Random honest lives: whatever honest people do and merge, nothing may be said of it."""

import random
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qms.formats.zones import parse_zone
from qms.testing import SMALL, Company, Conflict, DocsRepo
from qms.testing.laws import standing, walked

if TYPE_CHECKING:
    from collections.abc import Callable

    from qms.testing.gitrepo import Kind

NUMBERS = ("LX-CX-2026-01", "LX-CX-2026-02", "LX-WI-01", "LX-WI-02", "LX-WI-03")
CLONES = ("li", "sun", "zhou")
STEPS = 60


@dataclass
class Life:
    """Some people with a clone each. Whoever works on a document or policy has it for the time.

    That is all the order honest people keep: nobody touches what a colleague has taken and not
    pushed yet. Everything else is chance.
    """

    repo: DocsRepo
    chance: random.Random
    taken: dict[str, str] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    def step(self) -> None:
        """Somebody does something."""
        self.repo.checkout(self.chance.choice(("main", "main", *CLONES)))
        self.repo.now = self.repo.now.astimezone(parse_zone(self.zone()))
        acts: tuple[tuple[int, Callable[[], None]], ...] = (
            (6, self.work),
            (2, self.issue),
            (2, self.settings),
            (4, self.pull),
            (4, self.push),
        )
        act = self.chance.choices([one for _, one in acts], [weight for weight, _ in acts])[0]
        self.done.append(f"{self.repo.branch_name}: {act.__name__}")
        act()
        self.taken = {what: who for what, who in self.taken.items() if who != "main"}

    def zone(self) -> str:
        """Any zone: people sign wherever they are."""
        quarters = self.chance.randint(-48, 56)
        hours, rest = divmod(abs(quarters), 4)
        return f"{'-' if quarters < 0 else '+'}{hours:02}:{15 * rest:02}"

    def take(self, what: str) -> bool:
        """Whether the one who works here may touch `what`: has it up to date, and nobody else."""
        repo = self.repo
        if what not in self.taken:
            main = dict(repo.history.files(repo.history.branches["main"]))
            mine = dict(repo.files)
            concerned = [path for path in {*main, *mine} if what in path or "policy/" in path]
            if any(main.get(path) != mine.get(path) for path in concerned):
                return False
        return self.taken.setdefault(what, repo.branch_name) == repo.branch_name

    def work(self) -> None:
        """Some acts of a document's life."""
        number = self.chance.choice(NUMBERS)
        if self.take(number):
            for _ in range(self.chance.randint(1, 5)):
                self.act(number)

    def act(self, number: str) -> None:
        """The next act that is due, or a reject and an edit."""
        repo = self.repo
        path = repo.working_path(number)
        if not repo.has(path):
            repo.draft(number)
            repo.commit(f"Draft {number}")
            return
        document = repo.document(number)
        if document.status == "published":
            repo.revise(number)
            repo.commit(f"Revise {number}")
        elif document.status == "draft":
            repo.submit(number)
        elif self.chance.random() < 0.15:
            repo.reject(number, repo.waiting(number)[0])
            repo.replace(path, "正文".encode(), "改过的正文".encode())
            repo.commit(f"Edit {number}")
        elif document.status == "approved":
            repo.publish(number)
        elif len(repo.waiting(number)) > 1:
            self.review(number)
        else:
            repo.sign(number, repo.waiting(number)[0])

    def review(self, number: str) -> None:
        """All whom the open step waits for sign at the same time, each on a branch."""
        repo, back = self.repo, self.repo.branch_name
        branches: list[str] = []
        for person in repo.waiting(number):
            repo.branch(f"{person}-{len(self.done)}", at=back)
            repo.sign(number, person)
            branches.append(repo.branch_name)
        repo.checkout(back)
        self.chance.shuffle(branches)
        kinds: tuple[Kind, ...] = ("octopus", "squash", "rebase")
        kind = self.chance.choice(kinds)
        repo.merge(*branches, kind=kind)

    def issue(self) -> None:
        """The next event of a document's first copy."""
        repo, number = self.repo, self.chance.choice(NUMBERS)
        released = repo.released(number)
        if not released or not self.take(number):
            return
        revision = released[-1].revision
        held = [path for path in repo.below("copies") if f"/{number}/" in path]
        at = f"/{number}/{revision.replace('/', '-')}/"
        if any(at in path for path in held):
            if repo.read(next(path for path in held if at in path)).count(b"\n  - ") < 2:
                repo.receive(number, "001", revision=revision)
        else:
            repo.issue(number, "001", revision=revision)

    def settings(self) -> None:
        """A new policy version, on the shared trunk. Keys change only when all work is pushed."""
        if self.repo.branch_name != "main" or not self.take("policy"):
            return
        newcomer, zone = f"new.{len(self.done)}", self.zone()
        changes: list[Callable[[Company], Company]] = [
            lambda company: company,
            lambda company: company.with_person(newcomer, "新人", "quality"),
            lambda company: company.with_role("archivist", "zhou.jiu"),
            lambda company: replace(company, timezone=f'"{zone}"'),
        ]
        if set(self.taken) == {"policy"}:
            person = self.chance.choice([one.id for one in SMALL.persons])
            changes += [lambda company: company.with_new_key(person)] * 3
        self.repo.policy(self.chance.choice(changes))
        del self.taken["policy"]

    def pull(self) -> None:
        """Main comes into the clone."""
        if self.repo.branch_name != "main":
            self.repo.merge("main", swap=self.chance.random() < 0.2)

    def push(self) -> None:
        """The clone's work comes into main: merged, squashed, rebased or fast-forwarded."""
        clone = self.repo.branch_name
        if clone == "main":
            return
        way = self.chance.choice(("merge", "merge", "squash", "rebase", "forward"))
        self.repo.checkout("main")
        if way == "forward":
            self.repo.checkout(clone)
            self.repo.merge("main")
            self.repo.push("main")
        elif way == "squash":
            self.repo.merge(clone, kind="squash")
            self.repo.move(clone, self.repo.tip)
        elif way == "rebase":
            self.repo.merge(clone, kind="rebase")
            self.repo.move(clone, self.repo.tip)
        else:
            self.repo.merge(clone, swap=self.chance.random() < 0.3)
        self.done[-1] += f" ({way})"
        self.taken = {what: who for what, who in self.taken.items() if who != clone}


def live(repo: DocsRepo, seed: int, steps: int = STEPS) -> Life:
    """A life of so many steps, everything pushed at its end."""
    for clone in CLONES:
        repo.branch(clone, at="main")
    life = Life(repo, random.Random(seed))  # noqa: S311 - a life that can be lived again
    for _ in range(steps):
        life.step()
    repo.checkout("main")
    for clone in CLONES:
        repo.merge(clone)
    return life


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_said_of_an_honest_life(seed: int, tmp_path: Path) -> None:
    repo = DocsRepo.make(tmp_path / "repo")

    life = live(repo, seed)

    report = repo.report()
    assert report.findings == (), life.done
    assert report.revisions > 0
    assert repo.check(whole=True) == [], life.done
    assert walked(repo) == standing(repo), life.done


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_said_at_any_moment_of_an_honest_life(seed: int, tmp_path: Path) -> None:
    repo = DocsRepo.make(tmp_path / "repo")
    for clone in CLONES:
        repo.branch(clone, at="main")
    life = Life(repo, random.Random(100 + seed))  # noqa: S311 - as above

    for _ in range(25):
        life.step()

        assert repo.check(whole=True) == [], life.done
        assert repo.verify() == [], life.done


def test_a_conflict_is_told_to_the_test_that_made_it(tmp_path: Path) -> None:
    repo = DocsRepo.make(tmp_path / "repo")
    repo.branch("one")
    repo.draft("LX-WI-01", title="一")
    repo.commit("Draft")
    repo.branch("two", at="main")
    repo.draft("LX-WI-01", title="二")
    repo.commit("Draft")

    with pytest.raises(Conflict):
        repo.merge("one")
