"""Files that lie in the work tree as they are committed, but for the line ends of Windows.

git makes them so as it lays files out (`core.autocrlf`), and then says that nothing was changed: so
nobody wrote anything there, and nothing of anybody is lost where they are written anew.
"""

from collections.abc import Collection

from qms.formats import caps
from qms.storage.files import read_plain
from qms.storage.repository import Repository


def with_unix_lines(data: bytes) -> bytes:
    """The same bytes with LF where there is CR LF."""
    return data.replace(b"\r\n", b"\n")


def lies_as(repository: Repository, path: str, known: Collection[str | None]) -> bool:
    """Whether what lies at `path` is one of these blobs, or is one but for such line ends.

    None among `known` stands for nothing.
    """
    lies = repository.work_entry(path)
    found = None if lies is None else lies.id
    if found in known:
        return True
    if found is None or repository.root is None:
        return False
    try:
        data = read_plain(repository.root / path, caps.BLOB)
    except OSError:
        return False
    plain = with_unix_lines(data)
    return plain != data and repository.objects.id_of("blob", plain) in known
