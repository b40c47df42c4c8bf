"""The plan of a publishing run: what is printed, and what the printers are handed."""

from datetime import date, datetime, timedelta
from pathlib import Path

from qms.api import Legacy
from qms.installed import TOOLS
from qms.jobs.judging.checker import Checker
from qms.jobs.paper.planned import Print, Wanted
from qms.jobs.paper.prints import plan
from qms.jobs.sessions.work_session import WorkSession
from qms.plugins import Hooks
from qms.printing import RenderRequest
from qms.storage.repository import Repository
from qms.testing import DocsRepo
from qms.testing.contests import contested, entry_of, parted, released_as
from qms_publish.request import sheet_of


def silent(*_: object, **__: object) -> None:
    """Nothing is printed."""


def requests(docs: DocsRepo) -> dict[str, RenderRequest]:
    """What the renderer is handed for each number, drafts too."""
    return {one.request.document.number: one.request for one in prints(docs)}


def prints(docs: DocsRepo) -> tuple[Print, ...]:
    """What would be printed, drafts too."""
    with Repository.find(docs.lay_out()) as repository:
        session = WorkSession(
            repository=repository, hooks=docs.hooks, now=docs.now, language="zh",
            checker=Checker.of(repository, docs.hooks), key=None, dry_run=False,
            speak=silent, show=silent,
        )  # fmt: skip
        return plan(session, Wanted(drafts=True), Hooks(session.policy.plugins, (TOOLS,))).prints


def test_a_draft_comes_with_what_its_own_chain_asks_for(tmp_path: Path) -> None:
    """DC-04: the form for signatures follows the chain of the class, with and without a review."""
    docs = DocsRepo.make(tmp_path / "docs")
    docs.draft("LX-WI-01")
    docs.draft("LX-CX-01")
    docs.commit("Two drafts")

    acts = {number: request.acts for number, request in requests(docs).items()}

    assert acts["LX-WI-01"] == ("prepare", "approve", "publish")
    assert acts["LX-CX-01"] == ("prepare", "review", "approve", "publish")


def test_what_is_in_force_is_printed_as_it_was_signed(tmp_path: Path) -> None:
    """A later chain adds no empty line to it."""
    docs = DocsRepo.make(tmp_path / "docs")
    docs.release("LX-WI-01")

    assert requests(docs)["LX-WI-01"].acts == ()


def test_what_is_attested_is_handed_to_the_printer(tmp_path: Path) -> None:
    """BX-08, law 1: every field of it; the revision of the system's own has none."""
    docs = DocsRepo.make(tmp_path / "docs")
    old = "{approved: 2019-03-01, effective: 2019-04-01, published: 2019-03-15, by: 张三}"
    docs.release("LX-WI-01", revision="C/3", legacy=old)
    docs.release("LX-WI-02")

    papers = {number: sheet_of(request).paper for number, request in requests(docs).items()}

    assert papers == {
        "LX-WI-01": Legacy(
            approved=date(2019, 3, 1), published=date(2019, 3, 15), effective=date(2019, 4, 1),
            by="张三",
        ),
        "LX-WI-02": None,
    }  # fmt: skip


def test_the_cover_has_the_companys_days_and_the_times_as_they_were_signed(tmp_path: Path) -> None:
    """trust §2.6: signed in the west in the evening, when it was the next morning at +08:00."""
    docs = DocsRepo.make(tmp_path / "docs")
    docs.now = datetime.fromisoformat("2026-11-25T20:00:00-08:00")
    docs.release("LX-WI-01")

    request = requests(docs)["LX-WI-01"]

    assert {one.day for one in sheet_of(request).signatures} == {"2026-11-26"}
    assert {one.at[:10] for one in sheet_of(request).signatures} == {"2026-11-25"}
    assert request.published == date(2026, 11, 26)


def test_the_amendment_record_never_tells_of_a_text_that_gave_way(tmp_path: Path) -> None:
    """DC-07: the paper tells what it builds on, whichever of two rivals was filed first."""
    for stands in ("这一份", "那一份"):
        docs = DocsRepo.make(tmp_path / stands)
        docs.release("LX-WI-01")
        contested(docs, "LX-WI-01")
        mine = entry_of(docs, "LX-WI-01", stands)
        for person in ("li.si", "wang.wu"):
            docs.qms("settle", "LX-WI-01", "--stands", mine, "--reason", "先发布", by=person)
        docs.now += timedelta(days=90)

        request = requests(docs)["LX-WI-01"]

        assert stands in request.document.body
        assert [one.revision for one in request.amendments] == ["A/0", "A/1"]


def test_a_numbered_copy_is_of_the_text_that_was_issued(tmp_path: Path) -> None:
    """Law 1: two texts claimed A/1, one had copies out; the other is never printed as these."""
    for stands, copies in (("这一份", ["001"]), ("那一份", [])):
        docs = DocsRepo.make(tmp_path / stands)
        docs.release("LX-WI-01")
        with parted(docs, "twin") as other:
            released_as(docs, "LX-WI-01", "这一份")
            docs.issue("LX-WI-01", "001")
            other()
            released_as(docs, "LX-WI-01", "那一份")
        mine = entry_of(docs, "LX-WI-01", stands)
        for person in ("li.si", "wang.wu"):
            docs.qms("settle", "LX-WI-01", "--stands", mine, "--reason", "看过两份", by=person)
        docs.now += timedelta(days=90)

        found = prints(docs)

        assert all(stands in one.request.document.body for one in found)
        assert [one.mark.copy for one in found if one.mark.kind == "controlled"] == copies
