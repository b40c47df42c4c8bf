"""Mends of a picture that isn't what was signed work as printed, and throw nothing away (US-24)."""

import re
from io import BytesIO

import pytest
from PIL import Image

from qms.testing.mended import committed, done, fine, shared, told, typed
from qms.testing.office import Office

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"
PICTURE = "assets/流程.svg"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
OTHER = SVG.replace("rect", "ellipse").replace("width", "rx").replace(' height="9"/>', ' ry="9"/>')
LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh"])


@pytest.fixture
def sent(drafted: Office) -> Office:
    """A text with a picture goes round."""
    drafted.write(PICTURE, SVG)
    drafted.write(TEXT, f"{drafted.text(TEXT)}\n![图](../../{PICTURE})\n")
    drafted.qms("submit", NUMBER, by="gong.yi")
    shared(drafted)
    return drafted


@LANGUAGES
@pytest.mark.parametrize(
    ("by", "is_committed"), [("check", False), ("check", True), ("release", True)]
)
def test_a_picture_that_was_drawn_anew_comes_back(
    sent: Office, lang: str, by: str, *, is_committed: bool
) -> None:
    sent.qms("sign", NUMBER, by="fu.yi")
    sent.write(PICTURE, OTHER)
    if is_committed:
        committed(sent)
        sent.git("commit", "-q", "--allow-empty", "-m", "Another")

    command = ("check",) if by == "check" else ("release", NUMBER)
    (take, record, _) = told(sent, "ASSET-EDITED", lang, *command, by="wen.kong")
    done(sent, take, *([record] if is_committed else []))

    assert sent.text(PICTURE) == SVG
    fine(sent)
    sent.qms("release", NUMBER, by="wen.kong")


@LANGUAGES
@pytest.mark.parametrize("act", ["sign", "reject", "release"])
@pytest.mark.parametrize("is_gone", [False, True])
def test_nobody_signs_beside_another_picture_than_is_signed(
    sent: Office, lang: str, act: str, *, is_gone: bool
) -> None:
    """What the folder shows is what whoever signs has looked at."""
    if act == "release":
        sent.qms("sign", NUMBER, by="fu.yi")
    more = ("--reason", "不符合") if act == "reject" else ()
    person = "wen.kong" if act == "release" else "fu.yi"
    if is_gone:
        (sent.folder / PICTURE).unlink()
    else:
        sent.write(PICTURE, OTHER)

    (look, _, aside) = told(sent, "WORKTREE-DIFFERS", lang, act, NUMBER, *more, by=person)

    assert not typed(sent, look).code
    done(sent, aside)
    assert sent.text(PICTURE) == SVG
    sent.qms(act, NUMBER, *more, by=person)


@LANGUAGES
@pytest.mark.parametrize("digest", [True, False])
def test_a_picture_that_only_the_list_still_names_drops_out_of_it(
    sent: Office, lang: str, *, digest: bool
) -> None:
    """It was given another name, and the text shows it by that."""
    sent.qms("reject", NUMBER, "--reason", "图名不符", by="fu.yi")
    sent.git("mv", PICTURE, "assets/flow.svg")
    sent.edit(TEXT, f"](../../{PICTURE})", "](../../assets/flow.svg)")
    if not digest:
        sent.edit(TEXT, ', sha256: "', ', sha25: "')
    committed(sent)
    if digest:
        sent.qms("check")

    answer = sent.call("submit", NUMBER, by="gong.yi", lang=lang)

    assert (answer.code, answer.findings) == (0, ()), answer
    assert PICTURE not in sent.text(TEXT)
    assert "{path: assets/flow.svg, " in sent.text(TEXT)
    fine(sent)
    sent.qms("sign", NUMBER, by="fu.yi")


@LANGUAGES
def test_a_list_without_a_picture_left_drops_out_of_the_head(sent: Office, lang: str) -> None:
    sent.qms("reject", NUMBER, "--reason", "无需附图", by="fu.yi")
    sent.git("rm", "-q", PICTURE)
    sent.edit(TEXT, f"\n![图](../../{PICTURE})\n", "")
    committed(sent)

    answer = sent.call("submit", NUMBER, by="gong.yi", lang=lang)

    assert (answer.code, answer.findings) == (0, ()), answer
    assert "assets" not in sent.text(TEXT).partition("status:")[0]
    fine(sent)


def test_a_picture_that_the_text_shows_is_missed_all_the_same(sent: Office) -> None:
    sent.qms("reject", NUMBER, "--reason", "图名不符", by="fu.yi")
    sent.git("mv", PICTURE, "assets/flow.svg")

    assert sent.call("submit", NUMBER, by="gong.yi").findings == ("ASSET-MISSING",)


HELD = SVG.replace("<rect", '<image href="data:image/png;base64,AA"/><rect')


@LANGUAGES
@pytest.mark.parametrize(
    ("path", "data", "code"),
    [
        ("assets/图 1.tif", b"II*\0", "PICTURE-KIND"),
        ("assets/图 1.bmp", None, "PICTURE-KIND"),
        ("assets/图 1.WEBP", None, "PICTURE-KIND"),
        ("assets/图 1.svg", HELD.encode(), "PICTURE-ADDRESS"),
        ("assets/图 1.svg", SVG.replace("rect", "mask").encode(), "PICTURE-FORM"),
    ],
)
def test_a_picture_of_another_kind_is_saved_as_png_and_shown(
    drafted: Office, lang: str, path: str, data: bytes | None, code: str
) -> None:
    """DC-20"""
    if data is not None:
        drafted.write(path, data)
    shown = f"![图](<../../{path}>)"
    drafted.write(TEXT, f"{drafted.text(TEXT)}\n{shown}\n")

    answer = drafted.call("check", lang=lang)
    said = re.search(r"!\[\w+\]\(<\.\./\.\./(assets/[^>]+)>\)", answer.out)

    assert code in answer.out
    assert said is not None
    written = BytesIO()
    Image.new("RGB", (9, 9)).save(written, "PNG")
    drafted.write(said[1], written.getvalue())
    drafted.edit(TEXT, shown, said[0])
    assert drafted.call("check").findings == ()
    drafted.qms("submit", NUMBER, by="gong.yi")
