"""US-05: what a plugin says that waits stands in everybody's list, since when it does.

One module of somebody else, from `qms.api` alone: a yearly look at each document by its owner.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing.office import Answer, Office
from qms.testing.outsiders import admitted, install

REVIEWS = """\
from datetime import timedelta

from qms.api import Task, Text, hookimpl, shell_word


@hookimpl
def waiting(library, person, now):
    for number in library.numbers:
        released = library.in_force(number)
        if released is None:
            continue
        document = released.document
        due = released.filing.time + timedelta(days=365)
        heads = library.policy.holders(f"head-of-{document.owner}", library.today)
        if due <= now and person.id in heads:
            yield Task(number, document.revision, document.title, Text("复审", "review"), due,
                       f"qms show {shell_word(number)}")
"""


@pytest.fixture
def qms(lx: Office, tmp_path: Path) -> Callable[..., Answer]:
    """LX with a released work instruction, and a plugin that looks at each once a year."""
    folder = install(tmp_path / "there", "acme-reviews", "1.0",
                     {"qms.tools": "reviews = acme_reviews"}, acme_reviews=REVIEWS)  # fmt: skip
    run = admitted(lx, folder, "reviews")
    for words, person in (
        (("new", "work-instruction", "--title", "车床"), "gong.yi"),
        (("submit", "LX-WI-01"), "gong.yi"),
        (("sign", "LX-WI-01"), "fu.yi"),
        (("release", "LX-WI-01"), "wen.kong"),
    ):
        assert run(*words, by=person).code == 0
    return run


def test_it_waits_for_whom_the_plugin_says_since_when_it_says(
    lx: Office, qms: Callable[..., Answer]
) -> None:
    def told(*words: str, by: str | None = None) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = json.loads(qms("todo", *words, "--json", by=by).out)["rows"]
        return [one for one in rows if one["act"] == "review"]

    assert told("--all") == []
    lx.later(days=375)

    (row,) = told("--all")
    assert (row["person"], row["number"]) == ("ji.shu", "LX-WI-01")
    assert row["command"] == "qms show LX-WI-01"
    assert told(by="ji.shu") == [{key: row[key] for key in row if key != "person"}]
    assert told(by="gong.yi") == []
    for words in (("todo",), ()):
        answer = qms(*words, by="ji.shu")
        assert answer.code == 0, answer
        assert "review" in answer.out
        assert "10 days" in answer.out
