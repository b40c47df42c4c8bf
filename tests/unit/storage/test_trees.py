from collections.abc import Callable, Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qms.findings import QmsError
from qms.formats.tree import EXECUTABLE, FILE, Entry, PathChange
from qms.storage.repository import Repository
from qms.storage.trees import CommitTree, OverlayTree

Git = Callable[..., str]
Commit = Callable[[dict[str, str | None]], str]


def blob_of(repository: Repository, text: str) -> Entry:
    return Entry(FILE, repository.objects.id_of("blob", text.encode()))


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
    entry = Entry(EXECUTABLE, blob_of(repository, "a\n").id)

    changes = list(OverlayTree(base, {"a": entry}, {}).changes(base))

    assert changes == [PathChange("a", blob_of(repository, "a\n"), entry)]
