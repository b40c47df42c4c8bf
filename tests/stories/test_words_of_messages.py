"""What messages call things: in the reader's language, by their names, and nothing for litter."""

from pathlib import Path

import pytest

from qms.testing.mended import done, named, shared
from qms.testing.office import Office

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"
LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh"])


def test_litter_that_git_ignores_is_none_of_ours(drafted: Office) -> None:
    drafted.write(".gitignore", ".DS_Store\nThumbs.db\n*.swp\n*~\n~$*\n")
    for name in (".DS_Store", "Thumbs.db", ".LX-WI-01.md.swp", "LX-WI-01.md~", "~$LX-WI-01.docx"):
        drafted.write(f"documents/work-instruction/{name}", b"\0")

    assert drafted.call("check").findings == ()
    assert drafted.call("check", "--all").findings == ()


@LANGUAGES
def test_a_day_that_is_over_is_told_with_its_option(issued: Office, lang: str) -> None:
    answer = issued.call(
        "recall", NUMBER, "001", "--due", "2026-01-01", "--reason", "x", by="wen.kong", lang=lang
    )

    assert answer.code == 2
    assert "--due" in answer.err
    assert "2026-01-01" in answer.err


@LANGUAGES
def test_a_copy_that_was_recalled_is_not_to_be_recalled_again(issued: Office, lang: str) -> None:
    """DC-10"""
    office = issued
    office.qms("revise", NUMBER, "--summary", "转速", by="gong.yi")
    office.edit(TEXT, "无", "转速。")
    office.later(days=8)
    office.qms("submit", NUMBER, by="gong.yi")
    office.qms("sign", NUMBER, by="fu.yi")
    office.qms("release", NUMBER, by="wen.kong")
    before = office.call("check", "--all", lang=lang)
    office.qms(
        "recall", NUMBER, "001", "--revision", "A/0", "--due", "2027-01-05", "--reason", "换版",
        by="wen.kong",
    )  # fmt: skip

    answer = office.call("check", "--all", lang=lang)

    assert before.findings == ("COPY-OUT",)
    assert answer.findings == ("COPY-RECALLED",)
    assert "2027-01-05" in answer.out
    assert "技术部" in answer.out
    done(office, named(answer.out, "COPY-RECALLED")[0], by="wen.kong")
    assert office.call("check", "--all").findings == ()


@LANGUAGES
def test_a_role_is_called_by_its_name(drafted: Office, lang: str) -> None:
    drafted.edit(TEXT, "owner: technical", "owner: inspection")

    said = drafted.call("check", lang=lang).out

    assert ("质检部" if lang == "zh" else "Inspection") in said
    assert "member-of" not in said


@LANGUAGES
def test_nothing_is_called_by_a_word_for_it(drafted: Office, lang: str) -> None:
    drafted.edit(TEXT, "status:", "related: [BELIEBIG]\nstatus:")

    said = drafted.call("check", lang=lang).out

    assert (": none\n" if lang == "en" else "：无\n") in said


@LANGUAGES
@pytest.mark.parametrize("ends", ["windows", "none"])
def test_a_key_that_an_editor_saved_is_told_and_mended(
    drafted: Office, tmp_path: Path, lang: str, ends: str
) -> None:
    folder = tmp_path / "我的 密钥"
    folder.mkdir()
    key = folder / "id"
    data = drafted.key("gong.yi").read_bytes()
    key.write_bytes(data.replace(b"\n", b"\r\n") if ends == "windows" else data.rstrip(b"\n"))
    key.chmod(0o600)

    answer = drafted.call("--key", str(key), "submit", NUMBER, lang=lang)

    assert answer.findings == ("KEY-LINES",)
    assert str(key) in answer.err
    (command,) = (one for one in _phrases(answer.err) if one.startswith("sed "))
    done(drafted, command)
    assert key.read_bytes() == data
    drafted.qms("--key", str(key), "submit", NUMBER)


def _phrases(said: str) -> list[str]:
    return said.split("`")[1::2]


def test_a_signature_keeps_the_name_that_its_department_had(released: Office) -> None:
    shared(released)
    released.edit("people.yaml", "{zh: 技术部, en: Technical}", "{zh: 研发部, en: Research}")
    for keeper in ("gao.feng", "guan.ning"):
        released.qms("policy", "sign", by=keeper)

    for command in ("history", "show"):
        said = released.qms(command, NUMBER)
        assert "In charge of Technical" in said, command
        assert "In charge of Research" not in said, command


@pytest.mark.parametrize(
    "slip",
    [
        ("owner: technical", "owner：technical"),
        ("owner: technical", "owner: 技术部"),
        ("prepared_by: gong.yi", "prepared_by: 龚怡"),
        ("number: LX-WI-01", "number: lx-wi-1"),
    ],
)
def test_fix_leaves_what_somebody_signed_as_it_is(submitted: Office, slip: tuple[str, str]) -> None:
    submitted.edit(TEXT, "无", "转速。")  # so that undoing the slip alone gives no signed text
    submitted.edit(TEXT, *slip)
    before = submitted.text(TEXT)

    submitted.qms("fix")

    assert submitted.text(TEXT) == before


def test_fix_gives_back_the_very_text_that_was_signed(submitted: Office) -> None:
    before = submitted.text(TEXT)
    submitted.edit(TEXT, "owner: technical", "owner：technical")

    submitted.qms("fix", by="gong.yi")

    assert submitted.text(TEXT) == before
