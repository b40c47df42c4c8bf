"""How tables are set: what stays whole, how wide the columns are, where a page may end."""

import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qms_publish.base_pdf import render_base
from qms_publish.lettering.widths import ems
from qms_publish.sheet import Sheet
from qms_publish.text.markdown import to_html
from qms_publish.text.tables import is_wide, table_look

LONG = "组织编制和会签文件，批准本部门文件及归口的记录表格，保证现场只有现行有效文件" * 3


def test_numbers_stay_on_one_line() -> None:
    look = table_look([("文件编号", "名称"), ("LX-QP-CX-2019-0012", LONG)])

    assert look.rows[1].whole == (True, False)
    assert look.classes.startswith("narrow")


@pytest.mark.parametrize("columns", [2, 6, 8, 9, 12, 18, 24, 34])
def test_the_columns_share_exactly_the_page(columns: int) -> None:
    """A table that runs off the paper has lost what stands there."""
    look = table_look([("日期",) * columns, ("2026-11-05",) * columns, (LONG[:20],) * columns])

    assert sum(look.widths) == pytest.approx(100)
    assert min(look.widths) > 0


def test_eighteen_dates_side_by_side_are_set_small_before_they_are_broken() -> None:
    look = table_look([("日期",) * 18, ("2026-11-05",) * 18])

    assert look.classes == "tiny"
    assert all(look.rows[1].whole)


def test_what_fits_in_no_size_is_broken() -> None:
    look = table_look([("日期",) * 24, ("2026-11-05",) * 24])

    assert not any(look.rows[1].whole)


def test_a_short_column_is_not_broken_for_the_sake_of_a_long_one() -> None:
    look = table_look([("部门或岗位", "职责"), ("综合办公室（文控员）", LONG)])

    assert look.widths[0] * 165 / 100 > 10 * 9.5 * 25.4 / 72 + 4


def test_a_short_table_stays_together() -> None:
    short = [("部门", "职责")] + [("行政部", "归口管理")] * 6
    long = [("部门", "职责")] + [("行政部", "归口管理")] * 40

    assert "together" in table_look(short).classes
    assert "together" not in table_look(long).classes


def test_no_row_stands_alone_before_or_after_the_end_of_a_page() -> None:
    look = table_look([("部门", "职责")] + [("行政部", "归口管理")] * 40)

    kept = [at for at, row in enumerate(look.rows) if "keep" in row.classes]
    assert kept == [1, 39]


def test_a_row_of_half_a_page_may_be_parted() -> None:
    look = table_look([("部门", "职责"), ("甲", LONG * 20), ("乙", "无")])

    assert [row.classes for row in look.rows] == ["solid", "", "solid"]


@pytest.mark.parametrize("columns", [2, 5, 8, 16])
def test_an_empty_column_has_room_to_write(columns: int) -> None:
    head = ("检查项目", LONG[:30], *("",) * columns)
    look = table_look([head, ("油位", LONG, *("",) * columns)])
    room = 165 if columns + 2 < 9 else 257

    widths = [width * room / 100 for width in look.widths]
    assert min(widths[2:]) >= 13.99
    assert sum(look.widths) == pytest.approx(100)


def test_empty_columns_share_what_room_there_is() -> None:
    look = table_look([("项目", *map(str, range(1, 32))), ("油位", *("",) * 31)])

    assert sum(look.widths) == pytest.approx(100)
    assert min(look.widths[1:]) * 257 / 100 > 6


def test_a_row_to_fill_in_is_marked() -> None:
    look = table_look([("姓名", "日期"), ("", "\u3000"), ("甲", "")])

    assert [row.classes for row in look.rows] == ["solid", "solid keep blank", "solid"]


ROUTING = (
    ("工序号", "工序名称", "设备", "夹具", "刀具", "量具", "参数", "备注"),
    ("10", "车削外圆及端面", "CK6140", "三爪卡盘K11-250", "CNMG120408-MF/TT8125_1",
     "0-25/0.001_MITUTOYO-293-240-30", "n=1500r/min,f=0.1mm/r,ap=0.15mm", "首件必检，自检1/5"),
)  # fmt: skip


def test_a_number_is_not_cut_from_its_unit() -> None:
    """`f=0.1m` at the end of a line and `m/r` on the next can be taken for metres."""
    look = table_look(ROUTING)

    millimetres = [width * 165 / 100 for width in look.widths]
    em = (8.5 if "many" in look.classes else 9.5) * 25.4 / 72
    assert millimetres[6] >= ems("min,f=0.1mm/") * em + 3
    assert millimetres[4] >= ems("CNMG120408-") * em + 3
    assert sum(look.widths) == pytest.approx(100)


def test_letters_are_not_made_tiny_so_that_no_word_is_cut() -> None:
    row = ("responsibilities of everybody concerned",) * 8
    assert table_look([("甲",) * 8, row]).classes.split()[0] in {"narrow", "many"}
    assert sum(table_look([("甲",) * 8, row]).widths) == pytest.approx(100)


def test_words_in_a_narrow_column_are_read_whole(procedure: Sheet, tmp_path: Path) -> None:
    body = "\n".join(
        "| " + " | ".join(row) + " |" for row in (ROUTING[0], ("---",) * 8, ROUTING[1])
    )
    (tmp_path / "x.pdf").write_bytes(
        render_base(
            replace(procedure, body=body, assets={}), created=datetime(2026, 10, 29, tzinfo=UTC)
        )
    )
    command = ["/usr/bin/pdftotext", "-bbox", str(tmp_path / "x.pdf"), "-"]
    page = subprocess.run(command, capture_output=True, check=True).stdout.decode()

    for word in ("n=1500r/", "min,f=0.1mm/", "r,ap=0.15mm", "CNMG120408-", "TT8125_1", "K11-250"):
        assert f">{word}</word>" in page.replace("MF/", ""), word


def test_a_column_of_pictures_has_room_to_show_them() -> None:
    """It was as wide as its head's two letters, and the picture a stamp."""
    rows = [("图样", "说明"), ("流程图", LONG), ("安装图", "立式安装")]
    look = table_look(rows, pictures=[(1, 0), (2, 0)])

    assert look.widths[0] == pytest.approx(50, abs=3)
    assert sum(look.widths) == pytest.approx(100)
    assert "together" not in look.classes


def test_a_picture_among_many_columns_takes_its_share() -> None:
    head = ("序号", "图样", "名称", "要求", "备注")
    look = table_look([head, ("1", "图", "阀体", LONG, LONG)], pictures=[(1, 1)])

    assert look.widths[1] * 165 / 100 > 29.9


def test_columns_to_fill_in_are_equally_wide() -> None:
    """With ticks in some of them, and whatever their heads say."""
    days = tuple(map(str, range(1, 11)))
    rows = [("内容", *days, "异常处理")]
    rows += [("异响、振动", *("",) * 10, ""), ("压力", "☑", "☑", "☒", *("",) * 7, "")]
    look = table_look([*rows, ("油位", *("",) * 10, "")])

    assert len({round(one, 3) for one in look.widths[1:]}) == 1

    form = table_look([("项目", "姓名", "日期及签字（章）"), ("编制", "", ""), ("审核", "", "")])
    assert form.widths[1] == pytest.approx(form.widths[2])


def test_a_small_table_of_nine_columns_stays_on_the_page() -> None:
    """It took a landscape page, and left the one before nearly empty."""
    small = [tuple(f"c{at}" for at in range(9)), tuple(f"{at}.5" for at in range(9))]

    assert not is_wide(small)
    assert is_wide([*small, *small[1:] * 20])
    assert is_wide([small[0], (LONG,) * 9])
    assert table_look(small).classes == "narrow together"


def test_a_table_without_head_words_has_no_head() -> None:
    """It was a grey sliver; a head alone is a form to be filled in."""
    table = "| | |\n|---|---|\n| 甲 | 乙 |\n"

    assert "<th" not in to_html(table, assets=()).html
    assert "甲" in to_html(table, assets=()).html
    assert "<th" in to_html("| | |\n|---|---|\n", assets=()).html
    assert "<th" in to_html(table.replace("| | |", "| | 值 |", 1), assets=()).html


def test_columns_of_pictures_and_head_words_are_told_from_the_text() -> None:
    look = re.compile(r"<col style=\"width: ([\d.]+)%\">")

    body = to_html("| 图样 | 说明 |\n|---|---|\n| ![图](a.png) | 立式安装 |\n", assets=["a.png"])

    assert float(look.findall(body.html)[0]) > 45
