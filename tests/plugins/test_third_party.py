"""US-05: anybody's plugin, from a wheel, beside ours: admitted by the policy, or not run at all."""

import json
import os
import py_compile
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing.office import Answer, Office
from qms.testing.outsiders import admit, install, list_row, row, runner

UNCHECKED = py_compile.PycInvalidationMode.UNCHECKED_HASH
COMPANY = Path(__file__).parents[1] / "stories" / "companies" / "lx"
SIGNERS = ("gao.feng", "guan.ning")
TEXT = "documents/work-instruction/LX-WI-01.md"
LONG = "数控车床作业指导书" * 5

RULES = '''\
"""Titles are short."""
import os
from pathlib import Path

from qms.api import ClassSetting, Finding, Place, Rule, hookimpl, integer, on_each

if "MARK" in os.environ:
    Path(os.environ["MARK"]).touch()


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
from qms.api import Command, hookimpl


@hookimpl
def commands():
    yield Command("titles", "acme_titles.commands:titles", "所有名称", "All titles")
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


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Office:
    files = {one.name: one.read_bytes() for one in COMPANY.iterdir()}
    return Office.found(tmp_path_factory.mktemp("lx"), files, ("gao.feng", "guan.ning"))


@pytest.fixture
def lx(founded: Office, tmp_path: Path) -> Office:
    return founded.copy(tmp_path)


def states(answer: Answer) -> dict[str, str]:
    """What `qms plugins --json` tells of each half of each plugin that is not ours."""
    rows = json.loads(answer.out)["plugins"]
    return {
        f"{row['distribution']} {row['version']} {row['group']}": row["state"]
        for row in rows
        if row["distribution"] != "qms-git"
    }


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
    assert not (lx.folder.parent / "imported").exists()  # one signature is not enough
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


def replaced(office: Office, qms: Callable[..., Answer], old: str, new: str) -> None:
    """The next policy with another row in place of one."""
    office.edit("policy.yaml", old, new)
    for signer in SIGNERS:
        assert qms("policy", "sign", by=signer).code == 0


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
    """The same version, other code: what a version says of itself is worth nothing."""
    admit(lx, acme, "titles", *SIGNERS)
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
    """A stale or forged .pyc, and modules that no RECORD lists, are code that no digest covers."""
    folder = tmp_path / "there"
    shutil.copytree(acme, folder)
    package = folder / "acme_titles"
    forged = "import os, pathlib\npathlib.Path(os.environ['MARK'] + '-forged').touch()\n"
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
    text = "import acme_open.hidden\n"
    folder = install(tmp_path / "there", "acme-open", "0.1",
                     {"qms.rules": "opened = acme_open.rules"})  # fmt: skip
    package = folder / "acme_open"
    package.mkdir()
    for name, data in (("__init__", ""), ("rules", text), ("hidden", "")):
        (package / f"{name}.py").write_text(data, encoding="utf-8")
    record = folder / "acme_open-0.1.dist-info" / "RECORD"
    with record.open("a", encoding="utf-8") as file:
        file.write("acme_open/__init__.py,,\nacme_open/rules.py,,\n")
    admit(lx, folder, "opened", *SIGNERS)

    answer = runner(lx, folder)("check")

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


def test_a_broken_plugin_is_named(lx: Office, tmp_path: Path) -> None:
    folder = install(tmp_path / "there", "acme-broken", "0.1",
                     {"qms.rules": "broken = acme_broken"},
                     acme_broken="import nothing_of_this_name\n")  # fmt: skip
    qms = runner(lx, folder)
    assert qms("check").code == 0
    admit(lx, folder, "broken", *SIGNERS)
    for arguments, code in ((("check",), 1), (("verify",), 1), (("todo",), 3)):
        answer = qms(*arguments, by="fu.yi")
        assert (answer.code, answer.findings) == (code, ("PLUGIN-BROKEN",)), answer
        assert "acme-broken 0.1" in answer.out + answer.err
        assert "nothing_of_this_name" in answer.out + answer.err
    assert states(qms("plugins", "--json")) == {"acme-broken 0.1 qms.rules": "PLUGIN-BROKEN"}


def test_a_misspelt_hook_is_named(lx: Office, tmp_path: Path) -> None:
    text = "from qms.api import hookimpl\n\n\n@hookimpl\ndef rulez(policy):\n    return ()\n"
    folder = install(tmp_path / "there", "acme-slip", "0.1", {"qms.rules": "slip = acme_slip"},
                     acme_slip=text)  # fmt: skip
    qms = admitted(lx, folder, "slip")
    answer = qms("check")
    assert answer.findings == ("PLUGIN-BROKEN",)
    assert "rulez" in answer.out


def admitted(office: Office, folder: Path, name: str) -> Callable[..., Answer]:
    """As `runner`, of a plugin that the policy admits."""
    admit(office, folder, name, *SIGNERS)
    return runner(office, folder)


MARKS = "import os, pathlib\npathlib.Path(os.environ['MARK']).touch()\n"


@pytest.mark.parametrize("distribution", ["evil", "qms", "qms-git"])
def test_a_stranger_with_the_name_of_an_own_plugin_never_loads(
    lx: Office, tmp_path: Path, distribution: str
) -> None:
    """A public name is no property: own plugins are those beside qms itself."""
    folder = install(tmp_path / "there", distribution, "9",
                     {"qms.rules": "numbering = evil_numbering"}, evil_numbering=MARKS)  # fmt: skip
    (folder / f"{distribution.replace('-', '_')}-9.dist-info").rename(folder / "evil-9.dist-info")
    qms = runner(lx, folder)
    answer = qms("check")
    assert answer.code == 1
    assert set(answer.findings) == {"PLUGIN-TWICE"}
    stopped = qms("new", "manual", "--title", "x", by="bian.zhi")
    assert (stopped.code, stopped.findings) == (3, ("PLUGIN-TWICE",))
    assert not (lx.folder.parent / "imported").exists()


def test_a_strangers_package_in_the_place_of_an_own_one_never_loads(
    lx: Office, tmp_path: Path
) -> None:
    folder = install(tmp_path / "there", "evil", "9",
                     {"qms.rules": "numbering = qms_numbering.rules"})  # fmt: skip
    package = folder / "qms_numbering"
    package.mkdir()
    for name in ("__init__", "rules"):
        (package / f"{name}.py").write_text(MARKS, encoding="utf-8")
    answer = runner(lx, folder)("check")
    assert "PLUGIN-TWICE" in answer.findings
    assert not (lx.folder.parent / "imported").exists()


def test_a_stranger_called_qms_is_nobody_before_there_is_a_policy(tmp_path: Path) -> None:
    folder = install(tmp_path / "there", "qms", "9", {"qms.rules": "extra = extra"}, extra=MARKS)
    office = Office(tmp_path / "docs", tmp_path / "keys")
    office.folder.mkdir()
    office.git("init", "-q", "-b", "main")
    assert runner(office, folder)("init").code == 0
    assert not (tmp_path / "imported").exists()


def test_two_plugins_of_one_name_are_both_refused(lx: Office, tmp_path: Path) -> None:
    folder = tmp_path / "there"
    for name in ("acme-one", "acme-two"):
        install(folder, name, "1", {"qms.rules": f"same = {name.replace('-', '_')}"},
                **{name.replace("-", "_"): MARKS})  # fmt: skip
    qms = runner(lx, folder)
    assert qms("check").findings == ("PLUGIN-TWICE", "PLUGIN-TWICE")
    assert not (lx.folder.parent / "imported").exists()


FAULTY = """\
from pathlib import Path

from qms.api import Rule, hookimpl


def judge(step):
    {body}


@hookimpl
def rules(policy):
    return [Rule(name="acme-faulty", codes=("X",), judge=judge)]
"""


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("return Path('/etc/hostname').read_text()", "RULE-IMPURE"),
        ("import subprocess; return subprocess.run(['true'])", "RULE-IMPURE"),
        ("import socket; return socket.create_connection(('127.0.0.1', 9))", "RULE-IMPURE"),
        ("try: open('/etc/hostname')\n    except Exception: pass\n    return []", "RULE-IMPURE"),
        ("try: open('/x')\n    except Exception: return open('/etc/hostname')", "RULE-IMPURE"),
        ("return 1 / 0", "RULE-FAILED"),
        ("return [1, 2]", "RULE-FAILED"),
    ],
)
def test_a_rule_that_looks_elsewhere_or_fails_is_named(
    lx: Office, tmp_path: Path, body: str, code: str
) -> None:
    folder = install(tmp_path / "there", "acme-faulty", "0.1",
                     {"qms.rules": "faulty = acme_faulty"},
                     acme_faulty=FAULTY.format(body=body))  # fmt: skip
    qms = admitted(lx, folder, "faulty")
    answer = qms("check")
    assert (answer.code, answer.findings) == (3, (code,)), answer
    assert "acme-faulty" in answer.err


def test_a_chain_that_looks_elsewhere_is_named(lx: Office, tmp_path: Path) -> None:
    text = (
        "from qms.api import hookimpl\n\n\n@hookimpl\n"
        "def chain(policy, document):\n    open('/etc/hostname')\n"
    )
    folder = install(tmp_path / "there", "acme-spy", "0.1", {"qms.rules": "spy = acme_spy"},
                     acme_spy=text)  # fmt: skip
    qms = admitted(lx, folder, "spy")
    qms("new", "work-instruction", "--title", "x", by="gong.yi")
    answer = qms("submit", "LX-WI-01", by="gong.yi")
    assert (answer.code, answer.findings) == (3, ("RULE-IMPURE",)), answer
    assert "spy.chain" in answer.err


@pytest.mark.parametrize("body", ["return 1 / 0", "return [1]", "return 5", "yield 1 / 0"])
def test_a_hook_that_fails_or_answers_nonsense_is_named(
    lx: Office, tmp_path: Path, body: str
) -> None:
    text = "from qms.api import hookimpl\n\n\n@hookimpl\ndef rules(policy):\n    {body}\n"
    folder = install(tmp_path / "there", "acme-odd", "0.1", {"qms.rules": "odd = odd"},
                     odd=text.format(body=body))  # fmt: skip
    answer = admitted(lx, folder, "odd")("check")
    assert (answer.code, answer.findings) == (3, ("PLUGIN-FAILED",)), answer
    assert "the plugin odd failed when asked for `rules`" in answer.err


def test_two_answers_to_a_question_that_has_one_are_an_error(lx: Office, tmp_path: Path) -> None:
    text = (
        "from qms.api import Chain, ChainStep, Seat, hookimpl\n\n\n@hookimpl\n"
        "def chain(policy, document):\n"
        "    return Chain((ChainStep(1, 'prepare', 1, (Seat('fu.yi', 'preparer'),)),))\n"
    )
    folder = install(tmp_path / "there", "acme-chain", "0.1", {"qms.rules": "chains = acme_chain"},
                     acme_chain=text)  # fmt: skip
    qms = admitted(lx, folder, "chains")
    assert qms("new", "work-instruction", "--title", "x", by="gong.yi").code == 0
    answer = qms("submit", "LX-WI-01", by="gong.yi")
    assert (answer.code, answer.findings) == (3, ("ANSWER-TWICE",)), answer
    assert "approval" in answer.err
    assert "chains" in answer.err


CHAIN = """\
from qms.api import Chain, ChainStep, ClassSetting, Seat, anything, hookimpl


@hookimpl
def settings():
    yield ClassSetting("chain", anything())
    yield ClassSetting("one_person", anything())


@hookimpl
def chain(policy, document):
    return Chain((
        ChainStep(1, "prepare", 1, (Seat(document.prepared_by, "preparer"),)),
        ChainStep(2, "approve", 1, (Seat("fu.yi", "in-charge-of-technical"),)),
        ChainStep(3, "publish", 1, (Seat("wen.kong", "document-controller"),)),
    ))
"""
OWN = "  - {name: approval}\n"


@pytest.fixture(scope="module")
def chains(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plugin that gives chains in place of the tool's own."""
    return install(tmp_path_factory.mktemp("chains"), "acme-chains", "0.1",
                   {"qms.rules": "chains = acme_chains"}, acme_chains=CHAIN)  # fmt: skip


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory, founded: Office, chains: Path) -> Office:
    """Under policy 2 a chain of acme's released a document; policy 3 has the tool's own again."""
    office = founded.copy(tmp_path_factory.mktemp("changed"))
    qms = runner(office, chains)
    office.edit("policy.yaml", OWN, "")
    admit(office, chains, "chains", *SIGNERS)
    for arguments, by in (
        (("new", "work-instruction", "--title", "点检"), "gong.yi"),
        (("submit", "LX-WI-01"), "gong.yi"),
        (("sign", "LX-WI-01"), "fu.yi"),
        (("release", "LX-WI-01"), "wen.kong"),
    ):
        answer = qms(*arguments, by=by)
        assert answer.code == 0, answer
    replaced(office, qms, row(office, chains, "chains"), OWN)
    return office


def test_history_judged_by_a_dropped_plugin_stays_right(
    changed: Office, chains: Path, tmp_path: Path
) -> None:
    """US-05: whoever has the old plugin verifies all; its chain has no say in what is new."""
    office = changed.copy(tmp_path)
    qms = runner(office, chains)
    assert (qms("verify").code, qms("check", "--all").code) == (0, 0)
    assert "chains (acme-chains 0.1 sha256:" in qms("verify").out
    assert qms("new", "work-instruction", "--title", "新", by="gong.yi").code == 0
    assert qms("submit", "LX-WI-02", by="gong.yi").code == 0  # not ANSWER-TWICE


def test_history_judged_by_a_dropped_plugin_is_incomplete_without_it_and_never_red(
    changed: Office, tmp_path: Path
) -> None:
    office = changed.copy(tmp_path)
    verified = office.call("verify", "--json")
    assert verified.code == 1
    told = json.loads(verified.out)
    assert told["verdict"] == "incomplete"
    assert {one["code"] for one in told["findings"]} == {"PLUGIN-GONE"}


def test_nothing_is_shown_as_current_where_what_came_since_cannot_be_judged(
    changed: Office, tmp_path: Path
) -> None:
    """`list` without the plugin would leave out the revision that is in force."""
    office = changed.copy(tmp_path)
    for command in (("list",), ("show", "LX-WI-01"), ("asof", "2026-12-31")):
        answer = office.call(*command)
        assert (answer.code, answer.out, answer.findings) == (3, "", ("PLUGIN-GONE",))
    office.edit("qms.yaml", "LX Equipment", "LX Equipment Ltd.")
    assert office.call("policy", "sign", by=SIGNERS[0]).code == 0


def test_what_a_dropped_plugins_version_had_not_seen_is_incomplete_without_it(
    founded: Office, chains: Path, tmp_path: Path
) -> None:
    """In flight under the version before: what the plugin asks for on top is unknown."""
    office = founded.copy(tmp_path)
    qms = runner(office, chains)
    office.git("checkout", "-q", "-b", "work")
    office.qms("new", "work-instruction", "--title", "点检", by="gong.yi")
    for command, by in (("submit", "gong.yi"), ("sign", "fu.yi"), ("release", "wen.kong")):
        office.qms(command, "LX-WI-01", by=by)
    office.git("checkout", "-q", "main")
    office.edit("policy.yaml", OWN, "")
    admit(office, chains, "chains", *SIGNERS)
    office.git("merge", "-q", "--no-edit", "work")
    replaced(office, qms, row(office, chains, "chains"), OWN)

    assert qms("verify").code == 0
    told = json.loads(office.call("verify", "--json").out)
    assert told["verdict"] == "incomplete"
    assert {one["code"] for one in told["findings"]} == {"PLUGIN-GONE"}


def test_history_judged_by_a_plugin_that_is_void_is_incomplete_for_everybody(
    changed: Office, chains: Path, tmp_path: Path
) -> None:
    office = changed.copy(tmp_path)
    qms = runner(office, chains)
    list_row(office, "  - {name: chains, distribution: acme-chains, void: true}\n")
    for signer in SIGNERS:
        assert qms("policy", "sign", by=signer).code == 0
    told = json.loads(qms("verify", "--json").out)
    assert told["verdict"] == "incomplete"
    assert {one["code"] for one in told["findings"]} == {"PLUGIN-GONE"}
    assert [one["name"] for one in told["plugins"]] == ["approval", "copies", "numbering"]
    listed = qms("list", "--json")  # what nobody can judge any more has no effect, for nobody
    (listed_as,) = json.loads(listed.out)["documents"]
    assert (listed.code, listed_as["status"]) == (0, "draft")
