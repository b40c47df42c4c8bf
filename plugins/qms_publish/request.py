"""From a request of the core to a sheet: names, roles and words as they are printed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from qms.api import Legacy, Names, Policy, RenderRequest, Statement
from qms_publish.sheet import Amendment, Language, Paper, Sheet, SignatureLine, Words

MEANINGS: Final = {
    "prepare": Words("编制", "Prepared"),
    "review": Words("审核", "Reviewed"),
    "co-sign": Words("会签", "Co-signed"),
    "approve": Words("批准", "Approved"),
    "publish": Words("发布", "Published"),
}
STATUS: Final = {
    "draft": Words("草稿", "Draft"),
    "in-review": Words("审批中", "In review"),
    "approved": Words("已批准（待发布）", "Approved"),
    "published": Words("已发布", "Published"),
}
_UNKNOWN: Final = Names({})


def sheet_of(request: RenderRequest) -> Sheet:
    """Everything that the base PDF of this revision prints."""
    document, policy = request.document, request.policy
    language: Language = "en" if request.language == "en" else "zh"
    found = policy.classes.get(document.class_id)
    owner = policy.departments.get(document.owner)
    return Sheet(
        number=document.number,
        revision=document.revision,
        revision_text=_words(request.revision_text),
        title=document.title,
        company=_words(policy.organisation.name),
        class_name=_words(found.name if found is not None else _UNKNOWN),
        owner=owner.name.of(language) if owner is not None else document.owner,
        controlled=document.controlled,
        status=STATUS.get(document.status, Words(document.status)),
        body=document.body,
        display_number=request.display_number,
        title_en=document.title_en or "",
        language=language,
        second_code=document.second_code or "",
        standards=tuple(one for one in (document.standard, *document.clauses) if one),
        signatures=tuple(_signatures(request, language)),
        acts=tuple((act, MEANINGS[act]) for act in request.acts if act in MEANINGS),
        amendments=tuple(
            Amendment(
                revision=row.revision,
                date="" if row.day is None else row.day.isoformat(),
                summary=row.summary,
                by=row.prepared_by,
                approved_by=row.approved_by,
                change=row.change,
            )
            for row in request.amendments
        ),
        published=request.published,
        effective=request.effective,
        paper=_paper(document.legacy),
        assets=request.assets,
        path=request.path,
        body_line=request.line,
        glyphs=request.glyphs,
    )


def _paper(legacy: Legacy | None) -> Paper | None:
    if legacy is None:
        return None
    return Paper(
        approved=legacy.approved,
        published=legacy.published,
        effective=legacy.effective,
        by=legacy.by,
        evidence=legacy.evidence,
    )


def _words(names: Names) -> Words:
    return Words(names.of("zh"), names.of("en"))


def _signatures(request: RenderRequest, language: Language) -> Iterator[SignatureLine]:
    document = request.document
    dated = zip(document.statements, request.days, strict=False)
    days = {slot.id: day for slot, day in dated}
    known = zip(document.statements, request.policies, strict=False)
    policies = {slot.id: policy for slot, policy in known}
    for slot in document.signed():
        meaning = MEANINGS.get(slot.act)
        if meaning is not None:
            line = _signature(slot, meaning, policies.get(slot.id), language)
            # A statement whose policy isn't there has no day: it is shown as an instant.
            yield replace(line, day=str(days.get(slot.id) or line.at))


def _signature(
    slot: Statement, meaning: Words, policy: Policy | None, language: Language
) -> SignatureLine:
    """Who signed, as they were called when they did; nothing of it where that isn't known."""
    person = policy.persons.get(slot.person) if policy is not None else None
    line = SignatureLine(
        act=slot.act,
        meaning=meaning,
        name=slot.name,
        department="",
        title="",
        role="",
        at=_printed(slot.at),
        fingerprint=slot.key,
    )
    if policy is None or person is None:
        return line
    department = policy.departments.get(person.department)
    return replace(
        line,
        department=department.name.of(language) if department is not None else "",
        title=person.title.of(language) if person.title is not None else "",
        role=policy.role_name(slot.role, language) if slot.role is not None else "",
    )


def _printed(at: str) -> str:
    """A time as people read it, with its zone: 2026-11-20 09:00:00 +08:00."""
    return f"{at[:10]} {at[11:19]} {at[19:]}"
