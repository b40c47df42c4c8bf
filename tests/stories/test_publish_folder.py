"""Issue 8, 1: what lies in the output folder is believed of nobody, and stays where it isn't ours.

P: at `qms publish`.
"""

import hashlib
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.findings import Finding, QmsError, refused
from qms.formats.print_manifest import NAMESPACE, parse_manifest
from qms.printing import RenderRequest
from qms.storage.out_folder import OutFolder
from qms.testing.office import Office
from qms.testing.published import laid, out, publish, second_draft

NUMBER = "LX-WI-01"
PDF = f"work-instruction/{NUMBER}_A-0_uncontrolled.pdf"
FORGED = b"%PDF-1.7 forged"


def digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def lay(office: Office, printed: Path, **changed: object) -> None:
    """The manifest of a true run, with other values, not signed or by somebody else."""
    value = json.loads((printed / "manifest.json").read_bytes())
    value["files"][0] |= changed
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    out(office).mkdir(exist_ok=True)
    (out(office) / "manifest.json").write_text(text + "\n", encoding="utf-8")


def sign(office: Office, by: str, namespace: str = NAMESPACE) -> None:
    """Sign the manifest that lies there with somebody's key."""
    place = out(office) / "manifest.json"
    command = ["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", str(office.key(by))]
    subprocess.run([*command, str(place)], check=True, capture_output=True)


@pytest.mark.parametrize("name", [PDF, f"work-instruction/{NUMBER}_A-5_uncontrolled.pdf"])
def test_a_file_of_terabytes_in_the_folder_is_none_of_ours(released: Office, name: str) -> None:
    """Row 263 (P): nothing was written of it; to hash it would have taken hours."""
    assert publish(released).code == 0
    place = out(released) / name
    place.touch()
    os.truncate(place, 4 << 40)

    answer = publish(released)

    assert answer.code == 0
    assert (place.stat().st_size < 1 << 30) == (name == PDF), "replaced, or left as it was"


def test_what_is_larger_than_any_page_is_not_read(tmp_path: Path) -> None:
    """Row 263 (P): also where nobody tells where its holes are."""
    for at, data in enumerate((b"", b"%PDF", bytes(3 << 20))):
        (tmp_path / f"{at}.pdf").write_bytes(data)
        assert OutFolder(tmp_path).digest(f"{at}.pdf") == digest(data)
    large = tmp_path / "large.pdf"
    large.touch()
    os.truncate(large, 1 << 30)

    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(os, "SEEK_HOLE")
        assert OutFolder(tmp_path).digest("1.pdf") == digest(b"%PDF")
        assert OutFolder(tmp_path).digest("large.pdf") is None
    assert OutFolder(tmp_path).is_file("large.pdf")
    assert not OutFolder(tmp_path).is_file("none.pdf")


def test_a_manifest_deletes_nothing_outside(released: Office, printed: Path) -> None:
    """Row 85 (P): a committed manifest with ../../../home.txt, also one that the publisher's key
    signed.
    """
    home = released.folder.parent / "home.txt"
    home.write_text("mine")
    for by in (None, "wen.kong"):
        lay(released, printed, file="../../home.txt", digest=digest(b"mine"))
        if by is not None:
            sign(released, by)
        assert publish(released).code == 0
        assert home.read_text() == "mine"


@pytest.mark.parametrize("by", [None, "stranger", "gong.yi", "wen.kong"])
def test_a_forged_pdf_is_not_taken_over(released: Office, printed: Path, by: str | None) -> None:
    """Whoever signed the manifest that lists it: nothing says that it was made of these inputs."""
    lay(released, printed, digest=digest(FORGED))
    if by is not None:
        sign(released, by)
    (out(released) / PDF).parent.mkdir()
    (out(released) / PDF).write_bytes(FORGED)

    assert publish(released).code == 0

    assert (out(released) / PDF).read_bytes() == (printed / PDF).read_bytes()
    assert parse_manifest((out(released) / "manifest.json").read_bytes()).files[0].digest == digest(
        (printed / PDF).read_bytes()
    )


def test_what_was_printed_before_goes_and_what_others_laid_there_stays(released: Office) -> None:
    """Case twins too: what differs from a true name by case only is not taken out."""
    second_draft(released)
    assert publish(released, "--drafts").code == 0
    assert "2 files, 0 made" in publish(released, "--drafts").out
    draft = out(released) / "work-instruction" / "LX-WI-02_A-0_draft.pdf"
    assert draft.is_file()
    others = {
        "work-instruction/LX-WI-07_A-0_uncontrolled.pdf": FORGED,
        "work-instruction/lx-wi-01_A-0_uncontrolled.pdf": FORGED,
        "notes.txt": b"mine",
        "x.pdf\nverified: all holds.pdf": FORGED,
    }
    for name, data in others.items():
        (out(released) / name).write_bytes(data)

    answer = publish(released)

    assert answer.code == 0
    assert not draft.exists()
    assert {name: (out(released) / name).read_bytes() for name in others} == others
    assert "no longer true, taken out: published/work-instruction/LX-WI-02" in answer.out
    for name in ("LX-WI-07", "lx-wi-01"):
        assert f"not in the manifest, left there: published/work-instruction/{name}" in answer.out
    assert "left there: published/x.pdf\\nverified" in answer.out, "no name tells lines of its own"


def test_a_run_for_one_number_lists_only_what_is_known_of_the_others(
    machine: Office, printed: Path, tmp_path: Path
) -> None:
    """What this machine made, or the same key signed and is still so; nothing that merely lies."""
    second_draft(machine)
    others = ("publish", "LX-WI-02", "--drafts")

    def listed() -> list[str]:
        rows = parse_manifest((out(machine) / "manifest.json").read_bytes()).files
        return [row.number for row in rows]

    publish(machine)
    machine.qms(*others, by="wen.kong")
    assert listed() == [NUMBER, "LX-WI-02"], "made here"
    machine.environment["XDG_CACHE_HOME"] = str(tmp_path / "another")
    machine.qms(*others, by="wen.kong")
    assert listed() == [NUMBER, "LX-WI-02"], "signed by the same key"
    machine.qms(*others, by="gong.yi")
    assert listed() == ["LX-WI-02"], "signed by another key"
    lay(machine, printed)
    sign(machine, "wen.kong", "file")
    machine.qms(*others, by="wen.kong")
    assert listed() == ["LX-WI-02"], "signed for something else"


def test_a_run_for_one_number_takes_nothing_out_that_is_still_true(
    machine: Office, tmp_path: Path
) -> None:
    """Not signed by this key, made elsewhere, by another tool: not listed, but told and left."""
    second_draft(machine)
    machine.qms("publish", by="wen.kong")
    before = (out(machine) / PDF).read_bytes()
    machine.environment["XDG_CACHE_HOME"] = str(tmp_path / "another")

    told = machine.qms("publish", "LX-WI-02", "--drafts", by="gong.yi")

    assert (out(machine) / PDF).read_bytes() == before
    assert f"not in the manifest, left there: published/{PDF}" in told
    machine.qms("publish", "--unsigned")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qms.jobs.paper.print_inputs.__version__", "9.9")
        machine.qms("publish", "LX-WI-02", "--drafts", "--unsigned")
    assert (out(machine) / PDF).read_bytes() == before


def test_a_manifest_lists_nothing_that_another_tool_made(machine: Office, tmp_path: Path) -> None:
    """It says by which tool and plugins its files were made."""
    second_draft(machine)
    machine.qms("publish", by="wen.kong")
    machine.environment["XDG_CACHE_HOME"] = str(tmp_path / "another")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qms.jobs.paper.print_inputs.__version__", "9.9")
        machine.qms("publish", "LX-WI-02", "--drafts", by="wen.kong")
    manifest = parse_manifest((out(machine) / "manifest.json").read_bytes())
    assert (manifest.tool, [row.number for row in manifest.files]) == ("qms 9.9", ["LX-WI-02"])


def test_what_could_not_be_printed_again_is_not_lost(machine: Office) -> None:
    """A renderer that ran out of time says nothing against the paper of yesterday."""
    second_draft(machine)
    machine.qms("publish", "--drafts", by="wen.kong")
    before = (out(machine) / PDF).read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qms.jobs.paper.print_inputs.__version__", "9.9")
        patch.setattr("qms.plugins.Hooks.render", failing_for(NUMBER))
        answer = publish(machine, "--drafts")

    assert (answer.code, answer.findings) == (1, ("RENDER-FAILED",))
    assert (out(machine) / PDF).read_bytes() == before
    rows = parse_manifest((out(machine) / "manifest.json").read_bytes()).files
    assert [row.number for row in rows] == ["LX-WI-02"]
    assert f"not in the manifest, left there: published/{PDF}" in answer.out


def failing_for(number: str) -> Callable[..., bytes]:
    """The true renderer, which can't set the pages of one number."""
    from qms.plugins import Hooks  # noqa: PLC0415 - before it is replaced

    true = Hooks.render

    def render(self: Hooks, request: RenderRequest) -> bytes:
        if request.document.number == number:
            raise refused("RENDER-FAILED", found="x")
        return true(self, request)

    return render


def test_what_another_repo_printed_there_is_not_taken_out(
    machine: Office, founded: Callable[[str], Office], tmp_path: Path
) -> None:
    """One machine, one folder for two companies: made here is not made of this register."""
    shared = tmp_path / "shared"
    machine.qms("publish", "--out", str(shared), by="wen.kong")
    before = (shared / PDF).read_bytes()
    other = founded("food").copy(tmp_path / "other")
    other.environment |= machine.environment
    told = other.qms("publish", "--unsigned", "--out", str(shared))
    assert (shared / PDF).read_bytes() == before
    assert "left there" in told


def test_nothing_is_swept_away_that_is_only_called_like_scratch(released: Office) -> None:
    """`--out ~`: a folder of somebody's own, with a date in its name, months old."""
    long_ago = 1_700_000_000
    kept = ["qms-20251101-1-final", ".qms-20251101-1-final", "qms-20251101-1-7-0123456789abcdef"]
    for name in kept:
        (out(released) / name).mkdir(parents=True)
        (out(released) / name / "mine").write_bytes(b"mine")
        os.utime(out(released) / name, (long_ago, long_ago))
    left = out(released) / ".qms-20251101-1-7-0123456789abcdef"
    left.mkdir()
    os.utime(left, (long_ago, long_ago))

    assert publish(released).code == 0

    assert [(out(released) / name / "mine").read_bytes() for name in kept] == [b"mine"] * 3
    assert not left.exists()


def test_a_disk_that_is_full_at_the_end_changes_nothing(machine: Office) -> None:
    machine.qms("publish", by="wen.kong")
    before = laid(machine)
    second_draft(machine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qms.jobs.paper.print_inputs.__version__", "9.9")
        patch.setattr("qms.storage.out_folder.OutFolder.stage", full_at(3))
        answer = publish(machine, "--drafts")

    assert (answer.code, answer.findings) == (3, ("DISK-FULL",))
    assert laid(machine) == before


def full_at(number: int) -> Callable[..., None]:
    """Staging, on a disk that takes so many files only."""
    true = OutFolder.stage

    def stage(self: OutFolder, place: int, data: bytes) -> None:
        if place + 1 >= number:
            raise QmsError(Finding("DISK-FULL", values={"place": str(place)}))
        true(self, place, data)

    return stage
