"""What the facts of an act hold: closed keys say nothing about their values.

Each value is judged from the statement alone, so that it holds or not for ever, whatever a later
policy or register says. One thing is left to whoever knows the policy that the statement names:
whether the department is one of it (`department_of`).
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from qms.findings import Finding, Place, Refused
from qms.formats.canonical_json import Json
from qms.formats.digests import is_digest, parse_day

CONDITIONS: Final = ("good", "damaged")
"""What a paper that came back may be like."""

BLANKS: Final = "".join(
    map(chr, (0x20, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000))
)
"""The blanks that canonical JSON lets into a string: a list, not what some Unicode version says."""


class About(NamedTuple):
    """What a value may be compared with: its neighbours, the revision and the copy signed about."""

    data: Mapping[str, Json]
    content: str | None
    copy: str | None


class Fact(NamedTuple):
    """What a value must be, how to say so in any language, and the code of another one."""

    is_one: Callable[[Json, About], bool]
    like: str
    code: str = "FACT-FORM"


def is_text(value: Json) -> bool:
    """Whether a value is text that somebody can read, with no blank at either end."""
    return isinstance(value, str) and value != "" and value.strip(BLANKS) == value


def _text(value: Json, _: About) -> bool:
    return is_text(value)


def _text_or_none(value: Json, _: About) -> bool:
    return value is None or is_text(value)


def _day(value: Json, _: About) -> bool:
    try:
        return isinstance(value, str) and bool(parse_day(value))
    except Refused:
        return False


def _condition(value: Json, _: About) -> bool:
    return value in CONDITIONS


def _one(value: Json, _: About) -> bool:
    return value == 1


def _own_content(value: Json, about: About) -> bool:
    return isinstance(value, str) and about.content in (None, value)


def _held(value: Json, about: About) -> bool:
    return value is not None or about.data.get("department") is not None


def _another(value: Json, about: About) -> bool:
    return value != about.copy


def _entry(value: Json, _: About) -> bool:
    return isinstance(value, str) and is_digest(value)


def _stands(value: Json, about: About) -> bool:
    return value is None or _entry(value, about)


def _annulled(value: Json, about: About) -> bool:
    """Some ids, each once, in order, without the one that stands."""
    if not isinstance(value, (list, tuple)) or not value:
        return False
    ids = [one for one in value if isinstance(one, str) and is_digest(one)]
    is_plain = len(ids) == len(value) and ids == sorted(set(ids))
    return is_plain and about.data.get("stands") not in ids


_ENTRY: Final = Fact(_entry, "sha256:…")
_TEXT: Final = Fact(_text, "“…”")
_TEXT_OR_NONE: Final = Fact(_text_or_none, "“…”, null")

FACTS: Final[Mapping[str, tuple[tuple[str, Fact], ...]]] = {
    "issue": (
        ("content", Fact(_own_content, "base.content", "COPY-CONTENT")),
        ("department", _TEXT_OR_NONE),
        ("holder", _TEXT_OR_NONE),
        ("holder", Fact(_held, "“…”", "COPY-HOLDER")),
        ("place", _TEXT_OR_NONE),
        ("quantity", Fact(_one, "1", "COPY-QUANTITY")),
    ),
    "receive": (("by", _TEXT),),
    "recall": (("due", Fact(_day, "YYYY-MM-DD")),),
    "return": (("state", Fact(_condition, ", ".join(CONDITIONS))),),
    "replace": (("by", _TEXT), ("by", Fact(_another, "≠ subject.copy"))),
    "settle": (
        ("annulled", Fact(_annulled, "[sha256:…, …]")),
        ("stands", Fact(_stands, "sha256:…, null")),
    ),
    "annul": (("entry", _ENTRY),),
    "ratify": (("entry", _ENTRY),),
}
"""The facts of each act in their order: the first wrong one is named."""


def fact_fault(
    act: str, data: Mapping[str, Json], content: str | None, copy: str | None
) -> Finding | None:
    """The first fact of an act that is not what it must be; None for an act of another kind.

    `content` is that of the revision that the statement builds on, `copy` the number of the copy
    that it is about. FACT-FORM, COPY-QUANTITY, COPY-CONTENT or COPY-HOLDER.
    """
    about = About(data, content, copy)
    for key, fact in FACTS.get(act, ()):
        value = data.get(key)
        if not fact.is_one(value, about):
            found = "null" if value is None else str(value)[:60]
            values = {"act": act, "key": key, "found": found, "wanted": fact.like}
            return Finding(fact.code, Place(field=f"data.{key}"), values)
    return None


def department_of(act: str, data: Mapping[str, Json]) -> str | None:
    """The department that a statement names, which must be one of the policy it names."""
    found = data.get("department") if act == "issue" else None
    return found if isinstance(found, str) else None
