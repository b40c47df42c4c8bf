"""Issue 11: a policy comes into force while somebody works unseen; their clone goes on."""

from pathlib import Path

from qms.testing.office import Office


def test_what_a_policy_took_meanwhile_stays_behind(released: Office, tmp_path: Path) -> None:
    """The controller issued a copy and released nothing else; then the role is somebody else's."""
    server = released.shared(tmp_path)
    folder = tmp_path / "other" / "docs"
    released.git("clone", "-q", str(server), str(folder))
    other = Office(folder, released.keys, released.now, dict(released.environment))
    for key, value in (
        ("user.name", "Other"), ("user.email", "other@qms.invalid"),
        ("qms.allowUnencryptedKey", "true"), ("qms.rehearsal", "true"),
    ):  # fmt: skip
        other.git("config", key, value)
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
