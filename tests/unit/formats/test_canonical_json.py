"""What is signed has one spelling as JSON, and every other spelling is refused."""

import json
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.findings import QmsError, Refused
from qms.formats import canonical_json
from qms.formats.characters import FORBIDDEN

NONE_OF = [code for code in range(sys.maxunicode + 1) if FORBIDDEN.match(chr(code))]

CHARACTERS = st.characters(exclude_categories=("Cc", "Cs"))
TEXTS = st.text(CHARACTERS.filter(lambda one: FORBIDDEN.match(one) is None))
KEYS = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1)
VALUES = st.recursive(
    st.none() | st.integers(0, 2**53 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=5,
)


def refusal(data: bytes) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        canonical_json.decode(data)
    return caught.value.finding.code, caught.value.finding.values["part"]


def test_keys_are_sorted_and_nothing_is_spaced() -> None:
    data = canonical_json.encode({"b": [1, None], "a": "审核", "_": {}})

    assert data == '{"_":{},"a":"审核","b":[1,null]}'.encode()


def test_only_quote_and_backslash_are_escaped() -> None:
    text = 'a "b" \\ / é 文'

    assert canonical_json.encode(text) == '"a \\"b\\" \\\\ / é 文"'.encode()


@given(VALUES)
def test_what_is_written_is_read_back(value: Any) -> None:
    assert canonical_json.decode(canonical_json.encode(value)) == value


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_give_a_value_or_a_refusal(data: bytes) -> None:
    try:
        value = canonical_json.decode(data)
    except QmsError:
        return
    assert canonical_json.encode(value) == data


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b'{"a": 1}', "spelling"),
        (b' "a"', "spelling"),
        (b'"a"\n', "character"),
        (b'{"b":1,"a":2}', "spelling"),
        (b'{"a":1,"a":1}', "spelling"),
        (b'"\\u0041"', "escape"),
        (b'"\\u0007"', "escape"),
        (b'"\\n"', "escape"),
        (b'"\\/"', "escape"),
        (b'"\\ud800"', "escape"),
        (b"1.0", "syntax"),
        (b"1e2", "syntax"),
        (b"NaN", "syntax"),
        (b"-Infinity", "syntax"),
        (b"01", "syntax"),
        (b"1" * 5000, "syntax"),
        (b"-0", "spelling"),
        (b"-1", "number"),
        (b"9007199254740992", "number"),
        (b"true", "type"),
        (b"[false]", "type"),
        (b'{"A":1}', "key"),
        (b'{"":1}', "key"),
        (b'{"a1":1}', "key"),
        (b"\xff", "utf-8"),
        (b'"\xed\xa0\x80"', "utf-8"),
        (b"", "syntax"),
        (b"{", "syntax"),
        (b"[" * 100_000, "syntax"),
        (b"[" * 9 + b"]" * 9, "depth"),
    ],
)
def test_another_spelling_is_refused(data: bytes, part: str) -> None:
    assert refusal(data) == ("NOT-CANONICAL", part)


def test_the_largest_integer_is_2_to_the_53_less_one() -> None:
    assert canonical_json.decode(b"9007199254740991") == 2**53 - 1


@pytest.mark.parametrize("value", [True, 1.5, -1, 2**53, b"a", {1: 2}, {"A": 1}, "\ud800", "\n"])
def test_what_canonical_json_cannot_say_is_not_written(value: Any) -> None:
    with pytest.raises(Refused) as caught:
        canonical_json.encode({"a": [value]})

    assert caught.value.finding.code == "NOT-CANONICAL"


def test_exactly_the_listed_characters_are_refused() -> None:
    refused_characters = []
    for code in range(sys.maxunicode + 1):
        try:
            canonical_json.check_text(chr(code))
        except Refused:
            refused_characters.append(code)

    assert refused_characters == NONE_OF


def test_a_forbidden_character_is_named() -> None:
    with pytest.raises(Refused) as caught:
        canonical_json.decode(json.dumps("a\u202eb", ensure_ascii=False).encode())

    assert caught.value.finding.values == {"part": "character", "found": "U+202E"}
