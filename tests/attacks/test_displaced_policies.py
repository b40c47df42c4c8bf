"""A policy that gave way has no say: it stops no tool, admits no plugin and takes none away."""

from collections.abc import Callable

from qms.jobs.judging.admission import standing
from qms.storage.repository import Repository
from qms.testing import DocsRepo, Told
from qms.testing.attacks import verified
from qms.testing.company import Company
from qms.testing.contests import two_others_sign
from qms.testing.uniting import united


def fork(
    repo: DocsRepo, change: Callable[[Company], Company] = lambda company: company, **keys: str
) -> None:
    """The quorum voids li.si's key on main; on branch thief whoever has it signs another 3."""
    repo.branch("thief")
    repo.checkout("main")
    repo.policy(lambda company: company.with_new_key("li.si"), by=("zhao.liu", "wang.wu"))
    repo.checkout("thief")
    repo.policy(change, by=("li.si", "wang.wu"), keys=keys)
    repo.checkout("main")


def admitted(repo: DocsRepo) -> set[str]:
    """The plugins that the tip's policies admit."""
    repo.history.flush()
    with Repository.find(repo.path) as repository:
        found = standing(repository, repository.tree(repo.tip)).admitted
    assert found is not None
    return {pin.name for pin in found.newest}


def test_a_twin_that_nobody_can_read_stops_nobody_once_it_gave_way(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """Thieves of a quorum's void keys had every command end with TOOL-OLD, for ever."""
    fork(repo, rulebook="9999")
    two_others_sign(repo)

    united(repo, "thief", swap=swap)

    assert [told.code for told in repo.verify()] == ["POLICY-DISPLACED"]
    assert [told.code for told in repo.check(whole=True)] == ["POLICY-DISPLACED"]
    assert repo.qms("list").code == 0

    for person in ("zhao.liu", "wang.wu"):
        assert repo.qms("policy", "sign", by=person).code == 0
    assert repo.verify() == repo.check(whole=True) == []


def test_the_way_out_while_nothing_decides_is_to_keep_to_the_side_one_can_read(
    repo: DocsRepo,
) -> None:
    prepared(repo)
    fork(repo, rulebook="9999")
    united(repo, "thief")

    code, named = verified(repo)
    assert (code, [one.code for one in named]) == (3, ["TOOL-OLD"])
    two_keep_to_theirs(repo)

    assert [told.code for told in repo.verify()] == ["POLICY-DISPLACED"]


def test_a_side_that_voids_everybodys_keys_keeps_nobody_from_deciding(repo: DocsRepo) -> None:
    """What they signed didn't hold under it, so it was refused, and nothing could ever decide."""
    prepared(repo)
    fork(repo, lambda company: company.with_new_key("zhou.jiu").with_new_key("wu.shi"))
    united(repo, "thief")

    two_keep_to_theirs(repo)

    assert [told.code for told in repo.verify()] == ["POLICY-DISPLACED"]


def prepared(repo: DocsRepo) -> None:
    """Two persons have a copy each, and haven't said so yet."""
    repo.issue("LX-CX-2026-01", "003", "zhou.jiu", person="wang.wu")
    repo.issue("LX-CX-2026-01", "004", "wu.shi", person="wang.wu")


def two_keep_to_theirs(repo: DocsRepo) -> None:
    """Two persons keep to the true policy, each by two commands."""
    answer = repo.qms("receive", "LX-CX-2026-01", "003", "--revision", "A/1", by="zhou.jiu")
    assert answer.findings == ("POLICY-FORK",)
    for person, copy in (("zhou.jiu", "003"), ("wu.shi", "004")):
        assert repo.qms("policy", "keep", "0003", by=person).code == 0
        answer = repo.qms("receive", "LX-CX-2026-01", copy, "--revision", "A/1", by=person)
        assert answer.code == 0, answer.err


def test_a_version_after_a_fork_that_is_decided_says_which_plugins_judge(repo: DocsRepo) -> None:
    """Those of the version before the fork did, for ever: one made void since ran again."""
    fork(repo)
    two_others_sign(repo)
    united(repo, "thief")
    assert "watermark" in admitted(repo)

    rows = ", ".join(f"{{name: {name}}}" for name in ("approval", "copies", "numbering"))
    repo.policy(keys={"plugins": f"[{rows}]"}, by=("zhao.liu", "wang.wu"))

    assert admitted(repo) == {"approval", "copies", "numbering"}


def test_a_side_that_gave_way_takes_no_plugin_away(repo: DocsRepo) -> None:
    fork(repo, plugins="[{name: numbering}]")
    two_others_sign(repo)

    united(repo, "thief")

    assert "approval" in admitted(repo)
    assert repo.verify() == [Told("POLICY-DISPLACED", "policy/0003/policy.yaml")]
