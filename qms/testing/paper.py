"""A document of the time before the system: brought in as the paper stands, and the door closed."""

from typing import Final

from qms.testing.repo import DocsRepo

SHEET: Final = "LX-WI-05"
WORKING: Final = "documents/instruction/LX-WI-05.md"
FILED: Final = "released/instruction/LX-WI-05/C-3.md"
OLD: Final = (
    '{approved: 2019-03-01, effective: 2019-04-01, published: 2019-03-15, by: "张三（总经理）", '
    f'evidence: ["sha256:{"7" * 64}"]}}'
)
"""What the head says of the old approval."""


def bring(repo: DocsRepo, text: str = "旧文", revision: str = "C/3") -> str:
    """The whole chain signs a paper document as it stands; gives the commit."""
    return repo.release(SHEET, body=f"# 目的\n\n{text}\n", revision=revision, legacy=OLD)


def put(repo: DocsRepo) -> None:
    """A draft, committed on a branch."""
    repo.branch("work")
    repo.draft(SHEET, revision="C/3", legacy=OLD)
    repo.commit("Draft")


def close(repo: DocsRepo) -> None:
    """A policy by which nothing of the time before comes in any more."""
    repo.policy(keys={"floors": "{min_signers: 2, assurance: file, legacy: closed}"})
