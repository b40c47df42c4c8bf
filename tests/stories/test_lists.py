"""DC-14, DC-38: lists by name, on screen, in files and on stamped pages: all say the same."""

import csv
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, time
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from python_calamine import CalamineWorkbook

from qms.findings import QmsError
from qms.listings import Cell, Cells, Column, NamedList
from qms.lists.csv_file import csv_file
from qms.lists.rows import rows_of
from qms.lists.table import Table, kept, ordered
from qms.lists.xlsx_file import xlsx_file
from qms.testing.office import Office
from qms.texts import Text

if TYPE_CHECKING:
    from qms.domain.library.library import Library

LIST = "controlled-documents"


def written(
    office: Office, folder: Path, ending: str, *more: str, lang: str = "zh", code: int = 0
) -> bytes:
    """The list as a file of this ending."""
    out = folder / f"list.{ending}"
    answer = office.call("lists", LIST, "-o", str(out), *more, lang=lang)
    assert (answer.code, str(out) in answer.out) == (code, True), answer
    return out.read_bytes()


def as_json(office: Office, *words: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(office.qms("lists", LIST, *words, "--json"))["rows"]
    return rows


@pytest.fixture
def two(released: Office) -> Office:
    """A released instruction, a paper of it out, and drafts, one of them named like a formula."""
    released.qms("issue", "LX-WI-01", "--to", "technical", by="wen.kong")
    released.qms("new", "work-instruction", "--title", "=HYPERLINK(1)", by="gong.yi")
    for _ in range(8):
        released.qms("new", "technical-document", "--title", "图样", by="gong.yi")
    return released


def test_all_forms_say_the_same(two: Office, tmp_path: Path) -> None:
    rows = as_json(two)

    assert [one["number"] for one in rows][-1] == "LX-WI-02"
    assert {one["status"] for one in rows} == {"in-force", "draft"}
    in_force = next(one for one in rows if one["number"] == "LX-WI-01")
    assert (in_force["copies"], in_force["owner"]) == (1, "technical")

    table = list(csv.reader(StringIO(written(two, tmp_path, "csv").decode("utf-8-sig"))))
    assert table[0][:4] == ["编号", "名称", "版本", "类别"]
    assert [one[0] for one in table[1:]] == [one["number"] for one in rows]
    assert ["技术部"] * len(rows) == [one[7] for one in table[1:]]

    book = CalamineWorkbook.from_filelike(BytesIO(written(two, tmp_path, "xlsx")))
    cells = book.get_sheet_by_index(0).to_python()
    assert cells[0][0] == "受控文件清单"
    assert str(cells[3][0]).startswith("含未提交的修改")
    assert [str(one[0]) for one in cells[5:]] == [one["number"] for one in rows]
    found = next(one for one in cells[5:] if one[0] == "LX-WI-01")
    assert (found[6], found[8]) == (date.fromisoformat(str(in_force["effective"])), 1)

    page = written(two, tmp_path, "html").decode()
    assert all(f"<td>{one['number']}</td>" in page for one in rows)
    printed = _words(written(two, tmp_path, "pdf"), tmp_path)
    assert all(str(one["number"]) in printed for one in rows)
    assert "非受控" in printed


def _words(pdf: bytes, folder: Path) -> str:
    place = folder / "page.pdf"
    place.write_bytes(pdf)
    done = subprocess.run(["pdftotext", place, "-"], check=True, capture_output=True)
    return re.sub(r"\s", "", done.stdout.decode())


def test_no_cell_is_a_formula(two: Office, tmp_path: Path) -> None:
    """trust.md 87: what somebody called a document computes nothing on anybody's machine."""
    text = written(two, tmp_path, "csv").decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert text.count("\r\n") == text.count("\n")
    with zipfile.ZipFile(BytesIO(written(two, tmp_path, "xlsx"))) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_a_page_runs_and_loads_nothing(two: Office, tmp_path: Path) -> None:
    two.qms("new", "work-instruction", "--title", "<script src=//x.invalid>", by="gong.yi")
    page = written(two, tmp_path, "html").decode()
    assert "<script" not in page
    assert "default-src 'none'" in page


@pytest.mark.parametrize("ending", ["csv", "xlsx", "html", "json", "pdf"])
def test_the_same_list_is_the_same_bytes(two: Office, tmp_path: Path, ending: str) -> None:
    first = written(two, tmp_path, ending)
    assert written(two, tmp_path, ending) == first


def test_rows_are_asked_for_by_id_or_by_word_and_put_in_order(two: Office) -> None:
    assert {one["number"] for one in as_json(two, "--only", "status=现行有效")} == {"LX-WI-01"}
    assert {one["number"] for one in as_json(two, "--only", "status=in-force")} == {"LX-WI-01"}
    assert as_json(two, "--only", "status=in-force", "--only", "owner=inspection") == []
    assert (
        "没有符合条件的条目" in two.call("lists", LIST, "--only", "owner=inspection", lang="zh").out
    )
    titles = [str(one["title"]) for one in as_json(two, "--sort", "title")]
    assert titles == sorted(titles)
    assert as_json(two, "--sort", "effective")[0]["number"] == "LX-WI-01", "empty cells come last"


def test_numbers_sort_as_numbers(lx: Office) -> None:
    for at in range(11):
        lx.qms("new", "standard", "--title", f"第 {at} 号", by="gong.yi")
    titles = [one["title"] for one in as_json(lx, "--sort", "title")]
    assert titles == [f"第 {at} 号" for at in range(11)]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("nothing",), "LIST-UNKNOWN"),
        ((LIST, "--sort", "colour"), "LIST-COLUMN"),
        ((LIST, "--only", "colour=red"), "LIST-COLUMN"),
        ((LIST, "-o", "list.doc"), "LIST-ENDING"),
    ],
)
def test_what_is_asked_wrongly_is_said(lx: Office, words: tuple[str, ...], code: str) -> None:
    answer = lx.call("lists", *words)
    assert (answer.code, answer.findings) == (1, (code,))


def test_a_list_is_not_written_over_a_file_of_the_repo(lx: Office) -> None:
    lx.write("notes.csv", "mine\n")
    lx.git("add", "notes.csv")
    lx.git("commit", "-q", "-m", "Notes")
    assert lx.call("lists", LIST, "-o", "notes.csv").findings == ("LIST-PLACE",)
    assert lx.text("notes.csv") == "mine\n"


def test_what_could_not_be_read_is_told_beside_the_rows(two: Office) -> None:
    """Law 4: a list never looks whole where it isn't."""
    two.write("documents/work-instruction/LX-WI-02.md", b"---\nnumber: \xff\n---\n")
    answer = two.call("lists", LIST)
    assert "documents/work-instruction/LX-WI-02.md" in answer.err


def test_a_list_that_is_handed_on_says_what_is_missing(two: Office, tmp_path: Path) -> None:
    """Law 4: whoever is given the file sees no screen; a CSV can't say it, so there is none."""
    path = "documents/work-instruction/LX-WI-02.md"
    two.write(path, b"---\nnumber: \xff\n---\n")

    assert f"1 个文件无法读取，未列入：{path}" in written(two, tmp_path, "html", code=1).decode()
    said = f"1 text could not be read, and so not listed: {path}"
    assert said in written(two, tmp_path, "html", lang="en", code=1).decode()
    book = CalamineWorkbook.from_filelike(
        BytesIO(written(two, tmp_path, "xlsx", lang="en", code=1))
    )
    assert said in [row[0] for row in book.get_sheet_by_index(0).to_python()]
    printed = _words(written(two, tmp_path, "pdf", lang="en", code=1), tmp_path)
    assert "1textcouldnotberead" in printed
    assert json.loads(written(two, tmp_path, "json", code=1))["unreadable"] == [path]
    answer = two.call("lists", LIST, "-o", str(tmp_path / "none.csv"))
    assert (answer.code, answer.findings[0]) == (1, "LIST-UNREAD")
    assert not (tmp_path / "none.csv").exists()


def test_a_list_says_that_somebody_edited_its_texts(two: Office, tmp_path: Path) -> None:
    """It bears a commit's id, by which nobody finds what was only edited."""
    two.git("add", "-A")
    two.git("commit", "-q", "-m", "Drafts")
    assert "未提交" not in written(two, tmp_path, "html").decode()
    assert json.loads(two.qms("lists", LIST, "--json"))["uncommitted"] is False
    two.edit("documents/work-instruction/LX-WI-02.md", "HYPERLINK", "HYPERLINKS")

    assert "含未提交的修改" in written(two, tmp_path, "html").decode()
    assert "With uncommitted changes" in written(two, tmp_path, "html", lang="en").decode()
    assert "含未提交的修改" in _words(written(two, tmp_path, "pdf"), tmp_path)
    assert json.loads(two.qms("lists", LIST, "--json"))["uncommitted"] is True


def listed(title: str, *rows: dict[str, Cell]) -> Table:
    columns = (Column("a", Text("甲", "A")), Column("b", Text("乙", "B")))
    day = date(2026, 1, 1)
    listing = NamedList(name="x", title=Text(title, title), help=Text("x", "x"), columns=columns,
                        target="x:y")  # fmt: skip
    return Table(listing=listing, rows=rows, company=Text("公司", "Company"), commit="a" * 40,
                 day=day, made=datetime.combine(day, time(), UTC))  # fmt: skip


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Copies: in/out", "Copies in out"), ("[List]", "List"), ("'quoted'", "quoted"),
        ("History", "History list"), ("甲" * 40, "甲" * 31), ("?", "list"),
    ],
)  # fmt: skip
def test_whatever_a_list_is_called_it_is_a_workbook(title: str, name: str) -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(xlsx_file(listed(title), "en")))

    assert book.sheet_names == [name]


@pytest.mark.parametrize("cell", ["甲;=1+1", "甲\t=1+1", "甲\n@x", "甲; +1", " =1", "=1"])
def test_no_cell_is_a_formula_whatever_parts_cells(cell: str) -> None:
    """trust.md 87: some spreadsheets take ``;`` or a tab for it; then quotes begin no cell."""
    text = csv_file(listed("x", {"a": "甲", "b": cell}), "en").decode("utf-8-sig")

    assert text.startswith('"A","B"\r\n"甲","')
    assert not re.search(r"(?:^|[;\t\n\"])\s*[=+@]", text)


def test_an_empty_cell_is_asked_for_and_is_no_nought() -> None:
    rows: tuple[Cells, ...] = ({"a": 0}, {"a": None}, {"a": ""})
    asked = listed("x").listing

    assert kept(asked, rows, ["a="]) == ({"a": None}, {"a": ""})
    assert kept(asked, rows, ["a=0"]) == ({"a": 0},)


def test_rows_are_put_in_order_however_long_a_number_in_them_is() -> None:
    long, longer = "1" + "0" * 5000, "2" + "0" * 5000
    rows: tuple[Cells, ...] = ({"a": f"图 {longer}"}, {"a": f"图 {long}"}, {"a": "图 007"})

    ordered_rows = ordered(listed("x").listing, rows, "a")

    assert [row["a"] for row in ordered_rows] == ["图 007", f"图 {long}", f"图 {longer}"]


def truths(_library: object, _now: object) -> list[dict[str, object]]:
    return [{"a": True}]


def times(_library: object, now: object) -> list[dict[str, object]]:
    return [{"a": now}]


@pytest.mark.parametrize("function", ["truths", "times"])
def test_a_plugin_s_cell_is_what_all_forms_write_alike(
    lx: Office, function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A truth value was ``True`` in CSV and nothing in XLSX; a time was a day there."""
    monkeypatch.setitem(sys.modules, "some_lists", sys.modules[__name__])
    listing = replace(listed("x").listing, target=f"some_lists:{function}")

    with pytest.raises(QmsError) as raised:
        rows_of(listing, cast("Library", lx), datetime.now(UTC))

    assert raised.value.finding.code == "PLUGIN-FAILED"
    assert raised.value.finding.values["name"] == "some_lists"


def test_the_names_of_all_lists(lx: Office) -> None:
    said = lx.call("lists", lang="zh").out
    assert "受控文件清单" in said
    assert "作废文件清单" in said
    assert lx.qms("lists", "受控文件清单", "--json") == lx.qms("lists", LIST, "--json")


def test_what_gave_way_is_obsolete(released: Office) -> None:
    released.qms("revise", "LX-WI-01", "--summary", "改", by="gong.yi")
    released.git("commit", "-q", "-a", "-m", "Edit")
    for verb, person in (("submit", "gong.yi"), ("sign", "fu.yi")):
        released.qms(verb, "LX-WI-01", by=person)
    released.qms("release", "LX-WI-01", "--effective", "today", by="wen.kong")
    rows = json.loads(released.qms("lists", "obsolete-documents", "--json"))["rows"]
    assert [(one["number"], one["revision"]) for one in rows] == [("LX-WI-01", "A/0")]


def test_paper_that_is_out_is_listed_by_holder_and_by_place(released: Office) -> None:
    """DC-10: what each has in hand, and what should lie where; who said no place comes last."""
    for more in (
        ("--to", "zhi.jian", "--place", "检验室"), ("--to", "technical", "--place", "一车间"),
        ("--outside", "北京齿轮有限公司"), ("--to", "inspection", "--place", "一车间"),
        ("--to", "technical"), ("--to", "technical", "--place", "检验室"),
    ):  # fmt: skip
        released.qms("issue", "LX-WI-01", *more, by="wen.kong")
    released.qms("return", "LX-WI-01", "005", by="wen.kong")

    def rows(name: str) -> list[tuple[object, ...]]:
        told = json.loads(released.qms("lists", name, "--json"))["rows"]
        return [(one["department"], one["holder"], one["place"], one["copy"]) for one in told]

    assert rows("paper-by-holder") == [
        ("technical", None, "一车间", "002"),
        ("technical", None, "检验室", "006"),
        ("inspection", None, "一车间", "004"),
        ("inspection", "zhi.jian", "检验室", "001"),
        (None, "北京齿轮有限公司", None, "003"),
    ]
    assert rows("paper-by-place") == [
        ("technical", None, "一车间", "002"),
        ("inspection", None, "一车间", "004"),
        ("technical", None, "检验室", "006"),
        ("inspection", "zhi.jian", "检验室", "001"),
        (None, "北京齿轮有限公司", None, "003"),
    ]
    names = [one.split(" ")[0] for one in released.qms("lists").split("\n")]
    assert {"paper-out", "paper-by-holder", "paper-by-place", "copy-record"} <= {*names}


def test_paper_is_listed_by_titles_in_the_language_that_is_asked_for(drafted: Office) -> None:
    """They were Chinese in English lists of paper, and English in those of documents."""
    name = "documents/work-instruction/LX-WI-01.md"
    drafted.edit(name, "class: ", "title_en: Operating the Lathe\nclass: ")
    drafted.git("commit", "-q", "-a", "-m", "Title")
    for verb, person in (("submit", "gong.yi"), ("sign", "fu.yi"), ("release", "wen.kong")):
        drafted.qms(verb, "LX-WI-01", by=person)
    drafted.qms("issue", "LX-WI-01", "--to", "zhi.jian", by="wen.kong")

    for listing in ("paper-by-holder", "paper-by-place", "paper-out", "copy-record"):
        said = {lang: drafted.call("lists", listing, lang=lang).out for lang in ("zh", "en")}
        assert "Operating the Lathe" in said["en"]
        assert "Operating the Lathe" not in said["zh"]


def test_what_one_compares_stands_to_the_right(two: Office, tmp_path: Path) -> None:
    """Counts of copies end at one edge; numbers of documents begin at one."""
    (tmp_path / "list.pdf").write_bytes(written(two, tmp_path, "pdf"))
    command = ["pdftotext", "-bbox", str(tmp_path / "list.pdf"), "-"]
    page = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    word = r'xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="[\d.]+">{}</word>'
    (title,) = {float(right) for _, right in re.findall(word.format("在外副本"), page)}
    counts = {float(right) for left, right in re.findall(word.format(r"[01]"), page)
              if title - 40 < float(left) < title}  # fmt: skip

    assert counts
    assert max(abs(one - title) for one in counts) < 1
