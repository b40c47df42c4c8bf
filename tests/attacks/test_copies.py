"""Attacks on the lives of copies: lists that only grow."""

from dataclasses import replace
from datetime import timedelta

import pytest

from qms.domain.kinds.reading import parsed_copy
from qms.formats import cut, slots
from qms.formats.canonical_json import Json
from qms.formats.paths import copy_path
from qms.formats.slots import Base, Notice, Statement, Subject
from qms.formats.tree import EXECUTABLE
from qms.testing import DocsRepo, key
from qms.testing.attacks import Attack, Attacks
from qms.testing.laws import standing, walked

NUMBER = "LX-CX-2026-01"
FIRST = "copies/procedure/LX-CX-2026-01/A-0/001.yaml"
SECOND = "copies/procedure/LX-CX-2026-01/A-0/002.yaml"
THIRD = "copies/procedure/LX-CX-2026-01/A-0/003.yaml"
OPENED = "copies/procedure/LX-CX-2026-01/A-1/001.yaml"

ATTACKS = Attacks()
attack = ATTACKS.add


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_an_attack_on_a_copys_life_is_named(attack: Attack, repo: DocsRepo) -> None:
    attack.prove(repo)


def put(repo: DocsRepo, path: str, events: tuple[Statement, ...]) -> None:
    tail = slots.render_tail(slots.Tail("log", events, log=True))
    repo.write(path, cut.with_tail(repo.read(path), tail))


def events(repo: DocsRepo, path: str = FIRST) -> tuple[Statement, ...]:
    return parsed_copy(repo.read(path)).events


@attack("39", "LOG-REMOVED", FIRST)
def a_copys_log_deleted(repo: DocsRepo) -> None:
    repo.delete(FIRST)


@attack("39", "LOG-REMOVED", FIRST)
def an_event_deleted_in_the_middle(repo: DocsRepo) -> None:
    put(repo, FIRST, events(repo)[1:])


@attack("41", "LOG-REMOVED", FIRST)
def the_last_event_cut_off(repo: DocsRepo) -> None:
    put(repo, FIRST, events(repo)[:1])


@attack("41", "LOG-REMOVED", FIRST)
def all_events_cut_off(repo: DocsRepo) -> None:
    put(repo, FIRST, ())


@attack("40", "LOG-REWRITTEN", FIRST)
def events_in_another_order(repo: DocsRepo) -> None:
    put(repo, FIRST, events(repo)[::-1])


@attack("40", "HEAD-SPELLING", FIRST)
def the_head_of_a_log_spelt_otherwise(repo: DocsRepo) -> None:
    repo.replace(FIRST, b'number: "LX-CX-2026-01"', b"number: LX-CX-2026-01")


@attack("40", "HEAD-SPELLING", FIRST)
def the_head_of_a_log_in_another_order(repo: DocsRepo) -> None:
    lines = repo.read(FIRST).splitlines(keepends=True)
    repo.write(FIRST, b"".join((lines[1], lines[0], *lines[2:])))


@attack("40", "HEAD-SPELLING", FIRST)
def a_comment_in_the_head_of_a_log(repo: DocsRepo) -> None:
    repo.replace(FIRST, b"status: log", b"# returned long ago\nstatus: log")


@attack("X21", "HEAD-SPELLING", OPENED)
def a_copy_opened_in_single_quotes(repo: DocsRepo) -> None:
    opened_in_single_quotes(repo)


def opened_in_single_quotes(repo: DocsRepo) -> None:
    """A copy that the controller himself opens, by another program: each signature is good."""
    document = repo.released(NUMBER)[-1]
    path = copy_path("procedure", NUMBER, document.revision, "001")
    head = f"number: {NUMBER}\nclass: procedure\nrevision: A/1\ncopy: '001'\n".encode()
    subject = Subject(
        kind="copy", number=NUMBER, class_="procedure", revision=document.revision, copy="001"
    )
    data = {"content": document.content, "department": "quality", "holder": "zhou.jiu",
            "place": None, "quantity": 1}  # fmt: skip
    slot = Notice("issue", "event", "document-controller", "wang.wu")
    base = Base(document.revision, document.content)
    after = [document.statements[-1].id]
    content = cut.cut_yaml(head + b"status: log\nevents: []\n").content
    signed = repo.sign_slot(slot, subject, content, base=base, after=after, data=data)
    repo.write(path, head + slots.render_tail(slots.Tail("log", (signed,), log=True)))


@pytest.mark.parametrize("swap", [False, True])
def test_a_copy_opened_in_two_spellings_is_one_copy_in_each_parent_order(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """X21: what git's union makes of both heads is no list, and putting the true one back is."""
    repo.branch("work")
    opened_in_single_quotes(repo)
    repo.commit("Open it in single quotes")
    repo.checkout("main")
    repo.issue(NUMBER, "001")
    honest = repo.read(OPENED)

    repo.merge("work", swap=swap)
    united = repo.verify()
    repo.write(OPENED, honest)
    repo.commit("Put the list back")

    assert [(one.code, one.path) for one in united] == [("CUT", OPENED)]
    assert [one.code for one in repo.verify()] == ["INCIDENT"]
    assert walked(repo) == standing(repo)


@attack("40", "SIGNATURE", FIRST)
def an_edited_name_in_an_event(repo: DocsRepo) -> None:
    repo.replace(FIRST, '"name":"王五"'.encode(), '"name":"王六"'.encode())


@attack("40", "LOG-REMOVED", FIRST)
def an_event_signed_again_with_other_facts(repo: DocsRepo) -> None:
    first, second = events(repo)
    data = dict(first.data) | {"holder": "sun.ba"}
    forged = key("wang.wu").signed(replace(first, data=data))
    put(repo, FIRST, (forged, second))


@attack("103", "SIGNATURE", FIRST)
def another_holder_in_an_issue(repo: DocsRepo) -> None:
    repo.replace(FIRST, b'"holder":"zhou.jiu"', b'"holder":"sun.ba"')


@attack("103", "SIGNATURE", SECOND)
def another_department_in_an_issue(repo: DocsRepo) -> None:
    repo.replace(SECOND, b'"department":"quality"', b'"department":"technical"')


@attack("40", "NOT-CANONICAL", FIRST)
def an_event_with_other_spacing(repo: DocsRepo) -> None:
    repo.replace(FIRST, b'"act":"issue"', b'"act": "issue"')


@attack("40", "SIGNATURE", FIRST)
def another_events_signature(repo: DocsRepo) -> None:
    first, second = events(repo)
    other = second
    put(repo, FIRST, (first.with_signature(other.signature or ""), second))


@attack("39", "LOG-REMOVED", FIRST)
def a_renamed_log(repo: DocsRepo) -> None:
    repo.rename(FIRST, "copies/procedure/LX-CX-2026-01/A-0/009.yaml")


@attack("109", "MOVED-ENTRY", "copies/procedure/LX-CX-2026-01/A-1/001.yaml")
def a_log_copied_to_another_revision(repo: DocsRepo) -> None:
    repo.write("copies/procedure/LX-CX-2026-01/A-1/001.yaml", repo.read(FIRST))


@attack("109", "MOVED-ENTRY", THIRD)
def a_log_under_another_copys_number(repo: DocsRepo) -> None:
    repo.write(THIRD, repo.read(SECOND).replace(b"copy: '002'", b"copy: '003'")
               .replace(b'copy: "002"', b'copy: "003"'))  # fmt: skip


@attack("45", "STRAY", THIRD)
def a_log_without_events(repo: DocsRepo) -> None:
    put(repo, SECOND, ())
    empty = repo.read(SECOND).replace(b'copy: "002"', b'copy: "003"')
    repo.write(SECOND, repo.files[SECOND].data)
    repo.write(THIRD, empty)


@attack("61", "BAD-MODE", FIRST)
def a_log_that_can_be_run(repo: DocsRepo) -> None:
    repo.write(FIRST, repo.read(FIRST), EXECUTABLE)


def facts(repo: DocsRepo) -> dict[str, Json]:
    """What a copy of A/0 is issued with."""
    return {"content": repo.released(NUMBER)[0].content, "department": "technical",
            "holder": "sun.ba", "place": None, "quantity": 1}  # fmt: skip


def issued(repo: DocsRepo, **changed: object) -> str:
    """Copy 003 is issued wrongly, in a commit of its own."""
    given = {"revision": "A/0", "data": facts(repo), **changed}
    return repo.event("issue", NUMBER, "003", **given)  # type: ignore[arg-type]


@attack("40", "LOG-REWRITTEN", FIRST)
def an_event_that_stands_twice(repo: DocsRepo) -> None:
    first, second = events(repo)
    put(repo, FIRST, (first, second, second))


def received(repo: DocsRepo, step: str = "event", **changed: object) -> None:
    """Copy 002 is received by its holder, in a statement that is not laid as events are."""
    log = parsed_copy(repo.read(SECOND))
    first = repo.released(NUMBER)[0]
    given: dict[str, object] = {"after": [log.events[-1].id], "data": {"by": "li.si"}} | changed
    slot = repo.sign_slot(
        Notice("receive", step, None, "li.si"),
        log.subject,
        log.content,
        base=Base(first.revision, first.content),
        **given,  # type: ignore[arg-type]
    )
    put(repo, SECOND, (*log.events, slot))


@attack("40", "SLOT-FORM", SECOND)
def an_event_as_a_step_of_a_chain(repo: DocsRepo) -> None:
    received(repo, "2")


@attack("40", "SLOT-FORM", SECOND)
def an_event_of_a_second_round(repo: DocsRepo) -> None:
    received(repo, round_number=2)


@attack("44", "CHAIN-BROKEN", SECOND)
def an_event_that_comes_after_nothing(repo: DocsRepo) -> None:
    received(repo, after=[])


@attack("14", "SIGNER", THIRD)
def an_issue_with_a_strangers_key(repo: DocsRepo) -> str:
    return issued(repo, by=key("mallory"))


@attack("15", "ROLE", THIRD)
def an_issue_by_somebody_without_the_role(repo: DocsRepo) -> str:
    return issued(repo, person="sun.ba")


@attack("12", "WRONG-REPO", THIRD)
def an_issue_from_another_repository(repo: DocsRepo) -> str:
    changed: dict[str, object] = {"repo": "sha256:" + "0" * 64}
    return repo.event("issue", NUMBER, "003", revision="A/0", data=facts(repo), **changed)  # type: ignore[arg-type]


@attack("102", "TIME-ORDER", THIRD)
def an_issue_dated_before_the_release(repo: DocsRepo) -> str:
    before = repo.now
    repo.now = repo.now.replace(hour=9, minute=8)
    commit = issued(repo, policy=repo.policy_file.content)
    repo.now = before
    return commit


@attack("36", "COPY-QUANTITY", THIRD)
def three_papers_under_one_number(repo: DocsRepo) -> str:
    return issued(repo, data=facts(repo) | {"quantity": 3})


@attack("36", "COPY-CONTENT", THIRD)
def a_copy_of_one_revision_issued_as_one_of_another(repo: DocsRepo) -> str:
    return issued(repo, data=facts(repo) | {"content": repo.released(NUMBER)[1].content})


@attack("38", "COPY-HOLDER", THIRD)
def an_issue_to_a_department_that_is_none(repo: DocsRepo) -> str:
    return issued(repo, data=facts(repo) | {"department": "canteen"})


@attack("38", "COPY-HOLDER", THIRD)
def an_issue_to_nobody(repo: DocsRepo) -> str:
    return issued(repo, data=facts(repo) | {"department": None, "holder": None})


@attack("38", "FACT-FORM", SECOND)
def a_receipt_by_a_blank(repo: DocsRepo) -> None:
    received(repo, data={"by": "\u3000"})


def lost(repo: DocsRepo, copy: str = "001", by: str = "003") -> str:
    """A copy of A/0 is declared lost."""
    return repo.event("replace", NUMBER, copy, revision="A/0", data={"by": by}, reason="水淹")


def another(repo: DocsRepo) -> str:
    """Copy 003 of A/0, for the holder of 001."""
    theirs = facts(repo) | {"department": "quality", "holder": "zhou.jiu"}
    return repo.event("issue", NUMBER, "003", revision="A/0", data=theirs)


def lost_before(repo: DocsRepo) -> None:
    another(repo)
    lost(repo)


NEWER = "copies/procedure/LX-CX-2026-01/A-1/001.yaml"


@attack("36", "COPY-VOID", FIRST, before=lost_before)
def a_lost_copys_number_issued_again(repo: DocsRepo) -> str:
    return repo.event("issue", NUMBER, "001", revision="A/0", data=facts(repo))


@attack("36", "COPY-VOID", NEWER, before=lost_before)
def a_lost_copys_number_issued_in_the_next_revision(repo: DocsRepo) -> str:
    return repo.issue(NUMBER, "001", revision="A/1")


def out_of_the_next_revision(repo: DocsRepo) -> str:
    another(repo)
    return next_issued(repo)


def next_issued(repo: DocsRepo) -> str:
    return repo.issue(NUMBER, "001", revision="A/1")


@attack("36", "COPY-VOID", FIRST, gates="R", before=out_of_the_next_revision)
def a_number_declared_lost_that_is_out_of_the_next_revision(repo: DocsRepo) -> str:
    return lost(repo)


@attack("36", "COPY-VOID", NEWER, gates="V", before=another)
def a_number_out_of_the_next_revision_and_lost_later(repo: DocsRepo) -> str:
    blamed = next_issued(repo)
    lost(repo)
    return blamed


def on_two_branches(repo: DocsRepo, *, swap: bool) -> str:
    """One branch declares a copy lost, the other gives its number out of the next revision."""
    repo.branch("other")
    blamed = next_issued(repo)
    repo.checkout("main")
    lost(repo)
    repo.merge("other", swap=swap)
    return blamed


@attack("36", "COPY-VOID", NEWER, before=another)
def a_number_lost_on_one_branch_and_issued_on_another(repo: DocsRepo) -> str:
    return on_two_branches(repo, swap=False)


@attack("36", "COPY-VOID", NEWER, before=another)
def a_number_issued_on_the_first_branch_and_lost_on_the_second(repo: DocsRepo) -> str:
    return on_two_branches(repo, swap=True)


@attack("38", "FACT-FORM", FIRST)
def a_copy_replaced_by_itself(repo: DocsRepo) -> str:
    return lost(repo, by="001")


@attack("36", "COPY-GAP", "copies/procedure/LX-CX-2026-01/A-0/004.yaml")
def a_copys_number_left_out(repo: DocsRepo) -> str:
    return repo.event("issue", NUMBER, "004", revision="A/0", data=facts(repo))


@attack("36", "COPY-TWICE", FIRST)
def a_copys_number_issued_again(repo: DocsRepo) -> str:
    return repo.event("issue", NUMBER, "001", revision="A/0", data=facts(repo))


@attack("38", "RECALL-UNKNOWN", THIRD)
def a_recall_of_a_copy_that_was_never_issued(repo: DocsRepo) -> str:
    return repo.recall(NUMBER, "003", revision="A/0")


@attack("38", "WRONG-HOLDER", SECOND)
def a_receipt_by_another_holder(repo: DocsRepo) -> str:
    return repo.receive(NUMBER, "002", "sun.ba", revision="A/0")


def a_month_later(repo: DocsRepo) -> None:
    """A/1 has come into force, and the copies of A/0 are back."""
    for copy in ("001", "002"):
        repo.recall(NUMBER, copy, revision="A/0")
        repo.give_back(NUMBER, copy, revision="A/0")
    repo.tick(timedelta(days=30))


@attack("37", "ISSUED-SUPERSEDED", THIRD, before=a_month_later)
def a_copy_of_a_superseded_revision(repo: DocsRepo) -> str:
    data: dict[str, Json] = {
        "content": repo.released(NUMBER)[0].content, "department": "quality", "holder": "qian.qi",
        "place": None, "quantity": 1,
    }  # fmt: skip
    return repo.event("issue", NUMBER, "003", data=data, revision="A/0")


@attack("37", "ISSUED-UNRELEASED", "copies/instruction/LX-WI-02/A-0/001.yaml")
def a_copy_of_a_text_in_review(repo: DocsRepo) -> None:
    head = b'number: "LX-WI-02"\nclass: "instruction"\nrevision: "A/0"\ncopy: "001"\n'
    log = parsed_copy(head + b"status: log\nevents: []\n")
    document = repo.document("LX-WI-02")
    data = facts(repo) | {"content": document.content}
    slot = Notice("issue", "event", "document-controller", "wang.wu")
    signed = repo.sign_slot(slot, log.subject, log.content, data=data)
    tail = slots.render_tail(slots.Tail("log", (signed,), log=True))
    repo.write("copies/instruction/LX-WI-02/A-0/001.yaml", head + tail)
