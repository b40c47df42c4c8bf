"""What another process has read and verified ahead changes no word of what is found."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from qms.ahead import reader as ahead
from qms.ahead.helper_process import HelperProcess
from qms.ahead.read_files import read
from qms.ahead.reader import Ahead
from qms.domain.kinds import reading as entries
from qms.domain.kinds.document import Document
from qms.domain.kinds.log import Log
from qms.domain.kinds.reading import parsed_document
from qms.findings import Finding
from qms.jobs.judging import read_ahead
from qms.jobs.judging.checking import check
from qms.jobs.judging.repository_history import RepositoryHistory, judgement_of
from qms.storage.commit_walk import AHEAD
from qms.storage.repository import Repository
from qms.testing import DocsRepo

if TYPE_CHECKING:
    from qms.ahead.read_files import File

DRAFT = b"""---
number: LX-WI-01
title: Text
class: instruction
revision: A/0
controlled: true
owner: quality
prepared_by: zhang.san
status: draft
approvals: []
---
Text.
"""
COPIED = "LX-WI-10"
FORGED = "LX-WI-90"
REJECTED = "LX-WI-91"
WAITING = "LX-WI-92"


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> DocsRepo:
    """Honest lives, a rejection, and an approval with another statement's signature."""
    repo = DocsRepo.make(tmp_path_factory.mktemp("ahead") / "repo")
    for number in range(10, 30):
        repo.release(f"LX-WI-{number}")
    repo.issue(COPIED, "001")
    repo.draft(REJECTED)
    repo.submit(REJECTED)
    repo.reject(REJECTED, "li.si")
    repo.draft(WAITING)
    repo.submit(WAITING)
    repo.draft(FORGED)
    repo.submit(FORGED)
    prepared, notice, *_ = repo.document(FORGED).slots
    other = repo.document(COPIED).statements[1]
    approved = repo.statement(
        repo.document(FORGED), repo.chain(repo.document(FORGED)).steps[1], notice.person
    )
    forged = replace(approved, signature=other.signature)
    repo.put_slots(FORGED, (prepared, forged), "approved")
    repo.publish(FORGED)
    repo.history.flush()
    return repo


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two cores, a process for however little there is, and nothing remembered."""
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(ahead, "_MANY", 1)
    monkeypatch.setattr(ahead, "_FIRST_SHARE", 1)
    entries._remembered.clear()  # noqa: SLF001


@pytest.fixture
def repository(repo: DocsRepo) -> Iterator[Repository]:
    with Repository.find(repo.path) as found:
        yield found


def blob(repository: Repository, repo: DocsRepo, number: str) -> str:
    entry = repository.tree(repo.tip).entry(repo.working_path(number))
    assert entry is not None
    return entry.id


def read_whole(process: Ahead, blobs: list[str]) -> None:
    """Let it read these, and wait for it, which else nobody does while it is starting."""
    for _ in range(AHEAD):
        process.files([])
    process.files(blobs)
    until = time.monotonic() + 20
    while not process._process.is_ready and time.monotonic() < until:  # noqa: SLF001
        time.sleep(0.01)
    for _ in range(AHEAD):
        process.files([])


def test_the_report_is_the_same_without_another_core(
    repo: DocsRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = repo.report()
    entries._remembered.clear()  # noqa: SLF001
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    alone = repo.report()

    assert "SIGNATURE" in [finding.code for finding in alone.findings]
    assert together == alone


def test_the_report_is_the_same_without_all_that_reads_ahead(
    repo: DocsRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue 10, 3: without the folder nothing changes but time."""
    together = repo.report()
    entries._remembered.clear()  # noqa: SLF001
    monkeypatch.setitem(sys.modules, "qms.ahead.reader", None)
    alone = repo.report()

    assert "SIGNATURE" in [finding.code for finding in alone.findings]
    assert together == alone


def test_a_check_of_everything_is_the_same_without_another_core(
    repo: DocsRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read while git still looks through the work tree is of HEAD, and may differ."""
    monkeypatch.setattr(ahead, "_LARGE", 0)
    monkeypatch.setattr(read_ahead, "_FORESEEN", 1)
    changed = repo.lay_out() / repo.working_path(COPIED)
    before = changed.read_bytes()
    changed.write_bytes(before.replace(b"LX", b"LY"))
    try:
        together = whole(repo)
        entries._remembered.clear()  # noqa: SLF001
        monkeypatch.setattr(os, "cpu_count", lambda: 1)
        alone = whole(repo)
    finally:
        changed.write_bytes(before)

    assert {"SIGNATURE", "MOVED-ENTRY"} <= {finding.code for finding in alone}
    assert together == alone


def whole(repo: DocsRepo) -> tuple[Finding, ...]:
    with Repository.find(repo.path) as found:
        return check(found, repo.hooks, None, whole=True).findings


def test_what_arrives_is_what_parsing_gives(repository: Repository, repo: DocsRepo) -> None:
    tree = repository.tree(repo.tip)
    released = [(path, entry) for path, entry in tree.files("released") if path.endswith(".md")]
    files = [*released, *tree.files("copies")]
    judge = judgement_of(repo.hooks, RepositoryHistory(repository)).judge
    with Ahead(repository) as process:
        process.begin(judge, len(files))
        read_whole(process, [entry.id for _, entry in files])

    for path, entry in files:
        known = entries._remembered[entry.id]  # noqa: SLF001
        if isinstance(known, Document):
            parsed = parsed_document(tree.blob(entry.id))
            assert known == parsed
            assert known.head == parsed.head
            assert [one.id for one in known.statements] == [one.id for one in parsed.statements]
        else:
            assert isinstance(known, Log)
            assert path.startswith("copies/")


def test_the_judge_is_told_what_holds_and_verifies_the_rest(
    repository: Repository, repo: DocsRepo
) -> None:
    """DC-03"""
    judge = judgement_of(repo.hooks, RepositoryHistory(repository)).judge
    with Ahead(repository) as process:
        process.begin(judge, 1)
        read_whole(process, [blob(repository, repo, FORGED), blob(repository, repo, COPIED)])

    faults = [judge.form(slot, "document") for slot in repo.document(FORGED).statements]
    assert [fault and fault.code for fault in faults] == [None, "SIGNATURE", None]
    assert len(judge._told) == 2 + 3  # noqa: SLF001


def test_each_signature_is_verified(repository: Repository, repo: DocsRepo) -> None:
    """DC-03"""
    wanted = [blob(repository, repo, number) for number in (FORGED, COPIED)]

    files = read(repository.objects, wanted)

    assert [verdicts for _, _, verdicts in files] == [b"\1\0\1", b"\1\1\1"]


def test_what_waits_for_signatures_is_not_handed_over(
    repository: Repository, repo: DocsRepo
) -> None:
    wanted = [blob(repository, repo, number) for number in (WAITING, REJECTED)]

    files = read(repository.objects, wanted)

    assert [(one, value is None) for one, value, _ in files] == [
        (wanted[0], True),
        (wanted[1], False),
    ]


def test_where_it_ends_in_the_middle_all_is_read_here(
    repository: Repository, repo: DocsRepo
) -> None:
    judge = judgement_of(repo.hooks, RepositoryHistory(repository)).judge
    first, second = (blob(repository, repo, number) for number in (FORGED, COPIED))
    with Ahead(repository) as process:
        process.begin(judge, 1)
        for _ in range(AHEAD):
            process.files([])
        process.files([first])
        assert not repository.objects.is_kept(first)
        process._process.end()  # noqa: SLF001
        process.files([second])

    assert repository.objects.is_kept(first)
    assert repository.objects.is_kept(second)


def test_a_repository_of_longer_ids_is_read_too(tmp_path: Path) -> None:
    root = tmp_path / "docs"
    command = ("git", "init", "-q", "--object-format=sha256", str(root))
    subprocess.run(command, check=True)
    with Repository.find(root) as repository:
        stored = repository.git.run("hash-object", "-w", "--stdin", stdin=DRAFT)
        wanted = stored.decode("ascii").strip()
        process = HelperProcess("qms.ahead.read_files", str(repository.git_dir), str(root))
        process.start()
        process.ask([wanted])
        answer = cast("list[File]", process.answer())
        process.end()

    assert [(one, value) for one, value, _ in answer] == [(wanted, parsed_document(DRAFT))]


def test_what_is_missing_or_no_document_is_left_to_others(
    repository: Repository, repo: DocsRepo
) -> None:
    tree = repository.tree(repo.tip)
    policy = tree.entry("policy/0001/policy.yaml")
    assert policy is not None
    missing = "1" * len(policy.id)

    assert read(repository.objects, [missing, policy.id]) == []
