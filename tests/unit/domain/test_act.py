"""One act belongs to one kind for ever: the names that are kept, and for whom."""

import re

import pytest

from qms.domain.kinds.act import CORE_ACTS, KIND_OF, Act
from qms.formats.slots import DATA_KEYS
from qms_copies.acts import ACTS as COPY_ACTS


@pytest.mark.parametrize("act", [*CORE_ACTS, *COPY_ACTS], ids=lambda act: act.name)
def test_what_we_bring_is_kept_for_us_with_its_facts(act: Act) -> None:
    assert KIND_OF[act.name] == act.kind
    assert act.data == DATA_KEYS[act.name]
    assert act.foreign is None


@pytest.mark.parametrize("act", [*CORE_ACTS, *COPY_ACTS], ids=lambda act: act.name)
def test_what_we_bring_is_called_something_in_both_languages(act: Act) -> None:
    assert re.search("[\u4e00-\u9fff]", act.called("zh"))
    assert act.called("en").isascii()
    assert act.done("zh") == f"已{act.called('zh')}"
    assert act.done("en") == act.meaning


def test_every_act_whose_facts_are_fixed_has_a_kind() -> None:
    assert DATA_KEYS.keys() <= KIND_OF.keys()
    assert all(re.fullmatch("[a-z]+(-[a-z]+)*", act) for act in KIND_OF)


@pytest.mark.parametrize(
    ("name", "kind", "why"),
    [
        ("withdraw", "gauge", "document"),
        ("issue", "gauge", "copy"),
        ("issue", "document", "copy"),
        ("bring", "document", "copy"),
        ("destroy", "copy", "record"),
        ("copy-destroy", "record", "copy"),
        ("delegate", "copy", "delegation"),
        ("policy-file", "copy", "policy"),
        ("manifest", "document", "qms"),
        ("receipt", "copy", "qms"),
    ],
)
def test_an_act_of_one_kind_is_brought_for_no_other(name: str, kind: str, why: str) -> None:
    assert (
        Act(name=name, kind=kind, meaning="done", data=DATA_KEYS.get(name, frozenset())).foreign
        == why
    )


def test_an_act_whose_facts_are_fixed_is_brought_with_no_others() -> None:
    act = Act(name="receive", kind="copy", meaning="received", data=frozenset({"by", "at"}))

    assert act.foreign == "copy {by}"


@pytest.mark.parametrize(("name", "kind"), [("bring", "copy"), ("calibrate", "gauge")])
def test_a_name_that_is_free_or_kept_for_the_kind_is_fine(name: str, kind: str) -> None:
    act = Act(name=name, kind=kind, meaning="done", data=frozenset({"deviation"}))

    assert act.foreign is None
