"""Keepers drop or replace the plugin while somebody signs a plan in a clone of their own.

Nobody knew of the other: whatever is installed where they meet, nothing that is signed is lost, and
what waits is told with who must act.
"""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from qms.testing.inspection_plans import AUTHOR, CODES, EXPERT, FILED, HEAD, NUMBER, OPEN, RULES
from qms.testing.office import Answer, Office
from qms.testing.outsiders import SIGNERS, install, list_row, row, runner

PICTURE = "released/assets/386bbcdf7cec62920f83dc649b963b3a698a25b2fb3bb7ee42166493c39eab72"
WITHOUT_KIND = RULES.replace("@hookimpl\ndef kinds():", "def kinds():")
STRICTER = RULES.replace('(Seat(author, "preparer"),)', '(Seat("wen.kong", "preparer"),)')
Qms = Callable[..., Answer]


class Clones(NamedTuple):
    """The author's clone and the keepers', with the row of policy.yaml that lists the plugin."""

    author: Office
    keepers: Office
    qms: Qms
    keep: Qms
    line: str
    server: Path

    def now(self) -> None:
        """One clock for both."""
        self.author.now = self.keepers.now = max(self.author.now, self.keepers.now)

    def listed(self, old: str, new: str, qms: Qms | None = None) -> None:
        """The keepers agree to another row, and share it."""
        self.now()
        qms = qms or self.keep
        if old:
            self.keepers.edit("policy.yaml", old, new)
        else:
            list_row(self.keepers, new)
        for signer in SIGNERS:
            answer = qms("policy", "sign", by=signer)
            assert answer.code == 0, answer
        answer = qms("sync")
        assert answer.code == 0, answer
        self.now()

    def filed(self) -> None:
        """The plan is passed by all in the author's clone."""
        for command, person in (("submit", AUTHOR), ("sign", HEAD), ("sign", EXPERT)):
            answer = self.qms(command, NUMBER, by=person)
            assert answer.code == 0, answer
        self.now()


def gate(office: Office, server: Path, folder: Path) -> None:
    """The gate of a server, on which the plugin is installed."""
    office.qms("-C", str(server), "hook", "install", "--server")
    hook = server / "hooks" / "pre-receive"
    text = hook.read_text(encoding="utf-8")
    changed = text.replace("exec ", f"PYTHONPATH='{folder}' exec ").replace(" -I -m ", " -P -m ")
    hook.write_text(changed, encoding="utf-8")


def release(folder: Path, rules: str) -> Path:
    """Release 1.1 of the plugin, with these rules."""
    place = install(
        folder, "acme-plans", "1.1", {"qms.rules": "plans = plan_rules"}, plan_rules=rules
    )
    (place / "plan_codes.toml").write_text(CODES, encoding="utf-8")
    return place


@pytest.fixture
def clones(draft: Office, folder: Path, tmp_path: Path) -> Clones:
    server = tmp_path / "server.git"
    draft.git("init", "-q", "--bare", "-b", "main", str(server))
    gate(draft, server, folder)
    draft.git("remote", "add", "origin", str(server))
    draft.git("add", "-A")
    draft.git("commit", "-qm", "A plan is begun")
    assert draft.push("main") == (0, "")
    keepers = draft.clone(server, tmp_path / "keepers" / "docs")
    return Clones(
        draft, keepers, runner(draft, folder), runner(keepers, folder),
        row(draft, folder, "plans"), server,
    )  # fmt: skip


def installed(clones: Clones) -> Qms:
    """The author's calls of `qms`."""
    return clones.qms


def uninstalled(clones: Clones) -> Qms:
    """The author's calls of `qms` where the plugin is not installed."""

    def run(*arguments: str, by: str | None = None) -> Answer:
        return clones.author.finish(*arguments, by=by)

    return run


def dropped(line: str) -> str:
    """No row at all."""
    return line[:0]


def made_void(line: str) -> str:
    """A row that switches the plugin off."""
    return line.replace("}", ", void: true}")


def untouched(office: Office, head: str) -> bool:
    """Whether a plan that was filed lies as it was signed, in the tree and the work tree."""
    lies = office.git("ls-files", FILED, OPEN, PICTURE).split()
    return (office.git("rev-parse", "HEAD"), lies, office.status) == (head, [FILED, PICTURE], "")


@pytest.mark.parametrize("here", [installed, uninstalled])
@pytest.mark.parametrize("change", [dropped, made_void])
def test_a_plan_that_was_filed_while_the_plugin_was_dropped_waits_where_it_lies(
    clones: Clones, here: Callable[[Clones], Qms], change: Callable[[str], str]
) -> None:
    """Laws 4 and 5: nothing is united, it is said who must act, and then one command shares all."""
    office, line = clones.author, clones.line
    clones.listed(line, change(line))
    clones.filed()
    head = office.git("rev-parse", "HEAD")
    qms = here(clones)

    for _ in range(2):
        answer = qms("sync", by=AUTHOR)

        assert (answer.code, answer.findings) == (1, ("KIND-IN-USE",)), answer
        assert "keepers of the policy (Gao Feng, Guan Ning, Ye Wu)" in answer.err
        assert "came in" not in answer.out
        assert untouched(office, head)

    clones.listed(change(line), line)
    if here is uninstalled:
        answer = qms("sync", by=AUTHOR)
        assert (answer.code, answer.findings) == (3, ("PLUGIN-MISSING",)), answer
        assert untouched(office, head)
    answer = clones.qms("sync", by=AUTHOR)
    assert (answer.code, answer.findings) == (0, ()), answer
    assert office.git("rev-parse", "HEAD") == office.git("rev-parse", "origin/main")
    assert clones.qms("verify").findings == ()
    assert clones.keep("sync").code == 0
    assert (clones.keepers.folder / FILED).is_file()


@pytest.mark.parametrize("rules", [WITHOUT_KIND, STRICTER])
def test_a_release_that_does_not_take_what_was_filed_meanwhile_takes_nothing_away(
    clones: Clones, folder: Path, tmp_path: Path, rules: str
) -> None:
    """The next release, which the author has installed, has no such kind or other signers."""
    office = clones.author
    later = release(tmp_path / "later", rules)
    row_later = row(office, later, "plans")
    gate(office, clones.server, later)
    clones.listed(clones.line, row_later, runner(clones.keepers, later))
    clones.filed()
    head = office.git("rev-parse", "HEAD")

    answer = runner(office, later)("sync", by=AUTHOR)

    assert (answer.code, answer.findings) == (1, ("KIND-IN-USE",)), answer
    assert untouched(office, head)
    gate(office, clones.server, folder)
    clones.listed(row_later, clones.line, runner(clones.keepers, folder))
    answer = clones.qms("sync", by=AUTHOR)
    assert (answer.code, answer.findings) == (0, ()), answer
    assert clones.qms("verify").findings == ()


def test_a_draft_of_a_kind_that_was_dropped_is_kept_beside(clones: Clones) -> None:
    """Law 5: nobody signed it, so the rest goes out; what was written is kept, and named."""
    office = clones.author
    text = office.text(OPEN)
    clones.listed(clones.line, "")
    office.write(OPEN, f"{text}\n再写一句。\n")
    office.write("records/odd.txt", "odd\n")
    office.write("assets/other.svg", "<svg/>")
    office.git("add", "-A")
    office.git("commit", "-qm", "A draft goes on")

    answer = uninstalled(clones)("sync", by=AUTHOR)

    assert (answer.code, set(answer.findings)) == (0, {"SYNC-LEFT-OUT"}), answer
    assert office.text("JH-07.mine.md") == f"{text}\n再写一句。\n"
    assert office.text("odd.mine.txt") == "odd\n"
    assert "your text is kept as JH-07.mine.md" in answer.out
    came = next(one for one in answer.out.splitlines() if "came in" in one)
    assert "records/" not in came
    assert office.git("ls-files", "assets/other.svg") == "assets/other.svg"
    assert office.status == ""


def pulled(office: Office, *options: str) -> None:
    """What a plain `git pull` makes of both."""
    subprocess.run(
        ["git", "pull", "-q", "--no-rebase", "--no-edit", *options, "origin", "main"],
        cwd=office.folder, check=True, capture_output=True,
    )  # fmt: skip


@pytest.mark.parametrize("here", [installed, uninstalled])
def test_a_plan_does_not_come_past_the_gate_by_a_pull(
    clones: Clones, here: Callable[[Clones], Qms]
) -> None:
    """Laws 2 and 6: git laid the plan on top of the policy; it waits as it would by `qms sync`."""
    office = clones.author
    clones.listed(clones.line, "")
    clones.filed()
    pulled(office)
    head = office.git("rev-parse", "HEAD")
    qms = here(clones)

    for command in ("check", "sync"):
        answer = qms(command, by=AUTHOR)
        assert (answer.code, "KIND-IN-USE" in answer.findings) == (1, True), answer
    assert untouched(office, head)
    code, said = office.push("main")
    assert (code, "KIND-IN-USE" in said) == (1, True)

    clones.listed("", clones.line)
    answer = clones.qms("sync", by=AUTHOR)
    assert (answer.code, answer.findings) == (0, ()), answer
    assert clones.qms("verify").findings == ()


@pytest.mark.parametrize("here", [installed, uninstalled])
def test_a_pull_that_stopped_goes_back_and_waits(
    clones: Clones, here: Callable[[Clones], Qms]
) -> None:
    """Law 5: two commands lead on, and none of them takes a signature."""
    office = clones.author
    clones.listed(clones.line, "")
    clones.filed()
    pulled(office, "--no-commit")
    qms = here(clones)

    answer = qms("sync", by=AUTHOR)

    assert (answer.code, answer.findings) == (1, ("MERGE-KIND",)), answer
    assert "`git merge --abort` goes back" in answer.err
    if here is installed:
        assert qms("fix", by=AUTHOR).findings == ("MERGE-KIND",)
    office.git("merge", "--abort")
    assert untouched(office, office.git("rev-parse", "HEAD"))
    clones.listed("", clones.line)
    answer = clones.qms("sync", by=AUTHOR)
    assert (answer.code, answer.findings) == (0, ()), answer


def test_an_edit_of_what_others_filed_meanwhile_is_kept_beside(clones: Clones) -> None:
    """Law 5: what was filed goes round no more, and what somebody wrote is not gone for that."""
    author, keepers = clones.author, clones.keepers
    author.edit(OPEN, "每批五件", "每批六件")
    author.git("commit", "-qam", "Six of each")
    written = author.text(OPEN)
    clones._replace(author=keepers, qms=clones.keep).filed()
    assert clones.keep("sync").code == 0
    clones.now()

    answer = clones.qms("sync", by=AUTHOR)

    assert (answer.code, answer.findings) == (0, ("SYNC-EDITED-TWICE",)), answer
    assert author.text("JH-07.mine.md") == written
    assert not (author.folder / OPEN).exists()
    assert clones.qms("check", "--all").findings == ()


def test_who_wrote_nothing_meanwhile_has_nothing_beside(clones: Clones) -> None:
    author, keepers = clones.author, clones.keepers
    assert clones.qms("submit", NUMBER, by=AUTHOR).code == 0
    assert clones.qms("sync").code == 0
    assert clones.keep("sync").code == 0
    clones.now()
    for person in (HEAD, EXPERT):
        assert clones.keep("sign", NUMBER, by=person).code == 0
    assert clones.keep("sync").code == 0
    author.write("notes.md", "mine\n")
    author.git("add", "-A")
    author.git("commit", "-qm", "A note")
    keepers.now = author.now = max(author.now, keepers.now)

    answer = clones.qms("sync", by=AUTHOR)

    assert (answer.code, answer.findings) == (0, ()), answer
    assert list(author.folder.glob("*.mine*")) == []
