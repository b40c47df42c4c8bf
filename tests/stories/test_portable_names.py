"""Names that Windows can't hold: told before a colleague there can check nothing out."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from qms.testing.mended import committed, done, fine, shared, told
from qms.testing.office import Office

NAMES = (
    "assets/aux", "assets/NUL.svg", "notes/a:b.txt", "notes/con/x.txt", "notes/end.", "notes/end ",
    "com1.md", 'notes/"x"?.txt', "notes/lpt¹",
)  # fmt: skip


@pytest.mark.parametrize("path", NAMES)
def test_a_name_that_windows_cannot_hold_is_told_with_another(drafted: Office, path: str) -> None:
    """NAME-UNPORTABLE"""
    shared(drafted)
    before = drafted.git("rev-parse", "HEAD")
    drafted.write(path, "x\n")
    told_first = drafted.call("check")
    committed(drafted)

    assert (told_first.code, told_first.findings) == (0, ("NAME-UNPORTABLE",)), told_first
    for judged in (("check", "--all"), ("check", "--step", before, "HEAD")):
        answer = drafted.call(*judged)
        assert (answer.code, answer.findings) == (0, ("NAME-UNPORTABLE",)), answer
    done(drafted, *told(drafted, "NAME-UNPORTABLE", "en"))
    fine(drafted)
    assert drafted.call("check", "--all").findings == ()
    assert drafted.git("diff", "-M", "--name-status", before, "HEAD")[:1] == "A", "it is there"


@pytest.mark.parametrize("path", ["assets/auxiliary", "notes/.nul", "notes/a;b", "notes/com10"])
def test_what_windows_can_hold_is_no_matter(drafted: Office, path: str) -> None:
    drafted.write(path, "x\n")

    assert drafted.call("check").findings == drafted.call("check", "--all").findings == ()


def test_what_is_there_already_is_told_by_whoever_looks_at_all(drafted: Office) -> None:
    """NAME-UNPORTABLE"""
    drafted.write("notes/aux/one.txt", "x\n")
    committed(drafted)
    shared(drafted)
    drafted.write("notes/aux/two.txt", "x\n")

    assert drafted.call("check").findings == ()
    assert drafted.call("check", "--all").findings == ("NAME-UNPORTABLE",), "for a folder once"


@pytest.mark.parametrize("name", ["aux.md", "nul.md", "LX-WI-02..md", "a:b.md", "LX-WI-02.md "])
def test_in_governed_folders_it_is_wrong(drafted: Office, name: str) -> None:
    """STRAY"""
    drafted.write(f"documents/work-instruction/{name}", "x\n")

    assert drafted.call("check").findings == ("STRAY",)


def test_what_is_stray_already_is_told_once(drafted: Office) -> None:
    """STRAY-NAME"""
    drafted.write("a:b", "x\n")

    assert drafted.call("check").findings == ("STRAY-NAME",)


@pytest.mark.parametrize(
    ("name", "renamed"),
    [("a:b.txt", "a-b.txt"), ("Documents", "other-Documents"), ("git~1", "other-git~1"),
     ("Policy.yaml", "other-Policy.yaml")],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_name_that_is_taken_for_another_is_mended_by_what_is_said(
    drafted: Office, name: str, renamed: str, lang: str
) -> None:
    """STRAY-NAME: told to move out of a folder in which it isn't, nobody knew what to do."""
    drafted.write(name if "." in name else f"{name}/x.md", "x\n")

    answer = drafted.call("check", lang=lang)

    assert (answer.code, set(answer.findings)) == (1, {"STRAY-NAME"}), answer
    command = re.search(r"`(mv -n [^`]+)`", answer.out)
    assert command is not None, answer
    subprocess.run(shlex.split(command[1]), cwd=drafted.folder, check=True)
    assert (drafted.folder / renamed).exists()
    assert drafted.call("check").findings == ()


def test_a_push_with_one_is_taken_and_told(drafted: Office, server: Path) -> None:
    """NAME-UNPORTABLE"""
    drafted.write("notes/aux", "x\n")
    committed(drafted)

    code, said = drafted.push("main")

    assert (code, "NAME-UNPORTABLE" in said) == (0, True), said
    assert drafted.git("--git-dir", str(server), "rev-parse", "main") == drafted.git(
        "rev-parse", "HEAD"
    )
