"""What a revision is, as people say it, and what a released one is by what has effect."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from qms.domain.library.effect import Effects
from qms.domain.register.register import Released
from qms.texts import Text


class Status(StrEnum):
    """What a revision is, as people say it; only the first three ever stand in a file."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    APPROVED = "approved"
    PUBLISHED = "published"
    IN_FORCE = "in-force"
    SUPERSEDED = "superseded"
    VOID = "void"
    ANNULLED = "annulled"
    DISPLACED = "displaced"
    CONTESTED = "contested"


STATUS_WORDS: Final[Mapping[Status, Text]] = {
    Status.DRAFT: Text("草稿", "draft"),
    Status.IN_REVIEW: Text("审批中", "in review"),
    Status.APPROVED: Text("已批准（待发布）", "approved"),
    Status.PUBLISHED: Text("已发布（待实施）", "published"),
    Status.IN_FORCE: Text("现行有效", "in force"),
    Status.SUPERSEDED: Text("已被代替", "superseded"),
    Status.VOID: Text("无效", "void"),
    Status.ANNULLED: Text("已裁定作废", "annulled"),
    Status.DISPLACED: Text("已让位", "gave way"),
    Status.CONTESTED: Text("有争议", "contested"),
}
"""What each is called on screens, in lists and on paper."""


def revision_status(effects: Effects, entry: Released, day: date) -> Status:
    """What a released revision is on `day`."""
    found = lasting_status(effects, entry)
    if isinstance(found, Status):
        return found
    is_in_force = effects.in_force(entry.document.number, day) is found
    return day_status(found.effective, day, is_in_force=is_in_force)


def day_status(effective: date, day: date, *, is_in_force: bool) -> Status:
    """What a revision that has effect is on `day`."""
    if effective > day:
        return Status.PUBLISHED
    return Status.IN_FORCE if is_in_force else Status.SUPERSEDED


def lasting_status(effects: Effects, entry: Released) -> Status | Released:
    """What a released revision is whatever the day; else the filing of it whose days count."""
    number, content = entry.document.number, entry.document.content
    ruled = effects.standing.verdict(number, entry.filing.id)
    if ruled is False:  # even where another filing of the same text has effect
        return Status.ANNULLED
    line = effects.line(number)
    counts = next((one.filing for one in line.stages if entry in one.revision.filings), None)
    if counts is not None:
        return counts
    if ruled is None and effects.void(entry) is not None:
        return Status.VOID
    gave_way = (
        one
        for fork in line.forks
        if fork.stands is not None
        for branch in fork.branches
        if branch is not fork.stands
        for one in effects.register.lineage(number).branch(branch)
    )
    return Status.DISPLACED if any(one.content == content for one in gave_way) else Status.CONTESTED
