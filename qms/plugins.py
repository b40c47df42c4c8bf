"""What plugins are asked, and their answers, typed and checked."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from qms.class_settings import class_setting_faults
from qms.domain.kinds.chain import Chain
from qms.domain.kinds.document import Document
from qms.domain.kinds.filed import FiledText
from qms.domain.kinds.head_field import HeadField, head_type
from qms.domain.kinds.numbering import Numbering, VersionScheme
from qms.domain.kinds.pins import PluginPin
from qms.domain.kinds.policy import Person, Policy
from qms.domain.verdict.rule import Rule
from qms.findings import Finding, Place, QmsError, Reason, Refused, refused
from qms.formats.glyph_files import Glyphs
from qms.formats.schema import read
from qms.hook_values import ClassSetting, Command, NamedFact, Probe, Task
from qms.installed import RULES, TOOLS, Found
from qms.joined_keys import joined
from qms.joined_plugins import JoinedPlugins
from qms.plugin_guards import checked, named, timed, typed
from qms.purity import pure

if TYPE_CHECKING:  # what only commands and printing need, no check loads
    from qms.domain.kinds.held_copy import HeldCopy
    from qms.domain.library.library import Library
    from qms.formats.canonical_json import Json
    from qms.formats.strict_yaml import Value
    from qms.listings import ListRequest, NamedList
    from qms.printing import NamedPrint, NamedSheet, RenderRequest, Stamped, StampRequest


class Hooks(JoinedPlugins):
    """The loaded plugins' answers, typed and checked: one method for each question."""

    def __init__(
        self,
        pins: Sequence[PluginPin] | None,
        groups: Sequence[str] = (RULES,),
        found: Sequence[Found] | None = None,
        older: Sequence[PluginPin] = (),
    ) -> None:
        super().__init__(pins, groups, found, older)
        self._rules: dict[int, tuple[Policy, tuple[Rule, ...]]] = {}
        self._settings: dict[frozenset[str] | None, tuple[ClassSetting, ...]] = {}
        self._head_fields: dict[tuple[int, str], tuple[Policy, tuple[HeadField[object], ...]]] = {}
        self._unread: dict[int, tuple[Policy, str]] = {}
        self._lacking: dict[int, tuple[Policy, tuple[str, ...]]] = {}
        self._schemes: dict[tuple[int, str], tuple[Policy, VersionScheme]] = {}

    def tools(self) -> "Hooks":
        """The other half of the same plugins, for what only people's commands ask."""
        return Hooks(self.pins, (TOOLS,), self.found)

    # questions with many answers

    def rules(self, policy: Policy) -> tuple[Rule, ...]:
        """All rules of this policy's rulebook, by name."""
        known = self._rules.get(id(policy))
        if known is None or known[0] is not policy:
            asked = self._each("rules", Rule, policy=policy)
            rules = (rule.by(name) for name, rule in asked)
            holding = (rule for rule in rules if rule.holds_in(policy.rulebook))
            known = policy, tuple(sorted(holding, key=lambda rule: rule.name))
            self._rules[id(policy)] = known
        return known[1]

    def setting_faults(self, policy: Policy) -> tuple[Finding, ...]:
        """What is wrong with the keys of classes that the plugins of a policy own.

        Nothing where a foreign one of these isn't loaded: which keys are its own, nobody knows.
        """
        if self.gone(policy):
            return ()
        names = self._names(policy)
        if names not in self._settings:
            self._settings[names] = self._all("settings", ClassSetting, names)
        return class_setting_faults(policy, self._settings[names])

    def head_fields(self, policy: Policy, class_id: str) -> tuple[HeadField[object], ...]:
        """The keys that plugins add to heads of a class. Raises `QmsError` HEAD-FIELD-…."""
        known = self._head_fields.get((id(policy), class_id))
        if known is None or known[0] is not policy:
            given = {"policy": policy, "class_id": class_id}
            kind = cast("type[HeadField[object]]", HeadField)
            known = policy, joined(self._each("head_fields", kind, **given))
            self._head_fields[id(policy), class_id] = known
        return known[1]

    def head_faults(self, policy: Policy, document: Document) -> tuple[Finding, ...]:
        """What of a head isn't as these keys are to be. Raises PLUGIN-GONE, as `chain` does.

        Nothing where another release of a plugin is here than the policy lists: which keys that one
        had, and what they took, nobody knows.
        """
        fields = self.head_fields(policy, document.class_id)
        if not fields and not document.extra:
            return ()
        if document.extra.keys() - {one.field.name for one in fields}:
            gone = self._gone(policy, document.class_id)
            if gone is not None:
                raise gone
        if self.has_other_release(policy):
            return ()
        keys = ", ".join(one.field.name for one in fields)
        with named(keys, "head_fields"), pure("head_fields"):
            return read(head_type(fields), dict(document.head)).findings
        return ()

    def absent_under(self, policy: Policy) -> frozenset[str]:
        """The plugins that judge under a policy and are not loaded, by name."""
        return frozenset(pin.name for pin in self.gone(policy))

    def lacking(self, policy: Policy) -> tuple[str, ...]:
        """The plugins that judge under a policy, and aren't loaded in the release that it lists."""
        known = self._lacking.get(id(policy))
        if known is None or known[0] is not policy:
            names = tuple(pin.name for pin in self.other_releases(policy))
            known = self._lacking[id(policy)] = policy, names
        return known[1]

    def unread(self, policy: Policy) -> str:
        """Why this tool can't judge by a policy: it, or a plugin that judges, can't read it."""
        known = self._unread.get(id(policy))
        if known is None or known[0] is not policy:
            faults = () if policy.unread else self.setting_faults(policy)
            said = next((f"{one.place.path} {one.place.field}: {one.code}" for one in faults), "")
            known = self._unread[id(policy)] = policy, policy.unread or said
        return known[1]

    def code_files(self) -> tuple[Path, ...]:
        """The code tables of the loaded plugins."""
        return tuple(checked(name, "codes", Path, one) for name, one in self._asked("codes", {}))

    def commands(self) -> tuple[Command, ...]:
        """The commands that plugins add."""
        return self._all("commands", Command)

    def facts(self) -> "Mapping[str, NamedFact]":
        """The questions that plugins answer, by name. Raises `QmsError` FACT-TWICE."""
        found: dict[str, NamedFact] = {}
        for one in self._all("facts", NamedFact):
            if one.name in found:
                raise QmsError(Finding("FACT-TWICE", values={"fact": one.name}))
            found[one.name] = one
        return found

    def fact(self, library: "Library", name: str, subject: str) -> "Json":
        """What a plugin answers to a question about a subject. Raises `Refused` FACT-UNKNOWN."""
        known = self.facts()
        if name not in known:
            raise refused("FACT-UNKNOWN", fact=name, known=", ".join(known) or "-")
        with named(name, "facts"):
            return known[name].answer(library, subject)

    def probes(self, language: str) -> tuple[Probe, ...]:
        """What plugins look at on this machine."""
        return self._all("probes", Probe, language=language)

    def listings(self) -> "tuple[NamedList, ...]":
        """The lists that plugins offer."""
        from qms.listings import NamedList  # noqa: PLC0415 - no check loads it

        return self._all("listings", NamedList)

    def prints(self) -> "tuple[NamedPrint, ...]":
        """What plugins can print beyond documents. Raises `QmsError` PRINT-TWICE."""
        from qms.printing import NamedPrint  # noqa: PLC0415 - no check loads it

        found = self._all("prints", NamedPrint)
        for name, times in Counter(one.name for one in found).items():
            if times > 1:
                raise QmsError(Finding("PRINT-TWICE", values={"print": name}))
        return found

    def sheets(self, one: "NamedPrint", library: "Library") -> "tuple[NamedSheet, ...]":
        """The sheets of a kind that a plugin can print. Raises `QmsError` PLUGIN-FAILED."""
        from qms.printing import NamedSheet  # noqa: PLC0415 - no check loads it

        with named(one.name, "prints"):
            return tuple(
                checked(one.name, "prints", NamedSheet, sheet) for sheet in one.sheets(library)
            )

    def waiting(
        self, library: "Library", person: Person, now: datetime
    ) -> tuple[tuple[str, Task], ...]:
        """What waits for a person by what plugins say, each with the plugin's name."""
        given = {"library": library, "person": person, "now": now}
        asked = self._each("waiting", Task, **given)
        return tuple(
            (name, typed(name, "waiting", timed(name, "waiting", "since", one, one.since)))
            for name, one in asked
        )

    def printable(
        self,
        document: Document,
        assets: Mapping[str, bytes],
        place: Place,
        glyphs: Glyphs,
        facts: "Mapping[str, Value]",
    ) -> tuple[Finding, ...]:
        """What in a text could not be printed; `facts` are what its head says beside."""
        given = {"document": document, "assets": assets, "place": place, "glyphs": glyphs,
                 "facts": facts}  # fmt: skip
        return self._all("printable", Finding, **given)

    def printable_fields(
        self, fields: Mapping[str, str], path: str, glyphs: Glyphs
    ) -> tuple[Finding, ...]:
        """What in single printed fields could not be printed."""
        return self._all("printable_fields", Finding, fields=fields, path=path, glyphs=glyphs)

    def printable_picture(
        self, path: str, data: bytes, place: Place, glyphs: Glyphs
    ) -> tuple[Finding, ...]:
        """What keeps a single picture from being printed."""
        given = {"path": path, "data": data, "place": place, "glyphs": glyphs}
        return self._all("printable_picture", Finding, **given)

    def markable(self, mark: "StampRequest") -> tuple[Finding, ...]:
        """What keeps a copy's mark from being drawn."""
        return self._all("markable", Finding, mark=mark)

    def shown(self, document: Document) -> tuple[str, ...]:
        """The paths of the pictures that a text shows."""
        return self._all("shown", str, document=document)

    def pixels(self, picture: bytes) -> int:
        """How many pixels printers unpack to judge a picture, whatever it is."""
        return sum(self._all("pixels", int, picture=picture))

    def held_copies(self, library: "Library", number: str) -> "tuple[HeldCopy, ...]":
        """The numbered copies of a document that are out."""
        from qms.domain.kinds.held_copy import HeldCopy  # noqa: PLC0415 - no check loads it

        found = self._all("held_copies", HeldCopy, library=library, number=number)
        return tuple(one for one in found if one.number == number)

    def toolchain(self) -> tuple[str, ...]:
        """What else than the plugins' own files decides what they print."""
        return self._all("toolchain", str)

    # questions with one answer

    def render(self, request: "RenderRequest") -> bytes:
        """The base PDF of a revision; raises `QmsError` NO-PRINTER where nobody renders."""
        answer = self._one("render", bytes, request=request)
        if answer is None:
            raise QmsError(Finding("NO-PRINTER", values={"hook": "render"}))
        return answer

    def render_list(self, request: "ListRequest") -> bytes:
        """The base PDF of a list; raises `QmsError` NO-PRINTER where nobody renders lists."""
        answer = self._one("render_list", bytes, request=request)
        if answer is None:
            raise QmsError(Finding("NO-PRINTER", values={"hook": "render_list"}))
        return answer

    def stamp(self, request: "StampRequest") -> "Stamped":
        """The stamped PDF; raises `QmsError` NO-PRINTER where nobody stamps."""
        from qms.printing import Stamped  # noqa: PLC0415 - no check loads it

        answer = self._one("stamp", Stamped, request=request)
        if answer is None:
            raise QmsError(Finding("NO-PRINTER", values={"hook": "stamp"}))
        return answer

    def chain(
        self, policy: Policy, document: Document, days: tuple[date | None, ...] = ()
    ) -> Chain:
        """The chain of a document; raises `Refused` NO-CHAIN where nobody knows one.

        `days` are those of its statements, in their order.
        """
        answer = self._one("chain", Chain, policy=policy, document=document, days=days)
        if answer is None:
            none = _unanswered("NO-CHAIN", document.class_id)
            raise self._gone(policy, document.class_id) or none
        return answer

    def act_chain(
        self,
        policy: Policy,
        text: FiledText,
        act: str,
        owner: str,
        days: tuple[date | None, ...] = (),
    ) -> Chain:
        """The chain of a class for an act; raises `Refused` NO-ACT-CHAIN where it has none."""
        given = {"policy": policy, "text": text, "act": act, "owner": owner, "days": days}
        answer = self._one("act_chain", Chain, **given)
        if answer is None:
            none = refused("NO-ACT-CHAIN", **{"class": text.class_id or "-"}, act=act)
            raise self._gone(policy, text.class_id) or none
        return answer

    def numbering(self, policy: Policy, class_id: str) -> Numbering:
        """The numbering of a class; raises `Refused` NO-NUMBERING where nobody knows one."""
        answer = self._one("numbering", object, policy=policy, class_id=class_id)
        if answer is None:
            raise _unanswered("NO-NUMBERING", class_id)
        return cast("Numbering", answer)

    def version_scheme(self, policy: Policy, class_id: str) -> VersionScheme:
        """The version scheme of a class; raises `Refused` NO-VERSION-SCHEME.

        Each number that begins is judged by it; a pure hook gives one answer.
        """
        known = self._schemes.get((id(policy), class_id))
        if known is not None and known[0] is policy:
            return known[1]
        answer = self._one("version_scheme", object, policy=policy, class_id=class_id)
        if answer is None:
            none = _unanswered("NO-VERSION-SCHEME", class_id, Reason.NO_ORDER)
            raise self._gone(policy, class_id) or none
        found = cast("VersionScheme", answer)
        self._schemes[id(policy), class_id] = policy, found
        return found

    # what came back, and from whom

    def _gone(self, policy: Policy, class_id: str) -> QmsError | None:
        """PLUGIN-GONE where a plugin that the policy admits could have answered, and isn't here.

        A command that shows or signs ends there: what it can't judge may be in force. What rests
        on a plugin that a later policy made void has no effect for anybody, and stops nobody.
        """
        gone = self.gone(policy) if self.pins is not None else ()
        if not gone:
            return None
        names = ", ".join(pin.name for pin in gone)
        values = {"class": class_id, "version": str(policy.version), "names": names}
        is_void = not set(gone) & {*(self.pins or ()), *self._older}
        stops = self.is_showing and not is_void
        gone_fault = Finding("PLUGIN-GONE", values=values, reason=Reason.NO_PLUGIN)
        return (QmsError if stops else Refused)(gone_fault)


def _unanswered(code: str, class_id: str, reason: Reason | None = None) -> Refused:
    return Refused(Finding(code, values={"class": class_id}, reason=reason))
