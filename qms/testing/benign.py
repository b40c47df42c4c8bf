"""Honest histories: what people do by the rules, of which nothing may be said."""

from collections.abc import Callable
from pathlib import Path

from qms.testing.laws import standing, walked
from qms.testing.repo import DocsRepo

History = Callable[[DocsRepo], None]


class Histories(list[History]):
    """The histories of one file, in order, for `pytest.mark.parametrize`."""

    def add(self, history: History) -> History:
        """A decorator: the function is an honest history."""
        self.append(history)
        return history


def assert_silent(history: History, folder: Path) -> None:
    """Raises AssertionError where any gate says something, or both ways to a register differ."""
    repo = DocsRepo.make(folder)
    history(repo)
    idle = repo.tip == repo.history.branches["main"] and not repo.pending
    differing = () if idle else (repo.check(), repo.check(index=True))
    said = repo.verify(), repo.check(whole=True), *differing
    if any(said):
        raise AssertionError(said)
    if walked(repo) != standing(repo):
        raise AssertionError(walked(repo), standing(repo))


def under_way(repo: DocsRepo, number: str = "LX-WI-01") -> None:
    """Something else happens on main."""
    back = repo.branch_name
    repo.checkout("main")
    repo.release(number)
    repo.checkout(back)
