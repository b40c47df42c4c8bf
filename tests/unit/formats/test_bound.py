"""Which paths a machine goes by."""

import pytest

from qms.formats.bound import is_bound


@pytest.mark.parametrize(
    ("path", "bound"),
    [
        (".gitattributes", True),
        (".gitlab-ci.yml", True),
        (".GitLab-CI.yml", True),
        ("documents/.gitattributes", False),
        (".github/workflows/qms.yml", True),
        (".github/WORKFLOWS/a/b", True),
        (".github./workflows /a", True),
        (".github/actions/x/action.yml", True),
        (".workflow/x.yml", True),
        (".github", False),
        (".github/workflows", False),
        (".github/CODEOWNERS", False),
        ("github/workflows/x.yml", False),
        ("a/.github/workflows/x.yml", False),
    ],
)
def test_which_files_machines_go_by(path: str, bound: bool) -> None:  # noqa: FBT001 - a table
    assert is_bound(path) is bound
