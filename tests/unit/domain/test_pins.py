"""Which plugins a line of policies admits, and how a row of one is written."""

from dataclasses import replace

import pytest

from qms.domain.kinds.manifest import MANIFEST, Manifest
from qms.domain.kinds.pins import PIN, Admitted, PluginPin, Range, admitted
from qms.domain.kinds.policy import Floors, Organisation, Policy, Quorum
from qms.formats.schema import read
from qms.formats.strict_yaml import load
from qms.texts import Text

ONE = "sha256:" + "1" * 64
TWO = "sha256:" + "2" * 64
FIRST = PluginPin("titles", "acme-titles", ONE)
SECOND = PluginPin("titles", "acme-titles", TWO)
OWN = PluginPin("copies")


def line(*plugins: tuple[PluginPin, ...]) -> list[Policy]:
    base = Policy(
        version=1,
        organisation=Organisation(Text("凌霄")),
        trunk="main",
        quorum=Quorum("keeper", 2),
        floors=Floors(),
    )
    return [replace(base, version=at, plugins=one) for at, one in enumerate(plugins, 1)]


def test_the_newest_policy_admits_and_older_ones_still_judge() -> None:
    assert admitted(line((OWN, FIRST), (OWN, SECOND))) == Admitted((OWN, SECOND), (FIRST,))
    assert admitted(line((OWN, FIRST), (OWN,), (OWN, FIRST))) == Admitted((OWN, FIRST), ())


@pytest.mark.parametrize(
    ("void", "left"),
    [
        (PluginPin("titles", "acme-titles", void=True), ()),
        (PluginPin("titles", "acme-titles", ONE, void=True), (SECOND,)),
        (PluginPin("titles", "other", void=True), (FIRST, SECOND)),
    ],
)
def test_a_void_row_takes_back_what_was_admitted(
    void: PluginPin, left: tuple[PluginPin, ...]
) -> None:
    found = admitted(line((FIRST,), (SECOND,), (void,), ()))

    assert found == Admitted((), left)


def test_what_was_void_may_be_admitted_again() -> None:
    void = PluginPin("titles", "acme-titles", void=True)

    assert admitted(line((FIRST,), (void,), (FIRST,))) == Admitted((FIRST,), ())


@pytest.mark.parametrize(
    ("version", "inside"),
    [
        ("1.2", True), ("1.2.0", True), ("1.10", True), ("1.99.7", True),
        ("1.1.9", False), ("2", False), ("2.0", False), ("1.3rc1", False), ("1.3+x", False),
        ("1.03", False), ("", False), ("1.", False), ("٢", False),
    ],
)  # fmt: skip
def test_versions_are_compared_as_tuples_of_numbers(version: str, inside: bool) -> None:  # noqa: FBT001 - the table's
    assert Range.parse(">=1.2,<2").holds(version) is inside


def codes(row: str) -> list[str]:
    return [one.code for one in read(PIN, load(row.encode())).findings]


@pytest.mark.parametrize(
    "row",
    [
        "name: copies",
        f'name: t\ndistribution: a\ndigest: "{ONE}"',
        'name: t\ndistribution: a\nversion: ">=1.2,<2"',
        f'name: t\ndistribution: a\ndigest: "{ONE}"\nversion: ">=1,<1.0.1"',
        "name: t\ndistribution: a\nvoid: true",
    ],
)
def test_a_row_is_bundled_or_says_what_it_admits(row: str) -> None:
    assert codes(f"{row}\n") == []


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("name: t\ndistribution: a", "PIN-FORM"),
        ('name: copies\nversion: ">=1,<2"', "PIN-FORM"),
        ("name: copies\nvoid: true", "PIN-FORM"),
        ('name: t\ndistribution: a\nversion: "1.0"', "PIN-FORM"),
        ('name: t\ndistribution: a\nversion: ">=2,<1"', "PIN-FORM"),
        ('name: t\ndistribution: a\nversion: ">=1,<1"', "PIN-FORM"),
        ('name: t\ndistribution: a\nversion: ">=01,<2"', "PIN-FORM"),
        ('name: t\ndistribution: a\nversion: ">=1"', "PIN-FORM"),
        ('name: t\ndistribution: a\nversion: ">=1, <2"', "PIN-FORM"),
        ('name: t\ndistribution: a\ndigest: "sha256:12"', "FIELD-FORM"),
        ("name: t\ndistribution: a\nvoid: yes", "YAML-TYPE"),
        ("name: t\nindex: x", "FIELD-UNKNOWN"),
    ],
)
def test_a_row_that_admits_nothing_plainly_is_refused(row: str, code: str) -> None:
    assert codes(f"{row}\n") == [code]


HEAD = """version: 2
rulebook: 1
plugins: []
quorum: {{role: keeper, need: 2}}
floors: {floors}
files: []
"""


def test_a_floor_that_is_not_named_is_at_its_strictest() -> None:
    row = read(MANIFEST, load(HEAD.format(floors="{}").encode())).value

    assert Manifest.of(row).floors == Floors(
        min_signers=2, self_approval=False, assurance="fido", paper=False,
        delegation_days=0, emergency_days=0, temporary_days=0, legacy="closed",
    )  # fmt: skip


def test_no_floor_has_another_name() -> None:
    found = read(MANIFEST, load(HEAD.format(floors="{patience: 3}").encode())).findings

    assert [(one.code, one.place.field) for one in found] == [("FIELD-UNKNOWN", "floors.patience")]


def test_a_name_falls_back_to_the_organisations_language() -> None:
    """Asked language, the organisation's, English, Chinese, the first."""
    every = replace(Text("李四", "Li Si", {"ja": "李シ"}), home="ja")

    assert every.of("en") == "Li Si"
    assert every.of("de") == "李シ"
    assert replace(Text("李四", "Li Si"), home="ja").of("de") == "Li Si"
    assert Text.of_tags({"ja": "李シ", "zh": "李四"}).of("de") == "李四"
    assert Text.of_tags({"vi": "Lý Tứ", "ja": "李シ"}).of("de") == "Lý Tứ"
