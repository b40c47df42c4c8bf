"""Earlier states of a repository, and the way back to them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from qms.domain.library.effect import Effects
from qms.domain.register.register import Register
from qms.domain.verdict.way_back import WayBack
from qms.findings import Finding, Reason
from qms.formats.tree import Tree
from qms.jobs.judging.repository_history import RepositoryHistory, judgement_of
from qms.plugins import Hooks


def states(history: RepositoryHistory, parents: Sequence[str]) -> Iterator[tuple[str, Tree]]:
    """The commits that `parents` descend from, these too, newest first, with their trees."""
    for commit in dict.fromkeys(
        commit.id for one in parents for commit in reversed(history.repository.commits(one))
    ):
        tree = history.tree(commit)
        if tree is not None:
            yield commit, tree


def with_way_back(  # noqa: PLR0913 - where it was found
    hooks: Hooks,
    history: RepositoryHistory,
    findings: Iterable[Finding],
    *,
    register: Register,
    tree: Tree,
    parents: Sequence[str],
    now: datetime | None,
) -> tuple[Finding, ...]:
    """The findings on a tree that descends from `parents`, each with the way back it lacks."""
    judgement = judgement_of(hooks, history)
    effects = Effects(judgement.judge, register, now)
    earlier = partial(states, history, parents)
    back = WayBack(judgement.judge, judgement.is_put_back, effects, tree, parents, earlier)
    return tuple(_by_hand(one) for one in back.named(findings))


def _by_hand(finding: Finding) -> Finding:
    """MARKS-LEFT for marks of a merge in a working text that has neither a side nor a way back.

    Then only the file itself can be mended, and no command helps.
    """
    is_text = finding.place.path.startswith("documents/")
    known = {"restore", "other"} & finding.values.keys()
    if finding.reason is not Reason.CONFLICT or not is_text or known:
        return finding
    return replace(finding, code="MARKS-LEFT")
