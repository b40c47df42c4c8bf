"""The letters that a company draws itself, as its policy binds them (DC-18)."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Final

from qms.domain.register.register import Register
from qms.findings import Finding, Place, Refused
from qms.formats.digests import sha256
from qms.formats.glyph_files import FOLDER, MOST, Glyphs, glyph_of, outline_of, shaping_of
from qms.formats.tree import Tree

_WHY: Final = {
    "name": ("it is not called after one letter", "文件名不对应单个字"),
    "known": ("our fonts have that letter", "字体中已有该字"),
    "direction": (
        "that letter is written from right to left, and would turn what stands beside it",
        "该字自右向左书写，会打乱相邻内容的次序",
    ),
    "sign": (
        "it is no single letter, but several, an accent of its own or a sign",
        "它不是单个字，而是多个字、独立的附加符号或其他符号",
    ),
    "parts": ("a page takes that letter apart into others", "排版时该字会被拆成其他字符"),
    "outline": (
        "it holds no outline that every program draws alike, of the size of a letter",
        "其中没有各程序显示一致且大小合适的轮廓",
    ),
    "many": ("there are too many", "数量过多"),
}


def why_not(word: str) -> dict[str, str]:
    """Why a letter is not drawn, in both languages, as findings have it."""
    english, chinese = _WHY[word]
    return {"why": english, "why_zh": chinese}


def own_glyphs(tree: Tree, listed: Mapping[str, str]) -> Glyphs:
    """The letters whose drawings lie in a tree as a policy lists them: `listed` are its digests."""
    found: dict[str, str] = {}
    for path, digest in listed.items():
        char = glyph_of(path)
        if char is None or len(found) >= MOST or shaping_of(char) or not _is_lacking(char):
            continue
        with suppress(Refused):  # over the cap: told as a file that isn't as the policy lists it
            data = tree.read(path)
            outline = outline_of(data) if data is not None and sha256(data) == digest else None
            if outline is not None:
                found[char] = outline
    return found


def newest_glyphs(tree: Tree, register: Register) -> Glyphs:
    """The same by the newest version that a register holds."""
    newest = register.newest_policy
    return {} if newest is None else own_glyphs(tree, newest.listed)


def drawn_in(tree: Tree) -> Glyphs:
    """The letters that are drawn in a tree, whether or not a policy lists them yet."""
    return own_glyphs(tree, {path: sha256(data) for path, data in _files(tree)})


def glyph_faults(tree: Tree) -> Iterator[Finding]:
    """GLYPH-FILE for each file among the drawings that draws no letter, or one that fonts have."""
    for at, (path, data) in enumerate(_files(tree)):
        char, outline = glyph_of(path), outline_of(data)
        why = "name" if char is None else shaping_of(char)
        if char is not None and not why and not _is_lacking(char):
            why = "known"
        if not why and (outline is None or not _is_drawn(outline)):
            why = "outline"
        why = why or ("many" if at >= MOST else "")
        if why:
            yield Finding("GLYPH-FILE", Place(path), why_not(why) | {"most": str(MOST)})


def _is_lacking(char: str) -> bool:
    from qms.letters import unprintable  # noqa: PLC0415 - every check would load it

    return bool(unprintable(char))


def _is_drawn(outline: str) -> bool:
    from qms.glyph_font import is_drawn  # noqa: PLC0415 - 40 ms, and hardly anybody has one

    return is_drawn(outline)


def _files(tree: Tree) -> Iterator[tuple[str, bytes]]:
    for path, _ in tree.files(FOLDER):
        try:
            data = tree.read(path)
        except Refused:
            data = None
        yield path, data or b""
