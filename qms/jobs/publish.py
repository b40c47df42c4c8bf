"""`qms publish`: from the register to PDFs and the manifest that lists them (DC-08, BX-02).

Rendered once per revision (and cached by all that goes in), stamped once per copy. Only what the
trunk holds is published; a controlled copy only of a revision that is in force or about to be.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from qms import __version__
from qms.domain.document import DRAFT, PUBLISHED, Document
from qms.domain.entries import read_document
from qms.domain.policy import Names, Policy
from qms.domain.register import Register, Released
from qms.findings import Finding, Place, Refused, refused
from qms.formats.digests import parse_time, sha256
from qms.formats.paths import asset_path, encode_part, revision_part
from qms.formats.sshsig import armour
from qms.jobs.session import WorkSession
from qms.plugins import TOOLS, Hooks
from qms.printing import Amended, HeldCopy, RenderRequest, StampRequest
from qms.storage import signer
from qms.storage.files import write_file

MANIFEST = "manifest.json"
NAMESPACE = "qms-manifest-v1"
CODE_COMMIT = 20
"""Hex digits of the commit in a copy's code: 80 bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """One PDF to be made: which revision, which mark, under which name."""

    name: str
    request: RenderRequest
    mark: StampRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One file of the output folder, as the manifest lists it."""

    file: str
    sha256: str
    number: str
    revision: str
    kind: str
    copy: str
    inputs: str
    made: bool = True

    def row(self) -> dict[str, str]:
        """As it stands in the manifest."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "number": self.number,
            "revision": self.revision,
            "kind": self.kind,
            "copy": self.copy,
            "inputs": self.inputs,
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the library is wanted: some numbers (all where empty), drafts, obsolete ones."""

    numbers: frozenset[str] = frozenset()
    drafts: bool = False
    obsolete: bool = False

    def takes(self, number: str) -> bool:
        """Whether a number is among them."""
        return not self.numbers or number in self.numbers


def plan(session: WorkSession, wanted: Wanted, tools: Hooks) -> tuple[Print, ...]:
    """What is to be printed, in the order of numbers. Raises `Refused` NOT-ON-TRUNK.

    `tools` are the plugins that print and that know which copies are out.
    """
    _refuse_off_trunk(session)
    register = session.register
    held: dict[tuple[str, str], list[HeldCopy]] = {}
    for copy in tools.held_copies(register, session.policy):
        held.setdefault((copy.number, copy.revision), []).append(copy)
    prints: list[Print] = []
    for number in sorted(register.numbers()):
        if wanted.takes(number):
            prints.extend(_revisions(session, number, held, wanted))
    if wanted.drafts:
        prints.extend(_drafts(session, wanted))
    return tuple(prints)


def _refuse_off_trunk(session: WorkSession) -> None:
    trunk = session.repository.trunk(session.policy.trunk)
    if trunk is None or session.repository.merge_base(session.head, trunk) != session.head:
        raise refused("NOT-ON-TRUNK", branch=session.policy.trunk)


def _revisions(
    session: WorkSession,
    number: str,
    held: Mapping[tuple[str, str], Sequence[HeldCopy]],
    wanted: Wanted,
) -> Iterator[Print]:
    current = session.in_force(number)
    effective = session.effects.effective(number)
    for entry in effective:
        coming = entry.effective > session.today
        request = _request(session, entry)
        if entry is current or coming:
            yield _print(session, entry, request, "uncontrolled", None, coming=coming)
            if entry.document.controlled:
                for copy in held.get(entry.document.key, ()):
                    yield _print(session, entry, request, "controlled", copy, coming=coming)
        elif wanted.obsolete and current is not None:
            yield _obsolete(session, entry, request, _after(entry, effective) or current)


def _after(entry: Released, entries: Sequence[Released]) -> Released | None:
    place = entries.index(entry)
    return entries[place + 1] if place + 1 < len(entries) else None


def _print(  # noqa: PLR0913 - the facts of one print
    session: WorkSession,
    entry: Released,
    request: RenderRequest,
    kind: str,
    copy: HeldCopy | None,
    *,
    coming: bool,
) -> Print:
    document = entry.document
    mark = StampRequest(
        base=b"",
        kind=kind,
        number=request.display_number,
        revision=document.revision,
        printed_on=session.today,
        effective=entry.effective if coming else None,
    )
    if copy is not None:
        code = f"{document.number} {document.revision} {copy.copy} {session.head[:CODE_COMMIT]}"
        mark = replace(
            mark, copy=copy.copy, holder=copy.holder, department=copy.department, code=code
        )
    part = f"{kind}-{encode_part(copy.copy)}" if copy is not None else kind
    return Print(name=_name(document, part), request=request, mark=mark)


def _obsolete(
    session: WorkSession, entry: Released, request: RenderRequest, newer: Released
) -> Print:
    mark = StampRequest(
        base=b"",
        kind="obsolete",
        number=request.display_number,
        revision=entry.document.revision,
        printed_on=session.today,
        obsolete_from=newer.effective,
        replaced_by=newer.document.revision,
    )
    return Print(name=_name(entry.document, "obsolete"), request=request, mark=mark)


def _drafts(session: WorkSession, wanted: Wanted) -> Iterator[Print]:
    for path, entry in session.tree.files("documents"):
        document = read_document(session.tree, path, entry)
        if isinstance(document, Finding) or not wanted.takes(document.number):
            continue
        if document.status == PUBLISHED:
            continue
        assets = {a.path: session.tree.read(a.path) or b"" for a in document.assets}
        times = [parse_time(slot.at) for slot in document.slots if slot.at is not None]
        request = _render_request(
            session, document, session.policy, assets,
            created=max(times, default=session.now), path=path, published=None, effective=None,
        )  # fmt: skip
        kind = "draft" if document.status == DRAFT else "in-review"
        mark = StampRequest(
            base=b"",
            kind=kind,
            number=request.display_number,
            revision=document.revision,
            printed_on=session.today,
        )
        yield Print(name=_name(document, kind), request=request, mark=mark)


def _name(document: Document, part: str) -> str:
    number = "/".join(encode_part(one) for one in document.number.split("/")).replace("/", "+")
    return f"{document.class_id}/{number}_{revision_part(document.revision)}_{part}.pdf"


def _request(session: WorkSession, entry: Released) -> RenderRequest:
    document = entry.document
    assets: dict[str, bytes] = {}
    for asset in document.assets:
        data = session.tree.read(asset_path(asset.sha256))
        if data is None:
            raise Refused(Finding("ASSET-MISSING", Place(entry.path), {"asset": asset.path}))
        assets[asset.path] = data
    cited = session.register.policy(_policy_of(entry) or "")
    policy = session.policy if cited is None else cited.policy
    return _render_request(
        session, document, policy, assets,
        created=parse_time(entry.filing.at or ""), path=entry.path,
        published=entry.published, effective=entry.effective,
    )  # fmt: skip


def _policy_of(entry: Released) -> str | None:
    return entry.filing.signed.policy if entry.filing.signed is not None else None


def _render_request(  # noqa: PLR0913 - the facts of one revision
    session: WorkSession,
    document: Document,
    policy: Policy,
    assets: Mapping[str, bytes],
    *,
    created: datetime,
    path: str,
    published: date | None,
    effective: date | None,
) -> RenderRequest:
    scheme = session.version_scheme(document.class_id)
    language = document.head.get("language")
    return RenderRequest(
        document=document,
        policy=policy,
        language=language if language in ("zh", "en") else policy.organisation.language,
        display_number=session.numbering(document.class_id).display(
            document.number, document.revision
        ),
        revision_text=Names(
            scheme.display(document.revision, "zh"), scheme.display(document.revision, "en")
        ),
        amendments=amendments(session.register, document, policy),
        published=published,
        effective=effective,
        assets=assets,
        created=created,
        path=path,
    )


def amendments(register: Register, document: Document, policy: Policy) -> tuple[Amended, ...]:
    """The amendment record of a document up to this revision, from what was signed (DC-07)."""
    found: list[Amended] = []
    for entry in register.released(document.number):
        earlier = entry.document
        found.append(
            Amended(
                revision=earlier.revision,
                day=entry.published,
                summary=earlier.summary or "",
                prepared_by=_signers(earlier, ("prepare",)),
                approved_by=_signers(earlier, ("approve",)),
                change=earlier.change or "",
            )
        )
        if earlier.revision == document.revision:
            break
    del policy
    return tuple(found)


def _signers(document: Document, acts: Iterable[str]) -> str:
    names = [s.signed.name for s in document.signed() if s.act in acts and s.signed is not None]
    return "、".join(names)


def publish(
    session: WorkSession,
    wanted: Wanted,
    out: Path,
    *,
    signed: bool = True,
    executor: Executor | None = None,
) -> tuple[Published, ...]:
    """Make the PDFs of `wanted` in the folder `out`, with the manifest; what is there is kept.

    A file whose inputs have not changed is not made anew. Raises what planning and the printing
    plugins raise; the manifest is written last.
    """
    tools = Hooks(session.policy.plugins, (TOOLS,))
    prints = plan(session, wanted, tools)
    known = _read_manifest(out)
    bases = _bases(
        tools, session.policy, [p for p in prints if not _is_current(p, known, out)], executor
    )
    done = [_make(tools, one, known, out, bases) for one in prints]
    kept = {row.file: row for row in known.values()} if wanted.numbers else {}
    rows = kept | {row.file: row for row in done}
    _remove_others(out, known, rows)
    _write_manifest(session, out, [rows[name] for name in sorted(rows)], signed=signed)
    return tuple(done)


def _inputs(one: Print) -> str:
    """The digest of everything that a file is made of but the day of printing."""
    request = one.request
    values = (
        __version__,
        request.document.content,
        [slot.id for slot in request.document.slots if slot.signed is not None],
        sorted((path, sha256(data)) for path, data in request.assets.items()),
        request.policy.version,
        request.language,
        request.display_number,
        repr(request.amendments),
        str(request.published),
        str(request.effective),
        repr(replace(one.mark, base=b"", printed_on=date.min, code="")),
    )
    return sha256(json.dumps(values, ensure_ascii=False).encode())


def _base_key(request: RenderRequest) -> str:
    blank = Print(
        name="",
        request=request,
        mark=StampRequest(base=b"", kind="", number="", revision="", printed_on=date.min),
    )
    return _inputs(blank)


def _is_current(one: Print, known: Mapping[str, Published], out: Path) -> bool:
    row = known.get(one.name)
    if row is None or row.inputs != _inputs(one):
        return False
    path = out / one.name
    return path.is_file() and sha256(path.read_bytes()) == row.sha256


def _bases(
    tools: Hooks, policy: Policy, prints: Sequence[Print], executor: Executor | None
) -> dict[str, bytes]:
    """The base PDFs of these prints, rendered once per revision, from the cache where possible."""
    cache = _cache_folder()
    wanted = {_base_key(one.request): one.request for one in prints}
    found: dict[str, bytes] = {}
    for key in wanted:
        kept = cache / f"{key.partition(':')[2]}.pdf" if cache is not None else None
        if kept is not None and kept.is_file():
            found[key] = kept.read_bytes()
    missing = {key: request for key, request in wanted.items() if key not in found}
    for key, data in _render_all(tools, policy, missing, executor):
        found[key] = data
        if cache is not None:
            write_file(cache / f"{key.partition(':')[2]}.pdf", data)
    return found


def _render_all(
    tools: Hooks, policy: Policy, missing: Mapping[str, RenderRequest], executor: Executor | None
) -> Iterator[tuple[str, bytes]]:
    if executor is None and len(missing) > 1:
        with ProcessPoolExecutor(max_workers=min(len(missing), os.cpu_count() or 1)) as pool:
            yield from _render_all(tools, policy, missing, pool)
        return
    if executor is None:
        yield from ((key, tools.render(request)) for key, request in missing.items())
        return
    futures = {key: executor.submit(_render, policy, request) for key, request in missing.items()}
    for key, future in futures.items():
        yield key, future.result()


def _render(policy: Policy, request: RenderRequest) -> bytes:
    """Render in a process of its own: the plugins are loaded there, as the policy admits them."""
    return Hooks(policy.plugins, (TOOLS,)).render(request)


def _cache_folder() -> Path | None:
    base = os.environ.get("XDG_CACHE_HOME")
    home = os.environ.get("HOME")
    if not base and not home:
        return None
    return Path(base or f"{home}/.cache") / "qms" / "base"


def _make(
    tools: Hooks,
    one: Print,
    known: Mapping[str, Published],
    out: Path,
    bases: Mapping[str, bytes],
) -> Published:
    base = bases.get(_base_key(one.request))
    if base is None:
        return replace(known[one.name], made=False)
    data = tools.stamp(replace(one.mark, base=base))
    write_file(out / one.name, data)
    return Published(
        file=one.name,
        sha256=sha256(data),
        number=one.request.document.number,
        revision=one.request.document.revision,
        kind=one.mark.kind,
        copy=one.mark.copy,
        inputs=_inputs(one),
    )


def _read_manifest(out: Path) -> dict[str, Published]:
    try:
        read = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        return {row["file"]: Published(**row) for row in read["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _remove_others(
    out: Path, known: Mapping[str, Published], rows: Mapping[str, Published]
) -> None:
    """Files that an earlier run published and that are no longer true: old copies, drafts."""
    for name in known:
        if name not in rows:
            (out / name).unlink(missing_ok=True)


def _write_manifest(
    session: WorkSession, out: Path, rows: Sequence[Published], *, signed: bool
) -> None:
    content = {
        "commit": session.head,
        "made": session.now.isoformat(timespec="seconds"),
        "toolchain": f"qms {__version__}",
        "files": [row.row() for row in rows],
    }
    data = (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
    signature = out / f"{MANIFEST}.sig"
    if not signed:
        signature.unlink(missing_ok=True)
        write_file(out / MANIFEST, data)
        return
    path, _ = session.my_key
    unencrypted = session.repository.config("qms.allowUnencryptedKey") == "true"
    (made,) = signer.sign([(NAMESPACE, data)], path, allow_unencrypted=unencrypted)
    write_file(out / MANIFEST, data)
    write_file(signature, armour(made).encode())
