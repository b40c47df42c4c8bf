"""DC-05: which revision people work by on a day."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from qms.testing import DocsRepo, Told
from qms.testing.contests import effects

SHEET = "LX-WI-01"


@pytest.fixture
def repo(tmp_path: Path) -> DocsRepo:
    return DocsRepo.make(tmp_path / "repo")


def in_force(repo: DocsRepo, *days: date) -> list[str | None]:
    with effects(repo) as known:
        found = [known.in_force(SHEET, day) for day in days]
    return [None if entry is None else entry.document.revision for entry in found]


def test_a_revision_is_in_force_from_its_effective_day(repo: DocsRepo) -> None:
    first = repo.today + timedelta(days=10)
    repo.release(SHEET, effective=first)
    second = first + timedelta(days=30)
    repo.release(SHEET, effective=second)

    day = timedelta(days=1)
    assert in_force(repo, first - day, first, second - day, second, second + 999 * day) == [
        None, "A/0", "A/0", "A/1", "A/1",
    ]  # fmt: skip


def test_a_text_in_review_changes_nothing(repo: DocsRepo) -> None:
    repo.release(SHEET, effective=repo.today)
    repo.revise(SHEET)
    repo.submit(SHEET)
    repo.sign(SHEET)

    assert in_force(repo, repo.today + timedelta(days=90)) == ["A/0"]


def test_a_signature_made_after_the_effective_day_puts_it_off(repo: DocsRepo) -> None:
    repo.draft(SHEET)
    repo.submit(SHEET)
    repo.sign(SHEET)
    signed = repo.today
    repo.publish(SHEET, data={"published": str(signed), "effective": str(signed)})

    assert in_force(repo, signed - timedelta(days=1), signed) == [None, "A/0"]


def test_what_a_policy_had_not_seen_and_forbids_has_no_effect(repo: DocsRepo) -> None:
    repo.release(SHEET, effective=repo.today)
    repo.branch("work")
    repo.release(SHEET, effective=repo.today)
    repo.checkout("main")
    repo.policy(lambda company: company.with_new_key("li.si"))
    repo.merge("work")

    with effects(repo) as known:
        codes = [finding.code for finding in known.findings(SHEET)]

    assert in_force(repo, repo.today + timedelta(days=1)) == ["A/0"]
    assert codes == ["STALE-POLICY"]


def test_what_a_policy_had_seen_stands_for_ever(repo: DocsRepo) -> None:
    repo.release(SHEET, effective=repo.today)
    repo.policy(lambda company: company.with_new_key("li.si"))

    assert in_force(repo, repo.today + timedelta(days=1)) == ["A/0"]


@pytest.mark.parametrize("swap", [False, True])
def test_of_two_revisions_on_one_base_that_nothing_tells_apart_none_has_effect(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    repo.release(SHEET, effective=repo.today)
    repo.branch("work")
    repo.release(SHEET, effective=repo.today)
    repo.checkout("main")
    repo.release(SHEET, revision="B/0", effective=repo.today)
    repo.merge("work", swap=swap, resolve=lambda _path, ours, _theirs: ours)

    assert in_force(repo, repo.today + timedelta(days=1)) == ["A/0"]
    assert Told("REVISION-FORK", "released/instruction/LX-WI-01/B-0.md") in repo.verify()
