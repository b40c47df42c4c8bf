"""A policy version that was filed by a clock years ahead: the quorum in force ends it."""

from pathlib import Path

import pytest

from qms.testing.mended import done, named
from qms.testing.office import Office

SIGNERS = ("gao.feng", "guan.ning")
YEARS = 1200
TEXT = "documents/work-instruction/LX-WI-01.md"


def file_next(office: Office, comment: str) -> None:
    """The quorum signs the next version, with a comment more."""
    office.edit("people.yaml", "persons:\n", f"# {comment}\npersons:\n")
    for signer in SIGNERS:
        office.qms("policy", "sign", by=signer)


@pytest.fixture
def ahead(drafted: Office, server: Path) -> Office:
    """LX, whose version 2 was filed years ahead and came past the gate."""
    drafted.later(days=YEARS)
    file_next(drafted, "ahead")
    drafted.later(days=-YEARS)
    hook = server / "hooks" / "pre-receive"
    hook.rename(hook.with_suffix(".off"))
    assert drafted.push("main")[0] == 0
    hook.with_suffix(".off").rename(hook)
    return drafted


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_two_versions_end_one_that_is_ahead(ahead: Office, lang: str) -> None:
    """Row 185 (LRV: POLICY-AHEAD): as the message says, also once its time has come."""
    told = ahead.call("check", "--all", lang=lang)
    assert told.findings == ("POLICY-AHEAD",) or lang == "zh"
    assert named(told.out, "POLICY-AHEAD")[-1] == "qms policy sign"

    file_next(ahead, "first")
    assert ahead.push("main")[0] == 0
    assert ahead.call("check", "--all").findings == ("POLICY-AHEAD",)
    file_next(ahead, "second")

    assert ahead.push("main") == (0, "")
    for days in (0, 2 * YEARS):
        ahead.later(days=days)
        assert ahead.call("check", "--all").code == 0
        assert ahead.call("verify").code == 0
    assert "# ahead" in ahead.text("people.yaml")


def test_one_version_alone_does_not_end_it(ahead: Office) -> None:
    """Row 185 (V: POLICY-AHEAD, POLICY-DISPLACED): its signers had seen it, so it is the later."""
    file_next(ahead, "first")
    ahead.git("push", "-q", "origin", "main")

    assert "POLICY-AHEAD" in ahead.call("verify").findings
    ahead.later(days=2 * YEARS)
    assert "POLICY-DISPLACED" in ahead.call("verify").findings


def test_one_whose_keepers_are_others_is_not_ended_without_them(
    drafted: Office, server: Path
) -> None:
    """Row 185 (V: POLICY-AHEAD): when its time comes it would be the one in force."""
    hook = server / "hooks" / "pre-receive"
    hook.rename(hook.with_suffix(".off"))
    mine = "holders: [{person: gao.feng}, {person: guan.ning}, {person: ye.wu}]"
    drafted.later(days=YEARS)
    drafted.edit("people.yaml", mine, mine.replace("guan.ning", "wen.kong"))
    file_next(drafted, "ahead")
    drafted.push("main")
    drafted.later(days=-YEARS)
    drafted.edit("people.yaml", mine.replace("guan.ning", "wen.kong"), mine)
    for comment in ("first", "second"):
        file_next(drafted, comment)
        drafted.push("main")

    assert drafted.call("verify").findings == ("POLICY-AHEAD",)
    drafted.later(days=2 * YEARS)
    assert "POLICY-DISPLACED" in drafted.call("verify").findings


def test_what_follows_one_that_is_ahead_ends_with_it(drafted: Office, server: Path) -> None:
    """Row 185 (LV: POLICY-AHEAD)"""
    hook = server / "hooks" / "pre-receive"
    hook.rename(hook.with_suffix(".off"))
    drafted.later(days=YEARS)
    for comment in ("ahead", "further"):
        file_next(drafted, comment)
        drafted.push("main")
    drafted.later(days=-YEARS)
    hook.with_suffix(".off").rename(hook)
    told = drafted.call("check", "--all")
    assert set(told.findings) == {"POLICY-AHEAD", "POLICY-FILE"}, "the root has the second one"
    done(drafted, *(one for one in named(told.out, "POLICY-FILE") if one.startswith("git ")))

    for comment in ("first", "second"):
        file_next(drafted, comment)
        assert drafted.push("main")[0] == 0

    assert drafted.call("check", "--all").code == 0
    drafted.later(days=2 * YEARS)
    assert drafted.call("verify").code == 0


def test_what_nobody_has_yet_is_taken_back_and_signed_again(drafted: Office, server: Path) -> None:
    """Row 185 (L: POLICY-AHEAD): by the commands that are printed."""
    drafted.later(days=YEARS)
    file_next(drafted, "ahead")
    drafted.later(days=-YEARS)
    said = drafted.call("check")
    commands = [one for one in named(said.out, "POLICY-AHEAD") if one.startswith("git ")]

    done(drafted, *commands)
    for signer in SIGNERS:
        drafted.qms("policy", "sign", by=signer)

    assert drafted.push("main") == (0, "")
    assert drafted.call("check", "--all").code == 0
    assert sorted(one.name for one in (drafted.folder / "policy").iterdir()) == ["0001", "0002"]
    assert server.exists()


def test_what_is_taken_back_is_ones_own(drafted: Office, server: Path, tmp_path: Path) -> None:
    """Row 225 (L: POLICY-AHEAD): whatever the remote is called, and had others pushed meanwhile.

    A step back to what they pushed would stage that theirs is undone, for the next commit to take.
    """
    other = drafted.copy(tmp_path / "other")
    drafted.git("remote", "rename", "origin", "company")
    drafted.later(days=YEARS)
    file_next(drafted, "ahead")
    drafted.later(days=-YEARS)
    other.edit(TEXT, "owner: technical\n", "owner: technical\ntitle_en: Work\n")
    other.git("commit", "-qam", "Add a title")
    assert other.push("main") == (0, "")
    drafted.git("fetch", "-q", "company")
    said = drafted.call("check")

    done(drafted, *(one for one in named(said.out, "POLICY-AHEAD") if one.startswith("git ")))

    assert drafted.status == "M  people.yaml"
    assert drafted.git("rev-parse", "HEAD") == other.git("rev-parse", "HEAD^")
    assert server.exists()


def test_an_agreement_that_is_ahead_is_left_by_changing_the_files(drafted: Office) -> None:
    """Row 185 (S: CLOCK): nobody waits for years for the second signature."""
    drafted.later(days=YEARS)
    drafted.edit("people.yaml", "persons:\n", "# ahead\npersons:\n")
    drafted.qms("policy", "sign", by=SIGNERS[0])
    drafted.later(days=-YEARS)
    refused = drafted.call("policy", "sign", by=SIGNERS[1])
    assert refused.findings == ("CLOCK",)
    assert named(refused.err, "CLOCK")[-1] == "qms policy sign"

    file_next(drafted, "in time")

    assert not drafted.status
    assert drafted.call("check", "--all").code == 0
