"""DC-04: who must sign depends on the class, and is the company's own: both of the source."""

import re
from typing import NamedTuple

import pytest

from qms.testing.office import Office


class Route(NamedTuple):
    """A class, the owner of a document of it, and the persons who sign, step by step."""

    class_id: str
    number: str
    owner: str
    prepares: str
    signs: tuple[str, ...]
    publishes: str = ""


LX = (
    Route("manual", "LX-SH-2026", "business", "bian.zhi", ("guan.ning", "gao.feng"), "gao.feng"),
    Route("technical-document", "LX-JS-01", "technical", "gong.yi", ("fu.yi",), "wen.kong"),
    Route("regulation", "LX-ZD-01", "business", "bian.zhi", ("fu.er",), "wen.kong"),
    Route("work-instruction", "LX-WI-01", "technical", "ji.shu", ("fu.yi",), "wen.kong"),
    Route("department-document", "LX-BM-01", "technical", "gong.yi", ("ji.shu",)),
)
FOOD = (
    Route("manual", "JD/QMA-2026", "office", "nian.hao", ("guan.dai", "zong.jing"), "wen.dang"),
    Route(
        "work-instruction", "JD/QMC-01", "technical",
        "pei.fang", ("ji.ke", "sheng.fu"), "wen.dang",
    ),
    Route(
        "department-document", "JD/BM-01", "workshop",
        "zu.zhang", ("che.jian", "sheng.fu"), "wen.dang",
    ),
    Route(
        "department-document", "JD/BM-01", "sales",
        "wai.mao", ("xiao.shou", "xiao.fu"), "wen.dang",
    ),
)  # fmt: skip


def begin(office: Office, class_id: str, by: str, **head: str) -> str:
    """A draft by `by`, with keys of its head set; gives its number."""
    out = office.qms("new", class_id, "--title", "文件", by=by)
    found = re.search(r"documents/\S+\.md", out)
    assert found is not None
    number = re.search(r"^number: (.*)$", office.text(found[0]), re.MULTILINE)
    assert number is not None
    for name, value in head.items():
        text = office.text(found[0])
        line = f"{name}: {value}\n"
        kept = re.sub(rf"^{name}: .*\n", "", text, flags=re.MULTILINE)
        office.write(found[0], kept.replace("status: draft\n", f"{line}status: draft\n", 1))
    return number[1].strip('"')


def walk(office: Office, route: Route) -> None:
    number = begin(office, route.class_id, route.prepares)
    assert number == route.number
    office.qms("submit", number, by=route.prepares)
    for at, signer in enumerate(route.signs):
        for later in route.signs[at + 1 :]:
            assert office.call("sign", number, by=later).findings == ("NOT-YOUR-TURN",)
        assert number in office.qms("todo", by=signer)
        office.qms("sign", number, by=signer)
    if route.publishes:
        assert office.call("sign", number, by=route.publishes).findings == ("USE-RELEASE",)
        office.qms("release", number, by=route.publishes)
    assert f"{number}" in office.qms("asof", "today", number)


@pytest.mark.parametrize("route", LX, ids=lambda route: f"{route.class_id}-{route.owner}")
def test_lx_signs_as_it_does(lx: Office, route: Route) -> None:
    walk(lx, route)
    lx.qms("check", "--all")
    lx.qms("verify")


@pytest.mark.parametrize("route", FOOD, ids=lambda route: f"{route.class_id}-{route.owner}")
def test_the_food_company_signs_as_it_does(food: Office, route: Route) -> None:
    walk(food, route)
    food.qms("check", "--all")
    food.qms("verify")


def test_all_departments_listed_review_in_parallel_on_their_own_branches(lx: Office) -> None:
    number = begin(lx, "procedure", "bian.zhi", co_sign="[technical, inspection]")
    lx.qms("submit", number, by="bian.zhi")
    assert lx.call("sign", number, by="guan.ning").findings == ("NOT-YOUR-TURN",)
    lx.git("branch", "inspection")
    lx.qms("sign", number, by="ji.shu")
    lx.git("checkout", "-q", "inspection")
    lx.qms("sign", number, by="zhi.jian")
    lx.git("checkout", "-q", "main")
    lx.git("merge", "-q", "--no-edit", "inspection")
    lx.qms("check")
    lx.qms("sign", number, by="guan.ning")
    lx.qms("release", number, by="wen.kong")
    lx.qms("verify")


def test_all_means_all(lx: Office) -> None:
    """Row 22 (S)"""
    number = begin(lx, "procedure", "bian.zhi", co_sign="[technical, inspection]")
    lx.qms("submit", number, by="bian.zhi")
    lx.qms("sign", number, by="ji.shu")
    refused = lx.call("sign", number, by="guan.ning")
    assert (refused.code, refused.findings) == (1, ("NOT-YOUR-TURN",))
    assert "zhi.jian" in refused.err or "Zhi Jian" in refused.err


def test_two_of_three_experts_are_enough_and_one_is_not(lx: Office) -> None:
    number = begin(lx, "standard", "gong.yi")
    lx.qms("submit", number, by="gong.yi")
    lx.qms("sign", number, by="fu.er")
    assert lx.call("sign", number, by="guan.ning").findings == ("NOT-YOUR-TURN",)
    assert lx.call("sign", number, by="fu.er").findings == ("SIGNED-ALREADY",)  # persons count
    lx.qms("sign", number, by="zhi.jian")
    assert lx.call("sign", number, by="fu.yi").findings == ("NOT-YOUR-TURN",)
    lx.qms("sign", number, by="guan.ning")
    lx.qms("release", number, by="wen.kong")
    lx.qms("verify")


def test_any_one_of_several_holders_may_sign(lx: Office) -> None:
    lx.edit("people.yaml", "holders: [{person: guan.ning}]",
            "holders: [{person: guan.ning}, {person: fu.er}]")  # fmt: skip
    sign_policy(lx)
    number = begin(lx, "procedure", "bian.zhi", co_sign="[technical]")
    lx.qms("submit", number, by="bian.zhi")
    lx.qms("sign", number, by="ji.shu")
    lx.qms("sign", number, by="fu.er")
    assert lx.call("sign", number, by="guan.ning").findings == ("NOT-YOUR-TURN",)
    lx.qms("release", number, by="wen.kong")


def test_a_step_that_nobody_can_sign_is_told_before_it_is_due(lx: Office) -> None:
    number = begin(lx, "technical-document", "gong.yi", owner="inspection", prepared_by="zhi.jian")
    told = lx.call("check")
    assert (told.code, told.findings) == (1, ("CHAIN-VACANT",))
    assert "In charge of Inspection" in told.out
    refused = lx.call("submit", number, by="zhi.jian")
    assert (refused.code, refused.findings) == (1, ("CHAIN-VACANT",))


def test_who_prepared_may_not_approve(lx: Office) -> None:
    """Row 19 (S)"""
    either = BM_APPROVE.replace("{head_of: owner}", "{head_of: owner}, {role: general-manager}")
    lx.edit("qms.yaml", BM_APPROVE, either)
    sign_policy(lx)
    number = begin(lx, "department-document", "ji.shu")
    lx.qms("submit", number, by="ji.shu")
    refused = lx.call("sign", number, by="ji.shu")
    assert (refused.code, refused.findings) == (1, ("SELF-APPROVAL",))
    lx.qms("sign", number, by="gao.feng")


def test_one_person_may_not_sign_two_steps(food: Office) -> None:
    """Row 20 (S)"""
    general_manager = "general-manager, name: {zh: 总经理, en: General manager}, "
    one = f"{general_manager}holders: [{{person: zong.jing}}"
    food.edit("people.yaml", one, f"{one}, {{person: guan.dai}}")
    sign_policy(food, "zong.jing", "ban.gong")
    number = begin(food, "manual", "nian.hao")
    food.qms("submit", number, by="nian.hao")
    food.qms("sign", number, by="guan.dai")
    refused = food.call("sign", number, by="guan.dai")
    assert (refused.code, refused.findings) == (1, ("SAME-PERSON",))
    assert not food.status
    food.qms("sign", number, by="zong.jing")


def test_one_person_may_approve_and_publish_only_where_the_class_says_so(lx: Office) -> None:
    lx.edit("qms.yaml", "    one_person: true\n", "")
    publish = "{act: publish, who: [{role: "
    lx.edit("qms.yaml", f"{publish}general-manager}}",
            f"{publish}document-controller}}, {{role: general-manager}}")  # fmt: skip
    sign_policy(lx)
    number = begin(lx, "manual", "bian.zhi")
    lx.qms("submit", number, by="bian.zhi")
    lx.qms("sign", number, by="guan.ning")
    lx.qms("sign", number, by="gao.feng")
    refused = lx.call("release", number, by="gao.feng")
    assert (refused.code, refused.findings) == (1, ("SAME-PERSON",))
    lx.qms("release", number, by="wen.kong")


BM_APPROVE = "      - {act: approve, who: [{head_of: owner}]}\n"
SEVERAL = """\
    chain:
      - owners: [technical]
        steps: [{act: prepare, who: [{member_of: owner}]}, {act: approve, who: [{head_of: owner}]}]
      - steps:
          - {act: prepare, who: [{member_of: owner}]}
          - {act: approve, who: [{in_charge_of: owner}]}
"""


def test_two_chains_that_match_one_class_are_a_finding(lx: Office) -> None:
    before, _, last = lx.text("qms.yaml").partition("  - id: department-document\n")
    head, _, tail = last.partition("    chain:\n")
    rest = tail.partition("  # 技术标准")[2]
    whole = f"{before}  - id: department-document\n{head}{SEVERAL}  # 技术标准{rest}"
    lx.write("qms.yaml", whole)
    told = lx.call("check")
    assert told.findings == ("CHAIN-TWICE",)
    line = whole[: whole.index(SEVERAL)].count("\n") + 1
    assert told.lines["CHAIN-TWICE"] == f"qms.yaml:{line}"
    refused = lx.call("policy", "sign", by="gao.feng")
    assert (refused.code, refused.findings) == (1, ("CHAIN-TWICE",))
    lx.edit(
        "qms.yaml", "      - steps:\n", "      - owners: [business, inspection]\n        steps:\n"
    )
    sign_policy(lx)
    for by, approves in (("gong.yi", "ji.shu"), ("bian.zhi", "fu.er")):
        number = begin(lx, "department-document", by)
        lx.qms("submit", number, by=by)
        lx.qms("sign", number, by=approves)
    lx.qms("verify")


def test_changing_the_class_does_not_escape_a_stricter_chain(lx: Office) -> None:
    number = begin(lx, "regulation", "bian.zhi")
    lx.qms("submit", number, by="bian.zhi")
    path = f"documents/regulation/{number}.md"
    lx.edit(path, "class: regulation", "class: department-document")
    told = lx.call("check")
    assert told.code == 1
    assert told.findings == ("MOVED-ENTRY",)


def sign_policy(office: Office, *signers: str) -> None:
    for signer in signers or ("gao.feng", "guan.ning"):
        office.qms("policy", "sign", by=signer)
