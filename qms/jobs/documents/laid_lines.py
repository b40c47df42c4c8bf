"""Governed files that differ from what is committed by the line ends of Windows alone.

Where git lays files out so (`core.autocrlf`), they are all of them, what is signed too. To put them
back changes no word of anybody's.
"""

from collections.abc import Iterator
from contextlib import suppress

from qms.findings import QmsError
from qms.formats.paths import GOVERNED, POLICY_FILES, parse_path
from qms.formats.tree import FILE, TreeEntry
from qms.jobs.sessions.new_drafts import write_draft
from qms.jobs.sessions.work_session import WorkSession
from qms.storage.index import GitIndex
from qms.storage.line_ends import with_unix_lines
from qms.storage.new_objects import scratch_folder


def line_ends_only(session: WorkSession) -> Iterator[tuple[str, TreeEntry]]:
    """Such files by their paths, and what is committed of each."""
    work, head = session.work_tree, session.repository.head_tree()
    for change in work.changes(head):
        before, after = change.before, change.after
        is_ours = change.path.partition("/")[0] in GOVERNED or change.path in POLICY_FILES
        if not is_ours or before is None or after is None or {before.mode, after.mode} != {FILE}:
            continue
        with suppress(QmsError):  # what can't be read is told by whoever looks at all
            if with_unix_lines(work.blob(after.id)) == head.blob(before.id):
                yield change.path, before


def put_back_line_ends(session: WorkSession, numbers: frozenset[str]) -> tuple[str, ...]:
    """Let these files lie as they are committed; of some `numbers` only, or of all for none."""
    repository = session.repository
    found = {
        path: entry for path, entry in line_ends_only(session)
        if not numbers or parse_path(path).number in numbers
    }  # fmt: skip
    if not found:
        return ()
    head, staged = repository.head_tree(), repository.index_tree()
    for path, entry in found.items():
        write_draft(session, path, head.blob(entry.id))
    # git takes a file of another size for edited until it is added: so it is told once more.
    same = {path: entry for path, entry in found.items() if staged.entry(path) == entry}
    if same and not session.dry_run:
        with (
            scratch_folder(repository) as scratch,
            GitIndex(repository, scratch).changed(same) as change_index,
        ):
            change_index()
    return tuple(found)
