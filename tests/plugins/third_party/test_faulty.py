"""US-05: a plugin that is broken, looks elsewhere or answers nonsense is named."""

from pathlib import Path

import pytest

from qms.testing.office import Office
from qms.testing.outsiders import admitted, install, later, runner, states, turned


def test_a_broken_plugin_is_named(lx: Office, tmp_path: Path) -> None:
    folder = install(tmp_path / "there", "acme-broken", "0.1",
                     {"qms.rules": "broken = acme_broken"},
                     acme_broken=later("import nothing_of_this_name\n"))  # fmt: skip
    qms = runner(lx, folder)
    assert qms("check").code == 0
    turned(lx, folder, "broken")
    for arguments, code in ((("check",), 1), (("verify",), 1), (("todo",), 3)):
        answer = qms(*arguments, by="fu.yi")
        assert (answer.code, answer.findings) == (code, ("PLUGIN-BROKEN",)), answer
        assert "acme-broken 0.1" in answer.out + answer.err
        assert "nothing_of_this_name" in answer.out + answer.err
    assert states(qms("plugins", "--json")) == {"acme-broken 0.1 qms.rules": "PLUGIN-BROKEN"}


def test_a_misspelt_hook_is_named(lx: Office, tmp_path: Path) -> None:
    text = "from qms.api import hookimpl\n\n\n@hookimpl\ndef rulez(policy):\n    return ()\n"
    folder = install(tmp_path / "there", "acme-slip", "0.1", {"qms.rules": "slip = acme_slip"},
                     acme_slip=later(text))  # fmt: skip
    qms = turned(lx, folder, "slip")
    answer = qms("check")
    assert answer.findings == ("PLUGIN-BROKEN",)
    assert "rulez" in answer.out


FAULTY = """\
from pathlib import Path

from qms.api import Rule, hookimpl


def judge(step):
    {body}


@hookimpl
def rules(policy):
    return [Rule(name="acme-faulty", codes=("X",), judge=judge)]
"""


GOES_ON = """\
import threading, time
    threading.Thread(target=time.sleep, args=(1,)).start()
    return []"""


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("return Path('/etc/hostname').read_text()", "RULE-IMPURE"),
        ("import subprocess; return subprocess.run(['true'])", "RULE-IMPURE"),
        ("import socket; return socket.create_connection(('127.0.0.1', 9))", "RULE-IMPURE"),
        ("try: open('/etc/hostname')\n    except Exception: pass\n    return []", "RULE-IMPURE"),
        ("try: open('/x')\n    except Exception: return open('/etc/hostname')", "RULE-IMPURE"),
        (GOES_ON, "RULE-IMPURE"),
        ("import sys; sys.exit(0)", "RULE-FAILED"),
        ("raise BaseException('over')", "RULE-FAILED"),
        ("return 1 / 0", "RULE-FAILED"),
        ("return [1, 2]", "RULE-FAILED"),
    ],
)
def test_a_rule_that_looks_elsewhere_or_fails_is_named(
    lx: Office, tmp_path: Path, body: str, code: str
) -> None:
    folder = install(tmp_path / "there", "acme-faulty", "0.1",
                     {"qms.rules": "faulty = acme_faulty"},
                     acme_faulty=later(FAULTY.format(body=body)))  # fmt: skip
    qms = turned(lx, folder, "faulty")
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
                     odd=later(text.format(body=body)))  # fmt: skip
    answer = turned(lx, folder, "odd")("check")
    assert (answer.code, answer.findings) == (3, ("PLUGIN-FAILED",)), answer
    assert "the plugin odd failed when asked for `rules`" in answer.err


def test_two_answers_to_a_question_that_has_one_are_an_error(lx: Office, tmp_path: Path) -> None:
    text = (
        "from qms.api import Chain, ChainStep, Seat, hookimpl\n\n\n@hookimpl\n"
        "def chain(policy, document):\n"
        "    return Chain((ChainStep(1, 'prepare', 1, (Seat('fu.yi', 'preparer'),)),))\n"
    )
    folder = install(tmp_path / "there", "acme-chain", "0.1", {"qms.rules": "chains = acme_chain"},
                     acme_chain=later(text))  # fmt: skip
    qms = turned(lx, folder, "chains")
    assert qms("new", "work-instruction", "--title", "x", by="gong.yi").code == 0
    answer = qms("submit", "LX-WI-01", by="gong.yi")
    assert (answer.code, answer.findings) == (3, ("ANSWER-TWICE",)), answer
    assert "approval" in answer.err
    assert "chains" in answer.err


@pytest.mark.parametrize("command", [("check",), ("verify",), ("list",)])
@pytest.mark.parametrize("body", ["import sys; sys.exit(0)", "open('/etc/hostname')"])
def test_a_plugin_that_ends_the_program_as_it_answers_is_named(
    lx: Office, tmp_path: Path, body: str, command: tuple[str, ...]
) -> None:
    """No green end that nobody judged."""
    text = f"from qms.api import hookimpl\n\n\n@hookimpl\ndef rules(policy):\n    {body}\n"
    folder = install(tmp_path / "there", "acme-end", "0.1", {"qms.rules": "end = acme_end"},
                     acme_end=later(text))  # fmt: skip
    qms = turned(lx, folder, "end")

    answer = qms(*command)

    if command != ("list",):  # asks no rule
        assert answer.code == 3, answer
        assert "rules" in answer.err


@pytest.mark.parametrize(
    "body",
    [
        "import sys\n\nsys.exit(0)\n",
        "import subprocess\n\nsubprocess.run(['true'])\n",
        "from pathlib import Path\n\nPath('/tmp/qms-was-here').write_text('x')\n",
        "import socket\n\nsocket.create_connection(('127.0.0.1', 9))\n",
    ],
)
def test_what_a_plugin_does_as_it_is_imported_is_watched(
    lx: Office, tmp_path: Path, body: str
) -> None:
    folder = install(tmp_path / "there", "acme-early", "0.1", {"qms.rules": "early = acme_early"},
                     acme_early=later(body))  # fmt: skip
    qms = turned(lx, folder, "early")

    for command in (("check",), ("verify",)):
        answer = qms(*command)
        assert (answer.code, answer.findings) == (1, ("PLUGIN-BROKEN",)), answer
    assert not Path("/tmp/qms-was-here").exists()  # noqa: S108 - where the plugin would write


def test_what_waits_since_a_time_without_a_zone_is_refused_by_its_plugins_name(
    lx: Office, tmp_path: Path
) -> None:
    """Else nobody could tell how long ago it is."""
    text = (
        "from datetime import datetime\n\nfrom qms.api import Task, Text, hookimpl\n\n\n"
        "@hookimpl\ndef waiting(library, person):\n"
        "    since = datetime(2026, 11, 1)\n"
        "    yield Task('G-07', '', 'Gauge', Text('校准', 'x'), since, 'qms calibrate G-07')\n"
    )
    folder = install(tmp_path / "there", "acme-naive", "0.1", {"qms.tools": "naive = acme_naive"},
                     acme_naive=text)  # fmt: skip
    qms = admitted(lx, folder, "naive")

    answer = qms("todo", by="fu.yi")

    assert (answer.code, answer.findings) == (3, ("PLUGIN-FAILED",)), answer
    assert "the plugin naive failed when asked for `waiting`" in answer.err


GIVES_UP = """\
from qms.api import Finding, Rule, hookimpl, on_each, refused


def judge(change, step):
    if change.document.number == "LX-WI-01":
        raise refused("RELATED-UNKNOWN", number="?")
    yield Finding("OTHER-RULE", values={"number": change.document.number})


@hookimpl
def rules(policy):
    return [Rule(name="acme-gives-up", codes=("OTHER-RULE",), judge=on_each("document", judge))]
"""


def test_what_a_rule_refuses_is_a_finding_at_its_place(lx: Office, tmp_path: Path) -> None:
    """`check` and `verify` end as they should, tell all else, and are not fine."""
    folder = install(tmp_path / "there", "acme-up", "0.1", {"qms.rules": "up = acme_up"},
                     acme_up=GIVES_UP)  # fmt: skip
    qms = admitted(lx, folder, "up")
    for title in ("车床", "铣床"):
        assert qms("new", "work-instruction", "--title", title, by="gong.yi").code == 0
    wanted = [f"documents/work-instruction/LX-WI-0{one}.md" for one in (1, 2)]

    for command in (("check",), ("check", "--all"), ("verify",)):
        if command == ("verify",):
            lx.git("add", "-A")
            lx.git("commit", "-qm", "drafts")
        answer = qms(*command)
        assert (answer.code, answer.findings) == (1, ("RELATED-UNKNOWN", "OTHER-RULE")), answer
        assert [line.split(":")[0] for line in answer.out.split("\n") if ": error " in line] == (
            wanted
        )
    assert "verified" not in answer.out
    assert "2 policies" in answer.out


WAITS = """\
from datetime import datetime, timezone
from qms.api import Task, Text, hookimpl


@hookimpl
def waiting(library, person):
    since = datetime(2026, 11, 1, tzinfo=timezone.utc)
    yield Task("G-07", "", "Gauge", Text("校准", "calibrate"), since, {command!r})
"""


@pytest.mark.parametrize(
    "command",
    [
        "qms sign LX-WI-01; rm -rf ~", "qms sign LX-WI-01 && true", "qms sign $(id)", "rm -rf ~",
        "qms sign `id`", "qms todo | sh", "qms todo > /tmp/x", "qmsx todo", "qms", "",
        "qms sign 'a' \n rm x", 'qms sign "$HOME"', "sudo qms todo", "qms sign a\\;b",
    ],
)  # fmt: skip
def test_a_task_that_names_no_command_of_qms_is_refused(
    lx: Office, tmp_path: Path, command: str
) -> None:
    """Attack: who types what `todo` shows runs something else besides."""
    folder = install(tmp_path / "there", "acme-waits", "0.1", {"qms.tools": "waits = acme_waits"},
                     acme_waits=WAITS.format(command=command))  # fmt: skip

    answer = admitted(lx, folder, "waits")("todo", by="fu.yi")

    assert (answer.code, answer.findings) == (3, ("PLUGIN-FAILED",)), answer


@pytest.mark.parametrize("command", ["qms calibrate G-07", "qms calibrate 'G 07' --reason …"])
def test_a_task_of_a_plugin_is_told_as_its_own(lx: Office, tmp_path: Path, command: str) -> None:
    folder = install(tmp_path / "there", "acme-waits", "0.1", {"qms.tools": "waits = acme_waits"},
                     acme_waits=WAITS.format(command=command))  # fmt: skip

    answer = admitted(lx, folder, "waits")("todo", by="fu.yi")

    assert answer.code == 0, answer
    assert "calibrate (plugin waits)" in answer.out
    assert command in answer.out
