"""The code table: what each finding's code means and how to mend it, in Chinese and English.

The table is data (`qms/data/codes/*.toml`, and `data/codes.toml` of each plugin) and is read only
when there is something to say, so that a clean run pays nothing for it. Each entry::

    [DOC-CHANGED]
    level = "error"                       # or "warning"
    put_back = true                       # where the mend may be to put a file back; else left out
    en = "{path} is not the text that was signed"
    zh = "{path} 与已签署的文本不一致"
    mend_en = "restore it with …"
    mend_zh = "……"

`{names}` are keys of `Finding.values`, and `path`, `line`, `field`, `commit` of its place. A mend
that says `{restore}` prints the command that puts the file back (`verdict.way_back`, which looks
for it where the row says `put_back`); where no
commit is known to have it right, the one that shows what became of it. `{other}` puts aside what
the other side of a merge has, or shows where it is. `{published}` is the newest commit that others
have and HEAD builds on. What stands between backticks is a command: values in it are quoted for the
shell, unless they are a `ShellText`, and git is told where a path has what git would take for a
pattern.
"""

import itertools
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Final

from qms.findings import Finding, Level, ShellText, commit_word, shell_word

_PATTERN: Final = re.compile(r"[*?\[\\]|\A:")
"""What git takes in a path for more than itself."""
_COMMAND: Final = re.compile(r"`[^`]*`")
_GIT: Final = re.compile(r"(?:\A|(?<=&& ))git ")
_GIT_FIRST: Final = re.compile(r"\Agit ")
"""In a command whose names are in it already: they may hold anything."""
_LITERAL: Final = "git --literal-pathspecs "

_WITHOUT: Final = re.compile(r"(?<=\{number\}) \{revision\}")
"""A revision behind its number: of a text that has none the number says it all."""
_BRACKET: Final = re.compile(r" ?[(（][^()（）`]*[)）]")
"""What is said besides: where nothing of it is known it is left out."""
_HEAD: Final = re.compile(r"""^\["?([A-Z0-9_-]+)"?\][ \t]*$""", re.MULTILINE)
_OVER_LINES: Final = re.compile(r"\"{3}|'{3}")
_NONE: Final = {"en": "none", "zh": "无"}


@dataclass(frozen=True, slots=True)
class Code:
    """One row of the table. `text` and `mend` are keyed by language, ``zh`` and ``en``.

    `is_put_back` tells that the mend may be to put a file back as it stood well.
    """

    name: str
    level: Level
    is_put_back: bool
    text: Mapping[str, str]
    mend: Mapping[str, str]


class _Values(dict[str, str]):
    """Placeholders that the finding has no value for stay readable instead of failing."""

    def known(self, bracket: re.Match[str]) -> str:
        """A bracket as it stands; nothing where all that it names is unknown."""
        names = [name for _, name, _, _ in Formatter().parse(bracket[0]) if name]
        return "" if names and all(self[one] == "-" for one in names) else bracket[0]

    def __missing__(self, key: str) -> str:
        return f"<{key}>"


@cache
def _rows(path: Path) -> Mapping[str, str]:
    """How each row of a file is spelled: it is parsed when somebody asks for its code.

    A process reads a file once. Where a value may go on over lines, rows can't be told apart by
    their first ones alone: then each is spelled by the whole file.
    """
    text = path.read_text(encoding="utf-8")
    if _OVER_LINES.search(text):
        return dict.fromkeys(tomllib.loads(text), text)
    heads = list(_HEAD.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    return {head[1]: text[head.start() : end] for head, end in zip(heads, ends, strict=True)}


class CodeTable:
    """All codes that the core and the loaded plugins know."""

    def __init__(
        self, files: Iterable[Path] = (), published: Callable[[], str | None] | None = None
    ) -> None:
        """`published` tells the newest commit that is shared here; it is asked only by a mend."""
        self._published = published
        self._spelled: dict[str, str] = {}
        self._read: dict[str, Code] = {}
        for path in (*sorted((Path(__file__).parent / "data" / "codes").glob("*.toml")), *files):
            rows = _rows(path)
            for name in sorted(rows.keys() & self._spelled.keys()):
                message = f"code {name} stands twice in the code table: {path}"
                raise ValueError(message)
            self._spelled.update(rows)

    @property
    def codes(self) -> Mapping[str, Code]:
        """All rows."""
        return {name: self.row(name) for name in self._spelled}

    def row(self, name: str) -> Code:
        """The row of a code. KeyError where there is none."""
        if name not in self._read:
            row = tomllib.loads(self._spelled[name])[name]
            self._read[name] = Code(
                name=name,
                level=Level(row.get("level", "error")),
                is_put_back=bool(row.get("put_back")),
                text={"en": row["en"], "zh": row["zh"]},
                mend={"en": row["mend_en"], "zh": row["mend_zh"]},
            )
        return self._read[name]

    def _of(self, finding: Finding) -> Code | None:
        return None if self._spelled.get(finding.code) is None else self.row(finding.code)

    def level(self, finding: Finding) -> Level:
        """How grave `finding` is; an unknown code is an error, and what a rule gave up with."""
        code = self._of(finding)
        return Level.ERROR if code is None or finding.raised else code.level

    def is_put_back(self, finding: Finding) -> bool:
        """Whether a file is looked for that may be put back to mend it."""
        code = self._of(finding)
        return code is not None and code.is_put_back

    def sentence(self, finding: Finding, language: str) -> str:
        """What is wrong, as one sentence."""
        return self._filled(finding, "text", language)

    def mend(self, finding: Finding, language: str) -> str:
        """What to do about it, as one sentence."""
        return self._filled(finding, "mend", language)

    def typed_in_mend(self, finding: Finding, language: str) -> str:
        """The commands of its mend, with their placeholders: what is typed takes ids, not names."""
        code = self._of(finding)
        return "" if code is None else "".join(_COMMAND.findall(code.mend[language]))

    def _filled(self, finding: Finding, part: str, language: str) -> str:
        code = self._of(finding)
        if code is None:
            return " ".join(f"{key}={value}" for key, value in finding.values.items())
        texts = code.text if part == "text" else code.mend
        place = finding.place
        known = {"path": place.path, "field": place.field, "commit": place.commit[:12]}
        known |= {"line": str(place.line)}
        if part == "mend" and "{published}" in texts[language]:
            commit = None if self._published is None else self._published()
            known["published"] = ShellText(commit_word(commit) if commit else "COMMIT")
        if part == "mend":
            known["restore"] = ShellText(f"git log -p -- {shell_word(place.path)}")
            known["other"] = ShellText(f"git log -p -m -- {shell_word(place.path)}")
        values = _Values(known | dict(finding.values))
        if part == "text":  # a hyphen would be read as a sign that something is missing here
            none = _NONE.get(language, "-")
            if values.get("revision") == "-":
                texts = {key: _WITHOUT.sub("", one) for key, one in texts.items()}
            texts = {key: _BRACKET.sub(values.known, one) for key, one in texts.items()}
            values.update({key: none for key, value in values.items() if value == "-"})
        return _filled_in(texts[language], values, is_pattern=bool(_PATTERN.search(place.path)))


def _filled_in(text: str, values: _Values, *, is_pattern: bool) -> str:
    """A sentence with its values; between backticks stand commands, which are typed as they are.

    Where a path `is_pattern` to git, as one called ``*.yml`` is, git is told to take it for none.
    """
    shell = {k: v if isinstance(v, ShellText) else shell_word(v) for k, v in values.items()}
    texts = text.split("`")
    if is_pattern:
        shell = {k: _GIT_FIRST.sub(_LITERAL, v) for k, v in shell.items()}
        texts[1::2] = [_GIT.sub(_LITERAL, one) for one in texts[1::2]]
    known = itertools.cycle((values, _Values(shell)))
    return "`".join(part.format_map(next(known)) for part in texts)
