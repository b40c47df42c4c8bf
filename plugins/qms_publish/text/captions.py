"""What names a table or a picture: a line of its own, or the words behind a picture's address."""

import re
from collections.abc import Sequence

from qms_publish.lettering.widths import columns
from qms_publish.text.latin import marked
from qms_publish.text.tokens import Token

MAX_CAPTION = 80
"""So many columns has a caption, which is one line on paper, in two languages too."""
_CAPTION = re.compile(r"^(表|图|Table|Figure)\s*[A-Z]?[\d.\-]*\d(?![\d%])")
_SENTENCE = re.compile(r"[。！？；，!?;]|[.:：]$")
"""What is about a table or picture, and no name of it."""


def is_caption(text: str) -> bool:
    """Whether a paragraph names a table or picture: one line, no sentence."""
    is_named = _CAPTION.match(text) is not None and not _SENTENCE.search(text)
    return is_named and columns(text) <= MAX_CAPTION


def is_figure(block: Sequence[Token]) -> bool:
    """A picture that is a paragraph of its own."""
    if not block or block[0].type != "paragraph_open":
        return False
    children = block[1].children or []
    return len(children) == 1 and children[0].type == "image"


def caption_of(inline: Token) -> str:
    """The caption of the picture that is all of a paragraph, as HTML; it is no title any more."""
    image = (inline.children or [])[0]
    caption = str(image.attrs.pop("title", "") or "")
    return f"<figcaption>{marked(caption, english=False)}</figcaption>" if caption else ""
