"""What a refused command says to type instead works as printed, and throws nothing away (US-24)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing.mended import committed, done, shared, told, typed
from qms.testing.office import Office

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"
LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh"])


@LANGUAGES
@pytest.mark.parametrize("which", [0, 1])
def test_an_edit_in_the_way_of_a_signature_is_committed_or_put_aside(
    submitted: Office, which: int, lang: str
) -> None:
    shared(submitted)
    submitted.edit(TEXT, "# 车床", "# 铣床")

    (look, *ways) = told(submitted, "WORKTREE-DIFFERS", lang, "sign", NUMBER, by="fu.yi")
    assert "铣床" in typed(submitted, look).out
    done(submitted, ways[which])

    assert not submitted.status
    if which:
        assert "铣床" in submitted.git("stash", "show", "-p")
        submitted.qms("sign", NUMBER, by="fu.yi")
    else:
        assert submitted.call("sign", NUMBER, by="fu.yi").findings == ("APPROVAL-MISMATCH",)


@LANGUAGES
def test_commits_on_no_branch_get_one(drafted: Office, lang: str) -> None:
    shared(drafted)
    drafted.git("checkout", "-q", "--detach")
    drafted.edit(TEXT, "# 车床", "# 铣床")
    committed(drafted)

    commands = told(drafted, "HEAD-DETACHED", lang, "submit", NUMBER, by="gong.yi")
    done(drafted, commands[0])
    drafted.qms("submit", NUMBER, by="gong.yi")
    done(drafted, *commands[1:])

    assert drafted.git("branch", "--show-current") == "main"
    assert "铣床" in drafted.text(TEXT)


@LANGUAGES
def test_who_takes_another_s_copy_is_told_their_own(released: Office, lang: str) -> None:
    released.qms("issue", NUMBER, "--to", "technical", by="wen.kong")
    released.qms("issue", NUMBER, "--to", "business", by="wen.kong")

    (mine,) = told(released, "COPY-NOT-YOURS", lang, "receive", NUMBER, "002", by="gong.yi")

    assert mine == f"qms receive {NUMBER} 001"
    done(released, mine, by="gong.yi")


@LANGUAGES
def test_who_issued_names_whoever_took_a_copy_for_a_firm_outside(
    released: Office, lang: str
) -> None:
    released.qms("issue", NUMBER, "--outside", "北京齿轮有限公司", by="wen.kong")

    command = ("receive", NUMBER, "001")
    (named,) = told(released, "WRONG-HOLDER", lang, *command, by="wen.kong")

    assert named == f"qms receive {NUMBER} 001 --by NAME"
    done(released, named.replace("NAME", "王工"), by="wen.kong")
    assert released.call("check").code == 0


@pytest.fixture
def behind(submitted: Office, tmp_path: Path) -> Office:
    """Somebody's clone, made before the others went on; theirs is `submitted`."""
    server = str(submitted.shared(tmp_path))
    submitted.git("clone", "-q", server, str(tmp_path / "other" / "docs"))
    other = Office(tmp_path / "other" / "docs", submitted.keys, submitted.now)
    for name in ("user.name", "user.email", "qms.allowUnencryptedKey", "qms.rehearsal"):
        other.git("config", name, submitted.git("config", name))
    return other


def rejected(office: Office) -> None:
    office.qms("reject", NUMBER, "--reason", "不符合", by="fu.yi")


def approved(office: Office) -> None:
    office.qms("sign", NUMBER, by="fu.yi")


def submitted_again(office: Office) -> None:
    office.edit(TEXT, "# 车床", "# 铣床")
    office.qms("submit", NUMBER, by="gong.yi")


def begun(office: Office) -> None:
    office.qms("new", "work-instruction", "--title", "铣床", by="gong.yi")
    committed(office)


def staffed(office: Office) -> None:
    office.edit("people.yaml", "departments:", "# 按新的组织机构\ndepartments:")
    office.qms("policy", "sign", by="gao.feng")


@LANGUAGES
@pytest.mark.parametrize(
    ("before", "after", "code", "command", "by"),
    [
        ([], [approved], "NOT-YOUR-TURN", ("release", NUMBER), "wen.kong"),
        ([rejected], [submitted_again], "ROUND-ENDED", ("sign", NUMBER), "fu.yi"),
        ([], [begun], "NUMBER-UNKNOWN", ("submit", "LX-WI-02"), "gong.yi"),
        ([], [staffed], "POLICY-SAME", ("policy", "sign"), "guan.ning"),
    ],
)
def test_who_is_behind_the_others_is_told_to_fetch_first(  # noqa: PLR0913, PLR0917 - what is behind
    submitted: Office,
    behind: Office,
    before: list[Callable[[Office], None]],
    after: list[Callable[[Office], None]],
    code: str,
    command: tuple[str, ...],
    by: str,
    lang: str,
) -> None:
    for each in before:
        each(submitted)
    submitted.push("main")
    behind.git("pull", "-q")
    for each in after:
        each(submitted)
    assert submitted.push("main") == (0, "")
    behind.now = submitted.now

    fetch = told(behind, code, lang, *command, by=by)[0]

    assert fetch == "qms sync"
    done(behind, fetch)
    behind.qms(*command, by=by)


@LANGUAGES
def test_whose_turn_a_ruling_is_is_told_with_what_they_type(released: Office, lang: str) -> None:
    annul = ("annul", NUMBER, "A/0", "--reason", "误发")

    (command, *_) = told(released, "RULING-NOT-YOURS", lang, *annul, by="wen.kong")

    assert not released.status
    done(released, command, by="fu.yi")
