"""What a message names as the way out of a state is a way out of it, in two commands (US-24)."""

import json
import re
import subprocess
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from qms.testing import DocsRepo
from qms.testing.attacks import copied
from qms.testing.contests import (
    SHEET,
    contested,
    policy_fork,
    release,
    two_others_sign,
    worked_by,
)
from qms.testing.uniting import united

CHAIN: Final = ("zhou.jiu", "li.si", "wang.wu")
"""Who signs rulings about the sheet: whoever has a seat, in the order of the steps."""
_COMMAND: Final = re.compile("`qms ([^`]+)`")


@pytest.fixture(scope="session")
def _begun(tmp_path_factory: pytest.TempPathFactory) -> DocsRepo:
    """A/0 of the sheet is in force; two persons may approve."""
    repo = DocsRepo.make(tmp_path_factory.mktemp("begun") / "repo")
    repo.policy(lambda company: company.with_role("quality-manager", "li.si", "zhou.jiu"))
    repo.release(SHEET)
    repo.release("LX-CX-2026-01")
    repo.issue("LX-CX-2026-01", "001")
    repo.receive("LX-CX-2026-01", "001")
    repo.issue("LX-CX-2026-01", "002")
    repo.receive("LX-CX-2026-01", "002")
    repo.now += timedelta(days=20)
    return repo


@pytest.fixture
def repo(_begun: DocsRepo, tmp_path: Path) -> DocsRepo:
    return copied(_begun, tmp_path / "repo")


# the states


def on_two_branches(
    repo: DocsRepo, ours: Callable[[], object], theirs: Callable[[], object]
) -> None:
    repo.branch("other")
    repo.checkout("main")
    ours()
    repo.checkout("other")
    theirs()
    repo.checkout("main")
    united(repo, "other")


def two_texts(repo: DocsRepo) -> None:
    contested(repo, SHEET)


def two_editions(repo: DocsRepo) -> None:
    on_two_branches(repo, lambda: release(repo, "修改"), lambda: release(repo, "换版", "B/0"))


def two_rulings(repo: DocsRepo) -> None:
    contested(repo, SHEET)
    (ours, theirs) = entries(told(repo, "CONTESTED"))
    on_two_branches(
        repo,
        lambda: ruled(repo, f"settle {SHEET} --stands {ours} --reason 甲"),
        lambda: ruled(repo, f"settle {SHEET} --stands {theirs} --reason 乙"),
    )


def two_rulings_that_annul(repo: DocsRepo) -> None:
    contested(repo, SHEET)
    (ours, _) = entries(told(repo, "CONTESTED"))
    on_two_branches(
        repo,
        lambda: ruled(repo, f"settle {SHEET} --stands {ours} --reason 甲"),
        lambda: ruled(repo, f"annul {SHEET} {ours} --reason 乙"),
    )


def one_gave_way(repo: DocsRepo) -> None:
    def worked() -> None:
        release(repo, "真的")
        two_others_sign(repo)

    on_two_branches(repo, worked, lambda: release(repo, "假的"))


def filed_by_two(repo: DocsRepo) -> None:
    repo.policy(lambda company: company.with_role("document-controller", "wang.wu", "zhou.jiu"))
    repo.policy(lambda company: company.with_role("quality-manager", "li.si"))
    repo.revise(SHEET)
    repo.commit("Revise")
    repo.submit(SHEET)
    repo.sign(SHEET)
    on_two_branches(
        repo, lambda: repo.publish(SHEET, "wang.wu"), lambda: repo.publish(SHEET, "zhou.jiu")
    )


def rejected_elsewhere(repo: DocsRepo) -> None:
    def refused() -> None:
        repo.revise(SHEET, body="# 目的\n\n退回的\n")
        repo.commit("Revise")
        repo.submit(SHEET)
        repo.reject(SHEET, "zhou.jiu")

    repo.policy(lambda company: company.with_role("quality-manager", "li.si", "zhou.jiu"))
    on_two_branches(repo, lambda: release(repo, "发布的"), refused)


def overtaken_by_a_policy(repo: DocsRepo) -> None:
    on_two_branches(
        repo,
        lambda: repo.policy(lambda company: company.with_new_key("li.si")),
        lambda: release(repo, "在途的"),
    )


def in_force_too_early(repo: DocsRepo) -> None:
    repo.release(SHEET, body="# 目的\n\n后\n", effective=repo.today + timedelta(days=90))
    repo.release(SHEET, body="# 目的\n\n前\n", effective=repo.today + timedelta(days=30))


STATES: Final[Sequence[tuple[Callable[[DocsRepo], None], str, int]]] = (
    (two_texts, "CONTESTED", 2),
    (two_editions, "REVISION-FORK", 2),
    (two_rulings, "RULINGS-DIFFER", 2),
    (two_rulings_that_annul, "RULINGS-DIFFER", 2),
    (one_gave_way, "DISPLACED", 2),
    (filed_by_two, "RELEASED-TWICE", 1),
    (rejected_elsewhere, "REJECTED", 2),
    (overtaken_by_a_policy, "STALE-POLICY", 2),
    (in_force_too_early, "EFFECTIVE-EARLIER", 1),
)
RULING: Final = ("settle", "annul", "ratify")


@pytest.mark.parametrize(
    ("state", "code", "which"),
    [
        pytest.param(state, code, which, id=f"{state.__name__}-{which}")
        for state, code, count in STATES
        for which in range(count)
    ],
)
def test_the_command_that_a_message_names_ends_the_state(
    repo: DocsRepo, state: Callable[[DocsRepo], None], code: str, which: int
) -> None:
    state(repo)
    finding = told(repo, code)
    named = [one for one in _COMMAND.findall(finding["mend"]) if one.split()[0] in RULING]
    words = {"ENTRY": [*entries(finding), "-"][0], "NUMBER": SHEET, "REVISION": "A/1"}
    command = " ".join(words.get(word, word) for word in named[which].split())

    ruled(repo, command)

    assert said(repo) == []


@pytest.mark.parametrize("state", [two_texts, two_editions])
def test_the_first_push_of_what_is_undecided_is_taken_once_it_is_ruled(
    tmp_path: Path, state: Callable[[DocsRepo], None]
) -> None:
    """The gate took no push before a ruling, and nobody could rule before a push."""
    repo = DocsRepo.make(tmp_path / "repo")
    repo.policy(lambda company: company.with_role("quality-manager", "li.si", "zhou.jiu"))
    repo.release(SHEET)
    state(repo)
    server = tmp_path / "server.git"
    repo.git("init", "-q", "--bare", "-b", "main", str(server))
    repo.git("remote", "add", "origin", str(server))
    repo.qms("-C", str(server), "hook", "install", "--server")
    refused = pushed(repo)
    assert f"`qms settle {SHEET} --stands" in refused
    entry, *_ = re.findall(r"\b[0-9a-f]{16}\b", refused)
    command = f"settle {SHEET} --stands {entry} --reason …"
    unpublished = repo.qms(*command.replace("…", "核对过").split(), by="li.si").err
    share, remove, again = re.findall("`(git [^`]+)`", unpublished)
    assert share == "git push origin refs/heads/main"
    repo.git(*remove.split()[1:])

    ruled(repo, command)

    repo.git(*again.split()[1:])
    assert pushed(repo) == ""


def pushed(repo: DocsRepo) -> str:
    """What the gate says to a push of the trunk; nothing where it is taken."""
    done = subprocess.run(
        ["git", "push", "-q", "origin", "main"], cwd=repo.path,
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    return done.stderr if done.returncode else ""


@pytest.mark.parametrize("state", [state for state, code, _ in STATES if code in {
    "CONTESTED", "REVISION-FORK", "RULINGS-DIFFER"}])  # fmt: skip
def test_none_stands_is_a_way_out_of_all_that_is_undecided(
    repo: DocsRepo, state: Callable[[DocsRepo], None]
) -> None:
    """And the revision before goes on; who may sign is asked by `qms todo`."""
    state(repo)
    assert f"qms settle {SHEET} --stands" in repo.qms("todo", by="li.si").out

    ruled(repo, f"settle {SHEET} --none --reason …")

    assert said(repo) == []
    assert worked_by(repo, SHEET)[0] == "A/0"  # type: ignore[index]
    assert "settle" not in repo.qms("todo", by="li.si").out


def test_both_quorums_end_a_fork_of_the_policy(repo: DocsRepo) -> None:
    policy_fork(repo)
    united(repo, "thief")
    mend = told(repo, "POLICY-FORK")["mend"]
    assert "`qms policy sign`" in mend

    for person in ("zhao.liu", "wang.wu"):
        answer = repo.qms("policy", "sign", by=person)
        assert answer.code == 0, answer

    assert said(repo) == []


def test_two_who_signed_neither_end_a_fork_of_the_policy(repo: DocsRepo) -> None:
    """Each keeps to the true side and signs a receipt; the next version ends the rest."""
    for copy, holder in (("003", "sun.ba"), ("004", "qian.qi")):
        repo.issue("LX-CX-2026-01", copy, holder)
    policy_fork(repo)
    united(repo, "thief")
    folder = told(repo, "POLICY-FORK")["path"].rpartition("/")[0]
    beside = next(path for path in repo.files if path.startswith("policy/0003~"))
    true = min(folder, beside.rpartition("/")[0], key=lambda one: "mallory" in people(repo, one))
    for person, copy in (("sun.ba", "003"), ("qian.qi", "004")):
        assert repo.qms("policy", "keep", true, by=person).code == 0
        answer = repo.qms("receive", "LX-CX-2026-01", copy, by=person)
        assert answer.code == 0, answer

    assert "POLICY-FORK" not in said(repo)
    assert "`qms policy sign`" in told(repo, "POLICY-DISPLACED")["mend"]
    for person in ("zhao.liu", "wang.wu"):
        answer = repo.qms("policy", "sign", by=person)
        assert answer.code == 0, answer
    assert said(repo) == []


def people(repo: DocsRepo, folder: str) -> str:
    return repo.read(f"{folder}/people.yaml").decode()


def test_a_ruling_is_not_repeated_word_for_word(repo: DocsRepo) -> None:
    """With the old reason it would be the old ruling, which alone ends nothing."""
    two_rulings(repo)
    ours = entries(told(repo, "RULINGS-DIFFER"))[0]

    answers = [repo.qms("settle", SHEET, "--stands", ours, "--reason", why, by="li.si")
               for why in ("甲", "乙")]  # fmt: skip

    assert sorted(one.findings for one in answers) == [(), ("RULING-REPEATED",)]


# what is said, and the people who do it


def told(repo: DocsRepo, code: str) -> dict[str, Any]:
    (finding, *_) = [one for one in _findings(repo) if one["code"] == code]
    return finding


def said(repo: DocsRepo) -> list[str]:
    """The codes of all findings, but that the working text is not the newest released one."""
    return [one["code"] for one in _findings(repo) if one["code"] not in {"DOC-OLD", "DOC-CHANGED"}]


def _findings(repo: DocsRepo) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(repo.qms("check", "--all", "--json").out)["findings"]
    return found


def entries(finding: dict[str, Any]) -> list[str]:
    """The entries that a message names, by their digits."""
    return re.findall(r"\b[0-9a-f]{16}\b", finding["values"].get("entries", ""))


def ruled(repo: DocsRepo, command: str) -> None:
    """The first who may begins with the command as it stands; each further one leaves the reason.

    Two commands, as the guide has it.
    """
    first = command.replace("…", "核对过").split()
    second = command.partition(" --")[0].split()
    begun = 0
    for person in CHAIN:
        answer = repo.qms(*(second if begun else first), by=person)
        if answer.code:
            assert set(answer.findings) <= {"RULING-NOT-YOURS", "SELF-APPROVAL"}, answer
            continue
        begun += 1
        if "is complete" in answer.out:
            break
    assert begun == 2
