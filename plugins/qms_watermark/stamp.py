"""A base PDF and a mark in, the bytes of the marked copy out.

The mark is drawn once per role of page (cover, portrait, landscape) as a form that all its pages
share, and its two fonts hold exactly its own letters. It is declared an artifact, so the tagged
text of the document stays what it was. Same base, same mark: same bytes.
"""

from collections.abc import Iterable
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Page, Pdf, Stream, String

from qms.api import StampRequest, refused
from qms_watermark.glyphs import Subset, drawing, face
from qms_watermark.pen import FONTS, Pen
from qms_watermark.strip import PageRole, drawn

_PREFIX = "/QmsStamp"
_MAX_PAGES = 5_000
_TURNS = {
    0: (1, 0, 0, 1),
    90: (0, 1, -1, 0),
    180: (-1, 0, 0, -1),
    270: (0, -1, 1, 0),
}
"""How a drawing must lie on a page that is shown turned clockwise by so many degrees."""


def stamp(base_pdf: bytes, mark: StampRequest, *, cover: bool = True) -> bytes:
    """`base_pdf` with `mark` on every page; see `stamped`."""
    return stamped(base_pdf, mark, cover=cover)[0]


def stamped(base_pdf: bytes, mark: StampRequest, *, cover: bool = True) -> tuple[bytes, int]:
    """`base_pdf` with `mark` on every page, and how many pages it has.

    `cover`: the first page is a cover with the fields for status, copy number and holder; False
    for a PDF that was not set by us. Raises STAMP-PDF (not a PDF that can be read, locked, too
    long), STAMPED-ALREADY, HOLDER-LONG, CODE-LONG, GLYPH-MISSING.
    """
    out = BytesIO()
    try:
        with Pdf.open(BytesIO(base_pdf)) as pdf:
            pages = len(pdf.pages)
            if not 0 < pages <= _MAX_PAGES:
                raise refused("STAMP-PDF", found=f"{pages} pages")
            with drawing(mark.glyphs):
                _Stamping(pdf, mark).run(cover=cover)
            pdf.save(out, deterministic_id=True, object_stream_mode=ObjectStreamMode.preserve)
    except pikepdf.PasswordError as error:
        raise refused("STAMP-PDF", found="password") from error
    except pikepdf.PdfError as error:
        raise refused("STAMP-PDF", found=str(error)[:120]) from error
    return out.getvalue(), pages


class _Stamping:
    """One mark on its way onto one PDF: forms, fonts and placements, each made once."""

    def __init__(self, pdf: Pdf, mark: StampRequest) -> None:
        self.pdf = pdf
        self.mark = mark
        self.placements: dict[str, Object] = {}

    def run(self, *, cover: bool) -> None:
        pages = list(self.pdf.pages)
        roles = [_role(page, cover=cover and at == 0) for at, page in enumerate(pages)]
        pens = {role: drawn(self.mark, role) for role in dict.fromkeys(roles)}
        fonts = self._fonts(pens.values())
        forms = {
            role: (f"{_PREFIX}{at}", self._form(pen, fonts))
            for at, (role, pen) in enumerate(pens.items())
        }
        opening = self.pdf.make_indirect(Stream(self.pdf, b"q\n"))
        for page, role in zip(pages, roles, strict=True):
            name, form = forms[role]
            objects = _form_objects(page)
            present = objects.get(name)
            if present is None:
                objects[name] = form
            elif present.objgen != form.objgen:
                raise refused("STAMPED-ALREADY")
            page.obj.Contents = Array([opening, *_contents(page), self._placed(page, name)])

    def _placed(self, page: Page, name: str) -> Object:
        """The stream that ends the page's own content and lays the form over it."""
        left, bottom, right, top = (float(value) for value in page.cropbox)
        turn = _turn(page)
        a, b, c, d = _TURNS[turn]
        x = right if turn in {90, 180} else left
        y = top if turn in {180, 270} else bottom
        code = (
            "\nQ /Artifact <</Type /Pagination /Subtype /Watermark>> BDC "
            f"q {a} {b} {c} {d} {x:g} {y:g} cm {name} Do Q EMC\n"
        )
        if code not in self.placements:
            self.placements[code] = self.pdf.make_indirect(Stream(self.pdf, code.encode("ascii")))
        return self.placements[code]

    def _form(self, pen: Pen, fonts: dict[str, Object]) -> Object:
        form = Stream(self.pdf, pen.content())
        form.Type, form.Subtype = Name.XObject, Name.Form
        form.BBox = Array([0, 0, round(pen.width * 72 / 25.4, 2), round(pen.height * 72 / 25.4, 2)])
        form.Resources = Dictionary(
            Font=Dictionary({f"/{FONTS[name]}": font for name, font in fonts.items()}),
            ExtGState=Dictionary(
                QmsMultiply=Dictionary(Type=Name.ExtGState, BM=Name.Multiply, ca=1, CA=1)
            ),
        )
        return self.pdf.make_indirect(form)

    def _fonts(self, pens: Iterable[Pen]) -> dict[str, Object]:
        letters: dict[str, set[str]] = {}
        for pen in pens:
            for name, chars in pen.letters.items():
                letters.setdefault(name, set()).update(chars)
        return {
            name: self._font(face(name).subset(chars), is_bold=name.endswith("Bold"))
            for name, chars in sorted(letters.items())
        }

    def _font(self, subset: Subset, *, is_bold: bool) -> Object:
        name = Name("/" + subset.name)
        program = Stream(self.pdf, subset.cff)
        program.Subtype = Name.CIDFontType0C
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=4,
            FontBBox=Array([-1002, -1048, 2928, 1808]),
            ItalicAngle=0,
            Ascent=880,
            Descent=-120,
            CapHeight=733,
            StemV=140 if is_bold else 80,
            FontFile3=self.pdf.make_indirect(program),
        )
        widths = [part for cid, width in subset.widths.items() for part in (cid, Array([width]))]
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType0,
            BaseFont=name,
            CIDSystemInfo=Dictionary(
                Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0
            ),
            FontDescriptor=self.pdf.make_indirect(descriptor),
            DW=1000,
            W=Array(widths),
        )
        font = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([self.pdf.make_indirect(descendant)]),
            ToUnicode=self.pdf.make_indirect(Stream(self.pdf, _to_unicode(subset))),
        )
        return self.pdf.make_indirect(font)


def _role(page: Page, *, cover: bool) -> PageRole:
    left, bottom, right, top = (float(value) for value in page.cropbox)
    width, height = right - left, top - bottom
    if _turn(page) in {90, 270}:
        width, height = height, width
    return PageRole(round(width, 2), round(height, 2), cover)


def _turn(page: Page) -> int:
    turn = int(page.obj.get("/Rotate", 0)) % 360
    return turn if turn in _TURNS else 0


def _form_objects(page: Page) -> Dictionary:
    """The page's table of forms and pictures, made where it has none."""
    resources = page.obj.get("/Resources")
    if not isinstance(resources, Dictionary):
        page.obj.Resources = resources = Dictionary()
    objects = resources.get("/XObject")
    if not isinstance(objects, Dictionary):
        resources.XObject = objects = Dictionary()
    return objects


def _contents(page: Page) -> list[Object]:
    contents = page.obj.get("/Contents")
    if contents is None:
        return []
    return list(contents) if isinstance(contents, Array) else [contents]


def _to_unicode(subset: Subset) -> bytes:
    """The map from glyphs to characters that searching and copying text needs."""
    rows = [
        f"<{cid:04X}> <{char.encode('utf-16-be').hex().upper()}>"
        for cid, char in sorted(subset.unicode.items())
    ]
    blocks = [rows[at : at + 100] for at in range(0, len(rows), 100)]
    body = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
    )
    return f"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{body}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
""".encode("ascii")
