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


def commit(office: Office, parent: str, zz: str, *more: str, **also: str) -> str:
    """A commit like `parent`, with the folder `zz` at its root, where nobody governs.

    `more` are its other parents, `also` other folders.
    """
    folders = {"zz": zz, **also}
    known = office.git("ls-tree", parent).splitlines()
    lines = [one for one in known if one.partition("\t")[2] not in folders]
    lines += [f"040000 tree {one}\t{name}" for name, one in folders.items()]
    made = subprocess.run(
        ["git", "mktree"], cwd=office.folder, check=True, capture_output=True, encoding="utf-8",
        input="\n".join((*lines, "")),
    ).stdout.strip()  # fmt: skip
    parents = (word for one in (parent, *more) for word in ("-p", one))
    return office.git("commit-tree", "-m", "Folder", *parents, made)


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


@pytest.mark.parametrize("name", [".gitmodules", ".GitModules", "GITMOD~1"])
@pytest.mark.parametrize("mode", [FOLDER, "160000"])
def test_a_folder_in_the_place_of_submodules_is_not_taken(
    drafted: Office, server: Path, name: str, mode: str
) -> None:
    """Row 206 (R: CHECKOUT-PATH): each fetch and pull complains of it, in every clone."""
    lies = f"160000,{tip(drafted, server)},{name}"
    if mode == FOLDER:
        lies = f"{FILE},{stored(drafted, b'x')},{name}/x"

    assert "CHECKOUT-PATH" in refused(drafted, lies)


@pytest.mark.parametrize("name", ["drafts/GITATT~1", "drafts/GI7D29~1", "gitmod~2", "GITATT~1."])
@pytest.mark.usefixtures("server")
def test_what_windows_writes_into_gits_files_is_read_as_those(drafted: Office, name: str) -> None:
    """Row 204 (R: CHECKOUT-PATH)"""
    data = stored(drafted, b"* working-tree-encoding\n")

    assert "CHECKOUT-PATH" in refused(drafted, f"{FILE},{data},{name}")


def refused(office: Office, entry: str) -> str:
    office.git("update-index", "--add", "--cacheinfo", entry)
    office.git("commit", "-q", "-m", "One more")

    code, said = office.push("HEAD:main")
    return said if code else ""


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


def deep(office: Office) -> str:
    """A folder in which a path has more bytes than any that is taken."""
    inside = folder(office, (FILE, "x", stored(office, b"x\n")))
    for _ in range(11):
        inside = folder(office, (FOLDER, "d" * 200, inside))
    return inside


def before_the_gate(office: Office, server: Path, zz: str) -> tuple[str, str]:
    """A trunk with the folder `zz`, from before there was a gate; and work that began before it."""
    hook = server / "hooks" / "pre-receive"
    hook.rename(hook.with_suffix(".off"))
    begun = tip(office, server)
    side = commit(office, begun, folder(office, (FILE, "c", stored(office, b"x\n"))))
    trunk = commit(office, begun, zz)
    assert office.push(f"{trunk}:main")[0] == 0
    hook.with_suffix(".off").rename(hook)
    return trunk, side


@pytest.mark.parametrize("case", ["name", "path"])
def test_what_everybody_has_hides_nothing_that_comes_beside_it(
    drafted: Office, server: Path, case: str
) -> None:
    """Row 171 (R: CHECKOUT-PATH): the same folder elsewhere, and what is looked at after it."""
    bad = folder(drafted, (FILE, ".GIT", stored(drafted, b"x\n")))
    known = bad if case == "name" else deep(drafted)
    trunk, side = before_the_gate(drafted, server, known)

    code, said = drafted.push(f"{commit(drafted, side, known, trunk, aa=bad)}:main")

    assert (code != 0, "CHECKOUT-PATH" in said, "aa/.GIT" in said) == (True, True, True), said
    assert drafted.push(f"{commit(drafted, side, known, trunk)}:main") == (0, "")


REFS = ["refs/heads/main", "refs/heads/work", "refs/tags/one", "refs/other/one"]


@pytest.mark.parametrize("ref", REFS)
@pytest.mark.parametrize("mode", [FILE, "100755", LINK])
def test_what_is_called_a_file_and_is_none_is_not_taken(
    drafted: Office, server: Path, tmp_path: Path, mode: str, ref: str
) -> None:
    """Row 172 (R: OBJECT-KIND): git would end every clone, whatever ref it came by."""
    inside = folder(drafted, (FILE, "x", stored(drafted, b"x\n")))
    decoys = [(FILE, f"a{number}" * 99, stored(drafted, b"x\n")) for number in range(30, 60)]
    made = commit(drafted, tip(drafted, server), folder(drafted, *decoys, (mode, "b", inside)))

    code, said = drafted.push(f"{made}:{ref}")

    assert (code != 0, "OBJECT-KIND" in said or ref == REFS[0]) == (True, True), said
    made = commit(drafted, tip(drafted, server), folder(drafted, (mode, "b", inside)))
    code, said = drafted.push(f"HEAD:{REFS[1]}", f"{made}:{ref}x")
    assert (code != 0, "zz/b" in said, f"{ref}x".removeprefix("refs/heads/") in said) == (
        True, True, True,
    ), said  # fmt: skip
    drafted.git("clone", "-q", "--no-local", str(server), str(tmp_path / "clone"))


def test_neither_does_a_tag_name_a_folder_that_git_gives_to_nobody(
    drafted: Office, server: Path, tmp_path: Path
) -> None:
    """Row 172 (R: OBJECT-KIND)"""
    inside = folder(drafted, (FILE, "x", stored(drafted, b"x\n")))
    drafted.git("tag", "-a", "-m", "Odd", "odd", folder(drafted, (FILE, "b", inside)))
    drafted.git("tag", "-a", "-m", "Fine", "fine", inside)

    code, said = drafted.push("refs/tags/odd")

    assert (code != 0, "OBJECT-KIND" in said, "refs/tags/odd" in said) == (True, True, True), said
    assert drafted.push("refs/tags/fine", f"{stored(drafted, b'x')}:refs/tags/blob") == (0, "")
    drafted.git("clone", "-q", "--no-local", str(server), str(tmp_path / "clone"))


SUBMODULE = '[submodule "one"]\n\tpath = one\n\turl = ../one.git\n'


@pytest.mark.parametrize(
    "lines",
    [
        "[[\n",
        "[submodule]\n\tfetchJobs = many\n",
        "[fetch]\n\trecurseSubmodules = perhaps\n",
        SUBMODULE + "\tupdate = !sh\n",
        SUBMODULE + "\tshallow = perhaps\n",
        SUBMODULE + "\tfetchRecurseSubmodules = perhaps\n",
        '[submodule "one"]\n\tpath\n',
    ],
)
@pytest.mark.parametrize("name", [".gitmodules", ".GitModules"])
def test_submodules_at_which_git_ends_each_pull_are_not_taken(
    drafted: Office, server: Path, lines: str, name: str
) -> None:
    """Row 173 (R: CHECKOUT-PATH): `git fetch` and `git pull` read the file, and die of it."""
    drafted.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},one")
    drafted.write(name, lines)
    drafted.git("add", name)
    drafted.git("commit", "-q", "-m", "Submodule")

    code, said = drafted.push("HEAD:main")

    assert (code != 0, "CHECKOUT-PATH" in said, name in said) == (True, True, True), said
    drafted.write(name, f"# Ours.\n\n{SUBMODULE}\tbranch = a b\n\tignore=all\n{SUBMODULE}".strip())
    drafted.git("add", name)
    drafted.git("commit", "-q", "--amend", "-m", "Submodule")
    assert drafted.push("HEAD:main") == (0, "")
    assert server.is_dir()
