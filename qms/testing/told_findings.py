"""Findings as tests compare them."""

from collections.abc import Iterable
from typing import NamedTuple

from qms.findings import Finding


class Told(NamedTuple):
    """What a finding says, as tests compare it."""

    code: str
    path: str


def told(findings: Iterable[Finding]) -> list[Told]:
    """Findings as tests compare them."""
    return [Told(finding.code, finding.place.path) for finding in findings]
