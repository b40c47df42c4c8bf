"""Chinese or English: which one this call speaks, and strings that hold both."""

from collections.abc import Mapping, Sequence
from typing import Final

from qms.texts import EN, LANGUAGES, ZH

_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
_BETWEEN: Final = " ¦ "


def asked_for(arguments: Sequence[str]) -> str | None:
    """The language that ``--lang`` names on a command line, before anything else reads it.

    So that what is wrong with the command line is said in it too.
    """
    found = None
    for at, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--lang" and at + 1 < len(arguments):
            found = arguments[at + 1]
        elif argument.startswith("--lang="):
            found = argument.removeprefix("--lang=")
    return found if found in LANGUAGES else None


def by_locale(environment: Mapping[str, str]) -> str | None:
    """The language of the locale; None where it is C, POSIX or not set at all."""
    name = next((environment[v] for v in _VARIABLES if environment.get(v)), "")
    name = name.partition(".")[0].partition("@")[0]
    if name in ("", "C", "POSIX"):
        return None
    return ZH if name.lower().startswith("zh") else EN


def both(zh: str, en: str) -> str:
    """One string with both languages in it, for where click wants a string; see `side`."""
    return f"{zh}{_BETWEEN}{en}"


def side(text: str, language: str) -> str:
    """The half of such a string; any other text is given back as it is."""
    zh, between, en = text.partition(_BETWEEN)
    if not between:
        return text
    return zh if language == ZH else en
