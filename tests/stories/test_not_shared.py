"""Whoever looks at what waits is told what of theirs nobody else has yet."""

import json
from pathlib import Path

import pytest

from qms.testing.office import Office

NUMBER = "LX-WI-01"
NEXT = "LX-WI-02"
TEXT = f"documents/work-instruction/{NUMBER}.md"


@pytest.fixture
def office(released: Office, tmp_path: Path) -> Office:
    released.environment["XDG_STATE_HOME"] = str(tmp_path / "state")
    released.shared(tmp_path)
    return released


def last(office: Office, *words: str, lang: str = "en", by: str = "gong.yi") -> str:
    return office.call(*words, by=by, lang=lang).out.splitlines()[-1]


def test_what_was_done_and_not_synced_is_said_last(office: Office) -> None:
    assert "shared" not in office.qms(by="gong.yi")

    office.qms("new", "work-instruction", "--title", "铣床", by="gong.yi")
    office.qms("submit", NEXT, by="gong.yi")

    assert last(office) == "1 thing of yours is not shared yet: qms sync"
    assert last(office, "todo") == "1 thing of yours is not shared yet: qms sync"
    office.qms("sign", NEXT, by="fu.yi")
    assert last(office) == "2 things of yours are not shared yet: qms sync"
    assert last(office, lang="zh") == "您有 2 项尚未共享：qms sync"
    assert json.loads(office.qms("todo", "--json", by="gong.yi"))["unshared"] == 2

    office.qms("sync", by="gong.yi")

    assert "shared" not in office.qms(by="gong.yi")
    assert json.loads(office.qms("todo", "--json", by="gong.yi"))["unshared"] == 0


def test_a_draft_that_is_not_committed_is_named_with_the_way(office: Office) -> None:
    office.qms("new", "work-instruction", "--title", "铣床", by="gong.yi")

    path = f"documents/work-instruction/{NEXT}.md"
    assert last(office) == (
        f"not committed, so not shared: {path} "
        "(`git add -A && git commit -m draft`, then `qms sync`)"
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_published_text_that_was_edited_is_named_with_both_ways(
    office: Office, lang: str
) -> None:
    office.edit(TEXT, "无", "主轴转速不超过 800 r/min。")

    line = last(office, lang=lang)

    assert TEXT in line
    assert f"`qms revise {NUMBER}`" in line
    assert f"`qms restore {NUMBER}`" in line


def test_nothing_is_unshared_where_nothing_is_shared(released: Office) -> None:
    assert "shared" not in released.qms(by="gong.yi")
