"""What a head says of the time before the system, so that a firm may begin at C/3 (BX-08).

A document that was approved on paper comes in as it stands: its first revision here is the one
people work by. What it claims of then (who approved, on which days, which scans show it) nobody
can prove. It is attested (代录): signed by the class's whole chain of today as what the paper says,
and shown apart from what was signed here. Whether such a revision holds is `register.beginning`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from qms.findings import Finding, Place, Refused
from qms.formats import strict_yaml
from qms.formats.portable import Portable
from qms.formats.schema import Field, Row, Type, day, list_of, record, text

MOST_BY: Final = 200
MOST_EVIDENCE: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Legacy(Portable):
    """What the paper says: its days, in words who signed it, and the digests of its scans."""

    approved: date
    effective: date
    published: date
    by: str
    evidence: tuple[str, ...] = ()


_APPROVED = Field("approved", day())
_EFFECTIVE = Field("effective", day())
_PUBLISHED = Field("published", day())
_BY = Field("by", text(max_length=MOST_BY, like="张三（总经理）"))
_EVIDENCE = Field(
    "evidence",
    list_of(text(pattern=r"sha256:[0-9a-f]{64}", like="sha256:…"), max=MOST_EVIDENCE),
    default=(),
)


def _legacy(row: Row) -> Legacy:
    evidence = row[_EVIDENCE]
    if list(evidence) != sorted(set(evidence)):
        raise Refused(Finding("LEGACY-EVIDENCE", Place(field="evidence")))
    return Legacy(
        approved=row[_APPROVED],
        effective=row[_EFFECTIVE],
        published=row[_PUBLISHED],
        by=row[_BY],
        evidence=evidence,
    )


LEGACY: Final[Type[Legacy]] = record(_APPROVED, _EFFECTIVE, _PUBLISHED, _BY, _EVIDENCE).then(
    _legacy
)
"""The key `legacy` of a document's head; finds FIELD-…, YAML-TYPE, DAY-FORM, LEGACY-EVIDENCE."""


def spelled(legacy: Legacy) -> str:
    """The value as a head has it, on one line."""
    rows = [f"{name}: {day}" for name, day in days(legacy)]
    by = strict_yaml.scalar(legacy.by)
    rows.append(f"by: {by}" if by.startswith('"') else f'by: "{by}"')  # a comma would end it
    listed = ", ".join(f'"{digest}"' for digest in legacy.evidence)
    return f"{{{', '.join(rows)}, evidence: [{listed}]}}"


def days(legacy: Legacy) -> Iterable[tuple[str, date]]:
    """Its days by their keys, in the order of a life."""
    return (
        ("approved", legacy.approved),
        ("published", legacy.published),
        ("effective", legacy.effective),
    )
