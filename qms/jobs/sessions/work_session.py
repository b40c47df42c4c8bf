"""One call of a command on one repo: who I am, the policy in force, and the one way to write.

Every writing command ends here: its statements are signed in one call, verified at once, judged
with all else it is about to write, and left as one commit of only its own paths.
"""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from qms.domain.kinds.held_copy import HeldCopy
from qms.domain.kinds.numbering import Numbering, VersionScheme
from qms.domain.kinds.policy import Key, Person, Policy
from qms.domain.library.effect import Effects
from qms.domain.library.library import Library
from qms.domain.register.events import department_fault
from qms.domain.register.register import PolicyEntry, Register
from qms.domain.register.times import BEHIND, Times
from qms.findings import Finding, Level, Place, Reason, Refused, refused
from qms.formats import caps
from qms.formats.digests import spelled_git_id
from qms.formats.slots import Statement, Wording, check_statement
from qms.formats.sshsig import PublicKey
from qms.jobs.dangers.trunk_names import trunk_of
from qms.jobs.judging.checker import Checker
from qms.plugins import Hooks
from qms.session import Drafted, NewDraft, NewEvent, Written
from qms.storage import clock
from qms.storage.repository import Repository
from qms.storage.trees import CommitTree

if TYPE_CHECKING:
    from qms.jobs.sessions.intents import Intent, Unsigned
    from qms.jobs.sessions.signing import Lay

KEPT_POLICY = "qms.policy"
"""The git setting that holds the side of a policy fork that somebody keeps to."""


@dataclass(eq=False)
class WorkSession:
    """A session on the user's own work repo. See `qms.session.Session`."""

    repository: Repository
    hooks: Hooks
    now: datetime
    language: str
    checker: Checker
    key: Path | None = None
    dry_run: bool = False
    has_written: bool = False
    remembers: bool = False
    """Whether what this machine found out before may be taken again: only to show it."""
    speak: Callable[[str], None] = print
    before_writing: Callable[["WorkSession"], None] = lambda _session: None
    """What a command that writes does first: finish what a killed one left, and end there."""
    show: Callable[[Sequence[tuple[str, str]], Sequence[Sequence[str]]], None] = (
        lambda _titles, _rows: None
    )

    @property
    def today(self) -> date:
        """The organisation's day of `now`, wherever this machine stands."""
        return self.policy.day(self.now)

    @cached_property
    def _tip(self) -> str | None:
        """HEAD's commit, asked for once: all that is decided is decided on one state."""
        return self.repository.head()

    @property
    def tips(self) -> tuple[str, ...]:
        """The commit that all is asked of; none while the branch is unborn."""
        return () if self._tip is None else (self._tip,)

    @property
    def head(self) -> str:
        """HEAD's commit. Raises `Refused` HEAD-UNBORN."""
        if self._tip is None:
            self.repository.refuse_orphan()
            raise refused("HEAD-UNBORN", branch=self.repository.branch() or "HEAD")
        return self._tip

    @cached_property
    def tree(self) -> CommitTree:
        """The files at HEAD; none while the branch is unborn."""
        return self.repository.empty_tree() if self._tip is None else (
            self.repository.tree(self._tip)
        )  # fmt: skip

    @cached_property
    def register(self) -> Register:
        """What was validly recorded up to HEAD; fetched as it is asked for."""
        return self.checker.register_at(self.head)

    @property
    def policy_entry(self) -> PolicyEntry:
        """The policy in force, as it was signed; of an undecided fork the side that is kept to."""
        entry = self.kept_side or (self.effects.policy if self._tip is not None else None)
        if entry is None:
            self.repository.refuse_orphan()
            raise Refused(Finding("NO-POLICY", Place("policy")))
        return entry

    @cached_property
    def kept_side(self) -> PolicyEntry | None:
        """The side of an undecided fork that I keep to (`qms policy keep`), if there is one."""
        if self._tip is None or not self.effects.policies.rivals:
            return None
        kept = self.repository.config(KEPT_POLICY)
        return next((one for one in self.effects.policies.rivals if one.content == kept), None)

    def refuse_fork(self) -> None:
        """Refuse to sign while nothing decides under which policy. Raises POLICY-FORK."""
        if self.kept_side is None:
            for finding in self.effects.policies.findings(self.register):
                if finding.reason is Reason.UNDECIDED:
                    raise Refused(finding)

    @property
    def policy(self) -> Policy:
        """The policy in force. Raises `Refused` NO-POLICY before the first is filed."""
        return self.policy_entry.policy

    @cached_property
    def my_key(self) -> tuple[Path, PublicKey]:
        """My private key's file and its public half."""
        from qms.storage import signer  # noqa: PLC0415 - not for who only reads

        path = signer.find_key(self.repository, self.key)
        return path, PublicKey.parse(signer.public_key_text(path))

    @property
    def me(self) -> Person:
        """Who holds my key in the policy. Raises `Refused` KEY-UNKNOWN."""
        return self.owner_of_key(self.policy)[0]

    def owner_of_key(self, policy: Policy) -> tuple[Person, Key]:
        """Who holds my key in `policy`. Raises `Refused` KEY-UNKNOWN, KEY-VOID."""
        path, public = self.my_key
        owner = policy.key_owner(public.fingerprint)
        values = {"key": public.fingerprint, "file": str(path), "policy": str(policy.version)}
        if owner is None:
            raise Refused(Finding("KEY-UNKNOWN", values=values))
        if owner[1].void:
            raise Refused(Finding("KEY-VOID", values=values | {"person": owner[0].id}))
        return owner

    @cached_property
    def effects(self) -> Effects:
        """What of the register has effect."""
        return Effects(self.checker.judge, self.register, self.now)

    @property
    def times(self) -> Times:
        """Who judges when something was signed."""
        return self.effects.times

    @cached_property
    def library(self) -> Library:
        """What there is today, with working texts as they lie in the work tree."""
        from qms.jobs.sessions.session_library import library_of  # noqa: PLC0415 - it looks at sessions

        return library_of(self)

    @cached_property
    def work_tree(self) -> CommitTree:
        """The files as they lie in the work tree now."""
        return self.repository.work_tree() if self.repository.root is not None else self.tree

    def numbering(self, class_id: str) -> Numbering:
        """The numbering of a class."""
        return self.hooks.numbering(self.policy, class_id)

    def version_scheme(self, class_id: str) -> VersionScheme:
        """The version scheme of a class."""
        return self.hooks.version_scheme(self.policy, class_id)

    def say(self, zh: str, en: str) -> None:
        """Print a line for people."""
        self.speak(en if self.language == "en" else zh)

    def table(self, titles: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]]) -> None:
        """Print a table, or its rows as JSON."""
        self.show(titles, rows)

    # signing

    @property
    def trunk(self) -> str:
        """What the trunk is called that people work by."""
        return trunk_of(self.effects.policies.standing)

    def seen(self) -> str:
        """The newest commit of the shared trunk that this work stands on, as signed."""
        trunk = self.repository.trunk(self.trunk)
        found = None if trunk is None else self.repository.merge_base(self.head, trunk)
        if found is None:
            raise refused("TRUNK-UNRELATED", branch=self.trunk)
        return spelled_git_id(found)

    def sign(
        self, intents: "Sequence[Intent]", lay: "Lay", under: PolicyEntry | None = None
    ) -> tuple[Statement, ...]:
        """Sign statements with my key, in one call of ssh-keygen, and verify them at once.

        Under the policy in force, or another version that is handed in. `lay` gives the files that
        will hold them. Raises `Refused` POLICY-FORK, KEY-UNKNOWN, PASSPHRASE, CLOCK and what the
        signer raises; before anything is signed what keeps a statement from holding by itself
        (`check_statement`), COPY-HOLDER, and LIMIT where there is no room for it.
        """
        from qms.jobs.sessions.signing import say_days  # noqa: PLC0415 - not for who only reads

        if under is None:
            self.refuse_fork()
        entry = under or self.policy_entry
        person, _ = self.owner_of_key(entry.policy)
        seen = self.seen()
        language = entry.policy.organisation.language
        times = [one.at or self.time_of(one) for one in intents]
        say_days(self.say, self.policy, times)
        laid = [
            self._lay(one, person, language, at).worded(
                repo=self.register.repo_id or "", policy=entry.content, seen=seen
            )
            for one, at in zip(intents, times, strict=True)
        ]
        for slot in laid:  # nobody types a passphrase for what never holds
            check_statement(slot)
            fault = department_fault(slot, entry.policy)
            if fault is not None:
                raise Refused(fault)
        return self.signed(laid, lay)

    def time_of(self, one: "Intent") -> datetime:
        """The time that a statement will have: now, or up to ten minutes later if it must.

        It is not before what the statement names: what it comes after, its policy, its base.
        Whoever puts days into a statement takes them from here, once, or midnight may fall between
        the day and the signature. Raises `Refused` CLOCK.
        """
        named = [*one.not_before, self.policy_entry.filing]
        if one.base is not None and one.subject.number is not None:
            filings = self.register.filings(one.subject.number, one.base.content)
            named += [entry.filing for entry in filings if entry.filing.id in one.after]
        return self._not_before(named, one.subject.number)

    def _lay(self, one: "Intent", person: Person, language: str, at: datetime) -> "Unsigned":
        from qms.jobs.sessions.given_words import needed_reason  # noqa: PLC0415 - as below
        from qms.jobs.sessions.intents import Unsigned  # noqa: PLC0415 - not for who only reads

        if one.reason is not None:
            needed_reason(one.reason, one.act, person.id)
        return Unsigned(one, person, person.name.of(language), self.my_key[1], at)

    def lay_root(self, one: "Intent", person: Person, language: str, repo: str) -> Wording:
        """A statement on policy version 1: signed under itself, before anything was there."""
        at = self._not_before(one.not_before)
        return self._lay(one, person, language, at).worded(repo=repo, policy=None, seen=None)

    def _not_before(self, named: Iterable[Statement], number: str | None = None) -> datetime:
        annulled = frozenset[str]() if number is None else self.effects.annulled(number)
        counted = (slot for slot in named if slot.id not in annulled)
        last = max(counted, key=lambda one: one.time, default=None)
        if last is None:
            return self.now
        if last.time - self.now > BEHIND:
            raise refused("CLOCK", now=self.now.isoformat(), after=last.at,
                          person=last.person, act=last.act, number=number or "-")  # fmt: skip
        return max(self.now, last.time.astimezone(self.now.tzinfo))

    def refuse_other_clock(self) -> None:
        """Refuse to sign by a clock that was set for this call alone. Raises CLOCK-SET."""
        rehearsal = self.repository.own_switch(clock.REHEARSAL)
        clock.refuse_other_clock(self.now, rehearsal=rehearsal)

    def signed(self, laid: Sequence[Wording], lay: "Lay") -> tuple[Statement, ...]:
        """`laid` with signatures by my key, each verified as soon as it is made.

        Refused where nothing could be committed, or read any more: nobody types a passphrase for
        nothing.
        """
        from qms.jobs.sessions.signing import signed_by  # noqa: PLC0415 - not for who only reads
        from qms.jobs.sessions.writing import Beside  # noqa: PLC0415 - as above
        from qms.storage.workrepo import committing_branch  # noqa: PLC0415 - as above

        committing_branch(self.repository, allow_unborn=self._tip is None)
        self.refuse_other_clock()
        beside = Beside(self.repository, self.hooks.kinds, self.work_tree, self.tree)
        return signed_by(self.repository, *self.my_key, laid, lay, beside.refuse_overwriting)

    # writing

    def write(self, files: Mapping[str, bytes | None], message: str) -> Written:
        """Judge `files` and write them in one commit of only these paths.

        Raises `Refused` with the first error, before anything is written; what `commit_paths`
        raises.
        """
        from qms.jobs.sessions.signing import author  # noqa: PLC0415 - not for who only reads
        from qms.jobs.sessions.writing import Beside  # noqa: PLC0415 - as above
        from qms.storage.workrepo import Author, commit_paths, committing_branch  # noqa: PLC0415

        unborn = self._tip is None
        committing_branch(self.repository, allow_unborn=unborn)
        read = self.repository.work_tree() if unborn else self.work_tree
        caps.refuse_large(files)
        findings = self.unrefused(files)
        if self.dry_run:
            return Written("", tuple(files), findings)

        def judge_again() -> None:
            nonlocal findings
            self.forget()
            findings = self.unrefused(files)

        person = author(self.repository, lambda: self.me)
        commit = commit_paths(
            self.repository, files, message, Author(person[0], person[1], self.now),
            head=self._tip,
            seen=Beside(self.repository, self.hooks.kinds, read, self.tree).lying(files),
            allow_unborn=unborn, judge=judge_again,
        )  # fmt: skip
        self.forget()
        self.has_written = True
        return Written(commit, tuple(files), findings)

    def unrefused(self, files: Mapping[str, bytes | None]) -> tuple[Finding, ...]:
        """Warnings on HEAD with `files` in it. Raises `Refused` with the first error."""
        from qms.jobs.sessions.writing import Writing  # noqa: PLC0415 - not for who only reads

        writing = Writing(self.checker, self.tree, self._tip, files, self.now, self._refuses)
        findings = writing.findings()
        errors = writing.errors(findings)
        if errors:
            raise Refused(errors[0])
        return findings

    @contextmanager
    def writing(self) -> Generator[None, None, None]:
        """A span in which nobody else writes here, but for a dry run: for what isn't signed."""
        from qms.storage.workrepo import writing  # noqa: PLC0415 - only to write

        if self.dry_run:
            yield
            return
        with writing(self.repository):
            self.forget()
            yield
            self.forget()

    def _is_of_a_rival(self, finding: Finding) -> bool:
        """Whether only the side of a fork that I don't keep to takes what I sign for nothing.

        It is written all the same, since it is such statements that decide: else a side that
        voids everybody's keys could keep everybody from ever deciding against it.
        """
        return finding.reason is Reason.LATER_POLICY and self.kept_side is not None

    def _refuses(self, finding: Finding) -> bool:
        from qms.codes import CodeTable  # noqa: PLC0415 - read only when there is something to say

        level = CodeTable(self.hooks.code_files()).level(finding)
        return level is Level.ERROR and not self._is_of_a_rival(finding)

    def forget(self) -> None:
        """Read the repository anew: somebody, or this call, has written in it."""
        for name in ("_tip", "tree", "register", "effects", "work_tree", "kept_side", "library"):
            self.__dict__.pop(name, None)

    def forget_texts(self) -> None:
        """Read the work tree anew: this call has written a file of it that isn't committed."""
        for name in ("work_tree", "library"):
            self.__dict__.pop(name, None)

    # drafts, and events of lists

    def draft(self, asked: NewDraft) -> Drafted:
        """Begin a document: a draft in the work tree."""
        from qms.jobs.sessions.new_drafts import begun  # noqa: PLC0415 - not for who only reads

        self.before_writing(self)
        return begun(self, asked)

    def refuse_unmarkable(self, copies: Iterable[HeldCopy]) -> None:
        """Refuse copies that are about to be issued and whose mark could not be drawn."""
        from qms.jobs.sessions.copy_marks import refuse_unmarkable  # noqa: PLC0415 - only issuing needs it

        refuse_unmarkable(self, copies)

    def record_events(self, events: Sequence[NewEvent], message: str) -> Written:
        """Sign events with my key, judge them, and write them in one commit of their files."""
        from qms.jobs.sessions.lists import recorded  # noqa: PLC0415 - not for who only reads

        return recorded(self, events, message)
