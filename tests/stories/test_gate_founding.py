"""Founding behind a gate: what one founder signed gets to the next, and counts for nothing yet."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing.office import Office

COMPANY = Path(__file__).parent / "companies" / "lx"


@pytest.fixture
def server(tmp_path: Path) -> Path:
    """A shared repository with nothing in it but the gate."""
    folder = tmp_path / "server.git"
    office = Office(tmp_path, tmp_path / "keys")
    office.git("init", "-q", "--bare", "-b", "main", str(folder))
    office.qms("-C", str(folder), "hook", "install", "--server")
    return folder


def clone(server: Path, name: str) -> Office:
    office = Office(server.parent / name, server.parent / "keys")
    Office(server.parent, office.keys).git("clone", "-q", str(server), name)
    for key, value in (
        ("user.name", "Somebody"),
        ("user.email", "somebody@qms.invalid"),
        ("qms.allowUnencryptedKey", "true"),
        ("qms.rehearsal", "true"),
    ):
        office.git("config", key, value)
    return office


def begun(office: Office) -> str:
    """What `qms init` says to the first founder."""
    for one in COMPANY.iterdir():
        office.write(one.name, one.read_bytes())
    for person in re.findall(r"- \{id: ([a-z.]+),[^\n]*keys: \[", office.text("people.yaml")):
        office.qms("policy", "key", person, str(office.key(person)) + ".pub")
    return office.qms("init", by="gao.feng")


def refused(office: Office) -> str:
    """What the gate says of a push that is made all the same."""
    code, said = office.push("HEAD:refs/heads/main")
    assert (code != 0, "NO-POLICY" in said) == (True, True), said
    return said


def again(office: Office) -> str:
    answer = office.call("policy", "sign", by="gao.feng")
    assert answer.findings == ("AGREED-ALREADY",), answer
    return answer.err


@pytest.mark.parametrize("told", [str, refused, again], ids=["init", "the gate", "sign again"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_the_second_founder_gets_what_the_first_one_signed(
    server: Path, told: Callable[[Office], str], when: str
) -> None:
    """By the commands that are told, also where the second clone was made before anything was."""
    first = clone(server, "first")
    second = clone(server, "second") if when == "before" else None
    said = begun(first)
    said = said if told is str else told(first)
    commands = re.findall(r"git ((?:push|pull) origin [\w:]+)", said)
    assert [one.split()[0] for one in commands] == ["push", "pull"], said

    first.git(*commands[0].split())
    second = second or clone(server, "second")
    second.now = first.now
    second.git(*commands[1].split())
    second.qms("policy", "sign", by="guan.ning")

    assert second.push() == (0, "")
    assert second.call("verify").code == 0


def test_an_unfinished_founding_fixes_no_root(server: Path) -> None:
    """Row 139 (R: NO-POLICY): whoever pushes first doesn't decide whose company it is."""
    first, other = clone(server, "first"), clone(server, "other")
    for office in (first, other):
        begun(office)
    first.git("push", "-q", "origin", "HEAD:founding")
    assert "NO-POLICY" in refused(first)

    other.qms("policy", "sign", by="guan.ning")

    assert other.push("HEAD:refs/heads/main")[0] == 0


def test_before_the_trunk_is_begun_the_command_that_begins_it_is_told(server: Path) -> None:
    """Where another branch is there already, no fetch could bring it."""
    office = clone(server, "first")
    begun(office)
    office.git("push", "-q", "origin", "HEAD:founding")
    office.qms("policy", "sign", by="guan.ning")

    answer = office.call("check")

    assert answer.findings == ("TRUNK-UNKNOWN",), answer
    command = re.search(r"`git (push [^`]*)`", answer.err)
    assert command is not None, answer.err
    office.git(*command[1].split())
    assert office.call("check").code == 0


def test_a_founder_who_went_on_meanwhile_gets_what_the_second_one_signed(server: Path) -> None:
    """Issue 12: `qms sync` said NO-POLICY, as if nobody had founded anything."""
    first = clone(server, "first")
    begun(first)
    first.push("HEAD:refs/heads/founding")
    second = clone(server, "second")
    second.now = first.now
    second.git("pull", "-q", "origin", "founding")
    second.qms("policy", "sign", by="guan.ning")
    assert second.push() == (0, "")
    first.write("README.md", "# LX\n")
    first.git("add", "-A")
    first.git("commit", "-q", "-m", "What the template brought")
    first.now = second.now

    for words in (("sync",), ("sync",)):
        answer = first.call(*words)
        assert (answer.code, answer.findings) == (0, ()), answer

    assert first.call("verify").code == 0
    assert first.call("check", "--all").findings == ()
    second.now = first.now
    assert "README.md" in second.qms("sync")


def test_a_founder_whom_nobody_has_answered_yet_is_told_so(server: Path) -> None:
    first = clone(server, "first")
    begun(first)
    assert first.call("sync").findings == ("NO-POLICY",)


def test_a_chinese_company_is_founded_in_chinese(server: Path) -> None:
    """The gate has no policy yet that says which language it speaks; the founders' files do."""
    first = clone(server, "first")
    begun(first)

    code, said = first.push("HEAD:refs/heads/main", LC_ALL="C", LANG="C")

    assert (code != 0, "错误 NO-POLICY" in said) == (True, True), said
    assert "main 未被接收" in said
