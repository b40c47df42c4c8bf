"""What `qms sync` brings together can't be made to drop, move or admit anything (rules.md c)."""

import re
import subprocess
from pathlib import Path

import pytest

from qms.testing.office import Answer, Office

TEXT = "documents/work-instruction/LX-WI-01.md"
RELEASED = "released/work-instruction/LX-WI-01/A-0.md"
COPY = "copies/work-instruction/LX-WI-01/A-0/001.yaml"


@pytest.fixture
def pair(issued: Office, tmp_path: Path) -> tuple[Office, Office]:
    """Mine with something of my own to share, and somebody who pushes past any gate."""
    server = tmp_path / "server.git"
    issued.git("init", "-q", "--bare", "-b", "main", str(server))
    issued.git("remote", "add", "origin", str(server))
    issued.git("push", "-q", "-u", "origin", "main")
    issued.git("clone", "-q", str(server), str(tmp_path / "evil"))
    evil = Office(tmp_path / "evil", issued.keys, issued.now)
    evil.git("config", "user.name", "Evil")
    evil.git("config", "user.email", "evil@qms.invalid")
    issued.environment["XDG_STATE_HOME"] = str(tmp_path / "state")
    issued.qms("issue", "LX-WI-01", "--to", "inspection", by="wen.kong")
    return issued, evil


def pushed(evil: Office, message: str = "Evil") -> None:
    evil.git("add", "-A")
    evil.git("commit", "-q", "-m", message)
    evil.git("push", "-q", "-f", "origin", "HEAD:main")


def sync(office: Office) -> Answer:
    return office.call("sync")


@pytest.mark.parametrize("path", [RELEASED, COPY])
@pytest.mark.parametrize("act", ["deleted", "emptied", "renamed", "replaced"])
def test_nothing_recorded_goes_by_what_the_trunk_did_to_its_file(
    pair: tuple[Office, Office], path: str, act: str
) -> None:
    """Row 300 (L): the merge base plays no part in register folders."""
    mine, evil = pair
    before = mine.text(path)
    match act:
        case "deleted":
            evil.git("rm", "-q", path)
        case "emptied":
            evil.write(path, "")
        case "renamed":
            (evil.folder / "released/work-instruction/LX-WI-01x").mkdir()
            evil.git("mv", path, path.replace("LX-WI-01", "LX-WI-01x") if "copies" not in path
                     else path.replace("001", "009"))  # fmt: skip
        case _:
            evil.write(path, before.replace("wen.kong", "gong.yi"))
    pushed(evil)

    answer = sync(mine)

    tree = mine.git("ls-files", "released", "copies").split("\n")
    lines = [line for line in before.split("\n") if "signature" in line]
    kept = [one for one in tree if all(line in mine.text(one) for line in lines)]
    assert kept, (answer, tree)


@pytest.mark.parametrize(
    "setting",
    [
        ("core.sshCommand", "touch {canary}"),
        ("remote.origin.uploadpack", "touch {canary}; git-upload-pack"),
        ("remote.origin.receivepack", "touch {canary}; git-receive-pack"),
        ("credential.helper", "!touch {canary}"),
        ("core.gitProxy", "touch {canary}"),
        ("url.ext::touch.insteadOf", "x"),
        ("include.path", "../evil"),
    ],
)
def test_a_setting_of_the_clone_runs_nothing(
    pair: tuple[Office, Office], tmp_path: Path, setting: tuple[str, str]
) -> None:
    """Row 301 (L: SYNC-SETTINGS): it is named, and what takes it away."""
    mine, _ = pair
    canary = tmp_path / "canary"
    mine.git("config", setting[0], setting[1].format(canary=canary))

    answer = sync(mine)

    assert (answer.code, "SYNC-SETTINGS" in answer.err) == (1, True), answer
    assert not canary.exists()
    named = re.search(r"git config --unset-all (\S+?)`", answer.err)
    assert named is not None
    mine.git("config", "--unset-all", named[1])
    assert sync(mine).code == 0


def test_an_address_that_is_a_program_runs_nothing(
    pair: tuple[Office, Office], tmp_path: Path
) -> None:
    """Row 301 (L: SYNC-FETCH): ``ext::`` is no protocol here, whatever settings allow."""
    mine, _ = pair
    canary = tmp_path / "canary"
    mine.git("remote", "set-url", "origin", f"ext::touch {canary}")

    answer = sync(mine)

    assert (answer.code, "SYNC-FETCH" in answer.err) == (3, True), answer
    assert not canary.exists()


def test_hooks_and_drivers_of_the_clone_run_nothing(
    pair: tuple[Office, Office], tmp_path: Path
) -> None:
    """Row 301 (L): neither hooks nor merge drivers nor filters are asked."""
    mine, evil = pair
    canary = tmp_path / "canary"
    hooks = mine.folder / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("pre-push", "post-merge", "post-checkout", "reference-transaction", "pre-commit"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {canary}\n")
        (hooks / name).chmod(0o755)
    for key in ("merge.union.driver", "merge.x.driver", "filter.x.clean", "filter.x.smudge"):
        mine.git("config", key, f"touch {canary}")
    (mine.folder / ".git" / "info").mkdir(exist_ok=True)
    (mine.folder / ".git" / "info" / "attributes").write_text("* merge=x filter=x\n")
    evil.write("notes.md", "theirs\n")
    pushed(evil)

    assert sync(mine).code == 0
    assert not canary.exists()
    assert mine.text("notes.md") == "theirs\n"


def test_a_trunk_that_was_put_back_is_named(pair: tuple[Office, Office]) -> None:
    """Row 302 (L: SYNC-ROLLBACK): what this machine has seen there is missing."""
    mine, evil = pair
    first = evil.git("rev-parse", "HEAD~1")
    assert sync(mine).code == 0
    evil.git("push", "-q", "-f", "origin", f"{first}:main")
    before = mine.git("rev-parse", "HEAD")

    answer = sync(mine)

    assert (answer.code, "SYNC-ROLLBACK" in answer.err) == (3, True), answer
    assert mine.git("rev-parse", "HEAD") == before


def test_a_history_of_another_root_is_united_with_nothing(pair: tuple[Office, Office]) -> None:
    """Row 303 (L: TRUNK-UNRELATED)."""
    mine, evil = pair
    evil.git("checkout", "-q", "--orphan", "other")
    pushed(evil)

    answer = sync(mine)

    assert (answer.code, "TRUNK-UNRELATED" in answer.err) == (1, True), answer


@pytest.mark.parametrize("folder", [".git", "git~1", ".GIT"])
def test_a_path_that_must_never_be_written_is_not(pair: tuple[Office, Office], folder: str) -> None:
    """Row 304 (L: CHECKOUT-PATH): trees that git itself would not check out."""
    mine, evil = pair
    blob = evil.git("hash-object", "-w", "--stdin")
    tree = b"".join(
        subprocess.run(
            ["git", "mktree"], cwd=evil.folder, input=f"100644 blob {blob}\tconfig\n".encode(),
            capture_output=True, check=True,
        ).stdout.splitlines()
    ).decode()  # fmt: skip
    listed = evil.git("ls-tree", "HEAD")
    more = f"040000 tree {tree}\t{folder}"
    made = subprocess.run(
        ["git", "mktree"], cwd=evil.folder, input=f"{listed}\n{more}\n".encode(),
        capture_output=True, check=True,
    )  # fmt: skip
    tip = evil.git("commit-tree", made.stdout.decode().strip(), "-p", "HEAD", "-m", "Evil")
    evil.git("push", "-q", "-f", "origin", f"{tip}:main")
    config = (mine.folder / ".git" / "config").read_bytes()
    before = mine.git("rev-parse", "HEAD")

    answer = sync(mine)

    assert (mine.folder / ".git" / "config").read_bytes() == config
    codes = {one for one in ("CHECKOUT-PATH", "TREE-ODD") if one in answer.err}
    assert (answer.code, len(codes)) == (1, 1), answer
    assert mine.git("rev-parse", "HEAD") == before


def test_what_holds_nowhere_is_not_carried_on(pair: tuple[Office, Office]) -> None:
    """Row 305 (L: SYNC-LEFT-OUT): a line that nobody signed rides along with nobody's work."""
    mine, evil = pair
    line = evil.text(COPY).rstrip("\n").split("\n")[-1]
    forged = line.replace("wen.kong", "gong.yi").replace('"issue"', '"receive"')
    mine.write(COPY, mine.text(COPY).rstrip("\n") + f"\n{forged}\n")
    mine.git("commit", "-q", "-a", "-m", "Forged")
    evil.write("notes.md", "theirs\n")
    pushed(evil)

    answer = sync(mine)

    assert "SYNC-LEFT-OUT" in answer.out + answer.err
    assert forged not in mine.git("show", "origin/main:" + COPY)
    assert forged in mine.text("001.mine.yaml")
    assert "your text is kept as 001.mine.yaml" in answer.out


def test_a_link_is_never_written_through(pair: tuple[Office, Office], tmp_path: Path) -> None:
    """Row 306 (L): a folder that is a link here, and a folder there."""
    mine, evil = pair
    outside = tmp_path / "outside"
    outside.mkdir()
    (mine.folder / "notes").symlink_to(outside)
    evil.write("notes/a.md", "theirs\n")
    pushed(evil)

    answer = sync(mine)

    assert answer.code != 0
    assert list(outside.iterdir()) == []
