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
    "inch ％ °/s m/min mm/min mm/s rad/s m³/h L/min l/min USD EUR CNY RMB GBP JPY HKD $ ¥ ￥ € £ "
    "deg mils mm/m K/min ℃/min ℃/h 百分点 个百分点 美元 欧元 英寸 英尺 分贝 千瓦 赫兹"
)
_WHOLE_UNITS: Final = (
    f"{_UNITS} 米 帕 牛 克 吨 升 秒 秒钟 分 分钟 小时 天 日 周 个月 月 年 元 万元 个 件 台 次 倍 "
    "F T H"
)
"""Where nothing else stands in the item: 3 月 alone may be so many months, 3 月计划 is a title."""
_COUNTS: Final = (
    "个 件 台 套 次 倍 天 周 个月 月 年 日 小时 分钟 秒钟 季度 人 名 位 份 张 页 本 册 只 支 枝 "
    "根 条 块 片 把 箱 包 袋 瓶 桶 卷 盒 盘 组 批 班 级 档 格 步 圈 岁 点 项 种 类 号 期 版 处 家 "
    "间 辆 架 颗 粒 枚 双 对 排 列 行 段 节 章 条 款 回 遍 轮 字 门 座 扇 路 相 极 芯 针 孔 齿 "
    "车间 楼 栋 区 队 室 库 部 科 线 厂 工位 工序 星 型 pcs pc ea set item day week month year "
    "hour unit sheet"
)
"""Words behind a number that count, and of which none are fewer than none; or name, as 3 车间."""
_WORDS_LIKE_UNITS: Final = (
    "mils bits bytes volts amps watts ohms bars tons knots cents euros pounds grams metres meters "
    "litres liters miles yards degs dioptres diopters"
)
"""Several of a unit; other words with an s are things: 3 bolts."""
_BELOW_ZERO: Final = (
    "°C °F ° ℃ ℉ K % ％ %RH ‰ ′ ″ dBm dB kV mV μV µV V kA mA μA µA A GPa MPa kPa hPa Pa mbar bar "
    "psi 摄氏度 度 伏 毫伏 千伏 帕 千帕 兆帕"
)
"""Units of what may lie below zero: each of several items may be minus so much."""
_OF_THINGS: Final = "dm cm mm μm µm um nm m mil kN·m kN N·m Nm N 毫米 微米"
"""The same, but that 5 mm 的螺钉 is a screw of this size, while 40 ℃ 的环境 may be minus 40."""


_CHINESE_STEPS: Final = "[毫微纳皮厘分千兆吉百公英海市万亿]|平方[毫厘分千公英]?|立方[毫厘分英]?"
_CHINESE_UNITS: Final = (
    "伏特 伏 伏安 安培 安 安时 瓦特 瓦 瓦时 帕斯卡 帕 米 克 升 秒 赫兹 赫 法拉 法 欧姆 欧 亨利 亨 "
    "牛顿 牛 牛米 牛·米 斤 里 吨 磅 磅力 克力 千克力 公斤力 分贝 卡路里 卡 焦耳 焦 摩尔 应变 比特 "
    "字节 尺 寸 亩 顷 丝 钱 两 巴 托 码 盎司 加仑 克拉 马力 摄氏度 华氏度 开尔文 弧度 角分 角秒 "
    "汞柱 米汞柱 米水柱 大气压 特斯拉 高斯 韦伯 西门子 流明 勒克斯 坎德拉 屈光度 当量 基点 赫每秒 "
    "层 斤力 元 日元 欧元 美元 美分 港元 港币 英镑 韩元 卢布 法郎 人民币 刻度 度"
)
"""Units written out, behind one of the steps or alone; other Chinese words name things: 45 钢板."""


def _any_of(units: str) -> str:
    return "|".join(map(re.escape, sorted(units.split(), key=len, reverse=True)))


def _timeless(units: str) -> list[str]:
    """Units but for those of time, the longest first."""
    return sorted((one for one in units.split() if one not in _TIMES), key=len, reverse=True)


_TIMES: Final = frozenset(["d", "h", "min", "s", "ms", "μs"])
_ALL_UNITS: Final = frozenset(_UNITS.split())
_UNIT, _WHOLE_UNIT = _any_of(_UNITS), _any_of(_WHOLE_UNITS)
_OF_UNITS: Final = re.compile("[/·]")
_SCALES: Final = frozenset(["HRC", "HRB", "HRA", "HB", "HBW", "HV", "HL", "HS"])
_OF_PARTS: Final = Late(r"(?:[a-z][²³]?|rev|pcs?|[\u4e00-\u9fff]{1,2})\Z")
_YEAR: Final = rf"(?:19|20)\d\d(?![\d.,]|[ ]?(?:{_UNIT})(?![A-Za-z0-9]))"
_NUMBER: Final = rf"[ΦφØø⌀¥￥$€£]?[ ]?(?!{_YEAR})(?:[.]?\d[\d.,]*|[½⅓⅔¼¾⅛∞])"
_POWER: Final = r"(?:\^[+\-−]?\d{1,3}\^)?"
_RANGE: Final = (
    rf"{_NUMBER}{_POWER}(?:[ ]?(?:[~～–—/×x…至到±]|…{{2}})[ ]?[+\-−±]?{_NUMBER}{_POWER})?"
)
_MEASURE: Final = rf"{_RANGE}[ ]?(?:{_UNIT})(?![A-Za-z0-9])"
MEASURED: Final = Late(rf"(?<![\w.,])\d[\d.,]{{0,11}} (?:{_UNIT})(?![A-Za-z0-9²³/·])")
"""A number and its unit with a blank between: 15 K, 0.8 MPa."""
_COUNT: Final = rf"(?:{_any_of(_COUNTS)})"
_LATIN: Final = rf"[A-Za-zµμΩ°℃℉%‰′″$¥€£²³]{{1,6}}{_POWER}"
_UNIT_LIKE: Final = (
    rf"(?:{_WHOLE_UNIT}|{_any_of(_WORDS_LIKE_UNITS)}"
    rf"|(?!{_COUNT}s?(?![A-Za-z])|[A-Za-z]{{3,5}}s(?![A-Za-z]))(?:(?<=[ ])|(?![A-Z])){_LATIN}"
    rf"(?:[/÷·]{_LATIN}){{0,2}}"
    r"|(?<![.])(?<![.][ ])(?<![.]\d)(?<![.]\d[ ])(?<![.]\d\d)(?<![.]\d\d[ ])"
    rf"(?:{_CHINESE_STEPS})?(?:{_any_of(_CHINESE_UNITS)})(?![\u4e00-\u9fff]))"
)
"""What may be a unit: a known one; else few letters, which right behind a digit don't begin with a
capital (40Cr, 5S), and of Chinese one written out, with no words behind it, 5 吨叉车, nor what a
clause's number has behind it, 5.1 总则."""
_WHOLE: Final = rf"{_RANGE}[ ]?(?:{_UNIT_LIKE})?[ ]*+[;；,，。.、]?[^\S\n]*+$"
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
_END: Final = r"(?=$|[\s，,。；;（(])"
_NUMERALS: Final = "[二三四五六七八九十百千万两几]"
_SECOND: Final = "二次(?:检|元|加|复|开|密|确|审|回|包|防|绕|焊|固|装|灌|污|供)"
"""What is done a second time, and not more than twice."""
_COMPARED_WORD: Final = (
    rf"(?:(?!十分[^之钟]|十字|[百千]分[尺表]|{_SECOND}|两人同时|万[用能]|三坐标){_NUMERALS}{{1,6}}(?:{_END}|多|余|分之|{_COUNT}|{_WHOLE_UNIT}|成)"
    rf"|一(?:{_END}|年|级|天|周|倍|米|度|元|月|日|小时|分钟|秒|[百千万半]|成)"
    rf"|半(?:{_END}|年|天|个|数|小时|月|圈|径)|[百千万]分之|百分(?![尺表制])"
    rf"|(?:IT|HRC|[A-Za-z]{{1,2}})\d{{1,3}}(?:[.]\d+)?(?![A-Za-z0-9\-/_.])"
    rf"|[\u0370-\u03ff](?![\u0370-\u03ff])|[\u2160-\u217f]+(?![、.．)）])"
    rf"|(?:I{{1,3}}|IV|VI{{0,3}}|IX|XI{{0,2}})(?:$|[ ]?[级类型])"
    rf"|[\u4e00-\u9fff]{{0,4}}(?:[均大小准定许称论测标警数限阈基]值|上限|下限|极限|中位数)"
    rf"|[A-Za-z](?:{_POWER}[ ]?[+−×*/=·÷^~]|$|[ ]-[ ])"
    r"|[a-z][ ]?(?![类级型项款条组档区面端向轴])[\u4e00-\u9fff]"
    r"|(?:the )?(?:average|mean|limit|nominal|rated|upper limit|lower limit|max(?:imum|[.])"
    r"|min(?:imum|[.]))(?=\s|$))(?!\s*[：:])"
)
"""What is no number and still compared with, where a line is quoted alone: > 三年, > 上限."""
_IS_MEASURE, _IS_WHOLE, _IS_COMPARED = map(Late, (_MEASURE, _WHOLE, _COMPARED))
_IS_COMPARED_WORD = Late(_COMPARED_WORD)
_IS_COUNT = Late(rf"\d+[ ]?{_COUNT}[;；,，。.、]?\s*$")
_PIECES: Final = (
    "个 件 台 套 次 倍 人 名 位 份 张 页 本 册 只 支 枝 根 条 块 片 把 箱 包 袋 瓶 桶 卷 盒 盘 组 "
    "批 辆 架 颗 粒 枚 双 对 分 点 元 万元 千元 亿元 美元 欧元 吨 公斤 千克 克 升 毫升 "
    "米 层 户 头 单 人次 台次 件次 pcs pc ea piece set unit sheet person people point box"
)
"""Of these there may be so many more or less than before; 3 车间 and 5 号 are names."""
_AMOUNT: Final = (
    rf"(?!{_NO_VALUE}){_RANGE}(?:[ ]+(?!{_COUNT}(?![ （(]))[^\s、.)）]"
    rf"|[ ]?(?:{_any_of(_PIECES)})s?[；;，,。.]?[ ]*$"
    rf"|(?:{_WHOLE_UNIT}|层|点|h)(?![A-Za-z0-9²³/·]))"
)
_IS_AMOUNT = Late(_AMOUNT)
_OF_AMOUNTS: Final = Late(
    "扣分|扣款|扣除|减分|扣减|地下|时区|时差|温差|[偏误公]差|变化|变动|调整|增减|差额|差异|亏|损益"
    "|利润|余额|欠款|减少|下降|降低|降幅|补偿|修正|偏移|屈光|海拔|标高|电平|增益|衰减|相位|零下|负"
    "|支出|支取|出库|较[上去前基计目预]|[相对同环]比|比[上去前]|差值|涨跌|升降|增加|增长|浮动|波动|加分|奖"
    "|罚|净|[Dd]educt|[Oo]ffset|[Dd]eviation|[Cc]hange|[Tt]ime zone|[Ll]oss|[Bb]asement"
    "|[Aa]djustment|[Dd]ecrease|[Bb]elow zero|[Nn]egative|[Mm]inus|[Vv]s[. ]|[Vv]ersus|[Cc]ompared"
    "|[Dd]ifference|[Ii]ncrease|[Bb]onus|[Pp]enalt|[Vv]ariance|[Aa]gainst|[Cc]orrection|[Ss]hortage"
    "|[Zz]ero error|[Ee]levation|对照|对比|现金流|刀补|校正"
)
"""What a list of amounts below nothing is headed with: 扣分：, below it - 5 分 未戴帽."""
_IS_MORE_OR_LESS: Final = Late(
    rf"(?!{_NO_VALUE}){_RANGE}[ ]?"
    rf"(?:{_any_of(_PIECES)}|{'|'.join(map(re.escape, _timeless(_UNITS)))})s?"
    r"(?=$|[\s（(：:，,;；。])(?![ ]?的)"
)
"""An item that begins with so much, its unit or what counts, and nothing of a word right behind."""
_LONGEST_LABEL: Final = 14
"""A line without a colon that is longer is a sentence and heads no list."""
_IS_SIGNED = Late(_SIGNED_ITEM)
_PLUS: Final = (
    rf"[（(\[]?(?:{_RANGE}|\d|(?!十分[^之钟]|十字|[百千]分[尺表]|{_SECOND}|万[用能]){_NUMERALS}{{1,6}}"
    rf"(?:{_END}|{_any_of(_PIECES)}|分)|半[个天年圈]|一[个件台套次倍人分层天年])"
)
_IS_PLUS: Final = Late(_PLUS)
SIGNED: Final = Late(
    rf"^[ \t>*+\-\d.)]{{0,40}}?"
    rf"(?:>[ \t\u3000]*(?:{_COMPARED}|{_COMPARED_WORD})"
    rf"|[-+](?:[ \t]|[ \t]*\n[ \t>])[ \t>\u3000#]*(?!{_NO_VALUE}){_NUMBER})",
    re.MULTILINE,
)
"""Lines that may begin with such a sign, whatever stands around them.

Wide blanks before a text are left out of it, and that of an item may begin below its sign.
"""


def is_compared(text: str) -> bool:
    """Whether a line behind ``>`` begins with a number to compare with."""
    return _IS_COMPARED.match(text) is not None


def is_compared_alone(text: str) -> bool:
    """Whether a line that is quoted alone begins with a word for what others are compared with."""
    return _IS_COMPARED_WORD.match(text) is not None


def is_amount(text: str) -> bool:
    """Whether an item begins with so much of something: below 扣分： it is so much less."""
    return _IS_AMOUNT.match(text) is not None


def heads_amounts(line: str) -> bool:
    """Whether a line heads a list of what may be less than nothing."""
    line = line.strip().strip("*").strip()
    is_label = line.endswith((":", "：")) or len(line) <= _LONGEST_LABEL
    return is_label and _OF_AMOUNTS.search(line) is not None


def is_more_or_less(text: str) -> bool:
    """Whether an item may be so much more or less than before: 5 人 生产部, 30 台."""
    return _IS_MORE_OR_LESS.match(text) is not None


def is_plus(text: str) -> bool:
    """Whether an item with ``+`` begins with a number: that of a telephone, so much more."""
    return _IS_PLUS.match(text) is not None


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
    """Whether a text is a unit of measure and nothing else: mm, kJ/cm, HRC, mm/a, kg/件."""
    text = text.strip()
    if text in _ALL_UNITS:
        return True
    first, *others = _OF_UNITS.split(text)
    if first not in _ALL_UNITS and first not in _SCALES:
        return False
    return all(one in _ALL_UNITS or _OF_PARTS.match(one) for one in others)
