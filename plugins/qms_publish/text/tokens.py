"""The one module that touches markdown-it: text in, tokens out, and tokens as HTML."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.hr import hr
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.backticks import backtick
from markdown_it.rules_inline.escape import escape
from markdown_it.rules_inline.image import image
from markdown_it.rules_inline.link import link
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

from qms_publish.text.code_lines import CodeSetter
from qms_publish.text.emphasis import SignRun, is_code, is_phrase, roles, run_at
from qms_publish.text.labels import label_of
from qms_publish.text.scripts import is_behind_power, script_at

__all__ = [
    "BREAKS", "Definitions", "Token", "has_picture", "html_of", "html_token", "normal_label",
    "tokens_of",
]  # fmt: skip

BREAKS = frozenset({"softbreak", "hardbreak"})
"""What ends a line within a paragraph."""
BOXES = {" ": "☐", "x": "☑"}
"""What is printed for ``[ ]`` and ``[x]``."""
_WORDS = frozenset({"text", "text_special", "code_inline"})
_SCRIPTS = frozenset({"sub_close", "sup_close"})
_TASK = re.compile(r"(?P<box>\[(?P<sign>[ xX])\])(?:[ \t]+|$)")
_BOTH = 3
_LISTS = ("bullet_list", "ordered_list")
_SINGLE = "*"
"""What may also be printed: two stars that are no mark are refused wherever they stand."""
Definitions = Mapping[str, tuple[int, int]]
"""Definitions of links by their normal labels: the lines of each, from 0, the last excluded."""
Look = Callable[[Sequence[Token], Definitions], None]
_Rule = Callable[[StateInline, bool], bool]


def tokens_of(text: str, *, depth: int, look: Look | None = None) -> list[Token]:
    """The tokens of `text`; HTML in it and every address are left for others to judge.

    `look` sees them while they still say how each was written: an escaped letter stands by itself,
    as ``text_special`` with its spelling as `markup`; a box of a list of tasks is a ``task``, with
    what was written as `markup` and what is printed as `content`; of a link or picture `meta` has
    its ``label``, if that leads to a definition, and all of its ``source``.
    """
    parser = _parser(depth)
    parser.core.ruler.before("text_join", "tasks", _tasks)
    if look is not None:
        parser.core.ruler.before("text_join", "look", lambda state: look(*_read(state)))
    return parser.parse(text)


def _tasks(state: StateCore) -> None:
    """``[ ]`` and ``[x]`` before the text of an item are boxes: tokens ``task`` of their own."""
    for at, item in enumerate(state.tokens[:-2]):
        paragraph, inline = state.tokens[at + 1 : at + 3]
        children = inline.children or []
        if (item.type, paragraph.type) != ("list_item_open", "paragraph_open") or not children:
            continue
        first = children[0]
        box = _TASK.match(first.content) if first.type == "text" else None
        ends = box is not None and box.end() == len(first.content)
        if box is not None and (not ends or len(children) == 1 or box[0] != box["box"]):
            sign = BOXES[box["sign"].lower()]
            first.content = first.content[box.end() :]
            children.insert(0, Token("task", "", 0, markup=box["box"], content=sign))


def _read(state: StateCore) -> tuple[Sequence[Token], Definitions]:
    env: dict[str, Any] = dict(state.env)
    found = {label: _lines(one) for label, one in env.get("references", {}).items()}
    for number, one in enumerate(env.get("duplicate_refs", ())):
        found[f"{one['label']}\0{number}"] = _lines(one)
    return state.tokens, found


def _lines(definition: Mapping[str, Any]) -> tuple[int, int]:
    first, last = definition["map"]
    return int(first), int(last)


def normal_label(label: str) -> str:
    """A label of a link as definitions are looked up."""
    return normalizeReference(label)


def html_of(tokens: list[Token]) -> str:
    """The tokens as HTML, text escaped."""
    parser = _parser(0)
    return str(parser.renderer.render(tokens, parser.options, {}))


def html_token(text: str) -> Token:
    """A block of the page's own, as HTML."""
    return Token("html_block", "", 0, content=text)


def has_picture(children: Sequence[Token]) -> bool:
    """Whether there is a picture among what stands in a line."""
    return any(one.type == "image" for one in children)


def _parser(depth: int) -> MarkdownIt:
    options = {
        "html": True, "maxNesting": depth, "store_labels": True, "highlight": CodeSetter(),
    }  # fmt: skip
    parser = MarkdownIt("js-default", options)
    setattr(parser, "validateLink", _judged_later)  # noqa: B010 - the documented way to set it
    parser.block.ruler.at("hr", _drawn, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    parser.block.ruler.before("paragraph", "next_item", _next_item, {"alt": ["paragraph"]})
    parser.inline.ruler.before("strikethrough", "scripts", _scripts)
    for name, rule in (
        ("strikethrough", _marks), ("emphasis", _marks), ("escape", _told(escape)),
        ("link", _told(link)), ("image", _told(image)), ("backticks", _code),
    ):  # fmt: skip
        parser.inline.ruler.at(name, rule)
    parser.inline.ruler2.before("balance_pairs", "in_turn", _in_turn)
    parser.inline.ruler2.after("emphasis", "told_apart", _told_apart)
    return parser


def _scripts(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - as the parser calls it
    """H~2~O and 10^-6^: a few letters, digits and signs that a formula has lowered or raised."""
    sign = state.src[state.pos]
    if sign not in "~^":
        return False
    is_behind = bool(state.tokens and not state.pending and state.tokens[-1].type in _SCRIPTS)
    found = script_at(state.src, state.pos, state.posMax, is_behind_script=is_behind)
    if found is None:
        return False
    tag = "sub" if sign == "~" else "sup"
    if not silent:
        opening = state.push(f"{tag}_open", tag, 1)
        opening.markup = sign
        if sign == "^" and is_behind_power(state.src, state.pos):
            opening.attrs["class"] = "behind"
        inside = state.push("text", "", 0)
        inside.content, inside.meta = found[0].strip(sign), {"script": True}
        state.push(f"{tag}_close", tag, -1).markup = sign
    state.pos = found.end()
    return True


def _marks(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - as the parser calls it
    """Stars and pairs of tildes that may be marks, and underscores that look like some."""
    run = None if silent else run_at(state.src, state.pos, state.posMax)
    if run is None:
        return False
    sign = state.src[state.pos]
    # Tildes are marks in pairs, and the parser looks for one token of both.
    parts, length = ([sign * run.length], 0) if sign == "~" else ([sign] * run.length, run.length)
    for part in parts:
        token = state.push("text", "", 0)
        # An underscore is never a mark: what would be one says so.
        token.content, token.meta = part, {"clear": run.is_clear and sign != "_", "run": run}
        if run.opens or run.closes:
            state.delimiters.append(
                Delimiter(
                    marker=ord(sign), length=length, token=len(state.tokens) - 1, end=-1,
                    open=run.opens, close=run.closes,
                )
            )  # fmt: skip
    state.pos += run.length
    return True


def _in_turn(state: StateInline) -> None:
    """Say of pairs of stars and of tildes which of them begin and which end something."""
    inner = (one["delimiters"] for one in state.tokens_meta if one and "delimiters" in one)
    for delimiters in (state.delimiters, *inner):
        sorts: dict[tuple[int, int], list[Delimiter]] = {}
        for one in delimiters:
            sorts.setdefault((one.marker, one.length), []).append(one)
        lengths = {length for marker, length in sorts if chr(marker) == "*"}
        for (marker, length), found in sorts.items():
            # Three stars may be one mark, or two that end or begin beside each other.
            is_doubtful = length and _BOTH in lengths and len(lengths) > 1
            if chr(marker) == "_" or length == 1 or is_doubtful:
                continue
            each = max(length, 1)
            runs = (state.tokens[one.token].meta["run"] for one in found[::each])
            for at, (opens, closes) in enumerate(roles(runs)):
                for one in found[at * each : at * each + each]:
                    one.open, one.close = opens, closes


def _told_apart(state: StateInline) -> None:
    """Make unclear what stands in its like, and marks beside others of their sort that are none."""
    opened: dict[str, int] = {}
    singles: list[Token] = []
    is_left = False
    for token in state.tokens:
        run: SignRun | None = token.meta.get("run")
        if run is None:
            continue
        if token.nesting == 0:
            is_left |= not run.is_letter and token.content * run.length == _SINGLE
            continue
        opened[token.markup] = opened.get(token.markup, 0) + token.nesting
        if token.nesting > 0:
            token.meta["clear"] = token.meta["clear"] and opened[token.markup] == 1
            singles += [token] if token.markup == _SINGLE else []
    for token in singles if is_left else ():
        token.meta["clear"] = False
    _single_pairs(state.tokens)
    _halved(state.tokens)


def _single_pairs(tokens: Sequence[Token]) -> None:
    """Make unclear what single stars have between them that is no phrase; none within another.

    Three stars are nobody's note: what they begin or end is emphasised as it is meant.
    """
    first: Token | None = None
    is_three, inside = False, ""
    is_product = any(not one.nesting and "run" in one.meta and one.content == "*" for one in tokens)
    for token in tokens:
        if token.markup != _SINGLE or not token.nesting:
            inside += token.content if token.type in _WORDS else "\n" * (token.type in BREAKS)
            continue
        is_three = is_three or token.meta["run"].length == _BOTH
        if token.nesting > 0:
            is_three = token.meta["run"].length == _BOTH
            first, inside = token, ""
        elif first is not None:
            if not (
                is_three or is_phrase(inside) or (_is_compared(inside, token) and not is_product)
            ):
                first.meta["clear"] = False
            first = None


def _is_compared(inside: str, last: Token) -> bool:
    """Whether it is the sign of a quantity: *p* < 0.05."""
    return (
        len(inside) == 1 and inside.isascii() and inside.isalpha() and last.meta["run"].is_compared
    )


def _halved(tokens: Sequence[Token]) -> None:
    """Say of runs of which some signs are marks and others letters that they are: **A 与 B*."""
    ends: dict[int, list[Token]] = {}
    for token in tokens:
        run = token.meta.get("run")
        if run is not None and "*" in (token.markup[:1], token.content):
            ends.setdefault(id(run), []).append(token)
    for parts in ends.values():
        if any(one.nesting for one in parts) and not all(one.nesting for one in parts):
            for one in parts:
                one.meta["halved"] = True


def _drawn(state: StateBlock, first: int, last: int, silent: bool) -> bool:  # noqa: FBT001 - as the parser calls it
    """A line of ``---`` or ``***`` across the page; one of underscores is a blank to fill in."""
    at = state.bMarks[first] + state.tShift[first]
    return state.src[at : at + 1] != "_" and hr(state, first, last, silent)


def _next_item(state: StateBlock, first: int, _last: int, silent: bool) -> bool:  # noqa: FBT001 - as the parser calls it
    """Whether a line ends the list above it: `B. 乙` below the items of `A. 甲`.

    Markdown takes each line right below an item for more of its text. One that has the label of
    what the list itself stands below goes on with that.
    """
    if not silent or state.sCount[first] >= state.blkIndent:
        return False
    label = label_of(state.src[state.bMarks[first] : state.eMarks[first]])
    return bool(label) and any(label_of(one) == label for one in _leading(state))


def _leading(state: StateBlock) -> Iterator[str]:
    """The last line of each text that a list stands below in which the parser is."""
    closed = 0
    for at in range(len(state.tokens) - 1, 2, -1):
        token = state.tokens[at]
        if not token.type.startswith(_LISTS):
            continue
        closed -= token.nesting
        if closed < 0:
            closed = 0
            if state.tokens[at - 1].type == "paragraph_close":
                yield state.tokens[at - 2].content.rpartition("\n")[2]


def _code(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - as the parser calls it
    """Code between backticks; whether they are marks is told by what stands around them."""
    begin, first = state.pos, len(state.tokens)
    if not backtick(state, silent):
        return False
    for token in state.tokens[first:]:
        if token.type == "code_inline":
            token.meta["clear"] = is_code(state.src, begin, state.pos, len(token.markup))
    return True


def _told(rule: _Rule) -> _Rule:
    """A rule whose first token says in its `meta` how all that it found was written."""

    def telling(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - as the parser calls it
        begin, first = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        made = (one for one in state.tokens[first:] if one.type != "text")
        if not silent and (token := next(made, None)) is not None:
            token.meta["source"] = state.src[begin : state.pos]
        return True

    return telling


def _judged_later(_address: str) -> bool:
    """Let the parser take every link for one: a refused one would stay as text, unnoticed."""
    return True
