"""A tail is byte-equal to its rendering."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.findings import QmsError, Refused
from qms.formats import caps
from qms.formats.slots import (
    Notice,
    Statement,
    Tail,
    in_order,
    parse_event,
    parse_tail,
    render_event,
    render_tail,
)
from qms.testing.plain_slots import DIGEST, KEY, OTHER, SIGNED_LINE, signed_slot, unsigned_slot

TEXT = f"""status: in-review
approvals:
  - act: "review"
    step: "2"
    role: "quality-manager"
    person: "li.si"
    at: "2026-11-23T14:36:00+08:00"
    signed: {SIGNED_LINE}
  - act: "approve"
    step: "3"
    role: "management-representative"
    person: "zhao.liu"
    at: null
    signed: null
"""
TAIL = Tail("in-review", (signed_slot(), unsigned_slot("3", "zhao.liu")))
EVENT = signed_slot("event")


def refusal(text: str, first_line: int = 1) -> tuple[str, str, int]:
    with pytest.raises(Refused) as caught:
        parse_tail(text.encode("utf-8", "surrogatepass"), first_line)
    place = caught.value.finding.place
    return caught.value.finding.code, place.field, place.line


def test_a_tail_is_written_line_by_line() -> None:
    assert render_tail(TAIL).decode() == TEXT


def test_a_tail_is_read_back() -> None:
    assert parse_tail(TEXT.encode()) == TAIL


def test_a_tail_without_slots() -> None:
    assert render_tail(Tail("draft")) == b"status: draft\napprovals: []\n"
    assert parse_tail(b"status: draft\napprovals: []\n") == Tail("draft")


def test_a_growing_list_has_one_event_a_line() -> None:
    tail = Tail("log", (EVENT, signed_slot("event", "wang.wu")), log=True)

    data = render_tail(tail)

    assert data.count(b"\n") == 4
    assert parse_tail(data) == tail


def test_a_growing_list_may_be_empty() -> None:
    assert parse_tail(b"status: log\nevents: []\n") == Tail("log", (), log=True)


def test_events_keep_the_order_in_which_they_stand() -> None:
    tail = Tail("log", (signed_slot("event", "wang.wu"), EVENT), log=True)

    assert parse_tail(render_tail(tail)) == tail


def test_a_list_has_no_more_events_than_it_may() -> None:
    line = render_tail(Tail("log", (EVENT,), log=True)).splitlines(keepends=True)[-1]
    head = b"status: log\nevents:\n"

    assert len(parse_tail(head + line * caps.EVENTS).slots) == caps.EVENTS
    with pytest.raises(Refused) as caught:
        parse_tail(head + line * (caps.EVENTS + 1))
    assert caught.value.finding.code == "LIMIT"
    assert caught.value.finding.values == {"cap": "events", "found": "10001", "limit": "10000"}


def test_slots_stand_by_round_then_step_as_a_number_then_person() -> None:
    slots = (
        signed_slot("2", "z", 1),
        signed_slot("10", "a", 1),
        signed_slot("1", "a", 2),
        unsigned_slot("2", "b"),
        signed_slot("2", "é", 2),
        unsigned_slot("10", "a"),
    )

    assert in_order(reversed(slots)) == slots
    assert parse_tail(render_tail(Tail("in-review", slots))).slots == slots


TIMES = tuple(f"2026-11-23T14:{minute}:00+08:00" for minute in (36, 37, 38))
TWICE_SIGNED = tuple(
    sorted(
        (replace(signed_slot("2", "li.si"), at=time) for time in TIMES), key=lambda slot: slot.id
    )
)
NOTICE = unsigned_slot("2", "li.si")


@pytest.mark.parametrize("listed", list(permutations((*TWICE_SIGNED, NOTICE))))
def test_what_one_person_signed_twice_stands_in_one_order(listed: tuple[Statement, ...]) -> None:
    """Of two branches that each added a signature, every union of both is the same text."""
    assert in_order(listed) == (*TWICE_SIGNED, NOTICE)


def test_what_one_person_signed_twice_in_another_order_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        render_tail(Tail("in-review", TWICE_SIGNED[::-1]))

    assert caught.value.finding.code == "TAIL"


def test_notices_of_one_person_stand_in_one_order_too() -> None:
    both = (
        Notice("approve", "2", "a", "li.si"),
        Notice("approve", "2", "b", "li.si"),
        Notice("review", "2", "a", "li.si"),
    )

    assert all(in_order(one) == both for one in permutations(both))


def test_no_statement_is_hashed_where_nobody_signed_twice() -> None:
    listed = tuple(replace(signed_slot("2", person)) for person in ("a", "b", "c"))

    in_order(listed)

    assert not any(slot.is_identified for slot in listed)


@pytest.mark.parametrize(
    "slots",
    [
        (signed_slot("3"), signed_slot("2")),
        (signed_slot("10"), signed_slot("2")),
        (signed_slot("2", "b"), signed_slot("2", "a")),
        (signed_slot("1", "a", 2), signed_slot("2", "a", 1)),
        (unsigned_slot("3", "a"), signed_slot("4", "a", 1), signed_slot("1", "a", 2)),
    ],
)
def test_slots_in_another_order_are_refused(slots: tuple[Statement, ...]) -> None:
    with pytest.raises(Refused) as caught:
        render_tail(Tail("in-review", slots))

    assert caught.value.finding.code == "TAIL"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("status: in-review\n", "status: in-review # now\n", 11),
        ("status: in-review", "status:  in-review", 11),
        ("status: in-review", 'status: "in-review"', 11),
        ("status: in-review", "status: nearly", 11),
        ("status: in-review", "status: log", 12),
        ("status: in-review", "status: ", 11),
        ("approvals:\n", "approvals: # here\n", 12),
        ("approvals:\n", "events:\n", 12),
        ("approvals:\n", "approvals: []\n", 12),
        ("approvals:\n", "note: x\napprovals:\n", 12),
        ("    step", "   step", 14),
        ("    step: ", "    step:", 14),
        ("    step: ", "    level: ", 14),
        ('    step: "2"\n', "", 14),
        ('    step: "2"\n', '    step: "2"\n    note: "x"\n', 15),
        ("  - act", "- act", 13),
        ("    signed: null\n", "", 24),
        ("    signed: null\n", "    signed: null\n\n", 25),
        ("    signed: null\n", "    signed: null\nnote: x\n", 25),
        ("    signed: null\n", "    signed: null\n# note\n", 25),
        ("    signed: null\n", "    signed: null", 24),
    ],
)
def test_a_line_in_another_form_is_refused(old: str, new: str, line: int) -> None:
    code, _, found = refusal(TEXT.replace(old, new, 1 if "null" not in old else -1), 11)

    assert (code, found) == ("TAIL", line)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"li.si"', "'li.si'"),
        ('"li.si"', "li.si"),
        ('"li.si"', '"li.si" '),
        ('"li.si"', ' "li.si"'),
        ('"li.si"', '"li\\u002esi"'),
        ('"li.si"', '"li.\u200bsi"'),
        ('"li.si"', '"li\x85si"'),
        ('"li.si"', '"'),
        ('"li.si"', '"li.si" # he'),
        ('"round":1', '"round": 1'),
        ('"round":1', '"round":1.0'),
        ('"round":1', '"round":1,"round":1'),
        ("李四", "\\u674e四"),
        ("李四", "李\\n四"),
        ("U1NIU0lH", "U1NIU0l"),
        ("U1NIU0lH", "U1NIU0lHQQ"),
        ("U1NIU0lH", "U1NIU0lHQR=="),
        ("U1NIU0lH", "U1NI U0lH"),
        ('"data":{}', '"data":{"A":1}'),
        ('"data":{}', '"data":{"a":true}'),
        ('"data":{}', '"data":{"a":-1}'),
        ('"data":{}', '"data":{"a":[[[[[[[[]]]]]]]]}'),
        ('"data":{}', '"data":' + "[" * 5000),
    ],
)
def test_json_in_another_spelling_is_refused(old: str, new: str) -> None:
    assert refusal(TEXT.replace(old, new, 1))[0] == "NOT-CANONICAL"


@pytest.mark.parametrize(
    ("old", "new", "code", "field"),
    [
        ('act: "review"', 'act: "Review"', "SLOT-FORM", "act"),
        ('act: "review"', "act: null", "SLOT-FORM", "act"),
        ('act: "review"', 'act: "re view"', "SLOT-FORM", "act"),
        ('step: "2"', 'step: "02"', "SLOT-FORM", "step"),
        ('step: "2"', 'step: "0"', "SLOT-FORM", "step"),
        ('step: "2"', 'step: "100"', "SLOT-FORM", "step"),
        ('step: "2"', "step: 2", "SLOT-FORM", "step"),
        ('step: "2"', 'step: "event"', "SLOT-FORM", "step"),
        ('role: "quality-manager"', "role: null", "SLOT-FORM", "role"),
        ('person: "li.si"', 'person: ""', "SLOT-FORM", "person"),
        ("+08:00", "Z", "TIME-FORM", "at"),
        ("at: " + '"2026-11-23T14:36:00+08:00"', "at: null", "SLOT-FORM", "at"),
        (f"signed: {SIGNED_LINE}", "signed: null", "SLOT-FORM", "signed"),
        (f"signed: {SIGNED_LINE}", "signed: []", "SLOT-FORM", "signed"),
        ('"for":null,', "", "SLOT-FORM", "signed"),
        ('"for":null,', '"fog":1,"for":null,', "SLOT-FORM", "signed"),
        ('"for":null,', '"for":"",', "SLOT-FORM", "signed.for"),
        ('"for":null,', '"for":0,', "SLOT-FORM", "signed.for"),
        ('"round":1', '"round":0', "SLOT-FORM", "signed.round"),
        ('"round":1', '"round":true', "SLOT-FORM", "signed.round"),
        ('"round":1', '"round":null', "SLOT-FORM", "signed.round"),
        ('"round":1', '"round":[]', "SLOT-FORM", "signed.round"),
        ('"round":1', f'"round":{2**53 - 1}', "LIMIT", "signed.round"),
        (f'"{KEY}"', f'"{KEY}="', "SLOT-FORM", "signed.key"),
        (f'"{KEY}"', '"MD5:00"', "SLOT-FORM", "signed.key"),
        (f'"content":"{OTHER}"', f'"content":"{OTHER}0"', "DIGEST-FORM", "signed.content"),
        (f'"content":"{OTHER}"', '"content":null', "DIGEST-FORM", "signed.content"),
        ('"revision":"A/0"', '"revision":0', "SLOT-FORM", "signed.revision"),
        (f'"policy":"{DIGEST}"', '"policy":1', "DIGEST-FORM", "signed.policy"),
        ('"seen":"sha1:', '"seen":"sha2:', "GIT-ID-FORM", "signed.seen"),
        (f'"seen":"sha1:{"a" * 40}"', '"seen":1', "SLOT-FORM", "signed.seen"),
        (f'["{DIGEST}","{OTHER}"]', f'["{OTHER}","{DIGEST}"]', "SLOT-FORM", "signed.after"),
        (f'["{DIGEST}","{OTHER}"]', f'["{OTHER}","{OTHER}"]', "SLOT-FORM", "signed.after"),
        (f'["{DIGEST}","{OTHER}"]', '["x"]', "DIGEST-FORM", "signed.after"),
        (f'["{DIGEST}","{OTHER}"]', "[1]", "SLOT-FORM", "signed.after"),
        (f'["{DIGEST}","{OTHER}"]', "null", "SLOT-FORM", "signed.after"),
        ('"data":{}', '"data":null', "SLOT-FORM", "signed.data"),
        ('"data":{}', '"data":[]', "SLOT-FORM", "signed.data"),
        ('"copy":null,', "", "SLOT-FORM", "signed.subject"),
        ('"kind":"document"', '"kind":null', "SLOT-FORM", "signed.kind"),
        ('"signature":"U1NIU0lH"', '"signature":null', "SLOT-FORM", "signed.signature"),
    ],
)
def test_a_value_that_its_field_cannot_hold_is_refused(
    old: str, new: str, code: str, field: str
) -> None:
    assert old in TEXT

    found, place, line = refusal(TEXT.replace(old, new, 1))

    assert (found, place) == (code, f"approvals.0.{field}")
    assert TEXT.splitlines()[line - 1].split(":")[0].strip(" -") == field.partition(".")[0]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"step":"event"', '"step":"ever"', "SLOT-FORM"),
        ('"step":"event",', "", "SLOT-FORM"),
        ('"at":"2026', '"at":null,"at":"2026', "NOT-CANONICAL"),
        ("+08:00", "Z", "TIME-FORM"),
    ],
)
def test_an_event_in_another_form_is_refused(old: str, new: str, code: str) -> None:
    text = render_tail(Tail("log", (EVENT,), log=True)).decode()

    assert refusal(text.replace(old, new, 1))[0] == code


def test_an_event_stands_on_its_own_line_behind_a_dash() -> None:
    text = render_tail(Tail("log", (EVENT,), log=True)).decode()

    assert refusal(text.replace("  - {", "   - {"), 5) == ("TAIL", "", 7)
    assert refusal(text + "\n", 5) == ("TAIL", "", 8)


def test_an_event_may_have_a_step_of_a_chain_and_no_role() -> None:
    event = replace(EVENT, step="2", role=None)

    assert parse_event(render_event(event)) == event


@given(st.binary() | st.text().map(str.encode), st.integers(0, len(TEXT)), st.integers(0, 40))
def test_any_bytes_give_a_tail_that_renders_to_them_or_a_refusal(
    noise: bytes, start: int, length: int
) -> None:
    data = TEXT.encode()
    for text in (noise, data[:start] + noise + data[start + length :]):
        try:
            tail = parse_tail(text)
        except QmsError:
            continue
        assert render_tail(tail) == text


@given(st.text(min_size=1), st.text(min_size=1), st.integers(1, 99), st.integers(1, 2**53 - 1))
def test_what_is_written_is_read_back(person: str, meaning: str, step: int, number: int) -> None:
    slot = signed_slot(str(step), person, number)
    slot = replace(slot, meaning=meaning)
    try:
        data = render_tail(Tail("in-review", (slot,)))
    except QmsError:
        return
    assert parse_tail(data).slots == (slot,)
