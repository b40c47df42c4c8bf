"""A statement as JSON: the object that holds a signed slot's fields, read and written.

Each field has its form, and a value in another form is refused with the code of that form. What
the values have to do with the file, the policy and each other is judged elsewhere.
"""

import re
from functools import lru_cache
from sys import intern
from typing import Final

from qms.findings import Place, Refused, refused
from qms.formats import canonical_json, caps, digests
from qms.formats.canonical_json import Json
from qms.formats.characters import first_forbidden
from qms.formats.statements import (
    EVENT_STEP,
    Base,
    Notice,
    Slot,
    Statement,
    Subject,
    check_texts,
)

_ACT: Final = re.compile("[a-z]+(?:-[a-z]+)*")
_STEP: Final = re.compile("[1-9][0-9]?")
_LINE_KEYS: Final = frozenset(("act", "step", "role", "person", "at"))
_SIGNED_KEYS: Final = frozenset(
    (
        "after", "base", "content", "data", "for", "key", "meaning", "name",
        "policy", "reason", "repo", "round", "seen", "signature", "subject",
    )
)  # fmt: skip
_EVENT_KEYS: Final = _SIGNED_KEYS | _LINE_KEYS
_SUBJECT_KEYS: Final = frozenset(("kind", "number", "class", "revision", "copy"))
_BASE_KEYS: Final = frozenset(("revision", "content"))


def parse_event(text: str) -> Statement:
    """The statement that one event of a growing list spells: a JSON object on one line.

    Raises Refused NOT-CANONICAL, SLOT-FORM, TIME-FORM, DIGEST-FORM or GIT-ID-FORM.
    """
    _check_size(text, "")
    value = _object(canonical_json.parse_text(text), _EVENT_KEYS, "")
    step = _string(value, "step")
    return _statement(
        value,
        act=_act(_string(value, "act")),
        step=step if step == EVENT_STEP else _step(step),
        role=_optional(value, "role"),
        person=_string(value, "person"),
        at=_time(_string(value, "at")),
    )


def render_event(event: Statement) -> str:
    """The one line of canonical JSON that an event is in a growing list."""
    return canonical_json.encode(
        event.json() | event.lines() | {"signature": event.signature}
    ).decode()


@lru_cache(maxsize=2048)  # a slot stands in every later version of its file
def parse_lines(values: tuple[str, ...]) -> Slot:
    """The slot whose lines in a tail hold these JSON texts: act, step, role, person, at, signed.

    Raises as `parse_event` does; the place names the line (``at``) or the field (``signed.key``).
    """
    act, step, role, person, at, signed = values
    act = _act(_line_text(act, "act"))
    step = _step(_line_text(step, "step"))
    role = _line_text(role, "role")
    person = _line_text(person, "person")
    if signed == at == "null":
        return Notice(act=act, step=step, role=role, person=person)
    time = _time(_line_text(at, "at"))
    _check_size(signed, "signed")
    value = _object(canonical_json.parse_text(signed), _SIGNED_KEYS, "signed")
    return _statement(value, act=act, step=step, role=role, person=person, at=time)


def render_lines(slot: Slot) -> tuple[str, ...]:
    """The JSON texts of a slot's lines in a tail."""
    at: Json = None
    signed: Json = None
    if isinstance(slot, Statement):
        at, signed = slot.at, slot.json() | {"signature": slot.signature}
    values = (slot.act, slot.step, slot.role, slot.person, at, signed)
    return tuple(canonical_json.encode(value).decode() for value in values)


def _check_size(text: str, name: str) -> None:
    # A character has at most four bytes, so most texts need not be encoded for this.
    if len(text) * 4 > caps.ENTRY and (size := len(text.encode())) > caps.ENTRY:
        raise caps.over("entry", size, caps.ENTRY, Place(field=name))


def _line_text(text: str, name: str) -> str:
    """The string that one line's JSON is; the usual kind without going through the parser."""
    inner = text[1:-1]
    if (
        len(text) > 1
        and text[0] == text[-1] == '"'
        and first_forbidden(inner) is None
        and '"' not in inner
        and "\\" not in inner
    ):
        value: Json = inner
    else:
        try:
            value = canonical_json.parse_text(text)
        except Refused as error:
            raise Refused(error.finding.at(field=name)) from error
    if not isinstance(value, str) or not value:
        raise _fault(name, text)
    return value


def _act(text: str) -> str:
    if _ACT.fullmatch(text) is None:
        raise _fault("act", text)
    return text


def _step(text: str) -> str:
    if _STEP.fullmatch(text) is None:
        raise _fault("step", text)
    return text


def _time(text: str) -> str:
    try:
        digests.parse_time(text)
    except Refused as error:
        raise Refused(error.finding.at(field="at")) from error
    return text


def _statement(  # noqa: PLR0913 - the lines of a slot
    value: dict[str, Json], *, act: str, step: str, role: str | None, person: str, at: str
) -> Statement:
    """The statement in an object whose keys were compared already.

    What many statements have in common is kept once: it is compared and handed on faster then.
    """
    meaning, reason = _string(value, "meaning"), _optional(value, "reason")
    data = _data(value["data"])
    check_texts(meaning, reason, data)
    return Statement(
        act=act,
        step=step,
        role=role,
        person=person,
        at=at,
        repo=intern(_digest(value, "repo")),
        subject=_subject(value["subject"]),
        content=intern(_digest(value, "content")),
        base=_base(value["base"]),
        round=_round(value["round"]),
        name=intern(_string(value, "name")),
        key=intern(_key(value)),
        for_=_optional(value, "for"),
        meaning=intern(meaning),
        reason=reason,
        policy=None if value["policy"] is None else intern(_digest(value, "policy")),
        seen=_seen(value["seen"]),
        after=_after(value["after"]),
        data=data,
        signature=_signature(value),
    ).mark_checked()


def _object(value: Json, keys: frozenset[str], name: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise _fault(name, _shown(value))
    found = frozenset(value)
    if found != keys:
        raise _fault(name, ", ".join(sorted(found ^ keys)))
    return value


def _subject(value: Json) -> Subject:
    found = _object(value, _SUBJECT_KEYS, "subject")
    return _one_subject(
        _string(found, "kind"),
        _optional(found, "number"),
        _optional(found, "class"),
        _optional(found, "revision"),
        _optional(found, "copy"),
    )


@lru_cache(maxsize=256)  # all slots of a file name the same one
def _one_subject(
    kind: str, number: str | None, class_: str | None, revision: str | None, copy: str | None
) -> Subject:
    return Subject(kind=kind, number=number, class_=class_, revision=revision, copy=copy)


def _base(value: Json) -> Base | None:
    if value is None:
        return None
    found = _object(value, _BASE_KEYS, "base")
    return Base(_string(found, "revision"), _digest(found, "content"))


def _round(value: Json) -> int:
    if type(value) is not int or value < 1:
        raise _fault("round", _shown(value))
    if value > caps.ROUND:
        raise caps.over("round", value, caps.ROUND, Place(field="signed.round"))
    return value


def _key(value: dict[str, Json]) -> str:
    text = _string(value, "key")
    if not digests.is_fingerprint(text):
        raise _fault("key", text)
    return text


def _seen(value: Json) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise _fault("seen", _shown(value))
    if not digests.is_git_id(value):
        raise refused("GIT-ID-FORM", Place(field="signed.seen"), found=value)
    return value


def _after(value: Json) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _fault("after", _shown(value))
    if len(value) > caps.AFTER:
        raise caps.over("after", len(value), caps.AFTER, Place(field="signed.after"))
    ids: list[str] = []
    for item in value:
        if not isinstance(item, str):
            raise _fault("after", _shown(item))
        if not digests.is_digest(item):
            raise refused("DIGEST-FORM", Place(field="signed.after"), found=item)
        if ids and item <= ids[-1]:
            raise _fault("after", item)
        ids.append(item)
    return tuple(ids)


def _data(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise _fault("data", _shown(value))
    canonical_json.check(value, 1)
    return value


def _signature(value: dict[str, Json]) -> str:
    text = _string(value, "signature")
    digests.from_base64(text)
    return text


def _digest(value: dict[str, Json], name: str) -> str:
    text = value[name]
    if not isinstance(text, str) or not digests.is_digest(text):
        raise refused("DIGEST-FORM", Place(field=f"signed.{name}"), found=_shown(text))
    return text


def _string(value: dict[str, Json], name: str) -> str:
    text = value[name]
    if not isinstance(text, str) or not text:
        raise _fault(name, _shown(text))
    return text


def _optional(value: dict[str, Json], name: str) -> str | None:
    text = value[name]
    if text is not None and (not isinstance(text, str) or not text):
        raise _fault(name, _shown(text))
    return text


def _shown(value: Json) -> str:
    return str(value)[:60] if isinstance(value, (str, int)) else type(value).__name__


def _fault(name: str, found: str) -> Refused:
    field = name if name in _LINE_KEYS or name == "signed" or not name else f"signed.{name}"
    return refused("SLOT-FORM", Place(field=field), part=name, found=found[:60])
