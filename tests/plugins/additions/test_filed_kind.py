"""A company files inspection plans: typed facts, a body, a picture, rounds, two people who pass it.

The plugin is somebody else's and uses `qms.api` alone. Three people live a plan through, from a
draft that goes round, is sent back and goes round again until it is filed; then it is attacked.
"""

import json
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from qms.formats.cut import cut_markdown, cut_yaml, with_tail
from qms.formats.digests import sha256, spelled_git_id
from qms.formats.slots import (
    Slot,
    Statement,
    Subject,
    Tail,
    Wording,
    in_order,
    parse_tail,
    render_tail,
    statements_in,
)
from qms.testing.keys import key
from qms.testing.office import Answer, Office
from qms.testing.outsiders import SIGNERS, admit, install, runner

RULES = '''\
"""Inspection plans: drawn up by who they name, checked by the head, passed by an expert."""
from pathlib import Path

from qms.api import Act, Chain, ChainStep, Field, Finding, RoundActs, Rule, Seat, Text
from qms.api import day, filed, hookimpl, integer, on_each, text

SAMPLE = Field("sample", integer(1, 1000))
FROM = Field("from", day())
AUTHOR = Field("author", text(max_length=64))


def chain(plan, policy, days):
    on = days[-1] if days else None
    author = plan.facts[AUTHOR]
    home = policy.persons[author].department if author in policy.persons else "-"
    heads, experts = (policy.holders(role, on) for role in (f"head-of-{home}", "expert"))
    return Chain((
        ChainStep(1, "draw-up", 1, (Seat(author, "preparer"),)),
        ChainStep(2, "check-plan", 1, tuple(Seat(one, f"head-of-{home}") for one in heads)),
        ChainStep(3, "pass-plan", 1, tuple(Seat(one, "expert") for one in experts)),
    ))


def is_tiny(change, step):
    if change.after.facts[SAMPLE] < 3:
        yield Finding("PLAN-SAMPLE", values={"number": change.after.number})


@hookimpl
def kinds():
    yield filed(
        "inspection-plan", "records/plans/{year}/{number}.md", SAMPLE, FROM, AUTHOR,
        chain=chain, pictures=True, rounds=RoundActs("draw-up", "refuse-plan"),
    )


@hookimpl
def acts():
    for name, zh, done in (
        ("draw-up", "编制计划", "drawn up"),
        ("check-plan", "校核计划", "checked"),
        ("pass-plan", "通过计划", "passed"),
    ):
        yield Act(name, "inspection-plan", done, Text(zh, name.replace("-", " ")))
    yield Act("refuse-plan", "inspection-plan", "refused", Text("退回计划", "refuse"),
              needs_reason=True)


@hookimpl
def rules(policy):
    judge = on_each("inspection-plan", is_tiny)
    yield Rule(name="plan-samples", codes=("PLAN-SAMPLE",), judge=judge)


@hookimpl
def codes():
    return Path(__file__).parent / "plan_codes.toml"
'''
TOOLS = """\
from qms.api import NamedPrint, NamedSheet, Text, hookimpl, texts_of


def sheets(library):
    for one in texts_of(library, "inspection-plan"):
        facts = one.text.facts
        table = f"| 抽样 | 自 |\\n|---|---|\\n| {facts['sample']} | {facts['from']} |\\n\\n"
        yield NamedSheet(number=one.text.number, title=Text("轴检验计划", "Shaft inspection plan"),
                    body=table + one.text.body, owner="technical", at=one)
    yield NamedSheet(number="plans-due", title=Text("到期计划", "Plans due"), body="无。\\n")


@hookimpl
def prints():
    yield NamedPrint("inspection-plans", Text("检验计划", "Inspection plan"), sheets)
"""
CODES = """\
[PLAN-SAMPLE]
level = "warning"
en = "{number} samples fewer than three"
zh = "{number} 抽样少于三件"
mend_en = "sample more"
mend_zh = "请增加抽样"
"""
NUMBER, YEAR = "JH-07", "2026"
OPEN = f"records/plans-open/{YEAR}/{NUMBER}.md"
FILED = f"records/plans/{YEAR}/{NUMBER}.md"
REFUSED = f"records/plans-rejected/{YEAR}/{NUMBER}.yaml"
AUTHOR, HEAD, EXPERT = "gong.yi", "ji.shu", "fu.yi"
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"/>\n'
DRAFT = f"""\
---
number: "{NUMBER}"
year: "{YEAR}"
sample: 5
from: 2026-12-01
author: {AUTHOR}
assets: [{{path: assets/shaft.svg, sha256: "sha256:{"0" * 64}"}}]
status: draft
approvals: []
---
# 轴检验计划

量取直径，每批五件。

![轴](assets/shaft.svg)
"""
_MEANINGS = {"draw-up": "drawn up", "check-plan": "checked", "pass-plan": "passed",
             "prepare": "prepared", "refuse-plan": "refused"}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = install(
        tmp_path_factory.mktemp("plans"), "acme-plans", "1.0",
        {"qms.rules": "plans = plan_rules", "qms.tools": "plans = plan_tools"},
        plan_rules=RULES, plan_tools=TOOLS,
    )  # fmt: skip
    (place / "plan_codes.toml").write_text(CODES, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory, lx_founded: Office, folder: Path) -> Office:
    """A company that admits the plugin, with a plan that somebody has begun to write."""
    office = lx_founded.copy(tmp_path_factory.mktemp("founded"))
    admit(office, folder, "plans", *SIGNERS)
    office.write("assets/shaft.svg", PICTURE)
    office.write(OPEN, DRAFT)
    return office


@pytest.fixture(scope="module")
def going_round(tmp_path_factory: pytest.TempPathFactory, founded: Office, folder: Path) -> Office:
    """The plan was sent round."""
    office = founded.copy(tmp_path_factory.mktemp("going"))
    assert runner(office, folder)("submit", NUMBER, by=AUTHOR).code == 0
    return office


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, going_round: Office, folder: Path) -> Office:
    """The plan was passed by all, and is filed."""
    office = going_round.copy(tmp_path_factory.mktemp("archive"))
    qms = runner(office, folder)
    for person in (HEAD, EXPERT):
        answer = qms("sign", NUMBER, by=person)
        assert answer.code == 0, answer
    return office


@pytest.fixture
def draft(founded: Office, tmp_path: Path) -> Office:
    return founded.copy(tmp_path)


@pytest.fixture
def going(going_round: Office, tmp_path: Path) -> Office:
    return going_round.copy(tmp_path)


@pytest.fixture
def filed(archive: Office, tmp_path: Path) -> Office:
    return archive.copy(tmp_path)


Qms = Callable[..., Answer]


def test_three_people_live_a_plan_through(draft: Office, folder: Path) -> None:
    """Written, sent round, refused, mended, sent round again, checked, passed, filed."""
    qms = runner(draft, folder)
    assert qms("check").findings == ()
    assert OPEN in qms("todo", by=AUTHOR).out
    assert qms("submit", NUMBER, by=AUTHOR).code == 0
    assert sha256(PICTURE) in draft.text(OPEN)
    assert f"qms sign {OPEN}" in qms("todo", by=HEAD).out
    assert qms("todo", by=EXPERT).out.count(NUMBER) == 0

    refused = qms("reject", NUMBER, "--reason", "五件太少", by=HEAD)
    assert refused.code == 0, refused
    assert REFUSED in refused.out
    assert f"qms submit {OPEN}" in qms("todo", by=AUTHOR).out
    draft.edit(OPEN, "每批五件", "每批八件")
    draft.edit(OPEN, "sample: 5", "sample: 8")
    for command, person in (("submit", AUTHOR), ("sign", HEAD), ("sign", EXPERT)):
        answer = qms(command, NUMBER, by=person)
        assert answer.code == 0, answer

    assert not (draft.folder / OPEN).exists()
    assert draft.text(FILED).count('"round":2') == 3
    assert qms("check", "--all").findings == ()
    verified = qms("verify", "--explain", NUMBER)
    assert (verified.code, verified.findings) == (0, ())
    assert verified.out.count("BEGIN SSH SIGNATURE") == 5
    assert "0 released revisions, 1 filed text, " in verified.out
    assert draft.status == ""


PLATE = b'<svg xmlns="http://www.w3.org/2000/svg" width="30" height="30"/>\n'


def test_pictures_that_a_text_shows_are_listed_when_it_is_sent(draft: Office, folder: Path) -> None:
    """Whether its head has a list or not: whoever signs a text signs the pictures that it shows."""
    qms = runner(draft, folder)
    draft.write("assets/plate.svg", PLATE)
    draft.edit(
        OPEN, "![轴](assets/shaft.svg)", "![轴](assets/shaft.svg)\n\n![板](assets/plate.svg)"
    )
    assert qms("check").findings == ()
    assert qms("submit", NUMBER, by=AUTHOR).code == 0
    for picture in (PICTURE, PLATE):
        assert sha256(picture) in draft.text(OPEN)
    for person in (HEAD, EXPERT):
        assert qms("sign", NUMBER, by=person).code == 0
    assert qms("publish", by="wen.kong").code == 0
    assert qms("verify").findings == ()


def test_a_text_without_a_list_gets_one(draft: Office, folder: Path) -> None:
    qms, lines = runner(draft, folder), draft.text(OPEN).split("\n")
    draft.write(OPEN, "\n".join(one for one in lines if not one.startswith("assets:")).encode())
    assert qms("check").findings == ()
    assert qms("submit", NUMBER, by=AUTHOR).code == 0
    assert sha256(PICTURE) in draft.text(OPEN)


@pytest.mark.parametrize(
    ("shown", "code"),
    [
        ("![板](assets/none.svg)", "ASSET-UNLISTED"),
        ("![板](pictures/plate.svg)", "ASSET-UNLISTED"),
        ("![板](https://acme.example/a.svg)", "URL-FORBIDDEN"),
    ],
)
def test_a_picture_that_could_not_be_printed_is_told_before_anybody_signs(
    draft: Office, folder: Path, shown: str, code: str
) -> None:
    qms = runner(draft, folder)
    draft.edit(OPEN, "![轴](assets/shaft.svg)", f"![轴](assets/shaft.svg)\n\n{shown}")
    assert qms("check").findings == (code,)
    answer = qms("submit", NUMBER, by=AUTHOR)
    assert (answer.code, answer.findings) == (1, (code,)), answer
    draft.git("add", "-A")
    draft.git("commit", "-qm", "draft")
    assert qms("check", "--step", "HEAD~1", "HEAD").findings == (code,)


def test_show_history_and_list_take_it(filed: Office, folder: Path) -> None:
    qms = runner(filed, folder)
    (shown,) = json.loads(qms("show", NUMBER, "--json").out)["revisions"]
    assert (shown["kind"], shown["path"], shown["head"]["sample"]) == (
        "inspection-plan", FILED, "5",
    )  # fmt: skip
    assert [one["act"] for one in shown["slots"]] == ["draw-up", "check-plan", "pass-plan"]
    assert "filed" in qms("show", NUMBER).out
    told = json.loads(qms("history", NUMBER, "--json").out)["signatures"]
    assert [one["person"] for one in told] == [AUTHOR, HEAD, EXPERT]
    rows = json.loads(qms("list", "--kind", "inspection-plan", "--json").out)["texts"]
    assert [(one["number"], one["status_word"]) for one in rows] == [(NUMBER, "filed")]


def test_who_goes_round_is_shown_with_who_waits(going: Office, folder: Path) -> None:
    (shown,) = json.loads(runner(going, folder)("show", NUMBER, "--json").out)["revisions"]
    assert shown["status"] == "in-review"
    assert shown["waiting"] == [{"step": "2", "act": "check-plan", "persons": [HEAD]}]


def test_a_rule_of_the_plugin_sees_what_is_filed(draft: Office, folder: Path) -> None:
    qms = runner(draft, folder)
    draft.edit(OPEN, "sample: 5", "sample: 2")
    for command, person in (("submit", AUTHOR), ("sign", HEAD), ("sign", EXPERT)):
        assert qms(command, NUMBER, by=person).code == 0
    assert qms("verify").findings == ("PLAN-SAMPLE",)


@pytest.mark.parametrize(
    ("command", "person", "code"),
    [
        (("sign", NUMBER), EXPERT, "NOT-YOUR-TURN"),  # reordered steps
        (("sign", NUMBER), "ye.wu", "NOT-YOUR-TURN"),  # another person's step
        (("sign", NUMBER), AUTHOR, "SIGNED-ALREADY"),
        (("reject", NUMBER, "--reason", "x"), "ye.wu", "NOT-YOUR-TURN"),
        (("reject", NUMBER, "--reason", " "), HEAD, "REASON-MISSING"),
        (("submit", NUMBER), AUTHOR, "SUBMITTED"),
        (("submit", NUMBER), HEAD, "NOT-YOUR-TURN"),
    ],
)
def test_what_is_not_theirs_is_refused(
    going: Office, folder: Path, command: tuple[str, ...], person: str, code: str
) -> None:
    before = going.git("rev-parse", "HEAD")
    answer = runner(going, folder)(*command, by=person)
    assert (answer.code, answer.findings) == (1, (code,)), answer
    assert going.git("rev-parse", "HEAD") == before


@pytest.mark.parametrize("command", [("sign", NUMBER), ("submit", NUMBER),
                                     ("reject", NUMBER, "--reason", "late")])  # fmt: skip
def test_what_is_filed_is_closed(filed: Office, folder: Path, command: tuple[str, ...]) -> None:
    """Attack: a second close."""
    answer = runner(filed, folder)(*command, by=EXPERT)
    assert (answer.code, answer.findings) == (1, ("FILED-ALREADY",)), answer
    assert f"{NUMBER} is filed already" in answer.err  # a text without revision is its number


def test_a_text_that_was_edited_is_not_signed(going: Office, folder: Path) -> None:
    going.edit(OPEN, "每批五件", "每批两件")
    qms = runner(going, folder)
    assert qms("sign", NUMBER, by=HEAD).findings == ("WORKTREE-DIFFERS",)
    assert qms("check").findings == ("APPROVAL-MISMATCH",)


# what is forged by hand


def policy_of(office: Office, version: int) -> str:
    return cut_yaml(office.text(f"policy/{version:04}/policy.yaml").encode()).content


def signed_by(  # noqa: PLR0913, PLR0917 - what is forged, and as whom
    office: Office,
    path: str,
    act: str,
    step: str,
    person: str,
    role: str,
    *,
    number: str = NUMBER,
    kind: str = "inspection-plan",
    after: Sequence[Statement] | None = None,
    round_number: int = 1,
    reason: str | None = None,
    content: str | None = None,
) -> Statement:
    """A true signature on the text at `path`, whether it belongs there or not."""
    found = cut_markdown(office.text(path).encode())
    standing = statements_in(parse_tail(found.tail).slots)
    office.later(minutes=7)
    name = re.search(rf"id: {re.escape(person)}, name: {{zh: (\S+?),", office.text("people.yaml"))
    assert name is not None
    newest = max(int(one.name) for one in (office.folder / "policy").iterdir())
    wording = Wording(
        act=act, step=step, role=role, person=person,
        at=office.now.isoformat(timespec="seconds"), repo=policy_of(office, 1),
        policy=policy_of(office, newest), subject=Subject(kind=kind, number=number),
        content=content or found.content, name=name[1], key=key(person).public.fingerprint,
        meaning=_MEANINGS[act], seen=spelled_git_id(office.git("rev-parse", "HEAD")),
        after=tuple(sorted(one.id for one in (standing[-1:] if after is None else after))),
        round=round_number, reason=reason,
    )  # fmt: skip
    return key(person).signed(wording)


def slots_of(office: Office, path: str) -> tuple[Statement, ...]:
    return statements_in(parse_tail(cut_markdown(office.text(path).encode()).tail).slots)


def lay(office: Office, path: str, slots: Sequence[Slot], status: str, place: str = "") -> None:
    tail = render_tail(Tail(status, in_order(slots)))
    office.write(place or path, with_tail(office.text(path).encode(), tail))


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


def test_of_two_plans_with_one_number_one_is_named_by_its_path(draft: Office, folder: Path) -> None:
    qms = runner(draft, folder)
    older = OPEN.replace(YEAR, "2025")
    draft.write(older, DRAFT.replace(f'year: "{YEAR}"', 'year: "2025"'))
    assert qms("submit", NUMBER, by=AUTHOR).findings == ("TEXT-UNCLEAR",)
    assert qms("submit", older, by=AUTHOR).code == 0
    assert older in qms("todo", by=HEAD).out


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


def test_nobody_freezes_a_plan_that_was_not_sent_round(founded: Office, folder: Path,
                                                       tmp_path: Path) -> None:  # fmt: skip
    """Attack: a refusal of a draft that nobody submitted, laid into the list by hand."""
    office = founded.copy(tmp_path)
    one = signed_by(
        office, OPEN, "refuse-plan", "2", HEAD, "head-of-technical",
        reason="no", after=(), content="sha256:" + "0" * 64,
    )  # fmt: skip
    office.write(REFUSED, f'number: "{NUMBER}"\nyear: "{YEAR}"\n'.encode()
                 + render_tail(Tail("log", (one,), log=True)))  # fmt: skip

    assert "CHAIN-BROKEN" in runner(office, folder)("check").findings


def words_of(pdf: Path) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True,
    )  # fmt: skip
    return done.stdout.decode()


def test_it_is_printed_while_it_goes_round(going: Office, folder: Path, tmp_path: Path) -> None:
    answer = runner(going, folder)("preview", NUMBER, "--out", str(tmp_path / "out"))
    assert answer.code == 0, answer
    (pdf,) = (tmp_path / "out").rglob("*.pdf")
    words = words_of(pdf)
    assert "每批五件" in words
    assert "编制计划" in words
    assert "通过计划" in words


def test_it_is_published_once_it_is_filed(filed: Office, folder: Path, tmp_path: Path) -> None:
    qms = runner(filed, folder)
    answer = qms("publish", "--unsigned", "--out", str(tmp_path / "out"), by=HEAD)
    assert answer.code == 0, answer
    names = {one.name for one in (tmp_path / "out" / "inspection-plans").iterdir()}
    assert names == {f"{NUMBER}_1_uncontrolled.pdf", "plans-due_1_uncontrolled.pdf"}
    words = words_of(tmp_path / "out" / "inspection-plans" / f"{NUMBER}_1_uncontrolled.pdf")
    for told in ("轴检验计划", "检验计划", "季舒", "傅毅", "校核计划", "抽样", "2026-12-01"):
        assert told in words
    rows = json.loads((tmp_path / "out" / "manifest.json").read_text())["files"]
    row = next(one for one in rows if one["number"] == NUMBER)
    assert row["statement"] == slots_of(filed, FILED)[-1].id
    alone = qms("publish", "plans-due", "--unsigned", "--out", str(tmp_path / "b"), by=HEAD)
    assert alone.code == 0, alone
    assert [one.name for one in (tmp_path / "b").rglob("*.pdf")] == ["plans-due_1_uncontrolled.pdf"]


def server_of(office: Office, place: Path) -> Path:
    """A shared repository of the office; its gate is tried by `check --step`."""
    folder = place / "server.git"
    office.git("init", "-q", "--bare", "-b", "main", str(folder))
    office.git("remote", "add", "origin", str(folder))
    office.git("push", "-q", "-u", "origin", "main")
    return folder


def test_two_who_sign_at_once_are_united(going: Office, folder: Path, tmp_path: Path) -> None:
    """One refuses what the other has just checked elsewhere: both signatures stay."""
    server = server_of(going, tmp_path)
    other = going.clone(server, tmp_path / "other")
    assert runner(going, folder)("sign", NUMBER, by=HEAD).code == 0
    assert runner(going, folder)("sync", by=HEAD).code == 0
    runner(other, folder)("reject", NUMBER, "--reason", "mine", by=HEAD)
    answer = runner(other, folder)("sync", by=HEAD)
    assert answer.code == 0, answer
    assert runner(other, folder)("check", "--all").findings == ()
    assert {one.act for one in slots_of(other, OPEN)} == {"draw-up", "check-plan", "refuse-plan"}


def test_what_was_filed_elsewhere_goes_round_no_more(
    going: Office, folder: Path, tmp_path: Path
) -> None:
    """One passes it on a clone while another refuses it here: it is filed, and told."""
    qms = runner(going, folder)
    assert qms("sign", NUMBER, by=HEAD).code == 0
    server = server_of(going, tmp_path)
    other = going.clone(server, tmp_path / "other")
    assert qms("sign", NUMBER, by=EXPERT).code == 0
    assert qms("sync", by=EXPERT).code == 0
    assert runner(other, folder)("sign", NUMBER, by="zhi.jian").code == 0
    answer = runner(other, folder)("sync", by="zhi.jian")
    assert answer.code == 0, answer
    assert not (other.folder / OPEN).exists()
    verified = runner(other, folder)("verify")
    assert (verified.code, verified.findings) == (0, ("TEXT-TWICE",))


def test_one_refuses_what_another_passes(going: Office, folder: Path, tmp_path: Path) -> None:
    """Nothing tells which came first: it is filed, has no effect, and goes round no more."""
    qms = runner(going, folder)
    assert qms("sign", NUMBER, by=HEAD).code == 0
    server = server_of(going, tmp_path)
    other = going.clone(server, tmp_path / "other")
    theirs = runner(other, folder)
    assert theirs("reject", NUMBER, "--reason", "无此量具", by="zhi.jian").code == 0
    assert theirs("sync", by="zhi.jian").code == 0
    assert qms("sign", NUMBER, by=EXPERT).code == 0

    answer = qms("sync", by=EXPERT)

    assert "REJECTION-MISSING" in answer.findings
    assert not (going.folder / OPEN).exists()
    assert qms("check", "--all").findings == ("REJECTION-MISSING",)
    (shown,) = json.loads(qms("show", NUMBER, "--json").out)["revisions"]
    assert shown["status"] == "void"


def test_a_text_that_was_edited_elsewhere_is_laid_aside(
    going: Office, folder: Path, tmp_path: Path
) -> None:
    """Mine gives way to what others have signed; nothing of it is lost."""
    server = server_of(going, tmp_path)
    other = going.clone(server, tmp_path / "other")
    qms = runner(going, folder)
    assert qms("sign", NUMBER, by=HEAD).code == 0
    assert qms("sync", by=HEAD).code == 0
    other.edit(OPEN, "每批五件", "每批八件")
    other.git("commit", "-qam", "Mend it")
    answer = runner(other, folder)("sync", by=AUTHOR)
    assert "SYNC-EDITED-TWICE" in answer.findings
    assert other.text(OPEN) == going.text(OPEN)
    aside = [one for one in other.folder.rglob("*.mine*") if ".git" not in one.parts]
    assert ["每批八件" in one.read_text(encoding="utf-8") for one in aside] == [True]


def test_a_key_that_a_policy_voids_ends_the_round(going: Office, folder: Path) -> None:
    """The policy came from a branch that had not seen who signed: nobody signs in vain."""
    qms = runner(going, folder)
    going.git("checkout", "-q", "-b", "work")
    assert qms("sign", NUMBER, by=HEAD).code == 0
    going.git("checkout", "-q", "main")
    found = re.search(
        rf"- \{{id: {re.escape(HEAD)},.*?keys: \[\{{([^}}]*)\}}\]", going.text("people.yaml")
    )
    assert found is not None
    new = key("another").public.text
    going.edit(
        "people.yaml", f"keys: [{{{found[1]}}}]",
        f'keys: [{{{found[1]}, void: true}}, {{key: "{new}", assurance: file}}]',
    )  # fmt: skip
    for signer in SIGNERS:
        assert qms("policy", "sign", by=signer).code == 0
    going.git("merge", "-q", "--no-edit", "work")

    assert qms("check", "--all").findings == ("APPROVAL-OUTDATED",)
    assert qms("sign", NUMBER, by=EXPERT).findings == ("ROUND-OUTDATED",)
    assert f"qms reject {OPEN}" in qms("todo", by=EXPERT).out


def test_no_document_is_given_the_number_of_a_plan(draft: Office, folder: Path) -> None:
    """DC-02: also of a draft that was taken away again."""
    qms = runner(draft, folder)
    draft.write(OPEN.replace(NUMBER, "LX-JS-01"), DRAFT.replace(NUMBER, "LX-JS-01"))
    draft.write(OPEN.replace(NUMBER, "LX-JS-02"), DRAFT.replace(NUMBER, "LX-JS-02"))
    draft.git("add", OPEN.replace(NUMBER, "LX-JS-01"))
    draft.git("commit", "-qm", "Begin")
    draft.git("rm", "-q", OPEN.replace(NUMBER, "LX-JS-01"))
    draft.git("commit", "-qm", "Think better of it")

    assert "LX-JS-03" in qms("new", "technical-document", "--title", "工艺", by=AUTHOR).out


def test_the_plugin_is_small() -> None:
    """US-05: what a company adds is a page of code."""
    assert len((RULES + TOOLS).splitlines()) <= 120
