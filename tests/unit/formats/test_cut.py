"""The cut between what is signed and its signatures is made on bytes, and nothing moves it."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.findings import QmsError, Refused
from qms.formats.cut import Cut, cut_markdown, cut_yaml, join, with_tail
from qms.formats.head import read_head

HEAD = b"number: LX-CX-2019-01\ntitle: \xe6\x96\x87\n"
TAIL = b"status: draft\napprovals: []\n"
BODY = b"# Title\n\n---\nstatus: nothing\n---\n"
FILE = b"---\n" + HEAD + TAIL + b"---\n" + BODY


def refusal(data: bytes, cut: object = cut_markdown) -> tuple[str, int, str]:
    assert callable(cut)
    with pytest.raises(Refused) as caught:
        cut(data)
    finding = caught.value.finding
    return finding.code, finding.place.line, finding.values.get("part", "")


def test_markdown_is_cut_into_head_tail_and_body() -> None:
    assert cut_markdown(FILE) == Cut(
        head=HEAD,
        tail=TAIL,
        body=BODY,
        text=BODY.decode(),
        content="sha256:" + hashlib.sha256(b"---\n" + HEAD + b"---\n" + BODY).hexdigest(),
        head_line=2,
        tail_line=4,
    )


def test_yaml_is_cut_into_head_and_tail() -> None:
    assert cut_yaml(HEAD + TAIL) == Cut(
        head=HEAD,
        tail=TAIL,
        body=None,
        text="",
        content="sha256:" + hashlib.sha256(HEAD).hexdigest(),
        head_line=1,
        tail_line=3,
    )


def test_a_file_may_end_with_its_front_matter() -> None:
    assert cut_markdown(b"---\n" + HEAD + TAIL + b"---\n").body == b""


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"\xef\xbb\xbf" + FILE, "BYTES-BOM", 1),
        (FILE.replace(b"# Title\n", b"# Title\r\n"), "BYTES-CR", 7),
        (FILE.replace(b"# Title", b"# \xff"), "BYTES-UTF8", 7),
        (FILE.replace(b"# Title", b"# \xed\xa0\x80"), "BYTES-UTF8", 7),
        (FILE[:-1], "BYTES-LF", 11),
        (b"", "BYTES-LF", 1),
    ],
)
def test_other_bytes_are_refused(data: bytes, code: str, line: int) -> None:
    assert refusal(data)[:2] == (code, line)


@pytest.mark.parametrize(
    ("data", "line", "part"),
    [
        (b"\n" + FILE, 1, "open"),
        (b"--- \n" + FILE[4:], 1, "open"),
        (b"---\n" + HEAD + TAIL, 1, "close"),
        (b"---\n" + HEAD + TAIL + b"--- \n", 1, "close"),
        (b"---\n---\n", 2, "status-missing"),
        (b"---\n" + HEAD + b"---\n" + TAIL, 2, "status-missing"),
        (b"---\n" + HEAD + b" status: draft\n---\n", 2, "status-missing"),
        (b"---\n" + b"status: x\n" + HEAD + TAIL + b"---\n", 5, "status-twice"),
        (b"---\n" + HEAD + TAIL + b"status:x\n---\n", 6, "status-twice"),
    ],
)
def test_a_front_matter_without_its_lines_is_refused(data: bytes, line: int, part: str) -> None:
    assert refusal(data) == ("CUT", line, part)


def test_a_yaml_file_has_one_status_line_in_all() -> None:
    assert refusal(HEAD + TAIL + b"status: log\n", cut_yaml) == ("CUT", 5, "status-twice")
    assert refusal(HEAD, cut_yaml) == ("CUT", 1, "status-missing")


def test_another_tail_changes_no_content() -> None:
    new = with_tail(FILE, b"status: published\napprovals: []\n")

    assert cut_markdown(new).tail == b"status: published\napprovals: []\n"
    assert cut_markdown(new).content == cut_markdown(FILE).content


def test_a_yaml_file_gets_another_tail() -> None:
    assert with_tail(HEAD + TAIL, b"status: signed\napprovals: []\n") == (
        HEAD + b"status: signed\napprovals: []\n"
    )


@pytest.mark.parametrize(
    "tail", [b"", b"approvals: []\n", b"a: b\n" + TAIL, TAIL + b"---\n", TAIL * 2]
)
def test_a_tail_that_would_move_the_cut_is_refused(tail: bytes) -> None:
    with pytest.raises(Refused) as caught:
        with_tail(FILE, tail)

    assert caught.value.finding.code == "CUT"


@given(st.binary() | st.binary().map(lambda noise: FILE.replace(b"LX", noise)))
def test_any_bytes_are_cut_and_joined_again_or_refused(data: bytes) -> None:
    for cut in (cut_markdown, cut_yaml):
        try:
            parts = cut(data)
        except QmsError:
            continue
        assert join(parts) == data


def test_a_head_is_read() -> None:
    assert read_head(cut_markdown(FILE)) == {"number": "LX-CX-2019-01", "title": "文"}


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b'title: "a\n', "YAML-QUOTES"),
        (b"approvals: []\n", "CUT"),
        (b"  status: x\n", "CUT"),
    ],
)
def test_a_head_that_reaches_for_the_tail_is_refused(head: bytes, code: str) -> None:
    data = b"---\n" + head + TAIL + b"---\n"

    with pytest.raises(Refused) as caught:
        read_head(cut_markdown(data))

    assert caught.value.finding.code == code


def test_a_fault_in_the_head_has_its_line_in_the_file() -> None:
    data = b"---\n" + HEAD + b"title: twice\n" + TAIL + b"---\n"

    with pytest.raises(Refused) as caught:
        read_head(cut_markdown(data))

    assert caught.value.finding.code == "YAML-DUPLICATE"
    assert caught.value.finding.place.line == 4


def test_a_fault_of_the_whole_head_has_no_line() -> None:
    data = b"---\nsummary: " + b"x" * 65_536 + b"\n" + TAIL + b"---\n"

    with pytest.raises(Refused) as caught:
        read_head(cut_markdown(data))

    assert caught.value.finding.code == "LIMIT"
    assert caught.value.finding.place.line == 0
