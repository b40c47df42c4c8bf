"""Beginning a docs repo: the template's files, the first manifest, people's keys."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from qms.domain.kinds.near import close_to
from qms.domain.kinds.pins import BUNDLED, PluginPin
from qms.findings import Finding, Place, QmsError, Refused, refused
from qms.formats import caps
from qms.formats.cut import check_bytes
from qms.formats.sshsig import PublicKey
from qms.jobs.policies.policy_rounds import first_manifest
from qms.jobs.sessions.refusals import refusal
from qms.jobs.sessions.work_session import WorkSession
from qms.resources import template_folder
from qms.storage.files import read_linked
from qms.storage.workfolder import remove_work_file, write_work_file
from qms.texts import Text

TRUNK: Final = "main"
"""The shared trunk as the template's qms.yaml names it."""


def copy_template(session: WorkSession) -> int:
    """Copy the template into a repo that has no people.yaml yet; how many files that were.

    Never overwrites a file that is there. Raises `Refused` BRANCH-NOT-TRUNK where the first
    commit would go to another branch than the trunk: nothing could be signed after it; `QmsError`
    TEMPLATE-FAILED where something lies in the way of a file, and what `writing` raises.
    """
    root = session.repository.root
    if root is None:
        raise refused("NO-WORK-TREE")
    if (root / "people.yaml").exists():
        return 0
    branch = session.repository.branch()
    if session.repository.head() is None and branch != TRUNK:
        raise refused("BRANCH-NOT-TRUNK", branch=branch or "-", trunk=TRUNK)
    source = template_folder()
    files = sorted(p.relative_to(source) for p in source.rglob("*") if p.is_file())
    missing = [path for path in files if not (root / path).exists()]
    if not session.dry_run:
        scratch = session.repository.git_dir
        with session.writing(), _all_or_nothing(root) as written:
            for path in missing:
                data = (source / path).read_bytes()
                write_work_file(root, path.as_posix(), data, scratch)
                written.append(path.as_posix())
    return len(missing)


@contextmanager
def _all_or_nothing(root: Path) -> Generator[list[str], None, None]:
    """A span that adds files to `root`: where it ends badly, none of them stays.

    Raises `QmsError` TEMPLATE-FAILED where something else lies in their way.
    """
    written: list[str] = []
    try:
        yield written
    except BaseException as error:
        for path in written:
            remove_work_file(root, path)
        if isinstance(error, Refused):
            found = error.finding
            values = {"folder": str(root), "reason": f"{found.values['found']} ({found.code})"}
            raise QmsError(Finding("TEMPLATE-FAILED", values=values)) from error
        raise


def new_manifest(session: WorkSession, role: str, need: int) -> bytes:
    """The policy.yaml of version 1, not signed yet; refused where a policy is filed."""
    if session.repository.head() is not None and session.register.newest_policy is not None:
        version = str(session.policy.version)
        raise Refused(Finding("POLICY-EXISTS", Place("policy"), {"version": version}))
    return first_manifest(tuple(map(PluginPin, sorted(BUNDLED))), role, need)


def add_key(session: WorkSession, person: str, public_key: str) -> None:
    """Add a public key to a person's row in people.yaml.

    Rows are edited as text, so that comments and order stay. Raises `Refused` ID-UNKNOWN,
    KEY-TAKEN, ROOT-FILE-MISSING, and BYTES-… where people.yaml is no text as it must be; `QmsError`
    FILE-UNREADABLE where it is larger than it may be.
    """
    with session.writing():
        _add_key(session, person, public_key)


def _add_key(session: WorkSession, person: str, public_key: str) -> None:
    root = session.repository.root
    if root is None:
        raise refused("NO-WORK-TREE")
    path = root / "people.yaml"
    if not path.is_file():
        raise refusal(session, Finding("ROOT-FILE-MISSING", Place("people.yaml")))
    try:
        text = check_bytes(read_linked(path, caps.POLICY_FILE))
    except OSError as error:
        values = {"why": error.strerror or ""}
        raise QmsError(Finding("FILE-UNREADABLE", Place("people.yaml"), values)) from None
    except Refused as error:
        raise Refused(error.finding.at(path="people.yaml")) from error
    key = PublicKey.parse(" ".join(public_key.split()[:2]))
    if key.text in text:
        before = re.findall(r"\bid: ([^,\s]+)", text[: text.index(key.text)])
        values = {"key": key.fingerprint, "person": before[-1] if before else "-"}
        raise Refused(Finding("KEY-TAKEN", Place("people.yaml"), values))
    row = re.search(
        rf"\bid: {re.escape(person)}[,\s].*?\bkeys: \[(.*?)\]\s*\}}?\s*$", text, re.MULTILINE
    )
    if row is None:
        known = {one: Text() for one in re.findall(r"\bid: ([^,\s]+)", text) if "." in one}
        values = {"id": person, "close": close_to(known, person)}
        raise Refused(Finding("ID-UNKNOWN", Place("people.yaml"), values))
    entry = f'{{key: "{key.text}", assurance: file}}'
    listed = f"{row[1]}, {entry}" if row[1] else entry
    start, end = row.span(1)
    if not session.dry_run:
        data = (text[:start] + listed + text[end:]).encode()
        write_work_file(root, "people.yaml", data, session.repository.git_dir)
