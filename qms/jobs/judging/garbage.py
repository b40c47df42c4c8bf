"""Python's search for cycles, left out where it finds none."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Generator[None, None, None]:
    """A span, or a function, in which Python looks for no cycles.

    What a judgement makes is frozen values without cycles, and most of it stays to the end: looking
    through them again and again is a twentieth of the time. The caller's setting is put back.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.freeze()  # else the next value that is made has all of them looked through at once
            gc.enable()
