"""US-07: the next policy is proposed, told in words, asked for; until signed it is nothing."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from qms.testing.keys import key
from qms.testing.office import PROGRAM, Office

NUMBER = "LX-WI-01"


@pytest.fixture
def colleague(drafted: Office, server: Path, tmp_path: Path) -> Office:
    """Who shares the trunk with the one who proposes."""
    return drafted.clone(server, tmp_path / "colleague")


def edited(office: Office) -> None:
    office.edit("qms.yaml", "en: LX Equipment", "en: LX Two")
    office.edit("people.yaml", "{person: wen.kong}", "{person: wen.kong}, {person: gong.yi}")


def shared(one: Office, other: Office) -> None:
    assert one.push("main") == (0, "")
    other.now = max(one.now, other.now)
    other.git("pull", "-q", "--rebase", "origin", "main")


def test_anybody_proposes_a_policy_and_nothing_goes_by_it(
    drafted: Office, colleague: Office
) -> None:
    edited(drafted)
    before = drafted.call("check")
    assert set(before.findings) == {"POLICY-FILE"}
    assert "`qms policy propose`" in before.out
    told = drafted.qms("policy", "propose", by="gong.yi")
    assert "  * company: name 领航设备有限公司 / LX Equipment → 领航设备有限公司 / LX Two" in told
    assert "held by Gong Yi" in told
    assert "Policy 2 is proposed; 2 must sign (Gao Feng, Guan Ning, Ye Wu)" in told
    again = drafted.call("policy", "propose", by="gong.yi")
    assert (again.code, again.findings) == (1, ("POLICY-PROPOSED-ALREADY",))
    shared(drafted, colleague)

    for words in (("check",), ("check", "--all")):
        answer = colleague.call(*words)
        assert (answer.code, answer.findings) == (0, ())
        assert "policy 2 is proposed and waits for 2 to sign (Gao Feng, Guan Ning, Ye Wu)" in (
            answer.out
        )
    assert "策略第 2 版已提出，还需 2 人签署" in colleague.call("check", lang="zh").out
    assert "sign (proposed, signed by nobody)" in colleague.qms("todo", by="ye.wu")
    assert "policy" not in colleague.qms("todo", by="gong.yi")
    answer = colleague.call("verify")
    assert (answer.code, answer.findings) == (0, ())

    colleague.qms("submit", NUMBER, by="gong.yi")
    colleague.qms("sign", NUMBER, by="fu.yi")
    assert colleague.call("release", NUMBER, by="gong.yi").code == 1, "no controller yet"
    colleague.qms("release", NUMBER, by="wen.kong")
    shared(colleague, drafted)

    for keeper in ("gao.feng", "guan.ning"):
        drafted.qms("policy", "sign", by=keeper)
    assert "proposed" not in drafted.qms("check", "--all")
    assert drafted.call("check", "--all").findings == ()


def test_a_proposal_that_cannot_be_read_is_no_fault_of_who_pulled_it(
    drafted: Office, colleague: Office
) -> None:
    edited(drafted)
    drafted.qms("policy", "propose", by="gong.yi")
    drafted.edit("people.yaml", "persons:", "persons: [\n")
    assert drafted.call("check").code == 1
    drafted.git("commit", "-q", "-am", "Careless")
    shared(drafted, colleague)

    for words in (("check",), ("check", "--all")):
        answer = colleague.call(*words)
        assert (answer.code, answer.findings) == (0, ())
        assert "it can't be signed as it is (people.yaml YAML-" in answer.out
    colleague.qms("submit", NUMBER, by="gong.yi")
    assert colleague.push("main") == (0, "")
    assert colleague.call("policy", "sign", by="gao.feng").code == 1


def test_who_wrote_what_this_tool_cannot_read_is_not_told_that_it_waits(
    drafted: Office, colleague: Office
) -> None:
    """Nobody can sign it: what is wrong with it is all there is to say."""
    edited(drafted)
    drafted.qms("policy", "propose", by="gong.yi")
    drafted.edit("policy.yaml", "rulebook: 1", "rulebook: 99")

    answer = drafted.call("check")

    assert (answer.code, answer.findings) == (3, ("TOOL-OLD",)), answer
    assert "waits for" not in answer.out
    drafted.git("commit", "-q", "-am", "Careless")
    shared(drafted, colleague)
    answer = colleague.call("check")
    assert (answer.code, answer.findings) == (0, ())
    assert "policy 2 is proposed" in answer.out
    assert "it can't be signed as it is (policy.yaml TOOL-OLD)" in answer.out


def test_what_is_proposed_lets_nobody_sign_with_a_key_of_its_own(drafted: Office) -> None:
    """The hostile use: somebody's own key, entered for the head and signed by nobody."""
    row = key("fu.yi").public_text
    drafted.edit("people.yaml", row, key("mallory").public_text)
    drafted.qms("policy", "propose", by="gong.yi")
    drafted.qms("submit", NUMBER, by="gong.yi")

    answer = drafted.call("sign", NUMBER, by="mallory")

    assert (answer.code, answer.findings) == (1, ("KEY-UNKNOWN",))
    answer = drafted.call("policy", "propose", by="mallory")
    assert answer.findings == ("POLICY-PROPOSED-ALREADY",)


def asked(office: Office, answer: str, lang: str) -> tuple[int, str]:
    """Exit code and words of `qms policy sign` at a terminal where somebody types `answer`."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-P", "-c", PROGRAM, "--lang", lang, "--key",
         str(office.key("gao.feng")), "policy", "sign"],
        cwd=office.folder, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**os.environ, "QMS_NOW": office.now.isoformat(timespec="seconds")},
        encoding="utf-8",
    ) as process:  # fmt: skip
        os.write(ours, f"{answer}\n".encode())
        out, _ = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    return process.returncode, out


def test_who_signs_a_policy_is_asked_first(lx: Office) -> None:
    edited(lx)
    head = lx.git("rev-parse", "HEAD")
    answer = lx.finish("policy", "sign", by="gao.feng")
    assert (answer.code, answer.findings) == (2, ("USAGE",))
    assert "held by Gong Yi" in answer.out
    assert "add --yes" in answer.err
    lx.qms("policy", "sign", "--dry-run", by="gao.feng")

    code, out = asked(lx, "n", "zh")
    assert (code, lx.git("rev-parse", "HEAD")) == (1, head)
    assert "签署以上内容？" in out
    assert "未签署，未写入" in out
    code, out = asked(lx, "y", "en")
    assert code == 0, out
    assert lx.git("rev-parse", "HEAD") != head


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("people.yaml", "{person: wen.kong}", "{person: wen.kong, to: 2027-01-31}",
         ("文孔 的任期由不限改为（原有 至 2027-01-31）", "Wen Kong holds it to 2027-01-31")),
        ("qms.yaml", "level: 1", "level: 2",
         ("类别 手册（manual）：层级由 1 改为 2", "class Manual (manual): level 1 → 2")),
        ("policy.yaml", "need: 2", "need: 3",
         ("由谁签署策略由", "who signs policies 2 of")),
        ("qms.yaml", 'timezone: "+08:00"', 'timezone: "+09:00"',
         ("时区由 UTC+08:00 改为 UTC+09:00", "timezone UTC+08:00 → UTC+09:00")),
    ],
)  # fmt: skip
def test_what_changes_is_said_in_words(
    lx: Office, file: str, old: str, new: str, said: tuple[str, str]
) -> None:
    lx.edit(file, old, new)

    for lang, words in zip(("zh", "en"), said, strict=True):
        answer = lx.call("policy", "sign", "--dry-run", by="gao.feng", lang=lang)
        assert answer.code == 0, answer
        assert words in answer.out


def test_whose_signatures_lose_their_effect_is_said(submitted: Office) -> None:
    held = f'"{key("gong.yi").public_text}", assurance: file'
    submitted.edit("people.yaml", held, f"{held}, void: true")

    told = submitted.qms("policy", "sign", by="gao.feng")

    assert f"key {key('gong.yi').public.fingerprint} is void: it signs no more" in told
    assert "What has no effect under this policy:" in told
    assert "LX-WI-01 A/0: the signature of Gong Yi (to be submitted again)" in told
