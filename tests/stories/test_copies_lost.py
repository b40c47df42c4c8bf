"""Copies that are declared lost: in the place of each its holder gets another one."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing import DocsRepo, Told
from qms.testing.attacks import copied, gate
from qms.testing.ruled import LIST, SHEET, codes, entry, issued_by, ruled
from qms.testing.uniting import united


@pytest.fixture(scope="session")
def _released(tmp_path_factory: pytest.TempPathFactory) -> DocsRepo:
    """LX-WI-01 A/0; wang.wu issues copies."""
    return issued_by(tmp_path_factory.mktemp("lost"), "wang.wu")


@pytest.fixture
def repo(_released: DocsRepo, tmp_path: Path) -> DocsRepo:
    return copied(_released, tmp_path / "repo")


@pytest.mark.parametrize("by", ["777", "002"], ids=["nobodys", "anothers"])
def test_a_lost_copy_is_replaced_by_one_that_its_holder_got(repo: DocsRepo, by: str) -> None:
    """Row 145 (LRV): else a paper is out nowhere, and nobody has another one."""
    repo.issue(SHEET, "001", "li.si")
    text = repo.released(SHEET)[-1].content
    theirs = {"content": text, "department": "quality", "holder": "sun.ba", "place": None}
    repo.event("issue", SHEET, "002", data={**theirs, "quantity": 1})
    clean = repo.tip

    repo.event("replace", SHEET, "001", data={"by": by}, reason="遗失")

    wanted = [Told("REPLACED-BY", LIST)]
    assert repo.check(whole=True) == repo.verify() == gate(repo, clean, repo.tip) == wanted
    ruling = f"qms annul {SHEET} {entry(repo, 'replace')[:16]} --reason …"
    told = repo.qms("check", "--all").out
    assert f"`{ruling}`" in told
    assert f"`{ruling}`" in repo.qms("--lang", "zh", "check", "--all").out
    ruled(repo, *ruling.removesuffix(" --reason …").split()[1:])
    assert (repo.verify(), codes(repo)) == ([], [])
    again = ("replace", SHEET, "001", "--revision", "A/0", "--all", "--reason", "遗失")
    assert f"`qms {' '.join(again[:-2])} --reason …`" in told
    assert repo.qms(*again, by="wang.wu").code == 0
    assert (repo.verify(), codes(repo)) == ([], [])


def test_two_copies_that_are_lost_for_each_others_sake_leave_nobody_a_paper(repo: DocsRepo) -> None:
    """Row 145 (LRV: REPLACED-BY)"""
    for copy in ("001", "002", "003"):
        repo.issue(SHEET, copy, "li.si")
    repo.event("replace", SHEET, "001", data={"by": "002"}, reason="遗失")
    repo.event("replace", SHEET, "002", data={"by": "003"}, reason="遗失")
    assert (repo.check(whole=True), repo.verify()) == ([], [])
    clean = repo.tip
    repo.event("replace", SHEET, "003", data={"by": "001"}, reason="遗失")

    wanted = [Told("REPLACED-BY", LIST.replace("001", copy)) for copy in ("001", "002", "003")]
    assert repo.check(whole=True) == repo.verify() == wanted
    assert gate(repo, clean, repo.tip) == wanted[-1:]
    ruled(repo, "annul", SHEET, entry(repo, "replace", copy="003")[:16])
    assert (repo.verify(), codes(repo)) == ([], [])


def declared(repo: DocsRepo, by: str, copy: str = "001") -> None:
    """Somebody who may declares a copy lost, by hand."""
    repo.event("replace", SHEET, copy, revision="A/0", data={"by": by}, reason="遗失")


def twice_lost(repo: DocsRepo) -> None:
    repo.branch("other")
    declared(repo, "777")
    repo.checkout("main")
    declared(repo, "888")
    united(repo, "other")


def out_again(repo: DocsRepo) -> None:
    declared(repo, "777")
    repo.issue(SHEET, "001", "li.si")


def out_of_two(repo: DocsRepo) -> None:
    repo.release(SHEET)
    assert repo.qms("issue", SHEET, "--to", "li.si", by="wang.wu").code == 0
    declared(repo, "777")


def in_a_circle(repo: DocsRepo) -> None:
    repo.issue(SHEET, "002", "li.si")
    declared(repo, "002")
    declared(repo, "001", "002")


def of_a_void_text(repo: DocsRepo) -> None:
    declared(repo, "777")
    ruled(repo, "annul", SHEET, "A/0")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("make", [twice_lost, out_again, out_of_two, in_a_circle, of_a_void_text])
def test_both_commands_end_a_loss_that_gave_nobody_a_paper(
    repo: DocsRepo, make: Callable[[DocsRepo], None], lang: str
) -> None:
    """Row 145 (L: REPLACED-BY): whatever else is forged about that number."""
    repo.issue(SHEET, "001", "li.si")
    make(repo)
    commands: list[str] = []
    while "REPLACED-BY" in codes(repo):
        said = repo.qms("--lang", lang, "check", "--all").out.partition("REPLACED-BY")[2]
        commands = re.findall(r"`(qms [^`]+) --reason …`", said)[:2]
        ruled(repo, *commands[0].split()[1:])

    if commands[1].startswith("qms annul"):
        ruled(repo, *commands[1].split()[1:])
    else:
        answer = repo.qms(*commands[1].split()[1:], "--reason", "遗失", by="wang.wu")
        assert answer.code == 0, answer

    assert (repo.verify(), codes(repo)) == ([], [])


def test_of_an_issue_that_was_annulled_nothing_was_lost(repo: DocsRepo) -> None:
    """REPLACED-BY"""
    repo.issue(SHEET, "001", "li.si")
    declared(repo, "777")

    ruled(repo, "annul", SHEET, entry(repo, "issue")[:16])

    assert (repo.verify(), codes(repo)) == ([], [])


def test_what_took_a_lost_ones_place_may_come_back_or_be_lost(repo: DocsRepo) -> None:
    """REPLACED-BY: what a holder has later is no question of the loss."""
    repo.issue(SHEET, "001", "li.si")
    for copy in ("001", "002"):
        assert repo.qms("replace", SHEET, copy, "--reason", "遗失", by="wang.wu").code == 0
    assert repo.qms("return", SHEET, "003", by="wang.wu").code == 0

    assert (repo.verify(), codes(repo)) == ([], [])


def test_of_a_paper_that_turns_up_after_it_was_replaced_is_told_what_to_do(repo: DocsRepo) -> None:
    """Its number is void for ever: `return` said only that no such copy is out."""
    repo.issue(SHEET, "001", "li.si")
    assert repo.qms("replace", SHEET, "001", "--reason", "遗失", by="wang.wu").code == 0

    told = repo.qms("return", SHEET, "1", by="wang.wu")

    assert told.findings == ("COPY-LOST",)
    assert "copy 001 of LX-WI-01 was declared lost" in told.err
    assert "replaced by 002" in told.err
    assert "destroy it" in told.err
