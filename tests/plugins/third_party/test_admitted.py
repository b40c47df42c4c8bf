"""US-05: anybody's plugin, from a wheel, beside ours: admitted by the policy, or not run at all."""

import json
import os
import py_compile
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qms.testing.office import Office
from qms.testing.outsiders import (
    SIGNERS,
    admit,
    install,
    later,
    list_row,
    replaced,
    row,
    runner,
    states,
    turned,
)

UNCHECKED = py_compile.PycInvalidationMode.UNCHECKED_HASH
TEXT = "documents/work-instruction/LX-WI-01.md"
LONG = "数控车床作业指导书" * 5

RULES = '''\
"""Titles are short."""
import os
from pathlib import Path

from qms.api import ClassSetting, Finding, Place, Rule, hookimpl, integer, on_each

if "MARK" in os.environ:
    os.write(2, os.environ["MARK"].encode() + b"\\n")


def title_is_short(change, step):
    document = change.document
    if document is not None and document.status != "published" and len(document.title) > 40:
        values = {"title": document.title}
        yield Finding("TITLE-LONG", Place(field="title"), values, document.about)


@hookimpl
def rules(policy):
    yield Rule(
        name="title-is-short", codes=("TITLE-LONG",), judge=on_each("document", title_is_short)
    )


@hookimpl
def settings():
    yield ClassSetting("title_length", integer(1, 200))


@hookimpl
def codes():
    return Path(__file__).parent / "codes.toml"
'''
CODES = """\
[TITLE-LONG]
level = "error"
en = "the title is too long for the cover: {title}"
zh = "名称过长，封面放不下：{title}"
mend_en = "shorten it to 40 characters"
mend_zh = "请缩短到 40 字以内"
"""
TOOLS = """\
from qms.api import Command, Text, hookimpl


@hookimpl
def commands():
    yield Command("titles", "acme_titles.commands:titles", Text("所有名称", "All titles"))
"""
COMMANDS = """\
import click


@click.command()
@click.pass_obj
def titles(session):
    session.table(
        [("number", "编号"), ("title", "名称")],
        [(n, session.register.newest(n).document.title) for n in session.register.numbers()],
    )
"""
PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "acme-titles"
version = "1.0"

[project.entry-points."qms.rules"]
titles = "acme_titles.rules"

[project.entry-points."qms.tools"]
titles = "acme_titles.tools"
"""


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel of acme-titles is installed; nothing comes from a network."""
    folder = tmp_path_factory.mktemp("acme")
    package = folder / "source" / "acme_titles"
    package.mkdir(parents=True)
    (package.parent / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    for name, text in (
        ("__init__.py", ""), ("rules.py", RULES), ("codes.toml", CODES), ("tools.py", TOOLS),
        ("commands.py", COMMANDS),
    ):  # fmt: skip
        (package / name).write_text(text, encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", "--no-input"]
    wheel = ["wheel", "--no-deps", "--no-index", "--no-build-isolation", "-w", str(folder)]
    subprocess.run([*pip, *wheel, str(package.parent)], check=True)
    install = ["install", "--no-deps", "--no-index", "--target", str(folder / "installed")]
    subprocess.run([*pip, *install, *map(str, folder.glob("*.whl"))], check=True)
    return folder / "installed"


def test_a_plugin_from_a_wheel_works_once_the_policy_admits_it(lx: Office, acme: Path) -> None:
    qms = runner(lx, acme)
    lx.qms("new", "work-instruction", "--title", LONG, by="gong.yi")
    assert qms("check").code == 0
    assert states(qms("plugins", "--json")) == {
        "acme-titles 1.0 qms.rules": "PLUGIN-UNADMITTED",
        "acme-titles 1.0 qms.tools": "PLUGIN-UNADMITTED",
    }
    assert qms("titles").code == 2  # its commands are known only to its code
    assert "titles" not in qms("--help").out
    assert not (lx.folder.parent / "imported").exists()  # nothing of it has run

    told = json.loads(qms("plugins", "--json").out)["plugins"]
    (digest,) = {one["digest"] for one in told if one["name"] == "titles"}
    list_row(lx, row(lx, acme, "titles"))
    assert f'distribution: acme-titles, digest: "{digest}"' in lx.text("policy.yaml")
    assert qms("policy", "sign", by="gao.feng").code == 0
    (lx.folder.parent / "imported").unlink()  # who signed agreed to run it, as they did
    assert qms("check").code == 0
    assert not (lx.folder.parent / "imported").exists()  # for all others one is not enough
    assert qms("policy", "sign", by="guan.ning").code == 0

    answer = qms("check")
    assert (answer.code, answer.findings) == (1, ("TITLE-LONG",))
    assert answer.lines == {"TITLE-LONG": f"{TEXT}:3"}
    assert "shorten it to 40 characters" in answer.out
    assert (lx.folder.parent / "imported").exists()
    refused = qms("submit", "LX-WI-01", by="gong.yi")
    assert (refused.code, refused.findings) == (1, ("TITLE-LONG",))
    lx.edit(TEXT, LONG, "数控车床作业指导书")
    for command, by in (("submit", "gong.yi"), ("sign", "fu.yi"), ("release", "wen.kong")):
        assert qms(command, "LX-WI-01", by=by).code == 0
    assert json.loads(qms("titles", "--json").out)["rows"] == [
        {"number": "LX-WI-01", "title": "数控车床作业指导书"}
    ]
    assert "All titles" in qms("--help").out
    assert qms("verify").code == 0

    halves = {one["group"]: one for one in json.loads(qms("plugins", "--json").out)["plugins"]
              if one["name"] == "titles"}  # fmt: skip
    assert halves["qms.rules"]["hooks"] == ["codes", "rules", "settings"]
    assert halves["qms.rules"]["state"] == "loaded"
    assert halves["qms.rules"]["origin"] == str(acme / "acme_titles" / "rules.py")
    assert halves["qms.tools"]["hooks"] == ["commands"]
    assert halves["qms.tools"]["version"] == "1.0"
    assert f"titles (acme-titles 1.0 {digest})" in qms("verify").out


def test_a_plugin_owns_keys_of_classes(lx: Office, acme: Path) -> None:
    qms = runner(lx, acme)
    lx.edit("qms.yaml", "    one_person: true\n", "    one_person: true\n    title_length: 30\n")
    assert qms("check").findings == ("FIELD-UNKNOWN",)
    lx.git("checkout", "-q", "qms.yaml")
    admit(lx, acme, "titles", *SIGNERS)
    lx.edit("qms.yaml", "    one_person: true\n", "    one_person: true\n    title_length: 300\n")
    assert qms("check").findings == ("FIELD-RANGE",)
    lx.edit("qms.yaml", "title_length: 300", "title_length: 30")
    assert qms("policy", "sign", by="gao.feng").code == 0


def test_a_plugin_that_is_dropped_has_no_say_in_what_comes(lx: Office, acme: Path) -> None:
    qms = runner(lx, acme)
    admit(lx, acme, "titles", *SIGNERS)
    assert qms("titles").code == 0
    replaced(lx, qms, row(lx, acme, "titles"), "")
    lx.qms("new", "work-instruction", "--title", LONG, by="gong.yi")
    assert qms("titles").code == 2  # its commands are known only to its code
    assert qms("check").code == 0  # nor has its rule any say
    assert qms("verify").code == 0
    assert lx.call("verify").code == 0  # nothing rested on it: a machine without it judges alike


def test_a_plugin_that_is_void_is_not_loaded(lx: Office, acme: Path) -> None:
    qms = runner(lx, acme)
    admit(lx, acme, "titles", *SIGNERS)
    admitted_by = row(lx, acme, "titles")
    replaced(lx, qms, admitted_by, admitted_by.replace("}\n", ", void: true}\n"))
    (lx.folder.parent / "imported").unlink()
    for command in ("check", "verify", "plugins"):
        assert qms(command).code == 0
    assert not (lx.folder.parent / "imported").exists()


def rebuilt(acme: Path, folder: Path, *, text: str) -> Path:
    """The same distribution and version again, with something more in its rules."""
    shutil.copytree(acme, folder)
    rules = folder / "acme_titles" / "rules.py"
    rules.write_text(rules.read_text(encoding="utf-8") + text, encoding="utf-8")
    return folder


def test_another_release_or_none_is_no_verdict(lx: Office, acme: Path, tmp_path: Path) -> None:
    """Row 89 (LSV): the same version, other code; what a version says of itself is worth
    nothing.
    """
    admit(lx, acme, "titles", *SIGNERS)
    (lx.folder.parent / "imported").unlink()  # the one that they agreed to
    qms = runner(lx, rebuilt(acme, tmp_path / "other", text="\nFORGED = True\n"))
    assert states(qms("plugins", "--json")) == {
        "acme-titles 1.0 qms.rules": "PLUGIN-UNADMITTED",
        "acme-titles 1.0 qms.tools": "PLUGIN-UNADMITTED",
        "acme-titles - -": "PLUGIN-MISSING",
    }
    checked = qms("check")
    assert (checked.code, checked.findings) == (1, ("PLUGIN-MISSING",))
    assert not (lx.folder.parent / "imported").exists()
    verified = lx.call("verify", "--json")
    assert verified.code == 1
    assert json.loads(verified.out)["verdict"] == "incomplete"
    stopped = qms("new", "manual", "--title", "x", by="bian.zhi")
    assert (stopped.code, stopped.findings) == (3, ("PLUGIN-MISSING",))
    assert "acme-titles sha256:" in stopped.err


def test_what_was_compiled_beside_a_source_does_not_run(
    lx: Office, acme: Path, tmp_path: Path
) -> None:
    """Row 89 (L): a stale or forged .pyc, and modules that no RECORD lists, are code that no
    digest covers.
    """
    folder = tmp_path / "there"
    shutil.copytree(acme, folder)
    package = folder / "acme_titles"
    forged = "import os\nos.write(2, os.environ['MARK'].encode() + b'-forged\\n')\n"
    source = package / "rules.py"
    honest, times = source.read_bytes(), source.stat()
    source.write_bytes(forged.encode() + honest)
    py_compile.compile(str(source), invalidation_mode=UNCHECKED)
    source.write_bytes(honest)
    os.utime(source, ns=(times.st_atime_ns, times.st_mtime_ns))
    (package / "more.py").write_text(forged, encoding="utf-8")

    admit(lx, folder, "titles", *SIGNERS)
    qms = runner(lx, folder)

    assert qms("check").code == 0
    assert (lx.folder.parent / "imported").exists()
    assert not (lx.folder.parent / "imported-forged").exists()
    assert row(lx, folder, "titles") == row(lx, acme, "titles")


def test_a_module_that_no_record_lists_cannot_be_imported(lx: Office, tmp_path: Path) -> None:
    text = later("import acme_open.hidden\n")
    folder = install(tmp_path / "there", "acme-open", "0.1",
                     {"qms.rules": "opened = acme_open.rules"})  # fmt: skip
    package = folder / "acme_open"
    package.mkdir()
    for name, data in (("__init__", ""), ("rules", text), ("hidden", "")):
        (package / f"{name}.py").write_text(data, encoding="utf-8")
    record = folder / "acme_open-0.1.dist-info" / "RECORD"
    with record.open("a", encoding="utf-8") as file:
        file.write("acme_open/__init__.py,,\nacme_open/rules.py,,\n")
    answer = turned(lx, folder, "opened")("check")

    assert answer.findings == ("PLUGIN-BROKEN",)
    assert "acme_open.hidden is no source that the RECORD" in answer.out


def test_a_range_admits_tools_and_no_rules(lx: Office, acme: Path) -> None:
    """A range is trust in releases that nobody has seen: enough to print, not to judge."""
    list_row(lx, '  - {name: titles, distribution: Acme_Titles, version: ">=1,<1.1"}\n')
    qms = runner(lx, acme)
    for signer in SIGNERS:
        assert qms("policy", "sign", by=signer).code == 0
    assert states(qms("plugins", "--json")) == {
        "acme-titles 1.0 qms.rules": "PLUGIN-UNADMITTED",
        "acme-titles 1.0 qms.tools": "loaded",
    }
    assert qms("titles").code == 0
    lx.qms("new", "work-instruction", "--title", LONG, by="gong.yi")
    assert qms("check").code == 0


def test_a_release_outside_the_range_is_not_loaded(lx: Office, acme: Path) -> None:
    list_row(lx, '  - {name: titles, distribution: acme-titles, version: ">=1.1,<2"}\n')
    refused = runner(lx, acme)("policy", "sign", by=SIGNERS[0])
    assert (refused.code, refused.findings) == (1, ("PLUGIN-MISSING",))


def test_a_policy_is_signed_where_a_plugin_is_missing(lx: Office, acme: Path) -> None:
    """To change or drop it nobody needs it; to admit it everybody must see that it is there."""
    list_row(lx, row(lx, acme, "titles"))
    lx.edit("qms.yaml", "    one_person: true\n", "    one_person: true\n    title_length: 30\n")
    assert lx.call("policy", "sign", by=SIGNERS[0]).findings == ("PLUGIN-MISSING",)
    for signer in SIGNERS:
        assert runner(lx, acme)("policy", "sign", by=signer).code == 0
    lx.edit("people.yaml", "高峰", "高锋")
    assert "PLUGIN-MISSING" in lx.call("check").findings
    for signer in SIGNERS:
        assert lx.call("policy", "sign", by=signer).code == 0
    lx.edit("policy.yaml", row(lx, acme, "titles"), "")
    assert lx.call("policy", "sign", by=SIGNERS[0]).findings == ("FIELD-UNKNOWN",)
    lx.edit("qms.yaml", "    title_length: 30\n", "")
    for signer in SIGNERS:
        assert lx.call("policy", "sign", by=signer).code == 0
    assert lx.call("check").code == 0
