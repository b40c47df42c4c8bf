"""The keys of classes that belong to plugins: whether a policy's say what their owners can read."""

from collections.abc import Sequence
from typing import Final

from qms.domain.kinds.policy import Policy
from qms.findings import Finding
from qms.formats.schema import Field, record
from qms.hook_values import ClassSetting

SETTINGS_FILE: Final = "qms.yaml"


def class_setting_faults(policy: Policy, settings: Sequence[ClassSetting]) -> tuple[Finding, ...]:
    """Keys of classes that no plugin knows, that are missing, or whose values can't be read.

    `settings` are those of all plugins that the policy admits.
    """
    fields = {one.name: _field(one) for one in settings}
    known = record(*fields.values())
    found: list[Finding] = []
    for index, one in enumerate(policy.classes.values()):
        known.take(dict(one.settings), f"classes.{index}", found)
    return tuple(finding.at(path=SETTINGS_FILE) for finding in found)


def _field(setting: ClassSetting) -> Field[object]:
    if setting.required:
        return Field(setting.name, setting.type)
    return Field(setting.name, setting.type, required=False)
