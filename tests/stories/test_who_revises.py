"""A revision is opened by who may prepare it: by another no round of it could ever end."""

import pytest

from qms.testing.office import Office

NUMBER = "LX-WI-01"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_who_may_not_prepare_it_is_told_who_may(released: Office, lang: str) -> None:
    """It was accepted; then `sync` refused it, with all else that he had."""
    head = released.git("rev-parse", "HEAD")

    told = released.call("revise", NUMBER, "--summary", "改", by="wen.kong", lang=lang)

    assert told.findings == ("PREPARER-ELSE",)
    names = "季舒、龚怡" if lang == "zh" else "Gong Yi"
    assert names.rpartition("、")[2] in told.err
    assert ("文孔" if lang == "zh" else "Wen Kong") in told.err
    assert (released.git("rev-parse", "HEAD"), released.status) == (head, "")


def test_an_edit_of_theirs_goes_into_the_revision_of_who_may(released: Office) -> None:
    text = f"documents/work-instruction/{NUMBER}.md"
    released.edit(text, "\n## ", "\n改。\n\n## ")
    assert released.call("revise", NUMBER, "--summary", "改", by="wen.kong").code == 1
    assert "改。" in released.text(text)

    released.qms("revise", NUMBER, "--summary", "改", by="gong.yi")

    assert "改。" in released.text(text)
    assert "prepared_by: gong.yi" in released.text(text)
