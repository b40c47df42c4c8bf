"""Issue 8: whoever proposes a policy has everybody ask about its chains; so the asking is bound."""

import re
import time
from pathlib import Path

import pytest

from qms.domain.kinds.distinct_persons import Persons
from qms.domain.kinds.document import DRAFT, Document
from qms.domain.kinds.policy import Policy
from qms.domain.kinds.policy_files import read_policy_files
from qms.domain.register.class_chains import Endings, endless_classes
from qms.formats.digests import sha256
from qms.plugins import Hooks
from qms.testing.office import Answer, Office

DEPARTMENT = "  - {{id: d{0}, name: {{zh: 部{0}}}, head: {1}, in_charge: guan.ning}}\n"
CLASS = """\
  - id: k{0}
    name: {{zh: 类{0}}}
    level: 3
    number: "LX-K{0}-{{seq:02}}"
    version: letter-count
    chain:
      - {{act: prepare, who: [{{role: management-representative}}]}}
      - {{act: co-sign, need: all, who: [{{heads_of: listed}}]}}
      - {{act: approve, need: any, who: [{{role: management-representative}}]}}
      - {{act: publish, need: any, who: [{{role: document-controller}}]}}
"""
LONG = 30
"""Seconds: some three on a machine that does nothing else, where it were six minutes."""
SOON = 6
"""Seconds of one processor: a second, on a machine that does nothing else."""
HEADS = ("gong.yi", "fu.yi", "fu.er", "zhi.jian", "ji.shu", "ye.wu", "bian.zhi")


def many(office: Office, departments: int, classes: int) -> None:
    """Departments and classes in which one person prepares what nobody else approves."""
    rows = "".join(DEPARTMENT.format(at, HEADS[at % len(HEADS)]) for at in range(departments))
    office.edit("people.yaml", "roles:\n", f"{rows}roles:\n")
    text = "".join(CLASS.format(at) for at in range(classes))
    office.write("qms.yaml", f"{office.text('qms.yaml').rstrip()}\n{text}")


def listed_anew(office: Office) -> None:
    """The open manifest with the digests of what lies there: a program would write it so."""
    text = office.text("policy.yaml")
    for name in ("people.yaml", "qms.yaml"):
        digest = sha256(office.text(name).encode())
        text = re.sub(rf"(path: \"?{name}\"?, sha256: )\"[^\"]+\"", rf'\1"{digest}"', text)
    office.write("policy.yaml", text)


def timed(office: Office, *words: str, by: str) -> tuple[Answer, float]:
    began = time.monotonic()
    answer = office.call(*words, by=by)
    return answer, time.monotonic() - began


def test_a_proposal_of_more_chains_than_anybody_waits_for(lx: Office, tmp_path: Path) -> None:
    """Row 332 (L: CLASS-UNASKED): who pulled it goes on, who would sign it may not."""
    colleague = lx.clone(lx.shared(tmp_path), tmp_path / "colleague")
    lx.edit("qms.yaml", "en: LX Equipment", "en: LX Two")
    lx.qms("policy", "propose", by="gong.yi")
    many(lx, 200, 40)
    listed_anew(lx)

    answer, took = timed(lx, "check", by="gong.yi")

    assert (answer.code, set(answer.findings)) == (1, {"CLASS-ENDLESS", "CLASS-UNASKED"}), answer
    assert took < LONG
    lx.git("commit", "-q", "-a", "-m", "Propose")
    assert lx.push("main") == (0, "")
    colleague.now = lx.now
    colleague.git("pull", "-q", "origin", "main")
    answer, took = timed(colleague, "check", by="fu.yi")
    assert (answer.code, answer.findings) == (0, ())
    assert "it can't be signed as it is" in answer.out
    assert took < LONG
    answer, took = timed(colleague, "policy", "sign", by="gao.feng")
    assert (answer.code, answer.findings[0] in {"CLASS-ENDLESS", "CLASS-UNASKED"}) == (1, True)
    assert took < LONG


MEMBERS = """\
    chain:
      - {act: prepare, who: [{member_of: owner}]}
      - {act: co-sign, need: all, who: [{heads_of: listed}]}
      - {act: publish, need: any, who: [{head_of: owner}]}
"""
ELSEWHERE = """\
    chain:
      - owners: [d8999]
        steps: [{act: prepare, who: [{member_of: owner}]}, {act: publish, who: [{head_of: owner}]}]
"""
PERSON = "  - {{id: x{0}, name: {{zh: 人}}, department: d{0}}}\n"


@pytest.mark.parametrize(
    ("departments", "heads", "persons", "chain"),
    [(14_000, 1, 0, ""), (6_000, 6_000, 6_000, MEMBERS), (9_000, 1, 0, ELSEWHERE)],
    ids=["of one head", "each with its head", "without a chain"],
)
def test_all_departments_that_a_file_holds_are_soon_asked_about(
    lx: Office, departments: int, heads: int, persons: int, chain: str
) -> None:
    """Row 332 (L: CLASS-UNASKED): each department and person that is looked at is counted."""
    class_text = "".join(map(CLASS.format, range(300 if chain == ELSEWHERE else 3)))
    plain = CLASS.format(0).partition("    chain:")[2]
    if chain:
        class_text = class_text.replace(f"    chain:{plain}", chain)
    row = "  - {{id: d{0}, name: {{zh: 部}}, head: {1}}}\n"
    named = [f"x{at}" for at in range(persons)] or ["gong.yi"]
    rows = "".join(row.format(at, named[at % heads]) for at in range(departments))
    people = lx.text("people.yaml").replace("roles:\n", f"{rows}roles:\n", 1)
    joined = "".join(map(PERSON.format, range(persons)))
    lx.write("people.yaml", people.replace("persons:\n", f"persons:\n{joined}", 1))
    lx.write("qms.yaml", f"{lx.text('qms.yaml').rstrip()}\n{class_text}")
    policy = lx_policy(lx)
    hooks = Hooks(None)

    began = time.process_time()
    found = {one.code for one in endless_classes(hooks, policy, None)}
    took = time.process_time() - began

    assert "CLASS-UNASKED" in found
    assert took < SOON


def test_a_company_of_many_departments_is_asked_as_a_whole(lx: Office) -> None:
    many(lx, 60, 1)
    approve = "{{act: approve, need: any, who: [{{role: {}}}]}}"
    lx.edit("qms.yaml", approve.format("management-representative"),
            approve.format("general-manager"))  # fmt: skip

    said = lx.qms("policy", "sign", by="gao.feng")

    assert "too many departments" not in said
    assert "k0/" not in said


def test_what_is_known_of_one_chain_is_true_of_all_that_are_alike(lx: Office) -> None:
    many(lx, 5, 2)
    policy = lx_policy(lx)
    hooks = Hooks(None)
    asked = Endings(hooks, policy)

    for class_id in policy.classes:
        for ending in asked.of(class_id):
            for one in (*ending.able, *ending.unable):
                can = can_end(hooks, policy, class_id, ending.owner, one)
                assert can == (one in ending.able), (class_id, ending.owner, one)


def lx_policy(office: Office) -> Policy:
    listed_anew(office)
    names = ("policy.yaml", "people.yaml", "qms.yaml")
    found, faults = read_policy_files({one: office.text(one).encode() for one in names})
    assert found is not None, faults
    return found.policy


def can_end(hooks: Hooks, policy: Policy, class_id: str, owner: str, person: str) -> bool:
    """Whether a text of `person` can be completed, each department asked for itself."""
    for listed in ((), *((one,) for one in policy.departments if one != owner)):
        text = Document(
            number="-", title="-", class_id=class_id, revision="-", controlled=True, owner=owner,
            prepared_by=person, co_sign=listed, content="", body="", status=DRAFT, slots=(),
            head={},
        )  # fmt: skip
        chain = hooks.chain(policy, text)
        if any(step.unlisted for step in chain.steps):
            continue
        if Persons.under(policy, chain).lacking({}) is None:
            return True
    return False
