"""What keeps a draft from being submitted is said where it waits.

It is a line to edit first, or the keepers' affair: no command that must fail is named without it.
"""

import json

import pytest

from qms.testing.office import Office


def begun(office: Office, kind: str) -> str:
    said = office.qms("new", kind, "--title", "部门文件", by="gong.yi")
    return next(word for word in said.split() if word.startswith("documents/"))


def row(office: Office, by: str) -> dict[str, str]:
    (one,) = json.loads(office.qms("todo", "--json", by=by))["rows"]
    found: dict[str, str] = one
    return found


def line_of(office: Office, path: str, start: str) -> int:
    lines = office.text(path).split("\n")
    return next(at for at, text in enumerate(lines, 1) if text.startswith(start))


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("status: draft\n", "co_sign: [techical]\nstatus: draft\n", "co_sign"),
        ("owner: technical\n", "owner: techical\n", "owner"),
    ],
)
def test_a_department_that_nobody_knows_is_to_be_edited_first(
    lx: Office, old: str, new: str, field: str
) -> None:
    path = begun(lx, "work-instruction")
    lx.edit(path, old, new)

    told = row(lx, "gong.yi")

    assert told["edit"] == f"{path}:{line_of(lx, path, field)} {field}"
    assert lx.call(*told["command"].split()[1:], by="gong.yi").findings == ("DEPARTMENT-UNKNOWN",)


def test_who_may_not_prepare_is_told_so_before_submitting(lx: Office) -> None:
    path = begun(lx, "procedure")
    lx.edit("qms.yaml", "{act: prepare, who: [{member_of: owner}]}",
            "{act: prepare, who: [{role: expert}]}")  # fmt: skip
    for keeper in ("gao.feng", "guan.ning"):
        lx.qms("policy", "sign", by=keeper)

    told = row(lx, "gong.yi")

    assert told["edit"] == f"{path}:{line_of(lx, path, 'prepared_by')} prepared_by"


def test_where_later_steps_lack_persons_no_other_preparer_is_asked_for(lx: Office) -> None:
    """Steps 2 and 3 are for one and the same person."""
    lx.edit("people.yaml", "head: ji.shu, in_charge: fu.yi", "head: ji.shu, in_charge: wen.kong")
    for keeper in ("gao.feng", "guan.ning"):
        lx.qms("policy", "sign", by=keeper)
    path = begun(lx, "work-instruction")

    told, shown = lx.call("check", "--all"), row(lx, "gong.yi")

    assert told.findings == ("CHAIN-SHORT-LATER",)
    assert told.lines["CHAIN-SHORT-LATER"].startswith(path)
    assert "prepared_by" not in told.out.replace(f"{path}", "")
    assert "one_person: true" in told.out
    assert "also_publish" not in told.out
    assert shown["act"].startswith("can't be completed by anybody: the keepers must change")
    assert (shown["command"], shown["edit"]) == ("qms check", "")
    zh = lx.call(by="gong.yi", lang="zh").out
    assert "审批无法完成：须由策略管理人调整类别或角色" in zh
    lx.edit("qms.yaml", '"LX-WI-{seq:02}"', '"LX-WI-{seq:02}"\n    one_person: true')
    for keeper in ("gao.feng", "guan.ning"):
        lx.qms("policy", "sign", by=keeper)
    assert row(lx, "gong.yi")["act"] == "draft"
