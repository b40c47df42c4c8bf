"""Marks on pages: what they say, where they stand, and that they can't be taken for one another."""

import hashlib
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageChops

from qms.api import Refused, StampRequest
from qms.testing.elsewhere import printed_elsewhere
from qms_watermark.marks import LOOKS, StampKind
from qms_watermark.pen import Typeface
from qms_watermark.stamp import stamp
from qms_watermark.strip import two_lines

MM = 72 / 25.4
CODE = "LX-CX-2019-01|A/1|003|a1b2c3d4e5f6"
CONTROLLED = StampRequest(
    base=b"",
    kind=StampKind.CONTROLLED,
    number="LX-CX-2019-01",
    revision="A/1",
    copy="003",
    holder="王小明",
    department="生产制造部",
    code=CODE,
)
LONG_HOLDER = "中国航天科技集团有限公司第五研究院第五一三研究所微电子事业部质量与可靠性保证中心"
PAGES = (1, 2, 3)
Text = Callable[..., str]
Draw = Callable[..., Image.Image]


def box(image: Image.Image) -> tuple[float, float, float, float]:
    """The smallest box in millimetres that holds all ink."""
    found = ImageChops.invert(image).getbbox()
    assert found is not None
    left, top, right, bottom = (value / MM for value in found)
    return left, top, right, bottom


def test_a_controlled_copy_bears_stamp_number_and_holder_on_every_page(
    blank: bytes, text_of: Text
) -> None:
    """DC-08, BX-02"""
    copy = stamp(blank, CONTROLLED)

    for page in PAGES:
        text = text_of(copy, page)
        assert "受控 CONTROLLED" in text
        assert "分发号 Copy No. 003" in text
        assert "持有者 Holder 生产制造部 王小明" in text
        assert "LX-CX-2019-01" in text
        assert "A/1" in text


def test_the_cover_of_a_controlled_copy_shows_number_and_holder_again(
    blank: bytes, text_of: Text
) -> None:
    """DC-08"""
    assert text_of(stamp(blank, CONTROLLED), 1).count("生产制造部 王小明") == 2
    assert text_of(stamp(blank, CONTROLLED, cover=False), 1).count("生产制造部 王小明") == 1


def test_an_uncontrolled_copy_says_so_with_its_print_date(blank: bytes, text_of: Text) -> None:
    """DC-08"""
    mark = StampRequest(
        base=b"",
        kind=StampKind.UNCONTROLLED,
        number="LX-CX-2019-01",
        revision="A/1",
        printed_on=date(2026, 11, 1),
        copy="003",
        holder="王小明",
        code=CODE,
    )

    for page in PAGES:
        text = text_of(stamp(blank, mark), page)
        assert "非受控 UNCONTROLLED" in text
        assert "仅供参考，以受控版为准" in text
        assert "打印日期 Printed 2026-11-01" in text
        assert "003" not in text
        assert "王小明" not in text


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (StampKind.DRAFT, ("草稿 DRAFT", "未经批准，不得作为工作依据")),
        (StampKind.IN_REVIEW, ("送审稿 IN REVIEW", "未经批准，不得作为工作依据")),
        (StampKind.OBSOLETE, ("作废 OBSOLETE", "自2026-12-01起作废", "由 LX-CX-2019-01 A/2 代替")),
        (StampKind.OBSOLETE_KEPT, ("作废保留", "OBSOLETE, KEPT FOR REFERENCE")),
        (StampKind.TRIAL, ("试行 TRIAL",)),
        (StampKind.TEMPORARY, ("临时 TEMPORARY",)),
        (StampKind.EXTERNAL, ("外来 EXTERNAL",)),
    ],
)
def test_each_kind_speaks_for_itself_in_both_languages(
    kind: StampKind, words: tuple[str, ...], blank: bytes, text_of: Text
) -> None:
    """DC-08, DC-13"""
    obsolete = kind in {StampKind.OBSOLETE, StampKind.OBSOLETE_KEPT}
    mark = StampRequest(
        base=b"",
        kind=kind,
        number="LX-CX-2019-01",
        revision="A/1",
        obsolete_from=date(2026, 12, 1) if obsolete else None,
        replaced_by="LX-CX-2019-01 A/2" if obsolete else "",
    )

    for page in PAGES:
        text = text_of(stamp(blank, mark), page)
        for word in words:
            assert word in text


def test_a_copy_issued_before_its_day_says_from_when(blank: bytes, text_of: Text) -> None:
    """DC-38"""
    early = replace(CONTROLLED, effective=date(2026, 11, 5))

    for page in PAGES:
        text = text_of(stamp(blank, early), page)
        assert "自2026-11-05起实施 EFFECTIVE FROM 2026-11-05" in text
        assert "受控 CONTROLLED" in text


@pytest.mark.parametrize("kind", list(StampKind))
@pytest.mark.parametrize("page", PAGES)
def test_ink_stays_in_the_bands(kind: StampKind, page: int, blank: bytes, drawn: Draw) -> None:
    """The stamp covers nothing: only the word laid across, which is multiplied, leaves them."""
    mark = replace(
        CONTROLLED,
        kind=kind,
        holder=LONG_HOLDER,
        effective=date(2026, 11, 5),
        obsolete_from=date(2026, 12, 1),
        printed_on=date(2026, 11, 1),
    )
    image = drawn(stamp(blank, mark, cover=False), page)
    wide, high = image.width / MM, image.height / MM
    if LOOKS[kind].across:
        image.paste(255, (0, round(14.5 * MM), image.width, round((high - 25.5) * MM)))

    left, top, right, bottom = box(image)

    assert left >= (24.4 if page < 3 else 19.4)
    assert right <= wide - 19.5
    assert top >= 7.6
    assert bottom <= high - 8.6
    middle = image.crop((0, round(14.5 * MM), image.width, round((high - 25.4) * MM)))
    assert ImageChops.invert(middle).getbbox() is None


@pytest.mark.parametrize(
    "kind", [StampKind.DRAFT, StampKind.IN_REVIEW, StampKind.OBSOLETE, StampKind.OBSOLETE_KEPT]
)
def test_the_word_across_stays_on_the_page_and_off_the_bands(
    kind: StampKind, blank: bytes, drawn: Draw
) -> None:
    for page in PAGES:
        image = drawn(stamp(blank, replace(CONTROLLED, kind=kind), cover=False), page)
        high = image.height / MM
        image.paste(255, (0, 0, image.width, round(14.5 * MM)))
        image.paste(255, (0, round((high - 25.5) * MM), image.width, image.height))

        left, top, right, bottom = box(image)

        assert left > 5
        assert right < image.width / MM - 5
        assert top > 27
        assert bottom < high - 34


def test_frames_differ_in_grey_too(blank: bytes, drawn: Draw) -> None:
    """DC-08: a grey print of a red stamp equals its photocopy."""

    def dark_share_of_upper_edge(kind: StampKind) -> float:
        image = drawn(stamp(blank, replace(CONTROLLED, kind=kind)), 2, 300)
        dot = 300 / 25.4
        edge = (round(30 * dot), round(273.2 * dot), round(65 * dot), round(274.4 * dot))
        band = image.crop(edge)
        rows = [band.crop((0, y, band.width, y + 1)).histogram() for y in range(band.height)]
        return max(sum(row[:190]) / band.width for row in rows)

    assert dark_share_of_upper_edge(StampKind.CONTROLLED) > 0.98
    assert 0.5 < dark_share_of_upper_edge(StampKind.UNCONTROLLED) < 0.8


def test_the_code_is_read_from_a_150_dpi_grey_print(
    blank: bytes, drawn: Draw, tmp_path: Path
) -> None:
    """BX-02: printed at 600 dots an inch, laid on the scanner a little askew."""
    page = drawn(stamp(blank, CONTROLLED), 2, 600)
    askew = page.rotate(1.5, Image.Resampling.BICUBIC, fillcolor=255)
    scan = askew.resize((page.width // 4, page.height // 4), Image.Resampling.BOX)
    scan.save(tmp_path / "scan.png")

    run = subprocess.run(
        ["/usr/bin/zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable",
         str(tmp_path / "scan.png")],
        capture_output=True,
        check=True,
    )  # fmt: skip

    assert run.stdout.decode().strip() == CODE


def test_a_long_holder_is_never_clipped(blank: bytes, text_of: Text) -> None:
    copy = stamp(blank, replace(CONTROLLED, holder=LONG_HOLDER, department=""))

    for page in PAGES:
        assert LONG_HOLDER in text_of(copy, page).replace(" ", "")
        assert "LX-CX-2019-01 · A/1" in text_of(copy, page)


@pytest.mark.parametrize(
    "holder",
    [
        "Zakład Produkcyjno-Usługowo-Handlowe-Łódź Fabryczna-Widzew-Północ-Górna-Śródmieście",
        "Przedsiębiorstwo Wielobranżowe Produkcyjno-Usługowo-Handlowe-Łódź Widzew Spółka jawna",
        "Werkzeugmaschinenfabrik Donaudampfschifffahrt Elektrizitäten-Hauptbetriebswerkbau",
        "SUPPLIER-DEVELOPMENT-AND-INCOMING-INSPECTION-DEPARTMENT-OF-THE-SECOND-PLANT-EAST",
    ],
)
@pytest.mark.parametrize("width", [80.0, 95.0, 110.0])
def test_a_long_holder_is_broken_behind_a_blank_or_hyphen(holder: str, width: float) -> None:
    """Not inside a word (Handlo/we-Łódź), where a size in which it fits has such a place."""
    lines = two_lines(holder, (7.5, 7.0, 6.5, 6.0), width)

    assert lines is not None
    first, second, style = lines
    assert max(style.width(first), style.width(second)) <= width
    assert holder in {first + second, f"{first} {second}"}
    assert first.endswith("-") or holder == f"{first} {second}"


def test_a_word_is_broken_where_nothing_else_fits() -> None:
    wide = Typeface(size=8).width
    for char in ("甲", "W"):
        found = two_lines(char * 20, (8.0,), wide(char * 12))
        assert found is not None
        assert found[:2] == (char * 12, char * 8)
        assert two_lines(char * 20, (8.0,), wide(char * 9)) is None
    assert two_lines("a" * 9 + "-" + "W" * 20, (8.0,), wide("W" * 18)) is not None


def test_a_holder_that_cannot_be_fitted_is_refused(blank: bytes) -> None:
    with pytest.raises(Refused) as caught:
        stamp(blank, replace(CONTROLLED, holder="很长的名称" * 40))

    assert caught.value.finding.code == "HOLDER-LONG"


def test_a_character_without_a_picture_is_refused_not_printed_as_a_box(blank: bytes) -> None:
    with pytest.raises(Refused) as caught:
        stamp(blank, replace(CONTROLLED, holder="王\U00013000"))

    assert caught.value.finding.code == "GLYPH-MISSING"
    assert caught.value.finding.values["code"] == "U+13000"


def test_a_holder_of_any_european_name_is_printed(blank: bytes, text_of: Text) -> None:
    """DC-08: in our own fonts, cut to its letters."""
    holder = "Łukasz Žďár、Şahin、Đorđe、Győző 客户☑"
    copy = stamp(blank, replace(CONTROLLED, holder=holder, department="Łódź 部"))

    for page in PAGES:
        assert f"Łódź 部 {holder}" in text_of(copy, page)
    assert {name.partition("+")[2] for name in _font_names(copy)} == {
        "NotoSansCJKsc-Bold", "NotoSansCJKsc-Regular", "QmsSans-Regular",
    }  # fmt: skip


@pytest.mark.parametrize(
    "mark",
    [
        lambda text: replace(CONTROLLED, holder=text),
        lambda text: replace(CONTROLLED, department=text),
        lambda text: replace(CONTROLLED, number=text),
        lambda text: replace(CONTROLLED, kind=StampKind.OBSOLETE, replaced_by=text),
    ],
)
def test_stamps_print_what_a_page_prints(blank: bytes, mark: Callable[[str], StampRequest]) -> None:
    """DC-08: one table says it for both."""
    stamp(blank, mark("Č⌀₂"))

    with pytest.raises(Refused) as caught:
        stamp(blank, mark("Č🔴"))

    assert caught.value.finding.code == "GLYPH-SIGN"
    assert caught.value.finding.values["found"] == "🔴"


def test_a_code_too_long_for_paper_is_refused(blank: bytes) -> None:
    with pytest.raises(Refused) as caught:
        stamp(blank, replace(CONTROLLED, code="x" * 85))

    assert caught.value.finding.code == "CODE-LONG"


def test_a_wet_chop_gets_an_empty_frame(blank: bytes, drawn: Draw) -> None:
    """DC-08"""
    image = drawn(stamp(blank, replace(CONTROLLED, wet_chop=True)), 2, 72)
    inside = image.crop((round(27 * MM), round(278 * MM), round(67 * MM), round(285.5 * MM)))

    assert ImageChops.invert(inside).getbbox() is None


def test_a_copy_holds_only_its_own_letters_in_fonts_of_its_own_name(blank: bytes) -> None:
    copy = stamp(blank, CONTROLLED)
    other = stamp(blank, replace(CONTROLLED, holder="李四"))

    names = [_font_names(pdf) for pdf in (copy, other)]

    assert len(names[0]) == len(names[1]) == 2
    assert all(name[7] == "+" and name.endswith(("-Bold", "-Regular")) for name in names[0])
    regular = [{name for name in some if name.endswith("-Regular")} for some in names]
    assert regular[0].isdisjoint(regular[1])
    assert len(copy) - len(blank) < 20_000


def _font_names(pdf: bytes) -> set[str]:
    with pikepdf.open(BytesIO(pdf)) as opened:
        return {
            str(one.BaseFont)
            for one in opened.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/Subtype") == "/Type0"
        }


def test_the_mark_is_an_artifact_in_one_shared_form(blank: bytes) -> None:
    with pikepdf.open(BytesIO(stamp(blank, CONTROLLED, cover=False))) as pdf:
        first, second, wide = (dict(page.resources.XObject.items()) for page in pdf.pages)
        last = pdf.pages[0].Contents[-1].read_bytes()
        assert first["/QmsStamp0"].objgen == second["/QmsStamp0"].objgen

    assert set(wide) == {"/QmsStamp1"}
    assert b"/Artifact <</Type /Pagination /Subtype /Watermark>> BDC" in last


def test_a_stamped_copy_cannot_be_stamped_again(blank: bytes) -> None:
    with pytest.raises(Refused) as caught:
        stamp(stamp(blank, CONTROLLED), CONTROLLED)

    assert caught.value.finding.code == "STAMPED-ALREADY"


@pytest.mark.parametrize("data", [b"", b"no pdf", b"%PDF-1.7\n%%EOF\n"])
def test_what_is_no_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        stamp(data, CONTROLLED)

    assert caught.value.finding.code == "STAMP-PDF"


def test_a_locked_pdf_is_refused(blank: bytes) -> None:
    locked = BytesIO()
    with pikepdf.open(BytesIO(blank)) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="o", user="u"))

    with pytest.raises(Refused) as caught:
        stamp(locked.getvalue(), CONTROLLED)

    assert caught.value.finding.code == "STAMP-PDF"


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_is_stamped_where_its_reader_sees_the_bottom(turn: int, drawn: Draw) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595.28, 841.89))
    pdf.pages[0].obj.Rotate = turn
    pdf.pages[0].obj.MediaBox = pikepdf.Array([10, 20, 605.28, 861.89])
    out = BytesIO()
    pdf.save(out)

    image = drawn(stamp(out.getvalue(), CONTROLLED, cover=False), 1)

    left, top, right, bottom = box(image)
    wide, high = image.width / MM, image.height / MM
    margin = 20 if turn in {90, 270} else 25
    assert (left, right) == pytest.approx((margin, wide - 20), abs=0.6)
    assert (top, bottom) == pytest.approx((high - 23.3, high - 10.7), abs=1.0)


def test_bytes_depend_on_nothing_but_base_and_mark(blank: bytes, tmp_path: Path) -> None:
    """Not on what was stamped before, nor on folder, time zone, locale or hash seed."""
    stamp(blank, replace(CONTROLLED, holder="在此之前盖过的另一份副本"))
    here = hashlib.sha256(stamp(blank, CONTROLLED)).hexdigest()
    (tmp_path / "base.pdf").write_bytes(blank)
    script = (
        "import hashlib, pathlib\n"
        "from qms.api import StampRequest\n"
        "from qms_watermark.stamp import stamp\n"
        f"mark = StampRequest(base=b'', kind='controlled', number='LX-CX-2019-01', revision='A/1', "
        f"copy='003', holder='王小明', department='生产制造部', code={CODE!r})\n"
        "base = pathlib.Path('base.pdf').read_bytes()\n"
        "print(hashlib.sha256(stamp(base, mark)).hexdigest())\n"
    )
    assert printed_elsewhere(script, tmp_path) == here
