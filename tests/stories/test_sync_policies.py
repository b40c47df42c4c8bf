"""Issue 11: a policy comes into force while somebody works unseen; their clone goes on."""

import re
from pathlib import Path

import pytest

from qms.testing.office import Office

SIGNERS = ("gao.feng", "guan.ning")
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="45" viewBox="0 0 90 45">'
    '<path d="M5 40 L25 5 L45 40 Z" fill="#1f5f3f"/></svg>'
)


def colleague(office: Office, tmp_path: Path) -> Office:
    """A colleague's clone of the office, which is shared from now on."""
    return office.clone(office.shared(tmp_path), tmp_path / "other" / "docs")


def handed_over(office: Office) -> None:
    """The keepers give the document controller's role to bian.zhi."""
    old = "holders: [{person: wen.kong}]}"
    office.edit("people.yaml", old, old.replace("wen.kong", "bian.zhi"))
    for signer in SIGNERS:
        office.qms("policy", "sign", by=signer)


def test_a_round_whose_preparer_was_voided_unseen_is_ended(drafted: Office, tmp_path: Path) -> None:
    """The keepers had not seen it. Nobody approves it in vain: it waits for who may reject it."""
    other = colleague(drafted, tmp_path)
    other.qms("submit", "LX-WI-01", by="gong.yi")
    assert other.call("sync").code == 0
    drafted.now = other.now
    line = next(one for one in drafted.text("people.yaml").split("\n") if "id: gong.yi" in one)
    voided = line.replace("keys: [{", "keys: [{void: true, ", 1)
    drafted.edit("people.yaml", line, voided)
    for signer in ("gao.feng", "guan.ning"):
        drafted.qms("policy", "sign", by=signer)
    assert drafted.call("sync").code == 0
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


def overtaken(office: Office, tmp_path: Path, branch: str = "main") -> Office:
    """A colleague's clone with an issue that nobody has seen, and whose role another has now."""
    other = colleague(office, tmp_path)
    other.git("switch", "-q", *(() if branch == "main" else ("-c",)), branch)
    other.qms("issue", "LX-WI-01", "--to", "technical", by="wen.kong")
    other.qms("new", "work-instruction", "--title", "铣床", by="gong.yi")
    other.git("add", "-A")
    other.git("commit", "-q", "-m", "Draft")
    office.now = other.now
    handed_over(office)
    assert office.push("main")[0] == 0
    other.now = office.now
    return other


def goes_on_without_the_issue(office: Office) -> None:
    """It is kept beside; the draft that was there too goes on, and whoever may now issues."""
    assert "铣床" in office.text("documents/work-instruction/LX-WI-02.md")
    assert "kept-" in office.git("branch")
    assert (office.call("check", "--all").code, office.status) == (0, "")
    assert office.call("verify").code == 0
    office.qms("issue", "LX-WI-01", "--to", "technical", by="bian.zhi")
    assert office.call("sync").code == 0


BRANCHES = pytest.mark.parametrize("branch", ["main", "work"])


@BRANCHES
def test_what_a_policy_took_meanwhile_stays_behind(
    released: Office, tmp_path: Path, branch: str
) -> None:
    """The controller issued a copy and released nothing else; then the role is somebody else's."""
    other = overtaken(released, tmp_path, branch)

    answer = other.call("sync")

    assert (answer.code, "SYNC-OUTDATED" in answer.out) == (0, True), answer
    goes_on_without_the_issue(other)


def test_a_draft_of_the_same_number_goes_on(released: Office, tmp_path: Path) -> None:
    """What was taken is an issued copy: it took the next revision's text with it."""
    other = overtaken(released, tmp_path)
    other.qms("revise", "LX-WI-01", "--summary", "补充进给量", by="gong.yi")
    other.git("commit", "-qam", "Write on")
    text = other.text("documents/work-instruction/LX-WI-01.md")

    answer = other.call("sync")

    assert (answer.code, answer.findings) == (0, ("SYNC-OUTDATED",)), answer
    assert other.text("documents/work-instruction/LX-WI-01.md") == text
    goes_on_without_the_issue(other)


def test_what_a_policy_took_stays_behind_though_git_brought_it_here_already(
    released: Office, tmp_path: Path
) -> None:
    """git united both sides, and no gate takes what came of it: nobody's chain needs to decide."""
    other = overtaken(released, tmp_path)
    other.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
    assert "STALE-POLICY" in other.call("check", "--all").findings
    said = other.push("main")[1]
    assert "（文孔：发放）" in said, "a name, where an id is no word"
    assert "尚未共享的，`qms sync` 会留在本地" in said

    answer = other.call("sync")

    assert (answer.code, answer.findings) == (0, ("SYNC-OUTDATED",)), answer
    goes_on_without_the_issue(other)


def test_what_was_shared_on_a_branch_stays_there_and_its_chain_decides(
    released: Office, tmp_path: Path
) -> None:
    """Somebody may have gone on from it: nothing of it is left behind."""
    other = colleague(released, tmp_path)
    other.git("switch", "-q", "-c", "work")
    other.qms("issue", "LX-WI-01", "--to", "technical", by="wen.kong")
    assert other.call("sync").code == 0
    released.now = other.now
    handed_over(released)
    assert released.push("main")[0] == 0
    other.now = released.now

    answer = other.call("sync")

    assert (answer.code, answer.findings) == (1, ("STALE-POLICY",)), answer
    ratify = re.search(r"`qms (ratify LX-WI-01 \S+) --reason …`", answer.out + answer.err)
    assert ratify is not None
    assert "kept-" not in other.git("branch")
    for signer in ("fu.yi", "bian.zhi", "gong.yi"):
        other.call(*ratify[1].split(), "--reason", "属实", by=signer)
    assert other.call("sync").code == 0
    assert (other.call("check", "--all").code, other.status) == (0, "")


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
    other = colleague(released, tmp_path)
    other.now = released.now
    handed_over(other)
    released.qms("issue", "LX-WI-01", "--to", "technical", by="wen.kong")
    assert released.call("sync").code == 0
    other.now = max(other.now, released.now)

    answer = other.call("sync")

    assert (answer.code, "STALE-POLICY" in answer.out + answer.err) == (0, True), answer
    ratify = re.search(r"`qms (ratify LX-WI-01 \S+) --reason …`", answer.out + answer.err)
    assert ratify is not None
    other.qms(*ratify[1].split(), "--reason", "属实", by="fu.yi")
    asked = re.search(r"qms (ratify LX-WI-01 \S+)", other.qms("todo", by="bian.zhi"))
    assert asked is not None, "who may go on with a ruling that was begun is asked to"
    other.qms(*asked[1].split(), by="bian.zhi")
    assert "ratify" not in other.qms("todo", "--all")
    assert other.call("sync").code == 0
    assert (other.call("check", "--all").code, other.status) == (0, ""), other.call(
        "check", "--all"
    )
    assert other.call("verify").code == 0


@pytest.mark.parametrize("meanwhile", ["nothing else", "another proposal", "git pull"])
def test_a_policy_that_would_void_a_release_it_had_not_seen_is_signed_anew(
    submitted: Office, tmp_path: Path, meanwhile: str
) -> None:
    """No gate takes it, and no sync ended: the release stands, and the keepers look again."""
    submitted.qms("sign", "LX-WI-01", by="fu.yi")
    other = colleague(submitted, tmp_path)
    other.now = submitted.now
    handed_over(other)
    submitted.qms("release", "LX-WI-01", by="wen.kong")
    if meanwhile == "another proposal":
        submitted.edit("people.yaml", "en: Technical}", "en: Engineering}")
        submitted.qms("policy", "propose", by="ye.wu")
    assert submitted.call("sync").code == 0
    other.now = max(other.now, submitted.now)
    if meanwhile == "git pull":
        other.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
        told = "LX-WI-01 A/0 (by Wen Kong: publish) does not hold under policy 2"
        assert told in other.call("check", "--all").out

    answer = other.call("sync")

    assert (answer.code, "SYNC-POLICY-BACK" in answer.findings) == (0, True), answer
    assert (other.call("check", "--all").code, other.status) == (0, "")
    assert other.call("verify").code == 0
    assert "kept-" in other.git("branch")
    aside = meanwhile == "another proposal"
    assert (other.folder / "people.mine.yaml").exists() is aside
    if aside:
        other.write("people.yaml", other.text("people.mine.yaml"))
    for signer in SIGNERS:
        other.qms("policy", "sign", by=signer)
    assert other.call("sync").code == 0
    assert "in force" in other.qms("show", "LX-WI-01")
    assert submitted.call("sync").code == 0
    submitted.now = max(other.now, submitted.now)
    submitted.qms("issue", "LX-WI-01", "--to", "technical", by="bian.zhi")


@pytest.mark.parametrize("filed", [True, False])
def test_who_edited_the_look_meanwhile_takes_the_shared_one_whole(
    drafted: Office, tmp_path: Path, *, filed: bool
) -> None:
    """Issue 12: policy.yaml gave way, look.yaml stayed, and no command said how to go on."""
    drafted.write("look.yaml", 'colours: {headings: "#1f5f3f"}\nlogo: look/logo.svg\n')
    drafted.write("look/logo.svg", LOGO)
    for signer in SIGNERS:
        drafted.qms("policy", "sign", by=signer)
    other = colleague(drafted, tmp_path)
    other.edit("look.yaml", "1f5f3f", "7a1f1f")
    other.write("look/logo.svg", LOGO.replace("1f5f3f", "7a1f1f"))
    other.qms("policy", "sign", by="ye.wu")
    drafted.now = other.now
    drafted.edit("people.yaml", "en: Technical}", "en: Engineering}")
    for signer in SIGNERS if filed else SIGNERS[:1]:
        drafted.qms("policy", "sign", by=signer)
    assert drafted.push("main")[0] == 0
    other.now = drafted.now
    code = "SYNC-POLICY-FILED" if filed else "SYNC-POLICIES"
    answer = other.call("sync")
    assert (answer.code, set(answer.findings)) == (1, {code})
    assert "`qms policy propose`" in answer.err

    told = other.qms("sync", "--theirs")

    for name in ("look.mine.yaml", "logo.mine.svg", "policy.mine.yaml"):
        assert name in told
    assert "7a1f1f" in other.text("look.mine.yaml")
    assert "1f5f3f" in other.text("look.yaml")
    assert (other.call("check", "--all").findings, other.status) == ((), "")
    other.write("look.yaml", other.text("look.mine.yaml"))
    for signer in SIGNERS:
        other.qms("policy", "sign", by=signer)
    assert other.call("sync").code == 0
    assert other.call("verify").findings == ()


@pytest.mark.parametrize("what", ["the look", "what runs"])
def test_a_look_that_lay_open_goes_on_and_what_runs_does_not(
    drafted: Office, tmp_path: Path, what: str
) -> None:
    """One keeper files version 2 while the other shares another version 2."""
    server = drafted.shared(tmp_path)
    drafted.edit("people.yaml", "en: Technical}", "en: Engineering}")
    drafted.qms("policy", "sign", by="gao.feng")
    assert drafted.push("main")[0] == 0
    other = drafted.clone(server, tmp_path / "other" / "docs")
    other.qms("policy", "sign", by="guan.ning")
    drafted.now = other.now
    name = "look.yaml" if what == "the look" else ".gitlab-ci.yml"
    drafted.write(name, 'colours: {headings: "#1f5f3f"}\n')
    drafted.qms("policy", "sign", by="gao.feng")
    assert drafted.call("sync").code == 0
    other.now = drafted.now

    answer = other.call("sync")

    code = "SYNC-POLICY-NEXT" if what == "the look" else "SYNC-POLICY-OVER"
    assert (answer.code, code in answer.out) == (0, True), answer
    assert other.status == ""
    assert (other.folder / name).exists() is (what == "the look")
    assert "POLICY-FILE" not in other.call("check", "--all").findings
    assert other.call("verify").code == 0
    assert drafted.call("sync").code == 0
    if what == "the look":
        for signer in SIGNERS:
            drafted.qms("policy", "sign", by=signer)
        assert "look.yaml" in drafted.text("policy/0003/policy.yaml")
        assert drafted.call("check", "--all").findings == ()
