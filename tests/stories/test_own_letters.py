"""A letter that no font has, as in somebody's name, is printed as the company draws it (DC-18)."""

from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]

from qms.formats.digests import sha256
from qms.formats.glyph_files import glyph_file, outline_of
from qms.glyph_font import is_drawn
from qms.jobs.judging.own_glyphs import own_glyphs
from qms.storage.repository import Repository
from qms.testing.bad_input import told
from qms.testing.office import Office
from qms.testing.published import out, pages

NUMBER = "LX-WI-01"
RARE = "\U00020005"
DRAWING = "glyphs/U+20005.svg"
SIGNERS = ("gao.feng", "guan.ning")


@pytest.fixture
def font(tmp_path: Path) -> Path:
    """A font of one rare letter, a cross in a box, as a foundry makes one: TrueType, 2048 units."""
    pen = TTGlyphPen(None)
    for box in ((200, -100, 1848, 1500), (900, 200, 1100, 1300)):
        left, bottom, right, top = box
        pen.moveTo((left, bottom))
        for point in ((left, top), (right, top), (right, bottom)):
            pen.lineTo(point)
        pen.closePath()
    builder = FontBuilder(2048, isTTF=True)
    builder.setupGlyphOrder([".notdef", "rare"])
    builder.setupCharacterMap({ord(RARE): "rare"})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "rare": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (2048, 0), "rare": (2048, 200)})
    builder.setupHorizontalHeader(ascent=1800, descent=-400)
    builder.setupNameTable({"familyName": "Rare", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    path = tmp_path / "rare.ttf"
    builder.save(path)
    return path


@pytest.fixture
def named(lx: Office, font: Path) -> Office:
    """LX, where Fu Yi's name has a letter that no font has, drawn and agreed to."""
    lx.edit("people.yaml", "name: {zh: 傅毅", f"name: {{zh: 傅{RARE}")
    lx.qms("policy", "letter", RARE, str(font), by="wen.kong")
    for signer in SIGNERS:
        lx.qms("policy", "sign", by=signer)
    return lx


def test_whose_name_no_font_holds_is_printed_all_the_same(named: Office) -> None:
    """On pages and on stamps: a page is read, searched and copied with the letter that it is."""
    office = named
    assert office.call("check", "--all").code == 0
    office.qms("new", "work-instruction", "--title", f"车床{RARE}型", by="gong.yi")
    text = f"documents/work-instruction/{NUMBER}.md"
    office.write(text, office.text(text) + f"\n由傅{RARE}操作，**{RARE}**。\n")
    assert office.call("check").code == 0
    office.git("add", "-A")
    office.git("commit", "-q", "-m", "Draft")
    office.qms("submit", NUMBER, by="gong.yi")
    office.qms("sign", NUMBER, by="fu.yi")
    office.qms("release", NUMBER, by="wen.kong")
    office.qms("issue", NUMBER, "--outside", f"客户{RARE}", by="wen.kong")

    office.qms("publish", by="wen.kong")

    (paper,) = out(office).rglob("*controlled-0*.pdf")
    shown = pages(paper)
    assert f"持有者Holder客户{RARE}" in shown[0]
    assert f"车床{RARE}型" in "".join(shown[0].split())
    assert f"由傅{RARE}操作，{RARE}。" in "".join("".join(shown).split())
    signatures = next(page for page in shown if "SHA256" in page)
    assert f"傅{RARE}" in signatures
    assert office.call("verify").code == 0


def test_a_policy_is_asked_for_the_drawing_and_says_how(lx: Office, font: Path) -> None:
    lx.edit("people.yaml", "name: {zh: 傅毅", f"name: {{zh: 傅{RARE}")

    answer = lx.call("check")
    assert "LETTER-MISSING" in answer.findings
    assert f"`qms policy letter {RARE} FONT.ttf`, then `qms policy sign`" in answer.out

    lx.qms("policy", "letter", RARE, str(font), by="wen.kong")
    for signer in SIGNERS:
        lx.qms("policy", "sign", by=signer)
    assert lx.call("check", "--all").code == 0


def test_a_drawing_that_no_policy_binds_counts_for_nothing(drafted: Office, font: Path) -> None:
    """Law 2: whoever can push could draw one letter as another."""
    drafted.edit(f"documents/work-instruction/{NUMBER}.md", "title: 车床", f"title: 车床{RARE}")
    drafted.qms("policy", "letter", RARE, str(font), by="wen.kong")

    assert drafted.call("check").findings == ("LETTER-MISSING", "POLICY-UNLISTED")
    told(drafted.call("submit", NUMBER, by="gong.yi"), 1, "LETTER-MISSING")


def test_a_drawing_that_was_changed_is_drawn_by_nobody(named: Office) -> None:
    named.edit(DRAWING, "M98", "M99")
    named.git("commit", "-qam", "Another letter")

    answer = named.call("check", "--all")

    assert answer.findings == ("POLICY-FILE",)
    told(named.call("publish", by="wen.kong"), 1, "POLICY-FILE")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("glyphs/U+0041.svg", None),
        ("glyphs/U+4E2D.svg", None),
        ("glyphs/rare.svg", None),
        ("glyphs/U+020005.svg", None),
        ("glyphs/U+2000C.svg", "<svg/>"),
        ("glyphs/U+2000C.svg", "M0 0L1 1Z"),
        ("glyphs/U+2000C.svg", "M0 0C1Z"),
        ("glyphs/U+2000C.svg", "M9E9 0L1 900L900 1Z"),
        ("glyphs/U+2000C.svg", "M0 0L90000 900L900 1Z"),
        ("glyphs/U+2000C.svg", "M0 0L900 900L900 1Z,,M1 1L900 1L900 2Z"),
        ("glyphs/U+2000C.svg", "M0 0L900 900 L900 1 5Z"),
        ("glyphs/U+2000C.svg", "M0 0L900. 900L900 1Z"),
        ("glyphs/U+2000C.svg", "M0,,0L900 900L900 1Z"),
        ("glyphs/U+2000C.svg", "M0 0L900 900L900 1Z 5 5Z"),
        ("glyphs/U+05D0.svg", "M0 0L900 900L900 1Z"),
        ("glyphs/U+0E33.svg", "M0 0L900 900L900 1Z"),
        ("glyphs/U+2F800.svg", "M0 0L900 900L900 1Z"),
    ],
)
def test_what_draws_no_letter_of_that_kind_is_signed_by_nobody(
    named: Office, name: str, data: str | None
) -> None:
    """Rows 264 and 265 (L: GLYPH-FILE)

    A letter that fonts have is drawn by these: what is signed as A would be printed as B. Of a path
    with a fault a browser draws what stands before it.
    """
    drawing = named.text(DRAWING)
    before, _, behind = drawing.partition(drawing.split('"')[5])
    if data is not None:
        drawing = f"{before}{data}{behind}" if data.startswith("M") else data
    named.write(name, drawing)
    named.edit("people.yaml", "persons:", "# one more letter\npersons:")

    answer = named.call("policy", "sign", by="gao.feng")

    told(answer, 1, "GLYPH-FILE")
    assert f"{name}: error GLYPH-FILE" in answer.err


def test_what_a_policy_lists_and_no_page_can_draw_counts_for_nothing(named: Office) -> None:
    """Rows 264 and 265 (P): keepers of an older tool may have signed it."""
    drawing = named.text(DRAWING)
    outline = drawing.split('"')[5]
    for name, data in ((DRAWING, f"{outline},,{outline}"), ("glyphs/U+05D0.svg", outline)):
        named.write(name, drawing.replace(outline, data))
    listed = {name: sha256(named.text(name).encode()) for name in (DRAWING, "glyphs/U+05D0.svg")}

    with Repository.find(named.folder) as repository:
        tree = repository.work_tree()
        assert own_glyphs(tree, listed) == {}
    named.write(DRAWING, drawing)
    with Repository.find(named.folder) as repository:
        tree = repository.work_tree()
        assert own_glyphs(tree, {DRAWING: sha256(drawing.encode())}) == {RARE: outline}


@pytest.mark.parametrize(
    ("char", "words"),
    [
        ("א", "written from right to left"),
        ("\u0e33", "takes that letter apart"),
        ("\u0304", "an accent of its own"),
        ("X\u0304", "no single letter"),
    ],
)
def test_a_letter_that_a_page_would_turn_or_take_apart_is_drawn_by_nobody(
    lx: Office, font: Path, char: str, words: str
) -> None:
    """Row 265 (L: GLYPH-SHAPED): 10 א 20 was printed as 20 א 10."""
    answer = lx.call("policy", "letter", char, str(font), by="wen.kong")

    told(answer, 1, "GLYPH-SHAPED")
    assert words in answer.err
    assert not lx.status


@pytest.mark.parametrize(
    ("char", "code"), [("中", "KNOWN"), ("ab", "KNOWN"), ("\U0002000c", "NONE")]
)
def test_only_a_letter_that_is_lacking_is_drawn(
    lx: Office, font: Path, char: str, code: str
) -> None:
    told(lx.call("policy", "letter", char, str(font), by="wen.kong"), 1, f"GLYPH-{code}")
    told(lx.call("policy", "letter", RARE, str(lx.folder / "qms.yaml")), 1, "GLYPH-NONE")
    assert not lx.status


def test_what_a_font_would_round_away_or_draw_beside_is_no_letter() -> None:
    """Row 276 (L): a browser showed three strokes and no frame, the page otherwise."""
    square = "M100,0V900H900V0Z"
    assert outline_of(glyph_file(square)) == square

    assert outline_of(glyph_file("M100,0.4V900H900V0.4Z")) is None
    assert is_drawn(square)
    assert not is_drawn("M-100,0V900H900V0Z")
