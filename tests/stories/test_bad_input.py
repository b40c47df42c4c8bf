"""Bad input: each gets its message, its place, its mend and its exit code; nothing is left behind.

Exit codes: 0 fine, 1 findings or refused, 2 usage, 3 the repo or the environment is broken.
"""

from collections.abc import Callable

import pytest

from qms.testing.bad_input import NUMBER, signs_now, told
from qms.testing.office import Office

TEXT = f"documents/work-instruction/{NUMBER}.md"


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("owner: technical\n", "owner: [technical\n", "YAML-LINES", 7),
        ("owner: technical\n", 'owner: "technical\n', "YAML-SYNTAX", 7),
        ("owner: technical\n", "owner technical\n", "YAML-SYNTAX", 7),
        ("owner: technical\n", "owner: a\nowner: b\n", "YAML-DUPLICATE", 8),
        ("owner: technical\n", "owner: &a technical\n", "YAML-FORBIDDEN", 7),
        ("owner: technical\n", "\towner: technical\n", "YAML-CONTROL", 7),
        ("controlled: true\n", "controlled: maybe\n", "YAML-TYPE", 6),
        ("prepared_by: gong.yi\n", "prepared_by: nobody.here\n", "CHAIN-PREPARER", 8),
        ("revision: A/0\n", "revision: a/0\n", "REVISION-FORM", 5),
    ],
)
def test_a_broken_head_is_told_with_its_line(
    drafted: Office, old: str, new: str, code: str, line: int
) -> None:
    drafted.edit(TEXT, old, new)
    answer = drafted.call("check")
    assert code in answer.findings
    assert answer.lines[code] == f"{TEXT}:{line}"
    assert answer.code == 1
    refused = drafted.call("submit", NUMBER, by="gong.yi")
    assert refused.code == 1
    assert drafted.status == f"M {TEXT}"
    drafted.edit(TEXT, new, old)
    drafted.qms("submit", NUMBER, by="gong.yi")


def test_all_that_is_wrong_is_told_at_once(drafted: Office) -> None:
    drafted.edit(TEXT, "owner: technical\n", "ownr: technical\n")
    drafted.edit(TEXT, "controlled: true\n", "controlled: yes\n")
    answer = drafted.call("check")
    assert sorted(answer.findings) == ["FIELD-MISSING", "FIELD-UNKNOWN", "YAML-TYPE"]
    assert "3 errors in 1 file" in answer.out


def test_an_unknown_department_is_told_with_its_line(drafted: Office) -> None:
    drafted.edit(TEXT, "owner: technical\n", "owner: technical\nco_sign: [business, produktion]\n")
    answer = drafted.call("check")
    assert answer.lines == {"DEPARTMENT-UNKNOWN": f"{TEXT}:8"}
    drafted.edit(TEXT, "owner: technical\nco_sign: [business, produktion]\n", "owner: nowhere\n")
    answer = drafted.call("check")
    assert answer.lines == {"DEPARTMENT-UNKNOWN": f"{TEXT}:7"}
    assert "business, technical, inspection" in answer.out
    assert drafted.call("submit", NUMBER, by="gong.yi").findings == ("CHAIN-VACANT",)


def test_nobody_begins_a_document_of_a_department_that_is_none(lx: Office) -> None:
    new = ("new", "work-instruction", "--title", "车床", "--owner")
    answer = lx.call(*new, "produktion", by="gong.yi")
    assert (answer.code, answer.findings) == (1, ("DEPARTMENT-UNKNOWN",))
    assert "business (业务部), technical (技术部), inspection (质检部)" in answer.out + answer.err
    told = lx.qms(*new, "technical", "--dry-run", by="gong.yi")
    assert "Dry run, nothing written" in told
    assert not lx.status
    assert "Dry run" not in lx.qms(*new, "technical", by="gong.yi")


@pytest.mark.parametrize(
    ("change", "code", "line"),
    [
        (lambda data: data.replace(b"\n", b"\r\n"), "BYTES-CR", 1),
        (lambda data: b"\xef\xbb\xbf" + data, "BYTES-BOM", 1),
        (lambda data: data.decode().encode("gbk"), "BYTES-UTF8", 3),
        (lambda data: data.rstrip(b"\n"), "BYTES-LF", None),
    ],
)
def test_bytes_that_other_programs_leave_are_told(
    submitted: Office, change: Callable[[bytes], bytes], code: str, line: int | None
) -> None:
    """Row 60 (LS)"""
    good = (submitted.folder / TEXT).read_bytes()
    submitted.write(TEXT, change(good))
    answer = submitted.call("check")
    told(answer, 1, code)
    if line is not None:
        assert answer.lines[code] == f"{TEXT}:{line}"
    told(submitted.call("sign", NUMBER, by="fu.yi"), 1, code)
    submitted.write(TEXT, good)
    signs_now(submitted)


@pytest.mark.parametrize("character", ["\u3164", "\ufe0f", "\u180e", "\U0001d173", "\u200d"])
def test_what_cannot_be_seen_is_neither_titled_nor_signed(
    submitted: Office, character: str
) -> None:
    hidden = f"车{character}床"
    for command, code in (
        (("new", "work-instruction", "--title", hidden), "UNICODE"),
        (("new", "work-instruction", "--title", "a", "--number", f"LX-WI{character}-09"), None),
        (("reject", NUMBER, "--reason", hidden), "NOT-CANONICAL"),
    ):
        answer = submitted.call(*command, by="fu.yi")
        told(answer, 1, *((code,) if code else answer.findings))
        assert answer.findings
        assert not submitted.status
    submitted.qms("sign", NUMBER, by="fu.yi")


def test_a_dirty_file_is_not_signed(submitted: Office) -> None:
    """Row 60 (S)"""
    good = submitted.text(TEXT)
    submitted.write(TEXT, good + "\n另加一句。\n")
    told(submitted.call("sign", NUMBER, by="fu.yi"), 1, "WORKTREE-DIFFERS")
    told(submitted.call("reject", NUMBER, "--reason", "x", by="fu.yi"), 1, "WORKTREE-DIFFERS")
    assert submitted.status == f"M {TEXT}"
    submitted.write(TEXT, good)
    signs_now(submitted)


def test_two_editors_who_took_one_number_are_told(drafted: Office) -> None:
    """Row 35 (L)"""
    twin = f"documents/regulation/{NUMBER}.md"
    drafted.write(twin, drafted.text(TEXT).replace("class: work-instruction", "class: regulation"))
    answer = drafted.call("check")
    assert answer.code == 1
    assert "NUMBER-TAKEN" in answer.findings
    (drafted.folder / twin).unlink()
    drafted.qms("submit", NUMBER, by="gong.yi")


def test_a_merge_of_two_drafts_with_one_number_is_told(lx: Office) -> None:
    """Row 35 (LS)"""
    for branch in ("one", "two"):
        lx.git("checkout", "-q", "-b", branch, "main")
        lx.qms("new", "work-instruction", "--title", f"文件 {branch}", by="gong.yi")
        lx.git("add", "-A")
        lx.git("commit", "-q", "-m", branch)
    with pytest.raises(Exception, match="returned non-zero exit status"):
        lx.git("merge", "-q", "one")
    answer = lx.call("check")
    assert answer.code == 1
    assert answer.lines
    told(lx.call("submit", NUMBER, by="gong.yi"), 1, answer.findings[0])
    lx.git("merge", "--abort")
    lx.qms("check")


def test_the_locale_c(submitted: Office) -> None:
    plain = {"LC_ALL": "C", "LANG": "C", "PYTHONIOENCODING": "ascii"}
    answer = submitted.finish("todo", by="fu.yi", lang="", **plain)
    assert answer.code == 0, answer
    assert "车床" in answer.out  # the organisation's language where the locale names none
    assert "名称" in answer.out
    signed = submitted.finish("sign", NUMBER, by="fu.yi", **plain)
    assert signed.code == 0, signed
    made = submitted.finish("new", "work-instruction", "--title", "铣床", by="gong.yi", **plain)
    assert made.code == 0, made
    assert "title: 铣床\n" in submitted.text("documents/work-instruction/LX-WI-02.md")


def test_usage(submitted: Office) -> None:
    for arguments in (("sign",), ("nothing",), ("check", "--nothing"), ("policy", "nothing")):
        answer = submitted.call(*arguments)
        assert answer.code == 2, answer
        assert "USAGE" in answer.err


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("<font>红</font>", "HTML-FORBIDDEN"),
        ("[那里](javascript:x)", "URL-FORBIDDEN"),
        ("![图](../../pictures/a.svg)", "ASSET-UNLISTED"),
        ("![图](../../assets/none.svg)", "ASSET-MISSING"),
    ],
)
def test_what_could_never_be_printed_is_not_sent_round(
    drafted: Office, line: str, code: str
) -> None:
    drafted.write(TEXT, f"{drafted.text(TEXT)}\n{line}\n")
    answer = drafted.call("submit", NUMBER, by="gong.yi")
    assert (answer.code, answer.findings) == (1, (code,)), answer


def test_a_round_is_not_begun_anew_over_the_same_text(submitted: Office) -> None:
    told(submitted.call("submit", NUMBER, by="gong.yi"), 1, "SUBMITTED")
    signs_now(submitted)
