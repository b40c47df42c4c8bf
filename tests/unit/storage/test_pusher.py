"""Who looks whether somebody pushes still, while rules run that may touch nothing."""

import subprocess
import sys

import pytest

PROGRAM = """
import time
from qms.purity import pure
from qms.storage.pusher import EVERY, while_there
with while_there(), pure("a rule that takes its time"):
    end = time.monotonic() + 2.5 * EVERY
    while time.monotonic() < end:
        pass
print("judged")
"""


@pytest.mark.slow
def test_a_look_at_who_pushes_is_no_access_by_the_rule_that_runs() -> None:
    """RULE-IMPURE: an honest push was refused whenever the second fell into a rule."""
    # Between both stands the program that takes the push, and writes to a pipe.
    taking = ["sh", "-c", '"$@"; exit $?', "sh", sys.executable, "-c", PROGRAM]
    done = subprocess.run(taking, capture_output=True, encoding="utf-8", check=False)

    assert (done.returncode, done.stdout) == (0, "judged\n"), done.stderr
