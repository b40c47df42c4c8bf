"""`./dev demo`: a document system's life on real git, real keys and real PDFs, in a folder."""

import argparse
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from qms.testing.demo_folder import DemoFolder, Foreign
from qms.testing.stage import PASSPHRASE, DemoError, DemoStage, Player


def found_system(stage: DemoStage) -> str:
    """The template, everybody's keys, policy version 1 signed by two; gives the root commit."""
    stage.say("\n== 人员、密钥、克隆 · People, a key and a clone for each ==")
    for name in PEOPLE:
        stage.person(name)
        stage.say(f"    {name}")
    stage.say("\n== 建立体系 · Founding ==")
    chen = stage.person("chen.guodong")
    chen.qms("init")
    for name in PEOPLE:
        chen.qms("policy", "key", name, str(stage.folder / "keys" / f"{name}.pub"))
    chen.qms("init")
    chen.git("add", "-A")
    chen.git("commit", "-q", "-m", "体系文件初稿")
    chen.push()
    lin = stage.person("lin.huimin").pull()
    lin.qms("policy", "sign", "--yes")
    lin.push()
    return lin.head()


PEOPLE = (
    "chen.guodong", "lin.huimin", "he.jianping", "xu.jing", "tang.yue", "wu.haitao",
    "wang.xiaofeng", "sun.lijun", "zheng.yaqin", "liu.siyuan", "ma.jun",
)  # fmt: skip


def sign_all(stage: DemoStage, number: str, names: Sequence[str]) -> None:
    """Everybody named signs, one after the other."""
    for name in names:
        signer = stage.person(name).pull()
        signer.qms("sign", number)
        signer.push()


def first_release(stage: DemoStage) -> None:
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


def rejected_instruction(stage: DemoStage) -> None:
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


def change_policy(stage: DemoStage) -> None:
    """Sun Lijun gets a new key: policy version 2, signed by two of three."""
    stage.say("\n== 策略变更：更换密钥 · A policy change ==")
    stage.later(days=2)
    key = stage.key("sun.lijun", "sun.lijun.2")
    xu = stage.person("xu.jing").pull()
    xu.qms("policy", "key", "sun.lijun", f"{key}.pub")
    xu.qms("policy", "sign", "--yes")
    xu.push()
    lin = stage.person("lin.huimin").pull()
    lin.qms("policy", "sign", "--yes")
    lin.push()
    stage.person("sun.lijun").git("config", "qms.key", str(key))


def second_revision(stage: DemoStage) -> None:
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


def show_result(stage: DemoStage, root: str) -> str:
    """Publish, verify, and name what to look at; gives the commit that it all ended with."""
    stage.say("\n== 发布与验证 · Publish and verify ==")
    docs = stage.folder / "docs"
    stage.clone(docs)
    stage.run(["git", "config", "qms.key", str(stage.folder / "keys" / "liu.siyuan")], docs)
    liu = Player(stage, "liu.siyuan", docs)
    liu.qms("list")
    stage.say("（每份文件都在排版，需要几秒 · each document is typeset, which takes some seconds）")
    liu.qms("publish", "--out", "../published", "--drafts", "--obsolete")
    stage.say("\n== 结果 · Result ==")
    for mark in ("controlled-", "uncontrolled", "draft"):
        names = sorted((stage.folder / "published").rglob(f"*_{mark}*.pdf"))
        if not names:
            raise DemoError(f"no {mark} PDF was published")
        here = Path.cwd()
        stage.say(str(names[0].relative_to(here) if names[0].is_relative_to(here) else names[0]))
    liu.qms("verify", "--root", root)
    return liu.head()


def play(stage: DemoStage) -> str:
    """The whole story; gives the commit that it ended with."""
    stage.prepare()
    root = found_system(stage)
    first_release(stage)
    rejected_instruction(stage)
    change_policy(stage)
    second_revision(stage)
    return show_result(stage, root)


def main(arguments: Sequence[str]) -> int:
    """Play the demo: 0 played, 1 it failed or its folder is refused, 2 wrong usage."""
    epilog = f"The keys lie in FOLDER/keys; the passphrase of each is: {PASSPHRASE}"
    parser = argparse.ArgumentParser(prog="./dev demo", description=__doc__, epilog=epilog)
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path("demo"), metavar="FOLDER",
        help="a new or empty folder, or one that an earlier demo was played in (default: demo)",
    )  # fmt: skip
    parser.add_argument(
        "--again", action="store_true", help="throw away what you changed in an earlier demo"
    )
    given = parser.parse_args(arguments)
    try:
        with DemoFolder.taken(given.folder.resolve(), again=given.again) as folder:
            folder.clear()
            folder.played(play(DemoStage(folder.path)))
    except Foreign as refused:
        print(f"demo: error: {refused}", file=sys.stderr)  # noqa: T201 - a demo talks
        return 1
    except DemoError as error:
        print(f"demo failed: {error}", file=sys.stderr)  # noqa: T201 - as above
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
