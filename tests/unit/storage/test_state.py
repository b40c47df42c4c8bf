import os
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.findings import QmsError
from qms.storage.own_state import known_state_folder, state_folder


def test_it_is_this_users_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert known_state_folder("notes") is None
    folder = state_folder("notes")
    assert folder == tmp_path / "state" / "qms" / "notes" == known_state_folder("notes")
    for one in (folder, folder.parent):
        assert one.stat().st_mode & 0o777 == 0o700


def test_it_lies_in_the_home_folder_by_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for unset in ("", "relative/folder"):
        monkeypatch.setenv("XDG_STATE_HOME", unset)
        assert state_folder("notes") == tmp_path / ".local" / "state" / "qms" / "notes"


def a_link(folder: Path) -> None:
    (folder.parent / "elsewhere").mkdir(parents=True)
    folder.symlink_to(folder.parent / "elsewhere")


def a_file(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.touch()


def a_strangers(folder: Path) -> None:
    folder.mkdir(parents=True, mode=0o777)
    os.chown(folder, 4711, 4711)


@pytest.mark.parametrize("plant", [a_link, a_file, a_strangers])
@pytest.mark.parametrize("name", ["qms", "qms/notes"])
def test_what_is_not_ours_is_neither_used_nor_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plant: Callable[[Path], None], name: str
) -> None:
    if plant is a_strangers and os.geteuid() != 0:
        pytest.skip("only root gives folders away")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    plant(tmp_path / name)
    if name != "qms":
        (tmp_path / "qms").chmod(0o700)
    assert known_state_folder("notes") is None
    with pytest.raises(QmsError) as caught:
        state_folder("notes")
    assert caught.value.finding.code == "STATE-FOLDER"


def test_one_that_others_may_look_into_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (tmp_path / "qms").mkdir(mode=0o755)
    assert known_state_folder("notes") is None
    assert state_folder("notes").parent.stat().st_mode & 0o777 == 0o700
