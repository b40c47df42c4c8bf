"""A value in a command that a mend prints: whoever types what they read names that very thing."""

import subprocess

import pytest

from qms.cli.output import one_line
from qms.findings import shell_word

NAMES = [
    "documents/LX-WI-01.md", "a b", "a'b", "`id`", "$(id)", "a;b", "*.md", "!x", "文件 1.md",
    "说明（一）.md",
    "~", "~/x", "~root/x", "=ls", "a~b", "a\nb.txt", "e\x1b[31m.txt", "\tx", "x\\n", "u\u202ex.txt",
    "bytes-\udcff.md", "❤\ufe0f.md", "a\u3000b", "a\u00a0b", "\u3164", "it's\n\\",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_as_it_is_printed_is_that_name_to_a_shell(name: str) -> None:
    """Row 224 (L): what is hidden in a name is shown as \\x1b, which in quotes is four letters."""
    printed = one_line(shell_word(name))
    said = subprocess.run(
        ["bash", "-c", f"printf %s {printed}"],
        env={"HOME": "/nowhere", "LC_ALL": "C.UTF-8"}, capture_output=True, check=True,
    ).stdout  # fmt: skip

    assert said == name.encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("name", ["文件 1.md", "说明（一）.md", "a\u3000b"])
def test_what_people_can_read_stays_readable(name: str) -> None:
    assert shell_word(name) in (name, f"'{name}'")


def test_what_another_shell_takes_for_a_program_is_quoted() -> None:
    assert shell_word("=ls") == "'=ls'"
