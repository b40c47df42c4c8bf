"""Display forms: how a company prints a number or a revision that is filed canonically.

A form is a text with ``{number}``, ``{revision}``, ``{version}`` and ``{count}`` in it, and may
print the hyphens of the number in another way::

    display: "{number}"                            LX-CX-2019-01
    display: "{number}-{revision}"                 CEE/QP-01-A/0
    display: {text: "{number}", dash: "—"}         JD/QMB4.2.3—01
    revision_display: "第{version}版第{count}次修改"   第A版第0次修改

The canonical number is never read back from a print; a print is mended by the class's pattern.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from qms.api import Place, Refused, refused
from qms_numbering.spelling import mended
from qms_numbering.versions import Scheme

_PLACEHOLDERS: Final = ("number", "revision", "version", "count")


class Display(NamedTuple):
    """One display form of a class. Made by `parse`."""

    text: str = "{number}"
    dash: str = "-"

    @classmethod
    def parse(cls, setting: str | Mapping[str, object]) -> "Display":
        """Read the setting: a text, or ``{text, dash}``; raises Refused NUMBER-DISPLAY.

        A dash must be one that is understood when it is typed in again: ``—``, ``--``, ``－``.
        """
        if isinstance(setting, str):
            return cls(_checked(setting))
        for key, value in setting.items():
            if key not in ("text", "dash") or not isinstance(value, str):
                raise _refused(f"{key}: {value}")
        dash = str(setting.get("dash", "-"))
        if not _is_dash(dash):
            raise _refused(dash)
        return cls(_checked(str(setting.get("text", "{number}"))), dash)

    def show(self, number: str, revision: str, scheme: Scheme) -> str:
        """`number` and `revision` as this company prints them.

        Raises Refused REVISION-FORM where the form has version or count in it and `scheme` does
        not know the revision.
        """
        shown = {"number": number.replace("-", self.dash), "revision": revision}
        if "{version}" in self.text or "{count}" in self.text:
            shown["version"], shown["count"] = scheme.parts(revision)
        return re.sub(r"\{([a-z]+)\}", lambda found: shown[found[1]], self.text)


def _checked(text: str) -> str:
    rest = re.sub(r"\{(" + "|".join(_PLACEHOLDERS) + r")\}", "", text)
    if not text or "{" in rest or "}" in rest:
        raise _refused(text)
    return text


def _is_dash(text: str) -> bool:
    try:
        return mended(text) == "-"
    except Refused:
        return False


def _refused(found: str) -> Refused:
    known = " ".join("{" + name + "}" for name in _PLACEHOLDERS)
    return refused("NUMBER-DISPLAY", Place(field="display"), found=found, known=known)
