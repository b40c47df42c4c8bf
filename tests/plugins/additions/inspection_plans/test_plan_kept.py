"""What is filed of a plugin's kind stays, whatever later policies list and whoever lacks it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.formats.digests import sha256
from qms.formats.paths import asset_path
from qms.testing.inspection_plans import (
    AUTHOR,
    CODES,
    DRAFT,
    EXPERT,
    FILED,
    HEAD,
    NUMBER,
    OPEN,
    PICTURE,
    RULES,
)
from qms.testing.office import Office
from qms.testing.outsiders import SIGNERS, admit, install, row, runner

WITHOUT_KIND = RULES.replace("@hookimpl\ndef kinds():", "def kinds():")
MOVED = RULES.replace("records/plans/", "records/sheets/")
STRICTER = RULES.replace('(Seat(author, "preparer"),)', '(Seat("wen.kong", "preparer"),)')
WIDER = RULES.replace("integer(1, 1000)", "integer(1, 2000)")


def release(folder: Path, rules: str) -> Path:
    """Release 1.1 of the plugin, with these rules."""
    place = install(
        folder, "acme-plans", "1.1", {"qms.rules": "plans = plan_rules"}, plan_rules=rules
    )
    (place / "plan_codes.toml").write_text(CODES, encoding="utf-8")
    return place


@pytest.mark.parametrize("rules", [WITHOUT_KIND, MOVED, STRICTER])
def test_no_release_is_listed_that_does_not_keep_what_is_filed(
    filed: Office, folder: Path, tmp_path: Path, rules: str
) -> None:
    """Attack: the next release has no such kind, another folder, or other signers for it."""
    later = release(tmp_path / "later", rules)
    filed.edit("policy.yaml", row(filed, folder, "plans"), row(filed, later, "plans"))

    signed = runner(filed, later)("policy", "sign", by=SIGNERS[0])

    assert (signed.code, signed.findings) == (1, ("KIND-IN-USE",))
    assert "inspection-plan" in signed.err
    assert not (filed.folder / "policy/0003").exists()


def test_a_release_that_keeps_it_takes_it_over(filed: Office, folder: Path, tmp_path: Path) -> None:
    later = release(tmp_path / "later", WIDER)
    filed.edit("policy.yaml", row(filed, folder, "plans"), row(filed, later, "plans"))
    qms = runner(filed, later)

    for signer in SIGNERS:
        assert qms("policy", "sign", by=signer).code == 0

    assert json.loads(qms("verify", "--json").out)["verdict"] == "fine"
    (filed.folder / FILED).unlink()
    assert qms("check").findings == ("DOC-MISSING",)


def dropped(office: Office, line: str) -> None:
    office.edit("policy.yaml", line, "")


def made_void(office: Office, line: str) -> None:
    office.edit("policy.yaml", line, line.replace("}", ", void: true}"))


@pytest.mark.parametrize("change", [dropped, made_void])
def test_keepers_who_lack_the_plugin_do_not_drop_it(
    filed: Office, folder: Path, change: Callable[[Office, str], None]
) -> None:
    change(filed, row(filed, folder, "plans"))

    signed = filed.finish("policy", "sign", "--yes", by=SIGNERS[0])

    assert (signed.code, signed.findings) == (1, ("KIND-IN-USE",))


@pytest.mark.parametrize("in_one", [True, False])
def test_what_is_filed_is_not_dropped_and_taken_away_by_one_push(
    filed: Office, folder: Path, *, in_one: bool
) -> None:
    line = row(filed, folder, "plans")
    clean = filed.git("rev-parse", "HEAD")
    filed.git("checkout", "-q", "-b", "drop", "HEAD~3")
    dropped(filed, line)
    for signer in SIGNERS:
        assert filed.finish("policy", "sign", "--yes", by=signer).code == 0
    filed.git("checkout", "-q", "main")
    filed.git("merge", "-q", "--no-edit", *(["--no-commit"] if in_one else []), "drop")
    (filed.folder / FILED).unlink()
    filed.git("commit", "-qam", "Take it away")

    pushed = filed.call("check", "--step", clean, "HEAD")

    assert (pushed.code, pushed.findings) == (1, ("PLUGIN-GONE",))


def without_the_plugin(
    filed: Office,
    folder: Path,
    change: Callable[[Office, str], None] = dropped,
    before: str = "HEAD~3",
) -> str:
    """The plugin is dropped on a branch on which nothing is signed yet; gives what was before."""
    line = row(filed, folder, "plans")
    filed.git("checkout", "-q", "-b", "drop", before)
    change(filed, line)
    for signer in SIGNERS:
        assert filed.finish("policy", "sign", "--yes", by=signer).code == 0
    filed.git("checkout", "-q", "main")
    clean = filed.git("rev-parse", "HEAD")
    filed.git("merge", "-q", "--no-edit", "drop")
    return clean


@pytest.mark.parametrize("change", [dropped, made_void])
def test_what_was_filed_meanwhile_is_neither_stray_nor_free_to_go(
    filed: Office, folder: Path, change: Callable[[Office, str], None]
) -> None:
    clean = without_the_plugin(filed, folder, change)

    pushed = filed.call("check", "--step", clean, "HEAD")
    assert (pushed.code, pushed.findings) == (1, ("KIND-IN-USE",))
    assert filed.call("check", "--all").findings == ("PLUGIN-GONE",)
    told = json.loads(filed.call("verify", "--json").out)
    assert told["verdict"] == "incomplete"
    assert {one["code"] for one in told["findings"]} == {"PLUGIN-GONE"}

    merged = filed.git("rev-parse", "HEAD")
    (filed.folder / FILED).unlink()
    assert filed.call("check").findings == ("PLUGIN-GONE",)
    filed.git("commit", "-qam", "Take it away")
    pushed = filed.call("check", "--step", merged, "HEAD")
    assert (pushed.code, pushed.findings) == (1, ("PLUGIN-GONE",))
    told = json.loads(filed.call("verify", "--json").out)
    assert (told["verdict"], [one["code"] for one in told["findings"]]) == (
        "incomplete",
        ["PLUGIN-GONE"],
    )


ELSEWHERE = RULES.replace(
    "@hookimpl\ndef kinds():\n",
    'import os\n\n\n@hookimpl\ndef kinds():\n    if "ACME_NONE" in os.environ:\n        return\n',
).replace(
    "@hookimpl\ndef rules(policy):\n",
    '@hookimpl\ndef rules(policy):\n    if "ACME_NONE" in os.environ:\n        return\n',
)
"""The rules of a release that brings no kinds where a variable of the environment says so."""


def test_a_release_that_brings_no_kinds_on_this_machine_proves_nothing(
    lx_founded: Office, tmp_path: Path
) -> None:
    """Attack, or a plugin's fault: two machines with one release, and kinds on one alone."""
    office = lx_founded.copy(tmp_path)
    odd = release(tmp_path / "odd", ELSEWHERE)
    admit(office, odd, "plans", *SIGNERS)
    office.write("assets/shaft.svg", PICTURE)
    office.write(OPEN, DRAFT)
    qms = runner(office, odd)
    for command, person in (("submit", AUTHOR), ("sign", HEAD), ("sign", EXPERT)):
        assert qms(command, NUMBER, by=person).code == 0
    assert qms("verify").findings == ()
    office.environment["ACME_NONE"] = "1"

    answer = qms("check", "--all")

    assert "STRAY" not in answer.findings, answer
    assert f"{FILED}: error KIND-GONE" in answer.out, answer
    assert "neither be moved nor deleted" in answer.out
    assert json.loads(qms("verify", "--json").out)["verdict"] == "incomplete"
    clean = office.git("rev-parse", "HEAD")
    (office.folder / FILED).unlink()
    office.git("commit", "-qam", "Gone")
    step = qms("check", "--step", clean, "HEAD")
    assert (step.code, step.findings) == (1, ("KIND-GONE",)), step
    assert json.loads(qms("verify", "--json").out)["verdict"] == "incomplete"


def test_a_copy_of_what_is_filed_is_a_stray_file(filed: Office, folder: Path) -> None:
    """What is recorded at its own place may lie twice, and go there."""
    qms = runner(filed, folder)
    filed.write("records/old/JH-07.md", filed.text(FILED))

    assert qms("check").findings == ("STRAY",)


def test_a_picture_of_such_a_text_does_not_go_either(filed: Office, folder: Path) -> None:
    """Attack: nobody here knows its kind; its head lists the picture that was signed with it."""
    without_the_plugin(filed, folder)
    merged, picture = filed.git("rev-parse", "HEAD"), asset_path(sha256(PICTURE))
    (filed.folder / picture).unlink()

    checked = filed.call("check")
    assert (checked.findings, picture in checked.out) == (("PLUGIN-GONE",), True)
    filed.git("commit", "-qam", "Take it away")
    pushed = filed.call("check", "--step", merged, "HEAD")
    assert (pushed.code, pushed.findings) == (1, ("PLUGIN-GONE",))
    told = json.loads(filed.call("verify", "--json").out)
    assert told["verdict"] == "incomplete"
    assert {one["path"] for one in told["findings"]} == {FILED, picture}


def test_the_picture_of_one_that_goes_round_is_not_filed_yet(going: Office, folder: Path) -> None:
    without_the_plugin(going, folder, before="HEAD~1")

    told = json.loads(going.call("verify", "--json").out)

    assert [(one["code"], one["path"]) for one in told["findings"]] == [("PLUGIN-GONE", OPEN)]


def taken_away(office: Office) -> None:
    (office.folder / FILED).unlink()


def unsigned(office: Office) -> None:
    text = office.text(FILED)
    office.write(FILED, f"{text.partition('approvals:')[0]}approvals: []\n---\n# 轴检验计划\n")


@pytest.mark.parametrize("change", [taken_away, unsigned])
def test_what_was_done_to_such_a_text_is_told_beside_the_plugin_that_lacks(
    filed: Office, change: Callable[[Office], None]
) -> None:
    """Its texts are one cause with the plugin that isn't here; that one is gone is another."""
    assert filed.call("verify").findings == ("PLUGIN-MISSING",)
    change(filed)
    filed.git("commit", "-qam", "Change it")

    told = json.loads(filed.call("verify", "--json").out)

    assert told["verdict"] == "incomplete"
    assert {(one["code"], one["path"]) for one in told["findings"]} == {
        ("PLUGIN-MISSING", ""), ("PLUGIN-GONE", FILED),
    }  # fmt: skip
