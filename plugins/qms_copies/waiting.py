"""Copies that wait for somebody: to be received, or to be taken back (DC-10, DC-25).

To be taken back is what was recalled and is overdue, and what has no effect: of that nobody else
tells its holder.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final

from qms.api import Library, Person, Policy, Task, Text, Tree, parse_path, shell_word
from qms_copies.holders import Holder
from qms_copies.ledger import Copy, Ledger, RevisionLine
from qms_copies.life import CopyState


def waiting(library: Library, person: Person) -> Iterator[Task]:
    """What waits for `person`, by number, revision and copy."""
    ledger = Ledger(library.register, library.no_effect)
    policy, today = library.policy, library.today
    for number, revision in _unsettled(library.tree):
        entry = ledger.register.revision(number, revision)
        title = "" if entry is None else entry.document.title
        line = RevisionLine(ledger.register.released(number), library.effective(number))
        for copy in ledger.copies_of_revision(number, revision):
            words = _to_do(copy, line, policy, person, today)
            if words is not None:
                command, what = words
                name = copy.log.copy
                yield Task(
                    number=number,
                    revision=revision,
                    title=title,
                    what=Text(f"{what.zh} {name}", f"{what.en} {name}"),
                    command=command,
                )


def _to_do(
    copy: Copy, line: RevisionLine, policy: Policy, person: Person, today: date
) -> tuple[str, Text] | None:
    """The command, and what it does; None where nothing waits for `person`.

    Nor where one of its events is to be decided about first: the command would be refused.
    """
    life = copy.life
    number, name = shell_word(copy.log.number), shell_word(copy.log.copy)
    if not life.is_out or life.holder is None or copy.undecided is not None:
        return None
    is_void = not line.has_effect(copy.content)
    if is_void and _is_asked(policy, person, life.holder):
        return f"qms copies {number}", Text("不生效，请交回", "has no effect, give back")
    if life.state is CopyState.ISSUED and _is_asked(policy, person, life.holder):
        return f"qms receive {number} {name}", Text("签收", "receive")
    if life.issuer is not None and person.id in policy.holders(life.issuer, today):
        return _to_take_back(copy, is_void=is_void, today=today)
    return None


def _to_take_back(copy: Copy, *, is_void: bool, today: date) -> tuple[str, Text] | None:
    """As `_to_do`, for whoever issues copies of it."""
    due, is_recalled = copy.life.due, copy.life.state is CopyState.RECALLED
    back = f"qms return {shell_word(copy.log.number)} {shell_word(copy.log.copy)}"
    if is_recalled and due is not None and due < today:
        return back, Text(f"{due} 到期未收回", f"overdue since {due}, take back")
    if is_void and not is_recalled:
        return (
            f"{back} --revision {copy.log.revision}",
            Text("不生效，请收回", "has no effect, take back"),
        )
    return None


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
    there are acts, rejections or twins of a number, bytes don't tell: a ruling may have ended a
    receipt or a return, or what the paper says has no effect.
    """
    found: set[tuple[str, str]] = set()
    acts_of = {
        parse_path(path).number
        for path, _ in tree.files("released")
        if _BESIDE in path or path.endswith(_REJECTS)
    }
    if acts_of:
        places = (parse_path(path) for path, _ in tree.files("copies"))
        found.update((one.number, one.revision) for one in places if one.number in acts_of)
    for data in tree.blobs(entry for _, entry in tree.files("copies")):
        acts = Counter(_ACT.findall(data))
        is_out = acts[b"issue"] > acts[b"return"] + acts[b"replace"]
        if is_out and (acts[b"recall"] or acts[b"issue"] > acts[b"receive"]):
            found.update((n.decode(), r.decode()) for n, r in _SUBJECT.findall(data))
    yield from sorted(found)


_BESIDE: Final = "~"
"""Stands in the names of lists of acts, and of what lies beside another file of its name."""
_REJECTS: Final = "/rejects.yaml"
_ACT: Final = re.compile(rb'^  - {"act":"([a-z]+)"', re.MULTILINE)
_SUBJECT: Final = re.compile(rb'"kind":"copy","number":"([^"]+)","revision":"([^"]+)"')
