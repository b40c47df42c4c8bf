"""A list costs what it is long, whatever its shape and however it is laid."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from qms.domain.kinds.log import ACTS_HEAD, REJECTS_HEAD, render_head
from qms.domain.kinds.reading import parsed_copy, parsed_document
from qms.domain.library import verdicts
from qms.domain.register import events, recorder, rulings
from qms.formats import cut, slots
from qms.formats.paths import acts_path
from qms.formats.slots import Base, Notice, Statement
from qms.testing import DocsRepo, Told
from qms.testing.contests import parted, release, standing
from qms.testing.desk import last_act

COPY = "copies/procedure/LX-CX-2026-01/A-1/007.yaml"
EVENTS = 40


def test_events_in_reverse_are_judged_once_each(
    repo: DocsRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each pass found one: of a full file verify took half an hour, for ever."""
    repo.issue("LX-CX-2026-01", "007")
    for _ in range(EVENTS - 1):
        repo.recall("LX-CX-2026-01", "007")
    data = repo.read(COPY)
    listed = parsed_copy(data).events
    turned = slots.render_tail(slots.Tail("log", tuple(reversed(listed)), log=True))
    repo.write(COPY, cut.with_tail(data, turned))
    repo.commit("Attack")
    judged: list[int] = []
    honest = events.event_fault

    def counted(*given: object) -> object:
        judged.append(1)
        return honest(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(recorder, "event_fault", counted)

    assert repo.check(whole=True) == [Told("LOG-REWRITTEN", COPY)]
    assert len(judged) < 4 * EVENTS


# one behind the other: of each of these sizes a verification took minutes, for ever


SHEET = "LX-WI-01"
NOWHERE = "sha256:" + "ab" * 32
"""The digest of a text that nobody wrote."""
BASE = "released/instruction/LX-WI-01/A-0.md"


def acts_of(
    repo: DocsRepo, count: int, shape: Callable[[list[str]], Sequence[str]]
) -> list[Statement]:
    """Equal parts of one ruling by one person; `shape` says what each comes after."""
    document = parsed_document(repo.read(BASE))
    filing = last_act(document)
    names = {"number": SHEET, "class": "instruction", "revision": "A/0"}
    head = render_head(ACTS_HEAD, names | {"content": document.content})
    content = cut.cut_yaml(head + slots.render_tail(slots.Tail("log", log=True))).content
    made: list[Statement] = []
    for _ in range(count):
        made.append(
            repo.sign_slot(
                Notice("settle", "1", "quality-manager", "li.si"), document.subject,
                content, base=Base("A/0", document.content), reason="不行",
                after=sorted(shape([one.id for one in made]) or [filing]),
                data={"annulled": [filing], "stands": None},
            )
        )  # fmt: skip
    return made


def file_acts(repo: DocsRepo, acts: Sequence[Statement]) -> None:
    document = parsed_document(repo.read(BASE))
    names = {"number": SHEET, "class": "instruction", "revision": "A/0"}
    head = render_head(ACTS_HEAD, names | {"content": document.content})
    path = acts_path("instruction", SHEET, "A/0", document.content)
    repo.write(path, head + slots.render_tail(slots.Tail("log", tuple(acts), log=True)))
    repo.commit("Attack")


def unanswered(repo: DocsRepo) -> set[str]:
    return {one.code for one in (*repo.verify(), *repo.check(whole=True))} - {"COPY-OUT"}


@pytest.mark.parametrize("turned", [False, True], ids=["in-order", "turned-round"])
def test_one_persons_chain_of_rulings_costs_what_it_is_long(
    repo: DocsRepo,
    turned: bool,  # noqa: FBT001 - a case
) -> None:
    """Of 400 it took 25 s, and eight times that of each 800: 4 MiB hold 3,500 of them."""
    acts = acts_of(repo, 1500, lambda ids: ids[-1:])
    file_acts(repo, acts[::-1] if turned else acts)

    assert unanswered(repo) == ({"LOG-REWRITTEN"} if turned else set())
    assert standing(repo) == ("A/0", "正文。")


def test_rulings_that_name_many_cost_what_they_name(repo: DocsRepo) -> None:
    """Each names the 64 before it: many ways lead from one to the other."""
    file_acts(repo, acts_of(repo, 700, lambda ids: ids[-64:]))

    assert unanswered(repo) == set()


def test_a_ruling_is_asked_for_once_for_all_of_whom_nothing_tells_apart(
    repo: DocsRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_acts(repo, acts_of(repo, 40, lambda ids: ids[-1:]))
    asked: list[int] = []
    honest = rulings.ruling_chain

    def counted(*given: object) -> object:
        asked.append(1)
        return honest(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(verdicts, "ruling_chain", counted)

    assert repo.verify() == []
    assert len(asked) == 1


def rejected_rounds(repo: DocsRepo, rounds: int) -> None:
    """Two persons reject rounds of A/1 that were never in the repo, one after the other."""
    document = parsed_document(repo.read(BASE))
    subject = replace(document.subject, revision="A/1")
    base = Base("A/0", document.content)
    made: list[Statement] = []
    for number in range(1, rounds + 1):
        for act, step, role, person in (
            ("prepare", "1", "preparer", "zhao.liu"),
            ("reject", "2", "quality-manager", "li.si"),
        ):
            made.append(
                repo.sign_slot(
                    Notice(act, step, role, person), subject, NOWHERE, base=base,
                    after=[made[-1].id if made else last_act(document)], round_number=number,
                    reason="不行" if act == "reject" else None,
                )
            )  # fmt: skip
    head = render_head(REJECTS_HEAD, {"number": SHEET, "class": "instruction"})
    tail = slots.render_tail(slots.Tail("log", tuple(made), log=True))
    repo.write("released/instruction/LX-WI-01/rejects.yaml", head + tail)
    repo.commit("Attack")


@pytest.mark.long
def test_rejected_rounds_cost_what_they_are_many(repo: DocsRepo) -> None:
    """Of 999 it took minutes; then somebody submits the revision, with all that was rejected."""
    rejected_rounds(repo, 998)
    assert unanswered(repo) == set()
    repo.revise(SHEET)
    repo.commit("Revise")

    assert repo.qms("submit", SHEET, by="sun.ba").code == 0

    assert repo.document(SHEET).round == 999
    assert unanswered(repo) == set()


def test_rejected_rounds_beside_a_release_cost_what_they_are_many(repo: DocsRepo) -> None:
    with parted(repo, "one") as theirs:
        release(repo, "真的")
        theirs()
        rejected_rounds(repo, 900)

    assert unanswered(repo) == {"SIGNED-REJECT"}  # they signed that very release
