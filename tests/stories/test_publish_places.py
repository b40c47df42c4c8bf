"""Issue 8, 1: where nothing may be printed, and that nothing outside the folder is touched.

P: at `qms publish`.
"""

import os
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from qms.testing.office import Office
from qms.testing.other_user import OtherUser, other_user
from qms.testing.published import laid, out, publish

NUMBER = "LX-WI-01"
PDF = f"work-instruction/{NUMBER}_A-0_uncontrolled.pdf"


def test_no_link_in_the_folder_is_followed(released: Office, tmp_path: Path) -> None:
    """Row 85 (P)"""
    home = tmp_path / "home"
    home.mkdir()
    (home / "mine.pdf").write_bytes(b"mine")
    out(released).mkdir()
    (out(released) / "work-instruction").symlink_to(home, target_is_directory=True)

    answer = publish(released)

    assert (answer.code, answer.findings) == (3, ("OUT-FOLDER",))
    assert [one.name for one in home.iterdir()] == ["mine.pdf"]
    assert [one.name for one in out(released).iterdir()] == ["work-instruction"]


@pytest.mark.parametrize("name", ["manifest.json", PDF])
def test_a_folder_in_the_place_of_a_file_is_told_before_the_key_is_asked_for(
    released: Office, name: str
) -> None:
    (out(released) / name).mkdir(parents=True)
    answer = released.call("publish", "--key", "/nowhere/key")
    assert (answer.code, answer.findings) == (3, ("OUT-FOLDER",))
    assert name in answer.err


@pytest.mark.parametrize("name", ["manifest.json", "manifest.json.sig", PDF])
def test_a_link_in_the_place_of_a_file_is_replaced(
    released: Office, tmp_path: Path, name: str
) -> None:
    (tmp_path / "mine").write_bytes(b"mine")
    place = out(released) / name
    place.parent.mkdir(parents=True)
    place.symlink_to(tmp_path / "mine")

    assert publish(released).code == 0

    assert (tmp_path / "mine").read_bytes() == b"mine"
    assert not place.is_symlink()


def test_an_output_folder_that_is_a_link_in_the_repo_is_refused(
    released: Office, tmp_path: Path
) -> None:
    """A committed link `published` to somebody's folder."""
    home = tmp_path / "home"
    home.mkdir()
    out(released).symlink_to(home, target_is_directory=True)

    answer = publish(released)

    assert (answer.code, answer.findings) == (3, ("OUT-FOLDER",))
    assert not list(home.iterdir())


@pytest.mark.parametrize("folder", ["released", ".git/x", "documents/../policy", "Copies", "."])
def test_nothing_is_printed_among_signed_files(released: Office, folder: str) -> None:
    before = released.git("status", "--porcelain", "--ignored")
    answer = publish(released, "--out", folder)
    assert (answer.code, answer.findings) == (3, ("OUT-FOLDER",))
    assert released.git("status", "--porcelain", "--ignored") == before


def test_nothing_is_printed_among_gits_own_files(released: Office, tmp_path: Path) -> None:
    """Where they don't lie at `.git`: a bare repository, the one of a linked work tree."""
    bare = tmp_path / "bare.git"
    released.git("clone", "-q", "--bare", ".", str(bare))
    for name, value in (("qms.rehearsal", "true"), ("qms.allowUnencryptedKey", "true")):
        released.git("-C", str(bare), "config", name, value)
    before = sorted(bare.iterdir())
    answer = publish(replace(released, folder=bare))
    assert (answer.code, answer.findings) == (3, ("OUT-FOLDER",))
    assert sorted(bare.iterdir()) == before

    linked = tmp_path / "linked"
    released.git("worktree", "add", "-q", "--detach", str(linked))
    answer = publish(replace(released, folder=linked), "--out", str(released.folder / ".git" / "x"))
    assert (answer.code, answer.findings) == (3, ("OUT-FOLDER",))
    assert not (released.folder / ".git" / "x").exists()


def test_the_manifest_of_another_program_is_not_replaced(released: Office) -> None:
    """`--out ~/www`: a web app's manifest has this very name."""
    out(released).mkdir()
    (out(released) / "manifest.json").write_text('{"name": "Portal"}')
    answer = released.call("publish", "--key", "/nowhere/key")
    assert (answer.code, answer.findings) == (3, ("OUT-FOLDER",))
    assert (out(released) / "manifest.json").read_text() == '{"name": "Portal"}'
    (out(released) / "manifest.json").write_bytes(b"")  # what a power cut may leave of ours
    assert publish(released).code == 0


def test_a_pipe_in_the_place_of_a_file_stops_nobody(released: Office) -> None:
    (out(released) / PDF).parent.mkdir(parents=True)
    os.mkfifo(out(released) / PDF)
    os.mkfifo(out(released) / "manifest.json")
    assert publish(released).code == 0
    assert (out(released) / PDF).is_file()


def test_a_folder_of_a_colleague_is_told_before_anything_is_laid(machine: Office) -> None:
    """One below ours: they printed there, and we may look into it only."""
    machine.qms("publish", by="wen.kong")
    with somebody_else(machine) as user, pytest.MonkeyPatch.context() as patch:
        patch.setattr("qms.jobs.paper.print_inputs.__version__", "9.9")
        folder = out(user.office) / "work-instruction"
        before = laid(user.office)
        user.lose(folder)
        answer = user.call("publish", "--key", "/nowhere/key")
        assert (answer.code, answer.findings) == (3, ("OUT-FOLDER",))
        assert f"{folder}: Permission denied" in answer.err
        assert laid(user.office) == before

        user.own(folder)
        assert user.call("publish", "--key", "/nowhere/key").findings == ("KEY-MISSING",)


@contextmanager
def somebody_else(office: Office) -> Generator[OtherUser, None, None]:
    """Another user of this machine, who may not write everywhere; else there is no test."""
    with ExitStack() as stack:
        try:
            user = stack.enter_context(other_user(office))
        except OSError as error:
            pytest.skip(f"nobody else can work on this machine: {error}")
        yield user
