"""What every call with bad input must leave: a precise answer, and nothing else."""

import re

from qms.storage.locking import NAME
from qms.testing.office import Answer, Office

NUMBER = "LX-WI-01"
"""The work instruction that the stories on bad input are about; it waits for Fu Yi."""


def told(answer: Answer, code: int, *findings: str) -> None:
    """The call ended with this code and these findings, each with a mend."""
    said = f"{answer.out}{answer.err}"
    wanted = (code, findings, len(findings))
    _holds((answer.code, answer.findings, said.count("    mend: ")) == wanted, answer)
    _holds(re.search("<[a-z_]+>", answer.err) is None, answer)  # no placeholder is left open
    _holds("a fault in qms" not in answer.err, answer)


def scratch(office: Office) -> list[str]:
    """Whatever of ours lies in git's folder, but the lock and the clone's token: they stay."""
    names = {path.name for path in (office.folder / ".git").iterdir()} - {NAME, "qms.token"}
    return [name for name in names if "qms" in name or name.endswith(".lock")]


def signs_now(office: Office, *options: str) -> None:
    """Nothing half-written is left, and the same command succeeds when called again."""
    _holds(not office.status, office.status)
    office.qms("sign", NUMBER, *options, by="fu.yi")
    _holds(not scratch(office), scratch(office))
    _holds(not office.status, office.status)
    office.qms("check")
    office.qms("verify")


def askpass(office: Office, script: str) -> str:
    """A program that ssh-keygen asks for the passphrase; `script` is what it runs."""
    where = office.folder.parent / "askpass"
    where.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    where.chmod(0o700)
    return str(where)


def _holds(is_so: bool, found: object) -> None:  # noqa: FBT001 - a condition
    if not is_so:
        raise AssertionError(found)
