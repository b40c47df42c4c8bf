"""From a request of the core to a sheet: names, roles and words as they are printed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from qms.api import CORE_ACTS, Policy, RenderRequest, Statement, Text, printed_time
from qms_publish.sheet import Language, Sheet, SignatureLine

_PRINTED: Final = frozenset({"prepare", "review", "co-sign", "approve", "publish"})
MEANINGS: Final = {
    act.name: Text(act.called("zh"), act.meaning.capitalize())
    for act in CORE_ACTS
    if act.name in _PRINTED
}
"""What the signatures that a page bears are called there."""
STATUS: Final = {
    "draft": Text("草稿", "Draft"),
    "in-review": Text("审批中", "In review"),
    "approved": Text("已批准（待发布）", "Approved"),
    "published": Text("已发布", "Published"),
}
_OBSOLETE: Final = Text("作废", "Obsolete")
_UNKNOWN: Final = Text()


def sheet_of(request: RenderRequest) -> Sheet:
    """Everything that the base PDF of this revision prints."""
    document, policy = request.document, request.policy
    language: Language = "en" if request.language == "en" else "zh"
    found = policy.classes.get(document.class_id)
    owner = policy.departments.get(document.owner)
    class_name = request.class_name or (_UNKNOWN if found is None else found.name)
    meanings = {**MEANINGS, **request.act_words}
    return Sheet(
        number=document.number,
        revision=document.revision if request.edition is None else request.edition,
        revision_text=_words(request.revision_text),
        title=document.title,
        company=_words(policy.organisation.name),
        class_name=_words(class_name),
        owner=owner.name.of(language) if owner is not None else document.owner,
        controlled=document.controlled,
        status=_status(request),
        body=document.body,
        display_number=request.display_number,
        title_en=document.title_en or "",
        language=language,
        second_code=document.second_code or "",
        standards=tuple(one for one in (document.standard, *document.clauses) if one),
        signatures=tuple(_signatures(request, language)),
        acts=tuple((act, meanings[act]) for act in request.acts if act in meanings),
        amendments=request.amendments,
        published=request.published,
        effective=request.effective,
        paper=document.legacy,
        assets=request.assets,
        path=request.path,
        body_line=request.line,
        glyphs=request.glyphs,
        look=request.look,
        is_obsolete=request.is_obsolete,
        particulars=request.particulars,
        is_document=request.edition is None,
        filing=request.filing,
    )


def _status(request: RenderRequest) -> Text:
    """The state as it is printed; nothing of what nobody signs, as a list or a notice."""
    status = request.document.status
    if request.is_obsolete:
        return _OBSOLETE
    if request.edition is not None and status == "published" and not request.document.slots:
        return _UNKNOWN
    return STATUS.get(status, Text(status, ""))


def _words(names: Text) -> Text:
    """Names in both languages, whatever a company has."""
    return Text(names.of("zh"), names.of("en"))


def _signatures(request: RenderRequest, language: Language) -> Iterator[SignatureLine]:
    document = request.document
    dated = zip(document.statements, request.days, strict=False)
    days = {slot.id: day for slot, day in dated}
    known = zip(document.statements, request.policies, strict=False)
    policies = {slot.id: policy for slot, policy in known}
    for slot in document.signed():
        meaning = request.act_words.get(slot.act) or MEANINGS.get(slot.act)
        if meaning is not None:
            line = _signature(slot, meaning, policies.get(slot.id), language)
            # A statement whose policy isn't there has no day: it is shown as an instant.
            yield replace(line, day=str(days.get(slot.id) or line.at))


def _signature(
    slot: Statement, meaning: Text, policy: Policy | None, language: Language
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
        at=printed_time(slot.at),
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
