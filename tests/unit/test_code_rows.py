"""A row of the code table is read alone, as the whole file would have it."""

import tomllib
from pathlib import Path

import pytest

from qms.codes import CodeTable

ROOT = Path(__file__).parents[2]
TABLES = (
    *sorted((ROOT / "qms" / "data" / "codes").glob("*.toml")),
    *sorted((ROOT / "plugins").glob("*/data/codes.toml")),
)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_each_row_is_what_the_whole_file_says(path: Path) -> None:
    rows = tomllib.loads(path.read_text(encoding="utf-8"))
    table = CodeTable([] if path.is_relative_to(ROOT / "qms") else [path])

    assert rows
    for name, row in rows.items():
        code = table.row(name)
        assert (code.text["en"], code.text["zh"]) == (row["en"], row["zh"])
        assert (code.mend["en"], code.mend["zh"]) == (row["mend_en"], row["mend_zh"])
        assert code.level.value == row.get("level", "error")
        assert code.is_put_back is row.get("put_back", False)


def test_a_table_whose_values_go_on_over_lines_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "codes.toml"
    row = 'en = """a\n[LOOKS-LIKE-A-ROW]\n"""\nzh = "b"\nmend_en = "c"\nmend_zh = "d"\n'
    path.write_text(f'["OWN-ODD"]\n{row}', encoding="utf-8")

    table = CodeTable([path])

    assert table.row("OWN-ODD").text["en"] == "a\n[LOOKS-LIKE-A-ROW]\n"
    assert "LOOKS-LIKE-A-ROW" not in table.codes


def test_a_code_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "codes.toml"
    path.write_text('[DOC-CHANGED]\nen = "a"\nzh = "b"\nmend_en = "c"\nmend_zh = "d"\n')

    with pytest.raises(ValueError, match="DOC-CHANGED stands twice"):
        CodeTable([path])
