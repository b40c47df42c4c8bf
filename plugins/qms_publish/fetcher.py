"""The renderer's only way to any byte: the pictures that the document lists."""

from collections.abc import Mapping
from urllib.parse import unquote

from weasyprint.urls import URLFetcher, URLFetcherResponse

_PREFIX = "asset:/"


class OnlyListed(URLFetcher):
    """Serves the listed pictures from memory; asking for anything else ends the rendering.

    The base class opens files and addresses and, for what it can't open, leaves a silent gap in
    the page. This one knows no protocol, and `fail_on_errors` makes every refusal a fatal error.
    `asked` is the address that was refused.
    """

    def __init__(self, listed: Mapping[str, tuple[bytes, str]]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._listed = listed
        self.asked = ""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """The picture at `url`; raises for every address that is not of a listed one."""
        del headers
        address = unquote(url.partition("#")[0])
        found = self._listed.get(address.removeprefix(_PREFIX))
        if found is None or not address.startswith(_PREFIX):
            self.asked = url
            raise ValueError(url)
        data, mime = found
        return URLFetcherResponse(url, data, {"Content-Type": mime})
