"""Issue 8, 1: what lies in the output folder is believed of nobody, and nothing outside is touched.

P: at `qms publish`.
"""

import hashlib
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from qms.findings import Finding, QmsError, refused
from qms.formats.print_manifest import NAMESPACE, parse_manifest
from qms.printing import RenderRequest
from qms.storage.out_folder import OutFolder
from qms.testing.keys import key
from qms.testing.office import Answer, Office

NUMBER = "LX-WI-01"
PDF = f"work-instruction/{NUMBER}_A-0_uncontrolled.pdf"
FORGED = b"%PDF-1.7 forged"


@pytest.fixture(scope="module")
def _released(founded: Callable[[str], Office], tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = founded("lx").copy(tmp_path_factory.mktemp("released"))
    office.qms("new", "work-instruction", "--title", "车床", by="gong.yi")
    office.qms("submit", NUMBER, by="gong.yi")
    office.qms("sign", NUMBER, by="fu.yi")
    office.qms("release", NUMBER, by="wen.kong")
    return office


@pytest.fixture
def office(_released: Office, tmp_path: Path) -> Office:
    """LX with a work instruction in force."""
    return _released.copy(tmp_path)


@pytest.fixture
def machine(office: Office, tmp_path: Path) -> Office:
    """The same at a machine that has printed nothing yet."""
    office.environment |= {
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }
    return office


@pytest.fixture(scope="module")
def printed(_released: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run in an empty folder leaves."""
    office = _released.copy(tmp_path_factory.mktemp("printed"))
    office.qms("publish", by="wen.kong")
    return office.folder / "published"


def publish(office: Office, *options: str) -> Answer:
    return office.call("publish", *options, by="wen.kong")


def drafted(office: Office) -> None:
    """A second work instruction, that nobody has sent round."""
    office.qms("new", "work-instruction", "--title", "铣床", by="gong.yi")
    office.git("add", "documents")
    office.git("commit", "-q", "-m", "Draft")


def out(office: Office) -> Path:
    return office.folder / "published"


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


# the two attacks of the issue


def test_a_manifest_deletes_nothing_outside(office: Office, printed: Path) -> None:
    """Row 85 (P): a committed manifest with ../../../home.txt, also one that the publisher's key
    signed.
    """
    home = office.folder.parent / "home.txt"
    home.write_text("mine")
    for by in (None, "wen.kong"):
        lay(office, printed, file="../../home.txt", digest=digest(b"mine"))
        if by is not None:
            sign(office, by)
        assert publish(office).code == 0
        assert home.read_text() == "mine"


@pytest.mark.parametrize("by", [None, "stranger", "gong.yi", "wen.kong"])
def test_a_forged_pdf_is_not_taken_over(office: Office, printed: Path, by: str | None) -> None:
    """Whoever signed the manifest that lists it: nothing says that it was made of these inputs."""
    lay(office, printed, digest=digest(FORGED))
    if by is not None:
        sign(office, by)
    (out(office) / PDF).parent.mkdir()
    (out(office) / PDF).write_bytes(FORGED)

    assert publish(office).code == 0

    assert (out(office) / PDF).read_bytes() == (printed / PDF).read_bytes()
    assert parse_manifest((out(office) / "manifest.json").read_bytes()).files[0].digest == digest(
        (printed / PDF).read_bytes()
    )


# links, twins, litter


def test_no_link_in_the_folder_is_followed(office: Office, tmp_path: Path) -> None:
    """Row 85 (P)"""
    home = tmp_path / "home"
    home.mkdir()
    (home / "mine.pdf").write_bytes(b"mine")
    out(office).mkdir()
    (out(office) / "work-instruction").symlink_to(home, target_is_directory=True)

    answer = publish(office)

    assert (answer.code, answer.findings) == (3, ("OUT-FOLDER",))
    assert [one.name for one in home.iterdir()] == ["mine.pdf"]
    assert [one.name for one in out(office).iterdir()] == ["work-instruction"]


@pytest.mark.parametrize("name", ["manifest.json", PDF])
def test_a_folder_in_the_place_of_a_file_is_told_before_the_key_is_asked_for(
    office: Office, name: str
) -> None:
    (out(office) / name).mkdir(parents=True)
    answer = office.call("publish", "--key", "/nowhere/key")
    assert (answer.code, answer.findings) == (3, ("OUT-FOLDER",))
    assert name in answer.err


@pytest.mark.parametrize("name", ["manifest.json", "manifest.json.sig", PDF])
def test_a_link_in_the_place_of_a_file_is_replaced(
    office: Office, tmp_path: Path, name: str
) -> None:
    (tmp_path / "mine").write_bytes(b"mine")
    place = out(office) / name
    place.parent.mkdir(parents=True)
    place.symlink_to(tmp_path / "mine")

    assert publish(office).code == 0

    assert (tmp_path / "mine").read_bytes() == b"mine"
    assert not place.is_symlink()


def test_an_output_folder_that_is_a_link_in_the_repo_is_refused(
    office: Office, tmp_path: Path
) -> None:
    """A committed link `published` to somebody's folder."""
    home = tmp_path / "home"
    home.mkdir()
    out(office).symlink_to(home, target_is_directory=True)

    answer = publish(office)

    assert (answer.code, answer.findings) == (3, ("OUT-FOLDER",))
    assert not list(home.iterdir())


@pytest.mark.parametrize("folder", ["released", ".git/x", "documents/../policy", "Copies", "."])
def test_nothing_is_printed_among_signed_files(office: Office, folder: str) -> None:
    before = office.git("status", "--porcelain", "--ignored")
    answer = publish(office, "--out", folder)
    assert (answer.code, answer.findings) == (3, ("OUT-FOLDER",))
    assert office.git("status", "--porcelain", "--ignored") == before


def test_nothing_is_printed_among_gits_own_files(office: Office, tmp_path: Path) -> None:
    """Where they don't lie at `.git`: a bare repository, the one of a linked work tree."""
    bare = tmp_path / "bare.git"
    office.git("clone", "-q", "--bare", ".", str(bare))
    for name, value in (("qms.rehearsal", "true"), ("qms.allowUnencryptedKey", "true")):
        office.git("-C", str(bare), "config", name, value)
    before = sorted(bare.iterdir())
    answer = publish(replace(office, folder=bare))
    assert (answer.code, answer.findings) == (3, ("OUT-FOLDER",))
    assert sorted(bare.iterdir()) == before

    linked = tmp_path / "linked"
    office.git("worktree", "add", "-q", "--detach", str(linked))
    answer = publish(replace(office, folder=linked), "--out", str(office.folder / ".git" / "x"))
    assert (answer.code, answer.findings) == (3, ("OUT-FOLDER",))
    assert not (office.folder / ".git" / "x").exists()


def test_the_manifest_of_another_program_is_not_replaced(office: Office) -> None:
    """`--out ~/www`: a web app's manifest has this very name."""
    out(office).mkdir()
    (out(office) / "manifest.json").write_text('{"name": "Portal"}')
    answer = office.call("publish", "--key", "/nowhere/key")
    assert (answer.code, answer.findings) == (3, ("OUT-FOLDER",))
    assert (out(office) / "manifest.json").read_text() == '{"name": "Portal"}'
    (out(office) / "manifest.json").write_bytes(b"")  # what a power cut may leave of ours
    assert publish(office).code == 0


def test_a_pipe_in_the_place_of_a_file_stops_nobody(office: Office) -> None:
    (out(office) / PDF).parent.mkdir(parents=True)
    os.mkfifo(out(office) / PDF)
    os.mkfifo(out(office) / "manifest.json")
    assert publish(office).code == 0
    assert (out(office) / PDF).is_file()


def test_what_was_printed_before_goes_and_what_others_laid_there_stays(office: Office) -> None:
    """Case twins too: what differs from a true name by case only is not taken out."""
    drafted(office)
    assert publish(office, "--drafts").code == 0
    assert "2 files, 0 made" in publish(office, "--drafts").out
    draft = out(office) / "work-instruction" / "LX-WI-02_A-0_draft.pdf"
    assert draft.is_file()
    others = {
        "work-instruction/LX-WI-07_A-0_uncontrolled.pdf": FORGED,
        "work-instruction/lx-wi-01_A-0_uncontrolled.pdf": FORGED,
        "notes.txt": b"mine",
        "x.pdf\nverified: all holds.pdf": FORGED,
    }
    for name, data in others.items():
        (out(office) / name).write_bytes(data)

    answer = publish(office)

    assert answer.code == 0
    assert not draft.exists()
    assert {name: (out(office) / name).read_bytes() for name in others} == others
    assert "no longer true, taken out: published/work-instruction/LX-WI-02" in answer.out
    for name in ("LX-WI-07", "lx-wi-01"):
        assert f"not in the manifest, left there: published/work-instruction/{name}" in answer.out
    assert "left there: published/x.pdf\\nverified" in answer.out, "no name tells lines of its own"


def test_a_run_for_one_number_lists_only_what_is_known_of_the_others(
    machine: Office, printed: Path, tmp_path: Path
) -> None:
    """What this machine made, or the same key signed and is still so; nothing that merely lies."""
    drafted(machine)
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
    drafted(machine)
    machine.qms("publish", by="wen.kong")
    before = (out(machine) / PDF).read_bytes()
    machine.environment["XDG_CACHE_HOME"] = str(tmp_path / "another")

    told = machine.qms("publish", "LX-WI-02", "--drafts", by="gong.yi")

    assert (out(machine) / PDF).read_bytes() == before
    assert f"not in the manifest, left there: published/{PDF}" in told
    machine.qms("publish", "--unsigned")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qms.jobs.print_inputs.__version__", "9.9")
        machine.qms("publish", "LX-WI-02", "--drafts", "--unsigned")
    assert (out(machine) / PDF).read_bytes() == before


def test_a_manifest_lists_nothing_that_another_tool_made(machine: Office, tmp_path: Path) -> None:
    """It says by which tool and plugins its files were made."""
    drafted(machine)
    machine.qms("publish", by="wen.kong")
    machine.environment["XDG_CACHE_HOME"] = str(tmp_path / "another")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qms.jobs.print_inputs.__version__", "9.9")
        machine.qms("publish", "LX-WI-02", "--drafts", by="wen.kong")
    manifest = parse_manifest((out(machine) / "manifest.json").read_bytes())
    assert (manifest.tool, [row.number for row in manifest.files]) == ("qms 9.9", ["LX-WI-02"])


def test_what_could_not_be_printed_again_is_not_lost(machine: Office) -> None:
    """A renderer that ran out of time says nothing against the paper of yesterday."""
    drafted(machine)
    machine.qms("publish", "--drafts", by="wen.kong")
    before = (out(machine) / PDF).read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qms.jobs.print_inputs.__version__", "9.9")
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


def test_nothing_is_swept_away_that_is_only_called_like_scratch(office: Office) -> None:
    """`--out ~`: a folder of somebody's own, with a date in its name, months old."""
    long_ago = 1_700_000_000
    kept = ["qms-20251101-1-final", ".qms-20251101-1-final", "qms-20251101-1-7-0123456789abcdef"]
    for name in kept:
        (out(office) / name).mkdir(parents=True)
        (out(office) / name / "mine").write_bytes(b"mine")
        os.utime(out(office) / name, (long_ago, long_ago))
    left = out(office) / ".qms-20251101-1-7-0123456789abcdef"
    left.mkdir()
    os.utime(left, (long_ago, long_ago))

    assert publish(office).code == 0

    assert [(out(office) / name / "mine").read_bytes() for name in kept] == [b"mine"] * 3
    assert not left.exists()


def test_a_disk_that_is_full_at_the_end_changes_nothing(machine: Office) -> None:
    machine.qms("publish", by="wen.kong")
    before = laid(machine)
    drafted(machine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qms.jobs.print_inputs.__version__", "9.9")
        patch.setattr("qms.storage.out_folder.OutFolder.stage", full_at(3))
        answer = publish(machine, "--drafts")

    assert (answer.code, answer.findings) == (3, ("DISK-FULL",))
    assert laid(machine) == before


def test_a_folder_of_a_colleague_is_told_before_anything_is_laid(machine: Office) -> None:
    machine.qms("publish", by="wen.kong")
    before = laid(machine)
    folder = out(machine) / "work-instruction"
    folder.chmod(0o500)
    if os.access(folder, os.W_OK):
        pytest.skip("who runs this may write everywhere")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qms.jobs.print_inputs.__version__", "9.9")
        answer = machine.call("publish", "--key", "/nowhere/key")
    folder.chmod(0o755)

    assert (answer.code, answer.findings) == (3, ("OUT-FOLDER",))
    assert laid(machine) == before


def laid(office: Office) -> dict[str, bytes]:
    """All that lies in the folder."""
    files = (one for one in out(office).rglob("*") if one.is_file())
    return {str(one.relative_to(out(office))): one.read_bytes() for one in files}


def full_at(number: int) -> Callable[..., None]:
    """Staging, on a disk that takes so many files only."""
    true = OutFolder.stage

    def stage(self: OutFolder, place: int, data: bytes) -> None:
        if place + 1 >= number:
            raise QmsError(Finding("DISK-FULL", values={"place": str(place)}))
        true(self, place, data)

    return stage


# the cache


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
    assert "1 files, 0 made" in publish(machine).out
    (out(machine) / PDF).write_bytes(FORGED)
    assert "1 files, 1 made" in publish(machine).out


def test_what_nobody_asks_for_any_more_leaves_the_cache(machine: Office) -> None:
    publish(machine)
    old = next(entries(machine)).parent / f"base-{'0' * 64}"
    old.write_bytes(b"of a font that is no longer there")
    long_ago = old.stat().st_mtime - 100 * 86400
    for one in (old, *entries(machine)):
        os.utime(one, (long_ago, long_ago))

    assert "1 files, 0 made" in publish(machine).out

    kept = sorted(one.name.partition("-")[0] for one in entries(machine))
    assert kept == ["file", "made"], (
        "what is asked for stays; a page that needn't be set again goes"
    )


def test_a_key_that_was_cut_short_is_made_anew(machine: Office) -> None:
    """Killed, or a full disk, as it was written: else there would never be a cache again."""
    publish(machine)
    key_file = Path(machine.environment["XDG_STATE_HOME"]) / "qms" / "printed" / "key"
    key_file.write_bytes(b"")
    assert "1 files, 1 made" in publish(machine).out
    assert "1 files, 0 made" in publish(machine).out


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


def noting(told: Path) -> Callable[..., bytes]:
    """The true renderer, which leaves a mark where it was called (in a process of its own)."""
    from qms.plugins import Hooks  # noqa: PLC0415 - before it is replaced

    true = Hooks.render

    def render(self: Hooks, request: object) -> bytes:
        told.touch()
        return true(self, request)  # type: ignore[arg-type]

    return render


def test_there_is_no_cache_in_ci(machine: Office) -> None:
    machine.environment["CI"] = "true"
    publish(machine)
    assert not Path(machine.environment["XDG_CACHE_HOME"], "qms", "printed").exists()
    assert "1 files, 1 made" in publish(machine).out


@pytest.mark.parametrize("what", ["toolchain", "plugin", "version"])
def test_other_inputs_are_another_file(machine: Office, what: str) -> None:
    """Fonts and libraries, layout files of a plugin, the tool: each is in the key."""
    publish(machine)
    with pytest.MonkeyPatch.context() as patch:
        if what == "toolchain":
            patch.setattr("qms_publish.fonts.font_digests", lambda: iter(["other fonts"]))
        if what == "plugin":
            patch.setattr("qms.jobs.print_inputs.package_digest", lambda _package: digest(b"other"))
        if what == "version":
            patch.setattr("qms.jobs.print_inputs.__version__", "9.9")
        assert "1 files, 1 made" in publish(machine).out


# the day, and what would be printed


def test_nothing_is_printed_by_a_clock_that_was_set(office: Office) -> None:
    """Unsigned or not: it would say what is in force on a day that has not come."""
    office.git("config", "--unset", "qms.rehearsal")
    office.later(days=900)
    for options in ((), ("--unsigned",)):
        answer = publish(office, *options)
        assert (answer.code, answer.findings) == (1, ("CLOCK-SET",))
        assert not out(office).exists()


def test_a_dry_run_tells_what_a_run_would(office: Office) -> None:
    """Row 78 (P): of a history that doesn't hold it lists nothing as to be printed."""
    drafted(office)
    office.edit("documents/work-instruction/LX-WI-02.md", "无\n", "一🔴二\n")
    office.git("commit", "-q", "-a", "-m", "A letter")
    answer = office.call("publish", "--drafts", "--dry-run")
    assert (answer.code, answer.findings) == (1, ("LETTER-MISSING",))
    assert answer.out.count(".pdf") == 1
    told = json.loads(office.call("publish", "--drafts", "--dry-run", "--json").out)
    assert (told["verdict"], told["files"]) == ("planned", [f"published/{PDF}"])
    office.edit(f"released/work-instruction/{NUMBER}/A-0.md", "车床", "磨床")
    office.git("commit", "-q", "-a", "-m", "Small correction")
    answer = office.call("publish", "--dry-run")
    assert answer.code == 1
    assert "DOC-CHANGED" in answer.findings
    assert ".pdf" not in answer.out


# the key


def test_the_key_is_asked_for_before_the_first_page(machine: Office, tmp_path: Path) -> None:
    rendered = tmp_path / "rendered"
    encrypted = machine.key("wen.kong", "a passphrase")
    ask = tmp_path / "askpass"
    ask.write_text("#!/bin/sh\necho wrong\n")
    ask.chmod(0o700)
    machine.environment |= {"SSH_ASKPASS": str(ask)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qms.plugins.Hooks.render", noting(rendered))
        answer = machine.call("publish", "--key", str(encrypted))
        assert (answer.code, answer.findings) == (1, ("PASSPHRASE",))
        assert not rendered.exists()
        assert not out(machine).exists(), "a refused run leaves nothing"
        ask.write_text(f"#!/bin/sh\ntest -e '{rendered}' || echo 'a passphrase'\n")
        assert machine.call("publish", "--key", str(encrypted)).code == 0
    assert rendered.exists()
    assert (out(machine) / "manifest.json.sig").exists()


@pytest.mark.parametrize("by", ["stranger", "void"])
def test_a_key_that_may_not_sign_is_told_first(office: Office, by: str) -> None:
    person = "gong.yi"
    if by == "void":
        office.edit(
            "people.yaml", f'"{key(person).public_text}", assurance: file',
            f'"{key(person).public_text}", assurance: file, void: true',
        )  # fmt: skip
        for signer in ("gao.feng", "guan.ning"):
            office.qms("policy", "sign", by=signer)
    answer = office.call("publish", by=person if by == "void" else by)
    assert (answer.code, answer.findings) == (1, ("PUBLISHER",))
    assert not out(office).exists()
    assert office.call("publish", "--unsigned").code == 0


def test_a_manifest_says_whose_it_is(office: Office) -> None:
    """rules.md i: one canonical line, with repo, policy, commit, key; stock tools verify it."""
    publish(office)
    data = (out(office) / "manifest.json").read_bytes()
    manifest = parse_manifest(data)
    assert data.count(b"\n") == 1
    assert manifest.commit == "sha1:" + office.git("rev-parse", "HEAD")
    assert manifest.key == key("wen.kong").public.fingerprint
    assert [name for name, _ in manifest.plugins] == ["copies", "publish", "watermark"]
    (row,) = manifest.files
    assert (row.file, row.mark, row.copy, row.pages) == (PDF, "uncontrolled", None, 3)
    signers = office.folder.parent / "signers"
    signers.write_text(f"someone {key('wen.kong').public_text}\n")
    subprocess.run(
        ["ssh-keygen", "-Y", "verify", "-f", str(signers), "-I", "someone", "-n", NAMESPACE,
         "-s", str(out(office) / "manifest.json.sig")],
        input=data, check=True, capture_output=True,
    )  # fmt: skip
    office.qms("publish", "--unsigned")
    assert parse_manifest((out(office) / "manifest.json").read_bytes()).key is None
    assert not (out(office) / "manifest.json.sig").exists()
