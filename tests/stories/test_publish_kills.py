"""Issue 8, 3: a run that is killed leaves nothing that the next one does not mend."""

import fcntl
import os
import signal
from pathlib import Path

import pytest

from qms.formats.print_manifest import parse_manifest
from qms.testing.office import Office
from qms.testing.published import elsewhere, out

NUMBER = "LX-WI-01"
FOLDER = "work-instruction"
COPY = f"{FOLDER}/{NUMBER}_A-0_controlled-001.pdf"
UNCONTROLLED = f"{FOLDER}/{NUMBER}_A-0_uncontrolled.pdf"


KILLED_IN = """
import os, signal
from qms.cli import main
from qms.storage.out_folder import OutFolder
step = getattr(OutFolder, os.environ["STEP"])
def killed(self, *arguments):
    step(self, *arguments)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(OutFolder, os.environ["STEP"], killed)
main()
"""


@pytest.mark.parametrize("step", ["check_places", "stage", "lay_out", "remove", "names"])
def test_a_kill_leaves_nothing_that_the_next_run_does_not_mend(issued: Office, step: str) -> None:
    answer = issued.finish("publish", by="wen.kong", program=KILLED_IN, STEP=step)
    assert answer.code == -signal.SIGKILL
    assert not (out(issued) / "manifest.json").exists(), "the manifest is the last that is laid"

    issued.qms("publish", by="wen.kong")

    assert sorted(str(one.relative_to(out(issued))) for one in out(issued).rglob("*")) == [
        "manifest.json", "manifest.json.sig", FOLDER, COPY, UNCONTROLLED,
    ]  # fmt: skip
    rows = parse_manifest((out(issued) / "manifest.json").read_bytes()).files
    assert [row.file for row in rows] == [COPY, UNCONTROLLED]


KILLED_WHILE_SET = """
import os, signal
from qms.cli import main
from qms.jobs.paper import rendering
def killed(busy):
    os.kill(os.getpid(), signal.SIGKILL)
rendering._ready = killed
main()
"""


def test_a_kill_while_pages_are_set_ends_those_who_set_them(issued: Office, tmp_path: Path) -> None:
    """They hold the folder's lock: else the next run would be kept out for minutes."""
    elsewhere(issued, tmp_path)
    with issued.start("publish", by="wen.kong", program=KILLED_WHILE_SET) as process:
        assert process.wait() == -signal.SIGKILL  # its output stays open as long as they live
        assert issued.call("publish", by="wen.kong").code == 0


def test_one_run_at_a_time_is_in_a_folder(issued: Office) -> None:
    issued.qms("publish", by="wen.kong")
    held = os.open(out(issued), os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        answer = issued.call("publish", by="wen.kong")
    finally:
        os.close(held)
    assert (answer.code, answer.findings) == (3, ("OUT-FOLDER",))
    assert "another qms publish" in answer.err
