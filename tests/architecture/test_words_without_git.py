"""Issue 11: who never learnt git can read what happens when people work at the same time.

Commands stand between backticks, and may be git's: they are typed as they are.
"""

import re

import pytest

from qms.codes import CodeTable

GIT = re.compile(
    r"\b(merg(e[ds]?|ing)|commit(s|ted|ting)?|branch(es)?|HEAD|index|rebas(e|ed|ing)|stash|trunk)\b"
)
ZH = re.compile("HEAD|合并冲突|分支|主干|变基|暂存|未提交|该提交|此提交")
COMMAND = re.compile(r"`[^`]*`|\{\w+\}")
PUT_BACK = " where it was committed"
"""Beside the command `git commit -m restore`, which is typed where that word was typed before."""
READ_BY_ALL = (
    "BASE", "BEGUN-TWICE", "CHANGED-WHILE-SIGNING", "COMMIT-UNFINISHED", "FINISHED-FIRST",
    "GIT-IN-PROGRESS", "HEAD-DETACHED", "HEAD-ORPHAN", "HISTORY-REWRITTEN", "INCIDENT",
    "INDEX-UNMERGED", "LIST-CONFLICT", "MERGE-CONFLICT", "MERGE-MIXED", "MERGE-UNSETTLED",
    "MERGE-WAITS", "NOT-ON-TRUNK", "POLICY-UNPUBLISHED", "RELEASED-CONFLICT", "RELEASED-TWICE",
    "SEEN-MISSING", "SEEN-UNPUBLISHED", "STALE-POLICY", "SUBMITTED-TWICE", "TWIN-LOST",
    "UNFINISHED", "WORKTREE-DIFFERS",
)  # fmt: skip
"""What an honest person meets after a pull, a sync, or a command that was killed."""
TABLE = CodeTable().codes


@pytest.mark.parametrize(
    "code", [*READ_BY_ALL, *(one for one in TABLE if one.startswith(("SYNC-", "LISTS-")))]
)
def test_what_everybody_meets_is_said_without_words_of_git(code: str) -> None:
    row = TABLE[code]

    for texts in (row.text, row.mend):
        assert not GIT.search(COMMAND.sub("", texts["en"]).replace(PUT_BACK, "")), texts["en"]
        assert not ZH.search(COMMAND.sub("", texts["zh"])), texts["zh"]
