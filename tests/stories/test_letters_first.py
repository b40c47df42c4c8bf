"""Issue 9, letters: every printed field is judged before somebody signs it (DC-08, DC-18)."""

import json

import pytest

from qms.testing.bad_input import told
from qms.testing.office import Office
from qms.testing.published import out, pages

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"
NEVER = "\U00013000"
"""A letter that no font here has."""


@pytest.mark.parametrize(
    ("before", "field"),
    [
        ("title: 车床", f"title: 车床{NEVER}"),
        ("status: draft", f"title_en: Lathe {NEVER}\nstatus: draft"),
        ("status: draft", f"change: LX-CR-1{NEVER}\nstatus: draft"),
        ("summary: ", f"summary: {NEVER}"),
        ("status: draft", f'clauses: ["ISO 9001", "8.5 {NEVER}"]\nstatus: draft'),
    ],
)
def test_a_head_with_a_letter_that_no_font_has_is_sent_round_by_nobody(
    drafted: Office, before: str, field: str
) -> None:
    drafted.edit(TEXT, before, field)
    name = field.partition(":")[0]
    line = next(
        at for at, text in enumerate(drafted.text(TEXT).split("\n"), 1) if text.startswith(name)
    )

    answer = drafted.call("check")

    told(answer, 1, "LETTER-MISSING")
    assert answer.lines == {"LETTER-MISSING": f"{TEXT}:{line}"}
    told(drafted.call("submit", NUMBER, by="gong.yi"), 1, "LETTER-MISSING")
    assert "approvals: []" in drafted.text(TEXT)


@pytest.mark.parametrize(
    ("before", "field", "found"),
    [
        ("title: 车床", "title: H~2~O 车床", "H~2~"),
        ("title: 车床", "title: 车床 **重要**", "**重要**"),
        ("summary: ", "summary: 面积改为 m^2^，", "面积改为 m^2^"),
        ("title: 车床", "title: 车床 ~~旧~~", "~~旧~~"),
    ],
)
def test_a_head_with_marks_of_a_text_is_sent_round_by_nobody(
    drafted: Office, before: str, field: str, found: str
) -> None:
    drafted.edit(TEXT, before, field)

    answer = drafted.call("check")

    told(answer, 1, "FIELD-MARKS")
    assert found in answer.out
    told(drafted.call("submit", NUMBER, by="gong.yi"), 1, "FIELD-MARKS")


@pytest.mark.parametrize(
    "title", ["车床 600*400*25", "压力 10~20~30", "x^2+y^2", "H₂O、m²", "*车床"]
)
def test_signs_of_a_title_that_are_no_marks_are_letters(drafted: Office, title: str) -> None:
    drafted.edit(TEXT, "title: 车床", f'title: "{title}"')

    assert drafted.call("check").code == 0


@pytest.mark.parametrize(
    "title", ["A & B <C>", "长*宽*高", "R&amp;D `x`", "H_2_O [1](2)", "_草稿_", "1 号机 #", r"a\*b"]
)
def test_a_draft_is_begun_with_a_heading_that_passes(lx: Office, title: str) -> None:
    """`qms new` wrote the title as a heading, and `check` refused it as HTML."""
    lx.qms("new", "work-instruction", "--title", title, by="gong.yi")

    answer = lx.call("check")

    assert answer.code == 0, answer.out


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("people.yaml", "name: {zh: 傅毅", f"name: {{zh: 傅毅{NEVER}"),
        ("people.yaml", "title: {zh: 文控员", f"title: {{zh: 文控员{NEVER}"),
        ("people.yaml", "{zh: 技术部,", f"{{zh: 技术部{NEVER},"),
        ("people.yaml", "name: {zh: 评审专家", f"name: {{zh: 评审专家{NEVER}"),
        ("qms.yaml", "organisation:\n  name: {zh: ", f"organisation:\n  name: {{zh: {NEVER}"),
        ("qms.yaml", "zh: 作业指导书", f"zh: 作业指导书{NEVER}"),
        ("qms.yaml", '"LX-WI-{', f'"LX{NEVER}-WI-{{'),
    ],
)
def test_a_name_with_a_letter_that_no_font_has_gets_into_no_policy(
    lx: Office, name: str, old: str, new: str
) -> None:
    lx.edit(name, old, new)
    line = 1 + lx.text(name).partition(NEVER)[0].count("\n")

    answer = lx.call("check")

    assert answer.code == 1
    assert answer.lines["LETTER-MISSING"] == f"{name}:{line}"
    refused = lx.call("policy", "sign", by="gao.feng")
    assert refused.code == 1
    assert "LETTER-MISSING" in refused.findings
    assert lx.status == f"M {name}"


@pytest.mark.parametrize(
    ("holder", "code"),
    [
        (f"客户{NEVER}", "GLYPH-MISSING"),
        ("X\u0304 Ltd", "GLYPH-SIGN"),
        ("一家名字很长很长的客户有限责任公司" * 8, "HOLDER-LONG"),
    ],
)
def test_a_copy_whose_mark_could_not_be_drawn_is_not_issued(
    released: Office, holder: str, code: str
) -> None:
    """Nor is one issued for a lost one; what its holder waits for could never be printed."""
    head = released.git("rev-parse", "HEAD")

    told(released.call("issue", NUMBER, "--outside", holder, by="wen.kong"), 1, code)

    assert released.git("rev-parse", "HEAD") == head
    assert not released.status
    assert json.loads(released.qms("copies", NUMBER, "--json"))["rows"] == []


def test_the_longest_holder_that_is_issued_to_is_printed(released: Office) -> None:
    """What is asked before is what is drawn afterwards: one letter more is refused."""
    longest = 0
    for length in range(20, 120):
        answer = released.call(
            "issue", NUMBER, "--outside", "客" * length, "--dry-run", by="wen.kong"
        )
        if answer.code:
            break
        longest = length
    assert longest > 30
    released.qms("issue", NUMBER, "--outside", "客" * longest, by="wen.kong")

    released.qms("publish", by="wen.kong")

    assert len(list(out(released).rglob("*controlled-*.pdf"))) == 1


def test_each_field_that_print_md_names_is_on_the_page(drafted: Office) -> None:
    """A second code and a standard are signed like all else: whoever reads the page reads them."""
    fields = {
        "title_en": "Lathe work",
        "second_code": "QB-2231·7",
        "standard": "GB/T 1804—2000",
        "clauses": "8.5.1 生产控制",
        "change": "LX-CR-2026-17",
        "summary": "首版：车床作业",
    }
    before = drafted.text(TEXT)
    head, _, rest = before.partition("status: draft\n")
    head = "".join(line for line in head.splitlines(keepends=True) if "summary:" not in line)
    given = "".join(
        f'{name}: ["{text}"]\n' if name == "clauses" else f'{name}: "{text}"\n'
        for name, text in fields.items()
    )
    drafted.write(TEXT, f"{head}{given}status: draft\n{rest}")
    drafted.git("commit", "-q", "-a", "-m", "Fields")
    drafted.qms("check", "--all")
    for command, by in (("submit", "gong.yi"), ("sign", "fu.yi"), ("release", "wen.kong")):
        drafted.qms(command, NUMBER, by=by)

    drafted.qms("publish", by="wen.kong")

    (paper,) = out(drafted).rglob("*.pdf")
    text = "".join("".join(pages(paper)).split())
    assert [one for one in fields.values() if "".join(one.split()) not in text] == []
