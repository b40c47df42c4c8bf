"""What every command of one call shares: options, language, printer, and the repo once asked for.

Nothing is read before a command asks: `qms --help` touches no repository. Commands that work in a
repository get the `Session` made here, plugins' commands the same one as the core's.
"""

import os
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from qms.cli.languages import by_locale
from qms.cli.output import Output
from qms.findings import Finding, Level, Place, QmsError, Reason, Refused
from qms.texts import EN, Text

if TYPE_CHECKING:
    from qms.codes import CodeTable
    from qms.domain.kinds.policy import Policy
    from qms.jobs.judging.admission import StandingPolicies
    from qms.jobs.sessions.work_session import WorkSession
    from qms.plugins import Hooks
    from qms.storage.repository import Repository


class Context:
    """One call. `folder` is where it was made; the repository is looked for from there up."""

    def __init__(self, output: Output, folder: Path, language: str | None = None) -> None:
        self.output = output
        self.folder = folder
        self.asked_language = language
        self.key: Path | None = None
        self.debug = False
        self.dry_run = False
        self.writes = False
        self.no_cache = False
        """Whether all is to be found out anew, also what this machine knows."""
        self.command_path = "qms"
        self.is_named = False
        """Whether somebody named `folder` (``-C``)."""
        self.takes_anybodys = False
        """Whether a repository of another user will do: for `verify`, which follows no setting."""
        self.founded_in: str | None = None
        """The language of a company that is being founded here, as its founders name it."""
        self._open: list[Repository] = []

    # language

    @property
    def quick_language(self) -> str:
        """The language without a look at the repository: for help and usage."""
        return self.asked_language or by_locale(os.environ) or EN

    @cached_property
    def language(self) -> str:
        """``zh`` or ``en``: as asked for, by locale, or the organisation's where that is C."""
        asked = self.asked_language or by_locale(os.environ)
        if asked is not None:
            return asked
        try:
            policy = self.standing_policy
        except (QmsError, OSError):
            return EN
        return self.founded_in or EN if policy is None else policy.organisation.language

    def text(self, text: Text) -> str:
        """A text in the language of this call."""
        return text.of(self.language)

    # the clock

    @cached_property
    def now(self) -> datetime:
        """The time of this call; one that isn't the system's is said. Raises CLOCK-FORM."""
        from qms.storage import clock  # noqa: PLC0415 - not for `--help`

        moment = clock.now()
        if clock.is_set():
            text = Text(
                f"注意：时间取自 QMS_NOW（{moment.isoformat()}），不是本机时钟",
                f"note: the time is that of QMS_NOW ({moment.isoformat()}), not of the system",
            )
            self.output.error(text.of(self.quick_language))
        return moment

    # the repository

    @cached_property
    def repository(self) -> "Repository":
        """The repository that `folder` lies in. Raises what `Repository.find` does."""
        from qms.storage.repository import Repository  # noqa: PLC0415 - not for `--help`

        found = Repository.find(self.folder, named=self.is_named, anybodys=self.takes_anybodys)
        self._open.append(found)
        return found

    @contextmanager
    def begun(self) -> Generator[None, None, None]:
        """A span in which `folder` lies in a repository: in one that is made now, if need be.

        What was made is taken back where the span ends badly. A dry run ends here, with 0.
        """
        from qms.jobs.policies.start import TRUNK  # noqa: PLC0415 - once in a repo's life
        from qms.storage.new_repository import begun  # noqa: PLC0415 - once in a repo's life

        if self._is_in_repository():
            yield
            return
        command = f"git init -b {TRUNK} {self.folder}"
        self.output.line(
            self.text(Text(f"此处还不是 git 仓库：{command}", f"No git repository yet: {command}"))
        )
        if self.dry_run:
            raise click.exceptions.Exit(0)
        with begun(self.folder, TRUNK):
            yield

    def _is_in_repository(self) -> bool:
        try:
            return bool(self.repository.git_dir)
        except QmsError as error:
            if error.finding.reason is Reason.NO_REPOSITORY:
                return False
            raise

    @property
    def standing_policy(self) -> "Policy | None":
        """The newest policy that stands at HEAD; None where there is none, or no repository.

        One that nobody signed decides nothing: not the trunk, not the language.
        """
        line = self.standing.line
        return line[-1].policy if line else None

    @property
    def standing(self) -> "StandingPolicies":
        """What the valid policies at HEAD admit, and whether they can be read."""
        found = self._standing
        if isinstance(found, QmsError):
            raise found
        return found

    @cached_property
    def _standing(self) -> "StandingPolicies | QmsError":
        """Asked once, also where nobody can tell: to find that out may have taken its time."""
        try:
            return self._asked_standing()
        except QmsError as error:
            return error

    def _asked_standing(self) -> "StandingPolicies":
        from qms.jobs.judging.admission import StandingPolicies, standing  # noqa: PLC0415 - not for `--help`

        try:
            tree = self.repository.head_tree()
        except QmsError as error:
            if error.finding.reason is Reason.NO_REPOSITORY:
                return StandingPolicies()
            raise
        return standing(self.repository, tree) if tree.folder("policy") else StandingPolicies()

    # plugins

    def stand_by(self, policies: "StandingPolicies") -> None:
        """Judge from here on by the plugins of policies that go on from those here."""
        for name in ("hooks", "tools", "codes", "session", "keepers_session"):
            vars(self).pop(name, None)
        self._standing = policies

    @cached_property
    def hooks(self) -> "Hooks":
        """The pure halves of the admitted plugins: all that judges."""
        from qms.plugins import Hooks  # noqa: PLC0415 - not for `--help`

        return Hooks.of(self.standing.admitted)

    @cached_property
    def tools(self) -> "Hooks":
        """Both halves of the admitted plugins."""
        from qms.installed import RULES, TOOLS  # noqa: PLC0415 - not for `--help`
        from qms.plugins import Hooks  # noqa: PLC0415 - as above

        return Hooks.of(self.standing.admitted, (RULES, TOOLS))

    @cached_property
    def codes(self) -> "CodeTable":
        """The sentences of all findings, the loaded plugins' too."""
        from qms.codes import CodeTable  # noqa: PLC0415 - read only when there is something to say

        try:
            return CodeTable(self._code_files(), self._published)
        except (ValueError, KeyError, OSError):
            return CodeTable()

    def _published(self) -> str | None:
        """The newest commit of the trunk that HEAD builds on; None where all is this clone's own.

        Where nobody can tell, too: then something else is wrong, and told. The newest policy may
        call the trunk what can be none, so that the one before it is asked.
        """
        line = [] if isinstance(self._standing, QmsError) else [*self._standing.line]
        for entry in reversed(line):
            with suppress(QmsError):
                return self._shared_with(entry.policy.trunk)
        return None

    def _shared_with(self, branch: str) -> str | None:
        trunk, head = self.repository.trunk(branch), self.repository.head()
        if trunk is None or self.repository.root is None or head is None:
            return trunk
        shared = self.repository.merge_base(head, trunk)
        return None if shared == head else shared

    def _code_files(self) -> Iterable[Path]:
        try:
            return self.tools.code_files()
        except QmsError:
            return ()

    # the session

    @cached_property
    def session(self) -> "WorkSession":
        """The session on the repository. Raises what opening the repository raises.

        `QmsError` TOOL-OLD, and where a plugin that judges is missing, broken or can't be asked.
        """
        from qms.jobs.judging.plugins_together import stopping  # noqa: PLC0415 - not for `--help`

        stops = stopping(self.hooks, self.standing)
        if stops is not None:
            raise QmsError(stops)
        self.hooks.is_showing = True
        return self._session_by(self.hooks)

    @cached_property
    def looking_session(self) -> "WorkSession":
        """The session of a command that only shows, and may be asked ten times an hour.

        git looks through the work tree meanwhile, as for `check`: a file is unchanged where the
        index has its time and size. What this machine found out before is taken again.
        """
        if self.repository.root is not None:
            self.repository.begin_work_tree(trusting=True)
        session = self.session
        session.remembers = not self.no_cache
        return session

    def session_on(self, number: str) -> "WorkSession":
        """The same of a command that shows one number: hardly anything else is looked at."""
        from qms.jobs.sessions.session_library import look_at  # noqa: PLC0415 - not for `--help`

        session = self.session
        return session if look_at(session, number) else self.looking_session

    @property
    def whole_session(self) -> "WorkSession":
        """The session of a command that writes or prints: from a clone that holds all it takes.

        Raises `QmsError` TRUNK-UNKNOWN, TRUNK-ABSENT, REMOTE-UNKNOWN besides.
        """
        session = self.session
        with suppress(Refused):  # no policy or nothing pushed yet: told where it matters
            session.repository.trunk(session.trunk)
        return session

    @cached_property
    def keepers_session(self) -> "WorkSession":
        """A session that needs no plugin: policies are signed also where one can't be asked."""
        from qms.jobs.judging.plugins_together import fitting  # noqa: PLC0415 - not for `--help`

        return self._session_by(fitting(self.repository, self.standing, self.hooks))

    @property
    def opened_session(self) -> "WorkSession | None":
        """The session that this call has opened; None where it needed none so far."""
        return vars(self).get("session") or vars(self).get("keepers_session")

    def _session_by(self, hooks: "Hooks") -> "WorkSession":
        """A session that judges by these. Raises `QmsError` TOOL-OLD, INCOMPLETE-CLONE."""
        from qms.jobs.judging.checker import Checker  # noqa: PLC0415 - not for `--help`
        from qms.jobs.sessions.leftovers import finish_first  # noqa: PLC0415 - as above
        from qms.jobs.sessions.work_session import WorkSession  # noqa: PLC0415 - not for `--help`

        self.repository.refuse_shallow()
        unread = self.standing.unread(hooks)
        if unread is not None:
            raise QmsError(unread)
        if not self.writes:
            self.name_unfinished()
            self.name_merge()
        return WorkSession(
            repository=self.repository,
            hooks=hooks,
            now=self.now,
            language=self.language,
            checker=Checker.of(self.repository, hooks),
            key=self.key,
            dry_run=self.dry_run,
            before_writing=finish_first,
            speak=self.output.line,
            show=self.output.table,
        )

    def name_unfinished(self) -> None:
        """Tell on stderr what killed commands left in this clone; a reading command does no more.

        Never where there is none of it: most often that is one look for a file.
        """
        if not os.path.lexists(self.repository.token_file):
            return
        from qms.storage.unfinished import told  # noqa: PLC0415 - not for `--help`

        for finding in told(self.repository):
            self._note(finding)

    def name_merge(self) -> None:
        """Tell on stderr that a merge waits to be ended: what it brings is shown nowhere yet.

        Not by the commands that end it.
        """
        if self.command_path not in _ENDING and self.repository.merge_heads():
            self._note(Finding("MERGE-WAITS"))

    def _note(self, finding: Finding) -> None:
        self.output.error(
            f"{finding.code}: {self.codes.sentence(finding, self.language)}\n"
            f"    {self.codes.mend(finding, self.language)}"
        )

    def unmixed(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings; of a file that git's merge mixed, that alone: one command mends it."""
        found = tuple(findings)
        if all(self.codes.level(one) is not Level.ERROR for one in found):
            return found
        from qms.jobs.exchange.merged import mixed_by_merge  # noqa: PLC0415 - only when something is wrong

        with suppress(QmsError):
            mixed = mixed_by_merge(self.session)
            told = (Finding("MERGE-MIXED", Place(one.place.path))
                    if one.place.path in mixed else one for one in found)  # fmt: skip
            return tuple({(one.code, one.place): one for one in told}.values()) if mixed else found
        return found

    def keep_facts(self) -> None:
        """Keep what a command that only shows has found out, for the next one."""
        session = self.__dict__.get("looking_session")
        library = None if session is None else session.__dict__.get("library")
        if library is not None:
            library.facts.keep(library)

    def close(self) -> None:
        """End git's reading processes."""
        while self._open:
            self._open.pop().close()


_ENDING: Final = ("qms fix", "qms sync")
"""The commands that end a merge."""

pass_context = click.make_pass_decorator(Context)
