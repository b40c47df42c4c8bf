"""Which versions of `qms.api` this tool offers, and what a plugin says that it needs.

A plugin says it in its distribution's metadata, under the entry-point group ``qms.api``: its name,
and the version of the API that it was written for. Where it stands in the code instead, a name that
is not there yet would end the import before anybody could read it. Whoever installs without looking
at dependencies, as our own locks do, is told here and not by a traceback.
"""

from typing import Final

API_VERSION: Final = 1
"""What is offered now. It rises where something is added; see `API_OLDEST`."""
API_OLDEST: Final = 1
"""The oldest one that is still offered as it was: it rises where something goes or changes."""
API: Final = "qms.api"
"""The group in which a plugin says what it needs."""


def is_offered(needs: str) -> bool:
    """Whether what a plugin needs is here; who says nothing needs the first."""
    if not needs:
        return API_OLDEST == 1
    is_number = needs.isascii() and needs.isdigit()
    return is_number and len(needs) < 5 and API_OLDEST <= int(needs) <= API_VERSION  # noqa: PLR2004


def offered() -> str:
    """The versions that are offered, as printed."""
    return f"{API_VERSION}" if API_OLDEST == API_VERSION else f"{API_OLDEST}-{API_VERSION}"
