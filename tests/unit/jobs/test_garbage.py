import gc

import pytest

from qms.jobs.judging.garbage import uncollected


@uncollected()
def whether_collected(error: Exception | None = None) -> bool:
    if error is not None:
        raise error
    return gc.isenabled()


def test_nothing_is_collected_meanwhile_and_all_is_as_before_afterwards() -> None:
    assert gc.isenabled()
    assert not whether_collected()
    assert gc.isenabled()
    with pytest.raises(ValueError, match="no"):
        whether_collected(ValueError("no"))
    assert gc.isenabled()


def test_who_had_switched_it_off_finds_it_so() -> None:
    gc.disable()
    try:
        assert not whether_collected()
        assert not gc.isenabled()
    finally:
        gc.enable()
