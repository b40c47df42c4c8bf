"""What the numbering plugin answers to the core (group qms.rules)."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from qms.api import (
    ClassSetting,
    Finding,
    Numbering,
    Policy,
    Rule,
    Step,
    VersionScheme,
    hookimpl,
    on_each,
)
from qms_numbering.classes import numbering_of, versions_of
from qms_numbering.conformity import number_faults, revision_faults
from qms_numbering.links import link_faults
from qms_numbering.related import related_faults
from qms_numbering.settings import SETTINGS, faults_of


@hookimpl
def codes() -> Path:
    """This plugin's code table."""
    return Path(__file__).parent / "data" / "codes.toml"


@hookimpl
def settings() -> Iterable[ClassSetting]:
    """The keys of a class that this plugin reads."""
    return SETTINGS


@hookimpl
def numbering(policy: Policy, class_id: str) -> Numbering | None:
    """The numbering of a class: its settings `number` and `display`."""
    return numbering_of(policy, class_id)


@hookimpl
def version_scheme(policy: Policy, class_id: str) -> VersionScheme | None:
    """The version scheme of a class: its settings `version` and `version_display`."""
    return versions_of(policy, class_id)


def setting_faults(step: Step) -> Iterator[Finding]:
    """DC-01: every class's settings of numbers and versions can be read."""
    return faults_of(step.policy)


@hookimpl
def rules(policy: Policy) -> Iterable[Rule]:
    """DC-02 and DC-03: numbers and revisions as their class says, and each number once for ever."""
    del policy
    yield Rule(
        name="numbering-numbers",
        codes=(
            "CLASS-GONE",
            "CLASS-UNKNOWN",
            "NUMBER-CHARSET",
            "NUMBER-FORM",
            "NUMBER-PARENT",
            "NUMBER-REUSE",
            "NUMBER-SEQUENCE",
            "NUMBER-TAKEN",
            "NUMBER-TWIN",
        ),
        judge=number_faults,
    )
    yield Rule(
        name="numbering-revisions",
        codes=("NUMBER-CHARSET", "REVISION-FORM", "REVISION-ORDER"),
        judge=revision_faults,
    )
    yield Rule(
        name="numbering-related",
        codes=("RELATED-JOINED", "RELATED-UNKNOWN"),
        judge=on_each("document", related_faults),
    )
    yield Rule(
        name="numbering-links", codes=("LINK-UNKNOWN",), judge=on_each("document", link_faults)
    )
    yield Rule(
        name="numbering-settings",
        codes=(
            "CLASS-UNKNOWN",
            "FIELD-LENGTH",
            "FIELD-LINES",
            "FIELD-MISSING",
            "FIELD-RANGE",
            "FIELD-UNKNOWN",
            "NUMBER-DISPLAY",
            "NUMBER-PATTERN",
            "VERSION-SCHEME",
            "YAML-TYPE",
        ),
        judge=setting_faults,
    )
