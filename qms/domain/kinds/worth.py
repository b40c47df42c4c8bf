"""The words by which people tell what a page is worth: only its marks and facts say them.

Compared without what is no letter and no digit (受｜控, CON TROLLED), and with the letters for
which others are taken: Cyrillic С, full-width Ｃ, small capitals, ç, 0 for O and 1 for l,
凖 for 準, 發 for 发.
"""

import re
import unicodedata
from typing import Final

from qms.formats.names import look

_CHINESE: Final = re.compile(
    r"受控|受管|非控|草稿|草案|送审|审批|审核中|待批|作废|废止|现行|有效|生效|失效|批准|核准|发布|签署"
    r"|签发|签字|签名|已签|正本(?!公司)|副本|原件|原本|母本|正版|正式版|正式文件|最新版|最终版|当前版"
    r"|准予使用|实施中|通过验证|已验证|分发号|份号|编号|持有|预览|版次|版本|版号|修订号"
    r"|[第共全][0-9一二三四五六七八九十百〇零]+[页版次份]|[0-9]{2,4}年[0-9]{1,2}月"
    r"|[〇零一二三四五六七八九]{4}年|(?<![a-z])[a-z][0-9]{0,3}版|[0-9]版"
)
_WHOLE: Final = re.compile(
    r"\b(?:valid|void|rev|latest|signed|signature|verified|certified|validated|edition)\b"
    r"|\bcurrent(?=\W*$|\s+(?:version|revision|issue|edition|copy|document))"
    r"|\boriginal(?!\w|\s+equipment)|\bin effect\b|\bcopy[\W_]*no\b"
    r"|\b(?:ver|v|rev|iss|issue|edition|version)[.:\s]*[0-9]|\b(?:no|nr)[.:\s]*[0-9]+(?!\w|\s+[a-z])"
)
"""Words that are parts of harmless ones: avoid, validation."""
_PARTS: Final = re.compile(
    r"controlled|draft|obsolete|supersede|(?<!re)inforce|effective|approv|released|published"
    r"|inreview|preview|copy(?:no|nr)?[0-9]|mastercopy|withdrawn|cancell?ed|authori[sz]ed|signedby"
    r"|revision[a-z]?[0-9]|rev[a-z]?[0-9]|issue[0-9]|page[0-9]|validuntil|validfrom|expire"
)
_FACTS: Final = re.compile(
    r"\b[a-z]/[0-9]{1,3}\b|\b(?:19|20)[0-9]{2}[-./][0-9]{1,2}[-./][0-9]{1,2}\b"
    r"|\b[0-9]{1,2}[-./][0-9]{1,2}[-./](?:19|20)[0-9]{2}\b|#\s*[0-9]|\b(?!24/7\b)[0-9]{1,4}\s*/\s*[0-9]{1,4}\b"
    r"|\b(?!iso|iec|gb|din|en\b|astm)[a-z]{2,8}(?:[-/][a-z]{1,8}){0,3}[-/](?:[0-9]{4}[-/])?[0-9]{2,4}\b"
)
"""A revision, a date, a page of so many, a document's number."""
_ONE_LETTER: Final = str.maketrans(
    "審發佈廢現簽準凖淮署號頁從實施驗證終當編預覽啟認",
    "审发布废现签准准准署号页从实施验证终当编预览启认",
)
"""What a reader of either way of writing takes for the same, and the look-alikes of these words."""
_SMALL: Final = str.maketrans("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢıøłđ", "abcdefghijklmnoprstuvwyziold")
_AS_LETTERS: Final = tuple(str.maketrans("0|!1", f"oli{one}") for one in "li")
"""What digits and strokes are read as in a word."""
_AS_STROKES: Final = str.maketrans("l", "i")
_STROKES: Final = re.compile(r"controi{1,2}ed|obsoiete|reieased|pubiished|canceii?ed")
"""Such words with each `l` as an `i`: in most letters a capital I is a small l."""


def letters_of(said: str) -> str:
    """A line as it is read, without what is no letter and no digit."""
    return _close(_seen(said))


def worth_in(said: str) -> str:
    """The first such word in a line; empty where there is none."""
    plain = _seen(said)
    asked = [(_CHINESE, _close(plain)), (_FACTS, plain)]
    for read in dict.fromkeys((plain, *map(plain.translate, _AS_LETTERS))):
        close = _close(read)
        asked += [(_WHOLE, read), (_PARTS, close), (_STROKES, close.translate(_AS_STROKES))]
    return next((found[0] for one, text in asked if (found := one.search(text))), "")


def _close(plain: str) -> str:
    return "".join(one for one in plain if one.isalnum())


def _seen(said: str) -> str:
    """A line as somebody reads it: no marks above letters, one way of writing Chinese."""
    apart = unicodedata.normalize("NFKD", said)
    plain = "".join(one for one in apart if not unicodedata.combining(one))
    return look(plain.translate(_SMALL)).translate(_ONE_LETTER)
