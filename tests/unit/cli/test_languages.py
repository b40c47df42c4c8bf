import pytest

from qms.cli.languages import asked_for, both, by_locale, side
from qms.texts import Text


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LC_MESSAGES": "en_GB", "LANG": "zh_CN"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_TW.Big5"}, "zh"),
        ({"LANG": "zh_CN.GBK@radical"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, None),
        ({"LANG": "C.UTF-8"}, None),
        ({"LANG": "POSIX"}, None),
        ({}, None),
    ],
)
def test_the_locale_says_which_language(environment: dict[str, str], language: str | None) -> None:
    assert by_locale(environment) == language


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (["--lang", "zh", "check"], "zh"),
        (["check", "--lang=en"], "en"),
        (["check", "--lang", "fr"], None),
        (["check", "--lang"], None),
        (["check", "--", "--lang", "zh"], None),
        (["--lang", "zh", "check", "--lang", "en"], "en"),
        ([], None),
    ],
)
def test_the_command_line_says_which_language(arguments: list[str], language: str | None) -> None:
    assert asked_for(arguments) == language


def test_a_text_has_two_sides() -> None:
    text = Text("检查", "check")

    assert (text.of("zh"), text.of("en")) == ("检查", "check")


def test_a_string_can_hold_both_sides() -> None:
    assert side(both("检查", "check"), "zh") == "检查"
    assert side(both("检查", "check"), "en") == "check"


def test_a_string_of_one_language_stays_as_it_is() -> None:
    assert side("check", "zh") == "check"
