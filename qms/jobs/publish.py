"""`qms publish`: from the register to PDFs and the manifest that lists them (DC-08, BX-02).

Rendered once per revision (and cached by all that goes in), stamped once per copy. Only what the
trunk holds is published; a controlled copy only of a revision that is in force or about to be.
"""

import json
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from qms import __version__
from qms.domain.policy import Policy
from qms.findings import Finding, Refused
from qms.formats.digests import sha256
from qms.formats.sshsig import armour
from qms.installed import TOOLS
from qms.jobs.prints import Print, Wanted, plan
from qms.jobs.rendering import render_all
from qms.jobs.session import WorkSession
from qms.plugins import Hooks
from qms.printing import RenderRequest, StampRequest
from qms.storage import signer
from qms.storage.files import write_file

MANIFEST = "manifest.json"
NAMESPACE = "qms-manifest-v1"


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
class Run:
    """What a publishing run left: its files, and why others could not be printed."""

    files: tuple[Published, ...]
    faults: tuple[Finding, ...]


def publish(
    session: WorkSession,
    wanted: Wanted,
    out: Path,
    *,
    signed: bool = True,
    executor: Executor | None = None,
) -> Run:
    """Make the PDFs of `wanted` in the folder `out`, with the manifest; what is there is kept.

    A file whose inputs have not changed is not made anew. A document that can't be printed keeps
    nobody else's PDF back. Raises what planning raises; the manifest is written last.
    """
    if signed:
        session.refuse_other_clock()
    tools = Hooks(session.policy.plugins, (TOOLS,))
    prints = plan(session, wanted, tools)
    known = _read_manifest(out)
    bases = _bases(session.policy, [p for p in prints if not _is_current(p, known, out)], executor)
    made = [_make(tools, one, known, out, bases) for one in prints]
    done = tuple(one for one in made if isinstance(one, Published))
    faults = dict.fromkeys(one for one in made if isinstance(one, Finding))
    kept = {row.file: row for row in known.values()} if wanted.numbers else {}
    rows = kept | {row.file: row for row in done}
    _remove_others(out, known, rows)
    _write_manifest(session, out, [rows[name] for name in sorted(rows)], signed=signed)
    return Run(done, tuple(faults))


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
        request.acts,
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
    policy: Policy, prints: Sequence[Print], executor: Executor | None
) -> dict[str, bytes | Finding]:
    """The base PDFs of these prints, rendered once per revision, from the cache where possible."""
    cache = _cache_folder()
    wanted = {_base_key(one.request): one.request for one in prints}
    found: dict[str, bytes | Finding] = {}
    for key in wanted:
        kept = cache / f"{key.partition(':')[2]}.pdf" if cache is not None else None
        if kept is not None and kept.is_file():
            found[key] = kept.read_bytes()
    missing = {key: request for key, request in wanted.items() if key not in found}
    for key, data in render_all(policy, missing, executor):
        found[key] = data
        if cache is not None and isinstance(data, bytes):
            write_file(cache / f"{key.partition(':')[2]}.pdf", data)
    return found


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
    bases: Mapping[str, bytes | Finding],
) -> Published | Finding:
    base = bases.get(_base_key(one.request))
    if base is None:
        return replace(known[one.name], made=False)
    if isinstance(base, Finding):
        return base
    try:
        data = tools.stamp(replace(one.mark, base=base))
    except Refused as refused:
        return refused.finding.at(path=one.request.path)
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
