"""What of a class's settings on copies nobody would ever read: told before a policy is signed.

Of a policy that is filed nobody is told: nothing follows from it, and only the next one mends it.
"""

from collections.abc import Iterator

from qms.api import DocumentClass, Finding, Place, Policy, Step, close_to
from qms_copies.schemes import BY_HOLDER, DEFAULT_ISSUER, code_rows, issuers

FILE = "qms.yaml"


def unread_settings(step: Step) -> Iterator[Finding]:
    """DC-25, DC-27: codes without their scheme, of nobody, or twice; roles that there are not."""
    policy = step.policy
    if any(one.policy is policy or one.policy == policy for one in step.register.policy_filings()):
        return
    for at, one in enumerate(policy.classes.values()):
        place = f"classes.{at}"
        if "holder_codes" in one.settings and one.settings.get("copies") != BY_HOLDER:
            values = {"class": one.id, "setting": "holder_codes", "needs": "copies: holder"}
            yield Finding("SETTING-UNREAD", Place(FILE, f"{place}.holder_codes"), values)
        yield from _codes(policy, one, f"{place}.holder_codes")
        for role in issuers(policy, one.id):
            if role not in policy.roles and role != DEFAULT_ISSUER:
                names = {known: found.name for known, found in policy.roles.items()}
                values = {"id": role, "close": close_to(names, role)}
                yield Finding("ID-UNKNOWN", Place(FILE, f"{place}.issuer"), values)


def _codes(policy: Policy, one: DocumentClass, place: str) -> Iterator[Finding]:
    seen: set[str] = set()
    for row, (holder, code) in enumerate(code_rows(one)):
        if holder not in policy.departments and holder not in policy.persons:
            names = {
                known: found.name
                for ids in (policy.persons, policy.departments)
                for known, found in ids.items()
            }
            values = {"id": holder, "close": close_to(names, holder)}
            yield Finding("ID-UNKNOWN", Place(FILE, f"{place}.{row}.holder"), values)
        for name, value in (("holder", holder), ("code", code)):
            if f"{name} {value}" in seen:
                yield Finding("ID-TWICE", Place(FILE, f"{place}.{row}.{name}"), {"id": value})
            seen.add(f"{name} {value}")
