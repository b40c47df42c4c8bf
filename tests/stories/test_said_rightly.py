"""What stops people says all of it, and each way out that it names can be gone."""

import re
from pathlib import Path

import pytest

from qms.testing.office import Office

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"
LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh"])


def colleague(office: Office, tmp_path: Path) -> Office:
    """A clone of the office's shared repository, an hour later."""
    other = office.clone(office.shared(tmp_path / "shared"), tmp_path / "other" / "docs")
    other.later(hours=1)
    return other


def edited(office: Office, *edits: tuple[str, str]) -> None:
    """A committed edit of the draft, chapter by chapter."""
    for chapter, line in edits:
        office.edit(TEXT, f"{chapter}\n\n无", f"{chapter}\n\n{line}")
    office.git("commit", "-q", "-a", "-m", "Edit")


@LANGUAGES
def test_each_place_that_two_changed_is_named(drafted: Office, tmp_path: Path, lang: str) -> None:
    """SYNC-SAME-LINES: the first one was named, and after it was mended the next."""
    drafted.write("notes.txt", "a\n")
    drafted.git("add", "-A")
    drafted.git("commit", "-q", "-m", "Notes")
    other = colleague(drafted, tmp_path)
    for office, line in ((drafted, "甲"), (other, "乙")):
        edited(office, ("## 1 目的", line), ("## 4 工作程序", f"{line}\n{line}"))
        office.write("notes.txt", f"{line}\n")
        office.git("commit", "-q", "-a", "-m", "Notes")
    drafted.qms("sync")
    lines = other.text(TEXT).split("\n")
    first, second = (lines.index(one) + 3 for one in ("## 1 目的", "## 4 工作程序"))

    answer = other.call("sync", lang=lang)

    assert (answer.code, answer.findings) == (1, ("SYNC-SAME-LINES",)), answer
    assert f"{TEXT}:{first}, {second}" in answer.err
    assert "notes.txt:1" in answer.err


def test_a_text_that_was_laid_aside_is_in_nobodys_way(drafted: Office, tmp_path: Path) -> None:
    """`git add -A`, which `sync` itself advises, sent it to everybody."""
    other = colleague(drafted, tmp_path)
    for office, line in ((drafted, "甲"), (other, "乙")):
        edited(office, ("## 1 目的", line))
    drafted.qms("sync")

    other.qms("sync", "--theirs")

    assert "乙" in other.text("LX-WI-01.mine.md")
    assert other.status == ""
    other.git("add", "-A")
    assert other.status == ""
    assert other.call("check", "--all").findings == ()


@LANGUAGES
def test_two_policies_are_named_with_who_signed_them(lx: Office, tmp_path: Path, lang: str) -> None:
    other = colleague(lx, tmp_path)
    for office, title, by in ((lx, "营销副总经理", "gao.feng"), (other, "运营副总", "guan.ning")):
        office.edit("people.yaml", "经营副总经理", title)
        office.qms("policy", "sign", by=by)
    again = lx.call("policy", "sign", by="gao.feng", lang=lang)
    assert again.findings == ("AGREED-ALREADY",)
    assert "qms sync" in again.err
    assert "git push`" not in again.err
    lx.qms("sync")

    answer = other.call("sync", lang=lang)

    assert (answer.code, answer.findings) == (1, ("SYNC-POLICIES",)), answer
    names = ("管宁", "高峰") if lang == "zh" else ("Guan Ning", "Gao Feng")
    mine, theirs = (answer.err.index(name) for name in names)
    assert mine < theirs


@LANGUAGES
def test_a_revision_opened_by_mistake_is_dropped(released: Office, lang: str) -> None:
    """REVISION-OPEN named no way but on."""
    released.qms("revise", NUMBER, "--summary", "误", by="gong.yi")
    released.edit(TEXT, "\n## ", "\n改。\n\n## ")
    released.git("commit", "-q", "-a", "-m", "Draft")
    told = released.call("revise", NUMBER, "--summary", "又", by="gong.yi", lang=lang)
    assert told.findings == ("REVISION-OPEN",)
    command = re.search(r"`qms (restore [^`]+)`", told.err)
    assert command is not None

    answer = released.call(*command[1].split(), by="gong.yi", lang=lang)

    assert answer.code == 0, answer
    kept = re.search(r"(?:kept: |另存于：)(\S+)", answer.out)
    assert kept is not None
    assert "改。" in Path(kept[1]).read_text()
    assert "A/1" not in released.qms("list")
    assert released.status == ""
    assert released.call("check", "--all").findings == ()
    assert released.qms("todo", by="gong.yi") == "Gong Yi: nothing waits for you.\n"


@LANGUAGES
def test_a_revision_that_somebody_signed_is_not_dropped(released: Office, lang: str) -> None:
    released.qms("revise", NUMBER, "--summary", "误", by="gong.yi")
    released.edit(TEXT, "\n## ", "\n改。\n\n## ")
    released.qms("submit", NUMBER, by="gong.yi")
    before = released.git("rev-parse", "HEAD")
    submitted = released.text(TEXT)
    released.write(TEXT, re.sub(r"approvals:\n(?:  .*\n)+", "approvals: []\n", submitted).replace(
        "status: in-review", "status: draft"))  # fmt: skip

    for text in (released.text(TEXT), submitted):
        released.write(TEXT, text)
        answer = released.call("restore", NUMBER, by="gong.yi", lang=lang)
        assert (answer.code, answer.findings) == (1, ("REVISION-SIGNED",)), answer
        assert (released.git("rev-parse", "HEAD"), released.text(TEXT)) == (before, text)


def test_a_revision_opened_by_mistake_is_dropped_once_it_was_rejected(released: Office) -> None:
    """Three messages sent people in a circle: restore, reject, revise."""
    before = released.text(TEXT)
    released.qms("revise", NUMBER, "--summary", "误", by="gong.yi")
    released.edit(TEXT, "\n## ", "\n改。\n\n## ")
    released.qms("submit", NUMBER, by="gong.yi")
    released.qms("reject", NUMBER, "--reason", "误开", by="fu.yi")

    answer = released.call("restore", NUMBER, by="gong.yi")

    assert answer.code == 0, answer
    assert released.text(TEXT) == before
    assert (released.call("check", "--all").code, released.status) == (0, "")
    assert released.call("verify").code == 0
    assert "nothing waits" in released.qms("todo", by="gong.yi")
    assert "A/1" not in released.qms("list")
    released.qms("revise", NUMBER, "--summary", "再改", by="gong.yi")
    released.edit(TEXT, "\n## ", "\n再改。\n\n## ")
    released.qms("submit", NUMBER, by="gong.yi")
    released.qms("sign", NUMBER, by="fu.yi")
    assert released.call("check", "--all").code == 0
    assert released.call("verify").code == 0


@LANGUAGES
def test_a_folder_without_a_policy_says_how_one_is_founded(tmp_path: Path, lang: str) -> None:
    office = Office(tmp_path / "empty", tmp_path / "keys")
    office.folder.mkdir()

    for _ in ("no repository", "no policy"):
        answer = office.call(lang=lang)
        assert answer.code == 0
        assert "qms init" in answer.out.rsplit("\n\n", 1)[-1]
        office.git("init", "-q", "-b", "main")


@LANGUAGES
def test_the_way_out_of_a_chain_that_is_short_can_be_gone(drafted: Office, lang: str) -> None:
    """CHAIN-SHORT-LATER: named with the class and the step; each of its ways ends it."""
    drafted.edit(
        "people.yaml", "head: ji.shu, in_charge: fu.yi", "head: ji.shu, in_charge: wen.kong"
    )
    for signer in ("gao.feng", "guan.ning"):
        drafted.qms("policy", "sign", by=signer)

    told = drafted.call("check", "--all", lang=lang)

    assert told.findings == ("CHAIN-SHORT-LATER",), told
    assert "- id: work-instruction" in told.out
    assert told.out.count("3 (publish)" if lang == "en" else "3 (发布)") == 2
    drafted.edit(
        "qms.yaml", 'number: "LX-WI-{seq:02}"', 'number: "LX-WI-{seq:02}"\n    one_person: true'
    )
    for signer in ("gao.feng", "guan.ning"):
        drafted.qms("policy", "sign", by=signer)
    assert drafted.call("check", "--all", lang=lang).findings == ()
