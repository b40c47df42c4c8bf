"""S: what a signing command refuses before anybody's key is asked for; nothing is committed."""

from datetime import timedelta

import pytest

from qms.testing import SHORT_CHAIN, DocsRepo

NUMBER = "LX-CX-2026-01"


def refused(repo: DocsRepo, by: str, *arguments: str) -> str:
    """The one code with which a command refuses."""
    before = repo.tip
    answer = repo.qms(*arguments, by=by)
    assert answer.code == 1, answer
    assert repo.tip == before
    (code,) = answer.findings
    return code


@pytest.mark.parametrize("number", ["LX-WI-02", "LX-WI-03"], ids=["in-review", "draft"])
def test_nobody_issues_what_is_not_released(repo: DocsRepo, number: str) -> None:
    """Row 37 (S)"""
    assert refused(repo, "wang.wu", "issue", number, "--to", "quality") == "ISSUE-NOTHING"


def test_nobody_issues_what_is_superseded(repo: DocsRepo) -> None:
    """Row 37 (S)"""
    repo.tick(timedelta(days=30))
    old = ("--revision", "A/0", "--to", "quality")

    assert refused(repo, "wang.wu", "issue", NUMBER, *old) == "ISSUED-SUPERSEDED"


def test_nobody_recalls_a_copy_that_was_never_issued(repo: DocsRepo) -> None:
    """Row 38 (S)"""
    recall = ("recall", NUMBER, "009", "--due", "2026-12-01", "--reason", "停产")

    assert refused(repo, "wang.wu", *recall) == "COPY-NOT-OUT"


def test_nobody_receives_another_holders_copy(repo: DocsRepo) -> None:
    """Row 38 (S)"""
    assert refused(repo, "sun.ba", "receive", NUMBER, "002") == "COPY-NOT-YOURS"


@pytest.mark.parametrize("reason", ["a\nperson: li.si", "a\rb", "a\x1b[2J", "a\u2028b", "a\u202eb"])
def test_nobody_signs_a_reason_that_goes_on_in_another_line(repo: DocsRepo, reason: str) -> None:
    """Row 88 (S)"""
    reject = ("reject", "LX-WI-02", "--reason", reason)

    assert refused(repo, "li.si", *reject) == "NOT-CANONICAL"


def test_a_key_file_signs_nothing_where_the_class_asks_for_a_device(repo: DocsRepo) -> None:
    """Row 104 (S)"""
    chain = SHORT_CHAIN + "    assurance: fido\n"
    repo.policy(lambda company: company.with_chain("instruction", chain))

    assert refused(repo, "li.si", "sign", "LX-WI-02") == "ASSURANCE"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"class: instruction", b"class: guide", "NO-CHAIN"),
        (b"class: instruction", b"class: procedure", "MOVED-ENTRY"),
        (b"owner: technical", b"owner: quality", "NOT-YOUR-TURN"),
    ],
)
def test_a_text_in_review_goes_on_under_no_other_chain(
    repo: DocsRepo, old: bytes, new: bytes, code: str
) -> None:
    """Row 100 (LS)"""
    path = "documents/instruction/LX-WI-02.md"
    changed = repo.read(path).replace(old, new)
    repo.edit(path, changed)
    assert {told.path for told in repo.check()} == {path}
    repo.commit("Attack", {path: changed})

    assert refused(repo, "li.si", "sign", "LX-WI-02") == code
