import json
import subprocess
from pathlib import Path

import pytest

from qms.cli import run
from qms.cli.plugin_commands import is_own


@pytest.fixture(autouse=True)
def outside_of_any_repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is no repo, and nothing of the user's own settings."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG", "QMS_NOW"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_the_help_lists_core_and_plugin_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0

    out = capsys.readouterr().out
    assert "\n  check " in out
    assert "\n  issue " in out


def test_the_help_is_chinese_where_the_locale_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")

    assert run(["--help"]) == 0
    assert run(["check", "--help"]) == 0

    out = capsys.readouterr().out
    assert "用法：qms" in out
    assert "选项" in out
    assert "Options" not in out


def test_the_help_reads_no_repo(
    outside_of_any_repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (outside_of_any_repo / ".git").mkdir()
    (outside_of_any_repo / ".git" / "HEAD").write_bytes(b"\x00broken")

    assert run(["--help"]) == 0

    assert capsys.readouterr().err == ""


def test_the_help_needs_no_home(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOME")
    monkeypatch.delenv("XDG_CACHE_HOME")

    assert run(["--help"]) == 0

    assert "\n  issue " in capsys.readouterr().out


def test_a_damaged_cache_is_made_anew(tmp_path: Path) -> None:
    assert is_own("issue")
    (cache,) = (tmp_path / "cache" / "qms").iterdir()
    good = cache.read_bytes()

    for damage in (b"", b"{", b"[]", b'{"key": 1}', b"\xff"):
        cache.write_bytes(damage)
        assert is_own("issue")

    assert cache.read_bytes() == good
    assert (cache.parent.stat().st_mode & 0o777, cache.stat().st_mode & 0o777) == (0o700, 0o600)


def test_plain_qms_outside_of_a_repo_is_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 0

    assert capsys.readouterr().out.startswith("Usage: qms")


def test_an_unknown_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["chek"]) == 2

    assert "error USAGE: No such command 'chek'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "--nope"],
        ["show"],
        ["--lang", "fr", "check"],
        ["check", "--all", "--step", "a", "b"],
    ],
)
def test_a_command_line_that_cannot_be_read_ends_with_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("error USAGE: ")


NO_DAY = "不是形如 2026-12-01、today 或 +7 的日期"


@pytest.mark.parametrize(
    ("arguments", "message", "path"),
    [
        ("chek", "没有命令 chek；是否为 check？", "qms"),
        ("policy nothing", "没有命令 nothing", "qms policy"),
        ("check --al", "没有选项 --al；是否为 --all、--help、--lang？", "qms check"),
        ("show", "缺少参数 'NUMBER'", "qms show"),
        ("reject X", "缺少参数 '--reason'", "qms reject"),
        ("todo x y", "多余的参数：x y", "qms todo"),
        ("check --all x", "--all、--step 不能与文件同用", "qms check"),
        ("release X --effective", "选项 --effective 缺少值", "qms release"),
        ("check --step a", "选项 --step 需要 2 个值", "qms check"),
        ("check --all=3", "选项 --all 不带值", "qms check"),
        ("check --all --step a b", "--step 不能与 --all、--index 同用", "qms check"),
        ("init --need x", "参数 '--need' 的值不对：'x' 不是整数", "qms init"),
        (
            "issue X --to a --quantity 0",
            "参数 '--quantity' 的值不对：0 不在范围 1<=x<=200 之内",
            "qms issue",
        ),
        (
            "return X 001 --state x",
            "参数 '--state' 的值不对：'x' 不在可选值 'good', 'damaged' 之中",
            "qms return",
        ),
        ("-C nodir check", "参数 '-C' 的值不对：'nodir' 不存在", "qms"),
        ("policy key a nofile", "参数 'PUBLIC_KEY' 的值不对：'nofile' 不存在", "qms policy key"),
        ("policy key a .", "参数 'PUBLIC_KEY' 的值不对：'.' 是目录", "qms policy key"),
        ("asof 2026-1-5", f"参数 'DAY' 的值不对：2026-1-5 {NO_DAY}", "qms asof"),
        (
            "release X --effective 2026-02-30",
            f"参数 '--effective' 的值不对：2026-02-30 {NO_DAY}",
            "qms release",
        ),
        (
            "recall X --all --reason y --due soon",
            "参数 '--due' 的值不对：soon 不是形如 2026-12-01、today 或 +7 的日期",
            "qms recall",
        ),
    ],
)
def test_usage_errors_are_chinese_too(
    arguments: str, message: str, path: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    assert run(arguments.split()) == 2

    assert capsys.readouterr().err == f"错误 USAGE: {message}\n    处理：{path} --help\n"


@pytest.mark.parametrize(
    ("arguments", "form"),
    [
        ("asof 2026-1-5", "2026-1-5 is no day like 2026-12-01, today or +7"),
        ("asof +99999", "+99999 is no day like 2026-12-01, today or +7"),
        ("release X --effective 12/1", "12/1 is no day like 2026-12-01, today or +7"),
        ("recall X --all --reason y --due 12/1", "12/1 is no day like 2026-12-01, today or +7"),
    ],
)
def test_a_day_in_another_form_is_a_usage_error(
    arguments: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """DC-38"""
    assert run(arguments.split()) == 2

    assert capsys.readouterr().err.splitlines()[0].endswith(f": {form}")


def test_outside_of_a_repo_a_command_ends_with_3(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check"]) == 3

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("error NO-REPO: ")
    assert "\n    mend: " in captured.err


def test_an_error_is_one_json_object_under_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "--json"]) == 3

    answer = json.loads(capsys.readouterr().out)
    assert answer["verdict"] == "broken"
    assert [finding["code"] for finding in answer["findings"]] == ["NO-REPO"]


def test_another_folder_can_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    subprocess.run(["git", "init", "-q", "-b", "main", "there"], check=True)

    assert run(["-C", "there", "check"]) == 1
    assert run(["-C", "there", "verify"]) == 3

    captured = capsys.readouterr()
    assert "NO-POLICY" in captured.out
    assert "HEAD-UNBORN" in captured.err


def test_a_clock_that_makes_no_sense_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["git", "init", "-q", "-b", "main", "."], check=True)
    monkeypatch.setenv("QMS_NOW", "tomorrow")

    assert run(["check"]) == 1

    assert "error CLOCK-FORM" in capsys.readouterr().err


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0

    assert capsys.readouterr().out.startswith("qms ")
