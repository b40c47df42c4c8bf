import os
import subprocess
import sys
from pathlib import Path

import pytest

from qms.findings import QmsError
from qms.formats import caps
from qms.storage.patience import MEMORY, answered, within_memory, within_time
from qms.storage.repository import Repository
from qms.testing.planted import chained


def started(program: str) -> subprocess.Popen[bytes]:
    return within_memory(
        lambda: subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    )


def test_both_streams_are_taken_while_much_is_sent() -> None:
    process = started("import sys; d = sys.stdin.read(); print(len(d)); sys.stderr.write(d)")

    output, errors, _ = answered(process, b"x" * 300_000, None)

    assert (output.strip(), len(errors), process.returncode) == (b"300000", 300_000, 0)


def test_who_is_gone_before_all_was_sent_has_answered() -> None:
    process = started("print('no')")

    assert answered(process, b"x" * 300_000, None) == (b"no\n", b"", False)


def test_who_writes_without_end_is_ended() -> None:
    process = started("while True: print('x' * 1000)")

    output, _, is_too_much = answered(process, b"", None, 100_000)

    assert (output, is_too_much) == (b"", True)


def test_who_ends_well_after_too_much_has_still_taken_too_much() -> None:
    """It may be through before it can be ended: half of what it wrote would pass for all."""
    process = started("import os; os.write(1, b'x' * 60_000)")
    process.wait()

    output, _, is_too_much = answered(process, b"", None, 50_000)

    assert (output, process.returncode, is_too_much) == (b"", 0, True)


def test_the_memory_is_bound_before_the_first_file_is_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And not only once somebody comes to it: git may have filled it by then."""
    monkeypatch.setattr("qms.storage.patience._within", lambda *_: None)
    before = within_memory_of_ours()
    said, _, _ = answered(
        started("import resource; print(*resource.getrlimit(resource.RLIMIT_DATA))"), b"", None
    )

    # Without a bound it is -1; where this very process holds much, it is as much more.
    assert 0 < int(said.split()[0]) < 4 * MEMORY
    assert within_memory_of_ours() == before


def within_memory_of_ours() -> tuple[int, int]:
    resource = pytest.importorskip("resource")
    found: tuple[int, int] = resource.getrlimit(resource.RLIMIT_DATA)
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="nobody tells there")
def test_who_works_too_long_is_ended() -> None:
    process = within_time(started("while True: pass"), 1)

    assert answered(process, b"", None).is_too_much


@pytest.mark.skipif(os.name != "posix", reason="nothing bounds it there")
def test_git_may_not_work_for_ever_on_one_object(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor on what comes after it: what a git that was ended took is not forgotten."""
    monkeypatch.setattr("qms.storage.catfile._BEFOREHAND", 2)
    ids = [chained(root, b"%d" % at * (caps.BLOB // 2), 20_000 + at) for at in range(3)]

    with Repository.find(root) as found:
        for one in ids:
            with pytest.raises(QmsError) as caught:
                found.objects.blob(one)
            assert caught.value.finding.code == "GIT-LIMIT"


def test_a_chain_of_the_usual_length_is_read(root: Path) -> None:
    data = b"x" * caps.BLOB
    blob = chained(root, data, 50)

    with Repository.find(root) as found:
        assert found.objects.blob(blob) == data
