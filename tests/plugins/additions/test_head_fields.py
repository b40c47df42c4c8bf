"""US-05: a company's plugin adds a key to the heads of its forms, and reads it back typed.

The plugin is somebody else's and uses `qms.api` alone. A form lives with the key, from its first
draft to paper and lists; then it is attacked.
"""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing import DocsRepo
from qms.testing.office import Answer, Office
from qms.testing.outsiders import (
    SIGNERS,
    admit,
    install,
    later,
    list_row,
    replaced,
    row,
    runner,
    turned,
)

RULES = """\
from qms.api import ClassSetting, Field, HeadField, Text
from qms.api import boolean, hookimpl, integer, list_of, one_of, record, text

NAME = Field("name", text(max_length=40))
FIELD = record(Field("id", text(pattern="[a-z_]+")), NAME)
DEPTH = Field("depth", one_of("paper", "index", "full"))
YEARS = Field("years", integer(1, 50))
FIELDS = Field("fields", list_of(FIELD), default=())
FORM = HeadField(
    Field("form", record(DEPTH, YEARS, FIELDS)), Text("记录要求", "Records"),
    begin="{depth: paper, years: 6}",
)


@hookimpl
def settings():
    yield ClassSetting("form", boolean())


@hookimpl
def head_fields(policy, class_id):
    if policy.classes[class_id].settings.get("form") == "true":
        yield FORM
"""
TOOLS = """\
from form_rules import FORM, YEARS
from qms.api import Column, NamedList, Text, hookimpl


@hookimpl
def listings():
    yield NamedList(
        name="kept", title=Text("保存期限", "Kept"), help=Text("各表", "each form"),
        columns=(Column("number", Text("编号", "Number")), Column("years", Text("年", "Years"))),
        target="form_tools:rows",
    )


def rows(library, now):
    for number in library.numbers:
        found = library.in_force(number)
        if found is not None and FORM.field.name in found.document.extra:
            yield {"number": number, "years": FORM.of(found.document)[YEARS]}
"""
CLASS = "  - id: regulation\n"
NUMBER = "LX-ZD-01"
TEXT = f"documents/regulation/{NUMBER}.md"
FILED = f"released/regulation/{NUMBER}/A-0.md"
BEGUN = "form: {depth: paper, years: 6}"
RICH = """\
form:
  depth: full
  years: 7
  fields:
    - {id: customer, name: 客户}
    - {id: kind, name: 类别}"""
LIVES = (("submit", "gong.yi"), ("sign", "fu.yi"), ("release", "wen.kong"))

Qms = Callable[..., Answer]
Copied = Callable[..., Office]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(
        tmp_path_factory.mktemp("forms"), "acme-forms", "1.0",
        {"qms.rules": "forms = form_rules", "qms.tools": "forms = form_tools"},
        form_rules=RULES, form_tools=TOOLS,
    )  # fmt: skip


@pytest.fixture(scope="module")
def begun(copied: Copied, lx_founded: Office, folder: Path) -> Office:
    """A company whose class of forms has the key, with a form that somebody has begun."""
    office = copied(lx_founded)
    list_row(office, row(office, folder, "forms"))
    office.edit("qms.yaml", CLASS, f"{CLASS}    form: true\n")
    signed = (f"{signer} policy sign" for signer in SIGNERS)
    return copied(office, *signed, "gong.yi new regulation --title 顾客投诉记录", plugin=folder)


@pytest.fixture(scope="module")
def issued(copied: Copied, begun: Office, folder: Path) -> Office:
    """The form was released."""
    office = copied(begun)
    office.edit(TEXT, BEGUN, RICH)
    lives = (f"{person} {command} {NUMBER}" for command, person in LIVES)
    return copied(office, *lives, plugin=folder)


@pytest.fixture
def draft(copied: Copied, begun: Office) -> Office:
    return copied(begun)


@pytest.fixture
def released(copied: Copied, issued: Office) -> Office:
    return copied(issued)


def words_of(pdf: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True)
    return re.sub(" +", " ", done.stdout.decode())


def test_a_new_draft_has_the_key(draft: Office, folder: Path) -> None:
    assert BEGUN in draft.text(TEXT)
    assert runner(draft, folder)("check").findings == ()


def test_a_class_without_the_setting_has_no_such_key(draft: Office, folder: Path) -> None:
    qms = runner(draft, folder)
    qms("new", "work-instruction", "--title", "车床", by="gong.yi")
    place = "documents/work-instruction/LX-WI-01.md"
    assert "form:" not in draft.text(place)
    draft.edit(place, "status: draft", f"{BEGUN}\nstatus: draft")
    assert qms("check").lines == {"FIELD-UNKNOWN": f"{place}:10"}


def test_it_is_shown_read_and_listed(released: Office, folder: Path) -> None:
    qms = runner(released, folder)
    assert qms("check", "--all").findings == ()
    assert (qms("verify").code, qms("verify").findings) == (0, ())
    assert "Records (form): depth: full; years: 7; fields.1.id: customer" in qms("show", NUMBER).out
    (shown,) = json.loads(qms("show", NUMBER, "--json").out)["revisions"]
    assert shown["extra"]["form"]["years"] == "7"
    assert json.loads(qms("lists", "kept", "--json").out)["rows"] == [
        {"number": NUMBER, "years": 7}
    ]


def test_all_of_it_is_printed(released: Office, folder: Path, tmp_path: Path) -> None:
    """Law 1: what is signed is printed, under its name in both languages."""
    answer = runner(released, folder)("publish", "--unsigned", "--out", str(tmp_path / "out"))
    assert answer.code == 0, answer
    (pdf,) = (tmp_path / "out").rglob("*.pdf")
    words = words_of(pdf)
    for told in ("其他事项", "记录要求", "Records", "form", "depth full", "years 7",
                 "fields.1.id customer", "fields.2.name 类别"):  # fmt: skip
        assert told in words


def test_a_preview_has_it_too(draft: Office, folder: Path, tmp_path: Path) -> None:
    assert runner(draft, folder)("preview", NUMBER, "--out", str(tmp_path / "out")).code == 0
    (pdf,) = (tmp_path / "out").rglob("*.pdf")
    assert "years 6" in words_of(pdf)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("form: {depth: deep, years: 6}", "FIELD-CHOICE"),
        ("form: {depth: paper, years: 600}", "FIELD-RANGE"),
        ("form: {depth: paper}", "FIELD-MISSING"),
        ("form: paper", "YAML-TYPE"),
        ("form: {depth: paper, years: 6, colour: red}", "FIELD-UNKNOWN"),
        (f"{BEGUN}\nforms: x", "FIELD-UNKNOWN"),
        ("form: {depth: full, years: 6, fields: [{id: a, name: 客\U0001f600}]}", "LETTER-MISSING"),
        ("form: {depth: full, years: 6, fields: [{id: a, name: '**重要**'}]}", "FIELD-MARKS"),
    ],
)
def test_what_its_plugin_would_not_read_or_no_page_could_show_is_not_sent(
    draft: Office, folder: Path, written: str, code: str
) -> None:
    qms = runner(draft, folder)
    draft.edit(TEXT, BEGUN, written)
    assert code in qms("check").findings
    before = draft.git("rev-parse", "HEAD")
    answer = qms("submit", NUMBER, by="gong.yi")
    assert (answer.code, code in answer.findings) == (1, True), answer
    assert draft.git("rev-parse", "HEAD") == before


def test_a_slip_is_told_with_what_may_stand_there(draft: Office, folder: Path) -> None:
    """The plugin's key is among those that are proposed."""
    draft.edit(TEXT, BEGUN, BEGUN.replace("form:", "forn:"))
    answer = runner(draft, folder)("check")
    assert answer.findings == ("FIELD-MISSING", "FIELD-UNKNOWN")
    assert "(close to it: form)" in answer.out


def test_what_else_is_wrong_is_told_beside_it(draft: Office, folder: Path) -> None:
    """A head that can't be read for another reason: the plugin's key is no fault in it."""
    draft.edit(TEXT, "controlled: true", "controlled: maybe\ncolour: red")
    assert sorted(runner(draft, folder)("check").findings) == ["FIELD-UNKNOWN", "YAML-TYPE"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("years: 7", "years: 1", "DOC-CHANGED"),
        ("  years: 7\n", "  years: 7\n  colour: red\n", "DOC-CHANGED"),
        ("form:\n", "colour: red\nform:\n", "DOC-CHANGED"),
    ],
)
def test_nobody_changes_it_once_it_is_released(
    released: Office, folder: Path, old: str, new: str, code: str
) -> None:
    """Attack: another retention is written into what was signed."""
    released.edit(FILED, old, new)
    assert runner(released, folder)("check").findings == (code,)
    released.git("commit", "-qam", "Mend")
    assert runner(released, folder)("verify").findings == (code,)


def test_without_the_plugin_the_key_is_nobodys(lx: Office, folder: Path) -> None:
    """Attack: what nobody agreed to read is signed into a head."""
    qms = runner(lx, folder)
    qms("new", "regulation", "--title", "顾客投诉记录", by="gong.yi")
    assert "form: {" not in lx.text(TEXT)
    lx.edit(TEXT, "status: draft", f"{BEGUN}\nstatus: draft")
    assert qms("check").lines == {"FIELD-UNKNOWN": f"{TEXT}:10"}
    assert qms("submit", NUMBER, by="gong.yi").findings == ("FIELD-UNKNOWN",)


def test_what_all_have_signed_does_not_hold_with_a_key_of_nobodys(tmp_path: Path) -> None:
    """Attack: the whole chain agrees to a key that no page will show, past every command."""
    repo = DocsRepo.make(tmp_path / "docs")
    repo.branch("work")
    repo.release("LX-WI-01", colour="red")

    assert {one.code for one in repo.check()} == {"FIELD-UNKNOWN"}
    assert {one.code for one in repo.verify()} == {"FIELD-UNKNOWN"}


def test_a_plugin_that_is_dropped_leaves_what_was_released(released: Office, folder: Path) -> None:
    """It was right under its own policy, and is printed as before; the next revision is not."""
    qms = runner(released, folder)
    listed = row(released, folder, "forms")
    released.edit("qms.yaml", "    form: true\n", "")
    replaced(released, qms, listed, "")

    assert (qms("check", "--all").findings, qms("verify").findings) == ((), ())
    assert "Records (form): depth: full" in qms("show", NUMBER).out
    assert qms("revise", NUMBER, "--summary", "x", by="gong.yi").code == 0
    assert "FIELD-UNKNOWN" in qms("check").findings
    assert released.call("list").findings == ("PLUGIN-GONE",)  # where it is not installed


def other_release(place: Path) -> Path:
    """The plugin's next release: fewer years, and another name of its key."""
    rules = RULES.replace("integer(1, 50)", "integer(1, 6)").replace('"Records"', '"Conforming"')
    return install(
        place, "acme-forms", "1.1",
        {"qms.rules": "forms = form_rules", "qms.tools": "forms = form_tools"},
        form_rules=rules, form_tools=TOOLS,
    )  # fmt: skip


def test_what_was_recorded_before_the_next_release_stays_right(
    released: Office, folder: Path, tmp_path: Path
) -> None:
    """Its keepers had seen it. What was signed stands there, whatever the release calls it."""
    old, newer = row(released, folder, "forms"), other_release(tmp_path / "newer")
    qms = runner(released, newer)
    replaced(released, qms, old, row(released, newer, "forms"))

    assert (qms("verify").code, qms("verify").findings) == (0, ())
    assert "Conforming (form): depth: full; years: 7" in qms("show", NUMBER).out


def test_what_comes_from_a_branch_must_be_right_by_the_next_release_too(
    draft: Office, folder: Path, tmp_path: Path
) -> None:
    """Attack: a whole chain agrees under the older release, which nobody has loaded any more."""
    server = tmp_path / "server.git"
    draft.git("init", "-q", "--bare", "-b", "main", str(server))
    draft.git("remote", "add", "origin", str(server))
    draft.git("push", "-q", "-u", "origin", "main")
    old, newer = row(draft, folder, "forms"), other_release(tmp_path / "newer")
    draft.git("checkout", "-qb", "work")
    draft.edit(TEXT, BEGUN, RICH)
    for command, person in LIVES:
        answer = runner(draft, folder)(command, NUMBER, by=person)
        assert answer.code == 0, answer
    draft.git("checkout", "-q", "main")
    qms = runner(draft, newer)
    replaced(draft, qms, old, row(draft, newer, "forms"))
    trunk = draft.git("rev-parse", "HEAD")
    draft.git("merge", "-q", "-m", "Unite", "work")

    assert qms("check", "--step", trunk, "HEAD").findings == ("STALE-POLICY",)
    assert qms("verify").findings == ("STALE-POLICY",)
    assert "in force" not in qms("show", NUMBER).out


OTHER = """\
from qms.api import Field, HeadField, Text, hookimpl, text


@hookimpl
def head_fields(policy, class_id):
    yield HeadField(Field({key!r}, text()), Text("其他", {name!r}), begin={begin!r})
"""


@pytest.mark.parametrize(
    ("key", "name", "begin", "code"),
    [
        ("form", "Other", "", "HEAD-FIELD-TWICE"),  # another plugin has it
        ("title", "Other", "", "HEAD-FIELD-TWICE"),  # the core has it
        ("Form Two", "Other", "", "HEAD-FIELD-FORM"),
        ("approvals", "Other", "", "HEAD-FIELD-FORM"),
        ("other", "", "", "HEAD-FIELD-FORM"),
        ("other", "Other", "[1", "HEAD-FIELD-FORM"),
        ("other", "Oth\u0e01er", "", "HEAD-FIELD-FORM"),
    ],
)
def test_a_key_that_can_not_be_stops_all_until_its_plugin_is_dropped(  # noqa: PLR0913, PLR0917
    draft: Office, folder: Path, tmp_path: Path, key: str, name: str, begin: str, code: str
) -> None:
    """No head is read in two ways, or printed without a name; none of its code ran before."""
    other = install(
        tmp_path / "other", "acme-others", "1.0", {"qms.rules": "others = other_rules"},
        other_rules=later(OTHER.format(key=key, name=name, begin=begin)),
    )  # fmt: skip
    qms = runner(draft, Path(f"{folder}:{other}"))
    listed = row(draft, Path(f"{folder}:{other}"), "others")
    turned(draft, Path(f"{folder}:{other}"), "others")

    answer = qms("check")
    assert (answer.code, answer.findings) == (3, (code,)), answer
    replaced(draft, qms, listed, "")
    assert qms("check").findings == ()


def test_what_two_would_bring_by_a_setting_is_not_agreed_to(
    draft: Office, folder: Path, tmp_path: Path
) -> None:
    """Both are admitted, and only the next policy would let them meet at one class."""
    other = install(
        tmp_path / "other", "acme-others", "1.0", {"qms.rules": "others = other_rules"},
        other_rules=RULES.replace('"form", boolean()', '"forms", boolean()')
        .replace('get("form")', 'get("forms")'),
    )  # fmt: skip
    qms = runner(draft, Path(f"{folder}:{other}"))
    admit(draft, Path(f"{folder}:{other}"), "others", *SIGNERS)
    draft.edit("qms.yaml", "    form: true\n", "    form: true\n    forms: true\n")
    assert qms("policy", "sign", by=SIGNERS[0]).findings == ("HEAD-FIELD-TWICE",)


def test_the_plugin_is_small() -> None:
    assert len(RULES.splitlines()) <= 40
