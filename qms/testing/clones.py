"""Clones of people who work at the same time: what they share, and what must be left at the end."""

import re

from qms.testing.office import Answer, Office


def everything_signed(*offices: Office) -> set[str]:
    """All signatures in all governed files of these clones."""
    found: set[str] = set()
    for office in offices:
        for path in office.git("ls-files", "documents", "released", "copies", "policy").split("\n"):
            found |= set(re.findall(r'"signature":"([^"]+)"', office.text(path)))
    return found


def sync(office: Office, *options: str) -> Answer:
    """What `qms sync` says and does in one of them."""
    return office.call("sync", *options)


def all_is_well(*offices: Office) -> None:
    """Nothing is wrong, all lies in its commit, and all have the same; else AssertionError."""
    for office in offices:
        told = office.call("check", "--all")
        if (told.code, told.findings, office.status) != (0, (), ""):
            raise AssertionError((told, office.status))
    told = offices[0].call("verify")
    heads = {office.git("rev-parse", "HEAD") for office in offices}
    if (told.code, len(heads)) != (0, 1):
        raise AssertionError((told, heads))
