"""`qms diff`: what differs between two revisions, paragraph by paragraph."""

from collections.abc import Sequence

import click

from qms.cli.context import Context, pass_context
from qms.cli.languages import both
from qms.cli.output import visible
from qms.cli.words import field_word
from qms.domain.kinds.document import Document
from qms.domain.library.differences import (
    FactChange,
    Mark,
    Paragraph,
    Piece,
    body_differences,
    head_differences,
)
from qms.findings import refused
from qms.jobs.documents.compared_pictures import PictureChange, pictures_changed
from qms.jobs.documents.revising import begins_with, edit_of
from qms.jobs.documents.round_texts import working_rounds
from qms.jobs.sessions.work_session import WorkSession
from qms.texts import Text

_BRACKETS = {Mark.REMOVED: ("[-", "-]"), Mark.ADDED: ("{+", "+}")}
_COLOURS = {Mark.REMOVED: "red", Mark.ADDED: "green"}
_LISTED = "assets"
"""The key of the head that lists pictures: what differs there is told as pictures."""
_DIGITS = 12


@click.command(help=both(
    "两个版本的差异，按段落对照。不写版本时比较最新的两个文本；"
    "未完成的版本与最新有效的版本比较。",
    "What differs between two revisions, by paragraphs. Without revisions the newest two texts; "
    "an open one with the newest that has effect.",
))  # fmt: skip
@click.argument("number")
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option(
    "--rounds",
    is_flag=True,
    help=both(
        "比较同一版本的各轮文本；OLD、NEW 为轮次，默认最后两轮",
        "compare the rounds of the open revision; OLD and NEW are rounds, the last two by default",
    ),
)
@click.option("--whole", is_flag=True, help=both("也显示未改动的段落", "unchanged paragraphs too"))
@pass_context
def diff(  # noqa: PLR0913 - which texts, and how much of them
    context: Context,
    number: str,
    old: str | None,
    new: str | None,
    *,
    rounds: bool,
    whole: bool,
) -> None:
    """Print facts, paragraphs and pictures that differ."""
    session = context.session
    number = session.library.number_meant(number)
    texts = _of_rounds(session, number, old, new) if rounds else _texts(session, number, old, new)
    (old, before), (new, after) = texts
    changes, paragraphs = head_differences(before, after), body_differences(before.body, after.body)
    pictures = pictures_changed(session, before, after)
    if pictures:
        changes = tuple(one for one in changes if one.key != _LISTED)
    if context.output.as_json:
        context.output.json(
            {
                "number": number,
                "old": old,
                "new": new,
                "facts": [{"key": c.key, "before": c.before, "after": c.after} for c in changes],
                "paragraphs": [_json(p) for p in paragraphs if whole or p.is_changed],
                "pictures": [one._asdict() for one in pictures],
            }
        )
        return
    shown = [one for one in paragraphs if whole or one.is_changed]
    _print(context, changes, shown, pictures, title=f"{number}  {old} → {new}")


_Texts = tuple[tuple[str, Document], tuple[str, Document]]


def _texts(session: WorkSession, number: str, old: str | None, new: str | None) -> _Texts:
    """The two texts, each with its name."""
    edit = edit_of(session, number) if old is None else None
    if edit is not None:
        newest = edit.base.revision
        word = "改动" if session.language == "zh" else "edited"
        return (newest, edit.base), (f"{newest} ({word})", edit.document)
    old, new = _pair(session, number, old, new)
    return (old, session.library.revision(number, old)), (
        new,
        session.library.revision(number, new),
    )


def _of_rounds(session: WorkSession, number: str, old: str | None, new: str | None) -> _Texts:
    """Two rounds of the working text, the last two where none is named."""
    known = {str(one.number or "+"): one.document for one in working_rounds(session, number)}
    for asked in (old, new):
        if asked is not None and asked not in known:
            raise refused("ROUND-UNKNOWN", number=number, found=asked, known=", ".join(known))
    names = tuple(known)
    if old is None and len(names) < 2:  # noqa: PLR2004 - it takes two
        raise refused("ROUND-ONE", number=number)
    first, last = (old, new or names[-1]) if old is not None else names[-2:]
    return (first, known[first]), (last, known[last])


def _pair(session: WorkSession, number: str, old: str | None, new: str | None) -> tuple[str, str]:
    known = session.library.revisions(number)
    if old is not None:
        return old, new or known[-1]
    if len(known) < 2:  # noqa: PLR2004 - it takes two
        raise refused("NOTHING-TO-COMPARE", number=number)
    newest = session.effects.newest(number)
    is_open = newest is not None and newest.document.revision != known[-1]
    before = begins_with(session, number).document.revision if is_open else known[-2]
    return before, known[-1]


def _print(
    context: Context,
    changes: Sequence[FactChange],
    shown: Sequence[Paragraph],
    pictures: Sequence[PictureChange],
    *,
    title: str,
) -> None:
    out = context.output
    out.line(title, "bold")
    for change in changes:
        key = field_word(change.key, context.language)
        _print_change(context, Text(f"{key}：", f"{key}: "), change.before, change.after)
    for one in shown:
        out.line()
        out.raw("".join(_spelled(context, piece) for piece in one.pieces))
    if pictures:
        out.line()
    for picture in pictures:
        before, after = (_digits(digest) for digest in (picture.before, picture.after))
        _print_change(context, _picture_text(picture), before, after)
    if not changes and not shown and not pictures:
        out.line(context.text(Text("两者文本相同", "the two texts are the same")))


def _print_change(context: Context, name: Text, before: str | None, after: str | None) -> None:
    sides = ((Mark.REMOVED, before), (Mark.ADDED, after))
    pieces = (Piece(mark, text) for mark, text in sides if text is not None)
    told = " ".join(_spelled(context, piece) for piece in pieces)
    context.output.raw(visible(context.text(name)) + told)


def _picture_text(picture: PictureChange) -> Text:
    path = picture.path
    if picture.before is None:
        return Text(f"图片增加 {path}：", f"picture added, {path}: ")
    if picture.after is None:
        return Text(f"图片去掉 {path}：", f"picture removed, {path}: ")
    return Text(f"图片改动 {path}：", f"picture changed, {path}: ")


def _digits(digest: str | None) -> str | None:
    """The first digits of a digest: who compares two pictures needs no more."""
    return None if digest is None else digest.rpartition(":")[2][:_DIGITS]


def _spelled(context: Context, piece: Piece) -> str:
    text = visible(piece.text)
    if piece.mark is Mark.SAME:
        return text
    if context.output.colour:
        return context.output.styled(text, _COLOURS[piece.mark])
    before, after = _BRACKETS[piece.mark]
    return f"{before}{text}{after}"


def _json(paragraph: Paragraph) -> list[dict[str, str]]:
    return [{"mark": piece.mark.value, "text": piece.text} for piece in paragraph.pieces]
