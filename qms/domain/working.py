"""Working text: free, but honest. It decides nothing; it must not say more than is signed.

What says published is the newest released bytes; what says in review or approved has the slots
for it, over this very content; the root's policy files are those of the newest valid version
unless the next one is open.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from qms.domain.chain import REJECT
from qms.domain.document import (
    APPROVED,
    DRAFT,
    IN_REVIEW,
    PUBLISHED,
    Document,
    head_faults,
)
from qms.domain.entries import read_document
from qms.domain.judging import Judge
from qms.domain.kind import WORKING_KIND
from qms.domain.losses import document_difference
from qms.domain.policies import about_policy
from qms.domain.policy_files import POLICY_FILES, open_version
from qms.domain.recorder import lies_at
from qms.domain.register import Register
from qms.domain.revisions import (
    chain_under,
    persons_fault,
    round_fault,
    seats_fault,
    signatures_fault,
    signed_by_step,
)
from qms.findings import Finding, Place, Refused
from qms.formats.canonical_json import FORBIDDEN
from qms.formats.digests import sha256
from qms.formats.paths import document_path, parse_path
from qms.formats.tree import FILE, Entry, Tree


def working_faults(
    judge: Judge, tree: Tree, path: str, register: Register, at: Sequence[str]
) -> Iterator[Finding]:
    """What is dishonest about the working text at `path`."""
    entry = tree.entry(path)
    if entry is None:
        yield from _absent(path, register, tree)
        return
    if entry.mode != FILE:
        return  # named where the modes of all files are looked at
    document = _as_released(path, entry, register) or read_document(tree, path, entry)
    if isinstance(document, Finding):
        newest = _newest_at(path, register)
        typed = document.code.startswith(("FIELD-", "YAML-TYPE"))
        every = head_faults(tree.blob(entry.id)) if typed else ()
        if newest is None and len(every) > 1:
            yield from (fault.at(path=path) for fault in every)
        else:
            yield replace(document, about=newest or document.about)
        return
    if not lies_at(path, WORKING_KIND, document):
        values = {"signed": document.about, "found": path, "person": "-", "act": "-"}
        yield Finding("MOVED-ENTRY", Place(path), values, document.about)
        return
    if document.status == PUBLISHED or (
        document.status == APPROVED and _files_at_approval(judge, document, register)
    ):
        found: Iterable[Finding] = _published(judge, document, entry.id, register)
    else:
        found = _unfinished(judge, document, register, at)
    try:
        for fault in (*found, *_assets(tree, document), *_hidden(document, tree, entry)):
            yield replace(fault.at(path=path), about=document.about)
    except Refused as refused:
        yield replace(refused.finding.at(path=path), about=document.about)


def _has_moved(tree: Tree, number: str) -> bool:
    """Whether the working text lies under another class: the next revision changes it."""
    return any(
        tree.entry(document_path(class_id, number)) is not None
        for class_id in tree.folder("documents")
    )


def _as_released(path: str, entry: Entry, register: Register) -> Document | None:
    """The newest released revision where its very bytes stand here: it need not be read again."""
    newest = register.newest(parse_path(path).number)
    return newest.document if newest is not None and newest.blob == entry.id else None


def _absent(path: str, register: Register, tree: Tree) -> Iterator[Finding]:
    newest = register.newest(parse_path(path).number)
    if newest is not None:
        document = newest.document
        if document_path(document.class_id, document.number) == path and not _has_moved(
            tree, document.number
        ):
            values = {"number": document.number, "revision": document.revision}
            yield Finding("DOC-MISSING", Place(path), values, document.about)


def _newest_at(path: str, register: Register) -> str | None:
    newest = register.newest(parse_path(path).number)
    return None if newest is None else newest.document.about


def _files_at_approval(judge: Judge, document: Document, register: Register) -> bool:
    """Whether the class's chain has no publish step, so that `approved` says released."""
    policy = register.newest_policy
    if policy is None:
        return False
    try:
        return judge.answers.chain(policy.policy, document).last.act != "publish"
    except Refused:
        return False


def _published(
    judge: Judge, document: Document, blob: str, register: Register
) -> tuple[Finding, ...]:
    values = {"number": document.number, "revision": document.revision}
    entries = register.released(document.number)
    newest = entries[-1] if entries else None
    same = register.revision(document.number, document.revision)
    if same is None or newest is None:
        steps = ", ".join(slot.step for slot in document.slots if slot.signed is None) or "-"
        return (Finding("DOC-UNAPPROVED", values=values | {"steps": steps}),)
    if any(entry.blob == blob for entry in entries[-2:] if entry.base == newest.base):
        return ()
    difference = document_difference(judge, same.document, document)
    if difference is not None:
        return (difference,)
    if same is not newest:
        return (Finding("DOC-OLD", values=values | {"newest": newest.document.revision}),)
    return ()


def _unfinished(
    judge: Judge, document: Document, register: Register, at: Sequence[str]
) -> Iterator[Finding]:
    values = {"number": document.number, "revision": document.revision}
    if register.revision(document.number, document.revision) is not None:
        yield Finding("REVISION-REUSE", values=values)
        return
    standing = {slot.id for slot in document.slots if slot.signed is not None}
    for rejection in register.rejections(*document.key):
        if rejection.slot.id not in standing:
            slot = rejection.slot
            told = {"step": slot.step, "person": slot.person, "at": slot.at or "-"}
            yield Finding("ROUND", values=values | told)
            return
    if document.status == DRAFT and not document.signed():
        return
    if document.status == DRAFT and document.rejected() is not None:
        yield from _ended(judge, document, register)
        return
    if document.status == DRAFT:
        yield Finding("STATUS-STALE", Place(field="status"), values | {"found": document.status})
        return
    policy = register.newest_policy
    fault = signatures_fault(judge, document, register, at, "APPROVAL-MISMATCH")
    if fault is None and policy is not None:
        try:
            fault = seats_fault(judge, document, document.signed(), register) or persons_fault(
                judge.answers.chain(policy.policy, document),
                document.signed(),
                policy.policy,
                whole=False,
            )
        except Refused as refused:
            fault = refused.finding
    if fault is not None:
        yield fault
        return
    yield from _claim(judge, document, register)


def _ended(judge: Judge, document: Document, register: Register) -> Iterator[Finding]:
    """What is dishonest about a round that a reject ended; the text may have changed since."""
    for index, slot in enumerate(document.slots):
        if slot.signed is None:
            continue
        if slot.act == REJECT:
            fault = judge.rejection(slot, register)
        else:
            fault = judge.ended_round(slot, "document", register)
        if fault is not None:
            yield fault.at(field=f"approvals.{index}")
            return
    of_this_text = [
        slot
        for slot in document.signed()
        if slot.signed is not None and slot.signed.content == document.content
    ]
    fault = seats_fault(judge, document, of_this_text, register) or round_fault(document)
    if fault is not None:
        yield fault


def _claim(judge: Judge, document: Document, register: Register) -> Iterator[Finding]:
    """A file that says more than its slots give; or less, which is only a warning."""
    values = {"number": document.number, "revision": document.revision}
    policy = judge.newest_cited(document.signed(), register) or register.newest_policy
    if policy is None:
        return
    earned = earned_status(judge, document, register)
    rank = (DRAFT, IN_REVIEW, APPROVED, PUBLISHED)
    if rank.index(document.status) > rank.index(earned):
        steps = ", ".join(s.step for s in document.slots if s.signed is None) or "-"
        yield Finding("DOC-UNAPPROVED", Place(field="status"), values | {"steps": steps})
    elif document.status != earned:
        yield Finding("STATUS-STALE", Place(field="status"), values | {"found": document.status})


def earned_status(judge: Judge, document: Document, register: Register) -> str:
    """The word that a document's slots give it: draft, in-review or approved (format: echo)."""
    slots = document.signed()
    policy = judge.newest_cited(slots, register)
    if policy is None or document.rejected() is not None or not slots:
        return DRAFT
    chain = chain_under(judge, document, policy.policy, register)
    missing = [
        step for step, _ in chain.missing(signed_by_step(slots, chain)) if step.act != "publish"
    ]
    return IN_REVIEW if missing else APPROVED


def _assets(tree: Tree, document: Document) -> Iterator[Finding]:
    """Pictures of a text in review or approved; those of a published one lie in released/."""
    if document.status not in (IN_REVIEW, APPROVED):
        return
    for asset in document.assets:
        place = Place(asset.path)
        try:
            data = tree.read(asset.path)
        except Refused as refused:
            yield refused.finding.at(path=asset.path)
            continue
        if data is None:
            yield Finding("ASSET-MISSING", place, {"asset": asset.path})
        elif sha256(data) != asset.sha256:
            yield Finding("ASSET-CHANGED", place, {"asset": asset.path})


def _hidden(document: Document, tree: Tree, entry: Entry) -> Iterator[Finding]:
    """A character in the body that shows another text than the one that is signed, or none."""
    body = document.body.replace("\n", " ").replace("\t", " ")
    match = None if body.isprintable() else FORBIDDEN.search(body)
    if match is not None:
        above = tree.blob(entry.id).count(b"\n") - document.body.count("\n")
        line = above + document.body.count("\n", 0, match.start()) + 1
        yield Finding("UNICODE", Place(line=line), {"found": f"U+{ord(match[0]):04X}"})


def _is_content(tree: Tree, path: str, digest: str) -> bool:
    """Whether a file has this content; what is too large to be read has another."""
    try:
        data = tree.read(path)
    except Refused:
        return False
    return data is not None and sha256(data) == digest


def policy_file_faults(tree: Tree, register: Register) -> Iterator[Finding]:
    """The root's policy files against the newest valid version (POLICY-FILE)."""
    newest = register.newest_policy
    if newest is None:
        return
    try:
        opened = tree.read("policy.yaml")
    except Refused as refused:
        yield refused.finding
        return
    if opened is not None and open_version(opened) == newest.version + 1:
        return
    values = {"version": str(newest.version), "next": str(newest.version + 1)}
    about = about_policy(newest.version)
    for name, blob in zip(POLICY_FILES, newest.blobs, strict=True):
        entry = tree.entry(name)
        if entry is None or entry.id != blob or entry.mode != FILE:
            yield Finding("POLICY-FILE", Place(name), values | {"name": name}, about)
    for name, digest in newest.listed.items():
        if not _is_content(tree, name, digest):
            yield Finding("POLICY-FILE", Place(name), values | {"name": name}, about)
