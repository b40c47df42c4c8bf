"""Nothing is ever written through a link that somebody left where a folder or file was."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from qms.storage.workfolder import refuse_in_the_way
from qms.testing.bad_input import NUMBER
from qms.testing.office import Office

TEXT = f"documents/work-instruction/{NUMBER}.md"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder of somebody else's, with what the links lead to."""
    folder = tmp_path / "outside"
    (folder / "work-instruction").mkdir(parents=True)
    (folder / "people.yaml").write_text("theirs\n", encoding="utf-8")
    return folder


def linked(office: Office, path: str, target: Path) -> None:
    """Put a link at `path`, and a copy of what was there behind it."""
    where = office.folder / path
    if where.is_dir():
        where.rename(office.folder.parent / "moved")
    else:
        where.unlink(missing_ok=True)
    where.parent.mkdir(parents=True, exist_ok=True)
    where.symlink_to(target)


def theirs(folder: Path) -> list[tuple[str, bytes]]:
    return sorted((str(p), p.read_bytes() if p.is_file() else b"") for p in folder.rglob("*"))


NEW = ("new", "work-instruction", "--title", "铣床")


@pytest.mark.parametrize(
    ("path", "command", "by"),
    [
        ("documents", NEW, "gong.yi"),
        ("documents/work-instruction", NEW, "gong.yi"),
        ("documents", ("sign", NUMBER), "fu.yi"),
        ("documents/work-instruction", ("sign", NUMBER), "fu.yi"),
        ("released", ("release", NUMBER), "wen.kong"),
        ("released/work-instruction", ("release", NUMBER), "wen.kong"),
        ("people.yaml", ("policy", "key", "fu.er", "KEY"), "gao.feng"),
    ],
)
def test_no_command_writes_through_a_link(
    submitted: Office, outside: Path, path: str, command: Sequence[str], by: str
) -> None:
    if command[0] == "release":
        submitted.qms("sign", NUMBER, by="fu.yi")
    head = submitted.git("rev-parse", "HEAD")
    (outside / "work-instruction" / f"{NUMBER}.md").write_bytes(submitted.text(TEXT).encode())
    target = outside
    if path.count("/"):
        target /= path.partition("/")[2]
    elif path.endswith(".yaml"):
        target /= path
    linked(submitted, path, target)
    if path == "people.yaml":
        target.write_bytes(submitted.git("show", "HEAD:people.yaml").encode() + b"\n")
    before = theirs(outside)
    key = f"{submitted.key('spare')}.pub"
    answer = submitted.call(*(key if one == "KEY" else one for one in command), by=by)
    assert answer.code == 1, answer
    assert theirs(outside) == before
    assert submitted.git("rev-parse", "HEAD") == head


def test_a_link_that_comes_while_one_signs_is_not_gone_through(
    submitted: Office, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 75 (S)"""
    head = submitted.git("rev-parse", "HEAD")

    def then_a_link(root: Path, paths: Iterable[str]) -> None:
        refuse_in_the_way(root, paths)
        linked(submitted, "documents", outside)

    monkeypatch.setattr("qms.storage.workrepo.refuse_in_the_way", then_a_link)
    before = theirs(outside)
    answer = submitted.call("sign", NUMBER, by="fu.yi")
    assert (answer.code, answer.findings) == (1, ("CHANGED-WHILE-SIGNING",)), answer
    assert theirs(outside) == before
    assert submitted.git("rev-parse", "HEAD") == head
