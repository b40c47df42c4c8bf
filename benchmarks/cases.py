"""The benchmarks by name: what is measured, what it is compared to, what it must reach."""

import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from measure import NOW, QMS, Result, medians, paired, process
from repos import cache, history, library, text

from qms.testing import DocsRepo, key

if TYPE_CHECKING:
    from qms.printing import RenderRequest, StampRequest

ROUNDS: Final = 15
FEW: Final = 3
PAIRS: Final = 10

IMPORT_CLICK: Final = (sys.executable, "-c", "import click")
CLICK: Final = process(IMPORT_CLICK)
Cases: TypeAlias = dict[str, Callable[[], Result]]


def help_() -> Result:
    """`qms --help` to `import click`: what every call pays."""
    ours, theirs = medians(ROUNDS, process([QMS, "--help"]), process(IMPORT_CLICK))
    return Result(
        name="help", measured="qms --help", seconds=ours,
        reference="python -c 'import click'", reference_seconds=theirs, target=2,
    )  # fmt: skip


MARKED: Final = """
**注意：**见[程序](CLASS7-78.md)，10⁻⁶ mol，`D:\\data`。

| 项目 | 结果 |
|---|---|
| **一** | ☐ 合格 |
"""


def check() -> Result:
    """`qms check` of one changed working text among 10,000 documents to `import click`.

    It was judged before, as by whoever checks again and again what they write.
    """
    ours, theirs = _checked("\n再加一行。\n")
    return Result(
        name="check", measured="qms check, one changed file among 10,000 documents", seconds=ours,
        reference="python -c 'import click'", reference_seconds=theirs, target=6,
    )  # fmt: skip


def check_parsed() -> Result:
    """The same of a text with marks, where nothing is remembered, as in CI: it is parsed."""
    ours, theirs = _checked(MARKED, CI="true")
    return Result(
        name="check-parsed", measured="the same, a text with marks that nobody has judged yet",
        seconds=ours, reference="python -c 'import click'", reference_seconds=theirs, target=7.5,
    )  # fmt: skip


def _checked(added: str, **more: str) -> tuple[float, float]:
    repo = library(10_000)
    changed = repo / "documents" / "class7" / "CLASS7-77.md"
    before = changed.read_bytes()
    # A text that is opened again: the next revision, as a draft, with a line more.
    text = before.replace(b"revision: A/0", b"revision: A/1")
    head = text.partition(b"status: ")[0]
    body = text.partition(b"\n---\n")[2]
    try:
        draft = head + b"status: draft\napprovals: []\n---\n" + body + added.encode()
        changed.write_bytes(draft)
        ours, theirs = medians(ROUNDS, process([QMS, "check"], repo, **more), process(IMPORT_CLICK))
    finally:
        changed.write_bytes(before)
    return ours, theirs


READ_ALL: Final = Path(__file__).with_name("read_all.py")


def check_all() -> Result:
    """`qms check --all` to reading, hashing and `CSafeLoader`, on 1,000 and 10,000 documents."""
    ratios: dict[int, tuple[float, float]] = {}
    for count in (1_000, 10_000):
        repo = library(count)
        ratios[count] = medians(
            FEW, process([QMS, "check", "--all"], repo), process([sys.executable, READ_ALL, repo])
        )  # fmt: skip
    small, large = ratios[1_000], ratios[10_000]
    return Result(
        name="check-all", measured="qms check --all, 10,000 documents", seconds=large[0],
        reference="reading, hashing, CSafeLoader of their front matter, one process",
        reference_seconds=large[1], target=2.5,
        notes=(f"1,000 documents: {small[0] / small[1]:.2f}×",),
    )  # fmt: skip


SHOWN: Final = "CLASS7-77"
COUNTS: Final = (1_000, 10_000)


def asked(name: str, arguments: tuple[str, ...], most: tuple[float, float]) -> Cases:
    """`qms` that shows something, as asked again, and as asked for the first time.

    Again: to `import click`, at 1,000 and 10,000 documents at `most` so many times. The first
    time, with ``--no-cache``: to `check --all` of the same repo, at 10,000 documents.
    """

    def again(count: int, target: float) -> Result:
        repo = library(count)
        ours, theirs = medians(ROUNDS, process([QMS, *_with_key(arguments)], repo), CLICK)
        return Result(
            name=f"{name}-{count}", measured=f"qms {' '.join(arguments)}, asked again, "
            f"{count:,} documents", seconds=ours,
            reference="python -c 'import click'", reference_seconds=theirs, target=target,
        )  # fmt: skip

    def cold() -> Result:
        ratios: dict[int, tuple[float, float]] = {}
        for count in COUNTS:
            repo = library(count)
            anew = process([QMS, *_with_key(arguments), "--no-cache"], repo)
            ratios[count] = medians(1, anew, process([QMS, "check", "--all"], repo))
        small, large = ratios[COUNTS[0]], ratios[COUNTS[1]]
        return Result(
            name=f"{name}-cold", measured=f"qms {' '.join(arguments)} --no-cache, 10,000 documents",
            seconds=large[0], reference="qms check --all of it", reference_seconds=large[1],
            target=1.5, notes=(f"1,000 documents: {small[0] / small[1]:.2f}×",),
        )  # fmt: skip

    cases: Cases = {
        f"{name}-{count}": partial(again, count, target)
        for count, target in zip(COUNTS, most, strict=True)
    }
    return cases | {f"{name}-cold": cold}


def _with_key(arguments: tuple[str, ...]) -> tuple[str, ...]:
    """The same with the key of somebody whom things wait for, where a command asks who I am."""
    if arguments[0] != "todo":
        return arguments
    return (*arguments, "--key", str(key("wang.wu").file(cache() / "keys")))


def verify() -> Result:
    """Cold `qms verify` to `git fsck --full`, and whether its time grows with the history."""
    whole, half = history(2_000, 5_000), history(1_000, 2_500)
    ours, theirs, halved = medians(
        FEW,
        process([QMS, "verify"], whole),
        process(["git", "fsck", "--full"], whole),
        process([QMS, "verify"], half),
    )
    return Result(
        name="verify", measured="qms verify, 2,000 documents, 5,000 commits", seconds=ours,
        reference="git fsck --full", reference_seconds=theirs, target=5,
        notes=(f"half of it takes {halved / ours:.2f} of the time (linear: 0.5)",),
    )  # fmt: skip


def publish() -> Result:
    """The base PDF of ten pages to plain WeasyPrint of the same HTML."""
    with ExitStack() as stack:
        ours, theirs, pairs = paired(PAIRS, *_rendering(stack))
    return Result(
        name="publish", measured="base PDF of a document, PDF/A-3a, tagged", seconds=ours,
        reference="plain WeasyPrint of the same HTML", reference_seconds=theirs, target=1.25,
        pairs=pairs, notes=(f"{PAIRS} pairs from {min(pairs):.2f}× to {max(pairs):.2f}×",),
    )  # fmt: skip


def stamp() -> Result:
    """One stamped copy to one rendering."""
    from qms_watermark.tools import stamp as draw  # noqa: PLC0415 - only here

    with ExitStack() as stack:
        render, _ = _rendering(stack)
        mark = _mark(render())
        rendering, stamping = medians(FEW, render, lambda: [draw(mark) for _ in range(5)])
    return Result(
        name="stamp", measured="a controlled copy stamped", seconds=stamping / 5,
        reference="its rendering", reference_seconds=rendering, target=15, better="higher",
    )  # fmt: skip


def _rendering(stack: ExitStack) -> tuple[Callable[[], bytes], Callable[[], object]]:
    """Our rendering of a document of ten pages, and WeasyPrint's own of the same HTML."""
    from qms_publish.base_pdf import html_page, render_base  # noqa: PLC0415 - loads fonts
    from qms_publish.lettering.fonts import only_our_fonts  # noqa: PLC0415
    from qms_publish.request import sheet_of  # noqa: PLC0415

    request = _request(stack)
    sheet = sheet_of(request)
    page, _ = html_page(sheet, created=request.created)
    stack.enter_context(only_our_fonts({}))
    from importlib.resources import files  # noqa: PLC0415

    from weasyprint import CSS, HTML  # noqa: PLC0415 - after our fonts are in force

    style = (files("qms_publish") / "data" / "css" / "page.css").read_text("utf-8")
    return (
        lambda: render_base(sheet, created=request.created),
        lambda: HTML(string=page).write_pdf(stylesheets=[CSS(string=style)]),
    )


def _request(stack: ExitStack) -> "RenderRequest":
    """What `qms publish` asks a renderer for: a released document of some ten pages."""
    from qms.installed import TOOLS  # noqa: PLC0415
    from qms.jobs.judging.checker import Checker  # noqa: PLC0415 - not for the other benchmarks
    from qms.jobs.paper.prints import Wanted, plan  # noqa: PLC0415
    from qms.jobs.sessions.work_session import WorkSession  # noqa: PLC0415
    from qms.plugins import Hooks  # noqa: PLC0415
    from qms.storage.repository import Repository  # noqa: PLC0415

    folder = stack.enter_context(tempfile.TemporaryDirectory())
    docs = DocsRepo.make(Path(folder) / "docs")
    docs.release("LX-WI-01", body="\n".join(text(place) for place in range(4)))
    docs.tick(timedelta(days=30))
    repository = stack.enter_context(Repository.find(docs.lay_out()))
    session = WorkSession(
        repository=repository, hooks=docs.hooks, now=docs.now, language="zh",
        checker=Checker.of(repository, docs.hooks), key=None, dry_run=False,
        speak=_silent, show=_silent,
    )  # fmt: skip
    tools = Hooks(session.policy.plugins, (TOOLS,))
    return plan(session, Wanted(), tools).prints[0].request


def _silent(*_: object, **__: object) -> None:
    """Nothing is printed."""


def _mark(base: bytes) -> "StampRequest":
    from qms.printing import StampRequest  # noqa: PLC0415

    return StampRequest(
        base=base, kind="controlled", number="LX-WI-01", revision="A/0", copy="001",
        holder="周九", department="质量部", issued=date.fromisoformat(NOW[:10]),
        code="Q1" + "ABCDEFGHIJKLMN234567ABCDEFGHIJKLMN23456777",
    )  # fmt: skip


NAMES: Final[Cases] = {
    "help": help_,
    "check": check,
    "check-parsed": check_parsed,
    "check-all": check_all,
    **asked("list", ("list",), (8, 20)),
    **asked("todo", ("todo",), (8, 20)),
    **asked("asof", ("asof", "today"), (8, 20)),
    **asked("show", ("show", SHOWN), (8, 8)),
    **asked("history", ("history", SHOWN), (8, 8)),
    "verify": verify,
    "publish": publish,
    "stamp": stamp,
}
