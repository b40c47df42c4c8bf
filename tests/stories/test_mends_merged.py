"""Two people at one text: no mend of what a merge left takes away what others signed (US-24)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing.mended import committed, done, fine, gate, shared, told, typed
from qms.testing.office import Office

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"
FILED = f"released/work-instruction/{NUMBER}/A-0.md"
LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh"])
Done = Callable[[Office], object]


def resubmitted(office: Office) -> None:
    """Another text of mine goes round, here only."""
    office.edit(TEXT, "# 车床", "# 铣床")
    office.qms("submit", NUMBER, by="gong.yi")


def edited(office: Office) -> None:
    """I go on writing, and the signatures are in the way."""
    head, _, rest = office.text(TEXT).partition("status: ")
    body = rest.partition("\n---\n")[2].replace("# 车床", "# 铣床")
    office.write(TEXT, f"{head}status: draft\napprovals: []\n---\n{body}")
    committed(office)


def signed(office: Office) -> None:
    office.qms("sign", NUMBER, by="fu.yi")


def met(office: Office, theirs: Done, mine: Done, *options: str) -> None:
    """What others did (branch `theirs`) comes by a merge to what I did here, on `main`."""
    office.git("checkout", "-q", "-b", "theirs")
    theirs(office)
    office.git("checkout", "-q", "main")
    mine(office)
    typed(office, " ".join(("git merge -q", *options, "theirs")))


@LANGUAGES
@pytest.mark.parametrize("is_committed", [False, True])
def test_what_others_signed_on_the_trunk_outlives_my_own_text(
    submitted: Office, tmp_path: Path, lang: str, *, is_committed: bool
) -> None:
    push = gate(submitted, tmp_path)
    met(submitted, signed, edited)
    submitted.git("push", "-q", "origin", "theirs:main")
    own, there = (submitted.git("show", f"{one}:{TEXT}") for one in ("main", "theirs"))
    if is_committed:
        committed(submitted)

    (*_, aside, take, record) = told(submitted, "MERGE-CONFLICT", lang)
    done(submitted, aside, take, record)

    assert submitted.text(TEXT).strip() == there
    assert submitted.text(f"{NUMBER}.md").strip() == own
    submitted.qms("check", "--all")
    assert not push()


@LANGUAGES
def test_who_submits_a_torn_text_is_told_the_same(drafted: Office, lang: str) -> None:
    """Its marks stand in the body, which can be read and printed."""
    shared(drafted)

    def titled(office: Office, title: str) -> None:
        office.edit(TEXT, "# 车床", f"# {title}")
        committed(office)

    met(drafted, lambda one: titled(one, "铣床"), lambda one: titled(one, "磨床"))
    drafted.git("update-ref", "refs/remotes/origin/main", "theirs")
    committed(drafted)
    command = ("submit", NUMBER)

    assert told(drafted, "MERGE-CONFLICT", lang, *command, by="gong.yi") == told(
        drafted, "MERGE-CONFLICT", lang
    )


@LANGUAGES
@pytest.mark.parametrize("is_committed", [False, True])
def test_what_git_joined_of_two_rounds_is_neither(
    submitted: Office, tmp_path: Path, lang: str, *, is_committed: bool
) -> None:
    """It leaves no marks, and signatures of two texts in one file."""
    push = gate(submitted, tmp_path)
    met(submitted, signed, resubmitted, "" if is_committed else "--no-commit")
    submitted.git("push", "-q", "origin", "theirs:main")
    there = submitted.git("show", f"theirs:{TEXT}")

    (take, record) = told(submitted, "TAIL", lang)
    done(submitted, take)
    typed(submitted, record)

    assert submitted.text(TEXT).strip() == there
    fine(submitted)
    assert not push()


@LANGUAGES
@pytest.mark.parametrize("side", ["theirs", "main"])
def test_of_two_that_nobody_else_has_the_signed_one_stays(
    submitted: Office, side: str, lang: str
) -> None:
    shared(submitted)
    acts = (signed, edited) if side == "theirs" else (edited, signed)
    met(submitted, *acts)
    there = submitted.git("show", f"{side}:{TEXT}")

    (*_, aside, take, record) = told(submitted, "MERGE-CONFLICT", lang)
    done(submitted, aside, take, record)

    assert submitted.text(TEXT).strip() == there
    submitted.qms("check", "--all")


@LANGUAGES
def test_neither_of_two_branches_takes_away_what_the_trunk_has(
    submitted: Office, lang: str
) -> None:
    """The clone has fetched a signature that neither side has."""
    shared(submitted)
    submitted.git("branch", "ahead")
    met(submitted, resubmitted, edited)
    typed(submitted, "git merge --abort")
    submitted.git("checkout", "-q", "ahead")
    signed(submitted)
    submitted.git("update-ref", "refs/remotes/origin/main", "ahead")
    submitted.git("checkout", "-q", "main")
    typed(submitted, "git merge -q theirs")
    there = submitted.git("show", f"ahead:{TEXT}")

    (*_, take, _) = told(submitted, "MERGE-CONFLICT", lang)
    done(submitted, take)

    assert submitted.text(TEXT).strip() == there


def filed(office: Office) -> None:
    signed(office)
    office.qms("release", NUMBER, by="wen.kong")


def filed_otherwise(office: Office) -> None:
    resubmitted(office)
    filed(office)


@LANGUAGES
@pytest.mark.parametrize("is_committed", [False, True])
@pytest.mark.parametrize("trunk", ["theirs", "main"])
def test_two_releases_that_met_lie_beside_each_other(
    submitted: Office, trunk: str, lang: str, *, is_committed: bool
) -> None:
    shared(submitted)
    met(submitted, filed, filed_otherwise)
    submitted.git("update-ref", "refs/remotes/origin/main", trunk)
    texts = [submitted.git("show", f"{one}:{FILED}") for one in ("theirs", "main")]
    if is_committed:
        committed(submitted)

    assert submitted.call("check").findings == ("RELEASED-CONFLICT",)
    done(submitted, *told(submitted, "RELEASED-CONFLICT", lang)[:2])

    assert submitted.call("check").findings == ("CONTESTED",)
    lying = [one.read_text().strip() for one in (submitted.folder / FILED).parent.glob("*.md")]
    assert sorted(lying) == sorted(texts)
    assert submitted.text(FILED).strip() == texts[trunk == "main"]
    assert not submitted.status


@LANGUAGES
def test_what_came_back_from_the_stash_gives_way_to_what_is_signed(
    submitted: Office, lang: str
) -> None:
    shared(submitted)
    submitted.edit(TEXT, "# 车床", "# 铣床")
    submitted.git("stash")
    submitted.edit(TEXT, "# 车床", "# 磨床")
    submitted.qms("submit", NUMBER, by="gong.yi")
    assert typed(submitted, "git stash pop").code

    (*_, aside, take, _) = told(submitted, "MERGE-CONFLICT", lang)
    done(submitted, aside, take)

    assert "铣床" in submitted.text(f"{NUMBER}.md")
    (submitted.folder / f"{NUMBER}.md").unlink()
    fine(submitted)
    assert "磨床" in submitted.text(TEXT)


@LANGUAGES
def test_who_rebases_onto_the_trunk_keeps_what_others_signed(submitted: Office, lang: str) -> None:
    shared(submitted)
    submitted.git("checkout", "-q", "-b", "theirs")
    signed(submitted)
    submitted.git("update-ref", "refs/remotes/origin/main", "theirs")
    submitted.git("checkout", "-q", "main")
    edited(submitted)
    assert typed(submitted, "git rebase -q origin/main").code

    (*_, aside, take, _) = told(submitted, "MERGE-CONFLICT", lang)
    done(submitted, aside, take)

    assert "铣床" in submitted.text(f"{NUMBER}.md")
    assert submitted.text(TEXT).strip() == submitted.git("show", f"theirs:{TEXT}")
    submitted.qms("check", "--all")
