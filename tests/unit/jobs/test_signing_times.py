"""The time that a statement will have: never before what it names, never from a second look."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from qms.findings import Refused
from qms.formats.slots import Base
from qms.jobs.judging.checker import Checker
from qms.jobs.sessions.intents import Intent
from qms.jobs.sessions.lists import OpenLists
from qms.jobs.sessions.work_session import WorkSession
from qms.session import NewEvent
from qms.storage.repository import Repository
from qms.testing import DocsRepo

NUMBER = "LX-WI-01"
FAR = datetime.fromisoformat("2099-01-01T00:00:00+08:00")


@pytest.fixture
def docs(tmp_path: Path) -> DocsRepo:
    """Copy 001 is out."""
    repo = DocsRepo.make(tmp_path / "docs")
    repo.release(NUMBER)
    repo.issue(NUMBER, "001")
    return repo


@contextmanager
def session(docs: DocsRepo) -> Iterator[WorkSession]:
    with Repository.find(docs.lay_out()) as repository:
        yield WorkSession(
            repository=repository, hooks=docs.hooks, now=docs.now, language="en",
            checker=Checker.of(repository, docs.hooks),
        )  # fmt: skip


def give_back(known: WorkSession) -> Intent:
    """What somebody states who takes copy 001 back."""
    event = NewEvent(
        number=NUMBER, revision="A/0", copy="001", act="return", role="document-controller",
        data={"state": "good"},
    )  # fmt: skip
    return OpenLists(known.hooks, known.effects, known.tree).intent(event).intent


def received_at(docs: DocsRepo, moment: datetime) -> str:
    """The holder receives it at this moment; gives the statement's id. The clock stays."""
    now, docs.now = docs.now, moment
    docs.receive(NUMBER, "001")
    docs.now = now
    path = f"copies/instruction/{NUMBER}/A-0/001.yaml"
    with session(docs) as known:
        (events,) = known.register.copies(NUMBER, "A/0").values()
    assert [event.path for event in events] == [path, path]
    return events[-1].slot.id


def test_a_clock_that_is_a_little_behind_takes_the_time_of_what_it_comes_after(
    docs: DocsRepo,
) -> None:
    """trust §2.6: up to ten minutes, and in the signer's own zone."""
    docs.now = docs.now.astimezone()
    before = docs.now
    received_at(docs, before + timedelta(minutes=3))  # the builder's clock ticks before it signs

    with session(docs) as known:
        time = known.time_of(give_back(known))

    assert time == before + timedelta(minutes=10)
    assert time.utcoffset() == before.utcoffset()


def test_a_statement_dated_2099_is_no_end_of_a_copys_list(docs: DocsRepo) -> None:
    """X13: nobody could take the copy back for 72 years; nor does what was annulled wait for it."""
    liar = received_at(docs, FAR)

    with session(docs) as known:
        unheard = give_back(known)
        assert known.time_of(unheard) == docs.now
    assert liar not in unheard.after
    for person, *why in (("li.si", "--reason", "日期写错"), ("wang.wu",)):
        entry = liar.partition(":")[2][:16]
        assert docs.qms("annul", NUMBER, entry, *why, by=person).code == 0
    with session(docs) as known:
        assert known.time_of(give_back(known)) == docs.now


def test_a_release_dated_2099_is_no_end_of_a_number(docs: DocsRepo) -> None:
    """X13"""
    now, docs.now = docs.now, FAR
    docs.release("LX-WI-02")
    docs.now = now
    newest = docs.released("LX-WI-02")[-1]

    def next_one(known: WorkSession) -> Intent:
        entry = known.register.newest("LX-WI-02")
        assert entry is not None
        return Intent(
            act="prepare", step="1", role="preparer", subject=newest.subject,
            content=newest.content, base=Base(newest.revision, newest.content), round=1,
            after=(entry.filing.id,), meaning="prepared",
        )  # fmt: skip

    with session(docs) as known, pytest.raises(Refused) as caught:
        known.time_of(next_one(known))
    for person, *why in (("li.si", "--reason", "日期写错"), ("wang.wu",)):
        assert docs.qms("annul", "LX-WI-02", "A/0", *why, by=person).code == 0
    with session(docs) as known:
        time = known.time_of(next_one(known))

    assert caught.value.finding.code == "CLOCK"
    assert time == docs.now
