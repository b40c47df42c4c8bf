"""The plan of a publishing run: what is printed, and what the printers are handed."""

from pathlib import Path

from qms.installed import TOOLS
from qms.jobs.check import Checker
from qms.jobs.prints import Wanted, plan
from qms.jobs.session import WorkSession
from qms.plugins import Hooks
from qms.printing import RenderRequest
from qms.storage.repository import Repository
from qms.testing import DocsRepo


def silent(*_: object, **__: object) -> None:
    """Nothing is printed."""


def requests(docs: DocsRepo) -> dict[str, RenderRequest]:
    """What the renderer is handed for each number, drafts too."""
    with Repository.find(docs.lay_out()) as repository:
        session = WorkSession(
            repository=repository, hooks=docs.hooks, now=docs.now, language="zh",
            checker=Checker.of(repository, docs.hooks), key=None, dry_run=False,
            speak=silent, show=silent,
        )  # fmt: skip
        prints = plan(session, Wanted(drafts=True), Hooks(session.policy.plugins, (TOOLS,)))
        return {one.request.document.number: one.request for one in prints}


def test_a_draft_comes_with_what_its_own_chain_asks_for(tmp_path: Path) -> None:
    """DC-04: the form for signatures follows the chain of the class, with and without a review."""
    docs = DocsRepo.make(tmp_path / "docs")
    docs.draft("LX-WI-01")
    docs.draft("LX-CX-01")
    docs.commit("Two drafts")

    acts = {number: request.acts for number, request in requests(docs).items()}

    assert acts["LX-WI-01"] == ("prepare", "approve", "publish")
    assert acts["LX-CX-01"] == ("prepare", "review", "approve", "publish")


def test_what_is_in_force_is_printed_as_it_was_signed(tmp_path: Path) -> None:
    """A later chain adds no empty line to it."""
    docs = DocsRepo.make(tmp_path / "docs")
    docs.release("LX-WI-01")

    assert requests(docs)["LX-WI-01"].acts == ()
