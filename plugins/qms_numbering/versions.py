"""Version schemes: how revisions of a document follow one another, and how they are spelt.

Every scheme knows two steps: a change (修改), which counts up, and a new version (换版)::

    letter-count   A/0 → A/1 → … → B/0     cap: 9 makes the change after A/9 a new version B/0
    decimal        1.0 → 1.1 → … → 2.0     cap likewise
    v-number       V1 → V2 → V3            both steps are the same

A scheme is the class's setting ``version``: its name, or ``{scheme: letter-count, cap: 9}``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from qms.api import Finding, Place, Refused, refused
from qms_numbering.spelling import charset_fault

SchemeName = Literal["letter-count", "decimal", "v-number"]


class _VersionEnd(Refused):
    """A scheme has no further revision."""


class _Form(NamedTuple):
    """How a scheme spells: its pattern, its first revision, its form in words.

    `meant` reads what people write in its place, on paper or in haste.
    """

    pattern: re.Pattern[str]
    first: str
    zh: str
    en: str
    meant: re.Pattern[str]


_FORMS: Final[Mapping[SchemeName, _Form]] = {
    "letter-count": _Form(
        re.compile("([A-Z])/(0|[1-9][0-9]{0,2})"),
        "A/0",
        "一个大写字母、斜线、修改次数，A/0 至 Z/999",
        "a capital letter, a slash and the number of changes, A/0 to Z/999",
        re.compile(r"([A-Za-z])[^0-9A-Za-z]?0*([0-9]{1,3})"),
    ),
    "decimal": _Form(
        re.compile(r"([1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})"),
        "1.0",
        "版次、点、修改次数，1.0 至 999.999",
        "the version, a dot and the number of changes, 1.0 to 999.999",
        re.compile(r"[Vv]?0*([1-9][0-9]{0,2})(?:[^0-9A-Za-z]0*([0-9]{1,3}))?"),
    ),
    "v-number": _Form(
        re.compile("V([1-9][0-9]{0,2})()"),
        "V1",
        "大写 V 与版次，V1 至 V999",
        "a capital V and the version, V1 to V999",
        re.compile("[Vv]?[^0-9A-Za-z]?0*([1-9][0-9]{0,2})()"),
    ),
}
_LAST_NUMBER: Final = 999
_LAST_LETTER: Final = 26


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A revision as two numbers that sort: the version from 1 (A is 1) and its changes from 0."""

    version: int
    count: int


class Scheme(NamedTuple):
    """One class's way to version. Made by `scheme`; revisions go in and out as written."""

    name: SchemeName
    cap: int | None = None

    @property
    def first(self) -> str:
        """The revision a new document begins with."""
        return _FORMS[self.name].first

    def parse(self, text: str) -> Version:
        """The value of a written revision, to be compared with others of the scheme.

        Raises Refused NUMBER-CHARSET for a character that only looks right (full width, another
        alphabet), REVISION-FORM for all else. The cap is no matter of form: a policy may set one
        when A/12 exists.
        """
        fault = charset_fault(text, "revision")
        if fault is not None:
            raise Refused(fault)
        found = _FORMS[self.name].pattern.fullmatch(text)
        if found is None:
            raise self._no_revision(text)
        if self.name == "letter-count":
            return Version(ord(found[1]) - ord("A") + 1, int(found[2]))
        return Version(int(found[1]), int(found[2] or 0))

    def spell(self, version: Version) -> str:
        """The written form of a value; `parse` gives it back."""
        if self.name == "letter-count":
            return f"{_letter(version.version)}/{version.count}"
        if self.name == "decimal":
            return f"{version.version}.{version.count}"
        return f"V{version.version}"

    def parts(self, revision: str) -> tuple[str, str]:
        """The version and the count of changes as they are written: ``("A", "0")``."""
        value = self.parse(revision)
        letters = self.name == "letter-count"
        version = _letter(value.version) if letters else str(value.version)
        return version, str(value.count)

    def next_count(self, revision: str) -> str:
        """The revision after one more change (修改); at the cap it is the next version.

        Raises Refused VERSION-END where the scheme has no further one.
        """
        old = self.parse(revision)
        if self.name == "v-number" or (self.cap is not None and old.count >= self.cap):
            return self.next_version(revision)
        if old.count >= _LAST_NUMBER:
            raise self._ended(revision)
        return self.spell(Version(old.version, old.count + 1))

    def next_version(self, revision: str) -> str:
        """The revision after a new version (换版); raises Refused VERSION-END after the last."""
        old = self.parse(revision)
        if old.version >= (_LAST_LETTER if self.name == "letter-count" else _LAST_NUMBER):
            raise self._ended(revision)
        return self.spell(Version(old.version + 1, 0))

    def successors(self, revision: str) -> tuple[str, ...]:
        """The revisions that may follow, a change before a new version; none at the end."""
        following: list[str] = []
        for step in (self.next_count, self.next_version):
            try:
                following.append(step(revision))
            except _VersionEnd:
                continue
        return tuple(dict.fromkeys(following))

    def _no_revision(self, text: str) -> Refused:
        """REVISION-FORM: `like` is what was meant, where that can be guessed."""
        form = _FORMS[self.name]
        meant = form.meant.fullmatch(text)
        like = self.first
        if meant is not None and self.name == "letter-count":
            like = f"{meant[1].upper()}/{int(meant[2])}"
        elif meant is not None:
            value = Version(int(meant[1]), int(meant[2] or 0))
            like = self.spell(value)
        return refused(
            "REVISION-FORM",
            Place(field="revision"),
            found=text,
            scheme=self.name,
            like=like,
            first=self.first,
            form_zh=form.zh,
            form_en=form.en,
            others=", ".join(f"{name} {one.first}" for name, one in _FORMS.items()),
        )

    def _ended(self, revision: str) -> Refused:
        values = {"revision": revision, "scheme": self.name}
        return _VersionEnd(Finding("VERSION-END", Place(field="revision"), values))


def scheme(setting: str | Mapping[str, object]) -> Scheme:
    """The scheme of a class's setting ``version``; raises Refused VERSION-SCHEME.

    A cap is a whole number from 0, as an int or as its digits.
    """
    if isinstance(setting, str):
        return Scheme(_name(setting))
    unknown = [key for key in setting if key not in ("scheme", "cap")]
    if unknown:
        raise _unknown(unknown[0])
    name = _name(str(setting.get("scheme", "")))
    cap = str(setting.get("cap", ""))
    if cap == "":
        return Scheme(name)
    if name == "v-number" or re.fullmatch("0|[1-9][0-9]{0,2}", cap) is None:
        raise _unknown(f"cap: {cap}")
    return Scheme(name, int(cap))


def _name(text: str) -> SchemeName:
    for name in _FORMS:
        if text == name:
            return name
    raise _unknown(text)


def _unknown(found: str) -> Refused:
    return refused("VERSION-SCHEME", Place(field="version"), found=found, known=", ".join(_FORMS))


def _letter(version: int) -> str:
    return chr(ord("A") + version - 1)
