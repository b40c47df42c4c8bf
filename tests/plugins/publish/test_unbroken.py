"""Text without a place for a line's end: a few kilobytes that took a renderer minutes."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from qms.api import Amended, Place, Refused
from qms_publish.base_pdf import html_page
from qms_publish.sheet import Sheet
from qms_publish.text.markdown import faults_of
from qms_publish.text.plain import is_plain
from qms_publish.text.unbroken import MAX_SECOND, MAX_TITLE, faults_of_head

CREATED = datetime(2026, 10, 29, 8, 0, tzinfo=UTC)
SENTENCE = "编制人应当熟悉所述过程，并自行核对 the number of each form。"


def codes(text: str) -> list[str]:
    found, _ = faults_of(text, assets=(), path="a.md", first_line=1)
    return [one.code for one in found]


@pytest.mark.parametrize(
    "text",
    [
        "a" * 3000,
        "[" * 3000,
        "（" * 3000,
        "字\u00a0" * 1500,
        "**a**b" * 1500,
        "a`b`" * 1500,
        "[a](https://b.example)" * 3000,
        f"`{'a' * 3000}`",
        f"```\n{'a' * 3000}\n```",
        f"| a | b |\n|---|---|\n| {'a' * 3000} | b |",
        f"- {'a' * 3000}",
    ],
)
def test_what_no_line_can_end_in_is_refused(text: str) -> None:
    """Row 84 (P): at `check` and at the gate as well."""
    assert "RENDER-LIMIT" in codes(f"# A\n\n{text}\n")
    assert not is_plain(f"# A\n\n{text}\n")


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE * 300,
        "字" * 30_000,
        "word " * 10_000,
        f"{'_' * 1500}\n{'_' * 1500}",
        f"[a](https://b.example/{'a' * 3000})",
        "| a | b |\n|---|---|\n" + "| aaaaaaaaaa | bbbbbbbbb |\n" * 500,
    ],
)
def test_ordinary_text_is_none_such(text: str) -> None:
    assert codes(f"# A\n\n{text}\n") == []


def test_a_head_goes_on_as_long_as_a_page_can_bear() -> None:
    """Row 84 (P): a title stands at the head of each page too."""
    fields = {"title": "字" * (MAX_TITLE + 1), "title_en": "a" * MAX_TITLE, "summary": "a" * 3000}
    fields["second_code"] = "A" * (MAX_SECOND + 1)

    found = list(faults_of_head(fields, Place(path="a.md")))

    assert [(one.code, one.place.field) for one in found] == [
        ("RENDER-LIMIT", "title"),
        ("RENDER-LIMIT", "summary"),
        ("RENDER-LIMIT", "second_code"),
    ]


@pytest.mark.parametrize("field", ["title", "title_en", "summary"])
def test_a_page_is_not_begun_with_such_a_head(procedure: Sheet, field: str) -> None:
    row = Amended(
        revision="A/0", day=date(2026, 10, 29), summary="a" * 3000, prepared_by="", approved_by=""
    )
    changed = {"amendments": (row,)} if field == "summary" else {field: "a" * 3000}

    with pytest.raises(Refused) as caught:
        html_page(replace(procedure, **changed), created=CREATED)

    assert (caught.value.finding.code, caught.value.finding.place.field) == ("RENDER-LIMIT", field)
