"""The numbering and the version scheme of one class, as the core asks for them (DC-02, DC-03)."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from qms.api import Finding, Place, Policy, Refused, refused
from qms_numbering.display import Display
from qms_numbering.pattern import NumberPattern
from qms_numbering.settings import (
    DISPLAY,
    NUMBER,
    VERSION,
    VERSION_DISPLAY,
    RevisionDisplay,
    setting_of,
)
from qms_numbering.spelling import charset_fault, twin_key
from qms_numbering.versions import Scheme, SchemeName

_PRINTED: Final[Mapping[SchemeName, RevisionDisplay]] = {
    "letter-count": RevisionDisplay(
        Display.parse("第{version}版第{count}次修改"),
        Display.parse("Issue {version}, change {count}"),
    ),
    "decimal": RevisionDisplay(
        Display.parse("第{revision}版"), Display.parse("Version {revision}")
    ),
    "v-number": RevisionDisplay(Display.parse("第{version}版"), Display.parse("Version {version}")),
}
_UNKNOWN_REVISION: Final = "{number} {revision}"


class ClassNumbering(NamedTuple):
    """How the numbers of one class are written: `qms.api.Numbering`. Made by `numbering_of`.

    `parent` is the pattern of the class from whose numbers these derive, where there is one.
    """

    pattern: NumberPattern
    form: Display
    scheme: Scheme
    parent: NumberPattern | None

    @property
    def like(self) -> str:
        """An example of a number."""
        return self.pattern.like

    def fault(self, number: str) -> Finding | None:
        """What is wrong with a number as it stands in a file, or None.

        NUMBER-CHARSET for a character that no number holds, NUMBER-TWIN for what only looks like
        a number of this class, NUMBER-FORM for all else; that shows the canonical spelling where
        there is one.
        """
        fault = charset_fault(number)
        if fault is not None or self.pattern.match(number) is not None:
            return fault
        try:
            meant = self.pattern.canonical(number)
        except Refused as refusal:
            return refusal.finding
        values = {"found": number, "pattern": self.pattern.text, "like": meant}
        return Finding("NUMBER-FORM", Place(field="number"), values)

    def canonical(self, text: str) -> str:
        """The one spelling of what somebody typed or printed.

        Raises Refused NUMBER-CHARSET, NUMBER-TWIN or NUMBER-FORM where it is no number of this
        class.
        """
        return self.pattern.canonical(text)

    def next_free(self, taken: Iterable[str], given: Mapping[str, str]) -> str:
        """The next number, clear of all `taken`.

        `given` holds the parts that the pattern asks for: ``year``, ``clause`` … and, where the
        numbers derive from those of another class, under the id of that class the number of the
        document they belong to. Raises Refused NUMBER-FIELD for a part that is missing or
        misspelt, NUMBER-PARENT where there is no such document, NUMBER-FULL at the end.
        """
        known = tuple(taken)
        parts = dict(given)
        if "mm" not in parts and "mmdd" in parts:
            parts["mm"] = parts["mmdd"][:2]
        parts |= self._inherited(known, given)
        return self.pattern.next_free(known, parts)

    def display(self, number: str, revision: str) -> str:
        """Number and revision as the company prints them.

        A revision of an earlier scheme of the class is printed as it is filed.
        """
        try:
            return self.form.show(number, revision, self.scheme)
        except Refused:
            return Display(_UNKNOWN_REVISION, self.form.dash).show(number, revision, self.scheme)

    def twin_key(self, number: str) -> str:
        """A key that is equal for two numbers that a reader could take for one another."""
        return twin_key(number)

    def _inherited(self, known: tuple[str, ...], given: Mapping[str, str]) -> Mapping[str, str]:
        name = self.pattern.parent
        if name is None or self.parent is None:
            return {}
        if name not in given:
            needed = [one.key for one in self.pattern.fields if one.parent]
            if all(key in given for key in needed):
                return {}
            raise refused(
                "NUMBER-FIELD", Place(field="number"), needed=name, found="", like=self.like
            )
        number = self.parent.canonical(given[name])
        if number not in known:
            raise refused(
                "NUMBER-PARENT",
                Place(field="number"),
                **{"class": name, "number": self.like, "parts": number},
            )
        return self.pattern.inherited(self.parent, number)


class ClassVersions(NamedTuple):
    """How the revisions of one class follow one another: `qms.api.VersionScheme`.

    A class may change its scheme: where the older revision is none of this scheme, its first one
    follows. Made by `versions_of`.
    """

    scheme: Scheme
    printed: RevisionDisplay

    @property
    def first(self) -> str:
        """The revision a new document begins with."""
        return self.scheme.first

    def fault(self, revision: str) -> Finding | None:
        """NUMBER-CHARSET or REVISION-FORM for what is no revision of this scheme, or None."""
        try:
            self.scheme.parse(revision)
        except Refused as refusal:
            return refusal.finding
        return None

    def next_count(self, revision: str) -> str:
        """The revision after one more change (修改). Raises Refused VERSION-END."""
        return self.first if self.fault(revision) else self.scheme.next_count(revision)

    def next_version(self, revision: str) -> str:
        """The revision after a new version (换版). Raises Refused VERSION-END."""
        return self.first if self.fault(revision) else self.scheme.next_version(revision)

    def following(self, older: str | None) -> tuple[str, ...]:
        """All revisions that may follow `older`, or be the first where that is None."""
        if older is None or self.fault(older):
            return (self.first,)
        return self.scheme.successors(older)

    def display(self, revision: str, language: str) -> str:
        """As printed in the running header: 第A版第0次修改.

        A revision of an earlier scheme of the class is printed as it is filed.
        """
        try:
            return self.printed.of(language).show("", revision, self.scheme)
        except Refused:
            return revision


def numbering_of(policy: Policy, class_id: str) -> ClassNumbering | None:
    """The numbering of a class, or None where it has none.

    Raises Refused with what is wrong with its settings, at its place in qms.yaml.
    """
    pattern = setting_of(policy, class_id, "number", NUMBER)
    if pattern is None:
        return None
    parent = setting_of(policy, pattern.parent, "number", NUMBER) if pattern.parent else None
    return ClassNumbering(
        pattern=pattern,
        form=setting_of(policy, class_id, "display", DISPLAY) or Display(),
        scheme=setting_of(policy, class_id, "version", VERSION) or Scheme("letter-count"),
        parent=parent,
    )


def versions_of(policy: Policy, class_id: str) -> ClassVersions | None:
    """The version scheme of a class, or None where it has none; raises as `numbering_of`."""
    scheme = setting_of(policy, class_id, "version", VERSION)
    if scheme is None:
        return None
    printed = setting_of(policy, class_id, "version_display", VERSION_DISPLAY)
    return ClassVersions(scheme, printed or _PRINTED[scheme.name])
