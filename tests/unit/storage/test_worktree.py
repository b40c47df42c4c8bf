import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.findings import QmsError, Refused
from qms.formats import caps
from qms.formats.tree import EXECUTABLE, FILE, SUBMODULE, SYMLINK
from qms.storage.repository import Repository
from qms.storage.worktree import Look

Git = Callable[..., str]
Commit = Callable[[dict[str, str | None]], str]


def write(root: Path, path: str, text: str) -> None:
    where = root / path
    where.parent.mkdir(parents=True, exist_ok=True)
    where.write_bytes(text.encode())


def changed(root: Path) -> list[str]:
    """Paths that differ between HEAD and the work tree, for a new reader."""
    with Repository.find(root) as found:
        return [change.path for change in found.work_tree().changes(found.head_tree())]


def test_a_clean_work_tree_is_that_of_head(root: Path, commit: Commit) -> None:
    commit({"qms.yaml": "a: b\n", "documents/p/LX-1.md": "text\n"})

    assert changed(root) == []


def test_edited_new_removed_and_staged_files_are_seen(root: Path, git: Git, commit: Commit) -> None:
    commit({"documents/a": "1\n", "documents/b": "2\n", "documents/c": "3\n"})
    write(root, "documents/a", "edited\n")
    (root / "documents" / "b").unlink()
    write(root, "documents/c", "staged\n")
    git("add", "documents/c")
    write(root, "documents/文件 1.md", "new\n")
    write(root, "assets/fig.png", "new\n")

    assert changed(root) == [
        "assets/fig.png",
        "documents/a",
        "documents/b",
        "documents/c",
        "documents/文件 1.md",
    ]
    with Repository.find(root) as found:
        tree = found.work_tree()
        assert tree.read("documents/a") == b"edited\n"
        assert tree.read("documents/b") is None
        assert tree.read("documents/文件 1.md") == b"new\n"


def test_what_was_staged_and_then_undone_is_no_change(root: Path, git: Git, commit: Commit) -> None:
    commit({"documents/a": "1\n"})
    write(root, "documents/a", "staged\n")
    git("add", "-A")
    write(root, "documents/a", "1\n")

    assert changed(root) == []


def test_an_unborn_branch_has_its_files(root: Path, git: Git) -> None:
    write(root, "qms.yaml", "a: b\n")
    write(root, "documents/a", "1\n")
    git("add", "documents/a")

    assert changed(root) == ["documents/a", "qms.yaml"]


def test_windows_line_ends_are_seen_raw(root: Path, commit: Commit) -> None:
    commit({"documents/a.md": "one\ntwo\n"})
    write(root, "documents/a.md", "one\r\ntwo\r\n")

    with Repository.find(root) as found:
        assert found.work_tree().read("documents/a.md") == b"one\r\ntwo\r\n"


@pytest.mark.parametrize("rule", ["* text=auto\n", "*.md text eol=lf\n", "*.md ident\n"])
def test_attributes_do_not_hide_windows_line_ends(root: Path, commit: Commit, rule: str) -> None:
    commit({".gitattributes": rule, "documents/a.md": "one\ntwo $Id$\n"})
    write(root, "documents/a.md", "one\r\ntwo $Id$\r\n")

    assert changed(root) == ["documents/a.md"]


def test_a_checkout_that_converted_line_ends_is_seen(root: Path, git: Git, commit: Commit) -> None:
    commit({"qms.yaml": "a: b\n", "documents/a.md": "one\n"})
    git("config", "core.autocrlf", "true")
    (root / "qms.yaml").unlink()
    (root / "documents" / "a.md").unlink()
    git("checkout", "-q", "--", ".")
    assert (root / "documents" / "a.md").read_bytes() == b"one\r\n"

    assert changed(root) == ["documents/a.md", "qms.yaml"]
    git("config", "--unset", "core.autocrlf")
    assert changed(root) == ["documents/a.md", "qms.yaml"]


def test_a_filter_of_the_repository_does_not_change_what_is_seen(
    root: Path, git: Git, commit: Commit
) -> None:
    commit({".gitattributes": "*.md filter=flatter\n", "documents/a.md": "one\n"})
    git("config", "filter.flatter.clean", "echo one")
    write(root, "documents/a.md", "two\n")

    with Repository.find(root) as found:
        assert found.work_tree().read("documents/a.md") == b"two\n"


def forge_index(root: Path, git: Git, path: str, text: str, at: float) -> None:
    """Put `text` at `path`, and into the index that it is still what HEAD has there."""
    write(root, path, text)
    os.utime(root / path, (at, at))
    old = bytes.fromhex(git("rev-parse", f"HEAD:{path}"))
    git("add", path)
    new = bytes.fromhex(git("rev-parse", f":{path}"))
    index = root / ".git" / "index"
    data = index.read_bytes()[:-20].replace(new, old)
    index.write_bytes(data + hashlib.sha1(data).digest())  # noqa: S324 - git's own


@pytest.mark.parametrize("at", [1_700_000_000, 1, 0, 1 << 32, (1 << 32) + 1])
def test_an_index_that_calls_a_changed_file_unchanged_is_not_believed(
    root: Path, git: Git, commit: Commit, at: float
) -> None:
    commit({"documents/a": "1\n", "documents/b": "2\n", "some.yaml": "a: b\n"})
    for path, text in (("documents/a", "9\n"), ("some.yaml", "a: c\n")):
        forge_index(root, git, path, text, at)
    assert git("status", "--porcelain") == "", "git itself believes it"

    assert changed(root) == ["documents/a", "some.yaml"]


def test_an_index_too_large_to_be_one_hides_nothing(
    root: Path, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit({"documents/a": "1\n", "documents/b": "2\n"})
    write(root, "documents/a", "9\n")
    monkeypatch.setattr("qms.storage.aside._LARGEST_INDEX", 10)

    assert changed(root) == ["documents/a"]


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_flags_in_the_index_hide_nothing(root: Path, git: Git, commit: Commit, flag: str) -> None:
    commit({"documents/a": "1\n", "documents/b": "2\n", "documents/c": "3\n"})
    git("update-index", flag, "documents/a", "documents/c")
    write(root, "documents/a", "edited\n")

    assert changed(root) == ["documents/a"]


def test_files_left_out_by_a_sparse_checkout_are_not_removed(
    root: Path, git: Git, commit: Commit
) -> None:
    commit({"documents/a": "1\n", "assets/b": "2\n"})
    git("sparse-checkout", "set", "documents")
    assert not (root / "assets" / "b").exists()

    assert changed(root) == []


def test_ignore_rules_hide_nothing_that_could_be_ours_in_governed_folders(
    root: Path, commit: Commit
) -> None:
    commit({".gitignore": "*.md\n*.yaml\n/build/\nhidden/\n", "README": "x\n"})
    write(root, "documents/instruction/LX-WI-01.md", "1\n")
    write(root, "policy.yaml", "1\n")
    write(root, "released/hidden/deep/x", "1\n")
    write(root, "build/out.pdf", "1\n")
    write(root, "notes.md", "1\n")
    write(root, "assets/hidden/x", "1\n")

    assert changed(root) == ["documents/instruction/LX-WI-01.md", "policy.yaml"]


def test_links_and_executable_files_keep_their_modes(root: Path, commit: Commit) -> None:
    commit({"documents/a": "1\n", "documents/b": "2\n"})
    (root / "documents" / "a").unlink()
    (root / "documents" / "a").symlink_to("/etc/passwd")
    (root / "documents" / "b").chmod(0o755)
    (root / "released").symlink_to("documents")

    with Repository.find(root) as found:
        tree = found.work_tree()
        modes = {path: entry.mode for path, entry in tree.files()}
        assert modes == {
            "documents/a": SYMLINK,
            "documents/b": EXECUTABLE,
            "released": SYMLINK,
        }
        assert tree.read("documents/a") is None
        assert tree.read("documents/b") == b"2\n"


def test_executable_bits_mean_nothing_where_the_file_system_has_none(
    root: Path, git: Git, commit: Commit
) -> None:
    commit({"documents/a": "1\n"})
    git("config", "core.fileMode", "false")
    (root / "documents" / "a").chmod(0o755)
    write(root, "documents/a", "edited\n")

    with Repository.find(root) as found:
        entry = found.work_tree().entry("documents/a")
        assert entry is not None
        assert entry.mode == FILE


def test_a_repository_inside_a_governed_folder_is_seen(
    root: Path, git: Git, commit: Commit
) -> None:
    commit({"documents/a": "1\n"})
    git("init", "-q", "documents/inner")
    write(root, "documents/inner/x.md", "x\n")
    git("-C", "documents/inner", "add", "x.md")
    git("-C", "documents/inner", "commit", "-q", "-m", "x")

    with Repository.find(root) as found:
        entry = found.work_tree().entry("documents/inner")
        assert entry is not None
        assert entry.mode == SUBMODULE


def test_a_file_in_the_place_of_a_folder_and_the_other_way_round(
    root: Path, commit: Commit
) -> None:
    commit({"documents/a/1": "1\n", "documents/b": "2\n"})
    (root / "documents" / "a" / "1").unlink()
    (root / "documents" / "a").rmdir()
    write(root, "documents/a", "now a file\n")
    (root / "documents" / "b").unlink()
    write(root, "documents/b/2", "now a folder\n")

    assert changed(root) == ["documents/a", "documents/a/1", "documents/b", "documents/b/2"]


def test_names_that_are_not_utf_8_are_seen(root: Path, commit: Commit) -> None:
    commit({"documents/a": "1\n"})
    (root / "documents" / os.fsdecode(b"\xff.md")).write_bytes(b"x")

    assert changed(root) == ["documents/\udcff.md"]


def test_a_conflict_shows_the_file_as_it_lies_there(root: Path, git: Git, commit: Commit) -> None:
    commit({"documents/a": "1\n"})
    git("checkout", "-q", "-b", "side")
    commit({"documents/a": "side\n"})
    git("checkout", "-q", "main")
    commit({"documents/a": "main\n"})
    with pytest.raises(Exception, match="merge"):
        git("merge", "-q", "side")

    with Repository.find(root) as found:
        seen = found.work_tree().read("documents/a")
        assert seen is not None
        assert b"<<<<<<<" in seen
        with pytest.raises(QmsError) as caught:
            found.index_tree()
    assert caught.value.finding.code == "INDEX-UNMERGED"
    assert caught.value.finding.place.path == "documents/a"


def test_a_large_file_that_changes_meanwhile_is_told(root: Path, commit: Commit) -> None:
    commit({"a": "a\n"})
    write(root, "assets/big", "x" * (2 << 20))

    with Repository.find(root) as found:
        tree = found.work_tree()
        assert len(tree.read("assets/big") or b"") == 2 << 20
        write(root, "assets/big", "y" * (2 << 20))
        with pytest.raises(QmsError) as caught:
            tree.read("assets/big")
    assert caught.value.finding.code == "CHANGED-WHILE-READING"


def test_a_file_over_the_cap_is_not_read(root: Path, commit: Commit) -> None:
    """A gigabyte in the work tree costs nothing, and is no other file's content."""
    head = commit({"documents/a.md": "one\n", "README.md": "x\n"})
    for name in ("documents/a.md", "README.md", "documents/b.md"):
        with (root / name).open("wb") as file:
            file.truncate(1 << 30)
    (root / "documents" / "c.md").write_bytes(b"x" * caps.BLOB)

    with Repository.find(root) as repository:
        tree, committed = repository.work_tree(), repository.tree(head)
        for path in ("documents/a.md", "documents/b.md"):
            with pytest.raises(Refused) as caught:
                tree.read(path)
            assert caught.value.finding.code == "LIMIT"
            assert caught.value.finding.values["found"] == str(1 << 30)
        entries = {tree.entry(f"documents/{name}.md") for name in "ab"}
        assert len(entries | {committed.entry("documents/a.md")}) == 3
        assert list(tree.blobs(entry for _, entry in tree.files("documents"))) == [b"x" * caps.BLOB]


def test_the_index_is_what_the_next_commit_holds(
    repository: Repository, root: Path, git: Git, commit: Commit
) -> None:
    commit({"documents/a": "1\n", "documents/b": "2\n"})
    write(root, "documents/a", "staged\n")
    git("add", "documents/a")
    git("rm", "-q", "documents/b")
    write(root, "documents/a", "edited later\n")
    write(root, "documents/c", "not staged\n")

    tree = repository.index_tree()

    assert tree.id == git("write-tree")
    assert tree.read("documents/a") == b"staged\n"
    assert [change.path for change in tree.changes(repository.head_tree())] == [
        "documents/a",
        "documents/b",
    ]


def test_the_index_of_an_unborn_branch(repository: Repository, root: Path, git: Git) -> None:
    write(root, "documents/a", "1\n")
    git("add", "-A")
    write(root, "documents/b", "2\n")

    assert [path for path, _ in repository.index_tree().files()] == ["documents/a"]


def test_a_hook_sees_the_index_that_git_made_for_it(
    root: Path, git: Git, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit({"documents/a": "1\n", "documents/b": "2\n"})
    write(root, "documents/a", "new\n")
    write(root, "documents/b", "new\n")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index-1.lock")
    git("read-tree", "HEAD")
    git("add", "documents/a")

    with Repository.find(root) as found:
        tree = found.index_tree()
        assert [change.path for change in tree.changes(found.head_tree())] == ["documents/a"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody lists what is open")
def test_where_the_system_starts_no_second_git_the_first_is_ended(
    root: Path, commit: Commit
) -> None:
    """However few files may be opened: nobody would reap it, and the system keeps it for ever."""
    resource = pytest.importorskip("resource")
    commit({"documents/a": "1\n"})
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with Repository.find(root) as found:
        head = found.head()
        found.objects.close()
        found.aside.doubted_index()
        begun = failed = 0
        opened = max(int(one) for one in os.listdir("/proc/self/fd"))  # noqa: PTH208 - numbers
        for most in range(opened, opened + 20):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
            try:
                look = Look.begin(found.aside, head)
            except (OSError, QmsError):
                failed += 1
            else:
                begun += 1
                look.end()
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            with pytest.raises(ChildProcessError):
                os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    assert begun
    assert failed
