"""``policy.yaml``: the head of a policy version, whose schema is one for ever.

Whether a version is valid is told from this file alone: its signatures, the quorum of the version
before, the digests of the files beside it. So every version of the tool takes the same versions
for valid, also one whose people.yaml or qms.yaml it can't read: a tool that took such a version
for none would go on under the one before it, with the very keys that the new one voids. What comes
later goes below ``more``, and whoever gives it a meaning raises the rulebook.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from qms.domain.kinds.pins import PIN, PluginPin
from qms.domain.kinds.policy import CLOSED, FIDO, FILE, OPEN, Floors, Quorum
from qms.formats.schema import (
    Field,
    Row,
    anything,
    boolean,
    integer,
    list_of,
    mapping_of,
    one_of,
    record,
    text,
)

ID: Final = text(pattern=r"[a-z][a-z0-9.-]{0,63}", like="li.si")

_DAYS: Final = 36500

_ROOT_ID = Field("id", text(pattern=r"[0-9a-f]{32}", like="32 hex digits"), required=False)
_VERSION = Field("version", integer(1, 9999))
_RULEBOOK = Field("rulebook", integer(1, 9999))
_PLUGINS = Field("plugins", list_of(PIN))
_ROLE = Field("role", ID)
_NEED = Field("need", integer(1, 99))
_QUORUM = Field("quorum", record(_ROLE, _NEED).then(lambda row: Quorum(row[_ROLE], row[_NEED])))

# A floor that isn't named is at its strictest: what nobody thought of, nobody allowed.
_MIN_SIGNERS = Field("min_signers", integer(1, 99), default=2)
_SELF_APPROVAL = Field("self_approval", boolean(), default=False)
_ASSURANCE = Field("assurance", one_of(FILE, FIDO), default=FIDO)
_PAPER = Field("paper", boolean(), default=False)
_DELEGATION = Field("delegation_days", integer(0, _DAYS), default=0)
_EMERGENCY = Field("emergency_days", integer(0, _DAYS), default=0)
_TEMPORARY = Field("temporary_days", integer(0, _DAYS), default=0)
_LEGACY = Field("legacy", one_of(OPEN, CLOSED), default=CLOSED)


def _floors(row: Row) -> Floors:
    return Floors(
        min_signers=row[_MIN_SIGNERS],
        self_approval=row[_SELF_APPROVAL],
        assurance=row[_ASSURANCE],
        paper=row[_PAPER],
        delegation_days=row[_DELEGATION],
        emergency_days=row[_EMERGENCY],
        temporary_days=row[_TEMPORARY],
        legacy=row[_LEGACY],
    )


_FLOORS = Field(
    "floors",
    record(
        _MIN_SIGNERS, _SELF_APPROVAL, _ASSURANCE, _PAPER, _DELEGATION, _EMERGENCY, _TEMPORARY,
        _LEGACY,
    ).then(_floors),
)  # fmt: skip
_KEY = Field("key", text(max_length=4096, like="ssh-ed25519 AAAA…"))
_KEY_NAME = Field("name", text(max_length=200))
_PUBLISHERS = Field("publishers", list_of(record(_KEY, _KEY_NAME)), default=())
_PATH = Field("path", text())
_SHA256 = Field("sha256", text(pattern=r"sha256:[0-9a-f]{64}", like='"sha256:…"'))
_FILES = Field("files", list_of(record(_PATH, _SHA256)))
_MORE = Field("more", mapping_of(anything()), required=False)

MANIFEST: Final = record(
    _ROOT_ID, _VERSION, _RULEBOOK, _PLUGINS, _QUORUM, _FLOORS, _PUBLISHERS, _FILES, _MORE
)
"""The head of policy.yaml. No key is ever added here."""


class Manifest(NamedTuple):
    """What policy.yaml says. `publishers` are pairs of a key's text and its name."""

    version: int
    rulebook: int
    quorum: Quorum
    floors: Floors
    plugins: tuple[PluginPin, ...]
    publishers: tuple[tuple[str, str], ...]
    listed: Mapping[str, str]
    root_id: str | None = None

    @classmethod
    def of(cls, row: Row) -> "Manifest":
        """The manifest that a head gives, typed by `MANIFEST`."""
        return cls(
            version=row[_VERSION],
            rulebook=row[_RULEBOOK],
            quorum=row[_QUORUM],
            floors=row[_FLOORS],
            plugins=row[_PLUGINS],
            publishers=tuple((one[_KEY], one[_KEY_NAME]) for one in row[_PUBLISHERS]),
            listed={one[_PATH]: one[_SHA256] for one in row[_FILES]},
            root_id=row[_ROOT_ID],
        )


def sunk(floors: Floors, before: Floors) -> Iterator[str]:
    """The floors that a version lowers against the one before it."""
    if floors.min_signers < before.min_signers:
        yield "min_signers"
    for name, weaker in (
        ("self_approval", floors.self_approval > before.self_approval),
        ("assurance", (before.assurance, floors.assurance) == (FIDO, FILE)),
        ("paper", floors.paper > before.paper),
        ("delegation_days", floors.delegation_days > before.delegation_days),
        ("emergency_days", floors.emergency_days > before.emergency_days),
        ("temporary_days", floors.temporary_days > before.temporary_days),
        ("legacy", (before.legacy, floors.legacy) == (CLOSED, OPEN)),
    ):
        if weaker:
            yield name
