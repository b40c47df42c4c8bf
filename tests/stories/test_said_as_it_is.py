"""What commands say of a state is what the judgement does with it, in the words of the reader."""

import re
from pathlib import Path

import pytest

from qms.testing import DocsRepo
from qms.testing.office import Office
from qms.testing.ruled import SHEET, issued_by

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"
LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh"])


@LANGUAGES
def test_an_edited_published_text_is_not_to_be_committed(
    released: Office, tmp_path: Path, lang: str
) -> None:
    """`sync` advised a commit that no gate takes."""
    released.shared(tmp_path / "shared")
    released.edit(TEXT, "\n## ", "\n改。\n\n## ")

    told = released.call("sync", by="gong.yi", lang=lang).out

    assert f"qms revise {NUMBER}" in told
    assert f"qms restore {NUMBER}" in told
    assert "git add" not in told
    released.qms("revise", NUMBER, "--summary", "改", by="gong.yi")
    told = released.call("sync", by="gong.yi", lang=lang).out
    assert "git add -A" in told
    assert "restore" not in told


@pytest.fixture(scope="session")
def _handed_out(tmp_path_factory: pytest.TempPathFactory) -> DocsRepo:
    """LX-WI-01 A/0, three copies of it issued, received and one recalled."""
    repo = issued_by(tmp_path_factory.mktemp("handed-out"), "wang.wu")
    for copy in ("001", "002", "003"):
        repo.issue(SHEET, copy, "li.si")
        repo.receive(SHEET, copy, "li.si")
    return repo


def test_acts_are_named_in_chinese_in_chinese_lists(_handed_out: DocsRepo) -> None:
    for words in (("annul", SHEET, "001", "--reason", "误发"), ("settle", SHEET)):
        told = _handed_out.qms("--lang", "zh", *words, by="li.si").err
        assert not re.search(r"\b(issue|receive)\b", told), told
        assert "发放" in told


def test_who_names_nothing_is_shown_a_few_entries_and_where_the_others_are(
    _handed_out: DocsRepo,
) -> None:
    """RULING-NONE and ENTRY-UNCLEAR poured out all acts of all copies."""
    for words in (("settle", SHEET), ("annul", SHEET, "zzzz", "--reason", "误发")):
        told = _handed_out.qms(*words, by="li.si").err
        assert len(re.findall(r"[0-9a-f]{16} ", told)) == 5
        assert f"2 more (qms history {SHEET} --json)" in told
