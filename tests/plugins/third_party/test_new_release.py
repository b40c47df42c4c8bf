"""US-05: a new release of a plugin is agreed to and shared by people who have only one of both."""

from pathlib import Path

import pytest

from qms.testing.office import Office
from qms.testing.outsiders import SIGNERS, admit, install, row, runner

KIND = """\
from qms.api import Field, growing, hookimpl, text


@hookimpl
def kinds():
    yield growing("gauge", "records/gauges/{number}.yaml", Field("range", text()))
"""
FIRST, SECOND = SIGNERS


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return _release(tmp_path, "1.0", KIND)


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return _release(tmp_path, "1.1", f"{KIND}\nLATER = True\n")


def _release(folder: Path, version: str, text: str) -> Path:
    return install(folder / version, "acme-gauges", version, {"qms.rules": "gauges = acme_gauges"},
                   acme_gauges=text)  # fmt: skip


def on_a_server(office: Office, place: Path) -> Path:
    """A shared repository without a gate: it would run with whatever the pusher has installed."""
    server = place / "server.git"
    office.git("init", "-q", "--bare", "-b", "main", str(server))
    office.git("remote", "add", "origin", str(server))
    office.git("push", "-q", "origin", "main")
    return server


def test_the_policy_that_lists_a_new_release_is_shared_by_who_has_it(
    lx: Office, tmp_path: Path, old: Path, new: Path
) -> None:
    admit(lx, old, "gauges", *SIGNERS)
    server = on_a_server(lx, tmp_path)
    lx.edit("policy.yaml", row(lx, old, "gauges"), row(lx, new, "gauges"))
    assert runner(lx, new)("policy", "sign", by=FIRST).code == 0

    answer = runner(lx, new)("sync", by=FIRST)

    assert (answer.code, answer.findings) == (0, ()), answer
    assert "nothing is judged by it here" in answer.err
    assert lx.git("rev-parse", "HEAD") == lx.git("rev-parse", "origin/main")
    assert runner(lx, old)("check", "--step", "HEAD~1", "HEAD").code == 0  # as the gate asks
    other = lx.clone(server, tmp_path / "other")
    other.later(hours=1)
    assert runner(other, new)("policy", "sign", by=SECOND).code == 0
    assert runner(other, new)("sync", by=SECOND).code == 0
    assert runner(other, new)("verify").findings == ()


def test_what_is_no_policy_is_not_shared_without_what_judges_it(
    lx: Office, tmp_path: Path, old: Path, new: Path
) -> None:
    admit(lx, old, "gauges", *SIGNERS)
    on_a_server(lx, tmp_path)
    lx.edit("policy.yaml", row(lx, old, "gauges"), row(lx, new, "gauges"))
    assert runner(lx, new)("policy", "sign", by=FIRST).code == 0
    lx.write("assets/a.svg", b"<svg/>")
    lx.git("add", "assets")
    lx.git("commit", "-qm", "a picture")

    answer = runner(lx, new)("sync", by=FIRST)

    assert (answer.code, answer.findings) == (3, ("PLUGIN-MISSING",))
    assert "there is: 1.1 sha256:" in answer.err


WATCHED = """\
import os

os.write(2, os.environ["MARK"].encode() + b"-ran\\n")
"""


@pytest.fixture
def late(lx: Office, tmp_path: Path, old: Path, new: Path) -> Office:
    """A clone that still has 1.0 in its policy; the trunk's policy lists 1.1."""
    admit(lx, old, "gauges", *SIGNERS)
    server = on_a_server(lx, tmp_path)
    other = lx.clone(server, tmp_path / "other")
    lx.edit("policy.yaml", row(lx, old, "gauges"), row(lx, new, "gauges"))
    for signer in SIGNERS:
        assert runner(lx, new)("policy", "sign", by=signer).code == 0
    lx.git("push", "-q", "origin", "main")
    other.now = lx.now
    return other


def test_who_installs_the_release_before_they_sync_goes_on(late: Office, new: Path) -> None:
    """Law 5: the mend of PLUGIN-MISSING is `qms sync`, and that does it."""
    answer = runner(late, new)("todo", by="fu.yi")
    assert (answer.code, answer.findings) == (3, ("PLUGIN-MISSING",))
    assert "run `qms sync` first (unless it says this itself): the shared policy" in answer.err

    answer = runner(late, new)("sync", by="fu.yi")

    assert (answer.code, answer.findings) == (0, ()), answer
    assert late.git("rev-parse", "HEAD") == late.git("rev-parse", "origin/main")
    assert runner(late, new)("todo", by="fu.yi").code == 0
    assert runner(late, new)("verify").findings == ()


def test_what_such_a_clone_has_of_its_own_is_judged_and_shared(late: Office, new: Path) -> None:
    late.write("records/odd.txt", b"x")
    late.write("assets/a.svg", b"<svg/>")
    late.git("add", "records", "assets")
    late.git("commit", "-qm", "A picture, and what may not lie there")

    answer = runner(late, new)("sync", by="fu.yi")

    assert (answer.code, answer.findings) == (0, ("SYNC-LEFT-OUT",)), answer
    assert late.git("rev-parse", "HEAD") == late.git("rev-parse", "origin/main")
    assert late.git("ls-files", "records", "assets") == "assets/a.svg"


@pytest.mark.parametrize("signers", [(), SIGNERS[:1]])
def test_a_trunk_admits_nothing_that_its_keepers_did_not_sign(
    lx: Office, tmp_path: Path, old: Path, signers: tuple[str, ...]
) -> None:
    """Attack: whoever can push files a version that lists what runs on the machines of others."""
    admit(lx, old, "gauges", *SIGNERS)
    server = on_a_server(lx, tmp_path)
    evil, mine = lx.clone(server, tmp_path / "evil"), lx.clone(server, tmp_path / "mine")
    evil.now = mine.now = lx.now
    watched = _release(tmp_path, "1.1", WATCHED + KIND)
    evil.edit("policy.yaml", row(evil, old, "gauges"), row(evil, watched, "gauges"))
    for signer in signers:
        assert runner(evil, watched)("policy", "sign", by=signer).code == 0
    filed = evil.folder / "policy" / "0003"
    filed.mkdir(exist_ok=True)
    for name in ("policy.yaml", "people.yaml", "qms.yaml"):
        (filed / name).write_bytes((evil.folder / name).read_bytes())
    evil.git("add", "-A")
    evil.git("commit", "-qm", "Evil")
    evil.git("push", "-q", "origin", "main")
    before = mine.git("rev-parse", "HEAD")
    for mark in tmp_path.glob("imported*"):
        mark.unlink()

    answer = runner(mine, watched)("sync", by="fu.yi")

    assert (answer.code, answer.findings) == (3, ("PLUGIN-MISSING",)), answer
    assert "(unless it says this itself)" in answer.err
    assert mine.git("rev-parse", "HEAD") == before
    assert list(tmp_path.glob("imported*")) == []


def test_a_trunk_of_another_company_admits_nothing(
    lx: Office, lx_founded: Office, tmp_path: Path, old: Path
) -> None:
    """Attack: a trunk with policies of its own, well signed, by people whom nobody here named."""
    admit(lx, old, "gauges", *SIGNERS)
    server = on_a_server(lx, tmp_path)
    mine = lx.clone(server, tmp_path / "mine")
    watched = _release(tmp_path, "1.1", WATCHED + KIND)
    evil = lx_founded.copy(tmp_path / "evil")
    evil.now = mine.now = lx.now
    admit(evil, watched, "gauges", *SIGNERS)
    evil.git("push", "-q", "-f", str(server), "HEAD:main")
    before = mine.git("rev-parse", "HEAD")
    for mark in tmp_path.rglob("imported*"):
        mark.unlink()

    answer = runner(mine, watched)("sync", by="fu.yi")

    assert (answer.code, answer.findings) == (3, ("PLUGIN-MISSING",)), answer
    assert mine.git("rev-parse", "HEAD") == before
    assert list(tmp_path.rglob("imported*")) == []


def test_files_of_a_plugin_that_is_missing_are_no_strays(lx: Office, old: Path) -> None:
    admit(lx, old, "gauges", *SIGNERS)
    lx.write("records/gauges/G-07.yaml", b"number: G-07\nrange: 0-150\nstatus: log\nevents: []\n")
    lx.write("records/odd.txt", b"x")
    assert "STRAY" in runner(lx, old)("check").findings

    assert lx.call("check").findings == ("PLUGIN-MISSING",)
