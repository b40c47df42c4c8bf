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


def test_files_of_a_plugin_that_is_missing_are_no_strays(lx: Office, old: Path) -> None:
    admit(lx, old, "gauges", *SIGNERS)
    lx.write("records/gauges/G-07.yaml", b"number: G-07\nrange: 0-150\nstatus: log\nevents: []\n")
    lx.write("records/odd.txt", b"x")
    assert "STRAY" in runner(lx, old)("check").findings

    assert lx.call("check").findings == ("PLUGIN-MISSING",)
