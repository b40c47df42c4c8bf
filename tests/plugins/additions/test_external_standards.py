"""US-05: a company adds external documents by edition: a kind, a list, and what others may ask.

Two small plugins of somebody else, from `qms.api` alone: one keeps which edition of a standard is
in use, the other asks it by the name of a fact, and imports nothing of it.
"""

import json
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from qms.testing.office import Answer, Office
from qms.testing.outsiders import SIGNERS, admit, install, runner

RULES = '''\
"""Standards that we work to: which edition, adopted by whom."""
from qms.api import Act, Field, Text, growing, hookimpl, text

TITLE = Field("title", text(max_length=200))


@hookimpl
def kinds():
    yield growing("standard", "external/standards/{number}/{edition}.yaml", TITLE)


@hookimpl
def acts():
    yield Act("adopt", "standard", "adopted", Text("采用", "adopt"), data=frozenset({"from"}))
'''
TOOLS = """\
from qms.api import Column, Command, NamedFact, NamedList, Text, hookimpl


@hookimpl
def commands():
    yield Command("adopt", "acme_standards_work:adopt", Text("采用标准", "Adopt a standard"))


@hookimpl
def listings():
    yield NamedList(
        name="standards",
        title=Text("外来文件清单", "External documents"),
        help=Text("我们采用的标准及版本", "the standards that we work to, by edition"),
        columns=(
            Column("number", Text("编号", "Number")),
            Column("edition", Text("版本", "Edition")),
            Column("title", Text("名称", "Title")),
            Column("from", Text("自", "From")),
        ),
        target="acme_standards_work:rows",
    )


@hookimpl
def facts():
    def edition(library, number):
        from acme_standards_work import newest

        return newest(library, number)

    yield NamedFact("edition-in-use", Text("在用版本", "which edition is in use"), edition)
"""
WORK = """\
import click

from qms.api import NewEvent, parse_day


@click.command()
@click.argument("number")
@click.argument("edition")
@click.option("--title", required=True)
@click.pass_obj
def adopt(session, number, edition, title):
    session.record_events(
        [NewEvent(kind="standard", number=number, revision=edition, act="adopt", role=None,
                  data={"from": session.today.isoformat()}, head={"title": title})],
        f"Adopt {number} {edition}",
    )


def _adopted(library):
    for events in library.register.all_lists("standard"):
        yield from (event for event in events if library.no_effect(event) is None)


def newest(library, number):
    found = [e for e in _adopted(library) if e.log.number == number]
    return max(found, key=lambda e: e.slot.data["from"]).log.revision if found else None


def rows(library, now):
    for event in _adopted(library):
        log = event.log
        yield {"number": log.number, "edition": log.revision, "title": log.head["title"],
               "from": parse_day(event.slot.data["from"])}
"""
ASKING = """\
import click

from qms.api import Command, Text, hookimpl


@hookimpl
def commands():
    yield Command("cited", "acme_cited_tools:cited", Text("引用", "What we cite"))


@click.command()
@click.argument("number")
@click.pass_obj
def cited(session, number):
    told = session.library.fact("edition-in-use", number)
    session.say(f"{number}: {told}", f"{number}: {told}")
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("acme")
    install(
        place, "acme-standards", "1.0",
        {"qms.rules": "standards = acme_standards_rules",
         "qms.tools": "standards = acme_standards_tools"},
        acme_standards_rules=RULES, acme_standards_tools=TOOLS, acme_standards_work=WORK,
    )  # fmt: skip
    return install(
        place, "acme-cited", "1.0", {"qms.tools": "cited = acme_cited_tools"},
        acme_cited_tools=ASKING,
    )  # fmt: skip


@pytest.fixture(scope="module")
def adopted(tmp_path_factory: pytest.TempPathFactory, lx_founded: Office, folder: Path) -> Office:
    """A company that adopted two editions of one standard, and one of another."""
    office = lx_founded.copy(tmp_path_factory.mktemp("adopted"))
    admit(office, folder, "standards", *SIGNERS)
    admit(office, folder, "cited", *SIGNERS)
    qms = runner(office, folder)
    for number, edition, title in (
        ("ISO-9001", "2008", "Quality management systems"),
        ("GB-T-19001", "2016", "质量管理体系 要求"),
        ("ISO-9001", "2015", "Quality management systems"),
    ):
        office.later(days=1)
        answer = qms("adopt", number, edition, "--title", title, by="gong.yi")
        assert answer.code == 0, answer
    return office


@pytest.fixture
def lx(adopted: Office, tmp_path: Path) -> Office:
    return adopted.copy(tmp_path)


@pytest.fixture
def qms(lx: Office, folder: Path) -> Callable[..., Answer]:
    return runner(lx, folder)


def test_another_plugin_asks_for_the_edition_in_use(qms: Callable[..., Answer]) -> None:
    assert "ISO-9001: 2015" in qms("cited", "ISO-9001").out


def test_what_nobody_answers_is_refused(lx_founded: Office, folder: Path, tmp_path: Path) -> None:
    """The asking plugin alone: a fact is there or it is said that it isn't, never guessed."""
    alone = lx_founded.copy(tmp_path)
    admit(alone, folder, "cited", *SIGNERS)
    answer = runner(alone, folder)("cited", "ISO-9001")
    assert (answer.code, answer.findings) == (1, ("FACT-UNKNOWN",))


def test_the_list_comes_out_in_every_form(qms: Callable[..., Answer], tmp_path: Path) -> None:
    rows = json.loads(qms("lists", "standards", "--json").out)["rows"]
    assert [(one["number"], one["edition"]) for one in rows if one["number"] == "ISO-9001"] == [
        ("ISO-9001", "2008"), ("ISO-9001", "2015"),
    ]  # fmt: skip
    assert "外来文件清单" in qms("lists").out or "External documents" in qms("lists").out
    for ending in ("csv", "xlsx", "html", "pdf"):
        assert qms("lists", "standards", "-o", str(tmp_path / f"l.{ending}")).code == 0
    assert "质量管理体系" in (tmp_path / "l.csv").read_text(encoding="utf-8-sig")
    book = CalamineWorkbook.from_filelike(BytesIO((tmp_path / "l.xlsx").read_bytes()))
    assert any("2015" in map(str, row) for row in book.get_sheet_by_index(0).to_python())
    done = subprocess.run(
        ["pdftotext", str(tmp_path / "l.pdf"), "-"], check=True, capture_output=True,
    )  # fmt: skip
    assert "GB-T-19001" in done.stdout.decode()


def test_without_a_printer_the_other_forms_work(lx: Office, folder: Path, tmp_path: Path) -> None:
    row = next(one for one in lx.text("policy.yaml").split("\n") if "name: publish" in one)
    lx.edit("policy.yaml", f"{row}\n", "")
    qms = runner(lx, folder)
    for signer in SIGNERS:
        assert qms("policy", "sign", by=signer).code == 0
    assert qms("lists", "standards", "-o", str(tmp_path / "l.csv")).code == 0
    answer = qms("lists", "standards", "-o", str(tmp_path / "l.pdf"))
    assert "NO-PRINTER" in answer.err
    assert not (tmp_path / "l.pdf").exists()


def test_its_files_are_kept_by_the_law_of_the_core(lx: Office, qms: Callable[..., Answer]) -> None:
    assert qms("verify").code == 0
    (lx.folder / "external/standards/ISO-9001/2015.yaml").unlink()
    lx.git("commit", "-q", "-a", "-m", "Tidy")
    answer = qms("verify")
    assert (answer.code, "LOG-REMOVED" in answer.out + answer.err) == (1, True), answer
