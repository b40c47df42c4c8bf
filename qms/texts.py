"""Words in languages: names, labels, help, and what an act is called.

The tool itself speaks Chinese and English. A company may name things in other languages too; those
are printed as they stand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

ZH: Final = "zh"
EN: Final = "en"
LANGUAGES: Final = (ZH, EN)


def counted(number: int, one: str, many: str = "") -> str:
    """So many of something in English: ``1 file``, ``2 files``; `many` where no s makes several."""
    return f"{number} {one}" if number == 1 else f"{number} {many or f'{one}s'}"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in each language that it is known in; `others` by their primary tags (``ja``).

    `home` is the organisation's language, which steps in where the one asked for is missing.
    """

    zh: str | None = None
    en: str | None = None
    others: Mapping[str, str] = field(default_factory=dict[str, str])
    home: str = field(default="", compare=False)

    @classmethod
    def of_tags(cls, texts: Mapping[str, str]) -> Self:
        """The text that a mapping of tags to words gives."""
        others = {tag: text for tag, text in texts.items() if tag not in LANGUAGES}
        return cls(texts.get(ZH), texts.get(EN), others)

    @property
    def by_tag(self) -> Mapping[str, str]:
        """The words by the tags of their languages."""
        own = {ZH: self.zh, EN: self.en}
        return {**{tag: text for tag, text in own.items() if text is not None}, **self.others}

    def of(self, language: str) -> str:
        """The text in `language`, else in the organisation's, in English, Chinese, the first."""
        known = self.by_tag
        asked = (known[tag] for tag in (language, self.home, EN, ZH) if tag in known)
        return next(asked, next(iter(known.values()), ""))

    def __hash__(self) -> int:
        return hash((self.zh, self.en, tuple(sorted(self.others.items()))))
