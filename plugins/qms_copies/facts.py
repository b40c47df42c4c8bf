"""Whether the facts of an event are of their kind: closed keys say nothing about what they hold."""

from typing import Final

from qms.api import Policy, QmsError, Released, Slot, parse_day

GOOD: Final = "good"
DAMAGED: Final = "damaged"
CONDITIONS: Final = (GOOD, DAMAGED)


def wrong_fact(event: Slot, entry: Released) -> tuple[str, str, str] | None:
    """The first fact that is not of its kind: key, what stands there, what should; or None."""
    for key, wanted in _wanted(event.act, entry).items():
        value = _fact(event, key)
        if not _is(value, wanted):
            return key, str(value)[:60] if value is not None else "null", _LIKE.get(wanted, wanted)
    return None


def has_holder(event: Slot, policy: Policy) -> bool:
    """Whether an issue names a department that there is, or somebody by name."""
    department = _fact(event, "department")
    if department is None:
        return _fact(event, "holder") is not None
    return department in policy.departments


def _fact(event: Slot, key: str) -> object:
    return event.signed.data.get(key) if event.signed is not None else None


def _wanted(act: str, entry: Released) -> dict[str, str]:
    if act == "issue":
        return {
            "content": entry.document.content,
            "department": _OR_NONE,
            "holder": _OR_NONE,
            "place": _OR_NONE,
            "quantity": _COUNT,
        }
    return _OTHERS.get(act, {})


def _is(value: object, wanted: str) -> bool:
    if wanted == _COUNT:
        return isinstance(value, int) and value > 0
    if wanted == _OR_NONE and value is None:
        return True
    if not isinstance(value, str) or not value.strip():
        return False
    if wanted == _DAY:
        return _is_day(value)
    if wanted == _CONDITION:
        return value in CONDITIONS
    return wanted in (_TEXT, _OR_NONE) or value == wanted


def _is_day(text: str) -> bool:
    try:
        parse_day(text)
    except QmsError:
        return False
    return True


_TEXT: Final = "text"
_OR_NONE: Final = "text or null"
_COUNT: Final = "count"
_DAY: Final = "day"
_CONDITION: Final = "condition"
_LIKE: Final = {
    _TEXT: "“…”",
    _OR_NONE: "“…”, null",
    _COUNT: "1, 2, 3 …",
    _DAY: "YYYY-MM-DD",
    _CONDITION: ", ".join(CONDITIONS),
}
_OTHERS: Final = {
    "receive": {"by": _TEXT},
    "recall": {"due": _DAY},
    "return": {"state": _CONDITION},
    "replace": {"by": _TEXT},
}
