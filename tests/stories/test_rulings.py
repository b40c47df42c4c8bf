"""Deciding together: a chain signs one ruling, whoever begins it, and everybody is told (DC-38)."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.domain.rejects import rejections
from qms.testing import DocsRepo
from qms.testing.contests import contested, effects, entry_of, parted, released_as, worked_by
from qms.testing.office import Answer
from qms.testing.uniting import united

SHEET = "LX-WI-01"


@pytest.fixture(scope="session")
def _torn(tmp_path_factory: pytest.TempPathFactory) -> DocsRepo:
    """LX-WI-01 was released as A/1 twice, on two branches, with two texts."""
    repo = DocsRepo.make(tmp_path_factory.mktemp("torn") / "repo")
    repo.release(SHEET)
    contested(repo, SHEET)
    return repo


@pytest.fixture
def repo(_torn: DocsRepo, tmp_path: Path) -> DocsRepo:
    from qms.testing.attacks import copied  # noqa: PLC0415 - beside its only use

    return copied(_torn, tmp_path / "repo")


def settling(repo: DocsRepo, line: str = "这一份") -> Callable[..., Answer]:
    """`qms settle` for the text with this line, by a person and with further words."""
    mine = entry_of(repo, SHEET, line)
    return lambda by, *words: repo.qms("settle", SHEET, "--stands", mine, *words, by=by)


def test_two_people_type_the_same_command(repo: DocsRepo) -> None:
    settle = settling(repo)

    first = settle("li.si", "--reason", "先发布")
    second = settle("wang.wu", "--reason", "先发布")

    assert (first.code, second.code) == (0, 0)
    assert "wang.wu" in first.out
    assert "is complete" in second.out
    assert worked_by(repo, SHEET) == ("A/1", "这一份")


@pytest.mark.parametrize("words", [("settle", SHEET), ("settle", SHEET, "--stands")])
def test_the_second_leaves_out_the_reason(repo: DocsRepo, words: tuple[str, ...]) -> None:
    settling(repo)("li.si", "--reason", "先发布")
    mine = (entry_of(repo, SHEET, "这一份"),) if words[-1] == "--stands" else ()

    assert repo.qms(*words, *mine, by="wang.wu").code == 0

    assert worked_by(repo, SHEET) == ("A/1", "这一份")


def test_another_reason_is_told_which_is_open(repo: DocsRepo) -> None:
    """Two that say the same would each wait for the other's signer for ever."""
    settle = settling(repo)
    settle("li.si", "--reason", "先发布")
    before = repo.tip

    answer = settle("wang.wu", "--reason", "我也觉得")

    assert answer.findings == ("RULING-OPEN",)
    assert "先发布" in answer.err
    command = f"qms settle {SHEET} --stands {entry_of(repo, SHEET, '这一份')[:8]}"
    assert command in answer.err
    assert repo.tip == before
    assert repo.qms(*command.split()[1:], by="wang.wu").code == 0
    assert worked_by(repo, SHEET) == ("A/1", "这一份")


def test_several_open_rulings_are_listed_with_their_commands(repo: DocsRepo) -> None:
    settling(repo)("li.si", "--reason", "先发布")
    settling(repo, "那一份")("li.si", "--reason", "后来 的好")

    answer = repo.qms("settle", SHEET, by="wang.wu")

    assert answer.findings == ("RULING-UNCLEAR",)
    for line, why in (("这一份", "'先发布'"), ("那一份", "'后来 的好'")):
        mine = entry_of(repo, SHEET, line)[:8]
        assert f"qms settle {SHEET} --stands {mine} --reason {why}" in answer.err


def test_equal_rulings_begun_on_two_branches_are_joined_by_their_reason(repo: DocsRepo) -> None:
    settle = settling(repo)
    repo.branch("other")
    settle("li.si", "--reason", "乙")
    repo.checkout("main")
    settle("li.si", "--reason", "甲")
    united(repo, "other")

    assert settle("wang.wu").findings == ("RULING-UNCLEAR",)
    assert settle("wang.wu", "--reason", "乙").code == 0

    assert worked_by(repo, SHEET) == ("A/1", "这一份")


def test_who_signed_is_not_asked_again(repo: DocsRepo) -> None:
    settle = settling(repo)
    settle("li.si", "--reason", "先发布")

    assert settle("li.si").findings == ("RULING-NOT-YOURS",)


def test_todo_says_who_may_settle_and_who_may_join(repo: DocsRepo) -> None:
    mine, other = entry_of(repo, SHEET, "这一份"), entry_of(repo, SHEET, "那一份")
    asked = repo.qms("todo", by="li.si").out
    for entry in (mine, other):
        assert f"qms settle {SHEET} --stands {entry[:8]} --reason …" in asked
    assert "settle" not in repo.qms("todo", by="zhou.jiu").out

    settling(repo)("li.si", "--reason", "先发布")

    assert "settle" not in repo.qms("todo", by="li.si").out
    for words in (("todo",), ()):
        told = repo.qms(*words, by="wang.wu").out
        assert f"qms settle {SHEET} --stands {mine[:8]}" in told
        assert "先发布" in told
    settling(repo)("wang.wu")
    assert "settle" not in repo.qms("todo", by="wang.wu").out


def test_todo_shows_a_change_and_a_new_edition_on_one_base(repo: DocsRepo) -> None:
    sheet = "LX-WI-03"
    repo.release(sheet)
    with parted(repo, "edition") as theirs:
        released_as(repo, sheet, "修改")
        theirs()
        released_as(repo, sheet, "换版", "B/0")

    told = repo.qms("todo", by="li.si").out

    for revision in ("A/1", "B/0"):
        assert f"qms settle {sheet} --stands {revision} --reason …" in told


def test_an_entry_is_named_by_few_digits(repo: DocsRepo) -> None:
    mine = entry_of(repo, SHEET, "这一份")

    unclear = repo.qms("annul", SHEET, mine[:3], "--reason", "误发", by="li.si")

    assert unclear.findings == ("ENTRY-UNCLEAR",)
    for entry in (mine, entry_of(repo, SHEET, "那一份")):
        assert f"{entry} revision A/1" in unclear.err
    assert repo.qms("annul", SHEET, mine[:5], "--reason", "误发", by="li.si").code == 0


def test_history_shows_rulings_and_rejections_once(repo: DocsRepo) -> None:
    settle = settling(repo)
    settle("li.si", "--reason", "先发布")
    settle("wang.wu")
    repo.qms("revise", SHEET, "--summary", "再改", by="sun.ba")
    repo.qms("submit", SHEET, by="sun.ba")
    repo.qms("reject", SHEET, "--reason", "数据不符", by="li.si")

    text = repo.qms("history", SHEET).out
    rows = json.loads(repo.qms("history", SHEET, "--json").out)["signatures"]

    assert "先发布" in text
    assert "数据不符" in text
    ids = [row["id"] for row in rows]
    assert len(ids) == len(set(ids))
    assert [(row["act"], row["reason"]) for row in rows if row["reason"]] == [
        ("settle", "先发布"), ("settle", "先发布"), ("reject", "数据不符"),
    ]  # fmt: skip
    with effects(repo) as known:
        assert [one.log.revision for one in rejections(known.register, SHEET)] == [""]
    assert [row["revision"] for row in rows if row["act"] == "reject"] == ["A/2"]


def test_history_shows_a_text_that_two_filed_with_each_signature_once(repo: DocsRepo) -> None:
    sheet = "LX-WI-02"
    repo.policy(lambda company: company.with_role("document-controller", "wang.wu", "zhou.jiu"))
    repo.draft(sheet)
    repo.commit("Draft")
    repo.submit(sheet)
    repo.sign(sheet)
    repo.branch("other")
    repo.publish(sheet, "zhou.jiu")
    repo.checkout("main")
    repo.publish(sheet, "wang.wu")
    united(repo, "other")

    rows = json.loads(repo.qms("history", sheet, "--json").out)["signatures"]

    signed = sorted((row["act"], row["person"]) for row in rows)
    filed = [("publish", "wang.wu"), ("publish", "zhou.jiu")]
    assert signed == [("approve", "li.si"), ("prepare", "sun.ba"), *filed]
