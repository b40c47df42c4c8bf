"""What a good print shop would not let pass: gaps, lonely rows, text off the paper."""

import re
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from time import process_time
from typing import Literal

import pikepdf
import pytest
from PIL import Image

from qms.api import PrintedField, PrintedLine, Text
from qms_publish.base_pdf import html_page, render_base
from qms_publish.lettering.widths import ems
from qms_publish.pages.figures import pushed
from qms_publish.sheet import Sheet, SignatureLine

CREATED = datetime(2026, 10, 29, 8, 0, tzinfo=UTC)
MM = 72 / 25.4
FACTS = 154
"""Where the cover's table begins, in millimetres from the top of the page."""
LINES = 234
"""Where the lines of the copy begin below it."""
CLAUSE = "编制人应当熟悉所述过程，并在提交审核前自行核对文件编号、版本、引用文件和表单编号。"
TextOf = Callable[..., str]


def rendered(sheet: Sheet, body: str, assets: dict[str, bytes] | None = None) -> bytes:
    return render_base(replace(sheet, body=body, assets=assets or {}), created=CREATED)


def drawing(height: int, words: str = "") -> bytes:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 {height}">'
        f'<rect width="100" height="{height}" fill="#cde"/>'
        f'<text x="9" y="50" font-size="9">{words}</text></svg>'
    ).encode()


def page_of(pdf: bytes, text: str, text_of: TextOf) -> int:
    """The number of the first page of the text that bears `text`."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        total = len(opened.pages)
    for page in range(3, total + 1):
        if text in text_of(pdf, "-f", f"{page}", "-l", f"{page}"):
            return page
    raise AssertionError(text)


def edges(pdf: bytes, folder: Path) -> list[tuple[float, float, float]]:
    """For each word its left and right edge and the width of its page, in points."""
    (folder / "page.pdf").write_bytes(pdf)
    command = ["/usr/bin/pdftotext", "-bbox", str(folder / "page.pdf"), "-"]
    found: list[tuple[float, float, float]] = []
    width = 0.0
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    for line in text.splitlines():
        if page := re.search(r'<page width="([\d.]+)"', line):
            width = float(page[1])
        elif word := re.search(r'xMin="([-\d.]+)".* xMax="([-\d.]+)"', line):
            found.append((float(word[1]), float(word[2]), width))
    return found


def test_a_figure_a_little_too_tall_stays_with_its_text(procedure: Sheet, text_of: TextOf) -> None:
    """It would leave half a page white."""
    body = f"## 1 目的\n\n{(CLAUSE * 4 + chr(10) * 2) * 3}## 2 流程\n\n![图](a.svg)\n\n图1 流程\n"

    pdf = rendered(procedure, body, {"a.svg": drawing(148)})

    assert page_of(pdf, "图1流程", text_of) == page_of(pdf, "1目的", text_of) == 3


def test_a_figure_is_never_made_too_small_to_read(procedure: Sheet, text_of: TextOf) -> None:
    body = f"## 1 目的\n\n{(CLAUSE * 4 + chr(10) * 2) * 6}## 2 流程\n\n![图](a.svg)\n\n图1 流程\n"

    pdf = rendered(procedure, body, {"a.svg": drawing(148)})

    assert page_of(pdf, "图1流程", text_of) == 4


@pytest.mark.parametrize(
    "text",
    [
        "流程见下图。\n\n![图](a.svg)\n\n图1 流程",
        "## 2 流程\n\n流程见下图：\n\n![图](a.svg)",
        f"{CLAUSE * 3}\n流程见下图：\n\n![图](a.svg)",
        "1. 甲\n\n   流程见下图：\n\n   ![图](a.svg)",
        f"1. 流程见下图：\n\n   | 图内文字 | 乙 |\n   |---|---|{(chr(10) + '   | 丙 | 丁 |') * 8}",
    ],
)
def test_the_line_above_a_figure_or_table_stands_on_its_page(
    procedure: Sheet, text_of: TextOf, text: str
) -> None:
    """It was left alone at the end of the page before."""
    for clauses in (10, 12, 13, 14, 15):
        body = f"# 甲\n\n{(CLAUSE * 2 + chr(10) * 2) * clauses}{text}\n\n末尾文字\n"

        pdf = rendered(procedure, body, {"a.svg": drawing(100, "图内文字")})

        assert page_of(pdf, "流程见下图", text_of) == page_of(pdf, "图内文字", text_of)


def test_only_a_figure_that_was_pushed_is_looked_at() -> None:
    home = [{"before-1": (0.0, 400.0), "figure-1": (0.0, 440.0), "after-1": (0.0, 700.0)}]
    gone = [
        {"before-1": (0.0, 400.0)},
        {"figure-1": (0.0, 160.0), "after-1": (0.0, 660.0)},
    ]

    assert pushed(home, 0) is None
    assert pushed(gone, 1) is None
    found = pushed(gone, 0)
    assert found is not None
    assert found.figure == 1
    assert 0.7 * 500 <= found.height * 96 / 25.4 < 500


def test_a_short_table_is_not_parted(procedure: Sheet, text_of: TextOf) -> None:
    rows = "\n".join(f"| 第{at}行 | 内容 |" for at in range(1, 6))
    for clauses in range(24, 30):
        table = f"表1 职责\n\n| 行 | 内容 |\n|---|---|\n{rows}\n"
        body = f"## 1 目的\n\n{(CLAUSE + chr(10) * 2) * clauses}{table}"
        pdf = rendered(procedure, body)
        places = {page_of(pdf, f"第{at}行", text_of) for at in range(1, 6)}
        assert places == {page_of(pdf, "表1职责", text_of)}


def test_nothing_runs_off_the_paper(procedure: Sheet, tmp_path: Path) -> None:
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    heads, dates = "|".join(["日期"] * 18), "|".join(["2026-11-05"] * 18)
    names = "|".join(["LX-QP-CX-2019-0012"] * 8)
    body = (
        f"## 1 {word}{word}\n\n{word}{word}\n\n`{word}{word}`\n\n- {word}{word}\n\n"
        f"|{'|'.join(['编号'] * 8)}|\n|{'---|' * 8}\n|{names}|\n\n"
        f"|{heads}|\n|{'---|' * 18}\n|{dates}|\n"
    )

    found = edges(rendered(procedure, body), tmp_path)

    assert len(found) > 100
    outside = [one for one in found if one[0] < 19.9 * MM or one[1] > one[2] - 19 * MM]
    assert outside == []


@pytest.mark.parametrize("signers", [2, 12])
def test_a_title_of_120_characters_covers_nothing_on_the_cover(
    procedure: Sheet, signers: int, tmp_path: Path
) -> None:
    sheet = replace(
        procedure,
        title="卫星用微电子器件鉴定检验与质量一致性检验筛选及破坏性物理分析报告编写控制程序" * 3,
        title_en="Procedure for the qualification inspection and quality conformance inspection, "
        "screening and destructive physical analysis of microelectronic devices",
        signatures=procedure.signatures[:1] * (signers - 1) + procedure.signatures[-1:],
    )
    (tmp_path / "page.pdf").write_bytes(rendered(sheet, "## 1 目的\n"))
    command = ["/usr/bin/pdftotext", "-bbox", "-l", "1", str(tmp_path / "page.pdf"), "-"]

    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()

    words = re.findall(r'yMin="([\d.]+)" .*yMax="([\d.]+)">([^<]*)<', text)
    lowest = max(float(bottom) for _, bottom, word in words if "microelectronic" in word)
    standards = min(float(top) for top, _, word in words if word.startswith("依据"))
    assert lowest < standards


@pytest.mark.parametrize(
    "title",
    [
        "测" * 45,
        "卫星用微电子器件鉴定检验与质量一致性检验筛选及破坏性物理分析报告编写控制程序" * 4,
        "《XY-2000型（加强版）钻床》日常点检、维护保养及《安全操作规程》编写作业指导书，第2部分"
        * 3,
    ],
)
def test_a_long_title_leaves_no_character_alone_on_its_last_line(
    procedure: Sheet, title: str, tmp_path: Path
) -> None:
    (tmp_path / "page.pdf").write_bytes(rendered(replace(procedure, title=title), "## 1 目的\n"))
    command = ["/usr/bin/pdftotext", "-raw", "-f", "1", "-l", "1", str(tmp_path / "page.pdf"), "-"]

    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()

    left, lines = "".join(title.split()), list[str]()
    for line in ("".join(one.split()) for one in text.splitlines()):
        if line and left.startswith(line):
            left = left.removeprefix(line)
            lines.append(line)
    assert left == ""
    assert len(lines) > 1
    assert ems(lines[-1]) > 0.6 * max(map(ems, lines))


def test_a_draft_asks_for_the_signatures_of_its_own_chain(
    procedure: Sheet, text_of: TextOf
) -> None:
    """DC-04: a form that nobody reviews has no line for a review."""
    form = replace(
        procedure,
        signatures=(),
        acts=(
            ("prepare", Text("编制", "Prepared")),
            ("approve", Text("批准", "Approved")),
            ("publish", Text("发布", "Published")),
        ),
        body="## 1 目的\n",
    )

    cover = text_of(render_base(form, created=CREATED), "-l", "1")

    assert "编制Prepared" in cover
    assert "批准Approved" in cover
    assert "审核" not in cover
    assert cover.count("发布") == 2  # 发布日期, 已发布


def test_who_signed_already_stands_beside_who_has_not(procedure: Sheet, text_of: TextOf) -> None:
    signed: tuple[SignatureLine, ...] = procedure.signatures[:1]
    acts = tuple((line.act, line.meaning) for line in procedure.signatures)

    cover = text_of(
        render_base(replace(procedure, signatures=signed, acts=acts), created=CREATED), "-l", "1"
    )

    assert "编制Prepared张三" in cover
    assert "批准Approved签署日期" in cover


def test_signatures_amendments_and_contents_share_a_page_while_they_fit(
    procedure: Sheet, text_of: TextOf
) -> None:
    body = "".join(f"## {at} 节\n\n文。\n\n" for at in range(1, 30))

    pdf = rendered(replace(procedure, signatures=procedure.signatures * 2), body)

    second, third = (text_of(pdf, "-f", f"{page}", "-l", f"{page}") for page in (2, 3))
    assert "签署" in second
    assert "修改记录" in second
    assert "目录" in third
    assert "29节" in third


def test_an_empty_body_is_no_empty_page(procedure: Sheet) -> None:
    with pikepdf.open(BytesIO(rendered(procedure, ""))) as pdf:
        assert len(pdf.pages) == 2


def test_a_photograph_is_not_smoothed_by_the_reader(procedure: Sheet) -> None:
    """PDF/A 6.2.8: what is archived looks alike everywhere."""
    data = BytesIO()
    Image.new("RGB", (64, 64), "#9b9").save(data, "PNG")

    pdf = rendered(procedure, "## 1\n\n![图](a.png)\n", {"a.png": data.getvalue()})

    with pikepdf.open(BytesIO(pdf)) as opened:
        images = [one for page in opened.pages for one in page.get_images().values()]
        assert images
        assert not any(bool(one.get("/Interpolate", False)) for one in images)


def test_an_item_of_several_paragraphs_has_a_label_and_bodies(procedure: Sheet) -> None:
    """PDF/UA 7.2: a reader's aid tells items by them."""
    body = "## 1\n\n1. 甲\n\n   乙\n\n   - 丙\n2. 丁\n"

    with pikepdf.open(BytesIO(rendered(procedure, body))) as pdf:
        items = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary)
                 and one.get("/S") == pikepdf.Name.LI]  # fmt: skip
        kids = [{str(kid.S) for kid in item.K} for item in items]
        parents = all(kid.P.objgen == item.objgen for item in items for kid in item.K)

    assert len(items) > 3
    assert set().union(*kids) == {"/Lbl", "/LBody"}
    assert parents


def below(pdf: bytes, height: float, folder: Path) -> list[str]:
    """The words of the cover that reach below a height, in millimetres."""
    (folder / "page.pdf").write_bytes(pdf)
    command = ["/usr/bin/pdftotext", "-bbox", "-l", "1", str(folder / "page.pdf"), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    words = re.findall(r'yMax="([\d.]+)">([^<]*)<', text)
    return [word for bottom, word in words if float(bottom) > height * MM]


@pytest.mark.parametrize(
    ("standards", "language", "is_whole"),
    [
        (("GB/T 19001-2016", "GJB 9001C-2017"), "zh", True),
        (tuple(f"ISO 9001:2015 8.2.{at}" for at in range(20)), "zh", True),
        (tuple(f"ISO 9001:2015 8.2.{at}" for at in range(20)), "en", True),
        (("质量管理体系要求" * 22, *("文件和记录控制要求",) * 60), "zh", False),
        (("质量管理体系要求" * 22, *("文件和记录控制要求",) * 60), "en", False),
        (tuple(f"{at}{'W' * 190}" for at in range(9)), "en", False),
        (("《GB/T》（甲），" * 15,) * 2, "zh", True),
    ],
)
def test_what_a_document_is_written_to_stays_off_other_fields(  # noqa: PLR0913, PLR0917 - a row
    procedure: Sheet,
    standards: tuple[str, ...],
    language: Literal["zh", "en"],
    is_whole: bool,  # noqa: FBT001 - a column of the table
    tmp_path: Path,
    text_of: TextOf,
) -> None:
    """DC-18: twenty clauses were printed over number and revision, sixty over the copy's lines."""
    sheet = replace(procedure, language=language, body="## 1 目的\n", assets={})
    plain = render_base(replace(sheet, standards=()), created=CREATED)

    pdf = render_base(replace(sheet, standards=standards), created=CREATED)

    listed = ("、" if language == "zh" else ",").join("".join(one.split()) for one in standards)
    page = "1" if is_whole else "2"
    assert listed in text_of(pdf, "-raw", "-f", page, "-l", "1" if is_whole else "3")
    assert below(pdf, FACTS, tmp_path) == below(plain, FACTS, tmp_path)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_many_signers_stay_off_the_lines_of_the_copy(
    procedure: Sheet, language: Literal["zh", "en"], tmp_path: Path, text_of: TextOf
) -> None:
    """DC-18: the row of twenty-five departments was printed over them."""
    one = procedure.signatures[2]
    parts = [f"质量与可靠性保证第{at}中心" for at in range(25)]
    signatures = (*procedure.signatures[:2], *(replace(one, department=part) for part in parts))
    sheet = replace(procedure, language=language, body="", assets={}, second_code="字" * 60)
    plain = render_base(sheet, created=CREATED)

    pdf = render_base(replace(sheet, signatures=signatures), created=CREATED)

    said = "等，共25方" if language == "zh" else "andothers,25inall"
    assert said in text_of(pdf, "-raw", "-l", "1")
    assert below(pdf, LINES, tmp_path) == below(plain, LINES, tmp_path)
    assert all(part in text_of(pdf, "-raw", "-f", "2") for part in parts)


def test_the_contents_say_what_the_headings_say(procedure: Sheet) -> None:
    """DC-18: 10 raised to 3 was 103 there, and what is struck out was not."""
    body = (
        "## 容量 10^3^ 升\n\n甲\n\n## ~~必须~~ **可以**打开 H~2~O 阀门 Open the valve\n\n乙\n\n"
        "## 1 <目的> `x^2^` Purpose\n\n丙\n"
    ).replace("<目的>", r"\<目的>")
    sheet = replace(procedure, body=body, assets={})

    page, _ = html_page(sheet, created=CREATED)
    pdf = render_base(sheet, created=CREATED)

    for line in (
        ">容量 10<sup>3</sup> 升</a>",
        '><s>必须</s> 可以打开 H<sub>2</sub>O 阀门</a><span class="en text" lang="en">Open',
        ">1 &lt;目的&gt; x^2^ Purpose</a>",
    ):
        assert line in page
    with pikepdf.open(BytesIO(pdf)) as opened, opened.open_outline() as outline:
        found = [one.title for one in walked(outline.root)]
    assert found[-3:] == [
        "容量 10^3^ 升",
        "~~必须~~ 可以打开 H~2~O 阀门 Open the valve",
        "1 <目的> x^2^ Purpose",
    ]


def walked(items: Iterable[pikepdf.OutlineItem]) -> Iterator[pikepdf.OutlineItem]:
    for item in items:
        yield item
        yield from walked(item.children)


def test_a_long_key_of_a_plugin_is_printed_whole(procedure: Sheet, text_of: TextOf) -> None:
    """Its row goes over pages; to set it must not take four times as long for twice as much."""
    rows = (
        *(PrintedLine(f"fields.{at}.name", f"字段{at}") for at in range(1, 60)),
        PrintedLine("", "丙" * 8000),
    )
    before = process_time()
    sheet = replace(
        procedure, particulars=(PrintedField("form", Text("记录要求", "Records"), rows),)
    )
    read = "".join(text_of(rendered(sheet, "# 目的\n")).split())

    assert process_time() - before < 20
    assert read.count("丙") == 8000
    assert all(f"{row.way}{row.text}" in read for row in rows[:-1])


def test_a_text_in_a_head_never_looks_like_a_key(procedure: Sheet, text_of: TextOf) -> None:
    """Law 1: the key as it was signed stands there, ways stand apart, runs of blanks are kept."""
    rows = (
        PrintedLine("said", "first"), PrintedLine("", "approver: gao.feng"),
        PrintedLine("approver", "ji.shu    x"),
    )  # fmt: skip
    fields = (
        PrintedField("form", Text("合格", "Conforming"), rows),
        PrintedField("colour", Text(), (PrintedLine("", "red"),)),
    )
    sheet = replace(procedure, particulars=fields)

    page = html_page(sheet, created=CREATED)[0]

    assert '<td class="way">approver</td><td class="said">ji.shu    x</td>' in page
    assert '<td class="way"></td><td class="said">approver: gao.feng</td>' in page
    assert '<th scope="row"><span class="key">colour</span></th>' in page
    read = text_of(rendered(sheet, "# 目的\n"))
    for told in ("Conforming", "form", "colour", "ji.shu", "red"):
        assert told in read
