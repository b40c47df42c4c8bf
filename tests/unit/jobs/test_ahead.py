"""What another core has verified ahead changes no word of what is found."""

import os
from dataclasses import replace

import pytest

from qms.jobs.ahead import Verifier
from qms.jobs.judges import RepositoryHistory, bench
from qms.jobs.verify import Report
from qms.storage.repository import Repository
from qms.testing import DocsRepo

FORGED = "LX-WI-90"


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> DocsRepo:
    """Enough signatures to start a process for, and one that is another statement's."""
    repo = DocsRepo.make(tmp_path_factory.mktemp("ahead") / "repo")
    for number in range(10, 55):
        repo.release(f"LX-WI-{number}")
    repo.draft(FORGED)
    repo.submit(FORGED)
    prepared, notice, *_ = repo.document(FORGED).slots
    other = repo.document("LX-WI-10").slots[1].signed
    assert other is not None
    approved = repo.statement(
        repo.document(FORGED), repo.chain(repo.document(FORGED)).steps[1], notice.person
    )
    assert approved.signed is not None
    forged = replace(approved.signed, signature=other.signature)
    repo.put_slots(FORGED, (prepared, replace(approved, signed=forged)), "approved")
    repo.publish(FORGED)
    return repo


def verified(repo: DocsRepo, cores: int, monkeypatch: pytest.MonkeyPatch) -> Report:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    return repo.report()


def test_the_report_is_the_same_with_another_core(
    repo: DocsRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DC-03"""
    alone = verified(repo, 1, monkeypatch)
    together = verified(repo, 2, monkeypatch)

    assert [finding.code for finding in alone.findings] == ["SIGNATURE"]
    assert together == alone


def test_a_judge_knows_after_the_next_call_what_was_verified(
    repo: DocsRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    statements = {
        slot.id for number in range(10, 55) for slot in repo.document(f"LX-WI-{number}").slots
    }
    with Repository.find(repo.path) as repository:
        judge = bench(repo.hooks, RepositoryHistory(repository)).judge
        tree = repository.tree(repo.tip)
        files = [entry for path, entry in tree.files("documents") if FORGED not in path]
        with Verifier(judge) as verifier:
            verifier.files([tree.blob(entry.id) for entry in files])
            before = judge.verified
            verifier.files(())

    assert before == 0
    assert judge.verified == len(statements)
