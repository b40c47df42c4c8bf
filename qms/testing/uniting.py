"""Uniting the registers of two branches: nothing recorded goes, twins lie beside each other.

What plain `git merge` leaves as a conflict, or mixes, is laid by what it means: a released file or
a policy version whose place is taken goes beside it, lists get the events of both. Texts and root
files that both changed are those of the current branch.
"""

from qms.domain.kinds.document import Document
from qms.domain.kinds.reading import parsed_document
from qms.formats import cut, slots
from qms.formats.paths import POLICY_FILES
from qms.formats.slots import Statement
from qms.testing.built_history import File, Files
from qms.testing.repo import DocsRepo

REGISTER = ("released/", "copies/", "policy/")


def united(repo: DocsRepo, branch: str, *, swap: bool = False) -> str:
    """Merge another branch's register into the current one's; gives the commit.

    `swap` makes the other branch the first parent.
    """
    theirs_id = repo.history.branches.get(branch, branch)
    ours, theirs = dict(repo.history.files(repo.tip)), repo.history.files(theirs_id)
    base_id = repo.history.merge_base(repo.tip, theirs_id)
    base: Files = {} if base_id is None else repo.history.files(base_id)
    merged: dict[str, File] = dict(ours)
    for path, file in theirs.items():
        if not path.startswith(REGISTER):
            beside = POLICY_FILES if path in POLICY_FILES else (path,)
            if all(one not in ours or ours[one] == base.get(one) for one in beside):
                merged[path] = file
        elif path not in ours:
            merged[path] = file
        elif _differs(path, ours, theirs):
            place, data = _beside(path, ours[path].data, file.data, theirs)
            merged[place] = File(data, file.mode)
    parents = (theirs_id, repo.tip) if swap else (repo.tip, theirs_id)
    return repo.commit_files(parents, merged, f"Unite with {branch}")


def _differs(path: str, ours: Files, theirs: Files) -> bool:
    """Whether a file is another one there; of a policy version, whether any of its files is."""
    folder = path.rpartition("/")[0]
    beside = [one for one in theirs if one.startswith(f"{folder}/")]
    paths = beside if path.startswith("policy/") else [path]
    return any(one not in ours or ours[one].data != theirs[one].data for one in paths)


def _beside(path: str, ours: bytes, theirs: bytes, files: Files) -> tuple[str, bytes]:
    if path.endswith(".md"):
        return f"{path.removesuffix('.md')}~{_last(parsed_document(theirs))}.md", theirs
    if path.startswith("policy/"):
        folder, _, name = path.rpartition("/")
        manifest = cut.cut_yaml(files[f"{folder}/policy.yaml"].data)
        last = slots.statements_in(slots.parse_tail(manifest.tail).slots)[-1]
        return f"{folder}~{_digits(last)}/{name}", theirs
    mine = _events(ours)
    known = {slot.id for slot in mine}
    more = (s for s in _events(theirs) if s.id not in known)
    tail = slots.render_tail(slots.Tail("log", (*mine, *more), log=True))
    return path, cut.with_tail(ours, tail)


def _last(document: Document) -> str:
    return _digits(max(document.signed(), key=lambda slot: int(slot.step)))


def _events(data: bytes) -> tuple[Statement, ...]:
    return slots.statements_in(slots.parse_tail(cut.cut_yaml(data).tail).slots)


def _digits(slot: Statement) -> str:
    return slot.id.partition(":")[2][:16]
