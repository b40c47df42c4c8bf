"""A working text that does not lie where its head says, by what somebody did to get it there.

Where nobody signed it, most often the head is wrong and not the place: a class that there isn't,
a number in another spelling, a copy that kept its number.
"""

from dataclasses import replace

from qms.domain.kinds.answers import Answers
from qms.domain.kinds.document import Document
from qms.domain.kinds.kind import WORKING_KIND
from qms.domain.kinds.near import is_same_number, near
from qms.domain.kinds.own_place import moved
from qms.domain.kinds.policy import Policy
from qms.findings import Finding, Place, Refused, ShellText, shell_word
from qms.formats.paths import Governed, document_path, parse_path
from qms.formats.tree import Tree


def misplaced_text(
    answers: Answers, policy: Policy | None, tree: Tree, path: str, document: Document
) -> Finding:
    """What is wrong with the head or the place of a working text that its head puts elsewhere."""
    found = moved(tree, path, WORKING_KIND, document)
    at = parse_path(path)
    if document.signed() or policy is None or not at.number:
        return found
    told = _in_head(answers, policy, tree, at, document)
    return found if told is None else replace(told.at(path=path), about=document.about)


def _in_head(
    answers: Answers, policy: Policy, tree: Tree, at: Governed, document: Document
) -> Finding | None:
    names = {one.id: one.name for one in policy.classes.values()}
    if document.class_id not in names:
        values = {"class": document.class_id, "known": near(names, document.class_id)}
        return Finding("CLASS-UNKNOWN", Place(field="class"), values)
    values = {"number": document.number, "meant": at.number, "class": document.class_id}
    if document.class_id == at.class_id:
        if is_same_number(document.number, at.number):
            is_right = _fits(answers, policy, at.class_id, at.number)
            return Finding("HEAD-NUMBER", Place(field="number"), values) if is_right else None
        return _copied(answers, policy, tree, at, document)
    if document.number == at.number and at.class_id in names:
        place = document_path(document.class_id, document.number)
        if tree.entry(place) is None and not _fits(
            answers, policy, document.class_id, document.number
        ):
            return Finding("HEAD-CLASS", Place(field="class"), values | {"folder": at.class_id})
    return None


def _copied(
    answers: Answers, policy: Policy, tree: Tree, at: Governed, document: Document
) -> Finding | None:
    """NUMBER-COPIED where the number's own text lies there beside this one."""
    other = document_path(document.class_id, document.number)
    if tree.entry(other) is None:
        return None
    is_right = _fits(answers, policy, at.class_id, at.number)
    away = ShellText(f"rm {shell_word(at.path)}")
    if not is_right:
        return None
    values = {"number": document.number, "other": other, "own": at.number, "away": away}
    return Finding("NUMBER-COPIED", Place(field="number"), values)


def _fits(answers: Answers, policy: Policy, class_id: str, number: str) -> bool:
    """Whether a class may have this number, as far as anybody knows."""
    try:
        return answers.numbering(policy, class_id).fault(number) is None
    except Refused:
        return True
