"""US-05: a plugin says for which `qms.api` it was made; one made for another is refused unread."""

import json
from pathlib import Path

import pytest

from qms.api import API_VERSION
from qms.testing.office import Office
from qms.testing.outsiders import (
    SIGNERS,
    admitted,
    install,
    list_row,
    row,
    runner,
    states,
)

NEXT = str(API_VERSION + 1)
TITLES = """\
import sys
sys.stderr.write("imported\\n")
from qms.api import {name}, hookimpl


@hookimpl
def rules(policy):
    return ()
"""


def titles(folder: Path, needs: str, name: str = "Rule") -> Path:
    """A plugin that needs a version of the API, and a name of it."""
    points = {"qms.rules": "titles = acme_titles"}
    if needs:
        points["qms.api"] = f"titles = {needs}"
    return install(folder, "acme-titles", "1.0", points, acme_titles=TITLES.format(name=name))


@pytest.mark.parametrize("needs", ["", "1", str(API_VERSION)])
def test_what_is_offered_is_loaded(lx: Office, tmp_path: Path, needs: str) -> None:
    qms = admitted(lx, titles(tmp_path / "there", needs), "titles")

    assert qms("check").code == 0
    answer = qms("plugins", "--json")
    assert states(answer) == {"acme-titles 1.0 qms.rules": "loaded"}
    told = next(o for o in json.loads(answer.out)["plugins"] if o["name"] == "titles")
    assert told["needs_api"] == (needs or None)


@pytest.mark.parametrize("needs", [NEXT, "0", "99999", "1.5", "one", "１"])
def test_what_is_not_offered_is_refused_before_any_of_its_code_runs(
    lx: Office, tmp_path: Path, needs: str
) -> None:
    """Its first line asks for a name that isn't there: said by its version, not by a traceback."""
    folder = titles(tmp_path / "there", needs, name="NotThereYet")
    list_row(lx, row(lx, folder, "titles"))
    qms = runner(lx, folder)
    answer = qms("policy", "sign", by=SIGNERS[0])
    assert (answer.code, answer.findings) == (1, ("PLUGIN-API",)), answer
    assert f"version {needs} of qms.api" in answer.err
    assert not (lx.folder.parent / "imported").exists()


def test_one_that_is_not_admitted_is_only_listed(lx: Office, tmp_path: Path) -> None:
    qms = runner(lx, titles(tmp_path / "there", NEXT))

    assert qms("check").code == 0
    assert states(qms("plugins", "--json")) == {"acme-titles 1.0 qms.rules": "PLUGIN-UNADMITTED"}
