"""A company of plain values that is judged by the rules of numbering."""

from collections.abc import Mapping

import pytest

from qms.formats.strict_yaml import Value
from qms.testing import StepBuilder
from qms_numbering import rules

CLASSES: Mapping[str, Mapping[str, Value]] = {
    "procedure": {"number": "LX-CX-{year}-{seq:02}", "version": {"scheme": "letter-count"}},
    "form": {"number": "LX-R-{seq:02}", "version": {"scheme": "letter-count", "cap": "9"}},
    "record": {"number": "{number of form}-{year}-{seq:03}", "version": "v-number"},
    "loose": {"number": "{name}", "version": "decimal"},
}


@pytest.fixture
def company() -> StepBuilder:
    return StepBuilder(rules.rules, CLASSES)
