"""Whoever begins a system is led to who may found it: no message sends anybody in a circle."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing.office import Office


@pytest.fixture
def laid_out(tmp_path: Path, founded: Callable[[str], Office]) -> Office:
    """LX's files with everybody's key, signed by nobody."""
    office = Office(tmp_path / "docs", founded("lx").keys)
    office.folder.mkdir()
    office.git("init", "-q", "-b", "main", "--template=")
    for name, value in (
        ("user.name", "x"), ("user.email", "x@qms.invalid"),
        ("qms.allowUnencryptedKey", "true"), ("qms.rehearsal", "true"),
    ):  # fmt: skip
        office.git("config", name, value)
    for name in ("people.yaml", "qms.yaml"):
        office.write(name, founded("lx").text(name))
    return office


def test_who_may_not_found_it_is_told_who_does(laid_out: Office) -> None:
    """They were told to propose and to sync: neither works where nothing is founded."""
    told = laid_out.call("init", by="wen.kong")
    assert told.findings == ("FOUNDING-NOT-YOURS",)
    assert "(Gao Feng, Guan Ning, Ye Wu), 2 of them in all" in told.err
    assert not re.search("propose|qms sync", told.err)
    assert "高峰" in laid_out.call("init", by="wen.kong", lang="zh").err
    circle = laid_out.call("policy", "propose", by="wen.kong")
    assert "qms init" in circle.err

    laid_out.qms("init", by="gao.feng")
    second = laid_out.call("policy", "sign", by="wen.kong")
    assert second.findings == ("FOUNDING-NOT-YOURS",)
    laid_out.qms("policy", "sign", by="ye.wu")
    assert laid_out.call("policy", "sign", by="wen.kong").findings != ("FOUNDING-NOT-YOURS",)


def test_bare_qms_says_what_the_founding_waits_for(laid_out: Office) -> None:
    """It printed the whole help, also while an agreement waited for the second."""
    keeper, other = laid_out.qms(by="gao.feng"), laid_out.qms(by="wen.kong")
    for told in (keeper, other):
        assert "Nothing is founded yet: 2 of Policy keeper must sign the first policy" in told
        assert "Usage" not in told
    assert "Next: qms init" in keeper
    assert "For Gao Feng, Guan Ning, Ye Wu, in this folder or in a copy of it: qms init" in other

    laid_out.qms("init", by="gao.feng")

    assert "Signed so far: Gao Feng; 1 more of: Guan Ning, Ye Wu" in laid_out.qms(by="gao.feng")
    assert "For Guan Ning, Ye Wu, in this folder" in laid_out.qms(by="gao.feng")
    assert "Next: qms policy sign" in laid_out.qms(by="ye.wu")
    zh = laid_out.call(by="ye.wu", lang="zh").out
    assert "已签：高峰；还须 1 人：管宁、叶武" in zh
    assert "下一步：qms policy sign" in zh
    laid_out.qms("policy", "sign", by="ye.wu")
    assert "nothing waits for you" in laid_out.qms(by="ye.wu")


def test_a_template_without_keys_says_so(tmp_path: Path) -> None:
    office = Office(tmp_path / "docs", tmp_path / "keys")
    office.folder.mkdir()
    office.qms("init")

    told = office.call()

    assert re.search(r"Without a key yet: .*\(qms policy key PERSON KEY.pub\)", told.out), told


def test_elsewhere_it_is_the_help(tmp_path: Path) -> None:
    office = Office(tmp_path / "docs", tmp_path / "keys")
    office.folder.mkdir()

    assert "Usage" in office.qms()
