"""Rendering in child processes with limits: memory, processor time, wall clock.

A document may come from anybody. What is hostile in it is refused before it is set; what slips
through, or is merely huge, ends a child process and not the publishing run's honesty: the run
stops and names the document.
"""

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from contextlib import suppress
from typing import Final

from qms.domain.policy import Policy
from qms.findings import Finding, Place, QmsError, Refused
from qms.installed import TOOLS
from qms.plugins import Hooks
from qms.printing import RenderRequest

MEMORY: Final = 3 << 30
"""Bytes of address space of one child."""
PROCESSOR: Final = 600
"""Seconds of processor time of one child, for all that it renders."""
WAIT: Final = 300.0
"""Seconds that one document may take, waiting for its turn included."""


def render_all(
    policy: Policy, requests: Mapping[str, RenderRequest], executor: Executor | None = None
) -> Iterator[tuple[str, bytes | Finding]]:
    """The base PDF of each request, by key, rendered on `executor` or on as many as cores.

    A document that can't be printed gives the finding that says why, and the others go on. Raises
    `QmsError` RENDER-ENDED where a child was ended, and what else is broken in the environment.
    """
    if not requests:
        return
    if executor is None:
        workers = min(len(requests), os.cpu_count() or 1)
        with ProcessPoolExecutor(workers, initializer=_limit) as pool:
            yield from render_all(policy, requests, pool)
        return
    futures = {key: executor.submit(_render, policy, one) for key, one in requests.items()}
    for key, future in futures.items():
        try:
            yield key, future.result(timeout=WAIT)
        except Refused as refused:
            yield key, refused.finding.at(path=requests[key].path)
        except (BrokenExecutor, TimeoutError, MemoryError) as error:
            for other in futures.values():
                other.cancel()
            values = {"reason": type(error).__name__}
            raise QmsError(Finding("RENDER-ENDED", Place(requests[key].path), values)) from error


def _limit() -> None:
    with suppress(ImportError):
        import resource  # noqa: PLC0415 - not on Windows, where nothing is rendered

        for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, PROCESSOR)):
            _, hard = resource.getrlimit(kind)
            allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (allowed, hard))


def _render(policy: Policy, request: RenderRequest) -> bytes:
    """Render in a process of its own: the plugins are loaded there, as the policy admits them."""
    return Hooks(policy.plugins, (TOOLS,)).render(request)
