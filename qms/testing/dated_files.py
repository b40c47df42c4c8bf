"""The files of the vectors that carry a day: four policy versions, each with another zone.

The zone stands in qms.yaml, which a version's manifest binds; a day can't be told without both.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from qms.formats.digests import sha256
from qms.formats.slots import Base
from qms.testing.signed_file import Keyring, SignedFile

ZONES: Final = (
    '"+08:00"',
    '"-12:00"',
    '"+14:00"',
    (
        '[{from: "2026-10-25T02:00:00+01:00", offset: "+01:00"}, '
        '{from: "2027-03-28T02:00:00+01:00", offset: "+02:00"}]'
    ),
)
"""The zones of versions 1 to 4."""

REFUSED: Final = {
    "minus-2359": '"-23:59"',
    "plus-1415": '"+14:15"',
    "minus-1215": '"-12:15"',
    "seven-minutes": '"+08:07"',
    "minus-zero": '"-00:00"',
    "z": '"Z"',
    "name": '"Asia/Shanghai"',
    "list-backwards": '[{from: "2027-03-28T02:00:00+01:00", offset: "+02:00"}, '
    '{from: "2026-10-25T02:00:00+01:00", offset: "+01:00"}]',
    "list-twice": '[{from: "2026-10-25T02:00:00+01:00", offset: "+01:00"}, '
    '{from: "2026-10-25T01:00:00+00:00", offset: "+02:00"}]',
    "list-offset": '[{from: "2026-10-25T02:00:00+01:00", offset: "+14:15"}]',
}
"""Zones that a policy is refused with."""

_TIMES: Final = {
    "company-before-midnight": (1, "2026-11-25T23:59:59+08:00", "2026-11-25"),
    "company-after-midnight": (1, "2026-11-26T00:00:01+08:00", "2026-11-26"),
    "written-elsewhere": (1, "2026-11-25T05:00:00-12:00", "2026-11-26"),
    "west-before-midnight": (2, "2026-11-25T23:59:59-12:00", "2026-11-25"),
    "west-after-midnight": (2, "2026-11-26T20:00:01+08:00", "2026-11-26"),
    "east-before-midnight": (3, "2026-11-25T17:59:59+08:00", "2026-11-25"),
    "east-after-midnight": (3, "2026-11-26T00:00:01+14:00", "2026-11-26"),
    "winter": (4, "2026-12-31T23:00:00+00:00", "2027-01-01"),
    "summer": (4, "2027-06-30T22:00:00+00:00", "2027-07-01"),
    "before-the-list": (4, "2026-10-24T22:59:59+00:00", "2026-10-24"),
}


class Dated(NamedTuple):
    """A signed slot of a file, and its day; ``-`` where the policy that it names isn't there."""

    name: str
    file: SignedFile
    slot: int
    day: str


class DatedFiles:
    """Policy versions with their zones, and statements under each of them."""

    def __init__(self, keys: Keyring) -> None:
        self._keys = keys
        self.policies: list[SignedFile] = []
        for zone in ZONES:
            self._file(zone)

    @property
    def parts(self) -> dict[str, bytes]:
        """All versions as parts of a vector: manifest and qms.yaml."""
        found: dict[str, bytes] = {}
        for version, policy in enumerate(self.policies, 1):
            found[f"policy-{version:04}"] = policy.data
            found[f"qms-{version:04}"] = qms_yaml(ZONES[version - 1])
        return found

    def dated(self) -> Iterator[Dated]:
        """Each case of a day."""
        for name, (version, at, day) in _TIMES.items():
            yield Dated(name, self._sheet(self.policies[version - 1].content, at), 0, day)
        unknown = self._sheet("sha256:" + "7" * 64, "2026-11-25T23:59:59+08:00")
        yield Dated("policy-unknown", unknown, 0, "-")
        # Version 1 goes by its own zone, every later one by that of the version before.
        yield Dated("version-1", self.policies[0], 1, "2026-11-24")
        yield Dated("version-2-by-the-zone-of-1", self.policies[1], 1, "2026-11-24")
        yield Dated("version-3-by-the-zone-of-2", self.policies[2], 1, "2026-11-23")

    def _file(self, zone: str) -> None:
        version = len(self.policies) + 1
        head = {"id": f'"{2:032x}"'} if version == 1 else {}
        head |= {
            "version": str(version),
            "rulebook": "1",
            "plugins": "[]",
            "quorum": "{role: management, need: 1}",
            "floors": "{min_signers: 2, self_approval: false}",
            "files": f'[{{path: qms.yaml, sha256: "{sha256(qms_yaml(zone))}"}}]',
        }
        path = f"policy/{version:04}/policy.yaml"
        before = self.policies[-1] if self.policies else None
        repo = self.policies[0].content if self.policies else ""
        file = SignedFile(self._keys, path, "policy", head, None, "signed", repo)
        base = None if before is None else Base(str(version - 1), before.content)
        named = () if before is None else (before.statements[-1].id,)
        cited = "" if before is None else before.content
        agreed = file.sign(
            "policy-agree", "1", "management", "zhao.liu", minute=0, base=base, policy=cited,
            after=named, at=f"2026-11-24T00:{version:02}:00+08:00",
        )  # fmt: skip
        file.sign(
            "policy-file", "2", "management", "zhao.liu", minute=0, base=base, policy=cited,
            after=[agreed.id], at=f"2026-11-24T00:{version:02}:30+08:00",
        )  # fmt: skip
        self.policies.append(file)

    def _sheet(self, policy: str, at: str) -> SignedFile:
        head = {
            "number": "LX-CX-2019-01", "title": "文件控制程序", "class": "procedure",
            "revision": "A/0", "controlled": "true", "owner": "quality",
            "prepared_by": "zhang.san", "summary": "首次发布",
        }  # fmt: skip
        path = "released/procedure/LX-CX-2019-01/A-0.md"
        repo = self.policies[0].content
        file = SignedFile(self._keys, path, "document", head, "# 目的\n", "approved", repo)
        file.sign("prepare", "1", "preparer", "zhang.san", minute=0, policy=policy, at=at)
        return file


def qms_yaml(zone: str) -> bytes:
    """qms.yaml of a company in this zone."""
    return (
        f"organisation:\n  name: {{zh: 凌霄, en: Lingxiao}}\n  timezone: {zone}\n"
        "classes:\n  - {id: procedure, name: {zh: 程序文件, en: Procedure}, level: 2}\n"
    ).encode()
