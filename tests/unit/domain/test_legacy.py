"""What a head may say of the time before the system, and that it is read back as it was written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.domain.kinds.document import head_faults, parse_document
from qms.domain.kinds.legacy_paper import MOST_BY, MOST_EVIDENCE, Legacy, spelled
from qms.findings import Refused
from qms.formats.characters import FORBIDDEN

DIGESTS = [f"sha256:{at:064x}" for at in range(MOST_EVIDENCE + 1)]
WORDS = st.text(min_size=1, max_size=MOST_BY).filter(lambda text: not FORBIDDEN.search(text))


def head(legacy: str) -> bytes:
    return (
        f"---\nnumber: LX-WI-05\ntitle: 车床\nclass: instruction\nrevision: C/3\ncontrolled: true\n"
        f"owner: technical\nprepared_by: sun.ba\nlegacy: {legacy}\nstatus: draft\napprovals: []\n"
        "---\n正文。\n"
    ).encode()


def faults(legacy: str) -> list[tuple[str, str]]:
    return [(fault.code, fault.place.field) for fault in head_faults(head(legacy))]


def paper(**changed: str) -> str:
    """As somebody writes it by hand."""
    rows = {
        "approved": "2019-03-01", "effective": "2019-04-01", "published": "2019-03-15",
        "by": "张三",
    } | changed  # fmt: skip
    return f"{{{', '.join(f'{name}: {value}' for name, value in rows.items() if value)}}}"


@given(
    st.builds(
        Legacy,
        approved=st.dates(min_value=date(1900, 1, 1)),
        effective=st.dates(min_value=date(1900, 1, 1)),
        published=st.dates(min_value=date(1900, 1, 1)),
        by=WORDS,
        evidence=st.sets(st.sampled_from(DIGESTS), max_size=MOST_EVIDENCE).map(
            lambda found: tuple(sorted(found))
        ),
    )
)
def test_what_is_written_is_read_back(legacy: Legacy) -> None:
    assert parse_document(head(spelled(legacy))).legacy == legacy


def test_evidence_may_be_left_out() -> None:
    found = parse_document(head(paper())).legacy

    assert found == Legacy(
        approved=date(2019, 3, 1), effective=date(2019, 4, 1), published=date(2019, 3, 15),
        by="张三",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "code", "field"),
    [
        (paper(approved=""), "FIELD-MISSING", "legacy.approved"),
        (paper(effective=""), "FIELD-MISSING", "legacy.effective"),
        (paper(published=""), "FIELD-MISSING", "legacy.published"),
        (paper(by=""), "FIELD-MISSING", "legacy.by"),
        (paper(approved="2019-02-29"), "DAY-FORM", "legacy.approved"),
        (paper(by="王" * (MOST_BY + 1)), "FIELD-LENGTH", "legacy.by"),
        (paper(archive="A-17"), "FIELD-UNKNOWN", "legacy.archive"),
        (paper(evidence="[scan.pdf]"), "FIELD-FORM", "legacy.evidence.0"),
        (paper(evidence=str(DIGESTS)), "FIELD-LENGTH", "legacy.evidence"),
        (paper(evidence=str(DIGESTS[1::-1])), "LEGACY-EVIDENCE", "legacy.evidence"),
        (paper(evidence=str(DIGESTS[:1] * 2)), "LEGACY-EVIDENCE", "legacy.evidence"),
        ("C/3", "YAML-TYPE", "legacy"),
    ],
)
def test_each_fault_has_its_code_and_its_place(written: str, code: str, field: str) -> None:
    assert faults(written) == [(code, field)]
    with pytest.raises(Refused):
        parse_document(head(written))
