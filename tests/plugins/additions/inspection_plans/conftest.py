"""A company that files inspection plans, as far as each test needs them to have come."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing.inspection_plans import (
    AUTHOR,
    CODES,
    DRAFT,
    EXPERT,
    HEAD,
    NUMBER,
    OPEN,
    PICTURE,
    RULES,
    TOOLS,
)
from qms.testing.office import Office
from qms.testing.outsiders import SIGNERS, admit, install

Copied = Callable[..., Office]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = install(
        tmp_path_factory.mktemp("plans"), "acme-plans", "1.0",
        {"qms.rules": "plans = plan_rules", "qms.tools": "plans = plan_tools"},
        plan_rules=RULES, plan_tools=TOOLS,
    )  # fmt: skip
    (place / "plan_codes.toml").write_text(CODES, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def begun(copied: Copied, lx_founded: Office, folder: Path) -> Office:
    """A company that admits the plugin, with a plan that somebody has begun to write."""
    office = copied(lx_founded)
    admit(office, folder, "plans", *SIGNERS)
    office.write("assets/shaft.svg", PICTURE)
    office.write(OPEN, DRAFT)
    return office


@pytest.fixture(scope="module")
def going_round(copied: Copied, begun: Office, folder: Path) -> Office:
    """The plan was sent round."""
    return copied(begun, f"{AUTHOR} submit {NUMBER}", plugin=folder)


@pytest.fixture(scope="module")
def archive(copied: Copied, going_round: Office, folder: Path) -> Office:
    """The plan was passed by all, and is filed."""
    signed = (f"{person} sign {NUMBER}" for person in (HEAD, EXPERT))
    return copied(going_round, *signed, plugin=folder)


@pytest.fixture
def draft(copied: Copied, begun: Office) -> Office:
    return copied(begun)


@pytest.fixture
def going(copied: Copied, going_round: Office) -> Office:
    return copied(going_round)


@pytest.fixture
def filed(copied: Copied, archive: Office) -> Office:
    return copied(archive)
