"""The list of pictures in a text's head, as `submit` writes it: nobody types a digest.

What stands there is signed, and by it a released text keeps the very pictures that its signers saw.
"""

from collections.abc import Iterable
from dataclasses import replace

from qms.domain.kinds.document import Asset, listed_pictures
from qms.findings import Finding, Place, Refused
from qms.formats import cut, strict_yaml
from qms.formats.digests import sha256
from qms.formats.head_edit import drop_key, set_key
from qms.jobs.documents.drafts import Working, place_of, read_again, working
from qms.jobs.judging.printable import pictures
from qms.jobs.sessions.work_session import WorkSession
from qms.plugins import Hooks


def with_pictures(session: WorkSession, tools: Hooks, number: str) -> Working:
    """The working text with the pictures that it lists and shows in its head, as they are now.

    The list is written anew, sorted and with digests, unless it is right as it stands. What it
    names, the text doesn't show and isn't there drops out of it: nobody can list that any more.
    """
    path = place_of(session, number)
    try:
        found = working(session, number)
    except Refused as error:
        data = session.work_tree.read(path) or b""
        listed = listed_pictures(data)
        if not listed or error.finding.place.field.partition(".")[0] != "assets":
            raise
        there = [one for one in listed if session.work_tree.entry(one) is not None]
        found = read_again(session, path, with_list(session, path, data, there))
    document = found.document
    gone = {one for one in document.assets if session.work_tree.entry(one.path) is None}
    left = tuple(one for one in document.assets if one not in gone)
    paths = pictures(tools, replace(document, assets=left))
    now = tuple(Asset(one, sha256(_picture(session, path, one))) for one in paths)
    if now == document.assets:
        return found
    return read_again(session, path, with_list(session, path, found.data, paths))


def _picture(session: WorkSession, path: str, asset: str) -> bytes:
    data = session.work_tree.read(asset)
    if data is None:
        raise Refused(Finding("ASSET-MISSING", Place(path), {"asset": asset}))
    return data


def with_list(session: WorkSession, path: str, data: bytes, paths: Iterable[str]) -> bytes:
    """A file with a head that lists `paths`."""
    rows = ", ".join(
        f'{{path: {strict_yaml.scalar(one)}, sha256: "{sha256(_picture(session, path, one))}"}}'
        for one in sorted(set(paths))
    )
    parts = cut.cut_markdown(data)
    head = set_key(parts.head, "assets", f"[{rows}]") if rows else drop_key(parts.head, "assets")
    return cut.join(replace(parts, head=head))
