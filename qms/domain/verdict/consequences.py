"""What does not hold only because something else does not: one cause, one finding.

A policy that is not valid takes along all that was signed under it and every later version; a
revision that is not released takes along what follows it and its copies.
"""

from collections.abc import Mapping
from typing import NamedTuple

from qms.domain.kinds.recorded import POLICY, RELEASED
from qms.findings import Finding, QmsError, Reason
from qms.formats import cut
from qms.formats.paths import parse_path
from qms.formats.tree import Tree


class Consequences(NamedTuple):
    """Failing paths that need not be told, what they are about, and the policies behind them."""

    paths: frozenset[str]
    abouts: frozenset[str]
    policies: frozenset[str]

    def is_one(self, finding: Finding) -> bool:
        """Whether a finding on a working text follows from a policy that is not valid."""
        return finding.reason is Reason.NO_POLICY and finding.values.get("policy") in self.policies


def consequences(failing: Mapping[str, Finding], tree: Tree) -> Consequences:
    """What of `failing` follows from another entry of it that stands in `tree` as well."""
    standing = {path: finding for path, finding in failing.items() if tree.entry(path) is not None}
    policies, versions, revisions = _causes(standing, tree)
    found: dict[str, Finding] = {}
    for path, finding in standing.items():
        governed = parse_path(path)
        number, values = governed.number, finding.values
        match finding.reason:
            case Reason.NO_POLICY:
                follows = values.get("policy") in policies
            case Reason.NO_VERSION_BEFORE:
                follows = governed.version - 1 in versions
            case Reason.NO_BASE:
                base = values.get("base", values.get("revision", ""))
                follows = (number, base) in revisions
            case _:
                follows = False
        if follows:
            found[path] = finding
    abouts = frozenset(finding.about for finding in found.values() if finding.about)
    return Consequences(frozenset(found), abouts, frozenset(policies))


def _causes(
    standing: Mapping[str, Finding], tree: Tree
) -> tuple[set[str], set[int], set[tuple[str, str]]]:
    """Contents and versions of policies that fail, numbers and revisions of documents."""
    policies: set[str] = set()
    versions: set[int] = set()
    revisions: set[tuple[str, str]] = set()
    for path in standing:
        governed = parse_path(path)
        if governed.kind == POLICY:
            versions.add(governed.version)
            policies |= _content(tree, f"{path.rpartition('/')[0]}/policy.yaml")
        elif governed.kind == RELEASED:
            revisions.add((governed.number, governed.revision))
    return policies, versions, revisions


def _content(tree: Tree, path: str) -> set[str]:
    """The digest by which statements name the policy in a manifest, where it can be read."""
    try:
        data = tree.read(path)
        return set() if data is None else {cut.cut_yaml(data).content}
    except QmsError:
        return set()
