"""`qms sync`: everything that most people need of git."""

from typing import TYPE_CHECKING

import click

from qms.cli.context import Context, pass_context
from qms.cli.languages import both
from qms.cli.printed_findings import as_json, print_findings
from qms.domain.kinds.look import is_look_file
from qms.findings import QmsError, Refused, shell_word
from qms.formats.bound import is_bound
from qms.formats.paths import POLICY_FILES, parse_path
from qms.jobs.documents import revising
from qms.jobs.documents.laid_lines import line_ends_only
from qms.jobs.exchange import syncing
from qms.jobs.exchange.syncing import Synced
from qms.jobs.policies.next_plugins import shares_only_policy
from qms.texts import Text

if TYPE_CHECKING:
    from qms.jobs.sessions.work_session import WorkSession

_SHOWN = 20
_WRITTEN = ("documents/", "assets/")
"""What people write, as far as it is for others."""


@click.command(help=both(
    "同步：取回别人的改动，按文件含义合并（签名一个不丢），再共享自己的。",
    "Fetch what others did, unite it by what files mean (no signature is lost), share yours.",
))  # fmt: skip
@click.option(
    "--no-share", is_flag=True, help=both("只取回并合并，不共享", "fetch and unite, share nothing")
)
@click.option(
    "--theirs", is_flag=True,
    help=both(
        "双方改了同一处时采用已共享的一份，自己的另存为 *.mine.*",
        "where both changed the same, take what is shared; yours is kept as *.mine.*",
    ),
)  # fmt: skip
@pass_context
def sync(context: Context, *, no_share: bool, theirs: bool) -> None:
    """Fetch, unite and push, in words without git."""
    session = _session(context)
    done = syncing.sync(session, share=not no_share, theirs_first=theirs)
    known = {(one.code, one.place) for one in done.unfit}
    met = (one for one in done.met if (one.code, one.place) not in known)
    findings = (*done.told, *met, *done.unfit)
    if context.output.as_json:
        context.output.json(
            {
                "came": list(done.came),
                "united": done.commit,
                "shared": done.shared,
                "sent": done.sent,
                "aside": done.asides,
                "findings": as_json(context, findings, session.tree.read),
            }
        )
    else:
        for line in (*_lines(done), *_not_shared(session)):
            context.output.line(context.text(line))
        print_findings(context, findings, session.tree.read)
    if done.unfit:
        raise click.exceptions.Exit(1)


def _session(context: Context) -> "WorkSession":
    """The session; without what judges where only the policy that replaces it is to be shared."""
    try:
        return context.session
    except QmsError:
        session = context.keepers_session
        if not shares_only_policy(session):
            raise
    names = ", ".join(sorted({one.values["name"] for one in session.hooks.absent}))
    context.output.error(context.text(Text(
        f"注意：现行版本的插件 {names} 在本机已由下一版取代，此处不作判断；门禁会判断",
        f"note: the release of {names} that is in force is not here, but that of the open version: "
        "nothing is judged by it here; the gate does",
    )))  # fmt: skip
    return session


def _not_shared(session: "WorkSession") -> list[Text]:
    """What somebody wrote and did not commit: it reaches nobody, and nothing else says so."""
    changed = session.work_tree.changes(session.tree)
    laid = {path for path, _ in line_ends_only(session)}  # git finds nothing to commit in them
    paths = [one.path for one in changed if one.path not in laid]
    texts = [path for path in paths if path.startswith(_WRITTEN)]
    published = [path for path in texts if _is_published(session, path)]
    said = [_edited(parse_path(path).number, path) for path in published]
    written = _some([path for path in texts if path not in published])
    if written:
        said.append(Text(
            f"未提交，因而未共享：{written}（`git add -A && git commit -m 草稿`，再 `qms sync`）",
            f"not committed, so not shared: {written} "
            "(`git add -A && git commit -m draft`, then `qms sync`)",
        ))  # fmt: skip
    policy = _some([path for path in paths if _is_of_policy(path)])
    if policy:
        said.append(Text(
            f"未提出，因而未共享：{policy}（`qms policy propose`；策略管理人：`qms policy sign`；"
            "再 `qms sync`）",
            f"not proposed, so not shared: {policy} (`qms policy propose`, or as a keeper of the "
            "policy `qms policy sign`; then `qms sync`)",
        ))  # fmt: skip
    return said


def _is_of_policy(path: str) -> bool:
    return path in POLICY_FILES or is_look_file(path) or is_bound(path)


def _some(paths: list[str]) -> str:
    return ", ".join(paths[:_SHOWN]) + (" …" if len(paths) > _SHOWN else "")


def _is_published(session: "WorkSession", path: str) -> bool:
    """Whether somebody edited a published text there: committed as it is, no gate would take it."""
    number = parse_path(path).number
    if not number or not session.register.released(number):
        return False
    try:
        return revising.edited_text(session, number) is not None
    except Refused:
        return False  # a revision of its own, or what `check` names


def _edited(number: str, path: str) -> Text:
    word = shell_word(number)
    return Text(
        f"已发布的文本被直接改动，不能共享：{path}（`qms revise {word}` 把改动带入下一版本，"
        f"`qms restore {word}` 撤销改动）",
        f"a published text was edited, which can't be shared: {path} (`qms revise {word}` takes "
        f"the edit into the next revision, `qms restore {word}` undoes it)",
    )


def _lines(done: Synced) -> list[Text]:
    lines: list[Text] = []
    if done.came:
        shown = _some(list(done.came))
        count = len(done.came)
        files = "file" if count == 1 else "files"
        lines.append(Text(f"取回 {count} 个文件：{shown}", f"{count} {files} came in: {shown}"))
    lines += (
        Text(f"您的文本另存为 {name}", f"your text is kept as {name}") for name in done.asides
    )
    if done.sent:
        commits = "commit" if done.sent == 1 else "commits"
        lines.append(Text(f"已共享 {done.sent} 次提交", f"shared: {done.sent} {commits}"))
    if done.shared and not done.came and not done.sent:
        lines.append(Text("已是最新", "all is up to date"))
    elif not done.shared:
        lines.append(Text("尚未共享", "not shared yet"))
    return lines
