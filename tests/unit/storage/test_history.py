import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.findings import QmsError
from qms.storage.repository import Repository

Git = Callable[..., str]
Commit = Callable[[dict[str, str | None]], str]


def line_of(git: Git, count: int, branch: str = "main", start: str | None = None) -> list[str]:
    """A straight line of commits, made at once; gives their ids."""
    lines = [f"reset refs/heads/{branch}", f"from {start}"] if start else []
    for number in range(1, count + 1):
        lines += [
            f"commit refs/heads/{branch}",
            f"mark :{number}",
            f"committer A <a> {number} +0000",
            "data 1",
            "x",
            f"M 100644 inline documents/{branch}-{number}.md",
            f"data {len(str(number))}",
            str(number),
            "",
        ]
    git("fast-import", "--quiet", "--force", stdin="\n".join(lines) + "\n")
    ids = git("rev-list", "--reverse", "--topo-order", f"refs/heads/{branch}").split()
    return ids[-count:]


def merge(git: Git, *parents: str) -> str:
    tree = git("rev-parse", f"{parents[0]}^{{tree}}")
    options = [part for parent in parents for part in ("-p", parent)]
    return git("commit-tree", tree, *options, "-m", "merge")


def test_a_line_of_commits_comes_parents_first(repository: Repository, git: Git) -> None:
    ids = line_of(git, 300)

    found = repository.commits(ids[-1])

    assert [commit.id for commit in found] == ids
    assert found[1].parents == (ids[0],)
    assert found[0].parents == ()


def test_what_another_tip_reaches_is_left_out(repository: Repository, git: Git) -> None:
    ids = line_of(git, 100)

    assert [commit.id for commit in repository.commits(ids[-1], [ids[89]])] == ids[90:]
    assert repository.commits(ids[-1], [ids[-1]]) == []
    assert repository.commits(ids[5], [ids[50]]) == []


def test_a_merge_comes_after_both_sides(repository: Repository, git: Git) -> None:
    main = line_of(git, 5)
    side = line_of(git, 3, "side", main[2])
    top = merge(git, main[-1], side[-1])

    found = [commit.id for commit in repository.commits(top)]

    assert found == [*main, *side, top]
    assert [commit.id for commit in repository.commits(top, [main[-1]])] == [*side, top]
    assert [commit.id for commit in repository.commits(top, [main[3], side[0]])] == [
        main[4],
        *side[1:],
        top,
    ]


def test_a_criss_cross_is_walked_once(repository: Repository, git: Git) -> None:
    main = line_of(git, 2)
    side = line_of(git, 1, "side", main[0])
    left, right = merge(git, main[1], side[0]), merge(git, side[0], main[1])
    top = merge(git, left, right)

    found = [commit.id for commit in repository.commits(top)]

    assert found == [main[0], main[1], side[0], left, right, top]
    assert {commit.id for commit in repository.commits(top, [left])} == {right, top}


def test_ancestors_are_known_by_the_objects_alone(repository: Repository, git: Git) -> None:
    main = line_of(git, 60)
    side = line_of(git, 2, "side", main[10])

    assert repository.is_ancestor(main[10], side[-1])
    assert repository.is_ancestor(main[0], main[-1])
    assert repository.is_ancestor(main[0], main[0])
    assert not repository.is_ancestor(main[11], side[-1])
    assert not repository.is_ancestor(main[-1], main[0])
    assert repository.merge_base(main[-1], side[-1]) == main[10]
    assert repository.merge_base(main[3], main[3]) == main[3]


def test_unrelated_histories_have_no_merge_base(repository: Repository, git: Git) -> None:
    first, second = line_of(git, 2), line_of(git, 3, "other")

    assert repository.merge_base(first[-1], second[-1]) is None


def test_grafts_replace_refs_and_a_commit_graph_do_not_change_history(
    repository: Repository, root: Path, git: Git
) -> None:
    ids = line_of(git, 80)
    forged = git("commit-tree", f"{ids[0]}^{{tree}}", "-m", "forged")
    git("replace", ids[40], forged)
    (root / ".git" / "info" / "grafts").write_text(f"{ids[60]} {ids[10]}\n", encoding="ascii")
    git("commit-graph", "write", "--reachable")

    assert [commit.id for commit in repository.commits(ids[-1])] == ids
    assert repository.merge_base(ids[-1], ids[50]) == ids[50]
    assert repository.objects.commit(ids[40]).parents == (ids[39],)


def test_a_commit_that_is_not_in_the_clone_is_missing(
    repository: Repository, root: Path, commit: Commit
) -> None:
    first = commit({"a": "a\n"})
    second = commit({"a": "b\n"})
    (root / ".git" / "objects" / first[:2] / first[2:]).unlink()

    with pytest.raises(QmsError) as caught:
        repository.commits(second)

    assert caught.value.finding.code == "CONTENT-MISSING"
    assert caught.value.finding.values == {"id": first}


def test_a_shallow_clone_ends_where_it_says(root: Path, git: Git, tmp_path: Path) -> None:
    ids = line_of(git, 5)
    shallow = tmp_path / "shallow"
    subprocess.run(["git", "clone", "-q", "--depth=2", f"file://{root}", str(shallow)], check=True)

    with Repository.find(shallow) as repository:
        assert repository.is_shallow
        assert [commit.id for commit in repository.commits(ids[-1])] == ids[-2:]
        assert repository.trunk("main") == ids[-1]


def test_reading_ahead_gives_the_same_commits_and_has_what_differs(
    repository: Repository, git: Git
) -> None:
    main = line_of(git, 30)
    side = line_of(git, 3, "side", main[2])
    top = merge(git, main[-1], side[-1])
    commits = repository.commits(top, [main[0]])

    ahead = list(repository.look_ahead(commits))

    assert ahead == commits
    for commit in commits:
        tree = repository.tree(commit.tree)
        for parent in commit.parents:
            for change in tree.changes(repository.tree(parent)):
                assert change.after is None or repository.objects.is_kept(change.after.id)


def test_reading_ahead_passes_over_what_is_missing(
    repository: Repository, root: Path, commit: Commit
) -> None:
    tip = commit({"a/1": "gone\n", "a/2": "there\n"})
    gone = repository.objects.id_of("blob", b"gone\n")
    (root / ".git" / "objects" / gone[:2] / gone[2:]).unlink()

    assert len(list(repository.look_ahead(repository.commits(tip)))) == 1
    assert repository.tree(tip).read("a/2") == b"there\n"


def test_nothing_is_read_ahead_of_what_is_not_governed(
    repository: Repository, commit: Commit
) -> None:
    tip = commit({"documents/1.md": "governed\n", "README.md": "free\n", "src/a/b": "free too\n"})
    asked: list[str] = []

    list(repository.look_ahead(repository.commits(tip), asked.extend))

    assert asked == [repository.objects.id_of("blob", b"governed\n")]
    assert not repository.objects.is_kept(repository.objects.id_of("blob", b"free\n"))
