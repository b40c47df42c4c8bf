"""Deciding together: a chain signs one ruling, whoever begins it, and everybody is told (DC-38)."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from qms.domain.register.rejects import rejections
from qms.testing import DocsRepo
from qms.testing.company import SMALL
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
    settling(repo, "那一份")("li.si", "--reason", "后来 的好", "--otherwise")

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

    told = settle("li.si")

    assert told.findings == ("RULING-NOT-YOURS",)
    assert "waits for wang.wu, not for li.si" in told.err


@pytest.mark.parametrize("begun", [False, True])
def test_who_is_told_to_be_waited_for_is_whom_todo_asks(repo: DocsRepo, begun: bool) -> None:  # noqa: FBT001
    """Not everybody of the chain: only those who may sign now."""
    repo.policy(lambda company: company.with_role("quality-manager", "li.si", "zhou.jiu"))
    settle = settling(repo)
    if begun:
        settle("li.si", "--reason", "先发布")
    people = {"li.si", "wang.wu", "zhou.jiu", "zhao.liu"}
    asked = {one for one in people if f"settle {SHEET}" in repo.qms("todo", by=one).out}

    told = settle("qian.qi", "--reason", "先发布").err

    assert {one for one in people if one in told} == asked
    assert asked == ({"wang.wu"} if begun else {"li.si", "zhou.jiu"})


def test_who_joins_what_nobody_began_is_told_how_to_begin(repo: DocsRepo) -> None:
    told = repo.qms("settle", SHEET, by="li.si")

    assert told.findings == ("RULING-NONE",)
    assert f"qms settle {SHEET} --stands ENTRY --reason …" in told.err
    assert f"qms settle {SHEET} --none --reason …" in told.err
    for line in ("这一份", "那一份"):
        assert entry_of(repo, SHEET, line) in told.err


def test_a_rejection_of_what_was_never_released_is_ended_by_the_next_round(repo: DocsRepo) -> None:
    """docs/trust.md, Rejections: a ruling lies beside a released revision, and there is none."""
    number = "LX-WI-04"
    repo.draft(number)
    repo.commit("Draft")
    repo.submit(number)
    assert repo.qms("reject", number, "--reason", "不符合", by="li.si").code == 0
    with effects(repo) as known:
        (reject,) = rejections(known.register, number)

    told = repo.qms("annul", number, reject.slot.id[7:15], "--reason", "误退", by="li.si")

    assert told.findings == ("RULING-NO-PLACE",)
    assert f"`qms submit {number}`" in told.err
    for person, *words in (
        ("sun.ba", "submit"), ("li.si", "sign"), ("wang.wu", "release"),
    ):  # fmt: skip
        answer = repo.qms(words[0], number, by=person)
        assert answer.code == 0, answer
    assert worked_by(repo, number) is not None


def test_a_ruling_that_was_overtaken_is_offered_to_nobody(repo: DocsRepo) -> None:
    """A policy voids what it was to rule out: that it has no effect is so without it."""
    number = "LX-WI-05"
    repo.policy(lambda company: company.with_role("quality-manager", "li.si", "zhou.jiu"))
    repo.release(number)
    repo.branch("theirs")
    repo.checkout("main")
    approved(repo, number, "真的", "zhou.jiu")
    repo.branch("policy")
    repo.policy(lambda company: company.with_new_key("li.si"), by=("zhao.liu", "wang.wu"))
    repo.checkout("theirs")
    approved(repo, number, "偷的", "li.si")
    repo.checkout("main")
    united(repo, "theirs")
    mine = entry_of(repo, number, "真的")
    repo.qms("settle", number, "--stands", mine, "--reason", "先发布", by="zhou.jiu")
    assert f"qms settle {number}" in repo.qms("todo", by="wang.wu").out

    united(repo, "policy")

    assert worked_by(repo, number) == ("A/1", "真的")
    assert f"qms settle {number}" not in repo.qms("todo", by="wang.wu").out


def approved(repo: DocsRepo, number: str, line: str, person: str) -> None:
    """A/1 with this line, approved by this person."""
    repo.revise(number, body=f"# 目的\n\n{line}\n")
    repo.commit("Revise")
    repo.submit(number)
    repo.sign(number, person)
    repo.publish(number)


def test_what_comes_into_force_later_stands_behind_what_is_in_force(repo: DocsRepo) -> None:
    """Also where another text was ruled out, whichever of the two was filed last."""
    repo.now += timedelta(days=20)
    number = "LX-WI-06"
    repo.release(number)
    repo.now += timedelta(days=20)
    contested(repo, number)
    repo.branch("other")
    repo.checkout("main")
    for line, branch in (("这一份", "main"), ("那一份", "other")):
        repo.checkout(branch)
        mine = entry_of(repo, number, line)
        for person in ("li.si", "wang.wu"):
            answer = repo.qms("settle", number, "--stands", mine, "--reason", line, by=person)
            assert answer.code == 0, answer

        for command in (("list", "--json"), ("show", number, "--json")):
            told = repo.qms(*command).out
            assert '"in-force"' in told, told
            assert '"published"' in told, told


def test_history_says_what_was_ruled_about_which_entry(repo: DocsRepo) -> None:
    settle = settling(repo)
    mine, other = entry_of(repo, SHEET, "这一份"), entry_of(repo, SHEET, "那一份")
    settle("li.si", "--reason", "先发布")

    text = repo.qms("history", SHEET).out
    (row,) = [
        one for one in json.loads(repo.qms("history", SHEET, "--json").out)["signatures"]
        if one["act"] == "settle"
    ]  # fmt: skip

    assert f"settled: stands: {mine} revision A/1; ruled out: {other} revision A/1" in text
    assert [(one["id"][7:23], one["stands"]) for one in row["ruled"]] == [
        (mine, True), (other, False),
    ]  # fmt: skip
    settle("wang.wu")
    repo.qms("revise", SHEET, "--summary", "再改", by="sun.ba")
    repo.qms("submit", SHEET, by="sun.ba")
    repo.qms("reject", SHEET, "--reason", "数据不符", by="li.si")
    with effects(repo) as known:
        (reject,) = rejections(known.register, SHEET)
    repo.qms("annul", SHEET, reject.slot.id[7:15], "--reason", "误退", by="li.si")
    assert f"annulled: {reject.slot.id[7:23]} rejection of" in repo.qms("history", SHEET).out


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


def test_who_may_publish_as_well_may_take_the_last_step_of_a_ruling_too(tmp_path: Path) -> None:
    """Else a firm whose co-signer publishes could release, and never annul."""
    chain = (
        "      - {act: prepare, who: [{member_of: owner}]}\n"
        "      - {act: co-sign, who: [{head_of: quality}]}\n"
        "      - {act: approve, who: [{role: general-manager}]}\n"
        "      - {act: publish, who: [{head_of: quality}]}\n"
    )
    small = SMALL.with_chain("instruction", f"{chain}    also_publish: [co-signer]\n")
    repo = DocsRepo.make(tmp_path / "repo", small)
    repo.release(SHEET)
    annul = ("annul", SHEET, entry_of(repo, SHEET, ""), "--reason", "印错")

    for one in ("li.si", "zhao.liu"):
        assert "is complete" not in repo.qms(*annul, by=one).out
    assert "is complete" in repo.qms(*annul, by="li.si").out
    assert repo.verify() == []


@pytest.fixture
def crossed(repo: DocsRepo) -> DocsRepo:
    """Li Si settled for a text and then annulled it; two others each complete one of both."""
    repo.policy(lambda company: company.with_role("document-controller", "wang.wu", "zhou.jiu"))
    mine = entry_of(repo, SHEET, "这一份")
    assert settling(repo)("li.si", "--reason", "先发布").code == 0
    words = ("annul", SHEET, mine, "--reason", "有误", "--otherwise")
    assert repo.qms(*words, by="li.si").code == 0
    repo.branch("elsewhere")
    assert "is complete" in repo.qms("annul", SHEET, mine, by="zhou.jiu").out
    repo.checkout("main")
    return repo


def test_who_completes_a_ruling_is_told_that_the_opposite_still_may_be(crossed: DocsRepo) -> None:
    answer = settling(crossed)("wang.wu")

    assert "is complete" in answer.out
    (line,) = (one for one in answer.out.splitlines() if "qms annul" in one)
    assert "counts instead" in line


def test_who_completed_a_ruling_is_told_that_another_counts_instead(crossed: DocsRepo) -> None:
    """Neither knew that the other was complete: the annulment was signed in sight of the other."""
    settling(crossed)("wang.wu")
    assert worked_by(crossed, SHEET) == ("A/1", "这一份")

    united(crossed, "elsewhere")

    assert worked_by(crossed, SHEET) != ("A/1", "这一份")
    told = {one: crossed.qms("todo", by=one).out for one in ("wang.wu", "zhou.jiu", "li.si")}
    (line,) = (one for one in told["wang.wu"].splitlines() if "gave way" in one)
    assert [word in line for word in (SHEET, "annul", "zhou.jiu", "A/1")] == [True] * 4
    assert "gave way" not in told["zhou.jiu"] + told["li.si"], "they signed it"
    crossed.now += timedelta(days=31)
    assert "gave way" not in crossed.qms("todo", by="wang.wu").out


@pytest.mark.parametrize(
    ("lang", "word"), [("en", "in sight of the other"), ("zh", "看到另一项之后")]
)
def test_the_words_about_opposite_rulings_say_which_counts(
    repo: DocsRepo, lang: str, word: str
) -> None:
    mine = entry_of(repo, SHEET, "这一份")
    assert settling(repo)("li.si", "--reason", "先发布").code == 0

    answer = repo.qms("annul", SHEET, mine, "--reason", "有误", "--lang", lang, by="li.si")

    assert (answer.findings, word in answer.err) == (("RULING-OPPOSITE",), True), answer
