"""What a head may say in keys of plugins is bounded: little in a file never becomes much elsewhere.

Attack (law 3): 64 KiB of a head, in long keys in each other and a long list, is written out with
the way to each item. No plugin is needed for it, and nobody's signature.
"""

import pytest

from qms.testing.office import Office

NUMBER = "LX-ZD-01"
TEXT = f"documents/regulation/{NUMBER}.md"


def nested(names: int, length: int, items: int) -> str:
    """Keys in each other, the innermost of them a list."""
    value = f"[{','.join('1' * items)}]"
    for at in range(names):
        value = f"{{{'abcdefgh'[at] * length}: {value}}}"
    return f"form: {value}"


@pytest.fixture
def begun(lx: Office) -> Office:
    answer = lx.call("new", "regulation", "--title", "顾客投诉记录", by="gong.yi")
    assert answer.code == 0, answer
    return lx


@pytest.mark.parametrize(
    ("names", "length", "items", "cap"),
    [(6, 1000, 20_000, "way"), (1, 1, 20_000, "texts"), (1, 195, 5, "way"), (0, 0, 2001, "texts")],
)
def test_what_would_fill_a_terminal_is_told_and_not_sent(
    begun: Office, names: int, length: int, items: int, cap: str
) -> None:
    begun.edit(TEXT, "status: draft", f"{nested(names, length, items)}\nstatus: draft")

    answer = begun.call("check")

    assert answer.findings == ("LIMIT",)
    assert f"({cap}: " in answer.out
    assert begun.call("submit", NUMBER, by="gong.yi").findings == ("LIMIT",)
    assert len(begun.call("show", NUMBER).out) < 2_000


def test_what_an_honest_form_says_is_within(begun: Office) -> None:
    """Only whose the key is, is told: no plugin has it."""
    begun.edit(TEXT, "status: draft", f"{nested(1, 150, 2_000)}\nstatus: draft")
    assert begun.call("check").findings == ("FIELD-UNKNOWN",)


def test_a_head_of_many_faults_tells_a_hundred(begun: Office) -> None:
    begun.edit(TEXT, "status: draft", f"clauses: [{'[],' * 20_000}]\nstatus: draft")

    answer = begun.call("check")

    assert answer.findings == ("YAML-TYPE",) * 100
    assert len(answer.out) < 50_000
