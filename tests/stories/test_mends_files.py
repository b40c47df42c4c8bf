"""Mends of how a file lies (mode, bytes, name) work as printed, and throw nothing away (US-24)."""

from collections.abc import Callable

import pytest

from qms.testing.mended import committed, done, fine, shared, told
from qms.testing.office import Office

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"
FILED = f"released/work-instruction/{NUMBER}/A-0.md"
LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh"])


# modes


@LANGUAGES
@pytest.mark.parametrize("is_committed", [False, True])
def test_a_file_made_a_program_is_made_plain_again(
    drafted: Office, lang: str, *, is_committed: bool
) -> None:
    shared(drafted)
    (drafted.folder / TEXT).chmod(0o755)
    if is_committed:
        committed(drafted)
    drafted.edit(TEXT, "# 车床", "# 车床与铣床")

    plain, record, *_ = told(drafted, "BAD-MODE", lang)
    done(drafted, plain)
    if is_committed:
        done(drafted, record)
    else:
        committed(drafted)

    fine(drafted)
    assert "车床与铣床" in drafted.text(TEXT)


@LANGUAGES
def test_a_link_gives_way_to_what_was_filed(released: Office, lang: str) -> None:
    shared(released)
    (released.folder / FILED).unlink()
    (released.folder / FILED).symlink_to(released.folder / TEXT)
    committed(released)

    done(released, *told(released, "BAD-MODE", lang)[:2])

    fine(released)


def test_a_stray_program_is_told_as_a_stray(drafted: Office) -> None:
    drafted.write("documents/work-instruction/车床.docx", b"PK")
    (drafted.folder / "documents/work-instruction/车床.docx").chmod(0o755)

    assert drafted.call("check").findings == ("STRAY-OFFICE",)


# bytes


@LANGUAGES
@pytest.mark.parametrize(
    ("code", "spoilt"),
    [
        ("BYTES-CR", lambda text: text.replace("\n", "\r\n").encode()),
        ("BYTES-BOM", lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()),
        ("BYTES-LF", lambda text: text.rstrip("\n").encode()),
        ("BYTES-UTF8", lambda text: text.replace("\n", "\r\n").encode("gb18030")),
        ("BYTES-UTF8", lambda text: text.encode("utf-16-le")),
        ("BYTES-UTF8", lambda text: text.encode("utf-16-be")),
    ],
)
@pytest.mark.parametrize("path", [TEXT, "people.yaml"])
def test_what_an_editor_left_is_taken_out_of_a_draft(
    drafted: Office, lang: str, code: str, path: str, spoilt: Callable[[str], bytes]
) -> None:
    shared(drafted)
    before = drafted.text(path)
    drafted.write(path, spoilt(before))

    done(drafted, told(drafted, code, lang)[0])

    assert drafted.text(path) == before
    fine(drafted)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-16"])
def test_ascii_in_utf_16_is_named_as_what_it_is(drafted: Office, codec: str) -> None:
    """Its bytes could be UTF-8, with a NUL after each letter."""
    text = drafted.text(TEXT).replace("车床", "Lathe").replace("目的", "Purpose")
    text = "".join(one if one.isascii() else "x" for one in text)
    drafted.write(TEXT, text.encode(codec))
    name = {"utf-16-le": "UTF-16LE", "utf-16-be": "UTF-16BE", "utf-16": "UTF-16"}[codec]

    answer = drafted.call("check")

    assert answer.findings == ("BYTES-UTF8",)
    assert f"it looks like {name}" in answer.out
    assert "save it as UTF-8" in answer.out
    done(drafted, told(drafted, "BYTES-UTF8", "en")[0])
    assert drafted.text(TEXT) == text
    assert drafted.call("check").findings == ()


def test_a_nul_in_a_chinese_text_makes_it_no_utf_16(drafted: Office) -> None:
    """First the encoding, then what slipped in: each at its line."""
    text = drafted.text(TEXT).replace("# 车床", "# 车\0床")
    drafted.write(TEXT, text.encode("gb18030"))

    answer = drafted.call("check")

    assert (answer.findings, "it looks like GB18030" in answer.out) == (("BYTES-UTF8",), True)
    drafted.qms("fix", by="gong.yi")
    assert drafted.text(TEXT) == text
    told_next = drafted.call("check")
    assert "U+0000" in told_next.out


@LANGUAGES
@pytest.mark.parametrize("character", ["\u00ad", "\u200b", "\u2060", "\ufe0f", "\ufeff"])
def test_what_a_paste_brought_that_nobody_sees_is_taken_out_of_a_draft(
    drafted: Office, lang: str, character: str
) -> None:
    """50 soft hyphens took 50 rounds, and `qms fix` mended nothing."""
    shared(drafted)
    lines = "".join(f"第{at}条 螺{character}栓\n\n" for at in range(30))
    drafted.edit(TEXT, "# 车床\n", f"# 车{character}床\n\n{lines}")
    committed(drafted)

    answer = drafted.call("check", "--all")
    assert answer.findings == ("UNICODE",) * 20 + ("UNICODE-MORE",)
    assert f"第0条 螺[U+{ord(character):04X}]栓" in answer.out
    assert "such invisible characters too: 11" in answer.out
    done(drafted, told(drafted, "UNICODE", lang)[0])
    committed(drafted)

    fine(drafted)
    assert lines.replace(character, "") in drafted.text(TEXT)


def test_a_hidden_character_of_the_head_is_told_with_those_of_the_text(drafted: Office) -> None:
    shared(drafted)
    drafted.edit(TEXT, "title: 车床", "title: 车\u00ad床")
    drafted.edit(TEXT, "# 车床", "# 车\u202e床")
    assert drafted.call("check").findings == ("UNICODE", "UNICODE")
    drafted.edit(TEXT, "# 车\u202e床", "# 车床")
    done(drafted, told(drafted, "UNICODE", "en")[0])
    fine(drafted)


def test_what_turns_the_direction_is_for_its_author_to_take_out(drafted: Office) -> None:
    drafted.edit(TEXT, "# 车床", "# 车\u202e床")
    assert "Nothing to mend" in drafted.qms("fix")
    assert "车\u202e床" in drafted.text(TEXT)


def test_a_text_in_review_is_not_cleaned_unless_it_is_what_was_signed(submitted: Office) -> None:
    shared(submitted)
    signed = submitted.text(TEXT)
    submitted.write(TEXT, signed.replace("# 车床", "# 铣\u00ad床"))
    assert "Nothing to mend" in submitted.qms("fix", by="gong.yi")
    submitted.write(TEXT, signed.replace("# 车床", "# 车\u00ad床"))
    done(submitted, "qms fix")
    assert submitted.text(TEXT) == signed


@LANGUAGES
def test_a_text_from_a_western_windows_is_not_read_as_chinese(drafted: Office, lang: str) -> None:
    shared(drafted)
    head, _, _ = drafted.text(TEXT).partition("\n# ")
    drafted.write(TEXT, head.replace("车床", "Prüfgröße").replace("首次发布", "a"))
    text = f"{drafted.text(TEXT)}\n# Prüfgröße\n\nFür 5 °C ±0,1 – déjà vu\n"
    drafted.write(TEXT, text.encode("windows-1252"))

    (convert, *_) = told(drafted, "BYTES-UTF8", lang)
    done(drafted, convert)

    assert drafted.text(TEXT) == text
    assert drafted.call("check").findings == ()


def test_a_text_with_a_nul_in_it_is_not_read_as_utf_16(drafted: Office) -> None:
    """`qms fix` made Chinese noise of it, in which nothing could be found again."""
    text = f"{drafted.text(TEXT)}\n夹\0紧。\n"
    drafted.write(TEXT, text.encode())

    drafted.qms("fix", by="gong.yi")

    assert drafted.text(TEXT) == text


def test_what_was_signed_is_put_back_where_an_editor_did_nothing_else(released: Office) -> None:
    shared(released)
    before = released.text(FILED)
    released.write(FILED, before.replace("\n", "\r\n"))
    done(released, told(released, "BYTES-CR", "en")[0])
    assert released.text(FILED) == before
    fine(released)


def test_what_was_signed_is_not_spelled_anew(released: Office) -> None:
    """What was committed otherwise is taken back as it was filed."""
    shared(released)
    released.edit(FILED, "\n", "\r\n")
    committed(released)
    assert "Nothing to mend" in released.qms("fix", by="gong.yi")
    restore, record = told(released, "BYTES-CR", "en")[2:4]
    done(released, restore)
    done(released, record)
    fine(released)


def test_a_text_in_review_gets_its_line_ends_back_if_it_is_what_was_signed(
    submitted: Office,
) -> None:
    shared(submitted)
    signed = submitted.text(TEXT)
    submitted.write(TEXT, signed.replace("# 车床", "# 铣床").replace("\n", "\r\n"))
    assert "Nothing to mend" in submitted.qms("fix", by="gong.yi")
    submitted.write(TEXT, signed.replace("\n", "\r\n"))
    done(submitted, told(submitted, "BYTES-CR", "en")[0])
    assert submitted.text(TEXT) == signed


@pytest.mark.parametrize("key", ["title", "status", "owner"])
def test_a_full_width_colon_is_named(drafted: Office, key: str) -> None:
    drafted.edit(TEXT, f"{key}: ", f"{key}：")
    line = drafted.text(TEXT)[: drafted.text(TEXT).index("：")].count("\n") + 1

    answer = drafted.call("check")

    assert answer.findings == ("YAML-COLON",)
    assert answer.lines == {"YAML-COLON": f"{TEXT}:{line}"}


def test_full_width_colons_are_mended_in_all_lines_of_a_head_at_once(drafted: Office) -> None:
    """Also below a key of the head; not in what a text says on lines of its own."""
    plain = "legacy:\n  approved: 2019-01-02\n  effective: 2019-01-03\nsummary: |\n  见title：一\n"
    drafted.edit(TEXT, "summary: 首次发布\n", plain)
    right = drafted.text(TEXT)
    head, _, body = right.partition("\nstatus: ")
    slipped = (
        head.replace("见", "  title：\n  见").replace(": ", "：").replace("legacy:", "legacy：")
    )
    drafted.write(TEXT, f"{slipped.replace('summary：', 'summary: ')}\nstatus：{body}")

    assert "Mended" in drafted.qms("fix")

    assert drafted.text(TEXT) == right.replace("见", "  title：\n  见")


# places


@LANGUAGES
@pytest.mark.parametrize("is_committed", [False, True])
def test_a_draft_under_another_name_goes_where_its_head_says(
    drafted: Office, lang: str, *, is_committed: bool
) -> None:
    shared(drafted)
    (drafted.folder / TEXT).rename(drafted.folder / TEXT.replace("01", "07"))
    if is_committed:
        committed(drafted)

    commands = told(drafted, "DRAFT-PLACE", lang)
    done(drafted, *commands[: 2 if is_committed else 1])

    fine(drafted)
    assert drafted.text(TEXT)


@LANGUAGES
@pytest.mark.parametrize("path", [TEXT, FILED])
def test_what_is_signed_and_was_renamed_goes_back(released: Office, path: str, lang: str) -> None:
    shared(released)
    other = path.replace("WI-01", "WI-07")
    (released.folder / other).parent.mkdir(exist_ok=True)
    (released.folder / path).rename(released.folder / other)
    committed(released)

    for code in ("DOC-MISSING", "MOVED-ENTRY"):
        done(released, *told(released, code, lang)[:2])

    fine(released)
