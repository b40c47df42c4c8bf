"""Whoever has a seat may reject what is submitted; a string of a revision freezes for nobody."""

from dataclasses import replace

from qms.domain.kinds.chain import PREPARE
from qms.domain.kinds.log import REJECTS as REJECTS_KIND
from qms.domain.kinds.log import REJECTS_HEAD, parse_log
from qms.domain.library.past import Past
from qms.domain.register.register import Register
from qms.domain.register.rejects import rejections
from qms.domain.register.source import TreeSource
from qms.formats import cut, slots
from qms.formats.slots import Base, Notice
from qms.formats.tree import EXECUTABLE
from qms.jobs.documents.rejecting import list_of_rejects, with_reject
from qms.jobs.judging.repository_history import RepositoryHistory, judgement_of
from qms.storage.repository import Repository
from qms.testing import DocsRepo
from qms.testing.desk import last_act
from qms.testing.planted import planted, stored

SHEET = "LX-WI-01"
REJECTS = "released/instruction/LX-WI-01/rejects.yaml"


def reject_unseen(repo: DocsRepo, preparer: str, rounds: int = 1, first: int = 1) -> None:
    """li.si rejects a text of A/1 that was never in the repo, in so many rounds."""
    base = repo.newest(SHEET)
    assert base is not None
    document = replace(base, revision="A/1", content="sha256:" + "0" * 64, slots=())
    step = repo.chain(base).steps[1]
    after = (last_act(base),)
    for number in range(first, first + rounds):
        prepared = repo.sign_slot(
            Notice(PREPARE, "1", "preparer", preparer),
            document.subject,
            document.content,
            base=Base(base.revision, base.content),
            after=after,
            round_number=number,
        )
        rejected = repo.sign_slot(
            Notice("reject", "2", step.seats[0].role, "li.si"),
            document.subject,
            document.content,
            base=Base(base.revision, base.content),
            after=(prepared.id,),
            round_number=number,
            reason="不行",
        )
        document = replace(document, slots=(*document.slots, prepared, rejected))
        after = (rejected.id,)
    path = list_of_rejects(document)
    repo.write(path, with_reject(None, document, document.statements[-1]))
    repo.commit("Attack")


def test_a_text_that_one_person_took_back_binds_nobody(repo: DocsRepo) -> None:
    """X17: one person with a seat, alone, kept A/1 from everybody; verify was silent."""
    reject_unseen(repo, "li.si")

    repo.release(SHEET)

    assert repo.verify() == repo.check(whole=True) == []


def test_no_round_is_left_out(repo: DocsRepo) -> None:
    """A reject in the last round there is room for: no next one would ever begin."""
    reject_unseen(repo, "zhao.liu", first=999)

    assert {one.code for one in repo.verify()} == {"ROUND"}
    assert {one.code for one in repo.check(whole=True)} == {"ROUND"}


def test_submit_goes_on_in_the_round_after_a_rejection_that_the_text_lacks(repo: DocsRepo) -> None:
    """X17: it was refused, and only copying slots by hand helped."""
    reject_unseen(repo, "zhao.liu", rounds=2)
    assert repo.verify() == []
    repo.revise(SHEET)
    repo.commit("Revise")

    assert repo.qms("submit", SHEET, by="sun.ba").code == 0
    assert repo.document(SHEET).round == 3
    assert repo.qms("sign", SHEET, by="li.si").code == 0
    assert repo.qms("release", SHEET, "--effective", "+7", by="wang.wu").code == 0
    assert repo.verify() == repo.check(whole=True) == []


def test_a_text_in_review_goes_on_after_a_rejection_of_another_text(repo: DocsRepo) -> None:
    repo.revise(SHEET)
    repo.commit("Revise")
    repo.submit(SHEET)
    reject_unseen(repo, "zhao.liu")
    assert [one.code for one in repo.verify()] == ["ROUND"]

    assert repo.qms("submit", SHEET, by="sun.ba").code == 0
    assert repo.document(SHEET).round == 2
    assert repo.verify() == repo.check(whole=True) == []


def test_a_round_that_an_edit_ended_is_listed_with_the_reject(repo: DocsRepo) -> None:
    """Honest: edited and submitted again without a reject, and rejected then."""
    repo.revise(SHEET)
    repo.commit("Revise")
    repo.submit(SHEET)
    repo.edit("documents/instruction/LX-WI-01.md",
              repo.read("documents/instruction/LX-WI-01.md") + "再改\n".encode())  # fmt: skip
    assert repo.qms("submit", SHEET, by="sun.ba").code == 0
    assert repo.qms("reject", SHEET, "--reason", "不行", by="li.si").code == 0

    assert repo.verify() == repo.check(whole=True) == []


def test_a_draft_without_the_slots_of_its_rejected_round_hides_no_rejection(repo: DocsRepo) -> None:
    """Its preparer wants nobody to see that it was sent back: it stays filed, shown and counted."""
    text = "documents/instruction/LX-WI-01.md"
    repo.revise(SHEET)
    repo.commit("Revise")
    repo.submit(SHEET)
    assert repo.qms("reject", SHEET, "--reason", "缺少记录", by="li.si").code == 0
    filed = repo.read(REJECTS)
    bare = slots.render_tail(slots.Tail("draft", ()))
    repo.write(text, cut.with_tail(repo.read(text), bare))
    repo.commit("Attack")

    assert repo.verify() == repo.check(whole=True) == []
    assert repo.read(REJECTS) == filed
    assert "缺少记录" in repo.qms("history", SHEET).out

    assert repo.qms("submit", SHEET, by="sun.ba").code == 0
    assert repo.document(SHEET).round == 2
    repo.write(REJECTS, filed.replace("缺少记录".encode(), b"-"))
    repo.commit("Attack")
    assert {one.path for one in repo.verify()} == {REJECTS}


def test_the_rounds_of_one_revision_open_none_of_another(repo: DocsRepo) -> None:
    """Two people who rejected 998 rounds of A/1 would have ended every later revision by two more
    signatures each: round 999 of A/2, after the last one of A/1.
    """
    reject_unseen(repo, "zhao.liu", rounds=3)
    assert repo.verify() == []
    listed = parse_log(repo.read(REJECTS), REJECTS_KIND, REJECTS_HEAD).events
    base = repo.newest(SHEET)
    assert base is not None
    last = listed[-1]
    subject = replace(last.subject, revision="A/2")
    made = list(listed)
    for act, step, role, person in (
        (PREPARE, "1", "preparer", "zhao.liu"),
        ("reject", "2", listed[-1].role, "li.si"),
    ):
        made.append(
            repo.sign_slot(
                Notice(act, step, role, person), subject, last.content, base=last.base,
                after=(made[-1].id,), round_number=4, reason="不行" if act == "reject" else None,
            )
        )  # fmt: skip
    tail = slots.render_tail(slots.Tail("log", tuple(made), log=True))
    repo.write(REJECTS, cut.with_tail(repo.read(REJECTS), tail))
    repo.commit("Attack")

    assert [one.code for one in repo.verify()] == ["ROUND"]
    assert [one.code for one in repo.check(whole=True)] == ["ROUND"]


def test_whether_a_rejection_was_seen_hangs_on_no_other_tree(repo: DocsRepo) -> None:
    """The same bytes under another mode hold nothing: asked about first, they hid the list."""
    reject_unseen(repo, "zhao.liu")
    honest = repo.tip
    repo.history.flush()
    odd = planted(
        repo.path, honest, REJECTS, EXECUTABLE, stored(repo.path, "blob", repo.read(REJECTS))
    )
    for order in ((odd, honest), (honest, odd)):
        with Repository.find(repo.path) as repository:
            judge = judgement_of(repo.hooks, RepositoryHistory(repository)).judge
            register = Register((TreeSource(judge, repository.tree(honest)),))
            (reject,) = rejections(register, SHEET)
            is_there = Past(judge).listed(reject)
            found = {one: is_there(repository.tree(one)) for one in order}
        assert found == {odd: False, honest: True}
