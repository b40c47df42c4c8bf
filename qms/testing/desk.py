"""What there is in a docs repo that a test makes, and statements signed on it."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any, Final

from qms.domain.kinds.chain import Chain, ChainStep
from qms.domain.kinds.distinct_persons import Persons
from qms.domain.kinds.document import Document
from qms.domain.kinds.policy_files import PolicyFile, parse_policy
from qms.domain.kinds.reading import parsed_document
from qms.domain.register import next_slots as laying
from qms.domain.register.policies import AGREE, FILE
from qms.domain.register.revisions import chain_of
from qms.findings import Refused
from qms.formats import cut, slots
from qms.formats.canonical_json import Json
from qms.formats.digests import parse_time, sha256, spelled_git_id
from qms.formats.names import number_path
from qms.formats.paths import POLICY_FILES, document_path
from qms.formats.slots import Base, Notice, Slot, Statement, Subject, Wording
from qms.plugins import Hooks
from qms.testing.company import Company
from qms.testing.gitrepo import GitRepo
from qms.testing.keys import SigningKey, key

MEANINGS: Final = {
    "prepare": "prepared", "review": "reviewed", "co-sign": "co-signed", "approve": "approved",
    "publish": "published", "reject": "rejected", AGREE: "agreed", FILE: "filed",
    "issue": "issued", "receive": "received", "recall": "recalled", "return": "returned",
}  # fmt: skip


@dataclass(slots=True)
class Desk(GitRepo):
    """A git repository whose files are read as a docs repo's, and where people sign.

    `companies` are those whose files were written, by their bytes.
    """

    companies: dict[bytes, Company] = field(default_factory=dict[bytes, Company])
    hooks: Hooks = field(default_factory=lambda: Hooks(None))

    # what there is

    @property
    def company(self) -> Company:
        """The company as the newest commit's people.yaml and qms.yaml have it."""
        return self.companies[self.read("people.yaml") + self.read("qms.yaml")]

    @property
    def policy_file(self) -> PolicyFile:
        """The newest policy version that is filed, signed as it may be."""
        folder = max(path[:11] for path in self.files if path.startswith("policy/"))
        return self._filed(folder)

    @property
    def readable(self) -> PolicyFile:
        """The newest policy version that is filed and that this tool can read."""
        folders = sorted({path[:11] for path in self.files if path.startswith("policy/")})
        for folder in reversed(folders):
            with suppress(Refused):
                return self._filed(folder)
        raise AssertionError("no policy can be read")

    @property
    def repo_id(self) -> str:
        """What statements name as their repo."""
        return self._filed("policy/0001").content

    def _filed(self, folder: str) -> PolicyFile:
        return _policy(*(self.files[f"{folder}/{name}"].data for name in POLICY_FILES))

    @property
    def seen(self) -> str | None:
        """What somebody who signs now has seen: where the branch left the shared trunk."""
        trunk = self.history.branches.get("main")
        found = None if trunk is None else self.history.merge_base(self.tip, trunk)
        return None if found is None else spelled_git_id(found)

    def _name(self, person: str) -> str:
        return self.company.person(person).name

    def key_of(self, person: str) -> SigningKey:
        """The key a person signs with under the newest policy."""
        return self.key_under(self.company, person)

    def key_under(self, company: Company, person: str) -> SigningKey:
        """The key a person signs with in a company."""
        return key(company.signing_label(person))

    def working_path(self, number: str) -> str:
        """Where the working text of a number lies."""
        ending = f"/{number_path(number)}.md"
        path = next((path for path in self.below("documents") if path.endswith(ending)), None)
        return path or document_path(class_of(number), number)

    def document(self, number: str) -> Document:
        """The working text of a number."""
        return parsed_document(self.read(self.working_path(number)))

    def released(self, number: str) -> tuple[Document, ...]:
        """The released revisions of a number, by the time they were filed."""
        inside = f"/{number_path(number)}/"
        found = [
            parsed_document(file.data)
            for path, file in self.files.items()
            if path.startswith("released/") and inside in path and path.endswith(".md")
        ]
        return tuple(sorted(found, key=lambda one: one.statements[-1].time))

    def newest(self, number: str) -> Document | None:
        """The newest released revision of a number."""
        known = self.released(number)
        return known[-1] if known else None

    def asset_rows(self, *paths: str) -> str:
        """The value of a head's `assets` for these files, as they are now."""
        rows = (f'{{path: {path}, sha256: "{sha256(self.read(path))}"}}' for path in sorted(paths))
        return f"[{', '.join(rows)}]"

    def chain(self, document: Document) -> Chain:
        """The chain of a document, joined with that of its base where class or owner differ."""
        base = self.newest(document.number)
        return chain_of(self.hooks, document, self.policy_file.policy, base, self.day)

    def persons(self, document: Document) -> Persons:
        """Who may sign what of a document."""
        return Persons.under(self.policy_file.policy, self.chain(document))

    def is_at_last(self, document: Document) -> bool:
        """Whether a document waits for the last step of its chain."""
        rule = self.persons(document)
        return laying.waiting_for(rule, document)[0][0] == rule.chain.last

    def day(self, slot: Statement) -> date | None:
        """The day of a statement by the policy that it names."""
        for path in self.files:
            if path.startswith("policy/") and path.endswith("/policy.yaml"):
                filed = self._filed(path.removesuffix("/policy.yaml"))
                if slot.policy == filed.content and slot.at:
                    return filed.policy.day(parse_time(slot.at))
        return None

    # statements

    def sign_slot(  # noqa: PLR0913 - every field that a test may forge
        self,
        slot: Notice,
        subject: Subject,
        content: str,
        *,
        base: Base | None = None,
        after: Iterable[str] = (),
        round_number: int = 1,
        data: Mapping[str, Json] | None = None,
        reason: str | None = None,
        by: SigningKey | None = None,
        **changed: Any,
    ) -> Statement:
        """The statement that somebody who was asked makes here and now, signed.

        `changed` replaces any of its fields (at, repo, policy, seen …): for what is not honest.
        """
        person = slot.person
        used = by or self.key_of(person)
        is_born = bool(self.files)
        at = changed.pop("at", None) or self.tick().isoformat(timespec="seconds")
        wording = Wording(
            act=slot.act,
            step=slot.step,
            role=slot.role,
            person=person,
            at=at,
            repo=self.repo_id if is_born else "",
            subject=subject,
            content=content,
            base=base,
            round=round_number,
            name=self._name(person) if is_born and "name" not in changed else "",
            key=used.public.fingerprint,
            meaning=MEANINGS.get(slot.act, slot.act),
            reason=reason,
            policy=self.policy_file.content if is_born else None,
            seen=self.seen if is_born else None,
            after=tuple(sorted(after)),
            data=data or {},
        )
        return used.signed(replace(wording, **changed))

    def statement(
        self, document: Document, step: ChainStep, person: str, *, act: str = "", **changed: Any
    ) -> Statement:
        """A person's signed statement on a document at a step of its chain."""
        seat = step.seat(person)
        base = self.newest(document.number)
        return self.sign_slot(
            Notice(
                act or step.act, str(step.number), seat.role if seat is not None else None, person
            ),
            document.subject,
            document.content,
            base=None if base is None else Base(base.revision, base.content),
            after=laying.heads(document.slots) or (() if base is None else (last_act(base),)),
            round_number=max(document.round, 1),
            **changed,
        )

    def put_slots(self, number: str, listed: Iterable[Slot], status: str | None = None) -> bytes:
        """Write slots into a working text for the next commit; gives its bytes.

        `status` is what the slots give where it is not told.
        """
        path = self.working_path(number)
        document = self.document(number)
        laid = slots.in_order(listed)
        word = status or laying.echo(self.chain(document), laid)
        data = cut.with_tail(self.read(path), slots.render_tail(slots.Tail(word, laid)))
        self.write(path, data)
        return data


def last_act(document: Document) -> str:
    """The id of the statement that filed a released revision."""
    return max(document.signed(), key=lambda slot: int(slot.step)).id


@lru_cache(maxsize=256)
def _policy(manifest: bytes, people: bytes, settings: bytes) -> PolicyFile:
    return parse_policy(dict(zip(POLICY_FILES, (manifest, people, settings), strict=True)))


def class_of(number: str) -> str:
    """The class that the small company gives a number."""
    return "procedure" if number.startswith("LX-CX") else "instruction"
