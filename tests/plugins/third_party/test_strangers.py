"""US-05: a stranger that takes a name of ours never runs."""

from pathlib import Path

import pytest

from qms.testing.office import Office
from qms.testing.outsiders import SIGNERS, install, list_row, runner

MARKS = "import os\nos.write(2, os.environ['MARK'].encode() + b'\\n')\n"


@pytest.mark.parametrize("distribution", ["evil", "qms", "qms-git"])
def test_a_stranger_with_the_name_of_an_own_plugin_never_loads(
    lx: Office, tmp_path: Path, distribution: str
) -> None:
    """Row 89 (LS): a public name is no property; own plugins are those beside qms itself."""
    folder = install(tmp_path / "there", distribution, "9",
                     {"qms.rules": "numbering = evil_numbering"}, evil_numbering=MARKS)  # fmt: skip
    (folder / f"{distribution.replace('-', '_')}-9.dist-info").rename(folder / "evil-9.dist-info")
    qms = runner(lx, folder)
    answer = qms("check")
    assert answer.code == 1
    assert set(answer.findings) == {"PLUGIN-TWICE"}
    stopped = qms("new", "manual", "--title", "x", by="bian.zhi")
    assert (stopped.code, stopped.findings) == (3, ("PLUGIN-TWICE",))
    assert not (lx.folder.parent / "imported").exists()


def test_a_strangers_package_in_the_place_of_an_own_one_never_loads(
    lx: Office, tmp_path: Path
) -> None:
    """Row 89 (L)"""
    folder = install(tmp_path / "there", "evil", "9",
                     {"qms.rules": "numbering = qms_numbering.rules"})  # fmt: skip
    package = folder / "qms_numbering"
    package.mkdir()
    for name in ("__init__", "rules"):
        (package / f"{name}.py").write_text(MARKS, encoding="utf-8")
    answer = runner(lx, folder)("check")
    assert "PLUGIN-TWICE" in answer.findings
    assert not (lx.folder.parent / "imported").exists()


def test_a_stranger_called_qms_is_nobody_before_there_is_a_policy(tmp_path: Path) -> None:
    folder = install(tmp_path / "there", "qms", "9", {"qms.rules": "extra = extra"}, extra=MARKS)
    office = Office(tmp_path / "docs", tmp_path / "keys")
    office.folder.mkdir()
    office.git("init", "-q", "-b", "main")
    assert runner(office, folder)("init").code == 0
    assert not (tmp_path / "imported").exists()


def test_two_plugins_of_one_name_are_both_refused(lx: Office, tmp_path: Path) -> None:
    """Row 89 (L)"""
    folder = tmp_path / "there"
    for name in ("acme-one", "acme-two"):
        install(folder, name, "1", {"qms.rules": f"same = {name.replace('-', '_')}"},
                **{name.replace("-", "_"): MARKS})  # fmt: skip
    qms = runner(lx, folder)
    assert qms("check").findings == ("PLUGIN-TWICE", "PLUGIN-TWICE")
    assert not (lx.folder.parent / "imported").exists()


def test_a_printer_that_only_a_proposal_names_is_run_by_nobody(lx: Office, tmp_path: Path) -> None:
    """Row 331 (L): neither who pulled the proposal runs it, nor who proposes it."""
    folder = install(tmp_path / "there", "acme-look", "1.0",
                     {"qms.tools": "look = acme_look"}, acme_look=MARKS)  # fmt: skip
    list_row(lx, '  - {name: look, distribution: acme-look, version: ">=1.0,<2"}\n')
    lx.write("look.yaml", "wording: {cover: {zh: 测试}}\n")
    qms = runner(lx, folder)
    assert qms("policy", "propose", by="gong.yi").code == 0
    for words in (("check",), ("check", "--all"), ("todo",), ("verify",)):
        assert qms(*words, by="gong.yi").code == 0, words
    assert not (lx.folder.parent / "imported").exists()
    assert qms("policy", "sign", by=SIGNERS[0]).code == 0
    (lx.folder.parent / "imported").unlink()
    assert qms("check").code == 0
    assert not (lx.folder.parent / "imported").exists()

    assert qms("policy", "sign", by=SIGNERS[1]).code == 0
    assert qms("plugins", "--json").code == 0
    assert (lx.folder.parent / "imported").exists()
