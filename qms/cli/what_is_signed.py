"""What you see is what you sign: said before anybody signs a text that goes round."""

from typing import Final

from qms.cli.asking import can_ask, refuse_unless_agreed
from qms.cli.shown import paper_facts
from qms.cli.words import field_word
from qms.domain.kinds.document import Document
from qms.domain.kinds.empty_body import says_nothing
from qms.domain.library.differences import body_differences, head_differences
from qms.jobs.documents.drafts import working
from qms.jobs.documents.revising import begins_with
from qms.jobs.documents.round_texts import last_seen
from qms.jobs.sessions.work_session import WorkSession

_SHOWN_PARAGRAPHS: Final = 8


def say_what_is_signed(session: WorkSession, number: str, *, yes: bool) -> None:
    """The text, its digest, and what differs from what whoever signs it saw last.

    That is the text that they signed in an earlier round, else the newest that has effect.
    """
    document = working(session, number).document
    session.say(
        f"签署 {number} {document.revision}《{document.title}》 {document.content}",
        f"Signing {number} {document.revision} “{document.title}” {document.content}",
    )
    say_empty(session, document, yes=yes)
    for name, value in paper_facts(document.legacy, session.language):
        session.say(f"  {name.zh}：{value}", f"  {name.en}: {value}")
    mine = last_seen(session, document)
    if mine is not None:
        zh = f"您在第 {mine.number} 轮所签文本"
        en = f"the text that you signed in round {mine.number}"
        _say_changes(session, mine.document, document, zh, en, f"--rounds {mine.number}")
        return
    if session.effects.newest(number) is not None:
        old = begins_with(session, number).document
        _say_changes(session, old, document, old.revision, old.revision, "")


def say_empty(session: WorkSession, document: Document, *, yes: bool) -> None:
    """Tell whoever signs that there is nothing in it: headings alone, or 无 under each.

    Who sits at a terminal is asked whether that is meant, but for `yes`.
    """
    if says_nothing(document.body):
        session.say(
            f"注意：{document.number} {document.revision} 没有正文（只有标题和“无”）。",
            f"Note: {document.number} {document.revision} says nothing (headings and None alone).",
        )
        if can_ask() and not (yes or session.dry_run):
            refuse_unless_agreed(session, "仍要签署？", "Sign it all the same?")


def _say_changes(  # noqa: PLR0913, PLR0917 - two texts, and what each is called
    session: WorkSession, old: Document, new: Document, zh: str, en: str, option: str
) -> None:
    changed = [one for one in body_differences(old.body, new.body) if one.is_changed]
    keys = [change.key for change in head_differences(old, new)]
    named = "、".join(field_word(key, "zh") for key in keys)
    heads = (f"{named}不同；", f"{', '.join(keys)} differ; ") if keys else ("", "")
    all_of_it = " ".join(one for one in ("qms diff", new.number, option) if one)
    count = f"{len(changed)} paragraph{'' if len(changed) == 1 else 's'}"
    zh = zh if option else f" {zh} "
    session.say(
        f"与{zh}相比：{heads[0]}正文改动 {len(changed)} 处（全部：{all_of_it}）",
        f"Against {en}: {heads[1]}{count} changed (all: {all_of_it})",
    )
    for paragraph in changed[:_SHOWN_PARAGRAPHS]:
        session.say(f"  {paragraph.plain().strip()}", f"  {paragraph.plain().strip()}")
