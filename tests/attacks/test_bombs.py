"""Bombs, strange files and misleading names (issue: history can't be poisoned; small ones).

Each command runs as a process of its own, as a user's does, and must end in time and in memory,
with its code.
"""

import os
import socket
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from qms.formats.tree import FILE, FOLDER
from qms.testing import DocsRepo
from qms.testing.attacks import gate
from qms.testing.bounded import qms_within as qms
from qms.testing.planted import committed, deep, folder_of, planted, stored

GIGABYTE = 1 << 30
COPY = "copies/procedure/LX-CX-2026-01/A-0/001.yaml"
DRAFT = "documents/instruction/LX-WI-03.md"


def at_tip(repo: DocsRepo, commit: str) -> Path:
    repo.history.git("update-ref", f"refs/heads/{repo.branch_name}", commit)
    return repo.path


def bomb(folder: Path) -> str:
    """Twelve objects that name 10^9 files."""
    blob = stored(folder, "blob", b"x")
    tree = folder_of(folder, [(f"f{at}", FILE, blob) for at in range(10)])
    for _ in range(9):
        tree = folder_of(folder, [(f"d{at}", FOLDER, tree) for at in range(10)])
    return tree


@pytest.mark.long
@pytest.mark.parametrize(
    ("place", "code"),
    [("src", None), ("assets/z", None), ("documents/z", "LIMIT"), ("released/assets", "LIMIT")],
)
def test_a_bomb_of_a_dozen_objects_ends_with_its_code(
    repo: DocsRepo, place: str, code: str | None
) -> None:
    """Row 92 (LRV)"""
    repo.history.flush()
    old = repo.tip
    planted_at = planted(repo.path, old, place, FOLDER, bomb(repo.path))
    folder = at_tip(repo, planted_at)

    verified, said = qms(folder, "verify", "--root", repo.root)
    assert (verified, code is None or f"{code}:" in said) == (0 if code is None else 1, True), said
    stepped, said = qms(folder, "check", "--step", old, planted_at)
    assert (stepped, (code or "WORK-TREE-LIMIT") in said) == (1, True), said
    for command in (("check",), ("check", "--all"), ("list",)):
        assert qms(folder, *command)[0] == 3, command
        assert "WORK-TREE-LIMIT" in qms(folder, *command)[1], command
    at_tip(repo, committed(repo.path, f"{old}^{{tree}}", planted_at))
    assert qms(folder, "verify", "--root", repo.root)[0] == 0


def commit_of(repo: DocsRepo, message: bytes, size: int | None = None) -> str:
    """A commit of the newest tree that only git's memory bounds; it may tell another `size`."""
    repo.history.flush()
    tree = repo.history.git("rev-parse", f"{repo.tip}^{{tree}}").strip()
    head = b"tree %b\nparent %b\nauthor a <a@x> 0 +0000\n" % (tree, repo.tip.encode())
    return stored(repo.path, "commit", head + b"committer a <a@x> 0 +0000\n\n" + message, size)


def test_a_commit_that_would_fill_the_memory_ends_with_its_code(repo: DocsRepo) -> None:
    """At the tip, below it, and for whoever asks a gate: no damage is blamed for it."""
    old, filling = repo.tip, commit_of(repo, b"cut off", GIGABYTE - 100_000_000)
    later = committed(repo.path, f"{old}^{{tree}}", filling)

    for tip in (later, filling):
        name = repo.path / ".git" / "refs" / "heads" / repo.branch_name
        name.write_text(f"{tip}\n", encoding="ascii")  # git wants to read what it moves to
        for command in (("verify", "--root", repo.root), ("check", "--step", old, tip)):
            status, said = qms(repo.path, *command)
            assert (status, "GIT-LIMIT" in said) == (3, True), said
            assert "OBJECT-CORRUPT" not in said


@pytest.mark.long  # it takes some hundred megabytes to make one
def test_a_commit_that_git_has_room_for_is_read(repo: DocsRepo) -> None:
    """git kept the one that a name leads to, and read it once more beside that."""
    old, large = repo.tip, commit_of(repo, b"x" * 600_000_000)
    folder = at_tip(repo, large)

    status, said = qms(folder, "verify", "--root", repo.root)
    assert status == 0, said
    status, said = qms(folder, "check", "--step", old, large)
    assert (status, "COMMIT-LARGE" in said) == (1, True), said


def test_seventy_folders_in_free_ground_are_nothing(repo: DocsRepo) -> None:
    """Row 92 (V)"""
    repo.history.flush()
    old, file = repo.tip, stored(repo.path, "blob", b"x")
    tip = planted(repo.path, old, "src", FOLDER, deep(repo.path, 70, file))

    assert qms(at_tip(repo, tip), "verify", "--root", repo.root)[0] == 0
    at_tip(repo, committed(repo.path, f"{old}^{{tree}}", tip))
    assert qms(repo.path, "verify", "--root", repo.root)[0] == 0


def test_what_is_run_in_any_folder_is_found_however_deep_it_lies(repo: DocsRepo) -> None:
    """Row 277 (RV: POLICY-UNLISTED): prek looks into each folder, without any cap."""
    repo.history.flush()
    old, file = repo.tip, stored(repo.path, "blob", b"repos: []")
    run = folder_of(repo.path, [("prek.toml", FILE, file)])
    for _ in range(70):
        run = folder_of(repo.path, [("a", FOLDER, run)])
    tip = planted(repo.path, old, "notes", FOLDER, run)
    folder = at_tip(repo, tip)

    for command in (("verify", "--root", repo.root), ("check", "--step", old, tip)):
        status, said = qms(folder, "--lang", "en", *command)
        assert (status, "POLICY-UNLISTED" in said) == (1, True), said
        assert f"notes{'/a' * 70}/prek.toml: error" in said


def test_more_of_it_than_anybody_could_read_is_told_by_its_folder(repo: DocsRepo) -> None:
    """Row 277 (V: POLICY-UNLISTED): eleven objects that name 10^9 such files."""
    repo.history.flush()
    file = stored(repo.path, "blob", b"repos: []")
    tree = folder_of(repo.path, [("prek.toml", FILE, file)])
    for _ in range(9):
        tree = folder_of(repo.path, [(f"d{at}", FOLDER, tree) for at in range(10)])
    folder = at_tip(repo, planted(repo.path, repo.tip, "notes", FOLDER, tree))

    status, said = qms(folder, "--lang", "en", "verify", "--root", repo.root)

    assert (status, said.count(": error "), said.count("notes: error ")) == (1, 1, 1), said
    assert "POLICY-UNLISTED" in said


@pytest.mark.long
@pytest.mark.parametrize(
    "place",
    ["documents", "documents/instruction", "released/instruction/LX-WI-01", "copies", "policy"],
)
def test_many_strays_take_linear_time(repo: DocsRepo, place: str) -> None:
    """Row 92 (V)"""
    repo.history.flush()
    old, file = repo.tip, stored(repo.path, "blob", b"x")
    took: list[float] = []
    for count in (5_000, 20_000):
        strays = folder_of(repo.path, [(f"{at:06}.md", FILE, file) for at in range(count)])
        folder = at_tip(repo, planted(repo.path, old, place, FOLDER, strays))
        begun = time.monotonic()
        assert qms(folder, "verify", "--root", repo.root)[0] == 1
        took.append(time.monotonic() - begun)

    assert took[1] < 8 * took[0] + 2


def test_a_heap_of_files_that_nobody_governs_is_not_held(repo: DocsRepo) -> None:
    """Row 92 (L): every file that git doesn't know was kept whole; 3 GB of pictures took 3 GB."""
    heap = repo.lay_out() / "pictures"
    heap.mkdir()
    for at in range(1200):
        with (heap / f"{at:04}.png").open("wb") as file:
            file.write(b"%d" % at)
            file.truncate(1_000_000)

    for command in ("check", "list"):
        status, said = qms(repo.path, command)
        assert status == 0, said


def draft(repo: DocsRepo, head: bytes = b"", body: bytes = b"") -> dict[str, bytes]:
    before, word, after = repo.read(DRAFT).partition(b"status:")
    return {DRAFT: before + head + word + after + body}


def keys(count: int) -> bytes:
    return b"".join(b"k%d: 1\n" % at for at in range(count))


TEXTS: dict[str, tuple[str, Callable[[DocsRepo], dict[str, bytes]]]] = {
    "garbage events": ("LIMIT", lambda repo: {COPY: repo.read(COPY) + b"  - {}\n" * 100_000}),
    "a word in .gitattributes": ("POLICY-FILE", lambda _: {".gitattributes": b"a" * 80_000}),
    "words in .gitattributes": ("POLICY-FILE", lambda _: {".gitattributes": b"a\t" * 80_000}),
    "pictures that never end": ("", lambda repo: draft(repo, body=b"![" * 1_000_000 + b"\n")),
    "unknown keys in a head": ("LIMIT", lambda repo: draft(repo, head=keys(6000))),
    "unknown keys in qms.yaml": (
        "FIELD-UNKNOWN", lambda repo: {"qms.yaml": repo.read("qms.yaml") + keys(6000)},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("code", "files"), TEXTS.values(), ids=TEXTS)
def test_foreign_text_is_read_once(
    repo: DocsRepo, code: str, files: Callable[[DocsRepo], dict[str, bytes]]
) -> None:
    """Row 92 (L)"""
    for path, data in files(repo).items():
        repo.edit(path, data)

    for command in (("check",), ("check", "--all"), ("list",)):
        status, said = qms(repo.path, *command)
        assert status in (0, 1), said
        assert command == ("list",) or code in said, said


# What is no plain file


def pipe(path: Path) -> None:
    os.mkfifo(path)


def plug(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        here = Path.cwd()
        os.chdir(path.parent)  # a socket's whole path may have 100 letters
        try:
            one.bind(path.name)
        finally:
            os.chdir(here)


STRANGE: dict[str, Callable[[Path], None]] = {"pipe": pipe, "socket": plug, "folder": Path.mkdir}


@pytest.mark.parametrize("make", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("name", ["HEAD", "config", "commondir", "index", "packed-refs", "shallow"])
def test_what_is_no_file_in_the_git_folder_is_named(
    repo: DocsRepo, name: str, make: Callable[[Path], None]
) -> None:
    target = repo.lay_out() / ".git" / name
    target.unlink(missing_ok=True)
    make(target)

    for command in (("verify",), ("check",), ("list",)):
        status, said = qms(repo.path, *command)
        assert (status, "SPECIAL-FILE" in said) == (3, True), said


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize("make", [pipe, endless])
@pytest.mark.parametrize("name", ["refs/heads/main", "sequencer/todo", "objects/{0}/{1}"])
def test_what_git_comes_upon_by_what_another_file_says_is_named_too(
    repo: DocsRepo, name: str, make: Callable[[Path], None]
) -> None:
    """The trunk, the object that HEAD names, a file that only an operation in progress has."""
    target = repo.lay_out() / ".git" / name.format(repo.tip[:2], repo.tip[2:])
    target.parent.mkdir(exist_ok=True)
    target.unlink(missing_ok=True)
    make(target)

    for command in (("verify",), ("check",), ("list",)):
        status, said = qms(repo.path, *command)
        assert (status, "SPECIAL-FILE" in said) == (3, True), said


@pytest.mark.parametrize("name", ["HEAD", "refs/heads/main"])
@pytest.mark.parametrize("place", [".git", "../../elsewhere"])
def test_a_pipe_in_a_repository_inside_is_named(repo: DocsRepo, place: str, name: str) -> None:
    """git asks each repository that lies in the work tree what its HEAD is."""
    inside = repo.lay_out() / "inside"
    repo.history.git("update-index", "--add", "--cacheinfo", f"160000,{repo.tip},inside")
    git_dir = Path(os.path.normpath(inside / place))
    (git_dir / "objects").mkdir(parents=True)
    (git_dir / "refs" / "heads").mkdir(parents=True)
    if place != ".git":
        inside.mkdir()
        (inside / ".git").write_text(f"gitdir: {place}\n", encoding="utf-8")
    (git_dir / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    (git_dir / name).unlink(missing_ok=True)
    pipe(git_dir / name)

    status, said = qms(repo.path, "check")

    told = f"inside/.git/{name}" if place == ".git" else f"{place}/{name}"
    assert (status, "SPECIAL-FILE" in said, told in said) == (3, True, True), said


def test_the_socket_that_git_itself_keeps_in_its_folder_is_none(repo: DocsRepo) -> None:
    plug(repo.lay_out() / ".git" / "fsmonitor--daemon.ipc")

    for command in (("verify",), ("check",), ("list",)):
        assert qms(repo.path, *command)[0] == 0


def test_a_link_in_the_git_folder_leads_to_no_pipe(repo: DocsRepo, tmp_path: Path) -> None:
    git_dir = repo.lay_out() / ".git"
    (tmp_path / "far").mkdir()
    pipe(tmp_path / "far" / "x")
    (git_dir / "refs" / "far").symlink_to(tmp_path / "far")
    (git_dir / "refs" / "back").symlink_to(git_dir / "refs")

    status, said = qms(repo.path, "check")

    assert (status, "SPECIAL-FILE" in said) == (3, True), said


@pytest.mark.long  # nobody knows of a file elsewhere until git has waited for it
def test_settings_that_include_a_pipe_end_with_a_code(repo: DocsRepo, tmp_path: Path) -> None:
    pipe(tmp_path / "more")
    repo.lay_out()
    repo.history.git("config", "remote.origin.url", str(tmp_path))
    with (repo.path / ".git" / "config").open("a", encoding="utf-8") as config:
        config.write(f"[include]\n\tpath = {tmp_path}/more\n")

    assert qms(repo.path, "verify")[0] == 0, "it takes no setting of the clone's"
    for command in (("check",), ("list",)):
        status, said = qms(repo.path, *command)
        assert (status, "GIT-STUCK" in said) == (3, True), said


@pytest.mark.parametrize("make", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize(
    "path",
    [DRAFT, "qms.yaml", ".gitattributes", ".gitignore", "assets/flow.svg", "assets/.gitignore"],
)
def test_what_is_no_file_in_the_work_tree_ends_with_a_code(
    repo: DocsRepo, path: str, make: Callable[[Path], None]
) -> None:
    target = repo.lay_out() / path
    target.unlink(missing_ok=True)
    make(target)

    for command in (("check",), ("check", "--all"), ("list",), ("show", "LX-WI-03")):
        status, said = qms(repo.path, *command)
        assert status in (0, 1, 3), said
        assert "Traceback" not in said
        assert "a fault in qms" not in said
        assert "qms 的缺陷" not in said


# Misleading names at the root


@pytest.mark.parametrize(
    "name",
    [
        "rele\u0430sed/x.md", "documents /x.md", "policy./x.yaml", "Documents/x.md", "qms.yaml ",
        "documents\u200b/x.md", ".GIT/config", ".git /config", "git~1/x", "a:b", "a\\b",
        "poIicy/x", "re1eased/x", "d0curnents/x", "DOCUME~1/x", "Policy~2.yam",
    ],
)  # fmt: skip
def test_a_name_at_the_root_that_misleads_is_refused(repo: DocsRepo, name: str) -> None:
    repo.history.flush()
    old, top = repo.tip, name.partition("/")[0]
    file = stored(repo.path, "blob", b"x")
    lines = repo.history.git("ls-tree", "-z", old).split(b"\0")[:-1]
    rows = [(line.split(b"\t")[1].decode(), line.split()) for line in lines]
    known = [(one, int(words[0], 8), words[2].decode()) for one, words in rows]
    inside = folder_of(repo.path, [("x.md", FILE, file)])
    mine = (top, FOLDER, inside) if "/" in name else (top, FILE, file)
    tip = committed(repo.path, folder_of(repo.path, [*known, mine]), old)

    assert [(one.code, one.path) for one in gate(repo, old, tip)] == [("STRAY-NAME", top)]
    assert qms(at_tip(repo, tip), "verify", "--root", repo.root)[0] == 1


@pytest.mark.parametrize(
    "name",
    [
        "README",
        ".gitmodules",
        ".github/x",
        "policies",
        "制度/x",
        "git/x",
        "document",
        "src/x",
        "DOC~1/x",
        "x~1",
    ],
)  # fmt: skip
def test_a_name_at_the_root_that_misleads_nobody_is_taken(repo: DocsRepo, name: str) -> None:
    old = repo.tip
    repo.write(name, b"# x\n")
    repo.commit("Add something else")

    assert gate(repo, old, repo.tip) == []
    assert repo.verify() == []


# A policy that nobody signed


def test_an_unsigned_policy_moves_neither_trunk_nor_language(repo: DocsRepo) -> None:
    trunk = repo.tip
    repo.branch("work")
    settings = repo.read("qms.yaml").replace(b"trunk: main", b"trunk: other")
    digest, other = (sha256(one).hexdigest().encode() for one in (repo.read("qms.yaml"), settings))
    manifest = repo.read("policy.yaml").replace(b"version: 2", b"version: 9999")
    assert digest in manifest
    repo.write("policy/9999/policy.yaml", manifest.replace(digest, other))
    repo.write("policy/9999/people.yaml", repo.read("people.yaml"))
    repo.write("policy/9999/qms.yaml", settings)
    repo.commit("File a policy")
    repo.lay_out()
    repo.history.git("branch", "other")

    status, said = qms(repo.path, "check", "--json")

    assert status == 1, said
    assert f'"since": "{trunk}"' in said


DIGITS = "9" * 5000
"""Of so many Python makes no number."""


@pytest.mark.parametrize("place", ["the manifest", "a folder"])
def test_a_version_of_thousands_of_digits_ends_no_command(repo: DocsRepo, place: str) -> None:
    """Row 174 (LRV): it was a fault in qms, for whoever has such a clone."""
    before = repo.tip
    if place == "the manifest":
        text = repo.read("policy.yaml").replace(b"version: 2\n", f"version: {DIGITS}\n".encode())
        repo.write("policy.yaml", text)
        tip = repo.commit("Attack")
        folder = repo.lay_out()
    else:
        repo.history.flush()
        file = stored(repo.path, "blob", b"x\n")
        inside = folder_of(repo.path, [("policy.yaml", FILE, file)])
        tip = planted(repo.path, before, f"policy/{DIGITS}", FOLDER, inside)
        folder = at_tip(repo, tip)

    for words in (("check",), ("check", "--all"), ("list",), ("verify", "--root", repo.root)):
        code, said = qms(folder, *words)
        assert "fault in qms" not in said, (words, said)
        assert code in (0, 1), (words, said)
    assert gate(repo, before, tip) != []
