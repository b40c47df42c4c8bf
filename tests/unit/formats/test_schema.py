"""A table of fields types what the loader read and tells all that is wrong at once."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import FrameType, FunctionType
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.codes import CodeTable
from qms.findings import Place, Refused, refused
from qms.formats.near_words import near_words
from qms.formats.schema import (
    EN,
    ZH,
    Field,
    Row,
    anything,
    boolean,
    day,
    integer,
    list_of,
    mapping_of,
    named,
    one_of,
    print_schema,
    read,
    record,
    text,
    union,
)
from qms.formats.strict_yaml import Quoted, Value, line_of, load

CODES = CodeTable()
ID = Field("id", text(pattern="[a-z-]+", like="quality"))
NAME = Field("name", named())
HEAD = Field("head", text())
KEEPER = Field("keeper", text(), required=False)
LEVEL = Field("level", integer(1, 4), required=False, default=2)
SINCE = Field("since", day(), required=False)
DEPARTMENT = record(ID, NAME, HEAD, KEEPER, LEVEL, SINCE)

values = st.recursive(
    st.text() | st.text().map(Quoted) | st.sampled_from(["1", "true", "null", "2026-01-31"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.sampled_from(["id", "name", "zh", "en", "head"]), inner)
    ),
)


@dataclass(frozen=True, slots=True)
class Department:
    id: str
    name: str
    keeper: str | None
    level: int


def department(row: Row) -> Department:
    return Department(row[ID], row[NAME][ZH], row[KEEPER], row[LEVEL])


def codes(wanted: object, value: Value) -> list[tuple[str, str]]:
    _, findings = read(wanted, value)  # type: ignore[arg-type]
    return [(finding.code, finding.place.field) for finding in findings]


def test_a_record_becomes_a_value_of_the_domain() -> None:
    rows = load(
        b"departments:\n  - {id: quality, name: {zh: \xe5\x93\x81, en: Quality}, head: li.si}"
    )

    departments, findings = read(
        record(Field("departments", list_of(DEPARTMENT.then(department)))), rows
    )

    assert findings == ()
    assert departments is not None
    assert departments["departments"] == (Department("quality", "品", None, 2),)


def test_all_faults_are_told_at_once_with_their_places() -> None:
    rows = load(
        b"departments:\n"
        b"  - id: Quality\n"
        b"    name: {zh: x}\n"
        b"    level: '2'\n"
        b"    since: 2026-02-30\n"
        b"    haed: li.si\n"
    )

    _, findings = read(record(Field("departments", list_of(DEPARTMENT))), rows)

    assert [(finding.code, finding.place.field) for finding in findings] == [
        ("FIELD-FORM", "departments.0.id"),
        ("FIELD-MISSING", "departments.0.name.en"),
        ("FIELD-MISSING", "departments.0.head"),
        ("YAML-TYPE", "departments.0.level"),
        ("DAY-FORM", "departments.0.since"),
        ("FIELD-UNKNOWN", "departments.0.haed"),
    ]


@pytest.mark.parametrize(
    "typed_elsewhere",
    ["1.10", "no", "0777", "12:30:45", "1_000", "0x1F", "1e5", ".5", "-7", "~", "NULL", "", ".NaN"],
)
def test_text_that_other_readers_take_for_something_else_must_be_in_quotes(
    typed_elsewhere: str,
) -> None:
    assert codes(text(min_length=0), typed_elsewhere) == [("YAML-TYPE", "")]
    assert codes(text(min_length=0), Quoted(typed_elsewhere)) == []


@pytest.mark.parametrize(
    "plain", ["A/1", "LX-CX-2019-01", "2026-01-31", "1.2.3", "nobody", "第1版", "-", "CEE/QP-01"]
)
def test_other_text_may_be_plain(plain: str) -> None:
    assert read(text(), plain).value == plain


def test_numbers_and_booleans_must_be_plain() -> None:
    assert read(integer(), "24").value == 24
    assert read(boolean(), "true").value is True
    assert codes(integer(), Quoted("24")) == [("YAML-TYPE", "")]
    assert codes(boolean(), Quoted("true")) == [("YAML-TYPE", "")]


@pytest.mark.parametrize("found", ["024", "1.0", "+1", "0x10", "1_0", "", "９", "9" * 5000])
def test_an_integer_has_one_spelling(found: str) -> None:
    assert codes(integer(), found) == [("YAML-TYPE", "")]


@pytest.mark.parametrize("found", ["True", "yes", "on", "1", "TRUE"])
def test_a_boolean_has_one_spelling(found: str) -> None:
    assert codes(boolean(), found) == [("YAML-TYPE", "")]


def test_limits_are_told() -> None:
    assert codes(integer(1, 4), "5") == [("FIELD-RANGE", "")]
    assert codes(text(max_length=3), "abcd") == [("FIELD-LENGTH", "")]
    assert codes(text(), Quoted("")) == [("FIELD-EMPTY", "")]
    assert codes(text(), Quoted("a\nb")) == [("FIELD-LINES", "")]
    assert read(text(lines=True), Quoted("a\nb\n")).value == "a\nb\n"
    assert codes(list_of(text(), min=1), ()) == [("FIELD-LENGTH", "")]
    assert codes(list_of(text()), "a") == [("YAML-TYPE", "")]
    assert codes(mapping_of(text()), ("a",)) == [("YAML-TYPE", "")]
    assert codes(day(), ("a",)) == [("YAML-TYPE", "")]
    assert codes(text(), ("a",)) == [("YAML-TYPE", "")]


def test_a_day_may_be_in_quotes_or_not() -> None:
    assert read(day(), "2026-01-31").value == date(2026, 1, 31)
    assert read(day(), Quoted("2026-01-31")).value == date(2026, 1, 31)


def test_a_closed_set_of_words() -> None:
    class Assurance(StrEnum):
        FILE = "file"
        FIDO = "fido"

    assert read(one_of(*Assurance), Quoted("fido")).value is Assurance.FIDO
    assert codes(one_of("all", "any"), "some") == [("FIELD-CHOICE", "")]
    assert codes(one_of("all", "any"), ("all",)) == [("FIELD-CHOICE", "")]


def test_one_of_two_types() -> None:
    need = union(integer(1, 9), one_of("all", "any"))
    version = union(text(), record(Field("scheme", text())))

    assert read(need, "2").value == 2
    assert read(need, "all").value == "all"
    assert codes(need, "some") == [("FIELD-CHOICE", "")]
    assert codes(need, "99") == [("FIELD-RANGE", "")]
    assert codes(version, {"cap": "9"}) == [("FIELD-MISSING", "scheme"), ("FIELD-UNKNOWN", "cap")]
    assert codes(version, ("a",)) == [("YAML-TYPE", "")]


def test_open_mappings_keep_what_others_will_read() -> None:
    row = read(record(ID, extra=anything()), {"id": "quality", "number": ("x",)}).value

    assert record(ID, extra=anything()).json_schema()["additionalProperties"] == {}
    assert row[ID] == "quality"
    assert row["number"] == ("x",)
    assert read(mapping_of(integer()), {"a": "1"}).value == {"a": 1}


def test_what_a_maker_refuses_is_a_finding_at_its_field() -> None:
    def refuse(found: str) -> str:
        raise refused("REVISION-FORM", Place(field="letter"), found=found)

    wanted = record(Field("revision", text().then(refuse)))

    assert codes(wanted, {"revision": "A/1"}) == [("REVISION-FORM", "revision.letter")]
    assert codes(wanted, {"revision": ("A/1",)}) == [("YAML-TYPE", "revision")]


def test_a_value_that_has_faults_can_not_be_taken() -> None:
    result = read(integer(), "x", "classes.2.level")

    assert result.given is None
    with pytest.raises(Refused) as caught:
        _ = result.value
    assert caught.value.finding.place == Place(field="classes.2.level")


def test_a_record_gives_what_its_fields_say_in_their_order() -> None:
    fields = Field("t", text()), Field("d", day()), Field("r", record(ID))

    row = read(record(*fields), load(b"d: 2026-01-31\nr: {id: a}\nt: x")).value

    assert list(row) == ["t", "d", "r"]
    assert (row.text("t"), row["d"]) == ("x", date(2026, 1, 31))
    with pytest.raises(TypeError):
        row.text("d")
    assert repr(row["r"]) == "Record({'id': 'a'})"
    assert EN.name == "en"


def test_typed_text_is_plain_str() -> None:
    assert type(read(text(), Quoted("a")).value) is str


def test_the_line_of_a_finding_is_found_when_it_is_printed() -> None:
    source = (
        b"departments:\n  - id: quality\n    name: {zh: x, en: X}\n    level: 9\n    head: li.si\n"
    )

    (finding,) = read(record(Field("departments", list_of(DEPARTMENT))), load(source)).findings

    assert line_of(source, finding.place.field) == 4


def test_the_json_schema_says_the_same() -> None:
    wanted = record(
        ID,
        Field("keys", list_of(record(Field("void", boolean())), min=1)),
        Field("need", union(integer(1, 9), one_of("all", "any")), required=False),
        Field("from", day().then(str), required=False),
        Field("note", text("[a-z]*"), required=False),
        Field("more", mapping_of(text()), required=False),
    )

    assert json.loads(print_schema(wanted, "A class")) == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A class",
        "type": "object",
        "properties": {
            "id": {
                "type": "string",
                "minLength": 1,
                "maxLength": 4096,
                "pattern": "^(?:[a-z-]+)$",
                "examples": ["quality"],
            },
            "keys": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"void": {"type": "boolean"}},
                    "required": ["void"],
                    "additionalProperties": False,
                },
                "minItems": 1,
            },
            "need": {
                "anyOf": [
                    {"type": "integer", "minimum": 1, "maximum": 9},
                    {"type": "string", "enum": ["all", "any"]},
                ]
            },
            "from": {"type": "string", "format": "date", "examples": ["2026-01-31"]},
            "note": {
                "type": "string",
                "minLength": 1,
                "maxLength": 4096,
                "pattern": "^(?:[a-z]*)$",
            },
            "more": {
                "type": "object",
                "additionalProperties": {"type": "string", "minLength": 1, "maxLength": 4096},
            },
        },
        "required": ["id", "keys"],
        "additionalProperties": False,
    }


@given(values)
def test_any_value_is_typed_or_has_findings_with_a_sentence(value: Value) -> None:
    result = read(DEPARTMENT.then(department), value)

    assert (result.given is None) == bool(result.findings)
    for finding in result.findings:
        assert "<" not in CODES.sentence(finding, "zh").replace(finding.values.get("found", ""), "")


def calls_of(function: Callable[..., object], run: Callable[[], object]) -> int:
    """How often a function is called while something runs."""
    called, code = 0, cast("FunctionType", function).__code__

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal called
        called += event == "call" and frame.f_code is code

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(before)
    return called


@pytest.mark.parametrize("keys", [99, 100, 101, 1990])
def test_no_more_keys_are_compared_than_are_told(keys: int) -> None:
    """What comes close to an unknown key takes its time; a head has thousands of keys."""
    head: dict[str, Value] = {f"k{at}": "1" for at in range(keys)}
    wanted = record(Field("title", text()), Field("owner", text(), required=False))

    told = read(wanted, {"title": "x", **head}).findings
    called = calls_of(near_words, lambda: read(wanted, {"title": "x", **head}))

    assert (len(told), called) == (min(keys, 100), min(keys, 101))


def test_of_many_records_no_more_keys_are_compared_either() -> None:
    wanted = list_of(record(Field("title", text())))
    rows: Value = tuple({"title": "x", f"k{at}": "1"} for at in range(1990))

    assert calls_of(near_words, lambda: read(wanted, rows)) <= 101
