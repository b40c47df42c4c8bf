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
        ("GITATT~1", True),
        ("gitatt~3.", True),
        ("GITA~100", True),
        ("GI7D29~1", True),
        ("gitlab~1.yml", True),
        ("GITLAB~2.YML", True),
        ("CNB~1.YML", True),
        ("JENKIN~1", True),
        ("WORKFL~1/x.yml", True),
        ("GITHUB~1/WORKFL~1/x.yml", True),
        (".github/WO12AB~1/x.yml", True),
        ("GITATT~1.TXT", False),
        ("GITLAB~1", False),
        ("notes~1", False),
        ("GITHUB~1/CODEOW~1", False),
        (".cnb.yml", True),
        (".cnb/web_trigger.yml", True),
        (".codeup/flow.yml", True),
        (".coding-ci.yml", True),
        ("Jenkinsfile", True),
        ("ci/Jenkinsfile", False),
        (".buildkite/hooks/command", True),
        (".vscode/tasks.json", True),
        (".DevContainer/devcontainer.json", True),
        (".envrc", True),
        (".pre-commit-config.yaml", True),
        (".PRE-COMMIT-config.yaml", True),
        ("PRE-CO~1.YAM", True),
        (".lefthook.json", True),
        (".lefthook-local.toml", True),
        (".githooks/pre-commit", True),
        (".husky/pre-push", True),
        (".gitlab/agents/one/config.yaml", True),
        (".gitlab/issue_templates/a.md", False),
        (".github", False),
        (".github/workflows", False),
        (".github/CODEOWNERS", False),
        ("github/workflows/x.yml", False),
        ("a/.github/workflows/x.yml", False),
    ],
)
def test_which_files_machines_go_by(path: str, bound: bool) -> None:  # noqa: FBT001 - a table
    assert is_bound(path) is bound
