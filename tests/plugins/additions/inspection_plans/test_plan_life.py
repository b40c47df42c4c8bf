"""Three people live a plan through: it goes round, is sent back, goes round again, is filed.

The plugin is somebody else's and uses `qms.api` alone.
"""

import json
import re
from pathlib import Path

import pytest

from qms.formats.digests import sha256
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
    REFUSED,
    RULES,
    TOOLS,
    YEAR,
    slots_of,
)
from qms.testing.keys import key
from qms.testing.office import Office
from qms.testing.outsiders import SIGNERS, admit, install, runner
from qms.testing.read_pdf import text_of


def test_three_people_live_a_plan_through(draft: Office, folder: Path) -> None:
    """Written, sent round, refused, mended, sent round again, checked, passed, filed."""
    qms = runner(draft, folder)
    assert qms("check").findings == ()
    assert f"qms submit {NUMBER}" in qms("todo", by=AUTHOR).out
    assert qms("submit", NUMBER, by=AUTHOR).code == 0
    assert sha256(PICTURE) in draft.text(OPEN)
    assert f"qms sign {NUMBER}" in qms("todo", by=HEAD).out
    assert qms("todo", by=EXPERT).out.count(NUMBER) == 0

    refused = qms("reject", NUMBER, "--reason", "五件太少", by=HEAD)
    assert refused.code == 0, refused
    assert REFUSED in refused.out
    assert f"qms submit {NUMBER}" in qms("todo", by=AUTHOR).out
    draft.edit(OPEN, "每批五件", "每批八件")
    draft.edit(OPEN, "sample: 5", "sample: 8")
    for command, person in (("submit", AUTHOR), ("sign", HEAD), ("sign", EXPERT)):
        answer = qms(command, NUMBER, by=person)
        assert answer.code == 0, answer

    assert not (draft.folder / OPEN).exists()
    assert draft.text(FILED).count('"round":2') == 3
    assert qms("check", "--all").findings == ()
    verified = qms("verify", "--explain", NUMBER)
    assert (verified.code, verified.findings) == (0, ())
    assert verified.out.count("BEGIN SSH SIGNATURE") == 5
    assert "0 released revisions, 1 filed text, " in verified.out
    assert draft.status == ""


PLATE = b'<svg xmlns="http://www.w3.org/2000/svg" width="30" height="30"/>\n'


def test_pictures_that_a_text_shows_are_listed_when_it_is_sent(draft: Office, folder: Path) -> None:
    """Whether its head has a list or not: whoever signs a text signs the pictures that it shows."""
    qms = runner(draft, folder)
    draft.write("assets/plate.svg", PLATE)
    draft.edit(
        OPEN, "![轴](assets/shaft.svg)", "![轴](assets/shaft.svg)\n\n![板](assets/plate.svg)"
    )
    assert qms("check").findings == ()
    assert qms("submit", NUMBER, by=AUTHOR).code == 0
    for picture in (PICTURE, PLATE):
        assert sha256(picture) in draft.text(OPEN)
    for person in (HEAD, EXPERT):
        assert qms("sign", NUMBER, by=person).code == 0
    assert qms("publish", by="wen.kong").code == 0
    assert qms("verify").findings == ()


def test_a_text_without_a_list_gets_one(draft: Office, folder: Path) -> None:
    qms, lines = runner(draft, folder), draft.text(OPEN).split("\n")
    draft.write(OPEN, "\n".join(one for one in lines if not one.startswith("assets:")).encode())
    assert qms("check").findings == ()
    assert qms("submit", NUMBER, by=AUTHOR).code == 0
    assert sha256(PICTURE) in draft.text(OPEN)


@pytest.mark.parametrize(
    ("shown", "code"),
    [
        ("![板](assets/none.svg)", "ASSET-UNLISTED"),
        ("![板](pictures/plate.svg)", "ASSET-UNLISTED"),
        ("![板](https://acme.example/a.svg)", "URL-FORBIDDEN"),
    ],
)
def test_a_picture_that_could_not_be_printed_is_told_before_anybody_signs(
    draft: Office, folder: Path, shown: str, code: str
) -> None:
    qms = runner(draft, folder)
    draft.edit(OPEN, "![轴](assets/shaft.svg)", f"![轴](assets/shaft.svg)\n\n{shown}")
    assert qms("check").findings == (code,)
    answer = qms("submit", NUMBER, by=AUTHOR)
    assert (answer.code, answer.findings) == (1, (code,)), answer
    draft.git("add", "-A")
    draft.git("commit", "-qm", "draft")
    assert qms("check", "--step", "HEAD~1", "HEAD").findings == (code,)


def test_show_history_and_list_take_it(filed: Office, folder: Path) -> None:
    qms = runner(filed, folder)
    (shown,) = json.loads(qms("show", NUMBER, "--json").out)["revisions"]
    assert (shown["kind"], shown["path"], shown["head"]["sample"]) == (
        "inspection-plan", FILED, "5",
    )  # fmt: skip
    assert [one["act"] for one in shown["slots"]] == ["draw-up", "check-plan", "pass-plan"]
    assert "filed" in qms("show", NUMBER).out
    told = json.loads(qms("history", NUMBER, "--json").out)["signatures"]
    assert [one["person"] for one in told] == [AUTHOR, HEAD, EXPERT]
    rows = json.loads(qms("list", "--kind", "inspection-plan", "--json").out)["texts"]
    assert [(one["number"], one["status_word"]) for one in rows] == [(NUMBER, "filed")]


def test_who_goes_round_is_shown_with_who_waits(going: Office, folder: Path) -> None:
    (shown,) = json.loads(runner(going, folder)("show", NUMBER, "--json").out)["revisions"]
    assert shown["status"] == "in-review"
    assert shown["waiting"] == [{"step": "2", "act": "check-plan", "persons": [HEAD]}]


def test_a_rule_of_the_plugin_sees_what_is_filed(draft: Office, folder: Path) -> None:
    qms = runner(draft, folder)
    draft.edit(OPEN, "sample: 5", "sample: 2")
    for command, person in (("submit", AUTHOR), ("sign", HEAD), ("sign", EXPERT)):
        assert qms(command, NUMBER, by=person).code == 0
    assert qms("verify").findings == ("PLAN-SAMPLE",)


@pytest.mark.parametrize(
    ("command", "person", "code"),
    [
        (("sign", NUMBER), EXPERT, "NOT-YOUR-TURN"),  # reordered steps
        (("sign", NUMBER), "ye.wu", "NOT-YOUR-TURN"),  # another person's step
        (("sign", NUMBER), AUTHOR, "SIGNED-ALREADY"),
        (("reject", NUMBER, "--reason", "x"), "ye.wu", "NOT-YOUR-TURN"),
        (("reject", NUMBER, "--reason", " "), HEAD, "REASON-MISSING"),
        (("submit", NUMBER), AUTHOR, "SUBMITTED"),
        (("submit", NUMBER), HEAD, "NOT-YOUR-TURN"),
    ],
)
def test_what_is_not_theirs_is_refused(
    going: Office, folder: Path, command: tuple[str, ...], person: str, code: str
) -> None:
    before = going.git("rev-parse", "HEAD")
    answer = runner(going, folder)(*command, by=person)
    assert (answer.code, answer.findings) == (1, (code,)), answer
    assert going.git("rev-parse", "HEAD") == before


@pytest.mark.parametrize("command", [("sign", NUMBER), ("submit", NUMBER),
                                     ("reject", NUMBER, "--reason", "late")])  # fmt: skip
def test_what_is_filed_is_closed(filed: Office, folder: Path, command: tuple[str, ...]) -> None:
    """Attack: a second close."""
    answer = runner(filed, folder)(*command, by=EXPERT)
    assert (answer.code, answer.findings) == (1, ("FILED-ALREADY",)), answer
    assert f"{NUMBER} is filed already" in answer.err  # a text without revision is its number


def test_a_text_that_was_edited_is_not_signed(going: Office, folder: Path) -> None:
    going.edit(OPEN, "每批五件", "每批两件")
    qms = runner(going, folder)
    assert qms("sign", NUMBER, by=HEAD).findings == ("WORKTREE-DIFFERS",)
    assert qms("check").findings == ("APPROVAL-MISMATCH",)


def test_of_two_plans_with_one_number_one_is_named_by_its_path(draft: Office, folder: Path) -> None:
    qms = runner(draft, folder)
    older = OPEN.replace(YEAR, "2025")
    draft.write(older, DRAFT.replace(f'year: "{YEAR}"', 'year: "2025"'))
    assert qms("submit", NUMBER, by=AUTHOR).findings == ("TEXT-UNCLEAR",)
    assert qms("submit", older, by=AUTHOR).code == 0
    assert older in qms("todo", by=HEAD).out


def server_of(office: Office, place: Path) -> Path:
    """A shared repository of the office; its gate is tried by `check --step`."""
    folder = place / "server.git"
    office.git("init", "-q", "--bare", "-b", "main", str(folder))
    office.git("remote", "add", "origin", str(folder))
    office.git("push", "-q", "-u", "origin", "main")
    return folder


def test_two_who_sign_at_once_are_united(going: Office, folder: Path, tmp_path: Path) -> None:
    """One refuses what the other has just checked elsewhere: both signatures stay."""
    server = server_of(going, tmp_path)
    other = going.clone(server, tmp_path / "other")
    assert runner(going, folder)("sign", NUMBER, by=HEAD).code == 0
    assert runner(going, folder)("sync", by=HEAD).code == 0
    runner(other, folder)("reject", NUMBER, "--reason", "mine", by=HEAD)
    answer = runner(other, folder)("sync", by=HEAD)
    assert answer.code == 0, answer
    assert runner(other, folder)("check", "--all").findings == ()
    assert {one.act for one in slots_of(other, OPEN)} == {"draw-up", "check-plan", "refuse-plan"}


def test_what_was_filed_elsewhere_goes_round_no_more(
    going: Office, folder: Path, tmp_path: Path
) -> None:
    """One passes it on a clone while another refuses it here: it is filed, and told."""
    qms = runner(going, folder)
    assert qms("sign", NUMBER, by=HEAD).code == 0
    server = server_of(going, tmp_path)
    other = going.clone(server, tmp_path / "other")
    assert qms("sign", NUMBER, by=EXPERT).code == 0
    assert qms("sync", by=EXPERT).code == 0
    alone = ("publish", NUMBER, "--unsigned", "--out", str(tmp_path / "alone"))
    assert qms(*alone).code == 0  # kept on this machine, and not what is printed below
    assert runner(other, folder)("sign", NUMBER, by="zhi.jian").code == 0
    answer = runner(other, folder)("sync", by="zhi.jian")
    assert answer.code == 0, answer
    assert not (other.folder / OPEN).exists()
    verified = runner(other, folder)("verify")
    assert (verified.code, verified.findings) == (0, ("TEXT-TWICE",))
    for person in (EXPERT, "zhi.jian"):
        told = runner(other, folder)("todo", by=person).out
        line = f"{NUMBER}: Fu Yi, Zhi Jian acted on it apart (TEXT-TWICE), see qms check --all"
        assert line in told, told
    assert "TEXT-TWICE" not in runner(other, folder)("todo", by=AUTHOR).out
    assert "nothing has to be done" in runner(other, folder)("check", "--all").out
    answer = runner(other, folder)("publish", NUMBER, "--unsigned", "--out", str(tmp_path / "out"))
    assert (answer.code, answer.findings) == (0, ()), answer
    names = sorted(one.name for one in (tmp_path / "out" / "inspection-plans").iterdir())
    assert len(names) == 2
    assert all(re.fullmatch(rf"{NUMBER}_1\.[0-9a-f]{{16}}_uncontrolled\.pdf", one) for one in names)
    for name in names:
        filing = name.removeprefix(f"{NUMBER}_1.").partition("_")[0]
        pages = text_of((tmp_path / "out" / "inspection-plans" / name).read_bytes()).split("\f")[
            :-1
        ]
        assert all(filing in page for page in pages)  # each page says which of them it is
        assert ("归档标识" in pages[0], "版本" in pages[0]) == (True, False)
    unclear = runner(other, folder)("show", NUMBER)
    twins = other.git("ls-files", "records/plans").split("\n")
    assert (unclear.code, unclear.findings) == (1, ("TEXT-UNCLEAR",))
    assert f"may mean several texts: {', '.join(reversed(twins))}" in unclear.err or (
        f"may mean several texts: {', '.join(twins)}" in unclear.err
    ), unclear
    signers: set[str] = set()
    for path in twins:  # as the mend says
        shown = runner(other, folder)("show", path)
        assert (shown.code, shown.findings) == (0, ()), shown
        assert f"File: {path}" in shown.out
        told = json.loads(runner(other, folder)("history", path, "--json").out)["signatures"]
        signers.update(one["person"] for one in told if one["act"] == "pass-plan")
        assert runner(other, folder)("preview", path).findings == ("PREVIEW-NONE",)
    assert signers == {EXPERT, "zhi.jian"}
    listed = json.loads(runner(other, folder)("list", "--kind", "inspection-plan", "--json").out)
    assert sorted(one["path"] for one in listed["texts"]) == sorted(twins)


def test_what_two_filed_is_history_once_a_later_edition_is_filed(
    lx: Office, tmp_path: Path
) -> None:
    """`todo` says of an edition that two passed it, and nothing of it behind the next one."""
    plugin = install(
        tmp_path / "plans", "acme-plans", "1.0", {"qms.rules": "plans = plan_rules"},
        plan_rules=RULES.replace("{year}", "{edition}"),
    )  # fmt: skip
    (plugin / "plan_codes.toml").write_text(CODES, encoding="utf-8")
    admit(lx, plugin, "plans", *SIGNERS)
    lx.write("assets/shaft.svg", PICTURE)
    first, second = (OPEN.replace(YEAR, edition) for edition in ("1", "2"))
    lx.write(first, DRAFT.replace(f'year: "{YEAR}"', 'edition: "1"'))
    qms = runner(lx, plugin)
    for command, person in (("submit", AUTHOR), ("sign", HEAD)):
        assert qms(command, first, by=person).code == 0
    other = lx.clone(server_of(lx, tmp_path), tmp_path / "other")
    assert qms("sign", first, by=EXPERT).code == 0
    assert qms("sync", by=EXPERT).code == 0
    theirs = runner(other, plugin)
    assert theirs("sign", first, by="zhi.jian").code == 0
    assert theirs("sync", by="zhi.jian").code == 0
    line = f"{NUMBER} 1: Fu Yi, Zhi Jian acted on it apart (TEXT-TWICE)"
    assert line in theirs("todo", by=EXPERT).out

    other.write(second, DRAFT.replace(f'year: "{YEAR}"', 'edition: "2"'))
    for command, person in (("submit", AUTHOR), ("sign", HEAD), ("sign", EXPERT)):
        answer = theirs(command, second, by=person)
        assert answer.code == 0, answer

    assert "TEXT-TWICE" not in theirs("todo", by=EXPERT).out
    assert theirs("check", "--all").findings == ("TEXT-TWICE",)


def test_one_refuses_what_another_passes(going: Office, folder: Path, tmp_path: Path) -> None:
    """Nothing tells which came first: it is filed, has no effect, and goes round no more."""
    qms = runner(going, folder)
    assert qms("sign", NUMBER, by=HEAD).code == 0
    server = server_of(going, tmp_path)
    other = going.clone(server, tmp_path / "other")
    theirs = runner(other, folder)
    assert theirs("reject", NUMBER, "--reason", "无此量具", by="zhi.jian").code == 0
    assert theirs("sync", by="zhi.jian").code == 0
    assert qms("sign", NUMBER, by=EXPERT).code == 0

    answer = qms("sync", by=EXPERT)

    assert "TEXT-REJECTED" in answer.findings
    assert not (going.folder / OPEN).exists()
    assert qms("check", "--all").findings == ("TEXT-REJECTED",)
    for person in (EXPERT, "zhi.jian"):
        assert "acted on it apart (TEXT-REJECTED)" in qms("todo", by=person).out
    assert "TEXT-REJECTED" not in qms("todo", by=HEAD).out
    (shown,) = json.loads(qms("show", NUMBER, "--json").out)["revisions"]
    assert shown["status"] == "void"
    (refusal,) = shown["rejections"]
    assert (refusal["person"], refusal["step"], refusal["reason"]) == ("zhi.jian", "3", "无此量具")
    (row,) = [line for line in qms("show", NUMBER).out.splitlines() if "无此量具" in line]
    assert "支健" in row or "Zhi Jian" in row
    for words in (
        ("settle", NUMBER), ("annul", NUMBER, "1", "--reason", "x"), ("preview", NUMBER),
    ):  # fmt: skip
        refused = qms(*words, by=EXPERT)
        assert (refused.code, refused.findings) == (1, ("NO-DOCUMENT",)), refused
        assert f"`qms show {NUMBER}`" in refused.err


def test_a_text_that_was_edited_elsewhere_is_laid_aside(
    going: Office, folder: Path, tmp_path: Path
) -> None:
    """Mine gives way to what others have signed; nothing of it is lost."""
    server = server_of(going, tmp_path)
    other = going.clone(server, tmp_path / "other")
    qms = runner(going, folder)
    assert qms("sign", NUMBER, by=HEAD).code == 0
    assert qms("sync", by=HEAD).code == 0
    other.edit(OPEN, "每批五件", "每批八件")
    other.git("commit", "-qam", "Mend it")
    answer = runner(other, folder)("sync", by=AUTHOR)
    assert "SYNC-EDITED-TWICE" in answer.findings
    assert other.text(OPEN) == going.text(OPEN)
    aside = [one for one in other.folder.rglob("*.mine*") if ".git" not in one.parts]
    assert ["每批八件" in one.read_text(encoding="utf-8") for one in aside] == [True]


def test_a_key_that_a_policy_voids_ends_the_round(going: Office, folder: Path) -> None:
    """The policy came from a branch that had not seen who signed: nobody signs in vain."""
    qms = runner(going, folder)
    going.git("checkout", "-q", "-b", "work")
    assert qms("sign", NUMBER, by=HEAD).code == 0
    going.git("checkout", "-q", "main")
    found = re.search(
        rf"- \{{id: {re.escape(HEAD)},.*?keys: \[\{{([^}}]*)\}}\]", going.text("people.yaml")
    )
    assert found is not None
    new = key("another").public.text
    going.edit(
        "people.yaml", f"keys: [{{{found[1]}}}]",
        f'keys: [{{{found[1]}, void: true}}, {{key: "{new}", assurance: file}}]',
    )  # fmt: skip
    for signer in SIGNERS:
        assert qms("policy", "sign", by=signer).code == 0
    going.git("merge", "-q", "--no-edit", "work")

    assert qms("check", "--all").findings == ("APPROVAL-OUTDATED",)
    assert qms("sign", NUMBER, by=EXPERT).findings == ("ROUND-OUTDATED",)
    assert f"qms reject {NUMBER}" in qms("todo", by=EXPERT).out


def test_a_policy_that_asks_for_another_signature_announces_it(going: Office, folder: Path) -> None:
    """As of documents: before it is signed, and not when the plan doesn't go on."""
    qms = runner(going, folder)
    assert qms("sign", NUMBER, by=HEAD).code == 0
    going.edit("people.yaml", "head: ji.shu, in_charge: fu.yi", "head: ye.wu, in_charge: fu.yi")

    told = qms("policy", "sign", by=SIGNERS[0])

    assert told.code == 0, told
    said = "step 2 (check plan): the signature of Ji Shu counts no more, to be signed by "
    assert f"{NUMBER}: {said}" in " ".join(told.out.split())
    assert qms("policy", "sign", by=SIGNERS[1]).code == 0
    assert NUMBER in qms("todo", by="ye.wu").out


def test_no_document_is_given_the_number_of_a_plan(draft: Office, folder: Path) -> None:
    """DC-02: also of a draft that was taken away again."""
    qms = runner(draft, folder)
    draft.write(OPEN.replace(NUMBER, "LX-JS-01"), DRAFT.replace(NUMBER, "LX-JS-01"))
    draft.write(OPEN.replace(NUMBER, "LX-JS-02"), DRAFT.replace(NUMBER, "LX-JS-02"))
    draft.git("add", OPEN.replace(NUMBER, "LX-JS-01"))
    draft.git("commit", "-qm", "Begin")
    draft.git("rm", "-q", OPEN.replace(NUMBER, "LX-JS-01"))
    draft.git("commit", "-qm", "Think better of it")

    assert "LX-JS-03" in qms("new", "technical-document", "--title", "工艺", by=AUTHOR).out


def test_the_plugin_is_small() -> None:
    """US-05: what a company adds is a page of code."""
    assert len((RULES + TOOLS).splitlines()) <= 120


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_lies_too_deep_is_told_once_with_what_to_do(
    begun: Office, folder: Path, tmp_path: Path, lang: str
) -> None:
    """It was called a sign that stands nowhere in the file; `show` and `submit` said so twice."""
    office = begun.copy(tmp_path)
    office.write(OPEN, DRAFT.replace("status: draft", f"note: {'[' * 9}{']' * 9}\nstatus: draft"))
    line = office.text(OPEN).split("\n").index(f"note: {'[' * 9}{']' * 9}") + 1
    for words in (("show", NUMBER), ("submit", NUMBER), ("check",)):
        answer = runner(office, folder)("--lang", lang, *words, by=AUTHOR)
        assert (answer.code, answer.findings) == (1, ("YAML-DEEP",)), answer
        said = answer.out + answer.err
        assert said.count(f"{OPEN}:{line}: ") == 1, said
        assert "8" in said
        assert "`title" not in said
