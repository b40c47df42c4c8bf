"""Findings as people and programs read them: place, line, level, sentence, mend."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from qms.cli.context import Context
from qms.cli.output import one_line
from qms.cli.words import act_word, time_shown, why_word
from qms.findings import Finding, Level, Place, QmsError, Reason
from qms.formats import caps
from qms.formats.strict_yaml import line_of
from qms.storage.files import read_plain
from qms.texts import ZH, Text, counted

if TYPE_CHECKING:
    from qms.domain.kinds.policy import Policy

Read = Callable[[str], bytes | None]

FINE: Final = "fine"
FINDINGS: Final = "findings"
INCOMPLETE: Final = "incomplete"

_LEVELS: Final = {Level.ERROR: Text("错误", "error"), Level.WARNING: Text("警告", "warning")}
_COLOURS: Final = {Level.ERROR: "red", Level.WARNING: "yellow"}
_MEND: Final = Text("处理：", "mend: ")
_COMMIT: Final = Text("（提交 {}）", " (commit {})")
_SHORT: Final = 10
_STEP: Final = re.compile(r"([0-9]+) \(([a-z-]+)\)")
_ROLES: Final = frozenset({"role", "roles", "issuer"})
"""Values that name roles, by their ids."""
_PERSONS: Final = frozenset({
    "person", "persons", "taken", "lost", "by", "rejecters", "keepers", "able", "holders", "named",
    "mine_by", "theirs_by",
})  # fmt: skip
"""Values that name persons, by their ids."""
_ASKED: Final = frozenset({"person", "keepers", "able", "holders", "mine_by", "theirs_by"})
"""Those of them whom people talk to: in English too by name, and not as files have them."""
_WITHIN: Final = frozenset({"days", "stands"})
"""Values in which persons are named by their ids, among other words."""
_HOLDERS: Final = frozenset({"holder", "second", "to"})
"""Values that name departments or persons who hold paper, by their ids."""


class Summary(NamedTuple):
    """How many findings there are of each level, in how many files."""

    errors: int
    warnings: int
    files: int

    @classmethod
    def of(cls, context: Context, findings: Sequence[Finding]) -> "Summary":
        """Counted with the levels of the code table."""
        if not findings:
            return cls(0, 0, 0)
        levels = [context.codes.level(finding) for finding in findings]
        errors = levels.count(Level.ERROR)
        return cls(errors, len(levels) - errors, len({f.place.path for f in findings} - {""}))

    @property
    def exit_code(self) -> int:
        """1 where there are errors; warnings alone are 0."""
        return 1 if self.errors else 0

    @property
    def text(self) -> Text:
        """``2 errors, 1 warning in 3 files``."""
        zh = [f"{self.errors} 个错误"] if self.errors else []
        zh += [f"{self.warnings} 个警告"] if self.warnings else []
        en = [counted(self.errors, "error")] if self.errors else []
        en += [counted(self.warnings, "warning")] if self.warnings else []
        where = (f"，涉及 {self.files} 个文件", f" in {counted(self.files, 'file')}")
        if not self.files:
            where = ("", "")
        return Text("，".join(zh) + where[0], ", ".join(en) + where[1])


def exit_code(summary: Summary, findings: Iterable[Finding]) -> int:
    """The exit code of a judgement: 3 where this tool is too old to judge."""
    return (
        3 if any(finding.reason is Reason.NEWER_TOOL for finding in findings) else summary.exit_code
    )


def placed(finding: Finding, read: Read | None) -> Finding:
    """The finding with the line of its field, where only the field is known."""
    place = finding.place
    if read is None or place.line or not place.field or not place.path:
        return finding
    data = read(place.path)
    line = 0 if data is None else _line(data, place.field)
    return replace(finding, place=place._replace(line=line)) if line else finding


def _line(data: bytes, field: str) -> int:
    """The line of a field in a YAML file, or between the two `---` lines of a Markdown file.

    Of a field that is missing, that of the mapping which lacks it.
    """
    above = 0
    if data.startswith(b"---\n"):
        above, data = 1, data[4:].partition(b"\n---\n")[0] + b"\n"
    while field:
        found = line_of(data, field)
        if found:
            return found + above
        field = field.rpartition(".")[0]
    return 0


def in_work_tree(context: Context) -> Read:
    """Reads files as they lie in the work tree; None for those that don't."""

    def read(path: str) -> bytes | None:
        try:
            root = context.repository.root
            return None if root is None else read_plain(root / path, caps.BLOB)
        except (QmsError, OSError):
            return None

    return read


def print_findings(context: Context, findings: Iterable[Finding], read: Read | None) -> None:
    """Findings for people, on stdout: they are the answer."""
    out = context.output
    for finding in findings:
        for text in _lines(context, placed(finding, read)):
            out.raw(text)


def say_stood(context: Context, findings: Sequence[Finding], read: Read | None) -> None:
    """Errors that refuse nothing here, and are errors still.

    A step leaves them as they were, or brings together what people did apart from each other.
    """
    if not findings:
        return
    count = counted(len(findings), "error")
    text = Text(
        f"{len(findings)} 个错误不作为拒绝的理由（此前已有且未变，或因各方互不知情而相遇）：",
        f"{count} that refuses nothing here: it stood before, or two people did apart what met now:"
        if len(findings) == 1
        else f"{count} that refuse nothing here: they stood before, or two people did apart what "
        "met now:",
    )
    context.output.line(context.text(text), "yellow")
    print_findings(context, findings, read)


def _lines(context: Context, finding: Finding) -> tuple[str, str]:
    out, place, language = context.output, finding.place, context.language
    level = context.codes.level(finding)
    where = one_line(place.path) + (f":{place.line}" if place.path and place.line else "")
    word = out.styled(_LEVELS[level].of(language), _COLOURS[level])
    sentence = one_line(_said(context, finding))
    commit = _COMMIT.of(language).format(place.commit[:_SHORT]) if place.commit else ""
    mend = one_line(_mend(context, finding))
    code = out.styled(finding.code, "bold")
    first = f"{where}: {word} {code}: {sentence}{commit}" if where else (
        f"{word} {code}: {sentence}{commit}"
    )  # fmt: skip
    return first, f"    {_MEND.of(language)}{mend}"


def _said(context: Context, finding: Finding) -> str:
    """The finding's sentence, with an act and a reason in the words of the trade."""
    values = {**finding.values, **_steps(context, finding)}
    if "act" in values:
        values["act"] = _act(context, values["act"])
    if "said" in values:  # what another program says has lines, a sentence has none
        values["said"] = " | ".join(filter(None, map(str.strip, values["said"].splitlines())))
    if "why" in values:
        values["why"] = why_word(values["why"], context.language)
    values |= _names(context, values)
    if "at" in values:
        values["at"] = _time(context, values["at"])
    finding = replace(finding, values=values)
    sentence = context.codes.sentence(finding, context.language)
    return _without_place(sentence, finding.place)


def _mend(context: Context, finding: Finding) -> str:
    """What to do about it, with steps in the words of the trade: no command has those."""
    values = {**finding.values, **_steps(context, finding)}
    typed = context.codes.typed_in_mend(finding, context.language)
    named = _names(context, values)
    values |= {key: name for key, name in named.items() if f"{{{key}}}" not in typed}
    worded = replace(finding, values=values)
    return context.codes.mend(worded, context.language)


def _steps(context: Context, finding: Finding) -> dict[str, str]:
    """The steps of a chain that it names, ``2 (approve), 3 (publish)``, their acts as words."""
    steps = finding.values.get("steps", "")
    found = _STEP.sub(lambda step: f"{step[1]} ({_act(context, step[2])})", steps)
    return {"steps": found} if steps else {}


def _names(context: Context, values: Mapping[str, str]) -> dict[str, str]:
    """The roles among values as the policy prints them, where there is one to ask.

    Persons too: in English alone the one who did something and whom to ask, of a list it has the
    ids, which are typed in files.
    """
    if (_ROLES | _PERSONS | _HOLDERS | _WITHIN).isdisjoint(values):
        return {}
    policy = _policy(context)
    if policy is None:
        return {}
    language = context.language
    persons = _PERSONS | _HOLDERS if language == ZH else _ASKED
    named = {key: partial(policy.role_name, language=language) for key in _ROLES & values.keys()}
    for key in persons & values.keys():
        named[key] = partial(_holder if key in _HOLDERS else _person, policy, language)
    for key in _WITHIN & values.keys():
        named[key] = partial(_named_within, policy, language)
    return {
        key: ", ".join(name(one) for one in values[key].split(", ")) for key, name in named.items()
    }


def _person(policy: "Policy", language: str, person: str) -> str:
    return policy.printed_name(person, language)


def _named_within(policy: "Policy", language: str, words: str) -> str:
    """Words in which somebody may be named, between days and ids."""
    return " ".join(policy.printed_name(one, language) for one in words.split(" "))


def _holder(policy: "Policy", language: str, holder: str) -> str:
    """A department, somebody of one (``production/li.si``), or a person; and of which revision."""
    who, space, more = holder.partition(" ")
    names = [
        policy.printed_name(one, language) if one not in policy.departments else (
            policy.departments[one].name.of(language)
        )
        for one in who.split("/")
    ]  # fmt: skip
    return " ".join(names) + space + more


def _policy(context: Context) -> "Policy | None":
    """By whose names and zone it is told: the policy in force, as it came in just now too."""
    session = context.opened_session
    try:
        return context.standing_policy if session is None else session.policy
    except (QmsError, OSError):  # told as that
        return None


def _time(context: Context, at: str) -> str:
    policy = _policy(context)
    return at if policy is None else time_shown(policy, at)


def _act(context: Context, name: str) -> str:
    try:
        return act_word(context.hooks, name, context.language)
    except (QmsError, OSError):  # what is told may be why nobody can say which acts there are
        return name


def _without_place(sentence: str, place: Place) -> str:
    """A sentence that begins with path and field, without them: they stand before it already."""
    if not place.path and not place.field:
        return sentence.lstrip(" :：")
    for colon in (": ", "："):
        if not place.field and sentence.startswith(f"{place.path}{colon}"):
            return sentence.removeprefix(f"{place.path}{colon}")
        begin = f"{place.path} {place.field}{colon}"
        if place.path and sentence.startswith(begin):
            return (
                f"{place.field}{colon}" + sentence.removeprefix(begin)
                if place.field
                else (sentence.removeprefix(begin))
            )
    return sentence


def print_error(context: Context, finding: Finding) -> None:
    """What stopped a command, on stderr, once; under JSON the same values on stdout too."""
    out, language = context.output, context.language
    finding = placed(finding, in_work_tree(context))
    place = finding.place
    level = _LEVELS[Level.ERROR].of(language)
    where = f"{place.path}:{place.line}: " if place.path and place.line else (
        f"{place.path}: " if place.path else ""
    )  # fmt: skip
    said = one_line(f"{where}{level} {finding.code}: {_said(context, finding)}")
    if said in out.stopped:
        return
    out.stopped.add(said)
    out.error(said)
    out.error(one_line(f"    {_MEND.of(language)}{_mend(context, finding)}"))


def as_json(
    context: Context, findings: Iterable[Finding], read: Read | None = None
) -> list[object]:
    """Findings as JSON values, in both form and order as printed."""
    return [_json(context, placed(finding, read)) for finding in findings]


def _json(context: Context, finding: Finding) -> Mapping[str, object]:
    place = finding.place
    return {
        "code": finding.code,
        "path": place.path,
        "field": place.field,
        "line": place.line,
        "commit": place.commit,
        "level": context.codes.level(finding).value,
        "sentence": context.codes.sentence(finding, context.language),
        "mend": context.codes.mend(finding, context.language),
        "values": dict(finding.values),
        "about": finding.about,
    }
