"""While rules and pure hooks run, any file, process or network access is an error.

A rule that reads the disk would judge differently on another machine: the verdict of `verify`
would be worth nothing. Python's audit hooks see every such access, whoever makes it.
"""

import sys
from collections.abc import Generator
from contextlib import contextmanager

from qms.findings import Finding, QmsError

_FORBIDDEN = (
    "open",
    "os.",
    "subprocess.Popen",
    "socket.",
    "shutil.",
    "tempfile.",
    "urllib.Request",
    "ctypes.",
)


class _Guard:
    """The one audit hook of this process (Python can't remove one), and what it watches.

    `caught` is the first access of the rule that is running: raised again at its end, for a rule
    that swallows errors.
    """

    installed = False
    running = ""
    caught: QmsError | None = None


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if _Guard.running and event.startswith(_FORBIDDEN):
        what = f"{event} {arguments[0] if arguments else ''}"
        error = QmsError(Finding("RULE-IMPURE", values={"rule": _Guard.running, "what": what}))
        _Guard.caught = _Guard.caught or error
        raise error


@contextmanager
def pure(rule: str) -> Generator[None, None, None]:
    """A span in which `rule` runs and may touch nothing. Spans may lie in one another.

    Inside a span without a name the core answers a rule's question, and may touch what it needs.

    Raises `QmsError` RULE-IMPURE, and RULE-FAILED for whatever goes wrong in it.
    """
    if not _Guard.installed:
        _Guard.installed = True
        sys.addaudithook(_audit)
    around = _Guard.running, _Guard.caught
    _Guard.running, _Guard.caught = rule, None
    try:
        yield
    except QmsError:
        raise
    except Exception as error:
        if _Guard.caught is None:
            values = {"rule": rule, "reason": f"{type(error).__name__}: {error}"}
            raise QmsError(Finding("RULE-FAILED", values=values)) from error
    finally:
        caught = _Guard.caught
        _Guard.running, _Guard.caught = around[0], around[1] or (caught if around[0] else None)
    if caught is not None:
        raise caught
