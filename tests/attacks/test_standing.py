"""Which revision stands where two claim one place (trust.md 4b), attacked from both sides."""

from datetime import timedelta

import pytest

from qms.testing import DocsRepo
from qms.testing.attacks import verified
from qms.testing.contests import FOLDER, SHEET, effects, release, standing, two_others_work
from qms.testing.uniting import united

SWAPPED = pytest.mark.parametrize("swap", [False, True], ids=["ours-first", "theirs-first"])


def said(repo: DocsRepo) -> list[str]:
    """The codes that verify gives; check of everything must give the same ones."""
    codes = [told.code for told in repo.verify() if told.code != "INCIDENT"]
    assert sorted(told.code for told in repo.check(whole=True)) == sorted(codes)
    return codes


# honest: what others had seen first stands


@SWAPPED
def test_a_twin_from_before_displaces_nothing_that_others_had_seen(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """X2: A/1 in force, people work by it; insiders sign another A/1 on a branch from before."""
    repo.branch("twin")
    repo.checkout("main")
    release(repo, "真的")
    two_others_work(repo)
    repo.checkout("twin")
    release(repo, "假的")
    repo.checkout("main")

    united(repo, "twin", swap=swap)

    assert standing(repo) == ("A/1", "真的")
    assert said(repo) == ["DISPLACED"]


@SWAPPED
def test_a_later_policy_tells_which_was_first(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """X2: its filing had seen the one, and not the twin."""
    repo.branch("twin")
    repo.checkout("main")
    release(repo, "真的")
    repo.policy()
    repo.checkout("twin")
    release(repo, "假的")
    repo.checkout("main")

    united(repo, "twin", swap=swap)

    assert standing(repo) == ("A/1", "真的")
    assert said(repo) == ["DISPLACED"]


@SWAPPED
def test_who_had_seen_the_other_is_the_later(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """B/0 is signed on A/0 by people who had seen A/1: a fork drops out by itself."""
    before = repo.tip
    release(repo, "真的")
    files = {path: repo.history.files(before).get(path) for path in (
        f"{FOLDER}/A-1.md", "documents/instruction/LX-WI-01.md")}  # fmt: skip
    repo.branch("fork")
    repo.commit("Forget A/1", files)
    release(repo, "另开的", revision="B/0")
    repo.checkout("main")

    united(repo, "fork", swap=swap)

    assert standing(repo) == ("A/1", "真的")
    assert said(repo) == ["DOC-OLD"]  # the fork's text is the working text: one cause


def test_a_revision_under_a_key_that_a_policy_voids_is_no_rival(repo: DocsRepo) -> None:
    """X1: the thief's A/1 has no effect; the true one is not displaced by it."""
    repo.branch("thief")
    repo.checkout("main")
    repo.policy(lambda company: company.with_new_key("li.si"))
    release(repo, "真的")
    repo.checkout("thief")
    release(repo, "偷的")
    repo.checkout("main")

    united(repo, "thief")

    assert standing(repo) == ("A/1", "真的")
    assert said(repo) == ["STALE-POLICY"]


def test_a_child_of_a_twin_goes_down_with_it(repo: DocsRepo) -> None:
    """X4: what builds on the twin is no way round the comparison."""
    repo.branch("twin")
    repo.checkout("main")
    release(repo, "真的")
    two_others_work(repo)
    repo.checkout("twin")
    release(repo, "假的")
    release(repo, "更假的", "A/2")
    repo.checkout("main")

    united(repo, "twin")

    assert standing(repo) == ("A/1", "真的")
    assert said(repo) == ["DISPLACED"]


# what nobody saw alone: nothing new comes into force


@SWAPPED
def test_a_backdated_fork_gains_nothing(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """X11: times that signers claim decide nothing, whichever parent is first."""
    repo.branch("fork")
    now = repo.now
    repo.checkout("main")
    release(repo, "真的")
    repo.checkout("fork")
    repo.now = now
    release(repo, "早写日期的", revision="B/0")
    release(repo, "再来一版", revision="B/1")
    repo.checkout("main")

    united(repo, "fork", swap=swap)

    assert standing(repo) is not None
    assert standing(repo)[0] == "A/0"  # type: ignore[index]
    assert said(repo) == ["REVISION-FORK"]


def test_one_accomplice_is_no_witness(repo: DocsRepo) -> None:
    """One person outside the chain who signs on the fork's branch: it takes two."""
    repo.issue("LX-CX-2026-01", "003")
    repo.branch("fork")
    repo.checkout("main")
    release(repo, "真的")
    repo.checkout("fork")
    release(repo, "另开的")
    repo.receive("LX-CX-2026-01", "003", "zhou.jiu", seen=f"sha1:{repo.tip}")
    repo.checkout("main")

    united(repo, "fork")

    assert standing(repo)[0] == "A/0"  # type: ignore[index]
    assert said(repo) == ["CONTESTED"]


def test_accomplices_who_had_seen_both_speak_for_none(repo: DocsRepo) -> None:
    """Those who work on trunk too have signed for either side: neither counts them."""
    repo.issue("LX-CX-2026-01", "004")
    repo.branch("fork")
    repo.checkout("main")
    release(repo, "真的")
    two_others_work(repo)
    repo.checkout("fork")
    release(repo, "另开的")
    repo.receive("LX-CX-2026-01", "004", "zhou.jiu", seen=f"sha1:{repo.tip}")
    repo.draft("LX-WI-08", prepared_by="qian.qi")
    repo.commit("Draft LX-WI-08")
    repo.submit("LX-WI-08", seen=f"sha1:{repo.tip}")
    repo.sign("LX-WI-08")
    repo.publish("LX-WI-08")
    repo.checkout("main")

    united(repo, "fork")

    assert standing(repo)[0] == "A/0"  # type: ignore[index]
    assert said(repo) == ["CONTESTED"]


def test_a_branch_that_deletes_the_true_one_makes_nobody_blind(repo: DocsRepo) -> None:
    """b6: who signs on a branch that took A/1 away has seen it all the same."""
    before = repo.tip
    release(repo, "真的")
    repo.branch("fork")
    gone = {path: repo.history.files(before).get(path) for path in (
        f"{FOLDER}/A-1.md", "documents/instruction/LX-WI-01.md")}  # fmt: skip
    repo.commit("Take A/1 away", gone)
    release(repo, "冒充的")
    repo.receive("LX-CX-2026-01", "002", "zhou.jiu")
    repo.checkout("main")

    united(repo, "fork")

    assert standing(repo) == ("A/1", "真的")


# one text, filed twice


def filed_by_two(repo: DocsRepo, *, apart: int = 0) -> None:
    """Two publishers release one approved text on two branches, with other effective days."""
    repo.policy(lambda company: company.with_role("document-controller", "wang.wu", "zhou.jiu"))
    repo.revise(SHEET)
    repo.commit("Revise")
    repo.submit(SHEET)
    repo.sign(SHEET)
    repo.branch("other")
    repo.publish(SHEET, "zhou.jiu", effective=repo.today + timedelta(days=apart + 7))
    repo.checkout("main")
    repo.publish(SHEET, "wang.wu", effective=repo.today + timedelta(days=7))


@SWAPPED
def test_one_text_filed_twice_is_one_revision(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """X10: no number is dead; the earlier day counts, and the next revision goes on."""
    filed_by_two(repo, apart=365)
    united(repo, "other", swap=swap)

    assert said(repo) == ["RELEASED-TWICE"]
    with effects(repo) as known:
        soon = known.in_force(SHEET, repo.today + timedelta(days=10))
    assert soon is not None
    assert soon.document.revision == "A/1"

    repo.release(SHEET)

    assert standing(repo)[0] == "A/2"  # type: ignore[index]
    assert said(repo) == ["RELEASED-TWICE"]


# rulings


def contested(repo: DocsRepo) -> None:
    """Two texts claim A/1, and nothing tells which was first."""
    repo.branch("twin")
    repo.checkout("main")
    release(repo, "这一份")
    repo.checkout("twin")
    release(repo, "那一份")
    repo.checkout("main")
    united(repo, "twin")


def entry(repo: DocsRepo, text: str) -> str:
    """How a command names the entry with this text."""
    with effects(repo) as known:
        found = known.register.released(SHEET)
    return next(one.beside for one in found if text in one.document.body)


def next_revision(repo: DocsRepo) -> None:
    """A/2, from the commands that people use."""
    for person, *words in (
        ("sun.ba", "revise", SHEET, "--summary", "再改"),
        ("sun.ba", "submit", SHEET),
        ("li.si", "sign", SHEET),
        ("wang.wu", "release", SHEET, "--effective", "+30"),
    ):
        answer = repo.qms(*words, by=person)
        assert answer.code == 0, answer.err


def test_a_settlement_by_the_chain_ends_a_contest(repo: DocsRepo) -> None:
    """format.md §10: both steps of the chain, without prepare; then all is silent."""
    contested(repo)
    assert said(repo) == ["CONTESTED"]
    mine = entry(repo, "这一份")

    begun = repo.qms("settle", SHEET, "--stands", mine, "--reason", "先发布", by="li.si")
    assert (begun.code, said(repo)) == (0, ["CONTESTED"])
    done = repo.qms("settle", SHEET, by="wang.wu")

    assert done.code == 0, done.err
    assert standing(repo) == ("A/1", "这一份")
    assert said(repo) == []

    next_revision(repo)

    assert standing(repo)[0] == "A/2"  # type: ignore[index]
    assert said(repo) == []


def test_a_settlement_may_let_none_stand(repo: DocsRepo) -> None:
    contested(repo)

    for person in ("li.si", "wang.wu"):
        first = ("--none", "--reason", "都不对") if person == "li.si" else ()
        assert repo.qms("settle", SHEET, *first, by=person).code == 0

    assert standing(repo)[0] == "A/0"  # type: ignore[index]
    assert said(repo) == []


def test_nobody_settles_who_is_not_in_the_chain(repo: DocsRepo) -> None:
    """The preparer, and whoever else, is told who must."""
    contested(repo)

    answer = repo.qms(
        "settle", SHEET, "--stands", entry(repo, "那一份"), "--reason", "我要", by="sun.ba"
    )

    assert answer.findings == ("RULING-NOT-YOURS",)
    assert "李四" in answer.err or "li.si" in answer.err


def test_a_settlement_by_the_forger_alone_decides_nothing(repo: DocsRepo) -> None:
    """Somebody of the chain rules for the own fork; the others have not signed."""
    contested(repo)
    theirs = entry(repo, "那一份")

    assert repo.qms("settle", SHEET, "--stands", theirs, "--reason", "我的", by="li.si").code == 0

    assert standing(repo)[0] == "A/0"  # type: ignore[index]
    assert said(repo) == ["CONTESTED"]


def test_two_settlements_that_disagree_decide_nothing_until_one_names_both(repo: DocsRepo) -> None:
    contested(repo)
    mine, other = entry(repo, "这一份"), entry(repo, "那一份")
    repo.branch("elsewhere")
    for person in ("li.si", "wang.wu"):
        words = ("--stands", other, "--reason", "甲") if person == "li.si" else ()
        assert repo.qms("settle", SHEET, *words, by=person).code == 0
    repo.checkout("main")
    for person in ("li.si", "wang.wu"):
        words = ("--stands", mine, "--reason", "乙") if person == "li.si" else ()
        assert repo.qms("settle", SHEET, *words, by=person).code == 0
    assert standing(repo) == ("A/1", "这一份")

    united(repo, "elsewhere")

    assert standing(repo)[0] == "A/0"  # type: ignore[index]
    assert "RULINGS-DIFFER" in said(repo)
    for person in ("li.si", "wang.wu"):
        words = ("--stands", mine, "--reason", "看过两份") if person == "li.si" else ()
        assert repo.qms("settle", SHEET, *words, by=person).code == 0
    assert standing(repo) == ("A/1", "这一份")
    assert "RULINGS-DIFFER" not in said(repo)


def test_a_void_revision_is_ratified_by_the_chain(repo: DocsRepo) -> None:
    """What a policy that had not seen it voids stands again, signed under that policy."""
    repo.branch("work")
    repo.checkout("main")
    repo.policy(lambda company: company.with_new_key("li.si"))
    repo.checkout("work")
    release(repo, "在途的")
    repo.checkout("main")
    united(repo, "work")
    assert said(repo) == ["STALE-POLICY"]

    for person in ("li.si", "wang.wu"):
        why = ("--reason", "核对过") if person == "li.si" else ()
        assert repo.qms("ratify", SHEET, "A/1", *why, by=person).code == 0

    assert standing(repo) == ("A/1", "在途的")
    assert said(repo) == []


def test_a_ratified_fork_does_not_displace_what_stood_meanwhile(repo: DocsRepo) -> None:
    """b8: the honest signers had seen the old fork, but void; it counts from its ratification."""
    repo.branch("work")
    repo.checkout("main")
    repo.policy(lambda company: company.with_new_key("li.si"))
    repo.checkout("work")
    release(repo, "作废的")
    repo.checkout("main")
    united(repo, "work")
    release(repo, "真的", revision="A/2")
    two_others_work(repo)

    for person in ("li.si", "wang.wu"):
        why = ("--reason", "朋友请求") if person == "li.si" else ()
        assert repo.qms("ratify", SHEET, "A/1", *why, by=person).code == 0

    assert standing(repo) == ("A/2", "真的")


def test_an_annulled_twin_is_silent(repo: DocsRepo) -> None:
    contested(repo)
    other = entry(repo, "那一份")

    for person in ("li.si", "wang.wu"):
        why = ("--reason", "误发") if person == "li.si" else ()
        assert repo.qms("annul", SHEET, other, *why, by=person).code == 0

    assert standing(repo) == ("A/1", "这一份")
    assert said(repo) == []


def test_a_ruling_that_is_deleted_is_named(repo: DocsRepo) -> None:
    """Acts are kept like all that is recorded."""
    contested(repo)
    for person in ("li.si", "wang.wu"):
        words = ("--stands", entry(repo, "这一份"), "--reason", "甲") if person == "li.si" else ()
        assert repo.qms("settle", SHEET, *words, by=person).code == 0
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
    contested(repo)
    repo.now += timedelta(days=60)
    assert said_of_sheet(repo) == ["CONTESTED"]
    recall = ("recall", SHEET, "--all", "--due", "2099-01-01", "--reason", "换版")
    assert repo.qms(*recall, by="wang.wu").findings == ("RECALL-NOTHING",)

    chosen = entry(repo, "这一份")
    for person, *words in (
        ("li.si", "--stands", chosen, "--reason", "先发布"),
        ("wang.wu",),
    ):
        assert repo.qms("settle", SHEET, *words, by=person).code == 0

    assert standing(repo) == ("A/1", "这一份")
    assert said_of_sheet(repo) == ["COPY-OUT"]
    assert repo.qms(*recall, by="wang.wu").code == 0
