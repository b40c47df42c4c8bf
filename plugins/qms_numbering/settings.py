"""What a class says about its numbers and revisions in qms.yaml, as typed values.

::

    number: "LX-CX-{year}-{seq:02}"                  see qms_numbering.pattern
    display: {text: "{number}-{revision}", dash: "—"}   see qms_numbering.display; may be left out
    version: {scheme: letter-count, cap: 9}          see qms_numbering.versions
    version_display: {zh: "第{revision}版", en: "Rev. {revision}"}    may be left out
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final, NamedTuple, TypeVar

from qms.api import (
    EN,
    ZH,
    ClassSetting,
    Field,
    Finding,
    Place,
    Policy,
    Refused,
    Row,
    Type,
    integer,
    named,
    read,
    record,
    refused,
    text,
    union,
)
from qms_numbering.display import Display
from qms_numbering.fields import pattern_refused
from qms_numbering.pattern import NumberPattern
from qms_numbering.versions import Scheme, scheme

T = TypeVar("T")
U = TypeVar("U")

FILE: Final = "qms.yaml"


class RevisionDisplay(NamedTuple):
    """How a class prints its revisions, in each language."""

    zh: Display
    en: Display

    def of(self, language: str) -> Display:
        """The form in ``zh`` or ``en``."""
        return self.en if language == "en" else self.zh


def _here(make: Callable[[T], U]) -> Callable[[T], U]:
    """`make`, but what it refuses is wrong with the whole setting, wherever that stands."""

    def made(value: T) -> U:
        try:
            return make(value)
        except Refused as error:
            raise Refused(replace(error.finding, place=Place())) from error

    return made


@lru_cache(maxsize=512)
def _pattern(written: str) -> NumberPattern:
    return NumberPattern.parse(written)


def _display(setting: str | Row) -> Display:
    return Display.parse(setting)


def _scheme(setting: str | Row) -> Scheme:
    if isinstance(setting, str):
        return scheme(setting)
    return scheme({key: value for key, value in setting.items() if value is not None})


def _revision_display(setting: str | Row) -> RevisionDisplay:
    zh, en = (setting, setting) if isinstance(setting, str) else (setting[ZH], setting[EN])
    for form in (zh, en):
        if "{number}" in form:
            known = "{revision} {version} {count}"
            raise refused("NUMBER-DISPLAY", Place(), found=form, known=known)
    return RevisionDisplay(Display.parse(zh), Display.parse(en))


_TEXT: Final = Field("text", text(like="{number}"), default="{number}")
_DASH: Final = Field("dash", text(like="—"), default="-")
_SCHEME: Final = Field("scheme", text(like="letter-count"))
_CAP: Final = Field("cap", integer(0, 999), required=False)

NUMBER: Final = text(like="LX-CX-{year}-{seq:02}").then(_here(_pattern))
DISPLAY: Final = union(text(like="{number}"), record(_TEXT, _DASH)).then(_here(_display))
VERSION: Final = union(text(like="letter-count"), record(_SCHEME, _CAP)).then(_here(_scheme))
VERSION_DISPLAY: Final = union(text(like="{revision}"), named()).then(_here(_revision_display))

SETTINGS: Final = (
    ClassSetting("number", NUMBER, required=True),
    ClassSetting("display", DISPLAY),
    ClassSetting("version", VERSION, required=True),
    ClassSetting("version_display", VERSION_DISPLAY),
)
"""The keys of a class that this plugin owns."""


def setting_of(policy: Policy, class_id: str, name: str, wanted: Type[T]) -> T | None:
    """The setting `name` of a class; None where the class or the setting is not there.

    Raises Refused with what is wrong with it, at its place in qms.yaml.
    """
    found = policy.classes.get(class_id)
    if found is None or name not in found.settings:
        return None
    place = f"classes.{tuple(policy.classes).index(class_id)}.{name}"
    given, faults = read(wanted, found.settings[name], place)
    if faults:
        raise Refused(faults[0].at(path=FILE))
    return given


def faults_of(policy: Policy) -> Iterator[Finding]:
    """All that is wrong with these settings of all classes, each at its place in qms.yaml."""
    for index, (class_id, one) in enumerate(policy.classes.items()):
        for setting in SETTINGS:
            if setting.name in one.settings:
                place = f"classes.{index}.{setting.name}"
                for found in read(setting.type, one.settings[setting.name], place).findings:
                    yield replace(found.at(path=FILE), about=f"class {class_id} {setting.name}")
        fault = _parent_fault(policy, class_id)
        if fault is not None:
            place = f"classes.{index}.number"
            yield replace(fault, place=Place(FILE, place), about=f"class {class_id} number")


def _parent_fault(policy: Policy, class_id: str) -> Finding | None:
    """What is wrong with the class from whose numbers those of this one derive."""
    try:
        pattern = setting_of(policy, class_id, "number", NUMBER)
        if pattern is None or pattern.parent is None:
            return None
        if pattern.parent not in policy.classes:
            known = ", ".join(policy.classes)
            return Finding("CLASS-UNKNOWN", Place(), {"class": pattern.parent, "known": known})
        parent = setting_of(policy, pattern.parent, "number", NUMBER)
    except Refused:
        return None  # told where that setting stands
    for one in pattern.fields:
        if one.parent and (parent is None or one.kind not in parent.inheritable):
            written = "{" + one.key + "}"
            at = pattern.text.index(written) + 1
            return pattern_refused("parent-field", pattern.text, written, at).finding
    return None
