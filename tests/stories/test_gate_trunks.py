"""Which branches the gate guards once the trunk moves, and what else may be called like one."""

import re
import subprocess
from pathlib import Path

import pytest

from qms.testing.office import Office

TEXT = "documents/work-instruction/LX-WI-01.md"
SIGNERS = ("gao.feng", "guan.ning")


def broken(office: Office) -> None:
    office.edit(TEXT, "owner: technical\n", "ownr: technical\n")
    office.git("commit", "-qam", "Break the head")


def renamed(office: Office, trunk: str) -> None:
    """A policy that stands and names another trunk, not pushed yet."""
    office.edit("qms.yaml", "trunk: main\n", f"trunk: {trunk}\n")
    for signer in SIGNERS:
        office.qms("policy", "sign", by=signer)


def tip(office: Office, server: Path, branch: str) -> str:
    return office.git("--git-dir", str(server), "rev-parse", f"refs/heads/{branch}")


def test_the_old_trunk_stays_guarded_after_a_policy_names_another(
    drafted: Office, server: Path
) -> None:
    """Row 130 (R: TRUNK-FORCED): the old policy would rule again, and the new trunk lie open."""
    old = drafted.git("rev-parse", "HEAD")
    renamed(drafted, "release")
    assert drafted.push("main")[0] == 0
    assert drafted.push("HEAD:refs/heads/release")[0] == 0

    assert "TRUNK-FORCED" in drafted.push("--force", f"{old}:refs/heads/main")[1]
    broken(drafted)
    code, said = drafted.push("HEAD:refs/heads/release")

    assert (code != 0, "FIELD-UNKNOWN" in said) == (True, True), said
    assert tip(drafted, server, "release") == tip(drafted, server, "main") != old


@pytest.mark.usefixtures("server")
def test_whoever_signs_another_trunk_is_told_how_it_begins(drafted: Office) -> None:
    """Two commands, and all goes on there."""
    drafted.edit("qms.yaml", "trunk: main\n", "trunk: release\n")
    said = [drafted.qms("policy", "sign", by=signer) for signer in SIGNERS]
    drafted.git("push", "origin", "main")

    for command in re.findall(
        r"git (push origin \S+); then.*git (fetch), git (switch \S+)", said[1]
    )[0]:
        drafted.git(*command.split())

    assert "release is the trunk" not in said[0]
    assert drafted.git("branch", "--show-current") == "release"
    assert drafted.call("check", "--all").code == 0
    assert drafted.qms("submit", "LX-WI-01", by="gong.yi")


def test_a_trunk_named_by_a_trunk_that_was_named_is_guarded_too(
    drafted: Office, server: Path
) -> None:
    """Row 130 (R: FIELD-UNKNOWN): however often the trunk moved."""
    renamed(drafted, "release")
    drafted.push("main")
    drafted.push("HEAD:refs/heads/release")
    drafted.git("checkout", "-q", "-b", "release")
    drafted.git("fetch", "-q")
    drafted.edit("qms.yaml", "trunk: release\n", "trunk: third\n")
    for signer in SIGNERS:
        drafted.qms("policy", "sign", by=signer)
    assert drafted.push("HEAD:refs/heads/release")[0] == 0
    assert drafted.push("HEAD:refs/heads/third")[0] == 0
    broken(drafted)

    for branch in ("main", "release", "third"):
        code, said = drafted.push(f"HEAD:refs/heads/{branch}")
        assert (code != 0, "FIELD-UNKNOWN" in said) == (True, True), (branch, said)
    assert "third" in drafted.qms("-C", str(server), "hook", "install", "--server")


def test_what_comes_onto_a_new_trunk_first_goes_on_from_the_old_one(
    drafted: Office, server: Path
) -> None:
    """Row 131 (R: TRUNK-APART): else whoever is first founds another company there."""
    before = drafted.git("rev-parse", "HEAD")
    renamed(drafted, "release")
    assert drafted.push("main")[0] == 0
    for begin in ("--orphan", "-b"):
        drafted.git("checkout", "-q", begin, f"other{begin}", before)
        drafted.git("commit", "-q", "--allow-empty", "-m", "Another way")

        code, said = drafted.push("HEAD:refs/heads/release")

        assert (code != 0, "TRUNK-APART" in said) == (True, True), said
    drafted.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
    assert drafted.push("HEAD:refs/heads/release")[0] == 0
    assert tip(drafted, server, "release") == drafted.git("rev-parse", "HEAD")


@pytest.mark.usefixtures("server")
def test_what_comes_with_the_policy_that_names_it_is_judged_as_the_trunk(drafted: Office) -> None:
    """Row 131 (R: FIELD-UNKNOWN): in one push."""
    renamed(drafted, "release")
    policy = drafted.git("rev-parse", "HEAD")
    broken(drafted)

    code, said = drafted.push(f"{policy}:refs/heads/main", "HEAD:refs/heads/release")

    assert (code != 0, "FIELD-UNKNOWN" in said) == (True, True), said
    assert drafted.push(f"{policy}:refs/heads/main", f"{policy}:refs/heads/release")[0] == 0


@pytest.mark.parametrize(
    "ref",
    [
        "refs/heads/release",
        "refs/heads/Release",
        "refs/heads/release/x",
        "refs/heads/heads/release",
        "refs/tags/release",
        "refs/tags/Release",
        "refs/tags/heads/release",
        "refs/remotes/release",
        "refs/remotes/release/HEAD",
    ],
)
def test_a_name_that_somebody_took_is_no_trunk_until_it_is_cleared(
    drafted: Office, server: Path, ref: str
) -> None:
    """Row 132 (R: TRUNK-TAKEN): what was never judged would be everybody's trunk."""
    main = drafted.git("rev-parse", "HEAD")
    broken(drafted)
    assert drafted.push(f"HEAD:{ref}")[0] == 0
    drafted.git("reset", "-q", "--hard", main)
    renamed(drafted, "release")

    code, said = drafted.push("main")

    assert (code != 0, "TRUNK-TAKEN" in said) == (True, True), said
    command = re.search(r"git push origin --delete (\S+)`", said)
    assert command is not None, said
    assert drafted.push("--delete", command[1])[0] == 0
    assert drafted.push("main", "HEAD:refs/heads/release")[0] == 0
    assert tip(drafted, server, "release") == tip(drafted, server, "main") != main


def test_a_name_that_was_taken_before_the_gate_came_can_be_cleared(
    drafted: Office, server: Path
) -> None:
    """Row 132 (R: TRUNK-SQUATTED)"""
    main = drafted.git("rev-parse", "HEAD")
    broken(drafted)
    hook = server / "hooks" / "pre-receive"
    hook.rename(hook.with_suffix(".off"))
    drafted.push("HEAD:refs/heads/release")
    drafted.git("reset", "-q", "--hard", main)
    renamed(drafted, "release")
    drafted.push("main")
    hook.with_suffix(".off").rename(hook)

    code, said = drafted.push("--force", "HEAD:refs/heads/release")

    assert (code != 0, "TRUNK-SQUATTED" in said) == (True, True), said
    command = re.search(r"git (update-ref -d \S+)`", said)
    assert command is not None, said
    drafted.git("--git-dir", str(server), *command[1].split())
    assert drafted.push("HEAD:refs/heads/release")[0] == 0


def test_a_gate_for_a_branch_that_is_not_the_trunk_is_not_put_in(
    drafted: Office, server: Path
) -> None:
    """Row 133 (R: TRUNK-OTHER): it would say that all is well, and guard nothing."""
    renamed(drafted, "release")
    assert drafted.push("main", "HEAD:refs/heads/release")[0] == 0
    drafted.git("--git-dir", str(server), "update-ref", "-d", "refs/heads/main")
    install = ("-C", str(server), "hook", "install", "--server")

    answer = drafted.call(*install)

    assert (answer.code, answer.findings) == (1, ("TRUNK-OTHER",)), answer
    command = re.search(r"`qms (hook install [^`]*)`", answer.err)
    assert command is not None, answer.err
    drafted.qms("-C", str(server), *command[1].split())
    broken(drafted)
    assert "FIELD-UNKNOWN" in drafted.push("HEAD:refs/heads/release")[1]


def test_a_trunk_that_the_gate_was_not_put_in_for_is_not_begun(
    drafted: Office, tmp_path: Path
) -> None:
    """Row 133 (R: TRUNK-OTHER): the same, where the server was empty then."""
    server = tmp_path / "server.git"
    drafted.git("init", "-q", "--bare", "-b", "main", str(server))
    drafted.git("remote", "add", "origin", str(server))
    drafted.qms("-C", str(server), "hook", "install", "--server", "--trunk", "develop")

    code, said = drafted.push("main")

    assert (code != 0, "TRUNK-OTHER" in said) == (True, True), said
    drafted.qms("-C", str(server), "hook", "install", "--server")
    assert drafted.push("main")[0] == 0


@pytest.mark.parametrize("alias", ["refs/heads/master", "refs/for/review"])
def test_another_name_of_the_trunk_is_judged_as_the_trunk(
    drafted: Office, server: Path, alias: str
) -> None:
    """Row 134 (R: FIELD-UNKNOWN, TRUNK-DELETED): git writes to what a symbolic ref stands for."""
    before = tip(drafted, server, "main")
    git = ("--git-dir", str(server), "symbolic-ref")
    drafted.git(*git, "refs/heads/between", "refs/heads/main")
    drafted.git(*git, alias, "refs/heads/between")
    drafted.git("--git-dir", str(server), "config", "receive.denyDeleteCurrent", "false")
    broken(drafted)

    code, said = drafted.push(f"HEAD:{alias}")

    assert (code != 0, "FIELD-UNKNOWN" in said) == (True, True), said
    assert "TRUNK-DELETED" in drafted.push(f":{alias}")[1]
    assert tip(drafted, server, "main") == before


@pytest.mark.parametrize(
    "ref",
    [
        "refs/tags/main",
        "refs/tags/Main",
        "refs/tags/heads/main",
        "refs/main",
        "refs/remotes/main",
        "refs/remotes/main/HEAD",
        "refs/remotes/origin/main",
        "refs/tags/origin/main",
        "refs/heads/origin/main",
        "refs/tags/965b82473f12965b8247",
        "refs/heads/965b82473f12965b8247",
        "refs/heads/HEAD",
        "refs/heads/Main",
        "refs/heads/heads/main",
        "refs/heads/refs/heads/main",
        "refs/tags/refs/heads/main",
        "refs/remotes/refs/heads/main",
        "refs/refs/heads/main",
        "refs/tags/refs/heads/Main",
        "refs/heads/refs/heads/work",
        "refs/tags/refs/heads/work",
        "refs/tags/refs/tags/v1",
        "refs/origin/main",
        "refs/tags/origin",
        "refs/tags/FETCH_HEAD",
    ],
)
def test_nothing_is_called_like_what_people_mean_by_another_name(
    drafted: Office, server: Path, ref: str
) -> None:
    """Row 135 (R: REF-SHADOWS): after it `git push origin main` fails for everybody."""
    before = drafted.git("--git-dir", str(server), "for-each-ref")

    code, said = drafted.push(f"HEAD:{ref}")

    assert (code != 0, "REF-SHADOWS" in said) == (True, True), said
    assert drafted.git("--git-dir", str(server), "for-each-ref") == before
    drafted.git("update-ref", ref, "HEAD")
    command = re.search(r"git push origin (\S+)`", said)
    assert command is not None, said
    assert drafted.push(command[1])[0] == 0


CALLED = ("refs/tags/{:.7}", "refs/heads/{:.10}", "refs/tags/v1-3-g{:.7}", "refs/tags/{}")


@pytest.mark.parametrize("form", CALLED)
def test_a_ref_that_is_called_like_a_commit_is_at_that_commit(
    drafted: Office, server: Path, form: str
) -> None:
    """Row 135 (R: REF-SHADOWS): who types these digits would get another one."""
    first = drafted.git("rev-parse", "HEAD~1")
    ref = form.format(first)

    code, said = drafted.push(f"HEAD:{ref}")

    assert (code != 0, "REF-SHADOWS" in said, first in said) == (True, True, True), said
    drafted.git("update-ref", ref, "HEAD")
    command = re.search(r"git push origin (\S+)`", said)
    assert command is not None, said
    assert drafted.push(command[1])[0] == 0
    assert drafted.push(f"{first}~0:{ref}")[0] == 0, "it is no other one"
    assert "REF-SHADOWS" in drafted.push("-f", f"HEAD:{ref}")[1]
    assert drafted.git("--git-dir", str(server), "rev-parse", ref) == first


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(
    "name", ["deadbeef", "20261129", "2026-11", "202611291230", "v1-3-gabcdef1", "cafe", "facade12"]
)
def test_a_ref_may_be_called_by_hex_digits_that_begin_no_commits_id(
    drafted: Office, name: str
) -> None:
    """REF-SHADOWS is for what is a commit's name: a date is none."""
    assert drafted.push(f"HEAD:refs/heads/{name}", f"HEAD:refs/tags/t/{name}")[0] == 0


def test_refs_that_the_gate_would_refuse_are_told_when_it_is_put_in(
    drafted: Office, server: Path
) -> None:
    """REF-SHADOWS: what was there before nobody judged; it is renamed."""
    hook = server / "hooks" / "pre-receive"
    hook.unlink()
    first = drafted.git("rev-parse", "HEAD~1")
    there = ("refs/tags/main", f"refs/tags/{first[:8]}", "refs/heads/origin/main")
    assert drafted.push(*(f"HEAD:{ref}" for ref in there), "HEAD:refs/heads/work")[0] == 0

    said = drafted.qms("-C", str(server), "hook", "install", "--server")

    commands = re.findall(r"rename it: (git -C .*)", said)
    assert len(commands) == len(there), said
    for command in commands:
        subprocess.run(["/bin/sh", "-c", command], check=True)
    refs = drafted.git("--git-dir", str(server), "for-each-ref", "--format=%(refname)").split()
    assert not set(there) & set(refs)
    assert len(refs) == len(there) + 2
    assert "rename it" not in drafted.qms("-C", str(server), "hook", "install", "--server")


def test_no_branch_is_a_folder_of_the_trunks_name(drafted: Office, tmp_path: Path) -> None:
    """Row 161 (R: REF-SHADOWS): git would refuse the trunk then, and name no way out."""
    folder = tmp_path / "server.git"
    drafted.git("init", "-q", "--bare", "-b", "main", str(folder))
    drafted.git("remote", "add", "origin", str(folder))
    drafted.qms("-C", str(folder), "hook", "install", "--server")

    code, said = drafted.push("HEAD:refs/heads/main/x")

    assert (code != 0, "REF-SHADOWS" in said) == (True, True), said
    assert drafted.push("HEAD:refs/heads/mainly/x", "HEAD:refs/heads/x/main")[0] == 0
    assert drafted.push("main")[0] == 0


def test_the_trunk_in_another_spelling_may_go_and_a_policy_may_name_it(
    drafted: Office, server: Path
) -> None:
    """Row 177 (R: REF-SHADOWS, TRUNK-APART): where the disk is blind for case it is the trunk."""
    first = drafted.git("rev-parse", "HEAD~1")
    assert "REF-SHADOWS" in drafted.push(f"{first}:refs/heads/Main")[1]
    drafted.git("--git-dir", str(server), "update-ref", "refs/heads/Main", first)
    assert "REF-SHADOWS" in drafted.push("HEAD:refs/heads/Main")[1]
    assert "TRUNK-DELETED" in drafted.push(":refs/heads/main")[1]
    assert drafted.push(":refs/heads/Main")[0] == 0
    assert "TRUNK-DELETED" in drafted.push(":refs/heads/MAIN")[1]

    renamed(drafted, "Main")
    assert drafted.push("main")[0] == 0
    assert "TRUNK-APART" in drafted.push(f"{first}:refs/heads/Main")[1]
    assert drafted.push("HEAD:refs/heads/Main")[0] == 0
    broken(drafted)
    assert "FIELD-UNKNOWN" in drafted.push("HEAD:refs/heads/Main")[1]


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("name", ["\u3000work", "a\u00a0b", "a\u2028b", "a\x85b", "草稿"])
def test_a_branch_may_be_called_by_any_white_space_that_git_allows(
    drafted: Office, name: str
) -> None:
    """Row 136 (R: FIELD-UNKNOWN): such a name would refuse all that is pushed with it."""
    assert drafted.push(f"HEAD:refs/heads/{name}", "HEAD:refs/heads/other")[0] == 0
    broken(drafted)
    code, said = drafted.push(f"HEAD:refs/heads/{name}")
    assert (code, "FIELD-UNKNOWN" in said) == (0, True), said


def test_a_command_of_a_mend_runs_nothing_that_somebody_pushed(
    drafted: Office, tmp_path: Path
) -> None:
    """Row 180 (R: TRUNK-TAKEN): the name of a branch is a word of it, whatever it holds."""
    server = drafted.shared(tmp_path)
    ref = f"refs/heads/release/x;touch${{IFS}}{tmp_path}/ran"
    drafted.git("--git-dir", str(server), "update-ref", ref, drafted.git("rev-parse", "HEAD"))
    renamed(drafted, "release")

    said = drafted.push("main")[1]
    command = re.search(r"`(git push origin --delete [^`]+)`", said)

    assert "TRUNK-TAKEN" in said
    assert command is not None, said
    subprocess.run(["sh", "-c", command[1]], cwd=drafted.folder, check=True)
    assert not (tmp_path / "ran").exists()
    assert ref not in drafted.git("--git-dir", str(server), "for-each-ref")
