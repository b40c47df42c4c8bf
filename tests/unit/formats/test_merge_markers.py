"""What a merge left in a text is told, and what a text shows of merges isn't."""

import pytest

from qms.formats.merge_markers import conflict_in_text

MERGE = "<<<<<<< HEAD\n停机后 5 分钟\n=======\n停机后 15 分钟\n>>>>>>> theirs\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (MERGE, 1),
        (MERGE.replace("\n", "\r\n"), 1),
        (f"```\n{MERGE}```\n\n{MERGE}", 9),
        (f"```qms check``` tells it.\n\n{MERGE}", 3),
        (f"```\n~~~\n```\n{MERGE}", 4),
        (f"````\n```\n````\n{MERGE}", 4),
        ("<<<<<<< HEAD\n```sh\n=======\n```bash\n>>>>>>> theirs\nls\n```\n", 1),
        ("<<<<<<< HEAD\n```\nls\n```\n=======\n>>>>>>> theirs\n", 1),
    ],
)
def test_both_versions_of_a_merge_are_told(text: str, line: int) -> None:
    found = conflict_in_text(text.encode())

    assert found is not None
    assert (found.code, found.place.line) == ("MERGE-CONFLICT", line)


@pytest.mark.parametrize(
    "text",
    [
        f"```\n{MERGE}```\n",
        f"1. so:\n\n   ~~~ text\n{MERGE}   ~~~\n",
        f"````markdown\n```\n{MERGE}```\n````\n",
        f"```\n```sh\n{MERGE}```\n",
        f"~~~\n```\n{MERGE}~~~\n",
        f"``````\n{MERGE}",
        "<<<<<<< HEAD\n",
        "范围\n=======\n\n>>>>>>> a\n",
    ],
)
def test_what_a_text_shows_of_merges_is_no_fault(text: str) -> None:
    assert conflict_in_text(text.encode()) is None
