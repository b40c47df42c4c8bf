"""A class that the policy has no longer: whoever needs it is told so, and who may list it again."""

import re

import pytest

from qms.testing.office import Office

NUMBER = "LX-WI-01"
_CLASS = re.compile(r"\n  - id: work-instruction\n.*?(?=\n  - id: |\n  #)", re.DOTALL)


def keepers_sign(office: Office) -> None:
    for keeper in ("gao.feng", "guan.ning"):
        office.qms("policy", "sign", by=keeper)


@pytest.fixture
def gone(released: Office) -> Office:
    """LX-WI-01 A/0 is in force, 02 a draft, 03 goes round; their class is taken out of qms.yaml."""
    for title in ("铣床", "刨床"):
        released.qms("new", "work-instruction", "--title", title, by="gong.yi")
    released.git("add", "-A")
    released.git("commit", "-q", "-m", "Drafts")
    released.qms("submit", "LX-WI-03", by="gong.yi")
    settings, count = _CLASS.subn("", released.text("qms.yaml"))
    assert count == 1
    released.write("qms.yaml", settings)
    keepers_sign(released)
    return released


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("gong.yi", ("revise", NUMBER, "--summary", "改")),
        ("gong.yi", ("new", "work-instruction", "--title", "镗床")),
        ("gong.yi", ("submit", "LX-WI-02")),
        ("fu.yi", ("sign", "LX-WI-03")),
        ("fu.yi", ("annul", NUMBER, "A/0", "--reason", "误发")),
    ],
)
def test_whoever_needs_it_is_told_who_may_list_it_again(
    gone: Office, by: str, words: tuple[str, ...]
) -> None:
    """`revise` wanted the numbering plugin admitted, and a version where there is no class."""
    told = gone.call(*words, by=by)
    assert told.findings == ("CLASS-GONE",)
    assert "work-instruction (Work instruction) is no longer in the policy" in told.err
    assert "from policy/0001/qms.yaml into qms.yaml" in told.err
    assert "for Gao Feng, Guan Ning, Ye Wu to sign" in told.err

    zh = gone.call(*words, by=by, lang="zh").err
    assert "work-instruction（作业指导书）已不在策略中（第 1 版最后列有）" in zh
    assert re.search(r"由 高峰[、,] ?管宁[、,] ?叶武 用 `qms policy sign` 签署", zh), zh


def test_check_says_it_of_what_is_drafted_and_goes_round(gone: Office) -> None:
    assert gone.call("check", "--all").findings == ("CLASS-GONE", "CLASS-GONE")


def test_nobody_is_offered_what_would_be_refused(gone: Office) -> None:
    shown = gone.qms(by="gong.yi")

    assert "submit" not in shown
    assert re.search(r"LX-WI-02 .*keepers must change its class.*qms check", shown)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_of_an_annulled_text_no_revision_is_offered(released: Office, lang: str) -> None:
    for by, *reason in (("fu.yi", "--reason", "错"), ("wen.kong",)):
        released.qms("annul", NUMBER, "A/0", *reason, by=by)
    released.write("qms.yaml", _CLASS.sub("", released.text("qms.yaml")))
    keepers_sign(released)

    shown = released.call(by="gong.yi", lang=lang).out

    assert "qms revise" not in shown
    names = "高峰、管宁、叶武" if lang == "zh" else "Gao Feng, Guan Ning, Ye Wu"
    assert names in shown


def test_all_goes_on_once_it_is_listed_again(gone: Office) -> None:
    gone.write("qms.yaml", gone.text("policy/0001/qms.yaml"))
    keepers_sign(gone)

    gone.qms("revise", NUMBER, "--summary", "改", by="gong.yi")
    gone.qms("submit", "LX-WI-02", by="gong.yi")
    assert gone.call("check", "--all").findings == ()


def test_a_class_that_never_was_is_no_class_that_is_gone(gone: Office) -> None:
    told = gone.call("new", "work-instructions", "--title", "镗床", by="gong.yi")

    assert told.findings == ("CLASS-UNKNOWN",)
