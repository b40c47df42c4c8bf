"""What a process beside this one does: it reads files, parses them, verifies what is signed.

All that it makes is what the process that asks would make by itself: each object is hashed again,
each file parsed by the same code, each signature verified. It judges nothing, and leaves out
whatever it can't read or parse: who judges comes upon that alone and tells it.
"""

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

from qms.ahead.helper_process import serve
from qms.domain.kinds.document import Document, parse_document
from qms.domain.kinds.log import Log, parse_copy
from qms.findings import QmsError, Refused
from qms.formats.cut import is_markdown
from qms.formats.slots import Statement
from qms.formats.sshsig import Claim, holds
from qms.storage.objects import Objects
from qms.storage.repository import Repository

_LOG: Final = b"\nstatus: log\n"

_IN_REVIEW: Final = b"\nstatus: in-review\n"

File = tuple[str, Document | Log | None, bytes]
"""The id of a blob, what it holds, and for each of its slots whether the signature holds (1).

None: a document that will hardly be asked for, since it is in review.
"""


def read(objects: Objects, ids: Sequence[str]) -> list[File]:
    """The documents and logs among the blobs `ids`."""
    files: list[File] = []
    with suppress(QmsError):
        for blob, kind, data in objects.stream(ids, skip_missing=True):
            if kind == "blob":
                files.extend(_file(blob, data))
    return files


def _file(blob: str, data: bytes) -> Iterator[File]:
    with suppress(Refused):
        if is_markdown(data) and _IN_REVIEW in data:
            yield blob, None, b""
        elif is_markdown(data):
            document = parse_document(data)
            yield blob, document, bytes(map(_holds, document.statements))
        elif _LOG in data:
            log = parse_copy(data)
            yield blob, log, bytes(map(_holds, log.events))


@lru_cache(maxsize=4096)  # a slot stands in every later version of its file
def _holds(slot: Statement) -> bool:
    return holds(Claim(slot.message(), slot.signature, slot.namespace, slot.key))


def main() -> None:
    """Serve the process that started this one with a repository's git folder and work tree."""
    gc.set_threshold(200_000, 20, 20)  # as where `qms` starts
    git_dir, root, numbers = sys.argv[1:]
    with Repository(Path(git_dir), Path(root) if root else None) as repository:
        serve(partial(read, repository.objects), sys.stdin.buffer, sys.stdout.buffer, numbers)


if __name__ == "__main__":
    main()
