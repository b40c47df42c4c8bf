"""Which pictures of two texts differ, by what they hold.

A file keeps its name when it is drawn anew, and the text around it says nothing of that.
"""

from collections.abc import Mapping
from typing import NamedTuple

from qms.domain.kinds.document import DRAFT, Document
from qms.formats.digests import sha256
from qms.installed import TOOLS
from qms.jobs.judging.printable import pictures
from qms.jobs.sessions.work_session import WorkSession
from qms.plugins import Hooks


class PictureChange(NamedTuple):
    """A picture by its path, and the digests of what both texts show there; None for nothing."""

    path: str
    before: str | None
    after: str | None


def pictures_changed(
    session: WorkSession, old: Document, new: Document
) -> tuple[PictureChange, ...]:
    """The pictures that differ between two texts of a number, sorted by path.

    Of a text that was sent round or released those that are signed count; of one that is still
    written its files as they lie there, since `submit` writes the list. Raises `Refused` LIMIT for
    one that is too large to be read.
    """
    before, after = _digests(session, old), _digests(session, new)
    return tuple(
        PictureChange(path, before.get(path), after.get(path))
        for path in sorted({*before, *after})
        if before.get(path) != after.get(path)
    )


def _digests(session: WorkSession, document: Document) -> Mapping[str, str]:
    """The digest of each picture that a text shows; none for a file that isn't there."""
    is_released = session.register.revision(*document.key) is not None
    if is_released or (document.status != DRAFT and document.signed()):
        return {one.path: one.sha256 for one in document.assets}
    tools = Hooks(session.policy.plugins, (TOOLS,))
    found = ((path, session.work_tree.read(path)) for path in pictures(tools, document))
    return {path: sha256(data) for path, data in found if data is not None}
