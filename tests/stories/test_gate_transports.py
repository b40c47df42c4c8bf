"""Issue 8: the gate says and refuses the same however a push comes: git's daemon, ssh, http."""

from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from qms.testing.office import Office
from qms.testing.transports import by_daemon, by_http, environment_of_a_server, ssh_command

TEXT = "documents/work-instruction/LX-WI-01.md"
WORDS = {
    "en_US.UTF-8": ("error FIELD-UNKNOWN", "mend:", "main is not taken: mend the errors first"),
    "zh_CN.UTF-8": ("错误 FIELD-UNKNOWN", "处理：", "main 未被接收：请先处理以上错误"),
    "C": ("错误 FIELD-UNKNOWN", "处理：", "main 未被接收：请先处理以上错误"),
}


class Way(NamedTuple):
    """An office whose origin is reached in some way, and what the gate says there."""

    office: Office
    variables: dict[str, str]
    words: tuple[str, ...]


@pytest.fixture(params=["daemon", "ssh", "http"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=WORDS)
def way(
    request: pytest.FixtureRequest, transport: str, drafted: Office, server: Path, tmp_path: Path
) -> Generator[Way, None, None]:
    home = tmp_path / "home"
    home.mkdir()
    environment = environment_of_a_server(home, request.param)
    drafted.git("--git-dir", str(server), "config", "http.receivepack", "true")
    drafted.environment["XDG_STATE_HOME"] = str(tmp_path / "state")
    variables = {}
    with ExitStack() as stack:
        if transport == "ssh":
            variables = {"GIT_SSH_COMMAND": ssh_command(tmp_path, environment)}
            address = f"ssh://git@qms.invalid{server}"
        elif transport == "daemon":
            address = stack.enter_context(by_daemon(server, environment))
        else:
            address = stack.enter_context(by_http(server, environment))
        drafted.git("remote", "set-url", "origin", address)
        drafted.environment |= variables
        yield Way(drafted, variables, WORDS[request.param])


def tip(server: Path, office: Office) -> str:
    return office.git("--git-dir", str(server), "rev-parse", "refs/heads/main")


def test_a_bad_push_is_refused_in_the_language_of_the_server(way: Way, server: Path) -> None:
    office, before = way.office, tip(server, way.office)
    office.edit(TEXT, "owner: technical\n", "ownr: technical\n")
    office.git("commit", "-qam", "Break the head")

    code, said = office.push("main", **way.variables)

    assert code != 0
    for one in (f"{TEXT}:", *way.words):
        assert one in said, said
    assert tip(server, office) == before


def test_a_good_push_is_taken_and_sync_says_what_the_gate_says(way: Way, server: Path) -> None:
    office = way.office
    office.edit(TEXT, "## 1 目的\n\n无", "## 1 目的\n\n甲。")
    office.git("commit", "-qam", "Write")
    assert office.push("main", **way.variables) == (0, "")
    assert tip(server, office) == office.git("rev-parse", "HEAD")
    office.edit(TEXT, "甲。", "乙。")
    office.git("commit", "-qam", "Write on")

    answer = office.call("sync")

    assert answer.code == 0, answer
    assert tip(server, office) == office.git("rev-parse", "HEAD")
