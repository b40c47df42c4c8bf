"""The lists that there are, the core's own and those of plugins: no two of one name or title."""

from collections.abc import Iterable
from typing import Final
from unicodedata import normalize

from qms.findings import Finding, QmsError
from qms.listings import Column, NamedList
from qms.texts import Text

_DOCUMENTS: Final = (
    Column("number", Text("编号", "Number")),
    Column("title", Text("名称", "Title")),
    Column("revision", Text("版本", "Revision")),
    Column("class", Text("类别", "Class")),
    Column("status", Text("状态", "Status")),
    Column("published", Text("发布日期", "Published")),
    Column("effective", Text("实施日期", "Effective")),
    Column("owner", Text("归口部门", "Owner")),
    Column("copies", Text("在外副本", "Copies out")),
)
CORE: Final = (
    NamedList(
        name="controlled-documents",
        title=Text("受控文件清单", "List of controlled documents"),
        help=Text("现行、待实施和编写中的版本", "in force, to come, being written"),
        columns=(
            *_DOCUMENTS, Column("older", Text("旧版在外", "Older copies out")),
        ),
        target="qms.domain.library.document_lists:controlled_documents",
    ),
    NamedList(
        name="obsolete-documents",
        title=Text("作废文件清单", "List of obsolete documents"),
        help=Text("已被代替或作废的版本，及其在外副本", "what nobody works by, and its paper"),
        columns=_DOCUMENTS,
        target="qms.domain.library.document_lists:obsolete_documents",
    ),
)  # fmt: skip
"""The core's own lists."""


def with_core(brought: Iterable[NamedList]) -> tuple[NamedList, ...]:
    """All lists that there are, the core's first. Raises `QmsError` LIST-TWICE.

    Who reads a list knows it by its title, and may ask for it so: no two bear one, in whatever
    language, nor does one bear another's name.
    """
    owners: dict[str, str] = {}
    found: list[NamedList] = []
    for one in (*CORE, *brought):
        called = {_plain(word) for word in (one.name, *one.title.by_tag.values())}
        other = next((owners[word] for word in called if word in owners), None)
        if other is not None:
            raise QmsError(Finding("LIST-TWICE", values={"list": one.name, "other": other}))
        owners |= dict.fromkeys(called, one.name)
        found.append(one)
    return tuple(found)


def _plain(word: str) -> str:
    """How a title is read: neither wide letters nor blanks nor case make it another."""
    return "".join(normalize("NFKC", word).casefold().split())
