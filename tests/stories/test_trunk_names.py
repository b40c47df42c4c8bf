"""What a policy may call the trunk: else all is unknown after it, and no command gets there."""

import re
from pathlib import Path

import pytest

from qms.jobs.dangers.trunk_names import trunk_fault
from qms.testing.mended import done, named
from qms.testing.office import Office

SIGNERS = ("gao.feng", "guan.ning")
BAD = {
    "origin/main": "main",
    "origin/release": "release",
    "origin": "origin-trunk",
    "refs/heads/release": "release",
    "heads/main": "main",
    "remotes/origin/main": "main",
    "tags/x": "x",
    "HEAD": "main",
    "FETCH_HEAD": "main",
    "main..x": "main-x",
    "main.lock": "main",
    "x.lock/y": "x-/y",
    "x//y": "x-y",
    "x/.y": "x-y",
    "x/y.": "x/y",
    "main/": "main",
    "main/x": "main-x",
    "Main/x": "Main-x",
    "deadbeef": "deadbeef-trunk",
    "v1-g0123456789": "v1-g0123456789-trunk",
    "x" * 300: "x" * 100,
}


def test_a_trunk_that_can_be_none_is_told_with_one_that_can() -> None:
    """And that one is no other fault."""
    for name, like in BAD.items():
        fault = trunk_fault(name, {"main"})

        assert fault is not None, name
        assert fault.values["like"] == like
        assert trunk_fault(like, {"main"}) is None


def test_no_name_is_offered_that_stands_in_the_way_of_an_earlier_trunk() -> None:
    for name in ("HEAD", "main.lock", "main"):
        fault = trunk_fault(name, {"main/x"})

        assert fault is not None
        assert fault.values["like"] == "main-trunk"
        assert trunk_fault("main-trunk", {"main/x"}) is None


@pytest.mark.parametrize(
    "name", ["release", "Main", "trunk/2026", "v1.0", "x.locked", "a-b_c", "origins/x", "2026-11"]
)
def test_a_trunk_may_be_called_as_branches_are(name: str) -> None:
    assert trunk_fault(name, {"main"}) is None


def test_what_is_the_trunk_already_may_be_so_further_on() -> None:
    """People may live with it: a later version about something else says the same again."""
    for name in BAD:
        assert trunk_fault(name, {"main", name}) is None


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("name", ["origin/main", "main.lock", "HEAD", "main/"])
def test_check_and_policy_sign_refuse_it_at_its_line(drafted: Office, name: str) -> None:
    """Row 184 (LS: TRUNK-NAME): nothing is signed, and the line that is named mends it."""
    head = drafted.git("rev-parse", "HEAD")
    drafted.edit("qms.yaml", "trunk: main\n", f"trunk: {name}\n")

    check = drafted.call("check")
    signed = drafted.call("policy", "sign", by=SIGNERS[0])

    line = drafted.text("qms.yaml").splitlines().index(f"trunk: {name}") + 1
    assert check.lines["TRUNK-NAME"] == f"qms.yaml:{line}"
    assert (signed.code, signed.findings) == (1, ("TRUNK-NAME",)), signed
    assert drafted.git("rev-parse", "HEAD") == head
    like = re.search(r"`(trunk: \S+)`", signed.err)
    assert like is not None, signed.err
    drafted.edit("qms.yaml", f"trunk: {name}\n", f"{like[1]}\n# mended\n")
    for signer in SIGNERS:
        drafted.qms("policy", "sign", by=signer)


def test_who_signed_it_and_shared_it_with_nobody_takes_it_back(
    drafted: Office, server: Path
) -> None:
    """Row 184 (L: TRUNK-NAME): by the commands that are printed."""
    before = drafted.git("rev-parse", "HEAD")
    drafted.edit("qms.yaml", "trunk: main\n", "trunk: release\n")
    for signer in SIGNERS:
        drafted.qms("policy", "sign", by=signer)
    drafted.edit("qms.yaml", "trunk: release\n", "trunk: release/x\n")
    said = drafted.call("policy", "sign", by=SIGNERS[0])
    assert "release" in said.err
    commands = [one for one in named(said.out + said.err, "TRUNK-NAME") if one.startswith("git re")]

    done(drafted, *commands)

    assert drafted.git("rev-parse", "HEAD") == before
    assert not (drafted.folder / "policy" / "0002").exists()
    drafted.edit("qms.yaml", "trunk: release/x\n", "trunk: release\n")
    for signer in SIGNERS:
        drafted.qms("policy", "sign", by=signer)
    assert drafted.push("main") == (0, "")
    assert drafted.git("--git-dir", str(server), "rev-parse", "main") != before
