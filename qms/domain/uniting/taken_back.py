"""A policy version that I filed and nobody has seen, and that no gate takes.

It would void what the trunk released: its signers had not seen that release, and a revision is the
work of a whole chain. Or nobody could go by it. It lies open again, for the keepers to sign with
that in sight, or to mend.
"""

from dataclasses import replace
from typing import Final

from qms.domain.kinds.policy_files import open_file
from qms.domain.kinds.recorded import POLICY
from qms.domain.uniting.root_union import names_listed
from qms.domain.uniting.sides import GaveWay, Pair, Side, United, same_file
from qms.findings import Finding, Place
from qms.formats import cut
from qms.formats.head_edit import drop_key, set_key
from qms.formats.paths import POLICY_FILES

_MANIFEST: Final = POLICY_FILES[0]
_UNSIGNED: Final = b"status: draft\napprovals: []\n"


def take_back(pair: Pair, united: United, void: Finding) -> bool:
    """Lay what I filed alone open again, signed by nobody; `void` tells what it would make void.

    False where I filed nothing. Where the trunk's root has another version meanwhile, that stays,
    and mine is laid aside.
    """
    values = {name: void.values.get(name, "-") for name in ("number", "revision")}
    return _taken_back(pair, united, Finding("SYNC-POLICY-BACK", Place(_MANIFEST), values))


def take_unfit(pair: Pair, united: United, code: str, reason: str) -> bool:
    """The same of what nobody could go by, for a `reason` that is told by a finding of this code.

    Who had agreed to it on the trunk has still done so.
    """
    values = {"fault": code, "reason": reason}
    taken = _taken_back(pair, united, Finding("SYNC-POLICY-UNFIT", Place(_MANIFEST), values))
    if taken and _agreed(pair.mine) == _agreed(pair.theirs):
        united.files.pop(_MANIFEST, None)
    return taken


def _agreed(side: Side) -> tuple[str | None, ...]:
    """What the keepers agree to in a side's root: the manifest's content, and the other files."""
    opened = open_file(side.tree.read(_MANIFEST) or b"")
    others = (side.tree.entry(name) for name in POLICY_FILES[1:])
    return (opened and opened.content, *(one and one.id for one in others))


def _taken_back(pair: Pair, united: United, why: Finding) -> bool:
    filed = [path for path in united.files if pair.kinds.at(path).kind == POLICY]
    if not filed:
        return False
    for path in filed:
        del united.files[path]
    versions = [one.version for one in pair.theirs.register.policy_filings()]
    opened = str(max(versions, default=0) + 1)
    manifest = pair.mine.tree.read(_MANIFEST) or b""
    why = replace(why, values={**why.values, "version": opened})
    if all(pair.theirs.tree.entry(one) == pair.base.entry(one) for one in POLICY_FILES):
        head = set_key(drop_key(cut.cut_yaml(manifest).head, "id"), "version", opened)
        united.files[_MANIFEST] = head + _UNSIGNED
    else:
        _lay_aside(pair, united, why)
    united.told = [one for one in united.told if one.place.path != _MANIFEST]  # mine is none
    united.left_behind.append(why)
    return True


def _lay_aside(pair: Pair, united: United, why: Finding) -> None:
    """The trunk's root stays, and what mine says otherwise is kept beside it."""
    for name in (*POLICY_FILES, *sorted(names_listed(pair))):
        united.files.pop(name, None)
        entry = pair.mine.tree.entry(name)
        if entry not in {None, pair.theirs.tree.entry(name), pair.base.entry(name)}:
            gave: GaveWay = same_file(pair.mine, name, entry)
            if gave.is_whole:
                united.conflicts.append(gave._replace(why=replace(why, place=Place(name))))
