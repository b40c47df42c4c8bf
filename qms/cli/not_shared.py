"""What nobody else has yet of what lies in this clone: said by `sync`, and by who only looks."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from qms.domain.kinds.kind import Law
from qms.domain.kinds.look import is_look_file
from qms.findings import Finding, Reason, Refused, shell_word
from qms.formats.bound import is_bound
from qms.formats.paths import POLICY_FILES, parse_path
from qms.jobs.documents import revising
from qms.jobs.documents.laid_lines import line_ends_only
from qms.jobs.exchange.beside_trunk import beside_trunk, signed_elsewhere
from qms.jobs.exchange.taken_numbers import KEPT
from qms.jobs.exchange.unshared import is_sharing
from qms.jobs.sessions.as_checked import errors_here
from qms.jobs.sessions.work_session import WorkSession
from qms.storage.beside import laid_aside
from qms.texts import Text

_SHOWN: Final = 20
_RULED: Final = frozenset(
    (Reason.MET, Reason.APART, Reason.UNDECIDED, Reason.LATER_POLICY, Reason.UNTIMELY)
)
"""Of what people rule on: that waits for them by name, and refuses nothing else."""
_WRITTEN: Final = ("documents/", "assets/")
"""What people write, as far as it is for others."""


def refused_here(session: WorkSession, count: int = 0) -> tuple[Finding, ...]:
    """What `check` refuses of this clone, where anything is new here: `count` commits, or files.

    Whoever only looks should not be led on to what is refused next. Nothing in the middle of a
    merge, of which nothing is to be committed by hand.
    """
    repository = session.repository
    if repository.root is None or repository.operation() is not None:
        return ()
    if not count and not any(_is_judged(session, path) for path in _changed(session)):
        return ()
    laid = {path for path, _ in line_ends_only(session)}
    found = (one for one in errors_here(session) if one.place.path not in laid)
    return tuple(one for one in found if one.reason not in _RULED)


def _is_judged(session: WorkSession, path: str) -> bool:
    at = session.hooks.kinds.at(path)
    return at.kind is not None or at.stray is not None or path.startswith(_WRITTEN)


def untold(session: WorkSession, refused: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that nothing else tells: neither what can't be shown, nor a line of `written_only`."""
    failing = session.checker.failing
    known = {*failing, *_undone(session)}
    numbers = {parse_path(one).number for one in known} - {""}
    return tuple(
        one for one in refused
        if one.place.path not in known and parse_path(one.place.path).number not in numbers
    )  # fmt: skip


def waiting_to_be_shared(
    session: WorkSession, count: int, refused: Sequence[Finding] = ()
) -> list[Text]:
    """The last lines of who only looks: what isn't committed, then how much isn't shared.

    `refused` is what `check` has against it, which comes first.
    """
    if session.repository.root is None or session.repository.operation() is not None:
        return []  # in the middle of a merge nothing of it is to be committed by hand
    lines = [*written_only(session, refused), *_laid_aside(session.repository.root)]
    lines += [*said_beside(session), *_signed_elsewhere(session)]
    if count:
        are = "thing of yours is" if count == 1 else "things of yours are"
        lines.append(
            Text(f"您有 {count} 项尚未共享：qms sync", f"{count} {are} not shared yet: qms sync")
        )
    return lines


def said_beside(session: WorkSession) -> list[Text]:
    """That what is signed here stays beside the trunk, and what brings it there."""
    branch, trunk = beside_trunk(session), session.trunk
    if branch.startswith(KEPT):
        return [Text(
            f"分支 {branch} 保存 sync 留下的内容，供查看和抄录；"
            f"回到 {trunk}：git switch {shell_word(trunk)}",
            f"branch {branch} keeps what sync left behind, to look at and to copy from; back to "
            f"{trunk}: git switch {shell_word(trunk)}",
        )]  # fmt: skip
    if branch:
        return [Text(
            f"您在分支 {branch} 上，不在 {trunk}：别人在 {trunk} 上看不到您在此所签；"
            f"qms sync --to-trunk 把它并入 {trunk}，并回到 {trunk}",
            f"you are on branch {branch}, not on {trunk}: nobody sees there what you sign here; "
            f"qms sync --to-trunk brings it into {trunk}, and you back to it",
        )]  # fmt: skip
    head = session.repository.head()
    if head is None or session.repository.branch() is not None:
        return []
    return [Text(
        f"您不在任何一条工作线上，在此签署会被拒绝：git switch {shell_word(trunk)}"
        f"（此处所做的要保留：先 git switch -c work-{head[:10]}）",
        f"you are on no line of work, and nothing can be signed here: git switch "
        f"{shell_word(trunk)} (to keep what was done here, git switch -c work-{head[:10]} first)",
    )]  # fmt: skip


def _signed_elsewhere(session: WorkSession) -> list[Text]:
    """What I signed on branches beside the trunk: whoever works by the trunk has none of it."""
    lines: list[Text] = []
    for branch, numbers in signed_elsewhere(session):
        shown, command = some([*numbers]), f"git switch {shell_word(branch)} && qms sync --to-trunk"
        lines.append(Text(
            f"分支 {branch} 上有您的签署尚未进入 {session.trunk}：{shown}（`{command}`）",
            f"on branch {branch} lies what you signed and {session.trunk} lacks: "
            f"{shown} (`{command}`)",
        ))  # fmt: skip
    return lines


def _laid_aside(root: Path) -> list[Text]:
    """Texts of mine that gave way and still lie there: git overlooks them, and nobody has them."""
    names = some(laid_aside(root))
    if not names:
        return []
    return [Text(
        f"您另存的文本还在：{names}（把改动补进去后即可删除）",
        f"texts of yours that were laid aside: {names} (bring your changes in, then delete them)",
    )]  # fmt: skip


def written_only(session: WorkSession, refused: Sequence[Finding] = ()) -> list[Text]:
    """What somebody wrote and did not commit: it reaches nobody, and nothing else says so.

    Nobody is told to commit what `check` refuses: `refused` is that.
    """
    paths = _changed(session)
    undone = _undone(session)
    said = [_edited(parse_path(path).number, path) if is_text else _filed(path)
            for path, is_text in undone.items()]  # fmt: skip
    if not is_sharing(session.repository):
        return said
    written = some([path for path in paths if path.startswith(_WRITTEN) and path not in undone])
    if written and any(one.place.path not in undone for one in refused):
        said.append(Text(
            f"未提交，因而未共享：{written}（`qms check` 指出的错误处理之后再提交）",
            f"not committed, so not shared: {written} (once what `qms check` names is mended)",
        ))  # fmt: skip
    elif written:
        said.append(Text(
            f"未提交，因而未共享：{written}（`git add -A && git commit -m 草稿`，再 `qms sync`）",
            f"not committed, so not shared: {written} "
            "(`git add -A && git commit -m draft`, then `qms sync`)",
        ))  # fmt: skip
    policy = some([path for path in paths if _is_of_policy(path)])
    if policy:
        said.append(Text(
            f"未提出，因而未共享：{policy}（`qms policy propose`；策略管理人：`qms policy sign`；"
            "再 `qms sync`）",
            f"not proposed, so not shared: {policy} (`qms policy propose`, or as a keeper of the "
            "policy `qms policy sign`; then `qms sync`)",
        ))  # fmt: skip
    return said


def _changed(session: WorkSession) -> list[str]:
    """What lies otherwise than it is committed, but for line ends that git makes nothing of."""
    laid = {path for path, _ in line_ends_only(session)}
    found = session.work_tree.changes(session.tree)
    return [one.path for one in found if one.path not in laid]


def _undone(session: WorkSession) -> dict[str, bool]:
    """The files that `restore` puts back, filed ones first; whether each is a published text."""
    paths = _changed(session)
    # What lies there new may be what a killed command left, and is told as that.
    filed = [one for one in paths
             if session.tree.entry(one) is not None and _is_released(session, one)]  # fmt: skip
    texts = [one for one in paths if one.startswith(_WRITTEN) and _is_published(session, one)]
    return {**dict.fromkeys(filed, False), **dict.fromkeys(texts, True)}


def _is_of_policy(path: str) -> bool:
    return path in POLICY_FILES or is_look_file(path) or is_bound(path)


def some(paths: list[str]) -> str:
    """The first of the paths, on one line."""
    return ", ".join(paths[:_SHOWN]) + (" …" if len(paths) > _SHOWN else "")


def _is_published(session: WorkSession, path: str) -> bool:
    """Whether somebody edited a published text there: committed as it is, no gate would take it."""
    number = parse_path(path).number
    if not number or not session.register.released(number):
        return False
    try:
        return revising.edited_text(session, number) is not None
    except Refused:
        return False  # a revision of its own, or what `check` names


def _is_released(session: WorkSession, path: str) -> bool:
    """Whether a revision lies there, as it was signed: `restore` puts it back."""
    kind = session.hooks.kinds.of(path)
    return kind is not None and kind.law is Law.FIXED and kind.has_chain and kind.rounds is None


def _filed(path: str) -> Text:
    """That something which is filed was changed by hand: whoever did it should know at once."""
    word = shell_word(parse_path(path).number)
    return Text(
        f"已归档的文件被直接改动，不能共享：{path}（`qms restore {word}` 撤销改动）",
        f"what is filed was changed, which can't be shared: {path} "
        f"(`qms restore {word}` undoes it)",
    )


def _edited(number: str, path: str) -> Text:
    word = shell_word(number)
    return Text(
        f"已发布的文本被直接改动，不能共享：{path}（`qms revise {word}` 把改动带入下一版本，"
        f"`qms restore {word}` 撤销改动）",
        f"a published text was edited, which can't be shared: {path} (`qms revise {word}` takes "
        f"the edit into the next revision, `qms restore {word}` undoes it)",
    )
