"""Issue 8, 1: the two CI files, their commands cut out and run as a forge's runner runs them.

A checkout as the forge makes it (one commit, no branch), a HOME with nothing in it, no git config.
What a runner installs is there already: apt and pip are left out.
"""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from qms.formats.print_manifest import PrintManifest, parse_manifest
from qms.resources import template_folder
from qms.testing.keys import key
from qms.testing.office import Office

TEMPLATE = template_folder()
TEXT = "documents/work-instruction/LX-WI-02.md"
FILED = "released/work-instruction/LX-WI-01/A-0.md"
PRESS = key("press")


@dataclass
class Forge:
    """A server with the repo on it, and a clone of somebody who works."""

    office: Office
    folder: Path
    root: str

    @property
    def server(self) -> Path:
        return self.folder / "server.git"

    def push(self, branch: str, path: str, change: Callable[[str], str]) -> str:
        """A commit with one changed file on a branch, pushed; gives its id."""
        office = self.office
        office.git("switch", "-q", "-C", branch)
        office.write(path, change(office.text(path)))
        office.git("commit", "-q", "-a", "-m", "Change")
        office.git("push", "-q", "-f", "origin", branch)
        tip = office.git("rev-parse", "HEAD")
        office.git("switch", "-q", "main")
        return tip

    def trunk(self) -> str:
        return self.office.git("rev-parse", "main")


@pytest.fixture(scope="module")
def _forge(founded: Callable[[str], Office], tmp_path_factory: pytest.TempPathFactory) -> Forge:
    """LX with one work instruction in force, a draft, and a machine that signs manifests."""
    folder = tmp_path_factory.mktemp("forge")
    office = founded("lx").copy(folder)
    row = f'publishers: [{{key: "{PRESS.public_text}", name: 打印机}}]\nfiles:'
    office.edit("policy.yaml", "files:", row)
    for signer in ("gao.feng", "guan.ning"):
        office.qms("policy", "sign", by=signer)
    office.qms("new", "work-instruction", "--title", "车床", by="gong.yi")
    office.qms("submit", "LX-WI-01", by="gong.yi")
    office.qms("sign", "LX-WI-01", by="fu.yi")
    office.qms("release", "LX-WI-01", by="wen.kong")
    office.qms("new", "work-instruction", "--title", "铣床", by="gong.yi")
    office.git("add", "-A")
    office.git("commit", "-q", "-m", "Draft")
    root = office.git("log", "--format=%H", "--grep=File policy 1")
    office.git("clone", "-q", "--bare", ".", str(folder / "server.git"))
    return Forge(office, folder, root)


@pytest.fixture
def forge(_forge: Forge, tmp_path: Path) -> Forge:
    shutil.copytree(_forge.server, tmp_path / "server.git")
    office = _forge.office.copy(tmp_path)
    office.git("remote", "add", "origin", f"file://{tmp_path}/server.git")
    office.git("fetch", "-q", "origin")
    return Forge(office, tmp_path, _forge.root)


@dataclass
class Runner:
    """One job of a forge: a checkout, and what its commands see."""

    forge: Forge
    commit: str
    depth: int
    variables: Mapping[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        folder = self.forge.folder
        self.work, self.home, self.temp = folder / "work", folder / "empty", folder / "temp"
        for one in (self.work, self.home, self.temp, folder / "bin"):
            shutil.rmtree(one, ignore_errors=True)
            one.mkdir()
        program = folder / "bin" / "qms"
        python = shlex.quote(sys.executable)
        program.write_text(
            f'#!/bin/sh\nexec {python} -P -c "from qms.cli import main; main()" "$@"\n'
        )
        program.chmod(0o755)
        depth = [f"--depth={self.depth}"] if self.depth else []
        refs = (
            [f"+{self.commit}:refs/remotes/pull/7/merge"] if self.depth
            else ["+refs/heads/*:refs/remotes/origin/*", self.commit]
        )  # fmt: skip
        for command in (
            ["init", "-q", "."],
            ["config", "qms.rehearsal", "true"],  # the day is the story's
            ["remote", "add", "origin", f"file://{self.forge.server}"],
            ["fetch", "-q", "--no-tags", "--prune", *depth, "origin", *refs],
            ["checkout", "-q", "--force", "--detach", self.commit],
        ):
            subprocess.run(["git", *command], cwd=self.work, env=self.environment, check=True)

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of ours: what a runner sets, and the day of the story."""
        now = self.forge.office.now.isoformat(timespec="seconds")
        search = f"{self.forge.folder / 'bin'}:/usr/local/bin:/usr/bin:/bin"
        return {
            "PATH": search, "HOME": str(self.home), "CI": "true", "QMS_NOW": now,
            "RUNNER_TEMP": str(self.temp), "LANG": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
            **self.variables,
        }  # fmt: skip

    def run(self, scripts: Iterator[tuple[str, Mapping[str, str]]]) -> tuple[int, str]:
        """The exit code of the first command that fails, or 0; and all that was said."""
        said = ""
        for script, variables in scripts:
            done = subprocess.run(
                ["/bin/bash", "-e", "-o", "pipefail", "-c", script], cwd=self.work,
                env=self.environment | dict(variables), capture_output=True, encoding="utf-8",
                check=False, stdin=subprocess.DEVNULL,
            )  # fmt: skip
            said += done.stdout + done.stderr
            if done.returncode:
                return done.returncode, said
        return 0, said

    def printed(self, folder: Path) -> PrintManifest:
        return parse_manifest((folder / "manifest.json").read_bytes())


def github(job: str, secret: str, root: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The commands of a job of the workflow with their variables, but those that install."""
    read: Any = yaml.safe_load((TEMPLATE / ".github/workflows/qms.yml").read_text("utf-8"))
    known = {
        "${{ github.token }}": "ghs_secret", "${{ vars.QMS_ROOT }}": root,
        "${{ secrets.QMS_PUBLISH_KEY }}": secret,
    }  # fmt: skip
    for step in read["jobs"][job]["steps"]:
        script = step.get("run", "")
        if script and not ("apt-get" in script or "pip install" in script):
            assert "${{" not in script, "expressions are no text of a script"
            yield script, {name: known[text] for name, text in step.get("env", {}).items()}


def gitlab(job: str, secret: str, root: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The lines of a job's scripts, in one shell as the runner does, but those that install."""
    read: Any = yaml.safe_load((TEMPLATE / ".gitlab-ci.yml").read_text("utf-8"))
    lines = [*read[read[job]["extends"]]["before_script"], *read[job]["script"]]
    wanted = [one for one in lines if not ("apt-get" in one or "pip install" in one)]
    variables = {"QMS_ROOT": root} | ({"QMS_PUBLISH_KEY": secret} if secret else {})
    yield "\n".join(wanted), variables


FORGES = {"github": github, "gitlab": gitlab}
DEPTHS = pytest.mark.parametrize("depth", [1, 0], ids=["depth-1", "full"])
BOTH = pytest.mark.parametrize("name", FORGES)


@BOTH
@DEPTHS
def test_a_good_change_passes_and_a_bad_one_fails(forge: Forge, name: str, depth: int) -> None:
    good = forge.push("good", TEXT, lambda text: text.replace("无", "规定铣床的操作。", 1))
    bad = forge.push("bad", FILED, lambda text: text.replace("车床", "磨床"))

    found = {}
    for change in (good, bad):
        runner = Runner(forge, change, depth)
        found[change] = runner.run(FORGES[name]("check", "", forge.root))

    assert found[good][0] == 0, found[good][1]
    assert found[bad][0] not in (0, None)
    assert "DOC-CHANGED" in found[bad][1]


@BOTH
@DEPTHS
def test_the_trunk_is_published_without_a_key(forge: Forge, name: str, depth: int) -> None:
    runner = Runner(forge, forge.trunk(), depth)
    (runner.work / "published").mkdir()
    (runner.work / "published" / "forged.pdf").write_bytes(b"%PDF-1.7 forged")

    for job in ("check", "publish"):
        code, said = runner.run(FORGES[name](job, "", forge.root))
        assert code == 0, said

    folder = runner.temp / "published" if name == "github" else runner.work / "published"
    manifest = runner.printed(folder)
    assert manifest.key is None
    assert manifest.commit == f"sha1:{forge.trunk()}"
    assert sorted(one.name for one in folder.rglob("*.pdf")) == ["LX-WI-01_A-0_uncontrolled.pdf"], (
        "nothing else is taken along"
    )
    assert not list(runner.home.iterdir()), "no cache"


@BOTH
def test_the_trunk_is_published_with_a_machines_key(forge: Forge, name: str) -> None:
    runner = Runner(forge, forge.trunk(), 1)
    private = PRESS.file(forge.folder / "secret").read_text("ascii")
    secret = private.rstrip("\n")
    if name == "gitlab":  # a variable of the type File: readable by all, as it was pasted
        place = forge.folder / "QMS_PUBLISH_KEY"
        place.write_bytes(secret.replace("\n", "\r\n").encode())
        place.chmod(0o666)
        secret = str(place)

    code, said = runner.run(FORGES[name]("publish", secret, forge.root))

    assert code == 0, said
    folder = runner.temp / "published" if name == "github" else runner.work / "published"
    assert runner.printed(folder).key == PRESS.public.fingerprint
    assert (folder / "manifest.json.sig").exists()
    assert not (runner.temp / "publish-key").exists()


@BOTH
def test_where_the_trunk_has_gone_on_the_next_run_publishes(forge: Forge, name: str) -> None:
    before = forge.trunk()
    forge.push("main", TEXT, lambda text: text.replace("无", "规定铣床的操作。", 1))
    runner = Runner(forge, before, 1)

    code, said = runner.run(FORGES[name]("publish", "", forge.root))

    assert code == 0, said
    assert "nothing published" in said or "未输出任何文件" in said
    assert not (runner.temp / "published").exists()
    assert not (runner.work / "published").exists()


@BOTH
def test_nothing_of_the_repo_is_run_to_install_the_tool(forge: Forge, name: str) -> None:
    """`python -m pip` takes a folder `pip` of the checkout, which anybody may commit, for pip."""
    runner = Runner(forge, forge.trunk(), 1)
    canary = forge.folder / "canary"
    for module in ("pip/__init__.py", "pip/__main__.py", "runpy.py", "typing.py"):
        (runner.work / module).parent.mkdir(exist_ok=True)
        (runner.work / module).write_text(f"open({str(canary)!r}, 'w')\n")
    install = next(one for one in installing(name) if "pip install" in one)
    python = forge.folder / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    python.chmod(0o755)
    package = {"QMS_PACKAGE": "./absent/qms-1-py3-none-any.whl"}

    code, said = runner.run(iter([(install, package)]))

    assert code != 0
    assert "absent" in said, "pip itself was asked"
    assert not canary.exists()


def installing(name: str) -> list[str]:
    """The scripts of a forge's file, those that install too."""
    if name == "github":
        read: Any = yaml.safe_load((TEMPLATE / ".github/workflows/qms.yml").read_text("utf-8"))
        return [step.get("run", "") for step in read["jobs"]["publish"]["steps"]]
    read = yaml.safe_load((TEMPLATE / ".gitlab-ci.yml").read_text("utf-8"))
    return list(read[".ready"]["before_script"])


def test_both_files_take_the_same_steps() -> None:
    """One package, one root, one trunk; no cache, no expression in a script."""
    both = [(TEMPLATE / one).read_text("utf-8")
            for one in (".github/workflows/qms.yml", ".gitlab-ci.yml")]  # fmt: skip
    for text in both:
        assert '"+refs/heads/main:refs/remotes/origin/main"' in text
        assert "git+https://*@* | */*.whl)" in text
        assert "qms publish --unsigned" in text
        assert "actions/cache" not in text
        assert not [line for line in text.splitlines() if line.lstrip().startswith("cache:")]
    assert os.access(TEMPLATE / ".gitlab-ci.yml", os.R_OK)
