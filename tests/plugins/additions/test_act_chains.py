"""US-05: who signs a plugin's texts is the class's affair, as the company's own policy has it.

The plugin says which act ends them; the chain stands under `acts` of the class in qms.yaml.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing.office import Answer, Office
from qms.testing.outsiders import SIGNERS, admit, install, list_row, row, runner

RULES = '''\
"""Work orders of a class, signed as the class says."""
from qms.api import Act, ClassChain, Field, RoundActs, filed, hookimpl, text

HOME = Field("home", text(max_length=64))


@hookimpl
def kinds():
    yield filed(
        "order", "records/orders/{class}/{number}.md", HOME,
        chain=ClassChain("give-order", lambda order: order.facts[HOME]),
        rounds=RoundActs("write-order", "refuse-order"),
    )


@hookimpl
def acts():
    for name in ("write-order", "give-order"):
        yield Act(name, "order", name)
    yield Act("refuse-order", "order", "refused", needs_reason=True)
'''
PLACE = "records/orders-open/procedure/ORD-1.md"
ORDER = """\
---
number: "ORD-1"
class: procedure
home: technical
status: draft
approvals: []
---
# 任务单

加工十件。
"""
CHAIN = """\
    acts:
      give_order:
        - {act: write-order, who: [{member_of: owner}]}
        - {act: give-order, who: [{head_of: owner}, {role: expert}], need: any}
"""
AT = "  # 技术文件、制度"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return install(
        tmp_path / "acme", "acme-orders", "1.0", {"qms.rules": "orders = order_rules"},
        order_rules=RULES,
    )  # fmt: skip


@pytest.fixture
def qms(lx: Office, folder: Path) -> Callable[..., Answer]:
    admit(lx, folder, "orders", *SIGNERS)
    lx.write(PLACE, ORDER)
    return runner(lx, folder)


def agree(lx: Office, qms: Callable[..., Answer], chain: str) -> Answer:
    """The company's class of procedures says who signs orders."""
    lx.edit("qms.yaml", AT, f"{chain}{AT}")
    answer = qms("policy", "sign", by=SIGNERS[0])
    return answer if answer.code else qms("policy", "sign", by=SIGNERS[1])


def test_the_class_says_who_signs(lx: Office, qms: Callable[..., Answer]) -> None:
    assert agree(lx, qms, CHAIN).code == 0
    assert qms("submit", "ORD-1", by="ye.wu").findings == ("NOT-YOUR-TURN",)
    assert qms("submit", "ORD-1", by="gong.yi").code == 0
    assert qms("sign", "ORD-1", by="ye.wu").findings == ("NOT-YOUR-TURN",)

    answer = qms("sign", "ORD-1", by="ji.shu")

    assert answer.code == 0, answer
    assert qms("verify").findings == ()
    assert (lx.folder / "records/orders/procedure/ORD-1.md").exists()


def test_without_a_chain_nobody_signs(qms: Callable[..., Answer]) -> None:
    assert qms("submit", "ORD-1", by="gong.yi").findings == ("NO-ACT-CHAIN",)


@pytest.mark.parametrize(
    ("step", "act", "fitting"),
    [
        (2, "approve", "give-order, write-order"),
        (2, "refuse-order", "give-order, write-order"),
        (2, "give-ordre", "give-order, write-order"),
        (1, "give-order", "write-order"),
    ],
)
def test_what_is_no_act_of_the_kind_is_not_agreed_to(
    lx: Office, qms: Callable[..., Answer], step: int, act: str, fitting: str
) -> None:
    """Attack: the class lets an act of documents stand for one of orders. Or it slips."""
    right = ("write-order", "give-order")[step - 1]

    answer = agree(lx, qms, CHAIN.replace(f"act: {right}", f"act: {act}"))

    assert (answer.code, answer.findings) == (1, ("CHAIN-ACTS",)), answer
    written = lx.text("qms.yaml").split("\n")
    line = written.index("      give_order:") + 1 + step
    assert f"act: {act}," in written[line - 1]
    assert answer.lines["CHAIN-ACTS"] == f"qms.yaml:{line}"
    assert f"step {step} of the chain for order asks for `{act}`; what fits there: {fitting}\n" in (
        answer.out + answer.err
    )
    assert qms("check").findings == ("CHAIN-ACTS",)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (CHAIN.replace("role: expert", "role: nobody"), "CHAIN-ROLE"),
        (CHAIN.replace("need: any", "need: some"), "FIELD-CHOICE"),
        (CHAIN.replace("need: any", "need: 2"), "CHAIN-LAST"),
    ],
)
def test_a_chain_that_nobody_could_follow_is_not_agreed_to(
    lx: Office, qms: Callable[..., Answer], wrong: str, code: str
) -> None:
    assert code in agree(lx, qms, wrong).findings


@pytest.mark.parametrize("act", ["withdraw", "settle", "publish", "give_ordre"])
def test_a_chain_that_nothing_asks_for_is_not_agreed_to(
    lx: Office, qms: Callable[..., Answer], act: str
) -> None:
    """Of the core's own acts too: whoever writes one believes that somebody else has to sign."""
    answer = agree(lx, qms, CHAIN.replace("give_order", act))
    assert (answer.code, answer.findings) == (1, ("ACT-UNASKED",)), answer
    assert "what may stand there: give_order (" in answer.err + answer.out


def test_all_of_several_are_not_the_last(lx: Office, qms: Callable[..., Answer]) -> None:
    """`need: all` is one signature or more, by who holds the roles: told where a text is sent."""
    assert agree(lx, qms, CHAIN.replace("need: any", "need: all")).code == 0
    answer = qms("submit", "ORD-1", by="gong.yi")
    assert (answer.code, answer.findings) == (1, ("CHAIN-LAST",)), answer


def test_a_chain_that_came_with_its_plugin_is_taken(lx: Office, folder: Path) -> None:
    """One policy lists the plugin and says who signs: before, none of its code may run."""
    list_row(lx, row(lx, folder, "orders"))
    lx.write(PLACE, ORDER)
    qms = runner(lx, folder)
    assert agree(lx, qms, CHAIN).code == 0
    assert qms("submit", "ORD-1", by="gong.yi").code == 0


def test_a_chain_stays_with_its_plugin(
    lx: Office, qms: Callable[..., Answer], folder: Path
) -> None:
    """The plugin is dropped, and what it asked for is left over: it goes with it."""
    assert agree(lx, qms, CHAIN).code == 0
    lx.edit("policy.yaml", row(lx, folder, "orders"), "")
    answer = qms("policy", "sign", by=SIGNERS[0])
    assert "ACT-UNASKED" in answer.findings or "KIND-IN-USE" in answer.findings, answer


def test_a_stricter_class_voids_nothing_that_was_seen(
    lx: Office, qms: Callable[..., Answer]
) -> None:
    """What was filed and seen stands, whatever chain a later policy has."""
    assert agree(lx, qms, CHAIN).code == 0
    for command, person in (("submit", "gong.yi"), ("sign", "ji.shu")):
        assert qms(command, "ORD-1", by=person).code == 0
    lx.edit("qms.yaml", "{head_of: owner}, {role: expert}], need: any", "{role: general-manager}]")
    for signer in SIGNERS:
        assert qms("policy", "sign", by=signer).code == 0

    assert qms("verify").findings == ()
