"""The two plugins know nothing of each other, but a copy's facts must meet the cover's fields."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from PIL import Image, ImageChops

from qms.api import StampRequest, Text
from qms_publish.base_pdf import render_base
from qms_publish.sheet import Sheet
from qms_watermark.marks import StampKind
from qms_watermark.stamp import stamp
from qms_watermark.strip import COVER_BOX_SIDE, COVER_BOX_TOP, COVER_BOXES, COVER_LINE

DOTS = 144
MM = DOTS / 25.4


@pytest.fixture(scope="module")
def base() -> bytes:
    """A base PDF with a cover."""
    sheet = Sheet(
        number="LX-CX-2019-01",
        revision="A/0",
        revision_text=Text("第A版第0次修改", ""),
        title="文件控制程序",
        company=Text("龙芯仪表（苏州）有限公司", ""),
        class_name=Text("程序文件", "Procedure"),
        owner="行政部",
        controlled=True,
        status=Text("已发布", "Released"),
        body="## 1 目的\n\n正文。\n",
    )
    return render_base(sheet, created=datetime(2026, 10, 29, tzinfo=UTC))


@pytest.mark.parametrize(("kind", "box"), [(StampKind.CONTROLLED, 0), (StampKind.UNCONTROLLED, 1)])
def test_the_tick_stands_in_its_box_and_the_holder_on_its_line(
    kind: StampKind, box: int, base: bytes, drawn: Callable[..., Image.Image]
) -> None:
    """DC-08, DC-18"""
    mark = StampRequest(
        base=b"",
        kind=kind,
        number="LX-CX-2019-01",
        revision="A/0",
        copy="003",
        holder="质量部" * 13,
    )
    before, after = drawn(base, 1, DOTS), drawn(stamp(base, mark), 1, DOTS)

    added = ImageChops.difference(before, after).crop((0, 0, before.width, round(263 * MM)))
    at = added.getbbox()

    assert at is not None
    left, top, right, bottom = (value / MM for value in at)
    assert top >= COVER_BOX_TOP
    assert bottom <= COVER_LINE
    ticked = added.crop(_box(COVER_BOXES[box])).getbbox()
    assert ticked is not None
    assert added.crop(_box(COVER_BOXES[1 - box])).getbbox() is None
    assert left >= COVER_BOXES[0]
    assert right <= 190
    frame = ImageChops.invert(before.crop(_box(COVER_BOXES[box]))).getbbox()
    assert frame == (0, 0, *before.crop(_box(COVER_BOXES[box])).size)


def _box(x: float) -> tuple[int, int, int, int]:
    corners = (x, COVER_BOX_TOP, x + COVER_BOX_SIDE, COVER_BOX_TOP + COVER_BOX_SIDE)
    left, top, right, bottom = (round(value * MM) for value in corners)
    return left, top, right, bottom


def test_what_is_written_covers_no_ink_of_the_page(
    base: bytes, drawn: Callable[..., Image.Image]
) -> None:
    mark = StampRequest(
        base=b"",
        kind=StampKind.CONTROLLED,
        number="LX-CX-2019-01",
        revision="A/0",
        copy="003",
        holder="质量部" * 13,
        code="LX-CX-2019-01|A/0|003|a1b2c3d4e5f6",
        effective=datetime(2026, 11, 5, tzinfo=UTC).date(),
    )

    for page in (1, 2, 3):
        before, after = drawn(base, page, DOTS), drawn(stamp(base, mark), page, DOTS)
        added = ImageChops.difference(before, after).point(lambda grey: 255 * (grey > 40))
        printed = before.point(lambda grey: 255 * (grey < 200))
        assert ImageChops.multiply(added, printed).getbbox() is None
