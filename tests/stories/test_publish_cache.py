"""Issue 8, 1: what was printed before is kept for its user alone, and believed by its key.

P: at `qms publish`.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from qms.testing.office import Office
from qms.testing.published import noting, out, publish

NUMBER = "LX-WI-01"
PDF = f"work-instruction/{NUMBER}_A-0_uncontrolled.pdf"
FORGED = b"%PDF-1.7 forged"
OTHER = f"sha256:{'0' * 64}"


def entries(office: Office) -> Iterator[Path]:
    yield from (Path(office.environment["XDG_CACHE_HOME"]) / "qms" / "printed").iterdir()


def test_the_cache_is_nobody_elses(machine: Office) -> None:
    """Row 93 (P)"""
    publish(machine)
    files = [
        *entries(machine),
        Path(machine.environment["XDG_STATE_HOME"]) / "qms" / "printed" / "key",
    ]
    assert len(files) == 4
    assert {one.stat().st_mode & 0o777 for one in files} == {0o600}
    assert {one.parent.stat().st_mode & 0o777 for one in files} == {0o700}
    assert "1 file, 0 made" in publish(machine).out
    (out(machine) / PDF).write_bytes(FORGED)
    assert "1 file, 1 made" in publish(machine).out


def test_what_nobody_asks_for_any_more_leaves_the_cache(machine: Office) -> None:
    publish(machine)
    old = next(entries(machine)).parent / f"base-{'0' * 64}"
    old.write_bytes(b"of a font that is no longer there")
    long_ago = old.stat().st_mtime - 100 * 86400
    for one in (old, *entries(machine)):
        os.utime(one, (long_ago, long_ago))

    assert "1 file, 0 made" in publish(machine).out

    kept = sorted(one.name.partition("-")[0] for one in entries(machine))
    assert kept == ["file", "made"], (
        "what is asked for stays; a page that needn't be set again goes"
    )


def test_a_key_that_was_cut_short_is_made_anew(machine: Office) -> None:
    """Killed, or a full disk, as it was written: else there would never be a cache again."""
    publish(machine)
    key_file = Path(machine.environment["XDG_STATE_HOME"]) / "qms" / "printed" / "key"
    key_file.write_bytes(b"")
    assert "1 file, 1 made" in publish(machine).out
    assert "1 file, 0 made" in publish(machine).out


@pytest.mark.parametrize("how", ["altered", "link", "hard link", "read by all", "folder", "moved"])
def test_a_poisoned_cache_is_no_cache(
    machine: Office, printed: Path, tmp_path: Path, how: str
) -> None:
    """Row 93 (P); and one that a CI cache action restores: its code is by another machine's key."""
    publish(machine)
    (out(machine) / PDF).unlink()
    folder = next(entries(machine)).parent
    if how == "folder":
        folder.chmod(0o755)
    if how == "moved":
        machine.environment["XDG_STATE_HOME"] = str(tmp_path / "another")
    for at, one in enumerate([*entries(machine)]):
        if how == "altered":
            one.write_bytes(one.read_bytes()[:32] + FORGED)
        if how == "link":
            one.rename(tmp_path / str(at))
            one.symlink_to(tmp_path / str(at))
        if how == "hard link":
            os.link(one, tmp_path / str(at))
        if how == "read by all":
            one.chmod(0o644)
    rendered = tmp_path / "rendered"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qms.plugins.Hooks.render", noting(rendered))
        assert publish(machine).code == 0

    assert rendered.exists(), "made anew"
    assert (out(machine) / PDF).read_bytes() == (printed / PDF).read_bytes()


def test_there_is_no_cache_in_ci(machine: Office) -> None:
    machine.environment["CI"] = "true"
    publish(machine)
    assert not Path(machine.environment["XDG_CACHE_HOME"], "qms", "printed").exists()
    assert "1 file, 1 made" in publish(machine).out


@pytest.mark.parametrize("what", ["toolchain", "plugin", "version"])
def test_other_inputs_are_another_file(machine: Office, what: str) -> None:
    """Fonts and libraries, layout files of a plugin, the tool: each is in the key."""
    publish(machine)
    with pytest.MonkeyPatch.context() as patch:
        if what == "toolchain":
            patch.setattr("qms_publish.lettering.fonts.font_digests", lambda: iter(["other fonts"]))
        if what == "plugin":
            patch.setattr(
                "qms.jobs.paper.print_inputs.package_digest", lambda _package: f"sha256:{'0' * 64}"
            )
        if what == "version":
            patch.setattr("qms.jobs.paper.print_inputs.__version__", "9.9")
        assert "1 file, 1 made" in publish(machine).out
