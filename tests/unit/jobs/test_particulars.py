"""What a head says on paper: all of it, under what was signed, and nothing looks like a key."""

import pytest

from qms.formats.strict_yaml import Value
from qms.jobs.paper.particulars import printed
from qms.texts import Text

LABEL = Text("结论", "Conclusion")


def lines(value: Value) -> list[tuple[str, str]]:
    (one,) = printed({"form": value}, {})
    return [(line.way, line.text) for line in one.lines]


@pytest.mark.parametrize(
    ("honest", "forged"),
    [
        ({"text": "first", "approver": "gao.feng"}, {"text": "first\napprover: gao.feng"}),
        ((), "[]"),
        ({}, "{}"),
        (("a", "b"), "a\nb"),
        ({"a": ("x", "y")}, {"a": "x\ny"}),
        ({"a": ()}, {"a": "[]"}),
        ("a b", "a    b"),
    ],
)
def test_no_text_is_printed_as_another_value_is(honest: Value, forged: Value) -> None:
    """Attack: a block of text holds lines that look as keys of the head do."""
    assert lines(honest) != lines(forged)
    assert "".join(text for _, text in lines(forged))


@pytest.mark.parametrize("name", [Text("", ""), Text("结\u0661论", "Conclusion"), Text()])
def test_a_name_that_no_page_could_hold_leaves_the_key(name: Text) -> None:
    """It is no part of what is signed, and must not keep that from paper."""
    (one,) = printed({"form": "x"}, {"form": name})
    assert (one.key, one.name.by_tag) == ("form", {})


def test_the_key_stands_beside_what_a_release_calls_it() -> None:
    (one,) = printed({"form": "x"}, {"form": LABEL})
    assert (one.key, one.name) == ("form", LABEL)
