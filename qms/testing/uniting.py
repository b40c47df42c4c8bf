"""Uniting another branch with the current one, as `qms sync` unites work with the trunk.

What people would have to decide stays as the current branch has it.
"""

from qms.domain.uniting.branches import united as united_by_meaning
from qms.domain.uniting.sides import Pair
from qms.formats.tree import TreeEntry
from qms.jobs.exchange.joining import pair_of
from qms.jobs.judging.checker import Checker
from qms.storage.repository import Repository
from qms.testing.built_history import File
from qms.testing.repo import DocsRepo


def united(repo: DocsRepo, branch: str, *, swap: bool = False) -> str:
    """Merge another branch into the current one, which is the trunk; gives the commit.

    `swap` makes the other branch the first parent.
    """
    other = repo.history.branches.get(branch, branch)
    repo.history.flush()
    policy = repo.policy_file.policy
    with Repository.find(repo.path) as repository:
        checker = Checker.of(repository, repo.hooks)
        pair, _ = pair_of(checker, other, repo.tip, repo.now, policy)
        merged = dict(repo.history.files(repo.tip))
        for path, data in united_by_meaning(pair).files.items():
            merged.pop(path, None)
            if data is not None:
                merged[path] = _file(pair, data)
    parents = (other, repo.tip) if swap else (repo.tip, other)
    return repo.commit_files(parents, merged, f"Unite with {branch}")


def _file(pair: Pair, data: TreeEntry | bytes) -> File:
    if isinstance(data, bytes):
        return File(data)
    return File(pair.mine.tree.blob(data.id), data.mode)
