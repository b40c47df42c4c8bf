"""Where nothing tells which of two stands, the chain decides: settlements, attacked and used.

What undoes a ruling that was made: tests/attacks/test_rulings.py.
"""

from datetime import timedelta

from qms.testing import DocsRepo
from qms.testing.attacks import verified
from qms.testing.contests import (
    SHEET,
    chain_decides,
    contested,
    entry_of,
    next_revision,
    said,
    standing,
)
from qms.testing.uniting import united


def test_a_settlement_by_the_chain_ends_a_contest(repo: DocsRepo) -> None:
    """format.md §10: both steps of the chain, without prepare; then all is silent."""
    contested(repo, SHEET)
    assert said(repo) == ["CONTESTED"]
    mine = entry_of(repo, SHEET, "这一份")

    begun = repo.qms("settle", SHEET, "--stands", mine, "--reason", "先发布", by="li.si")
    assert (begun.code, said(repo)) == (0, ["CONTESTED"])
    done = repo.qms("settle", SHEET, by="wang.wu")

    assert done.code == 0, done.err
    assert standing(repo) == ("A/1", "这一份")
    assert said(repo) == []

    next_revision(repo, effective="+30")

    assert standing(repo)[0] == "A/2"  # type: ignore[index]
    assert said(repo) == []


def test_a_settlement_may_let_none_stand(repo: DocsRepo) -> None:
    contested(repo, SHEET)

    chain_decides(repo, "settle", SHEET, "--none", reason="都不对")

    assert standing(repo)[0] == "A/0"  # type: ignore[index]
    assert said(repo) == []


def test_nobody_settles_who_is_not_in_the_chain(repo: DocsRepo) -> None:
    """The preparer, and whoever else, is told who must."""
    contested(repo, SHEET)

    answer = repo.qms(
        "settle",
        SHEET,
        "--stands",
        entry_of(repo, SHEET, "那一份"),
        "--reason",
        "我要",
        by="sun.ba",
    )

    assert answer.findings == ("RULING-NOT-YOURS",)
    assert "李四" in answer.err or "li.si" in answer.err


def test_a_settlement_by_the_forger_alone_decides_nothing(repo: DocsRepo) -> None:
    """Somebody of the chain rules for the own fork; the others have not signed."""
    contested(repo, SHEET)
    theirs = entry_of(repo, SHEET, "那一份")

    assert repo.qms("settle", SHEET, "--stands", theirs, "--reason", "我的", by="li.si").code == 0

    assert standing(repo)[0] == "A/0"  # type: ignore[index]
    assert said(repo) == ["CONTESTED"]


def test_two_settlements_that_disagree_decide_nothing_until_one_names_both(repo: DocsRepo) -> None:
    contested(repo, SHEET)
    mine, other = entry_of(repo, SHEET, "这一份"), entry_of(repo, SHEET, "那一份")
    repo.branch("elsewhere")
    chain_decides(repo, "settle", SHEET, "--stands", other, reason="甲")
    repo.checkout("main")
    chain_decides(repo, "settle", SHEET, "--stands", mine, reason="乙")
    assert standing(repo) == ("A/1", "这一份")

    united(repo, "elsewhere")

    assert standing(repo)[0] == "A/0"  # type: ignore[index]
    assert "RULINGS-DIFFER" in said(repo)
    chain_decides(repo, "settle", SHEET, "--stands", mine, reason="看过两份")
    assert standing(repo) == ("A/1", "这一份")
    assert "RULINGS-DIFFER" not in said(repo)


def test_an_annulled_twin_is_silent(repo: DocsRepo) -> None:
    contested(repo, SHEET)
    other = entry_of(repo, SHEET, "那一份")

    chain_decides(repo, "annul", SHEET, other, reason="误发")

    assert standing(repo) == ("A/1", "这一份")
    assert said(repo) == []


def test_a_ruling_that_is_deleted_is_named(repo: DocsRepo) -> None:
    """Acts are kept like all that is recorded."""
    contested(repo, SHEET)
    chain_decides(repo, "settle", SHEET, "--stands", entry_of(repo, SHEET, "这一份"), reason="甲")
    path = next(one for one in repo.files if one.endswith(".acts.yaml"))

    attack = repo.commit("Attack", {path: None})

    code, named = verified(repo)
    assert (code, next((one.code, one.path, one.commit) for one in named)) == (
        1, ("LOG-REMOVED", path, attack),
    )  # fmt: skip


def said_of_sheet(repo: DocsRepo) -> list[str]:
    return [told.code for told in repo.check(whole=True) if SHEET in told.path]


def test_what_nothing_decides_on_takes_no_paper_out_of_use(repo: DocsRepo) -> None:
    """Law 6, DC-10: papers of the revision in force are recalled once another stands."""
    repo.issue(SHEET, "001")
    contested(repo, SHEET)
    repo.now += timedelta(days=60)
    assert said_of_sheet(repo) == ["CONTESTED"]
    recall = ("recall", SHEET, "--all", "--due", "2099-01-01", "--reason", "换版")
    assert repo.qms(*recall, by="wang.wu").findings == ("RECALL-NOTHING",)

    chosen = entry_of(repo, SHEET, "这一份")
    chain_decides(repo, "settle", SHEET, "--stands", chosen, reason="先发布")

    assert standing(repo) == ("A/1", "这一份")
    assert said_of_sheet(repo) == ["COPY-OUT"]
    assert repo.qms(*recall, by="wang.wu").code == 0
