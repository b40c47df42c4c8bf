"""DC-04: a chain that can't end is told before anybody signs, and nobody is asked in vain."""

import json
import re
from itertools import takewhile

import pytest

from qms.testing.office import Answer, Office

EXPERTS = "{person: fu.yi}, {person: fu.er}, {person: zhi.jian}"
CONTROLLERS = "name: {zh: 文控员, en: Document controller}, holders: [{person: wen.kong}"
REPRESENTATIVES = "en: Management representative}, holders: [{person: guan.ning}"
PUBLISH = "      - {act: publish, who: [{role: document-controller}]}\n"
BM = """\
    number: "LX-BM-{seq:02}"
    version: letter-count
    chain:
      - {act: prepare, who: [{member_of: owner}]}
"""
APPROVE_BM = "      - {act: approve, who: [{head_of: owner}]}\n"


def sign_policy(office: Office, *signers: str) -> str:
    first, second = signers or ("gao.feng", "guan.ning")
    office.qms("policy", "sign", by=first)
    return office.qms("policy", "sign", by=second)


def chain_of_bm(office: Office, *steps: str, more: str = "") -> None:
    """The steps of a department's own documents after `prepare`, and further keys of the class."""
    lines = "".join(f"      - {{{one}}}\n" for one in steps)
    office.edit("qms.yaml", BM + APPROVE_BM, more + BM + lines)


def begin(office: Office, class_id: str, by: str, **head: str) -> str:
    out = office.qms("new", class_id, "--title", "文件", by=by)
    path = re.search(r"documents/\S+\.md", out)
    assert path is not None
    for name, value in head.items():
        kept = re.sub(rf"^{name}: .*\n", "", office.text(path[0]), flags=re.MULTILINE)
        office.write(path[0], kept.replace("status:", f"{name}: {value}\nstatus:", 1))
    return path[0].rpartition("/")[2].removesuffix(".md")


def refused(office: Office, *words: str, by: str) -> Answer:
    answer = office.call(*words, by=by)
    assert answer.code == 1, answer
    assert not office.git("status", "--porcelain", "--untracked-files=no")
    return answer


def asked(office: Office, number: str, *persons: str) -> tuple[str, ...]:
    """Those of `persons` to whom `todo` shows a number."""
    return tuple(one for one in persons if number in office.qms("todo", by=one))


@pytest.fixture
def crossed(lx: Office) -> Office:
    """LX, where one who reviews and one who approves are the two who publish."""
    lx.edit("people.yaml", CONTROLLERS, f"{CONTROLLERS}, {{person: fu.er}}")
    lx.edit("people.yaml", REPRESENTATIVES, f"{REPRESENTATIVES}, {{person: wen.kong}}")
    sign_policy(lx)
    return lx


def test_who_is_needed_to_publish_is_not_asked_to_approve(crossed: Office) -> None:
    """Else everybody has signed, and `release` says SAME-PERSON to both who publish."""
    number = begin(crossed, "standard", "gong.yi")
    crossed.qms("submit", number, by="gong.yi")
    crossed.qms("sign", number, by="fu.er")
    crossed.qms("sign", number, by="zhi.jian")

    assert asked(crossed, number, "guan.ning", "wen.kong") == ("guan.ning",)
    assert "Waits for: Guan Ning (approve)" in crossed.qms("show", number)
    path = f"documents/standard/{number}.md"
    notices = re.findall(r'act: "approve"\n.*\n.*\n    person: "([a-z.]+)"', crossed.text(path))
    assert notices == ["guan.ning"]
    answer = refused(crossed, "sign", number, by="wen.kong")
    assert answer.findings == ("NEEDED-ELSEWHERE",)
    assert "let Guan Ning sign this step" in answer.err.replace("'", "")

    crossed.qms("sign", number, by="guan.ning")
    assert asked(crossed, number, "fu.er", "wen.kong") == ("wen.kong",)
    assert refused(crossed, "release", number, by="fu.er").findings == ("SAME-PERSON",)
    crossed.qms("release", number, by="wen.kong")
    crossed.qms("verify")


def test_a_round_that_a_policy_has_stuck_is_ended_and_begun_anew(crossed: Office) -> None:
    """Who published is gone, and who is left has reviewed: two commands lead out."""
    number = begin(crossed, "standard", "gong.yi")
    crossed.qms("submit", number, by="gong.yi")
    for one in ("fu.er", "zhi.jian", "guan.ning"):
        crossed.qms("sign", number, by=one)
    crossed.edit("people.yaml", f"{CONTROLLERS}, ", CONTROLLERS.replace("{person: wen.kong}", ""))
    sign_policy(crossed)

    told = crossed.call("check", "--all")
    assert (told.code, told.findings) == (0, ("CHAIN-STUCK",))
    assert "still needed for 4 (publish), nobody counting twice: 1;" in told.out
    assert "fu.er signed another step" in told.out
    assert f"qms reject {number} --reason" in told.out
    assert "by one of fu.er" in told.out
    assert refused(crossed, "release", number, by="fu.er").findings == ("CHAIN-STUCK",)
    assert "Waits for: nobody can, see qms check (publish)" in crossed.qms("show", number)
    assert f"qms reject {number} --reason" in crossed.qms("todo", by="fu.er")

    crossed.qms("reject", number, "--reason", "重来", by="fu.er")
    crossed.qms("submit", number, by="gong.yi")
    assert asked(crossed, number, "fu.er", "fu.yi", "zhi.jian") == ("fu.yi", "zhi.jian")
    for one in ("fu.yi", "zhi.jian", "guan.ning"):
        crossed.qms("sign", number, by=one)
    crossed.qms("release", number, by="fu.er")
    assert crossed.call("check", "--all").findings == ()
    crossed.qms("verify")


def test_a_head_who_prepares_what_the_head_approves_is_told_at_once(lx: Office) -> None:
    number = begin(lx, "department-document", "ji.shu")

    told = lx.call("check")
    assert (told.code, told.findings) == (0, ("CHAIN-SHORT",))
    assert told.lines["CHAIN-SHORT"].startswith(f"documents/department-document/{number}.md:")
    assert "1 (prepare), 2 (approve)" in told.out
    assert "(ji.shu)" in told.out
    assert refused(lx, "submit", number, by="ji.shu").findings == ("CHAIN-SHORT",)

    path = f"documents/department-document/{number}.md"
    line = lx.text(path).split("\n").index("prepared_by: ji.shu") + 1
    (row,) = json.loads(lx.qms("todo", "--json", by="ji.shu"))["rows"]
    assert row["act"] == "somebody else must prepare it, or it can't end"
    assert row["edit"] == f"{path}:{line} prepared_by"
    assert row["command"] == "qms sync"  # whoever is named there submits it
    lx.edit(path, "prepared_by: ji.shu", "prepared_by: gong.yi")
    lx.qms("submit", number, by="gong.yi")
    lx.qms("sign", number, by="ji.shu")
    assert lx.call("check", "--all").findings == ()


def test_a_leavers_draft_is_not_taken_over_by_whom_a_later_step_needs(lx: Office) -> None:
    """The head was asked to take over what submit then refused."""
    begin(lx, "department-document", "gong.yi")
    voided(lx, "gong.yi")
    for keeper in ("gao.feng", "guan.ning"):
        lx.qms("policy", "sign", by=keeper)

    (row,) = json.loads(lx.qms("todo", "--json", by="ji.shu"))["rows"]

    assert row["act"] == "somebody else must prepare it, or it can't end"
    assert (row["command"], row["edit"].endswith(" prepared_by")) == ("qms sync", True)


ENDLESS = {
    "review and co-sign by the same heads": (
        ("act: review, need: all, who: [{head_of: owner}]",
         "act: co-sign, need: all, who: [{head_of: owner}]",
         "act: approve, who: [{role: general-manager}]"),
        "needed for 2 (review), 3 (co-sign), nobody counting twice: 2; there are: 1",
    ),
    "four of three": (
        ("act: review, need: 4, who: [{role: expert}]",
         "act: approve, who: [{role: general-manager}]"),
        "needed for 2 (review), nobody counting twice: 4; there are: 3",
    ),
    "the representative approves and publishes": (
        ("act: approve, who: [{role: management-representative}]",
         "act: publish, who: [{role: management-representative}]"),
        "needed for 2 (approve), 3 (publish), nobody counting twice: 2; there are: 1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ENDLESS)
def test_a_class_that_nobody_could_ever_complete_is_not_signed(lx: Office, case: str) -> None:
    steps, words = ENDLESS[case]
    chain_of_bm(lx, *steps)
    line = lx.text("qms.yaml").partition("department-document")[0].count("\n") + 1

    told = lx.call("check")
    assert told.findings == ("CLASS-ENDLESS",)
    assert words in told.out
    answer = lx.call("policy", "sign", by="gao.feng")
    assert (answer.code, answer.findings) == (1, ("CLASS-ENDLESS",))
    assert answer.lines["CLASS-ENDLESS"] == f"qms.yaml:{line}"


@pytest.mark.parametrize(
    ("more", "steps", "way"),
    [
        ("    one_person: true\n",
         ("act: approve, who: [{role: management-representative}]",
          "act: publish, who: [{role: management-representative}]"),
         (("sign", "guan.ning"), ("release", "guan.ning"))),
        ("    also_publish: [co-signer]\n",
         ("act: co-sign, who: [{head_of: owner}]",
          "act: approve, who: [{role: general-manager}]",
          "act: publish, who: [{head_of: owner}]"),
         (("sign", "ji.shu"), ("sign", "gao.feng"), ("release", "ji.shu"))),
        ("    also_publish: [preparer, reviewer]\n",
         ("act: review, who: [{head_of: owner}]",
          "act: publish, who: [{member_of: owner}]"),
         (("sign", "ji.shu"), ("release", "gong.yi"))),
    ],
    ids=["one person", "a co-signer", "the preparer"],
)  # fmt: skip
def test_a_class_may_let_those_who_signed_publish(
    lx: Office, more: str, steps: tuple[str, ...], way: tuple[tuple[str, str], ...]
) -> None:
    chain_of_bm(lx, *steps, more=more)
    sign_policy(lx)
    number = begin(lx, "department-document", "gong.yi")
    lx.qms("submit", number, by="gong.yi")
    for verb, person in way:
        assert asked(lx, number, person) == (person,)
        lx.qms(verb, number, by=person)
    assert lx.call("check", "--all").findings == ()
    lx.qms("verify")


def test_who_may_publish_as_well_takes_no_third_step(lx: Office) -> None:
    """One more hat is one more: whoever co-signed may publish, and not approve too."""
    chain_of_bm(
        lx,
        "act: co-sign, who: [{head_of: owner}]",
        "act: approve, who: [{head_of: owner}, {role: general-manager}]",
        "act: publish, who: [{head_of: owner}]",
        more="    also_publish: [co-signer, approver]\n",
    )
    sign_policy(lx)
    number = begin(lx, "department-document", "gong.yi")
    lx.qms("submit", number, by="gong.yi")
    lx.qms("sign", number, by="ji.shu")

    assert asked(lx, number, "ji.shu", "gao.feng") == ("gao.feng",)
    assert refused(lx, "sign", number, by="ji.shu").findings == ("SAME-PERSON",)


@pytest.mark.parametrize("value", ["[publisher]", "[]", "preparer"])
def test_who_may_publish_is_one_of_four_words(lx: Office, value: str) -> None:
    lx.edit("qms.yaml", "    one_person: true\n", f"    also_publish: {value}\n")
    answer = lx.call("policy", "sign", by="gao.feng")
    assert answer.code == 1
    assert re.search(r"^qms\.yaml:13: error (?:FIELD|YAML)-", answer.err, re.MULTILINE)


def test_what_a_leaver_leaves_endless_is_told_and_signed(food: Office) -> None:
    """Keepers must be able to say who is gone: nothing that they didn't write keeps them."""
    manager = "general-manager, name: {zh: 总经理, en: General manager}, "
    food.edit("people.yaml", f"{manager}holders: [{{person: zong.jing}}]",
              f"{manager}holders: [{{person: guan.dai}}]")  # fmt: skip

    said = food.qms("policy", "sign", by="zong.jing")

    assert "manual/Office: steps 2 (review), 3 (approve)" in said
    assert "there is 1: Guan Dai" in said
    food.qms("policy", "sign", by="ban.gong")
    number = begin(food, "manual", "nian.hao")
    assert food.call("check").findings == ("CHAIN-SHORT-LATER",)
    assert refused(food, "submit", number, by="nian.hao").findings == ("CHAIN-SHORT-LATER",)


def voided(office: Office, person: str) -> None:
    """All keys of a person are void: they have left, and their roles still name them."""
    text = office.text("people.yaml")
    line = next(one for one in text.split("\n") if f"id: {person}," in one)
    office.edit("people.yaml", line, line.replace("keys: [{", "keys: [{void: true, "))


def test_who_has_only_void_keys_counts_nowhere(drafted: Office) -> None:
    """A seat of a leaver made a chain look as if it could end, and asked them."""
    number = "LX-WI-01"
    voided(drafted, "wen.kong")

    said = drafted.qms("policy", "sign", by="gao.feng")
    drafted.qms("policy", "sign", by="guan.ning")

    assert "work-instruction/Business: step 3 (publish) needs 1 signer" in said
    assert "there is nobody" in said
    assert drafted.call("check", "--all").findings == ("CHAIN-SHORT-LATER",)
    assert refused(drafted, "submit", number, by="gong.yi").findings == ("CHAIN-SHORT-LATER",)
    drafted.edit("people.yaml", CONTROLLERS, f"{CONTROLLERS}, {{person: fu.er}}")
    said = drafted.qms("policy", "sign", by="gao.feng")
    drafted.qms("policy", "sign", by="guan.ning")
    assert "work-instruction/Technical" not in said
    drafted.qms("submit", number, by="gong.yi")
    drafted.qms("sign", number, by="fu.yi")
    assert "Waits for: Fu Er (publish)" in drafted.qms("show", number)
    assert "wen.kong" not in drafted.text(f"documents/work-instruction/{number}.md")


def test_signing_a_policy_tells_each_class_department_and_preparer(lx: Office) -> None:
    lx.edit("people.yaml", "en: Inspection}", "en: Inspecting}")
    lx.edit("people.yaml", "{zh: 季舒, en: Ji Shu}", "{zh: 季硕, en: Ji Shuo}")

    said = lx.qms("policy", "sign", by="gao.feng")

    assert "technical-document/Inspecting: step 2 (approve) needs 1 signer" in said
    assert "department-document: not when prepared by Ye Wu, Ji Shuo" in said
    assert "technical-document/Technical" not in said
    zh = lx.call("policy", "sign", by="guan.ning", lang="zh").out
    assert "department-document：不能由 叶武、季硕 编制" in zh


def test_a_step_of_listed_departments_asks_for_some(lx: Office) -> None:
    number = begin(lx, "procedure", "bian.zhi")

    assert lx.call("check").findings == ("CO-SIGN-NOBODY",)
    assert refused(lx, "submit", number, by="bian.zhi").findings == ("CO-SIGN-NOBODY",)

    path = f"documents/procedure/{number}.md"
    lx.edit(path, "status: draft\n", "co_sign: [technical]\nstatus: draft\n")
    assert lx.call("check").findings == ()
    lx.qms("submit", number, by="bian.zhi")


def test_a_class_may_do_without_listed_departments(lx: Office) -> None:
    lx.edit("qms.yaml", "need: all, who: [{heads_of: listed}]",
            "need: all, optional: true, who: [{heads_of: listed}]")  # fmt: skip
    sign_policy(lx)
    number = begin(lx, "procedure", "bian.zhi")
    assert lx.call("check").findings == ()
    lx.qms("submit", number, by="bian.zhi")
    lx.qms("sign", number, by="guan.ning")
    lx.qms("release", number, by="wen.kong")
    assert lx.call("check", "--all").findings == ()
    lx.qms("verify")


@pytest.mark.parametrize("optional", ["", "optional: false, "], ids=["unsaid", "said"])
def test_one_of_the_listed_departments_must_be_there_where_any_may_sign(
    lx: Office, optional: str
) -> None:
    lx.edit("qms.yaml", "need: all, who: [{heads_of: listed}]",
            f"{optional}need: any, who: [{{heads_of: listed}}]")  # fmt: skip
    sign_policy(lx)
    number = begin(lx, "procedure", "bian.zhi")
    assert refused(lx, "submit", number, by="bian.zhi").findings == ("CO-SIGN-NOBODY",)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_a_policy_leaves_as_it_was_is_not_said_again(drafted: Office, lang: str) -> None:
    """Fifteen lines at each signature hid the one that the policy changed."""
    voided(drafted, "wen.kong")
    first = drafted.call("policy", "sign", by="gao.feng", lang=lang).out
    drafted.qms("policy", "sign", by="guan.ning")
    head = "无法走完审批的" if lang == "zh" else "What can't be completed"
    told = first[first.index(head) :].split("\n")
    *lines, rest = takewhile(lambda one: one.startswith("  "), told[1:])
    same = re.findall(r"[0-9]+", rest)  # as it was before
    every = len(lines) + int(same[0])

    drafted.edit("qms.yaml", "作业指导书", "作业指导文件")
    again = drafted.call("policy", "sign", by="gao.feng", lang=lang).out

    assert head in again
    assert not any(one in again for one in lines)
    counts = f"相同（{every} 项" if lang == "zh" else f"in force ({every} lines"
    assert counts in again
