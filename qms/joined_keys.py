"""The keys that plugins add to heads, joined: no key is two plugins', and none is the core's."""

import re
from collections.abc import Iterable
from typing import Final

from qms.domain.kinds.document import HEAD_KEYS
from qms.domain.kinds.head_field import HeadField
from qms.findings import Finding, Place, QmsError, Reason, Refused
from qms.formats.strict_yaml import load
from qms.letters import unprintable

_KEY: Final = re.compile("[a-z][a-z0-9_]*")
_NOT_OF_HEADS: Final = frozenset({"status", "approvals", "events"})
_CORE: Final = "qms"


def joined(answers: Iterable[tuple[str, HeadField[object]]]) -> tuple[HeadField[object], ...]:
    """The keys that plugins, by their names, add to the heads of a class.

    Raises `QmsError` HEAD-FIELD-TWICE for a key of two, or of one and the core; HEAD-FIELD-FORM for
    one that no head can have, that has no name in one of the languages that could be printed, or
    whose `begin` is no YAML of one line.
    """
    owners = dict.fromkeys(HEAD_KEYS, _CORE)
    found: list[HeadField[object]] = []
    for plugin, one in answers:
        key = one.field.name
        if key in owners:
            names = f"{owners[key]}, {plugin}"
            raise _fault("HEAD-FIELD-TWICE", key=key, names=names)
        wrong = _wrong(one)
        if wrong:
            raise _fault("HEAD-FIELD-FORM", key=key, name=plugin, wrong=wrong)
        owners[key] = plugin
        found.append(one)
    return tuple(found)


def _wrong(one: HeadField[object]) -> str:
    """What of a key is wrong, whatever stands behind it; empty where nothing is."""
    key = one.field.name
    if _KEY.fullmatch(key) is None or key in _NOT_OF_HEADS:
        return "field"
    names = (one.name.zh, one.name.en)
    if not all(names) or unprintable("".join(map(str, names)), {}):
        return "name"
    try:
        return (
            ""
            if not one.begin or list(load(f"{key}: {one.begin}\n".encode())) == [key]
            else "begin"
        )
    except Refused:
        return "begin"


def _fault(code: str, **values: str) -> QmsError:
    place = Place("policy.yaml", "plugins")
    return QmsError(Finding(code, place, values, reason=Reason.PLUGIN_FAILED))
