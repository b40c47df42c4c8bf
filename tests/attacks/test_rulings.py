"""What a chain decided stands until it decides again: rulings (trust.md, Rulings), attacked."""

from dataclasses import replace

from qms.domain.kinds.log import ACTS_HEAD, render_head
from qms.formats import cut, slots
from qms.formats.paths import acts_path
from qms.formats.slots import Notice
from qms.testing import DocsRepo
from qms.testing.contests import contested, effects, entry_of, parted, worked_by

SHEET = "LX-WI-01"
LONGER = """\
      - {act: prepare, who: [{member_of: owner}]}
      - {act: review, who: [{role: general-manager}]}
      - {act: approve, who: [{role: quality-manager}]}
      - {act: publish, who: [{role: document-controller}]}
"""


def settled(repo: DocsRepo, line: str, why: str = "先发布") -> None:
    """Both steps of the chain settle for the text with this line."""
    mine = entry_of(repo, SHEET, line)
    for person in ("li.si", "wang.wu"):
        answer = repo.qms("settle", SHEET, "--stands", mine, "--reason", why, by=person)
        assert answer.code == 0, answer.err


def list_of_acts(repo: DocsRepo) -> str:
    return next(one for one in repo.files if one.endswith(".acts.yaml"))


def signed_once_more(repo: DocsRepo, person: str, step: str, role: str, *, late: bool) -> None:
    """One person's further event of the first ruling, after the filings, or after all acts."""
    path = list_of_acts(repo)
    data = repo.read(path)
    listed = slots.statements_in(slots.parse_tail(cut.cut_yaml(data).tail).slots)
    first = listed[0]
    with effects(repo) as known:
        filings = [one.filing.id for one in known.register.named(SHEET, "A/1")]
    made = repo.sign_slot(
        Notice(listed[0].act, step, role, person), first.subject, first.content,
        base=first.base, after=[one.id for one in listed] if late else filings[:1],
        data=dict(first.data), reason=first.reason,
    )  # fmt: skip
    tail = slots.render_tail(slots.Tail("log", (*listed, made), log=True))
    repo.write(path, cut.with_tail(data, tail))
    repo.commit("Sign once more")


def test_one_further_signature_out_of_order_undoes_no_ruling(repo: DocsRepo) -> None:
    """T: who has a seat at the last step signs it once more, as if the first had not been."""
    contested(repo, SHEET)
    settled(repo, "这一份")

    signed_once_more(repo, "wang.wu", "2", "document-controller", late=False)

    assert worked_by(repo, SHEET) == ("A/1", "这一份")
    assert repo.verify() == []


def test_one_further_signature_under_a_longer_chain_undoes_no_ruling(repo: DocsRepo) -> None:
    """T2: it cites a policy that had seen the ruling complete; that policy asks nothing of it."""
    contested(repo, SHEET)
    settled(repo, "这一份")
    repo.policy(lambda company: company.with_chain("instruction", LONGER))

    signed_once_more(repo, "wang.wu", "3", "document-controller", late=False)

    assert worked_by(repo, SHEET) == ("A/1", "这一份")
    assert repo.verify() == []


def test_one_further_signature_revives_no_ruling_that_gave_way(repo: DocsRepo) -> None:
    """One of the first ruling's signers signs it again after the second: the chain has not."""
    contested(repo, SHEET)
    settled(repo, "那一份", "甲")
    settled(repo, "这一份", "乙")
    assert worked_by(repo, SHEET) == ("A/1", "这一份")

    for late in (False, True):
        signed_once_more(repo, "wang.wu", "2", "document-controller", late=late)

    assert worked_by(repo, SHEET) == ("A/1", "这一份")


def test_one_person_in_two_steps_completes_nothing_and_spoils_nothing(repo: DocsRepo) -> None:
    """Who holds both seats is refused the second, and where it was forged it counts for neither."""
    contested(repo, SHEET)
    repo.policy(lambda company: company.with_role("document-controller", "wang.wu", "li.si"))
    mine = entry_of(repo, SHEET, "这一份")
    words = ("settle", SHEET, "--stands", mine, "--reason", "先发布")
    assert repo.qms(*words, by="li.si").code == 0

    assert repo.qms(*words, by="li.si").findings == ("SAME-PERSON",)

    signed_once_more(repo, "li.si", "2", "document-controller", late=True)
    assert worked_by(repo, SHEET)[0] == "A/0"  # type: ignore[index]
    done = repo.qms(*words, by="wang.wu")
    assert (done.code, worked_by(repo, SHEET)) == (0, ("A/1", "这一份"))


def test_nobody_ratifies_the_own_text(repo: DocsRepo) -> None:
    """P: who prepared it may not sign the step that they could not sign in its release."""
    repo.policy(lambda company: company.with_role("quality-manager", "li.si", "zhou.jiu"))
    with parted(repo, "work") as theirs:
        repo.policy(lambda company: company.with_new_key("zhou.jiu"), by=("zhao.liu", "wang.wu"))
        theirs()
        repo.revise(SHEET, body="# 目的\n\n自批\n", prepared_by="li.si", owner="quality")
        repo.commit("Revise")
        repo.submit(SHEET)
        repo.sign(SHEET, "zhou.jiu")
        repo.publish(SHEET)
    words = ("ratify", SHEET, "A/1", "--reason", "我看行")

    assert repo.qms(*words, by="li.si").findings == ("SELF-APPROVAL",)

    for person in ("zhou.jiu", "wang.wu"):
        assert repo.qms(*words, by=person).code == 0
    assert worked_by(repo, SHEET) == ("A/1", "自批")


def test_a_list_of_acts_lies_in_the_class_of_its_text(repo: DocsRepo) -> None:
    """L: the second step in a list of another class's folder counts for nothing, and is named."""
    contested(repo, SHEET)
    mine = entry_of(repo, SHEET, "这一份")
    begun = repo.qms("settle", SHEET, "--stands", mine, "--reason", "先发布", by="li.si")
    assert begun.code == 0
    (signed,) = slots.statements_in(
        slots.parse_tail(cut.cut_yaml(repo.read(list_of_acts(repo))).tail).slots
    )
    assert signed.base is not None
    names = {
        "number": SHEET,
        "class": "procedure",
        "revision": "A/1",
        "content": signed.base.content,
    }
    head = render_head(ACTS_HEAD, names)
    made = repo.sign_slot(
        Notice("settle", "2", "document-controller", "wang.wu"),
        replace(signed.subject, class_="procedure"),
        cut.cut_yaml(head + b"status: log\nevents: []\n").content,
        base=signed.base, after=(*signed.after, signed.id), data=dict(signed.data),
        reason=signed.reason,
    )  # fmt: skip
    path = acts_path("procedure", SHEET, "A/1", signed.base.content)
    repo.write(path, head + slots.render_tail(slots.Tail("log", (made,), log=True)))
    repo.commit("Acts elsewhere")

    assert [told.code for told in repo.verify()] == ["CONTESTED", "MOVED-ENTRY"]


def test_a_ratified_event_of_a_copy_is_silent(repo: DocsRepo) -> None:
    """An issue in flight under a key that a policy voids: told until the chain takes it over."""
    repo.policy(lambda company: company.with_role("document-controller", "wang.wu", "zhou.jiu"))
    with parted(repo, "work") as theirs:
        repo.policy(lambda company: company.with_new_key("zhou.jiu"))
        theirs()
        repo.issue(SHEET, "001", "li.si", person="zhou.jiu")
    assert [told.code for told in repo.verify()] == ["STALE-POLICY"]
    with effects(repo) as known:
        (issued,) = known.register.of_number("copy", SHEET)
    digits = issued.slot.id.partition(":")[2][:8]

    for person in ("li.si", "wang.wu"):
        answer = repo.qms("ratify", SHEET, digits, "--reason", "已核实", by=person)
        assert answer.code == 0, answer.err

    assert repo.verify() == []


def test_a_second_signature_by_the_same_step_waits_behind_other_acts(repo: DocsRepo) -> None:
    """What another act came between is no break: the step before is behind it all the same."""
    contested(repo, SHEET)
    mine, other = entry_of(repo, SHEET, "这一份"), entry_of(repo, SHEET, "那一份")
    for entry, why, *otherwise in ((mine, "甲"), (other, "乙", "--otherwise")):
        words = ("settle", SHEET, "--stands", entry, "--reason", why, *otherwise)
        assert repo.qms(*words, by="li.si").code == 0

    assert repo.qms("settle", SHEET, "--stands", mine, by="wang.wu").code == 0

    assert worked_by(repo, SHEET) == ("A/1", "这一份")
