"""The one module that touches markdown-it: text in, tokens out, and tokens as HTML."""

from markdown_it import MarkdownIt
from markdown_it.token import Token

__all__ = ["Token", "html_of", "tokens_of"]


def tokens_of(text: str, *, depth: int) -> list[Token]:
    """The tokens of `text`; HTML in it and every address are left for others to judge."""
    return _parser(depth).parse(text)


def html_of(tokens: list[Token]) -> str:
    """The tokens as HTML, text escaped."""
    parser = _parser(0)
    return str(parser.renderer.render(tokens, parser.options, {}))


def _parser(depth: int) -> MarkdownIt:
    parser = MarkdownIt("js-default", {"html": True, "maxNesting": depth})
    setattr(parser, "validateLink", _judged_later)  # noqa: B010 - the documented way to set it
    return parser


def _judged_later(_address: str) -> bool:
    """Let the parser take every link for one: a refused one would stay as text, unnoticed."""
    return True
