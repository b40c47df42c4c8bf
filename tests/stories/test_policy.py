"""US-07: what `qms policy sign` refuses before anybody signs it, since nobody could mend it."""

import re

import pytest

from qms.formats.sshsig import from_armour, signing_key
from qms.resources import template_folder
from qms.testing.keys import key
from qms.testing.office import Office

FLOORS = """floors:
  min_signers: 2
  self_approval: false
  assurance: file
  paper: false
  delegation_days: 0
  emergency_days: 0
  temporary_days: 0
  legacy: open
"""
SIGNERS = ("gao.feng", "guan.ning")


def test_a_new_system_says_all_its_floors(lx: Office) -> None:
    assert FLOORS in lx.text("policy.yaml")
    assert "plugins:\n  - {name: approval}\n  - {name: copies}\n" in lx.text("policy.yaml")
    assert "0.1.0" not in lx.text("policy.yaml")


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("delegation_days: 0", "delegation_days: 5", "FLOOR-LOWERED", "`delegation_days`"),
        ("  assurance: file\n", "", "QUORUM-LOCKED", "under this one: 0"),
        ("rulebook: 1", "rulebook: 9999", "TOOL-OLD", "this one knows 1"),
        ("quorum:", "  - {name: titles}\nquorum:", "PLUGIN-MISSING", "titles"),
        ("  - {name: copies}", "  - {name: copies, version: 0.1.0}", "PIN-FORM", "qms plugins"),
        ("files:", "colour: red\nfiles:", "FIELD-UNKNOWN", "colour"),
    ],
)
def test_a_policy_that_would_not_hold_or_would_be_the_last_is_not_signed(
    lx: Office, old: str, new: str, code: str, said: str
) -> None:
    """A floor nobody names is at its strictest: without devices the next policy would be none's."""
    lx.edit("policy.yaml", old, new)
    answer = lx.call("policy", "sign", by="gao.feng")
    assert (answer.code, answer.findings) == (1, (code,)), answer
    assert said in answer.err


@pytest.mark.parametrize("character", ["\u3164", "\ufe0f", "\u115f", "\U0001bca0"])
def test_two_names_that_read_alike_are_not_signed_as_two(lx: Office, character: str) -> None:
    lx.edit("people.yaml", "zh: 高峰", f"zh: 高{character}峰")

    answer = lx.call("policy", "sign", by="gao.feng")

    assert (answer.code, answer.findings) == (1, ("UNICODE",)), answer


def test_a_machine_signs_what_is_published_and_nothing_else(lx: Office) -> None:
    row = f'publishers: [{{key: "{key("press").public_text}", name: 打印机}}]\nfiles:'
    lx.edit("policy.yaml", "files:", row)
    for signer in SIGNERS:
        lx.qms("policy", "sign", by=signer)
    lx.qms("publish", "--out", str(lx.folder.parent / "out"), by="press")
    made = (lx.folder.parent / "out" / "manifest.json.sig").read_text(encoding="utf-8")
    assert signing_key(from_armour(made)).fingerprint == key("press").public.fingerprint
    answer = lx.call("policy", "sign", by="press")
    assert (answer.code, answer.findings) == (1, ("KEY-UNKNOWN",))


def test_a_version_that_changes_nothing_is_not_opened(lx: Office) -> None:
    """Else the next keeper, who means to sign something, puts an empty version into force."""
    before = lx.text("policy.yaml")

    answer = lx.call("policy", "sign", by="gao.feng")

    assert (answer.code, answer.findings) == (1, ("POLICY-SAME",))
    assert (lx.text("policy.yaml"), lx.status) == (before, "")
    lx.edit("policy.yaml", "need: 2", "need: 3")
    assert lx.call("policy", "sign", by="gao.feng").code == 0


def test_what_is_agreed_to_is_shown_before_it_is_signed(lx: Office) -> None:
    lx.edit("qms.yaml", "LX Equipment", "LX Equipment Ltd.")

    for options in (("--dry-run",), ()):
        told = lx.qms("policy", "sign", *options, by="gao.feng")
        lines = [line.strip() for line in told.splitlines()]
        assert "Signing policy 2; against version 1:" in lines
        assert any(line.startswith("-") and "LX Equipment}" in line for line in lines), told
        assert any(line.startswith("+") and "LX Equipment Ltd." in line for line in lines)
        assert "/policy.yaml" not in told, "its number and digests say nothing besides"

    lx.edit("people.yaml", "persons:\n", "persons:\n" + "  # 注\n" * 80)
    told = lx.qms("policy", "sign", by="guan.ning")
    assert told.count("# 注") < 70
    assert "lines more: read policy.yaml, people.yaml, qms.yaml" in told


def test_who_has_left_signs_no_more_and_what_they_signed_stands(submitted: Office) -> None:
    """The guide, 有人离岗: `to:` ends the role, `void: true` the key; the row stays."""
    submitted.qms("sign", "LX-WI-01", by="fu.yi")
    submitted.qms("release", "LX-WI-01", by="wen.kong")
    row = "{person: wen.kong}"
    last = str(submitted.now.date())
    submitted.edit("people.yaml", row, f"{{person: wen.kong, to: {last}}}, {{person: gong.yi}}")
    for signer in SIGNERS:
        submitted.qms("policy", "sign", by=signer)
    submitted.later(days=1)
    issue = ("issue", "LX-WI-01", "--to", "technical")

    assert submitted.call(*issue, by="wen.kong").findings == ("COPY-RIGHT",)
    submitted.qms(*issue, by="gong.yi")
    held = f'"{key("wen.kong").public_text}", assurance: file'
    submitted.edit("people.yaml", held, f"{held}, void: true")
    for signer in SIGNERS:
        submitted.qms("policy", "sign", by=signer)

    assert submitted.call(*issue, by="wen.kong").findings == ("KEY-VOID",)
    answer = submitted.call("verify")
    assert (answer.code, answer.findings) == (0, ()), answer


CI_FILES = (".github/workflows/qms.yml", ".gitlab-ci.yml")


@pytest.fixture
def judged_in_ci(lx: Office) -> Office:
    """LX with the template's CI files in its policy."""
    for path in CI_FILES:
        lx.write(path, (template_folder() / path).read_text("utf-8"))
    for signer in SIGNERS:
        lx.qms("policy", "sign", by=signer)
    return lx


@pytest.mark.parametrize("path", CI_FILES)
def test_what_judges_in_ci_changes_by_the_keepers_alone(judged_in_ci: Office, path: str) -> None:
    """Row 90 (LRV): a repo that brings its own verifier judges as it likes."""
    lx = judged_in_ci
    lx.edit(path, "qms verify", "true || qms verify")
    changed = lx.call("check")

    assert (changed.code, changed.findings) == (1, ("POLICY-FILE",))
    assert path in changed.out
    before = lx.git("rev-parse", "HEAD")
    lx.git("commit", "-q", "-a", "-m", "A gate of our own")
    for judged in (("check", "--step", before, "HEAD"), ("verify",)):
        assert (lx.call(*judged).code, lx.call(*judged).findings) == (1, ("POLICY-FILE",))
    for signer in SIGNERS:
        shown = lx.qms("policy", "sign", by=signer)
        assert re.search(r"^ *-.*\bqms verify", shown, re.MULTILINE), shown
        assert re.search(r"^ *\+.*true \|\| qms verify", shown, re.MULTILINE)
        for judged in (("check",), ("check", "--step", before, "HEAD"), ("verify",)):
            assert lx.call(*judged).code == 0, "a keeper signed it"
    assert lx.call("check", "--all").code == 0
    assert (lx.call("verify").code, lx.status) == (0, "")


def test_every_ci_file_that_differs_is_named_at_once(judged_in_ci: Office) -> None:
    """Row 140 (L)"""
    lx = judged_in_ci
    lx.edit("policy.yaml", "version: 2", "version: 3")
    for path in CI_FILES:
        lx.edit(path, "qms verify", "true || qms verify")

    answer = lx.call("check")

    assert answer.findings == ("POLICY-FILE", "POLICY-FILE")
    assert all(f"{path}: error" in answer.out for path in CI_FILES)


def test_who_signs_a_policy_hears_that_somebody_else_wrote_in_it(lx: Office) -> None:
    """Row 141 (S): a proposal that nobody signed lay there for the next keeper."""
    lx.edit("policy.yaml", "version: 1", "version: 2")
    lx.edit("policy.yaml", "need: 2", "need: 1")
    lx.git("commit", "-q", "-a", "-m", "Tidy")
    lx.edit("people.yaml", "zh: 高峰", "zh: 高锋")

    first = lx.qms("policy", "sign", by="gao.feng")
    second = lx.qms("policy", "sign", by="guan.ning")

    assert "policy.yaml as committed say version 2 already, signed by nobody" in first
    assert "signed by nobody" not in second


def test_a_made_up_agreement_keeps_no_version_from_being_filed(lx: Office) -> None:
    """Row 141 (S): anybody can lay a slot in somebody's name."""
    lx.edit("people.yaml", "zh: 高峰", "zh: 高锋")
    lx.qms("policy", "sign", by="gao.feng")
    signed = re.search(r'"signature":"([^"]+)"', lx.text("policy.yaml"))
    assert signed is not None
    lx.edit("policy.yaml", signed[1][40:60], signed[1][60:80])
    lx.git("commit", "-q", "-a", "-m", "Tidy")

    told = lx.qms("policy", "sign", by="guan.ning")

    assert "agreement to policy 2 no longer counts: the signature does not hold" in told
    assert "in force" in lx.qms("policy", "sign", by="gao.feng")
    assert lx.call("verify").code == 0


def test_who_agrees_is_told_how_long_that_stays_good(lx: Office) -> None:
    """Row 142 (S): a reverted agreement was filed months later."""
    lx.edit("people.yaml", "zh: 高峰", "zh: 高锋")

    told = lx.qms("policy", "sign", by="gao.feng")

    assert "stays good, whoever reverts it, until another version 2 is filed" in told
    lx.git("revert", "--no-edit", "HEAD")
    lx.edit("people.yaml", "persons:\n", "persons:  # 不改\n")
    for signer in SIGNERS:
        lx.qms("policy", "sign", by=signer)
    lx.git("checkout", "-q", "HEAD~3", "--", "policy.yaml", "people.yaml")
    assert lx.call("check").findings == ("POLICY-FILE",)


def test_a_ci_file_that_is_taken_away_is_bound_no_more(judged_in_ci: Office) -> None:
    lx = judged_in_ci
    (lx.folder / ".gitlab-ci.yml").unlink()
    for signer in SIGNERS:
        lx.qms("policy", "sign", by=signer)

    assert ".gitlab-ci.yml" not in lx.text("policy.yaml")
    assert (lx.status, lx.git("ls-files", ".gitlab-ci.yml")) == ("", "")
    assert lx.call("check", "--all").code == 0
