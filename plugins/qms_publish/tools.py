"""What the publish plugin answers to the core (group qms.tools)."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from qms.api import Document, Finding, Place, Refused, hookimpl

_LIBRARIES = (
    "cssselect2", "fonttools", "jinja2", "markdown-it-py", "markupsafe", "pillow", "pydyf",
    "pyphen", "tinycss2", "tinyhtml5", "weasyprint",
)  # fmt: skip

if TYPE_CHECKING:  # loaded for printing, not for every check
    from qms.api import RenderRequest


@hookimpl
def codes() -> Path:
    """This plugin's code table."""
    return Path(__file__).parent / "data" / "codes.toml"


@hookimpl
def printable(document: Document, assets: Mapping[str, bytes], place: Place) -> Iterator[Finding]:
    """All in the text, its titles and the pictures that it shows that no page may hold."""
    from qms_publish.plain import is_plain  # noqa: PLC0415 - only here
    from qms_publish.unbroken import faults_of_head  # noqa: PLC0415 - only here

    head = {
        "title": document.title,
        "title_en": document.title_en or "",
        "summary": document.summary or "",
    }
    yield from faults_of_head(head, place)
    head |= {f"clauses.{at}": clause for at, clause in enumerate(document.clauses, 1)}
    if not all(map(is_plain, head.values())):
        from qms_publish.coverage import missing_in_head  # noqa: PLC0415 - 5 ms

        yield from missing_in_head(head, place.path)
    if is_plain(document.body):
        return
    from qms_publish.markdown import faults_of  # noqa: PLC0415 - 50 ms

    faults, pictures = faults_of(
        document.body, assets=assets, path=place.path, first_line=place.line
    )
    yield from faults
    for path, line in pictures:
        from qms_publish.pictures import checked  # noqa: PLC0415 - 30 ms

        try:
            checked(path, assets[path], Place(path=place.path, line=line))
        except Refused as refusal:
            yield refusal.finding


@hookimpl
def toolchain() -> Iterator[str]:
    """The fonts by their bytes, the libraries that set pages by their versions."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - only here

    from qms_publish.fonts import font_digests  # noqa: PLC0415 - as above
    from qms_publish.native import native_versions  # noqa: PLC0415 - as above

    for name in _LIBRARIES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:  # another release of the renderer may do without it
            yield f"{name} -"
    yield from native_versions()
    yield from font_digests()


@hookimpl
def render(request: "RenderRequest") -> bytes:
    """The base PDF of a revision: cover, signatures, amendments, contents, text (DC-18)."""
    from qms_publish.base_pdf import render_base  # noqa: PLC0415 - weasyprint: 0.4 s
    from qms_publish.request import sheet_of  # noqa: PLC0415 - only printing needs it

    return render_base(sheet_of(request), created=request.created)
