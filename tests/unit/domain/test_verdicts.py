"""Whether a chain can be filled so that nobody counts in two steps."""

from hypothesis import given
from hypothesis import strategies as st

from qms.domain.kinds.chain import Chain, ChainStep, Seat
from qms.domain.library.verdicts import filled

PERSONS = ("li.si", "wang.wu", "zhao.liu", "sun.ba")
signatures = st.dictionaries(
    st.sampled_from(("1", "2", "3")), st.frozensets(st.sampled_from(PERSONS)), max_size=3
)


def chain(*needs: int, one_person: bool = False) -> Chain:
    """Steps that all four may sign; so many of them must."""
    seats = tuple(Seat(person, "role") for person in PERSONS)
    steps = (ChainStep(at, "settle", need, seats) for at, need in enumerate(needs, start=1))
    return Chain(tuple(steps), one_person=one_person)


def test_who_signed_two_steps_counts_where_they_are_needed() -> None:
    li, wang = frozenset(("li.si",)), frozenset(("li.si", "wang.wu"))

    assert filled(chain(1, 1), {"1": wang, "2": li})
    assert not filled(chain(1, 1), {"1": li, "2": li})
    assert not filled(chain(2, 1), {"1": wang, "2": li})


def test_one_person_may_take_the_last_two_where_the_chain_says_so() -> None:
    li, wang = frozenset(("li.si",)), frozenset(("li.si", "wang.wu"))

    assert filled(chain(1, 1, one_person=True), {"1": li, "2": li})
    assert filled(chain(1, 1, 1, one_person=True), {"1": wang, "2": li, "3": li})
    assert not filled(chain(1, 1, 1, one_person=True), {"1": li, "2": li, "3": li})


@given(signatures, signatures, st.booleans())
def test_a_further_signature_never_undoes_it(
    signed: dict[str, frozenset[str]],
    more: dict[str, frozenset[str]],
    one_person: bool,  # noqa: FBT001 - a case
) -> None:
    asked = chain(1, 2, 1, one_person=one_person)
    both = {at: signed.get(at, frozenset()) | more.get(at, frozenset()) for at in signed | more}

    assert filled(asked, both) or not filled(asked, signed)
