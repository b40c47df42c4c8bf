"""A released text that somebody edited goes on as the next revision, or comes back: no circle.

And rounds of one revision: what changed from one to the next, and since whoever signs signed last.
"""

import re
from pathlib import Path

import pytest

from qms.testing.mended import committed, done, fine, named, shared
from qms.testing.office import Office

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"
EDIT = ("无", "主轴转速不超过 800 r/min。")
LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh"])


@pytest.fixture
def office(released: Office, tmp_path: Path) -> Office:
    released.environment["XDG_STATE_HOME"] = str(tmp_path / "state")
    shared(released)
    return released


def mend_of(office: Office, code: str, lang: str, verb: str, *command: str) -> str:
    """The command with this verb in the mend of a code."""
    answer = office.call(*(command or ("check",)), lang=lang, by="gong.yi" if command else None)
    found = [one for one in named(answer.out + answer.err, code) if one.startswith(verb)]
    assert len(found) == 1, answer
    return found[0]


@LANGUAGES
@pytest.mark.parametrize("is_committed", [False, True])
def test_an_edit_of_a_released_text_goes_on_as_the_next_revision(
    office: Office, lang: str, *, is_committed: bool
) -> None:
    """DC-03"""
    office.edit(TEXT, *EDIT)
    if is_committed:
        committed(office)

    command = mend_of(office, "DOC-CHANGED", lang, "qms revise")
    done(office, f"{command} --summary 转速", by="gong.yi")

    office.qms("check")
    text = office.text(TEXT)
    assert EDIT[1] in text
    assert "revision: A/1\n" in text
    assert "summary: 转速\n" in text
    assert text.count("status: draft\napprovals: []\n") == 1
    office.qms("submit", NUMBER, by="gong.yi")
    office.qms("sign", NUMBER, by="fu.yi")
    office.qms("release", NUMBER, by="wen.kong")
    fine(office)


def test_heads_go_on_as_they_were_edited(office: Office) -> None:
    office.edit(TEXT, "title: 车床", "title: 数控车床")
    office.edit(TEXT, "summary: ", "change: LX-R-05-2026-003\nsummary: ")

    office.qms("revise", NUMBER, "--summary", "改名", by="gong.yi")

    assert "title: 数控车床\n" in office.text(TEXT)
    assert "change: LX-R-05-2026-003\n" in office.text(TEXT)


def test_a_summary_that_was_written_into_the_head_is_not_asked_for(office: Office) -> None:
    office.edit(TEXT, *EDIT)
    asked = office.call("revise", NUMBER, by="gong.yi")
    text = office.text(TEXT)
    office.write(TEXT, re.sub("summary: .*", "summary: 转速", text, count=1))

    office.qms("revise", NUMBER, by="gong.yi")

    assert (asked.code, "--summary" in asked.err) == (2, True)
    assert "summary: 转速\n" in office.text(TEXT)


@LANGUAGES
@pytest.mark.parametrize("raised", ["A/1", "B/0"])
def test_a_revision_that_was_raised_by_hand_is_one(office: Office, lang: str, raised: str) -> None:
    office.edit(TEXT, *EDIT)
    office.edit(TEXT, "revision: A/0", f"revision: {raised}")

    assert office.call("check").lines == {"REVISION-RAISED": f"{TEXT}:5"}
    command = mend_of(office, "REVISION-RAISED", lang, "qms revise", "submit", NUMBER)
    done(office, f"{command} --summary 转速", by="gong.yi")

    assert f"revision: {raised}\n" in office.text(TEXT)
    office.qms("check")
    office.qms("submit", NUMBER, by="gong.yi")


def test_a_revision_that_cannot_follow_becomes_the_next_one(office: Office) -> None:
    office.edit(TEXT, "revision: A/0", "revision: A/7")

    office.qms("revise", NUMBER, "--summary", "转速", by="gong.yi")

    assert "revision: A/1\n" in office.text(TEXT)


@LANGUAGES
@pytest.mark.parametrize("way", ["edited", "committed", "raised", "gone", "broken"])
def test_an_edit_is_undone_by_one_command_and_kept(office: Office, lang: str, way: str) -> None:
    before = office.text(TEXT)
    if way == "gone":
        (office.folder / TEXT).unlink()
    elif way == "broken":
        office.edit(TEXT, "---\n# ", "# ")
    else:
        office.edit(TEXT, *EDIT)
    if way == "raised":
        office.edit(TEXT, "revision: A/0", "revision: A/1")
    if way == "committed":
        committed(office)
    spoilt = None if way == "gone" else office.text(TEXT)

    answer = office.call("restore", TEXT, by="gong.yi", lang=lang)

    assert answer.code == 0, answer
    assert office.text(TEXT) == before
    fine(office)
    kept = re.search(r"(/\S+LX-WI-01\.md)$", answer.out, re.MULTILINE)
    assert (None if kept is None else Path(kept[1]).read_text("utf-8")) == spoilt


def test_a_revision_that_somebody_signed_is_never_put_aside(office: Office) -> None:
    office.qms("revise", NUMBER, "--summary", "转速", by="gong.yi")
    draft = office.text(TEXT)
    found = [office.call("revise", NUMBER, by="gong.yi").findings]
    office.qms("submit", NUMBER, by="gong.yi")
    sent = office.text(TEXT)
    found += [office.call(verb, NUMBER, by="gong.yi").findings for verb in ("restore", "revise")]

    office.edit(TEXT, "revision: A/1", "revision: A/0")  # what is signed is signed
    found += [office.call(verb, NUMBER, by="gong.yi").findings for verb in ("restore", "revise")]
    office.edit(TEXT, "revision: A/0", "revision: A/1")

    opened, signed = ("REVISION-OPEN",), ("REVISION-SIGNED",)
    assert found == [opened, signed, opened, signed, opened]
    assert office.text(TEXT) == sent != draft


@LANGUAGES
@pytest.mark.parametrize("is_committed", [False, True])
def test_what_is_filed_comes_back_beside_a_revision_that_goes_round(
    office: Office, lang: str, *, is_committed: bool
) -> None:
    """It did, said that it was refused, and not where the edit was kept."""
    office.qms("revise", NUMBER, "--summary", "转速", by="gong.yi")
    office.edit(TEXT, *EDIT)
    office.qms("submit", NUMBER, by="gong.yi")
    shared(office)
    sent = office.text(TEXT)
    filed = f"released/work-instruction/{NUMBER}/A-0.md"
    before = office.text(filed)
    office.edit(filed, *EDIT)
    if is_committed:
        committed(office)

    answer = office.call("restore", filed, by="gong.yi", lang=lang)

    assert (answer.code, answer.findings) == (0, ()), answer
    assert (office.text(filed), office.text(TEXT)) == (before, sent)
    assert filed in answer.out
    assert (
        f"{TEXT}{'：保持不变（A/1 已有签署）' if lang == 'zh' else ': left as it is (A/1'}"
        in answer.out
    )
    commit = office.git("rev-parse", "--short=10", "HEAD")
    assert (commit in answer.out) is is_committed
    assert ("A-0.md\n" in answer.out.partition("/kept/")[2]) is not is_committed
    again = office.call("restore", filed, by="gong.yi", lang=lang)
    assert (again.code, again.findings) == (1, ("REVISION-SIGNED",))
    assert office.git("rev-parse", "--short=10", "HEAD") == commit


FILED = f"released/work-instruction/{NUMBER}/A-0.md"


@LANGUAGES
def test_an_edit_of_what_is_filed_is_told_before_it_is_committed(
    released: Office, lang: str, tmp_path: Path
) -> None:
    released.environment["XDG_STATE_HOME"] = str(tmp_path / "state")
    other = released.clone(released.shared(tmp_path / "server"), tmp_path / "other" / "docs")
    other.edit(FILED, *EDIT)

    for words in ((), ("sync",)):
        said = other.call(*words, by="gong.yi", lang=lang).out
        assert f"{FILED}{'（`' if lang == 'zh' else ' (`'}qms restore {NUMBER}`" in said

    other.qms("restore", NUMBER, by="gong.yi")
    assert FILED not in other.qms(by="gong.yi")


def mends(office: Office, lang: str, *words: str) -> list[tuple[str, list[str]]]:
    """The findings of a command, each with the commands that it names."""
    answer = office.call(*words, lang=lang, by=None if words else "gong.yi")
    said = answer.out + answer.err
    return [(one, named(said, one)) for one in dict.fromkeys(answer.findings)]


@LANGUAGES
@pytest.mark.parametrize("way", ["sheet", "filed"])
def test_bare_qms_says_what_check_says_and_the_same_way_back(
    office: Office, lang: str, way: str
) -> None:
    """One cause, not all that follows from it, and no `git log` in place of what undoes it."""
    office.qms("issue", NUMBER, "--to", "zhi.jian", "--to", "technical", by="wen.kong")
    office.qms("revise", NUMBER, "--summary", "转速", by="gong.yi")
    office.qms("submit", NUMBER, by="gong.yi")
    shared(office)
    office.edit(TEXT if way == "sheet" else FILED, *EDIT)
    if way == "filed":
        committed(office)

    found = mends(office, lang, "check")

    assert mends(office, lang) == found
    (one,) = found
    assert one[0] == ("APPROVAL-MISMATCH" if way == "sheet" else "DOC-CHANGED")
    assert not any(command.startswith("git log") for command in one[1])


def test_what_was_edited_is_compared_with_what_was_released(office: Office) -> None:
    office.edit(TEXT, *EDIT)

    assert "A/0 → A/0 (edited)" in office.qms("diff", NUMBER)
    assert "[-无-]" in office.qms("diff", NUMBER)


# rounds


def rounds(submitted: Office) -> Office:
    """A text in its second round, which says something else than in its first."""
    shared(submitted)
    submitted.qms("reject", NUMBER, "--reason", "缺转速", by="fu.yi")
    submitted.edit(TEXT, *EDIT)
    submitted.qms("submit", NUMBER, by="gong.yi")
    return submitted


def test_rounds_of_one_revision_are_compared(submitted: Office) -> None:
    """DC-04"""
    one = submitted.call("diff", NUMBER, "--rounds")
    office = rounds(submitted)

    said = office.qms("diff", NUMBER, "--rounds")

    assert one.findings == ("ROUND-ONE",)
    assert f"{NUMBER}  1 → 2" in said
    assert "[-无-]" in said
    assert office.qms("diff", NUMBER, "--rounds", "1") == said
    assert office.call("diff", NUMBER, "--rounds", "1", "3").findings == ("ROUND-UNKNOWN",)


def test_what_nobody_signed_yet_is_compared_with_the_last_round(submitted: Office) -> None:
    submitted.qms("reject", NUMBER, "--reason", "缺转速", by="fu.yi")
    submitted.edit(TEXT, *EDIT)

    said = submitted.qms("diff", NUMBER, "--rounds")

    assert (f"{NUMBER}  1 → +" in said, "[-无-]" in said) == (True, True)


@LANGUAGES
def test_who_signs_sees_what_changed_since_they_signed(submitted: Office, lang: str) -> None:
    office = rounds(submitted)

    said = office.call("sign", NUMBER, by="fu.yi", lang=lang).out

    assert ("您在第 1 轮所签文本" if lang == "zh" else "that you signed in round 1") in said
    assert "[-无-]" in said


def test_who_signs_for_the_first_time_sees_what_changed_since_the_release(office: Office) -> None:
    office.edit(TEXT, *EDIT)
    office.qms("revise", NUMBER, "--summary", "转速", by="gong.yi")
    office.qms("submit", NUMBER, by="gong.yi")

    said = office.qms("sign", NUMBER, by="fu.yi")

    assert "Against A/0: revision, summary differ; 2 paragraphs changed" in said


# turns


@LANGUAGES
def test_who_has_signed_is_told_so_and_nothing_of_the_text(submitted: Office, lang: str) -> None:
    answer = submitted.call("sign", NUMBER, by="gong.yi", lang=lang)

    assert answer.findings == ("SIGNED-ALREADY",)
    assert "2026-11" in answer.err
    assert ("傅毅" if lang == "zh" else "Fu Yi") in answer.err
    assert answer.out == ""


@LANGUAGES
def test_an_approval_comes_before_the_publication(submitted: Office, lang: str) -> None:
    answer = submitted.call("release", NUMBER, by="fu.yi", lang=lang)

    assert answer.findings == ("SIGN-FIRST",)
    (sign, release) = named(answer.err, "SIGN-FIRST")
    done(submitted, sign, by="fu.yi")
    done(submitted, release, by="wen.kong")


@pytest.mark.parametrize("is_committed", [False, True])
@pytest.mark.parametrize("act", ["edited", "removed"])
def test_what_is_filed_comes_back_too(
    released: Office, tmp_path: Path, act: str, *, is_committed: bool
) -> None:
    """DOC-CHANGED names the command: it puts back what was edited in released/ as well."""
    path = "released/work-instruction/LX-WI-01/A-0.md"
    released.shared(tmp_path)
    released.git("fetch", "-q")
    before = released.text(path)
    if act == "edited":
        released.edit(path, "车床", "机床")
    else:
        released.git("rm", "-q", path)
    if is_committed:
        released.git("commit", "-q", "-a", "-m", "Edit")

    released.qms("restore", "LX-WI-01", by="gong.yi")

    assert released.text(path) == before
    assert released.call("check", "--all").code == 0
