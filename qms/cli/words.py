"""Words of the trade in both languages: statuses, fields of a head, what acts are called."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from qms.findings import Refused
from qms.formats.digests import parse_time, printed_time
from qms.texts import ZH, Text

if TYPE_CHECKING:
    from qms.domain.kinds.policy import Policy
    from qms.plugins import Hooks

PAPER_DAYS: Final[Mapping[str, Text]] = {
    "approved": Text("批准", "approved"),
    "published": Text("发布", "published"),
    "effective": Text("实施", "effective"),
}
"""The days that a legacy revision's paper names."""

_FIELDS: Final[Mapping[str, str]] = {
    "assets": "附件",
    "body": "正文",
    "change": "更改单",
    "class": "类别",
    "clauses": "条款",
    "co_sign": "会签部门",
    "controlled": "是否受控",
    "keywords": "关键词",
    "language": "语言",
    "legacy": "代录",
    "number": "编号",
    "owner": "归口部门",
    "prepared_by": "编制人",
    "related": "相关文件",
    "revision": "版本",
    "second_code": "第二编号",
    "standard": "所依标准",
    "summary": "修改内容",
    "title": "名称",
    "title_en": "英文名称",
}
"""The keys of a document's head, in Chinese; in English they are words already."""

_WHY: Final[Mapping[str, Text]] = {
    "unknown": Text("未登记", "it is nobody's"),
    "void": Text("已作废", "it is void"),
    "no touch and PIN": Text("没有触摸和 PIN", "no touch and PIN"),
}


def field_word(key: str, language: str) -> str:
    """A key of a document's head in the words of the trade."""
    return _FIELDS.get(key, key) if language == ZH else key


def why_word(why: str, language: str) -> str:
    """Why a key may not sign a manifest; whatever else a reason says, as it is."""
    known = _WHY.get(why)
    return why if known is None else known.of(language)


def act_word(hooks: "Hooks", act: str, language: str) -> str:
    """The act in the words of the trade; one that nobody here knows by its own name."""
    known = hooks.act(act)
    return act if known is None else known.called(language)


def time_shown(policy: "Policy", at: str) -> str:
    """A time by the organisation's zone, wherever it was signed; what is none as it is."""
    try:
        moment = parse_time(at)
    except Refused:
        return at
    return printed_time(policy.organisation.timezone.local(moment).isoformat(timespec="seconds"))


def time_and_day(policy: "Policy", at: str, day: date | None) -> str:
    """A signature's time; behind it its day by the zone that it was signed under, if another."""
    shown = time_shown(policy, at)
    told = "" if day is None or str(day) == shown[:10] else f" ({day})"
    return f"{shown}{told}"
