"""Number patterns: the rule by which a class numbers its documents, as one line of text.

A pattern is the number with its changing parts in braces; all else stands for itself, stars
included::

    LX-SH-{year}                             LX-SH-2019
    LX-CX-{year}-{seq:02}                    LX-CX-2019-01
    JD/QMB{clauses}-{seq:02 across clauses}  JD/QMB4.2.3-01, JD/QMB8.5.2/8.5.3-05
    XX/QPR-{seq of procedure}-{seq:02}       XX/QPR-04-01, a record of procedure XX/QP-04
    {number of form}-{year}-{seq:03}         LX-R-05-2026-003, filled from form LX-R-05
    **/CX-{year}                             **/CX-2011
    TS{yy}-{mmdd}-{seq:02}                   TS13-0201-15
    {name}                                   any plain name

Fields:

``{year}`` ``{yy}`` ``{mm}`` ``{mmdd}``
    the year in four or two digits, the month, the month and day
``{seq}`` ``{seq:02}``
    the count, from 1; ``:02`` is a minimum of two digits, so 99 is followed by 100
``{clause}`` ``{clauses}``
    a clause of the standard (4.2.3); one or several, joined by ``/``
``{letter}`` ``{code}``
    one capital letter; one to eight of them
``{name}``
    any text of letters, digits, ideographs and ``-_.*+()#&``
``{FIELD of CLASS}``
    the field as it is written in the number of the document of class CLASS that this one belongs
    to; ``{number of CLASS}`` is that whole number

The count begins anew at 1 for each combination of all the other fields: in
``LX-CX-{year}-{seq:02}`` each year, in ``XX/QPR-{seq of procedure}-{seq:02}`` under each
procedure. ``across`` names the fields it does not begin anew for: ``{seq:02 across clauses}``,
``{seq:03 across year and letter}``, ``{seq:04 across all}``.

A pattern is refused where a number could be read in two ways (``{seq}{yy}``).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from qms.api import Place, refused
from qms_numbering.fields import IDEOGRAPH, Placeholder, pattern_refused, pieces
from qms_numbering.spelling import charset_fault, mended, twin_key

_LAST_COUNT = 999_999_999
_ENOUGH_TRIES = 24


class SequencePlace(NamedTuple):
    """A place in a sequence: what it counts under, and its turn there."""

    scope: tuple[tuple[str, str], ...]
    turn: int


@dataclass(frozen=True, slots=True)
class NumberPattern:
    """The numbering rule of a class. Made by `parse`; `str` gives its text back."""

    text: str
    parts: tuple[str | Placeholder, ...]
    _form: re.Pattern[str] = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str) -> "NumberPattern":
        """Read a pattern; raises Refused NUMBER-PATTERN that says what, where and why."""
        placed = tuple(pieces(text))
        _check_fields(text, placed)
        _check_literals(text, placed)
        _check_ends(text, placed)
        parts = tuple(part for part, _ in placed)
        form = "".join(
            f"({part.form})" if isinstance(part, Placeholder) else re.escape(part) for part in parts
        )
        pattern = cls(text, parts, re.compile(form))
        _check_shape(pattern)
        return pattern

    def __str__(self) -> str:
        return self.text

    @property
    def fields(self) -> tuple[Placeholder, ...]:
        """The fields in their order."""
        return tuple(part for part in self.parts if isinstance(part, Placeholder))

    @property
    def sequence(self) -> Placeholder | None:
        """The field that counts, or None where the other fields alone make the number."""
        return next((one for one in self.fields if one.counts), None)

    @property
    def parent(self) -> str | None:
        """The class from whose numbers this one's derive, or None."""
        return next((one.parent for one in self.fields if one.parent), None)

    @property
    def inheritable(self) -> frozenset[str]:
        """The kinds of field that the numbers of another class can take over from these."""
        return frozenset(("number", *(one.kind for one in self.fields)))

    @property
    def like(self) -> str:
        """An example of a number, for messages."""
        return "".join(
            part.example if isinstance(part, Placeholder) else part for part in self.parts
        )

    def match(self, number: str) -> Mapping[str, str | int] | None:
        """The values of the fields in `number`, or None where it is no canonical number of this.

        The count is an int; everything else is text as it is written (``04``).
        """
        found = self.texts(number)
        if found is None:
            return None
        return {
            one.key: int(found[one.key]) if one.counts else found[one.key] for one in self.fields
        }

    def texts(self, number: str) -> Mapping[str, str] | None:
        """Like `match`, but all fields as they are written, and ``number`` itself."""
        found = self._form.fullmatch(number)
        if found is None:
            return None
        keys = (one.key for one in self.fields)
        return dict(zip(keys, found.groups(), strict=True)) | {"number": number}

    def format(self, fields: Mapping[str, str | int]) -> str:
        """The number with these values; values of fields that it has not are passed over.

        Raises Refused NUMBER-FIELD for a value that is missing or not in the field's form.
        """
        return "".join(
            self._written(part, fields) if isinstance(part, Placeholder) else part
            for part in self.parts
        )

    def canonical(self, text: str) -> str:
        """The canonical number that `text`, typed or printed, stands for.

        Width, dashes, blanks and case are mended. Raises Refused NUMBER-CHARSET for a character
        that no number holds, NUMBER-TWIN for what only looks like a number of this pattern
        (``QP-O1``), NUMBER-FORM for all else.
        """
        plain = mended(text)
        number = self._cased(plain)
        if number is not None:
            return number
        for guess in _look_alikes(plain):
            meant = self._cased(guess)
            if meant is not None:
                raise refused("NUMBER-TWIN", Place(field="number"), found=text, meant=meant)
        raise refused(
            "NUMBER-FORM", Place(field="number"), found=text, pattern=self.text, like=self.like
        )

    def next_free(self, taken: Iterable[str], given: Mapping[str, str | int]) -> str:
        """The number after the highest of `taken` in the scope of `given`'s fields.

        What only looks like a number of the scope counts as well. Gaps are not filled: a missing
        number may stand on paper. Never gives one that is taken or could be taken for one that is.
        Raises Refused NUMBER-FIELD where `given` lacks a field, NUMBER-FULL where none is left.
        """
        known = tuple(taken)
        twins = {twin_key(number) for number in known}
        count = self._highest(known, given) + 1 if self.sequence else 1
        while count <= _LAST_COUNT:
            number = self.format({**given, "seq": count})
            if twin_key(number) not in twins:
                return number
            if self.sequence is None:
                break
            count += 1
        raise refused("NUMBER-FULL", Place(field="number"), pattern=self.text, like=self.like)

    def inherited(self, parent: "NumberPattern", number: str) -> Mapping[str, str]:
        """What this number takes from its parent's: ``{"seq of procedure": "04"}``.

        `parent` is the pattern of the parent's class. Raises Refused NUMBER-FORM where `number`
        does not follow it, NUMBER-FIELD where it has no such field.
        """
        written = parent.texts(number)
        if written is None:
            raise refused(
                "NUMBER-FORM",
                Place(field="number"),
                found=number,
                pattern=parent.text,
                like=parent.like,
            )
        taken: dict[str, str] = {}
        for one in self.fields:
            if one.parent and one.kind not in written:
                raise refused(
                    "NUMBER-FIELD", Place(field="number"), needed=one.key, found="", like=self.like
                )
            if one.parent:
                taken[one.key] = written[one.kind]
        return taken

    def _written(self, one: Placeholder, fields: Mapping[str, str | int]) -> str:
        text = one.written(fields.get(one.key, ""))
        if re.fullmatch(one.form, text) is None:
            raise refused(
                "NUMBER-FIELD", Place(field="number"), needed=one.key, found=text, like=self.like
            )
        return text

    def place(self, number: str) -> SequencePlace | None:
        """Where `number`, or what it could be taken for, stands in the sequence of this pattern.

        None where the pattern counts nothing, or the number looks like none of its.
        """
        sequence = self.sequence
        if sequence is None:
            return None
        found = _folded(self.parts).fullmatch(twin_key(number)) or self._form.fullmatch(number)
        if found is None:
            return None
        texts = {one.key: text for one, text in zip(self.fields, found.groups(), strict=True)}
        beyond = texts if "all" in sequence.across else ("seq", *sequence.across)
        scope = ((key, twin_key(text)) for key, text in texts.items() if key not in beyond)
        return SequencePlace(tuple(scope), int(texts["seq"]))

    def _highest(self, taken: Iterable[str], given: Mapping[str, str | int]) -> int:
        first = self.place(self.format({**given, "seq": 1}))
        places = (self.place(number) for number in taken)
        return max(
            (one.turn for one in places if one and first and one.scope == first.scope), default=0
        )

    def _cased(self, text: str) -> str | None:
        """`text` in the pattern's own case, or None where it does not follow it."""
        found = re.compile(self._form.pattern, re.IGNORECASE).fullmatch(text)
        if found is None:
            return None
        texts = iter(found.groups())
        number = ""
        for part in self.parts:
            if not isinstance(part, Placeholder):
                number += part
            elif part.kind in ("letter", "code"):
                number += next(texts).upper()
            else:
                number += next(texts)
        return number


@lru_cache(maxsize=512)
def _folded(parts: tuple[str | Placeholder, ...]) -> re.Pattern[str]:
    """The form of all that could be taken for a number of these parts."""
    forms = (
        f"({part.folded})" if isinstance(part, Placeholder) else re.escape(twin_key(part))
        for part in parts
    )
    return re.compile("".join(forms))


def _look_alikes(text: str) -> Iterator[str]:
    """`text` with O and 0, I or l and 1 exchanged: each alone, then all letters for digits."""
    other = {"O": "0", "o": "0", "I": "1", "i": "1", "l": "1", "0": "O", "1": "I"}
    places = [index for index, character in enumerate(text) if character in other]
    for index in places[:_ENOUGH_TRIES]:
        yield text[:index] + other[text[index]] + text[index + 1 :]
    yield text.translate(str.maketrans("OoIil", "00111"))


def _check_fields(text: str, placed: tuple[tuple[str | Placeholder, int], ...]) -> None:
    seen: set[str] = set()
    parents: set[str] = set()
    for one, at in placed:
        if not isinstance(one, Placeholder):
            continue
        if one.key in seen:
            raise pattern_refused("twice", text, one.key, at)
        seen.add(one.key)
        parents |= {one.parent} - {""}
        if len(parents) > 1:
            raise pattern_refused("parents", text, one.key, at)
    for one, at in placed:
        for other in one.across if isinstance(one, Placeholder) else ():
            if other not in (seen - {"seq"}) | {"all"}:
                raise pattern_refused("across-what", text, other, at)


def _check_literals(text: str, placed: tuple[tuple[str | Placeholder, int], ...]) -> None:
    for literal, at in placed:
        if isinstance(literal, Placeholder):
            continue
        fault = charset_fault(literal)
        if fault is not None:
            found = fault.values["character"]
            raise pattern_refused("sign", text, found, at + int(fault.values["at"]) - 1)
        if "--" in literal:
            raise pattern_refused("dashes", text, "--", at + literal.index("--"))


def _check_ends(text: str, placed: tuple[tuple[str | Placeholder, int], ...]) -> None:
    """Each field's end must be plain to see, else one number could be read in two ways.

    It is where what follows cannot belong to the field, or where what follows stands in none of
    the later fields, so that it can be found from the right.
    """
    for index, (one, at) in enumerate(placed[:-1]):
        if not isinstance(one, Placeholder) or not one.open_ended:
            continue
        following = placed[index + 1][0]
        later = frozenset[str]().union(
            *(part.signs for part, _ in placed[index + 1 :] if isinstance(part, Placeholder))
        )
        if isinstance(following, Placeholder):
            clear = not one.signs & following.signs
        else:
            sign = following[0] if following[0].isascii() else IDEOGRAPH
            clear = sign not in one.signs or sign not in later
        if not clear:
            raise pattern_refused("open", text, "{" + one.key + "}", at)


def _check_shape(pattern: NumberPattern) -> None:
    for part in pattern.like.split("/"):
        if part in ("", ".", "..") or part[0] in "-." or part.endswith("."):
            raise pattern_refused("shape", pattern.text, part or "/", 1)
