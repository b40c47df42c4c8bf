"""Issue 11: a policy comes into force while somebody works unseen; their clone goes on."""

import re
from pathlib import Path

import pytest

from qms.testing.office import Office


def test_a_round_whose_preparer_was_voided_unseen_is_ended(drafted: Office, tmp_path: Path) -> None:
    """Nobody approves it in vain: it waits for whoever may reject it."""
    server = drafted.shared(tmp_path)
    other = drafted.clone(server, tmp_path / "other" / "docs")
    other.qms("submit", "LX-WI-01", by="gong.yi")
    drafted.now = other.now
    line = next(one for one in drafted.text("people.yaml").split("\n") if "id: gong.yi" in one)
    voided = line.replace("keys: [{", "keys: [{void: true, ", 1)
    drafted.edit("people.yaml", line, voided)
    for signer in ("gao.feng", "guan.ning"):
        drafted.qms("policy", "sign", by=signer)
    assert drafted.push("main")[0] == 0
    other.now = drafted.now
    assert other.call("sync").code == 0

    answer = other.call("sign", "LX-WI-01", by="fu.yi")

    assert (answer.code, "ROUND-OUTDATED" in answer.err) == (1, True), answer
    assert "qms reject LX-WI-01" in other.qms("todo", by="fu.yi")
    other.qms("reject", "LX-WI-01", "--reason", "密钥作废", by="fu.yi")
    other.edit(
        "documents/work-instruction/LX-WI-01.md", "prepared_by: gong.yi", "prepared_by: ji.shu"
    )
    other.qms("submit", "LX-WI-01", by="ji.shu")
    other.qms("sign", "LX-WI-01", by="fu.yi")
    assert other.call("sync").code == 0


def test_what_a_policy_took_meanwhile_stays_behind(released: Office, tmp_path: Path) -> None:
    """The controller issued a copy and released nothing else; then the role is somebody else's."""
    server = released.shared(tmp_path)
    other = released.clone(server, tmp_path / "other" / "docs")
    other.qms("issue", "LX-WI-01", "--to", "technical", by="wen.kong")
    other.qms("new", "work-instruction", "--title", "铣床", by="gong.yi")
    other.git("add", "-A")
    other.git("commit", "-q", "-m", "Draft")
    released.now = other.now
    released.edit(
        "people.yaml",
        "{id: document-controller, name: {zh: 文控员, en: Document controller}, "
        "holders: [{person: wen.kong}]}",
        "{id: document-controller, name: {zh: 文控员, en: Document controller}, "
        "holders: [{person: bian.zhi}]}",
    )
    for signer in ("gao.feng", "guan.ning"):
        released.qms("policy", "sign", by=signer)
    assert released.push("main")[0] == 0
    other.now = released.now

    answer = other.call("sync")

    assert (answer.code, "SYNC-OUTDATED" in answer.out) == (0, True), answer
    assert "铣床" in other.text("documents/work-instruction/LX-WI-02.md")
    assert "kept-" in other.git("branch")
    assert (other.call("check", "--all").code, other.status) == (0, "")
    assert other.call("verify").code == 0
    other.qms("issue", "LX-WI-01", "--to", "technical", by="bian.zhi")
    assert other.call("sync").code == 0


@pytest.mark.parametrize("lines", ["others", "the same"])
def test_a_version_that_another_overtook_goes_on_as_the_next(
    released: Office, tmp_path: Path, lines: str
) -> None:
    """A keeper edits the open version once more and shares it, while the other one files it."""
    server = released.shared(tmp_path)
    released.edit("people.yaml", "en: Technical}", "en: Engineering}")
    released.qms("policy", "sign", by="gao.feng")
    assert released.push("main")[0] == 0
    other = released.clone(server, tmp_path / "other" / "docs")
    old = "en: Inspection}" if lines == "others" else "en: Engineering}"
    if lines == "the same":
        other.edit("people.yaml", "en: Engineering}", "en: Design}")
        other.qms("policy", "sign", by="gao.feng")
    other.now = released.now
    other.qms("policy", "sign", by="guan.ning")
    released.edit("people.yaml", old, "en: Quality}")
    released.qms("policy", "sign", by="gao.feng")
    assert released.call("sync").code == 0
    other.now = released.now

    answer = other.call("sync")

    code = "SYNC-POLICY-NEXT" if lines == "others" else "SYNC-POLICY-OVER"
    assert (answer.code, code in answer.out) == (0, True), answer
    assert (other.call("check", "--all").code, other.status) == (0, "")
    assert other.call("verify").code == 0
    assert released.call("sync").code == 0
    assert ("en: Quality}" in released.text("people.yaml")) is (lines == "others")
    if lines == "others":
        assert "policy sign" in released.qms("todo", by="gao.feng")
        for office, keeper in ((released, "gao.feng"), (released, "guan.ning")):
            office.qms("policy", "sign", by=keeper)
        assert "en: Engineering}" in released.text("people.yaml")
    assert released.call("sync").code == 0


def test_a_policy_that_had_not_seen_a_copy_comes_in_and_its_chain_decides(
    released: Office, tmp_path: Path
) -> None:
    """The keepers gave the role to somebody else, while who had it issued a copy and shared it."""
    server = released.shared(tmp_path)
    other = released.clone(server, tmp_path / "other" / "docs")
    old = "holders: [{person: wen.kong}]}"
    other.now = released.now
    other.edit("people.yaml", old, old.replace("wen.kong", "bian.zhi"))
    for signer in ("gao.feng", "guan.ning"):
        other.qms("policy", "sign", by=signer)
    released.qms("issue", "LX-WI-01", "--to", "technical", by="wen.kong")
    assert released.call("sync").code == 0
    other.now = max(other.now, released.now)

    answer = other.call("sync")

    assert (answer.code, "STALE-POLICY" in answer.out + answer.err) == (0, True), answer
    ratify = re.search(r"`qms (ratify LX-WI-01 \S+) --reason …`", answer.out + answer.err)
    assert ratify is not None
    other.qms(*ratify[1].split(), "--reason", "属实", by="fu.yi")
    for signer in ("bian.zhi", "gong.yi"):
        other.call(*ratify[1].split(), "--reason", "属实", by=signer)
    assert other.call("sync").code == 0
    assert (other.call("check", "--all").code, other.status) == (0, ""), other.call(
        "check", "--all"
    )
    assert other.call("verify").code == 0
