"""`qms doctor`: whether this machine and this clone are fit for work."""

import os
import platform
from collections.abc import Callable, Iterator

import click

from qms.cli.context import Context, pass_context
from qms.cli.languages import both
from qms.findings import QmsError
from qms.hook_values import Probe
from qms.storage import programs
from qms.storage.signer import refuse_unencrypted
from qms.texts import Text


@click.command(help=both(
    "检查本机环境：Python、git、ssh-keygen、字体、密钥、语言、文件库状态。",
    "Look at this machine: Python, git, ssh-keygen, fonts, key, locale, state of the repo.",
))  # fmt: skip
@pass_context
def doctor(context: Context) -> int:
    """Print what was found; exit code 1 where something needed is missing."""
    probes = [*_machine(context), *_clone(context), *context.tools.probes(context.language)]
    code = 0 if all(probe.fine for probe in probes if probe.needed) else 1
    if context.output.as_json:
        context.output.json({"probes": [_json(probe) for probe in probes]})
        return code
    for probe in probes:
        mark, style = ("✓", "green") if probe.fine else (
            ("✗", "red") if probe.needed else ("!", "yellow")
        )  # fmt: skip
        name = probe.name.of(context.language)
        context.output.line(f"{mark} {name}{Text('：', ': ').of(context.language)}{probe.found}",
                            "" if probe.fine else style)  # fmt: skip
    return code


def _machine(context: Context) -> Iterator[Probe]:
    yield Probe("python", Text("Python", "Python"), platform.python_version(), fine=True)
    yield _isolation(context)
    yield _asked(context, "git", Text("git", "git"), programs.git_version)
    yield _asked(context, "ssh-keygen", Text("ssh-keygen", "ssh-keygen"), programs.ssh_version)
    for key, library, package in programs.PRINTING:
        found = programs.library(library)
        name = Text(f"{key}（仅输出 PDF 需要）", f"{key} (only for PDFs)")
        yield _printing(context, key, name, found or "", package)
    name = Text("中文字体（仅输出 PDF 需要）", "Chinese fonts (only for PDFs)")
    fonts = ", ".join(programs.chinese_fonts())
    yield _printing(context, "fonts", name, fonts, programs.FONTS_PACKAGE)
    locale = next((os.environ[v] for v in ("LC_ALL", "LC_CTYPE", "LANG") if os.environ.get(v)), "-")
    yield Probe("locale", Text("语言环境", "Locale"), locale, fine=True, needed=False)


def _isolation(context: Context) -> Probe:
    """Whether modules of somebody else could stand in for those of qms."""
    name = Text("模块来源", "Modules")
    folders = programs.other_modules()
    if not folders:
        fine = Text("只用随 qms 安装的模块", "only those installed with qms")
        return Probe("modules", name, fine.of(context.language), fine=True, needed=False)
    before = ", ".join(folders)
    text = Text(
        f"{before} 中的模块优先于 qms 自带的模块；不使用它们：{programs.isolated()}",
        f"those in {before} come before those of qms; to take none of them: {programs.isolated()}",
    )
    return Probe("modules", name, text.of(context.language), fine=False, needed=False)


def _printing(context: Context, key: str, name: Text, found: str, package: str) -> Probe:
    """A part that only PDFs need; where it is missing, how one gets it."""
    mend = Text(f"缺少，请安装：apt install {package}", f"missing: apt install {package}")
    return Probe(key, name, found or mend.of(context.language), fine=bool(found), needed=False)


def _clone(context: Context) -> Iterator[Probe]:
    yield _asked(
        context, "repository", Text("文件库", "Repository"), lambda: _state(context), needed=False
    )
    yield _asked(
        context, "policy", Text("策略版本", "Policy"), lambda: _policy(context), needed=False
    )
    yield from _gits_settings(context)
    yield _asked(context, "key", Text("我的密钥", "My key"), lambda: _key(context), needed=False)
    yield _asked(context, "me", Text("我是", "I am"), lambda: _me(context), needed=False)
    for finding in context.tools.findings:
        sentence = context.codes.sentence(finding, context.language)
        yield Probe("plugin", Text("插件", "Plugin"), sentence, fine=False)


def _gits_settings(context: Context) -> Iterator[Probe]:
    """What plain git asks for at the first `git pull` that finds work on both sides."""
    try:
        config = context.repository.config
    except QmsError:
        return  # told as the repository's state
    name, email = config("user.name"), config("user.email")
    known = f"{name} <{email}>" if name and email else ""
    mend = "git config --global user.name NAME; git config --global user.email ADDRESS"
    yield _git_probe(context, "git-identity", Text("git 署名", "Name for git"), known, mend)
    pull = config("pull.rebase") or config("pull.ff") or ""
    mend = "git config --global pull.rebase false"
    yield _git_probe(context, "git-pull", Text("git pull 方式", "How git pulls"), pull, mend)


def _git_probe(context: Context, key: str, name: Text, found: str, command: str) -> Probe:
    mend = Text(f"未设置：{command}", f"not set: {command}").of(context.language)
    return Probe(key, name, found or mend, fine=bool(found), needed=False)


def _state(context: Context) -> str:
    repository = context.repository
    branch = repository.branch() or "(detached)"
    operation = repository.operation()
    shallow = " shallow" if repository.is_shallow else ""
    busy = f", {operation} in progress" if operation is not None else ""
    return f"{repository.root or repository.git_dir} ({branch}{busy}{shallow})"


def _policy(context: Context) -> str:
    policy = context.session.policy
    return f"{policy.version} ({policy.organisation.name.of(context.language)})"


def _key(context: Context) -> str:
    path, public = context.session.my_key
    refuse_unencrypted(context.repository, path)
    return f"{path} {public.fingerprint}"


def _me(context: Context) -> str:
    me = context.session.me
    return f"{me.name.of(context.language)} ({me.id})"


def _asked(
    context: Context, key: str, name: Text, ask: Callable[[], str], *, needed: bool = True
) -> Probe:
    try:
        return Probe(key, name, ask(), fine=True, needed=needed)
    except QmsError as error:
        said = f"{error.finding.code}: {context.codes.sentence(error.finding, context.language)}"
        return Probe(key, name, said, fine=False, needed=needed)


def _json(probe: Probe) -> dict[str, object]:
    return {
        "key": probe.key,
        "found": probe.found,
        "fine": probe.fine,
        "needed": probe.needed,
    }
