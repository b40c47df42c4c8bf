"""What loses effect under the policy that is to be signed: told before anybody agrees to it."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple

from qms.domain.kinds.act import Act
from qms.domain.kinds.chain import Chain, ChainStep
from qms.domain.kinds.distinct_persons import Persons
from qms.domain.kinds.filed import FiledText, SignedText
from qms.domain.kinds.kind import Kind
from qms.domain.kinds.policy import Policy
from qms.domain.library.filed_texts import proved, texts_at
from qms.domain.library.open_chain import open_chain
from qms.domain.library.open_round import goes_round
from qms.domain.register.filings import chain_for
from qms.domain.register.register import PolicyEntry, Register
from qms.domain.register.revisions import signed_by_step
from qms.domain.register.statement_holds import Judge
from qms.findings import Refused
from qms.jobs.policies.said_lines import say_lines
from qms.jobs.sessions.work_session import WorkSession
from qms.texts import EN, ZH

_SHOWN: Final = 20


def say_losses(session: WorkSession, before: PolicyEntry, policy: Policy) -> None:
    """Tell what of texts that go round has to be signed again, and which classes are gone.

    What was released and what was signed in lists stays: its signers could not have seen this.
    """
    lines = [
        *_rounds(session, before.policy, policy),
        *_classes(session, before.policy, policy),
    ]
    if not lines:
        return
    session.say("按此策略不再有效的：", "What has no effect under this policy:")
    say_lines(session, lines, _SHOWN)


def _rounds(session: WorkSession, old: Policy, new: Policy) -> Iterator[tuple[str, str]]:
    """What a version changes about texts that go round, as it will be judged under it.

    What its signers had seen stands, also of who can't sign any more. What they had not seen is
    judged by its keys and roles; and its chains are those that the rest of each round follows.
    """
    seen = session.seen()
    for one in _going(session):
        lost = session.effects.lost_under(one.text, one.path, new, seen)
        found = _unseen(session, lost) if lost else _asked(session, one, old, new)
        yield from ((f"{one.name}：{zh}", f"{one.name}: {en}") for zh, en in found)


class _Going(NamedTuple):
    """A text that goes round, and the chain that each policy has for it; its first act begins it.

    `chain` raises `Refused` where nobody may sign.
    """

    name: str
    path: str
    text: SignedText
    chain: Callable[[Policy], Chain]


def _going(session: WorkSession) -> Iterator[_Going]:
    """The documents that go round, and the texts of plugins' own kinds."""
    judge, register = session.effects.judge, session.register
    for path, document in session.library.open_texts():
        if goes_round(document):
            chain = partial(open_chain, session.effects, document)
            yield _Going(" ".join(document.key), path, document, chain)
    for lying in texts_at(session.library):
        if lying.entry is None and lying.kind.rounds is not None:
            text = proved(session.library, lying).text
            if goes_round(text):
                chain = partial(_chain_of, judge, register, lying.kind, text)
                name = f"{text.number} {text.revision}".strip()
                yield _Going(name, lying.path, text, chain)


def _chain_of(
    judge: Judge, register: Register, kind: Kind, text: FiledText, policy: Policy
) -> Chain:
    return chain_for(judge, kind, text, policy, register)


def _unseen(session: WorkSession, lost: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for person in lost:
        zh, en = (session.policy.printed_name(person, language) for language in (ZH, EN))
        yield (
            f"{zh} 的签署尚未共享，此版不认（先 qms sync 再签署策略即保留；否则须退回并重新提交）",
            (
                f"the signature of {en} isn't shared, so this version doesn't take it (qms sync "
                "before you sign keeps it; else the text is to be rejected and submitted again)"
            ),
        )


def _asked(
    session: WorkSession, one: _Going, old: Policy, new: Policy
) -> Iterator[tuple[str, str]]:
    """Steps that are signed under the old chain, and aren't under the new one."""
    try:
        before = one.chain(old)
    except Refused:
        return  # nobody could go on with it before
    try:
        chain = one.chain(new)
    except Refused:
        yield "按此策略没有审批链", "has no chain under this policy"
        return
    slots = one.text.signed()
    waited = {(step.number, step.act) for step, _ in before.missing(signed_by_step(slots, before))}
    signed = signed_by_step(slots, chain)
    rule = Persons.under(new, chain, chain.steps[0].act)
    passed = max((int(step) for step in signed_by_step(slots)), default=0)
    for step, _ in chain.missing(signed):
        if step.number > passed or (step.number, step.act) in waited:
            continue
        whose = signed_by_step(slots).get(str(step.number), frozenset())
        yield _step(session, new, step, rule.asked(step, signed), sorted(whose))


def _step(
    session: WorkSession, new: Policy, step: ChainStep, asked: Sequence[str], whose: Sequence[str]
) -> tuple[str, str]:
    act = session.hooks.act(step.act) or Act(step.act, "", step.act)

    def names(persons: Sequence[str], language: str) -> str:
        between = "、" if language == ZH else ", "
        return between.join(new.printed_name(one, language) for one in persons)

    zh, en = names(asked, ZH), names(asked, EN)
    return (
        f"第 {step.number} 步（{act.called(ZH)}）"
        + (f"{names(whose, ZH)} 的签署不再计入，" if whose else "")
        + (f"须由 {zh} 签署" if asked else "无人可签：须退回并重新提交"),
        f"step {step.number} ({act.called(EN)}): "
        + (f"the signature of {names(whose, EN)} counts no more, " if whose else "")
        + (f"to be signed by {en}" if asked else "nobody can sign it: to be submitted again"),
    )


def _classes(session: WorkSession, old: Policy, new: Policy) -> Iterator[tuple[str, str]]:
    gone = {one: names.name for one, names in old.classes.items() if one not in new.classes}
    if not gone:
        return
    counts = dict.fromkeys(gone, 0)
    for number in session.register.numbers():
        entry = session.library.in_force(number, session.today)
        if entry is not None and entry.document.class_id in counts:
            counts[entry.document.class_id] += 1
    for one, found in counts.items():
        if found:
            yield (
                f"类别 {gone[one].of('zh')}（{one}）删除后，其 {found} 份现行文件不能再修订",
                f"class {gone[one].of('en')} ({one}): nobody can revise the {found} in force",
            )
