"""What somebody at a terminal is asked; nobody is where a script runs `qms`."""

import sys

import click

from qms.cli.languages import both
from qms.jobs.sessions.work_session import WorkSession


def can_ask() -> bool:
    """Whether somebody sits there who can answer."""
    return sys.stdin is not None and sys.stdin.isatty()


def refuse_unless_agreed(session: WorkSession, zh: str, en: str) -> None:
    """Ask, and end with 1 unless the answer is yes."""
    if not click.confirm(en if session.language == "en" else zh):
        session.say("未签署，未写入。", "Nothing was signed or written.")
        raise click.exceptions.Exit(1)


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
