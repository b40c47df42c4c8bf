"""What the watermark plugin answers to the core (group qms.tools)."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from qms.api import hookimpl

if TYPE_CHECKING:  # loaded for printing, not for every check
    from qms.api import Finding, Stamped, StampRequest


@hookimpl
def codes() -> Path:
    """This plugin's code table."""
    return Path(__file__).parent / "data" / "codes.toml"


@hookimpl
def toolchain() -> Iterator[str]:
    """The fonts of the mark by their bytes, the libraries that draw it by their versions."""
    from importlib.metadata import version  # noqa: PLC0415 - only printing needs it

    from qms_watermark.glyphs import font_digests  # noqa: PLC0415 - as above

    for name in ("pikepdf", "segno", "uharfbuzz"):
        yield f"{name} {version(name)}"
    yield from font_digests()


@hookimpl
def stamp(request: "StampRequest") -> "Stamped":
    """The base PDF with the request's mark on every page (DC-08)."""
    from qms.api import Stamped  # noqa: PLC0415 - as below
    from qms_watermark.stamp import stamped as draw  # noqa: PLC0415 - pikepdf: 55 ms

    return Stamped(*draw(request.base, request, cover=request.cover))


@hookimpl
def markable(mark: "StampRequest") -> "Iterator[Finding]":
    """What keeps a mark from being drawn on a cover or another page, upright or across (DC-08)."""
    from qms.api import Refused  # noqa: PLC0415 - as below
    from qms_watermark.glyphs import drawing  # noqa: PLC0415 - as below
    from qms_watermark.strip import PAGES, drawn  # noqa: PLC0415 - only printing needs it

    try:
        with drawing(mark.glyphs):
            for page in PAGES:
                drawn(mark, page)
    except Refused as refusal:
        yield refusal.finding
