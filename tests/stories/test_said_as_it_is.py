"""What commands say of a state is what the judgement does with it, in the words of the reader."""

import json
import re
from pathlib import Path

import pytest

from qms.testing import DocsRepo
from qms.testing.keys import key
from qms.testing.office import Office
from qms.testing.ruled import SHEET, issued_by

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"
LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh"])


@LANGUAGES
def test_an_edited_published_text_is_not_to_be_committed(
    released: Office, tmp_path: Path, lang: str
) -> None:
    """`sync` advised a commit that no gate takes."""
    released.shared(tmp_path / "shared")
    released.edit(TEXT, "\n## ", "\n改。\n\n## ")

    told = released.call("sync", by="gong.yi", lang=lang).out

    assert f"qms revise {NUMBER}" in told
    assert f"qms restore {NUMBER}" in told
    assert "git add" not in told
    released.qms("revise", NUMBER, "--summary", "改", by="gong.yi")
    told = released.call("sync", by="gong.yi", lang=lang).out
    assert "git add -A" in told
    assert "restore" not in told


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> DocsRepo:
    """LX-WI-01 A/0, three copies of it issued, received and one recalled."""
    repo = issued_by(tmp_path_factory.mktemp("handed-out"), "wang.wu")
    for copy in ("001", "002", "003"):
        repo.issue(SHEET, copy, "li.si")
        repo.receive(SHEET, copy, "li.si")
    return repo


def test_acts_are_named_in_chinese_in_chinese_lists(handed_out: DocsRepo) -> None:
    for words in (("annul", SHEET, "001", "--reason", "误发"), ("settle", SHEET)):
        told = handed_out.qms("--lang", "zh", *words, by="li.si").err
        assert not re.search(r"\b(issue|receive)\b", told), told
        assert "发放" in told


def test_who_names_nothing_is_shown_a_few_entries_and_where_the_others_are(
    handed_out: DocsRepo,
) -> None:
    """RULING-NONE and ENTRY-UNCLEAR poured out all acts of all copies."""
    for words in (("settle", SHEET), ("annul", SHEET, "zzzz", "--reason", "误发")):
        told = handed_out.qms(*words, by="li.si").err
        assert len(re.findall(r"[0-9a-f]{16} ", told)) == 5
        assert f"2 more (qms history {SHEET} --json)" in told


def without_key(office: Office, person: str) -> None:
    """The leaver's key is marked void in people.yaml; nobody signed that yet."""
    held = f'"{key(person).public_text}", assurance: file'
    office.edit("people.yaml", held, f"{held}, void: true")


def filed(office: Office) -> None:
    for keeper in ("gao.feng", "guan.ning"):
        office.qms("policy", "sign", by=keeper)


LOST = "What has no effect under this policy:"


def test_what_a_leaver_signed_before_stands_and_nobody_announces_otherwise(
    submitted: Office,
) -> None:
    """It was said that his texts had to be submitted again; they were signed on and released."""
    without_key(submitted, "gong.yi")

    told = submitted.qms("policy", "sign", by="gao.feng")

    assert "is void: it signs no more" in told
    assert LOST not in told
    submitted.qms("policy", "sign", by="guan.ning")
    submitted.qms("sign", NUMBER, by="fu.yi")
    submitted.qms("release", NUMBER, by="wen.kong")
    assert submitted.call("check", "--all").findings == ()


@LANGUAGES
def test_a_step_that_is_to_be_signed_again_is_announced_asked_and_shown(
    submitted: Office, lang: str
) -> None:
    """Who is in charge changed after he approved: `show` said approved, and waits to approve."""
    submitted.qms("sign", NUMBER, by="fu.yi")
    submitted.edit(
        "people.yaml", "head: ji.shu, in_charge: fu.yi", "head: ji.shu, in_charge: guan.ning"
    )

    told = submitted.call("policy", "sign", by="gao.feng", lang=lang).out

    zh = f"{NUMBER} A/0：第 2 步（批准）傅毅 的签署不再计入，须由 管宁 签署"
    en = f"{NUMBER} A/0: step 2 (approve): the signature of Fu Yi counts no more, "
    assert (zh if lang == "zh" else en) in told
    submitted.qms("policy", "sign", by="guan.ning")
    assert "approve" in submitted.qms("todo", by="guan.ning")
    status, other = ("审批中", "已批准") if lang == "zh" else ("in review", "approved")
    for words in (("list",), ("show", NUMBER)):
        shown = submitted.call(*words, lang=lang).out
        assert status in shown
        assert other not in shown.partition("\n\n")[0]


def test_an_approval_that_a_policy_had_not_seen_is_announced_and_leaves_nothing_approved(
    submitted: Office, tmp_path: Path
) -> None:
    """A dead round said approved, while `todo` asked to reject it."""
    other = submitted.clone(submitted.shared(tmp_path / "shared"), tmp_path / "other" / "docs")
    other.later(hours=1)
    submitted.qms("sign", NUMBER, by="fu.yi")
    for office in (submitted, other):
        without_key(office, "fu.yi")
        office.edit(
            "people.yaml", "head: ji.shu, in_charge: fu.yi", "head: ji.shu, in_charge: ye.wu"
        )
    told = submitted.qms("policy", "sign", "--dry-run", by="gao.feng")
    assert f"{NUMBER} A/0: the signature of Fu Yi isn't shared" in told
    assert LOST not in other.qms("policy", "sign", "--dry-run", by="gao.feng")
    submitted.git("checkout", "-q", "--", ".")
    submitted.qms("sync")
    filed(other)
    other.qms("sync")
    submitted.later(hours=3)

    submitted.qms("sync")

    assert submitted.call("check", "--all").findings == ("APPROVAL-OUTDATED",)
    assert "reject" in submitted.qms("todo", by="ye.wu")
    shown = submitted.qms("show", NUMBER).partition("\n\n")[0]
    assert "Status: in review" in shown
    assert re.search(r"Waits for: .*\(reject\)", shown)
    assert "in review" in submitted.qms("list")


@LANGUAGES
def test_who_settles_a_double_release_sees_between_what(
    submitted: Office, tmp_path: Path, lang: str
) -> None:
    """RELEASED-TWICE named days without their releasers; `settle` signed without a word."""
    submitted.qms("sign", NUMBER, by="fu.yi")
    other = submitted.clone(submitted.shared(tmp_path / "shared"), tmp_path / "other" / "docs")
    submitted.qms("release", NUMBER, by="wen.kong")
    other.qms("release", NUMBER, "--effective", "+7", by="wen.kong")
    submitted.qms("sync")
    other.later(hours=1)
    other.qms("sync")

    told = other.call("check", "--all", lang=lang).out

    first, second = "2026-11-20", "2026-11-27"
    by = "文孔" if lang == "zh" else "Wen Kong"
    assert re.search(rf"{first} {by} \([0-9a-f]{{16}}\), {second} {by} \(", told)
    counts = re.search(rf"{first} {by} \(([0-9a-f]{{16}})\)( counts| 为准)", told)
    assert counts is not None
    assert f"`qms settle {NUMBER} --stands {counts[1]} --reason …`" in told
    words = ("settle", NUMBER, "--stands", counts[1], "--reason", "先发布")
    said = other.call(*words, by="fu.yi", lang=lang).out
    stands, out = ("以此为准", "作废") if lang == "zh" else ("stands", "ruled out")
    assert re.search(rf"{stands}\W+{counts[1]}.*{first}.*{by}", said)
    assert re.search(rf"{out}.*{second}.*{by}", said)
    assert said.index(stands) < said.index("Committed" if lang == "en" else "已提交")


def test_a_twin_that_was_ruled_out_was_never_superseded(submitted: Office, tmp_path: Path) -> None:
    """It never took effect, and the paper of its text is that of the filing that counts."""
    submitted.qms("sign", NUMBER, by="fu.yi")
    other = submitted.clone(submitted.shared(tmp_path / "shared"), tmp_path / "other" / "docs")
    submitted.qms("release", NUMBER, by="wen.kong")
    other.qms("release", NUMBER, "--effective", "+7", by="wen.kong")
    submitted.qms("sync")
    other.later(hours=1)
    other.qms("sync")
    told = re.search(r"`qms (settle .*) --reason …`", other.call("check", "--all").out)
    assert told is not None
    for by in ("fu.yi", "wen.kong"):
        other.qms(*told[1].split(), *(("--reason", "先发布") if by == "fu.yi" else ()), by=by)
    other.qms("issue", NUMBER, "--to", "technical", by="wen.kong")

    def listed() -> list[tuple[str, int]]:
        rows = json.loads(other.qms("lists", "obsolete-documents", "--json"))["rows"]
        return sorted((row["status"], row["copies"]) for row in rows)

    assert listed() == []  # of two filings of one text one was ruled out: the text is in force
    other.qms("revise", NUMBER, "--summary", "改", by="gong.yi")
    other.qms("submit", NUMBER, by="gong.yi")
    other.qms("sign", NUMBER, by="fu.yi")
    other.qms("release", NUMBER, by="wen.kong")
    assert listed() == [("superseded", 1)]
    rows = json.loads(other.qms("list", "--json"))["documents"]
    assert [row["older_copies_out"] for row in rows] == [1]


@pytest.mark.parametrize(
    ("leavers", "heir", "called"),
    [(("gong.yi",), "ji.shu", "Ji Shu"), (("gong.yi", "ji.shu"), "wen.kong", "Wen Kong")],
)
def test_a_leavers_text_that_is_sent_back_is_somebodys(
    submitted: Office, leavers: tuple[str, ...], heir: str, called: str
) -> None:
    """It was sent back to the leaver, and in nobody's list."""
    for person in leavers:
        without_key(submitted, person)
    filed(submitted)

    told = submitted.qms("reject", NUMBER, "--reason", "编制人离职", by="fu.yi")

    assert f"{called} finds it in qms todo" in told
    line = submitted.text(TEXT).split("\n").index("prepared_by: gong.yi") + 1
    is_able = heir == "ji.shu"  # who is to publish it can't prepare it
    command = f"qms submit {NUMBER}" if is_able else "qms sync"
    for lang, able, else_ in (
        ("en", "take over", "somebody else must"), ("zh", "接手", "请他人编制")
    ):  # fmt: skip
        row = submitted.call("todo", by=heir, lang=lang).out
        assert (able if is_able else else_) in row
        assert f"{TEXT}:{line} prepared_by" in row
        assert command in row
        (found,) = json.loads(submitted.call("todo", "--json", by=heir, lang=lang).out)["rows"]
        assert found["command"] == command
        assert found["edit"] == f"{TEXT}:{line} prepared_by"
    if is_able:
        submitted.edit(TEXT, "prepared_by: gong.yi", "prepared_by: ji.shu")
        assert "Edit first" not in submitted.qms("todo", by="ji.shu")
        submitted.qms("submit", NUMBER, by="ji.shu")
        assert NUMBER not in submitted.qms("todo", by="ji.shu")
        assert submitted.call("check", "--all").findings == ()


def test_a_revision_that_is_opened_again_goes_on_behind_its_rejected_rounds(
    released: Office,
) -> None:
    """check said ROUND, to be ended by taking the draft away, where submit goes on by itself."""
    released.qms("revise", NUMBER, "--summary", "改", by="gong.yi")
    released.edit(TEXT, "\n## ", "\n改。\n\n## ")
    released.qms("submit", NUMBER, by="gong.yi")
    released.qms("reject", NUMBER, "--reason", "不行", by="fu.yi")
    released.qms("restore", NUMBER, by="gong.yi")
    released.qms("revise", NUMBER, "--summary", "再改", by="gong.yi")
    released.edit(TEXT, "\n## ", "\n再改。\n\n## ")

    for words in (("check",), ("check", "--all")):
        assert released.call(*words).findings == (), words

    released.qms("submit", NUMBER, by="gong.yi")
    assert "不行" in released.qms("show", NUMBER, "A/1")
    assert released.call("check", "--all").findings == ()
