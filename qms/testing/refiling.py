"""Filing once more, alone, what several people signed: the bytes are public."""

from datetime import datetime
from typing import Any, Final

from qms.domain.kinds.reading import parsed_document
from qms.domain.register.policies import AGREE, FILE
from qms.formats import cut, slots
from qms.formats.paths import policy_folder, released_path
from qms.formats.slots import Notice
from qms.testing.keys import SigningKey
from qms.testing.repo import DocsRepo

_TRIES: Final = 5000


def refile_policy(  # noqa: PLR0913 - whose filing, and what it says
    repo: DocsRepo,
    version: int,
    person: str,
    by: SigningKey,
    *,
    seen: str | None = None,
    at: datetime | None = None,
    grind: bool = True,
) -> str:
    """One keeper files a version again, with the agreements of others; gives the commit.

    `grind` looks for an id that is smaller than that of the true filing.
    """
    folder = policy_folder(version)
    data = repo.read(f"{folder}/policy.yaml")
    listed = slots.parse_tail(cut.cut_yaml(data).tail).slots
    true = next(slot for slot in slots.statements_in(listed) if slot.act == FILE)
    kept = [slot for slot in listed if slot.act == AGREE]
    made = true
    for turn in range(_TRIES):
        blank = Notice(FILE, "2", true.role or "", person)
        when = true.at if at is None else at.isoformat(timespec="seconds")
        made = repo.sign_slot(
            blank, true.subject, true.content, base=true.base,
            after=true.after, by=by, policy=true.policy, meaning=f"filed {turn}",
            name=repo.company.person(person).name, seen=seen or true.seen, at=when,
        )  # fmt: skip
        if not grind or made.id < true.id:
            break
    tail = slots.render_tail(slots.Tail("signed", slots.in_order([*kept, made])))
    place = policy_folder(version, made.id.partition(":")[2][:16])
    repo.write(f"{place}/policy.yaml", cut.with_tail(data, tail))
    for name in ("people.yaml", "qms.yaml"):
        repo.write(f"{place}/{name}", repo.read(f"{folder}/{name}"))
    return repo.commit(f"File policy {version} once more")


def refile_text(repo: DocsRepo, data: bytes, person: str, seen: str, **changed: Any) -> str:
    """A publisher alone files a released text again, with the signatures of others."""
    document = parsed_document(data)
    last = max(document.signed(), key=lambda slot: int(slot.step))
    made = repo.sign_slot(
        Notice(last.act, last.step, last.role or "", person), document.subject,
        document.content, base=last.base, after=last.after, data=dict(last.data), seen=seen,
        **changed,
    )  # fmt: skip
    kept = [slot for slot in document.slots if slot is not last]
    tail = slots.render_tail(slots.Tail("published", slots.in_order([*kept, made])))
    mark = made.id.partition(":")[2][:16]
    path = released_path(document.class_id, document.number, document.revision, mark)
    repo.write(path, cut.with_tail(data, tail))
    return repo.commit("File a text once more")
