"""The register only grows, and merging two is their union, whatever the order."""

import pytest

from qms.domain.kinds.kind import Kinds
from qms.domain.kinds.reading import parsed_copy, parsed_document, read_policy
from qms.domain.register.register import Event, Register, Released
from qms.domain.register.source import TreeSource
from qms.formats.paths import copy_path, released_path
from qms.jobs.judging.repository_history import RepositoryHistory, judgement_of
from qms.storage.repository import Repository
from qms.testing import DocsRepo
from qms.testing.laws import Entries

NUMBER = "LX-CX-2026-01"
SHEET = "LX-WI-01"


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> DocsRepo:
    repo = DocsRepo.make(tmp_path_factory.mktemp("register") / "repo")
    repo.release(NUMBER)
    repo.issue(NUMBER, "001")
    repo.receive(NUMBER, "001")
    repo.release(NUMBER)
    repo.release(SHEET)
    return repo


def released(repo: DocsRepo, number: str, revision: str) -> Released:
    document = next(one for one in repo.released(number) if one.revision == revision)
    path = released_path(document.class_id, number, revision)
    return Released(document=document, path=path, blob=f"{number} {revision}")


def events(repo: DocsRepo) -> tuple[Event, ...]:
    path = copy_path("procedure", NUMBER, "A/0", "001")
    log = parsed_copy(repo.read(path))
    return tuple(Event(log=log, slot=slot, path=path) for slot in log.events)


def test_a_union_is_the_same_from_both_sides(repo: DocsRepo) -> None:
    first, second = events(repo)
    one, other = Register(), Register()
    for register in (one, other):
        register.add(released(repo, NUMBER, "A/0"))
        register.add(first)
    one.add(released(repo, NUMBER, "A/1"))
    other.add(released(repo, SHEET, "A/0"))
    other.add(first, second)

    both, swapped = one.copy(), other.copy()
    both.unite(other)
    swapped.unite(one)

    assert Entries.of(both, Kinds()) == Entries.of(swapped, Kinds())
    assert [entry.document.key for entry in both.all_released()] == [
        (NUMBER, "A/0"),
        (NUMBER, "A/1"),
        (SHEET, "A/0"),
    ]
    assert [e.slot.act for events in both.all_lists("copy") for e in events] == ["issue", "receive"]


def test_a_union_leaves_the_other_side_alone(repo: DocsRepo) -> None:
    one, other = Register(), Register()
    other.add(released(repo, NUMBER, "A/0"))

    one.unite(other)
    one.add(released(repo, NUMBER, "A/1"))

    assert len(other.released(NUMBER)) == 1


def test_nothing_is_recorded_twice(repo: DocsRepo) -> None:
    register = Register()
    for _ in range(2):
        register.add(released(repo, NUMBER, "A/0"))
        register.add(*events(repo))

    assert len(register.released(NUMBER)) == 1
    assert len(register.events(NUMBER, "A/0", events(repo)[0].path)) == 2


def test_another_spelling_of_a_text_is_the_same_entry(repo: DocsRepo) -> None:
    register = Register()
    entry = released(repo, NUMBER, "A/0")
    register.add(entry)

    register.add(
        Released(document=parsed_document(repo.read(entry.path)), path=entry.path, blob="other")
    )

    assert register.released(NUMBER) == (entry,)


def test_the_newest_is_the_one_that_nothing_is_based_on(repo: DocsRepo) -> None:
    register = Register()
    register.add(released(repo, NUMBER, "A/0"))
    register.add(released(repo, NUMBER, "A/1"))

    newest = register.newest(NUMBER)

    assert newest is not None
    assert (newest.document.revision, newest.base) == ("A/1", "A/0")
    assert register.newest(SHEET) is None


def test_a_source_is_asked_for_what_is_asked_for(repo: DocsRepo) -> None:
    repo.history.flush()
    with Repository.find(repo.path) as repository:
        tree = repository.tree(repo.tip)
        judge = judgement_of(repo.hooks, RepositoryHistory(repository)).judge
        register = Register((TreeSource(judge, tree),))

        assert register.repo_id == repo.repo_id
        verified = judge.verified
        assert register.released("LX-WI-09") == ()
        assert judge.verified == verified
        assert [one.document.revision for one in register.released(NUMBER)] == ["A/0", "A/1"]
        assert judge.verified > verified
        assert register.numbers() == {NUMBER: "procedure", SHEET: "instruction"}
        assert not hasattr(read_policy(tree, "policy/0001", ""), "code")
