"""Rulings on a small company's one sheet, signed by its whole chain; what is wrong then."""

import json
from pathlib import Path
from typing import Final

from qms.testing.office import Answer
from qms.testing.repo import DocsRepo

SHEET: Final = "LX-WI-01"
LIST: Final = "copies/instruction/LX-WI-01/A-0/001.yaml"
CHAIN: Final = ("li.si", "wang.wu")


def issued_by(folder: Path, *people: str) -> DocsRepo:
    """A repo with the sheet in force, whose copies these people issue."""
    repo = DocsRepo.make(folder / "repo")
    repo.release(SHEET)
    repo.policy(lambda company: company.with_role("document-controller", *people))
    return repo


def codes(repo: DocsRepo) -> list[str]:
    """What `check --all` finds, code by code."""
    return [one.code for one in repo.check(whole=True)]


def ruled(repo: DocsRepo, *words: str, why: str = "非本人") -> list[Answer]:
    """The whole chain signs a ruling; the second one leaves out the reason."""
    found = [repo.qms(*words, "--reason", why, by=CHAIN[0]), repo.qms(*words, by=CHAIN[1])]
    if any(one.code for one in found):
        raise AssertionError(found)
    return found


def entry(repo: DocsRepo, act: str, copy: str = "001", person: str | None = None) -> str:
    """The id of an event in a copy's life."""
    rows = json.loads(repo.qms("history", SHEET, "--json").out)["signatures"]
    return next(
        str(one["id"]).partition(":")[2]
        for one in rows
        if (one["copy"], one["act"]) == (copy, act) and person in (None, one["person"])
    )
