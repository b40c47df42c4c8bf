"""Texts of plugins' own kinds, as `qms show`, `history` and `list` print them."""

from collections.abc import Sequence

from qms.cli.context import Context
from qms.cli.shown import person_name
from qms.cli.shown_slots import SIGNATURES, slot_json, slot_row
from qms.cli.words import act_word
from qms.domain.library.filed_texts import TextAt, proved, status_of, texts_at, waiting_of
from qms.domain.library.rejected_texts import binding_rejections
from qms.domain.library.status import STATUS_WORDS, Status
from qms.findings import refused
from qms.formats.slots import Statement
from qms.formats.strict_yaml import Value
from qms.texts import Text

_FILED = Text("已归档", "filed")
_TITLES = (
    ("number", Text("编号", "Number")),
    ("revision", Text("版本", "Edition")),
    ("kind", Text("种类", "Kind")),
    ("status", Text("状态", "Status")),
    ("filed", Text("归档日期", "Filed")),
    ("path", Text("文件", "File")),
)


def show_texts(context: Context, meant: TextAt, revision: str | None) -> None:
    """Print what is known of a text; with a revision, of that edition of its number.

    Raises `Refused` REVISION-UNKNOWN.
    """
    found = editions(context, meant, revision)
    if context.output.as_json:
        context.output.json({"revisions": [_json(context, one) for one in found]})
        return
    for at, one in enumerate(found):
        if at:
            context.output.line()
        _print(context, one)


def editions(context: Context, meant: TextAt, revision: str | None) -> tuple[TextAt, ...]:
    """The text that is meant, or those of its kind and number that bear a revision."""
    if revision is None:
        return (meant,)
    known = [
        one for one in texts_at(context.session.library, meant.text.number)
        if one.kind is meant.kind
    ]  # fmt: skip
    found = tuple(one for one in known if one.text.revision == revision)
    if not found:
        raise refused("REVISION-UNKNOWN", number=meant.text.number, revision=revision,
                      known=", ".join(one.text.revision for one in known) or "-")  # fmt: skip
    return found


def list_texts(context: Context, kind: str) -> None:
    """Print one row for each text of a kind. Raises `Refused` KIND-UNKNOWN."""
    library = context.looking_session.library
    kinds = library.effects.judge.answers.kinds
    if kind not in kinds.brought_texts:
        raise refused("KIND-UNKNOWN", kind=kind)
    found = sorted(
        (one for one in texts_at(library) if one.kind.name == kind),
        key=lambda one: (one.text.number, one.text.revision, one.path),
    )
    if context.output.as_json:
        context.output.json({"texts": [_json(context, one) for one in found]})
        return
    titles = [(key, title.of(context.language)) for key, title in _TITLES]
    rows = [
        (one.text.number, one.text.revision or "-", one.kind.name, _status(context, one),
         _filed_on(context, one) or "-", one.path)
        for one in found
    ]  # fmt: skip
    context.output.table(titles, rows)


def _status(context: Context, one: TextAt) -> str:
    found = status_of(context.session.library, one)
    word = _FILED if found is Status.IN_FORCE else STATUS_WORDS[found]
    return word.of(context.language)


def _filed_on(context: Context, one: TextAt) -> str | None:
    day = None if one.entry is None else context.session.register.day(one.entry.filing)
    return None if day is None else day.isoformat()


def _print(context: Context, meant: TextAt) -> None:
    out, language = context.output, context.language
    one = proved(context.session.library, meant)
    text = one.text
    out.line("  ".join(part for part in (text.number, text.revision, text.kind) if part), "bold")
    facts = [(key, _said(value)) for key, value in text.head.items() if key != "assets"]
    facts += [(Text("图", "Picture").of(language), asset.path) for asset in text.assets]
    facts.append((Text("状态", "Status").of(language), _status(context, one)))
    facts.append((Text("文件", "File").of(language), one.path))
    facts += [(Text("等待", "Waits for").of(language), said) for said in _waiting(context, one)]
    for name, value in facts:
        out.line(f"  {name}{Text('：', ': ').of(language)}{value}")
    slots = (*text.slots, *_refusals(context, one))
    if slots:
        out.line()
        titles = [(key, title.of(language)) for key, title in SIGNATURES]
        out.table(titles, [slot_row(context, slot) for slot in slots])


def _refusals(context: Context, one: TextAt) -> tuple[Statement, ...]:
    """The rejections that keep a filed text from effect: it lacks them."""
    if one.entry is None:
        return ()
    standing = context.session.library.effects.standing
    return tuple(reject.slot for reject in binding_rejections(standing, one.entry))


def _said(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        return ", ".join(map(_said, value))
    return ", ".join(f"{key} {_said(one)}" for key, one in value.items())


def _waiting(context: Context, one: TextAt) -> list[str]:
    session, language = context.session, context.language
    between = Text("、", ", ").of(language)
    nobody = Text("无人可签，见 qms check", "nobody can, see qms check").of(language)
    return [
        (between.join(person_name(session, person) for person in persons) or nobody)
        + Text("（{}）", " ({})").of(language).format(act_word(session.hooks, step.act, language))
        for step, persons in waiting_of(session.library, one)
    ]


def _json(context: Context, meant: TextAt) -> dict[str, object]:
    library = context.session.library
    one = proved(library, meant)
    return {
        "kind": one.kind.name,
        "number": one.text.number,
        "revision": one.text.revision,
        "class": one.text.class_id,
        "status": status_of(library, one).value,
        "status_word": _status(context, one),
        "filed": _filed_on(context, one),
        "head": dict(one.text.head),
        "path": one.path,
        "commit": "" if one.entry is None else one.entry.commit,
        "content": one.text.content,
        "waiting": [
            {"step": str(step.number), "act": step.act, "persons": list(persons)}
            for step, persons in waiting_of(library, one)
        ],
        "slots": [slot_json(context, slot) for slot in one.text.slots],
        "rejections": [slot_json(context, slot) for slot in _refusals(context, one)],
    }
