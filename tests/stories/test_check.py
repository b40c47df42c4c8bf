"""What `qms check` looks at: the work tree, or what is staged; what changed, or every file."""

import json

import pytest

from qms.testing.office import Office

TEXT = "documents/work-instruction/LX-WI-01.md"
OTHER = "documents/work-instruction/LX-WI-02.md"


@pytest.fixture
def drafted(lx: Office) -> Office:
    """LX with two drafts on the shared trunk."""
    for title in ("车床", "铣床"):
        lx.qms("new", "work-instruction", "--title", title, by="gong.yi")
    lx.git("add", "-A")
    lx.git("commit", "-q", "-m", "Draft")
    return lx


def checked(office: Office, *options: str) -> tuple[int, list[tuple[str, str]]]:
    """How many files were looked at, and what was found where."""
    told = json.loads(office.call("check", "--json", *options).out)
    return told["files"], [(one["code"], one["path"]) for one in told["findings"]]


def test_all_and_index_together_look_at_every_file_as_it_is_staged(drafted: Office) -> None:
    drafted.edit(TEXT, "owner: technical\n", "ownr: technical\n")
    drafted.git("add", TEXT)
    drafted.edit(TEXT, "ownr: technical\n", "owner: technical\n")
    changed = [("FIELD-MISSING", TEXT), ("FIELD-UNKNOWN", TEXT)]

    assert checked(drafted, "--index") == (1, changed)
    files, found = checked(drafted, "--index", "--all")
    assert found == changed
    assert (files, []) == checked(drafted, "--all")
    assert files > 1
