"""The slots of a text, signed and not, as a table has them and as JSON."""

from typing import Final

from qms.cli.context import Context
from qms.cli.shown import day_json, person_name, role_signed_in, unit_signed_in
from qms.cli.words import act_word, time_and_day
from qms.formats.slots import Slot, Statement
from qms.texts import Text

SIGNATURES: Final = (
    ("round", Text("轮次", "Round")),
    ("step", Text("步骤", "Step")),
    ("act", Text("事项", "Act")),
    ("person", Text("人员", "Person")),
    ("unit", Text("部门、职务", "Department, title")),
    ("role", Text("身份", "Role")),
    ("at", Text("时间", "When")),
    ("reason", Text("理由", "Reason")),
)


def slot_row(context: Context, slot: Slot) -> tuple[str, ...]:
    """A slot as a row of a table, under `SIGNATURES`."""
    session, signed = context.session, slot if isinstance(slot, Statement) else None
    role = role_signed_in(session, slot, context.language)
    unsigned = Text("（未签署）", "(not signed)").of(context.language)
    day = None if signed is None else session.register.day(signed)
    return (
        str(signed.round) if signed is not None else "-",
        slot.step,
        act_word(session.hooks, slot.act, context.language),
        signed.name if signed is not None else person_name(session, slot.person),
        unit_signed_in(session, slot, context.language),
        role,
        unsigned if signed is None else time_and_day(session.policy, signed.at, day),
        (signed.reason if signed is not None else None) or "",
    )


def slot_json(context: Context, slot: Slot) -> dict[str, object]:
    """A slot as JSON values."""
    signed = slot if isinstance(slot, Statement) else None
    return {
        "act": slot.act,
        "step": slot.step,
        "role": slot.role,
        "person": slot.person,
        "at": signed.at if signed is not None else None,
        "day": day_json(context.session, signed) if signed is not None else None,
        "round": signed.round if signed is not None else None,
        "name": signed.name if signed is not None else None,
        "key": signed.key if signed is not None else None,
        "meaning": signed.meaning if signed is not None else None,
        "reason": signed.reason if signed is not None else None,
        "id": signed.id if signed is not None else None,
    }
