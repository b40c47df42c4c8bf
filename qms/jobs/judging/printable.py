"""What of the texts that are still being written could not be printed (DC-18).

The printers judge it, not the rules: a text is no less valid for it, and `verify` loads no printer.
It is told by `check`, and refused by gates and when a text is sent round; after that it is signed,
and could never be mended.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import nullcontext, suppress
from typing import NamedTuple, Self

from qms.domain.kinds.document import ASSETS, DRAFT, PUBLISHED, Document
from qms.domain.kinds.filed import FiledText
from qms.domain.kinds.kind import WORKING, Kind, Kinds
from qms.domain.kinds.reading import read_document
from qms.findings import Finding, Place, Refused
from qms.formats.glyph_files import Glyphs
from qms.formats.merge_markers import conflict_in_text
from qms.formats.strict_yaml import Value
from qms.formats.tree import Tree, TreeEntry
from qms.jobs.dangers.push_room import PushRoom
from qms.jobs.judging.judged_texts import JudgedTexts
from qms.plugins import Hooks

_FOLDER = "assets/"


def pictures(printers: Hooks, document: Document) -> tuple[str, ...]:
    """The pictures that a text lists, and those that it shows: they are listed when it is sent."""
    shown = (path for path in printers.shown(document) if path.startswith(_FOLDER))
    return tuple(sorted({*(asset.path for asset in document.assets), *shown}))


def all_pictures(tree: Tree, printers: Hooks, document: Document) -> dict[str, bytes]:
    """The pictures that a text lists or shows, as they are in `tree`."""
    return dict(contents(tree, pictures(printers, document)))


def shows_pictures(kind: Kind) -> bool:
    """Whether the texts of a plugin's kind are Markdown that shows pictures."""
    return kind.has_pictures and kind.has_body


def as_printed(text: FiledText) -> Document:
    """The document that printers are asked about for a text of a plugin's kind.

    What stands on its cover only its plugin knows, when it prints it. What its head says is not
    in it: its keys are not those of documents, whatever they are called (`facts_printed`).
    """
    return Document(
        number=text.number, title=text.number, class_id=text.kind, revision=text.revision or "1",
        controlled=False, owner="", prepared_by="", assets=text.assets, content=text.content,
        body=text.body, status=text.status, slots=(), head={},
    )  # fmt: skip


def facts_printed(text: FiledText) -> Mapping[str, Value]:
    """What the head of a text of a plugin's kind says, as it stands behind its signatures.

    Its number stands on the cover, and its pictures are shown.
    """
    elsewhere = {"number", ASSETS.name}
    return {key: value for key, value in text.head.items() if key not in elsewhere}


class AsRead(NamedTuple):
    """What printers are asked of a text: the document, and what its head says beside."""

    document: Document
    facts: Mapping[str, Value]

    @classmethod
    def of(cls, text: Document | FiledText) -> Self:
        """A document by its own keys, a text of a plugin's kind by all that its head says."""
        if isinstance(text, Document):
            return cls(text, text.extra)
        return cls(as_printed(text), facts_printed(text))


def _read(kinds: Kinds, tree: Tree, path: str, entry: TreeEntry) -> AsRead | None:
    """The text at a path that somebody will want printed; None where there is none to be read."""
    kind = kinds.of(path)
    if kind is None or not kind.is_working:
        return None
    if kind.name == WORKING:
        document = read_document(tree, path, entry)
        return None if isinstance(document, Finding) else AsRead.of(document)
    text = kind.read(tree, path, entry)
    return AsRead.of(text) if isinstance(text, FiledText) else None


def unprintable(  # noqa: PLR0913, PLR0917 - texts, who judges them, and what they know
    tree: Tree,
    paths: Iterable[str],
    judges: Hooks,
    glyphs: Glyphs,
    known: JudgedTexts | None = None,
    room: PushRoom | None = None,
) -> Iterator[Finding]:
    """What could not be printed of the working texts among `paths`, those filed left out.

    Beside documents the texts of plugins' kinds: all that their heads say is printed too. `judges`
    know the kinds; the half of them that prints is loaded once, and only if there is such a text.
    `glyphs` are the letters that the company draws itself. A text that is `known` to be printable
    isn't judged again. Where a push has no `room` left, PUSH-PIXELS or PUSH-TIME, and no more.
    """
    hooks: Hooks | None = None
    for path in sorted(paths):
        entry = tree.entry(path)
        judged = None if entry is None else _read(judges.kinds, tree, path, entry)
        if entry is None or judged is None or judged.document.status == PUBLISHED:
            continue
        document = judged.document
        data, listed = tree.blob(entry.id), frozenset(one.path for one in document.assets)
        if known is not None and known.holds(data, _Pictures(tree)):
            continue
        fault = None if room is None else room.fault(path)
        if fault is not None:
            yield fault
            return
        hooks = hooks or judges.tools()
        assets = _Pictures(tree, None if document.status == DRAFT else listed)
        with nullcontext() if room is None else room.judging():
            faults = faults_of(hooks, tree, path, data, judged, glyphs, assets)
        if room is not None:
            room.drew(map(hooks.pixels, assets.read.values()))
        if known is not None and not faults and all(map(tree.entry, listed)):
            known.keep(data, assets.read)
        yield from faults


def contents(tree: Tree, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The pictures that are there; what is over the cap is told where texts are judged."""
    for path in paths:
        with suppress(Refused):
            content = tree.read(path)
            if content is not None:
                yield path, content


def faults_of(  # noqa: PLR0913, PLR0917 - a text, where it lies, and who judges it
    printers: Hooks,
    tree: Tree,
    path: str,
    data: bytes,
    judged: AsRead,
    glyphs: Glyphs,
    assets: Mapping[str, bytes] | None = None,
) -> tuple[Finding, ...]:
    """What of a text, whose file at `path` holds `data`, could not be printed.

    `glyphs` are the letters that the company draws itself, `assets` the pictures that it may show;
    without them those that it lists. MERGE-CONFLICT where both versions of a merge would be.
    Nothing where a picture that it lists is not there, which others tell.
    """
    conflict = conflict_in_text(data)
    if conflict is not None:
        return (conflict.at(path=path),)
    document = judged.document
    if any(tree.entry(asset.path) is None for asset in document.assets):
        return ()
    if assets is None:
        assets = dict(contents(tree, (asset.path for asset in document.assets)))
    place = Place(path, line=body_line(data, document))
    return printers.printable(document, assets, place, glyphs, judged.facts)


class _Pictures(Mapping[str, bytes]):
    """All that a draft could show: its pictures are listed when it is sent; of others `listed`.

    Each is read when somebody asks for it. So a text is parsed once, by those who judge it, and not
    a second time to know what to read. `read` are those that somebody asked for.
    """

    def __init__(self, tree: Tree, listed: Collection[str] | None = None) -> None:
        self._tree = tree
        self._listed = listed
        self.read: dict[str, bytes] = {}

    def __getitem__(self, path: str) -> bytes:
        may = path.startswith(_FOLDER) if self._listed is None else path in self._listed
        if may and path not in self.read:
            self.read.update(contents(self._tree, (path,)))
        return self.read[path]

    def __iter__(self) -> Iterator[str]:
        return (path for path, _ in self._tree.files(_FOLDER.rstrip("/")) if path in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def refuse_conflict(data: bytes, path: str) -> None:
    """Raise `Refused` MERGE-CONFLICT where a merge left both versions in a text: it is neither."""
    conflict = conflict_in_text(data)
    if conflict is not None:
        raise Refused(conflict.at(path=path))


def body_line(data: bytes, document: Document) -> int:
    """The line of its file, which holds `data`, where the body of a document begins."""
    return data.count(b"\n", 0, len(data) - len(document.body.encode())) + 1
