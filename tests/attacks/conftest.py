"""One repo with all that can be attacked, built once; each attack gets a copy of it."""

from pathlib import Path

import pytest

from qms.testing import DocsRepo
from qms.testing.attacks import copied, victim


@pytest.fixture(scope="session")
def _victim(tmp_path_factory: pytest.TempPathFactory) -> DocsRepo:
    return victim(tmp_path_factory.mktemp("victim") / "repo")


@pytest.fixture
def repo(_victim: DocsRepo, tmp_path: Path) -> DocsRepo:
    return copied(_victim, tmp_path / "repo")


@pytest.fixture(params=[False, True], ids=["ours-first", "theirs-first"])
def swap(request: pytest.FixtureRequest) -> bool:
    """Whether a merge makes the other branch the first parent: nothing may depend on it."""
    return bool(request.param)
