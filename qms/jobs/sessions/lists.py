"""Lists that are being written to: what an event states, and what the file is with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qms.domain.kinds.document import Document
from qms.domain.kinds.kind import COPY, Kind
from qms.domain.kinds.log import Log, render_head
from qms.domain.library.effect import Effects
from qms.domain.register.next_slots import named_after
from qms.domain.register.register import Event, Released
from qms.findings import Finding, Reason, Refused, refused
from qms.formats import cut, slots
from qms.formats.schema import unknown_field
from qms.formats.slots import Base, Statement
from qms.formats.strict_yaml import Value
from qms.formats.tree import Tree
from qms.jobs.sessions.intents import Intent
from qms.plugins import Hooks
from qms.session import NewEvent, Written

if TYPE_CHECKING:
    from qms.jobs.sessions.work_session import WorkSession


@dataclass(frozen=True, slots=True)
class LaidEvent:
    """What an event is to state, and the path of the list that it goes to."""

    path: str
    intent: Intent


@dataclass(slots=True)
class OpenLists:
    """The lists that events are added to, over what `tree` holds of them."""

    hooks: Hooks
    effects: Effects
    tree: Tree
    late: dict[Finding, None] = field(default_factory=dict[Finding, None])
    """Why events are left out that have no effect by their time."""
    _lists: dict[str, tuple[Log, bytes]] = field(default_factory=dict[str, tuple[Log, bytes]])

    def intent(self, event: NewEvent) -> LaidEvent:
        """What the signer of `event` states.

        Raises `Refused` ISSUED-UNRELEASED, BASE or KIND-UNKNOWN, and what is wrong with a list
        that is there.
        """
        kind = self.hooks.kinds.lists.get(event.kind)
        if kind is None:
            raise refused("KIND-UNKNOWN", kind=event.kind)
        entry = self._base(kind, event)
        base = None if entry is None else entry.document
        path, log = self._list(kind, event, base)
        held = self._held(path, log)
        act = self.hooks.act(event.act)
        signed = base.signed() if base is not None else ()
        filed = () if entry is None else (entry.filing.id,)
        intent = Intent(
            act=event.act,
            step=slots.EVENT_STEP,
            role=event.role,
            subject=log.subject,
            content=log.content,
            base=Base(base.revision, base.content) if base is not None else None,
            round=1,
            after=tuple(sorted(event.alone)) or named_after(held, event.needs) or filed,
            meaning=act.meaning if act is not None else event.act,
            reason=event.reason,
            data=event.data,
            not_before=(*signed, *held),
        )
        return LaidEvent(path, intent)

    def files(self, signed: Iterable[tuple[str, Statement]]) -> dict[str, bytes]:
        """The lists as they are with signed events, each at the path that its statement has."""
        added: dict[str, list[Statement]] = {path: [] for path in self._lists}
        for path, slot in signed:
            added[path].append(slot)
        return {
            path: cut.with_tail(data, slots.render_tail(slots.Tail(slots.LOG, events, log=True)))
            for path, (log, data) in self._lists.items()
            for events in ((*log.events, *added[path]),)
        }

    def _held(self, path: str, log: Log) -> tuple[Statement, ...]:
        """The events of a list that hold and whose time is none to wait for: these are named."""
        lists = self.effects.register.lists(*log.key)
        recorded = lists.get(path, ())
        kept, late = timely(self.effects, recorded)
        self.late.update(dict.fromkeys(late))
        ids = {event.slot.id for event in kept}
        return tuple(slot for slot in log.events if slot.id in ids)

    def _base(self, kind: Kind, event: NewEvent) -> Released | None:
        """The released revision that a list of this kind belongs to; None where it has none."""
        if not kind.is_of_revision:
            return None
        entry = self.effects.named(event.number, event.revision)
        if entry is not None:
            return entry
        if kind.name == COPY:
            named = {"number": event.number, "revision": event.revision, "copy": event.copy}
            raise Refused(Finding("ISSUED-UNRELEASED", values=named))
        raise refused("BASE", base=event.revision)

    def _list(self, kind: Kind, event: NewEvent, base: Document | None) -> tuple[str, Log]:
        """The list that `event` goes to, and its path; a new one with no event where none is."""
        values: dict[str, str] = {
            "number": event.number,
            "class": event.class_id if base is None else base.class_id,
            "revision": event.revision,
            "edition": event.revision,
            "copy": event.copy,
            **{name: str(event.head.get(name, "")) for name in ("year", "form", "person")},
        }
        named = {name: values[name] for name in kind.form.names}
        new = _empty(kind, {**named, **event.head})
        path = kind.form.path(*(values[name] for name in kind.form.names))
        if path in self._lists:
            return path, self._lists[path][0]
        entry = self.tree.entry(path)
        there = None if entry is None else kind.read_log(self.tree, path, entry)
        if isinstance(there, Finding):
            raise Refused(there)
        if there is None or entry is None:
            self._lists[path] = _new_list(kind, new), new
        else:
            self._lists[path] = there, self.tree.blob(entry.id)
        return path, self._lists[path][0]


def recorded(session: "WorkSession", events: Sequence[NewEvent], message: str) -> Written:
    """Events that are signed, judged and written in one commit of their lists."""
    from qms.jobs.sessions.signing import say_late  # noqa: PLC0415 - it looks at sessions

    session.before_writing(session)
    open_lists = OpenLists(session.hooks, session.effects, session.tree)
    laid = [open_lists.intent(event) for event in events]
    paths = [one.path for one in laid]
    say_late(session.say, session.now, open_lists.late)

    def lay(signed: Sequence[Statement]) -> dict[str, bytes]:
        return open_lists.files(zip(paths, signed, strict=True))

    signed = session.sign([one.intent for one in laid], lay)
    return session.write(lay(signed), message)


def timely(
    effects: Effects, events: Iterable[Event]
) -> tuple[tuple[Event, ...], tuple[Finding, ...]]:
    """Those whose time has come and is not before that of what they name; why not the others.

    A new statement comes after these alone: else one that somebody dated 2099 would be the end of
    a list.
    """
    kept: list[Event] = []
    late: list[Finding] = []
    for event in events:
        fault = effects.void_event(event)
        if fault is not None and fault.reason is Reason.UNTIMELY:
            late.append(fault)
        else:
            kept.append(event)
    return tuple(kept), tuple(late)


def _empty(kind: Kind, values: Mapping[str, Value]) -> bytes:
    """A list of a kind with this head, without events."""
    if kind.head is None:
        raise TypeError(f"{kind.name} is no list")
    known = [field.name for field in kind.head.fields]
    for name in values:
        if name not in known:
            raise Refused(unknown_field(name, name, known))
    return render_head(kind.head, values) + slots.render_tail(slots.Tail(slots.LOG, log=True))


def _new_list(kind: Kind, data: bytes) -> Log:
    found = kind.parse(data)
    if not isinstance(found, Log):
        raise TypeError(f"{kind.name} is no list")
    return found
