"""Signs that Markdown takes for marks where a number follows: ``>5 mm``, ``- 5 V``.

Who types that on a line of its own means more than 5 mm, minus 5 V. On paper the quotation has a
bar and the item a dot, and a reader reads another value. Nobody can tell which was meant: it is
refused.
"""

import re
from typing import Final

from qms_publish.late import Late

_UNITS: Final = (
    "mm² mm³ mm cm² cm³ cm dm m/s² m/s m² m³ m2 m3 km/h km μm µm um nm in ft kg/m³ kg mg μg g t "
    "kN·m kN N·m Nm N GPa MPa kPa hPa Pa mbar bar psi kV mV V mA μA kA A kW MW W kHz MHz GHz Hz "
    "ms μs s min h d kΩ MΩ mΩ Ω °C °F ° ℃ ℉ K %RH % ‰ ′ ″ mL ml L l dB lx kJ J rpm r/min mol ppm "
    "摄氏度 度 伏 安 瓦 毫米 微米 厘米 千帕 兆帕 千牛 公斤 千克 毫升 "
    "dBm mmHg mmH2O kVA VA kvar µF μF nF pF µm µA mH rad cd lm mT eV kcal kWh kW·h Wh mil psig "
    "inch ％ °/s m/min mm/min mm/s rad/s m³/h L/min l/min"
)
_WHOLE_UNITS: Final = (
    f"{_UNITS} 米 帕 牛 克 吨 升 秒 秒钟 分 分钟 小时 天 日 周 个月 月 年 元 万元 个 件 台 次 倍 "
    "F T H"
)
"""Where nothing else stands in the item: 3 月 alone may be so many months, 3 月计划 is a title."""
_BELOW_ZERO: Final = (
    "°C °F ° ℃ ℉ K % ％ %RH ‰ ′ ″ dBm dB kV mV μV µV V kA mA μA µA A GPa MPa kPa hPa Pa mbar bar "
    "psi 摄氏度 度 伏 毫伏 千伏 帕 千帕 兆帕"
)
"""Units of what may lie below zero: each of several items may be minus so much."""
_OF_THINGS: Final = "dm cm mm μm µm um nm m mil kN·m kN N·m Nm N 毫米 微米"
"""The same, but that 5 mm 的螺钉 is a screw of this size, while 40 ℃ 的环境 may be minus 40."""


def _any_of(units: str) -> str:
    return "|".join(map(re.escape, sorted(units.split(), key=len, reverse=True)))


_ALL_UNITS: Final = frozenset(_UNITS.split())
_UNIT, _WHOLE_UNIT = _any_of(_UNITS), _any_of(_WHOLE_UNITS)
_YEAR: Final = rf"(?:19|20)\d\d(?![\d.,]|[ ]?(?:{_UNIT})(?![A-Za-z0-9]))"
_NUMBER: Final = rf"[ΦφØø⌀¥￥$€£]?[ ]?(?!{_YEAR})(?:[.]?\d[\d.,]*|[½⅓⅔¼¾⅛])"
_RANGE: Final = rf"{_NUMBER}(?:[ ]?(?:[~～–—/×x…至到]|…{{2}})[ ]?[+\-−±]?{_NUMBER})?"
_MEASURE: Final = rf"{_RANGE}[ ]?(?:{_UNIT})(?![A-Za-z0-9])"
_WHOLE: Final = rf"{_RANGE}[ ]?(?:{_WHOLE_UNIT})?[ ]*+[;；,，。.、]?[^\S\n]*+$"
"""Blanks are taken as a whole: else there are as many ways to part them as nobody can try."""
_NO_VALUE: Final = (
    r"\d+(?:\.\d+){2,}|(?:19|20)\d\d(?:年|[-./]\d)|\d{1,3}(?:[、)）]|[.．](?=[^\s\d]))"
)
"""A clause's number, a day, an item's number: nobody takes these for more than so much."""
_BEFORE: Final = r"(?:[ΦφØø⌀¥￥$€£]|DN|PN|HRC|HB|HV|Ra)?"
_COMPARED: Final = rf"(?!{_NO_VALUE})(?:=|[+\-−±≈~≥≤]?[ ]?{_BEFORE}[ ]?(?:[.]?\d|[½⅓⅔¼¾⅛]))"
_SIGNED_ITEM: Final = (
    rf"{_RANGE}[ ]?(?:(?:{_any_of(_BELOW_ZERO)})(?![A-Za-z0-9²³/·])"
    rf"|(?:{_any_of(_OF_THINGS)})(?![A-Za-z0-9²³/·]|[ ]?的))"
    r"|\d+[.]\d+[ ]?(?:[（(\[【]|[上下]偏?差|以[上下])"
)
_IS_MEASURE, _IS_WHOLE, _IS_COMPARED = map(Late, (_MEASURE, _WHOLE, _COMPARED))
_COUNTS: Final = "个 件 台 套 次 倍 天 周 个月 月 年 小时 分钟 秒钟 h min d"
_IS_COUNT = Late(rf"\d+[ ]?(?:{_any_of(_COUNTS)})[;；,，。.、]?\s*$")
_IS_SIGNED = Late(_SIGNED_ITEM)
SIGNED: Final = Late(
    rf"^[ \t>*+\-\d.)]{{0,40}}?"
    rf"(?:>[ \t\u3000]*{_COMPARED}"
    rf"|[-+](?:[ \t]|[ \t]*\n[ \t>])[ \t>\u3000#]*(?:{_MEASURE}|{_WHOLE}|{_SIGNED_ITEM}))",
    re.MULTILINE,
)
"""Lines that may begin with such a sign, whatever stands around them.

Wide blanks before a text are left out of it, and that of an item may begin below its sign.
"""


def is_compared(text: str) -> bool:
    """Whether a line behind ``>`` begins with a number to compare with."""
    return _IS_COMPARED.match(text) is not None


def is_whole(text: str) -> bool:
    """Whether an item is nothing but a value: more such items are no clearer than one."""
    return _IS_WHOLE.match(text) is not None


def is_measured(text: str) -> bool:
    """Whether an item begins with a value and its unit."""
    return _IS_MEASURE.match(text) is not None


def is_count(text: str) -> bool:
    """Whether an item is nothing but so many pieces or days: of these none are fewer than none."""
    return _IS_COUNT.match(text) is not None


def is_signed(text: str) -> bool:
    """Whether an item begins with what may lie below zero: one of several may be minus so much."""
    return _IS_SIGNED.match(text) is not None


def is_unit(text: str) -> bool:
    """Whether a text is a unit of measure and nothing else."""
    return text.strip() in _ALL_UNITS
