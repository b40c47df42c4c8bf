"""Large docs repos, made in seconds and kept outside the checkout.

`qms.testing.DocsRepo` files the policy; the documents are written here, because a benchmark needs
them by the thousand and knows what it has written. All signatures are real.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

from qms import __version__
from qms.domain.kinds.log import COPY_HEAD, render_head
from qms.formats import cut, slots
from qms.formats.digests import spelled_git_id
from qms.formats.paths import copy_path, document_path, released_path
from qms.formats.slots import EVENT_STEP, Base, Notice, Statement, Subject, Tail, Wording
from qms.testing import SHORT_CHAIN, SMALL, DocsRepo, File, key
from qms.testing.desk import MEANINGS

GENERATOR: Final = 6
"""To be raised when the repos made here change."""

CLASSES: Final = 10
TICK: Final = timedelta(seconds=20)
CHAIN: Final = (
    ("prepare", "1", "preparer", "sun.ba"),
    ("approve", "2", "quality-manager", "li.si"),
    ("publish", "3", "document-controller", "wang.wu"),
)
SECTIONS: Final = (
    ("目的", "规定{what}的方法、职责和记录，确保产品质量持续符合顾客与法规的要求。"),
    ("范围", "适用于{where}的全部班组，也适用于承担同类工序的外协供方；样件和试制品可参照执行。"),
    ("职责", "{who}负责组织实施并保存记录；质量部负责监督检查；技术部负责工艺文件的编制和更改。"),
    (
        "准备",
        "开工前按图样、工艺卡核对材料牌号和炉号、刀具、量具的检定状态，{what}的环境应满足要求。",
    ),
    ("实施", "首件由检验员确认后方可批量加工；每{count}件抽检一次，发现异常立即停机并报告{who}。"),
    ("不合格", "不合格品应当隔离、标识，由{who}按不合格品控制程序评审和处置，返工后重新检验。"),
    ("更改", "{what}的方法需要更改时，由技术部提出，经会签和批准后发布，{where}同时收回旧版本。"),
    ("记录", "首件检验记录、巡检记录和设备点检表由{where}保存{count}个月，期满后按规定销毁。"),
)
TABLE: Final = """
| 项目 | 要求 | 方法 | 频次 |
| --- | --- | --- | --- |
| 外径 | {a} ± 0.02 mm | 千分尺 | 每 {count} 件 |
| 粗糙度 | Ra {b} | 比较样块 | 首件 |
| 跳动 | 0.0{b} mm | 百分表 | 每班 |
"""
WHATS: Final = ("车削加工", "热处理", "电镀", "总装", "包装运输", "进货检验", "量具校准", "焊接")
WHERES: Final = ("机加工车间", "装配车间", "库房", "计量室", "试验站")
WHOS: Final = ("车间主任", "班组长", "检验组长", "工艺员")


def text(place: int) -> str:
    """A Chinese body of some four pages (7 KB), another one for each `place`."""
    chance = Random(place)  # noqa: S311 - texts, not keys
    parts: list[str] = []
    for title, sentence in SECTIONS:
        parts.append(f"# {title}\n")
        for number in range(3):
            words = " ".join(
                sentence.format(
                    what=chance.choice(WHATS), where=chance.choice(WHERES),
                    who=chance.choice(WHOS), count=chance.randrange(2, 50),
                )
                for _ in range(3)
            )  # fmt: skip
            parts.append(f"{number + 1}. {words}\n")
        if title in ("实施", "记录"):
            parts.append(
                TABLE.format(
                    a=chance.randrange(5, 200),
                    b=chance.randrange(1, 7),
                    count=chance.randrange(2, 50),
                )
            )
    return "\n".join(parts)


@dataclass(frozen=True, slots=True)
class Written:
    """A document of which some statements are signed: head, body, and the slots so far."""

    class_id: str
    number: str
    revision: str
    head: bytes
    body: bytes
    content: str
    base: Base | None = None
    slots: tuple[Statement, ...] = ()

    @property
    def subject(self) -> Subject:
        """What its slots name."""
        return Subject(
            kind="document", number=self.number, class_=self.class_id, revision=self.revision
        )

    def file(self, status: str) -> File:
        """The file with all its slots."""
        tail = slots.render_tail(Tail(status, self.slots))
        return File(b"---\n" + self.head + tail + b"---\n" + self.body)


class Press:
    """Writes documents into a repo whose policy is filed, as its people would."""

    def __init__(self, folder: Path) -> None:
        chains = {f"class{place}": SHORT_CHAIN for place in range(CLASSES)}
        company = replace(SMALL, chains=chains)
        self.repo = DocsRepo.make(folder, company)
        self.repo_id = self.repo.repo_id
        self.policy = self.repo.policy_file.content
        self.company = company
        self.seen = self.repo.tip
        self.changes: dict[str, File | None] = {}

    def write(self, place: int, before: Written | None = None) -> Written:
        """The text of the document at `place` of the library; after `before`, its revision A/1."""
        class_id = f"class{place % CLASSES}"
        number = f"{class_id.upper()}-{place // CLASSES + 1:02}"
        revision = "A/0" if before is None else "A/1"
        head = (
            f"number: {number}\ntitle: 第 {place} 号作业指导书\nclass: {class_id}\n"
            f"revision: {revision}\ncontrolled: true\nowner: technical\nprepared_by: sun.ba\n"
            f'summary: 首次发布\nclauses: ["8.5.1", "8.6"]\n'
        ).encode()
        body = text(place).encode() + (b"" if before is None else b"\nA/1\n")
        empty = b"status: draft\napprovals: []\n"
        content = cut.cut_markdown(b"---\n" + head + empty + b"---\n" + body).content
        base = None if before is None else Base(before.revision, before.content)
        return Written(class_id, number, revision, head, body, content, base)

    def sign(self, text: Written, last: str | None = None) -> Written:
        """The next step of the chain, signed; `last` is the base's last statement."""
        act, step, role, person = CHAIN[len(text.slots)]
        data = {}
        if act == "publish":
            day = str(self.repo.now.date() + timedelta(days=1))
            data = {"published": day, "effective": day}
        after = (text.slots[-1].id,) if text.slots else (last,) if last is not None else ()
        slot = self._signed(
            Notice(act, step, role, person), text.subject, text.content,
            base=text.base, after=after, data=data,
        )  # fmt: skip
        return replace(text, slots=(*text.slots, slot))

    def _signed(self, slot: Notice, subject: Subject, content: str, **more: object) -> Statement:
        signing = key(slot.person)
        wording = Wording(
            act=slot.act,
            step=slot.step,
            role=slot.role,
            person=slot.person,
            at=self.repo.tick(TICK).isoformat(timespec="seconds"),
            repo=self.repo_id,
            subject=subject,
            content=content,
            name=self.company.person(slot.person).name,
            key=signing.public.fingerprint,
            meaning=MEANINGS[slot.act],
            policy=self.policy,
            seen=spelled_git_id(self.seen),
            **more,  # type: ignore[arg-type]
        )
        return signing.signed(wording)

    def lay(self, text: Written, status: str) -> None:
        """Its working text goes into the next commit; where published, it is filed too."""
        file = text.file(status)
        self.changes[document_path(text.class_id, text.number)] = file
        if status == "published":
            self.changes[released_path(text.class_id, text.number, text.revision)] = file

    def issue(self, text: Written) -> None:
        """Copy 001 is issued in the next commit."""
        names = {"number": text.number, "class": text.class_id, "revision": text.revision}
        head = render_head(COPY_HEAD, names | {"copy": "001"})
        content = cut.cut_yaml(head + b"status: log\nevents: []\n").content
        subject = replace(text.subject, kind="copy", copy="001")
        slot = self._signed(
            Notice("issue", EVENT_STEP, "document-controller", "wang.wu"),
            subject, content, base=Base(text.revision, text.content), after=(text.slots[-1].id,),
            data={
                "content": text.content, "department": "quality", "holder": "zhou.jiu",
                "place": None, "quantity": 1,
            },
        )  # fmt: skip
        path = copy_path(text.class_id, text.number, text.revision, "001")
        tail = slots.render_tail(Tail("log", (slot,), log=True))
        self.changes[path] = File(head + tail)

    def commit(self, message: str) -> None:
        """One commit of what was laid."""
        self.seen = self.repo.history.commit(
            "main", (self.seen,), self.changes, message, self.repo.tick(TICK)
        )
        self.changes = {}

    def released(self, place: int) -> Written:
        """A document with its whole chain, laid for the next commit."""
        text = self.write(place)
        for _ in CHAIN:
            text = self.sign(text)
        self.lay(text, "published")
        return text

    def done(self) -> None:
        """Pack the repo and lay its files out."""
        self.repo.history.git("config", "core.untrackedCache", "false")
        self.repo.history.git("gc", "-q", "--no-cruft")
        self.repo.history.git("reset", "-q", "--hard")
        # What was written in the second of the index counts as perhaps changed: it would be read
        # again by every `git status`, until one that may write the index has looked later.
        time.sleep(1.1)
        self.repo.history.git("status")


def library(documents: int) -> Path:
    """A repo of released documents, a hundred a commit; every tenth has a copy out."""

    def make(folder: Path) -> None:
        press = Press(folder)
        for start in range(0, documents, 100):
            for place in range(start, min(start + 100, documents)):
                text = press.released(place)
                if place % 10 == 0:
                    press.issue(text)
            press.commit(f"Release documents from {start} on")
        press.done()

    return _kept(f"library-{documents}", make)


def history(documents: int, commits: int) -> Path:
    """A repo of as many commits: texts are submitted and released, every tenth is revised.

    Some approvals are commits of their own. What is left of `commits` are copies issued.
    """

    def make(folder: Path) -> None:
        press = Press(folder)
        texts = [_life(press, place, None) for place in range(documents)]
        for place in range(0, documents, 10):
            texts[place] = _life(press, place, texts[place])
        left = commits - len(press.repo.history.commits)
        for text in texts[1 : left + 1]:
            press.issue(text)
            press.commit(f"Issue {text.number} 001")
        press.done()

    return _kept(f"history-{documents}-{commits}", make)


def _life(press: Press, place: int, before: Written | None) -> Written:
    text = press.sign(press.write(place, before), before.slots[-1].id if before else None)
    press.lay(text, "in-review")
    press.commit(f"Submit {text.number} {text.revision}")
    text = press.sign(text)
    if place % 20 == 0:
        press.lay(text, "approved")
        press.commit(f"Approve {text.number} {text.revision}")
    text = press.sign(text)
    press.lay(text, "published")
    press.commit(f"Release {text.number} {text.revision}")
    return text


def _kept(name: str, make: Callable[[Path], None]) -> Path:
    folder = cache() / f"{name}-v{GENERATOR}-{__version__}"
    if not (folder / ".git").is_dir():
        print(f"making {folder}", file=sys.stderr, flush=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        working = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=folder.parent))
        try:
            make(working)
            working.rename(folder)
        finally:
            shutil.rmtree(working, ignore_errors=True)
    return folder


def cache() -> Path:
    """Where generated repos are kept: the user's cache folder, or a temporary one."""
    base = os.environ.get("XDG_CACHE_HOME")
    home = os.environ.get("HOME")
    if base or home:
        return Path(base or f"{home}/.cache") / "qms-bench"
    return Path(tempfile.gettempdir()) / "qms-bench"
