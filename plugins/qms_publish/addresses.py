"""Words where nothing is printed: in the address of a link, or in the name of its definition.

People sign those too, and a reader of the page never sees them. So an address is in the letters of
addresses, as a browser copies it, and a name that isn't what the page shows is a short word.
"""

import re
from collections.abc import Iterator, Sequence

from qms_publish.spelling import Loss, solid, spelled_links
from qms_publish.tokens import Token

_ADDRESS = re.compile(r"[!-~]*")
_NAME = re.compile(r"[\w.-]{1,40}", re.ASCII)


def hidden_words(children: Sequence[Token], line: int) -> Iterator[Loss]:
    """ADDRESS-WORDS for the links and pictures among an inline's tokens, which begin at a line."""
    found = dict(spelled_links(children))
    for at, token in enumerate(children):
        if token.type == "image":
            found[at] = f"![{token.content}]"
        if at in found and _hides(str(token.meta["source"]), found[at]):
            yield Loss("ADDRESS-WORDS", line, str(token.meta["source"]))
        line += token.type in {"softbreak", "hardbreak"}


def words_of_definition(lines: Sequence[str]) -> bool:
    """Whether the address in the lines of a definition is more than an address.

    What stands behind it is a title: that of a picture may be its caption.
    """
    address = "\n".join(lines).partition("]:")[2].split(maxsplit=1)[:1]
    is_elsewhere = address and address[0].lstrip("<").startswith("https://")
    return bool(is_elsewhere) and _ADDRESS.fullmatch(address[0]) is None


def _hides(source: str, shown: str) -> bool:
    """Whether a link hides words behind what it shows, which is its beginning."""
    tail = solid(source).removeprefix(solid(shown))
    if tail.startswith("["):
        name = source.rpartition("[")[2].removesuffix("]")
        return tail != "[]" and (tail != f"[{name}]" or _NAME.fullmatch(name) is None)
    # What is no https address is refused as it is.
    return tail.startswith(("(https://", "(<https://")) and _ADDRESS.fullmatch(tail) is None
