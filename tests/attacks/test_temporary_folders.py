"""A folder for temporary files in which somebody else can rename: nothing is put there."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.storage import scratch
from qms.testing import DocsRepo
from qms.testing.office import Answer, Office
from qms.testing.other_user import NOBODY

OPEN = 0o777
SHEET = "released/instruction/LX-WI-01/A-0.md"


def by_anybody(place: Path) -> Path:
    place.chmod(OPEN)
    return place


def by_a_group(place: Path) -> Path:
    place.chmod(0o770)
    return place


def by_its_parent(place: Path) -> Path:
    (place / "mine").mkdir(mode=0o700)
    place.chmod(OPEN)
    return place / "mine"


def by_its_owner(place: Path) -> Path:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    place.chmod(0o1777)
    os.chown(place, NOBODY, NOBODY)
    return place


def through_a_link(place: Path) -> Path:
    place.chmod(OPEN)
    place.with_name("link").symlink_to(place)
    return place.with_name("link")


WAYS = (by_anybody, by_a_group, by_its_parent, by_its_owner, through_a_link)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "temporary").mkdir()
    return tmp_path / "temporary"


@pytest.fixture
def asked(repo: DocsRepo) -> Callable[..., Answer]:
    """A command in a clone where a released text differs, with a TMPDIR."""
    repo.lay_out()
    sheet = repo.path / SHEET
    sheet.write_bytes(sheet.read_bytes().replace("正文".encode(), "证文".encode()))

    def call(folder: Path, *command: str) -> Answer:
        office = Office(repo.path, repo.path.parent / "keys", repo.now)
        office.environment["TMPDIR"] = str(folder)
        return office.call(*command)

    return call


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_put_where_somebody_else_can_rename_it(
    asked: Callable[..., Answer], place: Path, way: Callable[[Path], Path]
) -> None:
    """Row 153 (L: DOC-CHANGED): in the place of git's settings they would put theirs."""
    folder = way(place)
    untouched = [one.stat().st_mtime_ns for one in (place, folder)]

    answer = asked(folder, "check", "--all")

    assert (answer.code, answer.findings) == (1, ("DOC-CHANGED",)), answer
    assert [one.stat().st_mtime_ns for one in (place, folder)] == untouched


@pytest.mark.parametrize("mode", [0o700, 0o755, 0o1777])
def test_a_folder_of_ones_own_is_taken(
    asked: Callable[..., Answer], place: Path, mode: int
) -> None:
    place.chmod(mode)
    os.utime(place, (1, 1))

    asked(place, "check", "--all")

    assert place.stat().st_mtime_ns != 10**9
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_where_there_is_none_the_folder_and_the_way_out_are_named(
    repo: DocsRepo, place: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    """Row 153 (L: TEMP-NOWHERE)"""
    repo.lay_out()
    monkeypatch.setattr(scratch, "_SYSTEM", (str(by_its_parent(place)),))
    office = Office(repo.path, repo.path.parent / "keys", repo.now)
    office.environment["TMPDIR"] = str(place)

    answer = office.call("check", "--all", lang=lang)

    assert (answer.code, "TEMP-NOWHERE" in answer.err) == (3, True), answer
    assert f"`chmod +t {place}`" in answer.err
    place.chmod(OPEN | 0o1000)
    assert office.call("check", "--all").code == 0
