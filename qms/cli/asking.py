"""What somebody at a terminal is asked; nobody is where a script runs `qms`."""

import sys
import unicodedata
from typing import Final

import click

from qms.cli.languages import both
from qms.jobs.sessions.work_session import WorkSession
from qms.texts import Text

_YES: Final = frozenset(("y", "yes", "是", "是的", "好", "同意"))
_NO: Final = frozenset(("", "n", "no", "否", "不", "不是", "不同意"))


def can_ask() -> bool:
    """Whether somebody sits there who can answer."""
    return sys.stdin is not None and sys.stdin.isatty()


def refuse_unless_agreed(session: WorkSession, zh: str, en: str) -> None:
    """Ask, and end with 1 unless the answer is yes."""
    question = Text(f"{zh} [是/否，直接回车为否]", f"{en} [y/N]").of(session.language)
    while (answer := _meaning(str(click.prompt(question, "", show_default=False)))) is None:
        session.say("请回答 是 或 否（y 或 n）。", "Please answer yes or no (y or n).")
    if not answer:
        session.say("未签署，未写入。", "Nothing was signed or written.")
        raise click.exceptions.Exit(1)


def _meaning(answer: str) -> bool | None:
    """Yes or no, in the words of either language; None for what is neither."""
    word = unicodedata.normalize("NFKC", answer).strip().lower()
    return True if word in _YES else False if word in _NO else None


def require_agreement(session: WorkSession, zh: str, en: str, *, yes: bool) -> None:
    """As above, unless `yes` said so already; a usage error where nobody can be asked."""
    if yes or session.dry_run:
        return
    if not can_ask():
        raise click.UsageError(
            both(
                "此处无法询问：请看过以上内容后，加 --yes 再次运行",
                "nobody can be asked here: look at what is said above, and add --yes",
            )
        )
    refuse_unless_agreed(session, zh, en)
