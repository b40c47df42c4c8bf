"""Base PDFs of blank pages: the marks are looked at alone."""

import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

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
def text_of(tmp_path: Path) -> Callable[..., str]:
    """What pdftotext reads, without line ends and without runs of spaces."""

    def read(pdf: bytes, page: int) -> str:
        path = tmp_path / "page.pdf"
        path.write_bytes(pdf)
        command = ["/usr/bin/pdftotext", "-raw", "-f", f"{page}", "-l", f"{page}", str(path), "-"]
        return " ".join(
            subprocess.run(command, capture_output=True, check=True).stdout.decode().split()
        )

    return read


@pytest.fixture
def drawn(tmp_path: Path) -> Callable[..., Image.Image]:
    """One page as a grey picture, by default one pixel a point."""

    def draw(pdf: bytes, page: int, dots: int = 72) -> Image.Image:
        path = tmp_path / "page.pdf"
        path.write_bytes(pdf)
        command = ["/usr/bin/pdftoppm", "-gray", "-r", f"{dots}", "-f", f"{page}", "-l", f"{page}"]
        subprocess.run([*command, "-singlefile", str(path), str(tmp_path / "page")], check=True)
        with Image.open(tmp_path / "page.pgm") as image:
            return image.copy()

    return draw
