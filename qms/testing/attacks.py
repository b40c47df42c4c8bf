"""Attacks: a change that nobody may get away with, and the one finding it must give.

An attack is proven at its gates, which are letters: ``L`` `qms check` of the work tree and of the
index before anything is committed, ``R`` the gate of a server (`qms check --step`), ``V``
`qms verify` from the pinned root. Before the attack all of them are silent; after it each gives
exactly one finding with the code and the file, `verify` also the commit, and exit code 1. Where an
attack says how the next person would sign, that is ``S``: refused with the code, nothing committed.
"""

import io
import json
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple, TypedDict, cast

from qms.findings import Finding
from qms.testing.repo import DocsRepo
from qms.testing.told_findings import Told, told

EVERYWHERE: Final = "LRV"

Make = Callable[[DocsRepo], str | None]
"""Makes an attack. What it leaves uncommitted is committed for it, after `L` was asked; else it
gives the commit that is to blame."""


class Signing(NamedTuple):
    """The command by which somebody honest would go on, and who."""

    command: str
    number: str
    by: str


APPROVE: Final = Signing("sign", "LX-WI-02", "li.si")
RELEASE: Final = Signing("release", "LX-WI-02", "wang.wu")
SUBMIT: Final = Signing("submit", "LX-WI-03", "sun.ba")


class NamedFault(NamedTuple):
    """What `verify` names: code, file and commit."""

    code: str
    path: str
    commit: str


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack. `row` is its number in the list of known attacks; `before` prepares, honestly."""

    row: str
    code: str
    path: str
    make: Make
    gates: str = EVERYWHERE
    before: Callable[[DocsRepo], object] | None = None
    also: tuple[Told, ...] = ()
    """Warnings that stay besides, such as the incident of a span without the bytes."""
    signing: Signing | None = None

    def __str__(self) -> str:
        return f"{self.row}-{self.make.__name__}"

    def prove(self, repo: DocsRepo) -> None:
        """Raises AssertionError where a gate is not silent before, or not precise after."""
        if self.before is not None:
            self.before(repo)
        clean = repo.tip
        _assert_silent(repo)
        wanted = [Told(self.code, self.path), *self.also]
        blamed = self.make(repo)
        if blamed is None:
            self._before_the_commit(repo, wanted)
            blamed = repo.commit("Attack")
        attacked = repo.tip
        if "R" in self.gates:
            _expect("gate", gate(repo, clean, repo.tip), wanted)
        if "V" in self.gates:
            code, named = verified(repo)
            _expect("verify", [Told(one.code, one.path) for one in named], wanted)
            _expect("commit", named[0].commit, blamed)
            _expect("exit code", code, 1)
        if self.signing is not None:
            answer = repo.qms(self.signing.command, self.signing.number, by=self.signing.by)
            _expect("signing", (answer.code, *answer.findings), (1, self.code))
            _expect("the tip", repo.tip, attacked)

    def _before_the_commit(self, repo: DocsRepo, wanted: list[Told]) -> None:
        if "L" not in self.gates:
            return
        pending = sorted(repo.pending.items(), key=lambda item: item[1] is not None)
        for path, file in pending:
            repo.edit(path, None if file is None else file.data, 0 if file is None else file.mode)
        _expect("check of the work tree", repo.check(), wanted)
        repo.history.git("add", "-A", "-f")
        _expect("check of the index", repo.check(index=True), wanted)


_SILENT: Final[set[str]] = set()
"""Commits whose history was found silent already: most attacks begin at the same one."""


def _assert_silent(repo: DocsRepo) -> None:
    if repo.tip not in _SILENT:
        _expect("verify before the attack", repo.verify(), [])
        _expect("check before the attack", repo.check(whole=True), [])
        _SILENT.add(repo.tip)


def _expect(where: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise AssertionError(f"{where}: {found}, wanted {wanted}")


class Attacks(list[Attack]):
    """The attacks of one file, in order, for `pytest.mark.parametrize`."""

    def add(  # noqa: PLR0913 - the fields of an attack
        self,
        row: str,
        code: str,
        path: str,
        *,
        gates: str = EVERYWHERE,
        before: Callable[[DocsRepo], object] | None = None,
        also: tuple[Told, ...] = (),
        signing: Signing | None = None,
    ) -> Callable[[Make], Make]:
        """A decorator: the function makes an attack of this row."""

        def added(make: Make) -> Make:
            self.append(Attack(row, code, path, make, gates, before, also, signing))
            return make

        return added


class _Row(TypedDict):
    code: str
    path: str
    commit: str


def verified(repo: DocsRepo) -> tuple[int, list[NamedFault]]:
    """Exit code and findings of ``qms verify --root … --json`` of the current branch."""
    from qms.cli import run  # noqa: PLC0415 - only attacks need the command line

    repo.lay_out()
    with redirect_stdout(io.StringIO()) as out:
        clock = repo.now.isoformat()
        code = run(["-C", str(repo.path), "verify", "--root", repo.root, "--at", clock, "--json"])
    rows = cast("list[_Row]", json.loads(out.getvalue())["findings"])
    return code, [NamedFault(row["code"], row["path"], row["commit"]) for row in rows]


def kept_out(finding: Finding) -> bool:
    """Whether only a gate tells it: of what no clone can lay out, in whatever commit it lies."""
    if finding.code in {"CHECKOUT-PATH", "COMMIT-LARGE", "OBJECT-KIND"}:
        return True
    is_own = finding.code in {"TREE-ODD", "LIMIT"} and not finding.about
    return is_own and bool(finding.place.commit)


def gate(repo: DocsRepo, old: str, new: str) -> list[Told]:
    """What a server's gate says of the commits from `old` to `new`."""
    from qms.jobs.judging.steps import check_step  # noqa: PLC0415 - beside its only use
    from qms.storage.repository import Repository  # noqa: PLC0415

    repo.history.flush()
    with Repository.find(repo.path) as repository:
        return told(
            check_step(repository, repo.hooks, old, new, now=repo.now, one_push=True).findings
        )


def victim(path: Path) -> DocsRepo:
    """A docs repo with all that can be attacked.

    LX-CX-2026-01 is released as A/0 and A/1 and shows a picture; copies 001 and 002 of A/0 are
    out. LX-WI-01 is released as A/0, LX-WI-02 is in review with a picture, LX-WI-03 a draft.
    There are two policy versions.
    """
    repo = DocsRepo.make(path)
    repo.write("assets/flow.svg", b"<svg>flow</svg>\n")
    repo.write("assets/sheet.svg", b"<svg>sheet</svg>\n")
    repo.draft("LX-CX-2026-01", assets=repo.asset_rows("assets/flow.svg"))
    repo.commit("Draft LX-CX-2026-01")
    repo.release("LX-CX-2026-01")
    repo.release("LX-WI-01")
    repo.issue("LX-CX-2026-01", "001")
    repo.receive("LX-CX-2026-01", "001")
    repo.issue("LX-CX-2026-01", "002", "li.si")
    repo.policy(lambda company: company.with_person("wu.shi", "吴十", "quality"))
    repo.release("LX-CX-2026-01")
    repo.draft("LX-WI-02", assets=repo.asset_rows("assets/sheet.svg"))
    repo.commit("Draft LX-WI-02")
    repo.submit("LX-WI-02")
    repo.draft("LX-WI-03")
    repo.commit("Draft LX-WI-03")
    return repo


def copied(repo: DocsRepo, path: Path) -> DocsRepo:
    """An independent copy of a repo, in the place `path`: building one takes longer."""
    return replace(
        repo,
        history=repo.history.copy(path),
        companies=dict(repo.companies),
        _pending={},
        _laid="",
    )
