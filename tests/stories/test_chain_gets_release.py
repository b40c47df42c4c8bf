"""A class whose last signature released at once gets a `publish` step: what was released stays."""

from pathlib import Path

import pytest

from qms.testing.office import Office

TEXT = "documents/department-document/LX-BM-01.md"
FILED = "released/department-document/LX-BM-01/A-0.md"


@pytest.fixture
def in_review(lx: Office) -> Office:
    """A department document that Ji Shu is to approve, which releases it."""
    lx.qms("new", "department-document", "--title", "规程", by="gong.yi")
    lx.git("add", "-A")
    lx.git("commit", "-q", "-m", "Draft")
    lx.qms("submit", "LX-BM-01", by="gong.yi")
    return lx


PUBLISH = "publish, who: [{role: document-controller}]"
APPROVE = "      - {act: approve, who: [{head_of: owner}]}\n"


def with_a_step_more(office: Office, step: str) -> None:
    """The next policy, in which the chain goes on after what ended it."""
    office.edit("qms.yaml", APPROVE, f"{APPROVE}      - {{act: {step}}}\n")
    for keeper in ("gao.feng", "guan.ning"):
        office.qms("policy", "sign", by=keeper)


@pytest.mark.parametrize("step", [PUBLISH, "approve, who: [{role: general-manager}]"])
def test_what_was_released_stays_released(in_review: Office, step: str) -> None:
    """W1: each of them was an error for everybody, which no command mended."""
    in_review.qms("sign", "LX-BM-01", by="ji.shu")

    with_a_step_more(in_review, step)

    assert in_review.call("check", "--all").findings == ()
    assert in_review.call("verify").code == 0
    assert "in force" in in_review.qms("list")
    in_review.qms("fix", by="gong.yi")
    assert in_review.text(TEXT) == in_review.text(FILED)
    in_review.qms("revise", "LX-BM-01", "--summary", "改", by="gong.yi")
    in_review.qms("submit", "LX-BM-01", by="gong.yi")
    in_review.qms("sign", "LX-BM-01", by="ji.shu")
    assert "A/0" in in_review.qms("asof", "today", "LX-BM-01")
    assert in_review.call("check", "--all").findings == ()


@pytest.mark.parametrize("pulls", [False, True], ids=["sync", "git"])
def test_what_nobody_has_seen_yet_stays_behind(
    in_review: Office, tmp_path: Path, *, pulls: bool
) -> None:
    """S2: the policy came before the release was shared; one `sync`, and it goes on."""
    server = in_review.shared(tmp_path / "shared")
    other = in_review.clone(server, tmp_path / "other" / "docs")
    other.qms("sign", "LX-BM-01", by="ji.shu")
    in_review.now = other.now
    with_a_step_more(in_review, PUBLISH)
    assert in_review.push("main")[0] == 0
    other.now = in_review.now
    if pulls:
        other.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")

    answer = other.call("sync")

    assert (answer.code, answer.findings) == (0, ("SYNC-OUTDATED",)), answer
    assert other.call("check", "--all").findings == ()
    assert other.call("verify").code == 0
    other.qms("sign", "LX-BM-01", by="ji.shu")
    other.qms("release", "LX-BM-01", by="wen.kong")
    assert other.call("sync").code == 0
    assert "in force" in other.qms("list")


def test_a_text_that_waits_for_a_step_that_goes(lx: Office) -> None:
    """The other way round: it says approved and is not released; its preparer sends it round."""
    with_a_step_more(lx, PUBLISH)
    lx.qms("new", "department-document", "--title", "规程", by="gong.yi")
    lx.git("add", "-A")
    lx.git("commit", "-q", "-m", "Draft")
    lx.qms("submit", "LX-BM-01", by="gong.yi")
    lx.qms("sign", "LX-BM-01", by="ji.shu")
    lx.edit("qms.yaml", f"{APPROVE}      - {{act: {PUBLISH}}}\n", APPROVE)
    for keeper in ("gao.feng", "guan.ning"):
        lx.qms("policy", "sign", by=keeper)

    assert lx.call("check", "--all").findings == ("DOC-UNAPPROVED",)
    lx.qms("submit", "LX-BM-01", by="gong.yi")
    lx.qms("sign", "LX-BM-01", by="ji.shu")

    assert lx.call("check", "--all").findings == ()
    assert "in force" in lx.qms("list")
