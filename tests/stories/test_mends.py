"""What a mend prints works as it stands, and throws nothing away (US-24, law: a way out)."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing.mended import done, named, told, typed
from qms.testing.office import Office

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"
FILED = f"released/work-instruction/{NUMBER}/A-0.md"
LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh"])


@pytest.fixture(scope="session")
def _released(_submitted: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = _submitted.copy(tmp_path_factory.mktemp("released"))
    office.qms("sign", NUMBER, by="fu.yi")
    office.qms("release", NUMBER, by="wen.kong")
    return office


@pytest.fixture
def released(_released: Office, tmp_path: Path) -> Office:
    """LX with a work instruction in force."""
    return _released.copy(tmp_path)


def shared(office: Office) -> None:
    """The shared trunk is as this clone is now."""
    if "origin" not in office.git("remote"):
        office.git("remote", "add", "origin", str(office.folder.parent / "server.git"))
    office.git("update-ref", "refs/remotes/origin/main", "HEAD")


def committed(office: Office) -> None:
    office.git("add", "-A")
    office.git("commit", "-q", "-m", "By hand")


def fine(office: Office) -> None:
    """Nothing is wrong, and nothing waits to be committed."""
    office.qms("check", "--all")
    assert not office.status


def gate(office: Office, folder: Path) -> Callable[[], str]:
    """A shared repository with the gate; gives what a push is told, empty where it is taken."""
    server = folder / "server.git"
    office.git("init", "-q", "--bare", "-b", "main", str(server))
    shared(office)
    office.qms("-C", str(server), "hook", "install", "--server")

    def push() -> str:
        answer = subprocess.run(
            ["git", "push", "-q", "origin", "main"],
            cwd=office.folder, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        lines = answer.stderr.splitlines()
        said = "\n".join(one.removeprefix("remote: ").rstrip() for one in lines)
        return said if answer.returncode else ""

    assert not push()
    return push


# modes


@LANGUAGES
@pytest.mark.parametrize("is_committed", [False, True])
def test_a_file_made_a_program_is_made_plain_again(
    drafted: Office, lang: str, *, is_committed: bool
) -> None:
    shared(drafted)
    (drafted.folder / TEXT).chmod(0o755)
    if is_committed:
        committed(drafted)
    drafted.edit(TEXT, "# 车床", "# 车床与铣床")

    (plain, record, _) = told(drafted, "BAD-MODE", lang)
    done(drafted, plain)
    if is_committed:
        done(drafted, record)
    else:
        committed(drafted)

    fine(drafted)
    assert "车床与铣床" in drafted.text(TEXT)


@LANGUAGES
def test_a_link_gives_way_to_what_was_filed(released: Office, lang: str) -> None:
    shared(released)
    (released.folder / FILED).unlink()
    (released.folder / FILED).symlink_to(released.folder / TEXT)
    committed(released)

    done(released, *told(released, "BAD-MODE", lang)[:2])

    fine(released)


def test_a_stray_program_is_told_as_a_stray(drafted: Office) -> None:
    drafted.write("documents/work-instruction/车床.docx", b"PK")
    (drafted.folder / "documents/work-instruction/车床.docx").chmod(0o755)

    assert drafted.call("check").findings == ("STRAY",)


# what was signed


@LANGUAGES
def test_an_edit_of_what_is_filed_is_undone_and_kept(released: Office, lang: str) -> None:
    shared(released)
    released.edit(FILED, "# 车床", "# 铣床")

    done(released, told(released, "DOC-CHANGED", lang)[0])

    fine(released)
    assert "铣床" in released.git("stash", "show", "-p")


@LANGUAGES
@pytest.mark.parametrize("path", [FILED, TEXT])
def test_what_is_gone_or_changed_comes_back_from_a_commit_that_has_it(
    released: Office, tmp_path: Path, path: str, lang: str
) -> None:
    """Also at the gate, where HEAD is as wrong as the file."""
    push = gate(released, tmp_path)
    for change in (lambda: released.git("rm", "-q", path),
                   lambda: released.edit(path, "# 车床", "# 铣床")):  # fmt: skip
        change()
        committed(released)
        released.git("commit", "-q", "--allow-empty", "-m", "Another")
        said = push()
        code = "DOC-MISSING" if "DOC-MISSING" in said else "DOC-CHANGED"

        here = told(released, code, lang)
        assert named(said, code)[0] == here[0]
        done(released, *here[:2])

        fine(released)
        assert not push()


@LANGUAGES
def test_a_twin_that_a_merge_lost_is_laid_beside(submitted: Office, lang: str) -> None:
    """Both texts are there then, and which of them stands is what is told next."""
    shared(submitted)
    submitted.qms("sign", NUMBER, by="fu.yi")
    submitted.qms("release", NUMBER, by="wen.kong")
    submitted.git("branch", "other", "HEAD~2")
    submitted.git("checkout", "-q", "other")
    submitted.edit(TEXT, "# 车床", "# 铣床")
    submitted.qms("submit", NUMBER, by="gong.yi")
    submitted.qms("sign", NUMBER, by="fu.yi")
    submitted.qms("release", NUMBER, by="wen.kong")
    submitted.git("checkout", "-q", "main")
    submitted.git("merge", "-q", "-X", "ours", "-s", "ours", "other", "-m", "Lost")

    (show, record, *_) = told(submitted, "TWIN-LOST", lang)
    done(submitted, show, record)

    assert submitted.call("check").findings == ("CONTESTED",)


@LANGUAGES
@pytest.mark.parametrize("is_committed", [False, True])
def test_an_edit_behind_a_signature_is_undone_or_goes_round_again(
    submitted: Office, lang: str, *, is_committed: bool
) -> None:
    shared(submitted)
    for which in range(2):
        submitted.qms("sign", NUMBER, by="fu.yi") if not which else None
        submitted.edit(TEXT, "# ", "# 新")
        if is_committed:
            committed(submitted)
        (undo, record, submit) = told(submitted, "APPROVAL-MISMATCH", lang)
        if which:
            done(submitted, submit, by="gong.yi")
        else:
            done(submitted, undo, *([record] if is_committed else []))
        fine(submitted)
        assert ("新" in submitted.text(TEXT)) == bool(which)


@LANGUAGES
@pytest.mark.parametrize("is_committed", [False, True])
@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("status: in-review\n", "status: in-review\n# 备注\n", "TAIL"),
        ("status: in-review\n", "", "CUT"),
        ('"data":{}', '"data": {}', "NOT-CANONICAL"),
        ('"reason":null', '"reason":"因故"', "SIGNATURE"),
    ],
)
def test_a_broken_tail_comes_back_as_it_was(  # noqa: PLR0913 - what is broken, and how it is told
    submitted: Office, old: str, new: str, code: str, lang: str, *, is_committed: bool
) -> None:
    shared(submitted)
    submitted.edit(TEXT, old, new)
    if is_committed:
        committed(submitted)

    commands = told(submitted, code, lang)
    done(submitted, commands[0])
    if is_committed:
        done(submitted, *(commands[1:2] or ["git commit -m restore"]))

    fine(submitted)


# the policy


def test_a_policy_file_that_was_edited_and_pushed_comes_back(
    drafted: Office, tmp_path: Path
) -> None:
    push = gate(drafted, tmp_path)
    drafted.edit("people.yaml", "departments:\n", "departments: \n")
    committed(drafted)

    said = push()
    done(drafted, *named(said, "POLICY-FILE")[:2])

    fine(drafted)
    assert not push()


@LANGUAGES
def test_a_policy_file_that_was_edited_is_kept_in_the_stash(drafted: Office, lang: str) -> None:
    shared(drafted)
    drafted.edit("people.yaml", "departments:\n", "departments: # 部门\n")

    done(drafted, told(drafted, "POLICY-FILE", lang)[0])

    fine(drafted)
    assert "部门" in drafted.git("stash", "show", "-p")


@LANGUAGES
def test_a_policy_file_that_is_gone_comes_back(drafted: Office, lang: str) -> None:
    shared(drafted)
    drafted.git("rm", "-q", "people.yaml")
    committed(drafted)

    commands = told(drafted, "ROOT-FILE-MISSING", lang, "policy", "sign", by="gao.feng")
    done(drafted, *commands[:2])

    fine(drafted)


# merges


def both_begin(office: Office) -> None:
    office.git("checkout", "-q", "-b", "other")
    for branch, title in (("other", "铣床"), ("main", "磨床")):
        office.git("checkout", "-q", branch)
        office.qms("new", "work-instruction", "--title", title, by="gong.yi")
        office.git("add", "-A")
        office.git("commit", "-q", "-m", title)
    assert typed(office, "git merge -q other").code


@LANGUAGES
@pytest.mark.parametrize("is_committed", [False, True])
@pytest.mark.parametrize("trunk", ["main", "other"])
def test_two_who_began_one_number_lose_neither_text(
    drafted: Office, trunk: str, lang: str, *, is_committed: bool
) -> None:
    shared(drafted)
    both_begin(drafted)
    drafted.git("update-ref", "refs/remotes/origin/main", trunk)
    if is_committed:
        committed(drafted)
    (aside, keep, _) = told(drafted, "BEGUN-TWICE", lang)
    done(drafted, aside, keep)

    drafted.qms("check", "--all")
    kept, other = ("磨床", "铣床") if trunk == "main" else ("铣床", "磨床")
    assert kept in drafted.text("documents/work-instruction/LX-WI-02.md")
    assert drafted.status == "?? LX-WI-02.md"
    assert other in drafted.text("LX-WI-02.md")


@LANGUAGES
def test_a_conflict_in_a_text_is_ended_by_taking_one_side(drafted: Office, lang: str) -> None:
    shared(drafted)
    drafted.git("checkout", "-q", "-b", "other")
    for branch, title in (("other", "铣床"), ("main", "磨床")):
        drafted.git("checkout", "-q", branch)
        drafted.edit(TEXT, "# 车床", f"# {title}")
        committed(drafted)
    assert typed(drafted, "git merge -q other").code

    (_, _, take, record, look) = told(drafted, "MERGE-CONFLICT", lang)
    done(drafted, take, record)

    fine(drafted)
    assert "磨床" in drafted.text(TEXT)
    assert "铣床" in typed(drafted, look).out


@LANGUAGES
def test_a_signature_that_crossed_a_reject_is_taken_back(submitted: Office, lang: str) -> None:
    shared(submitted)
    submitted.git("checkout", "-q", "-b", "other")
    submitted.qms("sign", NUMBER, by="fu.yi")
    submitted.git("checkout", "-q", "main")
    submitted.qms("reject", NUMBER, "--reason", "不符合", by="fu.yi")
    typed(submitted, "git merge -q -X theirs other -m merged")

    (take, record, submit) = told(submitted, "ROUND", lang)
    done(submitted, take, record)

    fine(submitted)
    done(submitted, submit, by="gong.yi")
    fine(submitted)


# clocks


@LANGUAGES
@pytest.mark.parametrize("step", ["prepare", "approve"])
@pytest.mark.parametrize("by", ["check", "act"])
def test_what_a_clock_ahead_signed_is_taken_back_and_signed_again(
    drafted: Office, lang: str, step: str, by: str
) -> None:
    """Whoever comes next is told whose clock it was, not blamed."""
    acts = {"prepare": (("submit", NUMBER), "gong.yi"), "approve": (("sign", NUMBER), "fu.yi"),
            "publish": (("release", NUMBER), "wen.kong")}  # fmt: skip
    if step == "approve":
        drafted.qms("submit", NUMBER, by="gong.yi")
    shared(drafted)
    act, person = acts[step]
    drafted.later(days=1)
    drafted.qms(*act, by=person)
    drafted.later(days=-1)
    following, follower = acts["approve" if step == "prepare" else "publish"]
    command = ("check",) if by == "check" else following
    answer = drafted.call(*command, by=follower, lang=lang)
    assert answer.findings in {("TIME-AHEAD",), ()}, answer
    assert person in answer.out + answer.err

    done(drafted, *named(answer.out + answer.err, "TIME-AHEAD")[:2])

    fine(drafted)
    drafted.qms(*act, by=person)
    drafted.qms(*following, by=follower)


# bytes


@LANGUAGES
@pytest.mark.parametrize(
    ("code", "spoilt"),
    [
        ("BYTES-CR", lambda text: text.replace("\n", "\r\n").encode()),
        ("BYTES-BOM", lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()),
        ("BYTES-LF", lambda text: text.rstrip("\n").encode()),
        ("BYTES-UTF8", lambda text: text.replace("\n", "\r\n").encode("gb18030")),
    ],
)
@pytest.mark.parametrize("path", [TEXT, "people.yaml"])
def test_what_an_editor_left_is_taken_out_of_a_draft(
    drafted: Office, lang: str, code: str, path: str, spoilt: Callable[[str], bytes]
) -> None:
    shared(drafted)
    before = drafted.text(path)
    drafted.write(path, spoilt(before))

    commands = told(drafted, code, lang)
    done(drafted, *commands[: 2 if code == "BYTES-UTF8" else 1])

    assert drafted.text(path) == before
    fine(drafted)


def test_what_was_signed_is_not_spelled_anew(released: Office) -> None:
    """But what an editor did to it, without another change, is taken back."""
    shared(released)
    released.edit(FILED, "\n", "\r\n")
    assert "Nothing to mend" in released.qms("fix", by="gong.yi")
    done(released, told(released, "BYTES-CR", "en")[1])
    fine(released)


def test_a_text_in_review_gets_its_line_ends_back_if_it_is_what_was_signed(
    submitted: Office,
) -> None:
    shared(submitted)
    signed = submitted.text(TEXT)
    submitted.write(TEXT, signed.replace("# 车床", "# 铣床").replace("\n", "\r\n"))
    assert "Nothing to mend" in submitted.qms("fix", by="gong.yi")
    submitted.write(TEXT, signed.replace("\n", "\r\n"))
    done(submitted, told(submitted, "BYTES-CR", "en")[0])
    assert submitted.text(TEXT) == signed


@pytest.mark.parametrize("key", ["title", "status", "owner"])
def test_a_full_width_colon_is_named(drafted: Office, key: str) -> None:
    drafted.edit(TEXT, f"{key}: ", f"{key}：")
    line = drafted.text(TEXT)[: drafted.text(TEXT).index("：")].count("\n") + 1

    answer = drafted.call("check")

    assert answer.findings == ("YAML-COLON",)
    assert answer.lines == {"YAML-COLON": f"{TEXT}:{line}"}


# places


@LANGUAGES
@pytest.mark.parametrize("is_committed", [False, True])
def test_a_draft_under_another_name_goes_where_its_head_says(
    drafted: Office, lang: str, *, is_committed: bool
) -> None:
    shared(drafted)
    (drafted.folder / TEXT).rename(drafted.folder / TEXT.replace("01", "07"))
    if is_committed:
        committed(drafted)

    commands = told(drafted, "DRAFT-PLACE", lang)
    done(drafted, *commands[: 2 if is_committed else 1])

    fine(drafted)
    assert drafted.text(TEXT)


@LANGUAGES
@pytest.mark.parametrize("path", [TEXT, FILED])
def test_what_is_signed_and_was_renamed_goes_back(released: Office, path: str, lang: str) -> None:
    shared(released)
    other = path.replace("WI-01", "WI-07")
    (released.folder / other).parent.mkdir(exist_ok=True)
    (released.folder / path).rename(released.folder / other)
    committed(released)

    for code in ("DOC-MISSING", "MOVED-ENTRY"):
        done(released, *told(released, code, lang)[:2])

    fine(released)


@LANGUAGES
def test_commits_on_no_branch_get_one(drafted: Office, lang: str) -> None:
    shared(drafted)
    drafted.git("checkout", "-q", "--detach")
    drafted.edit(TEXT, "# 车床", "# 铣床")
    committed(drafted)

    commands = told(drafted, "HEAD-DETACHED", lang, "submit", NUMBER, by="gong.yi")
    done(drafted, commands[0])
    drafted.qms("submit", NUMBER, by="gong.yi")
    done(drafted, *commands[1:])

    assert drafted.git("branch", "--show-current") == "main"
    assert "铣床" in drafted.text(TEXT)


# edits that nobody committed


@LANGUAGES
@pytest.mark.parametrize("which", [0, 1])
def test_an_edit_in_the_way_of_a_signature_is_committed_or_put_aside(
    submitted: Office, which: int, lang: str
) -> None:
    shared(submitted)
    submitted.edit(TEXT, "# 车床", "# 铣床")

    (look, *ways) = told(submitted, "WORKTREE-DIFFERS", lang, "sign", NUMBER, by="fu.yi")
    assert "铣床" in typed(submitted, look).out
    done(submitted, ways[which])

    assert not submitted.status
    if which:
        assert "铣床" in submitted.git("stash", "show", "-p")
        submitted.qms("sign", NUMBER, by="fu.yi")
    else:
        assert submitted.call("sign", NUMBER, by="fu.yi").findings == ("APPROVAL-MISMATCH",)


# copies


@LANGUAGES
def test_who_takes_another_s_copy_is_told_their_own(released: Office, lang: str) -> None:
    released.qms("issue", NUMBER, "--to", "technical", by="wen.kong")
    released.qms("issue", NUMBER, "--to", "business", by="wen.kong")

    (mine,) = told(released, "COPY-NOT-YOURS", lang, "receive", NUMBER, "002", by="gong.yi")

    assert mine == f"qms receive {NUMBER} 001"
    done(released, mine, by="gong.yi")


# rulings


@LANGUAGES
def test_whose_turn_a_ruling_is_is_told_with_what_they_type(released: Office, lang: str) -> None:
    annul = ("annul", NUMBER, "A/0", "--reason", "误发")

    (command, *_) = told(released, "RULING-NOT-YOURS", lang, *annul, by="wen.kong")

    assert not released.status
    done(released, command, by="fu.yi")


# Chinese


def test_chinese_sentences_name_fields_and_acts_in_chinese(released: Office) -> None:
    released.qms("revise", NUMBER, "--summary", "改", by="gong.yi")
    committed(released)
    released.qms("submit", NUMBER, by="gong.yi")

    answer = released.call("sign", NUMBER, by="fu.yi", lang="zh")

    assert "与 A/0 相比：版本、修改内容不同；正文改动 0 处" in answer.out
    assert "版本：[-A/0-] {+A/1+}" in released.call("diff", NUMBER, lang="zh").out
    answer = released.call("receive", NUMBER, "001", by="gong.yi", lang="zh")
    assert f"{NUMBER} 没有可办理签收的分发号 001" in answer.err


def test_nothing_is_said_to_differ_where_only_the_body_does(released: Office) -> None:
    released.qms("revise", NUMBER, "--summary", "首次发布", by="gong.yi")
    released.edit(TEXT, "# 车床", "# 铣床")
    committed(released)
    released.qms("submit", NUMBER, by="gong.yi")

    answer = released.call("sign", NUMBER, by="fu.yi", lang="zh")

    assert "与 A/0 相比：版本不同；正文改动 1 处" in answer.out


@pytest.mark.parametrize("command", [("--help",), (), ("policy",), ("sign", "--help")])
def test_the_usage_is_in_chinese(lx: Office, command: tuple[str, ...]) -> None:
    answer = lx.call(*command, lang="zh")

    assert "Usage" not in answer.out + answer.err
