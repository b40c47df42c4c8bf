"""Keys in the head of a working text beside the core's: those of plugins, and nobody's."""

from collections.abc import Iterator
from dataclasses import replace

from qms.domain.kinds.document import HEAD, Document
from qms.domain.kinds.head_field import head_type
from qms.domain.library.effect import Effects
from qms.findings import Finding, Refused
from qms.formats.paths import parse_path
from qms.formats.schema import RecordType


def wanted_head(effects: Effects, path: str) -> RecordType:
    """The keys that the head of a text at a path may have, by the plugins in force."""
    if effects.policy is None:
        return HEAD
    class_id = parse_path(path).class_id
    return head_type(effects.judge.answers.head_fields(effects.policy.policy, class_id))


def added_key_faults(effects: Effects, document: Document, path: str) -> Iterator[Finding]:
    """What of a head, beside the core's keys, is not as the plugins in force say.

    All faults of a text whose number has no released revision; else the first one, about that. What
    was released already was judged by the policy that its signers name.
    """
    released = effects.register.named(*document.key)
    if effects.policy is None or any(one.document.content == document.content for one in released):
        return
    try:
        faults = effects.judge.answers.head_faults(effects.policy.policy, document)
    except Refused as refused:
        faults = (refused.finding,)
    newest = effects.newest(parse_path(path).number) if faults else None
    for fault in faults if newest is None else faults[:1]:
        about = fault.about if newest is None else newest.document.about
        yield replace(fault.at(path=path), about=about)
