"""The same script as if on another machine: what it prints may depend on nothing of that."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

_ELSEWHERE: Final = {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "7"}


def printed_elsewhere(script: str, folder: Path) -> str:
    """What a Python script prints in a folder, with another time zone, locale and hash seed."""
    done = subprocess.run(  # noqa: S603 - this Python, a test's own script
        [sys.executable, "-c", script],
        cwd=folder,
        env=os.environ | _ELSEWHERE | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().strip()
