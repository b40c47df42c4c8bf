from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qms.findings import QmsError
from qms.formats import caps
from qms.formats.tree import EXECUTABLE, FILE, FOLDER, PathChange, TreeEntry
from qms.storage.repository import Repository
from qms.storage.trees import CommitTree, OverlayTree
from qms.testing.planted import NOWHERE, deep, folder_of, planted

Git = Callable[..., str]
Commit = Callable[[dict[str, str | None]], str]


def blob_of(repository: Repository, text: str) -> TreeEntry:
    return TreeEntry(FILE, repository.objects.id_of("blob", text.encode()))


def test_a_tree_answers_for_paths_and_folders(repository: Repository, commit: Commit) -> None:
    head = commit({"qms.yaml": "a\n", "documents/p/LX-1.md": "b\n", "documents/p/LX-2.md": "c\n"})
    tree = repository.tree(head)

    assert tree.read("documents/p/LX-1.md") == b"b\n"
    assert set(tree.folder("documents/p")) == {"LX-1.md", "LX-2.md"}
    assert set(tree.folder("")) == {"documents", "qms.yaml"}
    assert [path for path, _ in tree.files()] == [
        "documents/p/LX-1.md",
        "documents/p/LX-2.md",
        "qms.yaml",
    ]
    assert [path for path, _ in tree.files("documents")] == [
        "documents/p/LX-1.md",
        "documents/p/LX-2.md",
    ]


@pytest.mark.parametrize("path", ["none", "qms.yaml/x", "documents/none", "documents/", "/", "."])
def test_what_is_not_there_is_none(repository: Repository, commit: Commit, path: str) -> None:
    tree = repository.tree(commit({"qms.yaml": "a\n", "documents/LX-1.md": "b\n"}))

    assert tree.entry(path) is None
    assert tree.read(path) is None
    assert tree.folder(path) == {}
    assert list(tree.files(path)) == []


def test_a_folder_is_no_file(repository: Repository, commit: Commit) -> None:
    tree = repository.tree(commit({"documents/LX-1.md": "b\n"}))

    assert tree.read("documents") is None
    assert tree.folder("documents/LX-1.md") == {}


def test_changes_name_files_that_came_went_and_differ(
    repository: Repository, commit: Commit
) -> None:
    older = repository.tree(commit({"a/1": "1\n", "a/2": "2\n", "b/3": "3\n", "c": "c\n"}))
    newer = repository.tree(commit({"a/1": "new\n", "a/2": None, "c": None, "c/d/e": "e\n"}))

    changes = list(newer.changes(older))

    assert changes == [
        PathChange("a/1", blob_of(repository, "1\n"), blob_of(repository, "new\n")),
        PathChange("a/2", blob_of(repository, "2\n"), None),
        PathChange("c", blob_of(repository, "c\n"), None),
        PathChange("c/d/e", None, blob_of(repository, "e\n")),
    ]
    assert list(newer.changes(older, "c/d")) == changes[3:]
    assert [change.path for change in older.changes(newer)] == ["a/1", "a/2", "c", "c/d/e"]


def test_purged_content_is_missing_with_its_path(repository: Repository, commit: Commit) -> None:
    head = commit({"released/p/LX-1/A-0.md": "approved\n"})
    blob = blob_of(repository, "approved\n").id
    (repository.git_dir / "objects" / blob[:2] / blob[2:]).unlink()

    with pytest.raises(QmsError) as caught:
        repository.tree(head).read("released/p/LX-1/A-0.md")

    assert caught.value.finding.code == "CONTENT-MISSING"
    assert caught.value.finding.place.path == "released/p/LX-1/A-0.md"


def test_an_overlay_is_the_tree_that_git_would_write(
    repository: Repository, git: Git, commit: Commit
) -> None:
    base = repository.tree(commit({"a/b/1": "1\n", "a/2": "2\n", "c": "c\n", "gone/3": "3\n"}))
    after = commit({"a/b/1": "new\n", "c": None, "c/d": "d\n", "gone/3": None, "z-z": "z\n"})
    files = {
        "a/b/1": blob_of(repository, "new\n"),
        "c": None,
        "c/d": blob_of(repository, "d\n"),
        "gone/3": None,
        "z-z": blob_of(repository, "z\n"),
        "a/2": blob_of(repository, "2\n"),
    }

    overlay = OverlayTree(base, files, {})

    assert overlay.id == git("rev-parse", f"{after}^{{tree}}")
    assert list(overlay.changes(repository.tree(after))) == []
    assert [change.path for change in overlay.changes(base)] == [
        "a/b/1",
        "c",
        "c/d",
        "gone/3",
        "z-z",
    ]


def test_an_overlay_reads_its_own_contents(repository: Repository, commit: Commit) -> None:
    base = repository.tree(commit({"a": "a\n"}))
    entry = blob_of(repository, "unsaved\n")

    overlay = OverlayTree(base, {"documents/x": entry}, {entry.id: b"unsaved\n"})

    assert overlay.read("documents/x") == b"unsaved\n"
    assert overlay.read("a") == b"a\n"
    assert set(overlay.folder("documents")) == {"x"}


def test_an_overlay_of_nothing_is_its_base(repository: Repository, commit: Commit) -> None:
    base = repository.tree(commit({"a": "a\n"}))

    assert OverlayTree(base, {}, {}) == base


def test_an_overlay_may_lie_over_another(repository: Repository, commit: Commit) -> None:
    base = repository.tree(commit({"a": "a\n"}))
    first = OverlayTree(base, {"b": blob_of(repository, "b\n")}, {})
    second = OverlayTree(first, {"a": None}, {})

    assert set(second.folder("")) == {"b"}
    assert [change.path for change in second.changes(first)] == ["a"]


def deepest(depth: int) -> str:
    """A path that lies in so many folders."""
    return "a/" * depth + "x"


def test_a_path_in_as_many_folders_as_may_be_is_there(
    repository: Repository, commit: Commit
) -> None:
    path = deepest(caps.TREE_DEPTH)
    tree = repository.tree(commit({path: "x\n"}))

    assert [where for where, _ in tree.files("a")] == [path]
    assert tree.read(path) == b"x\n"


def test_a_folder_that_is_too_deep_is_named_instead_of_what_is_in_it(
    repository: Repository, root: Path, commit: Commit
) -> None:
    shallow = repository.tree(commit({"b/y": "y\n"}))
    tip = planted(root, "HEAD", "a", FOLDER, deep(root, 500, NOWHERE))
    tree = repository.tree(tip)

    found = dict(tree.files("a"))

    assert list(found) == ["/".join("a" * (caps.TREE_DEPTH + 1))]
    assert all(entry.is_folder for entry in found.values())
    assert [change.path for change in tree.changes(shallow, "a")] == list(found)
    assert [change.path for change in shallow.changes(tree, "a")] == list(found)
    assert tree.entry(deepest(caps.TREE_DEPTH + 1)) is None
    assert tree.entry(deepest(5000)) is None


@pytest.mark.parametrize("entry", [TreeEntry(FILE, "1" * 40), None])
def test_a_path_of_the_work_tree_that_is_too_deep_costs_nothing(
    repository: Repository, entry: TreeEntry | None
) -> None:
    overlay = OverlayTree(repository.empty_tree(), {deepest(2000): entry}, {})

    assert [path for path, _ in overlay.files("a")] == (
        [] if entry is None else ["/".join("a" * (caps.TREE_DEPTH + 1))]
    )


def test_a_folder_with_too_many_files_below_it_is_named_alone(
    repository: Repository, root: Path, commit: Commit
) -> None:
    names = [(f"{at:06}", FILE, NOWHERE) for at in range(caps.PATHS)]
    before = repository.tree(commit({"b/y": "y\n"}))
    full = planted(root, "HEAD", "a/b", FOLDER, folder_of(root, names))
    over = planted(root, full, "a/c", FILE, NOWHERE)

    assert len(list(repository.tree(full).files("a"))) == caps.PATHS
    assert [path for path, _ in repository.tree(over).files("a")] == ["a"]
    assert [one.path for one in repository.tree(over).changes(before, "a")] == ["a"]
    assert [one.path for one in repository.tree(over).changes(repository.tree(full), "a")] == [
        "a/c"
    ]


def test_a_tree_that_holds_itself_ten_times_over_ends(
    repository: Repository, root: Path, commit: Commit
) -> None:
    commit({"b/y": "y\n"})
    tree = folder_of(root, [(f"{at}", FILE, NOWHERE) for at in range(10)])
    for _ in range(30):
        tree = folder_of(root, [(f"{at}", FOLDER, tree) for at in range(10)])

    tip = planted(root, "HEAD", "a", FOLDER, tree)

    assert [path for path, _ in repository.tree(tip).files("a")] == ["a"]


PATHS = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map("/".join)
STATES = st.dictionaries(PATHS, st.sampled_from(["1", "2"]), max_size=6)


def honest(state: dict[str, str]) -> dict[str, str]:
    """Without files that lie below a file."""
    return {
        path: text
        for path, text in state.items()
        if not any(path.startswith(f"{other}/") for other in state)
    }


def tree_of(repository: Repository, state: Mapping[str, str]) -> CommitTree:
    files = {path: blob_of(repository, text) for path, text in state.items()}
    return OverlayTree(repository.empty_tree(), files, {})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(older=STATES.map(honest), newer=STATES.map(honest))
def test_changes_lead_from_any_state_to_any_other(
    repository: Repository, older: dict[str, str], newer: dict[str, str]
) -> None:
    before, after = tree_of(repository, older), tree_of(repository, newer)

    changes = list(after.changes(before))
    files = {change.path: change.after for change in changes}

    assert dict(after.files()) == {path: blob_of(repository, t) for path, t in newer.items()}
    assert [change.path for change in changes] == sorted(
        path for path in older.keys() | newer.keys() if older.get(path) != newer.get(path)
    )
    assert OverlayTree(before, files, {}) == after


def test_modes_are_part_of_a_change(repository: Repository, commit: Commit) -> None:
    base = repository.tree(commit({"a": "a\n"}))
    entry = TreeEntry(EXECUTABLE, blob_of(repository, "a\n").id)

    changes = list(OverlayTree(base, {"a": entry}, {}).changes(base))

    assert changes == [PathChange("a", blob_of(repository, "a\n"), entry)]
