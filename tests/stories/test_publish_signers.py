"""Issue 9: beside a signature stands what its signer was when they signed. P: at `qms publish`."""

from qms.testing.office import Office
from qms.testing.published import out, pages, publish

NUMBER = "LX-WI-01"


def test_who_became_something_else_later_signed_as_what_they_were(submitted: Office) -> None:
    """Row 271 (P): a policy between approval and release put other words beside a signature."""
    office = submitted
    office.qms("sign", NUMBER, by="fu.yi")
    office.edit(
        "people.yaml",
        "department: technical, title: {zh: 技术副总经理, en: Vice-president technical}",
        "department: technical, title: {zh: 实习生, en: Trainee}",
    )
    for signer in ("gao.feng", "guan.ning"):
        office.qms("policy", "sign", by=signer)
    office.qms("release", NUMBER, by="wen.kong")

    assert publish(office).code == 0

    told = "".join(pages(next(out(office).rglob(f"{NUMBER}*.pdf"))))
    assert "技术副总经理" in told
    assert "实习生" not in told
