"""Run as a user id that the system knows nothing of, as containers do."""

import os
import pwd
import shutil

import pytest

from qms.testing.mended import named
from qms.testing.office import Office
from qms.testing.other_user import other_user

NUMBER = "LX-WI-01"
STRANGER = 54321
COMMANDS = (("check", "--all"), ("list",), ("history", NUMBER), ("verify",))

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes a user id at will")


@pytest.fixture(params=["home", "no home"])
def has_home(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    if request.param == "no home":
        monkeypatch.delenv("HOME")
    return bool(request.param == "home")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_who_has_no_name_reads_all_and_is_told_how_to_sign(
    submitted: Office,
    has_home: bool,  # noqa: FBT001 - a case
    lang: str,
) -> None:
    """USER-UNKNOWN: "mend what ssh-keygen says" was all; the line that is named is of their id."""
    with pytest.raises(KeyError):
        pwd.getpwuid(STRANGER)
    for command in (*COMMANDS, ("todo",), ("--key", str(submitted.key("gong.yi")), "sign", NUMBER)):
        submitted.call(*command)  # loads what it needs: they may not read where Python lies
    with other_user(submitted, STRANGER) as them:
        key = them.office.folder.parent / "key"
        shutil.copy(submitted.key("fu.yi"), key)
        os.chown(key, STRANGER, STRANGER)
        key.chmod(0o600)
        if not has_home:
            del them.office.environment["HOME"]
        for command in COMMANDS:
            answer = them.call(*command)
            assert (answer.code, answer.findings) == (0, ()), answer
        assert "qms sign" in them.call("--key", str(key), "todo").out

        head = them.office.git("-c", "safe.directory=*", "rev-parse", "HEAD")
        answer = them.call("--lang", lang, "--key", str(key), "sign", NUMBER)

        assert them.office.git("-c", "safe.directory=*", "rev-parse", "HEAD") == head
    assert answer.code == 1
    (way,) = named(answer.out + answer.err, "USER-UNKNOWN")
    name, _, uid, gid, *_ = way.removeprefix("echo ").split(" >> ")[0].split(":")
    assert (name, uid, gid) == (f"qms{STRANGER}", str(STRANGER), str(STRANGER))
    assert way.endswith(" >> /etc/passwd")
