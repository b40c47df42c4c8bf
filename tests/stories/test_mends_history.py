"""Mends of what a merge or a clock left work as printed, and throw nothing away (US-24)."""

import pytest

from qms.testing.mended import committed, done, fine, named, shared, told, typed
from qms.testing.office import Office

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"
LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh"])


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

    (*_, aside, take, record) = told(drafted, "MERGE-CONFLICT", lang)
    done(drafted, aside, take, record)

    assert "磨床" in drafted.text(TEXT)
    assert "铣床" in drafted.text(f"{NUMBER}.md")
    drafted.qms("check", "--all")
    assert drafted.status == f"?? {NUMBER}.md"


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

NAMES = {
    "en": {"gong.yi": "Gong Yi", "fu.yi": "Fu Yi"},
    "zh": {"gong.yi": "龚怡", "fu.yi": "傅毅"},
}


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
    assert NAMES[lang][person] in answer.out + answer.err

    done(drafted, *named(answer.out + answer.err, "TIME-AHEAD")[:2])

    fine(drafted)
    drafted.qms(*act, by=person)
    drafted.qms(*following, by=follower)
