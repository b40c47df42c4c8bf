"""Documents of the time before the system, attacked from both sides (rules f, BX-08).

An importer would like "approved in 2019" to be worth a chain, and an old open policy to be good for
ever. A firm would like to begin at C/3, to go on from there, and to find it standing after the door
was closed. Two beginnings of one number: tests/attacks/test_legacy_numbers.py.
"""

from datetime import timedelta
from typing import Any

import pytest

from qms.formats import cut
from qms.storage import signer
from qms.testing import DocsRepo, Told
from qms.testing.attacks import Attack, Attacks
from qms.testing.contests import chain_decides, effects, said, worked_by
from qms.testing.paper import FILED, OLD, SHEET, WORKING, bring, close, put
from qms.testing.uniting import united

UNORDERED = OLD.replace("effective: 2019-04-01", "effective: 2018-04-01")
AHEAD = OLD.replace("effective: 2019-04-01", "effective: 2027-04-01")
OPEN = {"floors": "{min_signers: 2, assurance: file, legacy: open}"}

ATTACKS = Attacks()
attack = ATTACKS.add


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_an_attack_by_what_was_before_is_named(attack: Attack, repo: DocsRepo) -> None:
    attack.prove(repo)


def close_elsewhere(repo: DocsRepo) -> None:
    """On main policy 3 closes the door; a branch from before goes on."""
    repo.branch("late")
    repo.checkout("main")
    close(repo)


def old_policy(repo: DocsRepo) -> str:
    """The content of the policy before the newest, which was open."""
    return cut.cut_yaml(repo.read("policy/0002/policy.yaml")).content


# honest: a firm with a paper system


def test_a_firm_begins_at_c3_and_goes_on(repo: DocsRepo) -> None:
    """BX-08: copies are issued as of any revision, the next one is C/4, then a new edition."""
    bring(repo)
    assert (worked_by(repo, SHEET), said(repo)) == (("C/3", "旧文"), [])
    repo.issue(SHEET, "001")
    repo.receive(SHEET, "001")

    repo.release(SHEET)
    assert (worked_by(repo, SHEET), said(repo)) == (("C/4", "改"), [])
    repo.release(SHEET, revision="D/0")

    assert worked_by(repo, SHEET) == ("D/0", "改")
    assert said(repo) == []
    assert [one.legacy is not None for one in repo.released(SHEET)] == [True, False, False]


def test_closing_leaves_what_it_had_seen(repo: DocsRepo) -> None:
    bring(repo)

    close(repo)

    assert (worked_by(repo, SHEET), said(repo)) == (("C/3", "旧文"), [])
    repo.release(SHEET)
    assert (worked_by(repo, SHEET), said(repo)) == (("C/4", "改"), [])


def test_it_never_comes_into_force_before_its_chain_signed(repo: DocsRepo) -> None:
    """The old days are what the paper says; in force it is from its own effective day on."""
    bring(repo)

    (entry,) = repo.released(SHEET)
    with effects(repo) as known:
        before = known.in_force(SHEET, repo.today + timedelta(days=6))
        after = known.in_force(SHEET, repo.today + timedelta(days=7))

    assert before is None
    assert after is not None
    assert after.document.content == entry.content


def test_a_document_that_was_at_its_first_revision_may_say_so_too(repo: DocsRepo) -> None:
    bring(repo, revision="A/0")

    assert (worked_by(repo, SHEET), said(repo)) == (("A/0", "旧文"), [])


# the importer: old approval for a chain


@attack("120", "REVISION-FIRST", FILED, gates="RV")
def a_number_that_begins_at_c3_and_hides_why(repo: DocsRepo) -> str:
    repo.branch("work")
    return repo.release(SHEET, revision="C/3")


@attack("120", "NOT-APPROVED", FILED, gates="RV")
def approved_on_paper_in_2019_and_by_nobody_now(repo: DocsRepo) -> str:
    put(repo)
    repo.submit(SHEET)
    document = repo.document(SHEET)
    last = repo.chain(document).steps[2]
    days = {"published": str(repo.today), "effective": str(repo.today)}
    filing = repo.statement(document, last, "wang.wu", data=days)
    return repo.file(SHEET, (document.statements[0], filing), "published")


@attack("120", "EFFECTIVE-BEFORE-APPROVAL", FILED, gates="RV")
def in_force_since_2019_by_the_publisher(repo: DocsRepo) -> str:
    put(repo)
    repo.submit(SHEET)
    repo.sign(SHEET)
    return repo.publish(SHEET, data={"published": "2019-03-15", "effective": "2019-04-01"})


@attack("120", "DOC-CHANGED", FILED, before=bring)
def the_old_approval_made_older_afterwards(repo: DocsRepo) -> None:
    for path in (FILED, WORKING):
        repo.write(path, repo.read(path).replace(b"approved: 2019", b"approved: 2009"))


@attack("120", "DOC-CHANGED", FILED, before=bring)
def what_was_attested_made_one_of_the_systems_own(repo: DocsRepo) -> None:
    for path in (FILED, WORKING):
        data = repo.read(path)
        line = next(one for one in data.splitlines(keepends=True) if one.startswith(b"legacy:"))
        repo.write(path, data.replace(line, b""))


# the old policy


@attack("121", "LEGACY-CLOSED", FILED, gates="RV", before=close)
def brought_in_after_the_door_was_closed(repo: DocsRepo) -> str:
    repo.branch("work")
    return bring(repo)


@attack("121", "LEGACY-LATE", FILED, gates="RV", before=close)
def an_old_open_policy_named_by_who_knew_the_new_one(repo: DocsRepo) -> str:
    old = old_policy(repo)
    put(repo)
    repo.submit(SHEET, policy=old)
    repo.sign(SHEET, policy=old)
    return repo.publish(SHEET, policy=old)


@attack("121", "LEGACY-CLOSED", FILED, gates="RV", before=close)
def the_old_policy_named_by_the_publisher_alone(repo: DocsRepo) -> str:
    put(repo)
    repo.submit(SHEET)
    repo.sign(SHEET)
    return repo.publish(SHEET, policy=old_policy(repo))


@attack("121", "LEGACY-LATE", FILED, gates="RV", before=close_elsewhere)
def brought_in_on_a_branch_that_never_heard_of_the_closing(repo: DocsRepo) -> str:
    repo.checkout("late")
    brought = bring(repo)
    repo.merge("main")
    repo.push("main")
    repo.checkout("main")
    return brought


@attack("121", "FLOOR-LOWERED", "policy/0004/policy.yaml", before=close, gates="RV")
def the_door_opened_again(repo: DocsRepo) -> str:
    return repo.policy(keys=OPEN)


@attack("122", "LEGACY-CLOSED", WORKING, before=close)
def a_draft_behind_the_closed_door(repo: DocsRepo) -> None:
    repo.draft(SHEET, revision="C/3", legacy=OLD)


def test_nobody_writes_a_draft_behind_the_closed_door(repo: DocsRepo) -> None:
    close(repo)

    refused = repo.qms(
        "legacy", "instruction", "--title", "旧", "--number", SHEET, "--revision", "C/3",
        "--approved", "2019-03-01", "--published", "2019-03-15", "--effective", "2019-04-01",
        "--by", "张三", by="sun.ba",
    )  # fmt: skip

    assert (refused.code, refused.findings) == (1, ("LEGACY-CLOSED",))
    assert not repo.has(WORKING)


def test_a_chain_can_not_ratify_what_the_quorum_closed(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """They ratify in advance, on the branch; and are refused where they know of the closing."""
    close_elsewhere(repo)
    repo.checkout("late")
    bring(repo)
    chain_decides(repo, "ratify", SHEET, "C/3", reason="以防万一")
    repo.checkout("main")

    united(repo, "late", swap=swap)

    assert (worked_by(repo, SHEET), said(repo)) == (None, ["LEGACY-LATE"])
    refused = repo.qms("ratify", SHEET, "C/3", "--reason", "核对过", by="li.si")
    assert (refused.code, refused.findings) == (1, ("LEGACY-LATE",))
    refused = repo.qms("settle", SHEET, "--stands", "C/3", "--reason", "核对过", by="li.si")
    assert (refused.code, refused.findings) == (1, ("LEGACY-LATE",))


def test_a_twin_of_the_closing_policy_keeps_no_door_open(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """A quorum signs another policy 3 on a branch, an open one, and all cite that."""
    repo.branch("late")
    repo.policy()
    bring(repo)
    repo.checkout("main")
    close(repo)
    repo.issue("LX-CX-2026-01", "003", "zhou.jiu", person="wang.wu")
    repo.receive("LX-CX-2026-01", "003", "zhou.jiu")

    united(repo, "late", swap=swap)

    assert worked_by(repo, SHEET) is None
    assert "LEGACY-LATE" in said(repo)


def test_what_came_too_late_goes_on_by_its_next_revision(repo: DocsRepo) -> None:
    """The way out for honest people: the chain signs the next revision as its own."""
    close_elsewhere(repo)
    repo.checkout("late")
    bring(repo)
    repo.checkout("main")
    united(repo, "late")

    repo.release(SHEET)

    assert worked_by(repo, SHEET) == ("C/4", "改")


@pytest.mark.parametrize(
    ("command", "by"),
    [(("submit", SHEET), "sun.ba"), (("sign", SHEET), "li.si"), (("release", SHEET), "wang.wu")],
    ids=lambda given: given[0] if isinstance(given, tuple) else given,
)
def test_nobody_is_asked_for_a_passphrase_behind_the_closed_door(
    repo: DocsRepo, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], by: str
) -> None:
    """It is refused before anything is signed, at each step of a text that was under way."""
    repo.draft(SHEET, revision="C/3", legacy=OLD)
    repo.commit("Draft")
    if command[0] != "submit":
        repo.submit(SHEET)
    if command[0] == "release":
        repo.sign(SHEET)
    close(repo)
    asked: list[object] = []
    real = signer.sign

    def watched(*given: Any, **more: Any) -> Any:
        asked.append((given, more))
        return real(*given, **more)

    monkeypatch.setattr(signer, "sign", watched)

    answer = repo.qms(*command, by=by)

    assert (answer.code, answer.findings) == (1, ("LEGACY-CLOSED",))
    assert asked == []


def test_a_text_under_way_is_rejected_when_the_door_closes(repo: DocsRepo) -> None:
    """The way out: it is told until somebody rejects it, and can't be sent round again."""
    repo.draft(SHEET, revision="C/3", legacy=OLD)
    repo.commit("Draft")
    repo.submit(SHEET)
    close(repo)
    assert repo.verify() == [Told("LEGACY-CLOSED", WORKING)]

    assert repo.qms("reject", SHEET, "--reason", "已截止", by="li.si").code == 0

    assert said(repo) == []
    assert repo.qms("submit", SHEET, by="sun.ba").findings == ("LEGACY-CLOSED",)


@attack("121", "LEGACY-DAYS", WORKING)
def a_draft_in_force_before_it_was_issued(repo: DocsRepo) -> None:
    repo.draft(SHEET, revision="C/3", legacy=UNORDERED)


@attack("121", "LEGACY-AHEAD", WORKING, gates="RV", before=put)
def a_text_sent_round_with_a_day_to_come(repo: DocsRepo) -> str:
    """By the day of its own signature: that the day has come since mends nothing."""
    repo.draft(SHEET, revision="C/3", legacy=AHEAD)
    return repo.submit(SHEET)


def test_time_does_not_mend_a_day_that_was_to_come(repo: DocsRepo) -> None:
    put(repo)
    repo.draft(SHEET, revision="C/3", legacy=AHEAD)
    repo.submit(SHEET)
    repo.now += timedelta(days=900)

    assert Told("LEGACY-AHEAD", WORKING) in repo.verify()
    assert Told("LEGACY-AHEAD", WORKING) in repo.check(whole=True)


def test_what_is_filed_with_such_days_holds(repo: DocsRepo) -> None:
    """They are attested: no verdict rests on them, and none ever will."""
    repo.release(SHEET, body="# 目的\n\n旧文\n", revision="C/3", legacy=UNORDERED)

    assert (worked_by(repo, SHEET), said(repo)) == (("C/3", "旧文"), [])
