"""`qms history`: who signed what, when, as what, with which meaning and key."""

from collections.abc import Mapping

import click

from qms.cli.context import Context, pass_context
from qms.cli.languages import both
from qms.cli.shown import day_json, policy_named, role_signed_in, unit_signed_in
from qms.cli.words import act_word, time_and_day
from qms.domain.library.filed_texts import text_meant
from qms.domain.library.signed import Signed, signatures
from qms.domain.library.text_signatures import text_signatures
from qms.findings import Finding, Refused
from qms.formats.slots import Statement
from qms.jobs.sessions.entry_names import Ruled, ruled
from qms.texts import Text

_TITLES = (
    ("at", Text("时间", "When")),
    ("revision", Text("版本", "Revision")),
    ("copy", Text("副本", "Copy")),
    ("round", Text("轮次", "Round")),
    ("act", Text("事项", "Act")),
    ("person", Text("人员", "Person")),
    ("unit", Text("部门、职务", "Department, title")),
    ("role", Text("身份", "Role")),
    ("meaning", Text("含义", "Meaning")),
    ("facts", Text("事实", "Facts")),
    ("key", Text("密钥", "Key")),
    ("reason", Text("理由", "Reason")),
)
_SHORT = 16


@click.command(help=both(
    "谁在何时以何身份签署了什么：各版本、各轮审批（含退回）、裁定及副本的发放回收。",
    "Who signed what, when and as what: all revisions and rounds, rejections and rulings among "
    "them, and what happened to copies.",
))  # fmt: skip
@click.argument("number")
@click.argument("revision", required=False)
@pass_context
def history(context: Context, number: str, revision: str | None) -> None:
    """Print every signature about a document in the order of time."""
    session = context.session_on(number)
    meant = text_meant(session.library, number)
    if meant is not None:
        number, found = meant.text.number, text_signatures(session.library, meant)
        known: tuple[str, ...] = tuple(dict.fromkeys(one.revision for one in found))
    else:
        number = session.library.number_meant(number)
        found = signatures(session.library, number)
        known = session.library.revisions(number)
    rows = [one for one in found if revision in (None, one.revision)]
    if revision is not None and not rows and revision not in known:
        values = {"number": number, "revision": revision, "known": ", ".join(known) or "-"}
        raise Refused(Finding("REVISION-UNKNOWN", values=values))
    said = ruled(session, number, (one.slot for one in rows))
    if context.output.as_json:
        context.output.json({"signatures": [_json(context, one, said) for one in rows]})
        return
    titles = [(key, title.of(context.language)) for key, title in _TITLES]
    context.output.table(titles, [_row(context, one, said.get(one.slot.id, ())) for one in rows])


def _row(context: Context, one: Signed, said: tuple[Ruled, ...]) -> tuple[str, ...]:
    slot = one.slot
    language = context.language
    return (
        time_and_day(context.session.policy, slot.at, context.session.register.day(slot)),
        one.revision + (Text("（代录）", " (attested)").of(language) if one.is_attested else ""),
        one.copy or "-",
        str(slot.round) if one.copy is None else "-",
        act_word(context.session.hooks, slot.act, language),
        slot.name,
        unit_signed_in(context.session, slot, language),
        role_signed_in(context.session, slot, language),
        _meaning(context, one, said),
        _facts(context, slot),
        slot.key[:_SHORT],
        slot.reason or "",
    )


def _meaning(context: Context, one: Signed, said: tuple[Ruled, ...]) -> str:
    """What a signature means; that it has no effect; of a ruling what was ruled, about what."""
    language = context.language
    zh, act, meaning = language == "zh", context.session.hooks.act(one.slot.act), one.slot.meaning
    meaning = act.done(language) if act is not None and act.meaning == meaning else meaning
    meaning += "" if one.has_effect else Text("（不生效）", " (no effect)").of(language)
    comma, semicolon, colon = ("、", "；", "：") if zh else (", ", "; ", ": ")
    stands = comma.join(it.label for it in said if it.stands)
    out = comma.join(it.label for it in said if not it.stands)
    told = stands or out  # which of the two it is says the act
    if stands and out:
        words = ("有效", "作废") if zh else ("stands", "ruled out")
        told = f"{words[0]}{colon}{stands}{semicolon}{words[1]}{colon}{out}"
    return meaning if not told else meaning + colon + told


def _facts(context: Context, slot: Statement) -> str:
    """What the facts of an act say in words, such as to whom a copy went."""
    act = context.session.hooks.act(slot.act)
    if act is None or act.tell is None:
        return ""
    return act.tell(policy_named(context.session, slot), slot, context.language)


def _json(
    context: Context, one: Signed, said: Mapping[str, tuple[Ruled, ...]]
) -> dict[str, object]:
    slot = one.slot
    return {
        "number": one.number,
        "revision": one.revision,
        "attested": one.is_attested,
        "copy": one.copy,
        "round": slot.round,
        "act": slot.act,
        "step": slot.step,
        "role": slot.role,
        "person": slot.person,
        "name": slot.name,
        "at": slot.at,
        "day": day_json(context.session, slot),
        "meaning": slot.meaning,
        "has_effect": one.has_effect,
        "reason": slot.reason,
        "key": slot.key,
        "data": dict(slot.data),
        "facts": _facts(context, slot),
        "ruled": [row._asdict() for row in said.get(slot.id, ())],
        "id": slot.id,
        "commit": one.commit,
    }
