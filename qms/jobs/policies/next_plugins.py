"""A new release of a plugin: the version that lists it is signed and shared before it is in force.

One release of a distribution can be installed at a time. So whoever agrees to the next one has it,
and lacks the one that judges until then.
"""

from qms.domain.kinds.look import is_look_file
from qms.domain.kinds.policy_files import open_version, read_policy_files
from qms.findings import QmsError, Refused
from qms.formats.bound import is_bound
from qms.formats.paths import POLICY_FILES
from qms.jobs.sessions.work_session import WorkSession


def shares_only_policy(session: WorkSession) -> bool:
    """Whether this clone lacks plugins only since it has what the next version lists for them.

    And has nothing for the trunk but that version: everything else is judged by what is missing.
    """
    hooks, root = session.hooks, session.tree.read("policy.yaml")
    if not hooks.absent or hooks.findings != hooks.absent or root is None:
        return False
    if open_version(root) != session.policy_entry.version + 1:
        return False
    contents = {name: session.tree.read(name) or b"" for name in POLICY_FILES}
    found, _ = read_policy_files(contents)
    next_ones = () if found is None else found.policy.plugins
    replaced = {
        (pin.name, pin.distribution)
        for pin in next_ones
        if not pin.void and not hooks.missing([pin])
    }
    wanted = {(one.values["name"], one.values["distribution"]) for one in hooks.absent}
    return wanted <= replaced and all(map(_is_of_policy, _new_paths(session)))


def _is_of_policy(path: str) -> bool:
    named = path in POLICY_FILES or is_look_file(path) or is_bound(path)
    return named or path.startswith("policy/")


def _new_paths(session: WorkSession) -> list[str]:
    """What differs from where this clone left the trunk; no path where nobody can tell."""
    try:
        trunk = session.repository.trunk(session.trunk)
    except (Refused, QmsError):
        return [""]
    base = None if trunk is None else session.repository.merge_base(session.head, trunk)
    if base is None:
        return [""]
    return [one.path for one in session.tree.changes(session.repository.tree(base))]
