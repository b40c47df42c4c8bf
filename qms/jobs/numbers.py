"""Which document somebody means by what they typed."""

from collections.abc import Iterable
from difflib import get_close_matches

from qms.domain.kinds.policy import Policy
from qms.domain.register.register import Register
from qms.domain.verdict.state import numbers_in_use
from qms.findings import Finding, Refused
from qms.formats.paths import parse_path
from qms.formats.tree import Tree
from qms.plugins import Hooks


def known_numbers(register: Register, tree: Tree) -> dict[str, str]:
    """All numbers of released documents and of working texts, with their class."""
    return {number: uses[0].class_id for number, uses in numbers_in_use(register, tree).items()}


def find_number(hooks: Hooks, policy: Policy, register: Register, tree: Tree, text: str) -> str:
    """The canonical number of the document that `text` names.

    As it is written in the files, as a twin or printed form of its class (``jd/qma—2006``), as a
    path, or as the end of exactly one number. Raises `Refused` NUMBER-UNKNOWN with what is close.
    """
    known = known_numbers(register, tree)
    if text in known:
        return text
    named = parse_path(text).number
    if named in known:
        return named
    for spelled in _spellings(hooks, policy, text):
        if spelled in known:
            return spelled
    ends = [number for number in known if number.lower().endswith(text.lower())]
    if len(ends) == 1:
        return ends[0]
    close = ends or get_close_matches(text, known, n=3)
    raise Refused(
        Finding("NUMBER-UNKNOWN", values={"found": text, "close": ", ".join(close) or "-"})
    )


def _spellings(hooks: Hooks, policy: Policy, text: str) -> Iterable[str]:
    for class_id in policy.classes:
        try:
            yield hooks.numbering(policy, class_id).canonical(text)
        except Refused:
            continue
