"""What a merge left in a file is named with its line, whatever file it is."""

import pytest

from qms.testing.bad_input import NUMBER, told
from qms.testing.office import Office

TEXT = f"documents/work-instruction/{NUMBER}.md"
BOTH = "<<<<<<< HEAD\n{}=======\n{}>>>>>>> theirs\n"
RELEASED = f"released/work-instruction/{NUMBER}/A-0.md"
COPY = f"copies/work-instruction/{NUMBER}/A-0/001.yaml"


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (TEXT, "owner: technical\n", "owner: business\n"),  # head
        (TEXT, "status: draft\n", "status: in-review\n"),  # slots
        (TEXT, "# 车床\n", "# 铣床\n"),  # body
        ("people.yaml", "departments:\n", "departments: \n"),
        ("qms.yaml", "trunk: main\n", "trunk: other\n"),
        ("policy.yaml", "version: 1\n", "version: 2\n"),
    ],
)
def test_what_a_merge_left_is_named_with_its_line(
    drafted: Office, path: str, old: str, new: str
) -> None:
    drafted.edit(path, old, BOTH.format(old, new))
    line = drafted.text(path)[: drafted.text(path).index("<<<<<<<")].count("\n") + 1
    answer = drafted.call("check")
    assert answer.findings == ("MERGE-CONFLICT",), answer
    assert answer.lines == {"MERGE-CONFLICT": f"{path}:{line}"}
    command = ("submit", NUMBER) if path == TEXT else ("policy", "sign")
    refused = drafted.call(*command, by="gong.yi" if path == TEXT else "gao.feng")
    told(refused, 1, "MERGE-CONFLICT")
    assert refused.lines == answer.lines
    assert drafted.status == f"M {path}"


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (TEXT, "# 车床\n", "# 铣床\n"),
        (RELEASED, "owner: technical\n", "owner: business\n"),
        (RELEASED, "# 车床\n", "# 铣床\n"),
        (COPY, "status: log\n", "status: log \n"),
        ("policy/0001/people.yaml", "departments:\n", "departments: \n"),
    ],
)
def test_what_a_merge_left_in_signed_files_is_named_too(
    submitted: Office, path: str, old: str, new: str
) -> None:
    submitted.qms("sign", NUMBER, by="fu.yi")
    submitted.qms("release", NUMBER, by="wen.kong")
    submitted.qms("issue", NUMBER, "--to", "technical", by="wen.kong")
    submitted.edit(path, old, BOTH.format(old, new))
    at = submitted.text(path)[: submitted.text(path).index("<<<<<<<")].count("\n") + 1

    answer = submitted.call("check")

    assert answer.findings == ("MERGE-CONFLICT",), answer
    assert answer.lines == {"MERGE-CONFLICT": f"{path}:{at}"}


def test_a_text_may_show_what_a_merge_leaves(drafted: Office) -> None:
    both = BOTH.format("一\n", "二\n")
    drafted.edit(TEXT, "# 车床\n", f"# 车床\n\n```\n{both}```\n")
    assert drafted.call("check").findings == ()
