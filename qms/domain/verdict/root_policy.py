"""The policy's files at the root: those of the version that stands, or an open next one.

An open version changes nothing until it stands. What people read of it may lie there unsigned, and
so may its look, which pages take from the version in force; what a machine goes by at once (CI
files, attributes) only as far as a keeper has signed it.
"""

from collections.abc import Iterable, Iterator, Sequence

from qms.domain.kinds.look import is_look_file
from qms.domain.kinds.policy_files import OpenFile, open_file, open_version
from qms.domain.library.effect import Effects
from qms.domain.register.policies import about_policy, valid_agreements
from qms.domain.register.register import PolicyEntry, Register
from qms.domain.register.statement_holds import Judge
from qms.findings import Finding, Place, Reason, Refused
from qms.formats.bound import bound_files, short_names
from qms.formats.digests import sha256
from qms.formats.paths import POLICY_FILES
from qms.formats.tree import FILE, Tree


def policy_file_faults(tree: Tree, effects: Effects, at: Sequence[str]) -> Iterable[Finding]:
    """The root's policy files, and what they bind, against the newest valid version.

    POLICY-FILE for each that differs, POLICY-UNLISTED for what machines go by and it doesn't list.
    `at` are the commits that hold `tree`. While nothing decides between two versions, the files
    may be those of either.
    """
    newest, rivals = effects.policy, effects.policies.rivals
    if newest is None:
        return
    try:
        opened = tree.read("policy.yaml")
    except Refused as refused:
        yield refused.finding
        return
    followed = (newest, *rivals)
    names: list[str] = []
    is_next = opened is not None and open_version(opened) in {one.version + 1 for one in followed}
    if not is_next and not _is_rival(tree, rivals):
        names += [name for name in POLICY_FILES if not is_policy_file(tree, effects, name)]
    odd = [name for name in newest.listed if not _is_one_of(tree, name, followed)]
    unlisted = [
        name
        for name in _unlisted(tree, newest)
        if not any(_is_listed(tree, name, one) for one in followed)
    ]
    proposed = open_file(opened or b"") if is_next else None
    if proposed is not None:
        odd = [n for n in odd if not (is_look_file(n) and _is_bound(tree, n, proposed))]
    if (odd or unlisted) and is_next:
        covered = _agreed(effects.judge, opened or b"", followed, effects.register, at)
        if covered is not None:
            odd = [name for name in odd if not _is_bound(tree, name, covered)]
            unlisted = [name for name in unlisted if not _is_listed(tree, name, covered)]
    values = {"version": str(newest.version), "next": str(newest.version + 1)}
    for name in (*names, *odd):
        # Each bound file is put back by itself; the policy's own three are one policy.
        about = name if name in odd else about_policy(newest.version)
        yield Finding(
            "POLICY-FILE", Place(name), values | {"name": name}, about, Reason.NOT_AS_LISTED
        )
    for name in unlisted:
        yield Finding(
            "POLICY-UNLISTED", Place(name), values | {"name": name}, name, Reason.UNLISTED
        )


def _unlisted(tree: Tree, version: PolicyEntry) -> Iterator[str]:
    """What machines go by in a tree, and a version says nothing of."""
    found = dict.fromkeys((*bound_files(tree), *short_names(tree, version.listed)))
    return (name for name in found if name not in version.listed)


def is_policy_file(tree: Tree, effects: Effects, name: str) -> bool:
    """Whether a file at the root is that of the newest valid version."""
    newest = effects.policy
    if newest is None:
        return False
    if name not in POLICY_FILES:
        return name in newest.listed and _is_content(tree, name, newest.listed[name])
    entry, place = tree.entry(name), POLICY_FILES.index(name)
    filed = {one.blobs[place] for one in effects.register.filed(newest)}
    return entry is not None and entry.id in filed and entry.mode == FILE


def _agreed(
    judge: Judge,
    policy_yaml: bytes,
    followed: Iterable[PolicyEntry],
    register: Register,
    at: Sequence[str],
) -> OpenFile | None:
    """The open version, where a keeper of the version that it follows has signed it."""
    opened = open_file(policy_yaml)
    if opened is None:
        return None
    signed = (valid_agreements(judge, opened, before, register, at) for before in followed)
    return opened if any(signed) else None


def _is_one_of(tree: Tree, name: str, versions: Iterable[PolicyEntry]) -> bool:
    """Whether a bound file is as one of the versions has it, or not there where one binds none."""
    return any(_is_bound(tree, name, one) for one in versions)


def _is_bound(tree: Tree, name: str, version: PolicyEntry | OpenFile) -> bool:
    digest = version.listed.get(name)
    return tree.entry(name) is None if digest is None else _is_content(tree, name, digest)


def _is_listed(tree: Tree, name: str, version: PolicyEntry | OpenFile) -> bool:
    """Whether a version lists what lies there. It may lie deeper than anybody reads."""
    digest = version.listed.get(name)
    return digest is not None and _is_content(tree, name, digest)


def _is_content(tree: Tree, path: str, digest: str) -> bool:
    """Whether a file has this content; what is too large to be read has another."""
    try:
        data = tree.read(path)
    except Refused:
        return False
    return data is not None and sha256(data) == digest


def _is_rival(tree: Tree, rivals: Iterable[PolicyEntry]) -> bool:
    """Whether the root's files are those of a version in a fork that nothing decided."""
    files = tuple(tree.entry(name) for name in POLICY_FILES)
    found = tuple("" if one is None or one.mode != FILE else one.id for one in files)
    return any(found == one.blobs for one in rivals)
