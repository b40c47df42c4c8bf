"""One sheet in, the bytes of its base PDF out: PDF/A-3a, tagged, the same bytes every time.

The base PDF is made once per revision and bears no mark: the bands of the page that belong to a
copy stay white. Nothing but the sheet's listed pictures can be read while it is set: the renderer
is handed an address book of exactly these, and asking for anything else ends the work.

Bytes are the same for the same sheet, creation time, fonts and library versions; folder, time
zone, locale and hash seed play no part.
"""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote

from qms.api import Finding, Place, QmsError, refused
from qms_publish import cover
from qms_publish.fonts import only_our_fonts
from qms_publish.markdown import Body, to_html
from qms_publish.pictures import Picture, checked
from qms_publish.sheet import Sheet

if TYPE_CHECKING:
    from jinja2 import Template
    from weasyprint.document import Document

_UA = b"""<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>\
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>part of PDF/UA</pdfaProperty:description></rdf:li></rdf:Seq>\
</pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"""


def render_base(sheet: Sheet, *, created: datetime) -> bytes:
    """The base PDF of `sheet`; `created` (aware) is written into it as its time of making.

    Raises Refused for what the body may not hold (HTML-FORBIDDEN, URL-FORBIDDEN, ASSET-UNLISTED,
    RENDER-LIMIT, PICTURE-FORM, RENDER-FAILED), QmsError where the machine can't set pages
    (FONTS-MISSING, HARFBUZZ-MISSING, PANGO-MISSING).
    """
    page, pictures = html_page(sheet, created=created)
    with only_our_fonts():
        _need_libraries()
        return _set(page, pictures, Place(path=sheet.path))


def html_page(sheet: Sheet, *, created: datetime) -> tuple[str, Mapping[str, Picture]]:
    """The HTML that is set, and the pictures it may ask for, by path. Reads nothing else."""
    body = to_html(
        sheet.body,
        assets=sheet.assets.keys(),
        title=sheet.title,
        path=sheet.path,
        first_line=sheet.body_line,
    )
    pictures = {
        path: checked(path, sheet.assets[path], Place(path=sheet.path, line=line))
        for path, line in body.pictures
    }
    return _page(sheet, body, created), pictures


def _page(sheet: Sheet, body: Body, created: datetime) -> str:
    from markupsafe import Markup  # noqa: PLC0415 - 30 ms that other commands need not pay

    contents = cover.contents(body.headings)
    return _template().render(
        sheet=sheet,
        language=sheet.language,
        created=created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        header=cover.header(sheet),
        company=cover.company(sheet),
        cover=cover.front(sheet),
        pages=cover.record_pages(sheet, len(contents)),
        contents=contents,
        body=Markup(body.html),  # noqa: S704 - made from checked tokens, text escaped
    )


@lru_cache(maxsize=1)
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - as above

    source = (files(__package__) / "data/templates/document.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string(source)


def _need_libraries() -> None:
    """Raise PANGO-MISSING or HARFBUZZ-MISSING, with what to install."""
    try:
        import weasyprint.text.ffi as libraries  # noqa: PLC0415 - 400 ms, and fails without pango
    except OSError as error:
        values = {"library": str(error)[:200], "package": "libpango-1.0-0 libpangoft2-1.0-0"}
        raise QmsError(Finding("PANGO-MISSING", Place(), values)) from error
    if libraries.harfbuzz_subset is None:
        values = {"library": "libharfbuzz-subset.so.0", "package": "libharfbuzz-subset0"}
        raise QmsError(Finding("HARFBUZZ-MISSING", Place(), values))


def _set(page: str, pictures: Mapping[str, Picture], place: Place) -> bytes:
    from weasyprint import CSS, HTML  # noqa: PLC0415 - as above
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415

    from qms_publish.fetcher import OnlyListed  # noqa: PLC0415 - derives from weasyprint's class

    fetcher = OnlyListed(
        {path: (picture.data, picture.mime) for path, picture in pictures.items()}
    )
    style = (files(__package__) / "data/css/page.css").read_text(encoding="utf-8")
    with _Complaints() as complaints:
        try:
            html = HTML(string=page, base_url="asset:/", url_fetcher=fetcher)
            pdf = html.write_pdf(
                stylesheets=[CSS(string=style, url_fetcher=fetcher)],
                pdf_variant="pdf/a-3a",
                finisher=_say_accessible,
            )
        except FatalURLFetchingError as error:
            raise refused("URL-FORBIDDEN", place, what="", found=fetcher.asked[:80]) from error
        except (ArithmeticError, LookupError, ValueError, RecursionError) as error:
            raise refused("RENDER-FAILED", place, found=f"{type(error).__name__}") from error
    if complaints.said:
        raise refused("RENDER-FAILED", place, found=unquote(complaints.said[0])[:200])
    return cast("bytes", pdf)


def _say_accessible(document: "Document", pdf: "object") -> None:  # noqa: ARG001
    """Declare PDF/UA-1 beside PDF/A-3a, inside the one metadata packet that readers look at."""
    catalog = pdf.catalog  # type: ignore[attr-defined]
    number = catalog["Metadata"].split()[0]
    metadata = pdf.objects[int(number)]  # type: ignore[attr-defined]
    metadata.stream = [part.replace(b"</rdf:RDF>", _UA) for part in metadata.stream]


class _Complaints(logging.Handler):
    """What the renderer would only have logged: a picture it left out is no finished page."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []
        self._logger = logging.getLogger("weasyprint")

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what was said."""
        self.said.append(record.getMessage())

    def __enter__(self) -> "_Complaints":
        self._before = list(self._logger.handlers)
        self._logger.handlers = [self]
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.handlers = self._before

