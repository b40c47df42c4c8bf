"""US-07: a policy that is signed in clones of a hub, and what must be shared before that."""

import json
from pathlib import Path

import pytest

from qms.testing.keys import key
from qms.testing.office import Office

NUMBER = "LX-WI-01"


@pytest.fixture
def clone(lx: Office, tmp_path: Path) -> Office:
    """A clone of LX with a shared hub; all that was recorded is pushed."""
    hub = tmp_path / "hub.git"
    lx.git("init", "-q", "--bare", "-b", "main", str(hub))
    lx.git("remote", "add", "origin", str(hub))
    lx.git("push", "-q", "-u", "origin", "main")
    return lx


def renamed(office: Office, old: str, new: str) -> None:
    office.edit("qms.yaml", f"en: {old}", f"en: {new}")


def agreed(office: Office, *signers: str) -> None:
    for signer in signers:
        office.qms("policy", "sign", by=signer)


def test_the_next_policy_waits_until_the_one_before_is_shared(clone: Office) -> None:
    renamed(clone, "LX Equipment", "LX Two")
    agreed(clone, "gao.feng", "guan.ning")
    renamed(clone, "LX Two", "LX Three")
    before = clone.git("rev-parse", "HEAD")

    answer = clone.call("policy", "sign", by="gao.feng")

    assert (answer.code, answer.findings) == (1, ("POLICY-UNPUBLISHED",))
    assert "policy/0002/" in answer.out + answer.err
    assert clone.git("rev-parse", "HEAD") == before
    clone.git("push", "-q")
    agreed(clone, "gao.feng", "guan.ning")
    clone.git("push", "-q")
    assert clone.call("verify").code == 0
    assert "version: 3" in clone.text("policy/0003/policy.yaml")


def test_a_policy_voids_nothing_that_its_signers_could_not_see(clone: Office) -> None:
    """A key that is voided on top of work that nobody else has would void that work for ever."""
    clone.qms("new", "work-instruction", "--title", "车床", by="gong.yi")
    clone.qms("submit", NUMBER, by="gong.yi")
    clone.qms("sign", NUMBER, by="fu.yi")
    clone.qms("release", NUMBER, by="wen.kong")
    clone.git("push", "-q")
    clone.qms("issue", NUMBER, "--to", "technical", by="wen.kong")
    clone.qms("policy", "key", "wen.kong", f"{clone.key('wen.kong.new')}.pub")
    old = f'"{key("wen.kong").public_text}", assurance: file'
    clone.edit("people.yaml", old, f"{old}, void: true")

    answer = clone.call("policy", "sign", by="gao.feng")

    assert (answer.code, answer.findings) == (1, ("POLICY-UNPUBLISHED",)), answer
    assert f"copies/work-instruction/{NUMBER}/A-0/001.yaml" in answer.out + answer.err
    clone.git("push", "-q")
    agreed(clone, "gao.feng", "guan.ning")
    clone.git("push", "-q")
    answer = clone.call("verify")
    assert (answer.code, answer.findings) == (0, ()), answer


def test_whose_agreement_no_longer_counts_is_said(clone: Office) -> None:
    renamed(clone, "LX Equipment", "LX Two")
    agreed(clone, "gao.feng")
    renamed(clone, "LX Two", "LX Too")

    told = clone.qms("policy", "sign", by="guan.ning")

    assert "Gao Feng's agreement to policy 2 no longer counts: the files have changed" in told
    assert "1 more must sign" in told
    assert "高峰 对策略第 2 版的同意" not in told
    agreed(clone, "gao.feng")
    assert clone.call("verify").code == 0


def test_an_agreement_from_before_its_base_was_shared_is_asked_for_again(
    clone: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a signature, made by hand or by an older tool, would keep the version out for ever."""
    renamed(clone, "LX Equipment", "LX Two")
    agreed(clone, "gao.feng", "guan.ning")
    renamed(clone, "LX Two", "LX Three")
    with monkeypatch.context() as careless:
        careless.setattr(
            "qms.jobs.policies.policy_rounds.refuse_unpublished", lambda _session: None
        )
        careless.setattr(
            "qms.jobs.sessions.work_session.WorkSession._refuses", lambda _session, _finding: False
        )
        agreed(clone, "gao.feng")
    clone.git("push", "-q")

    told = clone.qms("policy", "sign", by="guan.ning")

    assert "Gao Feng's agreement to policy 3 no longer counts: version 2 was not on" in told
    agreed(clone, "gao.feng")
    clone.git("push", "-q")
    assert clone.call("verify").code == 0
    assert "status: signed" in clone.text("policy/0003/policy.yaml")


def test_whoever_agreed_to_a_version_that_others_filed_is_asked_again(
    clone: Office, tmp_path: Path
) -> None:
    """Two open versions of one number met in a merge: the agreement to one of them is no more."""
    other = clone.copy(tmp_path / "other")
    renamed(clone, "LX Equipment", "LX Two")
    agreed(clone, "gao.feng")
    renamed(other, "LX Equipment", "LX Too")
    agreed(other, "guan.ning", "ye.wu")
    other.git("push", "-q")
    clone.git("fetch", "-q")
    clone.git("merge", "-q", "-s", "ours", "--no-commit", "origin/main")
    clone.git("checkout", "-q", "origin/main", "--", "policy")
    clone.git("commit", "-q", "-m", "Merge")
    clone.now = other.now

    told = clone.qms("policy", "sign", by="ye.wu")

    assert "Gao Feng's agreement to policy 2 no longer counts: that version was filed" in told
    agreed(clone, "gao.feng")
    clone.git("push", "-q")
    answer = clone.call("verify")
    assert (answer.code, answer.findings) == (0, ()), answer


def test_todo_shows_a_policy_to_who_may_sign_it_and_to_who_has(clone: Office) -> None:
    assert "policy" not in clone.qms("todo", by="guan.ning")
    renamed(clone, "LX Equipment", "LX Two")
    assert json.loads(clone.qms("todo", "--json", by="guan.ning"))["rows"] == []
    agreed(clone, "gao.feng")

    for words in (("todo",), ()):
        told = clone.qms(*words, by="guan.ning")
        assert "qms policy sign" in told
        assert "signed so far: Gao Feng" in told
        mine = clone.qms(*words, by="gao.feng")
        assert "waits for 1 more: Guan Ning, Ye Wu" in mine
        assert "qms sync" in mine
        assert "qms policy sign" not in mine
        assert "policy" not in clone.qms(*words, by="gong.yi")
    assert "已签：高峰" in clone.call("todo", by="guan.ning", lang="zh").out
    renamed(clone, "LX Two", "LX Too")
    assert "qms policy sign" in clone.qms("todo", by="gao.feng")
    renamed(clone, "LX Too", "LX Two")
    agreed(clone, "guan.ning")
    for person in ("gao.feng", "guan.ning", "ye.wu"):
        assert "policy" not in clone.qms("todo", by=person)
