import io
from pathlib import Path

import pytest

from qms.cli.context import Context
from qms.cli.output import Output
from qms.cli.printed_findings import Summary, as_json, placed, print_findings
from qms.findings import Finding, Place

MARKDOWN = (
    b"---\nnumber: LX-01\ntitle: x\nstatus: draft\napprovals:\n"
    b'  - act: "prepare"\n    step: "1"\n---\ntext\n'
)
YAML = b"classes:\n  - id: a\n  - id: b\n    level: 2\n"


@pytest.fixture
def context() -> Context:
    return Context(Output(io.StringIO(), io.StringIO()), Path("/"), "en")


def printed(context: Context, finding: Finding) -> str:
    print_findings(context, [finding], lambda path: MARKDOWN if path == "a.md" else None)
    assert isinstance(context.output.out, io.StringIO)
    return context.output.out.getvalue()


@pytest.mark.parametrize(
    ("path", "field", "line"),
    [
        ("a.md", "number", 2),
        ("a.md", "status", 4),
        ("a.md", "approvals.0", 6),
        ("a.md", "approvals.0.step", 7),
        ("b.yaml", "classes.1.level", 4),
        ("b.yaml", "nowhere", 0),
        ("missing", "number", 0),
    ],
)
def test_a_field_is_shown_with_its_line(path: str, field: str, line: int) -> None:
    files = {"a.md": MARKDOWN, "b.yaml": YAML}

    found = placed(Finding("STATUS", Place(path, field)), files.get)

    assert found.place.line == line


def test_a_known_line_is_left_alone() -> None:
    finding = Finding("STATUS", Place("a.md", "number", line=9))

    assert placed(finding, {"a.md": MARKDOWN}.get) == finding


def test_a_finding_is_printed_with_place_level_code_sentence_and_mend(context: Context) -> None:
    finding = Finding("DOC-OLD", Place("a.md", "number", commit="1a2b3c4d5e6f"),
                      {"number": "LX-01", "revision": "A/0", "newest": "A/1"})  # fmt: skip

    text = printed(context, finding)

    first, second = text.splitlines()
    assert first.startswith("a.md:2: error DOC-OLD: ")
    assert first.endswith("(commit 1a2b3c4d5e)")
    assert second.startswith("    mend: ")


def test_in_chinese_too(context: Context) -> None:
    context.asked_language = "zh"

    text = printed(context, Finding("NO-POLICY"))

    assert text.startswith("错误 NO-POLICY: ")
    assert "\n    处理：" in text


def test_a_value_from_a_file_cannot_break_out_of_its_line(context: Context) -> None:
    name = "x\n\x1b[2Jy\u202e"
    finding = Finding("NO-COMMIT", Place(name), {"rev": name})

    text = printed(context, finding)

    assert len(text.splitlines()) == 2
    assert text.startswith("x\\n\\x1b[2Jy\\u202e:")
    assert r"`$'x\012\033[2Jy\342\200\256'`" in text, "in a command as a shell takes it"


def test_the_summary_counts_levels_and_files(context: Context) -> None:
    found = [
        Finding("DOC-OLD", Place("a.md")),
        Finding("BASE", Place("a.md")),
        Finding("STATUS-STALE", Place("b.md")),
    ]

    summary = Summary.of(context, found)

    assert summary.text.en == "2 errors, 1 warning in 2 files"
    assert summary.text.zh == "2 个错误，1 个警告，涉及 2 个文件"
    assert summary.exit_code == 1


def test_warnings_alone_are_no_reason_to_fail(context: Context) -> None:
    assert Summary.of(context, [Finding("STATUS-STALE", Place("b.md"))]).exit_code == 0


def test_json_holds_the_same_values(context: Context) -> None:
    finding = Finding("NO-COMMIT", Place("a.md", "number"), {"rev": "HEAD~9"})

    (row,) = as_json(context, [finding], {"a.md": MARKDOWN}.get)

    assert isinstance(row, dict)
    assert row["code"] == "NO-COMMIT"
    assert (row["path"], row["line"], row["level"]) == ("a.md", 2, "error")
    assert row["sentence"] == "there is no commit `HEAD~9` here"
