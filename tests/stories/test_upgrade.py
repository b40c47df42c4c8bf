"""One docs repo, two versions of the tool: newer ones judge alike, older ones say that they can't.

The other version is this checkout's source with another version number, one more rulebook and one
more key in qms.yaml, run as it is.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from qms import __version__
from qms.testing.office import Answer, Office

ROOT = Path(__file__).parents[2]
COMPANY = Path(__file__).parent / "companies" / "lx"
SIGNERS = ("gao.feng", "guan.ning")
SHEET = "LX-WI-01"
LATER = (
    ("qms/__init__.py", f'__version__ = "{__version__}"', '__version__ = "0.1.1"'),
    ("qms/domain/kinds/policy.py", "RULEBOOK: Final = 1\n", "RULEBOOK: Final = 2\n"),
    ("qms/domain/kinds/policy_tables.py", "QMS: Final = record(",
     'QMS: Final = record(Field("colour", text(), required=False), '),
)  # fmt: skip

Tool = Callable[..., Answer]


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source of a version that knows more."""
    folder = tmp_path_factory.mktemp("later")
    for name in ("qms", "plugins", "docs_repo_template"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name, old, new in LATER:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, (name, old)
        path.write_text(text.replace(old, new), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Two policies, a revised document, a copy that is out."""
    files = {one.name: one.read_bytes() for one in COMPANY.iterdir()}
    office = Office.found(tmp_path_factory.mktemp("lx"), files, SIGNERS)
    office.qms("new", "work-instruction", "--title", "点检", by="gong.yi")
    release(lambda *given, by: office.call(*given, by=by))
    office.qms("issue", SHEET, "--to", "technical", by="wen.kong")
    office.edit("people.yaml", "傅尔", "付尔")
    for signer in SIGNERS:
        office.qms("policy", "sign", by=signer)
    office.qms("revise", SHEET, "--summary", "修改", by="gong.yi")
    office.edit("documents/work-instruction/LX-WI-01.md", "# ", "# 新 ")
    release(lambda *given, by: office.call(*given, by=by))
    return office


@pytest.fixture
def lx(founded: Office, tmp_path: Path) -> Office:
    return founded.copy(tmp_path)


@pytest.fixture
def new(lx: Office, later: Path) -> Tool:
    """Calls of the later version."""
    path = os.pathsep.join((str(later), str(later / "plugins")))

    def run(*arguments: str, by: str | None = None) -> Answer:
        return lx.finish(*arguments, by=by, PYTHONPATH=path)

    return run


def release(tool: Tool) -> None:
    for command, by in (("submit", "gong.yi"), ("sign", "fu.yi"), ("release", "wen.kong")):
        answer = tool(command, SHEET, by=by)
        assert answer.code == 0, answer


def sign_policy(tool: Tool) -> None:
    for signer in SIGNERS:
        answer = tool("policy", "sign", "--yes", by=signer)
        assert answer.code == 0, answer


def verdict(answer: Answer) -> dict[str, object]:
    """What `verify --json` says, but for which tool says it."""
    told: dict[str, object] = json.loads(answer.out)
    for own in ("tool", "plugins"):
        del told[own]
    return told


def incomplete(answer: Answer) -> list[str]:
    """The codes of a verdict that is none."""
    assert answer.code == 3, answer
    told = json.loads(answer.out)
    assert told["verdict"] == "incomplete"
    return [one["code"] for one in told["findings"]]


def test_a_later_version_gives_the_same_verdicts(lx: Office, new: Tool) -> None:
    for command in (("list",), ("history", SHEET), ("asof", "2026-12-31"), ("check", "--all")):
        assert new(*command, "--json")[:2] == lx.finish(*command, "--json")[:2]
    old, later = lx.finish("verify", "--json"), new("verify", "--json")
    assert (old.code, later.code) == (0, 0)
    assert verdict(later) == verdict(old)
    tools = [json.loads(one.out)["tool"] for one in (old, later)]
    assert tools == [__version__, "0.1.1"]


def test_a_policy_is_signed_by_any_version(lx: Office, new: Tool) -> None:
    """A policy that pinned qms 0.1.0 locked every repo out at 0.1.1, `policy sign` included."""
    lx.edit("people.yaml", "傅毅", "付毅")
    assert new("policy", "sign", "--yes", by=SIGNERS[0]).code == 0
    assert lx.finish("policy", "sign", "--yes", by=SIGNERS[1]).code == 0
    assert (new("verify").code, lx.finish("verify").code) == (0, 0)


def test_an_earlier_version_says_that_a_rulebook_is_beyond_it(lx: Office, new: Tool) -> None:
    lx.edit("policy.yaml", "rulebook: 1", "rulebook: 2")
    assert lx.call("policy", "sign", by=SIGNERS[0]).findings == ("TOOL-OLD",)
    sign_policy(new)
    new("revise", SHEET, "--summary", "再改", by="gong.yi")
    lx.edit("documents/work-instruction/LX-WI-01.md", "# 新 ", "# 更新 ")
    release(new)

    later = new("verify", "--json")
    assert (later.code, json.loads(later.out)["rulebooks"]) == (0, [1, 2])
    assert incomplete(lx.finish("verify", "--json")) == ["TOOL-OLD"]
    assert lx.finish("check", "--all").findings == ("TOOL-OLD",)
    for command in (("list",), ("policy", "sign", "--yes")):
        assert lx.finish(*command, by=SIGNERS[0]).code == 3


def test_an_earlier_version_says_that_a_key_of_qms_yaml_is_beyond_it(lx: Office, new: Tool) -> None:
    lx.edit("qms.yaml", "trunk: main", "colour: red\ntrunk: main")
    assert lx.call("policy", "sign", by=SIGNERS[0]).findings == ("FIELD-UNKNOWN",)
    sign_policy(new)

    assert new("verify").code == 0
    assert incomplete(lx.finish("verify", "--json")) == ["TOOL-OLD"]
    answer = lx.finish("list")
    assert (answer.code, answer.out) == (3, "")
    assert "qms.yaml colour: FIELD-UNKNOWN" in answer.err


def test_a_rulebook_never_sinks(lx: Office, new: Tool) -> None:
    lx.edit("policy.yaml", "rulebook: 1", "rulebook: 2")
    sign_policy(new)
    lx.edit("policy.yaml", "rulebook: 2", "rulebook: 1")
    assert new("policy", "sign", "--yes", by=SIGNERS[0]).findings == ("RULEBOOK-LOWERED",)


def test_what_other_printers_made_is_not_kept(lx: Office, tmp_path: Path) -> None:
    """From a git address other pages come under the same version: neither folder nor cache tell."""
    other = tmp_path / "other"
    for name in ("qms", "plugins", "docs_repo_template"):
        shutil.copytree(ROOT / name, other / name, ignore=shutil.ignore_patterns("__pycache__"))
    page = other / "plugins" / "qms_publish" / "data" / "templates" / "document.html.j2"
    page.write_text(page.read_text(encoding="utf-8").replace("签署时间", "签名时刻"), "utf-8")
    out = str(tmp_path / "out")

    def publish(*sources: Path) -> str:
        more = {"PYTHONPATH": os.pathsep.join(map(str, sources))} if sources else {}
        given = ("publish", "--unsigned", "--out", out)
        answer = lx.finish(*given, by="wen.kong", XDG_CACHE_HOME=str(tmp_path / "cache"), **more)
        assert answer.code == 0, answer
        (pdf,) = Path(out).rglob("*.pdf")
        command = ["/usr/bin/pdftotext", "-f", "2", "-l", "2", str(pdf), "-"]
        words = subprocess.run(command, capture_output=True, check=True).stdout.decode()
        return answer.out.splitlines()[-1].partition(";")[0] + str("签名时刻" in words)

    assert publish() == "1 file, 1 madeFalse"
    assert publish() == "1 file, 0 madeFalse"
    assert publish(other, other / "plugins") == "1 file, 1 madeTrue"
    assert publish() == "1 file, 1 madeFalse"
