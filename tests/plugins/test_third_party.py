"""US-05: anybody's plugin, from a wheel, beside ours: admitted by the policy, or not run at all."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing.office import Answer, Office
from qms.testing.outsiders import PIN, admit, install, runner

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
        if row["distribution"] != "qms"
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

    lx.edit("policy.yaml", "quorum:",
            PIN.format(name="titles", distribution="acme-titles", version='"1.0"'))  # fmt: skip
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

    told = {row["group"]: row for row in json.loads(qms("plugins", "--json").out)["plugins"]
            if row["name"] == "titles"}  # fmt: skip
    assert told["qms.rules"]["hooks"] == ["codes", "rules", "settings"]
    assert told["qms.rules"]["state"] == "loaded"
    assert told["qms.rules"]["origin"] == str(acme / "acme_titles" / "rules.py")
    assert told["qms.tools"]["hooks"] == ["commands"]
    assert told["qms.tools"]["version"] == "1.0"


def test_a_plugin_owns_keys_of_classes(lx: Office, acme: Path) -> None:
    qms = runner(lx, acme)
    lx.edit("qms.yaml", "    one_person: true\n", "    one_person: true\n    title_length: 30\n")
    assert qms("check").findings == ("FIELD-UNKNOWN",)
    lx.git("checkout", "-q", "qms.yaml")
    admit(lx, "titles", "acme-titles", "1.0", *SIGNERS)
    lx.edit("qms.yaml", "    one_person: true\n", "    one_person: true\n    title_length: 300\n")
    assert qms("check").findings == ("FIELD-RANGE",)
    lx.edit("qms.yaml", "title_length: 300", "title_length: 30")
    assert qms("policy", "sign", by="gao.feng").code == 0


def test_a_plugin_that_is_switched_off_is_not_loaded(lx: Office, acme: Path) -> None:
    qms = runner(lx, acme)
    admit(lx, "titles", "acme-titles", "1.0", *SIGNERS)
    assert qms("titles").code == 0
    (lx.folder.parent / "imported").unlink()
    lx.edit("policy.yaml", PIN.format(name="titles", distribution="acme-titles", version='"1.0"'),
            "quorum:")  # fmt: skip
    for signer in ("gao.feng", "guan.ning"):
        assert qms("policy", "sign", by=signer).code == 0
    (lx.folder.parent / "imported").unlink()  # the first of the two still ran under the old policy
    assert qms("titles").code == 2  # its commands are known only to its code
    assert qms("check").code == 0
    assert qms("verify").code == 0
    assert not (lx.folder.parent / "imported").exists()


def test_another_version_or_none_is_no_verdict(lx: Office, acme: Path) -> None:
    admit(lx, "titles", "acme-titles", "2.0", *SIGNERS)
    qms = runner(lx, acme)
    assert states(qms("plugins", "--json")) == {
        "acme-titles 1.0 qms.rules": "PLUGIN-UNADMITTED",
        "acme-titles 1.0 qms.tools": "PLUGIN-UNADMITTED",
        "acme-titles 2.0 -": "PLUGIN-MISSING",
    }
    checked = qms("check")
    assert (checked.code, checked.findings) == (1, ("PLUGIN-MISSING",))
    verified = lx.call("verify", "--json")
    assert verified.code == 1
    assert json.loads(verified.out)["verdict"] == "incomplete"
    stopped = qms("new", "manual", "--title", "x", by="bian.zhi")
    assert (stopped.code, stopped.findings) == (3, ("PLUGIN-MISSING",))
    assert "install acme-titles 2.0 from the wheel file" in stopped.err


def test_a_broken_plugin_is_named(lx: Office, tmp_path: Path) -> None:
    folder = install(tmp_path / "there", "acme-broken", "0.1",
                     {"qms.rules": "broken = acme_broken"},
                     acme_broken="import nothing_of_this_name\n")  # fmt: skip
    qms = runner(lx, folder)
    assert qms("check").code == 0
    admit(lx, "broken", "acme-broken", "0.1", *SIGNERS)
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
    qms = admitted(lx, folder, "slip", "acme-slip")
    answer = qms("check")
    assert answer.findings == ("PLUGIN-BROKEN",)
    assert "rulez" in answer.out


def admitted(office: Office, folder: Path, name: str, distribution: str) -> Callable[..., Answer]:
    """As `runner`, of a plugin that the policy admits."""
    admit(office, name, distribution, "0.1", *SIGNERS)
    return runner(office, folder)


def test_two_plugins_of_one_name_are_both_refused(lx: Office, tmp_path: Path) -> None:
    mark = "import os, pathlib\npathlib.Path(os.environ['MARK']).touch()\n"
    folder = install(tmp_path / "there", "evil", "9", {"qms.rules": "numbering = evil_numbering"},
                     evil_numbering=mark)  # fmt: skip
    qms = runner(lx, folder)
    answer = qms("check")
    assert answer.code == 1
    assert set(answer.findings) == {"PLUGIN-TWICE"}
    assert "evil, qms" in answer.out
    stopped = qms("new", "manual", "--title", "x", by="bian.zhi")
    assert (stopped.code, stopped.findings) == (3, ("PLUGIN-TWICE",))
    assert states(qms("plugins", "--json")) == {"evil 9 qms.rules": "PLUGIN-TWICE"}
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
    qms = admitted(lx, folder, "faulty", "acme-faulty")
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
    qms = admitted(lx, folder, "spy", "acme-spy")
    qms("new", "work-instruction", "--title", "x", by="gong.yi")
    answer = qms("submit", "LX-WI-01", by="gong.yi")
    assert (answer.code, answer.findings) == (3, ("RULE-IMPURE",)), answer
    assert "spy.chain" in answer.err


def test_a_hook_that_fails_or_answers_nonsense_is_named(lx: Office, tmp_path: Path) -> None:
    text = "from qms.api import hookimpl\n\n\n@hookimpl\ndef rules(policy):\n    {body}\n"
    for number, body in enumerate(("return 1 / 0", "return [1]", "return 5", "yield 1 / 0")):
        folder = install(tmp_path / f"there{number}", "acme-odd", "0.1", {"qms.rules": "odd = odd"},
                         odd=text.format(body=body))  # fmt: skip
        qms = runner(lx, folder)
        if not number:
            qms = admitted(lx, folder, "odd", "acme-odd")
        answer = qms("check")
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
    qms = admitted(lx, folder, "chains", "acme-chain")
    assert qms("new", "work-instruction", "--title", "x", by="gong.yi").code == 0
    answer = qms("submit", "LX-WI-01", by="gong.yi")
    assert (answer.code, answer.findings) == (3, ("ANSWER-TWICE",)), answer
    assert "approval" in answer.err
    assert "chains" in answer.err
