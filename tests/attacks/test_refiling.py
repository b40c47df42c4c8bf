"""Attacks by filing once more, alone, what several people had signed: the bytes are public.

And by what has no effect: void statements bear no witness, void branches contest nothing.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from qms.domain.kinds.reading import parsed_document
from qms.domain.library.effect import Effects
from qms.domain.register.policies import AGREE, FILE
from qms.domain.register.register import Register
from qms.domain.register.source import TreeSource
from qms.formats import cut, slots
from qms.formats.paths import policy_folder, released_path
from qms.formats.slots import Base, Notice, Statement
from qms.jobs.judging.repository_history import RepositoryHistory, judgement_of
from qms.storage.repository import Repository
from qms.testing import DocsRepo, Told, key
from qms.testing.contests import (
    FOLDER,
    SHEET,
    chain_decides,
    effects,
    parted,
    policy_fork,
    policy_in_force,
    release,
    standing,
    two_others_sign,
    two_others_work,
)
from qms.testing.desk import last_act
from qms.testing.laws import standing as recorded_now
from qms.testing.laws import walked
from qms.testing.refiling import refile_policy, refile_text
from qms.testing.uniting import united

HONEST = ("zhao.liu", "wang.wu")


def void_li_si(repo: DocsRepo) -> None:
    """Policy 3 voids li.si's old key."""
    repo.policy(lambda company: company.with_new_key("li.si"), by=HONEST)


# policies


def test_a_voided_key_does_not_put_off_the_version_that_voids_it(repo: DocsRepo) -> None:
    """Dated 2099, the filing of policy 3 would be ahead, and policy 2 in force again."""
    void_li_si(repo)
    clock = repo.now
    refile_policy(repo, 3, "li.si", key("li.si"), at=repo.now.replace(year=2099))
    repo.now = clock + timedelta(hours=1)

    assert policy_in_force(repo, clock=True)[0] == 3
    assert repo.verify() == []


def test_a_keeper_alone_does_not_date_a_version_behind_what_cites_it(repo: DocsRepo) -> None:
    release(repo, "真的")
    repo.tick()

    refile_policy(repo, 2, "zhao.liu", repo.key_of("zhao.liu"), at=repo.now)

    assert standing(repo) == ("A/1", "真的")
    assert repo.verify() == []


def test_the_files_at_the_root_may_be_those_of_any_filing(repo: DocsRepo) -> None:
    release(repo, "真的")

    refile_policy(repo, 2, "zhao.liu", repo.key_of("zhao.liu"), at=repo.now)
    marked = next(one for one in repo.below("policy") if "~" in one and "policy.yaml" in one)
    repo.write("policy.yaml", repo.read(marked))
    repo.commit("Take the other filing")

    assert repo.verify() == repo.check(whole=True) == []


def test_a_voided_key_does_not_say_that_its_own_fork_was_seen(repo: DocsRepo) -> None:
    with parted(repo, "thief") as theirs:
        void_li_si(repo)
        theirs()
        release(repo, "偷的")
        thief = repo.tip

    refile_policy(repo, 3, "li.si", key("li.si"), seen=f"sha1:{thief}")

    assert standing(repo) == ("A/0", "正文。")


def test_a_keeper_alone_does_not_say_that_nothing_was_seen(repo: DocsRepo) -> None:
    """What li.si had approved before her key was voided stands, whoever files policy 3 again."""
    release(repo, "真的")
    old = repo.seen
    for turn in range(3):
        repo.commit(f"Note {turn}", {f"notes/{turn}.txt": b"x\n"})
    void_li_si(repo)
    before = repo.history.files(repo.tip)
    assert before
    root = f"sha1:{repo.root}"

    refile_policy(repo, 3, "zhao.liu", repo.key_of("zhao.liu"), seen=root)

    assert old != root
    assert standing(repo) == ("A/1", "真的")
    assert [one.code for one in repo.verify()] == ["SEEN-MISSING"]


def test_a_version_dated_after_the_next_one_is_no_other_for_check(repo: DocsRepo) -> None:
    """The law R(tip) = R(tip's tree alone): one keeper files policy 2 again, dated after 3."""
    void_li_si(repo)
    repo.now += timedelta(hours=1)

    refile_policy(repo, 2, "zhao.liu", repo.key_of("zhao.liu"), at=repo.now)

    assert walked(repo) == recorded_now(repo)
    assert policy_in_force(repo)[0] == 3


@pytest.mark.parametrize("person", ["li.si", "wang.wu"])
def test_the_true_policy_is_not_made_the_later_one(repo: DocsRepo, person: str) -> None:
    """X3: the true policy 3 is filed once more by who had seen the thieves' own one."""
    policy_fork(repo)
    two_others_sign(repo)
    thief = repo.history.branches["thief"]
    united(repo, "thief")
    assert policy_in_force(repo) == (3, False)

    refile_policy(repo, 3, person, key(person), seen=f"sha1:{thief}")

    assert policy_in_force(repo) == (3, False)


def test_the_same_bytes_on_another_base_take_no_version_off_the_line(repo: DocsRepo) -> None:
    """Thieves of the displaced 3' sign the very bytes of the true policy 4 on it."""
    policy_fork(repo)
    two_others_sign(repo)
    united(repo, "thief")
    repo.policy(lambda company: company.with_new_key("zhou.jiu"), by=HONEST)
    assert policy_in_force(repo) == (4, False)
    theirs = next(
        path.rpartition("/")[0] for path in repo.below("policy")
        if path.startswith("policy/0003~") and path.endswith("policy.yaml")
    )  # fmt: skip
    parts = cut.cut_yaml(repo.read(f"{theirs}/policy.yaml"))
    last = slots.statements_in(slots.parse_tail(parts.tail).slots)[-1]
    data = repo.read("policy/0004/policy.yaml")
    true = next(
        s
        for s in slots.statements_in(slots.parse_tail(cut.cut_yaml(data).tail).slots)
        if s.act == FILE
    )
    made: list[Statement] = []
    for act, step, person in ((AGREE, "1", "li.si"), (AGREE, "1", "wang.wu"), (FILE, "2", "li.si")):
        after = [slot.id for slot in made] if act == FILE else [last.id]
        made.append(
            repo.sign_slot(
                Notice(act, step, "policy-keeper", person), true.subject,
                true.content, after=after, by=key(person), policy=parts.content,
                base=Base("3", parts.content), seen=f"sha1:{repo.tip}",
                name=repo.company.person(person).name,
            )
        )  # fmt: skip
    place = policy_folder(4, made[-1].id.partition(":")[2][:16])
    tail = slots.render_tail(slots.Tail("signed", slots.in_order(made)))
    repo.write(f"{place}/policy.yaml", cut.with_tail(data, tail))
    for name in ("people.yaml", "qms.yaml"):
        repo.write(f"{place}/{name}", repo.read(f"policy/0004/{name}"))
    repo.commit("File policy 4 on the other side")

    assert policy_in_force(repo) == (4, False)
    assert walked(repo) == recorded_now(repo)


def test_a_policy_filed_again_makes_no_twin_the_first(repo: DocsRepo) -> None:
    """Rule 3 by one keeper: policy 2, filed by who had seen the twin and not the true one."""
    with parted(repo, "twin") as theirs:
        release(repo, "真的")
        two_others_work(repo)
        theirs()
        release(repo, "假的")
        twin = repo.tip

    refile_policy(repo, 2, "wang.wu", repo.key_of("wang.wu"), seen=f"sha1:{twin}")

    assert standing(repo) == ("A/1", "真的")


# revisions


def test_the_true_text_is_not_made_the_later_one(repo: DocsRepo) -> None:
    """An accomplice publishes the true text once more, having seen the twin."""
    with parted(repo, "twin") as theirs:
        release(repo, "真的")
        two_others_work(repo)
        true = repo.read(f"{FOLDER}/A-1.md")
        theirs()
        release(repo, "假的")
        refile_text(repo, true, "wang.wu", f"sha1:{repo.tip}")

    assert standing(repo) == ("A/1", "真的")


def test_an_old_text_filed_again_by_a_void_key_is_no_rival(repo: DocsRepo) -> None:
    """X1: the bytes of A/0 are signed again on A/1; what builds on A/0 doesn't build on that."""
    release(repo, "一")
    before = repo.tip
    first = parsed_document(repo.read(f"{FOLDER}/A-1.md"))
    old = repo.read(f"{FOLDER}/A-0.md")
    with parted(repo, "thief") as theirs:
        void_li_si(repo)
        release(repo, "二", "A/2")
        theirs()
        document = parsed_document(old)
        laid: list[Statement] = []
        for act, step, role, person in (
            ("prepare", "1", "preparer", "sun.ba"),
            ("approve", "2", "quality-manager", "li.si"),
            ("publish", "3", "document-controller", "wang.wu"),
        ):
            day = str(repo.today)
            laid.append(
                repo.sign_slot(
                    Notice(act, step, role, person), document.subject, document.content,
                    base=Base("A/1", first.content),
                    after=[laid[-1].id if laid else last_act(first)],
                    data={"published": day, "effective": day} if act == "publish" else {},
                    seen=f"sha1:{before}",
                )
            )  # fmt: skip
        mark = laid[-1].id.partition(":")[2][:16]
        place = released_path(document.class_id, SHEET, document.revision, mark)
        tail = slots.render_tail(slots.Tail("published", slots.in_order(laid)))
        repo.write(place, cut.with_tail(old, tail))
        repo.commit("File an old text again")

    assert standing(repo) == ("A/2", "二")


def test_people_whose_keys_are_void_bear_no_witness(repo: DocsRepo) -> None:
    """Two who left long ago speak for the fork, with the keys that they took along."""
    repo.issue("LX-CX-2026-01", "003", "zhou.jiu")
    repo.issue("LX-CX-2026-01", "004", "wu.shi")
    with parted(repo, "fork") as theirs:
        repo.policy(
            lambda company: company.with_new_key("zhou.jiu").with_new_key("wu.shi"), by=HONEST
        )
        release(repo, "真的")
        for copy, person in (("001", "zhao.liu"), ("002", "qian.qi")):
            repo.issue("LX-CX-2026-01", copy + "1", person)
            repo.event(
                "receive", "LX-CX-2026-01", copy + "1", person, role=None, data={"by": person}
            )
        theirs()
        release(repo, "假的")
        repo.receive("LX-CX-2026-01", "003", "zhou.jiu", seen=f"sha1:{repo.tip}")
        repo.receive("LX-CX-2026-01", "004", "wu.shi", seen=f"sha1:{repo.tip}")

    assert standing(repo) == ("A/1", "真的")


def settled_for(repo: DocsRepo, text: str) -> None:
    with effects(repo) as known:
        mine = next(
            one.beside for one in known.register.named(SHEET, "A/1") if text in one.document.body
        )
    chain_decides(repo, "settle", SHEET, "--stands", mine, reason="先发布")


@pytest.mark.parametrize("first", [False, True], ids=["child-after", "child-before"])
def test_a_child_of_what_was_ruled_out_contests_nothing(
    repo: DocsRepo,
    first: bool,  # noqa: FBT001 - a case
) -> None:
    with parted(repo, "twin") as theirs:
        release(repo, "这一份")
        theirs()
        release(repo, "那一份")
        if first:
            release(repo, "之后", "A/2")
    settled_for(repo, "这一份")
    if not first:
        repo.checkout("twin")
        release(repo, "之后", "A/2")
        repo.checkout("main")
        united(repo, "twin")

    assert standing(repo) == ("A/1", "这一份")
    assert "DISPLACED" in [one.code for one in repo.verify()]


def test_a_string_that_its_line_had_is_named(repo: DocsRepo) -> None:
    release(repo, "一")
    release(repo, "二", "A/2")
    release(repo, "又一", "A/1")

    assert standing(repo) == ("A/2", "二")
    assert "REVISION-REUSE" in [one.code for one in repo.verify()]


def test_a_shallow_clone_picks_neither(repo: DocsRepo, tmp_path: Path) -> None:
    """It lacks the commits that tell who had seen what: nothing new is in force there."""
    repo.issue("LX-CX-2026-01", "004")
    repo.issue("LX-CX-2026-01", "005", "wu.shi")
    with parted(repo, "fork") as theirs:
        release(repo, "真的")
        two_others_work(repo)
        for turn in range(12):
            repo.commit(f"Note {turn}", {f"notes/{turn}.txt": b"x\n"})
        theirs()
        release(repo, "假的")
        repo.receive("LX-CX-2026-01", "004", "zhou.jiu", seen=f"sha1:{repo.tip}")
        repo.receive("LX-CX-2026-01", "005", "wu.shi", seen=f"sha1:{repo.tip}")
    repo.history.flush()
    clone = tmp_path / "shallow"
    repo.history.git(
        "clone", "-q", "--depth", "8", "--branch", "main", f"file://{repo.path}", str(clone)
    )

    with Repository.find(clone) as repository:
        judge = judgement_of(repo.hooks, RepositoryHistory(repository)).judge
        known = Effects(judge, Register((TreeSource(judge, repository.tree(repo.tip)),)))
        found = known.in_force(SHEET, repo.today + timedelta(days=900))

    assert found is not None
    assert "假的" not in found.document.body


def test_a_joint_settlement_is_not_undone_by_one_person(repo: DocsRepo) -> None:
    repo.branch("work")
    repo.policy(lambda company: company.with_role("quality-manager", "zhou.jiu"))
    repo.checkout("main")
    repo.policy(lambda company: company.with_role("archivist", "zhou.jiu"))
    united(repo, "work")
    for person in ("li.si", "wang.wu"):
        assert repo.qms("policy", "sign", by=person).code == 0
    assert policy_in_force(repo)[0] == 4

    refile_policy(repo, 3, "wang.wu", repo.key_of("wang.wu"))

    assert policy_in_force(repo)[0] == 4
    assert Told("POLICY-FORK", "policy/0003/policy.yaml") not in repo.verify()
