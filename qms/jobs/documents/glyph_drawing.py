"""Draws a letter of the company's own, from a font file that somebody has of it (DC-18)."""

from pathlib import Path
from typing import Final

from qms.findings import refused
from qms.formats.glyph_files import glyph_file, glyph_of, glyph_path, outline_of, shaping_of
from qms.glyph_font import is_drawn, outline_from
from qms.jobs.judging.own_glyphs import why_not
from qms.jobs.sessions.new_drafts import write_draft
from qms.jobs.sessions.work_session import WorkSession
from qms.letters import unprintable

_LARGEST: Final = 128 * 1024 * 1024
"""Fonts of all Chinese characters have half of it; what is longer is cut off, and is none."""


def draw(session: WorkSession, char: str, font: Path) -> str:
    """Write the drawing of a letter, as a font file has it, into the work tree; gives its path.

    Raises `Refused` GLYPH-KNOWN for a letter that our fonts have, GLYPH-SHAPED for one that can't
    be drawn by itself, GLYPH-NONE where the font has none or is no font.
    """
    if not unprintable(char):
        raise refused("GLYPH-KNOWN", found=char)
    is_letter = len(char) == 1 and glyph_of(glyph_path(char)) is not None
    if shaped := shaping_of(char) if is_letter else "sign":
        raise refused("GLYPH-SHAPED", found=char, **why_not(shaped))
    path = glyph_path(char)
    try:
        with font.open("rb") as file:
            outline = outline_from(file.read(_LARGEST), char)
    except (OSError, ValueError) as error:
        raise refused("GLYPH-NONE", found=char, font=str(font)) from error
    data = glyph_file(outline or "")
    if outline_of(data) is None or not is_drawn(outline or ""):
        raise refused("GLYPH-NONE", found=char, font=str(font))
    with session.writing():
        write_draft(session, path, data)
    return path
