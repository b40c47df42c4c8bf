"""The look that each policy version binds: what is printed under it is printed with these bytes."""

from dataclasses import dataclass, field

from qms.domain.kinds.look import LOOK_FILE, PLAIN, PageLook, read_look
from qms.domain.register.register import PolicyEntry
from qms.findings import Place, Refused, refused
from qms.formats.digests import sha256
from qms.jobs.judging.look_files import look_in
from qms.jobs.sessions.work_session import WorkSession
from qms.storage.trees import CommitTree


@dataclass(slots=True)
class Looks:
    """The looks of one run, each found once."""

    session: WorkSession
    _found: dict[str, PageLook] = field(default_factory=dict[str, PageLook])

    def of(self, entry: PolicyEntry) -> PageLook:
        """The look of a version. Raises `Refused` LOOK-LOST where its bytes are nowhere here."""
        if entry.content not in self._found:
            self._found[entry.content] = self._look(entry)
        return self._found[entry.content]

    def _look(self, entry: PolicyEntry) -> PageLook:
        digest = entry.listed.get(LOOK_FILE)
        if digest is None:
            return PLAIN
        files = {LOOK_FILE: self._bytes(entry, LOOK_FILE, digest)}
        look, _ = read_look(files[LOOK_FILE])
        bound = None if look is None else entry.listed.get(look.logo)
        if look is not None and bound is not None:
            files[look.logo] = self._bytes(entry, look.logo, bound)
        return look_in(files)

    def _bytes(self, entry: PolicyEntry, path: str, digest: str) -> bytes:
        """A file as it was bound: from HEAD as a rule, else from the history behind it."""
        data = _as_bound(self.session.tree, path, digest)
        if data is not None:
            return data
        repository = self.session.repository
        seen: set[str] = set()
        for commit in reversed(repository.commits(self.session.head)):
            tree = repository.tree(commit.tree)
            there = tree.entry(path)
            if there is None or there.id in seen:
                continue
            seen.add(there.id)
            data = _as_bound(tree, path, digest)
            if data is not None:
                return data
        version = str(entry.version)
        raise refused("LOOK-LOST", Place(path), version=version, file=path)


def _as_bound(tree: CommitTree, path: str, digest: str) -> bytes | None:
    try:
        data = tree.read(path)
    except Refused:
        return None
    return data if data is not None and sha256(data) == digest else None
