"""US-05: what was judged by a plugin that the policy has dropped since."""

import json
from pathlib import Path

import pytest

from qms.testing.office import Office
from qms.testing.outsiders import (
    SIGNERS,
    admit,
    install,
    list_row,
    replaced,
    row,
    runner,
)

CHAIN = """\
from qms.api import Chain, ChainStep, ClassSetting, Seat, anything, hookimpl


@hookimpl
def settings():
    yield ClassSetting("chain", anything())
    yield ClassSetting("one_person", anything())


@hookimpl
def chain(policy, document):
    return Chain((
        ChainStep(1, "prepare", 1, (Seat(document.prepared_by, "preparer"),)),
        ChainStep(2, "approve", 1, (Seat("fu.yi", "in-charge-of-technical"),)),
        ChainStep(3, "publish", 1, (Seat("wen.kong", "document-controller"),)),
    ))
"""
OWN = "  - {name: approval}\n"


@pytest.fixture(scope="module")
def chains(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plugin that gives chains in place of the tool's own."""
    return install(tmp_path_factory.mktemp("chains"), "acme-chains", "0.1",
                   {"qms.rules": "chains = acme_chains"}, acme_chains=CHAIN)  # fmt: skip


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory, lx_founded: Office, chains: Path) -> Office:
    """Under policy 2 a chain of acme's released a document; policy 3 has the tool's own again."""
    office = lx_founded.copy(tmp_path_factory.mktemp("changed"))
    qms = runner(office, chains)
    office.edit("policy.yaml", OWN, "")
    admit(office, chains, "chains", *SIGNERS)
    for arguments, by in (
        (("new", "work-instruction", "--title", "点检"), "gong.yi"),
        (("submit", "LX-WI-01"), "gong.yi"),
        (("sign", "LX-WI-01"), "fu.yi"),
        (("release", "LX-WI-01"), "wen.kong"),
    ):
        answer = qms(*arguments, by=by)
        assert answer.code == 0, answer
    replaced(office, qms, row(office, chains, "chains"), OWN)
    return office


def test_history_judged_by_a_dropped_plugin_stays_right(
    changed: Office, chains: Path, tmp_path: Path
) -> None:
    """US-05: whoever has the old plugin verifies all; its chain has no say in what is new."""
    office = changed.copy(tmp_path)
    qms = runner(office, chains)
    assert (qms("verify").code, qms("check", "--all").code) == (0, 0)
    assert "chains (acme-chains 0.1 sha256:" in qms("verify").out
    assert qms("new", "work-instruction", "--title", "新", by="gong.yi").code == 0
    assert qms("submit", "LX-WI-02", by="gong.yi").code == 0  # not ANSWER-TWICE


def test_history_judged_by_a_dropped_plugin_is_incomplete_without_it_and_never_red(
    changed: Office, tmp_path: Path
) -> None:
    office = changed.copy(tmp_path)
    verified = office.call("verify", "--json")
    assert verified.code == 1
    told = json.loads(verified.out)
    assert told["verdict"] == "incomplete"
    assert {one["code"] for one in told["findings"]} == {"PLUGIN-GONE"}


def test_nothing_is_shown_as_current_where_what_came_since_cannot_be_judged(
    changed: Office, tmp_path: Path
) -> None:
    """`list` without the plugin would leave out the revision that is in force."""
    office = changed.copy(tmp_path)
    for command in (("list",), ("show", "LX-WI-01"), ("asof", "2026-12-31")):
        answer = office.call(*command)
        assert (answer.code, answer.out, answer.findings) == (3, "", ("PLUGIN-GONE",))
    office.edit("qms.yaml", "LX Equipment", "LX Equipment Ltd.")
    assert office.call("policy", "sign", by=SIGNERS[0]).code == 0


def test_what_a_dropped_plugins_version_had_not_seen_is_incomplete_without_it(
    lx_founded: Office, chains: Path, tmp_path: Path
) -> None:
    """In flight under the version before: what the plugin asks for on top is unknown."""
    office = lx_founded.copy(tmp_path)
    qms = runner(office, chains)
    office.git("checkout", "-q", "-b", "work")
    office.qms("new", "work-instruction", "--title", "点检", by="gong.yi")
    for command, by in (("submit", "gong.yi"), ("sign", "fu.yi"), ("release", "wen.kong")):
        office.qms(command, "LX-WI-01", by=by)
    office.git("checkout", "-q", "main")
    office.edit("policy.yaml", OWN, "")
    admit(office, chains, "chains", *SIGNERS)
    office.git("merge", "-q", "--no-edit", "work")
    replaced(office, qms, row(office, chains, "chains"), OWN)

    assert qms("verify").code == 0
    told = json.loads(office.call("verify", "--json").out)
    assert told["verdict"] == "incomplete"
    assert {one["code"] for one in told["findings"]} == {"PLUGIN-GONE"}


def test_history_judged_by_a_plugin_that_is_void_is_incomplete_for_everybody(
    changed: Office, chains: Path, tmp_path: Path
) -> None:
    office = changed.copy(tmp_path)
    qms = runner(office, chains)
    list_row(office, "  - {name: chains, distribution: acme-chains, void: true}\n")
    for signer in SIGNERS:
        assert qms("policy", "sign", by=signer).code == 0
    told = json.loads(qms("verify", "--json").out)
    assert told["verdict"] == "incomplete"
    assert {one["code"] for one in told["findings"]} == {"PLUGIN-GONE"}
    assert [one["name"] for one in told["plugins"]] == ["approval", "copies", "numbering"]
    listed = qms("list", "--json")  # what nobody can judge has no effect, and the list says so
    (listed_as,) = json.loads(listed.out)["documents"]
    assert (listed.code, listed_as["status"]) == (1, "draft")
