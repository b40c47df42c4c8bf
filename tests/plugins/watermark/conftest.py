"""Base PDFs of blank pages: the marks are looked at alone."""

from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from qms.testing import read_pdf

A4 = (595.28, 841.89)


@pytest.fixture
def blank() -> bytes:
    """A cover, a portrait page and a landscape page, with nothing on them."""
    pdf = pikepdf.new()
    for size in (A4, A4, A4[::-1]):
        pdf.add_blank_page(page_size=size)
    out = BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


@pytest.fixture
def text_of() -> Callable[..., str]:
    """What pdftotext reads of a page, without line ends and without runs of spaces."""

    def read(pdf: bytes, page: int) -> str:
        return " ".join(read_pdf.text_of(pdf, "-raw", "-f", f"{page}", "-l", f"{page}").split())

    return read


@pytest.fixture
def drawn() -> Callable[..., Image.Image]:
    """One page as a grey picture, by default one pixel a point."""

    def draw(pdf: bytes, page: int, dots: int = 72) -> Image.Image:
        (picture,) = read_pdf.pages_of(pdf, "-f", f"{page}", "-l", f"{page}", dots=dots)
        return picture

    return draw
