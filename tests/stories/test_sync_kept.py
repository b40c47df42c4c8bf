"""Issue 11: what somebody wrote is never written over, and a clone's settings lead nowhere."""

import subprocess
from pathlib import Path

import pytest

from qms.testing.office import Office

TEXT = "documents/work-instruction/LX-WI-01.md"


@pytest.fixture
def two(drafted: Office, tmp_path: Path) -> tuple[Office, Office]:
    drafted.write("notes/b.txt", "b\n")
    drafted.write("notes/c.txt", "c\n")
    drafted.git("add", "-A")
    drafted.git("commit", "-q", "-m", "Notes")
    drafted.environment["XDG_STATE_HOME"] = str(tmp_path / "state")
    server = drafted.shared(tmp_path)
    return drafted, drafted.clone(server, tmp_path / "other" / "docs")


def commit(office: Office) -> None:
    office.git("add", "-A")
    office.git("commit", "-q", "-m", "Change")


def stopped(mine: Office, other: Office) -> None:
    """A plain pull that stops: both changed one paragraph; I alone changed a note."""
    mine.edit(TEXT, "## 1 目的\n\n无", "## 1 目的\n\n甲。")
    commit(mine)
    assert mine.push("main")[0] == 0
    other.edit(TEXT, "## 2 范围\n\n无", "## 2 范围\n\n乙。")
    other.edit(TEXT, "## 1 目的\n\n无", "## 1 目的\n\n甲。")
    other.write("notes/b.txt", "committed\n")
    other.git("rm", "-q", "notes/c.txt")
    commit(other)
    subprocess.run(
        ["git", "pull", "-q", "--no-rebase", "--no-commit", "origin", "main"], cwd=other.folder,
        capture_output=True, check=False,
    )  # fmt: skip


def test_what_was_edited_during_a_stopped_merge_stays(two: tuple[Office, Office]) -> None:
    """Row 307 (L: SYNC-UNCOMMITTED): git left the note alone, and somebody went on with it."""
    mine, other = two
    stopped(mine, other)
    other.write("notes/b.txt", "unsaved\n")

    answer = other.call("fix", by="gong.yi")

    assert (answer.code, "SYNC-UNCOMMITTED" in answer.err) == (1, True), answer
    assert other.text("notes/b.txt") == "unsaved\n"


def test_what_was_settled_by_hand_is_kept_beside(two: tuple[Office, Office]) -> None:
    """Row 307 (L), staged or not."""
    mine, other = two
    stopped(mine, other)
    other.edit(TEXT, "甲。", "丙。")
    other.git("add", TEXT)

    other.qms("fix", by="gong.yi")

    assert "丙。" in other.text("LX-WI-01.mine.md")


def test_what_was_put_aside_before_is_not_written_over(two: tuple[Office, Office]) -> None:
    """Row 308 (L): two of one name, and one that somebody goes on with."""
    mine, other = two
    for folder in ("n1", "n2"):
        mine.write(f"{folder}/plan.txt", "one\n")
    commit(mine)
    assert mine.call("sync").code == 0
    assert other.call("sync").code == 0
    other.write("plan.mine.txt", "precious\n")
    for office, line in ((mine, "theirs"), (other, "mine")):
        for folder in ("n1", "n2"):
            office.write(f"{folder}/plan.txt", f"{line} {folder}\n")
        office.git("commit", "-q", "-a", "-m", "Plan")
    assert mine.call("sync").code == 0

    answer = other.call("sync", "--theirs")

    assert answer.code == 0, answer
    assert other.text("plan.mine.txt") == "precious\n"
    kept = {other.text(f"plan.mine-{number}.txt") for number in (2, 3)}
    assert kept == {"mine n1\n", "mine n2\n"}


def test_a_large_file_in_free_ground_comes_in(two: tuple[Office, Office]) -> None:
    """Row 309 (L): what is governed is bound in size, other files aren't."""
    mine, other = two
    data = bytes(range(256)) * 20_000
    mine.write("manuals/machine.bin", data)
    mine.write("run.sh", "#!/bin/sh\n")
    (mine.folder / "run.sh").chmod(0o755)
    commit(mine)
    assert mine.call("sync").code == 0

    assert other.call("sync").code == 0

    assert (other.folder / "manuals/machine.bin").read_bytes() == data
    assert (other.folder / "run.sh").stat().st_mode & 0o111
    assert other.status == ""


def test_a_link_is_left_to_git(two: tuple[Office, Office]) -> None:
    """Row 310 (L: SYNC-LINK): half of it laid down would be a deletion."""
    mine, other = two
    (mine.folder / "link").symlink_to("notes")
    commit(mine)
    assert mine.push("main")[0] == 0

    answer = other.call("sync")

    assert (answer.code, "SYNC-LINK" in answer.err) == (1, True), answer
    other.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
    assert other.call("sync").code == 0
    assert other.status == ""


def test_floors_that_two_keepers_change_are_no_ones_to_guess(lx: Office, tmp_path: Path) -> None:
    """Row 311 (L: SYNC-POLICIES): the manifest alone differs, and both have signed theirs."""
    server = lx.shared(tmp_path)
    other = lx.clone(server, tmp_path / "other" / "docs")
    changes = ((lx, "min_signers: 3", "gao.feng"), (other, "legacy: closed", "guan.ning"))
    for office, key, by in changes:
        name = key.partition(":")[0]
        line = next(one for one in office.text("policy.yaml").split("\n") if f"  {name}: " in one)
        office.edit("policy.yaml", line, f"  {key}")
        office.qms("policy", "sign", by=by)
    other.now = lx.now
    assert lx.call("sync").code == 0
    before = other.text("policy.yaml")

    answer = other.call("sync")

    assert (answer.code, "SYNC-POLICIES" in answer.err) == (1, True), answer
    assert other.text("policy.yaml") == before
    assert other.call("sync", "--theirs").code == 0
    assert other.text("policy.mine.yaml") == before


def test_a_setting_of_a_linked_work_tree_runs_nothing(
    two: tuple[Office, Office], tmp_path: Path
) -> None:
    """Row 301 (L: SYNC-SETTINGS): git reads another file of settings beside the first."""
    _, other = two
    canary = tmp_path / "canary"
    other.git("config", "extensions.worktreeConfig", "true")
    other.git("config", "--worktree", "core.sshCommand", f"touch {canary}")
    other.git("remote", "set-url", "origin", "ssh://nobody@localhost/x.git")

    answer = other.call("sync")

    assert (answer.code, "SYNC-SETTINGS" in answer.err) == (1, True), answer
    assert not canary.exists()


@pytest.mark.parametrize(
    "key", ["http.cookieFile", "http.proxy", "remote.origin.pushurl", "http.curloptResolve"]
)
def test_a_setting_that_leads_elsewhere_is_named(two: tuple[Office, Office], key: str) -> None:
    """Row 301 (L: SYNC-SETTINGS)"""
    _, other = two
    other.git("config", key, "/nowhere")

    answer = other.call("sync")

    assert (answer.code, "SYNC-SETTINGS" in answer.err) == (1, True), answer


@pytest.mark.parametrize("where", ["inside", "relative"])
def test_a_server_that_came_with_the_clone_runs_nothing(
    two: tuple[Office, Office], tmp_path: Path, where: str
) -> None:
    """Row 312 (L: SYNC-ADDRESS): its hooks would be run by whoever pushes."""
    mine, other = two
    place = other.folder / "evil.git" if where == "inside" else tmp_path / "other" / "evil.git"
    mine.git("clone", "-q", "--bare", str(tmp_path / "server.git"), str(place))
    hook = place / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/canary\n")
    hook.chmod(0o755)
    address = str(place) if where == "inside" else "../evil.git"
    other.git("remote", "set-url", "origin", address)
    other.write("notes/b.txt", "changed\n")
    other.git("commit", "-q", "-a", "-m", "Change")

    answer = other.call("sync")

    assert (answer.code, "SYNC-ADDRESS" in answer.err) == (1, True), answer
    assert not (tmp_path / "canary").exists()


def test_a_fresh_clone_sees_that_a_trunk_was_put_back(
    two: tuple[Office, Office], tmp_path: Path
) -> None:
    """Row 302 (L: SYNC-ROLLBACK): what this machine saw there is nowhere any more."""
    mine, _ = two
    first = mine.git("rev-parse", "HEAD")
    mine.write("notes/b.txt", "changed\n")
    mine.git("commit", "-q", "-a", "-m", "Change")
    assert mine.call("sync").code == 0
    server = tmp_path / "server.git"
    subprocess.run(["git", "update-ref", "refs/heads/main", first], cwd=server, check=True)
    subprocess.run(["git", "gc", "-q", "--prune=now"], cwd=server, check=True)
    fresh = mine.clone(server, tmp_path / "fresh" / "docs")

    answer = fresh.call("sync")

    assert (answer.code, "SYNC-ROLLBACK" in answer.err) == (3, True), answer


@pytest.mark.parametrize("path", ["documents/odd.txt", "released/odd.md", "policy/0009/odd.txt"])
def test_what_has_no_place_is_kept_beside(two: tuple[Office, Office], path: str) -> None:
    """Law 5: it is carried to nobody, and is not gone from this machine for that."""
    mine, other = two
    mine.write("notes/b.txt", "theirs\n")
    commit(mine)
    assert mine.push("main")[0] == 0
    other.write(path, "wrote it here\n")
    commit(other)

    answer = other.call("sync", by="gong.yi")

    assert answer.findings == ("SYNC-LEFT-OUT",), answer
    (kept,) = other.folder.glob("odd.mine.*")
    assert kept.read_text(encoding="utf-8") == "wrote it here\n"
    assert f"1 file came in: notes/b.txt\nyour text is kept as {kept.name}" in answer.out
    assert other.git("ls-files", path) == ""
