"""Copies that wait for somebody: to be received, or overdue and to be taken back (DC-10, DC-25)."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final

from qms.api import Person, Policy, Task, Tree, parse_path
from qms_copies.holders import Holder
from qms_copies.ledger import Copy, Ledger
from qms_copies.life import CopyState


def waiting(
    ledger: Ledger, policy: Policy, tree: Tree, person: Person, today: date
) -> Iterator[Task]:
    """What waits for `person`, by number, revision and copy."""
    for number, revision in _unsettled(tree):
        entry = ledger.register.revision(number, revision)
        title = "" if entry is None else entry.document.title
        for copy in ledger.copies_of_revision(number, revision):
            words = _to_do(copy, policy, person, today)
            if words is not None:
                act, zh, en = words
                name = copy.log.copy
                yield Task(
                    number=number,
                    revision=revision,
                    title=title,
                    what_zh=f"{zh} {name}",
                    what_en=f"{en} {name}",
                    command=f"qms {act} {number} {name}",
                )


def _to_do(copy: Copy, policy: Policy, person: Person, today: date) -> tuple[str, str, str] | None:
    """The command, and what it does in both languages; None where nothing waits for `person`.

    Nor where one of its events is to be decided about first: the command would be refused.
    """
    life = copy.life
    if not life.is_out or life.holder is None or copy.undecided is not None:
        return None
    if life.state is CopyState.ISSUED:
        return ("receive", "签收", "receive") if _is_asked(policy, person, life.holder) else None
    if life.state is not CopyState.RECALLED or life.due is None or life.due >= today:
        return None
    if life.issuer is None or person.id not in policy.holders(life.issuer, today):
        return None
    return "return", f"{life.due} 到期未收回", f"overdue since {life.due}, take back"


def _is_asked(policy: Policy, person: Person, holder: Holder) -> bool:
    """Whether a copy was issued to `person`, or to the department without naming one of us."""
    if holder.name in policy.persons:
        return holder.name == person.id
    department = policy.departments.get(holder.department or "")
    if department is None:
        return False
    if department.keeper is not None:
        return department.keeper == person.id
    return person.department == department.id or department.head == person.id


def _unsettled(tree: Tree) -> Iterator[tuple[str, str]]:
    """Numbers and revisions with a copy that may wait for somebody, each once.

    Told from the bytes, so that only these are judged: most copies are received, and in use. Where
    there are acts about a number, bytes don't tell: a ruling may have ended a receipt or a return.
    """
    found: set[tuple[str, str]] = set()
    acts_of = {parse_path(p).number for p, _ in tree.files("released") if p.endswith(_ACTS_LIST)}
    if acts_of:
        places = (parse_path(path) for path, _ in tree.files("copies"))
        found.update((one.number, one.revision) for one in places if one.number in acts_of)
    for data in tree.blobs(entry for _, entry in tree.files("copies")):
        acts = Counter(_ACT.findall(data))
        is_out = acts[b"issue"] > acts[b"return"] + acts[b"replace"]
        if is_out and (acts[b"recall"] or acts[b"issue"] > acts[b"receive"]):
            found.update((n.decode(), r.decode()) for n, r in _SUBJECT.findall(data))
    yield from sorted(found)


_ACTS_LIST: Final = ".acts.yaml"
_ACT: Final = re.compile(rb'^  - {"act":"([a-z]+)"', re.MULTILINE)
_SUBJECT: Final = re.compile(rb'"kind":"copy","number":"([^"]+)","revision":"([^"]+)"')
