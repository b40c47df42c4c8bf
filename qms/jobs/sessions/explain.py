"""What exactly was signed, for those who want to check it with stock tools."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from qms.domain.library.filed_texts import text_meant
from qms.formats.slots import Notice
from qms.formats.sshsig import armour, signing_key
from qms.jobs.sessions.work_session import WorkSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One signature: where it stands, its exact message, and who is to have made it."""

    path: str
    field: str
    id: str
    message: str
    armoured: str
    signer: str
    """A line of ssh-keygen's file of allowed signers."""

    def as_json(self) -> dict[str, str]:
        """The same as a JSON object."""
        return asdict(self)


def explained(session: WorkSession, number: str) -> Iterator[Explained]:
    """Each signature in the released revisions of a number, or in texts of a plugin's kind.

    Raises `Refused` NUMBER-UNKNOWN.
    """
    meant = text_meant(session.library, number)
    entries = (
        session.register.released(session.library.number_meant(number))
        if meant is None
        else session.register.texts(meant.kind.name, meant.text.number)
    )
    for entry in entries:
        for index, slot in enumerate(entry.value.slots):
            if isinstance(slot, Notice):
                continue
            key = signing_key(slot.signature)
            yield Explained(
                path=entry.path,
                field=f"approvals.{index}",
                id=slot.id,
                message=slot.message().decode().rstrip("\n"),
                armoured=armour(slot.signature).rstrip("\n"),
                signer=f'{slot.person} namespaces="{slot.namespace}" {key.text}',
            )
