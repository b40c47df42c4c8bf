"""`StepBuilder`: what a rule is asked about, of plain values: no git, no keys, no files.

What was released, issued and drafted is said in a line each; `told` is what the rules make of it.
Nobody verifies a signature here: what holds and what doesn't is asked of a `DocsRepo`.

    step = StepBuilder(rules, {"procedure": {"number": "LX-CX-{seq}"}})
    step.release("procedure", "LX-CX-1")
    step.draft("procedure", "LX-CX-I")
    assert step.told() == [("TWIN", "documents/procedure/LX-CX-I.md")]
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final, NamedTuple

from qms.domain.kinds.chain import ClassChain
from qms.domain.kinds.document import Document, parse_document
from qms.domain.kinds.filed import FiledText
from qms.domain.kinds.kind import COPY, WORKING, Kind, Kinds
from qms.domain.kinds.log import Log
from qms.domain.kinds.pins import PluginPin
from qms.domain.kinds.policy import (
    HEAD_OF,
    IN_CHARGE_OF,
    MEMBER_OF,
    Department,
    DocumentClass,
    Floors,
    Organisation,
    Person,
    Policy,
    Quorum,
    Role,
)
from qms.domain.kinds.recorded import RELEASED, Event, Filed, NoEffect
from qms.domain.register.filings import refuse_last_of_several
from qms.domain.register.register import PolicyEntry, Register, Released
from qms.domain.verdict.rule import Change, Rule, Step
from qms.domain.verdict.state import State
from qms.findings import Finding
from qms.formats import strict_yaml
from qms.formats.canonical_json import Json
from qms.formats.paths import document_path, released_path
from qms.formats.slots import Base, Statement, Subject
from qms.formats.strict_yaml import Value
from qms.testing.memory_tree import MemoryTree
from qms.testing.told_findings import Told
from qms.texts import Text

Classes = Mapping[str, Mapping[str, Value]]
"""The settings of each class, by its id."""

_PLUGIN: Final = PluginPin("tested", "tested", f"sha256:{0:064}")
_FIRST_DAY: Final = datetime.fromisoformat("2026-01-01T08:00:00+08:00")


class Staff(NamedTuple):
    """Who there is: a policy of a builder names nobody else."""

    departments: tuple[Department, ...] = ()
    persons: tuple[Person, ...] = ()
    roles: tuple[Role, ...] = ()


def plain_policy(classes: Classes, staff: Staff = Staff(), version: int = 1) -> Policy:  # noqa: B008 - frozen
    """A policy with these classes, which nobody signed.

    ValueError for a role that follows from departments: nobody would ever hold it.
    """
    for role in staff.roles:
        if role.id.startswith((HEAD_OF, IN_CHARGE_OF, MEMBER_OF)):
            raise ValueError(f"{role.id} follows from departments: name it in Staff(departments=)")
    return Policy(
        version=version,
        organisation=Organisation(name=Text("凌霄", "Lingxiao")),
        trunk="main",
        quorum=Quorum("policy-keeper", 2),
        floors=Floors(),
        departments={one.id: one for one in staff.departments},
        persons={one.id: one for one in staff.persons},
        roles={one.id: one for one in staff.roles},
        classes={
            name: DocumentClass(id=name, name=Text(name, name), level=2, settings=settings)
            for name, settings in classes.items()
        },
    )


class StepBuilder:
    """A step that rules judge: `register` and `tree` as it leads to them, `changes` by path.

    `void` are events without effect, by id. Each statement is made a day after the one before.
    The policies list the plugin whose rules these are, unless it is to be admitted later (`admit`).
    """

    def __init__(
        self,
        rules: Callable[[Policy], Iterable[Rule]],
        classes: Classes,
        staff: Staff = Staff(),  # noqa: B008 - frozen
        kinds: Iterable[Kind] = (),
        *,
        admitted: bool = True,
    ) -> None:
        """`rules` is a plugin's hook; `kinds` are those that plugins bring."""
        self.classes, self.plugins = classes, (_PLUGIN,) * admitted
        self.rules, self.staff, self.kinds = rules, staff, Kinds(kinds)
        self.tree, self.register = MemoryTree(), Register()
        self.changes: dict[str, Change] = {}
        self.void: dict[str, NoEffect] = {}
        self.now = _FIRST_DAY
        self.decree(classes)

    # what was recorded

    def decree(self, classes: Classes) -> None:
        """A new policy with these classes is in force."""
        version, self.classes = len(self.register.policies()) + 1, classes
        policy = plain_policy(classes, self.staff, version)
        self.policy = replace(policy, plugins=self.plugins)
        before = f"sha256:{version - 1:064x}" if version > 1 else None
        content = f"sha256:{version:064x}"
        filing = self.statement(
            "policy-file", Subject(kind="policy", number="policy", revision=str(version)), content,
            step="2", role="policy-keeper", at=_FIRST_DAY.isoformat(), policy=before,
            base=None if before is None else Base(str(version - 1), before),
        )  # fmt: skip
        entry = PolicyEntry(
            policy=self.policy, content=content, slots=(filing,), folder=f"policy/{version:04}",
            blobs=(),
        )  # fmt: skip
        self.register.add(entry)

    def admit(self, release: str = "0") -> None:
        """A new policy admits the plugin, or another release of it: its rules judge what comes."""
        self.plugins = (_PLUGIN._replace(digest=f"sha256:{release:>064}"),)
        self.decree(self.classes)

    def draft(
        self, class_id: str, number: str, revision: str = "A/0", *, known: bool = False,
        body: str = "# 目的\n", **head: str,
    ) -> str:  # fmt: skip
        """A working text, new in the step unless it is `known` from before; gives its path."""
        path = document_path(class_id, number)
        self.tree.contents[path] = data = _markdown(class_id, number, revision, body, head)
        if not known:
            self.change(WORKING, path, parse_document(data))
        return path

    def release(  # noqa: PLR0913 - the facts of a revision
        self,
        class_id: str,
        number: str,
        revision: str = "A/0",
        *,
        after: str | None = None,
        effective: str | None = None,
        known: bool = True,
        **head: str,
    ) -> Released:
        """A released revision with its working text; `known` from before, or new in the step.

        It comes after the revision `after`, and is in force from `effective` on, else at once.
        """
        self.draft(class_id, number, revision, known=True, **head)
        data = self.tree.contents[document_path(class_id, number)]
        document = parse_document(data)
        at = f"{effective}T08:00:00+08:00" if effective else self._tick()
        slot = self.statement(
            "publish", document.subject, document.content, step="2", at=at,
            base=None if after is None else Base(after, self.content(number, after)),
            data={"effective": at[:10], "published": at[:10]},
        )  # fmt: skip
        document = replace(document, status="published", slots=(slot,))
        entry = Released(
            document=document, path=released_path(class_id, number, revision),
            blob=sha256(data).hexdigest(), signed_on=date.fromisoformat(at[:10]),
        )  # fmt: skip
        self.register.add(entry)
        if not known:
            self.change(RELEASED, entry.path, document)
        return entry

    def content(self, number: str, revision: str) -> str:
        """The digest of a revision's text; of one that isn't there one that nothing has."""
        entry = self.register.revision(number, revision)
        return f"sha256:{revision}" if entry is None else entry.document.content

    def record(  # noqa: PLR0913 - the facts of an event
        self,
        act: str,
        class_id: str,
        number: str,
        revision: str = "",
        copy: str = "",
        *,
        kind: str = COPY,
        after: Sequence[str] | None = None,
        **given: Any,
    ) -> Statement:
        """An event of a list, by default of a copy's life: new in the step.

        It comes after the last one of its list, or after those in `after`. `given` as for
        `statement`.
        """
        log = Log(
            kind=kind, number=number, class_id=class_id, revision=revision, copy=copy, content="",
            events=(),
        )  # fmt: skip
        path = self.kinds.lists[kind].place(log)
        there = self.changes.get(path)
        found = None if there is None else there.log
        log = found or replace(log, content=f"sha256:{sha256(path.encode()).hexdigest()}")
        named = tuple(slot.id for slot in log.events[-1:]) if after is None else tuple(after)
        slot = self.statement(act, log.subject, log.content, after=named, **given)
        log = replace(log, events=(*log.events, slot))
        self.register.add(Event(log=log, slot=slot, path=path))
        self.change(kind, path, log)
        return slot

    def statement(  # noqa: PLR0913 - the fields of a statement
        self,
        act: str,
        subject: Subject,
        content: str,
        *,
        step: str = "event",
        person: str = "liu.siyuan",
        role: str | None = "document-controller",
        at: str | None = None,
        base: Base | None = None,
        after: Sequence[str] = (),
        data: Mapping[str, Json] | None = None,
        policy: str | None = "",
    ) -> Statement:
        """A statement that nobody signed, under the newest policy or another one."""
        if policy == "":
            newest = self.register.newest_policy
            policy = None if newest is None else newest.content
        return Statement(
            act=act, step=step, role=role, person=person, at=at or self._tick(), repo="sha256:0",
            subject=subject, content=content, base=base, name=person, key="SHA256:0", meaning=act,
            policy=policy, seen=None,
            after=tuple(after), data=data or {}, signature="AAAA",
        )  # fmt: skip

    def _tick(self) -> str:
        self.now += timedelta(days=1)
        return self.now.isoformat()

    # texts of plugins' own kinds

    def file(
        self, kind: str, head: Mapping[str, str], body: str = "", *, known: bool = False
    ) -> Filed:
        """A text of a plugin's kind that all have signed; new in the step unless it is `known`.

        `head` are its keys as YAML, those of its path as plain text. Each step of its chain is
        signed by the first who have a seat, as many as it needs, those who signed no step before
        it if there are enough; by fewer where fewer have one. Of a chain that is the class's
        affair its last act stands there. Raises `Refused` CHAIN-LAST as signing does.
        """
        of = self.kinds.texts[kind]
        path, data, text = self._text(of, head, body, "approved")
        slots = tuple(
            self.statement(act, text.subject, text.content, step=step, person=person, role=role)
            for act, step, person, role in self._steps(of, text)
        )
        text = replace(text, slots=slots)
        entry = Filed(text=text, path=path, blob=sha256(data).hexdigest(), going=of.going(text))
        self.register.add(entry)
        if not known:
            self.change(kind, path, text)
        return entry

    def begin(self, kind: str, head: Mapping[str, str], body: str = "") -> str:
        """A draft of a plugin's kind, where such texts go round; gives its path."""
        of = next(one for one in self.kinds.brought if one.of == kind and one.is_working)
        path, _, text = self._text(of, head, body, "draft")
        self.change(of.name, path, text)
        return path

    def _text(
        self, kind: Kind, head: Mapping[str, str], body: str, status: str
    ) -> tuple[str, bytes, FiledText]:
        written = {
            key: strict_yaml.scalar(value) if key in kind.form.names else value
            for key, value in head.items()
        }
        lines = "".join(f"{key}: {value}\n" for key, value in written.items())
        tail = f"status: {status}\napprovals: []\n"
        rulers = ("---\n", f"---\n{body}") if kind.has_body else ("", "")
        data = tail.join((f"{rulers[0]}{lines}", rulers[1])).encode()
        text = kind.parse(data)
        if not isinstance(text, FiledText):
            raise TypeError(f"{kind.name} has no texts")
        path = kind.place(text)
        self.tree.contents[path] = data
        return path, data, text

    def _steps(self, kind: Kind, text: FiledText) -> Iterator[tuple[str, str, str, str]]:
        """Act, step, person and role of each step that somebody may sign."""
        if kind.chain is None or isinstance(kind.chain, ClassChain):
            yield "" if kind.chain is None else kind.chain.act, "1", "liu.siyuan", "expert"
            return
        signed: set[str] = set()
        chain = kind.chain(text, self.policy, ())
        refuse_last_of_several(chain)
        for step in chain.steps:
            seats = [step.seat(one) for one in dict.fromkeys(step.persons)]
            known = [seat for seat in seats if seat is not None]
            fresh_first = sorted(known, key=lambda one: one.person in signed)
            for seat in fresh_first[: step.need]:
                signed.add(seat.person)
                yield step.act, str(step.number), seat.person, seat.role

    # what is judged

    def no_effect(self, event: Event | Filed) -> NoEffect | None:
        """Why an event has no effect: it is in `void`."""
        return self.void.get(event.slot.id if isinstance(event, Event) else event.filing.id)

    def change(self, kind: str, path: str, after: Document | FiledText | Log) -> None:
        """Something is new in the step."""
        self.changes[path] = Change(kind=kind, path=path, before=None, after=after)

    def whole(self) -> None:
        """From here on the step holds all texts there are, as it does in `verify`."""
        self.changes = {}
        for entry in self.register.all_released():
            self.change(RELEASED, entry.path, entry.document)
        for path, _ in self.tree.files("documents"):
            document = parse_document(self.tree.contents[path])
            newest = self.register.newest(document.number)
            is_it = newest is not None and newest.document.key == document.key
            self.change(WORKING, path, newest.document if newest and is_it else document)
        for kind in self.kinds.brought_texts:
            filed = (one for one in self.register.every(kind) if isinstance(one, Filed))
            for one in filed:
                self.change(kind, one.path, one.text)

    def step(self, today: str | None = None, changes: Iterable[Change] | None = None) -> Step:
        """The step, as a rule gets it: all changes, or those that are handed in."""
        return Step(
            changes=tuple(self.changes.values() if changes is None else changes),
            after=State(
                tree=self.tree, kinds=self.kinds, register=self.register, policy=self.policy,
                effects_of_events=self.no_effect,
            ),
            today=None if today is None else date.fromisoformat(today),
            plugin=_PLUGIN.name,
        )  # fmt: skip

    def findings(
        self, today: str | None = None, changes: Iterable[Change] | None = None
    ) -> list[Finding]:
        """What the rules find, or give up with (`Refused`).

        AssertionError for a code that a rule doesn't name as its own.
        """
        step = self.step(today, changes)
        found: list[Finding] = []
        for rule in self.rules(self.policy):
            mine = list(rule.by(_PLUGIN.name).judge(step))
            unnamed = {one.code for one in mine if not one.raised} - set(rule.codes)
            if unnamed:
                raise AssertionError(f"{rule.name} does not name {sorted(unnamed)} in its codes")
            found += mine
        return found

    def told(self, today: str | None = None, changes: Iterable[Change] | None = None) -> list[Told]:
        """Code and path of each finding."""
        return [Told(one.code, one.place.path) for one in self.findings(today, changes)]


def _markdown(
    class_id: str, number: str, revision: str, body: str, head: Mapping[str, str]
) -> bytes:
    fields = {
        "number": strict_yaml.scalar(number), "title": "文件控制程序", "class": class_id,
        "revision": strict_yaml.scalar(revision), "controlled": "true", "owner": "quality",
        "prepared_by": "tang.yue",
    } | dict(head)  # fmt: skip
    lines = "".join(f"{key}: {text}\n" for key, text in fields.items())
    return f"---\n{lines}status: draft\napprovals: []\n---\n{body}".encode()
