"""Mistakes of ordinary days: each is made, told as what it is, mended to the letter, and is gone.

The numbers are those of a list of forty that people made in their first weeks.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing.mended import done, shared
from qms.testing.office import Answer, Office

RELEASED, DRAFT, SENT = (f"LX-WI-0{at}" for at in (1, 2, 3))
FOLDER = "documents/work-instruction"
Z = f"{FOLDER}/{DRAFT}.md"
D = f"{FOLDER}/{SENT}.md"
PICTURE = "assets/plan.svg"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20mm" height="10mm"><path d="M0 0H9"/></svg>'
BODY = """# 铣床

## 1 目的

无

| 项 | 值 |
|---|---|
| 重 | 5 kg |
"""

Act = Callable[[Office], object]
Mend = Callable[[Office, Answer, str], object]

_PHRASE = re.compile("`([^`]+)`")


@pytest.fixture(scope="session")
def _desk(founded: Callable[[str], Office], tmp_path_factory: pytest.TempPathFactory) -> Office:
    """LX with a text that is released, one that is written and one that goes round."""
    office = founded("lx").copy(tmp_path_factory.mktemp("desk"))
    office.environment["XDG_STATE_HOME"] = str(tmp_path_factory.mktemp("state"))
    for title in ("车床", "铣床", "磨床"):
        office.qms("new", "work-instruction", "--title", title, by="gong.yi")
        office.git("add", "-A")
        office.git("commit", "-q", "-m", "Draft")
    office.qms("submit", RELEASED, by="gong.yi")
    office.qms("sign", RELEASED, by="fu.yi")
    office.qms("release", RELEASED, by="wen.kong")
    office.write(Z, office.text(Z).split("# 铣床")[0] + BODY)
    office.edit(Z, "status:", 'clauses: ["7.5"]\nrelated: [LX-WI-01, LX-WI-03]\nstatus:')
    office.write(PICTURE, SVG)
    office.edit(D, "无\n", "![图](../../assets/plan.svg)\n")
    office.write(".gitignore", ".DS_Store\nThumbs.db\n*.swp\n*~\n~$*\n")
    office.git("add", "-A")
    office.git("commit", "-q", "-m", "Texts")
    office.qms("submit", SENT, by="gong.yi")
    shared(office)
    return office


@pytest.fixture
def desk(_desk: Office, tmp_path: Path) -> Office:
    return _desk.copy(tmp_path)


# what somebody does


def edit(old: str, new: str, path: str = Z) -> Act:
    return lambda office: office.edit(path, old, new)


def saved(change: Callable[[str], bytes], path: str = Z) -> Act:
    return lambda office: office.write(path, change(office.text(path)))


def moved(to: str) -> Act:
    def act(office: Office) -> None:
        (office.folder / to).parent.mkdir(parents=True, exist_ok=True)
        (office.folder / Z).rename(office.folder / to)

    return act


def copied(to: str, old: str = "", new: str = "") -> Act:
    return lambda office: office.write(to, office.text(Z).replace(old, new, 1))


def status_above(office: Office) -> None:
    office.edit(Z, "status: draft\n", "")
    office.edit(Z, "title: ", "status: draft\ntitle: ")


# what the mend says


def phrases(said: Answer, code: str) -> list[str]:
    """What stands between backticks in the mend of a code."""
    lines = said.out.splitlines()
    at = next(at for at, line in enumerate(lines) if f" {code}: " in line)
    return _PHRASE.findall(lines[at + 1])


def types(count: int = 1, first: int = 0) -> Mend:
    """The commands that the mend names, as they stand there."""

    def act(office: Office, said: Answer, code: str) -> None:
        done(office, *phrases(said, code)[first : first + count], by="gong.yi")

    return act


def line(phrase: int = 0) -> Mend:
    """The line that is told, as the mend writes it out."""

    def act(office: Office, said: Answer, code: str) -> None:
        lines = _lines(office, said, code)
        lines[_at(said, code)] = phrases(said, code)[phrase]
        office.write(_path(said, code), "\n".join(lines))

    return act


def above(office: Office, said: Answer, code: str) -> None:
    lines = _lines(office, said, code)
    lines.insert(_at(said, code), phrases(said, code)[0])
    office.write(_path(said, code), "\n".join(lines))


def unindented(office: Office, said: Answer, code: str) -> None:
    lines = _lines(office, said, code)
    lines[_at(said, code)] = lines[_at(said, code)].lstrip(" ")
    office.write(_path(said, code), "\n".join(lines))


def by_hand(old: str, new: str, path: str = Z) -> Mend:
    return lambda office, _said, _code: office.edit(path, old, new)


def meant(office: Office, said: Answer, code: str) -> None:
    """The first id that the sentence asks about, where the wrong word stands."""
    asked = re.search(r"(?:did you mean|是否指) (\S+) \(", said.out)
    assert asked is not None, said
    lines = _lines(office, said, code)
    at = _at(said, code)
    lines[at] = f"{lines[at].partition(':')[0]}: {asked[1]}"
    office.write(_path(said, code), "\n".join(lines))


def _lines(office: Office, said: Answer, code: str) -> list[str]:
    return office.text(_path(said, code)).split("\n")


def _path(said: Answer, code: str) -> str:
    return said.lines[code].rpartition(":")[0]


def _at(said: Answer, code: str) -> int:
    return int(said.lines[code].rpartition(":")[2]) - 1


OWNER = "owner: technical"
CONFLICT = f"<<<<<<< HEAD\n{OWNER}\n=======\nowner: business\n>>>>>>> other\n"
CASES: list[tuple[str, Act, str, str, Mend]] = [
    ("1", edit("title: 铣床", "title: 铣床: 立式"), "YAML-QUOTES", f"{Z}:3", line()),
    ("2", edit(OWNER, "owner：technical"), "YAML-COLON", f"{Z}:7", types()),
    ("2 status", edit("status: ", "status："), "YAML-COLON", f"{Z}:12", types()),
    ("3 no-break", edit(OWNER, "owner:\u00a0technical"), "YAML-BLANK", f"{Z}:7", types()),
    ("3 wide", edit(OWNER, "owner:\u3000technical"), "YAML-BLANK", f"{Z}:7", types()),
    ("3 before", edit(OWNER, "\u3000owner: technical"), "YAML-BLANK", f"{Z}:7", types()),
    ("3 both", edit(OWNER, "owner: \u3000technical"), "DEPARTMENT-UNKNOWN", f"{Z}:7", types()),
    ("4", edit(OWNER, f" {OWNER}"), "YAML-INDENT", f"{Z}:7", unindented),
    ("4 first", edit("number: ", "  number: "), "YAML-INDENT", f"{Z}:2", unindented),
    ("5", edit("01, LX", "01，LX"), "RELATED-JOINED", f"{Z}:11", line()),
    ("5 list", edit("01, LX", "01、LX"), "RELATED-JOINED", f"{Z}:11", line()),
    ("6", edit("LX-WI-01,", "LX-WI-1,"), "RELATED-UNKNOWN", f"{Z}:11", by_hand("WI-1,", "WI-01,")),
    ("7", edit(OWNER, "owner: 技术部"), "DEPARTMENT-UNKNOWN", f"{Z}:7", types()),
    ("7 English", edit(OWNER, "owner: Technical"), "DEPARTMENT-UNKNOWN", f"{Z}:7", types()),
    ("7 co-sign", edit("clauses:", "co_sign: [质检部]\nclauses:"), "DEPARTMENT-UNKNOWN", f"{Z}:10",
     types()),
    ("8", edit(OWNER, "owner: tecnical"), "DEPARTMENT-UNKNOWN", f"{Z}:7", meant),
    ("9", edit("class: work-instruction", "class: work"), "CLASS-UNKNOWN", f"{Z}:4", meant),
    ("10", edit("class: work-instruction", "class: regulation"), "HEAD-CLASS", f"{Z}:4", line()),
    ("11", edit("number: LX-WI-02", "number: LX-WI-2"), "HEAD-NUMBER", f"{Z}:2", types()),
    ("11 wide", edit("number: LX-WI", "number: LX－ＷＩ"), "HEAD-NUMBER", f"{Z}:2", line(1)),
    ("11 case", edit("number: LX-WI", "number: lx-wi"), "HEAD-NUMBER", f"{Z}:2", types()),
    ("12", edit("gong.yi", "gong yi"), "PERSON-UNKNOWN", f"{Z}:8", types()),
    ("12 name", edit("gong.yi", "龚怡"), "PERSON-UNKNOWN", f"{Z}:8", types()),
    ("12 slip", edit("gong.yi", "gong.yl"), "PERSON-UNKNOWN", f"{Z}:8", meant),
    ("13", edit("revision: A/0", "revision: A0"), "REVISION-FORM", f"{Z}:5",
     by_hand("revision: A0", "revision: A/0")),
    ("14 class", moved("documents/regulation/LX-WI-02.md"), "DRAFT-PLACE", "", types()),
    ("14 name", moved(f"{FOLDER}/铣床.md"), "DRAFT-PLACE", "", types()),
    ("14 top", moved("documents/LX-WI-02.md"), "DRAFT-PLACE", "", types()),
    ("14 dash", moved(f"{FOLDER}/LX–WI–02.md"), "DRAFT-PLACE", "", types()),
    ("14 blank", moved(f"{FOLDER}/LX-WI-02 .md"), "DRAFT-PLACE", "", types()),
    ("14 end", moved(f"{FOLDER}/LX-WI-02.markdown"), "DRAFT-PLACE", "", types()),
    ("15", copied(f"{FOLDER}/LX-WI-04.md"), "NUMBER-COPIED", f"{FOLDER}/LX-WI-04.md:2", line()),
    ("15 away", copied(f"{FOLDER}/LX-WI-04.md"), "NUMBER-COPIED", f"{FOLDER}/LX-WI-04.md:2",
     types(1, 1)),
    ("15 copy", copied(f"{FOLDER}/LX-WI-02 - 副本.md"), "DRAFT-PLACE", "", types()),
    ("17", lambda office: office.write(f"{FOLDER}/铣床.docx", b"PK"), "STRAY-OFFICE", "", types()),
    ("20", edit("status: draft", "status: 草稿"), "STATUS-WORD", f"{Z}:12", line()),
    ("21", status_above, "STATUS-ABOVE", f"{Z}:3", types()),
    ("22 UTF-16", saved(lambda text: text.encode("utf-16")), "BYTES-UTF8", f"{Z}:1", types()),
    ("22 GBK", saved(lambda text: text.encode("gbk")), "BYTES-UTF8", f"{Z}:3", types()),
    ("23", saved(lambda _text: b""), "BYTES-EMPTY", f"{Z}:1", types()),
    ("24 CRLF", saved(lambda text: text.replace("\n", "\r\n").encode()), "BYTES-CR", f"{Z}:1",
     types()),
    ("24 BOM", saved(lambda text: text.encode("utf-8-sig")), "BYTES-BOM", f"{Z}:1", types()),
    ("25", edit("approvals: []\n---\n", "approvals: []\n"), "HEAD-OPEN", f"{Z}:14", above),
    ("26", edit(f"{OWNER}\n", CONFLICT), "MERGE-CONFLICT", f"{Z}:7",
     by_hand(CONFLICT, f"{OWNER}\n")),
    ("26 body", edit("无\n", CONFLICT), "MERGE-CONFLICT", f"{Z}:19", by_hand(CONFLICT, "无\n")),
    ("27", edit("level: 1", "level: 2", "qms.yaml"), "POLICY-FILE", "", types()),
    ("28", edit("无\n", "![图](../../assets/no.svg)\n"), "ASSET-UNLISTED", f"{Z}:19",
     by_hand("no.svg", "plan.svg")),
    ("29", edit("H9", "H8", PICTURE), "ASSET-EDITED", "", types()),
    ("30 cell", edit("| 重 | 5 kg |", "| 重 | 5 | kg |"), "CELLS-LOST", f"{Z}:23",
     by_hand("5 | kg", "5 kg")),
    ("30 ruler", edit("|---|---|\n", ""), "TABLE-RULE", f"{Z}:21",
     by_hand("值 |\n", "值 |\n|---|---|\n")),
    ("31", edit('["7.5"]', "[“7.5”]"), "QUOTES-CURLY", f"{Z}:10", line()),
    ("32", edit("title: 铣床", "title:"), "FIELD-EMPTY", f"{Z}:3",
     by_hand("title:", "title: 铣床")),
    ("34", lambda office: (office.folder / D).unlink(), "REVIEW-GONE", "", types()),
    ("35", copied("documents/regulation/LX-WI-02.md", "work-instruction", "regulation"),
     "NUMBER-TAKEN", "documents/regulation/LX-WI-02.md:2",
     lambda office, _said, _code: (office.folder / "documents/regulation/LX-WI-02.md").unlink()),
]  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("mistake", "code", "place", "mend"),
    [pytest.param(*case[1:], id=case[0]) for case in CASES],
)
def test_a_mistake_is_told_as_what_it_is_and_its_mend_ends_it(  # noqa: PLR0913, PLR0917 - a row
    desk: Office, mistake: Act, code: str, place: str, mend: Mend, lang: str
) -> None:
    mistake(desk)

    said = desk.call("check", lang=lang)
    assert said.findings == (code,), said
    assert said.lines.get(code, "") == place, said

    mend(desk, said, code)
    after = desk.call("check", lang=lang)
    assert (after.code, after.findings) == (0, ()), after
