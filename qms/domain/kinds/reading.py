"""Reading what lies at a register's paths: a released file, a copy's log, a policy folder.

A value read here is not judged yet; that is `revisions`, `events` and `policies`.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Final, TypeVar

from qms.domain.kinds.document import Document, parse_document
from qms.domain.kinds.log import Log, parse_copy
from qms.domain.kinds.policy_files import PolicyFile, parse_policy
from qms.domain.kinds.recorded import PolicyEntry
from qms.findings import Finding, Place, QmsError, Reason, Refused, ShellText, shell_word
from qms.formats.paths import POLICY_FILES, parse_path
from qms.formats.slots import statements_in
from qms.formats.tree import EXECUTABLE, FILE, FOLDER, SYMLINK, Tree, TreeEntry

T = TypeVar("T")

parsed_document = lru_cache(maxsize=4096)(parse_document)
parsed_copy = lru_cache(maxsize=4096)(parse_copy)

_REMEMBERED: Final = 8192
_remembered: OrderedDict[str, Document | Log | None] = OrderedDict()


def remember(blob: str, value: Document | Log | None) -> None:
    """Keep for a while what the blob with this id holds, so that nobody reads it again.

    None: a document that will hardly be asked for.
    """
    _remembered[blob] = value
    if len(_remembered) > _REMEMBERED:
        _remembered.popitem(last=False)


@lru_cache(maxsize=64)
def parsed_policy(manifest: bytes, people: bytes, settings: bytes) -> PolicyFile:
    """The policy in its three files. Raises `Refused`, as `parse_policy` does."""
    return parse_policy(dict(zip(POLICY_FILES, (manifest, people, settings), strict=True)))


def bad_mode(path: str, mode: int) -> Finding:
    """BAD-MODE, with what makes a plain file of it or takes it away: no text is lost by it."""
    word = shell_word(path)
    plain = {EXECUTABLE: f"chmod -x {word}", SYMLINK: f"rm {word}"}.get(mode)
    record = "git commit -m mode" + (f" -- {word}" if plain else "")
    taken = "git rm -r --cached" if mode == FOLDER else "git rm --cached"
    values = {
        "plain": ShellText(plain or f"{taken} {word}"),
        "record": ShellText(record),
    }
    return Finding(
        "BAD-MODE", Place(path), {"mode": f"{mode:06o}", **values}, "", Reason.WRONG_MODE
    )


def no_folder(tree: Tree, path: str) -> Finding | None:
    """BAD-MODE or STRAY for what lies in the place of the folder `path`, or of one above it.

    None where a folder, or nothing, lies there.
    """
    where = path
    while (found := tree.entry(where)) is None:
        where = where.rpartition("/")[0]
    if found.is_folder:
        return None
    stray = parse_path(where).stray
    if found.mode in (FILE, EXECUTABLE) and stray is not None:
        return stray.at(path=where)
    return bad_mode(where, found.mode)


def read_document(tree: Tree, path: str, entry: TreeEntry) -> Document | Finding:
    """The document at `path`, or what is wrong with its form."""
    return read(tree, path, entry, parsed_document, known_document)


def known_document(blob: str) -> Document | None:
    """The document that the blob is remembered to hold."""
    known = _remembered.get(blob)
    return known if isinstance(known, Document) else None


def known_log(blob: str, kind: str) -> Log | None:
    """The list of a kind that the blob is remembered to hold."""
    known = _remembered.get(blob)
    return known if isinstance(known, Log) and known.kind == kind else None


def read(
    tree: Tree,
    path: str,
    entry: TreeEntry,
    parse: Callable[[bytes], T],
    known: Callable[[str], T | None] = lambda _blob: None,
) -> T | Finding:
    """What `parse` makes of the file at `path`, or what is wrong with its form.

    `known` gives what is remembered of a blob.
    """
    if entry.mode != FILE:
        return bad_mode(path, entry.mode)
    remembered = known(entry.id)
    if remembered is not None:
        return remembered
    try:
        return parse(tree.blob(entry.id))
    except Refused as error:
        return error.finding.at(path=path)
    except QmsError as error:
        if error.finding.reason is not Reason.ABSENT:
            raise
        return error.finding.at(path=path)


def read_policy(tree: Tree, folder: str, commit: str) -> PolicyEntry | Finding:
    """The policy version in `folder`: exactly its three files, as its manifest lists them."""
    names = tree.folder(folder)
    for name in POLICY_FILES:
        if name not in names:
            return Finding(
                "POLICY-DIGEST", Place(f"{folder}/{name}"), {"name": name}, "", Reason.NOT_AS_LISTED
            )
        if names[name].mode != FILE:
            return bad_mode(f"{folder}/{name}", names[name].mode)
    try:
        contents = [_policy_blob(tree, name, names[name]) for name in POLICY_FILES]
        read = parsed_policy(*contents)
    except Refused as error:
        place = error.finding.place
        inside = place.path or "policy.yaml"
        return replace(error.finding, place=place._replace(path=f"{folder}/{inside}"))
    version = str(read.policy.version)
    if read.status != "signed":
        values = {"number": "policy", "revision": version, "found": read.status}
        return Finding("STATUS", Place(f"{folder}/policy.yaml", "status"), values)
    entry = PolicyEntry(
        policy=read.policy,
        content=read.content,
        slots=statements_in(read.slots),
        is_open=len(statements_in(read.slots)) < len(read.slots),
        folder=folder,
        blobs=tuple(names[name].id for name in POLICY_FILES),
        commit=commit,
        listed={p: digest for p, digest in read.listed.items() if p not in POLICY_FILES},
    )
    if not _is_in_place(entry):
        return Finding("ROOT", Place(f"{folder}/policy.yaml"), {"version": version})
    return entry


def _policy_blob(tree: Tree, name: str, entry: TreeEntry) -> bytes:
    try:
        return tree.blob(entry.id)
    except Refused as error:
        raise Refused(error.finding.at(path=name)) from None


def _is_in_place(entry: PolicyEntry) -> bool:
    """Whether a version lies in its folder, or, as a second one, beside it."""
    name, mark, beside = entry.folder.rpartition("/")[2].partition("~")
    if name != f"{entry.version:04}":
        return False
    return not mark or (beside == entry.beside)
