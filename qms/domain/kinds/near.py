"""What somebody may have meant by an id that nobody has: its name, another spelling, a slip.

Only words are compared here; whether an id is right, its rule says.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from qms.formats.near_words import folded, near_slips, near_words, parts
from qms.texts import Text

_COUNT: Final = re.compile(r"0+(?=[0-9])")


def meant(known: Mapping[str, Text], text: str) -> str | None:
    """The only id that `text` can stand for: by its name in any language, or spelled otherwise.

    That is in another width or case, or with other signs between its words. None for an id itself.
    """
    if text in known:
        return None
    wanted = folded(text)
    found = [
        one for one, name in known.items()
        if wanted and wanted in {folded(one), *map(folded, name.by_tag.values())}
    ]  # fmt: skip
    return found[0] if len(found) == 1 else None


def near(known: Mapping[str, Text], text: str) -> str:
    """The ids close to `text`, the closest first, each with its name; all where none is."""
    return ", ".join(_named(one, known[one]) for one in _close(known, text) or known)


def close_to(known: Mapping[str, Text], text: str) -> str:
    """The same, a dash where none does: for ids of which there may be hundreds."""
    return ", ".join(_named(one, known[one]) for one in _close(known, text)) or "-"


def near_numbers(known: Iterable[str], text: str) -> tuple[str, ...]:
    """The numbers that come close to `text`, the closest ones first."""
    return near_slips(known, text)


def is_same_number(one: str, other: str) -> bool:
    """Whether two numbers differ by width, case, dashes, blanks or zeros in front alone."""
    return _counted(one) == _counted(other)


def _counted(number: str) -> str:
    return "-".join(_COUNT.sub("", part) for part in parts(number) if part)


def _close(known: Mapping[str, Text], text: str) -> tuple[str, ...]:
    sure = meant(known, text)
    if sure is not None:
        return (sure,)
    return near_words({one: (one, *name.by_tag.values()) for one, name in known.items()}, text)


def _named(one: str, name: Text) -> str:
    printed = name.of(name.home)
    return f"{one} ({printed})" if printed and printed != one else one
