"""One text has one meaning, whoever reads it."""

import json
import pickle
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from yaml._yaml import CParser

from qms.codes import CodeTable
from qms.findings import Refused
from qms.formats import strict_yaml
from qms.formats.caps import HEAD as MAX_SIZE
from qms.formats.characters import FORBIDDEN
from qms.formats.strict_yaml import MAX_DEPTH, Quoted, Value, line_of, load, scalar

CODES = CodeTable().codes
CORPUS = Path(__file__).parent / "corpus" / "strict_yaml.txt"

HEAD = """\
number: LX-CX-2019-01
title: "文件控制程序"
classes:
  - id: procedure
    name: {zh: 程序文件, en: Procedure}
  # the lines of a list begin with its dash
  - id: form
    chain:
      - act: prepare
        who: [{member_of: owner}]
summary: |
  one
  two
""".encode()


def cases() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for case in CORPUS.read_text(encoding="utf-8").split("====\n")[1:]:
        source, answer = case.split("----\n")
        source = re.sub("<([0-9A-F]{4})>", lambda match: chr(int(match[1], 16)), source)
        found.append((source, answer.strip()))
    return found


def answer_of(data: bytes) -> str:
    try:
        return json.dumps(load(data), ensure_ascii=False)
    except Refused as error:
        return f"{error.finding.code} {error.finding.place.line}"


@pytest.mark.parametrize(("source", "expected"), cases())
def test_the_corpus(source: str, expected: str) -> None:
    assert answer_of(source.encode()) == expected


@pytest.mark.parametrize(("source", "expected"), cases())
def test_python_without_libyaml_reads_the_same(
    source: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strict_yaml, "_open", yaml.SafeLoader)

    found = answer_of(source.encode())

    if expected.startswith(
        ("YAML-SYNTAX", "YAML-QUOTES")
    ):  # its own words and lines for what is no YAML at all
        assert found.startswith("YAML-")
    else:
        assert found == expected


def test_libyaml_is_taken_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert strict_yaml._chosen_parser() is CParser  # noqa: SLF001 - nothing else shows it

    monkeypatch.setitem(sys.modules, "yaml._yaml", None)

    assert strict_yaml._chosen_parser() is yaml.SafeLoader  # noqa: SLF001 - as above


def test_scalars_know_whether_they_were_plain() -> None:
    value = load(b"a: 1\nb: '1'\nc: \"1\"\nd: |\n  1\ne: [1, '1']\n")

    assert [isinstance(one, Quoted) for one in value.values()] == [False, True, True, True, False]
    assert value["e"] == ("1", "1")
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own bytes


def test_a_large_file_is_refused_before_it_is_read() -> None:
    data = b"a: " + b"x" * MAX_SIZE

    assert answer_of(data) == "LIMIT 0"
    assert load(data, limit=MAX_SIZE + 3) == {"a": "x" * MAX_SIZE}


def test_other_encodings_are_refused() -> None:
    assert answer_of(b"a: 1\nb: \xff") == "BYTES-UTF8 2"
    assert answer_of("a: 1".encode("utf-16")) == "BYTES-UTF8 1"
    assert answer_of(b"a: \xed\xa0\x80") == "BYTES-UTF8 1"


@pytest.mark.parametrize(("opening", "closing"), [("{a: ", "}"), ("[", "]")])
def test_lists_and_mappings_lie_in_each_other_so_deep_and_no_deeper(
    opening: str, closing: str
) -> None:
    def nested(depth: int) -> bytes:
        return f"a: {opening * depth}{closing * depth}".encode()

    assert load(nested(MAX_DEPTH)).keys() == {"a"}
    assert answer_of(nested(MAX_DEPTH + 1)) == "YAML-DEEP 1"


@pytest.mark.parametrize("bomb", [b"[" * 20_000, b"a: " + b"{a: " * 10_000, b"- " * 20_000])
def test_deep_nesting_is_refused_without_recursion(bomb: bytes) -> None:
    assert answer_of(bomb).split()[0] in {"YAML-DEEP", "YAML-MAPPING"}


@given(st.binary() | st.text().map(str.encode))
@example(b"a: !%C3%28 x")
@example(b"%YAML 99.1\n---\na: 1")
@example(b"? " * 100)
@example(b'a: "\\x')
@example(b"\xef\xbb\xbfa: 1")
def test_any_bytes_give_a_value_or_a_refusal_and_nothing_else(data: bytes) -> None:
    answer = answer_of(data)

    assert answer.startswith("{") or answer.split()[0] in CODES
    assert line_of(data, "a.0.b") >= 0


@given(
    st.text(
        alphabet="ab:-?[]{}#&*!|>'\"%@`, \n0~<中\\",
        max_size=40,
    )
)
def test_what_is_accepted_means_the_same_to_other_readers(source: str) -> None:
    try:
        value = load(source.encode())
    except Refused:
        return

    assert as_lists(value) == yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506 - text only


def as_lists(value: Value) -> object:
    if isinstance(value, dict):
        return {key: as_lists(one) for key, one in value.items()}
    return [as_lists(one) for one in value] if isinstance(value, tuple) else str(value)


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("number", 1),
        ("classes", 3),
        ("classes.0", 4),
        ("classes.0.id", 4),
        ("classes.0.name.en", 5),
        ("classes.1.id", 7),
        ("classes.1.chain.0.who.0.member_of", 10),
        ("classes.1.number", 7),
        ("classes.9.id", 3),
        ("summary", 11),
        ("missing", 0),
        ("", 0),
    ],
)
def test_the_line_of_a_field(field: str, line: int) -> None:
    assert line_of(HEAD, field) == line


def test_the_line_of_a_field_in_a_file_that_breaks_off() -> None:
    assert line_of(HEAD + b"broken: [", "classes.1") == 7
    assert line_of(b"\xff", "a") == 0
    assert line_of(b"[a]: b", "a") == 0
    assert line_of(b"- a\n- b", "1") == 2
    assert line_of(b"a: *x", "a") == 1


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("LX-CX-2019-01", "LX-CX-2019-01"),
        ("文件控制程序", "文件控制程序"),
        ("CEE/QP-01", "CEE/QP-01"),
        ("Document control", "Document control"),
        ("no", '"no"'),
        ("Null", '"Null"'),
        ("1.10", '"1.10"'),
        ("003", '"003"'),
        ("2026-01-01", '"2026-01-01"'),
        ("", '""'),
        (" a", '" a"'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ('say "x" \\', '"say \\"x\\" \\\\"'),
        ("-a", '"-a"'),
        ("*a", '"*a"'),
    ],
)
def test_text_is_written_plain_only_where_no_reader_bends_it(text: str, written: str) -> None:
    assert scalar(text) == written


@pytest.mark.parametrize("text", ["a\nb", "a\tb", "a\u202eb", "a\u2028b", "\ud800", "\0"])
def test_text_that_no_file_can_hold_is_not_written(text: str) -> None:
    with pytest.raises(Refused):
        scalar(text)


@given(st.text().filter(lambda text: FORBIDDEN.search(text) is None))
def test_what_is_written_is_read_back(text: str) -> None:
    written = scalar(text)
    data = f"a: {written}\nb: [{written}, {{c: {written}}}]\n".encode()

    assert load(data) == {"a": text, "b": (text, {"c": text})}
    assert yaml.safe_load(data) == {"a": text, "b": [text, {"c": text}]}


def test_importing_the_loader_imports_nothing_heavy() -> None:
    source = "import sys, qms.formats.strict_yaml; print(*sorted(sys.modules))"

    done = subprocess.run(
        [sys.executable, "-c", source], check=True, capture_output=True, text=True
    )

    heavy = {"click", "cryptography", "git", "importlib.metadata", "jinja2", "subprocess"}
    assert heavy.isdisjoint(done.stdout.split())
