"""Copies on their way to a holder and back: what waits for whom, and how a copy is named."""

import json

import pytest

from qms.testing.office import Office

NUMBER = "LX-WI-01"
COPY = "copies/work-instruction/LX-WI-01/A-0/001.yaml"


@pytest.fixture
def issued(lx: Office) -> Office:
    """A work instruction in force, copy 001 issued to a department, 002 to a person."""
    lx.qms("new", "work-instruction", "--title", "车床", by="gong.yi")
    lx.qms("submit", NUMBER, by="gong.yi")
    lx.qms("sign", NUMBER, by="fu.yi")
    lx.qms("release", NUMBER, by="wen.kong")
    lx.qms("issue", NUMBER, "--to", "technical", "--to", "zhi.jian", by="wen.kong")
    return lx


def todo(office: Office, person: str, lang: str = "en") -> list[tuple[str, str, str]]:
    """What waits for a person: revision, what to do and the command."""
    answer = office.call("todo", "--json", by=person, lang=lang)
    assert answer.code == 0, answer
    rows = json.loads(answer.out)["rows"]
    return [(one["revision"], one["act"], one["command"]) for one in rows]


RECEIVE_1 = ("A/0", "receive 001", f"qms receive {NUMBER} 001")
RECEIVE_2 = ("A/0", "receive 002", f"qms receive {NUMBER} 002")


def test_a_copy_waits_for_its_holder_until_it_is_received(issued: Office) -> None:
    """DC-10"""
    assert todo(issued, "gong.yi") == todo(issued, "ji.shu") == [RECEIVE_1]
    assert todo(issued, "zhi.jian") == [RECEIVE_2], "somebody else of the department is named"
    assert todo(issued, "wen.kong") == []

    issued.qms("receive", NUMBER, "001", by="ji.shu")

    assert todo(issued, "gong.yi") == todo(issued, "ji.shu") == []
    assert todo(issued, "zhi.jian", "zh") == [("A/0", "签收 002", f"qms receive {NUMBER} 002")]
    assert RECEIVE_2[1] in issued.qms(by="zhi.jian"), "plain `qms` tells it too"


def test_an_overdue_copy_waits_for_the_unit_that_issued_it(issued: Office) -> None:
    """DC-25"""
    issued.qms("receive", NUMBER, "001", by="ji.shu")
    issued.qms("recall", NUMBER, "001", "--due", "2026-11-27", "--reason", "停产", by="wen.kong")
    assert todo(issued, "wen.kong") == []
    wanted = ("A/0", "wanted by 2026-11-27, hand back 001", f"qms copies {NUMBER}")
    assert todo(issued, "ji.shu") == todo(issued, "gong.yi") == [wanted]

    issued.later(days=30)

    told = ("A/0", "overdue since 2026-11-27, take back 001", f"qms return {NUMBER} 001")
    assert todo(issued, "wen.kong") == [told]
    assert todo(issued, "ji.shu") == [wanted]
    issued.qms("return", NUMBER, "001", by="wen.kong")
    assert todo(issued, "wen.kong") == []


def test_a_copy_number_is_taken_however_it_is_typed(issued: Office) -> None:
    """DC-27"""
    issued.qms("receive", NUMBER, "1", by="ji.shu")
    issued.qms("recall", NUMBER, "01", "--due", "2026-12-01", "--reason", "停产", by="wen.kong")
    issued.qms("return", NUMBER, "１", by="wen.kong")
    issued.qms("issue", NUMBER, "--to", "technical", "--copy", "1", by="wen.kong")
    issued.qms("replace", NUMBER, "1", "--reason", "遗失", by="wen.kong")

    assert issued.text(COPY).count('"act":') == 6
    assert not issued.call("check", "--all").findings
    assert issued.call("receive", NUMBER, "11", by="ji.shu").findings == ("COPY-NOT-OUT",)


def numbers(office: Office) -> list[tuple[str, str]]:
    rows = json.loads(office.call("copies", NUMBER, "--out", "--json", lang="en").out)["rows"]
    return [(row["copy"], row["department"]) for row in rows]


def test_three_papers_for_one_department_are_three_numbers_in_one_commit(issued: Office) -> None:
    """DC-09, DC-27"""
    before = issued.git("rev-parse", "HEAD")

    issued.qms("issue", NUMBER, "--to", "technical", "--quantity", "3", by="wen.kong")
    issued.qms("issue", NUMBER, "--to", "zhi.jian", "--to", "zhi.jian", by="wen.kong")

    assert [copy for copy, _ in numbers(issued)] == [f"00{n}" for n in range(1, 8)]
    assert issued.git("rev-list", "--count", f"{before.strip()}..HEAD").strip() == "2"
    assert not issued.call("check", "--all").findings
    for wrong in (("--copy", "009", "--quantity", "2"), ("--quantity", "0"), ("--quantity", "201")):
        assert issued.call("issue", NUMBER, "--to", "technical", *wrong, by="wen.kong").code == 2


def test_a_lost_copys_number_is_refused_and_the_next_one_proposed(issued: Office) -> None:
    """DC-11; row 36 (S)"""
    issued.qms("replace", NUMBER, "1", "--reason", "水淹", by="wen.kong")
    assert [copy for copy, _ in numbers(issued)] == ["002", "003"]

    answer = issued.call("issue", NUMBER, "--to", "technical", "--copy", "1", by="wen.kong",
                         lang="en")  # fmt: skip

    assert (answer.code, answer.findings) == (1, ("COPY-VOID",))
    assert "issue under 004 instead" in answer.out + answer.err
    assert issued.call("verify").code == 0


def test_what_never_holds_is_refused_before_anybody_signs(issued: Office) -> None:
    """A blank is no name, and nobody is asked for a passphrase to say so."""
    issued.git("config", "qms.allowUnencryptedKey", "false")
    issue = ("issue", NUMBER, "--to", "technical")
    assert issued.call(*issue, by="wen.kong").findings == ("KEY-UNENCRYPTED",), "it would sign"
    for arguments in (
        (*issue, "--place", " "),
        ("receive", NUMBER, "001", "--by", "\u3000"),
    ):
        answer = issued.call(*arguments, by="wen.kong")
        assert (answer.code, answer.findings) == (1, ("FACT-FORM",))
    assert not issued.git("status", "--porcelain")


def test_a_copy_for_somebody_outside_is_asked_for_as_such(issued: Office) -> None:
    """DC-10: what `release` prints as the next step names nobody, and so issues nothing."""
    assert issued.call("issue", NUMBER, "--to", "部门", by="wen.kong").findings == (
        "HOLDER-UNKNOWN",
    )
    assert issued.call("issue", NUMBER, by="wen.kong").code == 2

    issued.qms("issue", NUMBER, "--outside", "北京齿轮有限公司", by="wen.kong")

    assert "北京齿轮有限公司" in issued.qms("copies", NUMBER)


@pytest.mark.parametrize(
    ("words", "then"),
    [
        (("receive", NUMBER, "001"), "Next: qms sync"),
        (("return", NUMBER, "001"), "Next: qms sync"),
        (("replace", NUMBER, "001", "--reason", "遗失"), f"then qms publish {NUMBER}"),
    ],
)
def test_what_was_recorded_is_to_be_shared(
    issued: Office, words: tuple[str, ...], then: str
) -> None:
    said = issued.qms(*words, by="ji.shu" if words[0] == "receive" else "wen.kong")

    assert "Next: qms sync" in said
    assert then in said.splitlines()[-1]
