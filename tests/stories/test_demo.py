"""`./dev demo` plays the whole story, costs nobody their work, and may be stopped at any time."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing.demo import main
from qms.testing.demo_folder import DemoFolder, Foreign
from qms.testing.stage import DemoStage

COMMAND = (sys.executable, "-m", "qms.testing.demo")


def git(repo: Path, *arguments: str) -> str:
    settings = ("-c", "user.name=me", "-c", "user.email=me@example.com")
    done = subprocess.run(
        ["git", *settings, *arguments], cwd=repo, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """What a demo of one commit left behind."""
    path = tmp_path / "demo"
    with DemoFolder.taken(path, again=False) as folder:
        stage = DemoStage(path, quiet=True)
        stage.prepare()
        player = stage.person("tang.yue")
        (player.clone / "text.md").write_text("text\n", encoding="utf-8")
        player.git("add", "-A")
        player.git("commit", "-q", "-m", "text")
        player.push()
        stage.clone(path / "docs")
        folder.played(player.head())
    return path


def begun(folder: Path) -> subprocess.Popen[str]:
    """A demo that plays in `folder` and has made its people."""
    demo = subprocess.Popen(
        [*COMMAND, str(folder)], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert demo.stdout is not None
    assert any("qms init" in line for line in demo.stdout)
    return demo


def killed(demo: subprocess.Popen[str]) -> None:
    """Ended with all that it started, as by a closed terminal or an empty battery."""
    os.killpg(demo.pid, signal.SIGKILL)
    demo.communicate()


@pytest.mark.slow
def test_the_demo_is_played_and_its_folder_is_then_guarded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main([]) == 0

    out = capsys.readouterr().out
    assert "demo/published/procedure/LX-CX-2019-01_A-0_controlled-002.pdf" in out
    assert "验证通过" in out
    with DemoFolder.taken(tmp_path / "demo", again=False):
        """Nobody has changed anything: it may be played once more."""
    with (tmp_path / "demo/docs/README.md").open("a", encoding="utf-8") as text:
        text.write("mine\n")
    assert main([]) == 1
    assert (tmp_path / "demo/docs/README.md").read_text("utf-8").endswith("mine\n")


def test_help_is_told_and_plays_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "--help"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0
    assert "--again" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_option_is_no_folder(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "--agian"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("options", [(), ("--again",)])
def test_a_folder_with_anything_else_in_it_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "thesis.md").write_text("years\n", encoding="utf-8")

    code = main([str(tmp_path), *options])

    assert code == 1
    assert "mend: name a new or empty folder" in capsys.readouterr().err
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")] == [
        "docs",
        "docs/thesis.md",
    ]


def test_a_file_is_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("text\n", encoding="utf-8")

    assert main([str(tmp_path / "file")]) == 1

    assert "is no folder" in capsys.readouterr().err
    assert (tmp_path / "file").read_text("utf-8") == "text\n"


def test_an_earlier_demo_that_nobody_changed_is_played_over(earlier: Path) -> None:
    (earlier / "notes.txt").write_text("mine\n", encoding="utf-8")

    with DemoFolder.taken(earlier, again=False) as folder:
        folder.clear()

    assert sorted(path.name for path in earlier.iterdir()) == [".qms-demo", "notes.txt"]


def changed_file(demo: Path) -> None:
    (demo / "docs" / "text.md").write_text("mine\n", encoding="utf-8")


def new_file(demo: Path) -> None:
    (demo / "docs" / "new.md").write_text("mine\n", encoding="utf-8")


def own_commit(demo: Path) -> None:
    changed_file(demo)
    git(demo / "docs", "commit", "-qam", "mine")


def commit_on_a_branch(demo: Path) -> None:
    git(demo / "docs", "checkout", "-q", "-b", "mine")
    own_commit(demo)
    git(demo / "docs", "checkout", "-q", "main")


def stash(demo: Path) -> None:
    changed_file(demo)
    git(demo / "docs", "stash", "-q")


def pushed(demo: Path) -> None:
    """Handed to the demo's server, and the clone taken away."""
    own_commit(demo)
    git(demo / "docs", "push", "-q", "origin", "main")
    (demo / "docs").rename(demo.parent / "elsewhere")


def change_in_the_clone_of_another(demo: Path) -> None:
    (demo / "clones/tang.yue/text.md").write_text("mine\n", encoding="utf-8")


def broken_by_hand(demo: Path) -> None:
    (demo / "docs/.git/HEAD").write_text("mine\n", encoding="utf-8")


@pytest.mark.parametrize(
    "change",
    [
        changed_file, new_file, own_commit, commit_on_a_branch, stash, pushed,
        change_in_the_clone_of_another, broken_by_hand,
    ],
)  # fmt: skip
def test_work_in_an_earlier_demo_is_kept_until_one_says_again(
    earlier: Path, capsys: pytest.CaptureFixture[str], change: Callable[[Path], None]
) -> None:
    change(earlier)
    before = sorted(earlier.rglob("*"))

    code = main([str(earlier)])

    assert code == 1
    assert "--again throws it away" in capsys.readouterr().err
    assert sorted(earlier.rglob("*")) == before
    with DemoFolder.taken(earlier, again=True) as folder:
        folder.clear()
    assert [path.name for path in earlier.iterdir()] == [".qms-demo"]


def test_a_demo_that_was_killed_stands_in_nobodys_way(tmp_path: Path) -> None:
    killed(begun(tmp_path / "demo"))

    killed(begun(tmp_path / "demo"))


def test_two_demos_do_not_play_in_one_folder(tmp_path: Path) -> None:
    demo = begun(tmp_path / "demo")
    try:
        with (
            pytest.raises(Foreign, match="another demo is being played"),
            DemoFolder.taken(tmp_path / "demo", again=True),
        ):
            pytest.fail("taken twice")
    finally:
        killed(demo)
