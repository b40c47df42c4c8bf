"""One git repository, for reading: what is asked for by name, commits, trees.

Only `Objects` says what an object holds. Names (HEAD, branches) are looked up by git in the same
process; they are never evidence, only a way to say where to begin.
"""

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from qms.findings import Finding, Place, QmsError, Reason, ShellText, shell_word
from qms.formats.tree import FOLDER, TreeEntry
from qms.storage import commit_name, commit_walk, gitfolder, refs, shared, worktree
from qms.storage.aside import Aside
from qms.storage.catfile import corrupt
from qms.storage.commits import Commit, parse_commit
from qms.storage.gitprogram import Git
from qms.storage.objects import Objects
from qms.storage.ownership import is_ours
from qms.storage.trees import CommitTree, OverlayTree

if TYPE_CHECKING:
    import subprocess

_LARGEST_COMPARED: Final = 1 << 30
"""A file in free ground that has more bytes is like no other: nobody waits for its sum."""
_HANDED: Final = "GITHEAD_"
_WHOLE_ID: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_STATES: Final = (
    ("merge", "MERGE_HEAD"),
    ("cherry-pick", "CHERRY_PICK_HEAD"),
    ("revert", "REVERT_HEAD"),
    ("am", "rebase-apply/applying"),
    ("rebase", "rebase-merge"),
    ("rebase", "rebase-apply"),
    ("bisect", "BISECT_LOG"),
)


class Repository:
    """A docs repository as git holds it. A context manager: git is always reaped."""

    def __init__(self, git_dir: Path, root: Path | None) -> None:
        """Use `find`. `root` is the work tree, None for a bare repository."""
        gitfolder.refuse_special(git_dir)
        self.git_dir = git_dir
        self.root = root
        self.git = Git(git_dir, root)
        self.common_dir = self.git.common_dir
        if self.common_dir != git_dir:
            gitfolder.refuse_special(self.common_dir)
        self._config: Mapping[str, str] | None = None
        self._asked: subprocess.Popen[bytes] | None = None
        self._trees: dict[str, str] = {}
        self._look: worktree.Look | None = None
        self.hash_name = gitfolder.hash_name(self.git)
        self.aside = Aside(git_dir, root, self.hash_name, self.config)
        self.objects = Objects(self.aside, self.hash_name)

    @classmethod
    def find(cls, folder: Path, *, named: bool = False, anybodys: bool = False) -> Self:
        """The repository that `folder` lies in: the first ``.git`` on the way up.

        A bare one is taken only where `folder` itself is it and was `named`: anybody can commit a
        folder that looks like one, with settings of their own. One of another user is taken where
        the user's own git takes it (``safe.directory``), or where `anybodys` will do.
        Raises `QmsError` NO-REPO, NOT-YOURS; PARTIAL-CLONE and ALTERNATES for those that don't
        hold all their objects themselves.
        """
        start = folder.resolve()
        if named and gitfolder.is_git_folder(start):
            return cls._owned(start, None, anybodys=anybodys)
        for place in (start, *start.parents):
            git_dir = gitfolder.git_folder(place / ".git")
            if git_dir is not None:
                return cls._owned(git_dir, place, anybodys=anybodys)
        raise QmsError(
            Finding("NO-REPO", Place(), {"folder": str(folder)}, "", Reason.NO_REPOSITORY)
        )

    @classmethod
    def _owned(cls, git_dir: Path, root: Path | None, *, anybodys: bool) -> Self:
        place = root or git_dir
        if not anybodys and not is_ours(place, git_dir):
            raise QmsError(Finding("NOT-YOURS", Place(), {"folder": str(place)}))
        return cls(git_dir, root)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the git processes that read."""
        self.objects.close()
        if self._look is not None:
            self._look.end()
            self._look = None
        if self._asked is not None:
            worktree.end(self._asked)
            self._asked = None
        self.aside.close()

    # Names

    def resolve(self, typed: str) -> str | None:
        """The commit that a person means by `typed`, or None.

        Raises `Refused` BAD-REVISION for text that can't be a commit's name, NAME-AMBIGUOUS where
        several answer to it.
        """
        return commit_name.meant(self, typed)

    def named(self, name: str) -> str | None:
        """The commit of a full name, such as ``refs/heads/main``, and of nothing else."""
        found = refs.lookup(self.git, name)
        return None if found is None else self.commit_id(found)

    def ids(self, names: Collection[str]) -> Mapping[str, str]:
        """The ids that full names are at, of tags their own; those that aren't there left out."""
        return refs.lookup_all(self.git, names)

    def meant(self, name: str) -> str:
        """The full name that git writes to for `name`, which may stand for another one."""
        return refs.meant(self.git, name)

    def branches(self) -> tuple[str, ...]:
        """The full names of all branches of this repository itself."""
        return refs.listed_below(self.git, "refs/heads/")

    def names(self) -> Iterator[str]:
        """The full names of all refs of this repository itself, however many there are."""
        return refs.names(self.git)

    def refs(self) -> tuple[tuple[str, str], ...]:
        """The full names of all refs of this repository itself, with the ids that they are at."""
        return refs.every(self.git)

    def commit_id(self, object_id: str) -> str | None:
        """The commit with this id, that a tag with this id names, or None; refs play no part."""
        return self.objects.resolve(f"{object_id}^{{commit}}")

    def head(self) -> str | None:
        """The commit of HEAD; None while the branch is unborn."""
        return self.named("HEAD")

    def refuse_orphan(self) -> None:
        """Raises `QmsError` HEAD-ORPHAN on a branch without a commit, where others have some."""
        shared.refuse_orphan(self)

    def branch(self) -> str | None:
        """The short name of the current branch, also of an unborn one; None if detached."""
        name = refs.target(self.git) or ""
        return name.removeprefix("refs/heads/") if name.startswith("refs/heads/") else None

    def merge_heads(self) -> tuple[str, ...]:
        """The commits that a merge in progress brings in.

        While git runs the hook of a merge it has not written them down yet: then it hands them to
        the hook, by names of variables.
        """
        listed = refs.listed(self.git_dir / "MERGE_HEAD")
        handed = (name.removeprefix(_HANDED) for name in os.environ if name.startswith(_HANDED))
        return listed or tuple(one for one in sorted(handed) if _WHOLE_ID.fullmatch(one))

    def operation(self) -> str | None:
        """What git is in the middle of, or None.

        ``merge``, ``cherry-pick``, ``revert``, ``am``, ``rebase`` or ``bisect``.
        """
        for name, file in _STATES:
            if (self.git_dir / file).exists():
                return name
        return None

    def trunk(self, name: str) -> str | None:
        """The newest commit of the shared trunk that this clone knows.

        That is branch `name` at the shared `remote`; where there is none, the local branch, None
        before its first commit. Raises `Refused` TRUNK-UNPUBLISHED while the remote has nothing
        yet that this clone knows of; `QmsError` TRUNK-UNKNOWN where it has other branches,
        TRUNK-ABSENT where there is no such local branch: then nobody can tell what is new here.
        """
        return shared.trunk(self, name)

    def remote(self) -> str | None:
        """The remote that is shared, or None: everything is local.

        git config ``qms.remote``, ``origin``, or the only one that there is. Raises `QmsError`
        REMOTE-UNKNOWN where there are several and none of them is called so.
        """
        return shared.remote(self._known_config())

    def refuse_shallow(self) -> None:
        """Go on only with the whole history. Raises `QmsError` INCOMPLETE-CLONE."""
        if self.is_shallow:
            raise QmsError(self.incomplete())

    def incomplete(self) -> Finding:
        """INCOMPLETE-CLONE, with the one command that fetches what a shallow clone lacks."""
        try:
            remote = self.remote() or "origin"
        except QmsError:
            remote = "origin"
        every = shell_word(f"+refs/heads/*:refs/remotes/{remote}/*")
        command = f"git fetch --unshallow {shared.remote_word(remote)} {every}"
        return Finding(
            "INCOMPLETE-CLONE", Place(), {"command": ShellText(command)}, "", Reason.SHALLOW
        )

    # The user's settings

    def config(self, key: str) -> str | None:
        """One value of the user's own git config; the last one where there are several."""
        return self._known_config().get(gitfolder.setting_key(key))

    def _known_config(self) -> Mapping[str, str]:
        if self._config is None:
            asked, self._asked = self._asked or self.git.ask_user_config(), None
            self._config = gitfolder.parse_settings(self.git.user_config(asked))
        return self._config

    def own_switch(self, key: str) -> bool:
        """Whether this clone's own settings turn `key` on: no other file counts, no variable."""
        answer = self.git.run(
            *("config", "--local", "--no-includes", "--type=bool", "--get", key),
            allowed=(0, 1, 128),  # what is no such value turns nothing on
        )
        return answer.strip() == b"true"

    # History

    def commits(self, tip: str, exclude: Iterable[str] = ()) -> list[Commit]:
        """All commits that `tip` descends from, itself too, without those of `exclude`.

        Parents first, along first parents first. Where the clone is shallow it ends there.
        """
        found = commit_walk.commits(self.aside, self.objects, tip, tuple(exclude), self.shallow())
        for commit in found:
            self._trees[commit.id] = self._trees[commit.tree] = commit.tree
        return found

    def beyond(self, tips: Iterable[str], known: Iterable[str]) -> list[Commit]:
        """All commits that any of `tips` descends from, and none of `known`; in no order."""
        return commit_walk.beyond(self.aside, self.objects, tips, frozenset(known), self.shallow())

    def look_ahead(
        self, commits: Sequence[Commit], meet: Callable[[Sequence[str]], None] | None = None
    ) -> Iterator[Commit]:
        """The same commits, each after what tells it from its parents was read in bulk.

        Only saves time: comparing ``tree(commit.tree)`` with a parent's is quick then. `meet` may
        take over to read files: it is called with the blobs that are new with some hundred
        commits; these come after its next call, the last one of which is with none.
        """
        return commit_walk.look_ahead(self.objects, commits, meet or self.objects.prefetch)

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether `newer` is or descends from `older`, by the objects alone."""
        return commit_walk.is_ancestor(self.aside, self.objects, older, newer, self.shallow())

    def merge_base(self, first: str, second: str) -> str | None:
        """A best common ancestor of two commits; None where histories are not related."""
        if first == second:
            return first
        arguments = ("merge-base", "--end-of-options", first, second)
        answer = self.aside.run(*arguments, allowed=(0, 1))
        return answer.decode("ascii").strip() or None

    def shallow(self) -> frozenset[str]:
        """The commits whose parents are not in this clone by intent."""
        return frozenset(refs.listed(self.common_dir / "shallow"))

    @property
    def token_file(self) -> Path:
        """The random name that this clone got at its first commit by us; see `unfinished`."""
        return self.common_dir / "qms.token"

    @property
    def is_shallow(self) -> bool:
        """Whether part of the history is missing by intent."""
        return bool(self.shallow())

    # Trees

    def tree(self, commit_or_tree_id: str) -> CommitTree:
        """The tree of a commit, or the tree with this id."""
        known = self._trees.get(commit_or_tree_id)
        if known is not None:
            return CommitTree(self.objects, known)
        _, kind, data = next(self.objects.stream([commit_or_tree_id]))
        if kind == "commit":
            found = parse_commit(commit_or_tree_id, data).tree
            self._trees[commit_or_tree_id] = found
            return CommitTree(self.objects, found)
        if kind != "tree":
            raise corrupt(commit_or_tree_id, f"{kind} ≠ tree")
        return CommitTree(self.objects, commit_or_tree_id)

    def packed_bytes(self) -> int:
        """How large git's packs are: about how much there is to read. Nothing is read for it."""
        try:
            with os.scandir(self.common_dir / "objects" / "pack") as entries:
                return sum(one.stat().st_size for one in entries if one.name.endswith(".pack"))
        except FileNotFoundError:
            return 0

    def empty_tree(self) -> CommitTree:
        """The tree without files."""
        return CommitTree(self.objects, self.objects.id_of("tree", b""))

    def head_tree(self) -> CommitTree:
        """The tree of HEAD; empty while the branch is unborn."""
        head = self.head()
        return self.empty_tree() if head is None else self.tree(head)

    def work_tree(self) -> OverlayTree:
        """What lies in the work tree now, raw bytes, over HEAD's tree."""
        look, self._look = self._look or worktree.Look.begin(self.aside, self.head()), None
        config = self._known_config()
        return worktree.work_tree(self.aside, self.objects, self.head_tree(), config, look)

    def work_entry(self, path: str) -> TreeEntry | None:
        """What lies at `path` of the work tree now; None for nothing and for a folder."""
        if self.root is None:
            return None
        modes = self.config("core.filemode") != "false"
        files = worktree.WorkFiles(self.root, self.objects)
        entry = files.entry(path, modes=modes, most=_LARGEST_COMPARED)
        return None if entry is not None and entry.mode == FOLDER else entry

    def begin_work_tree(self, *, trusting: bool = False) -> None:
        """Let git begin to look through the work tree while something else is done.

        The next `work_tree` takes what it finds, with the user's settings. With `trusting` files
        are unchanged where the index has their time and size: for who asks what was changed, not
        whether anything was.
        Raises `QmsError` NO-WORK-TREE.
        """
        if self._look is None:
            self._look = worktree.Look.begin(self.aside, self.head(), trusting=trusting)
        if self._config is None and self._asked is None:
            self._asked = self.git.ask_user_config()

    def index_tree(self) -> OverlayTree:
        """What is staged, over HEAD's tree; in a hook, what is about to be committed."""
        head = self.head()
        base = self.empty_tree() if head is None else self.tree(head)
        return worktree.index_tree(self.aside, base, head, self.index_file())

    def is_unmerged(self, path: str) -> bool:
        """Whether git holds several versions of a file, as a merge or `git stash pop` leaves it."""
        named = ("ls-files", "-u", "-z", "--", f":(top,literal){path}")
        return self.root is not None and bool(self.aside.run(*named))

    def index_file(self) -> str | None:
        """The index that git is told to use (``GIT_INDEX_FILE``), as it tells a hook; else None.

        It is what the next commit will hold, wherever it lies. Raises `QmsError` INDEX-OTHER where
        it is no file, or another repository's.
        """
        named = os.environ.get("GIT_INDEX_FILE", "")
        return gitfolder.index_file(self.root or self.git_dir, named, self.git) if named else None
