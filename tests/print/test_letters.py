"""Which letters can be printed: the table says it, and a page shows each in every face."""

import re
import subprocess
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from qms.findings import Place, QmsError, Refused
from qms.formats.characters import FORBIDDEN
from qms.letters import our_fonts, unprintable
from qms_publish.lettering.alike import misread_letters
from qms_publish.lettering.coverage import missing_in_fields, missing_letters
from qms_publish.lettering.fonts import font_files
from qms_publish.pictures.picture import checked
from qms_publish.text.markdown import faults_of

if TYPE_CHECKING:
    from tests.print.conftest import Press

WRITTEN = (
    "☐☑☒✓✔✗✘□■○●√×⌀⌖⏥⏤⌭⌯⏚⚠⚡☢☣→⇒➜≤≥≠≈±∓½⅓⅔¾℃№‰Ω€₽¥"
    "₀₁₂₃₄₅₆₇₈₉₊₋⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ"
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßĀāĂăĄąĆćČčĎďĐđĒēĖėĘęĚěĞğĢģĪīĮįİıĶķĹĺĻļĽľŁłŃńŅņŇňŌōŐőŒœŔŕŘř"
    "ŚśŞşŠšŢţŤťŪūŮůŰűŲųŴŵŶŷŸŹźŻżŽžȘșȚțẞỳễ"
    "ΑΒΓΔΩαβγδωΆΈΉΊΌΎΏάέήίόύώϊϋΐΰ"
    "АБВЯабвяЁёЂђЃѓЄєЅѕІіЇїЈјЉљЊњЋћЌќЎўЏџҐґҚқҢңҰұ"
)
FACES = {
    "serif": "{}",
    "serif bold": "**{}**",
    "sans": "`{}`",
    "sans bold": "## {}",
    "a table's head": "| {} |\n|---|\n| x |",
    "a table": "| x |\n|---|\n| {} |",
}
NAMES = {f"{own}-{kind}" for own in ("Noto", "QMS") for kind in ("Sans", "Serif")}


def letters_of_ours() -> str:
    """The letters that our fonts draw and texts may hold; all four fonts hold the same."""
    held = {
        name: frozenset(map(chr, TTFont(path).getBestCmap())) for name, path in our_fonts().items()
    }
    first, *others = held.values()
    assert others == [first] * 3, "a letter may stand in each face"
    refused = {char for char in first if any(misread_letters(char, Place()))}
    return "".join(sorted(char for char in first - refused if not char.isspace()))


def fonts_of(pdf: Path) -> set[tuple[str, str]]:
    """Family and encoding of each font; where a glyph is missing the renderer makes its own one."""
    run = subprocess.run(["/usr/bin/pdffonts", str(pdf)], capture_output=True, check=True)
    rows = run.stdout.decode().splitlines()[2:]
    return {
        (re.sub(r"-(CJK-SC|Bold)", "", row.split()[0].partition("+")[2]), row.split()[4])
        for row in rows
    }


@pytest.mark.slow
def test_every_letter_of_our_fonts_is_drawn_in_every_face(press: "Press") -> None:
    """DC-18: read back, by our fonts alone, none as an empty box."""
    letters = letters_of_ours()
    assert len(letters) > 1_500

    read = press.read_back([face.format(" ".join(letters)) for face in FACES.values()])

    for name, found in zip(FACES, read, strict=True):
        assert set(letters) <= set(found), (name, sorted(set(letters) - set(found)))
    assert fonts_of(press.folder / "pages.pdf") <= {(name, "Identity-H") for name in NAMES}


@pytest.mark.long
@pytest.mark.parametrize(("kind", "face"), [("Serif", "{}"), ("Sans", "`{}`")])
def test_every_letter_of_the_table_is_drawn(press: "Press", kind: str, face: str) -> None:
    """DC-18: all 46,000; some have one picture, as • and ‧, and are read as either."""
    letters = [
        char
        for char in map(chr, range(0xA0, 0x30000))
        if unicodedata.category(char)[0] not in "CMZ"
        and not unprintable(char)
        and not any(misread_letters(char, Place()))
    ]
    assert len(letters) > 45_000
    texts = [" ".join(letters[at : at + 1_000]) for at in range(0, len(letters), 1_000)]

    read: set[str] = set()
    for half in (texts[::2], texts[1::2]):  # no text has them all
        read |= set("".join(press.read_back([face.format(text) for text in half])))
        assert fonts_of(press.folder / "pages.pdf") <= {(name, "Identity-H") for name in NAMES}

    alike = twins(kind)
    assert [char for char in letters if not read & alike.get(char, {char})] == []


def twins(kind: str) -> dict[str, set[str]]:
    """By character those that have the same picture in a Chinese font."""
    path = next(one for one in font_files() if one.name == f"Noto{kind}CJK-Regular.ttc")
    for at in range(10):
        with TTFont(path, fontNumber=at, lazy=True) as face:
            if face["name"].getDebugName(6) == f"Noto{kind}CJKsc-Regular":
                cmap = face.getBestCmap()
                break
    alike: dict[str, set[str]] = {}
    for code, glyph in cmap.items():
        alike.setdefault(glyph, set()).add(chr(code))
    return {chr(code): alike[glyph] for code, glyph in cmap.items()}


def test_what_people_write_can_be_printed() -> None:
    assert unprintable(WRITTEN) == ()


def test_a_letter_that_no_font_has_is_told() -> None:
    assert unprintable("王\U00013000🔴☑") == ("\U00013000", "🔴")


def test_a_blank_after_such_a_letter_is_as_wide_as_after_any_other() -> None:
    """It is drawn by the font of the letter before it."""
    for path in our_fonts().values():
        font = TTFont(path)
        assert 200 < font["hmtx"][font.getBestCmap()[0x20]][0] < 260


def test_a_font_of_other_bytes_is_none_of_ours(tmp_path: Path) -> None:
    for name, path in our_fonts().items():
        (tmp_path / name).write_bytes(path.read_bytes())
    (tmp_path / "QmsSerif-Bold.otf").write_bytes(b"OTTO another version")

    with pytest.raises(QmsError) as caught:
        our_fonts(tmp_path)

    finding = caught.value.finding
    assert (finding.code, finding.values["file"]) == ("RENDER-LOCK", "QmsSerif-Bold.otf")
    assert finding.values["package"] == "qms-git"


def test_a_font_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(QmsError) as caught:
        our_fonts(tmp_path)

    assert caught.value.finding.code == "RENDER-LOCK"


@pytest.mark.parametrize(
    "sign", ["\u0600", "\u06dd", "\u070f", "\u0890", "\u08e2", "\U000110bd", "\U00013431"]
)
def test_a_sign_that_draws_over_others_or_turns_numbers_round_is_not_taken(sign: str) -> None:
    """Row 250 (LP: LETTER-MISSING): 5 to 10 kPa was printed as 10 to 5, and signed as written."""
    found = list(missing_letters(f"压力{sign}5 — 10 kPa", Place(), {}))

    assert [(one.code, one.values["found"]) for one in found] == [("LETTER-MISSING", sign)]


def test_an_accent_of_its_own_is_not_taken() -> None:
    """DC-18: of X with a bar above it the bar stood beside the letter."""
    assert unprintable("X\u0304") == ("\u0304",)
    assert unprintable("é") == ()


def test_no_letter_that_can_be_printed_turns_the_order_of_others_round() -> None:
    """Row 250 (LP)"""
    turning = {"R", "AL", "AN", "RLE", "LRE", "RLO", "LRO", "PDF", "RLI", "LRI", "FSI", "PDI"}
    every = (chr(at) for at in range(0x110000) if not 0xD800 <= at < 0xE000)
    found = "".join(one for one in every if unicodedata.bidirectional(one) in turning)
    allowed = set(found) - set(unprintable(found))
    assert {one for one in allowed if FORBIDDEN.match(one) is None} == set()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("只取 5\u200a0 片", "只取 5\u200a0 片"),
        ("甲\n\n| a | b |\n|--:|--:|\n| 1\u200a0 | x |", "1\u200a0"),
        ("- `1\u20060`", "1\u20060"),
        ("长 10\u202f000 mm", "长 10\u202f000 mm"),
        ("A\u2009B", "A\u2009B"),
        ("## 宽 5\u20240 mm", "宽 5\u20240 mm"),
    ],
)
def test_a_letter_that_is_read_as_another_is_refused(text: str, said: str) -> None:
    """DC-18: thin blanks are no blanks on paper, and U+2024 is a dot at half height."""
    (fault,) = faults_of(text, assets=(), path="a.md", first_line=1)[0]

    line = text[: text.index(said)].count("\n") + 1
    assert (fault.code, fault.place.line, fault.values["found"]) == ("LETTER-ALIKE", line, said)
    for mended in (" ", ""):
        mend = re.sub("[\u2006\u2009\u200a\u202f]", mended, text).replace("\u2024", ".")
        assert faults_of(mend, assets=(), path="a.md", first_line=1)[0] == ()


def test_a_thin_blank_between_a_number_and_its_unit_is_fine() -> None:
    text = "5\u2009mm，20\u202f℃，3\u2009kΩ，7\u202f%"

    assert faults_of(text, assets=(), path="a.md", first_line=1)[0] == ()


def test_fields_of_the_head_and_drawings_are_judged_alike() -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg"><text>5\u20240</text></svg>'

    (found,) = missing_in_fields({"title": "5\u200a0 件"}, "a.md", {})
    with pytest.raises(Refused) as caught:
        checked("a.svg", drawing.encode(), Place(path="a.md", line=3))

    assert (found.code, found.place.field) == ("LETTER-ALIKE", "title")
    assert caught.value.finding.code == "LETTER-ALIKE"
