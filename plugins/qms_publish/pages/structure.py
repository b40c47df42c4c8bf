"""Mends the tags of a finished PDF where the renderer's are not what PDF/UA asks for.

An item of a list may hold its label and its body and nothing else; the renderer puts paragraphs
beside them where an item has several.
"""

from typing import Protocol, cast

_PARTS = frozenset({"/Lbl", "/LBody"})


class _Element(Protocol):
    """One element of the structure: a dictionary of the PDF."""

    reference: bytes

    def __init__(self, values: dict[str, object], /) -> None: ...
    def __setitem__(self, key: str, value: object, /) -> None: ...
    def __getitem__(self, key: str, /) -> object: ...
    def get(self, key: str, /) -> object: ...


class PdfObject(Protocol):
    """What is used of the PDF that is being written."""

    @property
    def objects(self) -> list[object]:
        """All that is in the file, by number."""
        ...

    def add_object(self, one: object, /) -> None:
        """Give `one` a number in the file."""
        ...


def mend_lists(pdf: PdfObject) -> None:
    """Put what stands beside the bodies of items into bodies of its own."""
    elements = [cast("_Element", one) for one in pdf.objects if isinstance(one, dict)]
    for element in elements:
        if element.get("S") == "/LI":
            _mend(element, pdf)


def _mend(item: _Element, pdf: PdfObject) -> None:
    held = cast("list[bytes]", item["K"])
    kids = [cast("_Element", pdf.objects[int(kid.split()[0])]) for kid in held]
    if all(kid.get("S") in _PARTS for kid in kids):
        return
    order: list[bytes] = []
    body: _Element | None = None
    for kid in kids:
        if kid.get("S") in _PARTS:
            body = None
            order.append(kid.reference)
            continue
        if body is None:
            parts = {"Type": "/StructElem", "S": "/LBody", "Pg": item["Pg"], "P": item.reference}
            body = type(item)({**parts, "K": type(held)()})
            pdf.add_object(body)
            order.append(body.reference)
        cast("list[bytes]", body["K"]).append(kid.reference)
        kid["P"] = body.reference
    held[:] = order
