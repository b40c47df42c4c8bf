"""A plan is attacked by those who may push: filed by less than its chain, changed, taken away."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.formats.slots import Statement, Tail, render_tail
from qms.testing.inspection_plans import (
    AUTHOR,
    EXPERT,
    FILED,
    HEAD,
    NUMBER,
    OPEN,
    PICTURE,
    REFUSED,
    YEAR,
    lay,
    signed_by,
    slots_of,
)
from qms.testing.office import Office
from qms.testing.outsiders import runner


def file_with(office: Office, *more: Statement) -> None:
    """What goes round is filed with these signatures, by hand."""
    office.write(f"released/assets/{_digest(office)}", PICTURE)
    lay(office, OPEN, (*slots_of(office, OPEN), *more), "approved", FILED)
    (office.folder / OPEN).unlink()


def _digest(office: Office, path: str = OPEN) -> str:
    found = re.search(r"sha256:([0-9a-f]{64})", office.text(path))
    assert found is not None
    return found[1]


CHECK = ("check-plan", "2", HEAD, "head-of-technical")
PASS = ("pass-plan", "3", EXPERT, "expert")


def act_of_another_kind(office: Office) -> None:
    """`prepare` is an act of documents: somebody's signature there is none here."""
    one = signed_by(office, OPEN, "prepare", "2", HEAD, "head-of-technical")
    file_with(office, one, signed_by(office, OPEN, *PASS, after=[one]))


def act_of_another_step(office: Office) -> None:
    one = signed_by(office, OPEN, "pass-plan", "2", HEAD, "head-of-technical")
    file_with(office, one, signed_by(office, OPEN, *PASS, after=[one]))


def step_of_another_person(office: Office) -> None:
    one = signed_by(office, OPEN, "check-plan", "2", "ye.wu", "head-of-business")
    file_with(office, one, signed_by(office, OPEN, *PASS, after=[one]))


def role_of_another_person(office: Office) -> None:
    one = signed_by(office, OPEN, "check-plan", "2", "ye.wu", "head-of-technical")
    file_with(office, one, signed_by(office, OPEN, *PASS, after=[one]))


def steps_in_another_order(office: Office) -> None:
    first = signed_by(office, OPEN, *PASS)
    file_with(office, first, signed_by(office, OPEN, *CHECK, after=[first]))


def left_out_step(office: Office) -> None:
    file_with(office, signed_by(office, OPEN, *PASS))


def swapped_statement(office: Office) -> None:
    """A true signature of the right person, on another plan."""
    one = signed_by(office, OPEN, *CHECK, number="JH-08")
    file_with(office, one, signed_by(office, OPEN, *PASS, after=[one]))


def signature_on_other_words(office: Office) -> None:
    one = signed_by(office, OPEN, *CHECK, content="sha256:" + "0" * 64)
    file_with(office, one, signed_by(office, OPEN, *PASS, after=[one]))


def round_without_beginning(office: Office) -> None:
    one = signed_by(office, OPEN, *CHECK, round_number=2)
    file_with(office, one, signed_by(office, OPEN, *PASS, after=[one], round_number=2))


def self_passed(office: Office) -> None:
    one = signed_by(office, OPEN, "check-plan", "2", AUTHOR, "preparer")
    file_with(office, one, signed_by(office, OPEN, *PASS, after=[one]))


def missing_picture(office: Office) -> None:
    one = signed_by(office, OPEN, *CHECK)
    file_with(office, one, signed_by(office, OPEN, *PASS, after=[one]))
    (office.folder / f"released/assets/{_digest(office, FILED)}").unlink()


@pytest.mark.parametrize(
    ("attack", "code"),
    [
        (act_of_another_kind, "ACT-DIFFERS"),
        (act_of_another_step, "ACT-DIFFERS"),
        (step_of_another_person, "ROLE"),
        (role_of_another_person, "ROLE"),
        (steps_in_another_order, "CHAIN-ORDER"),
        (left_out_step, "NOT-APPROVED"),
        (swapped_statement, "MOVED-ENTRY"),
        (signature_on_other_words, "DOC-CHANGED"),
        (round_without_beginning, "ROUND"),
        (self_passed, "ROLE"),
        (missing_picture, "ASSET-MISSING"),
    ],
)
def test_what_is_filed_by_hand_is_judged(
    going: Office, folder: Path, attack: Callable[[Office], None], code: str
) -> None:
    """Attack: somebody who may push lays it into its place, by less than its chain."""
    attack(going)
    caught(going, folder, code)


def caught(office: Office, folder: Path, code: str) -> None:
    """What lies in the work tree is told by `check`, by the gate and, pushed, by `verify`."""
    qms = runner(office, folder)
    assert qms("check").findings == (code,)
    clean = office.git("rev-parse", "HEAD")
    office.git("add", "-A")
    office.git("commit", "-qm", "Attack")
    assert qms("check", "--step", clean, "HEAD").findings == (code,)
    verified = qms("verify")
    assert (verified.code, verified.findings) == (1, (code,))


def taken_away(office: Office) -> None:
    (office.folder / OPEN).unlink()


def said_to_be_passed(office: Office) -> None:
    office.edit(OPEN, "status: in-review", "status: approved")


def said_to_be_sent(office: Office) -> None:
    lay(office, OPEN, (), "in-review")


def checked_by_a_stranger(office: Office) -> None:
    one = signed_by(office, OPEN, "check-plan", "2", "ye.wu", "head-of-business")
    lay(office, OPEN, (*slots_of(office, OPEN), one), "in-review")


def checked_as_something_else(office: Office) -> None:
    one = signed_by(office, OPEN, "pass-plan", "2", HEAD, "head-of-technical")
    lay(office, OPEN, (*slots_of(office, OPEN), one), "in-review")


def passed_before_it_was_checked(office: Office) -> None:
    lay(office, OPEN, (*slots_of(office, OPEN), signed_by(office, OPEN, *PASS)), "in-review")


def laid_elsewhere(office: Office) -> None:
    (office.folder / OPEN).rename(office.folder / OPEN.replace(NUMBER, "JH-09"))


def picture_exchanged(office: Office) -> None:
    office.write("assets/shaft.svg", PICTURE + b"\n")


@pytest.mark.parametrize(
    ("attack", "codes"),
    [
        (taken_away, {"REVIEW-GONE"}),
        (said_to_be_passed, {"DOC-UNAPPROVED"}),
        (said_to_be_sent, {"DOC-UNAPPROVED"}),
        (checked_by_a_stranger, {"ROLE"}),
        (checked_as_something_else, {"ACT-DIFFERS"}),
        (passed_before_it_was_checked, {"CHAIN-ORDER"}),
        (laid_elsewhere, {"REVIEW-GONE"}),
        (picture_exchanged, {"ASSET-EDITED"}),
    ],
)
def test_what_goes_round_is_honest(
    going: Office, folder: Path, attack: Callable[[Office], None], codes: set[str]
) -> None:
    """Attack: a text that still goes round says more than is signed, or is gone."""
    attack(going)
    assert set(runner(going, folder)("check").findings) == codes


def edited(office: Office) -> None:
    office.edit(FILED, "每批五件", "每批一件")


def forged_fact(office: Office) -> None:
    office.edit(FILED, "sample: 5", "sample: 900")


def removed(office: Office) -> None:
    (office.folder / FILED).unlink()


def other_words(office: Office) -> None:
    """The meaning of a signature is signed too."""
    office.edit(FILED, '"meaning":"checked"', '"meaning":"passed"')


def second_close(office: Office) -> None:
    """Another expert passes what is filed once more."""
    slots = slots_of(office, FILED)
    more = signed_by(office, FILED, "pass-plan", "3", "zhi.jian", "expert", after=slots[1:2])
    lay(office, FILED, (*slots, more), "approved")


def closed_no_more(office: Office) -> None:
    lay(office, FILED, slots_of(office, FILED)[:2], "in-review")


def picture_changed(office: Office) -> None:
    office.write(f"released/assets/{_digest(office, FILED)}", PICTURE + b"\n")


def opened_again(office: Office) -> None:
    """What is filed lies there to be signed once more."""
    office.write(OPEN, office.text(FILED).replace("status: approved", "status: draft"))


@pytest.mark.parametrize(
    ("attack", "code"),
    [
        (edited, "DOC-CHANGED"),
        (forged_fact, "DOC-CHANGED"),
        (removed, "DOC-MISSING"),
        (other_words, "SIGNATURE"),
        (second_close, "CHAIN-BROKEN"),
        (closed_no_more, "CHAIN-BROKEN"),
        (picture_changed, "ASSET-CHANGED"),
        (opened_again, "FILED-ALREADY"),
    ],
)
def test_what_is_filed_never_changes(
    filed: Office, folder: Path, attack: Callable[[Office], None], code: str
) -> None:
    attack(filed)
    caught(filed, folder, code)


def refused(office: Office, folder: Path) -> tuple[Statement, ...]:
    """The head has refused the plan; what stood in it then."""
    answer = runner(office, folder)("reject", NUMBER, "--reason", "五件太少", by=HEAD)
    assert answer.code == 0, answer
    return slots_of(office, OPEN)


def test_a_refusal_can_not_be_left_out(going: Office, folder: Path) -> None:
    """Attack: the refusal is taken out of the text, and its round goes on by hand."""
    begun = refused(going, folder)[:1]
    lay(going, OPEN, begun, "in-review")
    qms = runner(going, folder)
    assert qms("check").findings == ("ROUND",)

    one = signed_by(going, OPEN, *CHECK[:2], HEAD, CHECK[3], after=begun)
    file_with(going, one, signed_by(going, OPEN, *PASS, after=[one]))

    caught(going, folder, "REJECTION-MISSING")


def test_the_list_of_refusals_only_grows(going: Office, folder: Path) -> None:
    refused(going, folder)
    (going.folder / REFUSED).unlink()
    caught(going, folder, "LOG-REMOVED")


def test_nobody_freezes_a_plan_that_was_not_sent_round(begun: Office, folder: Path,
                                                       tmp_path: Path) -> None:  # fmt: skip
    """Attack: a refusal of a draft that nobody submitted, laid into the list by hand."""
    office = begun.copy(tmp_path)
    one = signed_by(
        office, OPEN, "refuse-plan", "2", HEAD, "head-of-technical",
        reason="no", after=(), content="sha256:" + "0" * 64,
    )  # fmt: skip
    office.write(REFUSED, f'number: "{NUMBER}"\nyear: "{YEAR}"\n'.encode()
                 + render_tail(Tail("log", (one,), log=True)))  # fmt: skip

    assert "CHAIN-BROKEN" in runner(office, folder)("check").findings


def refusal_list(office: Office, *slots: Statement) -> None:
    head = f'number: "{NUMBER}"\nyear: "{YEAR}"\n'.encode()
    office.write(REFUSED, head + render_tail(Tail("log", slots, log=True)))


@pytest.fixture
def refused_in_secret(going: Office, folder: Path) -> tuple[Office, tuple[Statement, ...]]:
    """An expert has refused the plan and shown nobody, and the others have filed it."""
    begun = slots_of(going, OPEN)[:1]
    no = signed_by(going, OPEN, "refuse-plan", "3", "zhi.jian", "expert", after=begun, reason="no")
    qms = runner(going, folder)
    for person in (HEAD, EXPERT):
        assert qms("sign", NUMBER, by=person).code == 0
    return going, (*begun, no)


@pytest.mark.parametrize("taken_away", [False, True])
def test_nobody_refuses_on_top_of_what_is_filed(
    refused_in_secret: tuple[Office, tuple[Statement, ...]],
    folder: Path,
    *,
    taken_away: bool,
) -> None:
    """Attack: a refusal with an old `seen` is laid in where the filing lies already, or where it
    was taken away for that by the same push.
    """
    office, slots = refused_in_secret
    filed = office.git("rev-parse", "HEAD")
    if taken_away:
        office.git("rm", "-q", FILED)
        office.git("commit", "-qm", "Take it away")
    refusal_list(office, *slots)
    office.git("add", "-A")
    office.git("commit", "-qm", "Attack")
    if taken_away:
        office.git("checkout", "-q", filed, "--", FILED)
        office.git("commit", "-qm", "Bring it back")

    pushed = runner(office, folder)("check", "--step", filed, "HEAD")

    assert (pushed.code, set(pushed.findings)) == (1, {"REJECTED-FILED", "TEXT-REJECTED"})


def test_a_refusal_that_a_rebase_laid_on_top_is_brought_in_beside(
    refused_in_secret: tuple[Office, tuple[Statement, ...]], folder: Path, tmp_path: Path
) -> None:
    """Honest: made where the filing was not known yet, and moved behind it by git."""
    office, slots = refused_in_secret
    server = tmp_path / "server.git"
    office.git("init", "-q", "--bare", "-b", "main", str(server))
    office.git("remote", "add", "origin", str(server))
    office.git("push", "-q", "-u", "origin", "main")
    filed = office.git("rev-parse", "HEAD")
    refusal_list(office, *slots)
    office.git("add", "-A")
    office.git("commit", "-qm", "Refuse")
    qms = runner(office, folder)
    assert "REJECTED-FILED" in qms("check").findings

    assert qms("sync", by="zhi.jian").code == 0

    pushed = qms("check", "--step", filed, "origin/main")
    assert (pushed.code, pushed.findings) == (0, ("TEXT-REJECTED",))


def test_one_who_refuses_what_is_filed_stops_nobody_else(
    refused_in_secret: tuple[Office, tuple[Statement, ...]], folder: Path, tmp_path: Path
) -> None:
    """Attack: the same from a branch of before. The text waits, all else is published."""
    office, slots = refused_in_secret
    qms = runner(office, folder)
    filed = office.git("rev-parse", "HEAD")
    office.git("checkout", "-q", "-b", "old", "HEAD~2")
    refusal_list(office, *slots)
    office.git("add", "-A")
    office.git("commit", "-qm", "Refuse")
    office.git("checkout", "-q", "main")
    office.git("merge", "-q", "--no-edit", "old")

    pushed = qms("check", "--step", filed, "HEAD")
    assert (pushed.code, pushed.findings) == (0, ("TEXT-REJECTED",))
    verified = qms("verify")
    assert (verified.code, verified.findings) == (0, ("TEXT-REJECTED",))
    published = qms("publish", "--unsigned", "--out", str(tmp_path / "out"))
    assert published.code == 0
    assert not [one.name for one in (tmp_path / "out").rglob("*.pdf") if NUMBER in one.name]
