"""Issue 8, 1 and 3: paper stays as it was issued, and all that is wrong with the rest is told.

P: at `qms publish`.
"""

import fcntl
import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest

from qms.domain.document import parse_document
from qms.formats.print_manifest import parse_manifest
from qms.jobs.prints import copy_code
from qms.testing.office import PROGRAM, Office

NUMBER = "LX-WI-01"
FOLDER = "work-instruction"
COPY = f"{FOLDER}/{NUMBER}_A-0_controlled-001.pdf"
UNCONTROLLED = f"{FOLDER}/{NUMBER}_A-0_uncontrolled.pdf"
TEXT = f"documents/{FOLDER}/{NUMBER}.md"
FILED = f"released/{FOLDER}/{NUMBER}/A-0.md"


@pytest.fixture(scope="module")
def _issued(founded: Callable[[str], Office], tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = founded("lx").copy(tmp_path_factory.mktemp("issued"))
    office.qms("new", FOLDER, "--title", "车床", by="gong.yi")
    office.qms("submit", NUMBER, by="gong.yi")
    office.qms("sign", NUMBER, by="fu.yi")
    office.qms("release", NUMBER, "--effective", "+7", by="wen.kong")
    office.qms("issue", NUMBER, "--to", "technical", by="wen.kong")
    return office


@pytest.fixture
def office(_issued: Office, tmp_path: Path) -> Office:
    """LX with a work instruction that is in force in a week; copy 001 is out."""
    return _issued.copy(tmp_path)


def out(office: Office) -> Path:
    return office.folder / "published"


def pages(file: Path) -> list[str]:
    """The text of each page, without spaces."""
    done = subprocess.run(["pdftotext", str(file), "-"], check=True, capture_output=True)
    return ["".join(one.split()) for one in done.stdout.decode().split("\f")[:-1]]


def elsewhere(office: Office, tmp_path: Path) -> None:
    """From here on at a machine that has printed nothing yet."""
    office.environment |= {"XDG_CACHE_HOME": str(tmp_path / "cache-2")}


# what stands on the paper


def test_the_mark_of_a_later_day_stays_on_its_paper(office: Office, tmp_path: Path) -> None:
    """自…起实施: it was issued before that day, and nobody signed that it is another paper."""
    office.qms("publish", by="wen.kong")
    first = (out(office) / COPY).read_bytes()
    day = (office.now + timedelta(days=7)).date().isoformat()
    assert all(f"自{day}起实施" in page for page in pages(out(office) / COPY))
    assert all("起实施" in page for page in pages(out(office) / UNCONTROLLED))

    office.later(days=20)
    office.qms("issue", NUMBER, "--to", "inspection", by="wen.kong")
    elsewhere(office, tmp_path)
    office.qms("publish", by="wen.kong")

    assert (out(office) / COPY).read_bytes() == first
    assert not any("起实施" in page for page in pages(out(office) / UNCONTROLLED))
    late = out(office) / COPY.replace("001", "002")
    assert not any("起实施" in page for page in pages(late))


@pytest.mark.parametrize("what", ["a draft", "the name of the department"])
def test_the_same_paper_whatever_was_committed_since(
    office: Office, tmp_path: Path, what: str
) -> None:
    office.qms("publish", by="wen.kong")
    before = (out(office) / COPY).read_bytes()
    if what == "a draft":
        office.qms("new", FOLDER, "--title", "铣床", by="gong.yi")
        office.git("add", "-A", "documents")
        office.git("commit", "-q", "-m", "Draft")
    else:
        office.edit("people.yaml", "{zh: 技术部, en: Technical}", "{zh: 工艺部, en: Process}")
        for signer in ("gao.feng", "guan.ning"):
            office.qms("policy", "sign", by=signer)
    elsewhere(office, tmp_path)
    office.later(days=1)

    office.qms("publish", by="wen.kong")

    assert (out(office) / COPY).read_bytes() == before
    assert parse_manifest((out(office) / "manifest.json").read_bytes()).commit.endswith(
        office.git("rev-parse", "HEAD")
    )


def test_a_text_that_is_filed_again_changes_no_paper(office: Office, tmp_path: Path) -> None:
    """Row 124 (P): a publisher alone, on a branch from before, gives it an earlier day."""
    office.qms("publish", by="wen.kong")
    before = (out(office) / COPY).read_bytes()
    main = office.git("rev-parse", "HEAD")
    released = office.git("log", "--format=%H", "--", FILED).split()[-1]
    office.git("checkout", "-q", "-B", "main", f"{released}~1")
    office.git("update-ref", "refs/remotes/origin/main", f"{released}~1")
    office.qms("release", NUMBER, "--effective", "+0", by="wen.kong")
    again, data = office.git("rev-parse", "HEAD"), (office.folder / FILED).read_bytes()
    office.git("checkout", "-q", "-B", "main", main)
    office.git("merge", "-q", "-s", "ours", "--no-commit", again)
    beside = parse_document(data).signed()[-1].id.partition(":")[2][:16]
    (office.folder / FILED).with_name(f"A-0~{beside}.md").write_bytes(data)
    office.git("add", "-A", "released")
    office.git("commit", "-q", "-m", "Both")
    office.git("update-ref", "refs/remotes/origin/main", "HEAD")
    elsewhere(office, tmp_path)

    office.qms("publish", by="wen.kong")

    assert office.call("verify").findings == ("RELEASED-TWICE",)
    assert not any("起实施" in page for page in pages(out(office) / UNCONTROLLED))
    assert (out(office) / COPY).read_bytes() == before


def test_code_and_page_name_the_issue_and_what_it_had_seen(office: Office) -> None:
    """rules.md i: signed and published, not HEAD."""
    issued = json.loads(office.text(f"copies/{FOLDER}/{NUMBER}/A-0/001.yaml").split("  - ")[1])
    office.qms("publish", by="wen.kong")

    rows = {row.file: row for row in parse_manifest(
        (out(office) / "manifest.json").read_bytes()).files}  # fmt: skip
    statement = rows[COPY].statement
    assert statement is not None
    code = copy_code(statement, issued["seen"])
    assert len(code) == 44
    assert all(code in page for page in pages(out(office) / COPY))
    assert not any("Q1" in page for page in pages(out(office) / UNCONTROLLED))
    seen = issued["seen"].partition(":")[2]
    assert seen == office.git("rev-parse", "HEAD~1"), "the commit before the one that holds it"


def test_a_draft_is_printed_as_one_and_by_request_alone(office: Office) -> None:
    """Row 78 (P)"""
    office.qms("new", FOLDER, "--title", "铣床", by="gong.yi")
    office.git("add", "-A")
    office.git("commit", "-q", "-m", "Draft")
    office.qms("publish", by="wen.kong")
    assert not [*out(office).rglob("*LX-WI-02*")]

    office.qms("publish", "--drafts", by="wen.kong")

    (paper,) = out(office).rglob("*LX-WI-02*.pdf")
    assert paper.name == "LX-WI-02_A-0_draft.pdf"
    for page in pages(paper):
        assert "草稿" in page
        assert "CONTROLLED" not in page
        assert "未经批准，不得作为工作依据" in page


# an older commit


def test_from_an_older_commit_nothing_is_published(office: Office) -> None:
    """Row 78 (P): a later state is known; what this commit says may be superseded."""
    office.git("checkout", "-q", "--detach", "HEAD~1")
    for options in ((), ("--dry-run",), ("--unsigned",)):
        answer = office.call("publish", *options, by="wen.kong")
        assert (answer.code, answer.findings) == (0, ()), answer
        assert "A newer trunk is known" in answer.out
        assert "nothing published" in answer.out
        assert not out(office).exists()
    told = json.loads(office.qms("publish", "--json"))
    assert (told["verdict"], told["newer"]) == ("newer", office.git("rev-parse", "main"))


def test_an_older_state_says_so_on_each_page(office: Office) -> None:
    """Row 78 (P)"""
    office.git("checkout", "-q", "--detach", "HEAD~1")
    office.qms("publish", "--at", by="wen.kong")

    manifest = parse_manifest((out(office) / "manifest.json").read_bytes())
    assert (manifest.key, len(manifest.files)) == (None, 1)
    commit = office.git("rev-parse", "HEAD")[:20]
    for page in pages(out(office) / UNCONTROLLED):
        assert f"非最新状态NOTTHENEWESTSTATE·{commit}" in page
    office.git("switch", "-q", "main")
    office.qms("publish", "--at", by="wen.kong")
    assert not any("非最新状态" in page for page in pages(out(office) / UNCONTROLLED))


def test_an_older_state_lists_no_page_that_does_not_say_so(office: Office, tmp_path: Path) -> None:
    """What was signed at the tip bears no such mark, however true it still was then."""
    office.qms("new", FOLDER, "--title", "铣床", by="gong.yi")
    office.git("add", "-A")
    office.git("commit", "-q", "-m", "Draft")
    office.git("commit", "-q", "--allow-empty", "-m", "More")
    office.qms("publish", by="wen.kong")
    office.git("checkout", "-q", "--detach", "HEAD~1")
    elsewhere(office, tmp_path)

    told = office.qms("publish", "LX-WI-02", "--drafts", "--at", by="wen.kong")

    rows = parse_manifest((out(office) / "manifest.json").read_bytes()).files
    assert [row.number for row in rows] == ["LX-WI-02"]
    assert f"left there: published/{UNCONTROLLED}" in told


def test_beside_the_trunk_nothing_is_published(office: Office) -> None:
    office.git("switch", "-q", "-c", "mine")
    office.git("commit", "-q", "--allow-empty", "-m", "Mine")
    for options in ((), ("--at",)):
        answer = office.call("publish", *options, by="wen.kong")
        assert (answer.code, answer.findings) == (1, ("NOT-ON-TRUNK",))


# what is wrong is told


def test_what_does_not_verify_is_not_published(office: Office) -> None:
    """Row 78 (P): with A/0 altered, what was before it would be printed as the one in force."""
    office.edit(FILED, "车床", "磨床")
    office.git("commit", "-q", "-a", "-m", "Small correction")

    answer = office.call("publish", by="wen.kong")

    assert answer.code == 1
    assert "DOC-CHANGED" in answer.findings
    assert "nothing published" in answer.out
    assert not out(office).exists()


def test_all_that_could_not_be_printed_is_told_where_check_tells_it(office: Office) -> None:
    for title, added in (("铣床", "<b>粗</b>\n\n一🔴二\n"), ("钻床", "![图](x.png)\n\n☑ 是\n")):
        office.qms("new", FOLDER, "--title", title, by="gong.yi")
        number = f"LX-WI-{2 if title == '铣床' else 3:02}"
        office.edit(f"documents/{FOLDER}/{number}.md", "无\n", added)
    office.git("add", "-A")
    office.git("commit", "-q", "-m", "Drafts")

    checked = json.loads(office.call("check", "--all", "--json").out)["findings"]
    answer = office.call("publish", "--drafts", by="wen.kong")
    told = json.loads(office.call("publish", "--drafts", "--json", by="wen.kong").out)

    def places(findings: list[dict[str, object]]) -> list[tuple[object, object, object]]:
        return sorted((one["code"], one["path"], one["line"]) for one in findings)

    assert answer.code == 1
    assert places(told["findings"]) == places(checked)
    assert len(checked) >= 3
    for one in checked:
        assert f"{one['path']}:{one['line']}: error {one['code']}:" in answer.out
    assert "2 could not be printed" in answer.out
    assert (out(office) / COPY).exists(), "nobody else's PDF is kept back"


@pytest.mark.parametrize("hook", ["printable", "stamp"])
def test_a_plugin_that_breaks_down_over_one_text_costs_that_one(office: Office, hook: str) -> None:
    """As `render` does: a KeyError over somebody's text keeps nobody else's paper back."""
    office.qms("new", FOLDER, "--title", "铣床", by="gong.yi")
    office.git("add", "-A", "documents")
    office.git("commit", "-q", "-m", "Draft")
    plugin = "qms_publish.plain.is_plain" if hook == "printable" else "qms_watermark.stamp.stamped"
    module, _, name = plugin.rpartition(".")
    true = getattr(import_module(module), name)

    def broken(*given: object, **more: object) -> object:
        if "铣床" in given or getattr(given[-1], "number", "") == "LX-WI-02":
            raise KeyError("x")
        return true(*given, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plugin, broken)
        answer = office.call("publish", "--drafts", by="wen.kong")

    assert (answer.code, answer.findings) == (1, ("PLUGIN-FAILED",))
    assert f"{FOLDER}/LX-WI-02.md" in answer.out
    rows = parse_manifest((out(office) / "manifest.json").read_bytes()).files
    assert [row.file for row in rows] == [COPY, UNCONTROLLED]


def test_a_draft_is_printed_with_the_pictures_that_it_shows(office: Office) -> None:
    """They are listed when it is sent round; `check` looks at those that are shown, too."""
    office.qms("new", FOLDER, "--title", "铣床", by="gong.yi")
    box = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'
    office.write("assets/box.svg", box)
    office.edit(f"documents/{FOLDER}/LX-WI-02.md", "无\n", "![图](../../assets/box.svg)\n")
    office.git("add", "-A")
    office.git("commit", "-q", "-m", "Draft")
    assert office.call("check", "--all").code == 0

    office.qms("publish", "LX-WI-02", "--drafts", by="wen.kong")

    assert (out(office) / FOLDER / "LX-WI-02_A-0_draft.pdf").exists()


def test_no_signature_of_a_round_that_was_rejected_stands_on_a_draft(office: Office) -> None:
    """Laws 1 and 2: the text was changed since; who approved the one before signed another."""
    number = "LX-WI-02"
    office.qms("new", FOLDER, "--title", "铣床", by="gong.yi")
    office.qms("submit", number, by="gong.yi")
    office.qms("sign", number, by="fu.yi")
    printed = f"{FOLDER}/{number}_A-0_in-review.pdf"
    office.qms("publish", "--drafts", "--unsigned")
    assert "傅毅" in "".join(pages(out(office) / printed))

    office.qms("reject", number, "--reason", "转速有误", by="wen.kong")
    office.edit(f"documents/{FOLDER}/{number}.md", "无\n", "转速为 9999 转。\n")
    office.git("commit", "-q", "-a", "-m", "Draft")
    told = office.qms("publish", "--drafts", "--unsigned")

    assert f"no longer true, taken out: published/{printed}" in told
    whole = "".join(pages(out(office) / FOLDER / f"{number}_A-0_draft.pdf"))
    assert "转速为9999转" in whole
    assert "傅毅" not in whole


# at the terminal, and killed


OWN_TERMINAL = "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "


def at_terminal(office: Office, typed: bytes, *arguments: str) -> tuple[int, str]:
    """`qms` at a terminal of its own, at which something is typed when it asks."""
    ours, theirs = pty.openpty()

    now = office.now.isoformat(timespec="seconds")
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", OWN_TERMINAL + PROGRAM, "--lang", "en", *arguments],
        cwd=office.folder, env={**os.environ, "QMS_NOW": now, "TERM": "dumb"}, stdin=theirs,
        stdout=theirs, stderr=theirs, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    said = b""
    while True:
        try:
            found = os.read(ours, 4096)
        except OSError:
            break
        if not found:
            break
        said += found
        if b"passphrase" in said and typed:
            os.write(ours, typed)
            typed = b""
    os.close(ours)
    return process.wait(), said.decode()


def test_at_the_terminal_the_key_is_asked_for_first_and_progress_is_told(office: Office) -> None:
    encrypted = office.key("wen.kong", "a passphrase")
    office.later(minutes=7)
    call = ("publish", "--key", str(encrypted))

    code, said = at_terminal(office, b"wrong\n", *call)
    assert (code, "PASSPHRASE" in said, "done" in said) == (1, True, False), said
    assert not out(office).exists()

    code, said = at_terminal(office, b"a passphrase\n", *call)
    assert code == 0, said
    assert said.index("passphrase") < said.index("0/2 done") < said.index("2/2 done")
    assert (out(office) / "manifest.json.sig").exists()


KILLED_IN = """
import os, signal
from qms.cli import main
from qms.storage.out_folder import OutFolder
step = getattr(OutFolder, os.environ["STEP"])
def killed(self, *arguments):
    step(self, *arguments)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(OutFolder, os.environ["STEP"], killed)
main()
"""


@pytest.mark.parametrize("step", ["check_places", "stage", "lay_out", "remove", "names"])
def test_a_kill_leaves_nothing_that_the_next_run_does_not_mend(office: Office, step: str) -> None:
    answer = office.finish("publish", by="wen.kong", program=KILLED_IN, STEP=step)
    assert answer.code == -signal.SIGKILL
    assert not (out(office) / "manifest.json").exists(), "the manifest is the last that is laid"

    office.qms("publish", by="wen.kong")

    assert sorted(str(one.relative_to(out(office))) for one in out(office).rglob("*")) == [
        "manifest.json", "manifest.json.sig", FOLDER, COPY, UNCONTROLLED,
    ]  # fmt: skip
    rows = parse_manifest((out(office) / "manifest.json").read_bytes()).files
    assert [row.file for row in rows] == [COPY, UNCONTROLLED]


KILLED_WHILE_SET = """
import os, signal
from qms.cli import main
from qms.jobs import rendering
def killed(busy):
    os.kill(os.getpid(), signal.SIGKILL)
rendering._ready = killed
main()
"""


def test_a_kill_while_pages_are_set_ends_those_who_set_them(office: Office, tmp_path: Path) -> None:
    """They hold the folder's lock: else the next run would be kept out for minutes."""
    elsewhere(office, tmp_path)
    with office.start("publish", by="wen.kong", program=KILLED_WHILE_SET) as process:
        assert process.wait() == -signal.SIGKILL  # its output stays open as long as they live
        assert office.call("publish", by="wen.kong").code == 0


def test_one_run_at_a_time_is_in_a_folder(office: Office) -> None:
    office.qms("publish", by="wen.kong")
    held = os.open(out(office), os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        answer = office.call("publish", by="wen.kong")
    finally:
        os.close(held)
    assert (answer.code, answer.findings) == (3, ("OUT-FOLDER",))
    assert "another qms publish" in answer.err
