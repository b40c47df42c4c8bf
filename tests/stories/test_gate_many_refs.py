"""How many names a shared repository takes: each is told to whoever clones, pulls or pushes."""

import re
import subprocess
import tracemalloc
from pathlib import Path

import pytest

from qms.jobs.dangers.many_refs import LONGEST, MOST
from qms.storage.repository import Repository
from qms.testing.office import Office

HEADER = "# pack-refs with: peeled fully-peeled sorted \n"
FILLED = "refs/tags/many/"


def filled(office: Office, server: Path, count: int) -> None:
    """So many tags, as many pushes brought them before and `git gc` keeps them."""
    head = office.git("rev-parse", "HEAD")
    office.git("--git-dir", str(server), "pack-refs", "--all")
    listed = (server / "packed-refs").read_text("utf-8").removeprefix(HEADER)
    tags = (f"{head} {FILLED}{at:06}\n" for at in range(count))
    (server / "packed-refs").write_text(HEADER + listed + "".join(tags), "utf-8")


def count(office: Office, server: Path) -> int:
    return len(office.git("--git-dir", str(server), "for-each-ref").splitlines())


def work(office: Office, name: str) -> None:
    office.write(name, b"x\n")
    office.git("add", "-A")
    office.git("commit", "-qm", name)


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("place", ["refs/heads/", "refs/tags/", "refs/notes/"])
def test_a_name_that_not_every_clone_can_hold_is_not_taken(drafted: Office, place: str) -> None:
    """Row 181 (R: REF-LONG): the server's disk takes it, and who clones deeper pulls no more."""
    name = place + "/".join(["x" * 50] * 10)
    longest = name[:LONGEST]

    code, said = drafted.push(f"HEAD:{name}")

    assert (code != 0, "REF-LONG" in said, name[:80] in said) == (True, True, True), said
    assert drafted.push(f"HEAD:{longest}") == (0, "")
    assert drafted.push(f"HEAD:{longest}x")[0] != 0
    command = re.search(r"git push origin \w+:(refs/[a-z]+/\w+)`", said)
    assert command is not None, said
    assert drafted.push(f"HEAD:{command[1]}")[0] == 0


def test_a_long_name_that_is_there_already_moves_and_goes(drafted: Office, server: Path) -> None:
    """Row 181 (R): from before there was a bound."""
    name = "refs/heads/" + "/".join(["x" * 50] * 10)
    drafted.git("--git-dir", str(server), "update-ref", name, "HEAD~1")

    assert drafted.push(f"HEAD:{name}")[0] == 0
    assert drafted.push(f":{name}") == (0, "")


def test_a_push_of_more_names_than_anybody_has_is_not_taken(drafted: Office, server: Path) -> None:
    """Row 182 (R: REFS-MANY): none of them, and what was there is there."""
    head, before = drafted.git("rev-parse", "HEAD"), count(drafted, server)
    drafted.git("pack-refs", "--all")
    with (drafted.folder / ".git/packed-refs").open("a", encoding="utf-8") as file:
        file.writelines(f"{head} {FILLED}{at:06}\n" for at in range(MOST))

    code, said = drafted.push("--tags")

    assert (code != 0, "REFS-MANY" in said, str(MOST) in said) == (True, True, True), said
    assert count(drafted, server) == before


def test_however_many_pushes_they_come_by_there_are_no_more(drafted: Office, server: Path) -> None:
    """Row 182 (R: REFS-MANY): what is there still moves and goes, by whoever pushes."""
    filled(drafted, server, MOST - 1)
    work(drafted, "note.md")

    code, said = drafted.push("main", "HEAD:refs/heads/new")

    assert (code != 0, "REFS-MANY" in said, FILLED in said) == (True, True, True), said
    assert drafted.push("main") == (0, "")
    assert drafted.push(f":{FILLED}000001", f":{FILLED}000002") == (0, "")
    assert drafted.push("HEAD:refs/heads/new")[0] == 0
    assert drafted.push("HEAD:refs/heads/newer")[0] == 0
    assert "REFS-MANY" in drafted.push("HEAD:refs/heads/a", "HEAD:refs/tags/b")[1]


def test_what_the_same_push_takes_away_makes_no_room(drafted: Office, server: Path) -> None:
    """Row 234 (R: REFS-MANY): git refuses to take it away, and took the new ones all the same."""
    filled(drafted, server, MOST - 1)
    hook = server / "hooks" / "update"
    hook.write_text(f"#!/bin/sh\ntest $1 != {FILLED}000001\n")
    hook.chmod(0o755)

    code, said = drafted.push(f":{FILLED}000001", "HEAD:refs/heads/new")

    assert (code != 0, "REFS-MANY" in said, count(drafted, server)) == (True, True, MOST), said
    assert drafted.push(f":{FILLED}000002") == (0, "")
    assert drafted.push("HEAD:refs/heads/new")[0] == 0


def test_the_servers_keeper_takes_many_away_by_two_commands(drafted: Office, server: Path) -> None:
    """Row 182 (R): as they are printed, in the repository's folder."""
    filled(drafted, server, MOST + 100)
    said = drafted.push("HEAD:refs/heads/new")[1]
    work(drafted, "note.md")
    assert drafted.push("main", f":{FILLED}000001") == (0, ""), "nobody is kept from the trunk"
    first, second = re.findall(r"`(git (?:for-each-ref|update-ref) [^`]*)`", said)

    for command in (first, second):
        subprocess.run(["/bin/sh", "-c", command], cwd=server, check=True)

    assert count(drafted, server) == 1
    assert drafted.push("HEAD:refs/heads/new")[0] == 0


def test_a_push_of_more_lines_than_the_gate_reads_says_so(server: Path) -> None:
    """Row 182 (R: PUSH-LINES): tags that go take a line each, and go in several goes."""
    lines = f"{'1' * 40} {'0' * 40} refs/tags/x\n" * 100_001

    done = subprocess.run(
        [server / "hooks" / "pre-receive"], cwd=server, input=lines, capture_output=True,
        text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, "PUSH-LINES" in done.stdout + done.stderr) == (1, True), done


def test_who_asks_for_one_name_reads_no_whole_list(drafted: Office, server: Path) -> None:
    """Row 183 (LR): the list of a server may be longer than anybody's memory."""
    head, name = drafted.git("rev-parse", "HEAD"), "/".join(["x" * 200] * 15)
    size = 64 * 1024 * 1024
    filled(drafted, server, 0)
    line = f"{head} refs/tags/{name}/%06d\n"
    with (server / "packed-refs").open("a", encoding="utf-8") as file:
        file.writelines(line % at for at in range(size // len(line)))
        file.write(f"{head} refs/tags/z\n")

    with Repository.find(server, named=True) as repository:
        tracemalloc.start()
        found = [repository.named(f"refs/tags/{one}") for one in ("z", "none", f"{name}/000007")]
        many = sum(1 for _ in repository.names())
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert found == [head, None, head]
    assert many == size // len(line) + 2
    assert peak < size // 8
    work(drafted, "note.md")
    assert drafted.push("main") == (0, "")


def test_a_name_is_found_where_two_blocks_of_the_list_meet(drafted: Office, server: Path) -> None:
    """Row 183 (LR): whatever lies before it."""
    head = drafted.git("rev-parse", "HEAD")
    for at in range((1 << 20) - 120, (1 << 20) + 10, 13):
        comment = "# " + "x" * 997 + "\n"
        pad = at - len(HEADER)
        text = comment * (pad // 1000)
        text += "#" + "x" * (pad - len(text) - 2) + "\n" if pad - len(text) > 1 else ""
        lines = f"{head} refs/tags/a\n^{head}\n{head} refs/tags/b\n"
        (server / "packed-refs").write_text(HEADER + text + lines, "utf-8")

        with Repository.find(server, named=True) as repository:
            found = [repository.named(f"refs/tags/{one}") for one in ("a", "b", "c")]
            names = list(repository.names())

        assert (found, names[-2:]) == ([head, head, None], ["refs/tags/a", "refs/tags/b"]), at


def test_fetch_head_is_its_first_line_however_long_it_is(drafted: Office) -> None:
    """Row 183 (L): git writes a line for each branch of the server."""
    head = drafted.git("rev-parse", "HEAD")
    line = f"{head}\t\tbranch 'x{'y' * 200}' of somewhere\n"
    (drafted.folder / ".git" / "FETCH_HEAD").write_text(line * 10_000, "utf-8")

    assert drafted.call("check", "--step", "FETCH_HEAD", "HEAD").code == 0
