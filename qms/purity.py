"""While rules and pure hooks run, any file, process or network access is an error.

A rule that reads the disk would judge differently on another machine: the verdict of `verify`
would be worth nothing. Python's audit hooks see every such access, whoever makes it.
"""

import os
import sys
from _thread import _count as running_threads  # pyright: ignore[reportPrivateUsage] - raw ones too
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

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
    "_thread.",
)
# What importing a module takes, besides opening its file for reading.
_LOOKING: Final = frozenset(("os.listdir", "os.scandir", "os.fwalk", "os.walk"))
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class _Guard:
    """The one audit hook of this process (Python can't remove one), and what it watches.

    `caught` is the first access of the rule that is running: raised again at its end, for a rule
    that swallows errors.
    """

    installed = False
    running = ""
    importing = False
    caught: QmsError | None = None


def _impure(rule: str, what: str) -> QmsError:
    return QmsError(Finding("RULE-IMPURE", values={"rule": rule, "what": what}))


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if _Guard.running and event.startswith(_FORBIDDEN):
        if _Guard.importing and _is_looking(event, arguments):
            return
        error = _impure(_Guard.running, f"{event} {arguments[0] if arguments else ''}")
        _Guard.caught = _Guard.caught or error
        raise error


def _is_looking(event: str, arguments: tuple[object, ...]) -> bool:
    if event == "open":
        flags = arguments[2] if len(arguments) > 2 else 0  # noqa: PLR2004 - path, mode, flags
        return isinstance(flags, int) and not flags & _WRITING
    return event in _LOOKING


@contextmanager
def importing(plugin: str) -> Generator[None, None, None]:
    """A span in which a plugin's module is imported: it may read what it imports, and no more.

    Raises as `pure` does.
    """
    around, writes = _Guard.importing, sys.dont_write_bytecode
    _Guard.importing = sys.dont_write_bytecode = True
    try:
        with pure(f"{plugin} (import)"):
            yield
    finally:
        _Guard.importing, sys.dont_write_bytecode = around, writes


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
    threads = running_threads()
    try:
        yield
    except (QmsError, KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:  # SystemExit too: a rule does not end the program
        if _Guard.caught is None:
            values = {"rule": rule, "reason": f"{type(error).__name__}: {error}"}
            raise QmsError(Finding("RULE-FAILED", values=values)) from error
    finally:
        caught = _Guard.caught
        _Guard.running, _Guard.caught = around[0], around[1] or (caught if around[0] else None)
    if running_threads() > threads and caught is None:
        caught = _impure(rule, "a thread that goes on")
    if caught is not None:
        raise caught
