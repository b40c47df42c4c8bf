"""Spans in which a plugin's code runs: what it may touch there, and who is named if it fails."""

import re
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import date, datetime
from typing import Final, TypeVar

from qms.domain.kinds.act import Act
from qms.domain.kinds.chain import Chain, ClassChain
from qms.domain.kinds.filed import FiledText
from qms.domain.kinds.kind import Kind
from qms.domain.kinds.log import Log
from qms.domain.kinds.policy import Policy
from qms.domain.register.register import Register
from qms.findings import Finding, QmsError, Reason
from qms.formats.slots import Statement
from qms.hook_values import Task
from qms.purity import pure

T = TypeVar("T")

_COMMAND: Final = r"""qms(?: +(?:[^\s;&|<>()$`"'\\\x00-\x1f]|\$?'(?:[^'\\\n]|\\.)*'|"'")+)+"""
"""Words of a shell behind `qms`, each plain or in single quotes: nothing that begins another."""
_PURE: Final = frozenset(
    ("act_chain", "acts", "chain", "head_fields", "kinds", "numbering", "rules", "version_scheme")
)


def pure_may(act: Act) -> Callable[[Policy, str, Statement], bool]:
    """The act's own `may`, in a span in which it may touch nothing."""

    def may(policy: Policy, class_id: str, slot: Statement) -> bool:
        with pure(f"{act.name}.may"):
            return act.may is None or act.may(policy, class_id, slot)
        return False

    return may


def pure_tell(act: Act) -> Callable[[Policy, Statement, str], str]:
    """The act's own `tell`, in a span in which it may touch nothing."""

    def tell(policy: Policy, slot: Statement, language: str) -> str:
        with pure(f"{act.name}.tell"):
            return "" if act.tell is None else act.tell(policy, slot, language)
        return ""

    return tell


def pure_kind(kind: Kind) -> Kind:
    """The kind with its `holds` and `chain` in spans in which they may touch nothing."""
    given, asked = kind.holds, kind.chain
    if isinstance(asked, ClassChain):
        return replace(kind, chain=asked._replace(owner=_pure_owner(kind.name, asked)))

    def holds(log: Log, slot: Statement, register: Register, policy: Policy) -> Finding | None:
        with pure(f"{kind.name}.holds"):
            return None if given is None else given(log, slot, register, policy)
        return None

    def chain(text: FiledText, policy: Policy, days: tuple[date | None, ...]) -> Chain:
        found: object = None
        with pure(f"{kind.name}.chain"):
            found = None if asked is None else asked(text, policy, days)
        return checked(kind.name, "chain", Chain, found)

    return replace(kind, holds=given and holds, chain=asked and chain)


def _pure_owner(name: str, asked: ClassChain) -> Callable[[FiledText], str]:
    """What tells the department that a text is of, in a span in which it may touch nothing."""

    def owner(text: FiledText) -> str:
        found: object = None
        with pure(f"{name}.chain"):
            found = asked.owner(text)
        return checked(name, "chain", str, found)

    return owner


def guard(name: str, hook: str) -> AbstractContextManager[None]:
    """A span in which a hook that judging relies on may touch nothing."""
    return pure(f"{name}.{hook}") if hook in _PURE else nullcontext()


@contextmanager
def named(name: str, hook: str) -> Generator[None, None, None]:
    """A span in which a plugin's code runs: what goes wrong there is told by its name."""
    try:
        yield
    except (QmsError, KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:  # SystemExit too: a plugin does not end the program
        raise _failed(name, hook, f"{type(error).__name__}: {error}") from error


def checked(name: str, hook: str, kind: type[T], answer: object) -> T:
    """An answer of the type that its hook asks for. Raises `QmsError` PLUGIN-FAILED."""
    if not isinstance(answer, kind):
        raise _failed(name, hook, f"{type(answer).__name__} is no {kind.__name__}")
    return answer


def timed(name: str, hook: str, field: str, answer: T, time: object) -> T:
    """An answer whose time has a zone: else nobody could tell how long ago it is.

    Raises `QmsError` PLUGIN-FAILED.
    """
    if not isinstance(time, datetime) or time.utcoffset() is None:
        raise _failed(name, hook, f"{field} {time!r} is no time with a zone")
    return answer


def typed(name: str, hook: str, task: Task) -> Task:
    """A task whose command is one of `qms`, and no more: people type what they are shown.

    Raises `QmsError` PLUGIN-FAILED.
    """
    if re.fullmatch(_COMMAND, task.command) is None:
        raise _failed(name, hook, f"{task.command!r} is no command of qms alone")
    return task


def _failed(name: str, hook: str, reason: str) -> QmsError:
    values = {"name": name, "hook": hook, "reason": reason}
    return QmsError(Finding("PLUGIN-FAILED", values=values, reason=Reason.PLUGIN_FAILED))
