"""The fonts in a PDF: only its own letters, under a name of their own, and small."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
from fontTools.cffLib import CFFFontSet  # type: ignore[import-untyped]

from qms_publish.base_pdf import render_base
from qms_publish.sheet import Sheet

CREATED = datetime(2026, 10, 29, 8, 0, tzinfo=UTC)


def fonts_of(pdf: pikepdf.Pdf) -> dict[str, tuple[set[int], set[int]]]:
    """By name of font: the CIDs whose outlines it holds, and those that the pages use."""
    found: dict[str, tuple[set[int], set[int]]] = {}
    for page_font in pdf.pages[0].Resources.Font.values():
        (font,) = page_font.DescendantFonts
        program = font.FontDescriptor.FontFile3
        assert program.Subtype == pikepdf.Name.CIDFontType0C
        assert font.FontDescriptor.FontName == font.BaseFont == page_font.BaseFont
        table = CFFFontSet()
        table.decompile(BytesIO(program.read_bytes()), None)
        held = {int(name.removeprefix("cid")) for name in table[0].charset if name != ".notdef"}
        rows = page_font.ToUnicode.read_bytes().decode().splitlines()
        used = {int(row[1:5], 16) for row in rows if row.startswith("<") and "> <" in row[:8]}
        found[str(font.BaseFont)] = (held, used - {0})
    return found


def test_a_font_holds_the_letters_of_its_pages_and_no_others(base_pdf: bytes) -> None:
    with pikepdf.open(BytesIO(base_pdf)) as pdf:
        fonts = fonts_of(pdf)

    assert len(fonts) == 4
    for held, used in fonts.values():
        assert len(used) > 5
        assert held >= used
        assert len(held - used) < 10  # 、 and 。 bring the twins that a selector would show


def test_eight_pages_are_a_mail_attachment_and_no_burden(base_pdf: bytes) -> None:
    """With a place for each of 65,000 glyphs in each font they would be five times as large."""
    assert len(base_pdf) < 150_000


def test_fonts_of_one_name_have_the_same_letters(procedure: Sheet, base_pdf: bytes) -> None:
    """A printer may keep fonts by name from one job for the next."""
    other = replace(procedure, body="## 1 目的\n\n另一份文件，有别的字。\n")

    with pikepdf.open(BytesIO(base_pdf)) as one:
        mine = {name: held for name, (held, _) in fonts_of(one).items()}
    with pikepdf.open(BytesIO(render_base(other, created=CREATED))) as two:
        theirs = {name: held for name, (held, _) in fonts_of(two).items()}

    assert any(name not in mine for name in theirs)
    assert all(mine.get(name, held) == held for name, held in theirs.items())


def test_it_has_the_identifier_that_archives_ask_for(procedure: Sheet, base_pdf: bytes) -> None:
    """Of its content: another title, another identifier."""
    renamed = render_base(replace(procedure, title_en="Documents"), created=CREATED)

    with pikepdf.open(BytesIO(base_pdf)) as one, pikepdf.open(BytesIO(renamed)) as two:
        assert not one.check_pdf_syntax()
        mine, theirs = bytes(one.trailer.ID[0]), bytes(two.trailer.ID[0])

    assert len(mine) == 16
    assert mine != theirs


def test_the_dots_of_the_contents_are_no_text(base_pdf: bytes, text_of: Callable[..., str]) -> None:
    """A reader's aid would read each of them out."""
    assert "5.2审核与批准Reviewandapproval4" in text_of(base_pdf, "-raw", "-f", "2", "-l", "2")
