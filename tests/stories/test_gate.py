"""The gate of the shared repository: a real bare repo, real pushes, the real hook."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

import pytest

from qms.testing.bad_input import NUMBER
from qms.testing.office import Office

TEXT = "documents/work-instruction/LX-WI-01.md"
SOON = 30
"""Seconds, as bombs may take; where each of 200,000 names was looked at it were up to 60."""


def push(office: Office, *words: str, **more: str) -> tuple[int, str]:
    return office.push(*words, **more)


def tip(office: Office, server: Path, branch: str = "main") -> str:
    return office.git("--git-dir", str(server), "rev-parse", f"refs/heads/{branch}")


def broken(office: Office) -> None:
    office.edit(TEXT, "owner: technical\n", "ownr: technical\n")
    office.git("commit", "-qam", "Break the head")


def test_a_push_with_an_error_is_not_taken(drafted: Office, server: Path) -> None:
    before = tip(drafted, server)
    broken(drafted)

    code, said = push(drafted, "main")

    assert code != 0
    assert f"{TEXT}:" in said
    assert "FIELD-UNKNOWN" in said
    assert tip(drafted, server) == before
    drafted.git("revert", "--no-edit", "HEAD")
    assert push(drafted, "main")[0] == 0


def test_the_trunk_goes_neither_back_nor_away(drafted: Office, server: Path) -> None:
    before = tip(drafted, server)
    drafted.git("checkout", "-q", "-b", "other", "HEAD~1")
    drafted.git("commit", "-q", "--allow-empty", "-m", "Another way")

    assert "TRUNK-FORCED" in push(drafted, "--force", "other:main")[1]
    drafted.git("--git-dir", str(server), "config", "receive.denyDeleteCurrent", "false")
    assert "TRUNK-DELETED" in push(drafted, ":main")[1]

    assert tip(drafted, server) == before


def test_a_working_branch_is_told_and_taken(drafted: Office, server: Path) -> None:
    """New, moved back and gone: nobody works by it."""
    drafted.git("checkout", "-q", "-b", "work")
    broken(drafted)

    code, said = push(drafted, "work")

    assert (code, "FIELD-UNKNOWN" in said) == (0, True)
    assert "work is a working branch" in said or "work 为工作分支" in said
    drafted.git("reset", "-q", "--hard", "HEAD~1")
    assert push(drafted, "--force", "work")[0] == 0
    assert push(drafted, ":work")[0] == 0
    assert push(drafted, "HEAD:refs/tags/one")[0] == 0
    assert tip(drafted, server)


def test_a_hook_of_somebody_else_is_left_alone(drafted: Office, server: Path) -> None:
    own = server / "hooks" / "pre-receive"
    own.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    install = ("-C", str(server), "hook", "install", "--server")

    assert drafted.call(*install).findings == ("HOOK-THERE",)
    assert own.read_text(encoding="utf-8") == "#!/bin/sh\nexit 0\n"
    drafted.git("--git-dir", str(server), "config", "core.hooksPath", "/elsewhere")
    assert drafted.call(*install).findings == ("HOOK-ELSEWHERE",)


def test_what_a_forge_checks_out_is_judged_or_said_to_be_incomplete(
    drafted: Office, server: Path, tmp_path: Path
) -> None:
    """Cases 15 and 16: a merge request without the trunk's ref, then shallow."""
    drafted.git("checkout", "-q", "-b", "change")
    broken(drafted)
    drafted.git("push", "-q", "origin", "HEAD:refs/merge-requests/1/head")
    for depth, code, mend in (
        ((), "TRUNK-UNKNOWN", "git fetch origin +refs/heads/main:refs/remotes/origin/main"),
        (("--depth", "1"), "INCOMPLETE-CLONE", "git fetch --unshallow origin"),
    ):
        runner = Office(tmp_path / code, drafted.keys)
        runner.now = drafted.now
        runner.folder.mkdir()
        runner.git("init", "-q")
        runner.git("remote", "add", "origin", f"file://{server}")
        runner.git("fetch", "-q", *depth, "origin", "refs/merge-requests/1/head:refs/mr")
        runner.git("checkout", "-q", "--detach", "refs/mr")

        for words in (("check",), ("check", "--all"), ("publish",)):
            answer = runner.call(*words)
            assert (answer.code, answer.findings) == (3, (code,)), (words, answer)
            assert mend in answer.err
        if depth:
            runner.git(
                "fetch", "-q", "--unshallow", "origin", "+refs/heads/*:refs/remotes/origin/*"
            )
        else:
            runner.git("fetch", "-q", "origin", "+refs/heads/main:refs/remotes/origin/main")
        answer = runner.call("check")
        assert answer.code == 1
        assert "FIELD-UNKNOWN" in answer.findings


@pytest.mark.usefixtures("server")
def test_what_could_not_be_printed_is_not_taken(drafted: Office) -> None:
    """Row 82 (R): the gate asks what `check` asks."""
    drafted.write(TEXT, f"{drafted.text(TEXT)}\n<font>红</font>\n")
    drafted.git("commit", "-qam", "Colour")

    code, said = push(drafted, "main")

    assert (code != 0, "HTML-FORBIDDEN" in said) == (True, True), said


@pytest.mark.usefixtures("server")
def test_a_secret_that_was_taken_out_again_is_not_taken(drafted: Office) -> None:
    """Row 94 (LR): whoever has the history has it."""
    before = drafted.git("rev-parse", "HEAD")
    text = drafted.text(TEXT)
    drafted.write(TEXT, f"{text}\nghp_{'a1B2c3D4e' * 4}\n")
    drafted.git("commit", "-qam", "Secret")
    drafted.write(TEXT, f"{text}\n\n另一句。\n")
    drafted.git("commit", "-qam", "No secret")

    told = drafted.call("check")
    assert (told.code, told.findings) == (1, ("SECRET",))
    code, said = push(drafted, "main")
    assert (code != 0, "SECRET" in said) == (True, True), said
    drafted.git("reset", "-q", "--soft", "origin/main")
    drafted.git("commit", "-qm", "Anew")
    assert drafted.git("rev-parse", "HEAD^") == before
    assert push(drafted, "main")[0] == 0


def test_a_gate_in_a_work_folder_would_judge_nothing(drafted: Office) -> None:
    assert drafted.call("hook", "install", "--server").findings == ("HOOK-NOT-SHARED",)


@pytest.mark.parametrize("branch", ["master", "develop"])
def test_the_trunk_is_guarded_wherever_the_servers_head_is(
    drafted: Office, server: Path, branch: str
) -> None:
    """`git init --bare` gives `master`; and whoever moves HEAD's branch moves no gate."""
    drafted.git("--git-dir", str(server), "symbolic-ref", "HEAD", f"refs/heads/{branch}")
    before = tip(drafted, server)
    broken(drafted)

    code, said = push(drafted, "main")

    assert (code != 0, "FIELD-UNKNOWN" in said) == (True, True), said
    drafted.git("reset", "-q", "--hard", "HEAD~1")
    drafted.git("checkout", "-q", "--orphan", "nothing")
    drafted.git("commit", "-q", "--allow-empty", "-m", "Nothing")
    assert push(drafted, "--force", f"nothing:{branch}")[0] == 0
    assert "TRUNK-FORCED" in push(drafted, "--force", "nothing:main")[1]
    assert "TRUNK-DELETED" in push(drafted, ":main")[1]
    assert tip(drafted, server) == before


def _tens(office: Office, parent: str, folders: int, names: Sequence[str]) -> str:
    """A commit with a folder under some names: two files in ten folders in ten folders …"""
    lines = "".join(f"100644 blob {office.git('rev-parse', 'HEAD:qms.yaml')}\t{n}\n" for n in "ab")
    for _ in range(folders):
        made = _tree(office, lines)
        lines = "".join(f"040000 tree {made}\t{n}\n" for n in range(10))
    rows = "".join(f"040000 tree {made}\t{name}\n" for name in names)
    root = _tree(office, f"{office.git('ls-tree', 'HEAD')}\n{rows}")
    return office.git("commit-tree", "-m", "Bomb", "-p", parent, root)


def _tree(office: Office, lines: str) -> str:
    return subprocess.run(
        ["git", "mktree"], cwd=office.folder, input=lines, check=True, capture_output=True,
        encoding="utf-8",
    ).stdout.strip()  # fmt: skip


def test_what_no_clone_could_lay_out_is_not_taken(drafted: Office, server: Path) -> None:
    """A dozen folders, each of them in the next one ten times: also where nobody governs."""
    drafted.git("push", "-q", "origin", "main")
    before = tip(drafted, server)
    bomb = _tens(drafted, "HEAD", 12, ["zz"])

    code, said = push(drafted, f"{bomb}:main")

    assert (code != 0, "WORK-TREE-LIMIT" in said) == (True, True), said
    assert tip(drafted, server) == before


def test_what_no_clone_could_lay_out_is_not_taken_in_two_pushes(
    drafted: Office, server: Path
) -> None:
    """A folder of 220,000 files is taken, and the same under five more names is not."""
    first = _tens(drafted, "HEAD", 6, ["z0"])
    assert push(drafted, f"{first}:main")[0] == 0

    code, said = push(drafted, f"{_tens(drafted, first, 6, [f'z{n}' for n in range(6)])}:main")

    assert (code != 0, "WORK-TREE-LIMIT" in said) == (True, True), said
    assert tip(drafted, server) == first


def _many_at_root(office: Office, parent: str, count: int) -> str:
    """A commit with so many more files at the root."""
    blob = office.git("hash-object", "-w", "qms.yaml")
    known = office.git("ls-tree", "HEAD")
    names = "\n".join(f"100644 blob {blob}\tx{at:06}.yaml" for at in range(count))
    root = _tree(office, f"{known}\n{names}\n")
    return office.git("commit-tree", "-m", "Many", "-p", parent, root)


def test_more_names_at_the_root_than_anybody_has_are_not_looked_at(
    drafted: Office, server: Path
) -> None:
    """Row 320 (R: ROOT-MANY): no rule keeps a name at the root out, and each check looks at all."""
    before = tip(drafted, server)
    many = _many_at_root(drafted, "HEAD", 200_000)

    begun = monotonic()
    code, said = push(drafted, f"{many}:main")

    assert (code != 0, "ROOT-MANY" in said, monotonic() - begun < SOON) == (True, True, True), said
    assert (len(said) < 2000, tip(drafted, server)) == (True, before)


def test_many_names_at_the_root_that_got_in_keep_nobody_from_going_on(drafted: Office) -> None:
    """Past the gate, or before there was one: what takes some out again is no fault."""
    many = _many_at_root(drafted, "HEAD", 10_000)
    fewer = _many_at_root(drafted, many, 9_999)

    assert drafted.call("check", "--step", "HEAD", many).findings == ("ROOT-MANY",)
    assert drafted.call("check", "--step", many, fewer).findings == ()


LATER = "2096-11-04T08:00:00+08:00"


def test_a_gate_goes_by_its_own_clock(submitted: Office, tmp_path: Path) -> None:
    """Whoever pushes by path hands their environment over to the hook: it may be a rehearsal's.

    So may be their clone's settings; only the server's own turn its clock off.
    """
    folder = submitted.shared(tmp_path)
    submitted.environment["QMS_NOW"] = LATER
    submitted.qms("sign", NUMBER, by="fu.yi")
    before = tip(submitted, folder)
    elsewhere = tmp_path / "gitconfig"
    elsewhere.write_text("[qms]\n\trehearsal = true\n", encoding="utf-8")
    submitted.git("--git-dir", str(folder), "config", "include.path", str(elsewhere))

    for now in (LATER, "tomorrow", ""):
        code, said = push(submitted, "main", QMS_NOW=now, GIT_CONFIG_GLOBAL=str(elsewhere))
        assert (code != 0, "TIME-AHEAD" in said) == (True, True), said
        assert ("QMS_NOW" in said) == bool(now)
    assert tip(submitted, folder) == before

    submitted.git("--git-dir", str(folder), "config", "qms.rehearsal", "true")
    code, said = push(submitted, "main", QMS_NOW=LATER)
    assert (code, "QMS_NOW" in said, LATER in said) == (0, True, True), said


MANY = 201


def names(office: Office, git_dir: Path, place: str, count: int) -> list[str]:
    """So many new refs at HEAD, below a place of `git_dir`; gives their names."""
    head = office.git("rev-parse", "HEAD")
    made = [f"{place}/{at:03}" for at in range(count)]
    subprocess.run(
        ["git", "--git-dir", str(git_dir), "update-ref", "--stdin"],
        input="".join(f"create {one} {head}\n" for one in made), check=True, encoding="utf-8",
    )  # fmt: skip
    return made


def test_a_push_that_would_hold_the_gate_is_not_judged(drafted: Office, server: Path) -> None:
    """Each branch takes a judgement, and everybody who pushes waits meanwhile."""
    drafted.git("checkout", "-q", "-b", "work")
    broken(drafted)
    brought = names(drafted, drafted.folder / ".git", "refs/heads/many", MANY)

    code, said = push(drafted, *brought)

    assert (code != 0, "PUSH-LIMIT" in said, str(MANY) in said) == (True, True, True), said
    assert "FIELD-UNKNOWN" not in said
    listed = ("for-each-ref", "refs/heads/many")
    assert not drafted.git("--git-dir", str(server), *listed)
    code, said = push(drafted, *brought[:2])
    assert (code, said.count("FIELD-UNKNOWN")) == (0, 2), said


def test_what_takes_no_judgement_is_no_load(drafted: Office, server: Path) -> None:
    """Branches that go, and tags."""
    gone = names(drafted, server, "refs/heads/many", MANY)
    tags = names(drafted, drafted.folder / ".git", "refs/tags/many", MANY)

    assert push(drafted, *(f":{one}" for one in gone), *tags) == (0, "")
    listed = ("for-each-ref", "--format=%(refname)", "refs/heads/many", "refs/tags")
    assert drafted.git("--git-dir", str(server), *listed).splitlines() == tags


def test_a_server_whose_clones_would_be_empty_is_told(drafted: Office, tmp_path: Path) -> None:
    folder = tmp_path / "server.git"
    drafted.git("init", "-q", "--bare", "-b", "master", str(folder))

    said = drafted.qms("-C", str(folder), "hook", "install", "--server")

    command = re.search(r"git -C \S+ symbolic-ref HEAD refs/heads/main", said)
    assert command is not None, said
    subprocess.run(command[0].split(), check=True)
    assert "symbolic-ref" not in drafted.qms("-C", str(folder), "hook", "install", "--server")


def test_a_remote_that_is_called_like_an_option_is_none_in_a_command(
    drafted: Office, server: Path
) -> None:
    """Row 180 (L: TRUNK-UNKNOWN): git would run what it names, were it pasted."""
    drafted.git("config", "--rename-section", "remote.origin", "remote.--upload-pack=touch x;")
    for ref in ("main", "HEAD"):
        drafted.git("update-ref", "--no-deref", "-d", f"refs/remotes/origin/{ref}")
    drafted.git("checkout", "-q", "-b", "other")

    said = drafted.call("check").err

    assert "TRUNK-UNKNOWN" in said
    assert "git fetch -- '--upload-pack=touch x;' " in said
    assert server.exists()
