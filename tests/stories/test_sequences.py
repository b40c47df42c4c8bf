"""Numbers whose sequence runs over all clauses of the standard, from `new` to `verify` (DC-02)."""

from pathlib import Path

import pytest

from qms.testing.office import Office

COMPANY = Path(__file__).parent / "companies" / "food"
COUNTED = b"JD/QMB{clauses}-{seq:02 across clauses}"
FOLDER = "documents/work-instruction/JD"
FIRST, TAKEN = "JD/QMB4.2.3-01", "JD/QMB8.5.2/8.5.3-01"


def draft(office: Office, clauses: str, *more: str, by: str = "pei.fang") -> None:
    given = ("--title", "洗手", "--with", f"clauses={clauses}")
    office.qms("new", "work-instruction", *given, *more, by=by)


def release(office: Office, number: str) -> None:
    office.qms("submit", number, by="pei.fang")
    for person in ("ji.ke", "sheng.fu"):
        office.qms("sign", number, by=person)
    office.qms("release", number, by="wen.dang")


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A company whose work instructions are counted over all clauses; the first one is released."""
    files = {one.name: one.read_bytes() for one in COMPANY.iterdir()}
    files["qms.yaml"] = files["qms.yaml"].replace(b"JD/QMC-{seq:02}", COUNTED)
    office = Office.found(tmp_path_factory.mktemp("jd"), files, ("zong.jing", "ban.gong"))
    draft(office, "4.2.3")
    release(office, FIRST)
    return office


@pytest.fixture
def jd(founded: Office, tmp_path: Path) -> Office:
    return founded.copy(tmp_path)


def commit_all(office: Office) -> None:
    office.git("add", "-A")
    office.git("commit", "-q", "-m", "Draft")


def test_the_next_number_is_the_next_of_all_clauses(jd: Office) -> None:
    draft(jd, "8.5.2/8.5.3")
    draft(jd, "4.2.3")

    assert jd.call("check").code == 0
    assert (jd.folder / FOLDER / "QMB8.5.2" / "8.5.3-02.md").exists()
    assert (jd.folder / FOLDER / "QMB4.2.3-03.md").exists()


def test_a_place_taken_again_is_told_and_never_sent_round(jd: Office) -> None:
    draft(jd, "8.5.2/8.5.3", "--number", TAKEN)

    checked = jd.call("check")
    assert (checked.code, checked.findings) == (1, ("NUMBER-SEQUENCE",))
    submitted = jd.call("submit", TAKEN, by="pei.fang")
    assert (submitted.code, submitted.findings) == (1, ("NUMBER-SEQUENCE",))
    commit_all(jd)
    assert jd.call("verify").findings == ("NUMBER-SEQUENCE",)
    assert jd.call("check", "--all").findings == ("NUMBER-SEQUENCE",)


def test_a_place_taken_on_two_branches_is_told_for_both(jd: Office) -> None:
    """No claimed time says which of them is to go: neither is released by the rules."""
    jd.git("checkout", "-q", "-b", "other")
    draft(jd, "7.1")
    commit_all(jd)
    jd.git("checkout", "-q", "main")
    draft(jd, "8.2")
    commit_all(jd)
    assert jd.call("check", "--all").code == 0

    jd.git("merge", "-q", "other")

    told = ("NUMBER-SEQUENCE", "NUMBER-SEQUENCE")
    assert jd.call("check", "--all").findings == jd.call("verify").findings == told
