"""What was kept of earlier runs, by this user or by somebody else, decides no verdict."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from qms.testing import DocsRepo

SHEET = "released/instruction/LX-WI-01/A-0.md"


@pytest.mark.parametrize("planted", [b"", b'{"verdict": "fine"}', b"\x00" * 4096])
def test_no_verdict_comes_out_of_a_cache(repo: DocsRepo, tmp_path: Path, planted: bytes) -> None:
    """Row 93 (V): whatever lies there, nothing is asked but the objects; nothing is left there."""
    repo.replace(SHEET, "正文".encode(), "证文".encode())
    repo.commit("Attack")
    folder = repo.lay_out()
    cache = tmp_path / "cache" / "qms"
    cache.mkdir(parents=True)
    environment = os.environ | {
        "XDG_CACHE_HOME": str(cache.parent), "XDG_STATE_HOME": str(cache.parent),
        "HOME": str(tmp_path),
    }  # fmt: skip

    def verify() -> tuple[int, str]:
        command = [sys.executable, "-m", "qms", "-C", str(folder), "verify", "--root", repo.root]
        done = subprocess.run(command, capture_output=True, check=False, env=environment)
        return done.returncode, done.stdout.decode()

    first = verify()
    for name in ("verify.db", "verdicts.json", repo.tip, repo.root):
        (cache / name).write_bytes(planted)
    for one in cache.iterdir():
        one.write_bytes(planted)
    kept = {one.name for one in cache.iterdir()}

    assert verify() == first
    assert first[0] == 1
    assert "DOC-CHANGED" in first[1]
    assert {one.name for one in cache.iterdir()} == kept
    assert all(one.read_bytes() == planted for one in cache.iterdir())
