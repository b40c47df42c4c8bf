"""The one module that touches WeasyPrint: HTML, a style sheet and pictures in, a PDF out.

Importing it costs 400 ms and fails with OSError where pango is missing, so it is imported when a
page is really to be set, with our fonts already in force. The library carries no types: what it
gives is narrowed here and goes no further.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, Self, cast
from urllib.parse import unquote
from warnings import catch_warnings, simplefilter

from weasyprint import CSS, HTML  # type: ignore[import-untyped]
from weasyprint.text import ffi  # type: ignore[import-untyped]
from weasyprint.urls import (  # type: ignore[import-untyped]
    FatalURLFetchingError,
    URLFetcher,
    URLFetcherResponse,
)

from qms.api import Finding, Place, QmsError, refused
from qms_publish.pages.figures import ROUNDS, Anchors, Shrunk, is_home, pushed
from qms_publish.pages.heads import EACH, headless, unrepeated
from qms_publish.pages.patterns import set_apart
from qms_publish.pages.structure import PdfObject, mend_lists
from qms_publish.pages.subsets import UsedFont, cut_fonts
from qms_publish.pictures.picture import Picture

_ADDRESS = "asset:/"
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


def need_subsetting() -> None:
    """Raise HARFBUZZ-MISSING where fonts would be cut the slow way, to other bytes."""
    if ffi.harfbuzz_subset is None:  # pyright: ignore[reportUnknownMemberType]
        values = {"library": "libharfbuzz-subset.so.0", "package": "libharfbuzz-subset0"}
        raise QmsError(Finding("HARFBUZZ-MISSING", Place(), values))


def pdf_of(page: str, style: str, pictures: Mapping[str, Picture], place: Place) -> bytes:
    """`page` set by `style` as PDF/A-3a and PDF/UA-1; it may show `pictures` and nothing else.

    Raises URL-FORBIDDEN if anything else is asked for, RENDER-FAILED if anything had to be left
    out or the renderer broke down, both at `place`.
    """
    fetcher = OnlyListed(pictures)
    with _Complaints() as complaints, catch_warnings():
        # WeasyPrint leaves its colour profile's file to be closed by the garbage collector.
        simplefilter("ignore", ResourceWarning)
        try:
            pdf = _laid_out(page, style, fetcher).write_pdf(
                pdf_variant="pdf/a-3a", pdf_identifier=False, finisher=_finish
            )
        except FatalURLFetchingError as error:
            raise refused("URL-FORBIDDEN", place, what="", found=fetcher.asked[:80]) from error
        except (ArithmeticError, LookupError, ValueError, RecursionError) as error:
            raise refused("RENDER-FAILED", place, found=type(error).__name__) from error
    if complaints.said or pdf is None:
        found = unquote(" ".join(complaints.said[:1]))[:200]
        raise refused("RENDER-FAILED", place, found=found)
    return _identified(pdf)


def _laid_out(page: str, style: str, fetcher: "OnlyListed") -> "_Document":
    """The pages; once more where the head of a table got lost, or a figure nearly fitted.

    A figure that a smaller size does not bring home after all gets its own back.
    """
    html = HTML(string=page, base_url=_ADDRESS, url_fetcher=fetcher)
    sheet = CSS(string=style, url_fetcher=fetcher)

    def set_with(heads: str, shrunk: Sequence[Shrunk] = ()) -> "_Document":
        rules = heads + "".join(one.css for one in shrunk)
        sheets = [sheet, CSS(string=rules, url_fetcher=fetcher)] if rules else [sheet]
        answer: _Document = html.render(  # pyright: ignore[reportUnknownMemberType]
            stylesheets=sheets
        )
        return answer

    heads = ""
    document = set_with(heads)
    if lost := headless(_anchors(document)):
        heads = unrepeated(lost)
        document = set_with(heads)
    if headless(_anchors(document)) - lost:  # what follows has moved
        heads = EACH
        document = set_with(heads)
    shrunk: list[Shrunk] = []
    last = 0
    for _ in range(ROUNDS):
        found = pushed(_anchors(document), last)
        if found is None:
            break
        tried = set_with(heads, [*shrunk, found])
        is_whole = heads == EACH or headless(_anchors(tried)) <= lost
        if is_whole and is_home(_anchors(tried), found.figure):
            document, shrunk = tried, [*shrunk, found]
        last = found.figure
    return document


def _anchors(document: "_Document") -> list[Anchors]:
    return [page.anchors for page in document.pages]


def _identified(pdf: bytes) -> bytes:
    """`pdf` with the identifier that PDF/A asks for, made from its bytes.

    WeasyPrint's own lays out and compresses the whole file a second time. The cross-reference
    dictionary, which is to hold it, is the last object: no place in the file moves.
    """
    start = int(pdf[pdf.rindex(b"startxref") :].split()[1])
    at = pdf.index(b"/Root ", start)
    digest = hashlib.sha256(pdf).hexdigest()[:32].encode()
    return b"%b/ID [<%b> <%b>]%b" % (pdf[:at], digest, digest, pdf[at:])


class _Page(Protocol):
    """What is used of a page: where its named places are."""

    anchors: Anchors


class _Document(Protocol):
    """What is used of the pages that were laid out."""

    pages: list[_Page]
    fonts: dict[str, UsedFont]
    write_pdf: Callable[..., bytes | None]


class OnlyListed(URLFetcher):  # type: ignore[misc]
    """Serves the listed pictures from memory; asking for anything else ends the rendering.

    The base class opens files and addresses and, for what it can't open, leaves a silent gap in
    the page. This one knows no protocol, and `fail_on_errors` makes every refusal a fatal error.
    `asked` is the address that was refused.
    """

    def __init__(self, listed: Mapping[str, Picture]) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            allowed_protocols=(), allow_redirects=False, fail_on_errors=True
        )
        self._listed = listed
        self.asked = ""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """The picture at `url`; raises for every address that is not of a listed one."""
        del headers
        address = unquote(url.partition("#")[0])
        found = self._listed.get(address.removeprefix(_ADDRESS))
        if found is None or not address.startswith(_ADDRESS):
            self.asked = url
            raise ValueError(url)
        return URLFetcherResponse(url, found.data, {"Content-Type": found.mime})


class _PdfStream(Protocol):
    stream: list[bytes]


class _Written(PdfObject, Protocol):
    """What is used of the PDF that is being written."""

    catalog: dict[str, bytes]


def _finish(document: _Document, pdf: _Written) -> None:
    """What is mended in the PDF before it is written."""
    cut_fonts(document.fonts.values(), pdf.objects)
    set_apart(pdf.objects)
    mend_lists(pdf)
    _say_accessible(pdf)


def _say_accessible(pdf: _Written) -> None:
    """Declare PDF/UA-1 beside PDF/A-3a, inside the one metadata packet that readers look at."""
    number, _, _ = pdf.catalog["Metadata"].partition(b" ")
    metadata = cast("_PdfStream", pdf.objects[int(number)])
    metadata.stream = [part.replace(b"</rdf:RDF>", _UA) for part in metadata.stream]


class _Complaints(logging.Handler):
    """What the renderer would only have logged: a picture it left out is no finished page."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []
        self._logger = logging.getLogger("weasyprint")
        self._before = list(self._logger.handlers)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what was said."""
        self.said.append(record.getMessage())

    def __enter__(self) -> Self:
        self._logger.handlers = [self]
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.handlers = self._before
