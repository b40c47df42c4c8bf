"""What is too large to be set, in the words of both languages."""

from typing import Final

from qms.api import Finding, Place, Reason

_WORDS: Final = {
    "text": ("characters of the text", "正文字数"),
    "unbroken text": ("characters without a place for a line's end", "不可换行的连续字符数"),
    "title": ("characters of the title", "标题字数"),
    "title_en": ("characters of the English title", "英文标题字数"),
    "second_code": ("characters of the second number", "第二编号字数"),
    "nesting": ("levels of lists and quotations", "列表和引用的层数"),
    "marks": ("marks and lines of a paragraph or text", "加粗、代码、链接及换行的数目"),
    "heading": ("headings", "标题数"),
    "cell": ("cells of tables", "表格单元格数"),
    "column": ("columns of a table", "表格列数"),
    "pictures": ("pictures", "图片数"),
    "pixels": ("pixels of all pictures together", "全部图片的像素总数"),
    "drawings": ("bytes of all SVG drawings together", "全部 SVG 图形的字节总数"),
}

_SMALLER: Final = (
    "save it smaller, or a drawing simpler: across a page 2000 pixels are as sharp as paper shows",
    "缩小后保存（占满页宽 2000 像素即可清晰打印），图形请简化",
)
_WRITE: Final = {
    "column": (
        "make two tables of it, the first column in both; or let its rows be columns",
        "拆成两个表格，各带第一列；或将行列对调",
    ),
    **dict.fromkeys(
        ("pictures", "drawings"),
        ("make two documents of it, or take pictures out", "拆成两份文件，或减少图片"),
    ),
    "nesting": ("begin some of them further out", "减少层次"),
}
_SPLIT: Final = ("split or simplify it", "拆分或简化")


def over_limit(place: Place, what: str, found: int | str, limit: int) -> Finding:
    """RENDER-LIMIT for `what`, one of the words here or the path of a picture."""
    english, chinese = _WORDS.get(what, (what, what))
    values = {"what": english, "what_zh": chinese, "found": str(found), "limit": str(limit)}
    of_pictures = what == "pixels" or what not in _WORDS
    values["write"], values["write_zh"] = _WRITE.get(what, _SMALLER if of_pictures else _SPLIT)
    return Finding("RENDER-LIMIT", place, values, reason=Reason.OVER_CAP)
