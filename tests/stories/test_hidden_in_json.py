"""What a folder, a file or an argument hides is escaped in the JSON of every command."""

import json
from collections.abc import Iterator

import pytest

from qms.cli.catalogue import CORE
from qms.formats.characters import first_forbidden
from qms.testing.office import Office

NUMBER = "LX-WI-01"
DRAFT = f"documents/work-instruction/{NUMBER}.md"
HIDDEN = "\x9b31m\u202eRED\u3164\U0001d173"
PAPER = (
    "--number", HIDDEN, "--revision", "C/3", "--approved", "2019-03-01", "--published",
    "2019-03-15", "--effective", "2019-04-01", "--by", HIDDEN,
)  # fmt: skip
CALLS: dict[str, tuple[tuple[str, ...], ...]] = {
    "new": ((HIDDEN, "--title", "a"), ("work-instruction", "--title", HIDDEN)),
    "legacy": (("work-instruction", "--title", HIDDEN, *PAPER),),
    "revise": ((HIDDEN, "--summary", HIDDEN),),
    "submit": ((HIDDEN,), (NUMBER, "--dry-run")),
    "fix": ((HIDDEN,), ()),
    "todo": ((),),
    "sign": ((HIDDEN,), (NUMBER, "--dry-run")),
    "reject": ((NUMBER, "--reason", HIDDEN), (HIDDEN, "--reason", "a")),
    "release": ((HIDDEN,),),
    "preview": ((HIDDEN,), (NUMBER, "--out", HIDDEN)),
    "sync": ((), ("--theirs",)),
    "restore": ((NUMBER,), (HIDDEN,)),
    "publish": ((HIDDEN,), ("--dry-run", "--unsigned")),
    "settle": ((HIDDEN, "--stands", HIDDEN, "--reason", HIDDEN),),
    "annul": ((HIDDEN, HIDDEN, "--reason", HIDDEN),),
    "ratify": ((HIDDEN, HIDDEN, "--reason", HIDDEN),),
    "list": ((), ("--all",)),
    "show": ((NUMBER,), (HIDDEN,)),
    "history": ((NUMBER,), (HIDDEN,)),
    "diff": ((NUMBER,), (HIDDEN,)),
    "asof": (("today",), (HIDDEN,), ("today", HIDDEN)),
    "check": ((), ("--all",), ("--index",), (HIDDEN,)),
    "verify": ((), ("--explain", HIDDEN), ("--explain", NUMBER)),
    "init": ((),),
    "policy": (("key", HIDDEN, "/dev/null"), ("sign", "--dry-run"), (HIDDEN,)),
    "hook": (("install",), (HIDDEN,)),
    "plugins": ((),),
    "doctor": ((),),
    "lists": ((), (HIDDEN,), ("controlled-documents", "--only", HIDDEN)),
    "issue": ((HIDDEN, "--to", HIDDEN), (NUMBER, "--to", HIDDEN)),
    "receive": ((HIDDEN, HIDDEN),),
    "recall": ((HIDDEN, HIDDEN),),
    "return": ((HIDDEN, HIDDEN),),
    "replace": ((HIDDEN, HIDDEN),),
    "copies": ((HIDDEN,), (NUMBER,)),
}


def told(office: Office, *arguments: str) -> object:
    """What a command says in JSON, None for nothing; nobody is shown anything that is hidden."""
    answer = office.call(*arguments, "--json", by="fu.yi")
    for text in (answer.out, answer.err):
        found = first_forbidden(text.replace("\n", " "))
        assert found is None, (arguments, hex(ord(found[0])), text)
    assert "a fault in qms" not in answer.err
    return json.loads(answer.out) if answer.out else None


def texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from (str(key), *texts(one))
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)
    elif isinstance(value, str):
        yield value


@pytest.fixture
def hostile(submitted: Office) -> Office:
    """A clone that hides something in each name of its own, in a text and in a head."""
    submitted.write(f"released/form/X/{HIDDEN}.md", "x\n")
    submitted.write(DRAFT, f"{submitted.text(DRAFT)}{HIDDEN}\n")
    submitted.write("documents/work-instruction/LX-WI-02.md", f"---\n{HIDDEN}: a\n---\n")
    submitted.git("config", "qms.key", f"{submitted.folder.parent}/{HIDDEN}")
    submitted.git("checkout", "-q", "-b", f"a{HIDDEN}")
    return submitted


def test_every_command_is_tried() -> None:
    assert {row.name for section in CORE for row in section.rows} <= CALLS.keys()


@pytest.mark.parametrize("command", CALLS)
def test_no_command_shows_in_json_what_is_hidden(hostile: Office, command: str) -> None:
    """Row 86 (LSRVP)"""
    for arguments in CALLS[command]:
        told(hostile, command, *arguments)


def test_what_was_hidden_is_there_to_be_read(hostile: Office) -> None:
    """Escaped, it is still the same text for a program."""
    for arguments in (("check",), ("doctor",)):
        found = list(texts(told(hostile, *arguments)))
        assert any("\u202eRED\u3164" in text for text in found), (arguments, found)
