"""Which pictures a text shows is asked of one parser, by all who want to know it (DC-18)."""

import pytest

from qms.formats.digests import sha256
from qms.testing.bad_input import NUMBER
from qms.testing.office import Office

TEXT = f"documents/work-instruction/{NUMBER}.md"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'


def listed(office: Office) -> list[str]:
    """The paths under `assets` in the head, in their order; each has the digest of its file."""
    head = office.text(TEXT).partition("\nstatus:")[0]
    line = next((one for one in head.splitlines() if one.startswith("assets:")), "")
    assert line.count(sha256(SVG.encode())) == line.count("path:")
    return [part.partition(", sha256")[0].strip(chr(34)) for part in line.split("{path: ")[1:]]


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("d(1).svg", "![图](../../assets/d(1).svg)"),
        ("a b.svg", "![图](../../assets/a%20b.svg)"),
        ("a b.svg", "![图](<../../assets/a b.svg>)"),
        ("f.svg", '![图](../../assets/f.svg "图1 说明")'),
        ("f.svg", "![图][f]\n\n[f]: ../../assets/f.svg '图1 说明'"),
        ("f.svg", "![f]\n\n[f]: ../../assets/f.svg"),
        ("流程图.svg", "![图][f]\n\n[f]: ../../assets/流程图.svg"),
        ("流程图.svg", "![图[1]](../../assets/流程图.svg)"),
        ("f.svg", '1. 步骤\n\n   ![图](../../assets/f.svg "图1 说明")'),
        ("f.svg", "[![图](../../assets/f.svg)](https://example.org/)"),
    ],
)
def test_what_is_shown_is_listed_when_it_is_sent(drafted: Office, name: str, link: str) -> None:
    drafted.write(f"assets/{name}", SVG)
    drafted.write(TEXT, f"{drafted.text(TEXT)}\n{link}\n")
    assert drafted.call("check").findings == ()

    drafted.qms("submit", NUMBER, by="gong.yi")

    assert listed(drafted) == [f"assets/{name}"]
    assert drafted.status == ""
    drafted.qms("check")


@pytest.mark.parametrize(
    "text",
    [
        "`![图](../../assets/f.svg)`",
        "```\n![图](../../assets/f.svg)\n```",
        r"!\[图](https://example.org/f.svg)",
    ],
)
def test_what_is_not_shown_is_not_listed(drafted: Office, text: str) -> None:
    drafted.write("assets/f.svg", SVG)
    drafted.write(TEXT, f"{drafted.text(TEXT)}\n{text}\n")

    drafted.qms("submit", NUMBER, by="gong.yi")

    assert listed(drafted) == []


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("![图](../../assets/g h.svg)", "PICTURE-BLANK"),
        ("![图](../../assets/g (1).svg)", "PICTURE-BLANK"),
        ("![图](../../assets/g(1.svg)", "PICTURE-BLANK"),
        ("![图 **甲**](../../assets/g h.svg)", "PICTURE-BLANK"),
        ("![图][g]", "PICTURE-BLANK"),
        ("![图](../../assets/none.svg)", "ASSET-UNLISTED"),
    ],
)
def test_a_link_that_shows_no_picture_is_told(drafted: Office, link: str, code: str) -> None:
    drafted.write(TEXT, f"{drafted.text(TEXT)}\n{link}\n")
    line = drafted.text(TEXT).splitlines().index(link) + 1

    answer = drafted.call("check")

    assert answer.lines == {code: f"{TEXT}:{line}"}, answer


@pytest.mark.parametrize(
    "rows",
    [
        [f'{{path: assets/{name}.svg, sha256: "{sha256(SVG.encode())}"}}' for name in "ba"],
        [f'{{path: assets/{name}.svg, sha256: "{sha256(SVG.encode())}"}}' for name in "abb"],
        [f'{{path: assets/{name}.svg, sha256: "{sha256(b"old")}"}}' for name in "ba"],
        ["{path: assets/b.svg}", "{path: assets/a.svg}"],
    ],
)
def test_a_list_in_no_order_or_without_digests_is_written_anew(
    drafted: Office, rows: list[str]
) -> None:
    """Nobody types a digest."""
    for name in "abc":
        drafted.write(f"assets/{name}.svg", SVG)
    line = f"assets: [{', '.join(rows)}]"
    drafted.edit(TEXT, "status: draft", f"{line}\nstatus: draft")
    drafted.write(TEXT, f"{drafted.text(TEXT)}\n![图](../../assets/c.svg)\n")
    assert drafted.call("check").code == 1

    drafted.qms("submit", NUMBER, by="gong.yi")

    assert listed(drafted) == ["assets/a.svg", "assets/b.svg", "assets/c.svg"]
    drafted.qms("check")


def test_what_else_is_wrong_with_a_text_is_told_as_before(drafted: Office) -> None:
    drafted.edit(TEXT, "status: draft", "assets: [{path: ../x}]\nstatus: draft")
    before = drafted.text(TEXT)

    answer = drafted.call("submit", NUMBER, by="gong.yi")

    assert answer.code == 1
    assert drafted.text(TEXT) == before
