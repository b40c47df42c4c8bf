"""What the watermark plugin answers to the core (group qms.tools)."""

from pathlib import Path
from typing import TYPE_CHECKING

from qms.api import hookimpl

if TYPE_CHECKING:  # loaded for printing, not for every check
    from qms.api import StampRequest


@hookimpl
def codes() -> Path:
    """This plugin's code table."""
    return Path(__file__).parent / "data" / "codes.toml"


@hookimpl
def stamp(request: "StampRequest") -> bytes:
    """The base PDF with the request's mark on every page (DC-08)."""
    from qms_watermark.marks import Kind, Mark  # noqa: PLC0415 - only printing needs it
    from qms_watermark.stamp import stamp as draw  # noqa: PLC0415 - pikepdf: 55 ms

    mark = Mark(
        kind=Kind(request.kind),
        number=request.number,
        revision=request.revision,
        copy_number=request.copy,
        holder=request.holder,
        department=request.department,
        printed_on=request.printed_on,
        effective=request.effective,
        obsolete_from=request.obsolete_from,
        replaced_by=request.replaced_by,
        code_text=request.code,
    )
    return draw(request.base, mark)
