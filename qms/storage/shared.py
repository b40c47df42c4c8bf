"""Which repository is the shared one, and where its trunk is as far as this clone knows."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from qms.findings import Finding, Place, QmsError, ShellText, refused, shell_word

if TYPE_CHECKING:
    from qms.storage.repository import Repository


def trunk(repository: "Repository", name: str) -> str | None:
    """See `Repository.trunk`."""
    where = repository.remote()
    if where is None:
        found = repository.named(f"refs/heads/{name}")
        if found is None and repository.head() is not None:
            values = {"branch": name, "command": _branch_command(repository, name)}
            raise QmsError(Finding("TRUNK-ABSENT", values=values))
        return found
    found = repository.named(f"refs/remotes/{where}/{name}")
    if found is not None:
        return found
    if repository.branch() == name and not _knows_branches(repository, where):
        address = repository.config(f"remote.{where}.url") or "ADDRESS"
        again = ShellText(f"git remote add {remote_word(where)} {shell_word(address)}")
        raise refused("TRUNK-UNPUBLISHED", remote=remote_word(where), branch=name, again=again)
    values = {
        "branch": name,
        "where": where,
        "command": ShellText(
            f"git fetch {remote_word(where)} "
            + shell_word(f"+refs/heads/{name}:refs/remotes/{where}/{name}")
        ),
        "push": ShellText(f"git push {remote_word(where)} {shell_word(f'HEAD:refs/heads/{name}')}"),
    }
    raise QmsError(Finding("TRUNK-UNKNOWN", values=values))


def remote_word(name: str) -> ShellText:
    """A remote as a command of a mend has it: one that is called like an option is none there."""
    return ShellText(f"{'-- ' if name.startswith('-') else ''}{shell_word(name)}")


def _branch_command(repository: "Repository", name: str) -> ShellText:
    """What makes a trunk where nothing is shared.

    Where there is no branch at all, a machine has fetched one commit to look at it: called the
    trunk, it would be compared with itself.
    """
    if repository.branch() is not None:
        return ShellText(f"git branch -m {shell_word(name)}")
    if not repository.branches():
        refs = shell_word(f"+refs/heads/{name}:refs/heads/{name}")
        return ShellText(f"git fetch ADDRESS {refs}")
    return ShellText(f"git branch {shell_word(name)}")


def refuse_orphan(repository: "Repository") -> None:
    """See `Repository.refuse_orphan`: where no branch has a commit all is new; here, who knows."""
    any_branch = ("for-each-ref", "--count=1", "refs/heads/", "refs/remotes/")
    if repository.head() is None and repository.git.run(*any_branch):
        values = {"branch": repository.branch() or "HEAD"}
        raise QmsError(Finding("HEAD-ORPHAN", values=values))


def _knows_branches(repository: "Repository", where: str) -> bool:
    return bool(repository.git.run("for-each-ref", "--count=1", f"refs/remotes/{where}/"))


def remote(config: Mapping[str, str]) -> str | None:
    """See `Repository.remote`; `config` are the user's settings as git prints them."""
    chosen = config.get("qms.remote")
    if chosen is not None:
        return chosen
    keys = (key for key in config if key.startswith("remote.") and key.endswith(".url"))
    names = [key[len("remote.") : -len(".url")] for key in keys]
    if not names or "origin" in names:
        return "origin" if names else None
    if len(names) > 1:
        values = {"remotes": ", ".join(names), "first": names[0]}
        raise QmsError(Finding("REMOTE-UNKNOWN", Place(), values))
    return names[0]
