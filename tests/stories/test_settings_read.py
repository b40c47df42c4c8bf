"""Each setting is read, or whoever writes it is told: nothing is set in vain."""

import json
import re

import pytest

from qms.formats.strict_yaml import load
from qms.resources import template_folder
from qms.testing.office import Office

NUMBER = "LX-WI-01"
SIGNERS = ("gao.feng", "guan.ning")
CLASS = 'level: 3\n    number: "LX-WI-{seq:02}"'


def added(office: Office, *lines: str) -> None:
    """More settings of the class, in the file that is to be signed."""
    more = "".join(f"\n    {line}" for line in lines)
    office.edit("qms.yaml", CLASS, CLASS + more)


def released(office: Office, *command: str) -> None:
    office.qms(*command, by="gong.yi")
    office.qms("submit", NUMBER, by="gong.yi")
    office.qms("sign", NUMBER, by="fu.yi")
    office.qms("release", NUMBER, by="wen.kong")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_who_writes_in_look_yaml_is_told_that_nothing_goes_by_it(lx: Office, lang: str) -> None:
    """LOOK-UNREAD; the mend, as it is written, ends it."""
    text = 'colours: {accent: "#24476b"}\n'
    lx.write("look.yaml", f"# 说明\n\n{text}")
    answer = lx.call("check", lang=lang)
    assert (answer.code, answer.findings) == (0, ("LOOK-UNREAD",))

    (lx.folder / "look.yaml").unlink()
    assert lx.call("check", lang=lang).findings == ()
    lx.write("look.yaml", text)
    lx.git("add", "look.yaml")
    lx.git("commit", "-q", "-m", "look")
    lx.git("rm", "-q", "-f", "look.yaml")
    lx.git("commit", "-q", "-m", "look")
    assert lx.call("check", "--all", lang=lang).findings == ()


def test_the_look_yaml_of_an_earlier_template_is_no_matter(lx: Office) -> None:
    lx.write("look.yaml", "# Reserved: nothing reads this file today\n")

    assert lx.call("check", "--all").findings == ()


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("colour: red",), ["FIELD-UNKNOWN"]),
        (("holder_codes: [{holder: technical, code: A02}]",), ["SETTING-UNREAD"]),
        (("copies: holder", "holder_codes: [{holder: qa, code: A02}]"), ["ID-UNKNOWN"]),
        (
            ("copies: holder",
             "holder_codes: [{holder: technical, code: A02}, {holder: technical, code: A03}]"),
            ["ID-TWICE"],
        ),
        (
            ("copies: holder",
             "holder_codes: [{holder: technical, code: A02}, {holder: zhi.jian, code: A02}]"),
            ["ID-TWICE"],
        ),
        (("issuer: document-controler",), ["ID-UNKNOWN"]),
        (("review_months: twelve",), ["YAML-TYPE"]),
        (("retention_years: 0",), ["FIELD-RANGE"]),
    ],
)  # fmt: skip
def test_a_setting_that_nothing_would_read_is_told_before_it_is_signed(
    lx: Office, lines: tuple[str, ...], told: list[str]
) -> None:
    """DC-01, DC-25, DC-27"""
    added(lx, *lines)
    head = lx.git("rev-parse", "HEAD")

    assert list(lx.call("check").findings) == told
    answer = lx.call("policy", "sign", by=SIGNERS[0])
    assert answer.code != 0
    assert set(told) <= set(answer.findings)
    assert lx.git("rev-parse", "HEAD") == head


READ = {
    "qms.yaml": {
        "organisation": "name: on each page; language: of pages; timezone: the day it is",
        "trunk": "what is compared with, and where releases count",
        "classes": "a row each",
        "classes.id": "heads name it", "classes.name": "on the cover, in `show`",
        "classes.level": "`show`", "classes.custodian": "`show`",
        "classes.number": "`new`", "classes.version": "`revise`", "classes.copies": "`issue`",
        "classes.review_months": "`show`", "classes.retention_years": "`show`",
        "classes.chain": "`submit`",
    },
    "people.yaml": {
        "persons": "a row each", "persons.id": "slots name it", "persons.name": "signatures",
        "persons.department": "who is member of", "persons.title": "signature page",
        "persons.keys": "who signs",
        "departments": "a row each", "departments.id": "heads name it",
        "departments.name": "on the cover", "departments.head": "chains",
        "departments.in_charge": "chains", "departments.keeper": "who receives a copy",
        "roles": "a row each", "roles.id": "chains name it", "roles.name": "signature page",
        "roles.holders": "who signs",
    },
}  # fmt: skip
"""Each key that the template sets, and by what it is read; the settings that LX lacks: below."""


def test_each_setting_of_the_template_is_read_or_its_misspelling_refused(lx: Office) -> None:
    for name, read in READ.items():
        text = (template_folder() / name).read_text("utf-8")
        found = set[str]()
        for top, value in load(text.encode()).items():
            found |= {top}
            for row in value if isinstance(value, tuple) else ():
                found |= {f"{top}.{key}" for key in row} if isinstance(row, dict) else set()
        assert found == set(read), f"{name}: a setting that nobody said is read"
        before = lx.text(name)
        for key in read:
            last = key.rpartition(".")[2]
            wrong = re.sub(rf"\b{last}: ?", f"{last}s: ", text, count=1)
            lx.write(name, wrong if wrong != text else text.replace(f"{last}:", f"{last}s:", 1))
            told = lx.call("check").findings
            assert "FIELD-UNKNOWN" in told or "FIELD-MISSING" in told, (key, told)
        lx.write(name, before)


def test_who_keeps_and_reviews_what_by_when_is_shown(lx: Office) -> None:
    """DC-34: `level`, `custodian`, `review_months`, `retention_years`; nothing had read them."""
    added(lx, "review_months: 15", "retention_years: 6", "custodian: document-controller")
    for signer in SIGNERS:
        lx.qms("policy", "sign", by=signer)
    released(lx, "new", "work-instruction", "--title", "车床")
    told = lx.qms("show", NUMBER)
    assert "Class: Work instruction (level 3)" in told
    assert "Review by: 2028-02-20" in told
    assert "Papers kept by: Document controller" in told
    assert "Keep until" not in told

    lx.later(days=30)
    lx.qms("revise", NUMBER, "--summary", "改", by="gong.yi")
    lx.edit("documents/work-instruction/LX-WI-01.md", "\n## ", "\n改。\n\n## ")
    lx.qms("submit", NUMBER, by="gong.yi")
    lx.qms("sign", NUMBER, by="fu.yi")
    lx.qms("release", NUMBER, by="wen.kong")

    assert "Keep until: 2032-12-20" in lx.qms("show", NUMBER, "A/0")
    assert "保存至：2032-12-20" in lx.call("show", NUMBER, "A/0", lang="zh").out
    (row,) = json.loads(lx.qms("show", NUMBER, "--json"))["revisions"]
    assert (row["revision"], row["review_by"], row["keep_until"]) == ("A/1", "2028-03-20", None)
