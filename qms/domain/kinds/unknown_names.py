"""Departments and persons that a text names and the policy doesn't know, with those near them."""

from collections.abc import Iterator

from qms.domain.kinds.document import Document
from qms.domain.kinds.near import near
from qms.domain.kinds.policy import Policy
from qms.findings import Finding, Place


def unknown_names(document: Document, policy: Policy) -> Iterator[Finding]:
    """DEPARTMENT-UNKNOWN for the owner and for those who co-sign, each in its line.

    And PERSON-UNKNOWN for who prepares. That nobody can sign then follows from it.
    """
    names = {one.id: one.name for one in policy.departments.values()}
    named = [("owner", document.owner), *(("co_sign", one) for one in document.co_sign)]
    for field, department in named:
        if department not in names:
            values = {"department": department, "known": near(names, department)}
            yield Finding("DEPARTMENT-UNKNOWN", Place(field=field), values, document.about)
    people = {one.id: one.name for one in policy.persons.values()}
    if document.prepared_by not in people:
        values = {"person": document.prepared_by, "known": near(people, document.prepared_by)}
        yield Finding("PERSON-UNKNOWN", Place(field="prepared_by"), values, document.about)
