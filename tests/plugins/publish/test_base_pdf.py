"""The base PDF of a revision: everything is on it, nothing where the copy's mark will stand."""

import hashlib
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from qms.api import Amended, QmsError, Refused, Text
from qms.testing.elsewhere import printed_elsewhere
from qms.testing.read_pdf import pages_of
from qms_publish.base_pdf import render_base
from qms_publish.lettering import fonts
from qms_publish.sheet import Sheet, SignatureLine

CREATED = datetime(2026, 10, 29, 8, 0, tzinfo=UTC)
PT = 72 / 25.4


def ink(picture: Image.Image, top: float, bottom: float) -> int:
    """How many pixels between two heights (mm from the top) are not white."""
    band = picture.crop((0, round(top * PT), picture.width, round(bottom * PT)))
    return sum(band.histogram()[:250])


def test_cover_and_signatures_bear_all_facts_of_the_revision(
    base_pdf: bytes, text_of: Callable[..., str]
) -> None:
    """DC-18"""
    cover = text_of(base_pdf, "-f", "1", "-l", "1")
    signed = text_of(base_pdf, "-f", "2", "-l", "2")

    for fact in (
        "龙芯仪表（苏州）有限公司",
        "LX-CX-2019-01",
        "第A版第1次修改",
        "文件控制程序",
        "程序文件Procedure",
        "依据GB/T19001-2016、GJB9001C-2017编写",
        "王五、赵六",
        "发布日期Published2026-10-29",
        "实施日期Effective2026-11-05",
        "已发布Released",
        "受控Controlled",
        "非受控Uncontrolled",
    ):
        assert fact in cover
    for fact in ("张三", "李四", "欧阳建国", "孙七", "副总经理", "2026-10-2809:15", "SHA256:47DEQ"):
        assert fact in signed
    assert "LX-R-05-2026-003" in signed
    assert "5.2审核与批准Reviewandapproval" in signed


def test_each_page_says_number_revision_title_and_page_of_pages(
    base_pdf: bytes, text_of: Callable[..., str]
) -> None:
    """DC-18, BX-02"""
    with pikepdf.open(BytesIO(base_pdf)) as pdf:
        total = len(pdf.pages)

    for page in range(1, total + 1):
        text = text_of(base_pdf, "-f", f"{page}", "-l", f"{page}")
        assert "LX-CX-2019-01第A版第1次修改" in text
        assert "文件控制程序" in text
        assert f"第{page}页共{total}页" in text


def test_only_our_four_fonts_are_in_it_and_no_glyph_is_missing(
    base_pdf: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "base.pdf"
    path.write_bytes(base_pdf)

    run = subprocess.run(["/usr/bin/pdffonts", str(path)], capture_output=True, check=True)

    names = {line.split()[0].partition("+")[2] for line in run.stdout.decode().splitlines()[2:]}
    assert names == {
        "Noto-Sans-CJK-SC",
        "Noto-Sans-CJK-SC-Bold",
        "Noto-Serif-CJK-SC",
        "Noto-Serif-CJK-SC-Bold",
    }


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("title", {"title": "车床🔴"}),
        ("company", {"company": Text("龙芯🔴", "")}),
        ("owner", {"owner": "🔴"}),
        ("standards", {"standards": ("GB/T 🔴",)}),
        ("signatures", {"signatures": (SignatureLine(act="x", meaning=Text("x", ""), name="🔴"),)}),
        (
            "amendments",
            {
                "amendments": (
                    Amended(revision="A", day=None, summary="🔴", prepared_by="", approved_by=""),
                )
            },
        ),
    ],
)
def test_whatever_is_printed_has_only_letters_of_the_fonts(
    procedure: Sheet, field: str, changed: dict[str, Any]
) -> None:
    """DC-18: a name of the policy, or of somebody who signed, is never an empty box."""
    with pytest.raises(Refused) as caught:
        render_base(replace(procedure, **changed), created=CREATED)

    finding = caught.value.finding
    assert (finding.code, finding.place.field) == ("LETTER-MISSING", field)
    assert finding.values["found"] == "🔴"


def test_letters_that_the_chinese_fonts_lack_are_drawn_by_ours(
    procedure: Sheet, text_of: Callable[..., str]
) -> None:
    """DC-18: in title, head, names, table, and the text."""
    title = "CO₂ 于 Žďár 与 Łódź，10⁻⁶ ☑"
    signed = replace(procedure.signatures[0], name="Şahin", department="Győr")
    body = f"## 1 {title}\n\n**Đorđe** ⌀50\n\n| ☐ Łódź |\n|---|\n| `☒` Đ |\n"
    sheet = replace(procedure, title=title, body=body, signatures=(signed,))

    text = text_of(render_base(sheet, created=CREATED))

    assert text.count("".join(title.split())) >= 4
    for written in ("Şahin", "Győr", "Đorđe⌀50", "☐Łódź", "☒Đ"):
        assert written in text


@pytest.mark.parametrize("which", ["procedure", "long_sheet"])
def test_the_bands_of_the_copy_are_white(which: str, request: pytest.FixtureRequest) -> None:
    """The stamp may stand over nothing that one must read."""
    sheet: Sheet = request.getfixturevalue(which)

    for picture in pages_of(render_base(sheet, created=CREATED)):
        bottom = picture.height / PT
        assert ink(picture, 0, 16.5) == 0
        assert ink(picture, 17, 27) > 0
        assert ink(picture, 27.5, 31) == 0
        assert ink(picture, bottom - 33.5, bottom) == 0


@pytest.mark.parametrize(
    "title",
    [
        "LX0123456789ABCDEF_" * 3 + " 检验规程",
        "检验规程 " + "LX0123456789ABCDEF_" * 4,
        "W" * 60,
        "超长编码" + "LX0123456789ABCDEF_" * 9 + " 编码",
        "关键特性控制与" * 20,
        "Supplier development and incoming inspection of safety-related parts, " * 4,
    ],
)
@pytest.mark.parametrize("number", ["LX-WI-24", "LX-JD-QMA-2006-0001-ANNEX-B"])
def test_a_long_title_pushes_nothing_out_of_the_running_head(
    procedure: Sheet, tmp_path: Path, number: str, title: str
) -> None:
    """It is shortened: number and page stand in the head, and two lines are its height."""
    sheet = replace(procedure, number=number, display_number=number, title=title, body="文。\n")
    path = tmp_path / "base.pdf"
    path.write_bytes(render_base(sheet, created=CREATED))

    command = ["/usr/bin/pdftotext", "-f", "2", "-l", "2", "-bbox", str(path), "-"]
    page = subprocess.run(command, capture_output=True, check=True).stdout.decode()

    words = re.findall(r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.]+)" yMax="([\d.]+)">', page)
    boxes = [tuple(float(one) * 25.4 / 72 for one in word) for word in words]
    head = [box for box in boxes if box[1] < 28]
    assert min(box[0] for box in head) >= 24.9
    assert max(box[2] for box in boxes) <= 190.1
    assert min(box[1] for box in head) >= 16.5
    assert "共" in page


def test_a_wide_table_gets_a_landscape_page_and_only_it(base_pdf: bytes) -> None:
    with pikepdf.open(BytesIO(base_pdf)) as pdf:
        sizes = [(float(page.mediabox[2]), float(page.mediabox[3])) for page in pdf.pages]

    wide = [width > height for width, height in sizes]
    assert wide.count(True) == 1
    assert wide[-2:] == [True, False]


def test_it_is_tagged_and_says_that_it_is_pdfa_3a_and_pdfua_1(base_pdf: bytes) -> None:
    with pikepdf.open(BytesIO(base_pdf)) as pdf:
        with pdf.open_metadata() as metadata:
            said = {name: metadata.get(name) for name in ("pdfaid:part", "pdfaid:conformance")}
            ua = metadata.get("pdfuaid:part")
        language = str(pdf.Root.Lang)
        marked = bool(pdf.Root.MarkInfo.Marked)

    assert said == {"pdfaid:part": "3", "pdfaid:conformance": "A"}
    assert (ua, language, marked) == ("1", "zh-CN", True)


def test_each_link_belongs_to_a_link_of_the_structure(base_pdf: bytes) -> None:
    """PDF/UA 7.18.5: else a reader's aid does not know what the link is."""
    with pikepdf.open(BytesIO(base_pdf)) as pdf:
        numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        parents = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
        links = [link for page in pdf.pages for link in page.obj.get("/Annots", ())]
        tags = [str(parents[int(link.StructParent)].S) for link in links]

    assert len(tags) > 10
    assert set(tags) == {"/Link"}


def test_bytes_depend_on_nothing_but_the_sheet(
    procedure: Sheet, base_pdf: bytes, tmp_path: Path
) -> None:
    (tmp_path / "sheet").write_bytes(pickle.dumps((procedure, CREATED)))
    script = (
        "import hashlib, pathlib, pickle\n"
        "from qms_publish.base_pdf import render_base\n"
        "sheet, created = pickle.loads(pathlib.Path('sheet').read_bytes())\n"
        "print(hashlib.sha256(render_base(sheet, created=created)).hexdigest())\n"
    )
    assert printed_elsewhere(script, tmp_path) == hashlib.sha256(base_pdf).hexdigest()


def test_fontconfig_is_as_it_was_afterwards(base_pdf: bytes) -> None:
    assert base_pdf
    assert "qms-fonts-" not in os.environ.get("FONTCONFIG_FILE", "")


def test_a_machine_without_the_fonts_is_told_which_and_the_package(tmp_path: Path) -> None:
    (tmp_path / "NotoSansCJK-Bold.ttc").touch()

    with pytest.raises(QmsError) as caught:
        fonts.font_files([tmp_path])

    finding = caught.value.finding
    assert finding.code == "FONTS-MISSING"
    assert "NotoSerifCJK-Bold.ttc" in finding.values["missing"]
    assert "NotoSansCJK-Bold.ttc" not in finding.values["missing"]
    assert finding.values["package"] == "fonts-noto-cjk"


def test_a_machine_without_pango_is_told_so_in_our_words_alone(
    procedure: Sheet, tmp_path: Path
) -> None:
    (tmp_path / "libpango-1.0.so.0").write_bytes(b"no library")
    asked = """
import pickle, sys
from datetime import UTC, datetime
from qms.api import QmsError
from qms_publish.base_pdf import render_base
try:
    render_base(pickle.load(sys.stdin.buffer), created=datetime(2026, 10, 29, tzinfo=UTC))
except QmsError as error:
    print(error.finding.code, error.finding.values["package"])
"""

    done = subprocess.run(
        [sys.executable, "-c", asked],
        input=pickle.dumps(procedure),
        env=os.environ | {"LD_LIBRARY_PATH": str(tmp_path)},
        capture_output=True,
        check=False,
    )

    assert (done.stdout, done.stderr) == (
        b"PANGO-MISSING libpango-1.0-0 libpangoft2-1.0-0\n",
        b"",
    )


def test_a_draft_shows_that_nobody_signed(procedure: Sheet, text_of: Callable[..., str]) -> None:
    draft = replace(
        procedure,
        signatures=(),
        amendments=(),
        published=None,
        effective=None,
        status=Text("草稿", "Draft"),
        body="## 1 目的\n\n正文。\n",
    )

    text = text_of(render_base(draft, created=CREATED))

    assert "尚未签署Notsignedyet" in text
    assert "草稿Draft" in text


def test_an_english_document_speaks_english_first(
    procedure: Sheet, text_of: Callable[..., str]
) -> None:
    """DC-20"""
    english = replace(procedure, language="en", body="## 1 Purpose\n\nValid documents.\n")

    text = text_of(render_base(english, created=CREATED))

    assert "Page1of3" in text
    assert "Number文件编号" in text
    assert "VersionA,change1" in text


def test_no_word_of_version_control_is_printed(
    base_pdf: bytes, text_of: Callable[..., str]
) -> None:
    text = text_of(base_pdf).lower()

    assert not re.search(r"commit|branch|merge|blob|\bgit\b", text)


@pytest.mark.parametrize(
    ("body", "code", "line"),
    [
        ("正文\n\n![图](file:///etc/passwd)\n", "URL-FORBIDDEN", 16),
        ("正文\n\n![图](https://example.org/a.png)\n", "URL-FORBIDDEN", 16),
        ("![图](assets/other.png)\n", "ASSET-UNLISTED", 14),
        ("[点](javascript:alert(1))\n", "URL-FORBIDDEN", 14),
        ("# 1\n\n<table><td colspan=100000></table>\n", "HTML-FORBIDDEN", 16),
    ],
)
def test_a_hostile_body_is_refused_with_its_line(
    procedure: Sheet, body: str, code: str, line: int
) -> None:
    """Row 82 (P: HTML-FORBIDDEN, URL-FORBIDDEN), row 83 (P: URL-FORBIDDEN, ASSET-UNLISTED)"""
    with pytest.raises(Refused) as caught:
        render_base(replace(procedure, body=body), created=CREATED)

    finding = caught.value.finding
    assert (finding.code, finding.place.path, finding.place.line) == (code, procedure.path, line)


def test_a_picture_that_cannot_be_drawn_is_no_silent_gap(procedure: Sheet) -> None:
    """Row 83 (P)"""
    broken = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64

    with pytest.raises(Refused) as caught:
        render_base(replace(procedure, assets={"assets/flow.svg": broken}), created=CREATED)

    assert caught.value.finding.code == "PICTURE-KIND"
