"""`qms verify`: the whole history, from the pinned root to the tip.

Every entry is judged in the commit that first brings it; nothing recorded may go; what has effect
and all rules are judged at the tip. The verdict is the same with any checkout, ref or config.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from qms.domain.kinds.limits import ROOT
from qms.domain.register.holdings import every_event, every_text
from qms.domain.register.register import Register
from qms.domain.register.times import Times
from qms.domain.register.walk import Node, Position, Walk
from qms.domain.verdict.judgement import everything
from qms.domain.verdict.question import Question
from qms.findings import UNTOLD, Finding, Place, QmsError, refused
from qms.formats.slots import Statement
from qms.installed import Found
from qms.jobs.judging.admission import standing
from qms.jobs.judging.beginnings import ROOT_FILE, beginning, descendants, other_beginnings
from qms.jobs.judging.garbage import uncollected
from qms.jobs.judging.put_back import with_undoing
from qms.jobs.judging.read_ahead import Reader, read_ahead
from qms.jobs.judging.repository_history import RepositoryHistory, earlier_states, judgement_of
from qms.jobs.judging.unknown_kinds import told_with
from qms.plugins import Hooks
from qms.storage.commits import Commit
from qms.storage.repository import Repository


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What verification found, and what it looked at."""

    root: str
    tip: str
    pinned: bool
    commits: int
    findings: tuple[Finding, ...]
    policies: int = 0
    revisions: int = 0
    texts: int = 0
    events: int = 0
    signatures: int = 0
    incidents: int = 0
    complete: bool = True
    rulebooks: tuple[int, ...] = ()
    ahead: tuple[tuple[str, Statement], ...] = ()
    """What is signed later than the machine's own clock says, whatever it was judged as of."""
    plugins: tuple[Found, ...] = ()
    """What judged: all the policies' rulebooks, and the rule halves that were loaded."""


@uncollected()
def verify(  # noqa: PLR0913 - what is looked at, by which clock, and for tests
    repository: Repository,
    *,
    root: str | None = None,
    tip: str = "HEAD",
    now: datetime | None = None,
    clock: datetime | None = None,
    today: date | None = None,
    found: tuple[Found, ...] | None = None,
) -> Report:
    """Verify the history of `tip` from the pinned commit `root` on.

    Without `root` the first commit that holds policy version 1 is taken, and the report says so;
    where the history has another beginning besides, nobody can tell which one is meant.
    `now` is the clock, for one thing alone: what is signed ahead of it has no effect yet. Rules
    read no day but a `today` that is handed in. `clock` is the machine's own: what is
    signed ahead of it is told beside the verdict. `found` are the installed plugins, for tests.
    Raises `QmsError` NO-COMMIT, ROOT; `Refused` ROOT-FORM, ROOT-ABSENT.
    """
    if root is not None:
        check_root(repository, root)
    tip_id = repository.resolve(tip)
    if tip_id is None:
        raise QmsError(Finding("NO-COMMIT", values={"rev": tip}))
    if repository.is_shallow:
        return Report(
            root=root or "-",
            tip=tip_id,
            pinned=root is not None,
            commits=0,
            findings=(repository.incomplete(),),
            complete=False,
        )
    with read_ahead(repository) as ahead:
        admitted = standing(repository, repository.tree(tip_id), found).admitted
        hooks = Hooks.of(admitted, found=found)
        history = RepositoryHistory(repository)
        commits = repository.commits(tip_id)
        root_id = _root(repository, commits, root)
        judgement = judgement_of(hooks, history)
        walk = Walk(judgement.judge)
        position, visited = _walk(walk, history, commits, root_id, ahead)
    if position is None:
        raise QmsError(Finding("ROOT", Place(commit=root_id), {"version": "1"}))
    case = Question(
        position=position,
        before=None,
        paths=everything(position, hooks.kinds),
        at=(tip_id,),
        whole=True,
        now=now,
        today=today,
        older=lambda since: earlier_states(commits, {tip_id, *since}, repository.tree),
        states=lambda: ((commit.id, repository.tree(commit.id)) for commit in reversed(commits)),
    )
    findings = [*hooks.findings, *told_with(hooks, judgement.findings(case))]
    findings += _incidents(walk)
    if root is None:
        others = {commit.id for commit in commits} - descendants(commits, root_id)
        findings += other_beginnings(repository, commits, root_id, others)
    known = {commit.id: commit for commit in commits}
    findings = [*with_undoing(repository, findings, tip_id)]
    report = Report(
        root=root_id,
        tip=tip_id,
        pinned=root is not None,
        commits=visited,
        plugins=hooks.plugins,
        findings=tuple(_with_commit(repository, finding, known, tip_id) for finding in findings),
    )
    return replace(
        _counted(report, walk, position.register),
        ahead=tuple(_ahead(walk, position.register, clock)),
    )


def _ahead(
    walk: Walk, register: Register, clock: datetime | None
) -> Iterator[tuple[str, Statement]]:
    """Path and slot of all that is signed later than the machine's clock says."""
    times = Times(register, clock)
    signed = [(one.path, slot) for one in register.policies() for slot in one.slots]
    for entry in register.all_released():
        signed += [(entry.path, slot) for slot in entry.document.signed()]
    kinds = walk.judge.answers.kinds
    signed += [(one.path, slot) for one in every_text(register, kinds) for slot in one.signed]
    signed += [(one.path, one.slot) for one in every_event(register, kinds)]
    yield from (one for one in signed if times.is_ahead(one[1]))


def _counted(report: Report, walk: Walk, register: Register) -> Report:
    return replace(
        report,
        policies=len(register.policies()),
        revisions=sum(1 for _ in register.all_released()),
        texts=sum(1 for _ in every_text(register, walk.judge.answers.kinds)),
        events=sum(1 for _ in every_event(register, walk.judge.answers.kinds)),
        signatures=walk.judge.verified,
        incidents=len(walk.incidents),
        rulebooks=tuple(sorted({entry.policy.rulebook for entry in register.policies()})),
        complete=not any(finding.reason in UNTOLD for finding in report.findings),
    )


def _incidents(walk: Walk) -> Iterator[Finding]:
    """One INCIDENT for each span of commits without an entry, also where that is three files."""
    spans: set[tuple[str, str, str]] = set()
    for one in walk.incidents:
        span = (walk.judge.answers.kinds.at(one.path).about, one.lost, one.back)
        if span not in spans:
            spans.add(span)
            yield Finding("INCIDENT", Place(one.path, commit=one.lost), {"back": one.back[:12]})


def _with_commit(
    repository: Repository, finding: Finding, commits: Mapping[str, Commit], tip: str
) -> Finding:
    """The finding with the commit that brought what lies at its path now, or took it away."""
    path = finding.place.path
    if not path or finding.place.commit:
        return finding
    path = "" if path == ROOT else path
    at, entry = tip, repository.tree(tip).entry(path)
    while True:
        parents = (one for one in commits[at].parents if one in commits)
        same = next((p for p in parents if repository.tree(p).entry(path) == entry), None)
        if same is None:
            return finding.at(commit=at)
        at = same


def check_root(repository: Repository, root: str) -> None:
    """Raises `Refused` ROOT-FORM for what is no whole id of a commit.

    It is compared as text, never looked up: a tag may bear the name of any part of an id, or in a
    repository of the other hash a whole one, and point to somebody else's history.
    """
    digits = 64 if repository.hash_name == "sha256" else 40
    if not re.fullmatch(f"[0-9a-f]{{{digits}}}", root):
        raise refused("ROOT-FORM", found=root, digits=str(digits))


def _root(repository: Repository, commits: list[Commit], root: str | None) -> str:
    if root is not None:
        if all(commit.id != root for commit in commits):
            raise refused("ROOT-ABSENT", root=root)
        if repository.tree(root).entry(ROOT_FILE) is None:
            raise QmsError(Finding("ROOT", Place(commit=root), {"version": "1"}))
        return root
    first = beginning(repository, commits)
    if first is None:
        raise QmsError(Finding("NO-POLICY", Place("policy")))
    return first


def _walk(
    walk: Walk,
    history: RepositoryHistory,
    commits: list[Commit],
    root: str,
    ahead: Reader,
) -> tuple[Position | None, int]:
    following = descendants(commits, root)
    for commit in commits:
        history.expect(commit.parents)
        if commit.id in following and commit.id != root:
            walk.expect(dict.fromkeys(commit.parents))
    position: Position | None = None
    visited = 0
    ahead.begin(walk.judge, len(commits))
    for commit in history.repository.look_ahead(commits, ahead.files):
        history.meet(commit.id, commit.parents)
        if commit.id not in following:
            continue
        parents = () if commit.id == root else commit.parents
        position = walk.visit(Node(commit.id, parents, history.repository.tree(commit.tree)))
        visited += 1
    return position, visited
