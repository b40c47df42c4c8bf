"""A home folder by a path that hangs on where one is: nothing of a clone is taken for it."""

from pathlib import Path

import pytest

from qms.testing.office import Office


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("home", ["home", "./home", "."])
def test_nothing_is_written_into_the_clone_and_nothing_signed(
    drafted: Office, monkeypatch: pytest.MonkeyPatch, home: str, lang: str
) -> None:
    """Row 156 (L: STATE-FOLDER): what qms must remember would lie where everybody pushes to."""
    monkeypatch.chdir(drafted.folder)
    (drafted.folder / "home").mkdir()
    head, before = drafted.git("rev-parse", "HEAD"), files(drafted.folder)
    drafted.environment |= {"HOME": home, "XDG_STATE_HOME": "state", "XDG_CACHE_HOME": "cache"}

    answer = drafted.call("submit", "LX-WI-01", by="gong.yi", lang=lang)
    drafted.call("--help")

    assert (answer.code, "STATE-FOLDER" in answer.err) == (3, True), answer
    assert files(drafted.folder) == before
    assert (drafted.git("rev-parse", "HEAD"), drafted.status) == (head, "")
    drafted.environment["XDG_STATE_HOME"] = str(drafted.folder.parent / "state")
    assert drafted.call("submit", "LX-WI-01", by="gong.yi").code == 0


def files(folder: Path) -> list[Path]:
    return sorted(one for one in folder.rglob("*") if ".git" not in one.parts)
