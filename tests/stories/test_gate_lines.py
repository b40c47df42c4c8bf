"""Lines of a push that git does not carry out: nothing is allowed because of what they would do.

git hands a gate whatever the client says of where a ref is, and compares that only when it moves
it; it moves each ref by itself, and one that it refuses stops no other.
"""

import subprocess
from pathlib import Path

import pytest

from qms.testing.office import Office

TEXT = "documents/work-instruction/LX-WI-01.md"
SIGNERS = ("gao.feng", "guan.ning")
NONE = "0" * 40
MAIN, RELEASE = "refs/heads/main", "refs/heads/release"
# Signature, version 2, no objects; and the checksum of that.
EMPTY_PACK = b"PACK\0\0\0\2\0\0\0\0" + bytes.fromhex("029d08823bd8a8eab510ad6ac75c823cfd3ed31e")


def received(server: Path, *lines: str) -> str:
    """What a client is told that says by itself where each ref is; the commits are there."""
    with subprocess.Popen(
        ["git", "receive-pack", str(server)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as push:
        assert push.stdout is not None
        while (size := int(push.stdout.read(4), 16)) > 0:
            push.stdout.read(size - 4)
        texts = [f"{lines[0]}\0report-status side-band-64k", *lines[1:]]
        sent = "".join(f"{len(one) + 4:04x}{one}" for one in texts).encode() + b"0000"
        brings = any(one.split()[1] != NONE for one in lines)
        return push.communicate(sent + EMPTY_PACK * brings)[0].decode(errors="replace")


def refs(office: Office, server: Path) -> dict[str, str]:
    listed = office.git(
        "--git-dir", str(server), "for-each-ref", "--format=%(refname) %(objectname)"
    )
    return dict(line.split() for line in listed.splitlines())


def prepared(office: Office) -> tuple[str, str, str]:
    """main, the policy that makes release the trunk, and a broken text after it."""
    main = office.git("rev-parse", "HEAD")
    office.edit("qms.yaml", "trunk: main\n", "trunk: release\n")
    for signer in SIGNERS:
        office.qms("policy", "sign", by=signer)
    policy = office.git("rev-parse", "HEAD")
    office.edit(TEXT, "owner: technical\n", "ownr: technical\n")
    office.git("commit", "-qam", "Break the head")
    return main, policy, office.git("rev-parse", "HEAD")


@pytest.mark.parametrize(
    ("there", "lines"),
    [
        # what squats the name is said not to be there, and would stay
        (RELEASE, ("{main} {policy} refs/heads/main", "{none} {policy} refs/heads/release")),
        # … or to be taken away
        (f"{RELEASE}/x", ("{main} {policy} refs/heads/main", "{main} {none} refs/heads/release/x")),
        ("refs/tags/release", ("{main} {policy} refs/heads/main", "{main} {none} {there}")),
        # a branch that is not there is said to be
        ("refs/heads/x", ("{policy} {broken} refs/heads/release",)),
        # the trunk itself
        ("refs/heads/x", ("{broken} {policy} refs/heads/main",)),
        ("refs/heads/x", ("{one} {none} refs/heads/main",)),
        # a name that waits for its commit is said to move to that
        ("refs/tags/{policy:.9}", ("{main} {policy} refs/heads/main", "{one} {policy} {there}")),
    ],
)
def test_a_push_that_is_wrong_about_where_a_ref_is_moves_nothing(
    drafted: Office, server: Path, there: str, lines: tuple[str, ...]
) -> None:
    """Row 230 (R: PUSH-STALE): what comes with it was allowed for what never happens."""
    main, policy, broken = prepared(drafted)
    place = there.format(policy=policy)
    values = {"main": main, "policy": policy, "broken": broken, "there": place}
    tip = main if policy[:9] in place else broken
    drafted.git("--git-dir", str(server), "fetch", "-q", str(drafted.folder), f"{broken}:refs/x/y")
    drafted.git("--git-dir", str(server), "update-ref", place, tip)
    before = refs(drafted, server)

    said = received(server, *(one.format(none=NONE, one="1" * 40, **values) for one in lines))

    assert "PUSH-STALE" in said, said
    assert refs(drafted, server) == before


@pytest.mark.parametrize("alias", ["", "refs/heads/master", "refs/for/review"])
def test_a_ref_that_is_named_twice_is_not_moved(drafted: Office, server: Path, alias: str) -> None:
    """Row 231 (R: PUSH-TWICE): the gate went by the last line, and git did the first."""
    main, policy, broken = prepared(drafted)
    assert drafted.push(f"{broken}:refs/heads/other")[0] == 0
    if alias:
        drafted.git("--git-dir", str(server), "symbolic-ref", alias, MAIN)
        drafted.git("--git-dir", str(server), "symbolic-ref", "refs/heads/third", MAIN)
    before = refs(drafted, server)

    said = received(
        server,
        f"{main} {policy} {alias or MAIN}",
        f"{main} {main} {'refs/heads/third' if alias else MAIN}",
        f"{NONE} {broken} {RELEASE}",
    )

    assert "PUSH-TWICE" in said, said
    assert refs(drafted, server) == before


def test_a_branch_and_its_other_name_move_together(drafted: Office, server: Path) -> None:
    """PUSH-TWICE is for what could differ: git moves the branch once."""
    drafted.git("--git-dir", str(server), "symbolic-ref", "refs/heads/master", MAIN)
    drafted.git("commit", "-q", "--allow-empty", "-m", "One more")

    assert drafted.push(f"HEAD:{MAIN}", "HEAD:refs/heads/master") == (0, "")

    assert refs(drafted, server)[MAIN] == drafted.git("rev-parse", "HEAD")


def test_who_pushes_while_somebody_else_did_fetches_and_pushes_again(
    drafted: Office, server: Path
) -> None:
    """Row 230 (R: PUSH-STALE): between the two git asked the server where its branches are."""
    drafted.git("checkout", "-q", "-b", "work")
    drafted.git("push", "-q", "-u", "origin", "work")
    drafted.git("commit", "-q", "--allow-empty", "-m", "Theirs")
    theirs = drafted.git("rev-parse", "HEAD")
    drafted.git("commit", "-q", "--allow-empty", "-m", "Ours")
    hook = drafted.folder / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nexec git push -q --no-verify {server} {theirs}:refs/heads/work\n")
    hook.chmod(0o755)

    code, said = drafted.push("work")

    assert (code != 0, "PUSH-STALE" in said, theirs[:12] in said) == (True, True, True), said
    assert refs(drafted, server)["refs/heads/work"] == theirs
    hook.unlink()
    drafted.git("fetch")
    assert drafted.push("work") == (0, "")


def refusing(server: Path, ref: str) -> None:
    """The server's keeper lets nobody move this one: git asks when the gate has judged."""
    hook = server / "hooks" / "update"
    hook.write_text(f'#!/bin/sh\ntest "$1" != {ref}\n')
    hook.chmod(0o755)


@pytest.mark.parametrize("how", ["by a hook", "by a setting"])
@pytest.mark.parametrize(
    ("ref", "moves"),
    [(RELEASE, "HEAD:"), (f"{RELEASE}/x", ":"), (RELEASE, ":"), ("refs/tags/release", "HEAD:")],
)
def test_what_is_in_a_trunks_way_stays_there_while_the_push_would_move_it(
    drafted: Office, server: Path, ref: str, moves: str, how: str
) -> None:
    """Row 232 (R: TRUNK-TAKEN): the server refuses that move alone, by its own settings."""
    _, policy, broken = prepared(drafted)
    assert drafted.push(f"{broken}:{ref}")[0] == 0
    drafted.git("reset", "-q", "--hard", policy)
    if how == "by a setting":
        for setting in ("denyNonFastForwards", "denyDeletes"):
            drafted.git("--git-dir", str(server), "config", f"receive.{setting}", "true")
    else:
        refusing(server, ref)
    before = refs(drafted, server)

    code, said = drafted.push("--force", f"HEAD:{MAIN}", f"{moves}{ref}")

    assert (code != 0, "TRUNK-TAKEN" in said) == (True, True), said
    assert refs(drafted, server) == before
    drafted.git("--git-dir", str(server), "update-ref", "-d", ref)
    (server / "hooks" / "update").unlink(missing_ok=True)
    assert drafted.push(f"HEAD:{MAIN}", f"HEAD:{RELEASE}")[0] == 0


@pytest.mark.parametrize("moves", ["HEAD:", ":"])
def test_a_name_that_waits_for_its_commit_stays_while_the_push_would_move_it(
    drafted: Office, server: Path, moves: str
) -> None:
    """Row 233 (R: REF-SHADOWS-COMMIT): who types these digits would get the other one."""
    before = drafted.git("rev-parse", "HEAD")
    drafted.git("commit", "-q", "--allow-empty", "-m", "One more")
    tag = f"refs/tags/{drafted.git('rev-parse', 'HEAD'):.9}"
    assert drafted.push(f"{before}:{tag}") == (0, "")
    refusing(server, tag)

    code, said = drafted.push("--force", f"HEAD:{MAIN}", f"{moves}{tag}")

    assert (code != 0, "REF-SHADOWS-COMMIT" in said) == (True, True), said
    assert refs(drafted, server) == {MAIN: before, tag: before}
    (server / "hooks" / "update").unlink()
    assert drafted.push(f":{tag}") == (0, "")
    assert drafted.push(f"HEAD:{MAIN}") == (0, "")
