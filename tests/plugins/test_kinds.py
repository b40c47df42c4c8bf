"""US-05: a plugin's own kind of list: kept by the core's laws, judged by the plugin's rules.

Gauges and their calibrations stand for any list that a company signs line by line.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing.office import Answer, Office
from qms.testing.outsiders import SIGNERS, admit, install, later, row, runner, turned

LIST = "records/gauges/caliper/G-07.yaml"
RULES = '''\
"""Gauges are calibrated; one that is out of its range is told."""
from pathlib import Path

from qms.api import Act, Field, Finding, Rule, growing, hookimpl, on_each, text

RANGE = Field("range", text())


def by_technical(log, slot, register, policy):
    person = policy.persons.get(slot.person)
    if person is None or person.department != "technical":
        return Finding("GAUGE-BY", values={"person": slot.person})
    return None


GAUGE = growing("gauge", "records/gauges/{class}/{number}.yaml", RANGE, holds=by_technical)


def is_in_range(change, step):
    last = change.log.events[-1]
    if int(last.data["deviation"]) > 20:
        values = {"number": change.log.number, "range": change.log.head[RANGE]}
        yield Finding("GAUGE-OUT", values=values, about=change.log.about)


@hookimpl
def kinds():
    yield GAUGE


@hookimpl
def acts():
    yield Act(name="calibrate", kind="gauge", meaning="calibrated", data=frozenset({"deviation"}))


@hookimpl
def rules(policy):
    yield Rule(name="gauges", codes=("GAUGE-OUT",), judge=on_each("gauge", is_in_range))


@hookimpl
def codes():
    return Path(__file__).parent / "gauges_codes.toml"
'''
CODES = """\
[GAUGE-OUT]
level = "warning"
en = "{number} ({range}) is out of tolerance"
zh = "{number}（{range}）超差"
mend_en = "take it out of use"
mend_zh = "请停用"

[GAUGE-BY]
level = "error"
en = "{path}: {person} is not of the technical department"
zh = "{path}：{person} 不属于技术部"
mend_en = "let the technical department calibrate"
mend_zh = "请由技术部校准"
"""
TOOLS = """\
from qms.api import Command, Text, hookimpl


@hookimpl
def commands():
    yield Command("calibrate", "gauges_commands:calibrate", Text("校准", "Calibrate a gauge"))
"""
COMMANDS = """\
import click
from qms.api import NewEvent


@click.command()
@click.argument("number")
@click.argument("deviation", type=int)
@click.pass_obj
def calibrate(session, number, deviation):
    event = NewEvent(
        kind="gauge", class_id="caliper", number=number, act="calibrate", role=None,
        data={"deviation": deviation}, head={"range": "0-150 mm"},
    )
    session.record_events([event], f"Calibrate {number}")
"""


@pytest.fixture(scope="module")
def gauges(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = install(
        tmp_path_factory.mktemp("gauges"), "acme-gauges", "1.0",
        {"qms.rules": "gauges = gauges_rules", "qms.tools": "gauges = gauges_tools"},
        gauges_rules=RULES, gauges_tools=TOOLS, gauges_commands=COMMANDS,
    )  # fmt: skip
    (folder / "gauges_codes.toml").write_text(CODES, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def calibrated(
    tmp_path_factory: pytest.TempPathFactory, lx_founded: Office, gauges: Path
) -> Office:
    """A company whose caliper was calibrated twice, by two of the technical department."""
    office = lx_founded.copy(tmp_path_factory.mktemp("calibrated"))
    admit(office, gauges, "gauges", *SIGNERS)
    for deviation, person in (("12", TECHNICAL[0]), ("15", TECHNICAL[1])):
        assert runner(office, gauges)("calibrate", "G-07", deviation, by=person).code == 0
    return office


TECHNICAL = ("ji.shu", "gong.yi")


@pytest.fixture
def lx(calibrated: Office, tmp_path: Path) -> Office:
    return calibrated.copy(tmp_path)


@pytest.fixture
def qms(lx: Office, gauges: Path) -> Callable[..., Answer]:
    return runner(lx, gauges)


def test_a_plugins_list_is_recorded_and_verified(lx: Office, qms: Callable[..., Answer]) -> None:
    assert lx.text(LIST).startswith(
        'number: "G-07"\nclass: "caliper"\nrange: "0-150 mm"\nstatus: log\nevents:\n'
    )
    assert qms("check", "--all").code == 0
    verified = json.loads(qms("verify", "--json").out)
    assert (verified["verdict"], verified["events"]) == ("fine", 2)


def test_its_rule_looks_at_what_changed(qms: Callable[..., Answer]) -> None:
    assert qms("calibrate", "G-08", "25", by=TECHNICAL[0]).code == 0

    assert qms("verify").findings == ("GAUGE-OUT",)


def test_who_may_not_is_refused_before_anything_is_written(
    lx: Office, qms: Callable[..., Answer]
) -> None:
    refused = qms("calibrate", "G-08", "3", by="gao.feng")

    assert (refused.code, refused.findings) == (1, ("GAUGE-BY",))
    assert not (lx.folder / "records/gauges/caliper/G-08.yaml").exists()
    assert lx.git("status", "--porcelain") == ""


def test_who_judges_an_event_may_look_at_nothing_else(
    lx: Office, gauges: Path, tmp_path: Path
) -> None:
    text = RULES.replace("    person = policy", "    open('/etc/hostname')\n    person = policy", 1)
    spying = install(
        tmp_path / "spying", "acme-gauges", "1.0",
        {"qms.rules": "gauges = gauges_rules"}, gauges_rules=text,
    )  # fmt: skip

    lx.edit("policy.yaml", row(lx, gauges, "gauges"), row(lx, spying, "gauges"))
    answer = runner(lx, spying)("policy", "sign", by=SIGNERS[0])

    assert (answer.code, answer.findings) == (3, ("RULE-IMPURE",))
    assert "gauge.holds" in answer.err


@pytest.mark.parametrize(
    ("act", "kept"),
    [("withdraw", "document"), ("issue", "copy"), ("transfer", "copy"), ("manifest", "qms")],
)
def test_an_act_that_is_kept_for_another_kind_is_refused_with_its_plugin(
    lx_founded: Office, tmp_path: Path, act: str, kept: str
) -> None:
    """Attack: signatures under the namespace of another kind's act, made before that is built."""
    text = RULES.replace('name="calibrate"', f'name="{act}"', 1)
    greedy = install(
        tmp_path / "greedy", "acme-gauges", "1.0",
        {"qms.rules": "gauges = gauges_rules"}, gauges_rules=later(text),
    )  # fmt: skip

    lx = lx_founded.copy(tmp_path)
    turned(lx, greedy, "gauges")

    for command in (("verify",), ("check", "--all")):
        answer = runner(lx, greedy)(*command)
        assert (answer.code, answer.findings) == (3, ("ACT-RESERVED",))
        assert f"`{act}`" in answer.err
        assert f"kept for {kept}" in answer.err


def drop_the_first(office: Office) -> None:
    lines = office.text(LIST).splitlines(keepends=True)
    office.write(LIST, "".join(lines[:5] + lines[6:]).encode())


def edit_a_fact(office: Office) -> None:
    office.edit(LIST, '"deviation":12', '"deviation":11')


def edit_the_head(office: Office) -> None:
    office.edit(LIST, "0-150 mm", "0-300 mm")


def remove_it(office: Office) -> None:
    (office.folder / LIST).unlink()


def move_it(office: Office) -> None:
    office.write(LIST.replace("G-07", "G-09"), office.text(LIST).encode())


def lay_a_stray_one(office: Office) -> None:
    office.write("records/gauges/notes.txt", b"x\n")


@pytest.mark.parametrize(
    ("attack", "code"),
    [
        (drop_the_first, "LOG-REMOVED"),
        (edit_a_fact, "SIGNATURE"),
        (edit_the_head, "LOG-REWRITTEN"),
        (remove_it, "LOG-REMOVED"),
        (move_it, "MOVED-ENTRY"),
        (lay_a_stray_one, "STRAY"),
    ],
)
def test_the_laws_are_the_cores(
    lx: Office, qms: Callable[..., Answer], attack: Callable[[Office], None], code: str
) -> None:
    attack(lx)

    assert qms("check").findings == (code,)
    lx.git("add", "-A")
    lx.git("commit", "-qm", "Attack")
    verified = qms("verify")
    assert (verified.code, verified.findings) == (1, (code,))


def test_a_kind_that_has_files_cannot_be_switched_off(
    lx: Office, gauges: Path, qms: Callable[..., Answer]
) -> None:
    lx.edit("policy.yaml", row(lx, gauges, "gauges"), "")

    signed = qms("policy", "sign", by=SIGNERS[0])

    assert (signed.code, signed.findings) == (1, ("KIND-IN-USE",))
    assert qms("check").lines == {"KIND-IN-USE": "policy.yaml:3"}


def test_an_event_that_a_later_policy_does_not_take_is_told(
    lx: Office, qms: Callable[..., Answer]
) -> None:
    """EVENT-OUTDATED: a calibration in flight under a key that a policy voids."""
    lx.git("checkout", "-q", "-b", "work")
    assert qms("calibrate", "G-08", "3", by="gong.yi").code == 0
    lx.git("checkout", "-q", "main")
    key = re.search(r"- \{id: gong\.yi,.*?keys: \[\{([^}]*)\}\]", lx.text("people.yaml"))
    assert key is not None
    lx.edit("people.yaml", key[1], f"{key[1]}, void: true")
    for signer in SIGNERS:
        assert qms("policy", "sign", by=signer).code == 0
    lx.git("merge", "-q", "--no-edit", "work")

    told = qms("check", "--all")

    assert (told.code, told.findings) == (1, ("EVENT-OUTDATED",))
    assert "Gong Yi (calibrate)" in told.out


def test_a_list_that_was_begun_while_the_plugin_was_dropped_waits_where_it_lies(
    lx_founded: Office, gauges: Path, tmp_path: Path
) -> None:
    """Law 5: `sync` without the plugin, where somebody signed the first line of a list."""
    office = lx_founded.copy(tmp_path)
    admit(office, gauges, "gauges", *SIGNERS)
    line = row(office, gauges, "gauges")
    server = tmp_path / "server.git"
    office.git("init", "-q", "--bare", "-b", "main", str(server))
    office.git("remote", "add", "origin", str(server))
    office.git("push", "-q", "origin", "main")
    keepers = office.clone(server, tmp_path / "keepers")
    assert runner(office, gauges)("calibrate", "G-07", "12", by=TECHNICAL[0]).code == 0
    keepers.now = office.now
    keepers.edit("policy.yaml", line, "")
    for signer in SIGNERS:
        assert runner(keepers, gauges)("policy", "sign", by=signer).code == 0
    assert runner(keepers, gauges)("sync").code == 0
    head, text = office.git("rev-parse", "HEAD"), office.text(LIST)
    office.now = keepers.now

    answer = office.finish("sync", by=TECHNICAL[0])

    assert (answer.code, answer.findings) == (1, ("KIND-IN-USE",)), answer
    assert (office.git("rev-parse", "HEAD"), office.text(LIST)) == (head, text)
