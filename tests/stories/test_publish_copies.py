"""Issue 8, 1 and 3: paper stays as it was issued, and each page says what it is.

P: at `qms publish`.
"""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from qms.domain.kinds.document import parse_document
from qms.formats.print_manifest import parse_manifest
from qms.jobs.sessions.copy_marks import copy_code
from qms.testing.office import Office
from qms.testing.published import elsewhere, out, pages

NUMBER = "LX-WI-01"
FOLDER = "work-instruction"
COPY = f"{FOLDER}/{NUMBER}_A-0_controlled-001.pdf"
UNCONTROLLED = f"{FOLDER}/{NUMBER}_A-0_uncontrolled.pdf"
FILED = f"released/{FOLDER}/{NUMBER}/A-0.md"


def test_the_mark_of_a_later_day_stays_on_its_paper(issued: Office, tmp_path: Path) -> None:
    """自…起实施: it was issued before that day, and nobody signed that it is another paper."""
    issued.qms("publish", by="wen.kong")
    first = (out(issued) / COPY).read_bytes()
    day = (issued.now + timedelta(days=7)).date().isoformat()
    assert all(f"自{day}起实施" in page for page in pages(out(issued) / COPY))
    assert all("起实施" in page for page in pages(out(issued) / UNCONTROLLED))

    issued.later(days=20)
    issued.qms("issue", NUMBER, "--to", "inspection", by="wen.kong")
    elsewhere(issued, tmp_path)
    issued.qms("publish", by="wen.kong")

    assert (out(issued) / COPY).read_bytes() == first
    assert not any("起实施" in page for page in pages(out(issued) / UNCONTROLLED))
    late = out(issued) / COPY.replace("001", "002")
    assert not any("起实施" in page for page in pages(late))


@pytest.mark.parametrize("what", ["a draft", "the name of the department"])
def test_the_same_paper_whatever_was_committed_since(
    issued: Office, tmp_path: Path, what: str
) -> None:
    issued.qms("publish", by="wen.kong")
    before = (out(issued) / COPY).read_bytes()
    if what == "a draft":
        issued.qms("new", FOLDER, "--title", "铣床", by="gong.yi")
        issued.git("add", "-A", "documents")
        issued.git("commit", "-q", "-m", "Draft")
    else:
        issued.edit("people.yaml", "{zh: 技术部, en: Technical}", "{zh: 工艺部, en: Process}")
        for signer in ("gao.feng", "guan.ning"):
            issued.qms("policy", "sign", by=signer)
    elsewhere(issued, tmp_path)
    issued.later(days=1)

    issued.qms("publish", by="wen.kong")

    assert (out(issued) / COPY).read_bytes() == before
    assert parse_manifest((out(issued) / "manifest.json").read_bytes()).commit.endswith(
        issued.git("rev-parse", "HEAD")
    )


def test_a_text_that_is_filed_again_changes_no_paper(issued: Office, tmp_path: Path) -> None:
    """Row 124 (P): a publisher alone, on a branch from before, gives it an earlier day."""
    issued.qms("publish", by="wen.kong")
    before = (out(issued) / COPY).read_bytes()
    main = issued.git("rev-parse", "HEAD")
    released = issued.git("log", "--format=%H", "--", FILED).split()[-1]
    issued.git("checkout", "-q", "-B", "main", f"{released}~1")
    issued.git("update-ref", "refs/remotes/origin/main", f"{released}~1")
    issued.qms("release", NUMBER, "--effective", "+0", by="wen.kong")
    again, data = issued.git("rev-parse", "HEAD"), (issued.folder / FILED).read_bytes()
    issued.git("checkout", "-q", "-B", "main", main)
    issued.git("merge", "-q", "-s", "ours", "--no-commit", again)
    beside = parse_document(data).signed()[-1].id.partition(":")[2][:16]
    (issued.folder / FILED).with_name(f"A-0~{beside}.md").write_bytes(data)
    issued.git("add", "-A", "released")
    issued.git("commit", "-q", "-m", "Both")
    issued.git("update-ref", "refs/remotes/origin/main", "HEAD")
    elsewhere(issued, tmp_path)

    issued.qms("publish", by="wen.kong")

    assert issued.call("verify").findings == ("RELEASED-TWICE",)
    assert not any("起实施" in page for page in pages(out(issued) / UNCONTROLLED))
    assert (out(issued) / COPY).read_bytes() == before


def test_code_and_page_name_the_issue_and_what_it_had_seen(issued: Office) -> None:
    """rules.md i: signed and published, not HEAD."""
    event = json.loads(issued.text(f"copies/{FOLDER}/{NUMBER}/A-0/001.yaml").split("  - ")[1])
    issued.qms("publish", by="wen.kong")

    rows = {row.file: row for row in parse_manifest(
        (out(issued) / "manifest.json").read_bytes()).files}  # fmt: skip
    statement = rows[COPY].statement
    assert statement is not None
    code = copy_code(statement, event["seen"])
    assert len(code) == 44
    assert all(code in page for page in pages(out(issued) / COPY))
    assert not any("Q1" in page for page in pages(out(issued) / UNCONTROLLED))
    seen = event["seen"].partition(":")[2]
    assert seen == issued.git("rev-parse", "HEAD~1"), "the commit before the one that holds it"


def test_a_draft_is_printed_as_one_and_by_request_alone(issued: Office) -> None:
    """Row 78 (P)"""
    issued.qms("new", FOLDER, "--title", "铣床", by="gong.yi")
    issued.git("add", "-A")
    issued.git("commit", "-q", "-m", "Draft")
    issued.qms("publish", by="wen.kong")
    assert not [*out(issued).rglob("*LX-WI-02*")]

    issued.qms("publish", "--drafts", by="wen.kong")

    (paper,) = out(issued).rglob("*LX-WI-02*.pdf")
    assert paper.name == "LX-WI-02_A-0_draft.pdf"
    for page in pages(paper):
        assert "草稿" in page
        assert "CONTROLLED" not in page
        assert "未经批准，不得作为工作依据" in page


def test_a_draft_with_both_versions_of_a_merge_is_not_printed(issued: Office) -> None:
    """Row 210 (P: MERGE-CONFLICT): whoever reads the paper can't tell which of the two is meant."""
    issued.qms("new", FOLDER, "--title", "铣床", by="gong.yi")
    both = "<<<<<<< HEAD\n转速 800\n=======\n转速 900\n>>>>>>> other\n"
    issued.edit(f"documents/{FOLDER}/LX-WI-02.md", "无\n", both)
    issued.git("add", "-A")
    issued.git("commit", "-q", "-m", "Draft")

    answer = issued.call("publish", "--drafts", by="wen.kong")

    assert (answer.code, "MERGE-CONFLICT" in answer.findings) == (1, True), answer
    assert not [*out(issued).rglob("*LX-WI-02*")]
    assert [*out(issued).rglob("*LX-WI-01*.pdf")], "the others are printed"


def test_an_older_state_says_so_on_each_page(issued: Office) -> None:
    """Row 78 (P)"""
    issued.git("checkout", "-q", "--detach", "HEAD~1")
    issued.qms("publish", "--at", by="wen.kong")

    manifest = parse_manifest((out(issued) / "manifest.json").read_bytes())
    assert (manifest.key, len(manifest.files)) == (None, 1)
    commit = issued.git("rev-parse", "HEAD")[:20]
    for page in pages(out(issued) / UNCONTROLLED):
        assert f"非最新状态NOTTHENEWESTSTATE·{commit}" in page
    issued.git("switch", "-q", "main")
    issued.qms("publish", "--at", by="wen.kong")
    assert not any("非最新状态" in page for page in pages(out(issued) / UNCONTROLLED))


def test_an_older_state_lists_no_page_that_does_not_say_so(issued: Office, tmp_path: Path) -> None:
    """What was signed at the tip bears no such mark, however true it still was then."""
    issued.qms("new", FOLDER, "--title", "铣床", by="gong.yi")
    issued.git("add", "-A")
    issued.git("commit", "-q", "-m", "Draft")
    issued.git("commit", "-q", "--allow-empty", "-m", "More")
    issued.qms("publish", by="wen.kong")
    issued.git("checkout", "-q", "--detach", "HEAD~1")
    elsewhere(issued, tmp_path)

    told = issued.qms("publish", "LX-WI-02", "--drafts", "--at", by="wen.kong")

    rows = parse_manifest((out(issued) / "manifest.json").read_bytes()).files
    assert [row.number for row in rows] == ["LX-WI-02"]
    assert f"left there: published/{UNCONTROLLED}" in told


def test_a_draft_is_printed_with_the_pictures_that_it_shows(issued: Office) -> None:
    """They are listed when it is sent round; `check` looks at those that are shown, too."""
    issued.qms("new", FOLDER, "--title", "铣床", by="gong.yi")
    box = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'
    issued.write("assets/box.svg", box)
    issued.edit(f"documents/{FOLDER}/LX-WI-02.md", "无\n", "![图](../../assets/box.svg)\n")
    issued.git("add", "-A")
    issued.git("commit", "-q", "-m", "Draft")
    assert issued.call("check", "--all").code == 0

    issued.qms("publish", "LX-WI-02", "--drafts", by="wen.kong")

    assert (out(issued) / FOLDER / "LX-WI-02_A-0_draft.pdf").exists()


def test_no_signature_of_a_round_that_was_rejected_stands_on_a_draft(issued: Office) -> None:
    """Laws 1 and 2: the text was changed since; who approved the one before signed another."""
    number = "LX-WI-02"
    issued.qms("new", FOLDER, "--title", "铣床", by="gong.yi")
    issued.qms("submit", number, by="gong.yi")
    issued.qms("sign", number, by="fu.yi")
    printed = f"{FOLDER}/{number}_A-0_in-review.pdf"
    issued.qms("publish", "--drafts", "--unsigned")
    assert "傅毅" in "".join(pages(out(issued) / printed))

    issued.qms("reject", number, "--reason", "转速有误", by="wen.kong")
    issued.edit(f"documents/{FOLDER}/{number}.md", "无\n", "转速为 9999 转。\n")
    issued.git("commit", "-q", "-a", "-m", "Draft")
    told = issued.qms("publish", "--drafts", "--unsigned")

    assert f"no longer true, taken out: published/{printed}" in told
    whole = "".join(pages(out(issued) / FOLDER / f"{number}_A-0_draft.pdf"))
    assert "转速为9999转" in whole
    assert "傅毅" not in whole
