"""US-05: what a policy lists anew is asked before anybody signs it, and whoever is stuck gets out.

Plugins that are fine where they are agreed to and not later hang on a variable of the environment:
nothing else can tell machines apart for them.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing.inspection_plans import CODES, RULES
from qms.testing.office import Answer, Office
from qms.testing.outsiders import SIGNERS, admit, install, list_row, row, runner

LATER = "ACME_LATER"
IMPORT = "from qms.api import hookimpl\n"
KINDS = f'{IMPORT}\n\n@hookimpl\ndef kinds():\n    raise ValueError("no kinds")\n'
FAILING = f"""\
{IMPORT}
import os


@hookimpl
def kinds():
    if "{LATER}" in os.environ:
        raise ValueError("no kinds")
    return ()
"""
RULE = f"""\
import os
from qms.api import Rule, hookimpl


def judge(step):
    if "{LATER}" in os.environ:
        raise ValueError("no verdict")
    return ()


@hookimpl
def rules(policy):
    return [Rule(name="acme-bad", codes=("X",), judge=judge)]
"""
BROKEN = f'import os\n\nif "{LATER}" in os.environ:\n    raise ValueError("no import")\n'
TWIN = f"""\
import os
from qms.api import Field, growing, hookimpl, text


@hookimpl
def kinds():
    name = "gauge" if "{LATER}" in os.environ else "meter"
    yield growing(name, f"records/{{name}}s/{{{{number}}}}.yaml", Field("range", text()))
"""
GAUGES = """\
from qms.api import Field, growing, hookimpl, text


@hookimpl
def kinds():
    yield growing("gauge", "records/gauges/{number}.yaml", Field("range", text()))
"""
ORDERS = f"""\
import os
from qms.api import Act, ClassChain, Field, RoundActs, filed, hookimpl, text

HOME = Field("home", text(max_length=64))
GIVE = "give-{{}}".format("note" if "{LATER}" in os.environ else "order")


@hookimpl
def kinds():
    yield filed(
        "order", "records/orders/{{class}}/{{number}}.md", HOME,
        chain=ClassChain(GIVE, lambda order: order.facts[HOME]),
        rounds=RoundActs("write-order", "refuse-order"),
    )


@hookimpl
def acts():
    for name in ("write-order", GIVE):
        yield Act(name, "order", name)
    yield Act("refuse-order", "order", "refused", needs_reason=True)
"""
CHAIN = """\
    acts:
      give_order:
        - {act: write-order, who: [{member_of: owner}]}
        - {act: give-order, who: [{head_of: owner}], need: any}
"""
AT = "  # 技术文件、制度"
FIRST, SECOND = SIGNERS
Qms = Callable[..., Answer]


def plugin(place: Path, name: str, text: str) -> Path:
    """A plugin's rule half, installed in a folder of its own."""
    return install(place / name, f"acme-{name}", "1.0", {"qms.rules": f"{name} = acme_{name}"},
                   **{f"acme_{name}": text})  # fmt: skip


def tools(place: Path, name: str, text: str) -> Path:
    """A plugin's tool half, installed in a folder of its own."""
    return install(place / name, f"acme-{name}", "1.0", {"qms.tools": f"{name} = acme_{name}"},
                   **{f"acme_{name}": text})  # fmt: skip


def both(office: Office, one: Path, other: Path) -> Qms:
    """Calls of `qms` where two folders are on Python's path."""
    return runner(office, Path(f"{one}:{other}"))


# before anybody signs


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("raise ValueError('no import')\n", "PLUGIN-BROKEN", "no import"),
        ("from qms.api import nothing_such\n", "PLUGIN-BROKEN", "nothing_such"),
        (f"{IMPORT}\n\n@hookimpl\ndef rulez(policy):\n    return ()\n", "PLUGIN-BROKEN", "rulez"),
        (KINDS, "PLUGIN-FAILED", "no kinds"),
        (KINDS.replace("kinds()", "rules(policy)"), "PLUGIN-FAILED", "rules"),
        (KINDS.replace("kinds()", "acts()"), "PLUGIN-FAILED", "acts"),
    ],
)
def test_what_does_not_load_is_agreed_to_by_nobody(
    lx: Office, tmp_path: Path, text: str, code: str, said: str
) -> None:
    folder = plugin(tmp_path, "bad", text)
    list_row(lx, row(lx, folder, "bad"))
    before = lx.git("rev-parse", "HEAD")

    answer = runner(lx, folder)("policy", "sign", by=FIRST)

    assert (answer.code, answer.findings) == (1, (code,)), answer
    line = lx.text("policy.yaml").split("acme-bad")[0].count("\n") + 1
    assert answer.lines[code] == f"policy.yaml:{line}"
    assert said in answer.err
    assert "`qms policy sign`" in answer.err
    assert lx.git("rev-parse", "HEAD") == before


def test_two_plugins_of_one_kind_are_agreed_to_by_nobody(lx: Office, tmp_path: Path) -> None:
    plans = install(tmp_path / "plans", "acme-plans", "1.0", {"qms.rules": "plans = plan_rules"},
                    plan_rules=RULES)  # fmt: skip
    (plans / "plan_codes.toml").write_text(CODES)
    twin = plugin(tmp_path, "twin", RULES)
    (twin / "plan_codes.toml").write_text(CODES)
    admit(lx, plans, "plans", *SIGNERS)
    list_row(lx, row(lx, twin, "twin"))

    answer = both(lx, plans, twin)("policy", "sign", by=FIRST)

    assert answer.code == 1, answer
    assert answer.findings[0] in {"KIND-TWICE", "ACT-TWICE"}, answer
    assert "take one of" in answer.err
    lx.edit("policy.yaml", row(lx, twin, "twin"), "")
    assert both(lx, plans, twin)("policy", "sign", by=FIRST).findings == ("POLICY-SAME",)


KEY = """\
from qms.api import Field, HeadField, Text, boolean, hookimpl


@hookimpl
def head_fields(policy, class_id):
    yield HeadField(Field("form", boolean()), Text("表", "Form"), begin="false")
"""
COMMAND = """\
from qms.api import Command, Text, hookimpl


@hookimpl
def commands():
    yield Command("{name}", "nothing:here", Text("某事", "Something"))
"""
LIST = """\
from qms.api import Column, NamedList, Text, hookimpl


@hookimpl
def listings():
    yield NamedList(
        name="{name}", title={title}, help=Text("表", "a list"),
        columns=(Column("number", Text("编号", "Number")),), target="nothing:rows",
    )
"""
PRINT = """\
from qms.api import NamedPrint, Text, hookimpl


@hookimpl
def prints():
    yield NamedPrint("sheets", Text("表", "Sheets"), lambda library: ())
"""
FACT = """\
from qms.api import NamedFact, Text, hookimpl


@hookimpl
def facts():
    yield NamedFact("ages", Text("年限", "ages"), lambda library, subject: None)
"""


@pytest.mark.parametrize(
    ("make", "text", "code"),
    [
        (plugin, KEY, "HEAD-FIELD-TWICE"),
        (tools, COMMAND.format(name="oldest"), "COMMAND-TWICE"),
        (tools, LIST.format(name="ages", title='Text("年限", "Ages")'), "LIST-TWICE"),
        (tools, PRINT, "PRINT-TWICE"),
        (tools, FACT, "FACT-TWICE"),
    ],
)
def test_what_two_bring_is_agreed_to_by_nobody(
    lx: Office, tmp_path: Path, make: Callable[[Path, str, str], Path], text: str, code: str
) -> None:
    one, other = make(tmp_path, "one", text), make(tmp_path, "other", text)
    list_row(lx, row(lx, one, "one"))
    list_row(lx, row(lx, other, "other"))

    answer = both(lx, one, other)("policy", "sign", by=FIRST)

    assert (answer.code, answer.findings) == (1, (code,)), answer
    line = lx.text("policy.yaml").split("acme-other")[0].count("\n") + 1
    assert answer.lines[code] == f"policy.yaml:{line}"
    lx.edit("policy.yaml", row(lx, other, "other"), "")
    assert both(lx, one, other)("policy", "sign", by=FIRST).code == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (COMMAND.format(name="sign"), "COMMAND-TWICE"),
        (COMMAND.format(name="issue"), "COMMAND-TWICE"),
        (LIST.format(name="mine", title='Text("受控文件清单", "Mine")'), "LIST-TWICE"),
        (LIST.format(name="mine", title='Text("我的", "list of  controlled documents")'),
         "LIST-TWICE"),
        (LIST.format(name="mine", title='Text("obsolete-documents", "Mine")'), "LIST-TWICE"),
    ],
)  # fmt: skip
def test_what_the_tool_has_itself_is_no_plugins(
    lx: Office, tmp_path: Path, text: str, code: str
) -> None:
    """A list of a plugin under the title of the core's would be read as that one."""
    folder = tools(tmp_path, "like", text)
    list_row(lx, row(lx, folder, "like"))

    answer = runner(lx, folder)("policy", "sign", by=FIRST)

    assert (answer.code, answer.findings) == (1, (code,)), answer


@pytest.mark.parametrize("act", ["withdraw", "give_ordre"])
def test_an_act_that_nothing_asks_for_is_told_with_its_plugin(
    lx: Office, tmp_path: Path, act: str
) -> None:
    """One policy lists the plugin and says who signs: a slip in it is told before it is signed."""
    folder = plugin(tmp_path, "orders", ORDERS)
    list_row(lx, row(lx, folder, "orders"))
    lx.edit("qms.yaml", AT, f"{CHAIN.replace('give_order', act)}{AT}")

    answer = runner(lx, folder)("policy", "sign", by=FIRST)

    assert (answer.code, answer.findings) == (1, ("ACT-UNASKED",)), answer
    line = lx.text("qms.yaml").split(f"{act}:")[0].count("\n") + 1
    assert answer.lines["ACT-UNASKED"] == f"qms.yaml:{line}"
    lx.edit("qms.yaml", f"{act}:", "give_order:")
    for signer in SIGNERS:
        assert runner(lx, folder)("policy", "sign", by=signer).code == 0


# where it is filed already


@pytest.mark.parametrize("text", [BROKEN, FAILING, RULE])
def test_what_stops_all_can_be_dropped(lx: Office, tmp_path: Path, text: str) -> None:
    """Law 5: no remote; the plugin is still installed."""
    folder = plugin(tmp_path, "bad", text)
    listed = row(lx, folder, "bad")
    admit(lx, folder, "bad", *SIGNERS)
    lx.environment[LATER] = "1"
    qms = runner(lx, folder)
    assert qms("check", by=FIRST).code in {1, 3}

    lx.edit("policy.yaml", listed, "")
    for signer in SIGNERS:
        answer = qms("policy", "sign", by=signer)
        assert (answer.code, answer.findings) == (0, ()), answer

    assert qms("check", "--all").findings == ()
    assert qms("verify").findings == ()
    assert qms("todo", by=FIRST).code == 0


def test_one_of_two_of_one_kind_can_be_dropped(lx: Office, tmp_path: Path) -> None:
    """KIND-TWICE too: and once it is dropped it stops nobody who still has it."""
    one, other = plugin(tmp_path, "gauges", GAUGES), plugin(tmp_path, "twin", TWIN)
    listed = row(lx, other, "twin")
    admit(lx, one, "gauges", *SIGNERS)
    list_row(lx, listed)
    qms = both(lx, one, other)
    for signer in SIGNERS:
        assert qms("policy", "sign", by=signer).code == 0
    lx.environment[LATER] = "1"
    answer = qms("check")
    assert (answer.code, answer.findings) == (3, ("KIND-TWICE",)), answer
    assert "take one of the two plugins out" in answer.err

    lx.edit("policy.yaml", listed, "")
    for signer in SIGNERS:
        answer = qms("policy", "sign", by=signer)
        assert (answer.code, answer.findings) == (0, ()), answer

    for command in (("check", "--all"), ("verify",), ("todo",)):
        answer = qms(*command, by=FIRST)
        assert (answer.code, answer.findings) == (0, ()), answer


def test_a_key_that_two_bring_is_told_by_check(lx: Office, tmp_path: Path) -> None:
    """The same question on the next machine, whether there are documents or not."""
    later = KEY.replace('"form"', '"form" if "ACME_LATER" in os.environ else "sheet"')
    one = plugin(tmp_path, "one", KEY)
    other = plugin(tmp_path, "other", f"import os\n{later}")
    admit(lx, one, "one", *SIGNERS)
    list_row(lx, row(lx, other, "other"))
    for signer in SIGNERS:
        assert both(lx, one, other)("policy", "sign", by=signer).code == 0
    lx.environment[LATER] = "1"

    answer = both(lx, one, other)("check")

    assert (answer.code, answer.findings) == (1, ("HEAD-FIELD-TWICE",)), answer


# where it is filed and nobody has it yet


def apart(lx: Office, place: Path) -> tuple[Office, Path]:
    """A shared repository with the real gate, which has none of these plugins, and a colleague."""
    server = lx.shared(place)
    other = lx.clone(server, place / "other")
    return other, server


@pytest.mark.parametrize("text", [BROKEN, FAILING])
@pytest.mark.parametrize("is_edited", [False, True])
def test_a_version_that_stops_its_clone_lies_open_again(
    lx: Office, tmp_path: Path, text: str, *, is_edited: bool
) -> None:
    """Law 5: filed by both keepers in one clone, and shared with nobody; two commands lead out."""
    folder = plugin(tmp_path, "bad", text)
    other, _ = apart(lx, tmp_path)
    listed = row(lx, folder, "bad")
    admit(lx, folder, "bad", *SIGNERS)
    filed = lx.git("rev-parse", "HEAD")
    lx.environment[LATER] = "1"
    qms = runner(lx, folder)
    if is_edited:
        lx.edit("policy.yaml", listed, "")
        answer = qms("policy", "sign", by=FIRST)
        assert (answer.code, answer.findings) == (1, ("POLICY-UNPUBLISHED",)), answer
        assert "run `qms sync` first" in answer.err

    answer = qms("sync", by=FIRST)

    assert (answer.code, answer.findings) == (0, ("SYNC-POLICY-UNFIT",)), answer
    assert "acme" in answer.out or "bad" in answer.out
    assert not (lx.folder / "policy" / "0002").exists()
    assert ("acme-bad" in lx.text("policy.yaml")) is not is_edited
    assert filed in lx.git("for-each-ref", "refs/heads/kept-*", "--format=%(objectname)")
    if not is_edited:
        lx.edit("policy.yaml", listed, "")
        assert qms("policy", "sign", by=FIRST).findings == ("POLICY-SAME",)
        lx.edit("qms.yaml", AT, f"  # 二\n{AT}")
    for signer in SIGNERS:
        answer = qms("policy", "sign", by=signer)
        assert (answer.code, answer.findings) == (0, ()), answer
    answer = qms("sync", by=FIRST)
    assert (answer.code, answer.findings) == (0, ()), answer
    assert qms("verify").findings == ()
    other.now = lx.now
    assert other.call("sync", by=SECOND).code == 0
    assert other.call("verify").findings == ()


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    return plugin(tmp_path, "orders", ORDERS)


@pytest.fixture
def halfway(lx: Office, tmp_path: Path, orders: Path) -> Office:
    """The second keeper's clone: the first has agreed to a version with a plugin, and shared it."""
    other, _ = apart(lx, tmp_path)
    list_row(lx, row(lx, orders, "orders"))
    lx.edit("qms.yaml", AT, f"{CHAIN}{AT}")
    qms = runner(lx, orders)
    assert qms("policy", "sign", by=FIRST).code == 0
    answer = qms("sync", by=FIRST)
    assert answer.code == 0, answer
    other.now = lx.now
    assert other.call("sync", by=SECOND).code == 0
    return other


def test_who_signs_last_gets_out(halfway: Office, lx: Office, orders: Path) -> None:
    """Law 5: the gate refuses what is filed; who agreed to it on the trunk has still done so."""
    agreed = halfway.text("policy.yaml")
    qms = runner(halfway, orders)
    assert qms("policy", "sign", by=SECOND).code == 0
    filed = halfway.text("policy/0002/policy.yaml")
    halfway.environment[LATER] = "1"
    answer = qms("check")
    assert (answer.code, answer.findings) == (1, ("ACT-UNASKED",)), answer

    answer = qms("sync", by=SECOND)

    assert (answer.code, answer.findings) == (0, ("SYNC-POLICY-UNFIT",)), answer
    assert "ACT-UNASKED: class procedure has a chain for `give_order`" in answer.out
    assert halfway.text("policy.yaml") == agreed
    assert not (halfway.folder / "policy" / "0002").exists()
    (kept,) = halfway.git("for-each-ref", "refs/heads/kept-*", "--format=%(refname)").split()
    assert halfway.git("show", f"{kept}:policy/0002/policy.yaml") == filed.strip()
    halfway.edit("qms.yaml", "give_order:", "give_note:")
    halfway.edit("qms.yaml", "act: give-order", "act: give-note")
    answer = qms("policy", "sign", by=SECOND)
    assert (answer.code, answer.findings) == (0, ()), answer
    assert "must sign again" in answer.out
    assert qms("sync", by=SECOND).code == 0
    lx.now = halfway.now
    lx.environment[LATER] = "1"
    assert runner(lx, orders)("sync", by=FIRST).code == 0
    answer = runner(lx, orders)("policy", "sign", by=FIRST)
    assert answer.code == 0, answer
    assert runner(lx, orders)("verify").findings == ()


def test_what_is_corrected_already_stays_as_it_lies(halfway: Office, orders: Path) -> None:
    """As the mend of ACT-UNASKED says: taken out, `policy sign`, and it says `qms sync` first."""
    qms = runner(halfway, orders)
    assert qms("policy", "sign", by=SECOND).code == 0
    halfway.environment[LATER] = "1"
    halfway.edit("qms.yaml", CHAIN, "")
    halfway.edit("policy.yaml", row(halfway, orders, "orders"), "")
    halfway.edit("qms.yaml", AT, f"  # 另\n{AT}")
    mended = [halfway.text(name) for name in ("qms.yaml", "policy.yaml")]
    assert qms("policy", "sign", by=SECOND).findings == ("POLICY-UNPUBLISHED",)

    answer = qms("sync", by=SECOND)

    assert (answer.code, answer.findings) == (0, ("SYNC-POLICY-UNFIT",)), answer
    assert [halfway.text(name) for name in ("qms.yaml", "policy.yaml")] == mended
    answer = qms("policy", "sign", by=SECOND)
    assert (answer.code, answer.findings) == (0, ()), answer
    answer = qms("sync", by=SECOND)
    assert (answer.code, answer.findings) == (0, ()), answer
    assert qms("verify").findings == ()


def test_others_work_came_meanwhile(halfway: Office, lx: Office, orders: Path) -> None:
    qms = runner(halfway, orders)
    assert qms("policy", "sign", by=SECOND).code == 0
    for command in (
        ("new", "work-instruction", "--title", "点检"),
        ("submit", "LX-WI-01"),
        ("sync",),
    ):
        answer = lx.call(*command, by="gong.yi")
        assert answer.code == 0, answer
    halfway.environment[LATER] = "1"
    halfway.now = lx.now

    answer = qms("sync", by=SECOND)

    assert (answer.code, answer.findings) == (0, ("SYNC-POLICY-UNFIT",)), answer
    assert halfway.git("rev-parse", "HEAD") == halfway.git("rev-parse", "origin/main")
    assert len(list(halfway.folder.rglob("LX-WI-01.md"))) == 1


def test_another_version_lies_open_meanwhile(halfway: Office, lx: Office, orders: Path) -> None:
    """The trunk's stays, and mine is kept beside it."""
    qms = runner(halfway, orders)
    halfway.edit("qms.yaml", AT, f"  # 我的\n{AT}")
    assert qms("policy", "sign", by=SECOND).code == 0
    lx.later(minutes=30)
    lx.edit("qms.yaml", AT, f"  # 另\n{AT}")
    assert runner(lx, orders)("policy", "propose", by=FIRST).code == 0
    assert runner(lx, orders)("sync", by=FIRST).code == 0
    theirs = [lx.text(name) for name in ("qms.yaml", "policy.yaml")]
    halfway.now = lx.now
    answer = runner(halfway, orders)("policy", "sign", by=FIRST)
    assert answer.code == 0, answer
    halfway.environment[LATER] = "1"

    answer = qms("sync", by=SECOND)

    assert answer.code == 0, answer
    assert set(answer.findings) == {"SYNC-POLICY-UNFIT"}
    assert [halfway.text(name) for name in ("qms.yaml", "policy.yaml")] == theirs
    assert "# 我的" in halfway.text("qms.mine.yaml")
    assert not (halfway.folder / "policy" / "0002").exists()


def test_what_is_not_installed_any_more_is_dropped(lx: Office, tmp_path: Path) -> None:
    """A clone that filed a version alone, and whose plugin is gone: the row is taken out."""
    folder = plugin(tmp_path, "gauges", GAUGES)
    apart(lx, tmp_path)
    listed = row(lx, folder, "gauges")
    lx.edit("qms.yaml", AT, f"  # 另\n{AT}")
    admit(lx, folder, "gauges", *SIGNERS)
    answer = lx.call("sync", by=FIRST)  # it may be installed again
    assert (answer.code, answer.findings) == (3, ("PLUGIN-MISSING",)), answer
    lx.edit("policy.yaml", listed, "")

    answer = lx.call("sync", by=FIRST)

    assert (answer.code, answer.findings) == (0, ("SYNC-POLICY-UNFIT",)), answer
    for signer in SIGNERS:
        answer = lx.call("policy", "sign", by=signer)
        assert (answer.code, answer.findings) == (0, ()), answer
    assert lx.call("sync", by=FIRST).code == 0
    assert lx.call("verify").findings == ()


def test_what_others_have_is_not_taken_back(lx: Office, tmp_path: Path) -> None:
    """A version that is shared is no clone's own: it is dropped by the next one."""
    folder = plugin(tmp_path, "bad", BROKEN)
    server = tmp_path / "server.git"
    lx.git("init", "-q", "--bare", "-b", "main", str(server))
    lx.git("remote", "add", "origin", str(server))
    lx.git("push", "-q", "origin", "main")
    listed = row(lx, folder, "bad")
    admit(lx, folder, "bad", *SIGNERS)
    lx.git("push", "-q", "origin", "main")
    lx.environment[LATER] = "1"
    qms = runner(lx, folder)
    before = lx.git("rev-parse", "HEAD")
    assert qms("sync", by=FIRST).findings == ("PLUGIN-BROKEN",)
    assert lx.git("rev-parse", "HEAD") == before

    lx.edit("policy.yaml", listed, "")
    for signer in SIGNERS:
        answer = qms("policy", "sign", by=signer)
        assert (answer.code, answer.findings) == (0, ()), answer
    answer = qms("sync", by=FIRST)

    assert (answer.code, answer.findings) == (0, ()), answer
