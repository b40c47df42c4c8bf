"""US-05: every block of docs/plugins.md is run as it stands there.

What stands under a file's name becomes that file of a plugin, made and installed as the page says.
"""

import csv
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import NamedTuple

import pytest
from pikepdf import Pdf
from python_calamine import CalamineWorkbook

from qms.testing.office import Answer, Office
from qms.testing.outsiders import admitted, install, row, runner

PAGE = Path(__file__).parents[3] / "docs" / "plugins.md"
BLOCK = re.compile(
    r"^(?:`(?P<name>[\w./-]+)`(?P<more>[^\n]*):\n\n)?```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


class Block(NamedTuple):
    section: str
    name: str
    more: str
    language: str
    text: str


def blocks() -> list[Block]:
    found: list[Block] = []
    for section in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE):
        title = section.split("\n", 1)[0]
        found += [
            Block(title, one["name"] or "", one["more"] or "", one["language"], one["text"])
            for one in BLOCK.finditer(section)
        ]
    return found


def files(section: str) -> dict[str, str]:
    """The files that a section gives; what it adds to one stands below it."""
    found: dict[str, str] = {}
    for one in blocks():
        if one.section == section and one.name:
            found[one.name] = found.get(one.name, "") + one.text
    return found


def transcripts(section: str) -> list[str]:
    return [one.text for one in blocks() if one.section == section and not one.language]


def code_lines(text: str) -> int:
    return sum(bool(line.strip()) for line in text.split("\n"))


RULE = "A rule in 20 lines"
LIST = "A list in 30 lines"
KIND = "A kind of its own"
QUESTION = "A list, a question"
RUN = {
    RULE: {"pyproject.toml", "lx_titles/__init__.py", "lx_titles/codes.toml", "test_titles.py"},
    LIST: {"pyproject.toml", "lx_ages/__init__.py", "lx_ages/rows.py", "lx_ages/oldest.py"},
    "Documents from elsewhere": {"lx_import.py"},
    "What waits": {"lx_reviews.py"},
    "Settings of a class": {"lx_lengths.py"},
    "A key in the head": {"lx_scales.py"},
    KIND: {"acme_gauges/__init__.py", "acme_gauges/calibrate.py"},
    "A text that goes round": {
        "acme_plans/__init__.py",
        "acme_plans/tools.py",
        "records/plans-open/2026/JH-07.md",
    },  # test_documented_text.py
    QUESTION: {"acme_gauges/tools.py", "acme_gauges/rows.py"},
    "Tests": {"test_plans.py", "test_a_life.py", "test_admitted.py"},
}


def test_every_block_is_one_that_is_run_here() -> None:
    named = {one.section: set(files(one.section)) for one in blocks() if one.name}
    assert named == RUN
    assert [one for one in blocks() if one.language and not one.name] == []
    assert {one.section for one in blocks() if not one.language} == {RULE, LIST, "Admission"}


def lay(folder: Path, section: str) -> Path:
    for name, text in files(section).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def pytest_in(folder: Path, site: Path | None = None) -> str:
    """What pytest says in a folder; `site` is where plugins are installed."""
    more = {} if site is None else {"PYTHONPATH": str(site)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."], cwd=folder,
        check=False, capture_output=True, text=True, encoding="utf-8", env=os.environ | more,
    )  # fmt: skip
    return done.stdout + done.stderr


def built(folder: Path, place: Path) -> Path:
    """The wheel of a folder, made and installed as the page says, but into `place`."""
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", "--no-cache-dir"]
    wheel = shlex.split("wheel --no-deps --no-build-isolation -w dist .")
    subprocess.run([*pip, *wheel], cwd=folder, check=True, capture_output=True)
    (made,) = (folder / "dist").glob("*.whl")
    install_it = ["install", "--no-deps", "--target", str(place), str(made)]
    subprocess.run([*pip, *install_it], cwd=folder, check=True, capture_output=True)
    return place


def released(qms: Callable[..., Answer], *more: str) -> None:
    for words, person in (
        (("new", "work-instruction", "--title", "车床", *more), "gong.yi"),
        (("submit", "LX-WI-01"), "gong.yi"),
        (("sign", "LX-WI-01"), "fu.yi"),
        (("release", "LX-WI-01"), "wen.kong"),
    ):
        answer = qms(*words, by=person)
        assert answer.code == 0, answer


# A rule


def test_the_rule_has_twenty_lines_and_its_tests_pass(tmp_path: Path) -> None:
    lay(tmp_path, RULE)

    assert code_lines(files(RULE)["lx_titles/__init__.py"]) <= 20
    assert "3 passed" in pytest_in(tmp_path)
    assert "3 passed" in "".join(transcripts(RULE))


def test_the_tests_of_the_rule_fail_where_it_finds_nothing(tmp_path: Path) -> None:
    lay(tmp_path, RULE)
    rule = tmp_path / "lx_titles/__init__.py"
    rule.write_text(rule.read_text().replace("title_en is None", "title_en == 1"))

    assert "2 failed, 1 passed" in pytest_in(tmp_path)


def test_the_rule_goes_from_its_folder_into_the_policy(lx: Office, tmp_path: Path) -> None:
    """Made, installed, listed, admitted, obeyed; and missed where it is not installed."""
    folder = built(lay(tmp_path / "lx-titles", RULE), tmp_path / "site")
    line = row(lx, folder, "titles")
    shown = runner(lx, folder)("plugins").out
    assert "not admitted" in shown
    assert line.strip().removesuffix("}")[:60] in shown

    qms = admitted(lx, folder, "titles")
    assert qms("new", "work-instruction", "--title", "车床", by="gong.yi").code == 0
    answer = qms("check")
    assert (answer.code, answer.findings) == (1, ("TITLE-ENGLISH",))
    told = transcripts(RULE)[-1].split("\n")
    assert answer.out.split("\n")[:2] == told[1:3]
    refused = qms("submit", "LX-WI-01", by="gong.yi")
    assert (refused.code, refused.findings) == (1, ("TITLE-ENGLISH",))
    assert lx.call("verify").findings == ("PLUGIN-MISSING",)


def test_what_was_released_before_the_rule_still_verifies(lx: Office, tmp_path: Path) -> None:
    """Neither it nor its working text is asked; its next revision is."""
    released(lx.call)
    qms = admitted(lx, built(lay(tmp_path / "lx-titles", RULE), tmp_path / "site"), "titles")

    assert qms("verify").findings == ()
    assert qms("check", "--all").findings == ()
    assert qms("revise", "LX-WI-01", "--summary", "改", by="gong.yi").code == 0
    assert qms("check").findings == ("TITLE-ENGLISH",)


def test_a_text_that_a_later_rule_finds_fault_with_can_be_rejected(
    lx: Office, tmp_path: Path
) -> None:
    """Not signed any more; sent back by whoever has a seat, and the gate takes that."""
    for words in (("new", "work-instruction", "--title", "车床"), ("submit", "LX-WI-01")):
        assert lx.qms(*words, by="gong.yi")
    qms = admitted(lx, built(lay(tmp_path / "lx-titles", RULE), tmp_path / "site"), "titles")
    before = lx.git("rev-parse", "HEAD")

    assert qms("sign", "LX-WI-01", by="fu.yi").code == 1
    answer = qms("reject", "LX-WI-01", "--reason", "缺英文名称", by="fu.yi")

    assert answer.code == 0, answer
    assert qms("check", "--step", before, "HEAD").code == 0  # told all the same: it stood before
    lx.edit("documents/work-instruction/LX-WI-01.md", "title: 车床", "title: 铣床")
    assert qms("check").findings == ("TITLE-ENGLISH",)


# A list and a command


@pytest.fixture
def ages(lx: Office, tmp_path: Path) -> Callable[..., Answer]:
    """LX with a document in force for forty days, and the plugin of the page."""
    qms = admitted(lx, built(lay(tmp_path / "lx-ages", LIST), tmp_path / "site"), "ages")
    released(qms)
    lx.later(days=40)
    return qms


def test_the_list_has_thirty_lines() -> None:
    given = files(LIST)
    first = next(one.text for one in blocks() if one.name == "lx_ages/__init__.py")
    assert code_lines(first) + code_lines(given["lx_ages/rows.py"]) <= 30


def test_the_list_comes_out_in_every_form(lx: Office, ages: Callable[..., Answer]) -> None:
    given = [shlex.split(one[2:]) for one in transcripts(LIST)[0].strip().split("\n")]
    for words in given:
        answer = ages(*words[1:])
        assert answer.code == 0, (words, answer)
    made = lx.folder
    row = {"number": "LX-WI-01", "title": "车床", "since": "2026-11-20", "days": 40}

    assert json.loads(ages("lists", "ages", "--json").out)["rows"] == [row]
    assert "LX-WI-01" in ages("lists", "ages").out
    assert "Age of documents" in ages("lists").out
    table = list(csv.reader(StringIO((made / "ages.csv").read_bytes().decode("utf-8-sig"))))
    assert table[-1] == ["LX-WI-01", "车床", "2026-11-20", "40"]
    book = CalamineWorkbook.from_filelike(BytesIO((made / "ages.xlsx").read_bytes()))
    assert book.get_sheet_by_index(0).to_python()[-1][::3] == ["LX-WI-01", 40]
    assert "车床" in (made / "ages.html").read_text(encoding="utf-8")
    command = ["pdftotext", str(made / "ages.pdf"), "-"]
    page = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    for word in ("Age of documents", "LX-WI-01", "车床", "40", "UNCONTROLLED"):
        assert word in page


def test_an_upright_list_bears_no_tick_of_a_cover(lx: Office, ages: Callable[..., Answer]) -> None:
    assert ages("lists", "ages", "-o", "ages.pdf").code == 0
    with Pdf.open(lx.folder / "ages.pdf") as pdf:
        (page,) = pdf.pages
        box, drawn = page.mediabox, bytes(page.Resources.XObject.QmsStamp0.read_bytes())
    assert box[2] < box[3]
    assert b" 1 J 1 j " not in drawn  # as the cover's tick is drawn


def test_the_command_tells_what_is_oldest(ages: Callable[..., Answer]) -> None:
    assert ages("oldest", by="fu.yi").out == "LX-WI-01: 40 days\n"
    assert "What is oldest" in ages("--help").out


def test_a_machine_reads_what_a_command_says(ages: Callable[..., Answer]) -> None:
    told = ages("oldest", "--json", by="fu.yi")
    assert json.loads(told.out) == {"said": ["LX-WI-01: 40 days"]}
    assert json.loads(ages("--lang", "zh", "oldest", "--json", by="fu.yi").out) == {
        "said": ["LX-WI-01：40 天"]
    }


def test_a_command_of_a_plugin_that_is_gone_names_it(
    lx: Office, ages: Callable[..., Answer]
) -> None:
    assert ages("oldest", "--json").code == 0
    answer = lx.finish("oldest", by="fu.yi")
    assert answer.code == 2
    assert "No such command 'oldest'" in answer.err
    assert "the policy demands ages (lx-ages sha256:" in answer.err


# What else the page shows


def alone(
    lx: Office, folder: Path, section: str, name: str, half: str = "qms.tools"
) -> Callable[..., Answer]:
    """A section's one module, installed and admitted."""
    ((module, text),) = files(section).items()
    stem = module.removesuffix(".py")
    install(folder, f"lx-{name}", "1.0", {half: f"{name} = {stem}"}, **{stem: text})
    return admitted(lx, folder, name)


def test_the_importer_begins_documents(lx: Office, tmp_path: Path) -> None:
    qms = alone(lx, tmp_path / "site", "Documents from elsewhere", "import")
    (tmp_path / "old.csv").write_text(
        "class,title,number,summary,body\nwork-instruction,铣床,,自旧系统,# 铣床\n",
        encoding="utf-8",
    )

    answer = qms("import", str(tmp_path / "old.csv"), by="gong.yi")

    assert answer.out == "LX-WI-01: documents/work-instruction/LX-WI-01.md\n", answer
    assert "summary: 自旧系统\n" in lx.text("documents/work-instruction/LX-WI-01.md")
    assert qms("check").code == 0


def test_a_class_asks_of_the_plugin_how_long_a_title_may_be(tmp_path: Path) -> None:
    lay(tmp_path, "Settings of a class")
    (tmp_path / "test_lengths.py").write_text(
        "from lx_lengths import rules\nfrom qms.testing import StepBuilder\n\n\n"
        "def test_long():\n"
        "    step = StepBuilder(rules, {'a': {'title_length': '3'}, 'b': {}})\n"
        "    path = step.draft('a', 'LX-1')\n    step.draft('b', 'LX-2')\n"
        "    assert step.told() == [('TITLE-LONG', path)]\n",
        encoding="utf-8",
    )
    assert "1 passed" in pytest_in(tmp_path)


def test_the_key_of_the_page_stands_in_heads_of_its_class(lx: Office, tmp_path: Path) -> None:
    qms = alone(lx, tmp_path / "site", "A key in the head", "scales", "qms.rules")
    place = "documents/technical-document/LX-JS-01.md"
    assert qms("new", "technical-document", "--title", "轴", by="gong.yi").code == 0
    assert "drawn: {paper: A3}\n" in lx.text(place)
    assert qms("check").findings == ()
    assert "Sheet and scale (drawn): paper: A3" in qms("show", "LX-JS-01").out
    lx.edit(place, "{paper: A3}", "{paper: A9}")
    assert qms("check").lines == {"FIELD-CHOICE": f"{place}:10"}
    lx.edit(place, "{paper: A9}", "{paper: A4, scale: 500}")
    assert qms("check").findings == ("SCALE-SMALL",)


def test_what_the_page_says_that_waits_waits(lx: Office, tmp_path: Path) -> None:
    qms = alone(lx, tmp_path / "site", "What waits", "reviews")
    released(qms)
    assert "review" not in qms("todo", by="ji.shu").out
    lx.later(days=366)
    assert "qms show LX-WI-01" in qms("todo", by="ji.shu").out


def test_the_gauges_are_calibrated_listed_and_asked_about(lx: Office, tmp_path: Path) -> None:
    """The kind, the event, the list and the fact of the page, in one plugin of two halves."""
    given = files(KIND) | files(QUESTION)
    event = given["acme_gauges/calibrate.py"].replace("\n", "\n    ")
    command = (
        "import click\n\nfrom qms.api import NewEvent\n\n\n"
        f"@click.command()\n@click.pass_obj\ndef calibrate(session):\n    {event}\n\n\n"
        "@click.command()\n@click.pass_obj\ndef calibrated(session):\n"
        "    told = session.library.fact('calibrations', 'G-07')\n"
        "    session.say(str(told), str(told))\n"
    )
    offer = (
        "\n\nfrom qms.api import Command\n\n\n@hookimpl\ndef commands():\n"
        "    yield Command('calibrate', 'acme_gauges_work:calibrate', Text('校准', 'Calibrate'))\n"
        "    yield Command('calibrated', 'acme_gauges_work:calibrated', Text('次数', 'Times'))\n"
    )
    tools = given["acme_gauges/tools.py"].replace("acme_gauges.rows", "acme_gauges_rows") + offer
    folder = install(
        tmp_path / "site", "acme-gauges", "1.0",
        {"qms.rules": "gauges = acme_gauges", "qms.tools": "gauges = acme_gauges_tools"},
        acme_gauges=given["acme_gauges/__init__.py"], acme_gauges_tools=tools,
        acme_gauges_rows=given["acme_gauges/rows.py"], acme_gauges_work=command,
    )  # fmt: skip
    lx.edit("people.yaml", "id: zhi.jian, name: {zh: 支健, en: Zhi Jian}, department: inspection",
            "id: zhi.jian, name: {zh: 支健, en: Zhi Jian}, department: quality")  # fmt: skip
    quality = "  - {id: quality, name: {zh: 品控部, en: Quality}, head: zhi.jian}\n"
    lx.edit("people.yaml", "departments:\n", f"departments:\n{quality}")
    qms = admitted(lx, folder, "gauges")

    assert qms("calibrate", by="zhi.jian").code == 0
    assert qms("calibrated", by="fu.yi").out == "1\n"
    rows = json.loads(qms("lists", "gauges", "--json").out)["rows"]
    assert rows == [{"number": "G-07", "range": "0-150 mm"}]
    answer = qms("calibrate", by="fu.yi")
    assert (answer.code, "GAUGE-BY" in answer.out + answer.err) == (1, True), answer


def test_the_tests_of_the_page_pass(tmp_path: Path) -> None:
    """Lives in real repos, with the page's plugins too, and plans of its own kind in memory."""
    site = tmp_path / "site"
    for section in (RULE, LIST):
        built(lay(tmp_path / "made" / section, section), site)
    (scales,) = files("A key in the head").values()
    install(site, "lx-scales", "1.0", {"qms.rules": "scales = lx_scales"}, lx_scales=scales)
    tests = lay(tmp_path / "tests", "A text that goes round")
    told = pytest_in(lay(tests, "Tests"), site)
    assert "7 passed" in told, told


def test_each_command_of_a_transcript_is_one_that_there_is(lx: Office) -> None:
    """Of admission; what they answer is asked in `tests/plugins/third_party`."""
    typed = [line[2:].partition("  ")[0] for text in transcripts("Admission")
             for line in text.split("\n") if line.startswith("$ qms")]  # fmt: skip
    assert len(typed) >= 4
    for line in typed:
        assert lx.call(*shlex.split(line)[1:], "--help").code == 0, line
