"""All papers are accounted for, and told alike by every list: whose they are, who took them."""

import json
import re

import pytest

from qms.testing.office import Office

NUMBER = "LX-WI-01"
SIGNERS = ("gao.feng", "guan.ning")


def made(office: Office) -> None:
    """A work instruction in force."""
    office.qms("new", "work-instruction", "--title", "车床", by="gong.yi")
    office.qms("submit", NUMBER, by="gong.yi")
    office.qms("sign", NUMBER, by="fu.yi")
    office.qms("release", NUMBER, by="wen.kong")


def made_anew(office: Office) -> None:
    """Its next revision in force."""
    office.qms("revise", NUMBER, "--summary", "改", by="gong.yi")
    office.edit("documents/work-instruction/LX-WI-01.md", "\n## ", "\n改。\n\n## ")
    office.qms("submit", NUMBER, by="gong.yi")
    office.qms("sign", NUMBER, by="fu.yi")
    office.qms("release", NUMBER, by="wen.kong")


def with_policy(office: Office, path: str, old: str, new: str) -> None:
    """The policy's next version, in which something else stands."""
    office.edit(path, old, new)
    for signer in SIGNERS:
        office.qms("policy", "sign", by=signer)


@pytest.fixture
def issued(lx: Office) -> Office:
    """Copy 001 issued to a department, 002 to a person."""
    made(lx)
    lx.qms("issue", NUMBER, "--to", "technical", "--to", "zhi.jian", by="wen.kong")
    return lx


def out_by_list(office: Office) -> int:
    """How many papers of all revisions `list` says are out."""
    rows = json.loads(office.qms("list", "--json"))["documents"]
    by_revision: dict[str, int] = {row["revision"]: row["copies_out"] for row in rows}
    older: list[int] = [row["older_copies_out"] for row in rows]
    return sum(by_revision.values()) + sum(older)


def out_by_copies(office: Office) -> int:
    """How many rows `copies` lists as out."""
    return len(json.loads(office.qms("copies", NUMBER, "--out", "--json"))["rows"])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_copy_is_received_once(issued: Office, lang: str) -> None:
    """DC-10: a second receipt said nothing, and went into the record for ever."""
    issued.qms("receive", NUMBER, "001", by="ji.shu")
    before = issued.git("rev-parse", "HEAD")

    answer = issued.call("receive", NUMBER, "001", by="gong.yi", lang=lang)

    assert (answer.code, answer.findings) == (1, ("COPY-RECEIVED",))
    assert ("季舒" if lang == "zh" else "ji.shu") in answer.out + answer.err
    assert issued.git("rev-parse", "HEAD") == before


def test_a_receipt_by_mistake_is_annulled_and_signed_again(issued: Office) -> None:
    """The mend of COPY-RECEIVED, as it is written."""
    issued.qms("receive", NUMBER, "001", "--by", "gong.yi", by="wen.kong")
    answer = issued.call("receive", NUMBER, "001", by="ji.shu")
    ruling = (answer.out + answer.err).partition("`qms annul ")[2].partition(" --reason")[0].split()

    issued.qms("annul", *ruling, "--reason", "签错", by="fu.yi")
    issued.qms("annul", *ruling, "--reason", "签错", by="wen.kong")
    issued.qms("receive", NUMBER, "001", by="ji.shu")

    assert issued.call("check", "--all").findings == ()
    assert issued.call("receive", NUMBER, "001", by="ji.shu").findings == ("COPY-RECEIVED",)


def test_who_received_a_recalled_copy_says_so_once(issued: Office) -> None:
    """A recall overtook the receipt: it is told, and what is recalled stays recalled."""
    due = ("--due", "2026-12-01", "--reason", "停产")
    issued.qms("recall", NUMBER, "001", *due, by="wen.kong")
    issued.qms("receive", NUMBER, "001", by="ji.shu")

    assert issued.call("receive", NUMBER, "001", by="ji.shu").findings == ("COPY-RECEIVED",)
    assert "recalled" in issued.qms("copies", NUMBER)


def test_a_paper_that_came_back_damaged_stays_in_the_count(issued: Office) -> None:
    """BX-04, DC-11: it went out again under its number, and the first paper had never been."""
    issued.qms("return", NUMBER, "001", "--state", "damaged", by="wen.kong")
    assert "back, damaged" in issued.qms("copies", NUMBER)
    assert "已收回（破损）" in issued.call("copies", NUMBER, lang="zh").out

    issued.qms("issue", NUMBER, "--to", "technical", by="wen.kong")

    told = issued.qms("copies", NUMBER)
    assert f"{NUMBER} A/0: 3 issued, 1 back (1 damaged), 0 lost, 2 out" in told
    told = issued.call("copies", NUMBER, lang="zh").out
    assert "发放 3 份，收回 1 份（其中破损 1 份），遗失 0 份，在外 2 份" in told


def test_a_paper_that_came_back_and_went_out_again_is_two(issued: Office) -> None:
    """BX-04: whatever became of a number later, each of its papers is counted."""
    issued.qms("return", NUMBER, "001", by="wen.kong")
    issued.qms("issue", NUMBER, "--to", "technical", by="wen.kong")
    issued.qms("replace", NUMBER, "001", "--reason", "遗失", by="wen.kong")

    assert f"{NUMBER} A/0: 4 issued, 1 back, 1 lost, 2 out" in issued.qms("copies", NUMBER)


def test_history_says_to_whom_a_copy_went_and_who_took_it(issued: Office) -> None:
    """DC-10"""
    issued.qms("issue", NUMBER, "--outside", "北京齿轮", "--place", "二车间", by="wen.kong")
    issued.qms("receive", NUMBER, "003", "--by", "李工", by="wen.kong")
    issued.qms("recall", NUMBER, "003", "--due", "2026-12-01", "--reason", "停", by="wen.kong")
    issued.qms("return", NUMBER, "003", "--state", "damaged", by="wen.kong")
    issued.qms("replace", NUMBER, "002", "--reason", "遗失", by="wen.kong")

    rows = json.loads(issued.qms("history", NUMBER, "--json"))["signatures"]
    facts = [(one["copy"], one["act"], one["facts"]) for one in rows if one["copy"]]
    assert facts == [
        ("001", "issue", "to Technical"),
        ("002", "issue", "to Inspection Zhi Jian"),
        ("003", "issue", "to 北京齿轮, kept at 二车间"),
        ("003", "receive", "taken by 李工"),
        ("003", "recall", "back by 2026-12-01"),
        ("003", "return", "damaged"),
        ("002", "replace", "replaced by 004"),
        ("004", "issue", "to Inspection Zhi Jian"),
    ]
    told = issued.call("history", NUMBER, lang="zh").out
    for words in ("发给 质检部 支健", "存放于 二车间", "领取人 李工", "限期 2026-12-01", "破损"):
        assert words in told


def test_what_was_signed_before_a_department_was_renamed_says_the_old_name(issued: Office) -> None:
    """As the printed page does. Tables of what there is today call it by its one name of today."""
    issued.qms("receive", NUMBER, "001", by="ji.shu")
    issued.edit("people.yaml", "zh: 技术部部长", "zh: 研发总监")
    issued.edit("people.yaml", "{zh: 龚怡, en: Gong Yi}", "{zh: 龚一, en: Gong One}")
    issued.edit("qms.yaml", "{zh: 作业指导书, en: Work instruction}", "{zh: 规程, en: Rules}")
    with_policy(issued, "people.yaml", "name: {zh: 技术部,", "name: {zh: 研发部,")

    shown = issued.call("show", NUMBER, lang="zh").out
    history = issued.call("history", NUMBER, lang="zh").out
    for told in (shown, history):
        assert "技术部" in told
        assert "研发" not in told
    copies = issued.call("copies", NUMBER, lang="zh").out
    listed = issued.call("list", lang="zh").out
    of_today = issued.call("asof", "today", lang="zh").out
    known = issued.call("list", lang="zh").out  # from what this machine knows
    for told in (copies, listed, of_today, known):
        assert "技术部" not in told
        assert "研发部" in told
    assert "类别：作业指导书" in shown
    assert "归口部门：技术部" in shown
    assert "编制人：龚怡" in shown
    assert "技术部，技术部部长" in history

    issued.qms("issue", NUMBER, "--to", "technical", by="wen.kong")
    issued.qms("receive", NUMBER, "003", by="ji.shu")

    assert "研发部，研发总监" in issued.call("history", NUMBER, lang="zh").out
    assert "研发部" in issued.call("copies", NUMBER, lang="zh").out


def test_list_and_copies_say_the_same(issued: Office) -> None:
    """DC-10, DC-12: papers of a revision that was ruled out were in no row of the list."""
    assert out_by_list(issued) == out_by_copies(issued) == 2
    made_anew(issued)
    issued.qms("issue", NUMBER, "--to", "technical", "--to", "zhi.jian", by="wen.kong")
    assert out_by_list(issued) == out_by_copies(issued) == 4
    issued.qms("return", NUMBER, "001", "--revision", "A/0", by="wen.kong")
    assert out_by_list(issued) == out_by_copies(issued) == 3

    issued.qms("annul", NUMBER, "A/1", "--reason", "错", by="fu.yi")
    issued.qms("annul", NUMBER, "A/1", "--reason", "错", by="wen.kong")

    assert "(+2 old)" in issued.qms("list")
    assert out_by_list(issued) == out_by_copies(issued) == 3


CODES = "{holder: technical, code: A02}, {holder: zhi.jian, code: B01}"


def test_a_lost_code_of_a_holder_is_followed_by_its_next(lx: Office) -> None:
    """DC-11, DC-27: A02 is lost for ever; its holder keeps A02-2 in the next revision."""
    number = 'number: "LX-WI-{seq:02}"'
    codes = f"copies: holder\n    holder_codes: [{CODES}]"
    with_policy(lx, "qms.yaml", number, f"{number}\n    {codes}")
    made(lx)
    lx.qms("issue", NUMBER, "--to", "technical", "--to", "zhi.jian", by="wen.kong")
    lx.qms("receive", NUMBER, "a02", by="ji.shu")

    lx.qms("replace", NUMBER, "A02", "--reason", "遗失", by="wen.kong")
    lx.qms("receive", NUMBER, "a02-2", by="ji.shu")

    void = lx.call("issue", NUMBER, "--to", "technical", "--copy", "A02", by="wen.kong")
    assert void.findings == ("COPY-VOID",)
    assert "A02-3" in void.out + void.err
    made_anew(lx)
    lx.qms("issue", NUMBER, "--to", "technical", "--to", "zhi.jian", by="wen.kong")
    rows = json.loads(lx.qms("copies", NUMBER, "--revision", "A/1", "--json"))["rows"]
    assert {row["copy"] for row in rows} == {"A02-2", "B01"}
    lx.qms("return", NUMBER, "A02-2", "--revision", "A/0", by="wen.kong")
    lx.qms("return", NUMBER, "B01", "--revision", "A/0", by="wen.kong")
    lx.qms("replace", NUMBER, "A02-2", "--reason", "又遗失", by="wen.kong")
    assert lx.call("check", "--all").findings == lx.call("verify").findings == ()
    assert out_by_list(lx) == out_by_copies(lx) == 2


def test_an_old_paper_is_lost_while_the_new_one_has_its_number(issued: Office) -> None:
    """C9: nobody need give back what they work by; the refusal names commands that lead on."""
    made_anew(issued)
    issued.qms("issue", NUMBER, "--to", "technical", by="wen.kong")
    lost = ("replace", NUMBER, "001", "--revision", "A/0", "--reason", "遗失")
    refused = issued.call(*lost, by="wen.kong")
    assert refused.findings == ("COPY-ALSO-OUT",)
    exchange = re.search(r"`qms (renumber [^`]*)`", refused.err)
    assert exchange is not None, refused
    assert f"`qms replace {NUMBER} 001 --revision A/0 --reason …`" in refused.err

    issued.qms(*exchange[1].split(), by="wen.kong")
    issued.qms(*lost, by="wen.kong")

    rows = json.loads(issued.qms("copies", NUMBER, "--out", "--json"))["rows"]
    assert sorted((row["copy"], row["revision"]) for row in rows) == [
        ("002", "A/0"), ("003", "A/1"),
    ]  # fmt: skip
    assert issued.call("verify").code == 0
