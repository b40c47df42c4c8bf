"""Builders for docs repos, histories and attacks; plugin authors use them too."""

from qms.testing.built_history import File
from qms.testing.company import PARALLEL_CHAIN, SHORT_CHAIN, SMALL, Company, Employee
from qms.testing.keys import SigningKey, key
from qms.testing.merging import Conflict
from qms.testing.repo import DocsRepo
from qms.testing.step_builder import Staff, StepBuilder, plain_policy
from qms.testing.told_findings import Told

__all__ = [
    "PARALLEL_CHAIN",
    "SHORT_CHAIN",
    "SMALL",
    "Company",
    "Conflict",
    "DocsRepo",
    "Employee",
    "File",
    "SigningKey",
    "Staff",
    "StepBuilder",
    "Told",
    "key",
    "plain_policy",
]
