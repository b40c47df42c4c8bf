"""Whether distinct persons are left for all steps: the matching against every way there is."""

from collections.abc import Iterator
from itertools import combinations, product
from random import Random
from time import process_time

from hypothesis import given
from hypothesis import strategies as st

from qms.domain.kinds.chain import Chain, ChainStep, Seat
from qms.domain.kinds.distinct_persons import Persons
from qms.domain.kinds.policy import Floors
from qms.domain.kinds.seating import seated
from qms.domain.kinds.signature_ways import Unit

EVERYBODY = "abcde"
persons = st.lists(st.sampled_from(EVERYBODY), max_size=4, unique=True)


def step(
    number: int, act: str, seated: str, need: int = 1, *, inherited: bool = False
) -> ChainStep:
    seats = tuple(Seat(one, "role") for one in seated)
    return ChainStep(number, act, need, seats, inherited=inherited)


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    """Two to four steps; now and then one of an older chain stands beside another."""
    count = draw(st.integers(2, 4))
    steps = [step(1, "prepare", draw(st.sampled_from(EVERYBODY)))]
    for number in range(2, count + 1):
        last = number == count
        acts = ("publish", "approve") if last else ("review", "co-sign", "approve")
        act = draw(st.sampled_from(acts))
        need = 1 if last else draw(st.integers(1, 2))
        steps.append(step(number, act, "".join(draw(persons)), need))
        if not last and draw(st.booleans()):
            older = "".join(draw(persons))
            steps.append(step(number, act, older, draw(st.integers(1, 2)), inherited=True))
    also = draw(st.frozensets(st.sampled_from(("prepare", "review", "co-sign", "approve"))))
    return Chain(tuple(steps), one_person=draw(st.booleans()), also_publish=also)


Signed = dict[str, frozenset[str]]


def ways(rule: Persons, signed: Signed) -> Iterator[Signed]:
    """Everything that could be signed on top, nobody taking steps that one may not take."""

    def add(left: str, so_far: Signed) -> Iterator[Signed]:
        if not left:
            yield so_far
            return
        person = left[0]
        has = {int(at) for at, who in signed.items() if person in who}
        seated = {one.number for one in rule.chain.steps if one.seat(person)} - has
        for size in range(len(seated) + 1):
            for more in combinations(sorted(seated), size):
                if more and not rule.may_take(has | set(more)):
                    continue
                added = {str(at): so_far.get(str(at), frozenset()) | {person} for at in more}
                yield from add(left[1:], so_far | added)

    return add(EVERYBODY, signed)


def is_asked_for(rule: Persons, signed: Signed, after: Signed) -> bool:
    """Whether no step got more signatures than it lacked: a step that is complete is closed."""
    lacked: dict[str, int] = {}
    for one, count in rule.chain.missing(signed):
        lacked[str(one.number)] = lacked.get(str(one.number), 0) + count
    return all(len(who) - len(signed.get(at, ())) <= lacked.get(at, 0) for at, who in after.items())


@given(chains(), st.integers(0, 4), st.integers(0, 3))
def test_a_chain_can_end_where_there_is_a_way_to_sign_it(
    chain: Chain, least: int, given_steps: int
) -> None:
    rule = Persons(chain, Floors(min_signers=least, self_approval=False))
    signed: Signed = {}
    for one in chain.steps[:given_steps]:
        if one.seats and not one.inherited:
            more = {**signed, str(one.number): frozenset((one.seats[0].person,))}
            hats = {int(at) for at, who in more.items() if one.seats[0].person in who}
            signed = more if rule.may_take(hats) else signed

    found = any(
        not chain.missing(after)
        and len(frozenset[str]().union(*after.values())) >= least
        and is_asked_for(rule, signed, after)
        for after in ways(rule, signed)
    )

    assert (rule.lacking(signed) is None) == found


def test_a_shortage_names_the_steps_and_who_is_left_for_them() -> None:
    chain = Chain((step(1, "prepare", "a"), step(2, "review", "bc", 2), step(3, "approve", "bc"),
                   step(4, "publish", "de")))  # fmt: skip

    short = Persons(chain, Floors()).lacking({})

    assert short is not None
    assert [one.number for one in short.steps] == [2, 3]
    assert (short.need, short.persons) == (3, ("b", "c"))


def test_who_is_needed_later_is_not_asked_now() -> None:
    chain = Chain((step(1, "prepare", "a"), step(2, "review", "bc"), step(3, "approve", "bd"),
                   step(4, "publish", "c")))  # fmt: skip
    rule = Persons(chain, Floors())

    assert rule.asked(chain.steps[1], {"1": {"a"}}) == ("b",)
    assert rule.asked(chain.steps[2], {"1": {"a"}, "2": {"b"}}) == ("d",)


def test_a_firm_of_one_signs_all_where_the_floors_let_it() -> None:
    chain = Chain((step(1, "prepare", "a"), step(2, "approve", "a"), step(3, "publish", "a")))

    assert Persons(chain, Floors(min_signers=1, self_approval=True)).lacking({}) is None
    assert Persons(chain, Floors(min_signers=2, self_approval=True)).lacking({}) is not None
    assert Persons(chain, Floors(min_signers=1)).lacking({}) is not None


def test_a_long_chain_is_matched_without_trying_every_way() -> None:
    """Ninety steps of the same ninety persons, who are one too few."""
    crowd = tuple(Seat(f"p{at:02}", "role") for at in range(89))
    steps = (ChainStep(at, "review", 1, crowd) for at in range(2, 92))
    chain = Chain((step(1, "prepare", "a"), *steps))

    short = Persons(chain, Floors()).lacking({})

    assert short is not None
    assert (short.need, len(short.persons)) == (90, 89)


def test_ten_rows_at_one_number_are_told_at_once() -> None:
    """An owner's chain asked ten to co-sign, and the new owner's has one step for them all."""
    older = Chain((step(1, "prepare", "a"),
                   *(ChainStep(at, "co-sign", 1, (Seat(f"p{at}", "role"),)) for at in range(2, 12)),
                   step(12, "publish", "d")))  # fmt: skip
    newer = Chain((step(1, "prepare", "a"), step(2, "review", "b"), step(3, "publish", "c")))
    stuck = newer._replace(steps=(*newer.steps[:-1], step(3, "publish", "a")))

    assert Persons(newer.joined(older), Floors()).lacking({}) is None
    short = Persons(stuck.joined(older), Floors()).lacking({})
    assert short is not None
    assert [one.number for one in short.steps] == [1, 3]


def test_one_person_counts_for_all_ten_rows_they_stand_in() -> None:
    rows = (step(2, "co-sign", "bc", inherited=at > 0) for at in range(10))
    chain = Chain((step(1, "prepare", "a"), *rows, step(3, "publish", "c")))

    assert Persons(chain, Floors()).lacking({}) is None
    assert Persons(chain, Floors()).asked(chain.steps[1], {"1": {"a"}}) == ("b",)


def test_more_ways_than_can_be_tried_are_taken_for_a_way() -> None:
    """Ten rows of three quarters of forty people, and nobody left to publish."""
    dice = Random(1)  # noqa: S311 - no secret
    everybody = [Seat(f"p{at:02}", "role") for at in range(40)]
    crowds = (tuple(sorted(dice.sample(everybody, 30))) for _ in range(10))
    rows = (ChainStep(2, "co-sign", 3, crowd, inherited=True) for crowd in crowds)
    chain = Chain((step(1, "prepare", "a"), *rows, step(3, "publish", "a")))

    assert Persons(chain, Floors()).lacking({}) is None


units = st.lists(
    st.builds(Unit, st.integers(1, 2), st.frozensets(st.sampled_from("abcd")), st.integers(1, 2)),
    min_size=1, max_size=3,
)  # fmt: skip


@given(units, st.frozensets(st.sampled_from("abcd")), st.frozensets(st.sampled_from("abcd")))
def test_what_is_given_at_once_is_what_one_by_one_could_be(
    asked: list[Unit], signed: frozenset[str], free: frozenset[str]
) -> None:
    """Against every way to give each signature to somebody or nobody."""
    single = [one for one in asked for _ in range(one.times)]
    least, most = len(single), 0
    for chosen in product(*(("", *sorted(one.persons)) for one in single)):
        places = [
            (person, one.number if person in free else 0)
            for person, one in zip(chosen, single, strict=True) if person
        ]  # fmt: skip
        if len(set(places)) < len(places):
            continue
        left, persons = chosen.count(""), len({*signed, *chosen} - {""})
        if (left, -persons) < (least, -most):
            least, most = left, persons

    found = seated(asked, signed, free)

    assert found.left == least
    assert found.persons == max(most, len(signed))
    if found.left:
        inside = [one for one in asked if one.number in found.short and one.persons <= found.only]
        assert found.need <= sum(one.times for one in inside)
        assert found.need > (len(found.only) if not free else 0)


def test_nine_hundred_of_a_thousand_are_matched_at_once() -> None:
    """Twice, so that there are 800 too few; and once so that there are enough, but for one."""
    crowd = tuple(Seat(f"p{at:03}", "role") for at in range(1000))
    steps = (step(1, "prepare", "a"), ChainStep(2, "review", 900, crowd))
    twice = Chain((*steps, ChainStep(3, "co-sign", 900, crowd), step(4, "publish", "z")))
    once = Chain((*steps, ChainStep(3, "publish", 101, crowd)))
    begun = process_time()

    short = Persons(twice, Floors()).lacking({})
    assert short is not None
    assert (short.need, len(short.persons)) == (1001, 1000)
    short = Persons(once, Floors()).lacking({})
    assert short is not None
    assert [one.number for one in short.steps] == [2, 3]
    half = frozenset(one.person for one in crowd[:450])
    assert len(Persons(once, Floors()).asked(steps[1], {"1": {"a"}, "2": half})) == 0

    assert process_time() - begun < 10


def test_a_thousand_of_whom_no_two_are_alike_end_too() -> None:
    """Nobody stands in the same steps as anybody else: ten steps of 100, all of the same 1,000."""
    dice = Random(1)  # noqa: S311 - no secret
    everybody = [Seat(f"p{at:03}", "role") for at in range(1000)]
    crowds = (tuple(dice.sample(everybody, 500)) for _ in range(10))
    steps = [ChainStep(at, "review", 99, crowd) for at, crowd in enumerate(crowds, 2)]
    chain = Chain((step(1, "prepare", "a"), *steps, ChainStep(12, "publish", 11, tuple(everybody))))
    begun = process_time()

    assert Persons(chain, Floors()).lacking({}) is not None

    assert process_time() - begun < 30
