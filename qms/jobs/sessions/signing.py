"""How a session signs: with which key, whether there is room, and as which author it commits."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from qms.domain.kinds.policy import Person, Policy
from qms.findings import Finding, QmsError, refused
from qms.formats import caps, sshsig
from qms.formats.leaks import leak_in
from qms.formats.slots import Statement, Wording
from qms.formats.sshsig import PublicKey
from qms.storage import signer
from qms.storage.repository import Repository

Lay = Callable[[Sequence[Statement]], Mapping[str, bytes | None]]
"""Gives the files that hold some slots: asked once before they are signed, once afterwards."""


def say_days(say: Callable[[str, str], None], policy: Policy, times: Sequence[datetime]) -> None:
    """Where the signer's own day is another than the organisation's, both are shown."""
    for own, day in sorted({(at.date(), policy.day(at)) for at in times}):
        if own != day:
            say(
                f"签署日期将按公司时区记为 {day}（本机日期 {own}）",
                f"To be signed as of {day}, by the organisation's zone (here it is {own})",
            )


def say_late(say: Callable[[str, str], None], now: datetime, late: Iterable[Finding]) -> None:
    """Tell of what is left out, that a clock which is behind is noticed."""
    for one in late:
        person, act, at = (one.values[name] for name in ("person", "act", "at"))
        here = f"{now:%Y-%m-%d %H:%M}"
        say(
            f"{person} 于 {at} 的签署按其时间没有效力（{one.code}），"
            f"本次签署不以其为据；本机时间为 {here}，请核对",
            f"{person} signed ({act}) at {at}, which has no effect by its time ({one.code}); "
            f"what you sign does not come after it. It is {here} here: is that right?",
        )


def signed_by(  # noqa: PLR0913, PLR0917 - who signs, what, and what for
    repository: Repository,
    key: Path,
    public: PublicKey,
    laid: Sequence[Wording],
    lay: Lay,
    refuse: Callable[[Iterable[str]], None],
) -> tuple[Statement, ...]:
    """`laid` with signatures by a key, made in one call, each verified as soon as it is made.

    Raises `Refused` before: LIMIT for what nobody could read any more once it is signed, SECRET for
    what everybody could, and what `refuse` raises of the paths; what `signer.sign` and
    `sshsig.verify` raise.
    """
    for slot in laid:
        leak = leak_in(slot.message().decode())
        if leak is not None:
            raise refused("SECRET", what=leak.what)
    room = "A" * (4 * len(public.blob) + 512)  # no signature by the key takes more
    files = lay([slot.with_signature(room) for slot in laid])
    caps.refuse_large(files)
    refuse(files)
    signatures = signer.sign(
        [(slot.namespace, slot.message()) for slot in laid],
        key,
        allow_unencrypted=repository.config("qms.allowUnencryptedKey") == "true",
        use_agent=repository.config("qms.useAgent") == "true",
        scratch=repository.git_dir,
    )
    done = tuple(s.with_signature(text) for s, text in zip(laid, signatures, strict=True))
    for slot, text in zip(done, signatures, strict=True):
        sshsig.verify(slot.message(), text, slot.namespace, public)
    return done


def author(repository: Repository, me: Callable[[], Person]) -> tuple[str, str]:
    """Name and address for git: the user's settings, else whom the policy knows by the key."""
    name, email = repository.config("user.name"), repository.config("user.email")
    if name and email:
        return name, email
    try:
        person = me()
    except QmsError:
        return "qms", "qms@qms.invalid"
    return name or person.name.of("en"), email or f"{person.id}@qms.invalid"
