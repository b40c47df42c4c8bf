"""Words where nothing is printed: in the address of a link, or in the name of its definition.

People sign those too, and a reader of the page never sees them. So an address is in the letters of
addresses, as a browser copies it, and a name that isn't what the page shows is a short word.
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from qms_publish.text.spans import solid, spelled_links
from qms_publish.text.tokens import Token
from qms_publish.text.unprinted import Unprinted

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_PLAIN = re.compile(r"https://[!-~]*")
_SPELLED_OTHERWISE = re.compile(r"\\|&#?[A-Za-z0-9]+;")
_NAME = re.compile(r"[\w.-]{1,40}", re.ASCII)
_DEFINED = re.compile(
    r"[\s>]*(?:(?:[-+*]|[0-9]{1,9}[.)])\s+)*\[(?:\\.|[^\]\\])*+\]:\s*(?P<rest>.*)", re.DOTALL
)
_POINTED = re.compile(r"<(?P<address>(?:\\.|[^>\\\n])*+)>")


def hidden_words(children: Sequence[Token], line: int) -> Iterator[Unprinted]:
    """ADDRESS-WORDS for the links and pictures among an inline's tokens, which begin at a line."""
    found = dict(spelled_links(children))
    for at, token in enumerate(children):
        if token.type == "image":
            found[at] = f"![{token.content}]"
        if at in found and _hides(str(token.meta["source"]), found[at]):
            yield Unprinted("ADDRESS-WORDS", line, str(token.meta["source"]))
        line += token.type in {"softbreak", "hardbreak"}


def words_of_definition(lines: Sequence[str]) -> bool:
    """Whether the address in the lines of a definition is more than an address.

    What stands behind it is a title: that of a picture may be its caption.
    """
    found = _DEFINED.fullmatch("\n".join(lines))
    rest = "" if found is None else found["rest"]
    pointed = _POINTED.match(rest)
    if pointed is not None:
        return _is_more(pointed["address"])
    return _is_more(next(iter(rest.split(maxsplit=1)), ""))


def _is_more(address: str) -> bool:
    """Whether an address leads elsewhere and isn't in the letters that a browser copies.

    A path is judged where it is looked up. In it, too, each letter stands for itself.
    """
    if _SPELLED_OTHERWISE.search(address):
        return True
    scheme = _SCHEME.match(unquote(address))
    # Every other scheme is refused as it is, whatever stands behind it.
    return scheme is not None and scheme[0].lower() == "https:" and not _PLAIN.fullmatch(address)


def _hides(source: str, shown: str) -> bool:
    """Whether a link hides words behind what it shows, which is its beginning."""
    tail = solid(source).removeprefix(solid(shown))
    if tail.startswith("["):
        name = source.rpartition("[")[2].removesuffix("]")
        return tail != "[]" and (tail != f"[{name}]" or _NAME.fullmatch(name) is None)
    if not tail.startswith("("):
        return False
    # What is shown may hold brackets itself: the address begins at the same place from the end.
    rest = source[_place_of(source, len(tail)) + 1 :].lstrip()
    pointed = _POINTED.match(rest)
    address = pointed["address"] if pointed is not None else re.split(r"[\s]", rest)[0]
    return _is_more(address if pointed is not None else address.removesuffix(")"))


def _place_of(source: str, letters: int) -> int:
    """Where the last so many letters of a text begin, its blanks not counted."""
    for at in range(len(source) - 1, -1, -1):
        letters -= not source[at].isspace()
        if letters == 0:
            return at
    return 0
