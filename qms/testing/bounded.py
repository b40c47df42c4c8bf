"""Commands as processes of their own, within what reading anything may take."""

import resource
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

SECONDS: Final = 30
MEMORY: Final = 1 << 30


def qms_within(
    folder: Path, *arguments: str, environment: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Exit code and all that one call says, in 30 s or TimeoutExpired.

    The memory is bound for its process, and for each git that it starts.
    """

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))

    done = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-m", "qms", "-C", str(folder), *arguments],
        capture_output=True,
        check=False,
        timeout=SECONDS,
        encoding="utf-8",
        preexec_fn=limit,
        env=environment,
    )
    return done.returncode, done.stdout + done.stderr
