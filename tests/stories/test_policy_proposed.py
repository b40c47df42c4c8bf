"""US-07: the next policy is proposed, told in words, asked for; until signed it is nothing."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from qms.testing.keys import key
from qms.testing.office import PROGRAM, Office
from qms.testing.published import pages

NUMBER = "LX-WI-01"
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="45" viewBox="0 0 90 45">'
    '<path d="M5 40 L25 5 L45 40 Z" fill="#1f5f3f"/></svg>'
)


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
    ("typed", "lang", "code"),
    [("也许\n是", "zh", 0), ("maybe\nyes", "en", 0), ("否", "zh", 1), ("Ｙ", "zh", 0),
     ("", "zh", 1)],
)  # fmt: skip
def test_the_question_is_answered_in_its_own_language(
    lx: Office, typed: str, lang: str, code: int
) -> None:
    edited(lx)

    done, out = asked(lx, typed, lang)

    assert done == code, out
    assert ("签署以上内容？ [是/否" in out) is (lang == "zh")
    again = {"zh": "请回答 是 或 否", "en": "Please answer yes or no"}[lang]
    assert (again in out) is ("\n" in typed)
    assert "invalid input" not in out


def test_only_what_says_something_is_shown(lx: Office) -> None:
    lx.write("look.yaml", 'colours: {headings: "#1f5f3f"}\n')
    for keeper in ("gao.feng", "guan.ning"):
        lx.qms("policy", "sign", by=keeper)
    lx.edit("look.yaml", "1f5f3f", "7a1f1f")
    told = lx.qms("policy", "propose", by="gong.yi")
    assert "Proposing policy 3; against version 2:" in told
    assert "look.yaml is another one" in told
    assert "a/policy.yaml" not in told
    assert "sha256" not in told
    assert "Proposing" in told.split("\n")[0]
    told = lx.qms("policy", "sign", "--dry-run", by="gao.feng")
    assert "a proposal, yours or somebody else's" in told
    assert "-colours" in told
    lx.edit("policy.yaml", "need: 2", "need: 3")
    told = lx.qms("policy", "sign", "--dry-run", by="gao.feng")
    assert "+quorum: {role: policy-keeper, need: 3}" in told
    lx.write("people.yaml", lx.text("people.yaml") + "\n")
    assert "b/people.yaml" in lx.qms("policy", "sign", "--dry-run", by="gao.feng")


def test_what_waits_for_others_is_no_task_of_mine(drafted: Office, colleague: Office) -> None:
    """Until it is shared it is; and nobody waits for whose keys are void."""
    held = f'"{key("ye.wu").public_text}", assurance: file'
    drafted.edit("people.yaml", held, f"{held}, void: true")
    for keeper in ("gao.feng", "guan.ning"):
        drafted.qms("policy", "sign", by=keeper)
    drafted.qms("sync")
    edited(drafted)
    told = drafted.qms("policy", "sign", by="gao.feng")
    assert "1 more must sign (Guan Ning)" in told
    row = next(one for one in drafted.qms("todo", by="gao.feng").split("\n") if "policy" in one)
    assert "people.yaml, qms.yaml" in row
    assert row.rstrip().endswith("qms sync")
    drafted.qms("sync")
    assert "policy" not in drafted.qms("todo", by="gao.feng")
    assert "1 to sign (Guan Ning)" in drafted.qms("check")
    colleague.now = drafted.now
    colleague.qms("sync")
    assert "qms policy sign" in colleague.qms("todo", by="guan.ning")


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


def test_a_look_is_proposed_with_all_that_it_is_made_of(drafted: Office, colleague: Office) -> None:
    """Issue 12: only policy.yaml went to the keepers, who then had nothing to sign."""
    for colour in ("1f5f3f", "7a1f1f"):
        drafted.write("look.yaml", f'colours: {{headings: "#{colour}"}}\nlogo: look/logo.svg\n')
        drafted.write("look/logo.svg", LOGO.replace("1f5f3f", colour))
        assert "not proposed, so not shared: look.yaml, look/logo.svg" in drafted.qms("sync")
        drafted.qms("policy", "propose", by="gong.yi")
        assert drafted.status == ""
        assert "not proposed" not in drafted.qms("sync")
        colleague.now = drafted.now

        colleague.qms("sync")
        assert "POLICY-FILE" not in colleague.call("check", "--all").findings
        assert "look.yaml, look/logo.svg" in colleague.qms("todo", by="ye.wu")
        for keeper in ("gao.feng", "guan.ning"):
            colleague.qms("policy", "sign", by=keeper)
        colleague.qms("sync")
        assert "policy" not in colleague.qms("todo", by="ye.wu")
        drafted.now = colleague.now
        drafted.qms("sync")
        assert (drafted.call("verify").findings, drafted.status) == ((), "")


def test_what_is_proposed_of_a_look_is_on_no_page(drafted: Office) -> None:
    """The hostile use: a look that nobody signed, on the trunk as a proposal."""
    drafted.write("look.yaml", "wording: {foot: {zh: 翻印必究, en: All rights reserved}}\n")
    for keeper in ("gao.feng", "guan.ning"):
        drafted.qms("policy", "sign", by=keeper)
    drafted.qms("submit", NUMBER, by="gong.yi")
    drafted.qms("sign", NUMBER, by="fu.yi")
    drafted.qms("release", NUMBER, by="wen.kong")
    drafted.edit("look.yaml", "翻印必究", "随意复制")
    drafted.qms("policy", "propose", by="gong.yi")

    out = drafted.folder.parent / "out"
    drafted.qms("publish", "--unsigned", "--out", str(out), by="wen.kong")

    said = "\n".join(pages(out / "work-instruction" / f"{NUMBER}_A-0_uncontrolled.pdf"))
    assert "翻印必究" in said
    assert "随意复制" not in said
    drafted.edit("look.yaml", "随意复制", "再次改动")
    drafted.git("commit", "-q", "-am", "Not as it was proposed")
    assert drafted.call("check").findings == ("POLICY-FILE",)


def test_what_machines_go_by_is_for_a_keeper_to_bring(drafted: Office) -> None:
    drafted.write(".gitlab-ci.yml", "run: anything\n")
    head = drafted.git("rev-parse", "HEAD")

    for lang in ("en", "zh"):
        answer = drafted.call("policy", "propose", by="gong.yi", lang=lang)
        assert (answer.code, answer.findings) == (1, ("POLICY-KEEPERS-ONLY",))
        assert "qms policy sign" in answer.err
    assert drafted.git("rev-parse", "HEAD") == head
    drafted.qms("policy", "sign", by="gao.feng")
