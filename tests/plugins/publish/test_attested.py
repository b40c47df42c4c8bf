"""A legacy revision says on its cover and inside what was before the system: all that is signed."""

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from qms.api import Legacy
from qms_publish.base_pdf import render_base
from qms_publish.sheet import Sheet

CREATED = datetime(2026, 10, 29, 8, 0, tzinfo=UTC)
MM = 72 / 25.4
PAPER = Legacy(
    approved=date(2019, 3, 1),
    published=date(2019, 3, 15),
    effective=date(2019, 4, 1),
    by="张三（总经理）",
    evidence=("sha256:" + "7" * 64, "sha256:" + "8" * 64),
)


def rendered(sheet: Sheet, paper: Legacy | None) -> bytes:
    return render_base(replace(sheet, paper=paper, body="", assets={}), created=CREATED)


def test_the_cover_bears_the_old_days_and_names_as_attested(
    procedure: Sheet, text_of: Callable[..., str]
) -> None:
    """Row 105 (P)"""
    cover = text_of(rendered(procedure, PAPER), "-f", "1", "-l", "1")

    assert "代录原批准Attested2019-03-01张三（总经理）" in cover
    assert "代录原日期Attested原发布2019-03-15，原实施2019-04-01" in cover
    assert "本系统发布Published2026-10-29本系统实施Effective2026-11-05" in cover
    assert "发布日期" not in cover


def test_every_field_that_is_signed_stands_inside(
    procedure: Sheet, text_of: Callable[..., str]
) -> None:
    """Row 105 (P)"""
    inside = text_of(rendered(procedure, PAPER), "-f", "2")

    assert "代录（体系建立前批准）Attested:approvedbeforethissystem" in inside
    assert "2019-03-012019-03-152019-04-01张三（总经理）" in inside
    for digest in PAPER.evidence:
        assert digest in inside


def test_a_revision_of_the_systems_own_says_nothing_of_it(
    procedure: Sheet, text_of: Callable[..., str]
) -> None:
    assert "代录" not in text_of(rendered(procedure, None))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_longest_that_may_be_signed_is_printed_whole(
    procedure: Sheet, language: str, text_of: Callable[..., str], tmp_path: Path
) -> None:
    by = "".join(chr(0x4E00 + at) for at in range(200))
    evidence = tuple(f"sha256:{at:064x}" for at in range(64))
    sheet = replace(procedure, language="en" if language == "en" else "zh")
    pdf = rendered(sheet, replace(PAPER, by=by, evidence=evidence))
    (tmp_path / "page.pdf").write_bytes(pdf)
    command = ["/usr/bin/pdftotext", "-bbox", "-l", "1", str(tmp_path / "page.pdf"), "-"]

    inside = text_of(pdf, "-f", "2")
    cover = subprocess.run(command, capture_output=True, check=True).stdout.decode()

    assert by in inside
    assert all(digest in inside for digest in evidence)
    boxes = re.findall(r'yMin="([\d.]+)" .*yMax="([\d.]+)">([^<]*)<', cover)
    control = "Status" if language == "en" else "受控状态"
    above = min(float(top) for top, _, word in boxes if word.startswith(control))
    assert max(float(end) for _, end, word in boxes if "2026-11-05" in word) < above
