"""Paths that git lays out in no clone: the gate keeps them out wherever they lie."""

import subprocess
from pathlib import Path

import pytest

from qms.testing.office import Office

FILE, LINK, FOLDER = "100644", "120000", "40000"


def stored(office: Office, data: bytes, kind: str = "blob") -> str:
    """The id of an object that git would not write itself."""
    return subprocess.run(
        ["git", "hash-object", "--literally", "-t", kind, "-w", "--stdin"],
        cwd=office.folder, input=data, check=True, capture_output=True,
    ).stdout.decode().strip()  # fmt: skip


def folder(office: Office, *lines: tuple[str, str, str]) -> str:
    """A folder that holds these modes, names and ids, in this order."""
    raw = (f"{mode} {name}\0".encode() + bytes.fromhex(one) for mode, name, one in lines)
    return stored(office, b"".join(raw), "tree")


def commit(office: Office, parent: str, zz: str) -> str:
    """A commit like `parent`, with the folder `zz` at its root, where nobody governs."""
    lines = [one for one in office.git("ls-tree", parent).splitlines() if not one.endswith("\tzz")]
    made = subprocess.run(
        ["git", "mktree"], cwd=office.folder, check=True, capture_output=True, encoding="utf-8",
        input="\n".join((*lines, f"040000 tree {zz}\tzz", "")),
    ).stdout.strip()  # fmt: skip
    return office.git("commit-tree", "-m", "Folder", "-p", parent, made)


def tip(office: Office, server: Path) -> str:
    return office.git("--git-dir", str(server), "rev-parse", "refs/heads/main")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (".GIT", "CHECKOUT-PATH"),
        ("git~1", "CHECKOUT-PATH"),
        (".git. ", "CHECKOUT-PATH"),
        (".g\u200cit", "CHECKOUT-PATH"),
        (".git::$INDEX_ALLOCATION", "CHECKOUT-PATH"),
        ("x\\.git\\y", "CHECKOUT-PATH"),
        ("n" * 256, "CHECKOUT-PATH"),
        ("长" * 86, "CHECKOUT-PATH"),
        (".git", "TREE-ODD"),
        (".", "TREE-ODD"),
        ("..", "TREE-ODD"),
    ],
)
def test_a_name_that_git_lays_out_nowhere_is_not_taken(
    drafted: Office, server: Path, name: str, code: str
) -> None:
    """Row 137 (R): nobody could clone or pull any more."""
    before = tip(drafted, server)
    bad = folder(drafted, (FILE, name, stored(drafted, b"x\n")))
    inside = folder(drafted, (FOLDER, "inside", bad))
    made = commit(drafted, before, inside)

    code_of_push, said = drafted.push(f"{made}:main")

    assert (code_of_push != 0, code in said) == (True, True), said
    assert "zz/inside" in said
    # What was taken out again lies on the way of whoever goes back there.
    again = commit(drafted, made, folder(drafted, (FILE, "b", stored(drafted, b"x\n"))))
    code_of_push, said = drafted.push(f"{again}:main")
    assert (code_of_push != 0, code in said) == (True, True), said
    assert tip(drafted, server) == before


@pytest.mark.parametrize("case", ["twice", "unsorted", "a file as a folder"])
def test_a_folder_as_git_writes_none_is_not_taken(drafted: Office, server: Path, case: str) -> None:
    """Row 138 (R: TREE-ODD)"""
    before = tip(drafted, server)
    one = stored(drafted, b"x\n")
    odd = {
        "twice": ((FILE, "a", one), (FILE, "a", one)),
        "unsorted": ((FILE, "b", one), (FILE, "a", one)),
        "a file as a folder": ((FOLDER, "a", one),),
    }[case]
    made = commit(drafted, before, folder(drafted, *odd))
    if case == "a file as a folder":  # git's own client sends no such thing
        assert drafted.push(f"{made}:main")[0] != 0
        answer = drafted.call("check", "--step", before, made)
        assert (answer.code, answer.findings) == (1, ("TREE-ODD",)), answer
        return

    code, said = drafted.push(f"{made}:main")

    assert (code != 0, "TREE-ODD" in said) == (True, True), said
    assert tip(drafted, server) == before


@pytest.mark.parametrize(
    ("name", "target"),
    [
        (".gitmodules", b"x"),
        (".GitModules", b"x"),
        ("gi7eba~1", b"x"),
        ("GI7E~100", b"x"),
        ("~1000000", b"x"),
        ("~1000000. :x", b"x"),
        ("a\\.gitmodules", b"x"),
        ("a", b""),
        ("a", b"x/" * 2500),
        ("a", b"\0x"),
    ],
)
def test_a_link_that_git_lays_out_nowhere_is_not_taken(
    drafted: Office, server: Path, name: str, target: bytes
) -> None:
    """Row 138 (R: CHECKOUT-PATH)"""
    before = tip(drafted, server)
    made = commit(drafted, before, folder(drafted, (LINK, name, stored(drafted, target))))

    code, said = drafted.push(f"{made}:main")

    assert (code != 0, "CHECKOUT-PATH" in said) == (True, True), said
    honest = folder(
        drafted,
        (FILE, ".gitmodules", stored(drafted, b"")),
        (LINK, "b", stored(drafted, b"../documents")),
        (LINK, "gi7eba~10", stored(drafted, b"../documents")),
        (LINK, "~100000", stored(drafted, b"../documents")),
    )
    assert drafted.push(f"{commit(drafted, before, honest)}:main")[0] == 0


@pytest.mark.parametrize("what", ["attributes", "a repository inside"])
def test_what_ends_git_before_its_first_file_is_not_taken(
    drafted: Office, server: Path, what: str
) -> None:
    """Row 129 (R: CHECKOUT-PATH)"""
    before = tip(drafted, server)
    attributes = stored(drafted, b"* working-tree-encoding\n")
    inside = (FILE, ".gitattributes", attributes)
    if what != "attributes":
        inside = ("160000", "inside", "0" * 40)

    code, said = drafted.push(f"{commit(drafted, before, folder(drafted, inside))}:main")

    assert (code != 0, "CHECKOUT-PATH" in said) == (True, True), said
    honest = (FILE, ".gitattributes", stored(drafted, b"*.png binary\n"))
    assert drafted.push(f"{commit(drafted, before, folder(drafted, honest))}:main")[0] == 0


@pytest.mark.parametrize("names", ["ab", "ba"])
def test_a_path_that_no_disk_takes_is_not_taken(drafted: Office, server: Path, names: str) -> None:
    """Row 138 (R: CHECKOUT-PATH): however short each name is, wherever the folder stands first."""
    before = tip(drafted, server)
    inside = folder(drafted, (FILE, "x", stored(drafted, b"x\n")))
    for _ in range(5):
        inside = folder(drafted, (FOLDER, "d" * 200, inside))
    deep = inside
    for _ in range(6):
        deep = folder(drafted, (FOLDER, "d" * 200, deep))
    lines = sorted(zip((FOLDER, FOLDER), names, (inside, deep), strict=True))
    both = commit(drafted, before, folder(drafted, *lines))

    code, said = drafted.push(f"{both}:main")

    assert (code != 0, "CHECKOUT-PATH" in said) == (True, True), said
    assert drafted.push(f"{commit(drafted, before, inside)}:main")[0] == 0


def test_what_everybody_has_already_stops_nobody(drafted: Office, server: Path) -> None:
    """A name that came before the gate did: what is beside it changes, and it can be taken out."""
    hook = server / "hooks" / "pre-receive"
    hook.rename(hook.with_suffix(".off"))
    one = stored(drafted, b"x\n")
    bad = commit(drafted, tip(drafted, server), folder(drafted, (FILE, ".GIT", one)))
    assert drafted.push(f"{bad}:main")[0] == 0
    hook.with_suffix(".off").rename(hook)

    beside = commit(drafted, bad, folder(drafted, (FILE, ".GIT", one), (FILE, "b", one)))
    side = commit(drafted, drafted.git("rev-parse", "HEAD"), folder(drafted, (FILE, "c", one)))
    tree = drafted.git("rev-parse", f"{beside}^{{tree}}")
    merge = drafted.git("commit-tree", "-m", "Merge", "-p", side, "-p", beside, tree)

    assert drafted.push(f"{merge}:main") == (0, "")
    out = commit(drafted, merge, folder(drafted, (FILE, "b", one)))
    assert drafted.push(f"{out}:main") == (0, "")
