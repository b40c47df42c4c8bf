"""Commits and trees that git takes in although it would never write them (issue: poisoned history).

Each is pushed to a bare repository as git makes them, so that a server lets it in. None needs a
key. A commit is read as git reads it; a tree that nobody can read holds nothing while it stands.
"""

import io
import json
import shutil
import subprocess
from collections.abc import Callable, Iterable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from qms.cli import run
from qms.findings import Finding
from qms.jobs.judging.steps import check_step
from qms.jobs.judging.verification import verify
from qms.storage.repository import Repository
from qms.testing import DocsRepo
from qms.testing.attacks import gate, kept_out
from qms.testing.laws import standing, walked
from qms.testing.planted import NOWHERE, committed, stored

Line = tuple[bytes, bytes, str]
Lines = Callable[[DocsRepo, list[Line]], list[Line]]

AUTHOR = b"author x <x@x> 1700000000 +0000\ncommitter x <x@x> 1700000000 +0000\n"


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)
    return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")


def taken_by_a_server(repo: DocsRepo, commit: str) -> None:
    """Push a commit to a new bare repository with git's own settings, and clone it again."""
    bare = repo.path.parent / f"{commit}.git"
    git(repo.path.parent, "init", "-q", "--bare", str(bare))
    git(repo.path, "push", "-q", str(bare), f"{commit}:refs/heads/side")


# Commits


def commit_of(repo: DocsRepo, rest: bytes, parent: str | None = None) -> str:
    """A commit of the newest tree: `rest` is what stands behind the parent's line."""
    tree = git(repo.path, "rev-parse", f"{repo.tip}^{{tree}}")
    lines = b"tree %b\nparent %b\n" % (tree.encode(), (parent or repo.tip).encode())
    return stored(repo.path, "commit", lines + rest)


COMMITS: dict[str, Callable[[DocsRepo], str]] = {
    "without an author": lambda repo: commit_of(repo, b"\nx"),
    "without anything": lambda repo: commit_of(repo, b"\n"),
    "a parent in capitals": lambda repo: commit_of(repo, AUTHOR + b"\nx", repo.tip.upper()),
    "a parent behind the author": lambda repo: commit_of(
        repo, b"author x <x@x> 1 +0000\nparent %b\n\nx" % (NOWHERE.encode(),)
    ),
    "a second tree": lambda repo: commit_of(
        repo, b"tree %b\n%bparent %b\n\nx" % (b"0" * 40, AUTHOR, b"1" * 40)
    ),
    "a NUL in its header": lambda repo: commit_of(repo, b"author \0\xff\n\nx"),
    "a header of 20 MB": lambda repo: commit_of(
        repo, AUTHOR + b"gpgsig " + b"-\n -" * 5_000_000 + b"\n\nx"
    ),
    "a message of 70 MB": lambda repo: commit_of(repo, AUTHOR + b"\n" + b"m" * 70_000_000),
    "one parent 5000 times": lambda repo: commit_of(
        repo, b"parent %b\n" % repo.tip.encode() * 5000 + AUTHOR + b"\nx"
    ),
    "a parent 40,000 times": lambda repo: commit_of(
        repo, b"parent %b\n" % repo.tip.encode() * 40_000 + AUTHOR + b"\nx"
    ),
}


@pytest.mark.parametrize("make", COMMITS.values(), ids=COMMITS)
def test_whatever_a_commit_says_besides_its_tree_and_parents_plays_no_part(
    repo: DocsRepo, make: Callable[[DocsRepo], str]
) -> None:
    repo.history.flush()
    odd = make(repo)
    after = committed(repo.path, f"{repo.tip}^{{tree}}", odd)
    merged = committed(repo.path, f"{repo.tip}^{{tree}}", repo.tip, odd)

    taken_by_a_server(repo, after)

    for tip in (odd, after, merged):
        assert verdict(repo, tip) == []
        assert walked(repo, tip) == standing(repo, tip) == walked(repo)


LARGE = ("a header of 20 MB", "a message of 70 MB", "a parent 40,000 times")


@pytest.mark.parametrize("name", COMMITS)
def test_a_commit_that_nobody_writes_is_kept_out_while_somebody_can(
    repo: DocsRepo, name: str
) -> None:
    """At the gate alone: in a history that has it each verification would end for ever."""
    repo.history.flush()
    before, odd = repo.tip, COMMITS[name](repo)

    codes = [one.code for one in gate(repo, before, odd)]

    assert codes == (["COMMIT-LARGE"] if name in LARGE else [])


# Trees


def lines_of(repo: DocsRepo, tree: str) -> list[Line]:
    listed = git(repo.path, "ls-tree", "-z", tree).encode("utf-8", "surrogateescape")
    rows = (row.partition(b"\t") for row in listed.split(b"\0")[:-1])
    return [
        (said.split()[0].lstrip(b"0"), name, said.split()[2].decode()) for said, _, name in rows
    ]


def tree_of(repo: DocsRepo, lines: Iterable[Line]) -> str:
    raw = b"".join(b"%b %b\0%b" % (mode, name, bytes.fromhex(one)) for mode, name, one in lines)
    return stored(repo.path, "tree", raw)


def odd_folder(repo: DocsRepo, path: str, change: Lines, *more: Line) -> str:
    """The newest commit's root tree, in which a folder (``""``: the root) was made odd.

    `more` are further lines of the root.
    """

    def made(tree: str, parts: list[str], *more: Line) -> str:
        lines = in_order([*lines_of(repo, tree), *more])
        if not parts:
            return tree_of(repo, change(repo, lines))
        name, *below = parts
        return tree_of(
            repo,
            [
                (mode, one, made(inside, below) if one == name.encode() else inside)
                for mode, one, inside in lines
            ],
        )

    return made(f"{repo.tip}^{{tree}}", path.split("/") if path else [], *more)


def in_order(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: line[1] + (b"/" if line[0] == b"40000" else b""))


def blob(repo: DocsRepo, data: bytes = b"x\n") -> str:
    return stored(repo.path, "blob", data)


def with_line(mode: bytes, name: bytes) -> Lines:
    return lambda repo, lines: in_order([*lines, (mode, name, blob(repo))])


def padded(_: DocsRepo, lines: list[Line]) -> list[Line]:
    return [(b"0" + mode, name, one) for mode, name, one in lines]


def a_name_twice(repo: DocsRepo, lines: list[Line]) -> list[Line]:
    mode, name, _ = lines[-1]
    other = tree_of(repo, []) if mode == b"40000" else blob(repo)
    return [*lines, (mode, name, other)]


TREES: dict[str, Lines] = {
    "a name twice": a_name_twice,
    "out of order": lambda repo, lines: [(b"100644", b"~~", blob(repo)), *lines],
    "zero-padded modes": padded,
    "mode 0": with_line(b"0", b"zz"),
    "mode 100600": with_line(b"100600", b"zz"),
    "a slash in a name": with_line(b"100644", b"a/b"),
    "a dot": with_line(b"100644", b"."),
    "two dots": with_line(b"100644", b".."),
    "git's own folder": with_line(b"100644", b".git"),
}
UNUSABLE: dict[str, Lines] = {"an empty name": with_line(b"100644", b"")}
"""What git itself dies of: no server takes it in, but a clone may hold it."""
FOLDERS = {
    "": ".",
    "documents": "documents",
    "released": "released",
    "released/procedure/LX-CX-2026-01": "released/procedure/LX-CX-2026-01",
    "copies/procedure": "copies/procedure",
    "policy": "policy",
}


def verdict(repo: DocsRepo, tip: str, old: str = "") -> list[tuple[str, str, str]]:
    """Code, path and commit of what `verify` says of a commit; a server's gate says the same.

    But for what the gate keeps out and verification has to live with.
    """
    repo.history.flush()
    with Repository.find(repo.path) as repository:
        found = verify(repository, root=repo.root, tip=tip, now=repo.now).findings
        step = check_step(repository, repo.hooks, old or repo.tip, tip, now=repo.now).findings
    codes = [one.code for one in found if one.code != "INCIDENT"]
    judged = [one.code for one in step if not kept_out(one)]
    assert judged == codes, step
    return [told(one) for one in found]


def told(finding: Finding) -> tuple[str, str, str]:
    return finding.code, finding.place.path, finding.place.commit


@pytest.mark.parametrize("change", (TREES | UNUSABLE).values(), ids=TREES | UNUSABLE)
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_tree_that_nobody_can_read_holds_nothing_while_it_stands(
    repo: DocsRepo, change: Lines, folder: str
) -> None:
    repo.history.flush()
    clean = f"{repo.tip}^{{tree}}"
    odd = committed(repo.path, odd_folder(repo, folder, change), repo.tip)
    merges = [
        committed(repo.path, clean, odd),
        committed(repo.path, clean, repo.tip, odd),
        committed(repo.path, clean, odd, repo.tip),
    ]

    if change in TREES.values():
        taken_by_a_server(repo, odd)

    assert verdict(repo, odd) == [("TREE-ODD", FOLDERS[folder], odd)]
    for tip in merges:
        lost = verdict(repo, tip)
        assert {(code, commit) for code, _, commit in lost} <= {("INCIDENT", odd)}
        assert bool(lost) == (folder != "documents")
        assert walked(repo, tip) == standing(repo, tip) == walked(repo)


@pytest.mark.parametrize("kind", ["tree", "blob"])
def test_a_root_folder_that_is_none_or_is_too_large_holds_nothing_while_it_stands(
    repo: DocsRepo, kind: str
) -> None:
    repo.history.flush()
    clean = f"{repo.tip}^{{tree}}"
    root = stored(repo.path, "tree", b"cut off", 1 << 30) if kind == "tree" else blob(repo)
    raw = b"tree %b\nparent %b\n\nx" % (root.encode(), repo.tip.encode())
    odd = stored(repo.path, "commit", raw)
    back = committed(repo.path, clean, odd)

    assert verdict(repo, odd) == [("LIMIT" if kind == "tree" else "TREE-ODD", ".", odd)]
    assert {(code, commit) for code, _, commit in verdict(repo, back)} == {("INCIDENT", odd)}
    assert walked(repo, back) == standing(repo, back) == walked(repo)


def test_a_tree_that_nobody_can_read_in_free_ground_is_kept_out_and_never_judged(
    repo: DocsRepo,
) -> None:
    """Row 138 (R: TREE-ODD): no clone could be made of it, but what is signed holds."""
    repo.history.flush()
    inside = tree_of(
        repo, [(b"100644", b"a", NOWHERE), (b"0", b"a", NOWHERE), (b"1", b"..", NOWHERE)]
    )
    root = tree_of(repo, in_order([*lines_of(repo, repo.tip), (b"40000", b"src", inside)]))
    tip = committed(repo.path, root, repo.tip)

    assert verdict(repo, tip) == []
    assert [(one.code, one.path) for one in gate(repo, repo.tip, tip)] == [("TREE-ODD", "src")]


@pytest.mark.parametrize(
    ("path", "swapped"),
    [
        ("documents/instruction", "100644 README.md"),
        ("documents/instruction/LX-WI-03.md", "tree"),
        ("released/instruction/LX-WI-01/A-0.md", "tree"),
        ("copies/procedure/LX-CX-2026-01/A-0/001.yaml", "tree"),
        ("policy/0002/people.yaml", "tree"),
        ("released/instruction/LX-WI-01", "blob"),
        ("documents/instruction/LX-WI-03.md", "commit"),
    ],
)
def test_what_is_called_a_file_and_is_a_folder_holds_nothing(
    repo: DocsRepo, path: str, swapped: str
) -> None:
    """Ids of another type than the mode says: git looks at neither when it takes them in."""
    repo.history.flush()
    others = {
        "tree": git(repo.path, "rev-parse", f"{repo.tip}:released"),
        "commit": repo.tip,
    }
    other = others.get(swapped) or blob(repo)
    folder, _, name = path.rpartition("/")

    def swap(_: DocsRepo, lines: list[Line]) -> list[Line]:
        return [(m, n, other if n == name.encode() else one) for m, n, one in lines]

    odd = committed(repo.path, odd_folder(repo, folder, swap), repo.tip)
    back = committed(repo.path, f"{repo.tip}^{{tree}}", odd)

    assert {(code, commit) for code, _, commit in verdict(repo, odd)} == {("TREE-ODD", odd)}
    assert {code for code, _, _ in verdict(repo, back)} <= {"INCIDENT"}
    assert walked(repo, back) == standing(repo, back) == walked(repo)


def test_what_came_together_with_an_odd_tree_is_recorded_once_that_is_gone(repo: DocsRepo) -> None:
    repo.history.flush()
    before = repo.tip
    repo.branch("work")
    repo.sign("LX-WI-02")
    repo.publish("LX-WI-02")
    repo.issue("LX-WI-02", "001")
    repo.history.flush()
    for folder in ("", "released", "released/instruction"):
        noisy = committed(repo.path, odd_folder(repo, folder, padded), repo.tip)
        both = committed(repo.path, f"{noisy}^{{tree}}", before)
        clean = committed(repo.path, f"{repo.tip}^{{tree}}", both)

        found = verdict(repo, clean, before)

        assert {code for code, _, _ in found} <= {"INCIDENT"}
        assert walked(repo, clean) == standing(repo, clean) == walked(repo)


def cloned(repo: DocsRepo, tip: str) -> Path:
    """What somebody has who clones a repository with this tip, as far as git can check it out."""
    clone = repo.path.parent / "clone"
    shutil.copytree(repo.path / ".git", clone / ".git")
    for name, value in (("user.name", "x"), ("user.email", "x@example.org")):
        git(clone, "config", name, value)
    git(clone, "update-ref", "refs/heads/main", tip)
    subprocess.run(["git", "reset", "-q", "--hard"], cwd=clone, check=False, capture_output=True)
    return clone


def qms(folder: Path, *arguments: str) -> tuple[int, str]:
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(out):
        code = run(["-C", str(folder), *arguments])
    return code, out.getvalue()


@pytest.mark.parametrize("folder", ["", "documents", "released/instruction", "copies", "policy"])
@pytest.mark.parametrize("change", TREES)
def test_every_command_that_meets_an_odd_tree_says_so(
    repo: DocsRepo, folder: str, change: str
) -> None:
    """Reading commands too: an answer that lacks what nobody can read is no whole one."""
    repo.history.flush()
    odd = committed(repo.path, odd_folder(repo, folder, TREES[change]), repo.tip)
    clone = cloned(repo, odd)

    commands = [("verify", "--root", repo.root), ("history", "LX-WI-01"), ("list",)]
    if folder == "documents":
        del commands[1:]  # these show what git made of the working texts in the work tree
    for command in commands:
        code, said = qms(clone, *command)
        assert (code, "TREE-ODD" in said) == (1, True), (command, code, said)


@pytest.mark.parametrize("folder", ["", "documents", "released/instruction", "policy"])
@pytest.mark.parametrize("change", TREES)
def test_the_mend_that_is_told_mends(repo: DocsRepo, folder: str, change: str) -> None:
    repo.history.flush()
    good = f"{repo.tip}^{{tree}}"
    odd = committed(repo.path, odd_folder(repo, folder, TREES[change]), repo.tip)
    news = (b"100644", b"~~~news.md", blob(repo))
    clone = cloned(repo, committed(repo.path, odd_folder(repo, folder, TREES[change], news), odd))
    _, said = qms(clone, "verify", "--root", repo.root, "--json")
    (found,) = json.loads(said)["findings"]
    steps = [part for part in found["mend"].split("`")[1::2] if part.startswith("git ")]
    assert len(steps) == 3, found["mend"]

    mended = clone
    for step in steps:
        for word, meant in (
            ("COMMIT", odd),
            ("BRANCH", "main"),
            ("FILE", "~~~news.md"),
            ("提交", odd),
            ("分支", "main"),
            ("文件", "~~~news.md"),
        ):
            step = step.replace(word, meant)  # noqa: PLW2901 - what somebody types
        git(mended, *step.split()[1:])
        mended = clone.parent / "mend"
    git(mended, "commit", "-q", "-m", "Take over what came later")

    assert git(mended, "diff", "--name-status", good, "HEAD") == "A\t~~~news.md"
    assert qms(mended, "verify", "--root", repo.root)[0] == 0
