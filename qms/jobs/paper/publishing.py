"""`qms publish`: from the register to PDFs and the manifest that lists them (DC-08, BX-02).

Rendered once per revision (and kept by all that goes in), stamped once per copy. Only what the
trunk holds is published, and only where its history verifies; a controlled copy only of a revision
that is in force or about to be. What lies in the output folder is believed of nobody: a file stays
there only if this machine made it, of these very inputs, and it is whole.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from qms.codes import CodeTable
from qms.domain.kinds.kind import Law
from qms.domain.kinds.press import check_publisher
from qms.findings import Finding, Level, Place, QmsError, Reason
from qms.formats import sshsig
from qms.formats.digests import sha256, spelled_git_id
from qms.formats.print_manifest import BEGINS, NAMESPACE, PrintedFile, PrintManifest
from qms.installed import TOOLS
from qms.jobs.judging.verification import verify
from qms.jobs.paper.planned import Print, Wanted
from qms.jobs.paper.print_inputs import Inputs
from qms.jobs.paper.printed import MANIFEST, SIGNATURE, Others, Printed
from qms.jobs.paper.prints import newer_trunk, plan
from qms.jobs.paper.rendering import fault_of_document, render_all
from qms.jobs.sessions.work_session import WorkSession
from qms.plugins import Hooks
from qms.storage.out_folder import OutFolder
from qms.storage.own_cache import OwnCache
from qms.storage.signer import OpenKey

if TYPE_CHECKING:
    from qms.printing import RenderRequest

_CONTESTS: Final = frozenset((Reason.APART, Reason.UNDECIDED))
"""What two people did about one text, apart from each other, and nothing tells which stands."""

Progress = Callable[[int, int], None]
"""Told how many files are done, of how many."""


class Run(NamedTuple):
    """What a publishing run left. `made` of `files` are new; `faults` are of those it couldn't.

    Where `newer` is a commit, or something `unfit`, nothing was published: the trunk is known to
    have gone on to that commit, or what these findings say is wrong with what is to be printed.
    `others` are the PDFs in the folder that its manifest doesn't list.
    """

    files: tuple[PrintedFile, ...] = ()
    made: frozenset[str] = frozenset()
    faults: tuple[Finding, ...] = ()
    others: Others = Others()
    newer: str | None = None
    unfit: tuple[Finding, ...] = ()


class Outlook(NamedTuple):
    """What a run would print; nothing where `newer` or `unfit` tell, as in `Run`, why.

    `names` are those of all that is planned, also of what `faults` say can't be printed. Of numbers
    that are `contested` nothing is.
    """

    wanted: Wanted
    tools: Hooks
    prints: tuple[Print, ...] = ()
    names: tuple[str, ...] = ()
    faults: tuple[Finding, ...] = ()
    newer: str | None = None
    unfit: tuple[Finding, ...] = ()
    contested: frozenset[str] = frozenset()


def publish(  # noqa: PLR0913 - what is printed, from where to where, and who watches
    session: WorkSession,
    wanted: Wanted,
    out: OutFolder,
    cache: OwnCache,
    *,
    root: str | None = None,
    signed: bool = True,
    progress: Progress | None = None,
) -> Run:
    """Make the PDFs of `wanted` in the folder `out`, and the manifest, which is laid there last.

    A document that can't be printed, or that is contested, keeps nobody else's PDF back. The key is
    asked for before the first page is rendered; what ends badly leaves the folder as it was. The
    history is verified from `root`, as `verify` does and raises for it. Raises NOT-ON-TRUNK,
    OUT-FOLDER, PUBLISHER, what signing raises, and what printing lacks on this machine: a plugin
    that is missing or broken among it.
    """
    ahead = outlook(session, wanted, root)
    if ahead.newer is not None or ahead.unfit:
        return Run(newer=ahead.newer, unfit=ahead.unfit)
    session.refuse_other_clock()  # unsigned paper, too, says what is in force today
    inputs = Inputs(ahead.tools)
    printed = Printed(session, out, cache, inputs)
    with ExitStack() as stack:
        _ = inputs.toolchain
        stack.enter_context(out.begun())
        printed.refuse_anothers()
        out.check_places((MANIFEST, SIGNATURE, *(one.name for one in ahead.prints)))
        signed = signed and not ahead.wanted.at
        key = stack.enter_context(_OwnKey(session)) if signed else None
        press = _Press(session, ahead.tools, printed, progress or _silent)
        press.print(ahead.prints)
        faults = tuple(dict.fromkeys((*ahead.faults, *press.faults)))
        beside = _others(session, ahead)
        rows = press.rows | printed.others(beside, press.rows)
        if faults and not rows:
            return Run(faults=faults)
        message = _manifest(session, inputs, rows.values(), key).message()
        signature = None if key is None else key.sign(message)
        others = press.lay_out(message, signature, rows, (*ahead.names, *(b.name for b in beside)))
    files = tuple(press.rows[one.name] for one in ahead.prints if one.name in press.rows)
    return Run(files, frozenset(press.made), faults, others)


def outlook(session: WorkSession, wanted: Wanted, root: str | None = None) -> Outlook:
    """What `publish` would print. Writes nothing; raises NOT-ON-TRUNK, else as it."""
    tools = Hooks(session.policy.plugins, (TOOLS,))
    newer = newer_trunk(session)
    if newer is not None and not wanted.at:
        return Outlook(wanted, tools, newer=newer)
    order = _order(session, root)
    if order.unfit:
        return Outlook(wanted, tools, unfit=order.unfit)
    if tools.findings:
        raise QmsError(tools.findings[0])
    wanted = replace(wanted, at=newer is not None)
    planned = plan(session, wanted, tools)
    fit = order.undisputed(planned.prints)
    unprintable = _unprintable(tools, fit)
    prints = tuple(one for one in fit if one.request.path not in unprintable)
    contests = (one for number, ones in order.contests.items() if wanted.takes(number)
                for one in ones)  # fmt: skip
    faults = (*contests, *planned.faults, *chain.from_iterable(unprintable.values()))
    names = tuple(one.name for one in fit)
    return Outlook(wanted, tools, prints, names, faults, contested=frozenset(order.contests))


def _silent(_done: int, _all: int) -> None:
    """Nobody watches."""


class _Order(NamedTuple):
    """What is not in order: why nothing may be published, or which numbers may not.

    What two people did about one text, each as they might, is for its chain to decide. Till then
    nobody prints anything of that number, the revision before it neither: whether that is in force
    is what they differ about, and what else is wrong with it may be folded. All else is judged.
    """

    unfit: tuple[Finding, ...] = ()
    contests: Mapping[str, tuple[Finding, ...]] = MappingProxyType({})

    def undisputed(self, prints: Iterable[Print]) -> tuple[Print, ...]:
        """Those of numbers that nobody contests."""
        return tuple(one for one in prints if one.request.document.number not in self.contests)


def _order(session: WorkSession, root: str | None) -> _Order:
    """What `verify` finds wrong, or can't judge, up to HEAD."""
    report = verify(session.repository, root=root, tip=session.head, now=session.now)
    codes, kinds = CodeTable(session.hooks.code_files()), session.hooks.kinds
    contests: dict[str, tuple[Finding, ...]] = {}
    for one in report.findings:
        if codes.level(one) is not Level.ERROR:
            continue
        kind, number = kinds.of(one.place.path), kinds.at(one.place.path).number
        if one.reason not in _CONTESTS or kind is None or kind.law is not Law.FIXED:
            return _Order(report.findings)
        contests[number] = (*contests.get(number, ()), one)
    return _Order((), contests) if report.complete else _Order(report.findings)


def _unprintable(tools: Hooks, prints: Iterable[Print]) -> Mapping[str, tuple[Finding, ...]]:
    """All that could not be printed of each text, by its path, with the lines of `check`."""
    found: dict[str, tuple[Finding, ...]] = {}
    for request in {one.request.path: one.request for one in prints}.values():
        place, document = Place(request.path, line=request.line), request.document
        try:
            faults = tools.printable(
                document, request.assets, place, request.glyphs, document.extra
            )
        except QmsError as error:
            faults = (fault_of_document(error, request.path),)
        if faults:
            found[request.path] = faults
    return found


def _others(session: WorkSession, ahead: Outlook) -> tuple[Print, ...]:
    """Where only some numbers are wanted: what of the others may stay in the folder."""
    wanted = ahead.wanted
    if not wanted.numbers:
        return ()
    everything = replace(wanted, numbers=frozenset(), drafts=True, obsolete=True)
    prints = plan(session, everything, ahead.tools).prints
    left_out = wanted.numbers | ahead.contested
    return tuple(one for one in prints if one.request.document.number not in left_out)


def _manifest(
    session: WorkSession, inputs: Inputs, rows: Iterable[PrintedFile], key: "_OwnKey | None"
) -> PrintManifest:
    return PrintManifest(
        repo=session.register.repo_id or "",
        policy=session.policy_entry.content,
        commit=spelled_git_id(session.head),
        tool=inputs.tool,
        plugins=inputs.plugins,
        made=session.now.isoformat(timespec="seconds"),
        key=None if key is None else key.fingerprint,
        files=tuple(rows),
    )


class _OwnKey:
    """The key that signs the manifest, asked for before anybody waits for pages."""

    def __init__(self, session: WorkSession) -> None:
        path, self._public = session.my_key
        self._policy = session.policy
        self.fingerprint = self._public.fingerprint
        check_publisher(self._policy, self.fingerprint, None)
        repository = session.repository
        self._open = OpenKey(
            path,
            NAMESPACE,
            allow_unencrypted=repository.config("qms.allowUnencryptedKey") == "true",
            use_agent=repository.config("qms.useAgent") == "true",
        )

    def __enter__(self) -> Self:
        self._open.__enter__()
        try:
            self._open.wait(BEGINS)
        except BaseException:
            self._open.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._open.__exit__()

    def sign(self, message: bytes) -> str:
        """The signature, verified at once."""
        signature = self._open.sign(message)
        proved = sshsig.verify(message, signature, NAMESPACE, self._public)
        check_publisher(self._policy, self.fingerprint, proved)
        return signature


@dataclass
class _Press:
    """Prints what is not there yet; keeps it beside the folder until all is done."""

    session: WorkSession
    tools: Hooks
    printed: Printed
    progress: Progress
    rows: dict[str, PrintedFile] = field(default_factory=dict[str, PrintedFile])
    made: dict[str, Print] = field(default_factory=dict[str, Print])
    faults: list[Finding] = field(default_factory=list[Finding])

    def print(self, prints: Sequence[Print]) -> None:
        """Print all that this machine has not made before of the same inputs."""
        by_base: dict[str, list[Print]] = {}
        for one in prints:
            row = self.printed.current(one)
            if row is None:
                by_base.setdefault(self.printed.inputs.base(one), []).append(one)
            else:
                self.rows[one.name] = row
        done = len(self.rows)
        self.progress(done, len(prints))
        for key, base in self._bases(by_base):
            for one in by_base[key]:
                self._stamp(one, base)
            done += len(by_base[key])
            self.progress(done, len(prints))

    def _bases(
        self, by_base: Mapping[str, Sequence[Print]]
    ) -> Iterator[tuple[str, bytes | Finding]]:
        missing: dict[str, RenderRequest] = {}
        for key, prints in by_base.items():
            kept = self.printed.cache.get("base", key)
            if kept is None:
                missing[key] = prints[0].request
            else:
                yield key, kept
        for key, base in render_all(self.session.policy, missing):
            if isinstance(base, bytes):
                self.printed.cache.put("base", key, base)
            yield key, base

    def _stamp(self, one: Print, base: bytes | Finding) -> None:
        if isinstance(base, Finding):
            self.faults.append(base)
            return
        try:
            stamped = self.tools.stamp(replace(one.mark, base=base))
        except QmsError as error:
            self.faults.append(fault_of_document(error, one.path))
            return
        self.rows[one.name] = self.printed.row(one, sha256(stamped.data), stamped.pages)
        self.printed.out.stage(len(self.made), stamped.data)
        self.made[one.name] = one

    def lay_out(
        self,
        message: bytes,
        signature: str | None,
        rows: Mapping[str, PrintedFile],
        true: Iterable[str],
    ) -> Others:
        """Move all into place, the manifest last; see `Printed.remove_others`.

        All is written to the disk before the first file is moved: a full one changes nothing.
        """
        out = self.printed.out
        places = {name: place for place, name in enumerate(self.made)}
        armoured = None if signature is None else sshsig.armour(signature).encode()
        for name, data in ((SIGNATURE, armoured), (MANIFEST, message)):
            if data is not None:
                places[name] = len(places)
                out.stage(places[name], data)
        self.printed.note((one, self.rows[name]) for name, one in self.made.items())
        for name in self.made:
            out.lay_out(places[name], name)
        others = self.printed.remove_others(rows, true)
        out.remove(SIGNATURE)
        for name in (SIGNATURE, MANIFEST):
            if name in places:
                out.lay_out(places[name], name)
        return others
