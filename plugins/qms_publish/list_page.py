"""The page of a list: its titles on every sheet, lying where it is wide (DC-14, DC-38)."""

from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import TYPE_CHECKING, Final

from qms.api import PageLook, Place, Refused
from qms_publish.base_pdf import set_page, style_of, template
from qms_publish.lettering.coverage import missing_in_fields
from qms_publish.text.latin import marked

if TYPE_CHECKING:  # what is given, loaded by whoever asks
    from qms.api import ListRequest

_UPRIGHT: Final = 6
"""So many columns stand on an upright page."""
_SMALL: Final = 9
"""From so many on the letters are small."""


def list_pdf(request: "ListRequest") -> bytes:
    """The base PDF of a list. Raises `Refused` LETTER-MISSING, and as `render_base`."""
    for fault in missing_in_fields(_fields(request), request.path, {}):
        raise Refused(fault)
    return set_page(_page(request), {}, Place(path=request.path), {}, style_of(PageLook()))


def _fields(request: "ListRequest") -> Mapping[str, str]:
    """All that is printed, by where it stands."""
    return dict(_words(request))


def _words(request: "ListRequest") -> Iterator[tuple[str, str]]:
    yield "title", request.title
    yield "company", request.company.of(request.language)
    yield "notes", "\n".join(request.notes)
    yield "titles", "\n".join(request.titles)
    for at, row in enumerate(request.rows, 1):
        yield f"row {at}", "\n".join(row)


def _page(request: "ListRequest") -> str:
    from markupsafe import Markup  # noqa: PLC0415 - 30 ms that other commands need not pay

    english = request.language == "en"

    def latin(text: str) -> str:
        return Markup(marked(text, english=english))  # noqa: S704 - text escaped

    columns = len(request.titles)
    return template("list").render(
        request=request,
        language=request.language,
        company=request.company.of(request.language),
        created=request.made.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        lying=columns > _UPRIGHT,
        small=columns > _SMALL,
        latin=latin,
    )
