"""Reading the three files of a policy into one value, all their faults at once.

``policy.yaml`` is the manifest: it names the other files with their digests, and bears the
signatures. ``people.yaml`` says who there is; ``qms.yaml`` which classes of document there are.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from qms.domain.kinds.manifest import MANIFEST, Manifest
from qms.domain.kinds.policy import RULEBOOK, Organisation, Policy, tool_old
from qms.domain.kinds.policy_tables import PEOPLE, QMS, policy_of, stated
from qms.findings import Finding, Place, QmsError, Reason, Refused
from qms.formats import caps, cut, slots, strict_yaml
from qms.formats.comments import numbers_cut
from qms.formats.digests import sha256
from qms.formats.head import read_head
from qms.formats.merge_markers import conflict_in
from qms.formats.paths import POLICY_FILES
from qms.formats.schema import Row, read
from qms.formats.slots import Slot, statements_in
from qms.texts import Text

_VERSION: Final = re.compile(r"[1-9][0-9]{0,3}")


class PolicyFile(NamedTuple):
    """A policy with the digest that statements name, and its slots.

    `listed` are the digests that the manifest gives for files beside it, by path.
    """

    policy: Policy
    content: str
    status: str
    slots: tuple[Slot, ...]
    listed: Mapping[str, str]


def parse_policy(contents: Mapping[str, bytes]) -> PolicyFile:
    """The policy in the bytes of its three files, as it was filed.

    Raises `Refused` with the first of what is wrong: its place holds the file's name and field;
    POLICY-DIGEST where a file is not the one that the manifest lists. Files that this tool can't
    read are no fault of the version: its policy then says why it is `unread`.
    """
    manifest, told, faults = _manifest(contents["policy.yaml"])
    if manifest is None or told is None:
        raise Refused(faults[0])
    for name in POLICY_FILES[1:]:
        if len(contents[name]) > caps.POLICY_FILE and manifest.rulebook <= RULEBOOK:
            raise caps.over(name, len(contents[name]), caps.POLICY_FILE, Place(name))
        if manifest.listed.get(name) != sha256(contents[name]):
            values = {"name": name, "version": str(manifest.version)}
            raise Refused(Finding("POLICY-DIGEST", Place(name), values, "", Reason.NOT_AS_LISTED))
    if manifest.rulebook > RULEBOOK:
        return told.of(_unread(manifest, f"rulebook {manifest.rulebook}"))
    people, faults = _table(contents["people.yaml"], "people.yaml")
    settings, more = _table(contents["qms.yaml"], "qms.yaml")
    faults += more
    if people is None or settings is None:
        return told.of(_unread(manifest, _said(faults[0])))
    policy, faults = policy_of(manifest, people, settings)
    # A key of a type that this tool doesn't know may be one that a later one does.
    unknown = next((fault for fault in faults if fault.reason is Reason.UNKNOWN_KEY), None)
    if unknown is not None:
        return told.of(_unread(manifest, _said(unknown)))
    if faults:
        raise Refused(faults[0])
    return told.of(policy)


def read_policy_files(
    contents: Mapping[str, bytes],
) -> tuple[PolicyFile | None, tuple[Finding, ...]]:
    """The policy, or everything that is wrong with the form of its files.

    For one that is being worked on. Digests are not compared: it has none yet.
    """
    people, faults = _table(contents["people.yaml"], "people.yaml")
    settings, more = _table(contents["qms.yaml"], "qms.yaml")
    faults += more
    for name in POLICY_FILES[1:]:
        faults += [fault.at(path=name) for fault in numbers_cut(contents[name])]
    manifest, told, more = _manifest(contents["policy.yaml"])
    faults += more
    if manifest is not None:
        if manifest.rulebook > RULEBOOK:
            faults.append(tool_old(manifest.version, manifest.rulebook, "rulebook"))
        if people is not None and settings is not None and told is not None and not faults:
            policy, faults = policy_of(manifest, people, settings)
            if not faults:
                return told.of(policy), ()
    return None, tuple(faults)


class _Told(NamedTuple):
    """What a policy file says besides its policy."""

    content: str
    status: str
    slots: tuple[Slot, ...]
    listed: Mapping[str, str]

    def of(self, policy: Policy) -> PolicyFile:
        return PolicyFile(policy, *self)


def _manifest(data: bytes) -> tuple[Manifest | None, _Told | None, list[Finding]]:
    try:
        parts = cut.cut_yaml(data)
        head = read_head(parts)
        tail = slots.parse_tail(parts.tail, parts.tail_line)
    except Refused as error:
        fault = conflict_in(data) or error.finding
        return None, None, [fault.at(path="policy.yaml")]
    found = read(MANIFEST, head)
    if found.findings:
        return None, None, [finding.at(path="policy.yaml") for finding in found.findings]
    manifest = Manifest.of(found.value)
    return manifest, _Told(parts.content, tail.status, tail.slots, manifest.listed), []


def _said(fault: Finding) -> str:
    return f"{fault.place.path} {fault.place.field}: {fault.code}"


def _unread(manifest: Manifest, reason: str) -> Policy:
    nobody = Organisation(Text())
    return replace(stated(manifest, nobody, "main"), unread=reason)


def open_version(policy_yaml: bytes) -> int | None:
    """The version that the root's policy.yaml is, where it can be read at all."""
    try:
        head = read_head(cut.cut_yaml(policy_yaml))
    except QmsError:
        return None
    version = head.get("version")
    if isinstance(version, str) and _VERSION.fullmatch(version) is not None:
        return int(version)
    return None


class OpenFile(NamedTuple):
    """What the root's policy.yaml says of a version that is not filed yet."""

    version: int
    content: str
    slots: tuple[Slot, ...]
    listed: Mapping[str, str]


def open_file(policy_yaml: bytes) -> OpenFile | None:
    """The version that the root's policy.yaml is, or None where its form is none."""
    manifest, told, _ = _manifest(policy_yaml)
    if manifest is None or told is None:
        return None
    return OpenFile(manifest.version, told.content, told.slots, told.listed)


def base_of_open(policy_yaml: bytes) -> str | None:
    """The content of the version that the root's policy.yaml was signed to follow, if it was."""
    try:
        parts = cut.cut_yaml(policy_yaml)
        signed = slots.parse_tail(parts.tail, parts.tail_line).slots
    except QmsError:
        return None
    bases = (slot.base for slot in statements_in(signed))
    return next((base.content for base in bases if base is not None), None)


def _table(data: bytes, name: str) -> tuple[Row | None, list[Finding]]:
    wanted = PEOPLE if name == "people.yaml" else QMS
    try:
        cut.check_bytes(data)
        found = read(wanted, strict_yaml.load(data, caps.POLICY_FILE, name))
    except Refused as error:
        return None, [(conflict_in(data) or error.finding).at(path=name)]
    faults = [finding.at(path=name) for finding in found.findings]
    return (None if faults else found.value), faults
