"""The life of a document from the command line (DC-02, DC-03, DC-05, DC-09, DC-10, DC-38)."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing.office import Office

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"
FILED = f"released/work-instruction/{NUMBER}/A-0.md"


def draft(office: Office) -> None:
    office.qms("new", "work-instruction", "--title", "数控车床作业指导书", by="gong.yi")
    office.edit(TEXT, "## 4 工作程序\n\n无\n", "## 4 工作程序\n\n上电前检查绝缘。\n")


def send_round(office: Office) -> None:
    office.qms("submit", NUMBER, by="gong.yi")
    office.qms("sign", NUMBER, by="fu.yi")


def release(office: Office, *options: str) -> None:
    draft(office)
    send_round(office)
    office.qms("release", NUMBER, *options, by="wen.kong")


@pytest.fixture(scope="module")
def _released(founded: Callable[[str], Office], tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = founded("lx").copy(tmp_path_factory.mktemp("released"))
    release(office)
    return office


@pytest.fixture
def released(_released: Office, tmp_path: Path) -> Office:
    """LX with a work instruction A/0 in force."""
    return _released.copy(tmp_path)


def asof(office: Office, day: str) -> list[str]:
    listed = json.loads(office.qms("asof", day, "--json"))["documents"]
    return [f"{one['number']} {one['revision']}" for one in listed]


def holds(office: Office) -> bool:
    """Whether everything is committed, and check and verify have nothing to say."""
    office.qms("check")
    office.qms("check", "--all")
    office.qms("verify", "--root", office.git("log", "--format=%H", "--grep=File policy 1"))
    return not office.status


def test_a_document_is_written_signed_released_issued_and_recalled(lx: Office) -> None:
    assert f"{NUMBER} A/0" in lx.qms("new", "work-instruction", "--title", "车床", by="gong.yi")
    assert "Fu Yi" in lx.qms("submit", NUMBER, by="gong.yi")
    assert NUMBER in lx.qms("todo", by="fu.yi")
    lx.qms("sign", NUMBER, by="fu.yi")
    assert "nothing waits" in lx.qms("todo", by="fu.yi")
    assert f"qms release {NUMBER}" in lx.qms("todo", by="wen.kong")
    lx.qms("release", NUMBER, by="wen.kong")
    assert lx.text(FILED) == lx.text(TEXT)
    lx.qms("issue", NUMBER, "--to", "technical", "--to", "inspection", by="wen.kong")
    lx.qms("receive", NUMBER, "001", by="ji.shu")
    lx.qms("receive", NUMBER, "002", by="zhi.jian")
    lx.qms("recall", NUMBER, "002", "--due", "2026-12-01", "--reason", "停产", by="wen.kong")
    lx.qms("return", NUMBER, "002", by="wen.kong")
    copies = json.loads(lx.qms("copies", NUMBER, "--json"))["rows"]
    assert [(one["copy"], one["state"]) for one in copies] == [("001", "in use"), ("002", "back")]
    assert holds(lx)


def test_history_tells_who_signed_what_as_what(released: Office) -> None:
    signed = json.loads(released.qms("history", NUMBER, "--json"))
    rows = next(iter(value for value in signed.values() if isinstance(value, list)))
    assert [(one["act"], one["person"], one["role"]) for one in rows] == [
        ("prepare", "gong.yi", "preparer"),
        ("approve", "fu.yi", "in-charge-of-technical"),
        ("publish", "wen.kong", "document-controller"),
    ]


def test_a_rejected_text_is_mended_and_sent_round_again(lx: Office) -> None:
    """Row 24 (S)"""
    draft(lx)
    lx.qms("submit", NUMBER, by="gong.yi")
    lx.qms("reject", NUMBER, "--reason", "缺少绝缘检查", by="fu.yi")
    assert "status: draft" in lx.text(TEXT)
    assert lx.call("sign", NUMBER, by="fu.yi").findings == ("ROUND-ENDED",)
    assert f"qms submit {NUMBER}" in lx.qms("todo", by="gong.yi")
    lx.edit(TEXT, "上电前检查绝缘。", "上电前检查绝缘，不低于 1 MΩ。")
    for words in (("check",), ("list",), ("show", NUMBER)):
        answer = lx.call(*words)
        assert (answer.code, answer.findings) == (0, ()), words
    assert "rejected" in lx.qms("todo", by="gong.yi")
    send_round(lx)
    lx.qms("release", NUMBER, by="wen.kong")
    assert "缺少绝缘检查" in lx.text(FILED)  # the rejection stays for ever
    assert holds(lx)


def test_an_edit_after_the_submit_is_told_and_a_new_submit_mends_it(lx: Office) -> None:
    draft(lx)
    lx.qms("submit", NUMBER, by="gong.yi")
    lx.edit(TEXT, "上电前检查绝缘。", "上电前不必检查绝缘。")
    assert lx.call("check").findings == ("APPROVAL-MISMATCH",)
    assert lx.call("sign", NUMBER, by="fu.yi").findings == ("WORKTREE-DIFFERS",)
    send_round(lx)
    lx.qms("release", NUMBER, by="wen.kong")
    assert holds(lx)


def test_a_change_raises_the_count_and_a_new_edition_the_letter(released: Office) -> None:
    released.qms("revise", NUMBER, "--summary", "修改", by="gong.yi")
    assert "\nrevision: A/1\n" in released.text(TEXT)
    released.edit(TEXT, "上电前检查绝缘。", "上电前检查绝缘电阻。")
    send_round(released)
    released.qms("release", NUMBER, by="wen.kong")
    released.qms("revise", NUMBER, "--version", "--summary", "换版", by="gong.yi")
    assert "\nrevision: B/0\n" in released.text(TEXT)
    send_round(released)
    released.qms("release", NUMBER, by="wen.kong")
    assert [one.name for one in sorted((released.folder / FILED).parent.iterdir())] == [
        "A-0.md", "A-1.md", "B-0.md",
    ]  # fmt: skip
    assert asof(released, "2026-12-31") == [f"{NUMBER} B/0"]
    assert holds(released)


def test_a_released_text_is_changed_only_by_a_revision(released: Office) -> None:
    released.edit(TEXT, "上电前", "下电前")
    answer = released.call("check")
    assert answer.findings == ("DOC-CHANGED",)
    assert answer.code == 1
    assert released.call("submit", NUMBER, by="gong.yi").findings == ("DOC-CHANGED",)
    released.qms("restore", NUMBER, by="gong.yi")
    assert released.call("submit", NUMBER, by="gong.yi").findings == ("NOTHING-TO-SUBMIT",)
    released.qms("revise", NUMBER, "--summary", "x", by="gong.yi")
    assert released.call("revise", NUMBER, "--summary", "x", by="gong.yi").findings == (
        "REVISION-OPEN",
    )


def test_until_the_effective_day_the_earlier_revision_stays_in_force(released: Office) -> None:
    released.later(days=1)
    released.qms("revise", NUMBER, "--summary", "修改", by="gong.yi")
    released.edit(TEXT, "上电前检查绝缘。", "上电前检查绝缘电阻。")
    send_round(released)
    released.qms("release", NUMBER, "--effective", "+7", by="wen.kong")
    assert asof(released, "2026-11-19") == []
    assert asof(released, "2026-11-20") == [f"{NUMBER} A/0"]
    assert asof(released, "2026-11-27") == [f"{NUMBER} A/0"]
    assert asof(released, "2026-11-28") == [f"{NUMBER} A/1"]
    assert holds(released)


def test_an_effective_day_in_the_past_is_refused(lx: Office) -> None:
    """Row 77 (S)"""
    draft(lx)
    send_round(lx)
    answer = lx.call("release", NUMBER, "--effective", "2026-11-19", by="wen.kong")
    assert (answer.code, answer.findings) == (1, ("EFFECTIVE-BEFORE-APPROVAL",))
    nonsense = lx.call("release", NUMBER, "--effective", "soon", by="wen.kong")
    assert (nonsense.code, nonsense.findings) == (2, ("USAGE",))
    assert not lx.status


def test_only_the_own_paths_are_committed(lx: Office) -> None:
    draft(lx)
    lx.write("notes.txt", "staged\n")
    lx.write("assets/plan.txt", "first\n")
    lx.git("add", "assets/plan.txt", "notes.txt")
    lx.write("notes.txt", "edited since\n")
    lx.write("untracked.txt", "untracked\n")
    lx.qms("submit", NUMBER, by="gong.yi")
    assert lx.git("show", "--name-only", "--format=", "HEAD") == TEXT
    assert lx.status.splitlines() == ["A  assets/plan.txt", "AM notes.txt", "?? untracked.txt"]
    assert lx.git("show", ":notes.txt") == "staged"
    assert lx.text("notes.txt") == "edited since\n"
    lx.qms("sign", NUMBER, by="fu.yi")
    assert lx.status.splitlines() == ["A  assets/plan.txt", "AM notes.txt", "?? untracked.txt"]


def test_i_am_who_holds_my_key_whatever_git_is_told(lx: Office) -> None:
    lx.git("config", "user.name", "Gao Feng")
    lx.git("config", "user.email", "gao.feng@lx.example")
    lx.git("config", "qms.key", str(lx.key("gong.yi")))
    draft(lx)
    lx.qms("submit", NUMBER)
    assert 'person: "gong.yi"' in lx.text(TEXT)
    assert lx.call("sign", NUMBER).findings == ("SIGNED-ALREADY",)
    lx.git("config", "--unset", "qms.key")
    lx.git("config", "gpg.format", "ssh")
    lx.git("config", "user.signingKey", f"{lx.key('fu.yi')}.pub")
    lx.qms("sign", NUMBER)
    assert lx.git("log", "-1", "--format=%an") == "Gao Feng"
    assert "fu.yi" in lx.text(TEXT)
    stranger = lx.call("release", NUMBER, by="nobody.known")
    assert (stranger.code, stranger.findings) == (1, ("KEY-UNKNOWN",))


def test_a_dry_run_writes_nothing(lx: Office) -> None:
    planned = lx.qms("new", "work-instruction", "--title", "试", "--dry-run", by="gong.yi")
    assert NUMBER in planned
    assert not lx.status
    draft(lx)
    before = (lx.git("rev-parse", "HEAD"), lx.status, lx.text(TEXT))
    assert "nothing written" in lx.qms("submit", NUMBER, "--dry-run", by="gong.yi")
    assert (lx.git("rev-parse", "HEAD"), lx.status, lx.text(TEXT)) == before
    send_round(lx)
    before = (lx.git("rev-parse", "HEAD"), lx.status, lx.text(TEXT))
    assert FILED in lx.qms("release", NUMBER, "--dry-run", by="wen.kong")
    lx.qms("reject", NUMBER, "--reason", "x", "--dry-run", by="wen.kong")
    assert (lx.git("rev-parse", "HEAD"), lx.status, lx.text(TEXT)) == before
    lx.qms("release", NUMBER, by="wen.kong")
    before = (lx.git("rev-parse", "HEAD"), lx.status, lx.text(TEXT))
    lx.qms("issue", NUMBER, "--to", "technical", "--dry-run", by="wen.kong")
    lx.qms("revise", NUMBER, "--summary", "x", "--dry-run", by="gong.yi")
    lx.qms("policy", "key", "fu.er", f"{lx.key('spare')}.pub", "--dry-run")
    assert (lx.git("rev-parse", "HEAD"), lx.status, lx.text(TEXT)) == before
    lx.edit("qms.yaml", "LX Equipment", "LX Equipment Ltd.")
    before = (lx.git("rev-parse", "HEAD"), lx.status, lx.text("policy.yaml"))
    lx.qms("policy", "sign", "--dry-run", by="gao.feng")
    assert (lx.git("rev-parse", "HEAD"), lx.status, lx.text("policy.yaml")) == before


def test_a_second_policy_version_is_in_force_when_its_quorum_has_signed(released: Office) -> None:
    lx = released
    lx.qms("policy", "key", "fu.er", f"{lx.key('fu.er.new')}.pub")
    lx.edit("people.yaml", "name: {zh: 技术部, en: Technical}, head: ji.shu, in_charge: fu.yi",
            "name: {zh: 技术部, en: Technical}, head: ji.shu, in_charge: fu.er")  # fmt: skip
    assert lx.call("check").findings == ("POLICY-FILE",)
    assert lx.call("policy", "sign", by="gong.yi").findings == ("POLICY-NOT-YOURS",)
    assert "1 more must sign" in lx.qms("policy", "sign", by="gao.feng")
    assert not lx.call("check").findings
    assert lx.call("sign", NUMBER, by="fu.er.new").findings == ("KEY-UNKNOWN",)
    assert "Policy 2 is in force" in lx.qms("policy", "sign", by="ye.wu")
    lx.qms("revise", NUMBER, "--summary", "修改", by="gong.yi")
    lx.edit(TEXT, "上电前检查绝缘。", "上电前检查绝缘电阻。")
    lx.qms("submit", NUMBER, by="gong.yi")
    assert lx.call("sign", NUMBER, by="fu.yi").findings == ("NOT-YOUR-TURN",)
    lx.qms("sign", NUMBER, by="fu.er.new")
    lx.qms("release", NUMBER, by="wen.kong")
    assert holds(lx)


def test_the_next_free_number_is_allocated_and_never_taken_twice(released: Office) -> None:
    answer = released.qms("new", "work-instruction", "--title", "另一份", by="gong.yi")
    assert "LX-WI-02" in answer
    taken = released.call(
        "new", "work-instruction", "--title", "三", "--number", NUMBER, by="gong.yi"
    )
    assert (taken.code, taken.findings) == (1, ("NUMBER-TAKEN",))
    twin = released.call(
        "new", "work-instruction", "--title", "四", "--number", "ＬＸ－ＷＩ－01", by="gong.yi"
    )
    assert (twin.code, twin.findings) == (1, ("NUMBER-TAKEN",))


def test_several_texts_are_released_by_one_command(lx: Office) -> None:
    for number, title in (("LX-WI-01", "车床"), ("LX-WI-02", "铣床")):
        lx.qms("new", "work-instruction", "--title", title, by="gong.yi")
        lx.qms("submit", number, by="gong.yi")
        lx.qms("sign", number, by="fu.yi")

    lx.qms("release", "LX-WI-01", "LX-WI-02", "--effective", "today", by="wen.kong")

    assert lx.qms("list").count("in force") == 2
