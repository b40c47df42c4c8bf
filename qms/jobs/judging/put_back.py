"""How an old state that was put back is undone: by one command, and nothing of anybody is lost."""

from collections.abc import Iterable
from dataclasses import replace

from qms.findings import Finding, Reason, ShellText, commit_word
from qms.storage.repository import Repository


def with_undoing(
    repository: Repository, findings: Iterable[Finding], tip: str | None
) -> tuple[Finding, ...]:
    """The findings, ROLLBACK with the command that undoes it, as value `restore`.

    What was committed below `tip` is reverted; what was not goes to git's stash, whole: it equals
    an older state, but for files beside, and a revert that stopped ends with it.
    """
    return tuple(
        replace(one, values={**one.values, "restore": ShellText(_command(repository, one, tip))})
        if one.reason is Reason.PUT_BACK
        else one
        for one in findings
    )


def _command(repository: Repository, finding: Finding, tip: str | None) -> str:
    commit = finding.place.commit
    if not commit:
        return "git stash push"
    if tip is None or not repository.is_ancestor(commit, tip):
        return "qms sync"  # what was pushed by force lacks what the trunk had
    parents = repository.objects.commit(commit).parents
    held = (
        at
        for at, one in enumerate(parents, 1)
        if repository.tree(one).entry(finding.place.path) is not None
    )
    mainline = f" -m {next(held, 1)}" if len(parents) > 1 else ""
    return f"git revert --no-edit{mainline} {commit_word(commit)}"
