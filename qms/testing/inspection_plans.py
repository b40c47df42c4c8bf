"""A third party's plugin of inspection plans, by `qms.api` alone, and plans to try it with.

Typed facts, a body, a picture, rounds, two people who pass a plan. What is signed here by hand is
signed by true keys, whether it belongs there or not.
"""

import re
from collections.abc import Sequence

from qms.formats.cut import cut_markdown, cut_yaml, with_tail
from qms.formats.digests import spelled_git_id
from qms.formats.slots import (
    Slot,
    Statement,
    Subject,
    Tail,
    Wording,
    in_order,
    parse_tail,
    render_tail,
    statements_in,
)
from qms.testing.keys import key
from qms.testing.office import Office

RULES = '''\
"""Inspection plans: drawn up by who they name, checked by the head, passed by an expert."""
from pathlib import Path

from qms.api import Act, Chain, ChainStep, Field, Finding, RoundActs, Rule, Seat, Text
from qms.api import day, filed, hookimpl, integer, on_each, text

SAMPLE = Field("sample", integer(1, 1000))
FROM = Field("from", day())
AUTHOR = Field("author", text(max_length=64))
NOTE = Field("note", text(lines=True), required=False)


def chain(plan, policy, days):
    on = days[-1] if days else None
    author = plan.facts[AUTHOR]
    home = policy.persons[author].department if author in policy.persons else "-"
    heads, experts = (policy.holders(role, on) for role in (f"head-of-{home}", "expert"))
    return Chain((
        ChainStep(1, "draw-up", 1, (Seat(author, "preparer"),)),
        ChainStep(2, "check-plan", 1, tuple(Seat(one, f"head-of-{home}") for one in heads)),
        ChainStep(3, "pass-plan", 1, tuple(Seat(one, "expert") for one in experts)),
    ))


def is_tiny(change, step):
    if change.after.facts[SAMPLE] < 3:
        yield Finding("PLAN-SAMPLE", values={"number": change.after.number})


@hookimpl
def kinds():
    yield filed(
        "inspection-plan", "records/plans/{year}/{number}.md", SAMPLE, FROM, AUTHOR, NOTE,
        chain=chain, pictures=True, rounds=RoundActs("draw-up", "refuse-plan"),
    )


@hookimpl
def acts():
    for name, zh, done in (
        ("draw-up", "编制计划", "drawn up"),
        ("check-plan", "校核计划", "checked"),
        ("pass-plan", "通过计划", "passed"),
    ):
        yield Act(name, "inspection-plan", done, Text(zh, name.replace("-", " ")))
    yield Act("refuse-plan", "inspection-plan", "refused", Text("退回计划", "refuse"),
              needs_reason=True)


@hookimpl
def rules(policy):
    judge = on_each("inspection-plan", is_tiny)
    yield Rule(name="plan-samples", codes=("PLAN-SAMPLE",), judge=judge)


@hookimpl
def codes():
    return Path(__file__).parent / "plan_codes.toml"
'''
TOOLS = """\
from qms.api import NamedPrint, NamedSheet, Text, hookimpl, texts_of


def sheets(library):
    for one in texts_of(library, "inspection-plan"):
        yield NamedSheet(number=one.text.number, title=Text("轴检验计划", "Shaft inspection plan"),
                    body=one.text.body, owner="technical", at=one,
                    fact_names={"sample": Text("抽样", "Sample"), "from": Text("自", "From")})
    yield NamedSheet(number="plans-due", title=Text("到期计划", "Plans due"), body="无。\\n")


@hookimpl
def prints():
    yield NamedPrint("inspection-plans", Text("检验计划", "Inspection plan"), sheets)
"""
CODES = """\
[PLAN-SAMPLE]
level = "warning"
en = "{number} samples fewer than three"
zh = "{number} 抽样少于三件"
mend_en = "sample more"
mend_zh = "请增加抽样"
"""
NUMBER, YEAR = "JH-07", "2026"
OPEN = f"records/plans-open/{YEAR}/{NUMBER}.md"
FILED = f"records/plans/{YEAR}/{NUMBER}.md"
REFUSED = f"records/plans-rejected/{YEAR}/{NUMBER}.yaml"
AUTHOR, HEAD, EXPERT = "gong.yi", "ji.shu", "fu.yi"
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"/>\n'
DRAFT = f"""\
---
number: "{NUMBER}"
year: "{YEAR}"
sample: 5
from: 2026-12-01
author: {AUTHOR}
assets: [{{path: assets/shaft.svg, sha256: "sha256:{"0" * 64}"}}]
status: draft
approvals: []
---
# 轴检验计划

量取直径，每批五件。

![轴](assets/shaft.svg)
"""
_MEANINGS = {"draw-up": "drawn up", "check-plan": "checked", "pass-plan": "passed",
             "prepare": "prepared", "refuse-plan": "refused"}  # fmt: skip


def policy_of(office: Office, version: int) -> str:
    """The content of a policy version."""
    return cut_yaml(office.text(f"policy/{version:04}/policy.yaml").encode()).content


def signed_by(  # noqa: PLR0913, PLR0917 - what is forged, and as whom
    office: Office,
    path: str,
    act: str,
    step: str,
    person: str,
    role: str,
    *,
    number: str = NUMBER,
    kind: str = "inspection-plan",
    after: Sequence[Statement] | None = None,
    round_number: int = 1,
    reason: str | None = None,
    content: str | None = None,
) -> Statement:
    """A true signature on the text at `path`, whether it belongs there or not."""
    found = cut_markdown(office.text(path).encode())
    standing = statements_in(parse_tail(found.tail).slots)
    office.later(minutes=7)
    name = re.search(rf"id: {re.escape(person)}, name: {{zh: (\S+?),", office.text("people.yaml"))
    if name is None:
        raise AssertionError(f"people.yaml has no {person}")
    newest = max(int(one.name) for one in (office.folder / "policy").iterdir())
    wording = Wording(
        act=act, step=step, role=role, person=person,
        at=office.now.isoformat(timespec="seconds"), repo=policy_of(office, 1),
        policy=policy_of(office, newest), subject=Subject(kind=kind, number=number),
        content=content or found.content, name=name[1], key=key(person).public.fingerprint,
        meaning=_MEANINGS[act], seen=spelled_git_id(office.git("rev-parse", "HEAD")),
        after=tuple(sorted(one.id for one in (standing[-1:] if after is None else after))),
        round=round_number, reason=reason,
    )  # fmt: skip
    return key(person).signed(wording)


def slots_of(office: Office, path: str) -> tuple[Statement, ...]:
    """The signatures in the text at `path`."""
    return statements_in(parse_tail(cut_markdown(office.text(path).encode()).tail).slots)


def lay(office: Office, path: str, slots: Sequence[Slot], status: str, place: str = "") -> None:
    """The text at `path` with these signatures, there or at another place."""
    tail = render_tail(Tail(status, in_order(slots)))
    office.write(place or path, with_tail(office.text(path).encode(), tail))
