"""Attacks on the policy: two valid versions of one number, on two branches."""

from qms.formats import cut, slots
from qms.jobs.judging.admission import standing
from qms.storage.repository import Repository
from qms.testing import DocsRepo, Told
from qms.testing.attacks import gate, verified
from qms.testing.built_history import File, changes_between
from qms.testing.contests import policy_fork, policy_in_force, two_others_sign
from qms.testing.uniting import united

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
    last = slots.statements_in(slots.parse_tail(manifest.tail).slots)[-1].id.partition(":")[2][:16]
    return {
        path.replace("0003", f"0003~{last}"): file
        for path, file in files.items()
        if path.startswith("policy/0003/")
    }


def test_two_policies_of_one_number_are_named_whichever_is_kept(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """Row 31 (RV): thieves of a quorum's old keys let theirs take over in a merge."""
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


def test_while_two_policies_differ_attributes_are_those_of_one_of_them(repo: DocsRepo) -> None:
    """Row 140 (LRV): the root has one side's files, so nothing was compared."""
    theirs = signed_twice(repo)
    repo.commit("Merge", their_folder(repo, theirs), (repo.tip, theirs))
    clean = repo.tip
    assert repo.verify() == [Told("POLICY-FORK", THIRD)]

    repo.write(".gitattributes", b"* export-ignore\n")
    repo.commit("Attack")

    for found in (repo.verify(), repo.check(whole=True)):
        assert found[0] == Told("POLICY-FILE", ".gitattributes")
        assert [told.code for told in found[1:]] == ["POLICY-FORK"]
    assert gate(repo, clean, repo.tip) == [Told("POLICY-FILE", ".gitattributes")]


def test_the_next_policy_settles_which_of_two_stands(repo: DocsRepo) -> None:
    """Row 31 (LV): both are kept, and the quorum of both signs the next one."""
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


LABELS = '{name: labels, distribution: acme-labels, version: ">=1.2,<2"'
OWN = "{name: approval}, {name: numbering}, {name: copies}"


def pins(repo: DocsRepo) -> str:
    """Whom the policies of the tip admit, with no plugin asked."""
    repo.history.flush()
    with Repository.find(repo.path) as repository:
        return str(standing(repository, repository.tree(repo.tip)).admitted)


def test_after_a_fork_that_was_decided_later_policies_admit_and_take_back_plugins(
    repo: DocsRepo,
) -> None:
    """What a version after the fork says of plugins is heard."""
    theirs = signed_twice(repo)
    repo.commit("Merge", their_folder(repo, theirs), (repo.tip, theirs))
    for person in ("li.si", "wang.wu"):
        assert repo.qms("policy", "sign", by=person).code == 0

    repo.policy(keys={"plugins": f"[{OWN}, {LABELS}}}]"})
    assert "labels" in pins(repo)
    repo.policy(keys={"plugins": f"[{OWN}, {LABELS}, void: true}}]"})
    assert "labels" not in pins(repo)


def test_what_either_side_of_a_fork_takes_back_is_not_admitted(repo: DocsRepo) -> None:
    """And what either admits is, until a version that has seen both says otherwise."""
    repo.policy(keys={"plugins": f"[{OWN}, {LABELS}}}]"})
    repo.branch("work")
    repo.policy(keys={"plugins": f"[{OWN}, {LABELS}}}]"})
    repo.checkout("main")
    repo.policy(keys={"plugins": f"[{OWN}, {LABELS}, void: true}}]"})
    assert "labels" not in pins(repo)

    united(repo, "work")

    assert "labels" not in pins(repo)
    assert "copies" in pins(repo)


# which of two stands


def test_a_policy_dated_four_hours_earlier_does_not_take_over(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """X3: before anybody tells, the version before the fork is in force, and no key comes back."""
    policy_fork(repo)

    united(repo, "thief", swap=swap)

    assert policy_in_force(repo) == (2, False)
    assert [told.code for told in repo.verify()] == ["POLICY-FORK"]
    assert [told.code for told in repo.check(whole=True)] == ["POLICY-FORK"]


def test_the_policy_that_people_work_under_stands(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """X3: two persons whom the version before the fork enrols have signed under it."""
    policy_fork(repo)
    two_others_sign(repo)

    united(repo, "thief", swap=swap)

    assert policy_in_force(repo) == (3, False)
    assert [told.code for told in repo.verify()] == ["POLICY-DISPLACED"]

    for person in ("zhao.liu", "wang.wu"):
        assert repo.qms("policy", "sign", by=person).code == 0

    assert policy_in_force(repo) == (4, False)
    assert repo.verify() == []


def test_a_fork_counts_only_people_whom_the_version_before_it_enrols(repo: DocsRepo) -> None:
    """A fork could enrol its own witnesses: mallory's word, and that of thieves, is not heard."""
    policy_fork(repo)
    repo.checkout("thief")
    repo.draft("LX-WI-08", prepared_by="sun.ba")
    repo.commit("Draft LX-WI-08")
    repo.release("LX-WI-08")
    repo.issue("LX-CX-2026-01", "004")
    repo.receive("LX-CX-2026-01", "004", "mallory")
    repo.checkout("main")

    united(repo, "thief")

    assert policy_in_force(repo) == (2, False)


def test_a_key_that_one_side_voids_signs_nothing_while_nothing_is_decided(repo: DocsRepo) -> None:
    """X3: what is signed must hold under both sides."""
    policy_fork(repo)
    repo.checkout("thief")
    repo.release("LX-WI-01")
    repo.checkout("main")

    united(repo, "thief")

    assert "STALE-POLICY" in [told.code for told in repo.verify()]
    assert {told.code for told in repo.verify()} == {told.code for told in repo.check(whole=True)}


def test_whoever_signs_must_choose_a_side_first(repo: DocsRepo) -> None:
    """The way out of a tie: two people keep to one side, and sign anything."""
    policy_fork(repo)
    repo.issue("LX-CX-2026-01", "003", "zhou.jiu", person="wang.wu")
    repo.issue("LX-CX-2026-01", "004", "wu.shi", person="wang.wu")
    united(repo, "thief")

    refused = repo.qms("receive", "LX-CX-2026-01", "003", "--revision", "A/1", by="zhou.jiu")
    assert refused.findings == ("POLICY-FORK",)
    assert "policy keep" in refused.err

    for person, copy in (("zhou.jiu", "003"), ("wu.shi", "004")):
        assert repo.qms("policy", "keep", "0003", by=person).code == 0
        answer = repo.qms("receive", "LX-CX-2026-01", copy, "--revision", "A/1", by=person)
        assert answer.code == 0, answer.err

    assert policy_in_force(repo) == (3, False)
