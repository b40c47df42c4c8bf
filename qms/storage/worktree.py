"""What lies in the user's work tree and index, as trees over HEAD's.

git tells which paths *may* differ (nothing beats its stat cache); the bytes are read and hashed
here, raw, so that no line-end conversion, filter or flag in the index can show the rules another
text than the one that lies there.
"""

import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from qms.findings import Finding, Place, QmsError, Reason, Refused
from qms.formats import caps
from qms.formats.bound import is_attributes
from qms.formats.paths import GOVERNED, parse_path
from qms.formats.tree import EXECUTABLE, FILE, FOLDER, SUBMODULE, SYMLINK, TreeEntry
from qms.storage.aside import OLD, Aside
from qms.storage.excludes import left_out
from qms.storage.files import folders_below, read_plain
from qms.storage.gitprogram import Git
from qms.storage.objects import Objects
from qms.storage.patience import within_time
from qms.storage.trees import CommitTree, OverlayTree

if TYPE_CHECKING:
    import subprocess

# No ignore rule may hide a text, a list or a setting there.
_GOVERNED_PATH: Final = re.compile(rf"(?:{'|'.join(GOVERNED)})(?:/|\Z)|[^/]*\.ya?ml\Z")
_STATUS: Final = (
    "status",
    "--porcelain=v2",
    "-z",
    "--untracked-files=all",
    "--ignored=matching",
    "--no-renames",
    "--ignore-submodules=dirty",
)
_ALONE: Final = ("-c", "core.preloadIndex=false")
"""git looks by twenty threads at once: on two cores they take ours from us, a tenth of a check."""
_FEW_CORES: Final = 2
_SOON_READ: Final = 4 << 20
"""Bytes of an index of some 30,000 files: git is through with them before we have begun."""
# Attributes that make a file in the work tree differ from its blob; `-text` and `binary` don't.
_CONVERTING: Final = frozenset(
    (b"text", b"crlf", b"eol", b"filter", b"ident", b"working-tree-encoding")
)
_TOO_MUCH: Final = Finding("WORK-TREE-LIMIT", reason=Reason.TOO_MUCH)
_NOTHING_THERE: Final = frozenset((errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG))
_KEPT: Final = 1 << 20
_KEPT_TOGETHER: Final = 64 << 20
"""Bytes of files that are kept once they were read: one, and all of them."""
_LARGEST_ATTRIBUTES: Final = 1024 * 1024
_MOST_PATHS: Final = 500_000
"""So many files may differ: five times what may lie below a governed folder."""
_OF_PLUGINS: Final = ("records/", "external/")


class WorkFiles(Mapping[str, bytes]):
    """Contents of work-tree files by blob id; large ones stay on the disk."""

    def __init__(self, root: Path, objects: Objects) -> None:
        """Empty; `entry` adds what it reads."""
        self._root = os.fsencode(root)
        self._objects = objects
        self._small: dict[str, bytes] = {}
        self._room = _KEPT_TOGETHER
        self._large: dict[str, str] = {}
        self._too_large: dict[str, int] = {}

    def __getitem__(self, blob_id: str) -> bytes:
        if blob_id in self._small:
            return self._small[blob_id]
        if blob_id in self._too_large:
            raise caps.over("blob", self._too_large[blob_id], caps.BLOB)
        path = self._large[blob_id]
        with suppress(OSError):
            data = read_plain(self.where(path), caps.BLOB)
            if self._objects.id_of("blob", data) == blob_id:
                return data
        raise QmsError(Finding("CHANGED-WHILE-READING", Place(path=path)))

    def __contains__(self, blob_id: object) -> bool:
        return any(blob_id in known for known in (self._small, self._large, self._too_large))

    def __iter__(self) -> Iterator[str]:
        yield from self._small
        yield from self._large
        yield from self._too_large

    def __len__(self) -> int:
        return len(self._small) + len(self._large) + len(self._too_large)

    def where(self, path: str) -> bytes:
        """The file's place in the file system."""
        return self._root + b"/" + path.encode("utf-8", "surrogateescape")

    def entry(self, path: str, *, modes: bool = True, most: int = caps.BLOB) -> TreeEntry | None:
        """What lies at `path` now; None for nothing, a folder's mode for a folder.

        Anything that git can't hold (a socket, a repository inside) counts as a submodule, which
        no rule allows. With `modes` false the file system's executable bits mean nothing. A file
        that is larger than `most` isn't read, and like no other.
        """
        where = self.where(path.rstrip("/"))
        try:
            described = os.lstat(where)
            mode, size = described.st_mode, described.st_size
            if stat.S_ISDIR(mode):
                return TreeEntry(SUBMODULE if path.endswith("/") else FOLDER, "0" * self._digits)
            if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
                return TreeEntry(SUBMODULE, "0" * self._digits)
            if stat.S_ISREG(mode) and size > caps.BLOB:
                return self._over(path, size, most=most)
            data = os.readlink(where) if stat.S_ISLNK(mode) else read_plain(where, caps.BLOB)  # noqa: PTH115 - bytes
        except OSError as error:
            if error.errno in _NOTHING_THERE:
                return None
            values = {"why": error.strerror or ""}
            raise QmsError(Finding("FILE-UNREADABLE", Place(path=path), values)) from None
        blob_id = self._objects.id_of("blob", data)
        if stat.S_ISREG(mode) and len(data) > min(_KEPT, self._room):
            self._large[blob_id] = path
        elif blob_id not in self._small:
            self._small[blob_id] = data
            self._room -= len(data)
        if stat.S_ISLNK(mode):
            return TreeEntry(SYMLINK, blob_id)
        return TreeEntry(EXECUTABLE if modes and mode & stat.S_IXUSR else FILE, blob_id)

    def is_undated(self, path: str) -> bool:
        """Whether git may take the file for older than the oldest index (`Aside.doubted_index`).

        It keeps the last 32 bits of a time.
        """
        try:
            return os.lstat(self.where(path)).st_mtime_ns // 10**9 % (1 << 32) < OLD
        except OSError:
            return False  # git sees that it is gone

    def _over(self, path: str, size: int, *, most: int) -> TreeEntry:
        """A file over the cap of what is governed: by its bytes, or an id that nothing else has."""
        where, read = self.where(path), self._objects.id_of_file
        other = b"over the cap: %d %b" % (size, where)
        blob_id = read(where, size) if size <= most else self._objects.id_of("blob", other)
        self._too_large[blob_id] = size
        return TreeEntry(FILE, blob_id)

    @property
    def _digits(self) -> int:
        return len(self._objects.id_of("blob", b""))


class Look(NamedTuple):
    """Two git processes that look through the work tree and the index, on another core.

    Where they are `trusting`, git takes a file for unchanged by what its index says of its time
    and size; else it compares the bytes of each.
    """

    status: "subprocess.Popen[bytes]"
    flags: "subprocess.Popen[bytes]"
    trusting: bool

    @classmethod
    def begin(cls, git: Aside, head: str | None, *, trusting: bool = False) -> "Look":
        """Start them: against the commit `head`; raises `QmsError` NO-WORK-TREE."""
        if git.root is None:
            raise QmsError(Finding("NO-WORK-TREE"))
        git.set_head(head)
        known = {} if trusting else {"GIT_INDEX_FILE": str(git.doubted_index())}
        alone = _ALONE if _leaves_a_core(git) else ()
        status = within_time(git.start(*alone, *_STATUS, environment=git.environment(**known)))
        try:
            return cls(status, within_time(git.start("ls-files", "-v", "-z")), trusting)
        except BaseException:  # the system starts no more: then nobody would end the first
            end(status)
            raise

    def end(self) -> None:
        """End them where nobody wants their answers any more."""
        end(self.status)
        end(self.flags)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Of a git whose answer nobody wants any more."""
    process.kill()
    process.communicate()


def work_tree(
    git: Aside, objects: Objects, base: CommitTree, config: Mapping[str, str], look: Look
) -> OverlayTree:
    """The files that lie in the work tree, over `base`, the tree of HEAD, once `look` has ended.

    Files that ignore rules hide are left out, but for those in governed folders that could be ours:
    no rule hides a text or a list.
    `config` is the user's own git config.
    """
    if git.root is None:
        raise QmsError(Finding("NO-WORK-TREE"))
    try:
        changed, new, hidden = _status(git.finish(look.status, over=_TOO_MUCH))
        flags = git.finish(look.flags, over=_TOO_MUCH)
    except QmsError:
        look.end()
        raise
    reader = WorkFiles(git.root, objects)
    ignored = (path for path in _inside(git.root, hidden) if not _is_litter(path))
    flagged = (
        path
        for path, is_absent_by_intent in _flagged(flags)
        if not (is_absent_by_intent and not os.path.lexists(reader.where(path)))
    )
    personal = left_out(git, [path for path in _inside(git.root, new) if _is_litter(path)])
    paths: dict[str, None] = {}
    for path in chain(changed, (one for one in new if one not in personal), ignored, flagged):
        paths[path] = None
        if len(paths) > _MOST_PATHS:
            raise QmsError(_TOO_MUCH)
    # Where git compares the bytes of each it converts none (`qms.storage.aside`).
    every = look.trusting and _is_converted(git, base, reader, config, paths)
    if every or not look.trusting:
        paths |= dict.fromkeys(p for p in _governed(base) if every or reader.is_undated(p))
    modes = config.get("core.filemode", "true") != "false"
    files: dict[str, TreeEntry | None] = {}
    for path in paths:
        entry = reader.entry(path, modes=modes)
        known = base.entry(path.rstrip("/"))
        if entry is not None and entry.mode == FOLDER:
            entry = known if known is not None and known.mode == SUBMODULE else None
        elif entry is not None and not modes and known is not None and known.mode == EXECUTABLE:
            entry = TreeEntry(EXECUTABLE if entry.mode == FILE else entry.mode, entry.id)
        files[path.rstrip("/")] = entry
    try:
        return OverlayTree(base, files, reader)
    except Refused:  # a folder of HEAD is none that anybody can read: the index tells what it holds
        tracked = map(_text, git.run("ls-files", "-z").split(b"\0")[:-1])
        files = {path: reader.entry(path, modes=modes) for path in tracked} | files
        return OverlayTree(CommitTree(objects, objects.id_of("tree", b"")), files, reader)


def _governed(base: CommitTree) -> Iterator[str]:
    """The governed files of a tree."""
    yield from (name for name in base.folder("") if _GOVERNED_PATH.match(name))
    yield from (path for folder in GOVERNED for path, _ in base.files(folder))


def index_tree(git: Git, base: CommitTree, head: str | None, index: str | None) -> OverlayTree:
    """What the next commit would hold, over `base`.

    `index` is another index file, as git names it to a hook (``git commit FILE`` makes one).
    Raises `QmsError` INDEX-UNMERGED while a merge has conflicts.
    """
    environment = git.environment(**({"GIT_INDEX_FILE": index} if index else {}))
    files: dict[str, TreeEntry | None] = {}
    if head is not None:
        arguments = ("diff-index", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev")
        compared = ("--ignore-submodules=none", head)
        process = git.start(*arguments, *compared, environment=environment)
        listed = git.finish(within_time(process), over=_TOO_MUCH)
        parts = listed.split(b"\0")[:-1]
        for described, name in zip(parts[::2], parts[1::2], strict=True):
            _, mode, _, blob_id, letter = described.split(b" ")
            files[_text(name)] = _staged(name, mode, blob_id, unmerged=letter == b"U")
        with suppress(Refused):  # a folder of HEAD that nobody can read
            return OverlayTree(base, files, {})
    listed = git.run("ls-files", "-s", "-z", environment=environment)
    for line in listed.split(b"\0")[:-1]:
        described, _, name = line.partition(b"\t")
        mode, blob_id, stage = described.split(b" ")
        files[_text(name)] = _staged(name, mode, blob_id, unmerged=stage != b"0")
    empty = CommitTree(base.source, base.source.id_of("tree", b""))
    return OverlayTree(empty, files, {})


def _staged(name: bytes, mode: bytes, blob_id: bytes, *, unmerged: bool) -> TreeEntry | None:
    if unmerged:
        raise QmsError(Finding("INDEX-UNMERGED", Place(path=_text(name))))
    number = int(mode, 8)
    return TreeEntry(number, blob_id.decode("ascii")) if number else None


def _leaves_a_core(git: Aside) -> bool:
    """Whether git looks at the files one after the other, beside us: of two cores we need one."""
    if (os.cpu_count() or 1) > _FEW_CORES:
        return False
    with suppress(OSError):
        return (git.git_dir / "index").stat().st_size <= _SOON_READ
    return False


def _status(answer: bytes) -> tuple[list[str], list[str], list[str]]:
    """Paths that differ, those that are not tracked, and those that ignore rules hide."""
    changed: list[str] = []
    new: list[str] = []
    hidden: list[str] = []
    for line in answer.split(b"\0"):
        match line[:1]:
            case b"1":
                changed.append(_text(line.split(b" ", 8)[8]))
            case b"u":
                changed.append(_text(line.split(b" ", 10)[10]))
            case b"?":
                new.append(_text(line[2:]))
            case b"!":
                hidden.append(_text(line[2:]))
            case _:
                continue
    return changed, new, hidden


def _inside(root: Path, hidden: Iterable[str]) -> Iterator[str]:
    """The governed files among what is ignored; folders are opened."""
    for path in hidden:
        if not _GOVERNED_PATH.match(path):
            continue
        if not path.endswith("/"):
            yield path
            continue
        for folder, _, names in folders_below(f"{root}/{path[:-1]}"):
            where = folder[len(str(root)) + 1 :]
            yield from (f"{where}/{name}" for name in names)


def _is_litter(path: str) -> bool:
    """Whether an ignored file has no place there by its name: an editor's, or the system's.

    In folders whose forms plugins know that is told by the ending. Attributes are none: git goes by
    them, ignored or not.
    """
    if is_attributes(path):
        return False
    if path.startswith(_OF_PLUGINS):
        return not path.endswith((".yaml", ".md"))
    return parse_path(path).stray is not None


def _flagged(answer: bytes) -> Iterator[tuple[str, bool]]:
    """Paths that the index declares not to be looked at; whether absence is meant (sparse)."""
    if answer.count(b"\0H ") + answer.startswith(b"H ") == answer.count(b"\0"):
        return
    for match in re.finditer(rb"(?:\A|\0)([a-zS]) ([^\0]*)", answer):
        yield _text(match[2]), match[1] in b"Ss"


def _is_converted(
    git: Git,
    base: CommitTree,
    reader: WorkFiles,
    config: Mapping[str, str],
    listed: Mapping[str, None],
) -> bool:
    """Whether files may differ from their blobs although git calls them unchanged."""
    if config.get("core.autocrlf", "false") not in ("false", "no", "off", "0"):
        return True
    root = git.root or git.git_dir
    for file in (root / ".gitattributes", git.common_dir / "info" / "attributes"):
        try:
            if _has_converting(read_plain(file, _LARGEST_ATTRIBUTES)):
                return True
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            return True  # nobody knows what it says: each file is looked at
    # A clone that was made under other settings: one look at the files that every repo has.
    for path in ("qms.yaml", "people.yaml", "policy.yaml"):
        known = base.entry(path)
        if path not in listed and known is not None and known.mode == FILE:
            found = reader.entry(path)
            if found is None or found.id != known.id:
                return True
    return False


def _has_converting(attributes: bytes) -> bool:
    """Whether lines of attributes set one that converts; foreign text, so each is read once."""
    lines = (line.split() for line in attributes.splitlines())
    return any(
        word.partition(b"=")[0] in _CONVERTING
        for words in lines
        if words and not words[0].startswith(b"#")
        for word in words[1:]
    )


def _text(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")
