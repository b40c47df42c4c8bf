"""The words by which people tell what a page is worth: only its marks and facts say them.

Compared without what is no letter and no digit (受｜控, CON TROLLED), and with the letters for
which others are taken (Cyrillic С, full-width Ｃ).
"""

import re
from typing import Final

from qms.formats.names import look

_CHINESE: Final = re.compile(
    r"受控|受管|非控|草稿|草案|送审|送審|审批|審批|审核中|審核中|待批|作废|作廢|废止|廢止|现行|現行|有效"
    r"|生效|失效|批准|批準|核准|发布|發布|發佈|签署|簽署|签发|簽發|正本(?!公司)|副本|正式版|分发号|分發號"
    r"|持有|预览|預覽|版次|版本|版号|版號|修订号|修訂號|文件编号|文件編號"
    r"|[第共全][0-9一二三四五六七八九十百〇零]+[页頁版次]|[0-9]{2,4}年[0-9]{1,2}月"
)
_WHOLE: Final = re.compile(r"\b(?:valid|void|rev)\b|\bin effect\b|\bcopy[\W_]*no\b")
"""Words that are parts of harmless ones: avoid, validation."""
_PARTS: Final = re.compile(
    r"controlled|draft|obsolete|supersede|(?<!re)inforce|effective|approv|released|published"
    r"|inreview|preview|copy(?:no|nr)?[0-9]|mastercopy|withdrawn|cancell?ed|authori[sz]ed|signedby"
    r"|revision[a-z]?[0-9]|rev[a-z]?[0-9]|issue[0-9]|page[0-9]|validuntil|validfrom|expire"
)
_FACTS: Final = re.compile(
    r"\b[a-z]/[0-9]{1,3}\b|\b(?:19|20)[0-9]{2}[-./][0-9]{1,2}[-./][0-9]{1,2}\b"
)
"""A revision, a date."""


def letters_of(said: str) -> str:
    """A line as it is read, without what is no letter and no digit."""
    return "".join(one for one in look(said) if one.isalnum())


def worth_in(said: str) -> str:
    """The first such word in a line; empty where there is none."""
    plain = look(said)
    close = letters_of(said)
    for pattern, text in ((_CHINESE, close), (_WHOLE, plain), (_PARTS, close), (_FACTS, plain)):
        if (match := pattern.search(text)) is not None:
            return match[0]
    return ""
