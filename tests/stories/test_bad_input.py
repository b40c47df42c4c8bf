"""Bad input: each gets its message, its place, its mend and its exit code; nothing is left behind.

Exit codes: 0 fine, 1 findings or refused, 2 usage, 3 the repo or the environment is broken.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing.bad_input import NUMBER, askpass, scratch, signs_now, told
from qms.testing.office import Office

TEXT = f"documents/work-instruction/{NUMBER}.md"
PASSPHRASE = "a passphrase"  # noqa: S105 - of a key made for this test


# files


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
    assert "business, technical, inspection" in answer.out + answer.err
    told = lx.qms(*new, "technical", "--dry-run", by="gong.yi")
    assert "Dry run, nothing written" in told
    assert not lx.status
    assert "Dry run" not in lx.qms(*new, "technical", by="gong.yi")


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("qms.yaml", "{role: expert}", "{role: exprt}", "CHAIN-ROLE"),
        ("qms.yaml", "{head_of: owner}", "{head_of: ownr}", "CHAIN-ROLE"),
        ("qms.yaml", "    one_person: true", "    one_persn: true", "FIELD-UNKNOWN"),
        ("qms.yaml", "    one_person: true", "    one_person: maybe", "YAML-TYPE"),
        ("qms.yaml", '    number: "LX-SH-{year}"', '    number: "LX-SH-{yaer}"', "NUMBER-PATTERN"),
        ("qms.yaml", "need: 2, who", "need: many, who", "FIELD-CHOICE"),
        ("qms.yaml", "trunk: main\n", "trunk: main\ntrunk: other\n", "YAML-DUPLICATE"),
        ("people.yaml", "head: ji.shu", "head: nobody.here", "ID-UNKNOWN"),
        ("people.yaml", "- {id: fu.er,", "- {id: fu.yi,", "ID-TWICE"),
        ("people.yaml", "departments:", "departments: [", "YAML-SYNTAX"),
        ("people.yaml", "role", "rolle", "FIELD-UNKNOWN"),
    ],
)
def test_a_broken_policy_is_told_before_anybody_signs_it(
    lx: Office, name: str, old: str, new: str, code: str
) -> None:
    good = lx.text(name)
    lx.edit(name, old, new)
    answer = lx.call("check")
    assert code in answer.findings, answer
    assert answer.lines[code].startswith(f"{name}:")
    assert answer.code == 1
    refused = lx.call("policy", "sign", by="gao.feng")
    assert refused.code == 1
    assert set(refused.findings) <= set(answer.findings)
    assert lx.status == f"M {name}"
    lx.write(name, good)
    lx.qms("check")


def test_a_key_of_a_class_that_is_missing_is_told_at_its_class(lx: Office) -> None:
    lx.edit("qms.yaml", "    version: letter-count\n", "")
    answer = lx.call("check")
    told(answer, 1, "FIELD-MISSING")
    assert answer.lines == {"FIELD-MISSING": "qms.yaml:8"}
    assert "classes.0.version" in answer.out


def test_a_missing_file_of_the_policy_is_told(lx: Office) -> None:
    (lx.folder / "people.yaml").unlink()
    told(lx.call("check"), 1, "POLICY-FILE")
    told(lx.call("policy", "sign", by="gao.feng"), 1, "ROOT-FILE-MISSING")
    key = f"{lx.key('fu.er')}.pub"
    told(lx.call("policy", "key", "fu.er", key), 1, "ROOT-FILE-MISSING")


def test_a_public_key_that_is_none_is_told(lx: Office) -> None:
    told(lx.call("policy", "key", "fu.er", str(lx.key("fu.er"))), 1, "KEY-FORM")
    told(lx.call("policy", "key", "fu", f"{lx.key('spare')}.pub"), 1, "ID-UNKNOWN")
    told(lx.call("policy", "key", "fu.er", f"{lx.key('fu.yi')}.pub"), 1, "KEY-TAKEN")
    assert lx.call("policy", "key", "fu.er", "/no/such/key.pub").code == 2


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


# the repo


def test_no_git_repo(lx: Office, tmp_path: Path) -> None:
    nowhere = Office(tmp_path / "empty", lx.keys)
    nowhere.folder.mkdir()
    for arguments in (("check",), ("verify",), ("sign", NUMBER), ("list",), ("publish",)):
        told(nowhere.call(*arguments, by="fu.yi"), 3, "NO-REPO")
    assert nowhere.call("plugins").code == 0
    assert nowhere.call("--help").code == 0


def test_an_unborn_branch(lx: Office, tmp_path: Path) -> None:
    fresh = Office(tmp_path / "fresh", lx.keys)
    fresh.folder.mkdir()
    fresh.git("init", "-q", "-b", "main")
    told(fresh.call("check"), 1, "NO-POLICY")
    told(fresh.call("sign", NUMBER, by="fu.yi"), 1, "NO-POLICY")
    told(fresh.call("new", "manual", "--title", "x", by="fu.yi"), 1, "NO-POLICY")
    told(fresh.call("list"), 1, "NO-POLICY")
    assert fresh.call("verify").findings == ("HEAD-UNBORN",)
    assert not fresh.status
    assert "Copied the template" in fresh.qms("init", "--dry-run", by="fu.yi")
    assert not fresh.status


def test_a_repo_that_has_commits_and_no_policy(lx: Office, tmp_path: Path) -> None:
    other = Office(tmp_path / "other", lx.keys)
    other.folder.mkdir()
    other.git("init", "-q", "-b", "main")
    other.git("config", "user.name", "x")
    other.git("config", "user.email", "x@x.invalid")
    other.write("readme", "hello\n")
    other.git("add", "-A")
    other.git("commit", "-q", "-m", "x")
    told(other.call("check"), 1, "NO-POLICY")
    told(other.call("verify"), 3, "NO-POLICY")
    told(other.call("todo", by="fu.yi"), 1, "NO-POLICY")


def test_a_detached_head(submitted: Office) -> None:
    submitted.git("checkout", "-q", "--detach")
    submitted.qms("check")
    told(submitted.call("sign", NUMBER, by="fu.yi"), 1, "HEAD-DETACHED")
    submitted.git("checkout", "-q", "main")
    signs_now(submitted)


def test_a_merge_in_progress(submitted: Office) -> None:
    submitted.git("checkout", "-q", "-b", "side")
    submitted.write("a.txt", "a\n")
    submitted.git("add", "-A")
    submitted.git("commit", "-q", "-m", "a")
    submitted.git("checkout", "-q", "main")
    submitted.git("merge", "-q", "--no-commit", "--no-ff", "side")
    submitted.qms("check")
    submitted.qms("check", "--index")
    told(submitted.call("sign", NUMBER, by="fu.yi"), 1, "GIT-IN-PROGRESS")
    assert submitted.status == "A  a.txt"
    submitted.git("commit", "-q", "--no-edit")
    signs_now(submitted)


def test_an_index_that_another_git_holds(submitted: Office) -> None:
    lock = submitted.folder / ".git" / "index.lock"
    lock.touch()
    told(submitted.call("sign", NUMBER, by="fu.yi"), 3, "GIT-BUSY")
    lock.unlink()
    signs_now(submitted)


def test_a_remote_that_has_no_trunk_yet(submitted: Office, tmp_path: Path) -> None:
    submitted.git("init", "-q", "--bare", "-b", "main", str(tmp_path / "server.git"))
    submitted.git("remote", "add", "origin", str(tmp_path / "server.git"))
    told(submitted.call("sign", NUMBER, by="fu.yi"), 1, "TRUNK-UNPUBLISHED")
    submitted.git("push", "-q", "origin", "main")
    signs_now(submitted)


# the key


def test_no_key(submitted: Office) -> None:
    told(submitted.call("sign", NUMBER), 1, "KEY-NONE")
    submitted.git("config", "qms.key", "/no/such/key")
    told(submitted.call("sign", NUMBER), 1, "KEY-MISSING")
    submitted.git("config", "qms.key", str(submitted.folder / TEXT))
    told(submitted.call("sign", NUMBER), 1, "KEY-FILE")
    submitted.git("config", "--unset", "qms.key")
    signs_now(submitted)


def test_a_wrong_passphrase(submitted: Office) -> None:
    key = str(submitted.key("fu.yi", PASSPHRASE))
    wrong = askpass(submitted, "echo wrong")
    told(submitted.finish("sign", NUMBER, "--key", key, SSH_ASKPASS=wrong), 1, "PASSPHRASE")
    told(submitted.finish("sign", NUMBER, "--key", key), 1, "PASSPHRASE-NOBODY")
    silent = askpass(submitted, "exit 1")
    told(submitted.finish("sign", NUMBER, "--key", key, SSH_ASKPASS=silent), 1, "PASSPHRASE")
    assert not submitted.status
    assert not scratch(submitted)
    right = askpass(submitted, f"echo '{PASSPHRASE}'")
    answer = submitted.finish("sign", NUMBER, "--key", key, SSH_ASKPASS=right)
    assert answer.code == 0, answer
    assert PASSPHRASE not in answer.out + answer.err
    submitted.qms("verify")


def test_a_key_without_a_passphrase_is_refused(submitted: Office) -> None:
    submitted.git("config", "--unset", "qms.allowUnencryptedKey")
    told(submitted.call("sign", NUMBER, by="fu.yi"), 1, "KEY-UNENCRYPTED")


def test_ssh_keygen_is_missing(submitted: Office, tmp_path: Path) -> None:
    told(submitted.finish("sign", NUMBER, by="fu.yi", PATH=str(tmp_path)), 3, "SSH-KEYGEN-MISSING")
    signs_now(submitted)


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


# what a merge left


BOTH = "<<<<<<< HEAD\n{}=======\n{}>>>>>>> theirs\n"
RELEASED = f"released/work-instruction/{NUMBER}/A-0.md"
COPY = f"copies/work-instruction/{NUMBER}/A-0/001.yaml"


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (TEXT, "owner: technical\n", "owner: business\n"),  # head
        (TEXT, "status: draft\n", "status: in-review\n"),  # slots
        (TEXT, "# 车床\n", "# 铣床\n"),  # body
        ("people.yaml", "departments:\n", "departments: \n"),
        ("qms.yaml", "trunk: main\n", "trunk: other\n"),
        ("policy.yaml", "version: 1\n", "version: 2\n"),
    ],
)
def test_what_a_merge_left_is_named_with_its_line(
    drafted: Office, path: str, old: str, new: str
) -> None:
    drafted.edit(path, old, BOTH.format(old, new))
    line = drafted.text(path)[: drafted.text(path).index("<<<<<<<")].count("\n") + 1
    answer = drafted.call("check")
    assert answer.findings == ("MERGE-CONFLICT",), answer
    assert answer.lines == {"MERGE-CONFLICT": f"{path}:{line}"}
    command = ("submit", NUMBER) if path == TEXT else ("policy", "sign")
    refused = drafted.call(*command, by="gong.yi" if path == TEXT else "gao.feng")
    told(refused, 1, "MERGE-CONFLICT")
    assert refused.lines == answer.lines
    assert drafted.status == f"M {path}"


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (TEXT, "# 车床\n", "# 铣床\n"),
        (RELEASED, "owner: technical\n", "owner: business\n"),
        (RELEASED, "# 车床\n", "# 铣床\n"),
        (COPY, "status: log\n", "status: log \n"),
        ("policy/0001/people.yaml", "departments:\n", "departments: \n"),
    ],
)
def test_what_a_merge_left_in_signed_files_is_named_too(
    submitted: Office, path: str, old: str, new: str
) -> None:
    submitted.qms("sign", NUMBER, by="fu.yi")
    submitted.qms("release", NUMBER, by="wen.kong")
    submitted.qms("issue", NUMBER, "--to", "technical", by="wen.kong")
    submitted.edit(path, old, BOTH.format(old, new))
    at = submitted.text(path)[: submitted.text(path).index("<<<<<<<")].count("\n") + 1

    answer = submitted.call("check")

    assert answer.findings == ("MERGE-CONFLICT",), answer
    assert answer.lines == {"MERGE-CONFLICT": f"{path}:{at}"}


def test_a_text_may_show_what_a_merge_leaves(drafted: Office) -> None:
    both = BOTH.format("一\n", "二\n")
    drafted.edit(TEXT, "# 车床\n", f"# 车床\n\n```\n{both}```\n")
    assert drafted.call("check").findings == ()
