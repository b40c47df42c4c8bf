"""What a refused command says to type instead works as printed, and throws nothing away (US-24)."""

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


@LANGUAGES
def test_whose_turn_a_ruling_is_is_told_with_what_they_type(released: Office, lang: str) -> None:
    annul = ("annul", NUMBER, "A/0", "--reason", "误发")

    (command, *_) = told(released, "RULING-NOT-YOURS", lang, *annul, by="wen.kong")

    assert not released.status
    done(released, command, by="fu.yi")
