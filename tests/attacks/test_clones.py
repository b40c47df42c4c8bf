"""Attacks by a hostile clone: what git would believe, and verification does not."""

import hashlib
import os
import subprocess
import zlib
from hashlib import sha1
from pathlib import Path

import pytest

from qms.findings import QmsError
from qms.storage.repository import Repository
from qms.testing import DocsRepo
from qms.testing.attacks import verified
from qms.testing.office import Office

SHEET = "released/instruction/LX-WI-01/A-0.md"
COPY = "copies/procedure/LX-CX-2026-01/A-0/001.yaml"


def loose(repo: DocsRepo) -> None:
    """All objects as loose files, so that one can be changed or taken away."""
    git_dir = repo.path / ".git"
    repo.history.flush()
    packs = sorted((git_dir / "objects/pack").glob("*.pack"))
    kept = repo.path.with_name("packs")
    kept.mkdir()
    for pack in packs:
        data = pack.rename(kept / pack.name).read_bytes()
        for other in (git_dir / "objects/pack").glob(f"{pack.stem}.*"):
            other.unlink()
        subprocess.run(
            ["git", "-C", str(repo.path), "unpack-objects", "-q"],
            check=True, input=data, capture_output=True,
        )  # fmt: skip


def object_file(repo: DocsRepo, name: str) -> Path:
    found = repo.history.git("rev-parse", name).decode().strip()
    path = repo.path / ".git/objects" / found[:2] / found[2:]
    path.chmod(0o644)
    return path


def dropped_and_built_upon(repo: DocsRepo) -> str:
    """A copy's list is lost and something else follows; gives the commit that lost it."""
    dropped = repo.commit("Attack", {COPY: None})
    repo.commit("Build upon it", {"notes/a.txt": b"a\n"})
    return dropped


def test_replaced_objects_are_not_believed(repo: DocsRepo) -> None:
    """Row 50 (V)"""
    broken = repo.commit("Attack", {SHEET: b"another text\n"})
    repo.history.git("replace", broken, f"{broken}^")

    code, named = verified(repo)

    assert [tuple(one)[1:] for one in named] == [(SHEET, broken)]
    assert code == 1


def test_a_replacement_hides_no_loss(repo: DocsRepo) -> None:
    """Row 50 (V)"""
    dropped = dropped_and_built_upon(repo)
    repo.lay_out()
    repo.history.git("replace", "--graft", repo.tip, repo.history.commits[dropped].parents[0])

    assert verified(repo) == (1, [("LOG-REMOVED", COPY, dropped)])


def test_grafts_are_not_believed(repo: DocsRepo) -> None:
    """Row 51 (V)"""
    dropped = dropped_and_built_upon(repo)
    parent = repo.history.commits[dropped].parents[0]
    repo.lay_out()
    (repo.path / ".git/info").mkdir(exist_ok=True)
    (repo.path / ".git/info/grafts").write_text(f"{repo.tip} {parent}\n")

    assert verified(repo) == (1, [("LOG-REMOVED", COPY, dropped)])


def test_a_shallow_clone_is_incomplete(repo: DocsRepo, tmp_path: Path) -> None:
    """Row 52 (V)"""
    repo.lay_out()
    repo.history.git("clone", "-q", "--depth", "1", f"file://{repo.path}", str(tmp_path / "clone"))
    repo.history.path = tmp_path / "clone"

    code, named = verified(repo)

    assert [one.code for one in named] == ["INCOMPLETE-CLONE"]
    assert code == 1


def test_a_shallow_clone_with_much_of_the_history_is_incomplete(
    repo: DocsRepo, tmp_path: Path
) -> None:
    """Row 52 (V)"""
    repo.policy(lambda company: company.with_new_key("li.si"))
    repo.lay_out()
    source = f"file://{repo.path}"
    repo.history.git("clone", "-q", "--depth", "20", source, str(tmp_path / "clone"))
    repo.history.path = tmp_path / "clone"

    code, named = verified(repo)

    assert [one.code for one in named] == ["INCOMPLETE-CLONE"]
    assert code == 1


def test_a_shallow_file_made_by_hand_is_incomplete(repo: DocsRepo) -> None:
    """Row 52 (V)"""
    repo.lay_out()
    (repo.path / ".git/shallow").write_text(f"{repo.history.commits[repo.tip].parents[0]}\n")

    code, named = verified(repo)

    assert [one.code for one in named] == ["INCOMPLETE-CLONE"]
    assert code == 1


def test_a_partial_clone_is_refused(repo: DocsRepo, tmp_path: Path) -> None:
    """Row 52 (V)"""
    repo.lay_out()
    repo.history.git("config", "uploadpack.allowFilter", "true")
    source = f"file://{repo.path}"
    repo.history.git("clone", "-q", "--filter=blob:none", source, str(tmp_path / "clone"))

    with pytest.raises(QmsError) as caught:
        Repository.find(tmp_path / "clone")

    assert caught.value.finding.code == "PARTIAL-CLONE"
    assert caught.value.exit_code == 3


def test_a_poisoned_commit_graph_is_not_read(repo: DocsRepo) -> None:
    """Row 53 (V)"""
    dropped = dropped_and_built_upon(repo)
    parent = repo.history.commits[dropped].parents[0]
    repo.lay_out()
    (repo.path / ".git/info").mkdir(exist_ok=True)
    grafts = repo.path / ".git/info/grafts"
    grafts.write_text(f"{repo.tip} {parent}\n")
    repo.history.git("-c", "core.commitGraph=true", "commit-graph", "write", "--reachable")
    grafts.unlink()

    assert verified(repo) == (1, [("LOG-REMOVED", COPY, dropped)])


def test_a_loose_object_that_was_swapped_is_refused(repo: DocsRepo) -> None:
    """Row 54 (V)"""
    repo.lay_out()
    loose(repo)
    data = repo.files[SHEET].data.replace("正文".encode(), "证文".encode())
    raw = b"blob %d\0" % len(data) + data
    path = object_file(repo, f"HEAD:{SHEET}")
    assert sha1(raw, usedforsecurity=False).hexdigest() != path.parent.name + path.name
    path.write_bytes(zlib.compress(raw))

    code, named = verified(repo)

    assert [one.code for one in named] == ["OBJECT-CORRUPT"]
    assert code == 3


def test_alternates_that_point_elsewhere_are_refused(repo: DocsRepo, tmp_path: Path) -> None:
    """Row 55 (V)"""
    repo.lay_out()
    clone = tmp_path / "clone"
    repo.history.git("clone", "-q", "--shared", str(repo.path), str(clone))

    with pytest.raises(QmsError) as caught:
        Repository.find(clone)

    assert caught.value.finding.code == "ALTERNATES"
    assert caught.value.exit_code == 3


def test_approved_bytes_that_were_purged_are_named(repo: DocsRepo) -> None:
    """Row 8 (V)"""
    repo.release("LX-WI-01")
    repo.lay_out()
    loose(repo)
    object_file(repo, f"HEAD:{SHEET}").unlink()

    code, named = verified(repo)

    assert [(one.code, one.path) for one in named] == [("CONTENT-MISSING", SHEET)]
    assert code == 1


@pytest.mark.parametrize("how", ["removed", "emptied"])
@pytest.mark.parametrize("what", ["a document", "a list", "the end of a list"])
def test_what_was_taken_away_with_its_bytes_is_not_forgotten(
    repo: DocsRepo, what: str, how: str
) -> None:
    """Row 113 (V): a clone without the bytes can't tell that an entry is lost, and says so."""
    number = "instruction/LX-WI-05"
    repo.draft("LX-WI-05")
    repo.commit("Draft")
    repo.release("LX-WI-05")
    lost = f"released/{number}/A-0.md"
    if what != "a document":
        lost = f"copies/{number}/A-0/001.yaml"
        repo.issue("LX-WI-05", "001")
    before = repo.read(lost) if what == "the end of a list" else None
    if what == "the end of a list":
        repo.receive("LX-WI-05", "001")
    gone: dict[str, bytes | None] = {f"documents/{number}.md": None} if what == "a document" else {}
    repo.commit("Attack", {lost: before} | gone)
    repo.commit("Build upon it", {"notes/a.txt": b"a\n"})
    repo.lay_out()
    loose(repo)
    file = object_file(repo, f"HEAD~2:{lost}")
    file.write_bytes(b"") if how == "emptied" else file.unlink()

    code, named = verified(repo)

    told = {(one.code, one.path) for one in named} - {("INCIDENT", lost)}
    assert told == {("CONTENT-MISSING", lost)}
    assert code == 1


def test_commands_in_a_received_repository_are_not_run(repo: DocsRepo, tmp_path: Path) -> None:
    """Rows 57 and 58 (V)"""
    ran = tmp_path / "ran"
    script = tmp_path / "script"
    script.write_text(f"#!/bin/sh\ntouch {ran}\ncat\n")
    script.chmod(0o755)
    repo.lay_out()
    hooks = repo.path / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("pre-commit", "post-checkout", "post-index-change", "reference-transaction"):
        (hooks / name).symlink_to(script)
    for name in (
        "core.fsmonitor", "core.sshCommand", "gpg.program", "diff.external",
        "filter.x.clean", "filter.x.smudge", "filter.x.process", "diff.x.textconv",
        "core.pager", "core.editor", "credential.helper",
    ):  # fmt: skip
        repo.history.git("config", name, str(script))
    (repo.path / ".git/info").mkdir(exist_ok=True)
    (repo.path / ".git/info/attributes").write_text("* filter=x diff=x\n")

    code, named = verified(repo)

    assert named == []
    assert code == 0
    assert not ran.exists()


def test_who_committed_and_when_is_no_evidence(repo: DocsRepo) -> None:
    """Row 64 (V)"""
    repo.lay_out()
    repo.history.git("-c", "user.name=li.si", "commit", "-q", "--allow-empty", "-m", "x",
                     "--date=2001-01-01T00:00:00")  # fmt: skip
    repo.take_over()

    assert repo.verify() == []


def test_no_tag_stands_in_for_the_trunk(repo: DocsRepo) -> None:
    """Its name is looked up as it is: anybody can push a tag called like all of it."""
    dropped_and_built_upon(repo)
    repo.lay_out()
    git = repo.history.git
    git("config", "remote.origin.url", "https://docs.example.org/lx")
    git("update-ref", "refs/remotes/origin/other", repo.root)
    git("tag", "refs/remotes/origin/main", repo.tip)

    for command in (("check",), ("check", "--all"), ("publish", "--unsigned")):
        answer = repo.qms(*command)
        assert (answer.code, answer.findings) == (3, ("TRUNK-UNKNOWN",)), answer


def test_no_tag_stands_in_for_a_branch_that_is_not_born(repo: DocsRepo) -> None:
    repo.lay_out()
    git = repo.history.git
    git("tag", "HEAD", repo.tip)
    git("symbolic-ref", "HEAD", "refs/heads/elsewhere")

    answer = Office(repo.path, repo.path.parent / "keys", repo.now).call("verify")

    assert (answer.code, answer.findings) == (3, ("HEAD-ORPHAN",)), answer


@pytest.mark.parametrize("command", [("check",), ("check", "--all"), ("check", "--index", "--all")])
def test_a_clone_does_not_say_how_closely_its_files_are_looked_at(
    repo: DocsRepo, command: tuple[str, ...]
) -> None:
    """Size and time can be chosen; git is asked for all that tells a file from another."""
    repo.lay_out()
    git = repo.history.git
    git("config", "core.checkStat", "minimal")
    git("config", "core.trustctime", "false")
    git("update-index", "--refresh")
    sheet = repo.path / SHEET
    there, data = sheet.stat(), sheet.read_bytes()
    sheet.write_bytes(data.replace("正文".encode(), "证文".encode()))
    os.utime(sheet, ns=(there.st_atime_ns, there.st_mtime_ns))
    if "--index" in command:
        git("add", SHEET)
    assert sheet.stat().st_size == there.st_size
    assert sheet.read_bytes() != data

    answer = Office(repo.path, repo.path.parent / "keys", repo.now).call(*command)

    if "--index" in command and answer.code == 0:  # git itself saw nothing to stage
        assert git("diff", "--cached", "--name-only") == b""
    else:
        assert (answer.code, answer.findings) == (1, ("DOC-CHANGED",)), answer


@pytest.mark.parametrize("command", [("check", "--all"), ("check", SHEET), ("check", "released")])
def test_an_index_that_came_with_a_clone_hides_no_changed_text(
    repo: DocsRepo, command: tuple[str, ...]
) -> None:
    """Row 123 (L): whoever packs up a folder can write into its index that a text is unchanged."""
    repo.lay_out()
    git = repo.history.git
    sheet = repo.path / SHEET
    sheet.write_bytes(sheet.read_bytes().replace("正文".encode(), "证文".encode()))
    os.utime(sheet, (1_700_000_000, 1_700_000_000))
    true = bytes.fromhex(git("rev-parse", f"HEAD:{SHEET}").decode())
    git("add", SHEET)
    false = bytes.fromhex(git("rev-parse", f":{SHEET}").decode())
    index = repo.path / ".git" / "index"
    data = index.read_bytes()[:-20].replace(false, true)
    index.write_bytes(data + hashlib.sha1(data).digest())  # noqa: S324 - git's own
    assert git("status", "--porcelain") == b"", "git itself believes it"

    answer = Office(repo.path, repo.path.parent / "keys", repo.now).call(*command)

    assert (answer.code, answer.findings) == (1, ("DOC-CHANGED",)), answer


STANDING = {
    SHEET: ("正文", "证文", "DOC-CHANGED"),
    COPY: ("A-0", "A-1", ""),
    "policy/0001/people.yaml": ("李四", "李五", "POLICY-DIGEST"),
    ".gitattributes": ("merge", "text merge", "POLICY-FILE"),
}


@pytest.mark.parametrize(("path", "change"), STANDING.items(), ids=STANDING)
def test_a_file_that_is_named_is_judged_though_the_trunk_has_it_so(
    repo: DocsRepo, path: str, change: tuple[str, str, str]
) -> None:
    """What differs from nothing is looked at all the same, as `check --all` does."""
    old, new, code = change
    data = repo.read(path)
    changed = data.replace(old.encode(), new.encode(), 1) if code else data[:-40] + b"A" * 40
    assert changed != data
    repo.write(path, changed)
    repo.commit("Attack")
    whole = repo.qms("check", "--all").findings

    for named in (path, path.split("/", maxsplit=1)[0]):
        answer = repo.qms("check", named)
        assert answer.code == 1, answer
        assert set(answer.findings) <= set(whole)
        assert code in answer.findings or not code
        assert "no rule looks at" not in answer.out
