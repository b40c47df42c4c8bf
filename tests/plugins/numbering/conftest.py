"""A company of plain values: its classes, what it has released, what lies in its tree."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

import pytest

from qms.domain.kinds.document import Document, parse_document
from qms.domain.kinds.kind import WORKING, Kinds
from qms.domain.kinds.policy import DocumentClass, Floors, Organisation, Policy, Quorum
from qms.domain.kinds.recorded import RELEASED
from qms.domain.register.register import PolicyEntry, Register, Released
from qms.domain.verdict.rule import Change, Step
from qms.domain.verdict.state import State
from qms.findings import Finding
from qms.formats.paths import document_path, parse_path, released_path
from qms.formats.slots import Base, Statement, Subject
from qms.formats.strict_yaml import Value
from qms.formats.tree import FILE, FOLDER, PathChange, Tree, TreeEntry
from qms.texts import Text
from qms_numbering import rules

CLASSES: Mapping[str, Mapping[str, Value]] = {
    "procedure": {"number": "LX-CX-{year}-{seq:02}", "version": {"scheme": "letter-count"}},
    "form": {"number": "LX-R-{seq:02}", "version": {"scheme": "letter-count", "cap": "9"}},
    "record": {"number": "{number of form}-{year}-{seq:03}", "version": "v-number"},
    "loose": {"number": "{name}", "version": "decimal"},
}


def _filing(version: int) -> Statement:
    """The signature that filed a policy version; nobody verifies it here."""
    before = version - 1
    return Statement(
        act="policy-file",
        step="2",
        role="policy-keeper",
        person="chen.guodong",
        at="2026-01-01T08:00:00+08:00",
        repo="sha256:0",
        subject=Subject(kind="policy", number="policy", revision=str(version)),
        content=f"sha256:{version:064x}",
        base=Base(str(before), f"sha256:{before:064x}") if before else None,
        name="陈国栋",
        key="SHA256:0",
        meaning="filed",
        policy=f"sha256:{before:064x}" if before else None,
        seen=None,
        signature="AAAA",
    )


@dataclass(slots=True)
class Files:
    """A tree of files held in memory."""

    contents: dict[str, bytes] = field(default_factory=dict)

    def entry(self, path: str) -> TreeEntry | None:
        data = self.contents.get(path)
        if data is not None:
            return TreeEntry(FILE, sha256(data).hexdigest())
        return TreeEntry(FOLDER, "") if self.folder(path) else None

    def folder(self, path: str) -> Mapping[str, TreeEntry]:
        start = f"{path}/" if path else ""
        names = {p.removeprefix(start).partition("/")[0] for p, _ in self.files(path)}
        found = ((name, self.entry(start + name)) for name in sorted(names))
        return {name: entry for name, entry in found if entry is not None}

    def unreadable(self, path: str) -> Finding | None:
        del path
        return None

    def files(self, path: str = "") -> Iterator[tuple[str, TreeEntry]]:
        start = f"{path}/" if path else ""
        for name in sorted(self.contents):
            if name.startswith(start):
                yield name, TreeEntry(FILE, sha256(self.contents[name]).hexdigest())

    def named(self, is_meant: Callable[[str], bool], apart: Collection[str]) -> Iterator[str]:
        for name in self.contents:
            if is_meant(name.rpartition("/")[2]) and name.partition("/")[0] not in apart:
                yield name

    def changes(self, older: Tree, path: str = "") -> Iterator[PathChange]:
        mine, theirs = dict(self.files(path)), dict(older.files(path))
        for name in sorted({*mine, *theirs}):
            if mine.get(name) != theirs.get(name):
                yield PathChange(name, theirs.get(name), mine.get(name))

    def differing(self, older: Tree) -> Collection[str]:
        return {change.path.partition("/")[0] for change in self.changes(older)}

    def prefetch(self, entries: Iterable[TreeEntry]) -> None:
        """Everything is here already."""

    def blobs(self, entries: Iterable[TreeEntry]) -> Iterator[bytes]:
        return (self.blob(entry.id) for entry in entries)

    def blob(self, blob_id: str) -> bytes:
        return next(d for d in self.contents.values() if sha256(d).hexdigest() == blob_id)

    def read(self, path: str) -> bytes | None:
        return self.contents.get(path)


def policy_of(classes: Mapping[str, Mapping[str, Value]], version: int = 1) -> Policy:
    return Policy(
        version=version,
        organisation=Organisation(name=Text("凌霄", "Lingxiao")),
        trunk="main",
        quorum=Quorum("policy-keeper", 2),
        floors=Floors(),
        classes={
            class_id: DocumentClass(
                id=class_id,
                name=Text(class_id, class_id),
                level=2,
                settings=settings,
            )
            for class_id, settings in classes.items()
        },
    )


def markdown(class_id: str, number: str, revision: str, title: str = "文件控制程序") -> bytes:
    head = (
        f'number: "{number}"\ntitle: "{title}"\nclass: {class_id}\nrevision: "{revision}"\n'
        "controlled: true\nowner: quality\nprepared_by: tang.yue\n"
    )
    return f"---\n{head}status: draft\napprovals: []\n---\n# {title}\n".encode()


class Company:
    """What was released, what is drafted, and the step that is judged."""

    def __init__(self) -> None:
        self.tree = Files()
        self.register = Register()
        self.policy = policy_of(CLASSES)
        self.changes: list[Change] = []
        self._days = 0
        self.decree(CLASSES)

    def decree(self, classes: Mapping[str, Mapping[str, Value]]) -> None:
        """A new policy with these classes is in force."""
        version = len(self.register.policies()) + 1
        self.policy = policy_of(classes, version)
        self.register.add(
            PolicyEntry(
                policy=self.policy,
                content=f"sha256:{version:064x}",
                slots=(_filing(version),),
                folder=f"policy/{version:04}",
                blobs=(),
            )
        )

    def draft(
        self, class_id: str, number: str, revision: str = "A/0", *, known: bool = False
    ) -> str:
        """A working text; it is new in the step unless it is `known` from before."""
        path = document_path(class_id, number)
        data = markdown(class_id, number, revision)
        self.tree.contents[path] = data
        if not known:
            document = parse_document(data)
            self.changes.append(Change(kind=WORKING, path=path, before=None, after=document))
        return path

    def release(
        self,
        class_id: str,
        number: str,
        revision: str = "A/0",
        *,
        after: str | None = None,
        known: bool = True,
    ) -> str:
        """A released revision with its working text; `known` from before, or new in the step."""
        self.draft(class_id, number, revision, known=True)
        data = self.tree.contents[document_path(class_id, number)]
        path = released_path(class_id, number, revision)
        document = self._signed(parse_document(data), after)
        entry = Released(document=document, path=path, blob=sha256(data).hexdigest())
        self.register.add(entry)
        if not known:
            self.changes.append(Change(kind=RELEASED, path=path, before=None, after=document))
        return path

    def _base(self, number: str, revision: str) -> Base:
        entry = self.register.revision(number, revision)
        return Base(revision, f"sha256:{revision}" if entry is None else entry.document.content)

    def _signed(self, document: Document, after: str | None) -> Document:
        self._days += 1
        policy = self.register.newest_policy
        slot = Statement(
            act="publish",
            step="2",
            role="document-controller",
            person="liu.siyuan",
            at=f"2026-01-{self._days:02}T08:00:00+08:00",
            repo="sha256:0",
            subject=document.subject,
            content=document.content,
            base=None if after is None else self._base(document.number, after),
            name="刘思远",
            key="SHA256:0",
            meaning="published",
            policy=None if policy is None else policy.content,
            seen=None,
            signature="AAAA",
        )
        return replace(document, status="published", slots=(slot,))

    def whole(self) -> None:
        """From here on the step holds everything, as it does in `verify`."""
        self.changes = [
            Change(kind=RELEASED, path=entry.path, before=None, after=entry.document)
            for entry in self.register.all_released()
        ]
        for path, _ in self.tree.files("documents"):
            document = parse_document(self.tree.contents[path])
            newest = self.register.newest(document.number)
            if newest is not None and newest.document.key == document.key:
                document = newest.document
            self.changes.append(Change(kind=WORKING, path=path, before=None, after=document))
        assert all(parse_path(change.path).kind for change in self.changes)

    def findings(self) -> list[Finding]:
        step = Step(
            changes=tuple(self.changes),
            after=State(tree=self.tree, kinds=Kinds(), register=self.register, policy=self.policy),
        )
        found = [f for rule in rules.rules(self.policy) for f in rule.judge(step)]
        allowed = {code for rule in rules.rules(self.policy) for code in rule.codes}
        assert {finding.code for finding in found} <= allowed
        return found

    def told(self) -> list[tuple[str, str]]:
        """Code and path of each finding."""
        return [(finding.code, finding.place.path) for finding in self.findings()]


@pytest.fixture
def company() -> Company:
    return Company()
