"""What a reader finds in a PDF, by poppler as installed: its letters, its pages as pictures."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image


def text_of(pdf: bytes, *options: str) -> str:
    """What `pdftotext` reads; blanks and line ends depend on its mode."""
    command = ["pdftotext", *options, "-", "-"]
    done = subprocess.run(command, input=pdf, check=True, capture_output=True)  # noqa: S603 - a test's own
    return done.stdout.decode()


def letters_of(pdf: bytes, *options: str) -> str:
    """The same without any blank."""
    return "".join(text_of(pdf, *options).split())


def pages_of(pdf: bytes, *options: str, dots: int = 72) -> list[Image.Image]:
    """Grey pictures of all pages, or of those that `options` tell; by default one pixel a point."""
    with TemporaryDirectory() as folder:
        command = ["pdftoppm", "-gray", "-r", f"{dots}", *options, "-", f"{folder}/page"]
        subprocess.run(command, input=pdf, check=True, capture_output=True)  # noqa: S603 - as above
        found: list[Image.Image] = []
        for path in sorted(Path(folder).glob("page-*.pgm")):
            with Image.open(path) as page:
                found.append(page.copy())
        return found
