"""What the publish plugin answers to the core (group qms.tools)."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from qms.api import Document, Finding, Glyphs, Place, Probe, Refused, hookimpl

_LIBRARIES = (
    "cssselect2", "fonttools", "jinja2", "markdown-it-py", "markupsafe", "pillow", "pydyf",
    "pyphen", "tinycss2", "tinyhtml5", "uharfbuzz", "weasyprint",
)  # fmt: skip

_MARKS = frozenset("*~^")
"""No mark that somebody may type into a title begins otherwise."""
_PICTURE = "!["
"""No picture begins otherwise."""

if TYPE_CHECKING:  # loaded for printing, not for every check
    from qms.api import ListRequest, RenderRequest, Value


@hookimpl
def codes() -> Path:
    """This plugin's code table."""
    return Path(__file__).parent / "data" / "codes.toml"


@hookimpl
def printable(
    document: Document,
    assets: Mapping[str, bytes],
    place: Place,
    glyphs: Glyphs,
    facts: "Mapping[str, Value]",
) -> Iterator[Finding]:
    """All in the text, its titles and the pictures that it shows that no page may hold."""
    from qms_publish.head_fields import printed_fields  # noqa: PLC0415 - only here
    from qms_publish.text.plain import is_plain  # noqa: PLC0415 - only here
    from qms_publish.text.unbroken import faults_of_head  # noqa: PLC0415 - only here

    fields = printed_fields(document, facts)
    yield from faults_of_head(fields, place)
    yield from printable_fields(fields, place.path, glyphs)
    if not _MARKS.isdisjoint("".join(fields.values())):
        from qms_publish.text.field_marks import marks_in_fields  # noqa: PLC0415 - seldom

        yield from marks_in_fields(fields, place)
    if is_plain(document.body):
        return
    from qms_publish.text.markdown import faults_of  # noqa: PLC0415 - 50 ms

    faults, pictures = faults_of(
        document.body, assets=assets, path=place.path, first_line=place.line, glyphs=glyphs
    )
    yield from faults
    if not pictures:
        return
    from qms_publish.pictures.picture import checked_pictures  # noqa: PLC0415 - 30 ms

    for _, one in checked_pictures(pictures, assets, place.path, glyphs):
        if isinstance(one, Finding):
            yield one


@hookimpl
def printable_fields(fields: Mapping[str, str], path: str, glyphs: Glyphs) -> Iterator[Finding]:
    """LETTER-MISSING for each letter of a field that the fonts have no picture of."""
    from qms_publish.lettering.coverage import missing_in_fields  # noqa: PLC0415 - only here

    return missing_in_fields(fields, path, glyphs)


@hookimpl
def printable_picture(path: str, data: bytes, place: Place, glyphs: Glyphs) -> Iterator[Finding]:
    """What is wrong with a logo: it is judged like the pictures of texts."""
    from qms_publish.pictures.picture import checked  # noqa: PLC0415 - 30 ms

    try:
        checked(path, data, place, glyphs)
    except Refused as refusal:
        yield refusal.finding


@hookimpl
def shown(document: Document) -> Iterable[str]:
    """The pictures of the text, as the printer's own parser finds them."""
    if _PICTURE not in document.body:
        return ()
    from qms_publish.text.markdown import pictures_in  # noqa: PLC0415 - 50 ms

    return pictures_in(document.body)


@hookimpl
def pixels(picture: bytes) -> Iterator[int]:
    """What a photograph says of itself; a drawing has none."""
    from qms_publish.pictures.rasters import said_pixels  # noqa: PLC0415 - 30 ms

    yield said_pixels(picture)


@hookimpl
def toolchain() -> Iterator[str]:
    """The fonts by their bytes, the libraries that set pages by their versions."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - only here

    from qms_publish.lettering.fonts import font_digests  # noqa: PLC0415 - as above
    from qms_publish.pages.native import native_versions  # noqa: PLC0415 - as above

    for name in _LIBRARIES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:  # another release of the renderer may do without it
            yield f"{name} -"
    yield from native_versions()
    yield from font_digests()


@hookimpl
def probes(language: str) -> Iterator[Probe]:
    """Whether the letters that pages are set in are those that everybody has."""
    from qms.api import QmsError, Text  # noqa: PLC0415 - as below
    from qms_publish.lettering.fonts import font_digests  # noqa: PLC0415 - only here

    name = Text("版面字体（仅输出 PDF 需要）", "Fonts of pages (only for PDFs)")
    try:
        count = len(list(font_digests()))
    except QmsError as error:
        yield Probe("page-fonts", name, error.finding.code, fine=False, needed=False)
        return
    found = Text(f"{count} 个文件，与规定一致", f"{count} files, as they are to be")
    yield Probe("page-fonts", name, found.of(language), fine=True, needed=False)


@hookimpl
def render_list(request: "ListRequest") -> bytes:
    """The base PDF of a list: a table over as many pages as it takes, its titles on each."""
    from qms_publish.list_page import list_pdf  # noqa: PLC0415 - weasyprint: 0.4 s

    return list_pdf(request)


@hookimpl
def render(request: "RenderRequest") -> bytes:
    """The base PDF of a revision: cover, signatures, amendments, contents, text (DC-18)."""
    from qms_publish.base_pdf import render_base  # noqa: PLC0415 - weasyprint: 0.4 s
    from qms_publish.request import sheet_of  # noqa: PLC0415 - only printing needs it

    return render_base(sheet_of(request), created=request.created)
