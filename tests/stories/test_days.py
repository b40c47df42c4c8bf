"""Days are the organisation's, wherever the laptop stands; times are the signer's, as written.

The company is at +08:00. Nobody's verdict, list, print or number may depend on their own zone.
"""

import json
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from qms.testing.office import Office

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"


def clock(office: Office, text: str) -> None:
    """From now on it is this moment, on a machine whose clock shows it like that."""
    office.environment["QMS_NOW"] = text


def approved(office: Office) -> None:
    office.qms("submit", NUMBER, by="gong.yi")
    office.qms("sign", NUMBER, by="fu.yi")


@pytest.fixture
def revised(drafted: Office) -> Office:
    """A/0 in force, A/1 released with the effective day 2026-11-28; copy 001 of A/0 is out."""
    approved(drafted)
    drafted.qms("release", NUMBER, by="wen.kong")
    drafted.qms("issue", NUMBER, "--to", "technical", by="wen.kong")
    drafted.qms("revise", NUMBER, "--summary", "修改", by="gong.yi")
    drafted.write(TEXT, drafted.text(TEXT) + "改。\n")
    approved(drafted)
    drafted.qms("release", NUMBER, "--effective", "2026-11-28", by="wen.kong")
    return drafted


MIDNIGHT = [
    ("2026-11-27T23:59:59+08:00", "A/0"),
    ("2026-11-28T00:00:00+08:00", "A/1"),
    ("2026-11-27T15:59:59+00:00", "A/0"),
    ("2026-11-27T16:00:00+00:00", "A/1"),
    ("2026-11-27T03:59:59-12:00", "A/0"),
    ("2026-11-27T04:00:00-12:00", "A/1"),
    ("2026-11-28T05:59:59+14:00", "A/0"),
    ("2026-11-28T06:00:00+14:00", "A/1"),
]


@pytest.mark.parametrize(("now", "revision"), MIDNIGHT)
def test_what_is_in_force_changes_at_the_companys_midnight(
    revised: Office, now: str, revision: str
) -> None:
    """DC-05, issue 7 "Days": on whatever laptop."""
    clock(revised, now)

    asof = json.loads(revised.qms("asof", "today", NUMBER, "--json"))
    listed = json.loads(revised.qms("list", "--json"))["documents"]
    out = revised.call("check", "--all").findings

    assert asof["day"] == ("2026-11-27" if revision == "A/0" else "2026-11-28")
    assert [one["revision"] for one in asof["documents"]] == [revision]
    in_force = [one["revision"] for one in listed if one["status"] == "in-force"]
    assert in_force == [revision]
    assert out == (("COPY-OUT",) if revision == "A/1" else ())


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-11-25T20:00:00-08:00", "2026-11-26"),
        ("2026-11-26T05:59:59+14:00", "2026-11-25"),
        ("2026-11-25T23:59:59+08:00", "2026-11-25"),
    ],
)
def test_a_release_has_the_companys_day_and_the_signers_time(
    drafted: Office, now: str, day: str
) -> None:
    """trust §2.6: the time stays as it was written, and is told by the company's zone."""
    approved(drafted)
    clock(drafted, now)

    said = drafted.qms("release", NUMBER, by="wen.kong")

    shown = json.loads(drafted.qms("show", NUMBER, "--json"))["revisions"][0]
    assert (shown["published"], shown["effective"]) == (day, day)
    assert shown["slots"][-1]["at"] == now
    local = datetime.fromisoformat(now).astimezone(timezone(timedelta(hours=8)))
    assert f"{local:%Y-%m-%d %H:%M:%S} +08:00" in drafted.qms("show", NUMBER)
    assert (f"To be signed as of {day}" in said) == (now[:10] != day)
    assert drafted.call("check", "--all").findings == ()


def test_the_day_of_a_release_is_that_of_the_time_it_is_given(drafted: Office) -> None:
    """Rules a4: the clock is behind the approval, which was signed after midnight."""
    clock(drafted, "2026-11-26T00:00:20+08:00")
    approved(drafted)
    clock(drafted, "2026-11-25T23:59:58+08:00")

    drafted.qms("release", NUMBER, "--effective", "+1", by="wen.kong")

    shown = json.loads(drafted.qms("show", NUMBER, "--json"))["revisions"][0]
    assert (shown["published"], shown["effective"]) == ("2026-11-26", "2026-11-27")
    assert drafted.call("check", "--all").findings == ()
    assert drafted.call("verify").code == 0


def test_a_clock_that_is_far_behind_is_refused(drafted: Office) -> None:
    clock(drafted, "2026-11-26T00:10:01+08:00")
    approved(drafted)
    clock(drafted, "2026-11-26T00:00:00+08:00")

    assert drafted.call("release", NUMBER, by="wen.kong").findings == ("TIME-AHEAD",)


def test_a_number_has_the_companys_year(lx: Office) -> None:
    """DC-02, `{year}`"""
    clock(lx, "2026-12-31T20:00:00+00:00")

    assert "LX-CX-2027-01" in lx.qms("new", "procedure", "--title", "x", by="gong.yi")


def test_verify_reads_a_clock_for_times_ahead_alone(revised: Office) -> None:
    """trust §2.6: any verdict but that one is the same on each day."""
    first = json.loads(revised.qms("show", NUMBER, "A/0", "--json"))["revisions"][0]
    clock(revised, first["slots"][-1]["at"])

    ahead = revised.call("verify")
    later = revised.call("verify", "--at", "2026-11-21T00:00:00+08:00")
    much_later = revised.call("verify", "--at", "2099-01-01T00:00:00+08:00")

    assert set(ahead.findings) == {"TIME-AHEAD"}
    assert (later.code, later.findings) == (much_later.code, much_later.findings) == (0, ())


def test_a_machine_of_another_grammar_says_what_it_wants(lx: Office) -> None:
    clock(lx, "2026-11-20T09:30:00-23:59")

    assert lx.call("list").findings == ("CLOCK-FORM",)
    clock(lx, "2026-11-20T09:30:00+08:00")
    assert lx.call("verify", "--at", "2026-11-20T09:30:00+14:15").findings == ("TIME-FORM",)


def test_the_companys_zone_is_refused_before_it_is_signed(lx: Office) -> None:
    """X18"""
    lx.edit("qms.yaml", '"+08:00"', '"+99:99"')

    assert lx.call("policy", "sign", by="gao.feng").findings == ("ZONE",)
    assert "ZONE" in lx.call("check").findings


def test_a_revision_comes_into_force_no_earlier_than_the_one_before_it(revised: Office) -> None:
    """DC-05: what is printed of A/1, effective on the 28th, would else never have been true."""
    revised.qms("revise", NUMBER, "--summary", "再改", by="gong.yi")
    revised.write(TEXT, revised.text(TEXT) + "再改。\n")
    approved(revised)
    before = revised.git("rev-parse", "HEAD")

    for day in ("today", "2026-11-27"):
        answer = revised.call("release", NUMBER, "--effective", day, by="wen.kong")
        assert (answer.code, answer.findings) == (1, ("EFFECTIVE-EARLIER",))
        assert f"qms release {NUMBER} --effective 2026-11-28" in answer.out + answer.err
    assert revised.git("rev-parse", "HEAD") == before
    (row,) = json.loads(revised.qms("todo", "--json", by="wen.kong"))["rows"]
    assert row["command"] == f"qms release {NUMBER} --effective 2026-11-28"

    revised.qms(*row["command"].split()[1:], by="wen.kong")
    assert not revised.call("check", "--all").findings


def test_a_zone_further_west_says_what_it_takes_out_of_force(submitted: Office) -> None:
    submitted.qms("sign", NUMBER, by="fu.yi")
    submitted.qms("release", NUMBER, by="wen.kong")
    today = str(submitted.now.date())
    submitted.edit("qms.yaml", '"+08:00"', '"-08:00"')

    told = submitted.qms("policy", "sign", by="gao.feng")

    assert f"{NUMBER} A/0, effective {today}: none meanwhile" in told
    said = submitted.call("policy", "sign", by="guan.ning", lang="zh")
    assert f"{NUMBER} A/0（{today} 实施）：其间没有有效版本" in said.out
    assert "in force" not in submitted.qms("list")
    submitted.edit("qms.yaml", '"-08:00"', '"-09:00"')
    assert "meanwhile" not in submitted.qms("policy", "sign", by="gao.feng")


def told(office: Office) -> tuple[str, str | None, str]:
    """Which day it is, to whoever asks: the day of asof, the revision of list, a number's year."""
    asof = json.loads(office.qms("asof", "today", NUMBER, "--json"))
    listed = json.loads(office.qms("list", "--json"))["documents"]
    in_force = [one["revision"] for one in listed if one["status"] == "in-force"]
    shown = json.loads(office.qms("show", NUMBER, "--json"))["revisions"]
    assert in_force == [one["revision"] for one in asof["documents"]]
    assert in_force == [one["revision"] for one in shown if one["status"] == "in-force"]
    late = "COPY-OUT" in office.call("check", "--all").findings
    assert late == (in_force == ["A/1"])
    number = office.qms("new", "procedure", "--title", "x", "--dry-run", by="gong.yi")
    return asof["day"], next(iter(in_force), None), number.partition("LX-CX-")[2][:4]


@pytest.mark.parametrize(
    ("zone", "now", "day", "revision"),
    [
        ("-11:45", "2026-11-28T19:44:59+08:00", "2026-11-27", "A/0"),
        ("-11:45", "2026-11-28T19:45:00+08:00", "2026-11-28", "A/1"),
        ("-11:45", "2026-11-29T01:44:59+14:00", "2026-11-27", "A/0"),
        ("-11:45", "2027-01-01T11:44:59+00:00", "2026-12-31", "A/1"),
        ("-11:45", "2027-01-01T11:45:00+00:00", "2027-01-01", "A/1"),
        ("+14:00", "2026-11-27T09:59:59+00:00", "2026-11-27", "A/0"),
        ("+14:00", "2026-11-27T10:00:00+00:00", "2026-11-28", "A/1"),
        ("+14:00", "2026-11-26T22:15:00-11:45", "2026-11-28", "A/1"),
        ("+14:00", "2026-12-31T10:00:00+00:00", "2027-01-01", "A/1"),
    ],
)
def test_after_the_company_moved_all_tell_one_day(
    revised: Office, zone: str, now: str, day: str, revision: str
) -> None:
    """A new policy has another zone: today goes by it at once, what was signed keeps its day."""
    before = json.loads(revised.qms("show", NUMBER, "A/0", "--json"))["revisions"][0]
    signed = json.loads(revised.qms("history", NUMBER, "--json"))["signatures"]
    since = revised.qms("copies", NUMBER)
    revised.edit("qms.yaml", '"+08:00"', f'"{zone}"')
    for person in ("gao.feng", "guan.ning"):
        revised.qms("policy", "sign", by=person)
    clock(revised, now)

    assert told(revised) == (day, revision, day[:4])
    after = json.loads(revised.qms("show", NUMBER, "A/0", "--json"))["revisions"][0]
    assert [after[key] for key in ("published", "effective", "slots")] == [
        before[key] for key in ("published", "effective", "slots")
    ]
    assert json.loads(revised.qms("history", NUMBER, "--json"))["signatures"] == signed
    assert revised.qms("copies", NUMBER) == since
    assert revised.call("verify").code == 0


def test_a_time_of_another_day_bears_the_companys_wherever_it_is_shown(
    drafted: Office, tmp_path: Path
) -> None:
    """Issue 7 "Days": nobody reads two days for one signature without being told which is which."""
    clock(drafted, "2026-11-25T20:00:00-08:00")
    approved(drafted)
    drafted.qms("release", NUMBER, by="wen.kong")

    time = "2026-11-26 12:00:00 +08:00"
    assert drafted.qms("show", NUMBER).count(time) == 3
    assert drafted.qms("history", NUMBER).count(time) == 3
    rows = json.loads(drafted.qms("history", NUMBER, "--json"))["signatures"]
    assert {one["day"] for one in rows} == {"2026-11-26"}
    shown = json.loads(drafted.qms("show", NUMBER, "--json"))["revisions"][0]
    assert {one["day"] for one in shown["slots"]} == {"2026-11-26"}
    drafted.qms("publish", "--unsigned", "--out", str(tmp_path / "out"), by="wen.kong")
    cover, inside = (printed(next((tmp_path / "out").rglob("*.pdf")), page) for page in (1, 2))
    assert cover.count("签署日期Signed2026-11-26") == 2
    assert "发布日期Published2026-11-26实施日期Effective2026-11-26" in cover
    assert "打印日期Printed2026-11-26" in cover
    assert "2026-11-25" not in cover
    assert inside.count("公司日期2026-11-26") == 3
    assert "封面及登记中的日期一律按公司时区计" in inside
    assert "发布日期" in inside.partition("修改记录")[2]


def test_a_page_whose_days_are_all_one_has_no_note(drafted: Office, tmp_path: Path) -> None:
    approved(drafted)
    drafted.qms("release", NUMBER, by="wen.kong")

    drafted.qms("publish", "--unsigned", "--out", str(tmp_path / "out"), by="wen.kong")

    inside = printed(next((tmp_path / "out").rglob("*.pdf")), 2)
    assert "签署时间" in inside
    assert "公司" not in inside.partition("修改记录")[0].replace("有限公司", "")


def printed(pdf: Path, page: int) -> str:
    """What stands on a page, without spaces."""
    command = ["/usr/bin/pdftotext", "-f", f"{page}", "-l", f"{page}", str(pdf), "-"]
    run = subprocess.run(command, capture_output=True, check=True)
    return "".join(run.stdout.decode().split())
