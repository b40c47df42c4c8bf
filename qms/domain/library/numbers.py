"""All numbers of documents there are, and which of them somebody means by what they typed."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final, NamedTuple

from qms.domain.kinds.near import close_to, near_numbers
from qms.domain.kinds.recorded import Filed
from qms.domain.kinds.working_texts import working_texts
from qms.domain.register.register import Register
from qms.findings import refused
from qms.formats.paths import parse_path
from qms.formats.tree import Tree
from qms.texts import Text

_COUNT: Final = re.compile("([0-9]+)")


class Use(NamedTuple):
    """A number in use: by a released document, or, where there is a `path`, by what lies there.

    That is a working text, or something of a plugin's kind: then there is no `class_id`, which is
    one of documents.
    """

    number: str
    class_id: str
    path: str = ""


def numbers_in_order(numbers: Iterable[str]) -> list[str]:
    """Numbers as people count: ``LX-WI-99`` before ``LX-WI-101``."""
    return sorted(numbers, key=_turn)


def _turn(number: str) -> tuple[list[str | int], str]:
    """Its letters and its counts by turns, so that like is compared with like."""
    parts = _COUNT.split(number)
    return [int(part) if at % 2 else part for at, part in enumerate(parts)], number


def numbers_in_use(register: Register, tree: Tree) -> Mapping[str, tuple[Use, ...]]:
    """All numbers of documents, with their uses: what is released first."""
    found: dict[str, tuple[Use, ...]] = {
        number: (Use(number, class_id),) for number, class_id in register.numbers().items()
    }
    for one in working_texts(tree):
        if one.number:
            use = Use(one.number, one.at.class_id, one.path)
            found[one.number] = (*found.get(one.number, ()), use)
    return found


def known_numbers(register: Register, tree: Tree) -> dict[str, str]:
    """All numbers of released documents and of working texts, with their class."""
    return {number: uses[0].class_id for number, uses in numbers_in_use(register, tree).items()}


def number_meant(
    known: Collection[str],
    text: str,
    spelled: Callable[[str], Iterable[str]],
    titles: Callable[[], Mapping[str, Text]],
    filed: Callable[[str], Iterable[Filed]],
) -> str:
    """The one of the `known` numbers that `text` names.

    As it is written in the files, as `spelled` spells it (a twin or printed form of its class:
    ``jd/qma—2006``), as a path, or as the end of exactly one number. Raises `Refused` NO-DOCUMENT
    where it is that of a text of a plugin's kind, of which `filed` gives those with a number; else
    NUMBER-UNKNOWN with what is close.
    """
    named = parse_path(text).number
    for one in (text, named):
        if one in known:
            return one
    for one in spelled(text):
        if one in known:
            return one
    for other in filed(text):
        raise refused("NO-DOCUMENT", found=text, kind=other.text.kind)
    ends = [number for number in known if number.lower().endswith(text.lower())]
    if len(ends) == 1:
        return ends[0]
    close = ", ".join(ends or near_numbers(known, text)) or close_to(titles(), text)
    raise refused("NUMBER-UNKNOWN", found=text, close=close)
