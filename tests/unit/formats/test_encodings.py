"""Bytes that aren't UTF-8: which encoding they were probably saved in."""

import pytest

from qms.formats.encodings import as_utf8, is_utf8, likely_encoding


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("title: 文件控制程序\n\n1 目的：规范文件的编制。\n", "gb18030"),
        ("title: a\n\n龚怡（技术部） 5℃ ≥ 3 μm\n", "gbk"),
        ("title: Müller\n\nPrüfen: größe 5 °C ±0,1 – “so”, déjà vu\n", "windows-1252"),
        ("für\n", "windows-1252"),
        ("±5 µm\n", "windows-1252"),
        ("title: 文件\n", "utf-16"),
        ("title: a\n", "utf-16-le"),
        ("title: a\n", "utf-16-be"),
        ("title: Müller\n\nPrüfen\n", "utf-16-be"),
        ("title: 文件控制程序\n", "utf-16-be"),
        ("title: 文件\0控制程序\n\n1 目的：规范文件的编制。\n", "gb18030"),
        ("title: 文件控制程序\n\0\0", "gb18030"),
        ("title: M\0üller\n", "windows-1252"),
    ],
)
def test_it_is_told_by_what_the_text_would_read_as(text: str, encoding: str) -> None:
    found = likely_encoding(text.encode(encoding))

    assert text.encode(encoding).decode(found).removeprefix("\ufeff") == text
    assert (found == "WINDOWS-1252") == (encoding == "windows-1252")


def test_what_is_no_text_is_called_something() -> None:
    assert likely_encoding(b"\x81\xff") == "GB18030"


@pytest.mark.parametrize("data", ["1 目的：\0规范文件\n".encode(), b"a\0b\r\n", b"\0", b"\0a\0"])
def test_a_text_in_utf_8_stays_one_whatever_slipped_in(data: bytes) -> None:
    assert as_utf8(data) == data


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_ascii_in_utf_16_is_no_utf_8_though_it_could_be(codec: str) -> None:
    data = "---\nnumber: A\n---\n".encode(codec)

    assert data.decode()
    assert not is_utf8(data)
    assert as_utf8(data) == b"---\nnumber: A\n---\n"


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_a_text_in_another_encoding_becomes_utf_8(codec: str) -> None:
    assert as_utf8("title: 文件控制程序\n".encode(codec)) == "title: 文件控制程序\n".encode()
