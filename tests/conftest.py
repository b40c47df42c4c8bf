"""Every test runs without the user's own git and ssh: nothing of the machine may reach it."""

import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qms.testing.office import Office
from qms.testing.outsiders import runner

COMPANIES = Path(__file__).parent / "stories" / "companies"
FOUNDERS = {
    "lx": ("gao.feng", "guan.ning"),
    "lx-small": ("gao.feng", "guan.ning"),
    "food": ("zong.jing", "ban.gong"),
    "food-small": ("zong.jing", "ban.gong"),
    "jd-small": ("zong.jing", "ban.gong"),
}
_OF_THE_USER = (
    "CI",
    "EMAIL",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_AUTHOR_DATE",
    "GIT_AUTHOR_EMAIL",
    "GIT_AUTHOR_NAME",
    "GIT_COMMITTER_DATE",
    "GIT_COMMITTER_EMAIL",
    "GIT_COMMITTER_NAME",
    "GIT_CONFIG",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_SSH_COMMAND",
    "GIT_TEMPLATE_DIR",
    "GIT_WORK_TREE",
    "PYTHONDONTWRITEBYTECODE",
    "QMS_NOW",
    "SSH_AGENT_PID",
    "SSH_ASKPASS",
    "SSH_ASKPASS_REQUIRE",
    "SSH_AUTH_SOCK",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_STATE_HOME",
)


@pytest.fixture(autouse=True, scope="session")
def _machine_out_of_reach(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An empty home, no git settings of user or system, no agent, no clock but the test's."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in _OF_THE_USER:
            patch.delenv(name, raising=False)
        patch.setenv("HOME", str(home))
        patch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
        patch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv("GIT_TERMINAL_PROMPT", "0")
        yield


@pytest.fixture(scope="session")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Office]:
    """A copy of an office with a life of its own, in which people then did what each line says.

    A line is a person, and what that person typed: it went well. `plugin` is the folder of somebody
    else's plugin, which lies on Python's path then.
    """

    def copy(office: Office, *lines: str, plugin: Path | None = None) -> Office:
        made = office.copy(tmp_path_factory.mktemp("office"))
        qms = made.call if plugin is None else runner(made, plugin)
        for person, *words in map(shlex.split, lines):
            answer = qms(*words, by=person)
            assert answer.code == 0, answer
        return made

    return copy


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Office]:
    """Each company as it was founded, made when first asked for."""
    made: dict[str, Office] = {}

    def found(name: str) -> Office:
        if name not in made:
            files = {one.name: one.read_bytes() for one in (COMPANIES / name).iterdir()}
            made[name] = Office.found(tmp_path_factory.mktemp(name), files, FOUNDERS[name])
        return made[name]

    return found
