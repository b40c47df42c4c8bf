"""What the publish plugin answers to the core (group qms.tools)."""

from qms.api import RenderRequest, hookimpl


@hookimpl
def render(request: RenderRequest) -> bytes:
    """The base PDF of a revision: cover, signatures, amendments, contents, text (DC-18)."""
    from qms_publish.base_pdf import render_base  # noqa: PLC0415 - weasyprint: 0.4 s
    from qms_publish.request import sheet_of  # noqa: PLC0415 - only printing needs it

    return render_base(sheet_of(request), created=request.created)
