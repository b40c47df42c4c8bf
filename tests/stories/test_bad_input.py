"""Bad input: each gets its message, its place, its mend and its exit code; nothing is left behind.

Exit codes: 0 fine, 1 findings or refused, 2 usage, 3 the repo or the environment is broken.
"""

import re
from collections.abc import Callable

import pytest

from qms.testing.bad_input import NUMBER, signs_now, told
from qms.testing.office import Office

TEXT = f"documents/work-instruction/{NUMBER}.md"


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("owner: technical\n", "owner: [technical\n", "YAML-LINES", 7),
        ("owner: technical\n", 'owner: "technical\n', "YAML-QUOTES", 7),
        ("owner: technical\n", "owner technical\n", "YAML-SYNTAX", 7),
        ("owner: technical\n", "owner: a\nowner: b\n", "YAML-DUPLICATE", 8),
        ("owner: technical\n", "owner: &a technical\n", "YAML-FORBIDDEN", 7),
        ("owner: technical\n", "\towner: technical\n", "YAML-CONTROL", 7),
        ("controlled: true\n", "controlled: maybe\n", "YAML-TYPE", 6),
        ("prepared_by: gong.yi\n", "prepared_by: nobody.here\n", "PERSON-UNKNOWN", 8),
        ("revision: A/0\n", "revision: a/0\n", "REVISION-FORM", 5),
        ("summary: 首次发布\n", "summary:\n", "FIELD-EMPTY", 9),
        ("summary: 首次发布\n", 'summary: ""\n', "FIELD-EMPTY", 9),
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


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("title: 车床", "title: 钻床 #3 机台", 'title: "钻床 #3 机台"'),
        ("title: 车床", "title: #3 机台", 'title: "#3 机台"'),
        ("title: 车床", 'title: "钻床" #3', 'title: "\\"钻床\\" #3"'),
        ("summary: 首次发布", "summary: 增加 #3，删除 #5", 'summary: "增加 #3，删除 #5"'),
    ],
)
def test_a_number_behind_a_hash_is_no_remark_that_cuts_the_title(
    drafted: Office, lang: str, old: str, new: str, text: str
) -> None:
    """DC-07, DC-18"""
    drafted.edit(TEXT, f"{old}\n", f"{new}\n")

    answer = drafted.call("check")

    assert answer.findings == ("YAML-COMMENT",)
    line = drafted.text(TEXT).split(new, maxsplit=1)[0].count("\n") + 1
    assert answer.lines["YAML-COMMENT"] == f"{TEXT}:{line}"
    assert f"`{text}`" in drafted.call("check", lang=lang).out
    assert drafted.call("submit", NUMBER, by="gong.yi").code == 1
    drafted.edit(TEXT, f"{new}\n", f"{text}\n")
    assert drafted.call("check").findings == ()
    drafted.qms("submit", NUMBER, by="gong.yi")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("old", "text"),
    [
        ("更改: 第2条", 'summary: "更改: 第2条"'),
        ('"甲"改为"乙"', r'summary: "\"甲\"改为\"乙\""'),
        (r'"C:\data\new"', r'summary: "C:\\data\\new"'),
        (r'"D:\_data"', r'summary: "D:\\_data"'),
        ("- 第一", 'summary: "- 第一"'),
    ],
)
def test_a_text_that_lacks_its_quotes_is_shown_in_them(
    drafted: Office, lang: str, old: str, text: str
) -> None:
    """DC-07"""
    drafted.edit(TEXT, "summary: 首次发布\n", f"summary: {old}\n")

    answer = drafted.call("check", lang=lang)

    assert "YAML-QUOTES" in answer.out
    assert f"`{text}`" in answer.out
    drafted.edit(TEXT, f"summary: {old}\n", f"{text}\n")
    assert drafted.call("check").findings == ()


def test_values_that_are_cut_are_told_together(drafted: Office) -> None:
    drafted.edit(TEXT, "title: 车床\n", "title: 钻床 #3\n")
    drafted.edit(TEXT, "owner: technical\n", "owner: technical  # 技术部\n")
    drafted.edit(TEXT, "summary: 首次发布\n", "summary: 首次发布 #5\nwrong: 1\n")
    answer = drafted.call("check")
    assert sorted(answer.findings) == ["FIELD-UNKNOWN", *["YAML-COMMENT"] * 3]


def test_a_remark_on_a_line_of_its_own_stays(drafted: Office) -> None:
    drafted.edit(TEXT, "owner: technical\n", "# 技术部 #3\nowner: technical\n")
    assert drafted.call("check").findings == ()


def test_a_name_with_a_number_is_not_cut_in_the_policy_either(drafted: Office) -> None:
    good = drafted.text("people.yaml")
    name = "name: {zh: 业务部, en: Business}"
    drafted.edit(
        "people.yaml", name, "name:  # 3 个部门\n      zh: 业务部 # 一\n      en: Business"
    )
    drafted.edit("people.yaml", "  - {id: business, name:", "  - id: business\n    name:")
    drafted.edit("people.yaml", ", head: ye.wu, in_charge: fu.er}", "\n    head: ye.wu  #1")
    assert "YAML-COMMENT" not in drafted.call("check").findings
    drafted.edit("people.yaml", "zh: 业务部 # 一", "zh: 业务部 #3")
    answer = drafted.call("check")
    assert answer.findings == ("YAML-COMMENT",)
    assert '`zh: "业务部 #3"`' in answer.out
    drafted.write("people.yaml", good)


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
    assert "business (业务部), technical (技术部), inspection (质检部)" in answer.out
    answer = drafted.call("submit", NUMBER, by="gong.yi")
    assert answer.findings == ("DEPARTMENT-UNKNOWN",)
    assert answer.lines == {"DEPARTMENT-UNKNOWN": f"{TEXT}:7"}


@pytest.mark.parametrize(("lang", "meant"), [("en", "did you mean"), ("zh", "是否指")])
@pytest.mark.parametrize(
    ("field", "slip", "code", "right"),
    [
        ("owner: technical", "owner: 技术部门", "DEPARTMENT-UNKNOWN", "technical (技术部)"),
        ("owner: technical", "owner: tehcnical", "DEPARTMENT-UNKNOWN", "technical (技术部)"),
        ("owner: technical", "owner: 服务部门", "DEPARTMENT-UNKNOWN", "service (服务部)"),
        ("owner: technical", "owner: 服务", "DEPARTMENT-UNKNOWN", "service (服务部)"),
        ("prepared_by: gong.yi", "prepared_by: 龚怡怡", "PERSON-UNKNOWN", "gong.yi (龚怡)"),
        ("prepared_by: gong.yi", "prepared_by: gong", "PERSON-UNKNOWN", "gong.yi (龚怡)"),
    ],
)
def test_a_name_that_nobody_has_is_told_with_the_right_one_first(  # noqa: PLR0913, PLR0917
    drafted: Office, field: str, slip: str, code: str, right: str, lang: str, meant: str
) -> None:
    """CHAIN-VACANT: `submit` said that nobody holds member-of-技术部门."""
    if "服务" in slip:
        two = (f"  - {{id: {one}, name: {{zh: {name}}}, head: ye.wu}}\n"
               for one, name in (("customers", "客户服务部"), ("service", "服务部")))  # fmt: skip
        drafted.edit("people.yaml", "departments:\n", f"departments:\n{''.join(two)}")
        for signer in ("gao.feng", "guan.ning"):
            drafted.qms("policy", "sign", by=signer)
    drafted.edit(TEXT, field, slip)

    for command in (("check",), ("submit", NUMBER)):
        answer = drafted.call(*command, by="gong.yi", lang=lang)

        assert (answer.code, answer.findings) == (1, (code,)), answer
        said = answer.out + answer.err
        assert re.search(rf"{meant}\W+{re.escape(right)}", said), said
    if field.startswith("owner"):
        new = (
            "new",
            "work-instruction",
            "--title",
            "车床",
            "--owner",
            slip.removeprefix("owner: "),
        )
        answer = drafted.call(*new, by="gong.yi", lang=lang)
        assert re.search(rf"{meant}\W+{re.escape(right)}", answer.err), answer


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
