"""A message is a function of its slot alone, and the facts of an act are closed."""

import pickle
from collections.abc import Mapping
from dataclasses import fields, replace
from types import MappingProxyType

import pytest

from qms.findings import Refused
from qms.formats import digests
from qms.formats.canonical_json import Json
from qms.formats.slots import (
    Tail,
    Wording,
    check_data,
    check_statement,
    parse_tail,
    render_tail,
    statements_in,
)
from qms.testing.plain_slots import SIGNED_LINE, signed_slot, unsigned_slot


def test_the_message_is_all_of_the_slot_but_the_signature() -> None:
    values = SIGNED_LINE.replace('"signature":"U1NIU0lH",', "").encode()

    message = signed_slot().message()

    assert message.startswith(b'{"act":"review","after":[')
    assert message.endswith(b'"revision":"A/1"},"v":1}\n')
    assert values[1:80] in message
    assert b"U1NIU0lH" not in message
    assert signed_slot().id == digests.sha256(message)


def test_the_first_statements_have_no_base_policy_or_seen_commit() -> None:
    slot = signed_slot()
    first = replace(slot, base=None, policy=None, seen=None)

    assert parse_tail(render_tail(Tail("draft", (first,)))).slots == (first,)
    assert b'"base":null' in first.message()


def test_facts_may_be_any_mapping() -> None:
    slot = signed_slot()
    plain = replace(slot, data={"by": "li.si"})
    fixed = replace(slot, data=MappingProxyType({"by": "li.si"}))

    assert fixed.message() == plain.message()
    assert fixed.id == fixed.id == plain.id


def test_another_spelling_of_a_signature_is_the_same_statement() -> None:
    slot = signed_slot()

    assert slot.with_signature("AAAA").id == slot.id


def test_a_slot_that_was_read_has_the_message_of_the_one_that_was_written() -> None:
    tail = Tail("in-review", (signed_slot(), unsigned_slot("3", "zhao.liu")))
    (read,) = statements_in(parse_tail(render_tail(tail)).slots)

    assert read.message() == signed_slot().message()
    assert read.id == signed_slot().id


def test_a_statement_is_laid_out_first_and_signed_later() -> None:
    slot = signed_slot()
    laid = Wording(**{one.name: getattr(slot, one.name) for one in fields(Wording)})

    assert laid.message() == slot.message()
    assert laid.with_signature("U1NIU0lH") == slot


def test_each_act_has_its_own_namespace() -> None:
    assert signed_slot(act="co-sign").namespace == "qms-co-sign-v1"


def test_slots_travel_to_other_processes_and_into_sets() -> None:
    slot = signed_slot()

    assert pickle.loads(pickle.dumps(slot)) == slot  # noqa: S301
    assert len({slot, signed_slot()}) == 1


def test_the_facts_of_an_act_are_closed() -> None:
    check_data("publish", {"effective": "2026-12-01", "published": "2026-11-23"})
    check_data("floor-check", {"anything": 1})
    check_data("floor-check", {"count": 1}, {"floor-check": frozenset({"count"})})


@pytest.mark.parametrize(
    ("act", "data"),
    [("publish", {}), ("review", {"note": "x"}), ("receive", {"by": "li.si", "at": "noon"})],
)
def test_facts_that_the_act_does_not_have_are_refused(act: str, data: Mapping[str, Json]) -> None:
    with pytest.raises(Refused) as caught:
        check_data(act, data)

    assert caught.value.finding.code == "DATA-KEYS"


def test_a_reject_needs_a_reason() -> None:
    slot = signed_slot(act="reject")

    check_statement(replace(slot, reason="wrong figure"))
    with pytest.raises(Refused) as caught:
        check_statement(slot)

    assert caught.value.finding.code == "REASON-MISSING"
