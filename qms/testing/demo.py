"""`./dev demo`: a document system's life on real git, real keys and real PDFs, in a folder.

A bare repo is the server; each person has a clone and a key with a passphrase, handed over by
SSH_ASKPASS: nothing is typed. The clock stands still between commands (``QMS_NOW``) and the
user's own git settings can't reach in, so that two runs tell the same story.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

PASSPHRASE = "demo passphrase, known to everybody"  # noqa: S105 - it guards nothing
BEGIN = datetime.fromisoformat("2026-11-02T09:00:00+08:00")


class DemoError(Exception):
    """A command of the demo did not do what the story needs."""


@dataclass(slots=True)
class Stage:
    """The folder of the demo: server, clones, keys, clock."""

    folder: Path
    now: datetime = BEGIN
    quiet: bool = False
    clones: dict[str, Path] = field(default_factory=dict[str, Path])

    def prepare(self) -> None:
        """An empty stage with a bare server repo."""
        if self.folder.exists():
            shutil.rmtree(self.folder)
        for name in ("clones", "keys", "home"):
            (self.folder / name).mkdir(parents=True)
        ask = self.folder / "home" / "askpass"
        ask.write_text(f"#!/bin/sh\necho '{PASSPHRASE}'\n", encoding="utf-8")
        ask.chmod(0o700)
        self.run(["git", "init", "-q", "--bare", "-b", "main", "server.git"], self.folder)

    def environment(self) -> dict[str, str]:
        """What a command of the demo sees: nothing of the user's own settings."""
        home = self.folder / "home"
        kept = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "TERM", "TMPDIR")}
        return kept | {
            "HOME": str(home),
            "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(home / ".cache")),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "GIT_AUTHOR_DATE": self.now.isoformat(),
            "GIT_COMMITTER_DATE": self.now.isoformat(),
            "SSH_ASKPASS": str(home / "askpass"),
            "SSH_ASKPASS_REQUIRE": "force",
            "QMS_NOW": self.now.isoformat(),
        }

    def run(self, command: Sequence[str], cwd: Path, *, may_fail: bool = False) -> str:
        """Run a command and give what it printed. Raises `DemoError` where it fails."""
        done = subprocess.run(  # noqa: S603 - the commands of the story
            command,
            cwd=cwd,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode and not may_fail:
            raise DemoError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def person(self, name: str) -> "Player":
        """Somebody with a clone and a key, made at the first call."""
        if name not in self.clones:
            clone = self.folder / "clones" / name
            key = self.folder / "keys" / name
            self.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-a", "1", "-N", PASSPHRASE,
                 "-C", name, "-f", str(key)],
                self.folder,
            )  # fmt: skip
            self.run(
                ["git", "clone", "-q", str(self.folder / "server.git"), str(clone)], self.folder
            )
            for setting, value in (
                ("user.name", name),
                ("user.email", f"{name}@lingxiao.example"),
                ("qms.key", str(key)),
                ("pull.rebase", "false"),
            ):
                self.run(["git", "config", setting, value], clone)
            self.clones[name] = clone
        return Player(self, name, self.clones[name])

    def later(self, **span: int) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    def say(self, text: str) -> None:
        """Tell the story."""
        if not self.quiet:
            print(text, flush=True)  # noqa: T201 - a demo talks


@dataclass(slots=True)
class Player:
    """A person at their own clone."""

    stage: Stage
    name: str
    clone: Path

    def qms(self, *arguments: str, may_fail: bool = False) -> str:
        """Run `qms` as this person, and show it."""
        self.stage.later(minutes=7)
        self.stage.say(f"\033[1m{self.name} $\033[0m qms {' '.join(arguments)}")
        qms = Path(sys.executable).with_name("qms")
        out = self.stage.run([str(qms), *arguments], self.clone, may_fail=may_fail)
        self.stage.say("".join(f"    {line}\n" for line in out.splitlines()).rstrip())
        return out

    def git(self, *arguments: str) -> str:
        """Run git as this person."""
        return self.stage.run(["git", *arguments], self.clone)

    def pull(self) -> "Player":
        """Fetch what others did."""
        self.git("pull", "-q", "--no-edit", "origin", "main")
        return self

    def push(self) -> "Player":
        """Hand over what was done."""
        self.git("push", "-q", "origin", "HEAD:main")
        return self

    def edit(self, path: str, old: str, new: str) -> None:
        """Change words in a file. Raises `DemoError` where they are not there."""
        file = self.clone / path
        text = file.read_text(encoding="utf-8")
        if old not in text:
            raise DemoError(f"{path}: {old}")
        file.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def found_system(stage: Stage) -> str:
    """The template, everybody's keys, policy version 1 signed by two; gives the root commit."""
    stage.say("\n== 建立体系 · Founding ==")
    chen = stage.person("chen.guodong")
    chen.qms("init")
    for name in PEOPLE:
        stage.person(name)
        chen.qms("policy", "key", name, str(stage.folder / "keys" / f"{name}.pub"))
    chen.qms("init")
    chen.git("add", "-A")
    chen.git("commit", "-q", "-m", "体系文件初稿")
    chen.push()
    lin = stage.person("lin.huimin").pull()
    lin.qms("policy", "sign")
    lin.push()
    return lin.git("rev-parse", "HEAD").strip()


PEOPLE = (
    "chen.guodong", "lin.huimin", "he.jianping", "xu.jing", "tang.yue", "wu.haitao",
    "wang.xiaofeng", "sun.lijun", "zheng.yaqin", "liu.siyuan", "ma.jun",
)  # fmt: skip


def sign_all(stage: Stage, number: str, names: Sequence[str]) -> None:
    """Everybody named signs, one after the other."""
    for name in names:
        signer = stage.person(name).pull()
        signer.qms("sign", number)
        signer.push()


def first_release(stage: Stage) -> None:
    """The document-control procedure: parallel co-signing, approval, publication, copies."""
    number = "LX-CX-2019-01"
    stage.say("\n== 程序文件：会签、批准、发布、发放 · A procedure goes round ==")
    tang = stage.person("tang.yue").pull()
    tang.qms("check")
    tang.qms("submit", number)
    tang.push()
    stage.later(days=1)
    xu, wu = stage.person("xu.jing").pull(), stage.person("wu.haitao").pull()
    xu.qms("sign", number)
    wu.qms("sign", number)
    xu.push()
    wu.pull().push()
    sign_all(stage, number, ("he.jianping", "sun.lijun", "zheng.yaqin", "ma.jun"))
    stage.later(days=1)
    sign_all(stage, number, ("lin.huimin",))
    liu = stage.person("liu.siyuan").pull()
    liu.qms("release", number)
    liu.qms("issue", number, "--to", "production", "--to", "service")
    liu.push()
    sun = stage.person("sun.lijun").pull()
    sun.qms("receive", number, "001")
    sun.push()


def rejected_instruction(stage: Stage) -> None:
    """A work instruction that is rejected first."""
    number = "LX-WI-01"
    stage.say("\n== 作业指导书：退回后重新送审 · Rejected, then mended ==")
    stage.later(days=1)
    wang = stage.person("wang.xiaofeng").pull()
    wang.qms("submit", number)
    wang.push()
    wu = stage.person("wu.haitao").pull()
    wu.qms("reject", number, "--reason", "缺少上电前的绝缘检查")
    wu.push()
    wang.pull()
    row = "| 防护 | 安全鞋、护目镜、绝缘手套、挂锁和警示牌 | 是/否 |"
    added = "| 绝缘 | 上电前主回路对地绝缘电阻，不低于 1 MΩ | 实测值 |"
    wang.edit(f"documents/work-instruction/{number}.md", row, f"{row}\n{added}")
    wang.qms("submit", number)
    wang.push()
    sign_all(stage, number, ("wu.haitao", "he.jianping"))
    liu = stage.person("liu.siyuan").pull()
    liu.qms("release", number)
    liu.push()


def change_policy(stage: Stage) -> None:
    """Sun Lijun gets a new key: policy version 2, signed by two of three."""
    stage.say("\n== 策略变更：更换密钥 · A policy change ==")
    stage.later(days=2)
    key = stage.folder / "keys" / "sun.lijun.2"
    stage.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-a", "1", "-N", PASSPHRASE,
         "-C", "sun.lijun", "-f", str(key)],
        stage.folder,
    )  # fmt: skip
    xu = stage.person("xu.jing").pull()
    xu.qms("policy", "key", "sun.lijun", f"{key}.pub")
    xu.qms("policy", "sign")
    xu.push()
    lin = stage.person("lin.huimin").pull()
    lin.qms("policy", "sign")
    lin.push()
    stage.person("sun.lijun").git("config", "qms.key", str(key))


def second_revision(stage: Stage) -> None:
    """A/1 comes into force in a week; old copies are recalled, one is back."""
    number = "LX-CX-2019-01"
    stage.say("\n== 修改：A/1 一周后实施 · A change, in force in a week ==")
    stage.later(days=3)
    tang = stage.person("tang.yue").pull()
    tang.qms("revise", number, "--summary", "明确外来文件的跟踪周期")
    tang.edit(
        f"documents/procedure/{number}.md",
        "按受控文件发放和回收。",
        "按受控文件发放和回收，并每六个月查询一次版次是否现行。",
    )
    tang.qms("check")
    tang.qms("submit", number)
    tang.push()
    heads = ("xu.jing", "wu.haitao", "he.jianping", "sun.lijun", "zheng.yaqin", "ma.jun")
    sign_all(stage, number, (*heads, "lin.huimin"))
    liu = stage.person("liu.siyuan").pull()
    liu.qms("release", number, "--effective", "+7")
    liu.qms("issue", number, "--to", "production")
    due = (stage.now + timedelta(days=7)).date().isoformat()
    liu.qms("recall", number, "--all", "--revision", "A/0", "--due", due,
            "--reason", "换版换发")  # fmt: skip
    liu.qms("return", number, "001", "--revision", "A/0")
    liu.qms("copies", number)
    liu.push()


def show_result(stage: Stage, root: str) -> None:
    """Publish, verify, and name what to look at."""
    stage.say("\n== 发布与验证 · Publish and verify ==")
    docs = stage.folder / "docs"
    stage.run(["git", "clone", "-q", str(stage.folder / "server.git"), str(docs)], stage.folder)
    stage.run(["git", "config", "qms.key", str(stage.folder / "keys" / "liu.siyuan")], docs)
    liu = Player(stage, "liu.siyuan", docs)
    liu.qms("list")
    liu.qms("publish", "--out", "../published", "--drafts", "--obsolete")
    stage.say("\n== 结果 · Result ==")
    for mark in ("controlled-", "uncontrolled", "draft"):
        names = sorted((stage.folder / "published").rglob(f"*_{mark}*.pdf"))
        if not names:
            raise DemoError(f"no {mark} PDF was published")
        stage.say(str(names[0].relative_to(stage.folder.parent)))
    liu.qms("verify", "--root", root)


def main(arguments: Sequence[str]) -> int:
    """Play the demo in ``demo/`` of the current folder, or in the folder given."""
    folder = Path(arguments[0] if arguments else "demo").resolve()
    stage = Stage(folder)
    stage.prepare()
    try:
        root = found_system(stage)
        first_release(stage)
        rejected_instruction(stage)
        change_policy(stage)
        second_revision(stage)
        show_result(stage, root)
    except DemoError as error:
        print(f"demo failed: {error}", file=sys.stderr)  # noqa: T201 - a demo talks
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
