"""A list that somebody fills, or ends, stops nobody: with heads, with bytes, with an odd date."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from qms.domain.kinds.log import ACTS_HEAD, REJECTS_HEAD, render_head
from qms.domain.kinds.reading import parsed_copy, parsed_document
from qms.formats import caps, cut, slots
from qms.formats.paths import acts_path
from qms.formats.slots import Base, Notice, Statement
from qms.testing import DocsRepo
from qms.testing.contests import SHEET, effects, next_revision, standing
from qms.testing.desk import last_act

A_0 = "released/instruction/LX-WI-01/A-0.md"
REJECTS = "released/instruction/LX-WI-01/rejects.yaml"
PROCEDURE = "LX-CX-2026-01"
COPY = "copies/procedure/LX-CX-2026-01/A-0/002.yaml"
MANY = caps.AFTER + 6
FAR = "2099-01-01T00:00:00+08:00"
LONG_AGO = "1970-01-01T00:00:00+08:00"


def acts(repo: DocsRepo, count: int, **given: Any) -> list[Statement]:
    """Parts of as many rulings on the sheet by li.si, none of which names another."""
    document = parsed_document(repo.read(A_0))
    filing = last_act(document)
    at = given.pop("at", None)
    return [
        repo.sign_slot(
            Notice("settle", "1", "quality-manager", "li.si"), document.subject,
            cut.cut_yaml(acts_file(repo, ())).content, at=at,
            base=Base("A/0", document.content), reason=given.get("reason", f"{number}"),
            after=[filing], data={"annulled": [filing], "stands": None},
        )
        for number in range(count)
    ]  # fmt: skip


def acts_file(repo: DocsRepo, events: tuple[Statement, ...]) -> bytes:
    document = parsed_document(repo.read(A_0))
    names = {"number": SHEET, "class": "instruction", "revision": "A/0"}
    head = render_head(ACTS_HEAD, names | {"content": document.content})
    return head + slots.render_tail(slots.Tail("log", events, log=True))


def file_acts(repo: DocsRepo, events: list[Statement]) -> str:
    path = acts_path("instruction", SHEET, "A/0", parsed_document(repo.read(A_0)).content)
    repo.write(path, acts_file(repo, tuple(events)))
    repo.commit("Attack")
    return path


def receive(repo: DocsRepo, count: int = 1, at: str | None = None, **given: Any) -> list[Statement]:
    """Receipts of copy 002, none of which names another."""
    data = repo.read(COPY)
    log = parsed_copy(data)
    issued = log.events[0]
    made = [
        repo.sign_slot(
            Notice("receive", "event", None, "li.si"), log.subject, log.content,
            base=issued.base, at=at, data={"by": "li.si"},
            **{"after": [issued.id], "reason": f"{number}", **given},
        )
        for number in range(count)
    ]  # fmt: skip
    tail = slots.Tail("log", (*log.events, *made), log=True)
    repo.write(COPY, cut.with_tail(data, slots.render_tail(tail)))
    repo.commit("Attack")
    return made


def rejections(repo: DocsRepo, count: int, **given: Any) -> list[Statement]:
    """So many rejections of texts of A/1 that nobody wrote, by two accomplices."""
    document = parsed_document(repo.read(A_0))
    subject = replace(document.subject, revision="A/1")
    base, filing = Base("A/0", document.content), last_act(document)
    made: list[Statement] = []
    for number in range(count):
        content = f"sha256:{number:064x}"
        prepare = repo.sign_slot(
            Notice("prepare", "1", "preparer", "zhao.liu"), subject, content, base=base,
            after=[filing], at=given.get("prepared"),
        )  # fmt: skip
        reject = repo.sign_slot(
            Notice("reject", "2", "quality-manager", "li.si"), subject, content, base=base,
            after=[prepare.id], reason=given.get("reason", "不行"), at=given.get("at"),
        )  # fmt: skip
        made += [prepare, reject]
    head = render_head(REJECTS_HEAD, {"number": SHEET, "class": "instruction"})
    repo.write(REJECTS, head + slots.render_tail(slots.Tail("log", tuple(made), log=True)))
    repo.commit("Attack")
    return made


def ruled(repo: DocsRepo, *words: str, by: Sequence[str] = ("li.si", "wang.wu")) -> None:
    """The chain signs a ruling, and it counts."""
    for person in by:
        answer = repo.qms(*words, "--reason", "已核实", by=person)
        assert answer.code == 0, answer.err
    assert "is complete" in answer.out


# heads


def test_more_heads_than_one_may_name_stop_no_ruling(repo: DocsRepo) -> None:
    """64 heads: `annul` and `settle` failed with LIMIT for ever."""
    file_acts(repo, acts(repo, MANY))
    assert repo.verify() == []

    ruled(repo, "annul", SHEET, "A/0")

    assert repo.verify() == repo.check(whole=True) == []
    assert standing(repo) is None


def test_a_ruling_is_the_later_word_behind_many_heads(repo: DocsRepo) -> None:
    """Whoever rules otherwise names what they rule against before all that fills the list."""
    ruled(repo, "annul", SHEET, "A/0")
    path = acts_path("instruction", SHEET, "A/0", parsed_document(repo.read(A_0)).content)
    first = slots.statements_in(slots.parse_tail(cut.cut_yaml(repo.read(path)).tail).slots)
    file_acts(repo, [*first, *acts(repo, MANY)])

    ruled(repo, "ratify", SHEET, "A/0")

    assert standing(repo) == ("A/0", "正文。")


@pytest.mark.parametrize("count", [MANY, 5 * caps.AFTER])
def test_more_rejections_than_one_may_name_stop_no_revision(repo: DocsRepo, count: int) -> None:
    """`submit` failed with LIMIT, and `check` said: submit again."""
    rejections(repo, count)

    next_revision(repo)

    assert standing(repo)[0] == "A/1"  # type: ignore[index]
    assert repo.verify() == repo.check(whole=True) == []


def test_more_events_than_one_may_name_hide_no_issue(repo: DocsRepo) -> None:
    """Heads that don't reach the issue: whoever takes the paper back names that all the same."""
    document = next(one for one in repo.released(PROCEDURE) if one.revision == "A/0")
    receive(repo, MANY, after=[last_act(document)])

    answer = repo.qms("return", PROCEDURE, "002", "--revision", "A/0", by="wang.wu")

    assert answer.code == 0, answer.err
    assert "COPY-NOT-OUT" in repo.qms("return", PROCEDURE, "002", by="wang.wu").findings


# bytes


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four megabytes of signatures would take a minute to make."""
    monkeypatch.setattr(caps, "BLOB", 20_000)


def state(repo: DocsRepo) -> tuple[str, Mapping[str, object]]:
    return repo.tip, dict(repo.files)


@pytest.mark.usefixtures("small")
def test_a_full_list_of_a_copy_takes_no_event_and_keeps_the_copy(repo: DocsRepo) -> None:
    """`return` signed, exited with 0 and committed a file that nobody read any more."""
    receive(repo, (20_000 - len(repo.read(COPY))) // 1000)
    while len(repo.read(COPY)) < 20_000 - 900:
        receive(repo)
    before = state(repo)

    answer = repo.qms("return", PROCEDURE, "002", "--revision", "A/0", by="wang.wu")

    assert (answer.code, answer.findings) == (1, ("LIMIT",))
    assert COPY in answer.err
    assert state(repo) == before
    assert "002" in repo.qms("copies", PROCEDURE, "--out").out
    assert repo.verify() == []


@pytest.mark.usefixtures("small")
def test_a_full_list_of_acts_takes_no_ruling(repo: DocsRepo) -> None:
    path = file_acts(repo, acts(repo, 15))
    while len(repo.read(path)) < 20_000 - 900:
        tail = slots.parse_tail(cut.cut_yaml(repo.read(path)).tail)
        more = acts(repo, 1, reason=f"{len(repo.read(path))}")
        file_acts(repo, [*slots.statements_in(tail.slots), *more])
    before = state(repo)

    answer = repo.qms("annul", SHEET, "A/0", "--reason", "误发", by="li.si")

    assert (answer.code, answer.findings) == (1, ("LIMIT",))
    assert path in answer.err
    assert state(repo) == before


@pytest.mark.usefixtures("small")
def test_a_full_list_of_rejections_takes_no_rejection(repo: DocsRepo) -> None:
    rejections(repo, 8)
    assert 20_000 - 4000 < len(repo.read(REJECTS)) < 20_000
    repo.policy(lambda company: company)  # nobody is held by what the same people made up
    repo.revise(SHEET, revision="A/2")
    repo.commit("Revise")
    repo.submit(SHEET)
    before = state(repo)

    reason = "不" * 800
    answer = repo.qms("reject", SHEET, "--reason", reason, by="li.si")

    assert (answer.code, answer.findings) == (1, ("LIMIT",))
    assert state(repo) == before


@pytest.mark.usefixtures("small")
def test_a_text_too_large_to_be_filed_is_not_signed(repo: DocsRepo) -> None:
    size = 20_000 - len(repo.read("documents/instruction/LX-WI-03.md")) - 600
    repo.draft("LX-WI-03", body="# 目的\n\n" + "xxx " * (size // 4) + "\n")
    repo.commit("A long text")
    before = state(repo)

    answer = repo.qms("submit", "LX-WI-03", by="sun.ba")

    assert (answer.code, answer.findings) == (1, ("LIMIT",))
    assert state(repo) == before


def test_a_reason_longer_than_anybody_reads_is_refused(repo: DocsRepo) -> None:
    """A list was filled by forty events: each had a reason of sixty thousand characters."""
    words = ("recall", PROCEDURE, "002", "--revision", "A/0", "--due", "2027-01-31")

    answer = repo.qms(*words, "--reason", "长" * 1001, by="wang.wu")

    assert (answer.code, answer.findings) == (1, ("LIMIT",))
    assert repo.qms(*words, "--reason", "长" * 1000, by="wang.wu").code == 0
    assert repo.verify() == []


@pytest.mark.parametrize(
    "given",
    [{"reason": "x" * 1001}, {"meaning": "x" * 1001}, {"data": {"by": "x" * 1001}}],
    ids=["reason", "meaning", "fact"],
)
def test_a_text_over_the_cap_is_named(repo: DocsRepo, given: dict[str, Any]) -> None:
    log = parsed_copy(repo.read(COPY))
    (issued,) = log.events
    slot = repo.sign_slot(
        Notice("receive", "event", None, "li.si"), log.subject, log.content,
        base=issued.base, after=[issued.id], **{"data": {"by": "li.si"}, **given},
    )  # fmt: skip
    line = f"  - {slots.render_event(slot)}\n".encode()
    repo.write(COPY, repo.read(COPY) + line)
    repo.commit("Attack")

    assert [(one.code, one.path) for one in repo.verify()] == [("LIMIT", COPY)]


# dates


@pytest.mark.parametrize("at", [FAR, LONG_AGO])
def test_a_receipt_with_an_odd_date_is_no_end_of_a_copys_list(repo: DocsRepo, at: str) -> None:
    """CLOCK, "set the clock right", for 72 years; or somebody else's TIME-ORDER."""
    (odd,) = receive(repo, at=at)
    code = "TIME-AHEAD" if at == FAR else "TIME-ORDER"
    assert [one.code for one in repo.verify()] == [code]

    answer = repo.qms("return", PROCEDURE, "002", "--revision", "A/0", by="wang.wu")

    assert answer.code == 0, answer.err
    assert at[:4] in answer.out
    assert code in answer.out
    last = parsed_copy(repo.read(COPY)).events[-1]
    assert last.act == "return"
    assert odd.id not in last.after
    assert [one.code for one in repo.verify()] == [code]
    chain = ("li.si", "qian.qi", "zhao.liu", "wang.wu")
    ruled(repo, "annul", PROCEDURE, odd.id.partition(":")[2][:12], by=chain)
    assert repo.verify() == []


def test_a_ruling_dated_2099_stops_no_other_and_is_annulled(repo: DocsRepo) -> None:
    (odd,) = acts(repo, 1, at=FAR)
    file_acts(repo, [odd])
    assert [one.code for one in repo.verify()] == ["TIME-AHEAD"]

    ruled(repo, "annul", SHEET, "A/0")

    assert standing(repo) is None
    assert [one.code for one in repo.verify()] == ["TIME-AHEAD"]
    ruled(repo, "annul", SHEET, odd.id.partition(":")[2][:12])
    assert repo.verify() == []


@pytest.mark.parametrize(("given", "code"), [
    ({"prepared": FAR}, "TIME-ORDER"), ({"prepared": FAR, "at": FAR}, "TIME-AHEAD"),
    ({"at": LONG_AGO, "prepared": LONG_AGO}, "TIME-ORDER"),
], ids=["prepared", "both", "1970"])  # fmt: skip
def test_a_rejection_with_an_odd_date_stops_no_revision_and_is_told(
    repo: DocsRepo, given: dict[str, str], code: str
) -> None:
    rejections(repo, 1, **given)

    next_revision(repo)

    with effects(repo, clock=True) as known:
        assert [one.document.revision for one in known.effective(SHEET)] == ["A/0", "A/1"]
    assert [one.code for one in repo.verify()] == [code]


@pytest.mark.parametrize("at", [FAR, LONG_AGO])
def test_what_is_new_is_refused_beside_an_odd_date(repo: DocsRepo, at: str) -> None:
    """Only what was there before is let pass: one cause, one finding, must not hide another."""
    receive(repo, at=at)
    before = state(repo)
    words = ("issue", PROCEDURE, "--revision", "A/0", "--copy", "002", "--to", "technical")

    assert repo.qms(*words, by="wang.wu").findings == ("COPY-TWICE",)
    assert state(repo) == before


def test_a_copy_with_a_huge_number_blocks_no_issue(repo: DocsRepo) -> None:
    """COPY-GAP is told of it; the next paper has the lowest number that nobody had."""
    repo.issue(PROCEDURE, "999999999")

    answer = repo.qms("issue", PROCEDURE, "--to", "technical", by="wang.wu")

    assert answer.code == 0, answer.err
    assert repo.has("copies/procedure/LX-CX-2026-01/A-1/003.yaml")
    assert [one.code for one in repo.verify()] == ["COPY-GAP"]
    with effects(repo, clock=True) as known:
        assert known.now == datetime.fromisoformat(repo.now.isoformat())
