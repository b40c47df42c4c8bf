"""Facts about numbers that this machine has made itself, for who asks again.

`list`, `asof` and `todo` ask thousands of numbers of which hardly one has changed since somebody
asked last. One table for each clone says what was found out at a commit; taken from it is only what
nothing has touched since: no file of the number between that commit and the work tree, no policy,
no code. What could be another answer later isn't kept: what doesn't hold, what is ahead of the
clock, what hangs on a commit that this clone lacks. The table lies in `OwnCache`, and so what
anybody else made is none; `verify`, gates, CI, and all that signs or prints, look at everything.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from qms.domain.library.number_facts import Numbered
from qms.findings import QmsError
from qms.formats.canonical_json import Json
from qms.formats.paths import asset_path, parse_path
from qms.formats.tree import EXECUTABLE, FILE, PathChange
from qms.installed import RULES, TOOLS, state_of_code
from qms.storage.own_cache import OwnCache

if TYPE_CHECKING:
    from qms.domain.library.library import Library
    from qms.jobs.sessions.work_session import WorkSession

_KIND: Final = "facts"
_CARD: Final = "card"
_FOLDERS: Final = ("documents", "released", "copies")
_SILENT: Final = frozenset(("cli", "testing"))
"""Of the tool what says nothing of any fact."""


class _KnownNumber(NamedTuple):
    """What is known of a number: its class, and its facts by name.

    Whether it `is_open`: the signatures of a text that goes round are judged at one commit.
    """

    class_id: str
    is_open: bool
    facts: dict[str, Json]


class _Touched(Exception):  # noqa: N818 - an outcome
    """Something changed that may be about any number."""


class KnownFacts:
    """The facts of one clone, for a session that only shows. See `NumberFacts`."""

    def __init__(self, session: "WorkSession") -> None:
        """Reads nothing yet."""
        self._session = session
        self._cache = OwnCache.open()
        self._is_new = False

    def fact(self, name: str, number: str, make: Callable[[], Json]) -> Json:
        """The fact that is known, or what `make` tells."""
        row = self._rows.get(number)
        if row is None:
            row = self._rows[number] = _KnownNumber("", is_open=True, facts={})
        if name not in row.facts:
            row.facts[name] = make()
            self._is_new = True
        return row.facts[name]

    def lacking(self, name: str, numbers: Sequence[str]) -> Sequence[str]:
        """Those of which it is still to be made."""
        return [
            one for one in numbers if one not in self._rows or name not in self._rows[one].facts
        ]

    def numbers(self) -> Numbered | None:
        """All numbers with their class, if a table is known, and those that were touched."""
        if self._others is None:
            return None
        known = {number: row.class_id for number, row in self._rows.items() if row.class_id}
        return Numbered(known, self._others)

    # what was kept

    @cached_property
    def _rows(self) -> dict[str, _KnownNumber]:
        table, touched = self._table, self._touched
        if table is None or touched is None:
            return {}
        is_here = table["commit"] == self._session.head
        rows = ((number, _KnownNumber(*row)) for number, row in table["rows"].items())
        return {
            number: row
            for number, row in rows
            if number not in touched and (is_here or not row.is_open)
        }

    @cached_property
    def _others(self) -> frozenset[str] | None:
        """Numbers that are to be looked at; None where nothing at all is known."""
        if self._table is None or self._touched is None:
            return None
        known = {*self._table["rows"], *self._table["others"], *self._touched}
        return frozenset(known - {one for one, row in self._rows.items() if row.class_id})

    @cached_property
    def _table(self) -> dict[str, Any] | None:
        """What was found out by this very code, under this policy, and not later than now."""
        session = self._session
        data = None if session.effects.policies.rivals else self._cache.get(_KIND, self._key)
        if data is None:
            return None
        table: dict[str, Any] = json.loads(data)
        if table["code"] != self._code or table["policy"] != self._policy:
            return None
        return table if datetime.fromisoformat(table["now"]) <= session.now else None

    @cached_property
    def _touched(self) -> frozenset[str] | None:
        """The numbers of whose files any is another now; None where it may be any number."""
        table = self._table
        if table is None:
            return None
        try:
            since = frozenset(self._since(table["commit"]))
            here = self._here
        except (QmsError, _Touched):
            return None
        return since | here

    def _since(self, commit: str) -> Iterable[str]:
        """What other commits than that of the table have touched."""
        session = self._session
        if commit == session.head:
            return ()
        if session.repository.commit_id(commit) != commit:  # another clone lay here
            raise _Touched
        older = session.repository.tree(commit)
        if not self._is_own and older != session.tree:
            raise _Touched
        changes = (one for name in _FOLDERS for one in session.tree.changes(older, name))
        return [number for one in changes for number in _numbers_of(one)]

    @cached_property
    def _here(self) -> frozenset[str]:
        """What the work tree has touched: that is looked at anew each time."""
        session = self._session
        if not self._is_own and session.work_tree != session.tree:
            raise _Touched
        changes = session.work_tree.changes(session.tree, "documents")
        return frozenset(number for one in changes for number in _numbers_of(one))

    @property
    def _is_own(self) -> bool:
        """Whether only plugins that came with the tool answer: others may look at any file."""
        return all(pin.is_bundled for pin in self._session.hooks.pins or ())

    @cached_property
    def _key(self) -> str:
        """One table for each clone: the next one takes its place."""
        return sha256(str(self._session.repository.git_dir).encode("utf-8", "replace")).hexdigest()

    @cached_property
    def _code(self) -> str:
        hooks = self._session.hooks
        code = state_of_code(hooks.found, (RULES, TOOLS), left_out=_SILENT)
        return f"{code} {hooks.pins}"

    @property
    def _policy(self) -> str:
        entry = self._session.tree.entry("policy")
        return "" if entry is None else entry.id

    # what is kept

    def keep(self, library: "Library") -> None:
        """Keep what was made, for next time, where all numbers were asked for."""
        with suppress(QmsError, _Touched):
            if self._is_new and "cards" in library.__dict__ and self._is_lasting:
                self._keep(library)

    @property
    def _is_lasting(self) -> bool:
        session = self._session
        return not (
            session.has_written
            or session.effects.policies.rivals
            or session.effects.times.met_ahead
            or session.checker.history.lacks_some
        )

    def _keep(self, library: "Library") -> None:
        session = self._session
        failing = {parse_path(path).number for path in session.checker.failing}
        if "" in failing:  # it may hide any number
            return
        left_out = failing | self._here | library.hanging
        rows = {
            number: (library.numbers[number], library.card(number).open is not None, row.facts)
            for number, row in self._rows.items()
            if number in library.numbers and number not in left_out and _CARD in row.facts
        }
        others = sorted({*library.numbers, *left_out} - rows.keys())
        table = {
            "code": self._code,
            "policy": self._policy,
            "commit": session.head,
            "now": session.now.isoformat(),
            "rows": rows,
            "others": others,
        }
        data = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
        self._cache.put(_KIND, self._key, data.encode("utf-8", "surrogatepass"))


def _numbers_of(change: PathChange) -> tuple[str, ...]:
    """The number whose file differs; none for what is about no number. Raises `_Touched`."""
    governed = parse_path(change.path)
    if governed.number:
        return (governed.number,)
    if governed.digest and governed.path == asset_path(governed.digest) and change.before is None:
        return ()  # a picture more; one that is missing or changed may be in any text
    is_plain = change.after is None or change.after.mode in (FILE, EXECUTABLE)
    if change.path.startswith("documents/") and is_plain:
        return ()  # no text may lie there, and it hides none
    raise _Touched
