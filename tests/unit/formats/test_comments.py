"""A comment behind a value cuts it."""

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from qms.findings import Refused
from qms.formats import strict_yaml
from qms.formats.comments import comments_behind, numbers_cut
from qms.formats.strict_yaml import load


def told(text: str) -> list[tuple[int, str]]:
    return [(one.place.line, str(one.values["like"])) for one in comments_behind(text.encode())]


@pytest.fixture(params=[strict_yaml._open, yaml.SafeLoader])  # noqa: SLF001 - both parsers
def _parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict_yaml, "_open", request.param)


@pytest.mark.usefixtures("_parser")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title: 钻床 #3 机台\n", [(1, 'title: "钻床 #3 机台"')]),
        ("a: 1\ntitle: #3 机台\n", [(2, 'title: "#3 机台"')]),
        ("title: '钻' #3\n", [(1, "title: \"'钻' #3\"")]),
        ("l:\n  - 甲 #3\n  # 乙\n  - 丙\n", [(2, '- "甲 #3"')]),
        ("l: [甲, 乙] # 丙\n", [(1, 'title: "… #…"')]),
        ("l: [甲, # 乙\n  丙]\n", [(1, 'title: "… #…"')]),
        ("l: [甲 #乙, 丙]\nb: 1\n", [(1, 'title: "… #…"')]),
        ("s: | # 甲\n  乙 #3\n", [(1, 'title: "… #…"')]),
        ("s: |\n  甲 #3\n# 乙\nb: 1\n  # 丙\n", []),
        ('a: "甲 #3"\nb: 甲#3\n\n# c\n', []),
        (f"a: {'甲' * 160} #3\n", [(1, 'a: "… #…"')]),
    ],
)
def test_each_is_told_with_its_line_and_what_to_write(
    text: str, expected: list[tuple[int, str]]
) -> None:
    assert told(text) == expected


def test_what_is_named_reads_back_as_the_whole_text() -> None:
    for text in ("钻床 #3 机台", r"C:\a #3", 'so "x" #3', "#"):
        ((_, like),) = told(f"title: {text}\n")

        assert load(f"{like}\n".encode()) == {"title": text}


def test_in_the_policy_a_remark_is_told_from_a_number() -> None:
    text = "a: 甲 # 3\nb: 乙  #3\nc: 丙 #3\nd: 丁 #x\n"

    assert [one.place.line for one in numbers_cut(text.encode())] == [3]


@given(st.text(alphabet="ab: #\n-[]{},|>'\"中", max_size=40))
@example("a: b #c")
@example("{}#")
@example("a: >\n #")
def test_without_one_no_sign_of_a_value_is_lost(text: str) -> None:
    try:
        load(text.encode())
    except Refused:
        return
    if not told(text):
        rest = [line for line in text.split("\n") if not line.lstrip(" ").startswith("#")]
        value = load("\n".join(rest).encode())

        assert value == load(text.encode())
        assert sum("#" in line for line in rest) <= repr(value).count("#")
