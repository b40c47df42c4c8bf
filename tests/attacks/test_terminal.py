"""What a hostile text would say to the terminal of whoever reads it."""

import re
import subprocess

from qms.testing import DocsRepo
from qms.testing.office import Office

DRAFT = "documents/instruction/LX-WI-03.md"
ESCAPE = "\x1b]0;all holds\x07\x1b[2J\x9b1m\u202e"
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
SEEN = (
    ("list",), ("show", "LX-WI-03"), ("show", "LX-CX-2026-01"), ("history", "LX-CX-2026-01"),
    ("diff", "LX-WI-03"), ("todo",), ("copies", "LX-CX-2026-01"), ("doctor",), ("check",),
    ("check", "--all"),
    ("check", "--step", "HEAD~1", "HEAD"), ("verify",), ("verify", "--explain", "LX-CX-2026-01"),
    ("submit", "--dry-run", "LX-WI-03"), ("publish", "--dry-run", "--unsigned"),
)  # fmt: skip


def test_nothing_that_a_terminal_obeys_comes_out_of_a_clone(repo: DocsRepo) -> None:
    """Row 86 (LSRVP): in title, body, names of files, of persons, of who committed and why."""
    text = repo.read(DRAFT).decode()
    repo.write(
        DRAFT, text.replace("文件控制程序", f"文件{ESCAPE}程序").replace("正文", ESCAPE).encode()
    )
    repo.write(f"documents/instruction/{ESCAPE}.md", text.encode())
    repo.write(f"notes/{ESCAPE}.txt", ESCAPE.encode())
    people = repo.read("people.yaml").decode()
    repo.write("people.yaml", people.replace("李四", f"李{ESCAPE}四").encode())
    repo.commit(f"Small {ESCAPE} correction")
    folder = repo.lay_out()
    repo.history.git("-c", f"user.name=x{ESCAPE}", "commit", "-q", "--allow-empty", "-m", ESCAPE)
    office = Office(folder, folder.parent / "keys", repo.now)

    for command in SEEN:
        answer = office.call(*command)
        assert answer.code in (0, 1, 3), answer
        assert not OBEYED.search(answer.out + answer.err), command

    assert subprocess.run(
        ["git", "-C", folder, "log", "-1", "--format=%B"], check=True, capture_output=True
    ).stdout.startswith(b"\x1b")
