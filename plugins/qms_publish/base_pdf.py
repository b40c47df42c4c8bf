"""One sheet in, the bytes of its base PDF out: PDF/A-3a, tagged, the same bytes every time.

The base PDF is made once per revision and bears no mark: the bands of the page that belong to a
copy stay white. Nothing but the sheet's listed pictures can be read while it is set: the renderer
is handed an address book of exactly these, and asking for anything else ends the work.

Bytes are the same for the same sheet, creation time, fonts and library versions; folder, time
zone, locale and hash seed play no part.
"""

from collections.abc import Mapping
from contextlib import redirect_stdout
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from io import StringIO
from typing import TYPE_CHECKING

from qms.api import Finding, Glyphs, PageLook, Place, QmsError, Refused
from qms_publish import cover
from qms_publish.lettering.coverage import missing_in_fields
from qms_publish.lettering.fonts import only_our_fonts
from qms_publish.pictures.picture import Picture, checked, checked_pictures
from qms_publish.sheet import Sheet
from qms_publish.standards import written_to
from qms_publish.text.latin import is_latin, marked
from qms_publish.text.markdown import Body, to_html
from qms_publish.text.unbroken import faults_of_head

if TYPE_CHECKING:
    from jinja2 import Template


def render_base(sheet: Sheet, *, created: datetime) -> bytes:
    """The base PDF of `sheet`; `created` (aware) is written into it as its time of making.

    Raises Refused for what the body may not hold (HTML-FORBIDDEN, URL-FORBIDDEN, ASSET-UNLISTED,
    RENDER-LIMIT, PICTURE-FORM, RENDER-FAILED) and for letters that no font has, in whatever is
    printed (LETTER-MISSING); QmsError where the machine can't set pages (FONTS-MISSING,
    RENDER-LOCK, HARFBUZZ-MISSING, PANGO-MISSING).
    """
    page, pictures = html_page(sheet, created=created)
    return set_page(page, pictures, Place(path=sheet.path), sheet.glyphs, style_of(sheet.look))


def set_page(
    page: str, pictures: Mapping[str, Picture], place: Place, glyphs: Glyphs, style: str
) -> bytes:
    """A page of HTML as a PDF, by a style and with our fonts. Raises as `render_base`."""
    with only_our_fonts(glyphs):
        try:
            # weasyprint prints advice of its own on stdout, in the middle of --json
            with redirect_stdout(StringIO()):
                from qms_publish.pages import renderer  # noqa: PLC0415 - 400 ms, and fails without pango
        except OSError as error:
            values = {"library": str(error)[:200], "package": "libpango-1.0-0 libpangoft2-1.0-0"}
            raise QmsError(Finding("PANGO-MISSING", Place(), values)) from error
        renderer.need_subsetting()
        return renderer.pdf_of(page, style, pictures, place)


def html_page(sheet: Sheet, *, created: datetime) -> tuple[str, Mapping[str, Picture]]:
    """The HTML that is set, and the pictures it may ask for, by path. Reads nothing else.

    Raises `Refused` LETTER-MISSING for whatever stands on the page and has no picture, wherever it
    came from: an older policy's name, an earlier revision's summary.
    """
    titles = {"title": sheet.title, "title_en": sheet.title_en}
    for fields in (titles, *({"summary": row.summary} for row in sheet.amendments)):
        for fault in faults_of_head(fields, Place(path=sheet.path)):
            raise Refused(fault)
    for fault in missing_in_fields(sheet.words(), sheet.path, sheet.glyphs):
        raise Refused(fault)
    body = to_html(
        sheet.body,
        assets=sheet.assets.keys(),
        titles=(sheet.title, sheet.title_en),
        language=sheet.language,
        path=sheet.path,
        first_line=sheet.body_line,
        glyphs=sheet.glyphs,
    )
    pictures: dict[str, Picture] = {}
    for path, one in checked_pictures(body.pictures, sheet.assets, sheet.path, sheet.glyphs):
        if isinstance(one, Finding):
            raise Refused(one)
        pictures[path] = one
    if sheet.look.logo:
        place = Place("look.yaml", "logo")
        logo = checked(sheet.look.logo, sheet.look.picture, place, sheet.glyphs)
        pictures[sheet.look.logo] = logo
    return _page(sheet, body, created), pictures


def style_of(look: PageLook) -> str:
    """The layout, and the colours of the company's look where it has its own."""
    plain = PageLook()
    rules = _data("css/page.css")
    if look.accent != plain.accent:
        rules += f"a, .cover .class {{ color: {look.accent}; }}\n"
    if look.headings != plain.headings:
        heads = "main h2, main h3, main h4, main h5, main h6, h2.front, .cover h1"
        rules += f"{heads} {{ color: {look.headings}; }}\n"
    return rules


def _page(sheet: Sheet, body: Body, created: datetime) -> str:
    from markupsafe import Markup  # noqa: PLC0415 - 30 ms that other commands need not pay

    english = sheet.language == "en"

    def latin(text: str, *, english: bool = english) -> str:
        return Markup(marked(text, english=english))  # noqa: S704 - text escaped

    def all_latin(text: str) -> bool:
        return is_latin(text, english=english)

    return template("document").render(
        sheet=sheet,
        language=sheet.language,
        created=created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        header=cover.header(sheet),
        company=cover.company(sheet),
        cover=cover.front(sheet),
        written_to=written_to(sheet.standards, sheet.language),
        contents=cover.contents(body.headings),
        body=Markup(body.html),  # noqa: S704 - made from checked tokens, text escaped
        latin=latin,
        all_latin=all_latin,
    )


@lru_cache(maxsize=2)
def template(name: str) -> "Template":
    """The template of a kind of page."""
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - as above

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string(_data(f"templates/{name}.html.j2"))


def _data(path: str) -> str:
    return (files("qms_publish") / "data" / path).read_text(encoding="utf-8")
