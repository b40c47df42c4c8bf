"""Issue 9: a text that this machine has judged isn't parsed again; nobody else's word is taken."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from qms import installed
from qms.jobs.judging.admission import filed_policy
from qms.jobs.judging.judged_texts import JudgedTexts
from qms.plugins import Hooks
from qms.storage.repository import Repository
from qms.testing.office import Office

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"


@pytest.fixture
def faulty(drafted: Office, tmp_path: Path) -> Office:
    """A text with a letter that can't be printed, at a machine that has judged nothing yet."""
    drafted.edit(TEXT, "无\n", "甲 \U00013000\n")
    drafted.environment = {**drafted.environment, **places(tmp_path / "here")}
    return drafted


def places(home: Path) -> dict[str, str]:
    return {"XDG_CACHE_HOME": str(home / "cache"), "XDG_STATE_HOME": str(home / "state"), "CI": ""}


@contextmanager
def at(home: Path) -> Iterator[None]:
    """The machine whose caches lie below `home`."""
    with pytest.MonkeyPatch.context() as patch:
        for name, place in places(home).items():
            patch.setenv(name, place)
        yield


def call_it_fine(office: Office) -> None:
    """As that machine would if it had found nothing."""
    with Repository.find(office.folder) as repository:
        policy = filed_policy(repository.head_tree())
        assert policy is not None
        JudgedTexts(Hooks(policy.plugins), {}).keep((office.folder / TEXT).read_bytes(), {})


def test_what_this_machine_has_judged_is_judged_anew_by_who_signs(
    faulty: Office, tmp_path: Path
) -> None:
    with at(tmp_path / "here"):
        call_it_fine(faulty)

    assert faulty.call("check").findings == ()
    assert "LETTER-MISSING" in faulty.call("check", "--all").findings
    assert "LETTER-MISSING" in faulty.call("check", TEXT).findings
    assert "LETTER-MISSING" in faulty.call("submit", NUMBER, by="gong.yi").findings


def test_what_another_machine_has_judged_counts_nowhere_else(
    faulty: Office, tmp_path: Path
) -> None:
    """Row 185 (L): a cache that was copied, or made by somebody else, is none."""
    with at(tmp_path / "there"):
        call_it_fine(faulty)
    shutil.copytree(tmp_path / "there" / "cache", tmp_path / "here" / "cache")

    assert faulty.call("check").findings == ("LETTER-MISSING",)


def test_a_fault_is_told_each_time_and_what_is_mended_is_kept(
    faulty: Office, tmp_path: Path
) -> None:
    cache = tmp_path / "here" / "cache" / "qms" / "printed"
    for _ in range(2):
        assert faulty.call("check").findings == ("LETTER-MISSING",)
    assert list(cache.glob("legible-*")) == []

    faulty.edit(TEXT, "\U00013000", "乙")

    assert faulty.call("check").findings == ()
    (kept,) = cache.glob("legible-*")
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("changed", ["qms/data/letters.txt", "qms_publish/text/misread.py"])
def test_what_another_tool_has_judged_is_judged_anew(
    drafted: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    """DC-18: a checkout has many states of one version, and what changed need not be newest."""
    data = (drafted.folder / TEXT).read_bytes()
    with at(tmp_path / "here"), Repository.find(drafted.folder) as repository:
        policy = filed_policy(repository.head_tree())
        assert policy is not None
        JudgedTexts(Hooks(policy.plugins), {}).keep(data, {})
        assert JudgedTexts(Hooks(policy.plugins), {}).holds(data, {})
        told = installed._changed  # noqa: SLF001
        monkeypatch.setattr(
            installed, "_changed", lambda path: 1 if path.endswith(changed) else told(path)
        )

        assert not JudgedTexts(Hooks(policy.plugins), {}).holds(data, {})


def test_ci_keeps_and_believes_nothing(faulty: Office, tmp_path: Path) -> None:
    with at(tmp_path / "here"):
        call_it_fine(faulty)
    faulty.environment["CI"] = "true"

    assert faulty.call("check").findings == ("LETTER-MISSING",)


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -20 999 99"><text y="5">{}</text></svg>'


def test_a_picture_that_has_changed_is_judged_again(faulty: Office, tmp_path: Path) -> None:
    """DC-18: the text is the same, and the page is not."""
    cache = tmp_path / "here" / "cache" / "qms" / "printed"
    faulty.edit(TEXT, "甲 \U00013000", "![图](../../assets/a.svg)")
    faulty.write("assets/a.svg", SVG.format("好"))
    for _ in range(2):
        assert faulty.call("check").findings == ()
        assert len(list(cache.glob("legible-*"))) == 1

    faulty.write("assets/a.svg", SVG.format("\U00013000"))
    assert faulty.call("check").findings == ("LETTER-MISSING",)

    (faulty.folder / "assets" / "a.svg").unlink()
    assert "ASSET-UNLISTED" in faulty.call("check").findings
