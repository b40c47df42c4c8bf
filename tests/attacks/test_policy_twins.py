"""Attacks on the policy: two valid versions of one number, on two branches."""

import pytest

from qms.formats import cut, slots
from qms.testing import DocsRepo, Told
from qms.testing.attacks import gate, verified
from qms.testing.history import File, changes_between

THIRD = "policy/0003/policy.yaml"


def signed_twice(repo: DocsRepo) -> str:
    """The quorum signs one policy 3 on a branch, another one on main; gives the branch's tip."""
    repo.branch("work")
    theirs = repo.policy(lambda company: company.with_role("quality-manager", "zhou.jiu"))
    repo.checkout("main")
    repo.policy(lambda company: company.with_role("archivist", "zhou.jiu"))
    return theirs


def their_folder(repo: DocsRepo, theirs: str) -> dict[str, File]:
    """The branch's policy 3, for the place beside that of main."""
    files = repo.history.files(theirs)
    manifest = cut.cut_yaml(files[THIRD].data)
    last = slots.parse_tail(manifest.tail).slots[-1].id.partition(":")[2][:16]
    return {
        path.replace("0003", f"0003~{last}"): file
        for path, file in files.items()
        if path.startswith("policy/0003/")
    }


@pytest.mark.parametrize("swap", [False, True])
def test_two_policies_of_one_number_are_named_whichever_is_kept(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """Row 31: thieves of a quorum's old keys let theirs take over in a merge."""
    theirs = signed_twice(repo)
    clean, merged = repo.tip, dict(repo.files)
    files = repo.history.files(theirs)
    merged |= {name: files[name] for name in ("people.yaml", "policy.yaml", "qms.yaml")}
    parents = (theirs, clean) if swap else (clean, theirs)
    start = dict(repo.history.files(parents[0]))

    merge = repo.history.commit("main", parents, changes_between(start, merged), "M", repo.tick())

    assert [told.code for told in gate(repo, clean, merge)] == ["POLICY-FORK"]
    code, named = verified(repo)
    assert [one.code for one in named] == ["POLICY-FORK"]
    assert code == 1


def test_the_next_policy_settles_which_of_two_stands(repo: DocsRepo) -> None:
    """Row 31: both are kept, and the quorum of both signs the next one."""
    theirs = signed_twice(repo)
    repo.commit("Merge", their_folder(repo, theirs), (repo.tip, theirs))
    assert repo.verify() == [Told("POLICY-FORK", THIRD)]

    for person in ("li.si", "wang.wu"):
        assert repo.qms("policy", "sign", by=person).code == 0

    assert repo.verify() == []
    assert repo.check(whole=True) == []

    repo.delete(next(iter(their_folder(repo, theirs))).rpartition("/")[0])
    repo.commit("Attack")

    assert [told.code for told in repo.verify()] == ["POLICY-DIGEST"]
