"""Which plugins a tree's policy admits: read before any of their code may run.

Only what the newest policy folder *says* is read here; whether that policy holds is judged later,
with these plugins.
"""

from qms.domain.policy import PluginPin, Policy
from qms.domain.policy_files import POLICY_FILES, parse_policy
from qms.findings import Refused
from qms.formats.tree import Tree


def filed_policy(tree: Tree) -> Policy | None:
    """The newest policy in a tree's register that can be read, judged or not."""
    folders = sorted((name for name in tree.folder("policy") if name.isdecimal()), key=int)
    for folder in reversed(folders):
        contents = {name: tree.read(f"policy/{folder}/{name}") or b"" for name in POLICY_FILES}
        try:
            return parse_policy(contents).policy
        except Refused:
            continue
    return None


def pins(tree: Tree) -> tuple[PluginPin, ...] | None:
    """The plugins that the newest policy of a tree lists; None where it has no policy."""
    policy = filed_policy(tree)
    return None if policy is None else policy.plugins
