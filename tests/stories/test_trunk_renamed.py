"""A policy names another trunk: everybody gets there by what the message says."""

from pathlib import Path

import pytest

from qms.testing.mended import done, gate, told, typed
from qms.testing.office import Office

LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh"])


@pytest.fixture
def renamed(drafted: Office, tmp_path: Path) -> Office:
    """LX, whose newest policy names `release` as trunk; it was pushed to `main`, past the gate."""
    push = gate(drafted, tmp_path)
    drafted.edit("qms.yaml", "trunk: main", "trunk: release")
    for signer in ("gao.feng", "guan.ning"):
        drafted.qms("policy", "sign", by=signer)
    assert push() == ""
    return drafted


@LANGUAGES
def test_who_renamed_the_trunk_begins_it_at_the_remote(renamed: Office, lang: str) -> None:
    (fetch, push) = told(renamed, "TRUNK-UNKNOWN", lang)

    assert typed(renamed, fetch).code
    done(renamed, push)

    assert renamed.call("check", "--all").code == 0


@LANGUAGES
def test_who_comes_later_fetches_the_trunk(renamed: Office, lang: str) -> None:
    (fetch, push) = told(renamed, "TRUNK-UNKNOWN", lang)
    done(renamed, push)
    renamed.git("update-ref", "-d", "refs/remotes/origin/release")

    done(renamed, fetch)

    assert renamed.call("check", "--all").code == 0


@LANGUAGES
def test_where_nothing_is_shared_the_branch_is_called_so(drafted: Office, lang: str) -> None:
    drafted.edit("qms.yaml", "trunk: main", "trunk: release")
    for signer in ("gao.feng", "guan.ning"):
        drafted.qms("policy", "sign", by=signer)

    done(drafted, *told(drafted, "TRUNK-ABSENT", lang))

    assert drafted.call("check", "--all").code == 0
