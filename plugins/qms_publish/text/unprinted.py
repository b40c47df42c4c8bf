"""What is told of a text that the page would not have as it was written."""

from typing import NamedTuple


class Unprinted(NamedTuple):
    """What would not come to paper as it was written: the code, the line (from 0), the letters.

    `taken` says what a sign was taken for that is lost: what to write follows from it; `most` is
    how wide a line may be, where that is too much.
    """

    code: str
    line: int
    found: str
    taken: str = ""
    most: int = 0
