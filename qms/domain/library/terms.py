"""What a class says of the time to come of its documents: when each is reviewed, how long kept."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from qms.domain.kinds.policy import DocumentClass
from qms.domain.register.register import Released


def review_by(found: DocumentClass | None, effective: date | None) -> date | None:
    """The day by which a revision in force is to be reviewed; None where its class names none."""
    if found is None or found.review_months is None or effective is None:
        return None
    return _months_after(effective, found.review_months)


def keep_until(
    found: DocumentClass | None, entry: Released, effective: Sequence[Released]
) -> date | None:
    """The last day on which a superseded revision must be kept, counted from its successor's."""
    if found is None or found.retention_years is None:
        return None
    later = (one.effective for one in effective if one.effective > entry.effective)
    over = min(later, default=None)
    return None if over is None else _months_after(over, 12 * found.retention_years)


def _months_after(day: date, months: int) -> date | None:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
