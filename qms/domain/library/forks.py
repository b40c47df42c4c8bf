"""How it is said that several released revisions claim one place, and how people name them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from qms.domain.kinds.recorded import Released
from qms.domain.library.standing import Fork
from qms.domain.register.lineage import Revision
from qms.findings import Finding, Place, Reason


def fork_findings(fork: Fork) -> Iterator[Finding]:
    """One finding for what nothing decides; one for each branch that gave way."""
    stands = fork.stands
    if stands is None:
        last = max(fork.branches, key=lambda one: (one.name, one.filings[-1].filing.id))
        names = sorted({one.name for one in fork.branches})
        code = "CONTESTED" if len(names) < len(fork.branches) else "REVISION-FORK"
        values = {"other": ", ".join(one for one in names if one != last.name) or last.name}
        values["entries"] = named_entries(e for one in fork.branches for e in one.filings)
        yield replace(_contest(code, last, values), reason=Reason.UNDECIDED)
        return
    for branch, told in zip(fork.branches, fork.told, strict=True):
        if branch is not stands:
            other = named_entries(stands.filings[:1])
            yield _contest("DISPLACED", told, {"other": other})


def _contest(code: str, revision: Revision, more: Mapping[str, str]) -> Finding:
    entry = revision.filings[0]
    document = revision.document
    values = {"number": document.number, "revision": document.revision, "base": entry.base or "-"}
    values |= {"entry": entry.beside, **more}
    return Finding(code, Place(entry.path, commit=entry.commit), values, document.about)


def named_entries(entries: Iterable[Released]) -> str:
    """Entries as people name them to a command: ``A/1 0123456789abcdef``."""
    return ", ".join(f"{one.document.revision} {one.beside}" for one in entries)
