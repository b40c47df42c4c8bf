"""Copies whose events have no effect: annulled by the chain, or not taken by a later policy.

One ledger answers whether a copy is out: the lists, `todo`, the commands and the rules ask it.
"""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from qms.testing import DocsRepo, Told
from qms.testing.attacks import copied, gate
from qms.testing.ruled import LIST, SHEET, codes, entry, issued_by, ruled
from qms.testing.uniting import united


@pytest.fixture(scope="session")
def _released(tmp_path_factory: pytest.TempPathFactory) -> DocsRepo:
    """LX-WI-01 A/0; wang.wu and zhou.jiu issue copies."""
    return issued_by(tmp_path_factory.mktemp("ruled"), "wang.wu", "zhou.jiu")


@pytest.fixture
def repo(_released: DocsRepo, tmp_path: Path) -> DocsRepo:
    return copied(_released, tmp_path / "repo")


@pytest.fixture
def stale(repo: DocsRepo) -> DocsRepo:
    """zhou.jiu issued 001 to li.si while a policy went round that takes the role from zhou.jiu."""
    in_flight(repo)
    repo.issue(SHEET, "001", "li.si", person="zhou.jiu")
    repo.checkout("main")
    united(repo, "work")
    return repo


def in_flight(repo: DocsRepo) -> None:
    """What is signed next had not been seen by the policy that takes the role from zhou.jiu."""
    repo.branch("work")
    repo.checkout("main")
    repo.policy(lambda company: company.with_role("document-controller", "wang.wu"))
    repo.checkout("work")


def zh(repo: DocsRepo, *words: str, by: str | None = None) -> str:
    answer = repo.qms("--lang", "zh", *words, by=by)
    return answer.out + answer.err


def row(repo: DocsRepo, copy: str = "001") -> tuple[str, str]:
    """State and holder of a copy in the list."""
    rows = json.loads(repo.qms("copies", SHEET, "--json").out)["rows"]
    return next((one["state"], one["holder"]) for one in rows if one["copy"] == copy)


def todo(repo: DocsRepo, person: str) -> list[str]:
    rows = json.loads(repo.qms("todo", "--json", by=person).out)["rows"]
    return [one["command"] for one in rows if one["number"] == SHEET]


def out(repo: DocsRepo) -> int:
    """How many papers of the sheet are out, says the list of documents."""
    documents = json.loads(repo.qms("list", "--json").out)["documents"]
    return next(int(one["copies_out"]) for one in documents if one["number"] == SHEET)


def test_a_stale_issue_is_marked_with_what_ends_it(stale: DocsRepo) -> None:
    """STALE-POLICY"""
    digits = entry(stale, "issue")[:16]

    assert row(stale) == ("issue has no effect until ratified or annulled", "li.si")
    told = stale.qms("copies", SHEET).out
    assert "0 issued, 0 back, 0 lost, 0 out, 1 without effect" in told
    for act in ("ratify", "annul"):
        assert f"qms {act} {SHEET} {digits} --reason …" in told
    told = zh(stale, "copies", SHEET)
    assert "发放不生效，待追认或裁定作废" in told
    assert "在外 0 份，另有 1 份不生效" in told
    assert f"qms ratify {SHEET} {digits} --reason …" in told
    assert out(stale) == 0


def test_todo_offers_no_receipt_that_would_be_refused(stale: DocsRepo) -> None:
    """STALE-POLICY"""
    ratify = f"qms ratify {SHEET} {entry(stale, 'issue')[:8]} --reason …"
    assert todo(stale, "li.si") == [ratify]
    assert "ratify or annul copy 001 of A/0: issue by" in stale.qms("todo", by="li.si").out
    assert "追认或作废：分发号 001（A/0）" in zh(stale, "todo", by="li.si")
    before = stale.tip

    for words, by in (
        (("receive", SHEET, "001"), "li.si"),
        (("recall", SHEET, "1", "--due", "2027-01-31", "--reason", "换版"), "wang.wu"),
        (("return", SHEET, "1"), "wang.wu"),
        (("replace", SHEET, "1", "--reason", "遗失"), "wang.wu"),
    ):
        assert stale.qms(*words, by=by).findings == ("STALE-POLICY",), words
    assert stale.tip == before


@pytest.mark.parametrize("act", ["ratify", "annul"])
def test_the_mend_of_a_stale_issue_is_a_ruling_and_works(stale: DocsRepo, act: str) -> None:
    """STALE-POLICY: zhou.jiu has left, and nobody signs in another's name."""
    command = f"qms {act} {SHEET} {entry(stale, 'issue')[:16]} --reason …"
    assert f"{command}`" in stale.qms("check", "--all").out
    assert f"{command}`" in zh(stale, "check", "--all")

    ruled(stale, *command.removesuffix(" --reason …").split()[1:])

    assert codes(stale) == []
    assert out(stale) == (1 if act == "ratify" else 0)


def test_a_stale_issue_is_ratified_by_its_copy_number(stale: DocsRepo) -> None:
    first, second = ruled(stale, "ratify", SHEET, "1", why="已核实")
    assert "waits for" in first.out
    assert "is complete" in second.out

    assert todo(stale, "li.si") == [f"qms receive {SHEET} 001"]
    assert stale.qms("receive", SHEET, "001", by="li.si").code == 0
    assert row(stale) == ("in use", "li.si")
    assert codes(stale) == []


@pytest.mark.parametrize("copy", ["001", "1", "００1"])
def test_an_annulled_issue_counts_nowhere(repo: DocsRepo, copy: str) -> None:
    repo.issue(SHEET, "001", "li.si")
    assert (out(repo), todo(repo, "li.si")) == (1, [f"qms receive {SHEET} 001"])

    ruled(repo, "annul", SHEET, copy)

    assert row(repo) == ("issue annulled", "li.si")
    assert "发放已裁定作废" in zh(repo, "copies", SHEET)
    assert "0 issued, 0 back, 0 lost, 0 out, 1 without effect" in repo.qms("copies", SHEET).out
    assert json.loads(repo.qms("copies", SHEET, "--out", "--json").out)["rows"] == []
    assert (out(repo), todo(repo, "li.si")) == (0, [])
    assert repo.qms("receive", SHEET, "001", by="li.si").findings == ("COPY-NOT-OUT",)
    assert codes(repo) == []
    assert repo.verify() == []


def test_history_tells_which_events_have_no_effect(repo: DocsRepo) -> None:
    repo.issue(SHEET, "001", "li.si")
    ruled(repo, "annul", SHEET, "001")

    assert "issued (no effect)" in repo.qms("history", SHEET).out
    assert "已发放（不生效）" in zh(repo, "history", SHEET)
    rows = json.loads(repo.qms("history", SHEET, "--json").out)["signatures"]
    assert [one["act"] for one in rows if not one["has_effect"]] == ["issue"]


def test_the_number_of_an_annulled_issue_is_never_issued_again(repo: DocsRepo) -> None:
    """DC-11"""
    repo.issue(SHEET, "001", "li.si")
    ruled(repo, "annul", SHEET, "001")

    refused = repo.qms("issue", SHEET, "--to", "li.si", "--copy", "1", by="wang.wu")
    assert refused.findings == ("COPY-USED",)
    assert "issue under 002 instead" in refused.err
    assert "请改用 002" in zh(repo, "issue", SHEET, "--to", "li.si", "--copy", "1", by="wang.wu")
    assert repo.qms("issue", SHEET, "--to", "li.si", by="wang.wu").code == 0
    assert row(repo, "002") == ("issued, not received yet", "li.si")
    repo.release(SHEET)
    assert repo.qms("issue", SHEET, "--to", "quality", "--copy", "001", by="wang.wu").findings == (
        "COPY-USED",
    )
    assert codes(repo) == []


def test_a_number_whose_issue_was_annulled_is_found_where_it_was_issued_by_hand(
    repo: DocsRepo,
) -> None:
    """COPY-USED: the gate asks what the command asks."""
    repo.issue(SHEET, "001", "li.si")
    ruled(repo, "annul", SHEET, "001")

    repo.issue(SHEET, "001", "li.si")

    assert codes(repo) == ["COPY-USED"]


def test_several_events_of_a_copy_are_listed_and_one_is_named_by_its_digits(
    repo: DocsRepo,
) -> None:
    repo.issue(SHEET, "001", "li.si")
    repo.receive(SHEET, "001", "li.si")
    repo.issue(SHEET, "002", "sun.ba")
    issue, receive = entry(repo, "issue"), entry(repo, "receive")

    unclear = repo.qms("annul", SHEET, "001", "--reason", "误发", by="li.si")

    assert unclear.findings == ("ENTRY-UNCLEAR",)
    assert f"{issue[:16]} copy 001 of A/0: issue by wang.wu" in unclear.err
    assert f"{receive[:16]} copy 001 of A/0: receive by li.si" in unclear.err
    assert "copy 002" not in unclear.err
    assert f"{issue[:16]} 分发号 001（A/0）" in zh(
        repo, "annul", SHEET, "001", "--reason", "误发", by="li.si"
    )
    ruled(repo, "annul", SHEET, issue[:6])
    assert row(repo) == ("issue annulled", "li.si")
    assert codes(repo) == [], "what was done about it before was no mistake"


def test_a_copy_whose_receipt_was_annulled_waits_for_its_holder_again(repo: DocsRepo) -> None:
    repo.issue(SHEET, "001", "li.si")
    repo.receive(SHEET, "001", "li.si")
    assert todo(repo, "li.si") == []

    ruled(repo, "annul", SHEET, entry(repo, "receive")[:8])

    assert row(repo) == ("issued, not received yet", "li.si")
    assert todo(repo, "li.si") == [f"qms receive {SHEET} 001"]
    assert repo.qms("receive", SHEET, "001", by="li.si").code == 0
    assert codes(repo) == []


def test_a_copy_whose_return_was_annulled_is_out_in_every_list(repo: DocsRepo) -> None:
    repo.issue(SHEET, "001", "li.si")
    repo.give_back(SHEET, "001")
    assert out(repo) == 0

    ruled(repo, "annul", SHEET, entry(repo, "return")[:8])

    assert row(repo) == ("issued, not received yet", "li.si")
    assert out(repo) == 1
    assert todo(repo, "li.si") == [f"qms receive {SHEET} 001"]


def test_a_superseded_paper_whose_issue_was_annulled_is_not_missed(repo: DocsRepo) -> None:
    """COPY-OUT, DC-10"""
    repo.issue(SHEET, "001", "li.si")
    repo.release(SHEET)
    repo.now += timedelta(days=30)
    assert "COPY-OUT" in repo.qms("check", "--all").findings

    ruled(repo, "annul", SHEET, "001")

    assert "COPY-OUT" not in repo.qms("check", "--all").findings


def test_a_revision_that_was_annulled_is_not_issued(repo: DocsRepo) -> None:
    """Row 143 (LSRV): papers of it would be worked by, and nothing said a word."""
    ruled(repo, "annul", SHEET, "A/0", why="有误")
    answer = repo.qms("issue", SHEET, "--revision", "A/0", "--to", "li.si", by="wang.wu")
    assert (answer.code, answer.findings) == (1, ("ISSUE-VOID",))
    clean = repo.tip

    repo.issue(SHEET, "001", "li.si")

    wanted = [Told("ISSUED-VOID", LIST)]
    assert repo.check(whole=True) == repo.verify() == gate(repo, clean, repo.tip) == wanted
    told = repo.qms("check", "--all").out
    command = f"qms return {SHEET} 001 --revision A/0"
    assert f"`{command}`" in told
    assert f"`{command}`" in zh(repo, "check", "--all")
    assert repo.qms(*command.split()[1:], by="wang.wu").code == 0
    assert (repo.verify(), codes(repo)) == ([], [])


def test_a_paper_whose_revision_was_annulled_meanwhile_must_come_back(repo: DocsRepo) -> None:
    """Row 144 (LRV)"""
    repo.issue(SHEET, "001", "li.si")
    ruled(repo, "annul", SHEET, "A/0", why="有误")
    before = repo.history.git("rev-parse", f"{repo.tip}^").decode().strip()

    wanted = [Told("COPY-OUT", LIST)]
    assert repo.check(whole=True) == repo.verify() == gate(repo, before, repo.tip) == wanted
    assert "in force is none" in repo.qms("check", "--all").out
    assert todo(repo, "li.si") == [f"qms copies {SHEET}"]
    back = f"qms return {SHEET} 001 --revision A/0"
    assert todo(repo, "wang.wu") == [back]
    assert "has no effect, take back 001" in repo.qms("todo", by="wang.wu").out
    assert "不生效，请交回 001" in zh(repo, "todo", by="li.si")
    recall = ("recall", SHEET, "--all", "--due", "2099-01-01", "--reason", "作废")
    assert repo.qms(*recall, by="wang.wu").code == 0
    assert repo.qms(*back.split()[1:], by="wang.wu").code == 0
    assert (repo.verify(), codes(repo)) == ([], [])
    assert todo(repo, "li.si") == todo(repo, "wang.wu") == []


def test_who_could_not_know_that_a_revision_was_annulled_did_nothing_wrong(repo: DocsRepo) -> None:
    """Row 144 (LV): the paper went out on a branch that knew nothing of the ruling."""
    repo.branch("work")
    repo.issue(SHEET, "001", "li.si")
    repo.checkout("main")
    ruled(repo, "annul", SHEET, "A/0", why="有误")
    united(repo, "work")

    assert repo.check(whole=True) == repo.verify() == [Told("COPY-OUT", LIST)]


def test_for_a_lost_paper_without_effect_its_holder_gets_what_is_in_force(repo: DocsRepo) -> None:
    """Row 144 (S)"""
    repo.release(SHEET)
    repo.now += timedelta(days=30)
    repo.issue(SHEET, "001", "li.si")
    ruled(repo, "annul", SHEET, "A/1", why="有误")

    answer = repo.qms("replace", SHEET, "001", "--reason", "遗失", by="wang.wu")

    assert answer.code == 0, answer
    assert row(repo, "002") == ("issued, not received yet", "li.si")
    assert "copies/instruction/LX-WI-01/A-0/002.yaml" in answer.out
    assert (repo.verify(), codes(repo)) == ([], [])


def test_the_mend_of_an_event_ahead_names_that_event(repo: DocsRepo) -> None:
    """Row 146 (L: TIME-AHEAD): by the copy's number it was ENTRY-UNCLEAR."""
    repo.issue(SHEET, "001", "li.si")
    repo.now += timedelta(days=1000)
    repo.give_back(SHEET, "001")
    repo.now -= timedelta(days=1000)
    assert codes(repo) == ["TIME-AHEAD"]

    command = f"qms annul {SHEET} {entry(repo, 'return')[:16]} --reason …"
    assert f"`{command}`" in repo.qms("check", "--all").out
    assert f"`{command}`" in zh(repo, "check", "--all")

    ruled(repo, *command.removesuffix(" --reason …").split()[1:])
    assert codes(repo) == []


def twice(repo: DocsRepo) -> None:
    """001 was issued on two branches, to two people."""
    repo.branch("other")
    repo.issue(SHEET, "001", "li.si")
    repo.checkout("main")
    repo.issue(SHEET, "001", "sun.ba", person="zhou.jiu")
    united(repo, "other")


def test_all_lists_count_the_papers_of_a_number_that_is_out_twice(repo: DocsRepo) -> None:
    """COPY-TWICE, BX-04"""
    twice(repo)

    assert "2 issued, 0 back, 0 lost, 2 out" in repo.qms("copies", SHEET).out
    assert out(repo) == 2
    assert repo.qms("return", SHEET, "001", by="wang.wu").findings == ("COPY-DOUBLED",)
    assert repo.qms("return", SHEET, "001", "--holder", "li.si", by="wang.wu").code == 0
    assert "1 out" in repo.qms("copies", SHEET).out
    assert out(repo) == 1, "one came back, the other is out"


def test_of_a_number_that_is_out_twice_one_issue_is_annulled(repo: DocsRepo) -> None:
    """COPY-TWICE"""
    twice(repo)
    assert "COPY-TWICE" in codes(repo)

    ruled(repo, "annul", SHEET, entry(repo, "issue", person="zhou.jiu")[:8])

    assert row(repo) == ("issued, not received yet", "li.si")
    assert out(repo) == 1
    assert codes(repo) == []


def test_a_stale_return_leaves_the_copy_out_and_says_so(repo: DocsRepo) -> None:
    """STALE-POLICY"""
    repo.issue(SHEET, "001", "li.si")
    in_flight(repo)
    repo.give_back(SHEET, "001", person="zhou.jiu")
    repo.checkout("main")
    united(repo, "work")

    state = "return has no effect until ratified or annulled (without it: issued, not received yet)"
    assert row(repo) == (state, "li.si")
    assert "收回不生效，待追认或裁定作废（不计此项：已发放，待签收）" in zh(repo, "copies", SHEET)
    assert out(repo) == 1
    ratify = f"qms ratify {SHEET} {entry(repo, 'return')[:8]} --reason …"
    assert todo(repo, "li.si") == [ratify], "before that is decided nothing else is signed"
    assert repo.qms("receive", SHEET, "001", by="li.si").findings == ("STALE-POLICY",)

    ruled(repo, "ratify", SHEET, "001", why="已核实")

    assert row(repo)[0] == "back"
    assert out(repo) == 0
    assert codes(repo) == []


def test_an_annulled_number_leaves_no_gap(repo: DocsRepo) -> None:
    """DC-27"""
    for copy in ("001", "002", "003"):
        repo.issue(SHEET, copy, "li.si")

    ruled(repo, "annul", SHEET, "002")

    assert codes(repo) == []


def test_a_part_in_a_ruling_that_a_later_policy_takes_away_stops_nobody(repo: DocsRepo) -> None:
    """ACT-OUTDATED: who signed first has left, and the others rule without them."""
    repo.policy(lambda company: company.with_role("quality-manager", "li.si", "zhou.jiu"))
    repo.issue(SHEET, "001", "li.si")
    repo.branch("work")
    repo.checkout("main")
    repo.policy(lambda company: company.with_role("quality-manager", "li.si"))
    repo.checkout("work")
    assert repo.qms("annul", SHEET, "001", "--reason", "误发", by="zhou.jiu").code == 0
    repo.checkout("main")
    united(repo, "work")
    told = repo.qms("check", "--all")
    assert (told.code, told.findings) == (0, ("ACT-OUTDATED",))
    assert f"qms annul {SHEET} … --reason …" in told.out
    assert f"qms annul {SHEET} … --reason …" in zh(repo, "check", "--all")

    ruled(repo, "annul", SHEET, "001", why="误发")

    assert row(repo) == ("issue annulled", "li.si")
    assert out(repo) == 0
