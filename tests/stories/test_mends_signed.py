"""Mends of what was signed, a text or a policy, work as printed, and throw nothing away (US-24)."""

import re
from pathlib import Path

import pytest

from qms.testing.mended import by_git, committed, done, fine, gate, named, shared, told, typed
from qms.testing.office import Office

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"
FILED = f"released/work-instruction/{NUMBER}/A-0.md"
COMPANIES = Path(__file__).parent / "companies"
COPY = f"copies/work-instruction/{NUMBER}/A-0/001.yaml"
LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh"])


# what was signed


@LANGUAGES
def test_an_edit_of_what_is_filed_is_undone_and_kept(released: Office, lang: str) -> None:
    """The first way named is a command of ours; git has another one."""
    shared(released)
    released.edit(FILED, "# 车床", "# 铣床")
    first = told(released, "DOC-CHANGED", lang)[0]
    assert first == f"qms restore {FILED}"

    said = typed(released, first).out

    fine(released)
    kept = re.search(r"kept: (/.*)", said)
    assert kept is not None, said
    assert "铣床" in Path(kept[1]).read_text()
    released.edit(FILED, "# 车床", "# 铣床")
    done(released, by_git(told(released, "DOC-CHANGED", lang))[0])
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

        here = by_git(told(released, code, lang))
        assert by_git(named(said, code))[0] == here[0]
        done(released, *here[:2])

        fine(released)
        assert not push()


@LANGUAGES
@pytest.mark.parametrize("command", [("check", "--all"), ("check", "released", "copies")])
def test_what_the_trunk_has_wrong_already_comes_back_too(
    issued: Office, lang: str, command: tuple[str, ...]
) -> None:
    """Pushed past a gate: the trunk's own files know nothing any more of what was signed."""
    was = {path: issued.text(path) for path in (FILED, COPY)}
    signature = was[COPY].index('"signature":') + 200
    for wrong in ("铣", "磨"):
        issued.write(FILED, was[FILED].replace("# 车", f"# {wrong}"))
        issued.write(COPY, f"{was[COPY][:signature]}{ord(wrong)}{was[COPY][signature + 5 :]}")
        committed(issued)
    shared(issued)
    issued.write("aside.txt", "x\n")
    committed(issued)

    for code in ("DOC-CHANGED", "SIGNATURE"):
        done(issued, *by_git(told(issued, code, lang, *command))[:2])

    assert {path: issued.text(path) for path in was} == was
    fine(issued)


def test_what_holds_by_a_strangers_policy_is_no_way_back(released: Office, tmp_path: Path) -> None:
    """Their history was merged in with a text for the same place, signed by their own people."""
    was = released.text(FILED)
    theirs = another_company(tmp_path / "theirs")
    released.git("fetch", "-q", str(theirs.folder), "main")
    merge = ("merge", "-q", "-s", "ours", "--no-commit", "--allow-unrelated-histories")
    released.git(*merge, "FETCH_HEAD")
    released.edit(FILED, "# 车床", "# 铣床")
    committed(released)
    shared(released)

    done(released, *by_git(told(released, "DOC-CHANGED", "en", "check", "--all"))[:2])

    assert theirs.text(FILED) != was == released.text(FILED)


def another_company(folder: Path) -> Office:
    """One with people of the same names and keys, and its own LX-WI-01."""
    files = {one.name: one.read_bytes() for one in (COMPANIES / "lx").iterdir()}
    other = Office.found(folder, files, ("gao.feng", "guan.ning"))
    other.qms("new", "work-instruction", "--title", "车床", by="gong.yi")
    other.git("add", "-A")
    other.git("commit", "-q", "-m", "Draft")
    other.qms("submit", NUMBER, by="gong.yi")
    other.qms("sign", NUMBER, by="fu.yi")
    other.qms("release", NUMBER, by="wen.kong")
    return other


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
        (submit, undo, record) = told(submitted, "APPROVAL-MISMATCH", lang)
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


@LANGUAGES
@pytest.mark.parametrize("is_committed", [False, True])
@pytest.mark.parametrize("is_released", [False, True])
def test_a_pasted_text_goes_round_without_the_others_signatures(
    submitted: Office, lang: str, *, is_released: bool, is_committed: bool
) -> None:
    """No commit has it right, and nobody whose name it has signed it: nothing there is lost."""
    if is_released:
        submitted.qms("sign", NUMBER, by="fu.yi")
        submitted.qms("release", NUMBER, by="wen.kong")
    shared(submitted)
    pasted = TEXT.replace(NUMBER, "LX-WI-02")
    submitted.write(pasted, submitted.text(TEXT).replace(NUMBER, "LX-WI-02"))
    if is_committed:
        committed(submitted)

    code = "DOC-UNAPPROVED" if is_released else "SIGNATURE"
    said = submitted.call("check", lang=lang).out
    assert "`approvals: []`" in said
    assert "`status: draft`" in said
    command = next(one for one in named(said, code) if one.startswith("qms submit"))
    head, _, rest = submitted.text(pasted).partition("status: ")
    body = rest.partition("\n---\n")[2]
    submitted.write(pasted, f"{head}status: draft\napprovals: []\n---\n{body}")
    done(submitted, command, by="gong.yi")

    fine(submitted)
    submitted.qms("sign", "LX-WI-02", by="fu.yi")


# the policy


def test_a_policy_file_that_was_edited_and_pushed_comes_back(
    drafted: Office, tmp_path: Path
) -> None:
    push = gate(drafted, tmp_path)
    drafted.edit("people.yaml", "departments:\n", "departments: \n")
    committed(drafted)

    said = push()
    done(drafted, *by_git(named(said, "POLICY-FILE"))[:2])

    fine(drafted)
    assert not push()


@LANGUAGES
def test_a_policy_file_that_was_edited_is_kept_in_the_stash(drafted: Office, lang: str) -> None:
    shared(drafted)
    drafted.edit("people.yaml", "departments:\n", "departments: # 部门\n")

    done(drafted, by_git(told(drafted, "POLICY-FILE", lang))[0])

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
