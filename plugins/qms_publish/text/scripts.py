"""What is raised and lowered: H~2~O, 10^-6^, R~eH~, 数据^1)^; and what only looks so.

Tildes are ranges too, and carets powers of plain text: 10~20~30, x^2+y^2. What stands between two
of them and may be either is refused where it would be printed with them, never guessed at.
"""

import re
from typing import Final

from qms_publish.late import Late
from qms_publish.text.emphasis import is_balanced

_GREEK: Final = "\u0370-\u03ff"
_LATIN: Final = rf"0-9A-Za-z{_GREEK}"
_HAN: Final = "\u4e00-\u9fff"
_SIGN: Final = "+\\-−±"
RAISED: Final = "\1"
"""Stands in the letters of a line where something raised begins."""
_SUMS: Final = "∏∑∫∮"
_LIMITS: Final = "=→←≤≥≠∈∞"
"""What stands below a sum or a limit: lim~x→0~, ∑~i=1~."""
_LONGEST_INDEX: Final = 12
_OF_INDEX: Final = rf"{_LATIN}{_HAN}{_LIMITS}{_SIGN}.,/′*%‰℃°"
_INDEX: Final = rf"[{_OF_INDEX}]{{0,11}}"
_BEFORE_LOWERED: Final = Late(rf"[A-Za-z{_GREEK}ℂ-ℤ{_SUMS})\]]")
_LOWERED: Final = Late(
    rf"~(?:[{_SIGN}]?[0-9]{{1,8}}[{_SIGN}]?|[a-z{_SIGN}]{{1,8}}"
    rf"|[{_LATIN}]{{1,4}}[{_LIMITS}][{_LATIN}∞{_SIGN}]{{1,8}}(?=~)"
    rf"|(?=[^~]{{1,{_LONGEST_INDEX}}}~)(?:[{_LATIN}{_HAN}∞{_SIGN}]{_INDEX}"
    rf"|(?:[{_LATIN}{_HAN}∞{_SIGN}]{_INDEX})?[(（][{_OF_INDEX}]{{1,12}}[)）]{_INDEX}(?!~[(（]))"
    rf"(?=~(?![{_LATIN}])))~(?!~)"
)
"""What is more than a number or small letters only where nothing goes on behind: A~B~C is a range,
and so are a~c,e~g. In brackets stand a state, and what something depends on: H~2~O~(l)~,
p~(20℃)~."""
_UPPER: Final = rf"\^[{_SIGN}]?[0-9.]{{1,8}}\^"
_LOWER: Final = rf"~(?:[{_SIGN}][0-9.]{{1,8}}|0)~"
_TOLERANCE: Final = re.compile(rf"{_LOWER}(?=/?{_UPPER})")
"""Below a dimension, with what stands above right behind it: Φ25~-0.013~^+0.021^.

No other digit stands before an index: 10~20~30.
"""
_BEHIND_STROKE: Final = {
    "~": (re.compile(rf"{_UPPER}/$"), re.compile(rf"{_LOWER}(?!~)")),
    "^": (re.compile(rf"{_LOWER}/$"), re.compile(rf"{_UPPER}(?!\^)")),
}
"""Where a stroke parts the two, what stands before the second one: Φ30^+0.02^/~-0.01~."""
_LONGEST_LIMIT: Final = 12
_BEFORE_RAISED: Final = Late(
    rf"[{_SUMS}{_LATIN}μΩ°℃%‰％′″½⅓⅔¼¾{_HAN})\]）］》〉」』】〕”’\"'。，、；：！？.,;:!?…>]"
)
"""What a formula has before a power, and a text before the number of a note: all that closes."""
_OPEN, _CLOSED = r"\[(（【〔", r"\])）】〕"
_NUMBERS: Final = rf"[{_OPEN}]?[0-9]{{1,3}}(?:[,，、\-–—][0-9]{{1,3}}){{0,3}}[{_CLOSED}]?"
_CIRCLE: Final = "[\u2460-\u2473\u3251-\u325f\u32b1-\u32bf]"
_SIGN_OF_NOTE: Final = (
    rf"[{_OPEN}][A-Za-z][{_CLOSED}]|[A-Za-z][)）]|{_CIRCLE}(?:[,，、\-–—]?{_CIRCLE}){{0,5}}"
    r"|注[0-9]{1,2}[)）]?|[*†‡§#△▲※]{1,3}"
)
"""What can't be a power."""
_OF_NOTES: Final = rf"{_NUMBERS}(?=\^(?!\d))|{_SIGN_OF_NOTE}|[®©™℠½⅓⅔¼¾⅛℃℉°]"
_BRACKETED: Final = rf"[{_OPEN}][0-9]{{1,3}}[{_CLOSED}]|[0-9]{{1,3}}[)）]"
_POWERS: Final = frozenset("²³⁰¹⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
_BEHIND_POWER: Final = Late(
    rf"\^(?:{_SIGN_OF_NOTE}|{_BRACKETED}|(?:(?<=[0-9]\^\^)|(?<=[²³⁰¹⁴-⁹]\^))[a-z])"
    rf"\^(?![\^{_LATIN}])"
)
"""The sign of a note right behind a power: m^2^^a)^, m²^a^. Digits alone would be 21 in m^2^^1^."""
_LAST: Final = rf"\^(?!\^(?!(?:{_SIGN_OF_NOTE}|{_BRACKETED}|[a-z])\^))"
_OF_POWERS: Final = rf"{_LATIN}{_SIGN}().,/∞·×′℃°%²³₀-₉"
_RAISED: Final = Late(
    rf"\^(?:{_OF_NOTES}|[{_SIGN}]?[0-9]{{1,8}}[{_SIGN}]?(?=\^(?!\d))|[+\-−](?=\^)"
    rf"|[{_SIGN}]?[{_LATIN}∞()′*]{{1,8}}[{_SIGN}]?(?=\^(?![{_LATIN}]))"
    rf"|[{_OF_POWERS}]{{1,20}}(?=\^(?![{_LATIN}({_SIGN}½⅓⅔¼¾⅛∞√′])))"
    rf"{_LAST}"
)
"""Behind a word nothing goes on, behind a sum no sign either: x^2+y^2, 2^n+1^-1 and 10^3,5^2 are no
pairs, and nobody can tell what x^y^z is."""
_ALONE: Final = Late(
    rf"\^(?:[0-9]{{1,3}})\^(?=[A-Z])|\^(?:{_NUMBERS}|{_SIGN_OF_NOTE})\^(?![\^{_LATIN}])"
)
"""An isotope's number, and a note's number or sign before its text or behind a blank."""
_AT_BEGINNING: Final = Late(
    rf"\^(?:[A-Za-z]{{1,2}}[)）]?|注[)）]?|{_SIGN_OF_NOTE})\^(?=[ \t\n\u3000<{_HAN}]|\Z)"
)
"""The sign of a note before its text or alone, where a line or a cell begins."""
_NEAR: Final = 8
"""So many blanks may stand before it."""

_NOT_RAISED: Final = Late(
    rf"(?<!\[)\^(?=[^\^]*[^\W_])[^\s\^\0]{{1,20}}(?<!\[)\^(?![{_LATIN}{_SIGN}({{\0^])"
    rf"|(?<!\[)\^(?:[{_SIGN}]?[0-9]{{1,8}}\^\d|[{_SIGN}]?[A-Za-z{_GREEK}]{{1,8}}\^[{_LATIN}])"
    r"|(?<!\[)\^\0{1,3}\^(?!\^)"
    r"|(?<!\[)\^[^\s\^\0\w.\-\[，。、；：！？（）,;:!?()]{1,3}\^(?!\^)"
    rf"|(?<=[^\s\[\^])\^[^\s\^\0\[]{{1,8}}\^\^(?!\^)|\^[^\s\^\0\[]{{1,20}}{RAISED}"
    r"|(?<!\[)\^(?=[^\^]*[^\W_])[^\s\^\0]{1,20}(?:[ \u3000]{1,3}[^\s\^\0]{1,20}){1,5}"
    rf"(?<!\[)\^(?=$|[\s{_HAN}、，。；：！？.,;:!?)）\]|])"
)
"""Two carets around what is not raised; behind the second one no power begins, as in m^2·s^-1, nor
behind what has blanks, as in x^2 + y^2."""
_IN_WORDS: Final = rf"{_LATIN}%‰&{_SIGN}{_LIMITS}.,/()（）℃°·＋–_"
_WORDS: Final = (
    rf"[{_IN_WORDS}]{{1,20}}(?:[ ]{{1,3}}[{_IN_WORDS}]{{1,20}}){{1,5}}(?=~)"
    rf"|[{_IN_WORDS}{_HAN}]{{1,20}}(?:[ ]{{1,3}}[{_IN_WORDS}{_HAN}]{{1,20}}){{1,5}}"
    rf"(?=~(?![{_HAN}]))"
)
"""Several words; Chinese ones before a Chinese letter are between two ranges: 区 A~乙 丙~丁."""
_NOT_LOWERED: Final = Late(
    rf"(?=((?:[A-Za-z{_GREEK})\]]~(?=[^~]*(?:[^\W\d_]|[%‰_·＋–()\[{{]))(?![(（][^~]*~[(（])[^\s~\0、，。；！？;!?…]{{1,20}}"
    rf"|[A-Za-z{_GREEK})\]]~(?:{_WORDS})"
    rf"|[{_HAN}）]~(?=[^~]*[A-Za-z{_GREEK}])[{_LATIN}][{_LATIN}{_SIGN}.,]{{0,11}}"
    rf"|[0-9]~(?:[A-Za-z{_GREEK}]{{1,8}}|[{_SIGN}][0-9.]{{1,8}})"
    rf"|[A-Za-z{_GREEK})\]]~[^\s~\0\w，。、；：！？,.;:!?）)\"'”’{_SIGN}]{{1,3}})~(?![{_LATIN}~])"
    rf"|[A-Za-z{_GREEK})\]]~[{_LATIN}]{{1,8}}~~(?!~)))"
)
"""Tildes around what is not lowered, wherever it begins; none of a range's, as in 10~20~30 or
A~C、D~F."""


def script_at(text: str, at: int, end: int, *, is_behind_script: bool) -> re.Match[str] | None:
    """What is lowered or raised from a place of `text`, which goes to `end`.

    It stands right behind something; that may be another such part, SO~4~^2-^.
    """
    is_caret = text[at] == "^"
    if is_caret and (is_behind_power(text, at) or (is_behind_script and text[at - 1] == "^")):
        return _BEHIND_POWER.match(text, at, end)
    form, before = (_LOWERED, _BEFORE_LOWERED) if text[at] == "~" else (_RAISED, _BEFORE_RAISED)
    if is_behind_script or (at and before.match(text, at - 1)):
        found = form.match(text, at, end)
        if found is not None:
            return found
    if at and text[at - 1] == "/":
        found = _behind_stroke(text, at, end)
        if found is not None:
            return found
    if is_caret:
        is_begun = at and text[at - 1].isalnum()
        found = _AT_BEGINNING.match(text, at, end) if _begins_line(text, at) else None
        return found or (None if is_begun else _ALONE.match(text, at, end))
    is_value = at and text[at - 1].isdigit()
    return _TOLERANCE.match(text, at, end) if is_value else None


def is_behind_power(text: str, at: int) -> bool:
    """Whether a letter that is a power stands right before a place: m²."""
    return at > 0 and text[at - 1] in _POWERS


def _behind_stroke(text: str, at: int, end: int) -> re.Match[str] | None:
    """The second limit of a dimension, of which the first stands before a stroke."""
    before, form = _BEHIND_STROKE[text[at]]
    is_second = before.search(text[max(at - _LONGEST_LIMIT, 0) : at]) is not None
    return form.match(text, at, end) if is_second else None


def _begins_line(text: str, at: int) -> bool:
    """Whether nothing but blanks stands before a place in its line."""
    before = text[max(at - _NEAR, 0) : at].rstrip(" \t\u3000")
    return before.endswith("\n") or not (before or at > _NEAR)


def carets_left(text: str) -> str:
    """What of a line's letters was meant as raised, and isn't; nothing if none."""
    found = _NOT_RAISED.search(text) if "^" in text else None
    return "" if found is None else found[0]


def tildes_left(text: str) -> str:
    """What of a line's letters was meant as lowered, and isn't; nothing if none."""
    found = _NOT_LOWERED.finditer(text) if "~" in text else ()
    # 《A~C》、《D~F》 are two ranges: what stands between them closes before it opens.
    return next((one[1] for one in found if is_balanced(one[1][1:])), "")
