"""`qms publish`: from the register to PDFs and the manifest that lists them (DC-08, BX-02).

Rendered once per revision (and kept by all that goes in), stamped once per copy. Only what the
trunk holds is published, and only where its history verifies; a controlled copy only of a revision
that is in force or about to be. What lies in the output folder is believed of nobody: a file stays
there only if this machine made it, of these very inputs, and it is whole.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from qms import __version__
from qms.codes import CodeTable
from qms.domain.press import check_publisher
from qms.findings import Finding, Level, Place, Refused
from qms.formats import sshsig
from qms.formats.digests import sha256, spelled_git_id
from qms.formats.print_manifest import NAMESPACE, PrintedFile, PrintManifest
from qms.installed import TOOLS
from qms.jobs.print_inputs import Inputs
from qms.jobs.printed import MANIFEST, SIGNATURE, Printed
from qms.jobs.prints import Print, Wanted, newer_trunk, plan
from qms.jobs.rendering import render_all
from qms.jobs.session import WorkSession
from qms.jobs.verify import verify
from qms.plugins import Hooks
from qms.storage.out_folder import OutFolder
from qms.storage.own_cache import OwnCache
from qms.storage.signer import OpenKey

if TYPE_CHECKING:
    from qms.printing import RenderRequest

Progress = Callable[[int, int], None]
"""Told how many files are done, of how many."""

_BEGINS: Final = b'{"commit":'
"""How each manifest begins, whatever will stand in it."""


class Run(NamedTuple):
    """What a publishing run left. `made` of `files` are new; `faults` are of those it couldn't.

    Where `newer` is a commit, or something `unfit`, nothing was published: the trunk is known to
    have gone on to that commit, or what these findings say is wrong with what is to be printed.
    `foreign` are PDFs in the folder that are not of this run, and not this machine's to remove.
    """

    files: tuple[PrintedFile, ...] = ()
    made: frozenset[str] = frozenset()
    faults: tuple[Finding, ...] = ()
    foreign: tuple[str, ...] = ()
    newer: str | None = None
    unfit: tuple[Finding, ...] = ()


def publish(  # noqa: PLR0913 - what is printed, from where to where, and who watches
    session: WorkSession,
    wanted: Wanted,
    out: OutFolder,
    cache: OwnCache,
    *,
    signed: bool = True,
    progress: Progress | None = None,
) -> Run:
    """Make the PDFs of `wanted` in the folder `out`, and the manifest, which is laid there last.

    A document that can't be printed keeps nobody else's PDF back. The key is asked for before the
    first page is rendered; what ends badly leaves the folder as it was. Raises NOT-ON-TRUNK,
    OUT-FOLDER, PUBLISHER, what signing raises, and what printing lacks on this machine.
    """
    newer = newer_trunk(session)
    if newer is not None and not wanted.at:
        return Run(newer=newer)
    unfit = _unfit(session)
    if unfit:
        return Run(unfit=unfit)
    wanted = replace(wanted, at=newer is not None)
    tools = Hooks(session.policy.plugins, (TOOLS,))
    planned = plan(session, wanted, tools)
    unprintable = _unprintable(tools, planned.prints)
    prints = [one for one in planned.prints if one.request.path not in unprintable]
    inputs = Inputs(tools)
    printed = Printed(session, out, cache, inputs)
    with ExitStack() as stack:
        _ = inputs.toolchain
        stack.enter_context(out.begun())
        out.check_places((MANIFEST, SIGNATURE, *(one.name for one in prints)))
        key = stack.enter_context(_OwnKey(session)) if signed and not wanted.at else None
        press = _Press(session, tools, printed, progress or _silent)
        press.print(prints)
        faults = dict.fromkeys((*planned.faults, *_all(unprintable), *press.faults))
        rows = press.rows | printed.others(_others(session, wanted, tools), press.rows)
        if faults and not rows:
            return Run(faults=tuple(faults))
        message = _manifest(session, inputs, rows.values(), key).message()
        signature = None if key is None else key.sign(message)
        foreign = press.lay_out(rows, message, signature)
    files = tuple(press.rows[one.name] for one in prints if one.name in press.rows)
    return Run(files, frozenset(press.made), tuple(faults), foreign)


def _silent(_done: int, _all: int) -> None:
    """Nobody watches."""


def _unfit(session: WorkSession) -> tuple[Finding, ...]:
    """Why nothing may be published: what `verify` finds wrong, or can't judge, up to HEAD."""
    report = verify(session.repository, tip=session.head, now=session.now)
    codes = CodeTable(session.hooks.code_files())
    errors = [one for one in report.findings if codes.level(one) is Level.ERROR]
    return report.findings if errors or not report.complete else ()


def _unprintable(tools: Hooks, prints: Iterable[Print]) -> Mapping[str, tuple[Finding, ...]]:
    """All that could not be printed of each text, by its path, with the lines of `check`."""
    found: dict[str, tuple[Finding, ...]] = {}
    for request in {one.request.path: one.request for one in prints}.values():
        place = Place(request.path, line=request.line)
        faults = tools.printable(request.document, request.assets, place)
        if faults:
            found[request.path] = faults
    return found


def _all(found: Mapping[str, tuple[Finding, ...]]) -> Iterator[Finding]:
    for faults in found.values():
        yield from faults


def _others(session: WorkSession, wanted: Wanted, tools: Hooks) -> tuple[Print, ...]:
    """Where only some numbers are wanted: what of the others may stay in the folder."""
    if not wanted.numbers:
        return ()
    everything = replace(wanted, numbers=frozenset(), drafts=True, obsolete=True)
    prints = plan(session, everything, tools).prints
    return tuple(one for one in prints if one.request.document.number not in wanted.numbers)


def _manifest(
    session: WorkSession, inputs: Inputs, rows: Iterable[PrintedFile], key: "_OwnKey | None"
) -> PrintManifest:
    return PrintManifest(
        repo=session.register.repo_id or "",
        policy=session.policy_entry.content,
        commit=spelled_git_id(session.head),
        tool=f"qms {__version__}",
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
            self._open.wait(_BEGINS)
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
        except Refused as refused:
            self.faults.append(refused.finding.at(path=one.path))
            return
        self.rows[one.name] = self.printed.row(one, sha256(stamped.data), stamped.pages)
        self.printed.out.stage(len(self.made), stamped.data)
        self.made[one.name] = one

    def lay_out(
        self, rows: Mapping[str, PrintedFile], message: bytes, signature: str | None
    ) -> tuple[str, ...]:
        """Move all into place, the manifest last; gives what lies there and isn't ours."""
        out, at = self.printed.out, len(self.made)
        for place, name in enumerate(self.made):
            out.lay_out(place, name)
        foreign = self.printed.remove_others(rows)
        out.remove(SIGNATURE)
        for name, data in ((SIGNATURE, signature), (MANIFEST, message)):
            if data is not None:
                out.stage(at, data if isinstance(data, bytes) else sshsig.armour(data).encode())
                out.lay_out(at, name)
        self.printed.note((one, self.rows[name]) for name, one in self.made.items())
        return foreign
