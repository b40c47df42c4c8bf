"""What may be touched while a rule runs, and while the core answers what it asks."""

from pathlib import Path

import pytest

from qms.findings import QmsError
from qms.purity import pure


def test_the_core_reads_for_a_rule_that_may_not(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("a", encoding="utf-8")

    with pure("asks"), pure(""):
        assert path.read_text(encoding="utf-8") == "a"
    with pytest.raises(QmsError) as caught:
        asked_and_read(path)
    assert caught.value.finding.values["rule"] == "reads"


def asked_and_read(path: Path) -> None:
    with pure("reads"):
        with pure(""):
            path.read_text(encoding="utf-8")
        path.read_text(encoding="utf-8")
