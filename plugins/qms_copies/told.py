"""How findings about copies are told: of which copy, at which line, about which event."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from qms.api import Change, Finding, Place, Statement, Step
from qms_copies.ledger import Copy

_DIGITS: Final = 16
"""So many digits of an event's id name it to a ruling."""


def changed_copies(step: Step, kind: str) -> Mapping[str, Mapping[str, Change]]:
    """Changes of a kind, by number and path."""
    found: dict[str, dict[str, Change]] = {}
    for change in step.of(kind):
        if change.after is not None:
            found.setdefault(change.after.number, {})[change.path] = change
    return found


def values_of(copy: Copy) -> dict[str, str]:
    """What names the copy in a finding."""
    log = copy.log
    return {"number": log.number, "revision": log.revision, "copy": log.copy}


def at_event(finding: Finding, copy: Copy, event: Statement) -> Finding:
    """The finding with its event, and at its line where the newest log that is known has it."""
    finding = replace(finding, values=dict(finding.values) | {"entry": digits_of(event)})
    ids = [one.id for one in copy.log.events]
    return finding.at(field=f"events.{ids.index(event.id)}") if event.id in ids else finding


def placed(finding: Finding, copy: Copy, change: Change | None) -> Finding:
    """The finding at the copy's list, in the commit that changed it."""
    place = Place(
        path=copy.path,
        field=finding.place.field,
        commit=change.commit if change is not None else "",
    )
    return replace(finding, place=place, about=copy.log.about)


def digits_of(event: Statement) -> str:
    """The digits of its id by which a ruling names an event."""
    return event.id.partition(":")[2][:_DIGITS]
