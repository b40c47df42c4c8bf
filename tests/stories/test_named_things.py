"""DC-01, DC-02: what a text or a class names is there, and a number is given once for ever."""

import pytest

from qms.testing.office import Office

LIKE_OURS = ("policies", "policy", "assets", "views", "contents", "rejects", "documents", "qms")
"""Words that the register, or a folder of ours, is called by."""


@pytest.mark.parametrize("number", LIKE_OURS)
def test_a_number_may_be_called_like_a_thing_of_ours(lx: Office, number: str) -> None:
    lx.edit("qms.yaml", 'number: "LX-BM-{seq:02}"', f'number: "{number}"')
    lx.qms("policy", "sign", by="gao.feng")
    lx.qms("policy", "sign", by="guan.ning")
    lx.qms("new", "department-document", "--title", "班前检查", by="gong.yi")
    lx.qms("submit", number, by="gong.yi")
    lx.qms("sign", number, by="ji.shu")

    assert lx.call("check", "--all").findings == ()
    assert number in lx.qms("asof", "today")
    assert "in force" in lx.qms("show", number)
    lx.qms("verify")


@pytest.mark.parametrize("removed", ["deleted", "on a branch that was merged"])
def test_the_number_of_a_draft_that_was_taken_away_is_not_given_again(
    lx: Office, removed: str
) -> None:
    if removed != "deleted":
        lx.git("checkout", "-q", "-b", "side")
    lx.qms("new", "work-instruction", "--title", "车床", by="gong.yi")
    lx.git("add", "-A")
    lx.git("commit", "-q", "-m", "Draft")
    lx.git("rm", "-q", "documents/work-instruction/LX-WI-01.md")
    lx.git("commit", "-q", "-m", "Not wanted")
    if removed != "deleted":
        lx.git("checkout", "-q", "main")
        lx.git("merge", "-q", "--no-ff", "--no-edit", "side")

    said = lx.qms("new", "work-instruction", "--title", "铣床", by="gong.yi")

    assert "LX-WI-02" in said


def test_related_documents_are_there(lx: Office) -> None:
    for title in ("车床", "铣床"):
        lx.qms("new", "work-instruction", "--title", title, by="gong.yi")
    path = "documents/work-instruction/LX-WI-02.md"
    lx.edit(path, "status: draft\n", "related: [LX-WI-01, LX-WI-99, LX-SH-2026]\nstatus: draft\n")
    line = lx.text(path).partition("related:")[0].count("\n") + 1

    told = lx.call("check")
    assert (told.code, told.findings) == (0, ("RELATED-UNKNOWN", "RELATED-UNKNOWN"))
    assert told.lines["RELATED-UNKNOWN"] == f"{path}:{line}"
    assert "LX-WI-99 is no number" in told.out
    assert "LX-SH-2026 is no number" in told.out

    lx.edit(path, "related: [LX-WI-01, LX-WI-99, LX-SH-2026]", "related: [LX-WI-01]")
    assert lx.call("check").findings == ()


def test_documents_that_a_text_links_to_are_there(lx: Office) -> None:
    """A link to no file passed, and was printed blue."""
    for title in ("车床", "铣床"):
        lx.qms("new", "work-instruction", "--title", title, by="gong.yi")
    path = "documents/work-instruction/LX-WI-02.md"
    text = lx.text(path)
    good = "[甲](LX-WI-01.md)、[乙](../work-instruction/LX-WI-01.md#s1)，`[丙](LX-R-9.md)`\n"
    good += "[丁](documents/work-instruction/LX-WI-01.md)、[自](LX-WI-02.md)、[戊][a]\n"
    good += "\n```\n[己](LX-R-9.md)\n```\n\n[a]: LX-WI-01.md\n"
    lx.write(path, f"{text}\n{good}")
    assert lx.call("check").findings == ()

    lx.write(
        path, f"{text}\n{good}\n见 [附表](LX-WI-09.md)。\n\n[庚][b]\n\n[b]: ../procedure/X.md\n"
    )
    told = lx.call("check", lang="en")

    assert (told.code, told.findings) == (0, ("LINK-UNKNOWN", "LINK-UNKNOWN"))
    assert "leads to LX-WI-09.md" in told.out
    assert f"{path}:{lx.text(path).partition('见 [附表]')[0].count(chr(10)) + 1}:" in told.out


def test_who_keeps_the_papers_of_a_class_is_somebody(lx: Office) -> None:
    lx.edit("qms.yaml", "    level: 1\n", "    level: 1\n    custodian: bussiness\n")

    answer = lx.call("policy", "sign", by="gao.feng")
    assert (answer.code, answer.findings) == (1, ("ID-UNKNOWN",))
    assert answer.lines["ID-UNKNOWN"] == "qms.yaml:11"
    assert "what comes close: business (" in answer.err

    lx.edit("qms.yaml", "custodian: bussiness", "custodian: business")
    lx.qms("policy", "sign", by="gao.feng")


def test_the_owner_of_a_text_is_a_department(lx: Office) -> None:
    lx.qms("new", "work-instruction", "--title", "车床", by="gong.yi")
    path = "documents/work-instruction/LX-WI-01.md"
    lx.edit(path, "owner: technical", "owner: tecnical")
    told = lx.call("check")
    assert (told.code, told.findings) == (1, ("DEPARTMENT-UNKNOWN",))


@pytest.mark.parametrize(
    ("words", "close"),
    [
        (("show", "LX-WI-11"), "comes close: LX-WI-01"),
        (("show", "车床"), "comes close: LX-WI-01 (数控车床)"),
        (("show", "Lathes"), "comes close: LX-WI-01 (数控车床)"),
        (("new", "work-instrction", "--title", "铣床"), "work-instruction (作业指导书)"),
    ],
)
def test_who_errs_is_told_what_comes_close(lx: Office, words: tuple[str, ...], close: str) -> None:
    """Whatever it is that was typed, one measure tells."""
    lx.qms("new", "work-instruction", "--title", "数控车床", by="gong.yi")
    path = "documents/work-instruction/LX-WI-01.md"
    lx.edit(path, "title: 数控车床\n", "title: 数控车床\ntitle_en: Lathe\n")

    answer = lx.call(*words, by="gong.yi")

    assert answer.code == 1
    assert close in answer.err


@pytest.mark.parametrize("holder", ["tecnical", "技术"])
def test_who_errs_in_a_holder_is_told_what_comes_close(released: Office, holder: str) -> None:
    answer = released.call("issue", "LX-WI-01", "--to", holder, by="wen.kong")

    assert answer.findings == ("HOLDER-UNKNOWN",)
    assert "close to it: technical (技术部)" in answer.err


@pytest.mark.parametrize(
    ("name", "old", "new", "close"),
    [
        ("people.yaml", "head: ye.wu", "haed: ye.wu", "close to it: head"),
        ("qms.yaml", "level: 3", "level: 3\n    one_persn: true", "close to it: one_person)"),
        ("policy.yaml", "min_signers:", "min_signer:", "close to it: min_signers"),
    ],
)
def test_a_key_of_the_policy_that_is_misspelt_is_told_with_the_right_one(
    lx: Office, name: str, old: str, new: str, close: str
) -> None:
    lx.edit(name, old, new)

    answer = lx.call("policy", "sign", by="gao.feng")

    assert answer.findings == ("FIELD-UNKNOWN",)
    assert close in answer.err
