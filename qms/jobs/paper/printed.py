"""What lies in an output folder already, and what of it may be taken for true.

Two witnesses are heard. This machine's own cache: these very bytes were made here of these very
inputs. And, for what a run doesn't touch, a manifest that holds: what the same key signed before,
by the same tool, may stay listed as long as the register still says so, and what any publisher's
key signed may be taken out once it is no longer true. A manifest that merely lies there says
nothing. Of what is still true nothing is taken out, though it couldn't be printed or listed today.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final, NamedTuple

from qms.domain.kinds.press import read_manifest
from qms.findings import QmsError, Refused
from qms.formats.print_manifest import BEGINS, MOST_BYTES, PrintedFile, PrintManifest
from qms.formats.print_names import has_form, twin_key
from qms.jobs.paper.planned import Print
from qms.jobs.paper.print_inputs import Inputs
from qms.jobs.sessions.work_session import WorkSession
from qms.storage.out_folder import OutFolder, out_fault
from qms.storage.own_cache import OwnCache

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = f"{MANIFEST}.sig"
_SIGNATURE_BYTES: Final = 64 * 1024


class Others(NamedTuple):
    """PDFs in the folder that a run doesn't list: those that it took out, those that it left."""

    removed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


class Printed:
    """An output folder, and what this machine knows of its files."""

    def __init__(
        self, session: WorkSession, out: OutFolder, cache: OwnCache, inputs: Inputs
    ) -> None:
        self.out, self.cache, self.inputs = out, cache, inputs
        self._session = session

    def refuse_anothers(self) -> None:
        """Raises `QmsError` OUT-FOLDER where some other program's manifest lies there."""
        data = self.out.read(MANIFEST, MOST_BYTES)
        if data and not data.startswith(BEGINS):
            raise out_fault(self.out.place / MANIFEST, "it is not of qms publish")

    def row(self, one: Print, digest: str, pages: int) -> PrintedFile:
        """What the manifest says of a file."""
        document = one.request.document
        return PrintedFile(
            file=one.name,
            digest=digest,
            class_id=document.class_id,
            number=document.number,
            revision=document.revision,
            content=document.content,
            mark=one.mark.kind,
            copy=one.mark.copy or None,
            statement=one.statement,
            pages=pages,
        )

    def current(self, one: Print) -> PrintedFile | None:
        """The file that is there, if this machine made these bytes of the same inputs."""
        told = self.cache.get("file", self.inputs.stamped(one))
        if told is None:
            return None
        digest, _, pages = told.decode("ascii").partition(" ")
        if self.out.digest(one.name) != digest:
            return None
        self._is_own(digest)  # asked for, so that it stays known as long as the file does
        return self.row(one, digest, int(pages))

    def note(self, prints: Iterable[tuple[Print, PrintedFile]]) -> None:
        """Remember what was made."""
        for one, row in prints:
            told = f"{row.digest} {row.pages}".encode("ascii")
            self.cache.put("file", self.inputs.stamped(one), told)
            self.cache.put("made", row.digest.partition(":")[2], self._repo.encode())

    def others(
        self, prints: Iterable[Print], rows: Mapping[str, PrintedFile]
    ) -> dict[str, PrintedFile]:
        """Of `prints` those that are there and may stay listed beside `rows`."""
        taken = {twin_key(name) for name in rows}
        found: dict[str, PrintedFile] = {}
        for one in prints:
            row = None if twin_key(one.name) in taken else self.current(one) or self._signed(one)
            if row is not None:
                found[one.name] = row
        return found

    def _signed(self, one: Print) -> PrintedFile | None:
        """What my own key signed of this file before, if it is whole and still true.

        Never of a draft, whose signatures no row tells, or where each page is to say more.
        """
        manifest = self._manifest
        if manifest is None or manifest.key != self._my_key:
            return None
        if one.statement is None or one.mark.as_of:
            return None
        if (manifest.tool, manifest.plugins) != (self.inputs.tool, self.inputs.plugins):
            return None
        row = next((row for row in manifest.files if row.file == one.name), None)
        if row is None or self.row(one, row.digest, row.pages) != row:
            return None
        return row if self.out.digest(one.name) == row.digest else None

    def remove_others(self, rows: Mapping[str, PrintedFile], true: Iterable[str]) -> Others:
        """Take out what was printed before and is no longer true: old copies, drafts.

        Only what this machine made of this repo, or a manifest lists that holds; and nothing that
        bears a name which is `true`, whether it is among the `rows` or not.
        """
        listed = () if self._manifest is None else self._manifest.files
        signed = {(row.file, row.digest) for row in listed}
        digests = {twin_key(name): row.digest for name, row in rows.items()}
        kept = {*digests, *map(twin_key, true)}
        removed: list[str] = []
        left: list[str] = []
        for name in self.out.names():
            if name in rows or not name.lower().endswith(".pdf"):
                continue
            digest = self.out.digest(name) if has_form(name) else None
            twin = twin_key(name)
            if digest is not None and digest == digests.get(twin):
                continue  # the listed file itself, under the name that it had here before
            is_known = digest is not None and (self._is_own(digest) or (name, digest) in signed)
            if is_known and twin not in kept:
                self.out.remove(name)
                removed.append(name)
            else:
                left.append(name)
        return Others(tuple(removed), tuple(left))

    def _is_own(self, digest: str) -> bool:
        return self.cache.get("made", digest.partition(":")[2]) == self._repo.encode()

    @property
    def _repo(self) -> str:
        return self._session.register.repo_id or ""

    @cached_property
    def _my_key(self) -> str | None:
        try:
            return self._session.my_key[1].fingerprint
        except QmsError:
            return None

    @cached_property
    def _manifest(self) -> PrintManifest | None:
        """The manifest that lies there, if it holds: of this repo, by a key that may sign now."""
        data = self.out.read(MANIFEST, MOST_BYTES)
        armoured = self.out.read(SIGNATURE, _SIGNATURE_BYTES)
        if data is None or armoured is None:
            return None
        try:
            return read_manifest(
                data,
                armoured.decode("ascii", "replace"),
                repo=self._repo,
                policy=self._session.policy,
            )
        except Refused:
            return None
