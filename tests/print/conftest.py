"""Pages of many bodies in one PDF, and what is read back from each."""

import re
import subprocess
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path

import pytest
from PIL import Image

from qms.api import Place
from qms_publish.lettering.fonts import only_our_fonts
from qms_publish.pictures.picture import checked
from qms_publish.text.markdown import faults_of, to_html
from qms_publish.text.plain import is_plain

_SQUARE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 90">'
    b'<rect width="90" height="90"/></svg>'
)
_MM = 72 / 25.4
_EDGE = "\u00a7\u00a7"


class Press:
    """Prints each text on pages of its own, all in one PDF, by the plugin's own style sheet."""

    def __init__(self, folder: Path) -> None:
        """`folder` is where the PDF lies until it is read."""
        self.folder = folder

    def read_back(
        self,
        texts: Sequence[str],
        *,
        numbers: bool = False,
        assets: Sequence[str] = (),
        picture: bytes = _SQUARE,
    ) -> list[str]:
        """The letters of each text that pdftotext finds, without blanks.

        `assets` are the pictures' paths, `picture` what each of them shows. Without `numbers` those
        of lists are left out: they stand beside the text's own flow.
        """
        parts = (
            f'<div style="break-before: page"><p>{_EDGE}{at}{_EDGE}</p>'
            f"{to_html(text, assets=assets).html}<p>{_EDGE}</p></div>"
            for at, text in enumerate(texts)
        )
        page = (
            '<html lang="zh-CN"><head><meta charset="utf-8"><title>t</title></head>'
            f"<body><main>{''.join(parts)}</main></body></html>"
        )
        style = (files("qms_publish") / "data" / "css" / "page.css").read_text(encoding="utf-8")
        with only_our_fonts({}):
            from qms_publish.pages import renderer  # noqa: PLC0415 - with our fonts in force

            pdf = self.folder / "pages.pdf"
            name = "a.svg" if b"<svg" in picture else "a.png"
            shown = {path: checked(name, picture, Place()) for path in assets}
            pdf.write_bytes(renderer.pdf_of(page, style, shown, Place()))
        mode = ("-layout",) if numbers else ("-raw",)
        read = subprocess.run(
            ["/usr/bin/pdftotext", *mode, str(pdf), "-"], capture_output=True, check=True
        ).stdout.decode()
        pattern = re.compile(rf"{_EDGE}(\d+){_EDGE}(.*?){_EDGE}(?!\d)", re.DOTALL)
        found = {int(one[1]): "".join(one[2].split()) for one in pattern.finditer(read)}
        return [found[at] for at in range(len(texts))]

    def lines(self) -> list[str]:
        """The lines of the pages that were read last, but for the edges of the texts."""
        command = ["/usr/bin/pdftotext", "-layout", str(self.folder / "pages.pdf"), "-"]
        page = subprocess.run(command, capture_output=True, check=True).stdout.decode()
        return [line for line in page.splitlines() if line.strip() and "§" not in line]

    def margins(self) -> list[tuple[int, str]]:
        """Where the pages that were read last bear ink beside the area of their text."""
        command = ["/usr/bin/pdftoppm", "-r", "72", "-gray", str(self.folder / "pages.pdf")]
        subprocess.run([*command, str(self.folder / "page")], check=True)
        found: list[tuple[int, str]] = []
        for number, path in enumerate(sorted(self.folder.glob("page-*.pgm")), 1):
            with Image.open(path) as page:
                width, height = (side / _MM for side in page.size)
                left = 24.3 if width < height else 19.3
                for name, box in {
                    "left": (0, 0, left, height),
                    "right": (width - 19.3, 0, width, height),
                    "top": (0, 0, width, 31.3),
                    "bottom": (0, height - 33.3, width, height),
                }.items():
                    x, y, right, bottom = (round(one * _MM) for one in box)
                    cut = page.crop((x, y, right, bottom))
                    if sum(cut.histogram()[:250]):
                        found.append((number, name))
            path.unlink()
        return found


Told = Callable[[str], list[tuple[str, int]]]
"""What is said of a text: the code and the line of each finding."""


@pytest.fixture(scope="session")
def told() -> Told:
    """All that keeps a text from being printed; the quick look at it must not pass it either."""

    def of(text: str) -> list[tuple[str, int]]:
        found = faults_of(text, assets=(), path="a.md", first_line=1)[0]
        assert not (found and is_plain(text))
        return [(one.code, one.place.line) for one in found]

    return of


@pytest.fixture(scope="session")
def press(tmp_path_factory: pytest.TempPathFactory) -> Press:
    """The press of this session."""
    return Press(tmp_path_factory.mktemp("press"))


@pytest.fixture(scope="session")
def pressed(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., tuple[list[Image.Image], list[str]]]:
    """The pages of some drawings, one pixel a unit, and the letters read from each."""

    def draw(*drawings: str) -> tuple[list[Image.Image], list[str]]:
        names = [f"{at}.svg" for at in range(len(drawings))]
        found = {
            name: checked(name, one.encode(), Place())
            for name, one in zip(names, drawings, strict=True)
        }
        shown = "".join(f'<div><img alt="a" src="asset:/{name}"></div>' for name in names)
        page = f'<html lang="en"><head><title>t</title></head><body>{shown}</body></html>'
        style = "@page{size:400px 200px;margin:0} body{margin:0} img{display:block}"
        style += "div{break-after:page}"
        folder = tmp_path_factory.mktemp("drawings")
        with only_our_fonts({}):
            from qms_publish.pages import renderer  # noqa: PLC0415 - with our fonts in force

            (folder / "a.pdf").write_bytes(renderer.pdf_of(page, style, found, Place()))
        return _pages_of(folder), _words_of(folder, len(drawings))

    return draw


def _pages_of(folder: Path) -> list[Image.Image]:
    command = ["/usr/bin/pdftoppm", "-r", "96", "-png", str(folder / "a.pdf"), str(folder / "a")]
    subprocess.run(command, check=True)
    return [Image.open(one).convert("RGB") for one in sorted(folder.glob("a-*.png"))]


def _words_of(folder: Path, count: int) -> list[str]:
    command = ["/usr/bin/pdftotext", "-raw", str(folder / "a.pdf"), "-"]
    read = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    return ["".join(one.split()) for one in read.split("\f")][:count]
