"""Attacks with clocks and zones: a day that isn't, a time that can't be or hasn't come."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from qms.domain.library.effect import Effects
from qms.domain.register.register import Register
from qms.domain.register.source import TreeSource
from qms.formats.slots import Notice, Statement
from qms.jobs.judging.repository_history import RepositoryHistory, judgement_of
from qms.storage.repository import Repository
from qms.testing import DocsRepo, Told
from qms.testing.attacks import Attack, Attacks, gate
from qms.testing.forging import approve, approved, given, publish
from qms.testing.laws import standing, walked

IN_REVIEW = "documents/instruction/LX-WI-02.md"
FILED = "released/instruction/LX-WI-02/A-0.md"
COPY = "copies/procedure/LX-CX-2026-01/A-0/001.yaml"
THIRD_POLICY = "policy/0003/policy.yaml"
FAR = "2099-01-01T00:00:00+08:00"

ATTACKS = Attacks()
attack = ATTACKS.add


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_a_day_or_time_that_cannot_be_is_named(attack: Attack, repo: DocsRepo) -> None:
    attack.prove(repo)


def at(repo: DocsRepo, text: str) -> None:
    """It is so late now, and everybody's clock shows it like that."""
    repo.now = datetime.fromisoformat(text)


# days


def a_role_that_ends(repo: DocsRepo) -> None:
    """Li Si is quality manager until 20 November in the company's zone, then Zhou Jiu is."""
    repo.policy(
        lambda company: company.with_role(
            "quality-manager", "li.si 2020-01-01 2026-11-20", "zhou.jiu 2026-11-21"
        )
    )


@attack("102", "ROLE", IN_REVIEW, before=a_role_that_ends)
def an_ended_role_by_offset(repo: DocsRepo) -> None:
    """In the west it is still yesterday, when the role was held."""
    at(repo, "2026-11-20T09:30:00-12:00")  # 05:30 of the 21st at +08:00
    approve(repo)


def a_key_for_december(repo: DocsRepo) -> None:
    repo.policy(lambda company: company.with_keys("li.si", "li.si from 2026-12-01"))


@attack("102", "SIGNER", IN_REVIEW, before=a_key_for_december)
def a_key_before_its_day_by_offset(repo: DocsRepo) -> None:
    """In the east it is tomorrow already."""
    at(repo, "2026-12-01T03:00:00+14:00")  # 21:00 of 30 November at +08:00
    approve(repo)


@attack("77", "EFFECTIVE-BEFORE-APPROVAL", FILED, before=approved)
def in_force_before_it_was_signed_by_offset(repo: DocsRepo) -> None:
    at(repo, "2026-11-20T09:30:00-12:00")
    publish(repo, data={"published": "2026-11-20", "effective": "2026-11-20"})


@attack("77", "EFFECTIVE-BEFORE-APPROVAL", FILED, before=approved)
def in_force_before_it_was_signed_by_a_second(repo: DocsRepo) -> None:
    slot = Notice("publish", "3", "document-controller", "wang.wu")
    at(repo, "2026-11-21T00:00:00+08:00")
    document = repo.document("LX-WI-02")
    days = {"published": "2026-11-20", "effective": "2026-11-21"}
    last = given(repo, document, slot, data=days, at="2026-11-21T00:00:00+08:00")
    data = repo.put_slots("LX-WI-02", (*document.statements[:2], last), "published")
    repo.write(FILED, data)


def test_a_revision_filed_with_a_day_before_its_predecessors_is_named(repo: DocsRepo) -> None:
    """Row 77 (LV): it stays recorded; once it is annulled nothing is said any more."""
    repo.release("LX-WI-01", body="# 甲\n", effective=repo.today + timedelta(days=20))
    assert repo.verify() == []

    repo.release("LX-WI-01", body="# 乙\n", effective=repo.today + timedelta(days=10))

    place = "released/instruction/LX-WI-01/A-2.md"
    assert repo.verify() == [Told("EFFECTIVE-EARLIER", place)]
    assert repo.check(whole=True) == [Told("EFFECTIVE-EARLIER", place)]
    for person, *words in (("li.si", "--reason", "日期有误"), ("wang.wu",)):
        assert repo.qms("annul", "LX-WI-01", "A/2", *words, by=person).code == 0
    assert "EFFECTIVE-EARLIER" not in [told.code for told in repo.verify()]


def test_the_second_before_is_in_time(repo: DocsRepo) -> None:
    """Benign twin: 23:59:59 is that day still, and so it is when written in the far east."""
    approved(repo)
    slot = Notice("publish", "3", "document-controller", "wang.wu")
    at(repo, "2026-11-21T05:59:59+14:00")
    document = repo.document("LX-WI-02")
    days = {"published": "2026-11-20", "effective": "2026-11-20"}
    last = given(repo, document, slot, data=days, at="2026-11-21T05:59:59+14:00")

    repo.file("LX-WI-02", (*document.statements[:2], last), "published")

    assert repo.verify() == []
    assert repo.check(whole=True) == []


def moved(repo: DocsRepo, zone: str) -> None:
    """The company moves: from now on its days go by another zone."""
    repo.policy(lambda company: replace(company, timezone=f'"{zone}"'))


@pytest.mark.parametrize("zone", ["-12:00", "+14:00"])
def test_a_later_zone_recounts_nothing(repo: DocsRepo, zone: str) -> None:
    """Benign: an honest signer at 00:30 of the first day, judged under a version that moved west.

    The later version had not seen the signatures: it judges them, by the day that they had.
    """
    repo.policy(
        lambda company: company.with_role(
            "quality-manager", "li.si 2020-01-01 2026-11-20", "zhou.jiu 2026-11-21"
        )
    )
    repo.branch("settings")
    moved(repo, zone)
    repo.checkout("main")
    repo.tick(datetime.fromisoformat("2026-11-21T00:30:00+08:00") - repo.now)
    repo.sign("LX-WI-02", "zhou.jiu")
    repo.publish("LX-WI-02")
    repo.merge("settings")

    assert repo.verify() == []
    assert repo.check(whole=True) == []
    assert walked(repo) == standing(repo)


def test_a_later_zone_makes_no_ended_role_valid(repo: DocsRepo) -> None:
    """The attacker's twin: who lost the role at midnight gets nothing from a company that moves."""
    a_role_that_ends(repo)
    repo.branch("settings")
    moved(repo, "-12:00")
    repo.checkout("main")
    at(repo, "2026-11-21T00:30:00+08:00")
    approve(repo)
    repo.commit("Attack")
    repo.merge("settings")

    assert repo.verify() == [Told("ROLE", IN_REVIEW)]
    assert repo.check(whole=True) == [Told("ROLE", IN_REVIEW)]


def test_a_revision_comes_into_force_on_its_day_under_whatever_later_zone(repo: DocsRepo) -> None:
    """The day of its signature is noted when it is recorded, by the version that it names."""
    at(repo, "2026-11-21T00:30:00+08:00")
    repo.release("LX-WI-02", effective=date(2026, 11, 21))
    moved(repo, "-12:00")

    with effects(repo) as known:
        days = [known.in_force("LX-WI-02", date(2026, 11, day)) for day in (20, 21)]

    assert [one is not None for one in days] == [False, True]


# times that have not come


@contextmanager
def effects(repo: DocsRepo, now: datetime | None = None) -> Iterator[Effects]:
    repo.history.flush()
    with Repository.find(repo.path) as repository:
        judge = judgement_of(repo.hooks, RepositoryHistory(repository)).judge
        register = Register((TreeSource(judge, repository.tree(repo.tip)),))
        yield Effects(judge, register, now)


def published_in(repo: DocsRepo, moment: str) -> str:
    """LX-WI-02 is filed with a last signature of `moment`, on the trunk; gives the commit."""
    approved(repo)
    document = repo.document("LX-WI-02")
    slot = Notice("publish", "3", "document-controller", "wang.wu")
    days = {"published": moment[:10], "effective": moment[:10]}
    last = given(repo, document, slot, data=days, at=moment)
    return repo.file("LX-WI-02", (*document.statements[:2], last), "published")


@attack("102", "TIME-AHEAD", FILED, gates="RV")
def a_release_dated_2099(repo: DocsRepo) -> str:
    repo.branch("late")
    return published_in(repo, FAR)


@attack("102", "TIME-AHEAD", COPY)
def an_event_dated_2099(repo: DocsRepo) -> str:
    now = repo.now
    at(repo, FAR)
    commit = repo.give_back("LX-CX-2026-01", "001", revision="A/0")
    repo.now = now
    return commit


def test_ten_minutes_are_no_time_ahead(repo: DocsRepo) -> None:
    """trust §2.6: two honest clocks differ; a second more is ahead of all of them."""
    before = repo.tip
    repo.branch("late")
    moment = repo.now + timedelta(hours=1)
    published_in(repo, moment.isoformat())

    told = {}
    for seconds in (600, 601):
        repo.now = moment - timedelta(seconds=seconds)
        told[seconds] = repo.verify(), repo.check(), gate(repo, before, repo.tip)

    wanted = [Told("TIME-AHEAD", FILED)]
    assert told == {600: ([], [], []), 601: (wanted, wanted, wanted)}


def test_what_is_ahead_is_recorded_and_has_no_effect_until_then(repo: DocsRepo) -> None:
    """Rules j: an effect, so that no register depends on a clock."""
    now = repo.now
    published_in(repo, FAR)
    then = datetime.fromisoformat(FAR)

    with effects(repo, now) as known:
        assert known.register.revision("LX-WI-02", "A/0") is not None
        assert known.in_force("LX-WI-02", then.date()) is None
    with effects(repo, then) as known:
        assert known.in_force("LX-WI-02", then.date()) is not None
    assert walked(repo) == standing(repo)


def test_what_is_ahead_is_protected_like_all_that_is_recorded(repo: DocsRepo) -> None:
    published_in(repo, FAR)
    repo.delete(FILED)
    repo.commit("Attack")

    assert repo.verify() == [Told("DOC-MISSING", FILED)]


def test_a_policy_dated_2099_is_in_force_for_nobody(repo: DocsRepo) -> None:
    now = repo.now
    at(repo, FAR)
    repo.policy(lambda company: company.with_role("quality-manager", "zhou.jiu"))
    repo.now = now

    assert repo.verify() == [Told("POLICY-AHEAD", THIRD_POLICY)]
    assert repo.qms("list", by="li.si").code == 0
    signed = repo.qms("sign", "LX-WI-02", by="li.si")
    assert (signed.code, signed.findings) == (0, ())


# times that contradict each other


def ordered_wrongly(repo: DocsRepo) -> str:
    """LX-WI-02 is filed by a statement that says it is older than the approval that it names."""
    approved(repo)
    document = repo.document("LX-WI-02")
    slot = Notice("publish", "3", "document-controller", "wang.wu")
    days = {"published": str(repo.today), "effective": str(repo.today)}
    last = given(repo, document, slot, data=days, at=document.statements[0].at)
    return repo.file("LX-WI-02", (*document.statements[:2], last), "published")


def test_which_of_two_lies_nobody_knows(repo: DocsRepo) -> None:
    """So it is kept, and protected, and has no effect."""
    ordered_wrongly(repo)

    assert repo.verify() == [Told("TIME-ORDER", FILED)]
    assert walked(repo) == standing(repo)
    with effects(repo) as known:
        assert known.register.revision("LX-WI-02", "A/0") is not None
        assert known.in_force("LX-WI-02", date(2030, 1, 1)) is None
    repo.delete(FILED)
    repo.commit("Attack")
    assert repo.verify() == [Told("DOC-MISSING", FILED)]


@attack("102", "TIME-ORDER", THIRD_POLICY, gates="RV")
def a_policy_dated_before_the_one_that_it_follows(repo: DocsRepo) -> str:
    """For policies it stays a ground: X3, a version four hours earlier that took their turn."""
    repo.branch("thief")
    at(repo, "2026-11-20T08:00:00+08:00")
    commit = repo.policy()
    at(repo, "2026-11-21T08:00:00+08:00")
    return commit


def annul(repo: DocsRepo, number: str, filing: Statement) -> None:
    """The chain annuls an entry."""
    for person, *why in (("li.si", "--reason", "日期写错"), ("wang.wu",)):
        answer = repo.qms("annul", number, filing.id.partition(":")[2][:16], *why, by=person)
        assert answer.code == 0, answer.err


def test_what_was_annulled_is_no_end_of_a_number(repo: DocsRepo) -> None:
    """X13: after a statement dated 2099 the next revision counts, once that is annulled."""
    now = repo.now
    published_in(repo, FAR)
    liar = repo.document("LX-WI-02").statements[-1]
    repo.now = now
    repo.release("LX-WI-02", effective=repo.today)

    with effects(repo, repo.now) as known:
        assert known.in_force("LX-WI-02", repo.today) is None
    annul(repo, "LX-WI-02", liar)
    with effects(repo, repo.now) as known:
        found = known.in_force("LX-WI-02", repo.today)
        assert found is not None
        assert found.document.revision == "A/1"
        assert list(known.findings("LX-WI-02")) == []


def test_only_what_was_annulled_is_left_out(repo: DocsRepo) -> None:
    """The twin: annulling something else frees no liar."""
    ordered_wrongly(repo)
    repo.release("LX-WI-01")
    repo.release("LX-WI-01")
    annul(repo, "LX-WI-01", repo.document("LX-WI-01").statements[-1])

    with effects(repo, repo.now) as known:
        assert [one.code for one in known.findings("LX-WI-02")] == ["TIME-ORDER"]
