"""`qms diff` of texts that nobody has signed: anybody may write them, of any size."""

import json

import pytest

from qms.formats.digests import sha256
from qms.testing.office import Office

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"
PICTURE = "assets/流程.svg"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
ANEW = SVG.replace('"9"/>', '"8"/>')


def digest(text: str) -> str:
    return sha256(text.encode())


def short(text: str) -> str:
    return digest(text).removeprefix("sha256:")[:12]


@pytest.fixture
def revised(drafted: Office) -> Office:
    """A/0 is released with a picture, A/1 is begun."""
    drafted.write(PICTURE, SVG)
    drafted.write(TEXT, f"{drafted.text(TEXT)}\n![图](../../{PICTURE})\n")
    drafted.qms("submit", NUMBER, by="gong.yi")
    drafted.qms("sign", NUMBER, by="fu.yi")
    drafted.qms("release", NUMBER, by="wen.kong")
    drafted.qms("revise", NUMBER, "--summary", "改", by="gong.yi")
    return drafted


def told(office: Office, *revisions: str) -> list[dict[str, str | None]]:
    """What the command says of pictures to programs."""
    found = json.loads(office.qms("diff", NUMBER, *revisions, "--json"))["pictures"]
    assert isinstance(found, list)
    return found


def test_a_very_long_text_is_compared_at_once(released: Office) -> None:
    """Row 266 (L): of what somebody wrote without end all is told, and nobody waits for hours."""
    released.qms("revise", NUMBER, "--summary", "改", by="gong.yi")
    same = "- 上电前检查绝缘\n" * 40_000
    other = "".join(f"- 第{at}台\n" for at in range(40_000))
    released.write(TEXT, f"{released.text(TEXT)}{same}{other}")

    answer = released.call("diff", NUMBER)

    assert (answer.code, answer.findings) == (0, ())
    lines = answer.out.splitlines()
    assert lines.count("{+- 上电前检查绝缘+}") == 40_000
    assert [one for one in lines if "台" in one] == [f"{{+- 第{at}台+}}" for at in range(40_000)]
    assert "RENDER-LIMIT" in released.call("check").findings


def test_a_long_text_is_compared_whatever_else_is_wrong_with_it(released: Office) -> None:
    released.qms("revise", NUMBER, "--summary", "改", by="gong.yi")
    released.write(TEXT, released.text(TEXT) + "\n<b>甲\n" + "\n上电前检查绝缘。\n" * 12_000)

    answer = released.call("diff", NUMBER)

    assert answer.code == 0
    assert "{+<b>甲+}" in answer.out


def test_a_picture_that_was_drawn_anew_is_told_before_it_is_sent(revised: Office) -> None:
    revised.write(PICTURE, ANEW)

    assert told(revised) == [{"path": PICTURE, "before": digest(SVG), "after": digest(ANEW)}]
    line = f"picture changed, {PICTURE}: [-{short(SVG)}-] {{+{short(ANEW)}+}}"
    assert line in revised.qms("diff", NUMBER).splitlines()
    assert f"图片改动 {PICTURE}：" in revised.call("diff", NUMBER, lang="zh").out


def test_pictures_that_came_and_went_are_told(revised: Office) -> None:
    revised.write("assets/新.svg", ANEW)
    revised.edit(TEXT, f"![图](../../{PICTURE})", "![图](../../assets/新.svg)")
    head = next(one for one in revised.text(TEXT).splitlines() if one.startswith("assets:"))
    revised.edit(TEXT, f"{head}\n", "")

    assert told(revised) == [
        {"path": "assets/新.svg", "before": None, "after": digest(ANEW)},
        {"path": PICTURE, "before": digest(SVG), "after": None},
    ]
    lines = revised.qms("diff", NUMBER).splitlines()
    assert f"picture added, assets/新.svg: {{+{short(ANEW)}+}}" in lines
    assert f"picture removed, {PICTURE}: [-{short(SVG)}-]" in lines


def test_what_was_sent_is_compared_by_what_is_signed(revised: Office) -> None:
    """The folder may hold another picture meanwhile: `check` tells that."""
    revised.write(PICTURE, ANEW)
    revised.qms("submit", NUMBER, by="gong.yi")
    revised.write(PICTURE, SVG)

    assert told(revised) == [{"path": PICTURE, "before": digest(SVG), "after": digest(ANEW)}]
    assert told(revised, "A/0", "A/0") == []
    assert "ASSET-EDITED" in revised.call("check").findings


def test_a_picture_nobody_touched_is_not_told(revised: Office) -> None:
    """Nor one that lies beside it, and that no text shows."""
    revised.write("assets/other.svg", ANEW)

    assert told(revised) == []
    assert PICTURE not in revised.qms("diff", NUMBER)
