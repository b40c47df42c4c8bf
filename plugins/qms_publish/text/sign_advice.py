"""What to write for a sign that would be lost: the one clause that fits what it was taken for."""

from collections.abc import Mapping
from enum import StrEnum, auto
from functools import cache


class Taken(StrEnum):
    """What the page would make of a sign that somebody may mean: a row of ``data/signs.toml``."""

    VALUES = auto()
    VALUE = auto()
    NOTHING = auto()
    CHOICE = auto()
    STAR = auto()
    BELOW = auto()
    BELOW_NUMBER = auto()
    SUM = auto()
    HEADING = auto()
    LINE = auto()
    COMPARED = auto()
    QUOTATION = auto()
    PROMPT = auto()
    QUOTED_BELOW = auto()
    QUOTED_IN_ITEM = auto()
    TABBED = auto()


@cache
def _rows() -> Mapping[str, Mapping[str, str]]:
    import tomllib  # noqa: PLC0415 - where there is something to advise
    from importlib.resources import files  # noqa: PLC0415

    text = (files("qms_publish") / "data" / "signs.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def advice(taken: str) -> tuple[str, str]:
    """What to write, in English and Chinese."""
    row = _rows()[taken]
    return row["en"], row["zh"]
