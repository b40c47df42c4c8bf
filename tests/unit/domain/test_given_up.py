"""US-05: what a rule raises as `Refused` is told as a finding of it; no other rule is silenced."""

from collections.abc import Iterable, Iterator

from qms.api import (
    Change,
    Field,
    Finding,
    HeadField,
    Policy,
    Rule,
    Step,
    Text,
    integer,
    on_each,
    record,
    refused,
)
from qms.codes import CodeTable
from qms.findings import Level
from qms.testing import StepBuilder

HOURS = Field("hours", integer(1, 9))
HAZARD = HeadField(Field("hazard", record(HOURS)), Text("危险", "Hazard"))


def judged(change: Change, _: Step) -> Iterator[Finding]:
    assert change.document is not None
    yield Finding("SEEN", values={"number": change.document.number})
    if change.document.number == "LX-1":
        raise refused("COPY-OUT", number="LX-1")  # of a code that is a warning else


def whole(_: Step) -> Iterable[Finding]:
    raise refused("CUT", found="-")


def builder(*judges: Rule) -> StepBuilder:
    def rules(_: Policy) -> Iterable[Rule]:
        return judges

    return StepBuilder(rules, {"procedure": {}})


def test_what_was_raised_stands_at_its_change_and_all_else_is_told() -> None:
    step = builder(
        Rule(name="whole", codes=(), judge=whole),
        Rule(name="each", codes=("SEEN",), judge=on_each("document", judged)),
    )
    first, second = step.draft("procedure", "LX-1"), step.draft("procedure", "LX-2")

    assert step.told() == [("CUT", ""), ("SEEN", first), ("COPY-OUT", first), ("SEEN", second)]


def test_it_is_an_error_whatever_its_code() -> None:
    """Fail closed: what the rule would have found, nobody knows."""
    step = builder(Rule(name="each", codes=("SEEN",), judge=on_each("document", judged)))
    step.draft("procedure", "LX-1")

    (raised,) = (one for one in step.findings() if one.code == "COPY-OUT")

    assert CodeTable().level(raised) is Level.ERROR


def test_a_head_key_that_can_not_be_read_is_none() -> None:
    step = builder()
    step.draft("procedure", "LX-1", hazard="{hours: 3}")
    step.draft("procedure", "LX-2", hazard="{hours: many}")
    step.draft("procedure", "LX-3")

    read = [HAZARD.of(one.document) for one in step.step().of("document") if one.document]

    assert [None if row is None else row[HOURS] for row in read] == [3, None, None]
