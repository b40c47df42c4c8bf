"""How a test's value of a key stands in the head of a document."""

from typing import Final

from qms.domain.kinds.document import HEAD
from qms.formats import strict_yaml

_TEXTS: Final = frozenset(one.name for one in HEAD.fields) - {
    "controlled", "assets", "related", "clauses", "co_sign", "keywords", "legacy",
}  # fmt: skip


def spelled_value(name: str, value: str) -> str:
    """A text as YAML has it; all else, keys of plugins too, is YAML already."""
    return strict_yaml.scalar(value) if name in _TEXTS else value
