"""Law 3: no file that a received folder or its settings name is waited for or read without end."""

import os
from collections.abc import Callable
from pathlib import Path
from subprocess import TimeoutExpired

import pytest

from qms.cli.context import Context
from qms.cli.output import Output
from qms.cli.printed_findings import in_work_tree
from qms.formats import caps
from qms.testing.office import Office

SECONDS = 60
HUGE = 1 << 40


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(HUGE)


STRANGE: dict[str, Callable[[Path], object]] = {
    "pipe": os.mkfifo,
    "device": lambda path: path.symlink_to("/dev/zero"),
    "huge": sparse,
}
strange = pytest.mark.parametrize("make", STRANGE.values(), ids=STRANGE)


def said(office: Office, *arguments: str) -> tuple[int, str]:
    """The code of one command, and all that it says; it ends in time or not at all."""
    process = office.start(*arguments)
    try:
        out, err = process.communicate(timeout=SECONDS)
    except TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return process.returncode, f"{out}{err}"


@strange
@pytest.mark.parametrize("setting", ["qms.key", "user.signingKey"])
def test_the_key_that_a_clone_names_is_told_by_doctor(
    lx: Office, setting: str, make: Callable[[Path], object]
) -> None:
    make(lx.folder.parent / "key")
    lx.git("config", "gpg.format", "ssh")
    lx.git("config", setting, str(lx.folder.parent / "key"))

    code, text = said(lx, "doctor")

    assert code == 0
    assert "KEY-FILE" in text
    assert "KEY-FILE" in said(lx, "todo")[1]


@strange
def test_a_public_key_that_somebody_names_is_read_to_its_bound(
    lx: Office, make: Callable[[Path], object]
) -> None:
    make(lx.folder.parent / "key.pub")

    code, text = said(lx, "policy", "key", "fu.er", str(lx.folder.parent / "key.pub"))

    assert code == 1
    assert "KEY-FILE" in text


def test_people_who_are_more_than_may_be_are_not_read(lx: Office) -> None:
    sparse(lx.folder / "people.yaml")

    code, text = said(lx, "policy", "key", "fu.er", f"{lx.key('spare')}.pub")

    assert code == 3
    assert "FILE-UNREADABLE" in text


@pytest.mark.parametrize("name", ["pipe", "device"])
def test_a_scan_is_a_plain_file(lx: Office, name: str) -> None:
    scan = lx.folder.parent / "scan.pdf"
    STRANGE[name](scan)

    code, text = said(
        lx, "legacy", "work-instruction", "--title", "车床", "--number", "LX-WI-07",
        "--revision", "C/3", "--approved", "2019-03-01", "--published", "2019-03-15",
        "--effective", "2019-04-01", "--by", "Zhang San", "--evidence", str(scan),
    )  # fmt: skip

    assert code == 3
    assert "FILE-UNREADABLE" in text
    assert not lx.status


@strange
def test_somebody_elses_hook_is_read_to_its_bound(
    lx: Office, make: Callable[[Path], object]
) -> None:
    server = lx.folder.parent / "server.git"
    lx.git("init", "-q", "--bare", "-b", "main", str(server))
    (server / "hooks").mkdir(exist_ok=True)
    make(server / "hooks" / "pre-receive")

    code, text = said(lx, "-C", str(server), "hook", "install", "--server")

    assert code
    assert "HOOK-THERE" in text or "SPECIAL-FILE" in text


@strange
def test_no_line_is_looked_up_in_what_never_ends(
    lx: Office, make: Callable[[Path], object]
) -> None:
    context = Context(Output.standard({}), lx.folder, "en")
    read = in_work_tree(context)
    make(lx.folder / "a.yaml")
    (lx.folder / "b.yaml").write_bytes(b"a" * caps.BLOB)

    assert read("a.yaml") is None
    assert read("b.yaml") == b"a" * caps.BLOB
    context.repository.close()
