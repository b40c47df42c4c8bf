"""Who sees to a text whose preparer can't sign any more: else it would belong to nobody."""

from qms.domain.kinds.document import Document
from qms.domain.kinds.policy import HEAD_OF
from qms.domain.library.library import Library
from qms.findings import Refused


def heirs(library: Library, document: Document) -> tuple[str, ...]:
    """Who is to find somebody for a draft that a leaver prepared; nobody where that one may sign.

    The head of the owning department, else whoever may sign the last step of its chain.
    """
    policy = library.policy
    if policy.may_sign(document.prepared_by):
        return ()
    heads = policy.holders(f"{HEAD_OF}{document.owner}", library.today)
    found = tuple(one for one in heads if policy.may_sign(one))
    if found:
        return found
    try:
        last = library.chain(document).last
    except Refused:
        return ()  # a class without a chain is told by `check`
    return tuple(one for one in last.persons if policy.may_sign(one))
