"""What the reading commands share: names as printed, days, and the ``--json`` of a document."""

from qms.cli.context import Context
from qms.cli.words import PAPER_DAYS
from qms.domain.kinds.document import Document
from qms.domain.kinds.legacy_paper import Legacy, days
from qms.domain.kinds.policy import Policy
from qms.domain.library.controlled_list import Listed
from qms.domain.library.document_lists import status_text
from qms.formats.slots import Slot, Statement
from qms.jobs.sessions.work_session import WorkSession
from qms.texts import Text


def department_name(policy: Policy, language: str, department: str) -> str:
    """A department as printed; its id where the policy doesn't have it."""
    known = policy.departments.get(department)
    return department if known is None else known.name.of(language)


def person_name(session: WorkSession, person: str) -> str:
    """A person as printed; the id where the policy in force has them no longer."""
    known = session.policy.persons.get(person)
    return person if known is None else known.name.of(session.language)


def role_signed_in(session: WorkSession, slot: Slot, language: str) -> str:
    """The role of a slot as it was called under the policy that was signed under.

    So the printed page has it, whatever the role or its department is called since.
    """
    return policy_named(session, slot).role_name(slot.role, language) if slot.role else "-"


def unit_signed_in(session: WorkSession, slot: Slot, language: str) -> str:
    """The department and the title of a signer, as both were under the policy of then."""
    policy = policy_named(session, slot)
    person = policy.persons.get(slot.person)
    if person is None:
        return ""
    department = policy.departments.get(person.department)
    names = (None if department is None else department.name, person.title)
    between = Text("，", ", ").of(language)
    return between.join(one.of(language) for one in names if one is not None)


def policy_named(session: WorkSession, slot: Slot | None) -> Policy:
    """The policy that a statement was signed under; the one in force where none is known."""
    named = slot.policy if isinstance(slot, Statement) else None
    entry = None if named is None else session.register.policy(named)
    return session.policy if entry is None else entry.policy


def policy_of(session: WorkSession, document: Document) -> Policy:
    """The policy by which a text names what it names: the one that it was signed under last."""
    return policy_named(session, next(reversed(document.signed()), None))


def class_name(policy: Policy, language: str, class_id: str) -> str:
    """A class as printed."""
    known = policy.classes.get(class_id)
    return class_id if known is None else known.name.of(language)


def status_word(one: Listed, language: str) -> str:
    """What a revision is, as printed."""
    return status_text(one).of(language)


def paper_facts(legacy: Legacy | None, language: str) -> list[tuple[Text, str]]:
    """What the paper of a legacy revision says, all of it: it is signed, and attested only."""
    if legacy is None:
        return []
    named = (f"{PAPER_DAYS[name].of(language)} {day}" for name, day in days(legacy))
    said = Text("，", ", ").of(language).join(named)
    told = [
        (Text("代录（体系建立前）", "Attested, from before"), said),
        (Text("原批准人", "Approved then by"), legacy.by),
    ]
    return told + [(Text("凭证", "Evidence"), digest) for digest in legacy.evidence]


def paper_json(legacy: Legacy | None) -> dict[str, object] | None:
    """What a legacy revision's paper says, as JSON values."""
    if legacy is None:
        return None
    said = {name: day.isoformat() for name, day in days(legacy)}
    return {**said, "by": legacy.by, "evidence": list(legacy.evidence)}


def day_json(session: WorkSession, slot: Statement) -> str | None:
    """The organisation's day of a statement, which its time alone doesn't tell."""
    day = session.register.day(slot)
    return None if day is None else day.isoformat()


def listed_json(context: Context, one: Listed) -> dict[str, object]:
    """A listed revision as JSON values."""
    return {
        "number": one.number,
        "title": one.row.title,
        "title_en": one.row.title_en,
        "class": one.row.class_id,
        "revision": one.row.revision,
        "status": one.status.value,
        "status_word": status_word(one, context.language),
        "legacy": paper_json(one.row.legacy),
        "published": None if one.row.published is None else one.row.published.isoformat(),
        "effective": None if one.row.effective is None else one.row.effective.isoformat(),
        "owner": one.row.owner,
        "controlled": one.row.controlled,
        "copies_out": one.row.copies_out,
        "older_copies_out": one.older_copies_out,
        "path": one.row.path,
        "commit": one.row.commit,
    }
