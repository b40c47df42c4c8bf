"""The chain that a text which isn't released has to run through, whoever asks."""

from qms.domain.kinds.chain import Chain
from qms.domain.kinds.document import Document
from qms.domain.kinds.policy import Policy
from qms.domain.library.effect import Effects
from qms.domain.register.gone_classes import gone_class
from qms.domain.register.revisions import base_of, chain_of
from qms.findings import Refused


def open_chain(effects: Effects, document: Document, policy: Policy) -> Chain:
    """Who must sign a text under a policy, joined with the chain of what it follows.

    That is what its signatures name, or else the newest revision that has effect. Raises `Refused`
    where a class has no chain.
    """
    if document.signed():
        base = base_of(document, effects.register)
    else:
        newest = effects.newest(document.number)
        is_other = newest is not None and newest.document.key != document.key
        base = newest.document if newest is not None and is_other else None
    register = effects.register
    try:
        return chain_of(effects.judge.answers, document, policy, base, register.day)
    except Refused as error:
        raise gone_class(register, policy, error) from None
