"""What git tracks of this checkout."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def tracked() -> Callable[[str], list[str]]:
    """The paths of the tracked files below a folder that are there; skips where git is not."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")

    def below(folder: str) -> list[str]:
        done = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-z", "--", folder],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        return [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]

    return below
